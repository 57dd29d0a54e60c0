//! The order of exported rows for readers that take a column's type from its first values.
//!
//! polars looks at a hundred rows, `datasets` at blocks of ten thousand, and a column that is empty there gets
//! a type that no later text fits. So the first hundred rows together have a value in every column that has any,
//! and a text that cannot be taken for a number, a date or a missing value where there is one.

use super::missing::reads_as_missing;
use super::record::{Columns, cell};
use super::shape::Outgoing;
use crate::domain::RowView;
use crate::parallel;
use crate::table::Cell;

/// How many rows a reader looks at, at least: `infer_schema_length` of polars 2.1.
const LOOKED_AT: usize = 100;

/// How many rows one core looks at before it takes others.
const SHARE: usize = 1024;

/// How much a value says about the type of its column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Settles {
    /// It is missing or empty.
    #[default]
    Nothing,
    /// It is a text that reads as something else.
    Partly,
    /// It is of one type for every reader.
    Wholly,
}

impl Settles {
    fn of(value: &Cell<'_>) -> Self {
        match value {
            Cell::Null => Self::Nothing,
            Cell::Boolean(_) | Cell::Number(_) | Cell::Integer(_) => Self::Wholly,
            text => match cell(text).as_ref() {
                "" => Self::Nothing,
                text if reads_as_another_type(text) => Self::Partly,
                _ => Self::Wholly,
            },
        }
    }
}

/// Returns whether a reader may take a text for a number, a date, a truth value or a missing value.
fn reads_as_another_type(text: &str) -> bool {
    !text.contains(char::is_alphabetic)
        || text.starts_with(|first: char| first.is_ascii_digit())
        || text.trim().parse::<f64>().is_ok()
        || ["true", "false"].contains(&text.trim().to_lowercase().as_str())
        || reads_as_missing(text.trim())
}

/// Moves the few rows to the front that settle the types of columns and stand where no reader looks; the other rows
/// keep their order.
pub(super) fn settling_first<'r>(columns: &Columns, rows: &[RowView<'r>]) -> Vec<RowView<'r>> {
    let none = || vec![(Settles::Nothing, 0); columns.names.len()];
    let keep = |best: &mut (Settles, usize), other: (Settles, usize)| {
        if other.0 > best.0 {
            *best = other;
        }
    };
    let shares: Vec<_> = (0..).step_by(SHARE).zip(rows.chunks(SHARE)).collect();
    let of_shares = parallel::map(&shares, |(first, rows)| {
        let mut best = none();
        for (place, row) in (*first..).zip(*rows) {
            let id = row.id();
            let text = row.text();
            let cells = columns.cells(&Outgoing::of(id.as_str(), &text, row));
            best.iter_mut().zip(&cells).for_each(|(best, value)| keep(best, (Settles::of(value), place)));
        }
        best
    });
    let mut best = none();
    for of_share in of_shares {
        best.iter_mut().zip(of_share).for_each(|(best, other)| keep(best, other));
    }
    let mut first: Vec<usize> = best.into_iter().map(|best| best.1).filter(|at| *at >= LOOKED_AT).collect();
    first.sort_unstable();
    first.dedup();
    let others = (0..rows.len()).filter(|place| first.binary_search(place).is_err());
    first.iter().copied().chain(others).map(|place| rows[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Rating, Schema};

    fn order(story: &Story) -> Vec<u32> {
        let rows: Vec<_> = story.projection.rows().collect();
        let ordered = settling_first(&Columns::of(&Schema::default(), false), &rows);
        ordered.iter().map(|row| row.number().0).collect()
    }

    #[test]
    fn rows_keep_their_order_where_the_first_hundred_say_all_that_any_says() {
        let mut story = Story::with_rows(200);
        story.change(&[99], Change::Accept { rating: Rating::try_from(4).ok(), tags: vec!["odd".into()] });

        assert_eq!(order(&story), (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn a_late_row_with_the_first_value_of_a_column_comes_to_the_front() {
        let mut story = Story::with_rows(200);
        story.change(&[130], Change::Accept { rating: Rating::try_from(4).ok(), tags: vec![] });
        story.change(&[140], Change::Accept { rating: Rating::try_from(4).ok(), tags: vec!["odd".into()] });

        let order = order(&story);

        assert_eq!(order[..4], [130, 140, 0, 1]);
        assert_eq!(order.len(), 200);
    }

    #[test]
    fn a_late_text_that_is_plainly_text_comes_before_numbers_and_dates() {
        let mut story = Story::default();
        story.version("words");
        let odd = ["12", "1e5", "2026-01-01T00:00:00Z", "NaN", " true"];
        let texts = odd.iter().cycle().take(120).chain(&["hello", "there"]);
        let rows = texts.map(|text| story.new_row(text, vec![])).collect();
        story.sampled_rows(rows);

        assert_eq!(order(&story)[..3], [120, 0, 1]);
    }
}
