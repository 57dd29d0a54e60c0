//! `data`: the dataset as it is, what a classifier does not get in it, and the rows that are made examples.

use serde::Serialize;

use super::args::DataArgs;
use super::watched::{Watched, Words};
use super::{CliError, Context, Out, out};
use crate::domain::{DataReport, ExampleStrategy, Misread, MisreadRow};
use crate::text::{counted, thousands, truncate};
use crate::workbench::{WorkbenchError, data_report, misread};

/// Rows that a classifier does not get: how many are listed for people.
const LISTED: usize = 20;
/// The columns of a text in the list.
const TEXT: usize = 60;

/// What `data --json` prints.
#[derive(Serialize)]
struct DataJson<'a> {
    #[serde(flatten)]
    report: &'a DataReport,
    misread: Option<&'a Misread>,
    /// Why it is not known what a classifier does not get.
    remark: Option<String>,
    examples: Vec<String>,
}

/// Shows the dataset, or changes which of its rows are examples.
pub(super) fn run(context: &Context, args: &DataArgs, out: &mut Out) -> Result<u8, CliError> {
    if !args.examples.is_empty() || !args.no_examples.is_empty() {
        return change(context, args).map(|()| 0);
    }
    let bench = context.read(&args.session)?;
    let dataset = bench.dataset()?;
    let chosen = bench.chosen_examples(&dataset)?;
    let watched = Watched::begin(true, Words { verb: "reading", done: "rows read" })?;
    let stop = watched.watch().stop;
    let report = data_report(&dataset, stop);
    let misread = misread(&dataset, &bench.session().target.label, stop);
    let code = watched.end();
    let Ok(report) = report else {
        out::say("rowsmith: It was stopped before the whole dataset was read.");
        return Ok(code.unwrap_or(1));
    };
    let examples: Vec<String> = chosen.iter().map(|row| dataset.id(*row).into_owned()).collect();
    if args.json {
        let remark = misread.as_ref().err().map(ToString::to_string);
        out.json(&DataJson { report: &report, misread: misread.as_ref().ok(), remark, examples })?;
    } else {
        for line in lines(&report, &examples) {
            out.line(&line)?;
        }
        match &misread {
            Ok(misread) => misread_lines(misread, &examples).iter().try_for_each(|line| out.line(line))?,
            Err(why) => out.line(&why.to_string())?,
        }
    }
    out.finish()?;
    Ok(0)
}

fn change(context: &Context, args: &DataArgs) -> Result<(), CliError> {
    let bench = context.open(&args.session)?;
    let wanted = args.examples.iter().map(|id| (id, true));
    let wanted = wanted.chain(args.no_examples.iter().map(|id| (id, false)));
    // All ids are looked up first, so that a wrong one changes nothing.
    let rows: Vec<(u32, bool)> = wanted
        .map(|(id, is_example)| Ok((bench.row_of_dataset(id)?, is_example)))
        .collect::<Result<_, WorkbenchError>>()?;
    let examples = bench.make_examples(&rows)?;
    out::say(&format!("{} now.", counted(examples.len() as u64, "chosen example")));
    if bench.session().examples.strategy != ExampleStrategy::Hard {
        out::say("Prompts show them once session.toml says `strategy = \"hard\"` in [examples].");
    }
    Ok(())
}

/// Returns the dataset in words and figures.
fn lines(report: &DataReport, examples: &[String]) -> Vec<String> {
    let mut lines = vec!["label             train     test   others   words: median, nine of ten".to_owned()];
    for class in &report.classes {
        let others = class.validation + class.held_back;
        let words = &class.lengths;
        lines.push(format!(
            "{:<14} {:>8} {:>8} {:>8}   {:.0}, {:.0} to {:.0}",
            truncate(&class.label, 14),
            thousands(class.train),
            thousands(class.test),
            thousands(others),
            words.median,
            words.low,
            words.high,
        ));
    }
    let mut say = |count: u64, what: &str| {
        if count > 0 {
            lines.push(format!("{} {what}", counted(count, "row")));
        }
    };
    say(report.repeated, "of train with the text of an earlier one");
    say(report.set_aside, "set aside, because a test row has the same text");
    say(report.left_out, "left out, without a text");
    say(report.unlabelled, "left out, without a label");
    for labels in &report.alike {
        lines.push(format!("Labels that differ in case or blanks only: {}", labels.join(", ")));
    }
    for conflict in &report.conflicts {
        let labels: Vec<String> =
            conflict.labels.iter().map(|(label, rows)| format!("{label} × {rows}")).collect();
        lines.push(format!("{} — {}", labels.join(", "), truncate(&conflict.text, TEXT)));
    }
    if !examples.is_empty() {
        lines.push(format!("Chosen examples: {}", examples.join(", ")));
    }
    lines
}

fn misread_lines(misread: &Misread, examples: &[String]) -> Vec<String> {
    let Misread { rows, asked, wrong, of_target, target_wrong } = misread;
    let mut lines = vec![format!(
        "A classifier takes {} of {} for another label, {} of {} of the target:",
        thousands(*wrong),
        counted(*asked, "train row"),
        thousands(*target_wrong),
        thousands(*of_target),
    )];
    for MisreadRow { id, text, label, taken_for, sure, .. } in rows.iter().take(LISTED) {
        let mark = if examples.contains(id) { "*" } else { " " };
        let text = truncate(text, TEXT);
        lines.push(format!("{mark} {id}  {label}, taken for {taken_for} ({:.0} %)  {text}", sure * 100.0));
    }
    if rows.len() > LISTED {
        let more = counted((rows.len() - LISTED) as u64, "more row");
        lines.push(format!("{more}: --json lists them."));
    }
    lines
}
