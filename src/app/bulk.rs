//! Changes of many rows: which rows are meant, and the window that says what would change.

use std::ops::Range;

use super::message::Ask;
use super::rows::View;
use super::update::sentences::counted;
use crate::curate::{self, BulkPreview, Filter, Sort};
use crate::domain::{Change, Projection, RowNumber, RowSet, StateKind};
use crate::text::thousands;

/// Which rows a decision is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One row.
    Row(RowNumber),
    /// The marked rows.
    Marked,
    /// Every row that the filter matches.
    Matching,
}

/// Rows that are many, said without listing them.
#[derive(Debug, Clone)]
pub enum ManyRows {
    /// Those at some places of the view.
    Places(View, Range<usize>),
    /// Those that a filter matches.
    Matching(Filter),
    /// These ones.
    Listed(RowSet),
}

impl ManyRows {
    /// Returns the rows.
    #[must_use]
    pub fn find(&self, shown: &Projection) -> RowSet {
        match self {
            Self::Places(view, places) => view.window(places.start, places.len()).collect(),
            Self::Matching(filter) => {
                let found = curate::view(shown, filter, &Sort::default());
                found.iter().map(|row| RowNumber(*row)).collect()
            }
            Self::Listed(rows) => rows.clone(),
        }
    }
}

/// The window that says what a change of many rows would do.
#[derive(Debug, Clone)]
pub struct BulkWindow {
    /// What is done to each row.
    pub change: Change,
    /// Which rows were meant.
    pub target: Target,
    /// What it would do, once that is counted.
    pub preview: Option<BulkPreview>,
    /// Lines scrolled down.
    pub scroll: usize,
    pub(super) ask: Ask,
}

impl BulkWindow {
    /// Returns what the change would do, as sentences, the most important first.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let Some(preview) = &self.preview else { return vec!["The rows are being counted …".to_owned()] };
        let becomes = become_what(&self.change, preview.from.iter().map(|(_, rows)| rows).sum());
        let mut words = vec![format!("{} {becomes}.", states(&preview.from))];
        let is_decision =
            matches!(self.change, Change::Accept { .. } | Change::Reject { .. } | Change::Skip { .. });
        if is_decision {
            words.extend(before(preview.decided(), preview.skipped()));
        }
        let keeps_stars = !matches!(self.change, Change::Reject { .. } | Change::Skip { .. });
        if preview.rated > 0 && !keeps_stars {
            let (lose, their) = if preview.rated == 1 { ("loses", "its") } else { ("lose", "their") };
            words.push(format!("{} of them {lose} {their} stars.", many(preview.rated)));
        }
        if !preview.flags.is_empty() {
            let flags = preview.flags.iter().map(|(kind, rows)| format!("{} {}", many(*rows), kind.name()));
            words.push(format!("Flagged among them: {}.", flags.collect::<Vec<_>>().join(", ")));
        }
        match preview.unchanged {
            0 => {}
            1 => words.push("1 more row is so already and stays as it is.".to_owned()),
            rows => words.push(format!("{} more rows are so already and stay as they are.", many(rows))),
        }
        words.push(
            "Rows that come meanwhile are not among them. Undo takes all of it back in one step.".to_owned(),
        );
        words
    }
}

fn many(rows: usize) -> String {
    thousands(rows as u64)
}

/// Returns `1,180 pending`, `20 skipped` and so on.
pub(super) fn by_state(from: &[(StateKind, usize)]) -> Vec<String> {
    let there = from.iter().filter(|(_, rows)| *rows > 0);
    there.map(|(kind, rows)| format!("{} {}", many(*rows), kind.name())).collect()
}

/// Returns `1,180 pending, 20 skipped and 4 rejected rows`.
fn states(from: &[(StateKind, usize)]) -> String {
    let parts = by_state(from);
    let rows = if from.iter().map(|(_, rows)| rows).sum::<usize>() == 1 { "row" } else { "rows" };
    match parts.split_last() {
        Some((last, [])) => format!("{last} {rows}"),
        Some((last, before)) => format!("{} and {last} {rows}", before.join(", ")),
        None => counted(0),
    }
}

/// Returns `4 of them were decided before, 20 were skipped.`
fn before(decided: usize, skipped: usize) -> Option<String> {
    let were = |rows: usize| if rows == 1 { "was" } else { "were" };
    let decided =
        (decided > 0).then(|| format!("{} of them {} decided before", many(decided), were(decided)));
    let of_them = if decided.is_some() { "" } else { "of them " };
    let skipped =
        (skipped > 0).then(|| format!("{} {of_them}{} skipped before", many(skipped), were(skipped)));
    let said: Vec<_> = decided.into_iter().chain(skipped).collect();
    (!said.is_empty()).then(|| format!("{}.", said.join(", ")))
}

/// Returns what becomes of so many rows, behind their number.
fn become_what(change: &Change, rows: usize) -> String {
    let verb = |one: &str, more: &str| if rows == 1 { one.to_owned() } else { more.to_owned() };
    let (becomes, gets, loses) = (verb("becomes", "become"), verb("gets", "get"), verb("loses", "lose"));
    let because = |state: &str, reason: Option<&String>| match reason {
        Some(reason) => format!("{becomes} {state}, reason: {reason}"),
        None => format!("{becomes} {state}"),
    };
    let named =
        |tags: &[String]| format!("the tag{} {}", if tags.len() == 1 { "" } else { "s" }, tags.join(", "));
    match change {
        Change::Accept { rating: Some(rating), .. } => {
            format!("{becomes} accepted {}", "★".repeat(rating.stars().into()))
        }
        Change::Accept { .. } => format!("{becomes} accepted"),
        Change::Reject { reason, .. } => because("rejected", reason.as_ref()),
        Change::Skip { reason, .. } => because("skipped", reason.as_ref()),
        Change::ClearRating => format!("{loses} {} rating", verb("its", "their")),
        Change::Tag { tags } => format!("{gets} {}", named(tags)),
        Change::Retag { add, remove } => {
            let listed =
                |verb: &str, tags: &[String]| (!tags.is_empty()).then(|| format!("{verb} {}", named(tags)));
            let parts = [listed(&gets, add), listed(&loses, remove)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
        }
        Change::Relabel { label } => format!("{gets} the label `{label}`"),
        Change::Edit { .. } => format!("{} edited", verb("is", "are")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{FlagKind, Rating};

    fn words(change: Change, preview: BulkPreview) -> String {
        let window =
            BulkWindow { change, target: Target::Marked, preview: Some(preview), scroll: 0, ask: Ask(1) };
        window.words().join("\n")
    }

    #[test]
    fn the_words_say_what_becomes_of_which_rows_and_what_stands_in_the_way() {
        let from = vec![(StateKind::Pending, 1180), (StateKind::Rejected, 4), (StateKind::Skipped, 20)];
        let flags = vec![(FlagKind::ContaminatesTest, 3), (FlagKind::Duplicate, 12)];
        let preview = BulkPreview { from, flags, unchanged: 1, ..BulkPreview::default() };
        assert_eq!(
            words(Change::accept(), preview),
            "1,180 pending, 4 rejected and 20 skipped rows become accepted.\n4 of them were decided before, 20 were skipped before.\n\
             Flagged among them: 3 contaminates-test, 12 duplicate.\n1 more row is so already and stays as it is.\n\
             Rows that come meanwhile are not among them. Undo takes all of it back in one step."
        );
    }

    #[test]
    fn one_row_is_said_in_the_singular_and_stars_that_go_are_counted() {
        let preview =
            BulkPreview { from: vec![(StateKind::Accepted, 1)], rated: 1, ..BulkPreview::default() };
        let said = words(Change::ClearRating, preview.clone());
        assert!(said.starts_with("1 accepted row loses its rating.\nRows that come"), "{said}");
        let said = words(Change::reject(), preview);
        assert!(
            said.contains("becomes rejected.\n1 of them was decided before.\n1 of them loses its stars."),
            "{said}"
        );
    }

    #[test]
    fn each_change_is_said_in_its_own_words() {
        let said = |change: Change| {
            let preview = BulkPreview { from: vec![(StateKind::Accepted, 2)], ..BulkPreview::default() };
            words(change, preview).lines().next().unwrap_or_default().to_owned()
        };
        let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            said(Change::Retag { add: tags(&["odd"]), remove: tags(&["dull", "long"]) }),
            "2 accepted rows get the tag odd and lose the tags dull, long."
        );
        assert_eq!(said(Change::Relabel { label: "ham".into() }), "2 accepted rows get the label `ham`.");
        let rating = Rating::try_from(3).ok();
        assert_eq!(said(Change::Accept { rating, tags: vec![] }), "2 accepted rows become accepted ★★★.");
        let reason = Some("dull".to_owned());
        assert_eq!(
            said(Change::Reject { reason, tags: vec![] }),
            "2 accepted rows become rejected, reason: dull."
        );
    }
}
