//! `store`: prints its path, verifies it, repairs it, or gives it to a session.

use super::args::StoreCommand;
use super::{CliError, Context, Out, out};
use crate::config;
use crate::engine::clock;
use crate::store::{self, Owner, RepairOutcome, StoreError, repair, verify};
use crate::workbench::{Location, WorkbenchError, owner_of};

/// Runs a command about the store and returns its exit code.
pub(super) fn run(context: &Context, command: &StoreCommand, out: &mut Out) -> Result<u8, CliError> {
    match command {
        StoreCommand::Path { session } => {
            let store = context.locate(session)?.store;
            let absolute = std::path::absolute(&store).unwrap_or(store);
            out.line(&absolute.to_string_lossy())?;
        }
        StoreCommand::Adopt { session } => adopt(context, session)?,
        StoreCommand::Verify { session } => {
            let location = context.locate(session)?;
            check(&location)?;
            let report = verify(&location.store).map_err(WorkbenchError::from)?;
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
            let location = context.locate(session)?;
            check(&location)?;
            let report = repair(&location.store, clock::now(), *accept_loss).map_err(WorkbenchError::from)?;
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

/// Gives a store to a session.
fn adopt(context: &Context, session: &str) -> Result<(), CliError> {
    let location = context.locate(session)?;
    if store::is_empty(&location.store) {
        return Err(CliError::Failed(format!("There is no store in {} yet.", location.store.display())));
    }
    let session = config::load(&location.folder).map_err(WorkbenchError::from)?.session;
    let owner = owner_of(&location, &session);
    let before = store::adopt(&location.store, &owner).map_err(WorkbenchError::from)?;
    let (store, folder) = (location.store.display(), owner.folder.display());
    let before = before
        .filter(|before| *before != owner)
        .map(|Owner { name, folder, .. }| format!(", no longer to `{name}` in {}", folder.display()));
    let before = before.unwrap_or_default();
    out::say(&format!("The store {store} belongs to `{}` in {folder} now{before}.", owner.name));
    Ok(())
}

/// Refuses a store of another session, where the session can be read.
fn check(location: &Location) -> Result<(), CliError> {
    let Ok(loaded) = config::load(&location.folder) else { return Ok(()) };
    let owner = owner_of(location, &loaded.session);
    match store::check_owner(&location.store, &owner) {
        Err(error @ StoreError::Owner(_)) => Err(WorkbenchError::from(error).into()),
        // What else is wrong is for the check of the whole store to say.
        _ => Ok(()),
    }
}
