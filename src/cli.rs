//! The command line: parses arguments, prints results, returns exit codes.
//!
//! Every action of the workbench that changes data is a command too. Data goes to standard output,
//! everything else to standard error. No rules are implemented here: each file calls `workbench`,
//! or `engine` and `runtime` where something streams, and prints the result.

mod allow;
mod args;
mod ask;
mod batch;
mod compare;
mod coverage;
mod data;
mod decide;
mod doctor;
mod duplicates;
mod edit;
mod error;
mod evaluate;
mod export;
mod facets;
mod generator;
mod import;
mod keys;
mod local;
mod log;
mod look;
mod metrics;
mod new;
mod open;
mod out;
mod permission;
mod plan;
mod progress;
mod prompt;
mod prompt_files;
mod race;
mod replace;
mod rows;
mod runs;
mod sample;
mod signals;
mod split;
mod store;
mod suggest;
mod undo;
mod usage;
mod watched;

use std::process::ExitCode;

use args::{BatchCommand, Cli, Command, GeneratorArgs, Global, PromptCommand, RaceCommand};
use error::CliError;
use out::Out;

use crate::app::Keymap;
use crate::app::keymap::WrongKey;
use crate::config::{Allowances, ConfigError, Places, UserConfig};
use crate::engine::prepare::Surroundings;
use crate::own_files;
use crate::workbench::{Location, ReadBench, Workbench, WorkbenchError, locate};

/// Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage or session file,
/// 3 the store is in use by another process.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == crate::template::RENDER_APART) && arguments.len() == 0 {
        return crate::template::render_apart();
    }
    crate::template::use_program();
    own_files::keep_private();
    crate::runtime::terminal::guard_panics();
    let cli = match usage::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => return usage::print(&error),
    };
    match run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            error.report();
            ExitCode::from(error.exit_code())
        }
    }
}

/// What every command needs to find its session.
struct Context {
    global: Global,
    places: Places,
}

impl Context {
    fn locate(&self, session: &str) -> Result<Location, CliError> {
        Ok(locate(session, self.global.store.as_deref(), &self.places)?)
    }

    /// Returns what the user allowed sessions to send.
    fn allowed(&self) -> Allowances {
        Allowances::in_file(self.places.allowed_file())
    }

    /// Returns what the settings of a model are read from, for a command that samples in a session.
    fn surroundings<'a>(
        &'a self,
        location: &'a Location,
        config: &'a UserConfig,
        allowed: &'a Allowances,
        stop: &signals::Stop,
    ) -> Surroundings<'a> {
        Surroundings {
            folder: Some(&location.folder),
            config,
            allowed,
            network: !self.global.offline,
            patience: permission::patience(&stop.token()),
        }
    }

    /// Opens a session for changes.
    fn open(&self, session: &str) -> Result<Workbench, CliError> {
        let mut bench = Workbench::open(&self.locate(session)?, crate::engine::clock::now())?;
        if self.global.unblind {
            bench.tell_sides();
        }
        for notice in bench.notices() {
            out::say(notice);
        }
        Ok(bench)
    }

    /// Opens a session for reading; it may be open in a workbench at the same time.
    fn read(&self, session: &str) -> Result<ReadBench, CliError> {
        let bench = ReadBench::open(&self.locate(session)?, crate::engine::clock::now())?;
        Ok(self.told(bench))
    }

    /// Says what opening a session found and that a blind trial goes on.
    fn told(&self, mut bench: ReadBench) -> ReadBench {
        bench.notices().iter().for_each(|notice| out::say(notice));
        if self.global.unblind {
            bench.tell_sides();
        } else if let Some(sentence) = bench.projection().blind_sentence() {
            out::say(&format!("{sentence} `--unblind` tells it."));
        }
        bench
    }

    /// Reads the user's settings, and the keymap with the user's own keys.
    fn user_config(&self) -> Result<(UserConfig, Keymap), CliError> {
        let (file, loaded) = match &self.global.config {
            Some(file) => (file.clone(), UserConfig::load(file)),
            None => (self.places.config_file(), UserConfig::load_or_default(&self.places.config_file())),
        };
        let config = loaded.map_err(WorkbenchError::from)?;
        let keymap = Keymap::with_own(&config.keys).map_err(|WrongKey { line, message }| {
            WorkbenchError::from(ConfigError::Invalid { file, line: Some(line), message })
        })?;
        Ok((config, keymap))
    }
}

fn run(cli: Cli) -> Result<u8, CliError> {
    let places = Places::of_user().map_err(WorkbenchError::from)?;
    let context = Context { global: cli.global, places };
    crate::dataset::allow_bytes(u64::from(context.global.max_data) << 20);
    crate::runtime::log::start(&context.places.log(), context.global.verbose);
    // Invalid settings are an error of every command, because they may say what it should do.
    let (config, keymap) = context.user_config()?;
    let mut out = Out::new();
    let Some(command) = cli.command else {
        return open::run(&context, &config, keymap, &cli.open).map_err(neither_command_nor_session);
    };
    if let Some(session) = cli.open.session {
        return Err(CliError::Usage(format!(
            "`{session}` stands before the command; the session comes behind it, as in `rowsmith rows {session}`."
        )));
    }
    if cli.open.generator != GeneratorArgs::default() {
        return Err(CliError::Usage(
            "Options of the generator stand before the command; they come behind it, as in `rowsmith sample SESSION \
             --model NAME`."
                .into(),
        ));
    }
    match command {
        Command::Open(args) => return open::run(&context, &config, keymap, &args),
        Command::New(args) => return new::run(&context, &args, &mut out),
        Command::Sample(args) => return sample::run(&context, &config, &args, &mut out),
        Command::Plan(args) => plan::run(&context, &config, &args, &mut out),
        Command::Coverage(args) => coverage::run(&context, &args, &mut out),
        Command::Batch(BatchCommand::Write(args)) => return batch::write(&context, &config, &args, &mut out),
        Command::Batch(BatchCommand::Read(args)) => return batch::read(&context, &config, &args),
        Command::Batch(BatchCommand::Status(args)) => batch::status(&context, &args, &mut out),
        Command::Race(RaceCommand::Start(args)) => return race::start(&context, &config, &args, &mut out),
        Command::Race(RaceCommand::Next(args)) => return race::next(&context, &config, &args, &mut out),
        Command::Race(RaceCommand::Status(args)) => race::status(&context, &args, &mut out),
        Command::Race(RaceCommand::Stop(args)) => race::stop(&context, &args),
        Command::Runs(args) => runs::run(&context, &args, &mut out),
        Command::Rows(args) => rows::run(&context, &args, &mut out),
        Command::Duplicates(args) => duplicates::run(&context, &args, &mut out),
        Command::Facets(args) => facets::run(&context, &args, &mut out),
        Command::Accept(args) => decide::accept(&context, &args),
        Command::Reject(args) => decide::reject(&context, &args),
        Command::Skip(args) => decide::skip(&context, &args),
        Command::Label(args) => decide::label(&context, &args),
        Command::Tag(args) => decide::tag(&context, &args),
        Command::Edit(args) => edit::run(&context, &args),
        Command::Replace(args) => replace::run(&context, &args, &mut out),
        Command::Undo(args) => undo::undo(&context, &args),
        Command::Redo(args) => undo::redo(&context, &args),
        Command::Log(args) => log::run(&context, &args, &mut out),
        Command::Prompt(PromptCommand::List(args)) => prompt::list(&context, &args, &mut out),
        Command::Prompt(PromptCommand::Show { session, reference }) => {
            prompt::show(&context, &session, &reference, &mut out)
        }
        Command::Prompt(PromptCommand::Diff { session, a, b }) => {
            prompt::diff(&context, &session, &a, &b, &mut out)
        }
        Command::Prompt(PromptCommand::Use { session, reference }) => {
            prompt::use_version(&context, &session, &reference)
        }
        Command::Prompt(PromptCommand::Suggest(args)) => {
            return suggest::run(&context, &config, &args, &mut out);
        }
        Command::Prompt(PromptCommand::Note { session, reference, words }) => {
            prompt::note(&context, (&session, &reference), &words, &mut out)
        }
        Command::Prompt(PromptCommand::Add(args)) => prompt_files::add(&context, &args, &mut out),
        Command::Prompt(PromptCommand::Label(args)) => prompt::label(&context, &args),
        Command::Prompt(PromptCommand::Fork { session, reference, name }) => {
            prompt::fork(&context, &session, &reference, &name, &mut out)
        }
        Command::Prompt(PromptCommand::Export(args)) => prompt_files::export(&context, &args, &mut out),
        Command::Compare(args) => return compare::run(&context, &config, &args, &mut out),
        Command::Metrics(args) => return metrics::run(&context, &args, &mut out),
        Command::Data(args) => return data::run(&context, &args, &mut out),
        Command::Split(args) => split::run(&context, &args, &mut out),
        Command::Export(args) => return export::run(&context, &args),
        Command::Evaluate(args) => return evaluate::run(&context, &args, &mut out),
        Command::Import(args) => return import::run(&context, &args, &mut out),
        Command::Store(args) => return store::run(&context, &args, &mut out),
        Command::Doctor(args) if args.local => return local::run(&context, &args, &mut out),
        Command::Doctor(args) => return doctor::run(&context, &config, &args, &mut out),
        Command::Allow(args) => allow::run(&context, &config, &args, &mut out),
        Command::Keys => keys::keys(&keymap, &mut out),
        Command::Completions { shell } => keys::completions(shell, &mut out),
    }?;
    out.finish()?;
    Ok(0)
}

/// Rewrites the error about an unknown session: a word that is not a command is taken for a
/// session, so a person who mistyped a command should read about both.
fn neither_command_nor_session(error: CliError) -> CliError {
    match error {
        CliError::Workbench(WorkbenchError::NoSession { asked, bundled }) => CliError::Usage(format!(
            "`{asked}` is no command, no folder with a session.toml and no bundled session ({bundled}). \
             `rowsmith --help` lists the commands."
        )),
        error => error,
    }
}
