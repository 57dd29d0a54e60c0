//! What the rows of an export come from: versions, models, imported files and labels, with counts.
//!
//! An imported row counts for the version and the model that its file names, apart from those of the session: a version
//! of another session may have the same name and other words.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::file::ExportRow;
use super::shape::Part;
use crate::domain::{FlagKind, Import, Origin, RowView, VersionId};

/// What rows come from.
#[derive(Debug, Default)]
pub(super) struct Origins<'a> {
    /// The versions, in the order in which they were made, with their rows; behind them those that files name.
    pub versions: Vec<RowsOfVersion<'a>>,
    /// The models, by provider and name.
    pub models: Vec<RowsOfModel<'a>>,
    /// The files that rows were imported from, in the order of their imports.
    pub imported: Vec<RowsOfFile<'a>>,
    /// How many rows have each label.
    pub labels: BTreeMap<&'a str, u64>,
    /// How many were decided together with others.
    pub in_bulk: u64,
    /// How many are equal or nearly equal to real test rows.
    pub contaminated: u64,
}

/// A version that rows were made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowsOfVersion<'a> {
    /// The prompt's name.
    pub name: &'a str,
    /// The version's number, where it is known.
    pub number: Option<u32>,
    /// Its id; none for a version that only the file of an imported row names.
    pub id: Option<VersionId>,
    /// How many of the rows it made.
    pub rows: u64,
}

/// A model that wrote rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct RowsOfModel<'a> {
    /// The provider's name; none where the file of imported rows does not say.
    pub provider: Option<&'a str>,
    /// The model that was asked for, where the provider has models.
    pub model: Option<&'a str>,
    /// The models that answered, as servers name them.
    pub answered_by: BTreeSet<&'a str>,
    /// How many of the rows it wrote.
    pub rows: u64,
}

/// A file that rows were imported from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct RowsOfFile<'a> {
    /// Its name.
    pub file: &'a str,
    /// The format that it was read in.
    pub format: &'a str,
    /// The hash of its bytes.
    pub hash: &'a str,
    /// How many of the rows it brought.
    pub rows: u64,
}

type Models<'a> = BTreeMap<(Option<&'a str>, Option<&'a str>), RowsOfModel<'a>>;

impl<'a> Origins<'a> {
    /// Returns what rows come from.
    pub(super) fn of<'r>(rows: &'r [(ExportRow<'a>, Option<Part>)]) -> Self {
        let mut versions = BTreeMap::new();
        let mut named: BTreeMap<(&str, Option<u32>), u64> = BTreeMap::new();
        let mut files: BTreeMap<u32, (&Import, u64)> = BTreeMap::new();
        let mut models = Models::new();
        let mut origins = Self::default();
        for (row, _) in rows {
            *origins.labels.entry(row.label()).or_default() += 1;
            let ExportRow::Synthetic(row) = row else { continue };
            origins.in_bulk += u64::from(row.is_bulk());
            origins.contaminated += u64::from(row.has_flag(FlagKind::ContaminatesTest));
            if let Some(version) = row.version() {
                versions.entry(version.id).or_insert((version, 0)).1 += 1;
            }
            if let Some(import) = row.import() {
                files.entry(import.number).or_insert((import, 0)).1 += 1;
            }
            if let Some((prompt, origin)) =
                row.origin().and_then(|origin| Some((origin.prompt.as_deref()?, origin)))
            {
                *named.entry((prompt, origin.version)).or_default() += 1;
            }
            count_model(&mut models, row);
        }
        let mut versions: Vec<_> = versions.into_values().collect();
        versions.sort_by_key(|(version, _)| (version.created_at, version.number));
        use crate::domain::{FlagKind, Import, Origin, RowView, VersionId};
    }
}
