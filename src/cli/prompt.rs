//! `prompt`: lists, shows, compares, labels and forks versions.

use std::io::IsTerminal;

use super::args::{LabelArgs, ListArgs};
use super::{CliError, Context, Out, out};
use crate::domain::{OfGenerator, Projection, Version};
use crate::engine::clock;
use crate::export::VersionJson;
use crate::measure::{VersionAcceptance, readers};
use crate::text::diff::compare;
use crate::text::time::rfc3339;

/// Lists the versions.
pub(super) fn list(context: &Context, args: &ListArgs, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(&args.session)?;
    let (projection, target) = (bench.projection(), &bench.session().target.label);
    for version in projection.versions() {
        let line = VersionJson::of(version, projection, target);
        if args.json {
            out.json(&line)?;
        } else {
            out.line(&line_of(version, &line, projection))?;
        }
    }
    Ok(())
}

/// Returns a version in one line: its rows, its acceptance, its usage and its flags, then what it was made from, its
/// labels and its note.
fn line_of(version: &Version, line: &VersionJson, projection: &Projection) -> String {
    if projection.hides_version(version.id) {
        let (name, number, id, at) =
            (&version.name, version.number, version.id, rfc3339(version.created_at.0));
        return format!("{name}@v{number:<3}  {id}  {at}  in a blind trial");
    }
    let counts = projection.counts();
    let usage = counts.usage_of(version.id);
    let acceptance = acceptance_of(counts.by_generator(version.id));
    let usage = if usage.is_nothing() { String::new() } else { format!("  {usage}") };
    let flags: Vec<_> = line.flags.iter().flatten().map(|(name, count)| format!("{count} {name}")).collect();
    let flags = if flags.is_empty() { String::new() } else { format!("  flags: {}", flags.join(", ")) };
    format!(
        "{}@v{:<3}  {}  {}  {} rows  {} accepted  {} rejected  {acceptance}{usage}{flags}{}{}{}",
        version.name,
        version.number,
        version.id,
        rfc3339(version.created_at.0),
        line.rows.unwrap_or_default(),
        line.accepted.unwrap_or_default(),
        line.rejected.unwrap_or_default(),
        parent_of(version, projection).map_or_else(String::new, |parent| format!("  from {parent}")),
        if line.labels.is_empty() { String::new() } else { format!("  labels: {}", line.labels.join(", ")) },
        line.note.as_ref().map_or_else(String::new, |note| format!("  note: {note}")),
    )
}

/// Returns the name of the version that one was made from: `v2`, or `other@v2` of another prompt.
fn parent_of(version: &Version, projection: &Projection) -> Option<String> {
    let parent = projection.version(version.parent?)?;
    let name = if parent.name == version.name { String::new() } else { format!("{}@", parent.name) };
    Some(format!("{name}v{}", parent.number))
}

/// Writes a note about a version; without words it has none any more.
pub(super) fn note(
    context: &Context,
    (session, reference): (&str, &str),
    words: &[String],
    out: &mut Out,
) -> Result<(), CliError> {
    let mut bench = context.open(session)?;
    let operation = bench.next_operation();
    let name = bench.note_version(reference, &words.join(" "), operation, clock::now())?;
    bench.commit()?;
    out.line(&name)?;
    Ok(())
}

/// Returns a version's acceptance, and that of each model where several wrote its rows.
fn acceptance_of(generators: &[OfGenerator]) -> String {
    let total = VersionAcceptance::of(generators);
    let of_each: Vec<_> = readers(generators)
        .map(|of| {
            let name = of.model.as_deref().unwrap_or(&of.provider);
            format!("{name} {}", VersionAcceptance::of(std::slice::from_ref(of)))
        })
        .collect();
    if of_each.len() > 1 { format!("{total} ({})", of_each.join(", ")) } else { total.to_string() }
}

/// Prints a version, or the draft, as a prompt file, which `prompt add` reads back.
pub(super) fn show(context: &Context, session: &str, reference: &str, out: &mut Out) -> Result<(), CliError> {
    let bench = context.read(session)?;
    let file = bench.prompt_file(reference)?.to_text();
    // Into a file or a pipe it goes byte for byte; a terminal might interpret control characters.
    if std::io::stdout().is_terminal() { out.text(&file) } else { out.raw(file.as_bytes()) }
}

/// Prints the differences between two versions, line by line.
pub(super) fn diff(
    context: &Context,
    session: &str,
    a: &str,
    b: &str,
    out: &mut Out,
) -> Result<(), CliError> {
    let bench = context.read(session)?;
    let (before, after) = (bench.prompt_file(a)?.to_text(), bench.prompt_file(b)?.to_text());
    for line in compare(&before, &after).into_iter().flatten() {
        // `line` would trim the sign of an empty line.
        out.text(&format!("{} {}", line.side.sign(), line.text()))?;
    }
    Ok(())
}

/// Puts a version into the editor of the workbench; what it replaces is kept.
pub(super) fn use_version(context: &Context, session: &str, reference: &str) -> Result<(), CliError> {
    let mut bench = context.open(session)?;
    let used = bench.use_version(reference)?;
    out::say(&used);
    Ok(())
}

/// Gives a version a label, or takes it away.
pub(super) fn label(context: &Context, args: &LabelArgs) -> Result<(), CliError> {
    let mut bench = context.open(&args.session)?;
    let operation = bench.next_operation();
    let said = bench.label_version(&args.reference, &args.label, !args.remove, operation, clock::now())?;
    bench.commit()?;
    out::say(&said);
    Ok(())
}

/// Makes a prompt of another name whose first version says what a version, or the draft, says.
pub(super) fn fork(
    context: &Context,
    session: &str,
    reference: &str,
    name: &str,
    out: &mut Out,
) -> Result<(), CliError> {
    let mut bench = context.open(session)?;
    let operation = bench.next_operation();
    let id = bench.fork_version(reference, name, operation, clock::now())?;
    bench.commit()?;
    out.line(&format!("{name}@v1 {id}"))
}
