//! The share of decided rows that were accepted, with its confidence interval.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{Decisions, Interval, OfGenerator};

/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// How many rows were accepted and how many rejected; skipped ones count for neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Acceptance {
    /// Rows that were kept.
    pub accepted: u64,
    /// Rows that were dropped.
    pub rejected: u64,
}

/// An acceptance rate as printed: `{"rate":0.74,"low":0.61,"high":0.83}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AcceptanceFigures {
    /// The accepted share, 0 to 1; `None` before the first decision.
    pub rate: Option<f64>,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end of its 95 % interval.
    pub high: f64,
}

impl Acceptance {
    /// Counts accepted and rejected rows.
    #[must_use]
    pub const fn new(accepted: u64, rejected: u64) -> Self {
        Self { accepted, rejected }
    }

    /// Returns how many rows were accepted or rejected.
    #[must_use]
    pub const fn decided(self) -> u64 {
        self.accepted.saturating_add(self.rejected)
    }

    /// Returns the accepted share of the decided rows, 0 to 1; `None` before the first decision.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody decides 2^53 rows")]
    pub fn rate(self) -> Option<f64> {
        (self.decided() > 0).then(|| self.accepted as f64 / self.decided() as f64)
    }

    /// Returns the Wilson score interval of the rate at 95 % (Wilson 1927); 0 to 1 before any decision.
    ///
    /// With rate p, n decided rows and z = 1.96, the centre is (p + z²/2n) / (1 + z²/n) and the half-width
    /// is z √(p(1−p)/n + z²/4n²) / (1 + z²/n).
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody decides 2^53 rows")]
    pub fn interval(self) -> Interval {
        let Some(p) = self.rate() else {
            return Interval { low: 0.0, high: 1.0 };
        };
        let n = self.decided() as f64;
        let square = Z * Z;
        let scale = 1.0 + square / n;
        let centre = (p + square / (2.0 * n)) / scale;
        let half = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / scale;
        Interval { low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }

    /// Returns the rate with the ends of its interval, as JSON prints it.
    #[must_use]
    pub fn figures(self) -> AcceptanceFigures {
        let Interval { low, high } = self.interval();
        AcceptanceFigures { rate: self.rate(), low, high }
    }
}

impl From<Decisions> for Acceptance {
    fn from(decisions: Decisions) -> Self {
        Self::new(decisions.accepted.into(), decisions.rejected.into())
    }
}

impl fmt::Display for Acceptance {
    /// Writes `74 % [61–83]`, or a dash before the first decision.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(rate) = self.rate() else { return f.write_str("–") };
        let Interval { low, high } = self.interval();
        write!(f, "{:.0} % [{:.0}–{:.0}]", rate * 100.0, low * 100.0, high * 100.0)
    }
}

/// What the decisions on a version's rows say of its words.
///
/// Only decisions that were taken one by one are a measure: who accepts what a filter matches has not
/// judged each row. Rows of generators that do not read prompts say nothing of the words and are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct VersionAcceptance {
    /// The acceptance of the rows that were decided one by one.
    pub one_by_one: Acceptance,
    /// The rows that were decided in bulk.
    pub bulk: Acceptance,
    /// Whether the version has rows, all of a generator that does not read prompts.
    pub is_unread: bool,
}

impl VersionAcceptance {
    /// Returns the acceptance of a version over all its generators that read prompts.
    #[must_use]
    pub(crate) fn of(generators: &[OfGenerator]) -> Self {
        let read = || readers(generators);
        Self {
            one_by_one: read().map(|of| of.one_by_one).sum::<Decisions>().into(),
            bulk: read().map(|of| of.bulk).sum::<Decisions>().into(),
            is_unread: read().next().is_none() && !generators.is_empty(),
        }
    }

    /// Returns the acceptance for one provider and model, with the model's name, where several were decided
    /// one by one: the given one, or the one with the most decisions. With one alone it has no name.
    #[must_use]
    pub(crate) fn of_current<'a>(
        generators: &'a [OfGenerator],
        provider: &str,
        model: Option<&str>,
    ) -> (Option<&'a str>, Self) {
        let decided = || readers(generators).filter(|of| of.one_by_one.total() > 0);
        let current = decided().find(|of| of.is_from(provider, model));
        match current.or_else(|| decided().max_by_key(|of| of.one_by_one.total())) {
            Some(of) if decided().count() > 1 => {
                let name = of.model.as_deref().unwrap_or(&of.provider);
                (Some(name), Self::of(std::slice::from_ref(of)))
            }
            _ => (None, Self::of(generators)),
        }
    }
}

/// Returns the generators that read prompts.
pub(crate) fn readers(generators: &[OfGenerator]) -> impl Iterator<Item = &OfGenerator> {
    generators.iter().filter(|of| of.reads_prompts())
}

impl fmt::Display for VersionAcceptance {
    /// Writes `74 % [61–83] · +300 in bulk`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unread {
            return f.write_str("– offline rows only");
        }
        self.one_by_one.fmt(f)?;
        match self.bulk.decided() {
            0 => Ok(()),
            rows => write!(f, " · +{rows} in bulk"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Event, RowNumber, RowSet};

    fn of(story: &Story) -> &[OfGenerator] {
        let version = story.projection.versions().last().unwrap().id;
        story.projection.counts().by_generator(version)
    }

    fn said(story: &Story) -> String {
        VersionAcceptance::of(of(story)).to_string()
    }

    /// One version with four rows of `small` and four of `large`.
    fn two_models() -> Story {
        let mut story = Story::default();
        story.version("words");
        for model in ["small", "large"] {
            story.sampled_by("openai", Some(model), &["a", "b", "c", "d"]);
        }
        story
    }

    #[test]
    fn what_is_decided_in_bulk_stands_beside_what_is_decided_one_by_one() {
        let mut story = two_models();
        story.change(&[0], Change::accept());
        story.change(&[1], Change::reject());
        story.change(&[2, 3, 4], Change::accept());
        assert_eq!(said(&story), "50 % [9–91] · +3 in bulk");

        let rows = RowSet::one(RowNumber(5));
        story.add(Event::Changed { rows, change: Change::reject(), bulk: true });
        assert_eq!(said(&story), "50 % [9–91] · +4 in bulk", "a filter that matched one row");
        story.change(&[2], Change::accept());
        assert_eq!(said(&story), "67 % [21–94] · +3 in bulk", "looked at by itself");
        story.undo();
        story.undo();
        assert_eq!(said(&story), "50 % [9–91] · +3 in bulk");
        story.redo();
        story.redo();
        assert_eq!(said(&story), "67 % [21–94] · +3 in bulk");
    }

    #[test]
    fn rows_that_do_not_read_the_words_are_not_counted() {
        let mut story = Story::with_rows(2);
        assert_eq!(said(&story), "– offline rows only");
        story.change(&[0], Change::accept());
        assert_eq!(said(&story), "– offline rows only");
        story.sampled_by("openai", Some("small"), &["c", "d"]);
        assert_eq!(said(&story), "–");
        story.change(&[2], Change::accept());
        assert_eq!(said(&story), "100 % [21–100]");
        story.version("second");
        assert_eq!(said(&story), "–");
    }

    #[test]
    fn of_several_models_the_one_at_hand_is_shown_by_name() {
        let mut story = two_models();
        story.change(&[0], Change::accept());
        let current = |story: &Story, model| {
            let (name, acceptance) = VersionAcceptance::of_current(of(story), "openai", Some(model));
            (name.map(str::to_owned), acceptance.to_string())
        };
        assert_eq!(current(&story, "large"), (None, "100 % [21–100]".into()), "only one was decided");
        story.change(&[4], Change::reject());
        story.change(&[5], Change::reject());
        assert_eq!(current(&story, "small"), (Some("small".into()), "100 % [21–100]".into()));
        assert_eq!(current(&story, "large"), (Some("large".into()), "0 % [0–66]".into()));
        assert_eq!(current(&story, "other").0.as_deref(), Some("large"), "the one with most decisions");
        assert_eq!(said(&story), "33 % [6–79]");
    }

    #[test]
    fn nothing_is_known_before_the_first_decision() {
        let none = Acceptance::default();

        assert_eq!(none.rate(), None);
        assert_eq!(none.interval(), Interval { low: 0.0, high: 1.0 });
        assert_eq!(serde_json::to_string(&none.figures()).unwrap(), r#"{"rate":null,"low":0.0,"high":1.0}"#);
    }

    #[test]
    fn the_interval_holds_the_rate_and_narrows_with_more_rows() {
        let few = Acceptance::new(3, 1);
        let many = Acceptance::new(300, 100);

        for acceptance in [few, many, Acceptance::new(0, 9), Acceptance::new(9, 0)] {
            let Interval { low, high } = acceptance.interval();
            let rate = acceptance.rate().unwrap();
            assert!((0.0..=1.0).contains(&low) && low <= rate + 1e-12 && rate <= high + 1e-12 && high <= 1.0);
        }
        let width = |acceptance: Acceptance| acceptance.interval().high - acceptance.interval().low;
        assert!(width(many) < width(few) / 5.0);
    }

    #[test]
    fn a_single_accepted_row_proves_little() {
        let Interval { low, high } = Acceptance::new(1, 0).interval();

        assert!(low < 0.21 && high > 0.999, "{low} to {high}");
    }
}
