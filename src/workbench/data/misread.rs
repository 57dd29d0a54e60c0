//! The train rows that a classifier takes for another label when it was not trained with them.
//!
//! Logistic regression, labels weighed by how rare they are, five folds. Rows with equal texts are in the same fold, so
//! that no row is found because of its twin.

use std::collections::HashMap;

use super::train_rows;
use crate::classify::{Corpus, Features, FitOptions, Model};
use crate::dataset::Dataset;
use crate::domain::{Classifier, Misread, MisreadRow};
use crate::text::{SplitMix64, Stop, Stopped, TextHash};

/// The number of folds.
const FOLDS: usize = 5;
/// The fewest train rows, and the fewest labels, that anything is said about.
const LEAST_ROWS: usize = 20;
/// The rows that are listed at most.
const MOST: usize = 2000;
/// The gradient at which a fit ends: what is shown needs no more than two places.
const TOLERANCE: f64 = 1e-3;

/// Why it is not known which rows a classifier does not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unlearnable {
    /// There are too few train rows.
    #[error(
        "There are {0} train rows; at least {LEAST_ROWS} are needed to say what a classifier does not get."
    )]
    FewRows(usize),
    /// The train rows have one label.
    #[error(
        "All train rows have one label, so there is nothing that a classifier could take for something else."
    )]
    OneLabel,
    /// It was stopped.
    #[error("The search was stopped.")]
    Stopped,
}

impl From<Stopped> for Unlearnable {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// Finds the rows, for a target; equal datasets give equal rows.
///
/// # Errors
///
/// Where there are too few rows or labels, or it is stopped.
pub(crate) fn misread(dataset: &Dataset, target: &str, stop: &Stop) -> Result<Misread, Unlearnable> {
    let rows = train_rows(dataset);
    if rows.len() < LEAST_ROWS {
        return Err(Unlearnable::FewRows(rows.len()));
    }
    let labels: Vec<u32> = classes(dataset, &rows);
    if labels.iter().min() == labels.iter().max() {
        return Err(Unlearnable::OneLabel);
    }
    let texts: Vec<&str> = rows.iter().map(|row| dataset.text(*row)).collect();
    let corpus = Corpus::new(&texts);
    let folds = folds(dataset, &rows, &labels);
    let mut found = Found { dataset, target, rows: &rows, labels: &labels, misread: Misread::default() };
    for fold in 0..FOLDS {
        stop.check()?;
        let is_in = |place: &u32| folds.get(*place as usize) == Some(&fold);
        let places = 0..u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let (asked, train): (Vec<u32>, Vec<u32>) = places.partition(is_in);
        let features = Features::fit(&corpus, &train);
        let own: Vec<u32> = train.iter().filter_map(|place| labels.get(*place as usize).copied()).collect();
        let options = FitOptions { balanced: true, tolerance: TOLERANCE, ..FitOptions::default() };
        let matrix = features.rows(&corpus, &train);
        let model = Model::fit(Classifier::Lr, &matrix, &own, dataset.labels().len(), options, stop)?;
        let scores = model.scores(&features.rows(&corpus, &asked));
        for ((place, best), scores) in asked.iter().zip(scores.best()).zip(scores.iter()) {
            found.take(*place, best, scores);
        }
    }
    Ok(found.sorted())
}

/// Returns the label of each row, as its place among the dataset's labels.
fn classes(dataset: &Dataset, rows: &[u32]) -> Vec<u32> {
    let places: HashMap<&str, u32> = dataset.labels().iter().map(String::as_str).zip(0..).collect();
    rows.iter().filter_map(|row| places.get(dataset.label(*row)).copied()).collect()
}

/// Returns the fold of each row: each label is spread evenly, and equal texts stay together.
fn folds(dataset: &Dataset, rows: &[u32], labels: &[u32]) -> Vec<usize> {
    let mut groups: HashMap<TextHash, usize> = HashMap::new();
    let mut first: Vec<Vec<TextHash>> = vec![Vec::new(); dataset.labels().len()];
    for (row, label) in rows.iter().zip(labels) {
        let hash = dataset.hash(*row);
        if let (std::collections::hash_map::Entry::Vacant(new), Some(of_label)) =
            (groups.entry(hash), first.get_mut(*label as usize))
        {
            new.insert(0);
            of_label.push(hash);
        }
    }
    let mut random = SplitMix64::new(0);
    let mut next = 0;
    for mut of_label in first {
        random.shuffle(&mut of_label);
        for hash in of_label {
            groups.insert(hash, next % FOLDS);
            next += 1;
        }
    }
    rows.iter().map(|row| groups.get(&dataset.hash(*row)).copied().unwrap_or_default()).collect()
}

/// What was found so far.
struct Found<'d> {
    dataset: &'d Dataset,
    target: &'d str,
    rows: &'d [u32],
    labels: &'d [u32],
    misread: Misread,
}

impl Found<'_> {
    /// Takes what a classifier says of a row.
    fn take(&mut self, place: u32, best: u32, scores: &[f64]) {
        let (Some(&row), Some(&label)) = (self.rows.get(place as usize), self.labels.get(place as usize))
        else {
            return;
        };
        let is_wrong = best != label;
        let is_of_target = self.dataset.label(row) == self.target;
        let misread = &mut self.misread;
        misread.asked += 1;
        misread.wrong += u64::from(is_wrong);
        misread.of_target += u64::from(is_of_target);
        misread.target_wrong += u64::from(is_wrong && is_of_target);
        if is_wrong {
            misread.rows.push(MisreadRow {
                row,
                id: self.dataset.id(row).into_owned(),
                text: self.dataset.text(row).to_owned(),
                label: self.dataset.label(row).to_owned(),
                taken_for: self.dataset.labels().get(best as usize).cloned().unwrap_or_default(),
                sure: scores.get(best as usize).copied().unwrap_or_default(),
            });
        }
    }

    /// Returns the rows in the order in which they are shown: what is missed of the target, what is taken for it, the
    /// rest; the surest mistakes first.
    fn sorted(self) -> Misread {
        let Self { mut misread, target, .. } = self;
        let group = |row: &MisreadRow| match () {
            () if row.label == target => 0,
            () if row.taken_for == target => 1,
            () => 2,
        };
        misread
            .rows
            .sort_by(|a, b| group(a).cmp(&group(b)).then(b.sure.total_cmp(&a.sure)).then(a.row.cmp(&b.row)));
        misread.rows.truncate(MOST);
        misread
    }
}
