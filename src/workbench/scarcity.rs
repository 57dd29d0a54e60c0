//! How many rows of the target a session knows: what is told of it, and that it holds from the first run on.
//!
//! Rows that were sampled while more rows were known may repeat them. If `scarce` could be changed later, an evaluation
//! would take what such rows bring for a gain. So there is no way to make rows scarce, or less so, once a run began.
//! Rows that are imported are a person's own affair.

use std::path::Path;

use super::WorkbenchError;
use crate::config::session_file::FILE_NAME;
use crate::dataset::Dataset;
use crate::domain::{Projection, Scarce, Session};
use crate::text::thousands;

/// Checks that as many rows are known as when the first run began.
///
/// # Errors
///
/// A run began with another number, or for another target.
pub(super) fn check(folder: &Path, session: &Session, projection: &Projection) -> Result<(), WorkbenchError> {
    let Some(split) = projection.split() else { return Ok(()) };
    let (before, now) = (split.scarce.as_ref(), session.scarce());
    if before == now.as_ref() || projection.runs().next().is_none() {
        return Ok(());
    }
    let file = folder.join(FILE_NAME);
    let (is, back) = changed(before, now.as_ref());
    Err(WorkbenchError::Usage(format!(
        "{is} in {}: the number of known rows holds from the first run on, because the rows that were sampled may \
         repeat examples that it would hide. {back}, or make another session with `rowsmith new`.",
        file.display()
    )))
}

/// Returns what was changed, as the beginning of a sentence, and what changes it back.
fn changed(before: Option<&Scarce>, now: Option<&Scarce>) -> (String, String) {
    match (before, now) {
        (Some(before), Some(now)) if before.label != now.label => (
            format!(
                "The target was `{}` with `scarce` in [dataset], and is `{}` now",
                before.label, now.label
            ),
            format!("Set `label` in [target] back to \"{}\"", before.label),
        ),
        (Some(before), Some(now)) => (
            format!("`scarce` in [dataset] was {} and is {} now", before.known, now.known),
            format!("Set it back to {}", before.known),
        ),
        (Some(before), None) => (
            format!("`scarce` in [dataset] was {} and is gone now", before.known),
            format!("Set `scarce = {}` again", before.known),
        ),
        (None, now) => (
            format!(
                "`scarce` in [dataset] was not there and is {} now",
                now.map_or(0, |scarce| scarce.known)
            ),
            "Take it out again".to_owned(),
        ),
    }
}

/// Returns how many rows of the target are known and held back, in full sentences; none where all are known.
pub(super) fn said(session: &Session, dataset: &Dataset) -> Vec<String> {
    let Some(Scarce { label, known: wanted }) = session.scarce() else { return Vec::new() };
    let counts = dataset.counts_of(&label);
    let (known, held) = (counts.train as u64, counts.held_back as u64);
    let rows = |count: u64| if count == 1 { "row" } else { "rows" };
    let first = if held == 0 {
        format!(
            "Train has {} {} of `{label}`, so `scarce = {wanted}` holds none back: all of them are known.",
            thousands(known),
            rows(known)
        )
    } else {
        format!(
            "Of {} train rows of `{label}`, {} {} known and {} {} held back: no prompt, generator, count or export has \
             those.",
            thousands(known + held),
            thousands(known),
            if known == 1 { "is" } else { "are" },
            thousands(held),
            if held == 1 { "is" } else { "are" }
        )
    };
    let count = session.examples.count;
    let few = (known > 0 && known < u64::from(count)).then(|| {
        format!(
            "A prompt would show {count} examples, and only {known} {} known: each prompt shows all of them.",
            if known == 1 { "row is" } else { "rows are" }
        )
    });
    std::iter::once(first).chain(few).collect()
}
