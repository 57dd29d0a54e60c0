//! The user's own keys, `[keys.SCOPE]` of the settings, which override the default ones.
//!
//! ```toml
//! [keys.rows]
//! "A" = "accept-matching"     # another key
//! "x" = "skip-row"            # another command for a key
//! "a" = "none"                # no command
//! ```
//!
//! A binding that could not be typed, or that would make another one impossible to type, is
//! refused, and so is taking away the last key that leads out of a place.

use super::{Binding, Found, Keymap};
use crate::app::command::NoSuchCommand;
use crate::app::{Command, Context, Key, Scope};
use crate::config::{KeyBinding, KeyTable};
use crate::text::closest;

/// The value that removes a binding.
const NONE: &str = "none";

/// The places that people must be able to leave, each with the commands of which one needs a key.
const WAYS_OUT: [(Context, &[Command]); 16] = [
    (Context::Nothing, &[Command::StopOrQuit]),
    (Context::Rows, &[Command::StopOrQuit, Command::Quit]),
    (Context::Detail, &[Command::StopOrQuit, Command::Quit]),
    (Context::Preview, &[Command::StopOrQuit, Command::Quit]),
    (Context::Prompt, &[Command::StopOrQuit, Command::Quit]),
    (Context::PromptEditor, &[Command::LeaveEditor]),
    (Context::RowEditor, &[Command::LeaveRowEditor]),
    (Context::Line, &[Command::LeaveLine]),
    (Context::Settings, &[Command::LeaveSettings]),
    (Context::Scraps, &[Command::Close]),
    (Context::Duplicates, &[Command::Close]),
    (Context::Run, &[Command::Close]),
    (Context::Reading, &[Command::Close]),
    (Context::Question, &[Command::AnswerYes]),
    (Context::Question, &[Command::AnswerNo]),
    (Context::Question, &[Command::StopOrQuit]),
];
/// Keys that most terminals send as another one.
const SENT_AS: [(&str, &str); 3] = [("ctrl-i", "tab"), ("ctrl-m", "enter"), ("ctrl-[", "esc")];

/// An error in a line of the user's keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WrongKey {
    /// The line in the settings.
    pub line: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// One line of the user's keys, validated without regard to the others.
struct Own {
    scope: Scope,
    keys: Vec<Key>,
    /// `None` removes the binding.
    command: Option<Command>,
    line: usize,
}

impl Keymap {
    /// Returns the default keymap, overridden by the user's own keys.
    ///
    /// # Errors
    ///
    /// Names the first line that cannot be used, and says what to write instead.
    pub fn with_own(tables: &[KeyTable]) -> Result<Self, WrongKey> {
        let default = Self::default();
        let mut own: Vec<Own> = Vec::new();
        for table in tables {
            let scope = scope(table)?;
            for binding in &table.bindings {
                let read = read(scope, binding, &default)?;
                if let Some(other) = own.iter().find(|own| own.is_at(scope, &read.keys)) {
                    let message = format!(
                        "{} is bound in line {} already; take one of the two out",
                        read.told(),
                        other.line
                    );
                    return Err(read.wrong(message));
                }
                own.push(read);
            }
        }
        let keymap = default.under(&own);
        own.iter().try_for_each(|own| keymap.check_reachable(own))?;
        own.iter().try_for_each(|own| keymap.check_ways_out(own, &default))?;
        Ok(keymap)
    }

    /// Returns the default bindings merged with the user's. The user's come first for each command,
    /// because the first binding is the one that is shown.
    fn under(&self, own: &[Own]) -> Self {
        let is_kept = |binding: &&Binding| !own.iter().any(|own| own.is_at(binding.scope, &binding.keys));
        let mut bindings = Vec::new();
        for scope in Scope::ALL {
            let mut placed: Vec<_> =
                own.iter().filter(|own| own.scope == scope).filter_map(Own::binding).collect();
            for binding in self.bindings.iter().filter(|binding| binding.scope == scope) {
                bindings.extend(placed.extract_if(.., |own| own.command == binding.command));
                bindings.extend(Some(binding).filter(is_kept).cloned());
            }
            bindings.append(&mut placed);
        }
        Self { bindings }
    }

    /// Refuses a binding that is a prefix of another one in the same context, or has another one as
    /// its prefix.
    fn check_reachable(&self, own: &Own) -> Result<(), WrongKey> {
        if own.command.is_none() {
            return Ok(());
        }
        let chains =
            Context::ALL.iter().map(|context| context.chain()).filter(|chain| chain.contains(&own.scope));
        for other in
            chains.flat_map(|chain| self.bindings.iter().filter(|other| chain.contains(&other.scope)))
        {
            let (told, written) = (own.told(), other.written());
            let (scope, command) = (other.scope.name(), other.command.name());
            let what = if other.keys.len() > own.keys.len() && other.keys.starts_with(&own.keys) {
                format!("{told} would hide `{written}`, which asks for `{command}`")
            } else if own.keys.len() > other.keys.len() && own.keys.starts_with(&other.keys) {
                format!("{told} cannot be pressed to its end: `{written}` asks for `{command}` before")
            } else {
                continue;
            };
            return Err(own.wrong(format!(
                "{what}; bind other keys, or take those away with `\"{written}\" = \"{NONE}\"` in [keys.{scope}]"
            )));
        }
        Ok(())
    }
}

impl Keymap {
    /// Checks that a line does not take the last key from a command that leads out of a place.
    fn check_ways_out(&self, own: &Own, default: &Self) -> Result<(), WrongKey> {
        for (context, commands) in WAYS_OUT {
            let chain = context.chain();
            let led_out = |command: &&Command| default.find(chain, &own.keys) == Found::Command(**command);
            let Some(command) = commands.iter().find(led_out).filter(|_| chain.contains(&own.scope)) else {
                continue;
            };
            if commands.iter().all(|command| self.keys_in(chain, *command).is_empty()) {
                let (told, name, scope) = (own.told(), command.name(), command.scope().name());
                return Err(own.wrong(format!(
                    "{told} is the last key for `{name}`, and without one there is no way out; bind another key \
                     to `{name}` in [keys.{scope}] as well"
                )));
            }
        }
        Ok(())
    }
}

impl Own {
    fn is_at(&self, scope: Scope, keys: &[Key]) -> bool {
        self.scope == scope && self.keys == keys
    }

    fn binding(&self) -> Option<Binding> {
        let Self { scope, keys, command, .. } = self;
        command.map(|command| Binding { scope: *scope, keys: keys.clone(), command })
    }

    /// Returns the binding as sentences name it: `` `g g` in [keys.rows] ``.
    fn told(&self) -> String {
        told(&super::written(&self.keys), self.scope)
    }

    fn wrong(&self, message: String) -> WrongKey {
        WrongKey { line: self.line, message }
    }
}

fn told(keys: &str, scope: Scope) -> String {
    format!("`{keys}` in [keys.{}]", scope.name())
}

fn scope(table: &KeyTable) -> Result<Scope, WrongKey> {
    Scope::from_name(&table.scope).ok_or_else(|| {
        let remedy = match closest(&table.scope, Scope::ALL.iter().map(|scope| scope.name())) {
            Some(meant) => format!("did you mean [keys.{meant}]?"),
            None => format!("there are {}", Scope::ALL.map(|scope| format!("`{}`", scope.name())).join(", ")),
        };
        let message = format!("[keys.{}] names no place where keys go; {remedy}", table.scope);
        WrongKey { line: table.line, message }
    })
}

/// Reads and validates one line without regard to the others.
fn read(scope: Scope, binding: &KeyBinding, default: &Keymap) -> Result<Own, WrongKey> {
    let told = told(&binding.keys, scope);
    let wrong = |message| WrongKey { line: binding.line, message };
    let keys = match binding.keys.as_str() {
        " " => " ".parse().map(|key| vec![key]),
        keys => keys.split(' ').map(str::parse).collect::<Result<Vec<Key>, _>>(),
    };
    let keys = keys.map_err(|error| wrong(format!("in [keys.{}], {error}", scope.name())))?;
    let written = |key: &str| keys.iter().any(|other| other.to_string() == key);
    if let Some((key, sent)) = SENT_AS.iter().find(|(key, _)| written(key)) {
        let message =
            format!("{told} would not work: most terminals send `{key}` as `{sent}`; bind another key");
        return Err(wrong(message));
    }
    let is_default = default.bindings.iter().any(|other| other.scope == scope && other.keys == keys);
    let own = |command| Own { scope, keys: keys.clone(), command, line: binding.line };
    if binding.command == NONE {
        return if is_default {
            Ok(own(None))
        } else {
            Err(wrong(format!("{told} has no command that could be taken away; take the line out")))
        };
    }
    let command = binding.command.parse();
    let command =
        command.map_err(|NoSuchCommand(name)| wrong(format!("{told} asks for {}", no_command(&name))))?;
    if !works(command, scope, default) {
        let home = command.scope().name();
        let message = format!(
            "{told} asks for `{}`, which does nothing there; bind it in [keys.{home}]",
            command.name()
        );
        return Err(wrong(message));
    }
    let is_typing = |context: &Context| context.is_typing() && context.chain().contains(&scope);
    if keys[0].typed().is_some() && !is_default && Context::ALL.iter().any(is_typing) {
        let message = format!("{told} could not be typed any more; bind a key such as `ctrl-x` or `f2`");
        return Err(wrong(message));
    }
    Ok(own(Some(command)))
}

/// Returns the end of the sentence about what is no command.
fn no_command(name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default();
    if first != name && first.parse::<Command>().is_ok() {
        return format!(
            "`{name}`, but a key runs a command without an argument; write `{first}` alone, or give the argument in \
             the palette"
        );
    }
    let names = Command::ALL.iter().map(|command| command.name()).chain([NONE]);
    let remedy = match closest(name, names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("`rowsmith keys` lists the commands, and `{NONE}` takes a key away"),
    };
    format!("`{name}`, which is no command; {remedy}")
}

/// Returns whether a command does something in a scope.
fn works(command: Command, scope: Scope, default: &Keymap) -> bool {
    let is_bound = || default.bindings.iter().any(|other| other.scope == scope && other.command == command);
    let meets =
        |context: &Context| context.chain().contains(&scope) && context.chain().contains(&command.scope());
    // The prompt is a pane of the bench, so the palette's commands work there too.
    let is_offered = matches!(scope, Scope::Prompt | Scope::PromptPane) && command.is_in_palette();
    is_offered || is_bound() || Context::ALL.iter().any(meets)
}

#[cfg(test)]
mod tests;
