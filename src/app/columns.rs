//! Which columns the rows need, and how wide.
//!
//! They are taken from the counts of all rows and never from the visible ones, so that nothing moves
//! while a person scrolls.

use crate::curate::{Sort, SortKey};
use crate::domain::{FlagKind, Projection, RowView};
use crate::text::{SafeText, thousands, width};

/// The remark on a row that a person edited.
pub(crate) const EDITED: &str = "edit";
/// What an imported row has in the place of a version.
pub(crate) const FILE: &str = "file";
/// The largest width of a label in columns.
const LABEL: usize = 12;
/// The largest width of a version.
const VERSION: usize = 8;
/// The width of the longest `+2` after a flag, with the blank before it.
const MORE: usize = 3;

/// The widths of columns; 0 leaves a column out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Whether rows have stars, or are sorted by them.
    pub(crate) stars: bool,
    /// The figure by which the rows are sorted.
    pub(crate) figure: usize,
    /// The label, where labels differ.
    pub(crate) label: usize,
    /// The version, where rows are of several.
    pub(crate) version: usize,
    /// The flags, and whether a person edited the row.
    pub(crate) remarks: usize,
}

impl Needs {
    /// Returns what the rows of a session need in this order.
    pub(crate) fn of(rows: &Projection, sort: Sort) -> Self {
        let counts = rows.counts();
        let labels = || counts.labels().map(|label| width(SafeText::name(label).as_str()).min(LABEL));
        let versions = || counts.versions().filter_map(|(id, _)| rows.version(id));
        let of_one = counts.versions().all(|(_, of)| of == counts.all.total());
        let of_versions: u32 = counts.versions().map(|(_, of)| of).sum();
        let file = (of_versions < counts.all.total() && !rows.imports().is_empty()).then_some(width(FILE));
        Self {
            stars: counts.rated > 0 || sort.key == SortKey::Rating,
            figure: match sort.key {
                SortKey::Novelty => 4,
                SortKey::Length => 5,
                SortKey::Arrival | SortKey::Rating | SortKey::State | SortKey::Prompt => 0,
            },
            label: if counts.labels().nth(1).is_some() { labels().max().unwrap_or(0) } else { 0 },
            version: if of_one && sort.key != SortKey::Prompt {
                0
            } else {
                versions()
                    .map(|version| width(&format!("v{}", version.number)).min(VERSION))
                    .chain(file)
                    .max()
                    .unwrap_or(0)
            },
            remarks: remarks(rows),
        }
    }
}

/// Returns the width of the widest remark in use, with room to say that there are more.
fn remarks(rows: &Projection) -> usize {
    let counts = rows.counts();
    let flags = FlagKind::ALL.into_iter().filter(|kind| counts.of_flag(*kind) > 0).map(FlagKind::short);
    let words: Vec<&str> = flags.chain((counts.edited > 0).then_some(EDITED)).collect();
    let more = if words.len() > 1 { MORE } else { 0 };
    words.into_iter().map(width).max().map_or(0, |widest| widest + more)
}

/// Returns the figure by which a row is sorted, where no other column shows it.
pub(crate) fn figure(row: &RowView<'_>, sort: Sort) -> String {
    match sort.key {
        SortKey::Novelty => row.scores().novelty.map_or("–".to_owned(), |novelty| format!("{novelty:.2}")),
        SortKey::Length => match row.text().chars().count() as u64 {
            few @ ..10_000 => thousands(few),
            many => format!("{}k", many / 1_000),
        },
        SortKey::Arrival | SortKey::Rating | SortKey::State | SortKey::Prompt => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Fields, Flag, Origin, Rating, RowNumber, Scores};

    const LENGTH: Sort = Sort { key: SortKey::Length, descending: true };

    fn flag(kind: FlagKind) -> Flag {
        Flag { kind, other: None, figure: None }
    }

    #[test]
    fn rows_of_one_version_and_label_without_remarks_need_no_column() {
        let story = Story::with_rows(3);
        assert_eq!(Needs::of(&story.projection, Sort::default()), Needs::default());
        assert_eq!(Needs::of(&Story::default().projection, Sort::default()), Needs::default());
    }

    #[test]
    fn a_column_comes_with_the_first_row_that_needs_it_and_goes_with_the_last() {
        let mut story = Story::with_rows(3);
        let needs = |story: &Story| Needs::of(&story.projection, Sort::default());

        story.change(&[1], Change::Accept { rating: Rating::try_from(4).ok(), tags: vec![] });
        assert!(needs(&story).stars);
        story.undo();
        assert!(!needs(&story).stars);

        story.change(&[1], Change::Edit { fields: Some(Fields::of_text("other words")) });
        assert_eq!(needs(&story).remarks, 4);
        story.undo();
        assert_eq!(needs(&story).remarks, 0);

        story.sampled_rows(vec![story.new_row("Ok", vec![flag(FlagKind::TooShort)])]);
        assert_eq!(needs(&story).remarks, 5);
        story.sampled_rows(vec![story.new_row("Ok", vec![flag(FlagKind::Duplicate)])]);
        assert_eq!(needs(&story).remarks, 8, "the widest, and that there are more");

        assert_eq!(needs(&story).version, 0);
        story.version("other words");
        assert_eq!(needs(&story).version, 0, "the second version has no rows");
        story.sampled(&["one more"]);
        assert_eq!(needs(&story).version, 2);
    }

    #[test]
    fn rows_of_a_file_need_a_column_beside_rows_of_a_version_only() {
        let mut story = Story::default();
        story.version("words");
        story.imported("labels.csv", &Origin::default(), &["one"]);
        let needs = |story: &Story| Needs::of(&story.projection, Sort::default()).version;
        assert_eq!(needs(&story), 0);
        story.sampled(&["two"]);
        assert_eq!(needs(&story), 4);
    }

    #[test]
    fn labels_have_a_column_as_wide_as_the_widest_while_rows_have_several() {
        let mut story = Story::with_rows(1);
        let row = story.new_row("Another", vec![]);
        for (label, wide) in [("日本", 4), ("a label that goes on and on", 12)] {
            story.sampled_rows(vec![crate::domain::NewRow { label: label.into(), ..row.clone() }]);
            assert_eq!(Needs::of(&story.projection, Sort::default()).label, wide);
        }
    }

    #[test]
    fn what_rows_are_sorted_by_is_shown() {
        let mut story = Story::default();
        story.version("words");
        let mut row = story.new_row(&"x".repeat(1_234), vec![]);
        row.scores = Scores { novelty: Some(0.814), nearest: None };
        let mut long = story.new_row(&"x".repeat(12_345), vec![]);
        long.scores = Scores::default();
        story.sampled_rows(vec![row, long]);
        let rows = &story.projection;
        let shown = |key| {
            let sort = Sort { key, descending: false };
            let row = |number| rows.row(RowNumber(number)).unwrap();
            (Needs::of(rows, sort), figure(&row(0), sort), figure(&row(1), sort))
        };

        let (needs, one, two) = shown(SortKey::Novelty);
        assert_eq!((needs.figure, one.as_str(), two.as_str()), (4, "0.81", "–"));
        let (needs, one, two) = shown(SortKey::Length);
        assert_eq!((needs.figure, one.as_str(), two.as_str()), (5, "1,234", "12k"));
        assert_eq!(figure(&rows.row(RowNumber(0)).unwrap(), LENGTH), "1,234");
        assert!(shown(SortKey::Rating).0.stars);
        assert_eq!(shown(SortKey::Prompt).0.version, 2);
        for key in [SortKey::Arrival, SortKey::State] {
            assert_eq!(shown(key), (Needs::default(), String::new(), String::new()));
        }
    }
}
