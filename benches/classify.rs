//! Times TF-IDF and logistic regression on one table, as `benches/classify.py` asks for it.
//!
//! The arguments are a file of rows `split,label,text` and the largest entry that the gradient may have. It prints the
//! CPU seconds of fitting and predicting, macro-F1, and the largest resident memory of the process.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::fs;

use rowsmith::api::Stop;
use rowsmith::api::classify::{Classifier, Corpus, Features, FitOptions, Model};
use rowsmith::api::measure::Report;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [file, tolerance] = &arguments[..] else {
        println!("benches/classify.py runs this on its data and beside scikit-learn.");
        return;
    };
    let (mut is_train, mut names, mut texts) = (vec![], vec![], vec![]);
    for record in csv::Reader::from_path(file).unwrap().records() {
        let record = record.unwrap();
        is_train.push(&record[0] == "train");
        names.push(record[1].to_owned());
        texts.push(record[2].to_owned());
    }
    let mut classes = names.clone();
    classes.sort();
    classes.dedup();
    let number = |count: usize| u32::try_from(count).unwrap();
    let labels: Vec<u32> = names.iter().map(|name| number(classes.binary_search(name).unwrap())).collect();
    let (train, test): (Vec<u32>, Vec<u32>) =
        (0..number(texts.len())).partition(|&row| is_train[row as usize]);
    let labels_of = |rows: &[u32]| -> Vec<u32> { rows.iter().map(|&row| labels[row as usize]).collect() };
    let options = FitOptions { tolerance: tolerance.parse().unwrap(), ..FitOptions::default() };

    let began = cpu_seconds();
    let corpus = Corpus::new(&texts);
    let features = Features::fit(&corpus, &train);
    let rows = features.rows(&corpus, &train);
    let cut = cpu_seconds();
    let model = Model::fit(Classifier::Lr, &rows, &labels_of(&train), classes.len(), options, &Stop::never())
        .unwrap();
    let fitted = cpu_seconds();
    let found = model.scores(&features.rows(&corpus, &test)).best();
    let ended = cpu_seconds();

    let macro_f1 = Report::of(&labels_of(&test), &found, classes.len()).macro_f1();
    println!(
        "{}",
        serde_json::json!({
            "seconds": ended - began,
            "features_seconds": cut - began,
            "fit_seconds": fitted - cut,
            "features": features.len(),
            "macro_f1": macro_f1,
            "peak_mb": peak_mb(),
        })
    );
}

/// Returns the seconds that this process's only thread has run.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// Returns the largest resident memory of this process, in MB of 1,000,000 bytes.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    kib.trim().trim_end_matches(" kB").parse::<f64>().unwrap() * 1024.0 / 1e6
}
