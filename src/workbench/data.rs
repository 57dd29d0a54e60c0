//! What a dataset is like: its classes, repeats, contradictions and lengths, and what a classifier does not get in it.
//!
//! Of test rows only counts are said, and rows that are held back are counted and never read.

mod misread;

use std::collections::{BTreeMap, HashMap};

pub(super) use misread::Unlearnable;
pub(crate) use misread::misread;

use crate::dataset::{Dataset, LabelCounts, Part};
use crate::domain::{ClassRows, Conflict, DataReport, LENGTH_BINS, TextLengths};
use crate::measure::percentile;
use crate::text::{Stop, Stopped, TextHash, words};

/// The texts with several labels that are listed.
const CONFLICTS: usize = 1000;
/// The share of texts that the histograms show apart; the longest ones share the last bar.
const SHOWN: f64 = 0.99;

/// Counts a dataset.
///
/// # Errors
///
/// Where it is stopped.
pub(crate) fn data_report(dataset: &Dataset, stop: &Stop) -> Result<DataReport, Stopped> {
    let lengths = lengths(dataset, stop)?;
    let longest = longest(&lengths);
    let of_label = |(label, counts): (&String, &LabelCounts)| ClassRows {
        label: label.clone(),
        train: counts.train as u64,
        test: counts.test as u64,
        validation: counts.validation as u64,
        held_back: counts.held_back as u64,
        lengths: lengths
            .get(label.as_str())
            .map_or_else(TextLengths::default, |words| histogram(words, longest)),
    };
    let mut classes: Vec<ClassRows> =
        dataset.labels().iter().zip(dataset.label_counts()).map(of_label).collect();
    classes.sort_by(|a, b| b.train.cmp(&a.train).then_with(|| a.label.cmp(&b.label)));
    let texts = texts(dataset, stop)?;
    let repeated: Vec<u64> =
        texts.values().map(Vec::len).filter(|rows| *rows > 1).map(|rows| rows as u64).collect();
    Ok(DataReport {
        classes,
        left_out: dataset.left_out() as u64,
        unlabelled: dataset.unlabelled() as u64,
        repeated: repeated.iter().map(|rows| rows - 1).sum(),
        repeated_texts: repeated.len() as u64,
        set_aside: dataset.report().set_aside as u64,
        conflicts: conflicts(dataset, &texts),
        alike: alike(dataset.labels()),
        longest: longest as u64,
    })
}

/// Returns the rows of each text among the train rows, ascending.
fn texts(dataset: &Dataset, stop: &Stop) -> Result<HashMap<TextHash, Vec<u32>>, Stopped> {
    let mut texts: HashMap<TextHash, Vec<u32>> = HashMap::new();
    for label in dataset.labels() {
        stop.check()?;
        for row in dataset.train_of(label) {
            texts.entry(dataset.hash(*row)).or_default().push(*row);
        }
    }
    texts.values_mut().for_each(|rows| rows.sort_unstable());
    Ok(texts)
}

/// Returns the texts that have several labels, in the order of the file.
fn conflicts(dataset: &Dataset, texts: &HashMap<TextHash, Vec<u32>>) -> Vec<Conflict> {
    let mut found: Vec<(u32, Conflict)> = Vec::new();
    for rows in texts.values() {
        let mut labels: BTreeMap<&str, u64> = BTreeMap::new();
        for row in rows {
            *labels.entry(dataset.label(*row)).or_default() += 1;
        }
        if let Some(first) = rows.first().filter(|_| labels.len() > 1) {
            let mut labels: Vec<(String, u64)> =
                labels.into_iter().map(|(label, rows)| (label.to_owned(), rows)).collect();
            labels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            found.push((*first, Conflict { text: dataset.text(*first).to_owned(), labels }));
        }
    }
    found.sort_by_key(|(row, _)| *row);
    found.into_iter().take(CONFLICTS).map(|(_, conflict)| conflict).collect()
}

/// Returns the labels that differ in case or blanks only.
fn alike(labels: &[String]) -> Vec<Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for label in labels {
        let bare: String =
            label.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        groups.entry(bare).or_default().push(label.clone());
    }
    groups.into_values().filter(|labels| labels.len() > 1).collect()
}

/// Returns how many words the train rows of each label have, ascending.
fn lengths<'d>(dataset: &'d Dataset, stop: &Stop) -> Result<HashMap<&'d str, Vec<f64>>, Stopped> {
    let mut lengths = HashMap::new();
    for label in dataset.labels() {
        let mut counts = Vec::new();
        for row in dataset.train_of(label) {
            stop.check()?;
            counts.push(real(words(dataset.text(*row)).count()));
        }
        counts.sort_by(f64::total_cmp);
        lengths.insert(label.as_str(), counts);
    }
    Ok(lengths)
}

/// Returns the words from which on a text is in the last bar.
fn longest(lengths: &HashMap<&str, Vec<f64>>) -> usize {
    let mut all: Vec<f64> = lengths.values().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let most = percentile(&all, SHOWN).unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a count of words")]
    let most = most.ceil() as usize;
    most.next_multiple_of(LENGTH_BINS).max(LENGTH_BINS)
}

fn histogram(words: &[f64], longest: usize) -> TextLengths {
    let at = |share| percentile(words, share).unwrap_or_default();
    let mut bars = vec![0; LENGTH_BINS];
    for count in words {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a count of words")]
        let bar = (*count as usize * LENGTH_BINS / longest).min(LENGTH_BINS - 1);
        if let Some(bar) = bars.get_mut(bar) {
            *bar += 1;
        }
    }
    TextLengths { median: at(0.5), low: at(0.05), high: at(0.95), bars }
}

#[expect(clippy::cast_precision_loss, reason = "no text has 2^53 words")]
const fn real(count: usize) -> f64 {
    count as f64
}

/// Returns all train rows, ascending.
fn train_rows(dataset: &Dataset) -> Vec<u32> {
    let mut rows: Vec<u32> =
        dataset.labels().iter().flat_map(|label| dataset.train_of(label).iter().copied()).collect();
    rows.sort_unstable();
    debug_assert!(rows.iter().all(|row| dataset.part(*row) == Part::Train));
    rows
}

#[cfg(test)]
mod tests;
