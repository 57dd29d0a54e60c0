//! Holds the figures of diversity and distribution to their vectors.

use rowsmith::api::{
    Cut, MinHash, RougeL, Stop, VARIATION, WordNumbers, WordRows, candidate_probability, compare_words,
    compression_ratio, distinct_n, estimated_similarity, fnv1a64, kolmogorov_smirnov, length_figures,
    ngram_diversity, rouge_l, self_bleu, self_repetition, vendi,
};
use serde_json::Value;

use super::Vector;

/// Checks a vector and returns `true`, where its metric is one of these.
pub(super) fn holds(metric: &str, vector: &Vector) -> bool {
    match metric {
        "compression_ratio" => compression_holds(vector),
        "distinct_n" => {
            vector.holds("the share", &vector.expected, distinct_n(&rows(vector, "texts").0, length(vector)));
        }
        "fnv1a64" => hashes_hold(vector),
        "ks_two_sample" => length_test_holds(vector),
        "length_stats" => lengths_hold(vector),
        "lsh_candidate_probability" => probabilities_hold(vector),
        "minhash128_char5" => signatures_hold(vector),
        "ngram_diversity_sum" => {
            vector.holds("the sum", &vector.expected, ngram_diversity(&rows(vector, "texts").0));
        }
        "rouge_l" => rouge_holds(vector),
        "self_bleu" => bleu_holds(vector),
        "self_repetition" => {
            let texts = texts(vector, "texts");
            let rows = WordNumbers::default().rows(texts.iter().map(String::as_str), Cut::Blanks);
            vector.holds("the mean", &vector.expected, self_repetition(&rows));
        }
        "token_jsd" => words_hold(vector),
        "vendi_score" => {
            let (rows, numbers) = rows(vector, "texts");
            vector.holds("the score", &vector.expected["vendi_q1"], vendi(&rows, &numbers));
        }
        _ => return false,
    }
    true
}

fn texts(vector: &Vector, key: &str) -> Vec<String> {
    serde_json::from_value(vector.input[key].clone()).unwrap()
}

fn rows(vector: &Vector, key: &str) -> (WordRows, WordNumbers) {
    let (texts, mut numbers) = (texts(vector, key), WordNumbers::default());
    (numbers.rows(texts.iter().map(String::as_str), Cut::Words), numbers)
}

fn length(vector: &Vector) -> usize {
    usize::try_from(vector.count("n")).unwrap()
}

fn lengths(value: &Value) -> Vec<usize> {
    serde_json::from_value(value.clone()).unwrap()
}

/// Compares with a tolerance that is a share of the value: encoders differ by a few bytes.
fn compression_holds(vector: &Vector) {
    let texts = texts(vector, "texts");
    let found = compression_ratio(&texts.into_iter().collect(), &Stop::never()).unwrap();
    let expected = vector.expected["ratio"].as_f64().unwrap();
    assert!((found / expected - 1.0).abs() <= vector.tolerance, "{}: {found} for {expected}", vector.name);
}

fn hashes_hold(vector: &Vector) {
    let hashes: Vec<String> =
        texts(vector, "strings").iter().map(|text| fnv1a64(text.as_bytes()).to_string()).collect();
    assert_eq!(serde_json::json!(hashes), vector.expected, "{}", vector.name);
}

fn length_test_holds(vector: &Vector) {
    let test = kolmogorov_smirnov(&lengths(&vector.input["a"]), &lengths(&vector.input["b"])).unwrap();
    vector.holds("the distance", &vector.expected["statistic"], test.statistic);
    vector.holds("p", &vector.expected["p_exact"], test.p);
}

fn lengths_hold(vector: &Vector) {
    let (rows, expected) = (rows(vector, "texts").0, &vector.expected);
    let words: Vec<usize> = rows.iter().map(<[u32]>::len).collect();
    let chars: Vec<usize> = texts(vector, "texts").iter().map(|text| text.chars().count()).collect();
    assert_eq!((words.clone(), chars), (lengths(&expected["tokens"]), lengths(&expected["chars"])));
    let found = length_figures(&words).unwrap();
    vector.holds("the mean", &expected["mean"], found.mean);
    vector.holds("the median", &expected["median"], found.median);
    vector.holds("the standard deviation", &expected["sd_sample"], found.sd);
    vector.holds("the fifth percentile", &expected["p05"], found.p05);
    vector.holds("the 95th percentile", &expected["p95"], found.p95);
}

fn probabilities_hold(vector: &Vector) {
    let count = |key| u32::try_from(vector.count(key)).unwrap();
    let expected = vector.expected.as_array().unwrap();
    let similarities = vector.input["s"].as_array().unwrap();
    assert_eq!(similarities.len(), expected.len());
    for (similarity, expected) in similarities.iter().zip(expected) {
        let found = candidate_probability(similarity.as_f64().unwrap(), count("bands"), count("rows"));
        vector.holds("the probability", expected, found);
    }
}

fn signatures_hold(vector: &Vector) {
    let (minhash, expected) = (MinHash::default(), &vector.expected);
    let (a, b) = (minhash.signature(vector.text("a")), minhash.signature(vector.text("b")));
    let first = |signature: &[u64]| signature.iter().take(4).map(u64::to_string).collect::<Vec<_>>();
    assert_eq!(serde_json::json!(first(&a)), expected["sig_a_first4"], "{}", vector.name);
    assert_eq!(serde_json::json!(first(&b)), expected["sig_b_first4"], "{}", vector.name);
    let equal = a.iter().zip(&b).filter(|(x, y)| x == y).count();
    assert_eq!(serde_json::json!(equal), expected["matches_of_128"], "{}", vector.name);
    vector.holds("the estimate", &expected["estimate"], estimated_similarity(&a, &b));
}

/// Returns ROUGE-L of a text against a reference.
pub(super) fn rouge(text: &str, reference: &str) -> RougeL {
    let rows = WordNumbers::default().rows([text, reference], Cut::Ascii);
    rouge_l(rows.row(0), rows.row(1))
}

fn rouge_holds(vector: &Vector) {
    let (found, expected) = (rouge(vector.text("candidate"), vector.text("reference")), &vector.expected);
    vector.holds("precision", &expected["precision"], found.precision);
    vector.holds("recall", &expected["recall"], found.recall);
    vector.holds("F", &expected["f1"], found.f);
    assert_eq!(expected["novel_at_0.7"], found.f <= VARIATION, "{}", vector.name);
}

fn bleu_holds(vector: &Vector) {
    let found = self_bleu(&rows(vector, "texts").0, length(vector));
    let expected = vector.expected["per_text"].as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{}", vector.name);
    for (found, expected) in found.iter().zip(expected) {
        vector.holds("one text", expected, *found);
    }
}

fn words_hold(vector: &Vector) {
    let mut numbers = WordNumbers::default();
    let mut rows = |key| {
        let texts = texts(vector, key);
        numbers.rows(texts.iter().map(String::as_str), Cut::Words)
    };
    let (real, synthetic) = (rows("real"), rows("synthetic"));
    let found = compare_words(&synthetic, &real, &numbers).unwrap();
    let expected = &vector.expected;
    vector.holds("the divergence", &expected["jsd_bits"], found.jsd);
    vector.holds("the distance", &expected["js_distance"], found.jsd.sqrt());
    vector.holds("the Jaccard index", &expected["type_jaccard"], found.type_jaccard);
    vector.holds("words outside", &expected["synthetic_oov_token_rate"], found.oov_rate);
    vector.holds("the coverage", &expected["real_vocab_coverage_types"], found.coverage);
}
