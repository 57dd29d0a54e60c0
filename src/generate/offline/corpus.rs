//! The real rows of all labels; each label's model is built at its first use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::lexicon::{Lexicon, Token};
use super::model::{Model, Readings};
use crate::generate::GeneratorError;

/// The train rows that offline rows are made of. Built once per session, and shared.
pub struct Corpus {
    texts: BTreeMap<String, Vec<String>>,
    learnt: Mutex<Option<Arc<Learnt>>>,
    models: Mutex<BTreeMap<String, Arc<Model>>>,
}

/// All rows as tokens, and their lexicon.
pub(super) struct Learnt {
    pub(super) lexicon: Lexicon,
    tokens: BTreeMap<String, Vec<Vec<Token>>>,
}

impl Corpus {
    /// Stores the train rows as label and text, in the dataset's order. Nothing is computed yet.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (label, text) in rows {
            texts.entry(label).or_default().push(text);
        }
        Self { texts, learnt: Mutex::new(None), models: Mutex::default() }
    }

    /// Returns a label's real rows.
    pub(super) fn texts(&self, label: &str) -> &[String] {
        self.texts.get(label).map_or(&[], Vec::as_slice)
    }

    /// Returns all rows as tokens.
    pub(super) fn learnt(&self) -> Arc<Learnt> {
        let mut learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(learnt.get_or_insert_with(|| Arc::new(self.learn())))
    }

    /// Returns the model of a label, building it at its first use.
    pub(super) fn model(&self, label: &str) -> Result<Arc<Model>, GeneratorError> {
        let own = self.texts(label);
        if own.iter().all(|text| text.trim().is_empty()) {
            return Err(GeneratorError::Exhausted(format!(
                "The offline generator has no train row of `{label}` to make rows of. \
                 Add real rows of that label, or choose a model provider."
            )));
        }
        let learnt = self.learnt();
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        let model = models.entry(label.to_owned()).or_insert_with(|| {
            let (mut own, mut others) = (Vec::new(), Vec::new());
            for (name, texts) in &self.texts {
                let rows =
                    texts.iter().map(String::as_str).zip(learnt.tokens[name].iter().map(Vec::as_slice));
                if name == label { own.extend(rows) } else { others.extend(rows) }
            }
            Arc::new(Model::new(&learnt.lexicon, &Readings { own, others }))
        });
        Ok(Arc::clone(model))
    }

    fn learn(&self) -> Learnt {
        let mut lexicon = Lexicon::new();
        let mut tokens = BTreeMap::new();
        for (label, texts) in &self.texts {
            let rows = texts.iter().map(|text| lexicon.learn(text)).collect();
            tokens.insert(label.clone(), rows);
        }
        Learnt { lexicon, tokens }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_without_rows_is_said_with_what_to_do() {
        let corpus =
            Corpus::new([("ham".to_owned(), "see you".to_owned()), ("void".to_owned(), " ".to_owned())]);

        for label in ["spam", "void"] {
            let error = corpus.model(label).unwrap_err().to_string();
            assert!(error.contains(&format!("no train row of `{label}`")), "{error}");
        }
        assert!(corpus.model("ham").is_ok());
    }
}
