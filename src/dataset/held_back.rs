//! Holds train rows of the target back, so that a session knows only some of them.
//!
//! ```text
//! train texts of the target ──► remembered? ── as before
//!                                  │ no
//!                                  └──► by seed and hash: known while they fit, the others held back
//! ```
//!
//! A text is known or held back as a whole, in all rows that have it: a row of another label with the text of one that
//! is held back would show it. Where the memory is of another number or label than the rule, all texts are dealt anew;
//! whoever asks for that makes sure that nothing was sampled before.

use crate::text::TextHash;

use super::memory::SplitMemory;
use super::records::Records;
use super::rule::SplitRule;
use super::split::Part;

/// A text of which it is open whether it is known.
struct Open<'a> {
    /// Its rows, of all labels.
    rows: &'a [usize],
    /// How many of them are of the target.
    of_target: usize,
    /// The lowest is known first.
    rank: (u64, TextHash),
}

/// Turns train rows of the rule's scarce label into rows that are held back, and those of other labels with the same
/// text. `groups` are the rows of each text; the memory is one of the same rule, or of none.
///
/// Known are as many rows as the rule says. There are fewer where the texts of several rows do not add up to that, and
/// more where a text that is known has got more rows.
pub(super) fn hold_back<'a>(
    records: &Records,
    rule: &SplitRule,
    hashes: &[TextHash],
    groups: impl Iterator<Item = &'a [usize]>,
    memory: &SplitMemory,
    parts: &mut [Part],
) {
    let Some(scarce) = rule.scarce() else { return };
    let wanted = scarce.known as usize;
    let is_of_target = |row: &&usize| records.label(**row) == scarce.label;
    let is_kept = memory.scarce() == Some(scarce);
    let mut known = 0;
    let (mut held, mut open) = (Vec::new(), Vec::new());
    for rows in groups {
        let Some((first, hash)) = rows.first().and_then(|row| Some((*row, *hashes.get(*row)?))) else {
            continue;
        };
        // Where one row of a text is a train row, all are: the others were set aside.
        if parts.get(first) != Some(&Part::Train) {
            continue;
        }
        let of_target = rows.iter().filter(is_of_target).count();
        if is_kept && memory.has_held_back(hash) {
            held.push(rows);
        } else if is_kept && memory.has_train(hash) {
            known += of_target;
        } else if of_target > 0 {
            open.push(Open { rows, of_target, rank: (rule.rank_of_known(hash), hash) });
        }
    }
    open.sort_unstable_by_key(|text| text.rank);
    let smallest = open.iter().map(|text| text.of_target).min();
    if known == 0 && smallest.is_some_and(|smallest| smallest > wanted) {
        // At least one text is known, even if it has more rows than wanted.
        let place = open.iter().position(|text| Some(text.of_target) == smallest);
        known = place.map_or(0, |place| open.remove(place).of_target);
    }
    for text in open {
        if known + text.of_target <= wanted {
            known += text.of_target;
        } else {
            held.push(text.rows);
        }
    }
    for row in held.into_iter().flatten() {
        if let Some(part) = parts.get_mut(*row) {
            *part = Part::HeldBack;
        }
    }
}

#[cfg(test)]
mod tests;
