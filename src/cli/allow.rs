//! `allow`: shows what a session asks for that only a person can allow, and remembers it.

use std::path::Path;

use super::args::AllowArgs;
use super::permission::{can_ask, is_yes};
use super::{CliError, Context, Out};
use crate::config::{self, KeptSettings, Overrides, UserConfig, resolve};
use crate::domain::{GeneratorSettings, NamedBy, Permission};
use crate::engine::permission::session_file_of;
use crate::engine::prepare::{permission_wanted, settings_of_run};
use crate::text::counted;
use crate::workbench::{Location, WorkbenchError};

pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    args: &AllowArgs,
    out: &mut Out,
) -> Result<(), CliError> {
    let (allowed, location) = (context.allowed(), context.locate(&args.session));
    if args.forget {
        // The folder may be gone, and what it may is taken back all the same.
        let file = location
            .map_or_else(|_| session_file_of(Path::new(&args.session)), |at| session_file_of(&at.folder));
        let gone = allowed.forget(&file).map_err(WorkbenchError::from)?;
        let what = counted(gone as u64, "permission");
        return out.line(&format!("{what} of `{}` taken back.", file.display()));
    }
    let location = location?;
    let file = session_file_of(&location.folder);
    let wanted = wanted(context, config, &location, &args.session)?;
    if wanted.is_empty() {
        return out.line(
            "The session asks for nothing that you would have to allow: no key goes elsewhere than to its provider's \
             own host or to a server that you named.",
        );
    }
    out.line(&format!("`{}` asks for this:", file.display()))?;
    let mut missing = Vec::new();
    for permission in wanted {
        let has = allowed.has(&permission).map_err(WorkbenchError::from)?;
        let note = if has { " You allowed that." } else { "" };
        out.line(&format!("  {}{note}", permission.sentence()))?;
        missing.extend((!has).then_some(permission));
    }
    if missing.is_empty() {
        return Ok(());
    }
    out.finish()?;
    if !args.yes && !can_ask() {
        return Err(CliError::Usage("Nothing was allowed: nobody can answer here; say `--yes`.".into()));
    }
    if !args.yes && !is_yes("Allow it?")? {
        return Err(CliError::Usage("Nothing was allowed.".into()));
    }
    for permission in &missing {
        allowed.remember(permission).map_err(WorkbenchError::from)?;
    }
    out.line("It is allowed; `--forget` takes it back.")
}

/// Returns what the session file, what was kept beside its store and a run that can go on ask for.
fn wanted(
    context: &Context,
    config: &UserConfig,
    location: &Location,
    session: &str,
) -> Result<Vec<Permission>, CliError> {
    let folder = location.folder.as_path();
    let own = config::load(folder).map_err(WorkbenchError::from)?.session.generator;
    let kept = KeptSettings::load(&location.store).unwrap_or_default();
    let resolved = |profile: Option<&str>| {
        // A profile that is not there asks for nothing.
        let without = GeneratorSettings { profile: None, ..own.clone() };
        resolve(&own, profile, config, &Overrides::default()).unwrap_or(without)
    };
    let mut chosen = resolved(kept.profile.as_deref());
    kept.generator.lay_over(&mut chosen, NamedBy::Session);
    let mut all = vec![resolved(None), chosen];
    if location.store.join("journal").is_dir() {
        let bench = context.read(session)?;
        let run = bench.projection().runs().rev().find(|run| run.misses_rows());
        all.extend(run.map(|run| settings_of_run(folder, config, run.settings.clone())));
    }
    let mut wanted: Vec<Permission> = Vec::new();
    for permission in all.iter().filter_map(|settings| permission_wanted(folder, settings)) {
        if !wanted.contains(&permission) {
            wanted.push(permission);
        }
    }
    Ok(wanted)
}
