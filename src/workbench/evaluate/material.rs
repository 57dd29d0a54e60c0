//! The rows that an evaluation is made of.

use crate::domain::LeftOut;

/// A text with the number of its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labelled {
    /// The text.
    pub text: String,
    /// Its class, a place in [`Material::classes`].
    pub class: u32,
}

/// An accepted row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AcceptedRow {
    /// Its text and its class, as they were edited.
    pub labelled: Labelled,
    /// What it came from: the prompt and the version as `v3` or `NAME@3`, else `imported`.
    pub version: String,
    /// The real train row that it equals or nearly equals, as a place in [`Material::base`].
    pub source: Option<u32>,
    /// What of the train rows whoever made it had seen.
    pub seen: Seen,
}

/// The train rows that whoever made a row had seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// All that are known: the built-in generator learns from them.
    All,
    /// These, as places in [`Material::base`]: what its prompt showed, and what was seen for the session's rows in it.
    Rows(Vec<u32>),
}

/// The rows of an evaluation, and what is known of those that are left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Material {
    /// The labels of all rows, sorted.
    pub classes: Vec<String>,
    /// The class that more rows are wanted of.
    pub target: u32,
    /// The real rows, in the order of their file: known train rows, test rows and those held back.
    pub base: Vec<Labelled>,
    /// The known train rows, as places in `base`, ascending.
    pub train: Vec<u32>,
    /// The test rows, as places in `base`, ascending.
    pub test: Vec<u32>,
    /// The target's rows that are held back, as places in `base`, ascending.
    pub held_back: Vec<u32>,
    /// The accepted rows, in the order in which they came.
    pub accepted: Vec<AcceptedRow>,
    /// Rows that are none of these.
    pub left_out: LeftOut,
    /// The seed of the session, from which all others are drawn.
    pub seed: u64,
}

/// Why rows cannot be evaluated; each message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is nothing to evaluate.
    #[error(
        "No accepted row can be evaluated{}. Accept rows first, with `a` on the screen or `rowsmith accept`.",
        except(*contaminating)
    )]
    NoAccepted {
        /// Accepted rows that contaminate the test rows.
        contaminating: u64,
    },
    /// The target has too few train rows to learn from.
    #[error(
        "The target `{target}` has {rows} known train rows, and an evaluation needs at least {least}: with fewer, a \
         classifier has nothing to be compared with. Add labelled rows of `{target}` to the dataset{}.",
        raise(*is_scarce)
    )]
    FewTrain {
        /// The target.
        target: String,
        /// Its train rows.
        rows: usize,
        /// How many there must be.
        least: usize,
        /// Whether rows are held back.
        is_scarce: bool,
    },
    /// The target has too few test rows to measure on.
    #[error(
        "The target `{target}` has {rows} test rows, and an evaluation needs at least {least} to measure anything. Make \
         the session anew with a larger `--test-fraction`, or add labelled rows of `{target}` to the dataset."
    )]
    FewTest {
        /// The target.
        target: String,
        /// Its test rows.
        rows: usize,
        /// How many there must be.
        least: usize,
    },
    /// All rows have the target label.
    #[error(
        "All {part} rows have the label `{target}`, so there is nothing to tell it from. An evaluation needs rows of \
         other labels too."
    )]
    OneClass {
        /// The target.
        target: String,
        /// Which rows: train or test.
        part: &'static str,
    },
}

fn except(contaminating: u64) -> String {
    match contaminating {
        0 => String::new(),
        1 => ": the one that there is contaminates the test rows".to_owned(),
        rows => format!(": the {rows} that there are contaminate the test rows"),
    }
}

const fn raise(is_scarce: bool) -> &'static str {
    if is_scarce { ", or make the session anew with a larger `scarce`" } else { "" }
}

/// Train rows of the target that an evaluation needs.
const LEAST_TRAIN: usize = 10;
/// Test rows of the target that an evaluation needs.
const LEAST_TEST: usize = 5;

impl Material {
    /// Returns the label of the target.
    pub(crate) fn target_label(&self) -> &str {
        self.classes.get(self.target as usize).map_or("", String::as_str)
    }

    /// Returns the class of a real row.
    pub(crate) fn class(&self, row: u32) -> u32 {
        self.base.get(row as usize).map_or(self.target, |row| row.class)
    }

    /// Returns those of some real rows that have the target label, or those that have another one.
    pub(crate) fn of_target<'a>(
        &'a self,
        rows: &'a [u32],
        is_target: bool,
    ) -> impl Iterator<Item = u32> + use<'a> {
        rows.iter().copied().filter(move |&row| (self.class(row) == self.target) == is_target)
    }

    /// Returns how many accepted rows have the target label.
    pub(crate) fn accepted_target(&self) -> usize {
        self.accepted.iter().filter(|row| row.labelled.class == self.target).count()
    }

    /// Checks that the rows can be evaluated.
    ///
    /// # Errors
    ///
    /// Where there are too few of a kind.
    pub(crate) fn check(&self) -> Result<(), Unfit> {
        let target = || self.target_label().to_owned();
        let [train, test] = [&self.train, &self.test].map(|rows| self.of_target(rows, true).count());
        if train < LEAST_TRAIN {
            let is_scarce = !self.held_back.is_empty();
            return Err(Unfit::FewTrain { target: target(), rows: train, least: LEAST_TRAIN, is_scarce });
        }
        if test < LEAST_TEST {
            return Err(Unfit::FewTest { target: target(), rows: test, least: LEAST_TEST });
        }
        for (rows, part) in [(&self.train, "train"), (&self.test, "test")] {
            if self.of_target(rows, false).next().is_none() {
                return Err(Unfit::OneClass { target: target(), part });
            }
        }
        if self.accepted.is_empty() {
            return Err(Unfit::NoAccepted { contaminating: self.left_out.contaminating });
        }
        Ok(())
    }
}
