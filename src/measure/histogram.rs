//! How many texts have which length.

use crate::domain::LengthHistogram;

/// The most bins.
const MOST_BINS: usize = 16;

/// The widths that bins may have, times a power of ten.
const WIDTHS: [usize; 3] = [1, 2, 5];

/// Counts lengths in bins of one width, from 0 on. The last bin has no end: the longest hundredth of the texts may lie in it.
#[must_use]
pub(super) fn histogram(rows: &[usize], real: &[usize]) -> LengthHistogram {
    let longest = long(rows).max(long(real));
    let mut widths = (0..).flat_map(|power| WIDTHS.map(|width| width * 10_usize.saturating_pow(power)));
    let width = widths.find(|width| longest / width < MOST_BINS).unwrap_or(usize::MAX);
    let bins = longest / width + 1;
    let counted = |lengths: &[usize]| {
        let mut counts = vec![0; bins];
        lengths.iter().for_each(|length| counts[(length / width).min(bins - 1)] += 1);
        counts
    };
    let starts = (0..bins).map(|bin| (bin * width) as u64).collect();
    LengthHistogram { starts, rows: counted(rows), real: counted(real) }
}

/// Returns the length that 99 of 100 texts do not pass; 0 of nothing.
fn long(lengths: &[usize]) -> usize {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable();
    sorted.get((sorted.len() * 99 / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_in_one_bin_and_the_longest_ones_are_in_the_last() {
        let rows: Vec<usize> = (1..=100).collect();

        let found = histogram(&rows, &[3, 3, 250]);

        assert_eq!(found.starts.first(), Some(&0));
        assert!(found.starts.len() <= MOST_BINS);
        assert_eq!(found.starts.windows(2).map(|pair| pair[1] - pair[0]).max(), Some(20));
        assert_eq!((found.rows.iter().sum::<u64>(), found.real.iter().sum::<u64>()), (100, 3));
        assert_eq!((found.real[0], found.real.last()), (2, Some(&1)));
    }

    #[test]
    fn texts_without_words_and_no_texts_have_one_bin() {
        let found = histogram(&[0, 0], &[]);
        assert_eq!((found.starts, found.rows, found.real), (vec![0], vec![2], vec![0]));
    }
}
