//! An evaluation for people, in 80 columns.

use crate::domain::{
    Arm, ArmFigures, CurvePoint, Evaluation, EvaluationWarning, Spread, VersionGain, difference, figure,
    p_value,
};
use crate::text::{truncate, wrap};
use crate::workbench::TrainCv;

/// The columns that the report takes.
const COLUMNS: usize = 80;

/// Returns the report.
pub(super) fn text(evaluation: &Evaluation, train_cv: Option<TrainCv>) -> String {
    let mut lines: Vec<String> = vec![];
    paragraph(&mut lines, "", &evaluation.sentence());
    paragraph(&mut lines, "", &evaluation.deciding());
    lines.push(String::new());
    lines.extend(table(evaluation));
    lines.push(String::new());
    curve(&mut lines, evaluation);
    versions(&mut lines, evaluation);
    beside(&mut lines, evaluation);
    if let Some(TrainCv { real, accepted }) = train_cv {
        let (real, accepted) = (figure(real), figure(accepted));
        let said = format!("On train rows alone, cross-validated: PR-AUC {real} → {accepted}.");
        paragraph(&mut lines, "", &said);
    }
    let titled = [
        ("Warnings", evaluation.warnings.iter().map(EvaluationWarning::sentence).collect::<Vec<_>>()),
        ("Left out", evaluation.left_out.sentences()),
    ];
    for (title, sentences) in titled.iter().filter(|(_, sentences)| !sentences.is_empty()) {
        lines.push(String::new());
        lines.push((*title).to_owned());
        sentences.iter().for_each(|sentence| paragraph(&mut lines, "- ", sentence));
    }
    lines.push(String::new());
    paragraph(&mut lines, "", &evaluation.basis());
    let times = if evaluation.opened == 1 {
        "for the first time".to_owned()
    } else {
        format!("{} times", evaluation.opened)
    };
    paragraph(
        &mut lines,
        "",
        &format!("The test rows were opened {times}. It took {:.1} s.", evaluation.seconds),
    );
    lines.join("\n")
}

/// Adds a text, broken into lines that begin with a mark and then with as many blanks.
fn paragraph(lines: &mut Vec<String>, mark: &str, text: &str) {
    let indent = " ".repeat(mark.len());
    for (place, line) in wrap(text, COLUMNS - mark.len()).into_iter().enumerate() {
        lines.push(format!("{}{line}", if place == 0 { mark } else { &indent }));
    }
}

fn table(evaluation: &Evaluation) -> Vec<String> {
    let head = format!(
        "{:<10} {:>5}  {:<12}  {:<12}  {:<12}  {:<12}",
        "arm", "added", "PR-AUC", "F1", "F1 tuned", "recall"
    );
    let row = |of: &ArmFigures| {
        let ArmFigures { arm, added, figures, .. } = of;
        let tuned = figures.tuned_f1.map(spread).unwrap_or_default();
        let added = if *added == 0 { String::new() } else { format!("+{added}") };
        let row = format!(
            "{:<10} {added:>5}  {:<12}  {:<12}  {tuned:<12}  {:<12}",
            arm.name(),
            spread(figures.pr_auc),
            spread(figures.f1),
            spread(figures.recall)
        );
        row.trim_end().to_owned()
    };
    [head.trim_end().to_owned()].into_iter().chain(evaluation.arms.iter().map(row)).collect()
}

/// Returns a mean with its standard deviation: `.962 ± .001`.
fn spread(spread: Spread) -> String {
    format!("{} ± {}", figure(spread.mean), figure(spread.sd))
}

fn curve(lines: &mut Vec<String>, evaluation: &Evaluation) {
    let point = |point: &CurvePoint| format!("{} {}", point.rows, figure(point.pr_auc.mean));
    let points: Vec<String> = evaluation.curve.iter().map(point).collect();
    paragraph(lines, "", &format!("PR-AUC by accepted rows: {}", points.join(" · ")));
}

fn versions(lines: &mut Vec<String>, evaluation: &Evaluation) {
    let gain = |of: &VersionGain| {
        format!("{} ({}) {}", truncate(&of.version, 24), of.rows, difference(of.gain.mean))
    };
    let gains: Vec<String> = evaluation.versions.iter().map(gain).collect();
    if !gains.is_empty() {
        paragraph(lines, "", &format!("Gain of each version's rows alone: {}", gains.join(" · ")));
    }
}

fn beside(lines: &mut Vec<String>, evaluation: &Evaluation) {
    let compared = &evaluation.mcnemar;
    paragraph(
        lines,
        "",
        &format!(
            "On one split, {} test rows are right only without the accepted rows and {} only with them (McNemar p {}).",
            compared.only_real,
            compared.only_accepted,
            p_value(compared.p)
        ),
    );
    if let Some(roc_auc) = evaluation.detectability {
        paragraph(
            lines,
            "",
            &format!(
                "Accepted rows are told from real ones with a ROC-AUC of {} (.500: not at all).",
                figure(roc_auc)
            ),
        );
    }
    let is_there = |arm| evaluation.arms.iter().any(|figures| figures.arm == arm);
    if is_there(Arm::Threshold) {
        paragraph(lines, "", "F1 tuned: at the threshold that is best on real train rows, out of fold.");
    }
}
