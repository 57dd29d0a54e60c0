//! `prompt suggest`: asks a model for the next version of a prompt.

use std::io::Write;
use std::path::Path;

use super::args::SuggestArgs;
use super::generator::{check_model, overrides};
use super::permission::asking;
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out, out};
use crate::config::{UserConfig, load};
use crate::domain::{Feedback, Parameter, Provider, Tokens};
use crate::engine::drafting::{ask_once, too_small};
use crate::engine::prepare::{Prepared, prepare};
use crate::engine::{TransportOptions, clock};
use crate::generate::Delivery;
use crate::template::PromptFile;
use crate::text::diff::compare;
use crate::workbench::{Drafted, RequestOutcome, Workbench, WorkbenchError};

/// Asks for the next version and returns the exit code.
pub(super) fn run(
    context: &Context,
    config: &UserConfig,
    args: &SuggestArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let stop = until_signal(&runtime)?;
    with_signal(suggested(context, config, args, out, (&runtime, &stop)), &stop)
}

fn suggested(
    context: &Context,
    config: &UserConfig,
    args: &SuggestArgs,
    out: &mut Out,
    (runtime, stop): (&tokio::runtime::Runtime, &Stop),
) -> Result<u8, CliError> {
    let location = context.locate(&args.session)?;
    args.budget.remarks().for_each(|remark| out::say(&remark));
    let allowed = context.allowed();
    let around = context.surroundings(&location, config, &allowed, stop);
    let (flags, profile) = (overrides(&args.generator)?, args.generator.profile.as_deref());
    let session = load(&location.folder).map_err(WorkbenchError::from)?.session;
    let mut prepared = asking(&allowed, || prepare(&around, &session.generator, profile, &flags))?;
    check_model(&prepared.settings)?;
    if let Some(path) = &args.out {
        check_out(path)?;
    }
    let mut bench = context.open(&args.session)?;
    let drafted = bench.drafted(args.prompt.as_deref())?;
    if prepared.settings.provider == Provider::Offline {
        return listed(&drafted, out);
    }
    if drafted.feedback.is_empty() {
        return Err(CliError::Usage(
            "No row of this label was rejected or edited yet, so there is nothing to change the prompt for; no model is \
             asked. Reject rows with a reason first."
                .into(),
        ));
    }
    // It is asked for words, and a schema would hold it to rows.
    prepared.settings.leave_out.push(Parameter::ResponseFormat);
    prepared.asks().filter(|_| around.network).iter().for_each(|sentence| out::say(sentence));
    let delivery = if args.generator.no_stream { Delivery::Whole } else { Delivery::Streamed };
    let transport = TransportOptions { delivery, record: None };
    let outcome =
        asked(&mut bench, &drafted, (&prepared, args), &transport, around.network, (runtime, stop))?;
    if let Some(error) = outcome.error {
        out::say(&format!("rowsmith: {error}"));
        return Ok(stop.exit_code().unwrap_or(1));
    }
    shown(&bench, &drafted, outcome.reply.as_deref().unwrap_or_default(), args, out)
}

/// Checks, before a model is paid, that the file can be written.
fn check_out(path: &Path) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if path.symlink_metadata().is_ok() {
        return Err(CliError::Usage(format!("{} is there already; name another file.", path.display())));
    }
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => {
            Err(CliError::Usage(format!("There is no folder {}; make it first.", folder.display())))
        }
        None => Ok(()),
    }
}

/// Sends the request, keeps it, and says what it took.
fn asked(
    bench: &mut Workbench,
    drafted: &Drafted,
    (prepared, args): (&Prepared, &SuggestArgs),
    transport: &TransportOptions,
    network: bool,
    (runtime, stop): (&tokio::runtime::Runtime, &Stop),
) -> Result<RequestOutcome, CliError> {
    let generator = prepared.generator(bench, network, transport, &stop.token())?;
    let (settings, operation) = (&prepared.settings, bench.next_operation());
    let budget = args.budget.budget();
    let next = bench.plan_next(drafted, (settings, budget), generator.as_ref(), operation, clock::now())?;
    let output = settings.max_tokens.map_or_else(|| drafted.reply_tokens(), u64::from);
    if let Some(reason) = too_small(&next.run, Tokens { input: next.input, output }) {
        return Err(CliError::Failed(reason));
    }
    bench.begin_next(&next);
    bench.commit()?;
    let outcome = runtime.block_on(ask_once(generator.as_ref(), &next, &stop.token()));
    bench.end_next(&next, outcome.clone(), clock::now());
    bench.commit()?;
    outcome.remarks.iter().for_each(|remark| out::say(remark));
    let used = bench.projection().run(next.run.number).map(crate::domain::Run::usage).unwrap_or_default();
    out::say(&format!("Run {} asked for the next version of {}: {used}.", next.run.number, drafted.name));
    Ok(outcome)
}

/// Shows what the model made of the prompt.
fn shown(
    bench: &Workbench,
    drafted: &Drafted,
    reply: &str,
    args: &SuggestArgs,
    out: &mut Out,
) -> Result<u8, CliError> {
    let next = bench.next_version(drafted, reply)?;
    let text = next.file.to_text();
    if let Some(path) = &args.out {
        let created = std::fs::File::create_new(path);
        created.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
            CliError::Failed(format!("The file {} cannot be written: {error}.", path.display()))
        })?;
        let before = PromptFile::of(&drafted.content);
        for line in compare(&before.to_text(), &text).into_iter().flatten() {
            out.text(&format!("{} {}", line.side.sign(), line.text()))?;
        }
    } else {
        out.text(&text)?;
    }
    for problem in &next.problems {
        out::say(&format!("It cannot be used as it stands. Line {}: {}", problem.line, problem.message));
    }
    if next.problems.is_empty() {
        out::say("Nothing was changed: `rowsmith prompt add SESSION FILE` makes a version of it.");
    }
    Ok(u8::from(!next.problems.is_empty()))
}

/// Lists what decisions say, where no model is asked.
fn listed(drafted: &Drafted, out: &mut Out) -> Result<u8, CliError> {
    let Feedback { rejected, reasons, edited } = &drafted.feedback;
    out::say("The offline generator reads no prompt, so no model is asked. This is what your decisions say:");
    if drafted.feedback.is_empty() {
        out::say("No row of this label was rejected or edited yet.");
    }
    for known in reasons {
        out.line(&format!("{} × {}", known.count, known.reason))?;
    }
    for row in rejected {
        out.line(&format!("rejected: {} ({})", row.text, row.reason.as_deref().unwrap_or("no reason")))?;
    }
    for row in edited {
        out.line(&format!("before: {}", row.before))?;
        out.line(&format!("after:  {}", row.after))?;
    }
    Ok(0)
}
