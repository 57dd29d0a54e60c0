//! The vectors of a classifier's figures and of tests.

use rowsmith::api::Acceptance;
use rowsmith::api::measure::{
    PairedT, Posterior, REPLICATES, Ranking, Report, SignedRanks, bootstrap, brier, holm, mcnemar,
    percentile, spread,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Vector;

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

pub(crate) fn better_version_holds(vector: &Vector) {
    let of =
        |accepted, rejected| Posterior::of(Acceptance::new(vector.count(accepted), vector.count(rejected)));
    let (a, b) = (of("a_accept", "a_reject"), of("b_accept", "b_reject"));

    vector.holds("the probability", &vector.expected["p_b_gt_a"], b.beats(a));
    vector.holds("the mean of A", &vector.expected["post_mean_a"], a.mean());
    vector.holds("the mean of B", &vector.expected["post_mean_b"], b.mean());
    vector.all_hold("the interval", &vector.expected["ci95_a"], &[a.interval().low, a.interval().high]);
}

pub(crate) fn report_holds(vector: &Vector) {
    let [truth, predicted]: [Vec<String>; 2] = ["y_true", "y_pred"].map(|key| read(&vector.input[key]));
    let labels: Vec<String> = read(&vector.expected["labels"]);
    let class =
        |name: &String| u32::try_from(labels.iter().position(|label| label == name).unwrap()).unwrap();
    let classes = |names: &[String]| -> Vec<u32> { names.iter().map(class).collect() };

    let report = Report::of(&classes(&truth), &classes(&predicted), labels.len());

    let each = |figure: fn(&Report, u32) -> f64| -> Vec<f64> {
        labels.iter().map(|label| figure(&report, class(label))).collect()
    };
    let optional = [
        ("micro_f1", report.micro_f1()),
        ("weighted_f1", report.weighted_f1()),
        ("balanced_accuracy", report.balanced_accuracy()),
    ];
    vector.all_hold("F1", &vector.expected["f1"], &each(Report::f1));
    vector.holds("macro F1", &vector.expected["macro_f1"], report.macro_f1());
    vector.holds("MCC", &vector.expected["mcc"], report.mcc());
    if vector.input.get("score_spam").is_none() {
        return;
    }
    assert_eq!(vector.expected["confusion"], serde_json::json!(report.confusion()));
    vector.all_hold("precision", &vector.expected["precision"], &each(Report::precision));
    vector.all_hold("recall", &vector.expected["recall"], &each(Report::recall));
    for (name, found) in optional {
        vector.holds(name, &vector.expected[name], found);
    }
    let scores: Vec<f64> = read(&vector.input["score_spam"]);
    let is_spam: Vec<bool> = truth.iter().map(|label| label == "spam").collect();
    let ranking = Ranking::of(&is_spam, &scores);
    vector.holds("AP", &vector.expected["average_precision_spam"], ranking.average_precision());
    vector.holds("ROC-AUC", &vector.expected["roc_auc_spam"], ranking.roc_auc());
    vector.holds("Brier", &vector.expected["brier"], brier(&is_spam, &scores));
}

fn bits(value: &Value) -> Vec<bool> {
    read::<Vec<u8>>(value).iter().map(|&bit| bit == 1).collect()
}

pub(crate) fn average_precision_holds(vector: &Vector) {
    let scores: Vec<f64> = read(&vector.input["score"]);

    let ranking = Ranking::of(&bits(&vector.input["y"]), &scores);

    vector.holds("AP", &vector.expected, ranking.average_precision());
}

/// Checks the exact test; the one with a chi-squared distribution is not used.
pub(crate) fn mcnemar_holds(vector: &Vector) {
    let found = mcnemar(vector.count("b_only_A_right"), vector.count("c_only_B_right"));

    vector.holds("p", &vector.expected["p_exact"], found);
}

pub(crate) fn bootstrap_holds(vector: &Vector) {
    let [truth, a, b] = ["y", "pred_a", "pred_b"].map(|key| bits(&vector.input[key]));
    let f1 = |predicted: &[bool], counts: &[u32]| {
        let (mut right, mut sum) = (0, 0);
        for ((&truth, &predicted), count) in truth.iter().zip(predicted).zip(counts) {
            right += count * u32::from(truth && predicted);
            sum += count * (u32::from(truth) + u32::from(predicted));
        }
        if sum == 0 { 0.0 } else { f64::from(2 * right) / f64::from(sum) }
    };
    let once = vec![1; truth.len()];

    let mut differences = bootstrap(truth.len(), |counts| f1(&b, counts) - f1(&a, counts));

    vector.holds("F1 of A", &vector.expected["f1_a"], f1(&a, &once));
    vector.holds("F1 of B", &vector.expected["f1_b"], f1(&b, &once));
    vector.holds("the difference", &vector.expected["diff"], f1(&b, &once) - f1(&a, &once));
    vector.all_hold("the first differences", &vector.expected["first3_diffs"], &differences[..3]);
    assert_eq!(vector.count("B"), REPLICATES as u64);
    let not_better = differences.iter().filter(|difference| **difference <= 0.0).count();
    let share = f64::from(u32::try_from(not_better).unwrap()) / 1_000.0;
    vector.holds("the share at or below 0", &vector.expected["p_diff_le_0"], share);
    differences.sort_by(f64::total_cmp);
    let interval = [0.025, 0.975].map(|at| percentile(&differences, at).unwrap());
    vector.all_hold("the interval", &vector.expected["ci95_percentile_type7"], &interval);
}

pub(crate) fn seeds_hold(vector: &Vector) {
    let differences: Vec<f64> = read(&vector.input["diffs"]);

    let t = PairedT::of(&differences).unwrap();
    let ranks = SignedRanks::of(&differences);

    vector.holds("the mean", &vector.expected["mean"], t.mean);
    vector.holds("the deviation", &vector.expected["sd"], spread(&differences).sd);
    vector.all_hold("the interval", &vector.expected["ci95_t"], &[t.interval.low, t.interval.high]);
    vector.holds("p of t", &vector.expected["t_p"], t.p);
    vector.holds("p of the ranks", &vector.expected["wilcoxon_p_exact"], ranks.p);
    vector.holds("the sum of ranks", &vector.expected["wilcoxon_W"], ranks.statistic);
}

pub(crate) fn holm_holds(vector: &Vector) {
    let p_values: Vec<f64> = read(&vector.input["p"]);

    vector.all_hold("p", &vector.expected, &holm(&p_values));
}
