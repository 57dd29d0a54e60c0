//! The papers of an export: what was written, from what, and the command that writes it again.
//!
//! No moment is in it, so that the same export has the same papers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file::Export;
use super::origins::{Origins, RowsOfFile, RowsOfModel};
use crate::domain::ExportReport;

/// Says that a file or a folder is an export of this program.
const MADE_BY: &str = concat!("rowsmith ", env!("CARGO_PKG_VERSION"));

#[derive(Serialize)]
struct Manifest<'a> {
    made_by: &'static str,
    command: &'a str,
    session: &'a str,
    format: &'static str,
    rows: Rows<'a>,
    files: &'a [Listed],
    versions: Vec<OfVersion<'a>>,
    models: &'a [RowsOfModel<'a>],
    /// The files that rows were imported from.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    imported: &'a [RowsOfFile<'a>],
    /// The fingerprint of the dataset that the session was made of.
    dataset: Option<&'a str>,
    /// Sessions say none so far.
    licences: [&'a str; 0],
    /// What an evaluation found of the rows; nothing evaluates them so far.
    verdict: Value,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct Rows<'a> {
    accepted: u64,
    /// Rejected and skipped rows, in a format that takes them.
    #[serde(skip_serializing_if = "is_none")]
    rejected: u64,
    real: u64,
    /// Accepted rows that were left out because they contaminate the test rows.
    withheld: u64,
    by_label: &'a BTreeMap<&'a str, u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct OfVersion<'a> {
    name: &'a str,
    number: Option<u32>,
    /// Null where only the file of imported rows names the version.
    id: Option<String>,
    rows: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Listed {
    /// Its name, within the folder where the export is one.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The hash of its bytes, in hex.
    pub blake3: String,
    /// The rows in it, or what the format made of them, such as pairs; `None` for a file that holds none.
    pub rows: Option<u64>,
}

impl Listed {
    /// Returns an entry for complete bytes without rows.
    pub(super) fn of(name: impl Into<String>, bytes: &[u8]) -> Self {
        let blake3 = blake3::hash(bytes).to_hex().to_string();
        Self { name: name.into(), bytes: bytes.len() as u64, blake3, rows: None }
    }
}

/// Returns the manifest of an export.
pub(super) fn manifest(
    export: &Export<'_>,
    origins: &Origins<'_>,
    report: &ExportReport,
    files: &[Listed],
) -> io::Result<Vec<u8>> {
    let versions = origins.versions.iter().map(|version| OfVersion {
        name: version.name,
        number: version.number,
        id: version.id.map(|id| id.to_string()),
        rows: version.rows,
    });
    let manifest = Manifest {
        made_by: MADE_BY,
        command: export.command,
        session: &export.context.session.name,
        format: export.format.name(),
        rows: Rows {
            accepted: report.accepted,
            rejected: report.rejected,
            real: report.real,
            withheld: report.withheld,
            by_label: &origins.labels,
        },
        files,
        versions: versions.collect(),
        models: &origins.models,
        imported: &origins.imported,
        dataset: export.context.projection.split().map(|split| split.fingerprint.as_str()),
        licences: [],
        verdict: Value::Null,
        remarks: &report.remarks,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[derive(Deserialize)]
struct Read {
    made_by: String,
    files: Vec<ReadFile>,
}

#[derive(Deserialize)]
struct ReadFile {
    name: String,
}

/// Returns the names of the files that a manifest of this program lists; `None` where it is none.
pub(super) fn listed(manifest: &[u8]) -> Option<Vec<String>> {
    let read: Read = serde_json::from_slice(manifest).ok()?;
    read.made_by.starts_with("rowsmith ").then(|| read.files.into_iter().map(|file| file.name).collect())
}

/// Counts and hashes what is written through it.
pub(super) struct Tally<W> {
    out: W,
    bytes: u64,
    hasher: blake3::Hasher,
}

impl<W> Tally<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, bytes: 0, hasher: blake3::Hasher::new() }
    }

    /// Returns the entry of what was written.
    pub(super) fn listed(&self, name: impl Into<String>, rows: u64) -> Listed {
        let blake3 = self.hasher.finalize().to_hex().to_string();
        Listed { name: name.into(), bytes: self.bytes, blake3, rows: Some(rows) }
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
