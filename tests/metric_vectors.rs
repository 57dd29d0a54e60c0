//! Compares the program's figures with vectors that other programs computed.
//!
//! `fixtures/metric_vectors.json` names the program that each vector comes from. Metrics that are
//! not implemented yet are listed here by name, so that none is forgotten.

#![expect(clippy::unwrap_used, reason = "a fixture of another shape must fail the test")]

#[path = "metric_vectors/classifiers.rs"]
mod classifiers;
#[path = "metric_vectors/diversity.rs"]
mod diversity;
#[path = "metric_vectors/statistics.rs"]
mod statistics;

use std::collections::BTreeMap;

use rowsmith::api::Acceptance;
use rowsmith::api::{NEAR_DUPLICATE, NearIndex, Shingles, SplitMix64, TextHash, jaccard, words};
use serde_json::Value;

/// The metrics that are not implemented yet.
const LATER: [&str; 4] = ["bradley_terry", "cohen_kappa", "elo", "fisher_exact_two_sided"];

/// One vector of the file.
struct Vector {
    name: String,
    metric: String,
    input: Value,
    expected: Value,
    tolerance: f64,
}

fn vectors() -> Vec<Vector> {
    let file: Value = serde_json::from_str(include_str!("fixtures/metric_vectors.json")).unwrap();
    let vector = |vector: &Value| Vector {
        name: vector["name"].as_str().unwrap().to_owned(),
        metric: vector["metric"].as_str().unwrap().to_owned(),
        input: vector["input"].clone(),
        expected: vector["expected"].clone(),
        tolerance: vector["tolerance"].as_f64().unwrap(),
    };
    file["vectors"].as_array().unwrap().iter().map(vector).collect()
}

impl Vector {
    fn text(&self, key: &str) -> &str {
        self.input[key].as_str().unwrap()
    }

    fn count(&self, key: &str) -> u64 {
        self.input[key].as_u64().unwrap()
    }

    fn holds(&self, what: &str, expected: &Value, found: f64) {
        let expected = expected.as_f64().unwrap();
        let name = &self.name;
        let near = (expected - found).abs() <= self.tolerance;
        assert!(near, "{name}, {what}: {found} was found where {expected} is expected");
    }

    fn all_hold(&self, what: &str, expected: &Value, found: &[f64]) {
        let expected = expected.as_array().unwrap();
        assert_eq!(expected.len(), found.len(), "{}, {what}", self.name);
        expected.iter().zip(found).for_each(|(expected, found)| self.holds(what, expected, *found));
    }
}

#[test]
fn every_vector_of_a_built_metric_holds_and_the_others_are_listed() {
    let mut checked: BTreeMap<String, usize> = BTreeMap::new();
    for vector in vectors() {
        match vector.metric.as_str() {
            "tokenize" => tokens_hold(&vector),
            "splitmix64" => random_numbers_hold(&vector),
            "shingle_jaccard" => similarities_hold(&vector),
            "contamination" => contamination_holds(&vector),
            "wilson_interval" => interval_holds(&vector),
            "tfidf_word12_sublinear_smooth_l2" => classifiers::features_hold(&vector),
            "logreg_l2" => classifiers::logistic_regression_holds(&vector),
            "logreg_l2_balanced" => classifiers::balanced_regression_holds(&vector),
            "logreg_multinomial_l2" => classifiers::multinomial_regression_holds(&vector),
            "linear_svc_squared_hinge" => classifiers::support_vector_machine_holds(&vector),
            "complement_nb" => classifiers::complement_bayes_holds(&vector),
            "multinomial_nb" => classifiers::multinomial_bayes_holds(&vector),
            "classification_report" => statistics::report_holds(&vector),
            "average_precision" => statistics::average_precision_holds(&vector),
            "beta_binomial_p_b_better" => statistics::better_version_holds(&vector),
            "mcnemar" => statistics::mcnemar_holds(&vector),
            "paired_bootstrap" => statistics::bootstrap_holds(&vector),
            "paired_seeds_ci" => statistics::seeds_hold(&vector),
            "holm_bonferroni" => statistics::holm_holds(&vector),
            metric if diversity::holds(metric, &vector) => {}
            later => {
                assert!(LATER.contains(&later), "{later} is neither checked nor listed as later");
                continue;
            }
        }
        *checked.entry(vector.metric).or_default() += 1;
    }
    let checked: Vec<(&str, usize)> =
        checked.iter().map(|(metric, count)| (metric.as_str(), *count)).collect();
    let expected = [
        ("average_precision", 1),
        ("beta_binomial_p_b_better", 4),
        ("classification_report", 2),
        ("complement_nb", 1),
        ("compression_ratio", 3),
        ("contamination", 1),
        ("distinct_n", 4),
        ("fnv1a64", 1),
        ("holm_bonferroni", 1),
        ("ks_two_sample", 1),
        ("length_stats", 1),
        ("linear_svc_squared_hinge", 1),
        ("logreg_l2", 1),
        ("logreg_l2_balanced", 1),
        ("logreg_multinomial_l2", 1),
        ("lsh_candidate_probability", 2),
        ("mcnemar", 4),
        ("minhash128_char5", 3),
        ("multinomial_nb", 1),
        ("ngram_diversity_sum", 1),
        ("paired_bootstrap", 1),
        ("paired_seeds_ci", 1),
        ("rouge_l", 6),
        ("self_bleu", 4),
        ("self_repetition", 1),
        ("shingle_jaccard", 4),
        ("splitmix64", 1),
        ("tfidf_word12_sublinear_smooth_l2", 1),
        ("token_jsd", 1),
        ("tokenize", 1),
        ("vendi_score", 2),
        ("wilson_interval", 6),
    ];
    assert_eq!(checked, expected);
}

#[test]
fn a_metric_listed_as_later_has_vectors_that_wait_for_it() {
    let vectors = vectors();

    for later in LATER {
        assert!(vectors.iter().any(|vector| vector.metric == later), "{later} has no vector");
    }
}

fn tokens_hold(vector: &Vector) {
    let found: Vec<String> = words(vector.text("text")).collect();

    assert_eq!(serde_json::json!(found), vector.expected, "{}", vector.name);
}

fn random_numbers_hold(vector: &Vector) {
    let mut random = SplitMix64::new(vector.count("seed"));

    let found: Vec<String> = (0..vector.count("n")).map(|_| random.next_u64().to_string()).collect();

    assert_eq!(serde_json::json!(found), vector.expected, "{}", vector.name);
}

fn similarities_hold(vector: &Vector) {
    let (a, b) = (vector.text("a"), vector.text("b"));
    let of_words = |n| jaccard(&Shingles::of_words(a, n), &Shingles::of_words(b, n));
    let of_chars = jaccard(&Shingles::of(a), &Shingles::of(b));

    vector.holds("one word", &vector.expected["word_1"], of_words(1));
    vector.holds("three words", &vector.expected["word_3"], of_words(3));
    vector.holds("five characters", &vector.expected["char_5"], of_chars);
    assert_eq!(vector.expected["near_dup_char5_0.8"], of_chars >= NEAR_DUPLICATE, "{}", vector.name);
}

/// Checks equal and similar texts.
fn contamination_holds(vector: &Vector) {
    let rows = |key: &str| -> Vec<String> { serde_json::from_value(vector.input[key].clone()).unwrap() };
    let mut index = NearIndex::new();
    let held_out: Vec<TextHash> = rows("test_rows").iter().map(|text| TextHash::of(text)).collect();
    for text in rows("test_rows") {
        index.insert(&text);
    }
    let candidates = rows("candidates");
    let expected = vector.expected.as_array().unwrap();
    assert_eq!(candidates.len(), expected.len());

    for (text, expected) in candidates.iter().zip(expected) {
        let shingles = Shingles::of(text);
        let nearest = index.nearest(&shingles).map_or(0.0, |(_, similarity)| similarity);
        let near = index.any_at_least(&shingles, NEAR_DUPLICATE, |_| true).is_some();

        assert_eq!(expected["exact"], held_out.contains(&TextHash::of(text)), "{text:?}");
        assert_eq!(expected["near"], near, "{text:?}");
        vector.holds("the nearest text", &expected["best_char5_jaccard"], nearest);
        let best = rows("test_rows").iter().map(|row| diversity::rouge(text, row).f).fold(0.0, f64::max);
        vector.holds("the longest common subsequence", &expected["best_rouge_l_f1"], best);
    }
}

fn interval_holds(vector: &Vector) {
    let accepted = vector.count("accepted");
    let acceptance = Acceptance::new(accepted, vector.count("rated") - accepted);

    match acceptance.rate() {
        Some(rate) => vector.holds("the rate", &vector.expected["p"], rate),
        None => assert_eq!(vector.expected["p"], Value::Null, "{}", vector.name),
    }
    vector.holds("the lower end", &vector.expected["lo"], acceptance.interval().low);
    vector.holds("the upper end", &vector.expected["hi"], acceptance.interval().high);
}
