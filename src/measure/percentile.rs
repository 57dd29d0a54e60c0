//! Percentiles of a sample.

use super::{place, real};
use crate::domain::Interval;

/// Returns the quantile of sorted numbers at a share from 0 to 1, between two of them in proportion (type 7 of Hyndman
/// and Fan 1996, as in R and `NumPy`); `None` of no numbers.
#[must_use]
pub fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = share.clamp(0.0, 1.0) * real(last as u64);
    let below = place(at).min(last);
    let (low, high) = (sorted.get(below)?, sorted.get((below + 1).min(last))?);
    Some(low + (at - at.floor()) * (high - low))
}

/// Returns the interval that leaves 2.5 % of the numbers out at either side; `None` of no numbers.
pub(super) fn middle_95(mut numbers: Vec<f64>) -> Option<Interval> {
    numbers.sort_by(f64::total_cmp);
    Some(Interval { low: percentile(&numbers, 0.025)?, high: percentile(&numbers, 0.975)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_numbers_a_percentile_is_in_proportion() {
        let numbers = [1.0, 2.0, 4.0];

        assert_eq!(percentile(&numbers, 0.0), Some(1.0));
        assert_eq!(percentile(&numbers, 0.5), Some(2.0));
        assert_eq!(percentile(&numbers, 0.75), Some(3.0));
        assert_eq!(percentile(&numbers, 1.0), Some(4.0));
        assert_eq!((percentile(&[], 0.5), percentile(&[7.0], 0.3)), (None, Some(7.0)));
    }
}
