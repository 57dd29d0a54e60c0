//! The memory of a split, so that no row changes sides when the file changes.

use crate::domain::Scarce;
use crate::text::TextHash;

/// The text hashes of the train and test rows of all splits so far, and of those held back.
///
/// A test text never becomes a train text, and a train text, which a model may have seen,
/// never becomes a test text. A text that is held back stays so while the same number of rows
/// of the same label is known. The test side holds a hash once for *every* test row that
/// has it, so that the same file is split as before: of two equal texts, one a test row
/// and one set aside, the second does not become a test row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitMemory {
    test: Vec<TextHash>,
    train: Vec<TextHash>,
    held_back: Vec<TextHash>,
    scarce: Option<Scarce>,
}

impl SplitMemory {
    /// Creates a memory of hashes, in any order; one on both sides counts as a test row's.
    #[must_use]
    pub fn new(mut test: Vec<TextHash>, mut train: Vec<TextHash>) -> Self {
        test.sort_unstable();
        train.sort_unstable();
        train.dedup();
        train.retain(|hash| test.binary_search(hash).is_err());
        Self { test, train, held_back: Vec::new(), scarce: None }
    }

    /// Adds the texts that are held back, in any order, and what they are held back for. A text on the test side stays
    /// there, one on the train side is held back.
    #[must_use]
    pub fn with_held_back(self, mut held_back: Vec<TextHash>, scarce: Option<Scarce>) -> Self {
        let Self { test, mut train, .. } = self;
        held_back.sort_unstable();
        held_back.dedup();
        held_back.retain(|hash| test.binary_search(hash).is_err());
        train.retain(|hash| held_back.binary_search(hash).is_err());
        Self { test, train, held_back, scarce }
    }

    /// Returns the memory for a split that holds rows back for this: what was held back for anything else counts as
    /// train.
    pub(super) fn held_back_for(&self, scarce: Option<&Scarce>) -> Self {
        if self.scarce.as_ref() == scarce {
            return self.clone();
        }
        Self::new(self.test.clone(), [self.train.as_slice(), &self.held_back].concat())
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

    /// Returns the hashes of the texts that are held back, ascending, each once.
    #[must_use]
    pub fn held_back(&self) -> &[TextHash] {
        &self.held_back
    }

    /// Returns what rows are held back for.
    #[must_use]
    pub const fn scarce(&self) -> Option<&Scarce> {
        self.scarce.as_ref()
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

    /// Returns whether the text is held back.
    pub(super) fn has_held_back(&self, hash: TextHash) -> bool {
        self.held_back.binary_search(&hash).is_ok()
    }

    /// Returns the number of different texts.
    pub(super) fn texts(&self) -> usize {
        self.test.chunk_by(|a, b| a == b).count() + self.train.len() + self.held_back.len()
    }

    /// Returns the union of both, with each test text as often as in the one that has more of it. What texts are held
    /// back for is what the other one says.
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
        let held_back = [self.held_back.as_slice(), &other.held_back].concat();
        Self::new(test, [self.train.as_slice(), &other.train].concat())
            .with_held_back(held_back, other.scarce.clone())
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
    fn a_text_is_on_one_side_only_and_what_was_held_back_for_something_else_is_train() {
        let scarce = |known| Some(Scarce { label: "spam".into(), known });
        let memory =
            SplitMemory::new(hashes([1]), hashes([2, 3])).with_held_back(hashes([4, 3, 1, 4]), scarce(2));

        assert_eq!((memory.train(), memory.held_back()), (&*hashes([2]), &*hashes([3, 4])));
        assert_eq!(memory.texts(), 4);
        assert_eq!(memory.held_back_for(scarce(2).as_ref()), memory);
        for other in [None, scarce(3)] {
            let memory = memory.held_back_for(other.as_ref());
            assert_eq!(memory, SplitMemory::new(hashes([1]), hashes([2, 3, 4])));
        }
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
