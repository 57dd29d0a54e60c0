//! The vectors of texts as features, and of the models fitted on them.

use rowsmith::api::Stop;
use rowsmith::api::classify::{Classifier, Corpus, Features, FitOptions, Matrix, Model, multinomial_nb};
use serde_json::Value;

use super::Vector;

/// The texts of a vector, with the labels of its train rows as numbers in sorted order.
struct Texts {
    corpus: Corpus,
    features: Features,
    train: Matrix,
    query: Matrix,
    classes: Vec<String>,
    labels: Vec<u32>,
}

fn strings(value: &Value) -> Vec<String> {
    serde_json::from_value(value.clone()).unwrap()
}

/// Reads the texts; `fitted_on` are the rows that the vocabulary is taken from.
fn texts(vector: &Vector, fitted_on: &[String]) -> Texts {
    let [train, query] = ["train", "query"].map(|key| strings(&vector.input[key]));
    let all: Vec<&String> = fitted_on.iter().chain(&train).chain(&query).collect();
    let rows = |start: usize, count: usize| -> Vec<u32> {
        (start..start + count).map(|row| u32::try_from(row).unwrap()).collect()
    };
    let corpus = Corpus::new(&all);
    let features = Features::fit(&corpus, &rows(0, fitted_on.len()));
    let names = vector.input.get("labels").map(strings).unwrap_or_default();
    let mut classes = names.clone();
    classes.sort();
    classes.dedup();
    let label =
        |name: &String| u32::try_from(classes.iter().position(|class| class == name).unwrap()).unwrap();
    let labels = names.iter().map(label).collect();
    let train_rows = rows(fitted_on.len(), train.len());
    let query_rows = rows(fitted_on.len() + train.len(), query.len());
    Texts {
        train: features.rows(&corpus, &train_rows),
        query: features.rows(&corpus, &query_rows),
        corpus,
        features,
        classes,
        labels,
    }
}

fn own_texts(vector: &Vector) -> Texts {
    texts(vector, &strings(&vector.input["train"]))
}

impl Texts {
    fn fit(&self, kind: Classifier, balanced: bool) -> Model {
        let options = FitOptions { balanced, tolerance: 1e-8, ..FitOptions::default() };
        Model::fit(kind, &self.train, &self.labels, self.classes.len(), options, &Stop::never()).unwrap()
    }

    fn terms(&self) -> Vec<String> {
        self.features.terms(&self.corpus).map(|(term, _)| term).collect()
    }

    fn names(&self, classes: &[u32]) -> Vec<&str> {
        classes.iter().map(|&class| &*self.classes[class as usize]).collect()
    }
}

pub(crate) fn features_hold(vector: &Vector) {
    let texts = own_texts(vector);

    let mut vocabulary = texts.terms();
    vocabulary.sort();
    assert_eq!(vector.expected["vocab_sorted"], serde_json::json!(vocabulary));
    for (term, idf) in texts.features.terms(&texts.corpus) {
        vector.holds(&term, &vector.expected["idf"][&term], idf);
    }
    let terms = texts.terms();
    for (key, matrix, row) in
        [("train_row0", &texts.train, 0), ("query_row0", &texts.query, 0), ("query_row2", &texts.query, 2)]
    {
        let found: Vec<(usize, f64)> = matrix.iter().nth(row).unwrap().collect();
        assert_eq!(found.len(), vector.expected[key].as_object().unwrap().len(), "{key}");
        for (column, value) in found {
            vector.holds(&terms[column], &vector.expected[key][&terms[column]], value);
        }
    }
}

pub(crate) fn logistic_regression_holds(vector: &Vector) {
    let texts = own_texts(vector);

    let model = texts.fit(Classifier::Lr, false);

    assert_eq!(vector.expected["classes"], serde_json::json!(texts.classes));
    vector.holds("the intercept", &vector.expected["intercept"], model.biases()[0]);
    for (term, weight) in texts.terms().iter().zip(model.weights()) {
        vector.holds(term, &vector.expected["coef"][term], *weight);
    }
    let spam = model.scores(&texts.query).of(1);
    vector.all_hold("the probability", &vector.expected["proba_spam"], &spam);
}

pub(crate) fn balanced_regression_holds(vector: &Vector) {
    // The vocabulary of this vector is that of the features' vector.
    let all = super::vectors().into_iter().find(|other| other.name == "tfidf").unwrap();
    let texts = texts(vector, &strings(&all.input["train"]));

    let model = texts.fit(Classifier::Lr, true);

    vector.holds("the intercept", &vector.expected["intercept"], model.biases()[0]);
    let spam = model.scores(&texts.query).of(1);
    vector.all_hold("the probability", &vector.expected["proba_spam"], &spam);
}

pub(crate) fn multinomial_regression_holds(vector: &Vector) {
    let texts = own_texts(vector);

    let model = texts.fit(Classifier::Lr, false);

    vector.all_hold("the intercept", &vector.expected["intercept"], model.biases());
    let squares: f64 = model.weights().iter().map(|weight| weight * weight).sum();
    vector.holds("the length of all weights", &vector.expected["coef_norm"], squares.sqrt());
    let expected = vector.expected["proba"].as_array().unwrap();
    assert_eq!(expected.len(), texts.query.len());
    for (expected, found) in expected.iter().zip(model.scores(&texts.query).iter()) {
        vector.all_hold("the probability", expected, found);
    }
}

pub(crate) fn support_vector_machine_holds(vector: &Vector) {
    let texts = own_texts(vector);

    let model = texts.fit(Classifier::Svm, false);

    vector.holds("the intercept", &vector.expected["intercept"], model.biases()[0]);
    vector.all_hold("the margin", &vector.expected["decision"], &model.scores(&texts.query).of(1));
}

pub(crate) fn complement_bayes_holds(vector: &Vector) {
    let texts = own_texts(vector);

    let model = texts.fit(Classifier::Cnb, false);

    let classes = texts.classes.len();
    let expected = vector.expected["joint_log_likelihood"].as_array().unwrap();
    assert_eq!(expected.len(), texts.query.len());
    for (row, expected) in texts.query.iter().zip(expected) {
        let mut sums = vec![0.0; classes];
        for (column, value) in row {
            let weights = &model.weights()[column * classes..];
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += value * weight);
        }
        vector.all_hold("the joint log-likelihood", expected, &sums);
    }
    let found = model.scores(&texts.query).best();
    assert_eq!(vector.expected["pred"], serde_json::json!(texts.names(&found)));
}

pub(crate) fn multinomial_bayes_holds(vector: &Vector) {
    let texts = own_texts(vector);

    let found = multinomial_nb(&texts.train, &texts.labels, texts.classes.len(), &texts.query);

    let expected = vector.expected["log_proba"].as_array().unwrap();
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(&found) {
        vector.all_hold("the log-probability", expected, found);
    }
}
