//! Tables of the page.

use super::escaped;
use crate::domain::{Arm, ArmFigures, Evaluation, Spread, VersionGain, difference, figure, p_value};

/// The most labels that a confusion matrix shows.
const MOST_LABELS: usize = 30;

fn spread(spread: Spread) -> String {
    format!("{} ± {}", figure(spread.mean), figure(spread.sd))
}

fn some(of: Option<Spread>) -> String {
    of.map_or_else(|| "–".to_owned(), spread)
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let head: Vec<String> = head.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
    let row = |cells: Vec<String>| {
        let cells: Vec<String> = cells.into_iter().map(|cell| format!("<td>{cell}</td>")).collect();
        format!("<tr>{}</tr>\n", cells.concat())
    };
    let rows: Vec<String> = rows.map(row).collect();
    format!("<div class=\"scroll\"><table>\n<tr>{}</tr>\n{}</table></div>\n", head.concat(), rows.concat())
}

/// Returns all figures of all arms, means with standard deviations over seeds.
pub(super) fn arms(evaluation: &Evaluation) -> String {
    let head = [
        "arm",
        "rows added",
        "PR-AUC",
        "F1",
        "precision",
        "recall",
        "F1 tuned",
        "threshold",
        "macro-F1",
        "MCC",
        "Brier",
    ];
    let row = |of: &ArmFigures| {
        let figures = &of.figures;
        vec![
            of.arm.name().to_owned(),
            of.added.to_string(),
            spread(figures.pr_auc),
            spread(figures.f1),
            spread(figures.precision),
            spread(figures.recall),
            some(figures.tuned_f1),
            some(figures.threshold),
            spread(figures.macro_f1),
            spread(figures.mcc),
            some(figures.brier),
        ]
    };
    let compared = evaluation.mcnemar;
    let detected = evaluation.detectability.map_or_else(String::new, |roc_auc| {
        format!(
            " Accepted rows are told from real ones with a ROC-AUC of {} (.500: not at all).",
            figure(roc_auc)
        )
    });
    format!(
        "{}<p>On one split, {} test rows are right only without the accepted rows and {} only with them (McNemar's exact \
         test: p {}).{detected}</p>\n",
        table(&head, evaluation.arms.iter().map(row)),
        compared.only_real,
        compared.only_accepted,
        escaped(&p_value(compared.p))
    )
}

/// Returns the gain of each version's rows.
pub(super) fn versions(evaluation: &Evaluation) -> String {
    if evaluation.versions.is_empty() {
        return String::new();
    }
    let row = |of: &VersionGain| {
        let gain = format!("{} ± {}", difference(of.gain.mean), figure(of.gain.sd));
        vec![escaped(&of.version), of.rows.to_string(), gain]
    };
    table(&["version", "accepted rows", "gain in PR-AUC"], evaluation.versions.iter().map(row))
}

/// Returns the confusion matrices of the first seed, without and with the accepted rows.
pub(super) fn confusions(evaluation: &Evaluation) -> String {
    let matrix = |arm: Arm, title: &str| {
        let found = evaluation.arms.iter().find(|of| of.arm == arm);
        found.map_or_else(String::new, |of| confusion(of, title))
    };
    let labels = evaluation.arms.first().map_or(0, |of| of.classes.len());
    if labels > MOST_LABELS {
        return format!("<p class=\"soft\">There are {labels} labels, too many for a matrix.</p>\n");
    }
    format!(
        "<p class=\"soft\">First seed. A row for each true label, a column for the label it is taken for.</p>\n\
         <div class=\"pair\">\n{}{}</div>\n",
        matrix(Arm::Real, "Real rows alone"),
        matrix(Arm::Accepted, "With the accepted rows")
    )
}

fn confusion(of: &ArmFigures, title: &str) -> String {
    let names: Vec<String> = of.classes.iter().map(|class| escaped(&class.label)).collect();
    let head: Vec<String> = names.iter().map(|name| format!("<th scope=\"col\">{name}</th>")).collect();
    let rows = of.confusion.iter().zip(&names).enumerate().map(|(truth, (row, name))| {
        let cell = |(taken, count): (usize, &u64)| {
            let class = if taken == truth { " class=\"own\"" } else { "" };
            format!("<td{class}>{count}</td>")
        };
        let cells: Vec<String> = row.iter().enumerate().map(cell).collect();
        format!("<tr><th scope=\"row\">{name}</th>{}</tr>\n", cells.concat())
    });
    let rows: Vec<String> = rows.collect();
    format!(
        "<div><p>{title}</p>\n<div class=\"scroll\"><table>\n<tr><th></th>{}</tr>\n{}</table></div></div>\n",
        head.concat(),
        rows.concat()
    )
}
