//! `new`: a session for a dataset of the user.

use std::path::Path;

use super::args::NewArgs;
use super::out::Out;
use super::signals::HeldSignals;
use super::{CliError, Context, ask, look, out};
use crate::dataset::findings::number;
use crate::engine::clock;
use crate::text::shell_word;
use crate::workbench::{NewOrder, PreparedSession, expanded, prepare};

/// Makes a session and its store, with the split and the first version. Where columns are missing, asks on a terminal,
/// and says elsewhere what the file holds. Returns the exit code.
pub(super) fn run(context: &Context, args: &NewArgs, out: &mut Out) -> Result<u8, CliError> {
    let home = std::env::var_os("HOME");
    let data = expanded(&args.data, home.as_deref());
    let dir = args.dir.as_ref().map(|dir| expanded(dir, home.as_deref()));
    let is_whole = dir.is_some() && args.text.is_some() && args.label.is_some() && args.target.is_some();
    if is_whole {
        let ready = prepared(args, dir.as_deref(), &data, context.global.store.as_deref())?;
        make(ready)?.iter().for_each(|sentence| out::say(sentence));
        return Ok(0);
    }
    if ask::can_ask() {
        return ask::run(context, args, dir.as_deref(), &data);
    }
    look::run(args, dir.as_deref(), &data, out).map(|()| 0)
}

/// A session that was read and checked, with what is told of it once it is made.
pub(super) struct Ready {
    prepared: PreparedSession,
    told: Vec<String>,
}

/// Reads and checks a session whose columns are all named; writes nothing.
pub(super) fn prepared(
    args: &NewArgs,
    dir: Option<&Path>,
    data: &Path,
    store: Option<&Path>,
) -> Result<Ready, CliError> {
    let (Some(dir), Some(text), Some(label), Some(target)) = (dir, &args.text, &args.label, &args.target)
    else {
        return Err(CliError::Usage("DIR, --text, --label and --target are all needed.".into()));
    };
    let order = NewOrder {
        data,
        text,
        label,
        target,
        id: args.id.as_deref(),
        split: args.split.as_deref(),
        separator: args.separator,
        quotes: args.quotes,
        join: args.join,
        skip_unlabelled: args.skip_unlabelled,
        test_fraction: args.test_fraction,
        seed: args.seed,
        scarce: args.scarce,
    };
    let prepared = prepare(dir, &order, store)?;
    let told = told(&prepared, dir, target);
    Ok(Ready { prepared, told })
}

/// Makes a session that was checked, and returns what is told of it.
pub(super) fn make(ready: Ready) -> Result<Vec<String>, CliError> {
    // From here on a signal would leave half a session, and there is nothing left to wait for.
    let held = HeldSignals::hold()?;
    ready.prepared.make(clock::now())?;
    drop(held);
    Ok(ready.told)
}

/// Returns what is told of a new session: counts first, then what is unusual, then how to go on.
fn told(prepared: &PreparedSession, dir: &Path, target: &str) -> Vec<String> {
    let dataset = prepared.dataset();
    let (report, ours) = (dataset.report(), dataset.counts_of(target).train);
    let mut told = vec![
        format!(
            "{} holds a session of {} real rows: {} train and {} test. {} train {} `{target}`.",
            dir.display(),
            number(dataset.len()),
            number(report.train),
            number(report.test),
            number(ours),
            if ours == 1 { "row is" } else { "rows are" }
        ),
        format!("Labels: {}.", prepared.labels()),
    ];
    told.extend(prepared.scarcity().iter().cloned());
    if report.set_aside > 0 {
        let rows = if report.set_aside == 1 { "row was" } else { "rows were" };
        let count = number(report.set_aside);
        told.push(format!("{count} train {rows} set aside, because a test row has the same text."));
    }
    if dataset.left_out() > 0 {
        let rows = if dataset.left_out() == 1 { "row" } else { "rows" };
        told.push(format!("{} {rows} without a text were left out.", number(dataset.left_out())));
    }
    if !prepared.remarks().is_empty() {
        told.push("Before you go on:".to_owned());
        told.extend(prepared.remarks().iter().map(|remark| format!("- {remark}")));
    }
    told.push(format!("Open it with `rowsmith {}`.", shell_word(&dir.to_string_lossy())));
    told
}
