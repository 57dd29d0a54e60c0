//! Figures of rows, compared.

use crate::curate::filter::{Comparison, Figure};
use crate::domain::{FieldValue, RowView};

impl Figure {
    /// Returns whether the figure is counted from the text.
    pub(super) const fn is_of_text(self) -> bool {
        matches!(self, Self::Length)
    }

    /// Returns the figure of a row, if it has one.
    fn of(self, row: &RowView<'_>) -> Option<f64> {
        match self {
            Self::Rating => row.state().rating().map(|rating| f64::from(rating.stars())),
            Self::Number => Some(f64::from(row.number().shown())),
            Self::Run => row.run().map(|run| f64::from(run.number.0)),
            #[expect(clippy::cast_precision_loss, reason = "no text has 2^52 characters")]
            Self::Length => Some(row.text().chars().count() as f64),
            Self::Novelty => row.novelty().map(f64::from),
        }
    }
}

/// Returns whether a figure of a row meets all comparisons; one that it lacks meets none.
pub(super) fn compares(figure: Figure, row: &RowView<'_>, comparisons: &[(Comparison, f64)]) -> bool {
    // Novelty is stored as `f32`: without this rounding 0.7 would not be at least 0.7.
    #[expect(clippy::cast_possible_truncation, reason = "the loss is what is wanted")]
    let bound = |bound: f64| if figure == Figure::Novelty { f64::from(bound as f32) } else { bound };
    let holds =
        |of_row: f64| comparisons.iter().all(|(comparison, other)| comparison.holds(of_row, bound(*other)));
    figure.of(row).is_some_and(holds)
}

/// Returns whether a figure of a row is between two others, or one of them.
pub(super) fn is_between(figure: Figure, row: &RowView<'_>, least: f64, most: f64) -> bool {
    compares(figure, row, &[(Comparison::AtLeast, least), (Comparison::AtMost, most)])
}

/// Returns whether a row has a figure.
pub(super) fn has(figure: Figure, row: &RowView<'_>) -> bool {
    figure.is_of_text() || figure.of(row).is_some()
}

/// Returns a field that is a number.
#[expect(clippy::cast_precision_loss, reason = "beyond 2^52 a comparison need not be exact")]
pub(super) fn field_figure(row: &RowView<'_>, name: &str) -> Option<f64> {
    match row.fields().0.get(name)? {
        FieldValue::Integer(number) => Some(*number as f64),
        FieldValue::Number(number) => Some(*number),
        FieldValue::Text(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        FieldValue::Boolean(_) => None,
    }
}
