//! The memory of a split, so that no row changes sides when the file changes.

use crate::text::TextHash;

/// The text hashes of the train and test rows of all splits so far.
///
/// A test text never becomes a train text, and a train text, which a model may have seen,
/// never becomes a test text. The test side holds a hash once for *every* test row that
/// has it, so that the same file is split as before: of two equal texts, one a test row
/// and one set aside, the second does not become a test row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitMemory {
    test: Vec<TextHash>,
    train: Vec<TextHash>,
}

impl SplitMemory {
    /// Creates a memory of hashes, in any order; one on both sides counts as a test row's.
    #[must_use]
    pub fn new(mut test: Vec<TextHash>, mut train: Vec<TextHash>) -> Self {
        test.sort_unstable();
        train.sort_unstable();
        train.dedup();
        train.retain(|hash| test.binary_search(hash).is_err());
        Self { test, train }
    }

    /// Returns the hashes of the test rows, ascending, one for each row.
    #[must_use]
    pub fn test(&self) -> &[TextHash] {
        &self.test
    }

    /// Returns the hashes of the train rows' texts, ascending, each once.
    #[must_use]
    pub fn train(&self) -> &[TextHash] {
        &self.train
    }

    /// Returns the number of test rows with this text.
    pub(super) fn tests_of(&self, hash: TextHash) -> usize {
        let start = self.test.partition_point(|other| *other < hash);
        let rest = self.test.get(start..).unwrap_or_default();
        rest.partition_point(|other| *other == hash)
    }

    /// Returns whether the text is one of a train row and of no test row.
    pub(super) fn has_train(&self, hash: TextHash) -> bool {
        self.train.binary_search(&hash).is_ok()
    }

    /// Returns the number of different texts.
    pub(super) fn texts(&self) -> usize {
        self.test.chunk_by(|a, b| a == b).count() + self.train.len()
    }

    /// Returns the union of both, with each test text as often as in the one that has more of it.
    pub(super) fn union(&self, other: &Self) -> Self {
        let mut test = Vec::with_capacity(self.test.len().max(other.test.len()));
        let (mut ours, mut theirs) = (self.test.iter().peekable(), other.test.iter().peekable());
        loop {
            let next = match (ours.peek(), theirs.peek()) {
                (Some(a), Some(b)) => **a.min(b),
                (Some(hash), None) | (None, Some(hash)) => **hash,
                (None, None) => break,
            };
            ours.next_if(|hash| **hash == next);
            theirs.next_if(|hash| **hash == next);
            test.push(next);
        }
        Self::new(test, [self.train.as_slice(), &other.train].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes<const N: usize>(numbers: [u64; N]) -> Vec<TextHash> {
        numbers.map(TextHash).to_vec()
    }

    #[test]
    fn a_hash_on_both_sides_counts_as_a_test_rows() {
        let memory = SplitMemory::new(hashes([3, 1, 3]), hashes([2, 3, 2]));

        assert_eq!(memory.test(), hashes([1, 3, 3]));
        assert_eq!(memory.train(), hashes([2]));
        assert_eq!([1, 2, 3, 4].map(|hash| memory.tests_of(TextHash(hash))), [1, 0, 2, 0]);
        assert!(memory.has_train(TextHash(2)) && !memory.has_train(TextHash(3)));
        assert_eq!(memory.texts(), 3);
    }

    #[test]
    fn a_union_forgets_nothing_and_counts_nothing_twice() {
        let old = SplitMemory::new(hashes([1, 1, 5]), hashes([2, 7]));
        let new = SplitMemory::new(hashes([1, 5, 5, 9]), hashes([2, 3]));

        let union = old.union(&new);

        assert_eq!(union, SplitMemory::new(hashes([1, 1, 5, 5, 9]), hashes([2, 3, 7])));
        assert_eq!(union, new.union(&old));
    }
}
