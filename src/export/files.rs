//! An export to one file, or to two where the rows are split, with what belongs beside them.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::error::ExportError;
use super::file::{Chosen, Export};
use super::format::Destination;
use super::manifest::{Listed, Tally, listed, manifest};
use super::origins::Origins;
use super::placing::Placing;
use super::shape::Part;
use super::shared::SharedFiles;
use crate::domain::{Existing, ExportReport};
use crate::files::{self, Links};

/// The longest manifest that is looked at before it is replaced.
const MANIFEST: u64 = 64 << 20;

impl Export<'_> {
    /// Writes the files and their manifest, and puts them in their places once all are complete.
    pub(super) fn write_files(
        &self,
        out: &Path,
        chosen: &Chosen<'_>,
        report: &mut ExportReport,
    ) -> Result<(), ExportError> {
        let total = chosen.rows.len() as u64;
        let mut set = Set::default();
        let (mut beside, mut shared, mut done) = (vec![], SharedFiles::default(), 0);
        for part in self.parts() {
            let path = path_of(out, part);
            let mut placing = self.place(&path, self.existing)?;
            report.replaced |= placing.replaces();
            let rows = chosen.of_part(part);
            let mut tally = Tally::new(placing.file());
            let about = |error: ExportError| error.about(&Destination::File(path.clone()));
            let written = self.write(&path, &rows, (done, total), &mut tally).map_err(about)?;
            let records = written.made.map_or(rows.len() as u64, |(count, _)| count);
            set.listed.push(tally.listed(name(&path), records));
            if part.is_some() {
                report.parts.push((path.display().to_string(), records));
            }
            set.placings.push((placing, path.clone()));
            done += rows.len() as u64;
            written.tell(report);
            for (name, bytes) in written.beside {
                let place = (path.with_file_name(name), bytes);
                if !beside.contains(&place) {
                    beside.push(place);
                }
            }
            for (name, entries) in written.entries {
                shared.add(&path.with_file_name(name), entries, self.existing)?;
            }
        }
        for (path, bytes) in beside {
            set.listed.push(Listed::of(name(&path), &bytes));
            self.add(&mut set, path, &bytes, self.existing)?;
        }
        for (path, bytes) in shared.into_files() {
            // What others wrote in it is still there.
            self.add(&mut set, path, &bytes, Existing::Replace)?;
        }
        let path = manifest_of(out);
        let origins = Origins::of(&chosen.rows);
        let bytes = manifest(self, &origins, report, &set.listed)?;
        // What this program wrote about an export goes with it; what it did not write needs a yes.
        let is_ours =
            files::read(&path, Links::Followed, MANIFEST).is_ok_and(|bytes| listed(&bytes).is_some());
        let existing = if is_ours { Existing::Replace } else { self.existing };
        self.add(&mut set, path, &bytes, existing)?;
        self.stop.check()?;
        set.finish()
    }

    /// Returns the parts that are a file each.
    pub(super) fn parts(&self) -> Vec<Option<Part>> {
        if self.split.is_some() { vec![Some(Part::Train), Some(Part::Test)] } else { vec![None] }
    }

    fn place(&self, path: &Path, existing: Existing) -> Result<Placing, ExportError> {
        (self.spared)(path)?;
        Placing::begin(path, existing)
    }

    fn add(&self, set: &mut Set, path: PathBuf, bytes: &[u8], existing: Existing) -> Result<(), ExportError> {
        if set.placings.iter().any(|(_, other)| *other == path) {
            let said = format!("Two files of this export would be `{}`; name another one.", path.display());
            return Err(ExportError::Refused(said));
        }
        let mut placing = self.place(&path, existing)?;
        let about = |error| ExportError::from(error).about(&Destination::File(path.clone()));
        placing.file().write_all(bytes).map_err(about)?;
        set.placings.push((placing, path));
        Ok(())
    }
}

/// Complete files that wait for their places.
#[derive(Default)]
struct Set {
    placings: Vec<(Placing, PathBuf)>,
    listed: Vec<Listed>,
}

impl Set {
    /// Puts all in their places. Where one cannot be put there, what was in the places of those before it comes back.
    fn finish(self) -> Result<(), ExportError> {
        let mut placed: Vec<(_, PathBuf)> = vec![];
        for (placing, path) in self.placings {
            match placing.finish() {
                Ok(done) => placed.push((done, path)),
                Err(error) => {
                    let stay = placed.into_iter().filter_map(|(done, path)| (!done.undo()).then_some(path));
                    let stay: Vec<_> = stay.map(|path| format!("`{}`", path.display())).collect();
                    let error = ExportError::from(error).about(&Destination::File(path));
                    return Err(error.after(&stay));
                }
            }
        }
        Ok(())
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns where the manifest of a file stands: `rows.csv.manifest.json` beside `rows.csv`.
fn manifest_of(out: &Path) -> PathBuf {
    out.with_file_name(format!("{}.manifest.json", name(out)))
}

/// Returns the file of a part: `rows.jsonl` is split into `rows-train.jsonl` and `rows-test.jsonl`.
pub(super) fn path_of(out: &Path, part: Option<Part>) -> PathBuf {
    let Some(part) = part else { return out.to_owned() };
    let stem = out.file_stem().unwrap_or_default().to_string_lossy();
    let ending = out.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    out.with_file_name(format!("{stem}-{}{ending}", part.name()))
}
