//! The planted cases: rows that help, rows that hurt, copies.

use rowsmith::api::Stop;
use rowsmith::api::classify::{Classifier, Features, FitOptions, Model, Scores};
use rowsmith::api::measure::{Arm, ArmScores, Ranking, Report, Threshold, decide};
use serde_json::Value;

use super::data::{Data, folder, json, near, numbers};

const ARMS: [(&str, Arm); 4] =
    [("real", Arm::Real), ("accepted", Arm::Accepted), ("copies", Arm::Copies), ("balanced", Arm::Balanced)];

/// One planted case with its data set.
struct Case<'a> {
    data: &'a Data,
    target: u32,
    accepted: Vec<u32>,
    test: Vec<u32>,
    expected: &'a Value,
}

impl Case<'_> {
    /// Fits on real rows, rows that are added as the target's, and returns what the model says of other rows.
    fn scores(&self, real: &[u32], added: &[u32], balanced: bool, asked: &[u32]) -> Scores {
        let rows: Vec<u32> = real.iter().chain(added).copied().collect();
        let mut labels = self.data.labels_of(real);
        labels.resize(rows.len(), self.target);
        let features = Features::fit(&self.data.corpus, &rows);
        let [train, asked] = [&rows[..], asked].map(|rows| features.rows(&self.data.corpus, rows));
        let options = FitOptions { balanced, ..FitOptions::default() };
        let classes = self.data.classes.len();
        Model::fit(Classifier::Lr, &train, &labels, classes, options, &Stop::never()).unwrap().scores(&asked)
    }

    fn is_target(&self, rows: &[u32]) -> Vec<bool> {
        self.data.labels_of(rows).iter().map(|&label| label == self.target).collect()
    }

    /// Returns the target's scores of the test rows, after comparing what follows from them.
    fn checked(&self, seed: &Value, name: &str, arm: Arm) -> Vec<f64> {
        let (train, copied) = (numbers(&seed["train"]), numbers(&seed["copied"]));
        let expected = &seed["arms"][name];
        let what =
            |figure: &str| format!("{}, seed {}, {name}, {figure}", self.expected["name"], seed["seed"]);
        let added: &[u32] = match arm {
            Arm::Accepted => &self.accepted,
            Arm::Copies => &copied,
            _ => &[],
        };
        let scores = self.scores(&train, added, arm == Arm::Balanced, &self.test);
        let truth = self.data.labels_of(&self.test);
        let report = Report::of(&truth, &scores.best(), self.data.classes.len());
        near(&what("F1"), &expected["f1"], report.f1(self.target), 0.005);
        let scores = scores.of(self.target);
        let is_target = self.is_target(&self.test);
        let pr_auc = Ranking::of(&is_target, &scores).average_precision();
        near(&what("PR-AUC"), &expected["pr_auc"], pr_auc, 0.001);
        if expected.get("threshold").is_some() && !cfg!(debug_assertions) {
            let threshold = self.tuned(&train, &numbers(&seed["folds"]), added);
            near(&what("the threshold"), &expected["threshold"], threshold.at, 0.005);
            near(&what("F1 at it"), &expected["f1_tuned"], threshold.f1_on(&is_target, &scores), 0.005);
        }
        scores
    }

    /// Tunes the threshold on out-of-fold scores of the real train rows.
    fn tuned(&self, train: &[u32], folds: &[u32], added: &[u32]) -> Threshold {
        let mut scores = vec![0.0; train.len()];
        for fold in 0..5 {
            let held_out: Vec<usize> = (0..train.len()).filter(|&place| folds[place] == fold).collect();
            let asked: Vec<u32> = held_out.iter().map(|&place| train[place]).collect();
            let kept: Vec<u32> =
                (0..train.len()).filter(|&place| folds[place] != fold).map(|place| train[place]).collect();
            // A copy of a held-out row stays out of the fold.
            let added: Vec<u32> = added.iter().copied().filter(|row| !asked.contains(row)).collect();
            let found = self.scores(&kept, &added, false, &asked).of(self.target);
            held_out.iter().zip(found).for_each(|(&place, score)| scores[place] = score);
        }
        Threshold::tuned(&self.is_target(train), &scores).unwrap()
    }

    fn holds(&self) {
        let seeds = self.expected["seeds"].as_array().unwrap();
        let seeds = if cfg!(debug_assertions) { &seeds[..1] } else { &seeds[..] };
        let arms: Vec<ArmScores> = ARMS
            .iter()
            .map(|&(name, arm)| ArmScores {
                arm,
                seeds: seeds.iter().map(|seed| self.checked(seed, name, arm)).collect(),
            })
            .collect();
        if cfg!(debug_assertions) {
            return;
        }
        let name = &self.expected["name"];
        let decision = decide(&self.is_target(&self.test), &arms).unwrap();
        eprintln!("{name}: {:+.4}, {:?}, {:?}", decision.gain, decision.interval, decision.verdict);
        for (found, (key, _)) in decision.arms.iter().zip(ARMS) {
            near(&format!("{name}, {key}, the mean"), &self.expected["mean_pr_auc"][key], found.mean, 0.001);
        }
        let ends = [decision.interval.low, decision.interval.high];
        for (expected, found) in self.expected["delta_ci"].as_array().unwrap().iter().zip(ends) {
            near(&format!("{name}, the interval"), expected, found, 0.01);
        }
        assert_eq!(self.expected["verdict"], serde_json::json!(decision.verdict), "{name}");
    }
}

fn cases_hold(of: &str) {
    let Some(folder) = folder() else { return };
    let reference = json(&folder, "evaluation_reference.json");
    let data = Data::read(&folder, of);
    let cases: Vec<&Value> =
        reference["cases"].as_array().unwrap().iter().filter(|case| case["data"] == of).collect();
    assert!(!cases.is_empty());
    for expected in cases {
        let target = data.class(expected["target"].as_str().unwrap());
        let [accepted, test] = ["accepted", "test"].map(|key| numbers(&expected[key]));
        Case { data: &data, target, accepted, test, expected }.holds();
    }
}

#[test]
fn the_planted_cases_of_short_messages_are_decided_as_scikit_learn_decides_them() {
    cases_hold("sms_spam");
}

#[test]
fn the_planted_case_of_six_emotions_is_decided_as_scikit_learn_decides_it() {
    cases_hold("goemotions6");
}
