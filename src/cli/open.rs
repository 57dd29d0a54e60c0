//! `open`: the workbench itself.

use std::io::IsTerminal;
use std::path::Path;

use super::args::{GeneratorArgs, OpenArgs};
use super::generator::overrides;
use rustix::process::Signal;

use super::{CliError, Context, out};
use crate::app::{Keymap, StartFlags};
use crate::config::{self, LastSession, UserConfig, address_trouble, resolve};
use crate::domain::GeneratorSettings;
use crate::files;
use crate::own_files;
use crate::runtime::{Ended, ScreenOptions, run_screen};
use crate::ui::{Depth, Theme};

/// Opens the workbench and returns its exit code.
pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    keymap: Keymap,
    args: &OpenArgs,
) -> Result<u8, CliError> {
    let session = args.session.clone().unwrap_or_else(|| last_session(context));
    let location = context.locate(&session)?;
    own_files::sweep(&context.places.state);
    own_files::sweep(&context.places.config);
    if !std::io::stdout().is_terminal() {
        return Err(CliError::Failed(
            "Standard output is no terminal, so the workbench cannot be drawn. Run it in a terminal, or use a command \
             such as `rowsmith rows SESSION`."
                .into(),
        ));
    }
    let theme = theme(context, config)?;
    // An invalid session file is reported before the program takes over the screen.
    let session = config::load(&location.folder).map_err(crate::workbench::WorkbenchError::from)?.session;
    let flags = flags(&args.generator, &session.generator, config)?;
    let network = !context.global.offline;
    let options = ScreenOptions {
        location,
        places: context.places.clone(),
        theme,
        config: config.clone(),
        keymap,
        flags,
        network,
        config_file: context.global.config.clone(),
        store: context.global.store.clone(),
    };
    match run_screen(&options).map_err(|error| CliError::Failed(error.to_string()))? {
        Ended::Left => Ok(0),
        Ended::Signal(signal) => Ok(exit_code(signal)),
        Ended::Elsewhere { signal, said } => {
            out::say(&said);
            Ok(signal.map_or(0, exit_code))
        }
        Ended::NotOpened(error) => Err(error.into()),
    }
}

/// Returns the exit code of a program that a signal ended.
fn exit_code(signal: Signal) -> u8 {
    u8::try_from(128 + signal.as_raw()).unwrap_or(1)
}

/// Returns what the options say over the session's settings, checked before the screen opens.
fn flags(
    args: &GeneratorArgs,
    session: &GeneratorSettings,
    config: &UserConfig,
) -> Result<StartFlags, CliError> {
    let generator = overrides(args)?;
    if let Some(trouble) = args.base_url.as_deref().filter(|url| !url.is_empty()).and_then(address_trouble) {
        return Err(CliError::Usage(format!("`--base-url`: {trouble}")));
    }
    if args.profile.is_some() {
        resolve(session, args.profile.as_deref(), config, &generator)
            .map_err(crate::workbench::WorkbenchError::from)?;
    }
    Ok(StartFlags { profile: args.profile.clone(), generator })
}

/// Returns the session of the last use, else the bundled one.
fn last_session(context: &Context) -> String {
    let last = LastSession::load(&context.places.screen_state());
    let there = last.folder().filter(|folder| folder.join(config::session_file::FILE_NAME).is_file());
    there.map_or_else(|| config::bundled::FIRST.to_owned(), |folder| folder.to_string_lossy().into_owned())
}

/// Returns the theme: of the option, else of `NO_COLOR`, else of the user's settings.
fn theme(context: &Context, config: &UserConfig) -> Result<Theme, CliError> {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let name = match (&context.global.theme, &config.theme) {
        (Some(asked), _) => asked.as_str(),
        (None, _) if no_color => return Ok(Theme::mono()),
        (None, Some(configured)) => configured.as_str(),
        (None, None) => Theme::DEFAULT,
    };
    let file = Path::new(name);
    let loaded = if file.extension().is_some_and(|extension| extension == "toml") {
        let text = files::read_text(file).map_err(|error| {
            CliError::Usage(format!("The theme file {name} cannot be read: {error}. Name another theme."))
        })?;
        Theme::from_text(name, &text)
    } else {
        Theme::load(name)
    };
    let theme = loaded.map_err(|error| CliError::Usage(error.to_string()))?;
    let depth = std::env::var("COLORTERM").unwrap_or_default();
    let is_true = ["truecolor", "24bit"].contains(&depth.as_str());
    Ok(theme.at_depth(if is_true { Depth::True } else { Depth::Indexed }))
}
