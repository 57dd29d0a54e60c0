//! The real rows of all labels; each label's model is built at its first use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::OfflineError;
use super::model::{Model, Rows};
use crate::text::{Stop, normalise};

/// The bytes of the label's rows, and of all other rows, that are read at most. Of more, rows at even
/// distances are taken, so that time and memory are bounded.
const MOST_BYTES: usize = 2 << 20;
/// The bytes that are read of one row at most.
const MOST_OF_ROW: usize = 64 << 10;
/// The fewest rows with different words that can be recombined: two rows can only stand one behind the
/// other.
const LEAST_ROWS: usize = 3;

/// The train rows that offline rows are made of. Built once per session, and shared.
pub struct Corpus {
    texts: BTreeMap<String, Vec<String>>,
    models: Mutex<BTreeMap<String, Arc<Model>>>,
}

impl Corpus {
    /// Stores the train rows as label and text, in the dataset's order. Nothing is computed yet.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (label, text) in rows {
            texts.entry(label).or_default().push(text);
        }
        Self { texts, models: Mutex::default() }
    }

    /// Returns the number of a label's real rows.
    pub(super) fn rows(&self, label: &str) -> usize {
        self.texts.get(label).map_or(0, Vec::len)
    }

    /// Returns the model of a label, building it at its first use.
    pub(super) fn model(&self, label: &str, stop: &Stop) -> Result<Arc<Model>, OfflineError> {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = models.get(label) {
            return Ok(Arc::clone(model));
        }
        let own = self.texts.get(label).into_iter().flatten();
        let others = self.texts.iter().filter(|(name, _)| *name != label).flat_map(|(_, texts)| texts);
        let rows = Rows { own: taken(own, stop)?, others: taken(others, stop)? };
        too_few(label, self.rows(label), &rows.own)?;
        let model = Arc::new(Model::new(&rows, stop)?);
        if model.sentences.is_empty() {
            return Err(OfflineError::said(format!(
                "The {} train rows of `{label}` have no sentence that could be joined with another: all are \
                 longer than {} characters without an end. The offline generator cannot write such rows; choose \
                 a model provider.",
                self.rows(label),
                super::sentences::MOST_CHARS
            )));
        }
        models.insert(label.to_owned(), Arc::clone(&model));
        Ok(model)
    }
}

/// Returns the rows that are read: all of them, or as many at even distances as are not too much.
fn taken<'a>(
    rows: impl Iterator<Item = &'a String> + Clone,
    stop: &Stop,
) -> Result<Vec<&'a str>, OfflineError> {
    let bytes: usize = rows.clone().map(|row| row.len().min(MOST_OF_ROW)).sum();
    let mut taken = Vec::new();
    for (at, row) in rows.enumerate() {
        if bytes > MOST_BYTES && at * MOST_BYTES / bytes == (at + 1) * MOST_BYTES / bytes {
            continue;
        }
        stop.check()?;
        let end = (0..=MOST_OF_ROW.min(row.len())).rev().find(|end| row.is_char_boundary(*end));
        taken.push(&row[..end.unwrap_or(0)]);
    }
    Ok(taken)
}

/// Says what is missing where a label has too few rows to recombine.
fn too_few(label: &str, rows: usize, own: &[&str]) -> Result<(), OfflineError> {
    let mut different = BTreeSet::new();
    own.iter().map(|text| normalise(text)).filter(|words| !words.is_empty()).any(|words| {
        different.insert(words);
        different.len() == LEAST_ROWS
    });
    let there = match (rows, different.len()) {
        (_, LEAST_ROWS..) => return Ok(()),
        (0, _) => format!("There is no train row of `{label}`"),
        (_, 0) => format!("There is no train row of `{label}` with words"),
        (1, _) => format!("There is only one train row of `{label}`"),
        (_, 1) => format!("All {rows} train rows of `{label}` have the same words"),
        (_, different) => format!("There are only {different} different train rows of `{label}`"),
    };
    Err(OfflineError::said(format!(
        "{there}. The offline generator joins parts of real rows and needs {LEAST_ROWS} different ones at least, and \
         twenty to write well. Add real rows of that label, or choose a model provider."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus(texts: &[&str]) -> Corpus {
        Corpus::new(texts.iter().map(|text| ("spam".to_owned(), (*text).to_owned())))
    }

    #[test]
    fn too_few_different_rows_are_said_with_what_to_do() {
        let refused = |texts: &[&str]| {
            let Err(OfflineError::Said(error)) = corpus(texts).model("spam", &Stop::never()) else {
                panic!("{texts:?} is enough")
            };
            error.to_string()
        };

        assert!(refused(&[]).starts_with("There is no train row of `spam`. The offline generator"));
        assert!(refused(&[" ", "\n"]).starts_with("There is no train row of `spam` with words."));
        assert!(refused(&["win now"]).starts_with("There is only one train row of `spam`."));
        assert!(refused(&["win now", "Win now!", "WIN  now"]).starts_with("All 3 train rows of `spam` have"));
        assert!(refused(&["win now", "call us", "win now"]).starts_with("There are only 2 different train"));
        assert!(refused(&["win now", "call us"]).ends_with("or choose a model provider."));
        assert!(corpus(&["win now", "call us", "stop it"]).model("spam", &Stop::never()).is_ok());
    }

    #[test]
    fn of_very_many_rows_some_at_even_distances_are_read_and_of_very_long_ones_the_beginning() {
        let many = vec!["x".repeat(1_000); 10_000];
        let read = taken(many.iter(), &Stop::never()).unwrap();
        assert!((2_000..=2_100).contains(&read.len()), "{}", read.len());

        let long = ["é".repeat(1 << 20), "short".into()];
        let read = taken(long.iter(), &Stop::never()).unwrap();
        assert_eq!((read[0].len(), read[1]), (MOST_OF_ROW, "short"));
    }

    #[test]
    fn a_model_that_is_stopped_while_it_is_built_is_built_anew_the_next_time() {
        let corpus = corpus(&["win now", "call us", "stop it"]);

        assert!(matches!(corpus.model("spam", &Stop::when(|| true)), Err(OfflineError::Stopped)));

        assert!(corpus.model("spam", &Stop::never()).is_ok());
    }
}
