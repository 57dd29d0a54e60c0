//! `new` on a terminal without its columns: asks for them, with the first rows in sight.
//!
//! It is a plain conversation that stays in the scroll-back. What it finds out is a command line like any other: that is
//! shown, and carried out by [`super::new`].

mod choice;
mod conversation;
mod paint;
mod sheet;
#[cfg(test)]
mod tests;
mod words;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use conversation::{Conversation, Heard};
use paint::Paint;
use sheet::Paper;
use words::Question;

use super::args::NewArgs;
use super::{CliError, Context, look, new, out};
use crate::runtime::{Asking, Reply};
use crate::text::{SafeText, shell_option, truncate, wrap};
use crate::workbench::{expanded, require_free};

/// Stands before what is typed, with its columns.
const MARK: (&str, usize) = ("› ", 2);

/// Returns whether questions are seen and can be answered.
pub(super) fn can_ask() -> bool {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    io::stdin().is_terminal() && io::stderr().is_terminal() && io::stdout().is_terminal() && !is_dumb
}

/// Asks for what is missing, shows the command line, and makes the session. Returns the exit code.
pub(super) fn run(
    context: &Context,
    args: &NewArgs,
    dir: Option<&Path>,
    data: &Path,
) -> Result<u8, CliError> {
    let store = context.global.store.as_deref();
    if let Some(dir) = dir {
        require_free(dir, store)?;
    }
    let looked = look::looked(args, data)?;
    let home = std::env::var_os("HOME");
    let place = |folder: &Path| {
        let folder = expanded(folder, home.as_deref());
        require_free(&folder, store).map(|()| folder).map_err(|error| error.to_string())
    };
    let paint = Paint::of(std::env::var_os("NO_COLOR").as_deref());
    let paper = Paper { columns: Asking::columns(), paint };
    let mut conversation = Conversation::new(&looked, data, (args, dir), &place, paper);
    conversation.opening().iter().for_each(|line| show(line));
    if let Some(why) = conversation.is_hopeless() {
        return Err(CliError::Usage(why));
    }
    conversation.how().iter().for_each(|line| show(line));
    let mut asking = Asking::begin()?;
    let code = asked(&mut conversation, &mut asking)?;
    asking.give_back();
    if let Some(code) = code {
        out::say("Nothing was made.");
        return Ok(code);
    }
    let command = with_globals(context, conversation.command());
    out::say("The same without questions:");
    // Never cut or wrapped here, so that it can be copied.
    show(&format!("\n  {}\n", paint.strong(SafeText::new(&command).as_str())));
    let (args, dir) = conversation.into_settled();
    made(context, &mut asking, args, dir, data)
}

/// Asks until all is settled; else returns the exit code of a person who left.
fn asked(conversation: &mut Conversation<'_>, asking: &mut Asking) -> Result<Option<u8>, CliError> {
    while let Some(question) = conversation.asks() {
        conversation.set_columns(Asking::columns());
        Asking::print(&conversation.question(question))?;
        if let Some(code) = answered(conversation, asking, question)? {
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// Reads answers until one is taken; else returns the exit code of a person who left.
fn answered(
    conversation: &mut Conversation<'_>,
    asking: &mut Asking,
    question: Question,
) -> Result<Option<u8>, CliError> {
    loop {
        let typed = match asking.line(MARK.0, MARK.1)? {
            Reply::Line(typed) => typed,
            Reply::Left(code) => {
                Asking::settle("")?;
                return Ok(Some(code));
            }
        };
        let heard = conversation.answer(question, &typed);
        Asking::settle(&conversation.settled_line(&heard, &typed, MARK))?;
        match heard {
            Heard::Taken(_) => {
                Asking::print(&[String::new()])?;
                return Ok(None);
            }
            Heard::Again(lines) => Asking::print(&lines)?,
            Heard::Left => return Ok(Some(Asking::LEFT)),
        }
    }
}

/// Makes the session that was settled.
fn made(
    context: &Context,
    asking: &mut Asking,
    args: NewArgs,
    dir: Option<PathBuf>,
    data: &Path,
) -> Result<u8, CliError> {
    let (store, data) = (context.global.store.clone(), data.to_owned());
    let prepared =
        asking.unless_ended(move || new::prepared(&args, dir.as_deref(), &data, store.as_deref()))?;
    match prepared {
        Ok(prepared) => {
            let room = Asking::columns().saturating_sub(1);
            for sentence in new::make(prepared?)? {
                wrap(SafeText::new(&sentence).as_str(), room).into_iter().for_each(show);
            }
            Ok(0)
        }
        Err(code) => {
            out::say("Nothing was made.");
            Ok(code)
        }
    }
}

/// Returns the command with the options that every command takes and that change what is made.
fn with_globals(context: &Context, command: String) -> String {
    match &context.global.store {
        Some(store) => format!("{command} {}", shell_option("--store", &store.to_string_lossy())),
        None => command,
    }
}

/// Prints a line that is safe for a terminal, with its signs of weight and colour.
fn show(line: &str) {
    // Where nobody reads it, nobody answers either.
    let _ = io::Write::write_all(&mut io::stderr(), format!("{line}\n").as_bytes());
}

impl Conversation<'_> {
    /// Returns what stands on the line of an answer in the end.
    fn settled_line(&self, heard: &Heard, typed: &str, (mark, columns): (&str, usize)) -> String {
        let room = self.columns().saturating_sub(columns + 1);
        match heard {
            Heard::Taken(meant) => format!("{mark}{}", self.paint().chosen(&truncate(meant, room))),
            Heard::Again(_) | Heard::Left => {
                format!("{mark}{}", truncate(SafeText::new(typed).as_str(), room))
            }
        }
    }
}
