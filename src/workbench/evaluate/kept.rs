//! Results of training sets, kept by their content.
//!
//! A set's key is the hash of all that its results depend on: the real rows, the added ones, the seed, the classifier,
//! and [`ALGORITHM`]. So a changed decision leaves the results of the sets without accepted rows as they are, and what
//! is kept never has to be cleared.

use super::fitting::Outcome;
use super::training::{Added, share};
use super::{AcceptedRow, Labelled, Material};
use crate::domain::Classifier;

/// Changes whenever equal rows may give other results than before.
const ALGORITHM: &str = "rowsmith evaluation 1";
/// The first bytes of kept results.
const MAGIC: &[u8; 8] = b"RSEVAL1\n";

/// Where results are kept. What is not found is computed again, so nothing here fails.
pub(crate) trait Keep {
    /// Returns what was kept under a key.
    fn find(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps something under a key.
    fn keep(&self, key: &str, bytes: &[u8]);
}

/// Keeps nothing.
impl Keep for () {
    fn find(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    fn keep(&self, _: &str, _: &[u8]) {}
}

/// Hashes texts and numbers, each with its length, so that none runs into the next.
struct Hash(blake3::Hasher);

impl Hash {
    fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.0.update(&number.to_le_bytes());
        self
    }

    fn labelled(&mut self, row: &Labelled) -> &mut Self {
        self.text(&row.text).number(u64::from(row.class))
    }

    fn accepted<'r>(&mut self, rows: impl Iterator<Item = &'r AcceptedRow>) -> &mut Self {
        for row in rows {
            self.labelled(&row.labelled).number(row.source.map_or(u64::MAX, u64::from));
        }
        self
    }

    fn end(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// The hash of the real rows, from which the keys of all sets are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RealKey(String);

impl RealKey {
    pub(super) fn of(material: &Material, model: Classifier) -> Self {
        let mut hash = Hash(blake3::Hasher::new());
        hash.text(ALGORITHM).text(model.name()).number(material.seed).number(u64::from(material.target));
        for class in &material.classes {
            hash.text(class);
        }
        for row in &material.base {
            hash.labelled(row);
        }
        for part in [&material.train, &material.test, &material.held_back] {
            hash.number(part.len() as u64);
            for &row in part {
                hash.number(u64::from(row));
            }
        }
        Self(hash.end())
    }

    /// Returns the key of a training set.
    pub(super) fn set(&self, material: &Material, added: &Added) -> String {
        let mut hash = Hash(blake3::Hasher::new());
        hash.text(&self.0);
        let count = material.accepted_target() as u64;
        match added {
            Added::Nothing | Added::Weights => hash.text(&added.name()),
            Added::Copies | Added::Edits | Added::HeldBack => hash.text(&added.name()).number(count),
            Added::Accepted => hash.text("accepted").accepted(material.accepted.iter()),
            Added::Share(percent) => {
                let rows = share(material.accepted.len(), *percent) as u64;
                hash.text("share").number(rows).accepted(material.accepted.iter())
            }
            Added::Version(version) => {
                let own = material.accepted.iter().filter(|row| row.version == *version);
                hash.text("version").accepted(own)
            }
        };
        hash.end()
    }

    /// Returns the key of all that is looked at on the test rows at once.
    pub(super) fn whole(&self, material: &Material, seeds: u32, arms: &[&str]) -> String {
        let mut hash = Hash(blake3::Hasher::new());
        hash.text(&self.0).number(u64::from(seeds)).accepted(material.accepted.iter());
        for arm in arms {
            hash.text(arm);
        }
        hash.end()
    }
}

/// Returns the results of a set as bytes.
pub(super) fn to_bytes(outcomes: &[Outcome]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    let mut number = |number: u64| bytes.extend_from_slice(&number.to_le_bytes());
    number(outcomes.len() as u64);
    number(outcomes.first().map_or(0, |outcome| outcome.scores.len()) as u64);
    for outcome in outcomes {
        number(u64::from(outcome.threshold.is_some()));
        number(outcome.threshold.unwrap_or_default().to_bits());
        outcome.scores.iter().for_each(|score| number(score.to_bits()));
        let classes = outcome.best.iter().zip(&outcome.other);
        classes.for_each(|(best, other)| number(u64::from(*best) << 32 | u64::from(*other)));
    }
    bytes
}

/// Returns the results in bytes of [`to_bytes`], where they are about so many test rows and so many classes.
pub(super) fn from_bytes(bytes: &[u8], test_rows: usize, classes: usize) -> Option<Vec<Outcome>> {
    let (words, []) = bytes.strip_prefix(MAGIC)?.as_chunks::<8>() else { return None };
    let mut numbers = words.iter().map(|word| u64::from_le_bytes(*word));
    let (seeds, rows) = (usize::try_from(numbers.next()?).ok()?, usize::try_from(numbers.next()?).ok()?);
    if rows != test_rows || numbers.len() != seeds.checked_mul(rows.checked_mul(2)?.checked_add(2)?)? {
        return None;
    }
    let mut outcomes = Vec::with_capacity(seeds);
    for _ in 0..seeds {
        let (is_tuned, threshold) = (numbers.next()? == 1, f64::from_bits(numbers.next()?));
        let scores: Vec<f64> = numbers.by_ref().take(rows).map(f64::from_bits).collect();
        let (mut best, mut other) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        for pair in numbers.by_ref().take(rows) {
            let [high, low] = [pair >> 32, pair & u64::from(u32::MAX)].map(|class| u32::try_from(class).ok());
            let (high, low) = (high?, low?);
            if high as usize >= classes || low as usize >= classes {
                return None;
            }
            best.push(high);
            other.push(low);
        }
        outcomes.push(Outcome { scores, best, other, threshold: is_tuned.then_some(threshold) });
    }
    Some(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::evaluate::fixtures::material;

    fn outcomes() -> Vec<Outcome> {
        let outcome = |threshold| Outcome {
            scores: vec![0.1, f64::NEG_INFINITY, 1.0 / 3.0],
            best: vec![0, 1, 2],
            other: vec![2, 0, 0],
            threshold,
        };
        vec![outcome(Some(0.25)), outcome(None)]
    }

    #[test]
    fn results_come_back_to_the_last_digit_and_damaged_ones_do_not() {
        let bytes = to_bytes(&outcomes());

        assert_eq!(from_bytes(&bytes, 3, 3), Some(outcomes()));
        assert_eq!(from_bytes(&to_bytes(&[]), 0, 3), Some(vec![]));
        assert_eq!(from_bytes(&bytes, 4, 3), None, "of other test rows");
        assert_eq!(from_bytes(&bytes, 3, 2), None, "of other classes");
        for end in 0..bytes.len() {
            assert_eq!(from_bytes(&bytes[..end], 3, 3), None);
        }
        let huge = [MAGIC.as_slice(), &u64::MAX.to_le_bytes(), &3_u64.to_le_bytes()].concat();
        assert_eq!(from_bytes(&huge, 3, 3), None);
    }

    fn keys(material: &Material, model: Classifier) -> Vec<String> {
        let real = RealKey::of(material, model);
        let sets = [
            Added::Nothing,
            Added::Weights,
            Added::Copies,
            Added::Edits,
            Added::HeldBack,
            Added::Accepted,
            Added::Share(50),
            Added::Version("v1".into()),
            Added::Version("v2".into()),
        ];
        sets.iter().map(|added| real.set(material, added)).collect()
    }

    /// Returns which sets have to be computed anew, in the order of [`keys`].
    fn anew(change: impl Fn(&mut Material)) -> Vec<usize> {
        let before = material();
        let mut after = before.clone();
        change(&mut after);
        let pairs = keys(&before, Classifier::Lr).into_iter().zip(keys(&after, Classifier::Lr)).enumerate();
        pairs.filter(|(_, (before, after))| before != after).map(|(place, _)| place).collect()
    }

    #[test]
    fn another_text_of_an_accepted_row_changes_only_the_sets_that_hold_it() {
        let of_first = material().accepted[0].version.clone();
        assert_eq!(of_first, "v1");
        assert_eq!(anew(|material| material.accepted[0].labelled.text.push('!')), [5, 6, 7]);
    }

    #[test]
    fn one_accepted_row_less_changes_how_many_copies_there_are_too() {
        let without = |material: &mut Material| drop(material.accepted.remove(0));
        assert_eq!(anew(without), [2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn another_seed_or_dataset_changes_all_and_another_time_of_a_version_nothing() {
        let all: Vec<usize> = (0..9).collect();
        assert_eq!(anew(|material| material.seed += 1), all);
        assert_eq!(anew(|material| material.base[0].text.push('!')), all);
        assert_eq!(anew(|material| material.base[0].class ^= 1), all);
        assert_eq!(anew(|material| material.train.truncate(5)), all);
        assert_eq!(anew(|material| material.left_out.set_aside += 1), [0_usize; 0]);
        assert_ne!(keys(&material(), Classifier::Lr)[0], keys(&material(), Classifier::Svm)[0]);
    }
}
