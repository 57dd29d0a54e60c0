//! The rows that match a filter, in a sort order.

use std::collections::HashMap;
use std::sync::Arc;

use super::filter::Filter;
use super::search::{Near, search};
use super::sort::{Sort, SortKey};
use crate::domain::{Projection, RowNumber, RowView, RunNumber, StateKind, VersionId};
use crate::parallel;
use crate::text::Stop;

/// How many rows are looked at for their figures in one go.
const CHUNK: usize = 4096;

/// Returns the numbers of the rows that meet the filter, in the order.
#[must_use]
pub fn view(projection: &Projection, filter: &Filter, sort: &Sort) -> Arc<[u32]> {
    let near = Near { row: RowNumber(0), height: usize::MAX };
    search(projection, filter, *sort, near, &Stop::never(), |_| ()).unwrap_or_default()
}

/// How many new rows a view is without: pending rows of the last run that gave rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewHidden {
    /// That run.
    pub run: Option<RunNumber>,
    /// How many of its pending rows are not in the view.
    pub rows: u32,
}

impl NewHidden {
    /// Counts those that a view of a projection is without; every row of the view is looked at.
    #[must_use]
    pub fn of(projection: &Projection, view: &[u32]) -> Self {
        let (run, new) = (projection.counts().last_run(), projection.counts().new_rows());
        let seen = if new == 0 {
            0
        } else {
            view.iter()
                .filter_map(|row| projection.row(RowNumber(*row)))
                .filter(|row| is_new(row, run))
                .count()
        };
        Self { run, rows: new.saturating_sub(u32::try_from(seen).unwrap_or(u32::MAX)) }
    }

    /// Counts a row that came since and is not in the view.
    pub(crate) fn add(&mut self, row: &RowView<'_>, last: Option<RunNumber>) {
        if self.run != last {
            *self = Self { run: last, rows: 0 };
        }
        self.rows += u32::from(is_new(row, last));
    }
}

fn is_new(row: &RowView<'_>, last: Option<RunNumber>) -> bool {
    row.state().kind() == StateKind::Pending && row.run().map(|run| run.number) == last
}

/// Puts rows that stand in order of arrival into another order.
pub(super) fn ordered(projection: &Projection, mut rows: Vec<u32>, sort: Sort) -> Arc<[u32]> {
    match sort.key {
        SortKey::Arrival if sort.descending => rows.reverse(),
        SortKey::Arrival => {}
        // Non-negative floats sort like their bits, and novelty is 0 to 1.
        SortKey::Novelty => {
            by(projection, &mut rows, sort, |row| row.novelty().map(|novelty| novelty.max(0.0).to_bits()));
        }
        SortKey::Rating => {
            by(projection, &mut rows, sort, |row| {
                row.state().rating().map(|rating| u32::from(rating.stars()))
            });
        }
        SortKey::Length => {
            by(projection, &mut rows, sort, |row| u32::try_from(row.text().chars().count()).ok());
        }
        SortKey::State => by(projection, &mut rows, sort, |row| Some(row.state().kind() as u32)),
        SortKey::Prompt => {
            let versions = projection.versions().iter().zip(0..);
            let places: HashMap<VersionId, u32> =
                versions.map(|(version, place)| (version.id, place)).collect();
            by(projection, &mut rows, sort, |row| places.get(&row.shown_run()?.version).copied());
        }
    }
    rows.into()
}

/// Sorts rows by a figure; those without one come last, and equal ones stay in order of arrival.
fn by(
    projection: &Projection,
    rows: &mut [u32],
    sort: Sort,
    figure: impl Fn(RowView<'_>) -> Option<u32> + Sync,
) {
    /// Comes behind all figures.
    const NONE: u32 = u32::MAX;
    let keyed = |row: &u32| {
        let figure = projection.row(RowNumber(*row)).and_then(&figure).map(|figure| figure.min(NONE - 1));
        let key = figure.map_or(NONE, |figure| if sort.descending { NONE - 1 - figure } else { figure });
        (u64::from(key) << 32) | u64::from(*row)
    };
    let chunks: Vec<&[u32]> = rows.chunks(CHUNK).collect();
    let keyed = parallel::map(&chunks, |chunk| chunk.iter().map(keyed).collect::<Vec<u64>>());
    let mut keyed = keyed.concat();
    keyed.sort_unstable();
    for (row, keyed) in rows.iter_mut().zip(keyed) {
        // The low half is the row.
        *row = u32::try_from(keyed & u64::from(u32::MAX)).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Rating, Scores};

    /// Rows of novelty 0.3, none, 0.9, 0.3; the second has 2 stars, the fourth 5; the last is of v2.
    fn story() -> Story {
        let mut story = Story::default();
        story.version("one");
        let novelty = [Some(0.3), None, Some(0.9), Some(0.3)];
        let rows = ["four", "two 2", "a", "äöü"].into_iter().zip(novelty).map(|(text, novelty)| {
            let mut row = story.new_row(text, vec![]);
            row.scores = Scores { novelty, nearest: None };
            row
        });
        let rows = rows.collect();
        story.sampled_rows(rows);
        story.version("two");
        story.sampled(&["last one"]);
        for (row, stars) in [(1, 2), (3, 5)] {
            let rating = Rating::try_from(stars).ok();
            story.change(&[row], Change::Accept { rating, tags: vec![] });
        }
        story.change(&[0], Change::skip());
        story
    }

    fn seen(filter: &str, sort: &str) -> Vec<u32> {
        let view = view(&story().projection, &Filter::parse(filter).unwrap(), &sort.parse().unwrap());
        view.to_vec()
    }

    #[test]
    fn rows_stand_in_the_order_asked_for_and_equals_in_arrival_order() {
        assert_eq!(seen("", "arrival"), [0, 1, 2, 3, 4]);
        assert_eq!(seen("", "-arrival"), [4, 3, 2, 1, 0]);
        assert_eq!(seen("", "novelty"), [0, 3, 4, 2, 1]);
        assert_eq!(seen("", "-novelty"), [2, 4, 0, 3, 1]);
        assert_eq!(seen("", "-rating"), [3, 1, 0, 2, 4]);
        assert_eq!(seen("", "length"), [2, 3, 0, 1, 4]);
        assert_eq!(seen("", "state"), [2, 4, 1, 3, 0]);
        assert_eq!(seen("", "-prompt"), [4, 0, 1, 2, 3]);
    }

    #[test]
    fn the_new_rows_that_a_view_is_without_are_those_of_the_last_run_that_are_pending() {
        let mut story = story();
        story.sampled(&["new one", "new two", "new three"]);
        story.change(&[6], Change::reject());
        let hidden = |view: &[u32]| NewHidden::of(&story.projection, view).rows;
        assert_eq!((hidden(&[]), hidden(&[0, 4, 7]), hidden(&[7, 5])), (2, 1, 0));
    }

    #[test]
    fn only_rows_that_meet_the_filter_are_seen() {
        assert_eq!(seen("state:pending", "-arrival"), [4, 2]);
        assert_eq!(seen("rating>=1", "-rating"), [3, 1]);
        assert_eq!(seen("prompt:v2", "arrival"), [4]);
        assert!(seen("label:ham", "novelty").is_empty());
    }
}
