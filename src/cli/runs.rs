//! `runs`: the runs, or one of them with its scraps.

use super::args::RunsArgs;
use super::{CliError, Context, Out};
use crate::domain::{Run, RunNumber};
use crate::export::{RunDetailJson, RunJson, flags_of_run};

/// Lists the runs, or shows one.
pub(super) fn run(context: &Context, args: &RunsArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let projection = bench.projection();
    let Some(number) = args.run else {
        for run in projection.runs() {
            if args.json {
                out.json(&RunJson::of(run, projection.version(run.version)))?;
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
    if args.json {
        return out.json(&RunDetailJson::of(run, projection));
    }
    out.line(&line(run))?;
    if let Some(reason) = run.status.reason() {
        out.line(reason)?;
    }
    for (kind, count) in flags_of_run(projection, run.number) {
        out.line(&format!("{count:>6}  {}", kind.name()))?;
    }
    for (index, scrap) in projection.scraps().enumerate().filter(|(_, scrap)| scrap.run == run.number) {
        let repaired = if scrap.repaired { " (repaired)" } else { "" };
        out.line(&format!("scrap {index}{repaired}: {}", scrap.reason))?;
        out.text(&scrap.raw)?;
    }
    Ok(())
}

fn line(run: &Run) -> String {
    let model = run.generator.model.as_deref().map_or(String::new(), |model| format!(" · {model}"));
    let seconds = run.seconds().map_or(String::new(), |seconds| format!("  {seconds:.1} s"));
    let requests = if run.requests == 1 { "request" } else { "requests" };
    let usage = run.usage();
    let usage = if usage.is_nothing() { String::new() } else { format!("  {usage}") };
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
