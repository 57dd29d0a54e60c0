//! Chooses rows: so many of each label, and which of them are to train on.
//!
//! Every choice depends on a row's text and a seed alone, so that it is the same wherever the row stands.

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use super::error::ExportError;
use super::file::ExportRow;
use super::shape::Part;
use crate::text::{SplitMix64, TextHash};

/// How rows are split: the share that is to train on, and the seed of the choice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shares {
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
    pub(crate) fn new(train: f64, seed: u64) -> Result<Self, ExportError> {
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
pub(crate) struct Balance {
    /// The label.
    pub label: String,
    /// How many.
    pub amount: Amount,
}

/// An amount of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Amount {
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
///
/// Labels that are not named have the rest, whatever their proportions.
pub(super) fn balanced<'a>(
    rows: Vec<ExportRow<'a>>,
    balance: &[Balance],
    seed: u64,
) -> Result<(Vec<ExportRow<'a>>, Vec<String>), ExportError> {
    if balance.is_empty() {
        return Ok((rows, vec![]));
    }
    // The rows of each named label, and behind them those of all others.
    let mut groups: Vec<Vec<usize>> = vec![vec![]; balance.len() + 1];
    for (place, row) in rows.iter().enumerate() {
        let named = balance.iter().position(|balance| balance.label == row.label());
        groups[named.unwrap_or(balance.len())].push(place);
    }
    let sizes: Vec<_> = groups.iter().map(Vec::len).collect();
    let counts = counts(balance, &sizes)?;
    let mut kept: Vec<usize> = vec![];
    for (group, count) in groups.iter_mut().zip(&counts) {
        group.sort_by_cached_key(|place| (key(seed, &rows[*place].text()), *place));
        kept.extend(group.iter().take(*count));
    }
    kept.sort_unstable();
    let named = balance.iter().zip(&counts).map(|(balance, count)| format!("{count} `{}`", balance.label));
    let others = counts.last().filter(|count| **count > 0).map(|count| format!("{count} others"));
    let left_out = rows.len() - kept.len();
    let parts: Vec<_> = named.chain(others).collect();
    let said = (left_out > 0)
        .then(|| format!("To balance the labels ({}), {left_out} rows are left out.", parts.join(", ")));
    Ok((kept.into_iter().map(|place| rows[place]).collect(), said.into_iter().collect()))
}

/// Returns how many rows of each label are kept; `sizes` says how many there are, those of all other labels last.
///
/// With all `n` rows that are written, a share gives `share · n`, a count itself, and the others get the rest; `n` is
/// the largest for which there are enough of each.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of rows are far below 2^52, and none is negative"
)]
fn counts(balance: &[Balance], sizes: &[usize]) -> Result<Vec<usize>, ExportError> {
    let refused = |said: String| Err(ExportError::Refused(said));
    let (mut share, mut fixed) = (0.0, 0);
    let mut most = f64::INFINITY;
    for (place, Balance { label, amount }) in balance.iter().enumerate() {
        if balance[..place].iter().any(|before| before.label == *label) {
            return refused(format!("--balance names `{label}` twice; say once how many rows it gets."));
        }
        match *amount {
            Amount::Share(of_all) => {
                share += of_all;
                most = most.min(sizes[place] as f64 / of_all);
            }
            Amount::Count(count) if count > sizes[place] as u64 => {
                return refused(format!(
                    "--balance asks for {count} rows with the label `{label}`, and there are {}.",
                    sizes[place]
                ));
            }
            Amount::Count(count) => fixed += count,
        }
    }
    let (rest, others) = (1.0 - share, sizes.last().copied().unwrap_or_default());
    if share > 1.0 + 1e-9 {
        return refused("The shares of --balance add up to more than 1; lower some.".to_owned());
    }
    let all = if rest > 1e-9 { most.min((others as f64 + fixed as f64) / rest) } else { most };
    let left = all * rest - fixed as f64;
    let counts = balance.iter().zip(sizes).map(|(balance, size)| match balance.amount {
        Amount::Share(share) => ((share * all + 1e-9).round() as usize).min(*size),
        Amount::Count(count) => count as usize,
    });
    let counts: Vec<_> = counts.chain([(left.max(0.0).round() as usize).min(others)]).collect();
    let is_met =
        balance.iter().zip(&counts).all(|(balance, count)| *count > 0 || balance.amount == Amount::Count(0));
    if left < -1e-6 || !is_met {
        let found = balance.iter().zip(sizes).map(|(balance, size)| format!("{size} `{}`", balance.label));
        let found: Vec<_> = found.chain([format!("{others} others")]).collect();
        return refused(format!(
            "--balance cannot be met with the rows that there are ({}); change it, or add real rows with --with-real.",
            found.join(", ")
        ));
    }
    Ok(counts)
}

/// Gives each row its part: of every label the share that is to train on, as near as it can be. Equal texts are
/// always together, and a label with two texts or more has some in both parts.
pub(super) fn split(rows: Vec<ExportRow<'_>>, shares: Shares) -> Vec<(ExportRow<'_>, Option<Part>)> {
    let mut by_label: BTreeMap<&str, HashMap<TextHash, usize>> = BTreeMap::new();
    for row in &rows {
        *by_label.entry(row.label()).or_default().entry(TextHash::of(&row.text())).or_default() += 1;
    }
    let mut parts: HashMap<TextHash, Part> = HashMap::new();
    for texts in by_label.values() {
        let all: usize = texts.values().sum();
        let mut wanted = test_rows(all, shares.train);
        if texts.len() > 1 {
            wanted = wanted.clamp(1, all - 1);
        }
        let mut order: Vec<_> =
            texts.iter().map(|(text, rows)| (mixed(shares.seed, *text), *text, *rows)).collect();
        order.sort_unstable();
        let is_test = |text: &TextHash| parts.get(text) == Some(&Part::Test);
        let mut found: usize =
            order.iter().filter(|(_, text, _)| is_test(text)).map(|(_, _, rows)| rows).sum();
        let mut last = order.len();
        for (_, text, rows) in order {
            last -= 1;
            // The last one stays to train on where nothing else does.
            let fits = found < wanted && found + rows <= wanted.max(1) && (last > 0 || found > 0);
            let part = *parts.entry(text).or_insert(if fits { Part::Test } else { Part::Train });
            if part == Part::Test && fits {
                found += rows;
            }
        }
    }
    let part = |row: &ExportRow<'_>| parts.get(&TextHash::of(&row.text())).copied();
    rows.into_iter().map(|row| (row, part(&row))).collect()
}

/// Returns how many of a label's rows are to test with.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of rows are far below 2^52, and none is negative"
)]
fn test_rows(rows: usize, train: f64) -> usize {
    (rows as f64 * (1.0 - train)).round() as usize
}

fn key(seed: u64, text: &str) -> u64 {
    mixed(seed, TextHash::of(text))
}

fn mixed(seed: u64, text: TextHash) -> u64 {
    SplitMix64::new(seed).fork(text.0).next_u64()
}

#[cfg(test)]
mod tests;
