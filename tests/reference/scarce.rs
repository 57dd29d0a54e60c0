//! The table of scarce targets: fifty rows of the target are known.

use std::collections::HashSet;

use rowsmith::api::classify::{Classifier, Features, FitOptions, Model};
use rowsmith::api::measure::{Ranking, Report};
use rowsmith::api::{SplitMix64, Stop};

use super::data::{Data, folder, json, near, numbers};

const ADDED: usize = 450;

#[test]
fn few_known_rows_copies_and_weights_do_as_well_as_scikit_learn_says() {
    let Some(folder) = folder() else { return };
    if cfg!(debug_assertions) {
        eprintln!("skipped: sixty fits take long without optimization");
        return;
    }
    let all = json(&folder, "reference_scarce.json");
    for name in ["sms_spam", "goemotions6"] {
        let expected = &all[name];
        let data = Data::read(&folder, name);
        let split = json(&folder, &format!("splits/{name}.json"));
        let (train, test) = (numbers(&split["train_ids"]), numbers(&split["test_ids"]));
        let held_out: HashSet<&str> = test.iter().map(|&row| data.text(row)).collect();
        let target = data.class(expected["minority"].as_str().unwrap());
        let others: Vec<u32> = train
            .iter()
            .copied()
            .filter(|&row| data.labels_of(&[row]) != [target] && !held_out.contains(data.text(row)))
            .collect();
        assert_eq!(expected["n_train_majority"], others.len());
        let truth = data.labels_of(&test);
        let is_target: Vec<bool> = truth.iter().map(|&label| label == target).collect();
        let cut = &expected["k=50"];
        for (key, copies, balanced, tolerance) in [
            ("baseline", 0, false, 0.001),
            ("class_weight_balanced", 0, true, 0.001),
            // The copies are drawn by another generator of random numbers.
            ("random_oversample_x10", ADDED, false, 0.01),
        ] {
            let (mut f1, mut pr_auc, mut seeds) = (0.0, 0.0, 0.0);
            for picked in cut["_picked_ids_by_seed"].as_object().unwrap().values().map(numbers) {
                let mut random = SplitMix64::new(42 + u64::from(picked[0]));
                let copied = (0..copies).map(|_| *random.choose(&picked).unwrap());
                let rows: Vec<u32> = others.iter().chain(&picked).copied().chain(copied).collect();
                let features = Features::fit(&data.corpus, &rows);
                let [train, asked] = [&rows, &test].map(|rows| features.rows(&data.corpus, rows));
                let options = FitOptions { balanced, ..FitOptions::default() };
                let labels = data.labels_of(&rows);
                let classes = data.classes.len();
                let model =
                    Model::fit(Classifier::Lr, &train, &labels, classes, options, &Stop::never()).unwrap();
                let scores = model.scores(&asked);
                f1 += Report::of(&truth, &scores.best(), classes).f1(target);
                pr_auc += Ranking::of(&is_target, &scores.of(target)).average_precision();
                seeds += 1.0;
            }
            eprintln!("{name}, {key}: F1 {:.4}, PR-AUC {:.4}", f1 / seeds, pr_auc / seeds);
            near(&format!("{name}, {key}, F1"), &cut[key]["min_f1"][0], f1 / seeds, tolerance);
            near(&format!("{name}, {key}, PR-AUC"), &cut[key]["pr_auc"][0], pr_auc / seeds, tolerance);
        }
    }
}
