//! `runs`: the runs, or one of them with its scraps.

use std::fmt::Write as _;

use super::args::RunsArgs;
use super::{CliError, Context, Out};
use crate::domain::{Run, RunNumber, compact};
use crate::export::{RunDetailJson, RunJson, failure_lines, flags_of_run};
use crate::text::thousands;

/// Lists the runs, or shows one.
pub(super) fn run(context: &Context, args: &RunsArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let projection = bench.projection();
    let Some(number) = args.run else {
        for run in projection.runs() {
            let is_hidden = projection.hides_run(run);
            if args.json && is_hidden {
                out.json(&RunJson::hidden(run))?;
            } else if args.json {
                out.json(&RunJson::of(run, projection.version(run.version)))?;
            } else if is_hidden {
                let (number, status) = (run.number, run.status.name());
                out.line(&format!(
                    "{number:>4}  {status:<11}  {}/{} rows  of a blind trial",
                    run.rows, run.requested
                ))?;
            } else {
                out.line(&line(run))?;
            }
        }
        let usage = &projection.counts().usage;
        if !args.json && !usage.is_nothing() {
            out.line(&format!("This session so far: {usage}"))?;
        }
        return Ok(());
    };
    let Some(run) = projection.run(RunNumber(number)) else {
        let count = projection.runs().count();
        return Err(CliError::Usage(format!("There is no run {number}; the session has {count} runs.")));
    };
    if projection.hides_run(run) {
        return Err(CliError::Usage(format!(
            "Run {number} is of a blind trial that goes on; what it used and left would tell its side. `--unblind` shows it."
        )));
    }
    if args.json {
        return out.json(&RunDetailJson::of(run, projection));
    }
    out.line(&line(run))?;
    if let Some(reason) = run.status.reason() {
        out.line(reason)?;
    }
    for said in run.remarks.iter().chain(&failure_lines(run, projection)) {
        out.line(said)?;
    }
    for (kind, count) in flags_of_run(projection, run.number) {
        out.line(&format!("{count:>6}  {}", kind.name()))?;
    }
    for (index, scrap) in projection.scraps().enumerate().filter(|(_, scrap)| scrap.run == run.number) {
        let repaired = if scrap.repaired { " (repaired)" } else { "" };
        out.line(&format!("scrap {index}{repaired}: {}", scrap.reason))?;
        out.text(&shortened(&scrap.raw))?;
    }
    Ok(())
}

fn line(run: &Run) -> String {
    let model = run.generator.model.as_deref().map_or(String::new(), |model| format!(" · {model}"));
    let seconds = run.seconds().map_or(String::new(), |seconds| format!("  {seconds:.1} s"));
    let requests = if run.requests == 1 { "request" } else { "requests" };
    let usage = run.usage();
    let estimated = match run.estimated.total() {
        0 => String::new(),
        estimated => format!(" (≈ {} tokens estimated)", compact(estimated)),
    };
    let usage = if usage.is_nothing() { String::new() } else { format!("  {usage}{estimated}") };
    format!(
        "{:>4}  {:<11}  {}/{} rows  {} flagged  {} scraps  {} {requests}  {}{model}{usage}{seconds}",
        run.number,
        run.status.name(),
        run.rows,
        run.requested,
        run.flagged,
        run.scraps,
        run.requests,
        run.generator.provider,
    )
}

/// The most characters of a scrap that are printed.
const MOST_CHARACTERS: usize = 400;
/// The most blanks in a row that are printed.
const MOST_BLANKS: usize = 8;

/// Returns a scrap as far as a person reads it: its beginning, without blanks that do not end.
fn shortened(raw: &str) -> String {
    let (mut shown, mut count, mut blanks) = (String::new(), 0, 0);
    for character in raw.chars() {
        blanks = if character.is_whitespace() { blanks + 1 } else { 0 };
        if blanks > MOST_BLANKS {
            continue;
        }
        if count == MOST_CHARACTERS {
            break;
        }
        shown.push(character);
        count += 1;
    }
    let more = raw.chars().count() - count;
    if more > 0 {
        let noun = if more == 1 { "character" } else { "characters" };
        shown.truncate(shown.trim_end().len());
        let _ = write!(shown, "… ({} more {noun}; `--json` has all)", thousands(more as u64));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrap_is_printed_as_far_as_a_person_reads_it() {
        assert_eq!(shortened("{\"text\":\n  \"half"), "{\"text\":\n  \"half");
        let exact = "ü".repeat(400);
        assert_eq!(shortened(&exact), exact);
        assert_eq!(shortened(&format!("{exact}é")), format!("{exact}… (1 more character; `--json` has all)"));
        let long = format!("{exact}{}", "x".repeat(1_234));
        assert!(shortened(&long).ends_with("ü… (1,234 more characters; `--json` has all)"));
    }

    #[test]
    fn blanks_without_end_are_left_out_and_what_follows_them_is_shown() {
        let raw = format!("{{\"text\": \"a\"{}}}", " \n".repeat(25_000));
        let shown = shortened(&raw);
        assert_eq!(
            shown,
            format!("{{\"text\": \"a\"{}}}… (49,992 more characters; `--json` has all)", " \n".repeat(4))
        );
        let only_blanks = format!("{{{}", "\t".repeat(1_000));
        assert_eq!(shortened(&only_blanks), "{… (992 more characters; `--json` has all)");
    }
}
