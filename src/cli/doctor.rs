//! `doctor`: tests a model with one small request, and says how to fix what fails.

use serde::Serialize;
use tokio::runtime::Runtime;

use super::args::DoctorArgs;
use super::generator::{check_model, overrides};
use super::permission::{asking, patience};
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out};
use crate::config::resolve::{price_source, unasked_server};
use crate::config::{self, Overrides, PriceSource, UserConfig};
use crate::domain::{GeneratorSettings, Parameter, Provider};
use crate::engine::environment::Place;
use crate::engine::prepare::{Prepared, Surroundings, prepare};
use crate::generate::{Generator, GeneratorError, Probe, ProviderGenerator, ProviderOptions, Support};
use crate::text::without_secrets;
use crate::workbench::WorkbenchError;

/// The exit code of a command that a signal has ended.
const INTERRUPTED: u8 = 130;

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Everything works.
    Ok,
    /// It works, but not as well as it could.
    Warning,
    /// Rows cannot be sampled.
    Failed,
}

impl State {
    const fn mark(self) -> &'static str {
        match self {
            Self::Ok => "✓",
            Self::Warning => "!",
            Self::Failed => "✗",
        }
    }
}

/// One check of a model.
#[derive(Debug, Clone, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    /// The result and what to do about it, as a sentence.
    message: String,
}

/// All checks of a model. It does not contain the key.
#[derive(Debug, Serialize)]
struct Report {
    profile: Option<String>,
    provider: &'static str,
    model: Option<String>,
    base_url: Option<String>,
    checks: Vec<Check>,
    ok: bool,
}

impl Report {
    fn new(settings: &GeneratorSettings) -> Self {
        Self {
            profile: settings.profile.clone(),
            provider: settings.provider.name(),
            model: settings.model.clone(),
            base_url: settings.base_url.as_deref().map(without_secrets),
            checks: Vec::new(),
            ok: true,
        }
    }

    fn say(&mut self, name: &'static str, state: State, message: impl Into<String>) {
        self.ok &= state != State::Failed;
        self.checks.push(Check { name, state, message: message.into() });
    }
}

/// Tests a model and returns the exit code: 1 where rows cannot be sampled.
pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    args: &DoctorArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let tasks = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = until_signal(&tasks)?;
    with_signal(tested(context, config, args, out, (&tasks, &stop)), &stop)
}

fn tested(
    context: &Context,
    config: &UserConfig,
    args: &DoctorArgs,
    out: &mut Out,
    (tasks, stop): (&Runtime, &Stop),
) -> Result<u8, CliError> {
    let location = args.session.as_deref().map(|session| context.locate(session)).transpose()?;
    let folder = location.as_ref().map(|location| location.folder.as_path());
    let session = match folder {
        Some(folder) => config::load(folder).map_err(WorkbenchError::from)?.session.generator,
        None => GeneratorSettings::default(),
    };
    let flags = overrides(&args.generator)?;
    let (allowed, network) = (context.allowed(), !context.global.offline);
    let patience = patience(&stop.token());
    let around = Surroundings { folder, config, allowed: &allowed, network, patience };
    let profile = args.generator.profile.as_deref();
    let prepared = match asking(&allowed, || prepare(&around, &session, profile, &flags)) {
        Err(CliError::Workbench(WorkbenchError::Generator(error))) => {
            return told(&without_key(&session, args, config, &flags, &error)?, args, out);
        }
        prepared => prepared?,
    };
    check_model(&prepared.settings)?;
    let mut report = Report::new(&prepared.settings);
    if prepared.settings.provider == Provider::Offline {
        let unasked = unasked_server(&prepared.settings);
        report.say("server", State::Ok, unasked.unwrap_or_else(|| offline(args, config)));
        return told(&report, args, out);
    }
    if context.global.offline {
        return Err(CliError::Usage(
            "`--offline` refuses all network, and a model is tested with a request. Leave it out.".into(),
        ));
    }
    let examined = tasks.block_on(async {
        tokio::select! {
            examined = examine(&mut report, &prepared, config) => Some(examined),
            () = async { stop.token().cancelled().await } => None,
        }
    });
    let interrupted = stop.exit_code().unwrap_or(INTERRUPTED);
    examined.map_or(Ok(interrupted), |()| told(&report, args, out))
}

fn told(report: &Report, args: &DoctorArgs, out: &mut Out) -> Result<u8, CliError> {
    if args.json {
        out.json(report)?;
    } else {
        for check in &report.checks {
            let message = check.message.split_whitespace().collect::<Vec<_>>().join(" ");
            out.line(&format!("{} {:<10} {message}", check.state.mark(), check.name))?;
        }
    }
    out.finish()?;
    Ok(u8::from(!report.ok))
}

fn offline(args: &DoctorArgs, config: &UserConfig) -> String {
    let said = "The provider is offline: it needs no server, no key and no network.";
    if args.generator.profile.is_some() || args.session.is_some() {
        return said.to_owned();
    }
    let names: Vec<_> = config.profiles.keys().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return format!(
            "{said} Your config.toml has no profile of a model yet; `[profiles.NAME]` adds one, and \
             `rowsmith doctor --local` looks for model servers on this machine."
        );
    }
    format!("{said} `--profile NAME` tests a model: {}.", names.join(", "))
}

/// Returns the report for the case that a key's command printed no key.
fn without_key(
    session: &GeneratorSettings,
    args: &DoctorArgs,
    config: &UserConfig,
    flags: &Overrides,
    error: &GeneratorError,
) -> Result<Report, CliError> {
    let settings = config::resolve(session, args.generator.profile.as_deref(), config, flags);
    let mut report = Report::new(&settings.map_err(WorkbenchError::from)?);
    report.say("key", State::Failed, error.to_string());
    Ok(report)
}

/// Runs all checks, from the address to the price of tokens.
async fn examine(report: &mut Report, prepared: &Prepared, config: &UserConfig) {
    let settings = &prepared.settings;
    let generator = match prepared.provider(ProviderOptions::default()) {
        Ok(generator) => generator,
        Err(error) => {
            let name = if matches!(error, GeneratorError::MissingKey { .. }) { "key" } else { "server" };
            report.say(name, State::Failed, error.to_string());
            return;
        }
    };
    let name = generator.name();
    (report.model, report.base_url) = (name.model.clone(), name.base_url.clone());
    let place = match name.base_url {
        None => "its own server".to_owned(),
        Some(named) if named == generator.address() => named,
        Some(named) => format!("{named}, asked for chat completions at {}", generator.address()),
    };
    let model = name.model.unwrap_or_default();
    report.say("server", State::Ok, format!("{} at {place}, model `{model}`.", settings.provider.name()));
    report.say("key", State::Ok, key(prepared, &generator));
    match generator.probe().await {
        Ok(probe) => judge(report, &probe, &settings.leave_out),
        Err(error) => report.say("request", State::Failed, remedy(&error)),
    }
    cost(report, settings, config);
}

/// Returns which key is sent and where it was found, without the key.
fn key(prepared: &Prepared, generator: &ProviderGenerator) -> String {
    let from = match generator.key_from() {
        Ok(from) => from,
        Err(variable) if prepared.kept_back.is_some() => {
            return format!(
                "No key is sent: the session names the server, so the key of {variable} stays here unless \
                 `rowsmith allow` lets it go there."
            );
        }
        Err(variable) => return format!("No key is sent: none was found in {variable}."),
    };
    match prepared.environment.key_found() {
        Some((name, Place::Command)) if name == from => format!("A key is sent: {}.", Place::Command),
        Some((name, place)) if name == from => format!("A key is sent: {name}, from {place}."),
        _ => format!("A key is sent: {from}."),
    }
}

/// Returns the error's sentence, with what to do where it does not say so itself.
fn remedy(error: &GeneratorError) -> String {
    let what = match error {
        GeneratorError::RateLimited { .. } => "The key works; wait a little, and set `requests_per_minute`.",
        GeneratorError::ServerFailed { .. } => "Try again later, or look at the server's own log.",
        GeneratorError::TimedOut { .. } => "Look whether the server is busy, or raise `first_byte_seconds`.",
        GeneratorError::Rejected { .. } => "Look whether `base_url` and `model` are right for this server.",
        _ => return error.to_string(),
    };
    format!("{error} {what}")
}

/// Adds the checks of the model's reply.
fn judge(report: &mut Report, probe: &Probe, left_out: &[Parameter]) {
    let by = probe.answered_by.as_ref().map_or_else(String::new, |model| format!(" by `{model}`"));
    report.say("request", State::Ok, format!("It was answered in {:.1} s{by}.", probe.seconds));
    let (state, message) = models(probe, report.model.as_deref());
    report.say("models", state, message);
    let (state, message) = parameters(probe);
    report.say("parameters", state, message);
    match probe.streaming {
        _ if left_out.contains(&Parameter::Stream) => {
            report.say("streaming", State::Ok, "Whole replies are asked for, as the settings say.");
        }
        Support::Yes => report.say("streaming", State::Ok, "Replies come as they are written, row by row."),
        Support::No | Support::Unknown => report.say(
            "streaming",
            State::Warning,
            "The server does not stream: rows come when a whole reply is there. Fewer `rows_per_request` come sooner.",
        ),
    }
    match probe.schema {
        _ if left_out.contains(&Parameter::ResponseFormat) => {
            let message = "No schema is asked for, as the settings say: ask for JSON in the prompt.";
            report.say("schema", State::Ok, message);
        }
        Support::Yes => report.say("schema", State::Ok, "The reply was held to a schema, and is a row."),
        Support::No | Support::Unknown => {
            let reply: String = probe.reply.chars().take(80).collect();
            let message = format!(
                "The reply was not held to a schema: \"{reply}\". Ask for JSON in the prompt, with an example of a row, \
                 or take another model."
            );
            report.say("schema", State::Warning, message);
        }
    }
    if probe.thinks {
        let message = "The model thinks before it answers: thoughts are paid for and never become rows, and \
                       `reply_tokens` bounds them together with the answer.";
        report.say("thinking", State::Ok, message);
    }
    match probe.tokens {
        Some(tokens) => {
            let (input, output) = (tokens.input, tokens.output);
            let message = format!("Tokens are counted: {input} of the message, {output} of the reply.");
            report.say("usage", State::Ok, message);
        }
        None => report.say(
            "usage",
            State::Warning,
            "The server counts no tokens, so they are estimated: `--budget-tokens` and `--budget-cost` hold about, \
             `--budget-requests` exactly.",
        ),
    }
}

/// Checks which parameters the server took.
fn parameters(probe: &Probe) -> (State, String) {
    let names: Vec<_> = probe.left_out.iter().map(|name| format!("`{name}`")).collect();
    match (probe.remarks.as_slice(), names.as_slice()) {
        ([], []) => (State::Ok, "The server took every parameter that was sent.".to_owned()),
        ([], names) => {
            (State::Ok, format!("`leave_out` names {}; the server took the rest.", names.join(", ")))
        }
        (remarks, []) => (State::Ok, remarks.join(" ")),
        (remarks, names) => {
            let quoted = names.join(", ").replace('`', "\"");
            let help = format!("`leave_out = [{quoted}]` saves the refused request of each run.");
            (State::Warning, format!("{} {help}", remarks.join(" ")))
        }
    }
}

/// Checks whether the server lists its models, and the wanted one among them.
fn models(probe: &Probe, asked: Option<&str>) -> (State, String) {
    const SHOWN: usize = 8;
    let names = match &probe.models {
        Ok(names) => names,
        Err(refused @ GeneratorError::Unauthorized { .. }) => {
            return (
                State::Warning,
                format!("The key is refused for the list of models, though requests are answered: {refused}"),
            );
        }
        Err(why) => {
            return (State::Warning, format!("The server lists no models, so name one by hand: {why}"));
        }
    };
    let count = names.len();
    if asked.is_none_or(|asked| names.iter().any(|name| name == asked)) {
        return (State::Ok, format!("The server lists {count}, and this one is among them."));
    }
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if count > SHOWN { " …" } else { "" };
    (State::Warning, format!("The server answers, yet lists other models: {}{more}.", shown.join(", ")))
}

fn cost(report: &mut Report, settings: &GeneratorSettings, config: &UserConfig) {
    let Some((price, source)) = settings.price.zip(price_source(settings, config)) else {
        let message = "What tokens cost is not known: runs show tokens and no cost. Set `price_input` and \
                       `price_output` in the profile.";
        report.say("price", State::Warning, message);
        return;
    };
    let from = match source {
        PriceSource::Local => {
            report.say("price", State::Ok, "The model is your own: tokens cost nothing.");
            return;
        }
        PriceSource::Profile => "as the profile says".to_owned(),
        PriceSource::Settings => "as [prices] in your config.toml says".to_owned(),
        PriceSource::Shipped { as_of } => format!("the list price of {as_of}; look whether it still holds"),
    };
    let message = format!("A million tokens cost {} $ in and {} $ out: {from}.", price.input, price.output);
    report.say("price", State::Ok, message);
}
