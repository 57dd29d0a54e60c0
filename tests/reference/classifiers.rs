//! The four classifiers on the given split of both data sets.

use rowsmith::api::Stop;
use rowsmith::api::classify::{Classifier, Features, FitOptions, Model};
use rowsmith::api::measure::Report;

use super::data::{Data, folder, json, near, numbers};

const MODELS: [(&str, Classifier, bool); 4] = [
    ("logreg_C1", Classifier::Lr, false),
    ("logreg_C1_balanced", Classifier::Lr, true),
    ("linear_svc_C1", Classifier::Svm, false),
    ("complement_nb", Classifier::Cnb, false),
];

#[test]
fn the_four_classifiers_agree_with_scikit_learn_on_full_data() {
    let Some(folder) = folder() else { return };
    let all = json(&folder, "reference_full.json");
    for name in ["sms_spam", "goemotions6"] {
        let expected = &all[name];
        let data = Data::read(&folder, name);
        let split = json(&folder, &format!("splits/{name}.json"));
        let (train, test) = (numbers(&split["train_ids"]), numbers(&split["test_ids"]));
        let features = Features::fit(&data.corpus, &train);
        let [train_rows, test_rows] = [&train, &test].map(|rows| features.rows(&data.corpus, rows));
        assert_eq!(expected["n_features"], features.len());
        for (key, kind, balanced) in MODELS {
            let expected = &expected[key];
            let options = FitOptions { balanced, ..FitOptions::default() };
            let labels = data.labels_of(&train);
            let model =
                Model::fit(kind, &train_rows, &labels, data.classes.len(), options, &Stop::never()).unwrap();
            let scores = model.scores(&test_rows);
            let report = Report::of(&data.labels_of(&test), &scores.best(), data.classes.len());
            let what = |figure: &str| format!("{name}, {key}, {figure}");
            near(&what("macro F1"), &expected["macro_f1"], report.macro_f1(), 0.001);
            near(&what("MCC"), &expected["mcc"], report.mcc(), 0.001);
            if kind != Classifier::Lr {
                continue;
            }
            let intercepts = expected["intercept"].as_array().unwrap();
            assert_eq!(intercepts.len(), model.biases().len());
            for (expected, found) in intercepts.iter().zip(model.biases()) {
                near(&what("the intercept"), expected, *found, 0.001);
            }
            let squares: f64 = model.weights().iter().map(|weight| weight * weight).sum();
            near(&what("the length of the weights"), &expected["coef_l2norm"], squares.sqrt(), 0.01);
            let ids = numbers(&expected["first5_test_ids"]);
            assert_eq!(ids, test[..5]);
            for (expected, found) in expected["first5_proba"].as_array().unwrap().iter().zip(scores.iter()) {
                for (expected, found) in expected.as_array().unwrap().iter().zip(found) {
                    near(&what("a first probability"), expected, *found, 0.001);
                }
            }
        }
    }
}
