//! Notices a journal that lacks lines which were saved: before anything is written to it, and before anything
//! is read from it.
//!
//! ```text
//! reached ────┐
//!             ├── the last line that was saved ── is it in the journal?
//! sled's meta ┘
//! ```

use std::fs;

use super::StoreError;
use super::files::Layout;
use super::opening;
use super::peek;
use super::reached::LastLine;
use super::segment;
use crate::domain::{Projection, RowNumber};
use crate::text::counted;

/// Lines that were saved: the one in `reached`, and the one that sled knows.
pub(crate) type Known = [Option<LastLine>; 2];

/// What was read of a journal.
pub(crate) struct Held<'a> {
    /// The sequence number of its last line.
    pub(crate) sequence: u64,
    /// The length of what stands behind that line, in bytes.
    pub(crate) torn: u64,
    /// A line that was saved, where the journal has another one in its place.
    pub(crate) other: Option<u64>,
    /// The fold of its facts.
    pub(crate) projection: &'a Projection,
}

/// Checks that a journal holds the lines that were saved. `sled` gives the state that sled holds.
pub(crate) fn check(
    layout: &Layout,
    read: &Held<'_>,
    known: Known,
    sled: impl FnOnce() -> Option<Projection>,
) -> Result<(), StoreError> {
    let saved = known.iter().flatten().map(|line| line.sequence).max().unwrap_or_default();
    let (journal, held) = (layout.journal(), read.sequence);
    if held < saved {
        let told = sled().map(|sled| missing(read.projection, &sled)).unwrap_or_default();
        return Err(StoreError::Behind { journal, held, saved, told });
    }
    match read.other {
        Some(sequence) => Err(StoreError::Replaced { journal, sequence }),
        None if known == [None; 2] && is_unsure(layout, read) => Err(StoreError::Unsure { journal, held }),
        None => Ok(()),
    }
}

/// Returns whether a journal of which nothing says how far it was saved may have lost something: a store that was
/// used has facts, and one of this version has `reached`, so that neither a write that died nor an earlier version
/// explains what is missing.
fn is_unsure(layout: &Layout, read: &Held<'_>) -> bool {
    let is_empty = read.sequence == 0;
    let has_texts = || fs::read_dir(layout.texts()).is_ok_and(|mut texts| texts.next().is_some());
    let was_used = || layout.draft().exists() || layout.replaced_draft().exists() || has_texts();
    ((is_empty || read.torn > 0) && layout.session().exists()) || (is_empty && was_used())
}

/// Folds the whole journal, and checks that it holds the lines that were saved.
pub(crate) fn check_whole(
    layout: &Layout,
    known: Known,
    sled: impl FnOnce() -> Option<Projection>,
) -> Result<(), StoreError> {
    let folded = opening::fold(&layout.journal(), None, known)?;
    check(layout, &folded.read(), known, sled)
}

/// Checks the end of the journal, before sled is opened. Only where the last line does not say that all is well,
/// the whole journal is read.
pub(crate) fn check_end(layout: &Layout, known: Known) -> Result<(), StoreError> {
    check_name(layout)?;
    let Some(saved) = known.into_iter().flatten().max().filter(|last| last.sequence > 0) else {
        return Ok(());
    };
    let is_well = segment::last_line(&layout.journal())
        .is_some_and(|last| last.sequence > saved.sequence || last == saved);
    if is_well {
        return Ok(());
    }
    let sled = || peek::within(layout).ok().flatten().and_then(|sled| sled.records.ok());
    check_whole(layout, known, sled)
}

/// Refuses a journal whose repair was stopped just before the mended one got its name.
pub(crate) fn check_name(layout: &Layout) -> Result<(), StoreError> {
    if layout.repaired().exists() && !layout.journal().exists() {
        let what = "was being repaired when the program stopped; run `rowsmith store repair SESSION` again";
        return Err(StoreError::Lost { path: layout.journal(), what });
    }
    Ok(())
}

/// Says what of sled's state the journal does not hold.
fn missing(held: &Projection, sled: &Projection) -> String {
    let rows = sled.len().saturating_sub(held.len());
    let differs =
        |row: &RowNumber| sled.mark(*row).unwrap_or_default() != held.mark(*row).unwrap_or_default();
    let all = (0..u32::try_from(sled.len()).unwrap_or(u32::MAX)).map(RowNumber);
    let decisions = all.filter(differs).count();
    match (rows, decisions) {
        (0, 0) => String::new(),
        (rows, decisions) => format!(
            "; among them, as far as sled holds them, {} and decisions on {}",
            counted(rows as u64, "new row"),
            counted(decisions as u64, "row")
        ),
    }
}

#[cfg(test)]
mod tests;
