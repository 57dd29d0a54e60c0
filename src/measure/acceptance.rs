//! The share of decided rows that were accepted, with its confidence interval.

use serde::{Deserialize, Serialize};

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

/// A 95 % confidence interval of a share; both ends are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
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

#[cfg(test)]
mod tests {
    use super::*;

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
