//! `store`: prints its path, verifies it, or repairs it.

use super::args::StoreCommand;
use super::{CliError, Context, Out, out};
use crate::engine::clock;
use crate::store::{RepairOutcome, repair, verify};
use crate::workbench::WorkbenchError;

/// Runs a command about the store and returns its exit code.
pub(super) fn run(context: &Context, command: &StoreCommand, out: &mut Out) -> Result<u8, CliError> {
    match command {
        StoreCommand::Path { session } => {
            let store = context.locate(session)?.store;
            let absolute = std::path::absolute(&store).unwrap_or(store);
            out.line(&absolute.to_string_lossy())?;
        }
        StoreCommand::Verify { session } => {
            let report = verify(&context.locate(session)?.store).map_err(WorkbenchError::from)?;
            let whole = if report.is_clean() { "whole" } else { "damaged" };
            let count =
                |number: u64, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
            out.line(&format!(
                "{whole}: {} and {} in {} of the journal, {} in files of their own",
                count(report.facts, "fact"),
                count(report.rows as u64, "row"),
                count(report.segments.into(), "segment"),
                count(report.texts as u64, "long text"),
            ))?;
            report.notes.iter().chain(&report.problems).for_each(|said| out::say(said));
            out.finish()?;
            return Ok(u8::from(!report.is_clean()));
        }
        StoreCommand::Repair { session, accept_loss, json } => {
            let store = context.locate(session)?.store;
            let report = repair(&store, clock::now(), *accept_loss).map_err(WorkbenchError::from)?;
            if *json {
                out.json(&report)?;
            } else {
                report.sentences().iter().try_for_each(|said| out.line(said))?;
            }
            out.finish()?;
            return Ok(u8::from(report.outcome == RepairOutcome::Unagreed));
        }
    }
    out.finish()?;
    Ok(0)
}
