//! An export to a dataset folder, as the Hugging Face Hub has them.
//!
//! ```text
//! OUT/README.md                             the card
//! OUT/data/train-00000-of-00001.parquet
//! OUT/data/test-00000-of-00001.parquet      where there is such a split
//! OUT/manifest.json                         what makes it known as an export
//! ```

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::card::{Card, features};
use super::error::ExportError;
use super::file::{Chosen, Export, ExportRow};
use super::manifest::{Listed, Tally, listed, manifest};
use super::origins::Origins;
use super::shape::Part;
use super::sheet::Sheet;
use crate::domain::{Existing, ExportReport};
use crate::files::{self, Links};
use crate::own_files::{self, Over};

const CARD: &str = "README.md";
const MANIFEST: &str = "manifest.json";
/// The longest manifest that is looked at before a folder is replaced.
const LONGEST: u64 = 64 << 20;

impl Export<'_> {
    /// Writes the folder beside its place, and puts it there once it is complete.
    pub(super) fn write_folder(
        &self,
        out: &Path,
        chosen: &Chosen<'_>,
        report: &mut ExportReport,
    ) -> Result<(), ExportError> {
        (self.spared)(out)?;
        let unwritable = |source: io::Error| ExportError::Unwritable { out: out.to_owned(), source };
        let about = |error| match error {
            ExportError::Broken(source) => unwritable(source),
            error => error,
        };
        if self.split.is_some() && !self.test.is_empty() {
            return Err(ExportError::Refused(
                "--split and the real test rows would both be the split `test`; ask for one of them."
                    .to_owned(),
            ));
        }
        let target = Target::of(out, self.existing)?;
        report.replaced = target.replaces;
        let parent = parent_of(&target.path);
        own_files::sweep(&parent);
        let temporary = own_files::temporary_folder(&parent).map_err(unwritable)?;
        let folder = temporary.path();
        let data = folder.join("data");
        fs::create_dir(&data)
            .and_then(|()| own_files::share(&data, own_files::FOLDER))
            .map_err(unwritable)?;

        let mut written = vec![];
        let mut done = 0;
        let total = (chosen.rows.len() + self.test.len()) as u64;
        for (part, rows) in self.splits(chosen) {
            let name = format!("data/{}-00000-of-00001.parquet", part.name());
            let file = self.write_split(folder, name, &rows, (done, total)).map_err(about)?;
            done += rows.len() as u64;
            written.push((part, file));
        }
        report.real += self.test.len() as u64;
        if written.len() > 1 {
            let counted = written.iter().filter_map(|(_, file)| Some((&file.name, file.rows?)));
            report.parts = counted.map(|(name, rows)| (out.join(name).display().to_string(), rows)).collect();
        }
        let origins = Origins::of(&chosen.rows);
        let card = Card { export: self, origins: &origins, report, splits: &written, name: &file_name(out) };
        let text = card.text();
        let mut all: Vec<Listed> = written.iter().map(|(_, file)| file.clone()).collect();
        all.insert(0, Listed::of(CARD, text.as_bytes()));
        let papers = manifest(self, &origins, report, &all).map_err(unwritable)?;
        for (name, bytes) in [(CARD, text.as_bytes()), (MANIFEST, &papers)] {
            place(&folder.join(name), bytes).map_err(unwritable)?;
        }
        own_files::share(folder, own_files::FOLDER).map_err(unwritable)?;
        self.stop.check()?;
        let over = if target.exists { Over::Same } else { Over::Nothing };
        own_files::put(temporary, &target.path, over).map(drop).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => ExportError::Exists { out: out.to_owned() },
            _ => unwritable(error),
        })
    }

    /// Returns the rows of each split.
    fn splits<'c>(&self, chosen: &'c Chosen<'c>) -> Vec<(Part, Vec<ExportRow<'c>>)>
    where
        Self: 'c,
    {
        let of = |part| chosen.rows.iter().filter(|row| row.1 == part).map(|row| row.0).collect::<Vec<_>>();
        if self.split.is_some() {
            return vec![(Part::Train, of(Some(Part::Train))), (Part::Test, of(Some(Part::Test)))];
        }
        let mut splits = vec![(Part::Train, of(None))];
        if !self.test.is_empty() {
            splits.push((Part::Test, self.test.to_vec()));
        }
        splits
    }

    fn write_split(
        &self,
        folder: &Path,
        name: String,
        rows: &[ExportRow<'_>],
        (before, total): (u64, u64),
    ) -> Result<Listed, ExportError> {
        let path = folder.join(&name);
        let file = File::create_new(&path)?;
        own_files::share(&path, own_files::FILE)?;
        let mut tally = Tally::new(&file);
        let features = features(&self.context).to_string();
        let sheet =
            Sheet::begin(&self.context, Some(features), BufWriter::with_capacity(1 << 16, &mut tally))?;
        self.write_sheet(sheet, (rows, |row| row), (before, total))?;
        file.sync_all()?;
        Ok(tally.listed(name, rows.len() as u64))
    }
}

/// Where a folder is put.
struct Target {
    path: PathBuf,
    /// Whether an export is there already.
    replaces: bool,
    /// Whether anything is there.
    exists: bool,
}

impl Target {
    /// Returns the place of a folder; what is there already has to be empty, or an export of this program that may be
    /// replaced.
    fn of(out: &Path, existing: Existing) -> Result<Self, ExportError> {
        let refused = |said: &str| Err(ExportError::Refused(format!("`{}` {said}", out.display())));
        let path = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        let parent = parent_of(&path);
        if !parent.is_dir() {
            return Err(ExportError::NoFolder { out: out.to_owned(), folder: parent });
        }
        let Ok(found) = fs::metadata(&path) else {
            if out.is_symlink() {
                return Err(ExportError::Exists { out: out.to_owned() });
            }
            return Ok(Self { path, replaces: false, exists: false });
        };
        if !found.is_dir() {
            return refused("is no folder, and this format is one; name another place.");
        }
        let inside = files_in(&path);
        if inside.as_ref().is_ok_and(Vec::is_empty) {
            return Ok(Self { path, replaces: false, exists: true });
        }
        if existing == Existing::Keep {
            return Err(ExportError::Exists { out: out.to_owned() });
        }
        let known = files::read(&path.join(MANIFEST), Links::Refused, LONGEST).ok();
        let known = known.and_then(|manifest| listed(&manifest));
        let Some(known) = known else {
            return refused(
                "is a folder that this program did not export, so it is not replaced; name another place.",
            );
        };
        let others = inside.unwrap_or_default();
        let other = others.iter().find(|name| *name != MANIFEST && !known.contains(name));
        match other {
            Some(name) => refused(&format!(
                "holds `{name}`, which is not of its export, so it is not replaced; move it away, or name another place."
            )),
            None => Ok(Self { path, replaces: true, exists: true }),
        }
    }
}

/// Returns the names of all files in a folder and below it, with `/` between the parts.
fn files_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = vec![];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // An export has one folder, so what lies deeper is not its own.
        if entry.file_type()?.is_dir() && name == "data" {
            for inner in fs::read_dir(entry.path())? {
                found.push(format!("{name}/{}", inner?.file_name().to_string_lossy()));
            }
        } else {
            found.push(name);
        }
    }
    Ok(found)
}

/// Writes a complete file for the person.
fn place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)?;
    own_files::share(path, own_files::FILE)?;
    File::open(path)?.sync_all()
}

fn parent_of(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

fn file_name(out: &Path) -> String {
    let real = fs::canonicalize(out);
    let name = out.file_name().or_else(|| real.as_ref().ok()?.file_name());
    name.unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
