//! `new`: a session for a dataset of the user.

use std::path::Path;

use super::args::NewArgs;
use super::out::Out;
use super::signals::HeldSignals;
use super::{CliError, Context, look, out};
use crate::dataset::findings::number;
use crate::engine::clock;
use crate::text::shell_word;
use crate::workbench::{NewOrder, PreparedSession, expanded, prepare};

/// Makes a session and its store, with the split and the first version; where columns are missing, says what
/// the file holds.
pub(super) fn run(context: &Context, args: &NewArgs, out: &mut Out) -> Result<(), CliError> {
    let home = std::env::var_os("HOME");
    let data = expanded(&args.data, home.as_deref());
    let dir = args.dir.as_ref().map(|dir| expanded(dir, home.as_deref()));
    let (Some(dir), Some(text), Some(label), Some(target)) = (&dir, &args.text, &args.label, &args.target)
    else {
        return look::run(args, dir.as_deref(), &data, out);
    };
    let order = NewOrder {
        data: &data,
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
    };
    let prepared = prepare(dir, &order, context.global.store.as_deref())?;
    let told = told(&prepared, dir, target);
    // From here on a signal would leave half a session, and there is nothing left to wait for.
    let held = HeldSignals::hold()?;
    prepared.make(clock::now())?;
    drop(held);
    told.iter().for_each(|sentence| out::say(sentence));
    Ok(())
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
