//! What the examples of a run's requests are drawn from.
//!
//! A pool is made when the run begins, so that what a person decides meanwhile changes no request of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::spread::Spread;
use crate::dataset::Dataset;
use crate::domain::{ExampleStrategy, Fields, Projection, RowId, RowView, StateKind, Timestamp};
use crate::template::ExampleValue;
use crate::text::{Shingles, SplitMix64, TextHash, normalise};
use crate::workbench::flagging::Side;

/// What an accepted row without a rating counts as.
const UNRATED: u8 = 3;

/// An accepted row of the session that may be an example.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OwnRow {
    pub(super) id: RowId,
    text: String,
    label: String,
    fields: BTreeMap<String, serde_json::Value>,
    stars: u8,
}

/// An example that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Drawn {
    /// A train row, as an index of the dataset.
    Real(u32),
    /// An accepted row of the session.
    Own(Arc<OwnRow>),
}

/// What the examples of a run are drawn from, as far as its strategy asks for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExamplePool {
    /// The train rows that a person made examples, of any label.
    pub(super) chosen: Arc<[u32]>,
    /// The train rows that a classifier takes for another label, of any label, ascending.
    pub(super) misread: Arc<[u32]>,
    pub(super) spread: Option<Arc<Spread>>,
    /// The accepted rows of the label, the best rated first.
    pub(super) accepted: Arc<[Arc<OwnRow>]>,
    /// The test rows, which no accepted row that is shown may be near to.
    pub(super) test: Option<Arc<Side>>,
}

impl Drawn {
    /// Returns its id: the dataset's, or that of the session's row.
    pub(crate) fn id(&self, dataset: &Dataset) -> String {
        match self {
            Self::Real(row) => dataset.id(*row).into_owned(),
            Self::Own(row) => row.id.to_string(),
        }
    }

    /// Returns its text.
    pub(crate) fn text<'a>(&'a self, dataset: &'a Dataset) -> &'a str {
        match self {
            Self::Real(row) => dataset.text(*row),
            Self::Own(row) => &row.text,
        }
    }

    /// Returns it as templates see it.
    pub(crate) fn value(&self, dataset: &Dataset) -> ExampleValue {
        match self {
            Self::Real(row) => ExampleValue {
                text: dataset.text(*row).to_owned(),
                label: dataset.label(*row).to_owned(),
                fields: BTreeMap::new(),
            },
            Self::Own(row) => {
                ExampleValue { text: row.text.clone(), label: row.label.clone(), fields: row.fields.clone() }
            }
        }
    }
}

impl OwnRow {
    /// Returns an accepted row of a label without any flag; `None` for others.
    fn of(row: &RowView<'_>, label: &str, before: Option<Timestamp>) -> Option<Self> {
        if row.state().kind() != StateKind::Accepted || row.label() != label || row.is_flagged() {
            return None;
        }
        let mark = row.mark();
        if !decided_before(mark.decided_at, before) {
            return None;
        }
        let fields =
            row.fields().0.into_iter().filter(|(name, _)| name != Fields::TEXT && name != Fields::LABEL);
        let fields =
            fields.map(|(name, value)| (name, serde_json::to_value(value).unwrap_or_default())).collect();
        let stars = mark.state.rating().map_or(UNRATED, crate::domain::Rating::stars);
        Some(Self { id: row.id(), text: row.text().to_owned(), label: label.to_owned(), fields, stars })
    }
}

/// Returns whether a decision was taken by a time; where none is given, it was.
pub(crate) fn decided_before(decided: Option<Timestamp>, before: Option<Timestamp>) -> bool {
    before.is_none_or(|before| decided.is_some_and(|decided| decided <= before))
}

/// Returns the accepted rows of a label that may be examples, the best rated first.
pub(super) fn accepted(rows: &Projection, label: &str, before: Option<Timestamp>) -> Arc<[Arc<OwnRow>]> {
    let mut found: Vec<_> =
        rows.rows().filter_map(|row| OwnRow::of(&row, label, before)).map(Arc::new).collect();
    found.sort_by_key(|row| std::cmp::Reverse(row.stars));
    found.into()
}

/// Returns whether a text equals or nearly equals a test row, or holds one of several words whole.
pub(crate) fn is_near_test(tested: &Side, text: &str) -> bool {
    let normal = normalise(text);
    tested.is_within(&normal)
        || tested.near(TextHash::of_normalised(&normal), &Shingles::of_normalised(&normal)).is_some()
}

impl ExamplePool {
    /// Draws examples of a label, none twice, as many as wanted where there are so many: first those that the strategy
    /// names, then any train rows.
    pub(crate) fn draw(
        &self,
        strategy: ExampleStrategy,
        (dataset, label): (&Dataset, &str),
        wanted: u32,
        random: &mut SplitMix64,
    ) -> Vec<Drawn> {
        let (rows, wanted) = (dataset.train_of(label), wanted as usize);
        let mut own = Vec::new();
        let mut real = Vec::new();
        match strategy {
            ExampleStrategy::Random => {}
            ExampleStrategy::Hard => {
                for some in [&self.chosen, &self.misread] {
                    let of_label = some.iter().filter(|row| rows.binary_search(row).is_ok());
                    let of_label: Vec<u32> = of_label.filter(|row| !real.contains(*row)).copied().collect();
                    let most = (real.len() + of_label.len()).min(wanted);
                    draw(&of_label, most, &mut real, random);
                }
            }
            ExampleStrategy::Diverse => {
                real = self.spread.as_ref().map(|spread| spread.draw(wanted, random)).unwrap_or_default();
            }
            ExampleStrategy::Accepted => own = self.draw_accepted(wanted, random),
        }
        draw(rows, (wanted - own.len()).min(rows.len()), &mut real, random);
        own.into_iter().map(Drawn::Own).chain(real.into_iter().map(Drawn::Real)).collect()
    }

    /// Draws accepted rows: the best rated ones, and among equals by seed.
    fn draw_accepted(&self, wanted: usize, random: &mut SplitMix64) -> Vec<Arc<OwnRow>> {
        let mut drawn = Vec::new();
        for equal in self.accepted.chunk_by(|a, b| a.stars == b.stars) {
            let mut left: Vec<&Arc<OwnRow>> = equal.iter().collect();
            while drawn.len() < wanted && !left.is_empty() {
                let row = left.swap_remove(random.below(left.len()));
                if !self.test.as_ref().is_some_and(|test| is_near_test(test, &row.text)) {
                    drawn.push(Arc::clone(row));
                }
            }
        }
        drawn
    }
}

/// Draws rows until so many are drawn, none twice; there have to be as many.
fn draw(rows: &[u32], wanted: usize, drawn: &mut Vec<u32>, random: &mut SplitMix64) {
    while drawn.len() < wanted {
        let row = rows[random.below(rows.len())];
        if !drawn.contains(&row) {
            drawn.push(row);
        }
    }
}
