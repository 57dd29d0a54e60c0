//! `evaluate`: whether the accepted rows help, on the real test rows.

mod report;

use std::time::Instant;

use serde::Serialize;

use super::args::EvaluateArgs;
use super::watched::{Watched, Words};
use super::{CliError, Context, Out, out};
use crate::domain::{Arm, Classifier, Evaluation, Existing, Verdict};
use crate::export::ExportProgress;
use crate::text::closest;
use crate::workbench::{Class, EvaluationOrder, TrainCv};

/// An evaluation as `evaluate --json` prints it.
#[derive(Serialize)]
struct Json<'a> {
    session: &'a str,
    train_cv: Option<TrainCv>,
    #[serde(flatten)]
    evaluation: &'a Evaluation,
}

/// Evaluates the accepted rows.
pub(super) fn run(context: &Context, args: &EvaluateArgs, out: &mut Out) -> Result<u8, CliError> {
    let wanted = args.fail_unless.as_deref().map(verdict).transpose()?;
    let order = EvaluationOrder { seeds: args.seeds, arms: arms(&args.arms)?, model: model(&args.model)? };
    let bench = context.read(&args.session)?;
    let evaluator = bench.evaluator()?;
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let spared: Vec<_> = context.global.config.iter().cloned().collect();
    if let Some(html) = &args.html {
        if html.as_os_str() == "-" {
            return Err(CliError::Usage(
                "A page is written to a file: name one, such as report.html.".into(),
            ));
        }
        // Rather before the test rows are opened than after.
        evaluator.check_page(html, existing, &spared)?;
    }
    let watched = Watched::begin(true, Words { verb: "evaluating", done: "pieces of work done" })?;
    let began = Instant::now();
    let watch = watched.watch();
    let mut tell = |done: usize, total: usize| {
        (watch.progress)(ExportProgress { done: done as u64, total: total as u64 });
    };
    let clock = || began.elapsed().as_secs_f64();
    let outcome = evaluator.evaluate(&order, crate::engine::clock::now(), &clock, &mut tell, watch.stop);
    let code = watched.end();
    let made = match outcome {
        Err(error) if error.class() == Class::Stopped => {
            out::say(&format!("rowsmith: {error}"));
            return Ok(code.unwrap_or(1));
        }
        outcome => outcome?,
    };
    made.remarks.iter().for_each(|remark| out::say(remark));
    let evaluation = &made.evaluation;
    if let Some(html) = &args.html {
        evaluator.write_page(evaluation, html, existing)?;
        out::say(&format!("The page is {}.", html.display()));
    }
    if args.json {
        out.json(&Json { session: &bench.session().name, train_cv: made.train_cv, evaluation })?;
    } else {
        out.text(&report::text(evaluation, made.train_cv))?;
    }
    out.finish()?;
    if let Some(wanted) = wanted.filter(|wanted| *wanted != evaluation.verdict) {
        let (is, wanted) = (evaluation.verdict.name(), wanted.name());
        out::say(&format!("The verdict is `{is}`, not `{wanted}`."));
        return Ok(1);
    }
    Ok(0)
}

fn verdict(name: &str) -> Result<Verdict, CliError> {
    named(name, "verdict", &Verdict::ALL, Verdict::name)
}

fn model(name: &str) -> Result<Classifier, CliError> {
    named(name, "model", &Classifier::ALL, Classifier::name)
}

fn arms(names: &[String]) -> Result<Vec<Arm>, CliError> {
    if names.is_empty() {
        return Ok(Arm::ALL.to_vec());
    }
    names.iter().map(|name| named(name.trim(), "arm", &Arm::ALL, Arm::name)).collect()
}

/// Returns the one of some things that has a name.
fn named<T: Copy>(
    name: &str,
    what: &str,
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
) -> Result<T, CliError> {
    let names: Vec<&str> = all.iter().map(|one| name_of(*one)).collect();
    all.iter().copied().find(|one| name_of(*one) == name).ok_or_else(|| {
        let meant = closest(name, names.iter().copied())
            .map(|close| format!(" Did you mean `{close}`?"))
            .unwrap_or_default();
        CliError::Usage(format!("There is no {what} `{name}`; there are {}.{meant}", names.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_others_say_which_there_are() {
        assert_eq!(arms(&["copies".into(), " eda".into()]).unwrap(), [Arm::Copies, Arm::Eda]);
        assert_eq!(arms(&[]).unwrap(), Arm::ALL);
        assert_eq!(verdict("no-better-than-a-control").unwrap(), Verdict::NoBetterThanAControl);
        let error = model("lrr").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("lr, svm, cnb"), "{error}");
    }
}
