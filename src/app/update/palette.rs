//! The palette: all commands by name, with their arguments.

use crate::app::fuzzy;
use crate::app::overlay::{Overlay, Palette, PaletteItem};
use crate::app::prompt::text_area;
use crate::app::{Command, Effect, Model, View};
use crate::text::closest;

/// The fewest letters that can mean a command which decides a row or begins a run, short of its name.
const FEWEST_LETTERS: usize = 3;

impl Palette {
    fn new(view: View) -> Self {
        let line = text_area("");
        let mut palette = Self { line, view, items: Vec::new(), selected: 0, is_meant: false, error: None };
        palette.refresh();
        palette
    }

    /// Returns the typed text.
    #[must_use]
    pub fn text(&self) -> String {
        self.line.lines().join(" ")
    }

    /// Updates the list of matching commands: by letters of the name in order, then by whole words of the
    /// description. Commands that decide many rows come last, and only by the beginning of their own name.
    pub(super) fn refresh(&mut self) {
        let text = self.text().trim().to_lowercase();
        (self.selected, self.error) = (0, None);
        let named = text.split_once(char::is_whitespace).map_or(text.as_str(), |(word, _)| word);
        if let Some(command) = offered(self.view).find(|command| command.name() == named)
            && (text.len() > named.len() || command.decides_many())
        {
            (self.items, self.is_meant) = (vec![PaletteItem { command }], true);
            return;
        }
        let (many, all): (Vec<_>, Vec<_>) = offered(self.view).partition(|command| command.decides_many());
        let by_name = fuzzy::places(&text, all.iter().map(|command| command.name()));
        let by_name: Vec<Command> = by_name.into_iter().map(|place| all[place]).collect();
        let dashed = text.split_whitespace().collect::<Vec<_>>().join("-");
        // Who writes the name of a command that works elsewhere means no other one.
        let is_elsewhere = by_name.is_empty() && dashed.parse().is_ok_and(Command::is_in_palette);
        let by_doc = all.iter().copied().filter(|command| {
            let is_said = || text.split_whitespace().all(|word| is_word_of(word, command.doc()));
            !is_elsewhere && !by_name.contains(command) && is_said()
        });
        let many = many.into_iter().filter(|command| command.name().starts_with(&dashed));
        let is_named = by_name.first().is_some_and(|first| is_clear(*first, &dashed, &by_name));
        let items = by_name.iter().copied().chain(by_doc).chain(many);
        self.items = items.map(|command| PaletteItem { command }).collect();
        self.is_meant = !text.is_empty() && (is_named || by_name.is_empty() && self.items.len() == 1);
    }

    /// Writes the selected command into the line, ready for its argument.
    pub(super) fn take(&mut self) {
        if let Some(item) = self.items.get(self.selected) {
            let name = item.command.name();
            let text = if item.command.argument().is_some() { format!("{name} ") } else { name.to_owned() };
            self.line.select_all();
            self.line.insert_str(text);
            self.refresh();
        }
    }

    /// Returns the command that is meant, or a sentence where that is not clear. What arrived in one burst
    /// was never seen in the list, so it has to be a whole name.
    fn meant(&self, in_burst: bool) -> Result<Command, String> {
        let text = self.text().trim().to_lowercase();
        let name = text.split_whitespace().next().unwrap_or_default();
        let selected = self.items.get(self.selected).map(|item| item.command);
        match selected.filter(|command| self.is_meant && (!in_burst || command.name() == name)) {
            Some(command) => Ok(command),
            None if text.is_empty() => {
                Err("Type a command's name, or choose one with the arrows.".to_owned())
            }
            None if selected.is_some() => {
                Err(format!("It is not clear which command `{text}` means; choose one with the arrows."))
            }
            None => {
                let dashed = text.split_whitespace().collect::<Vec<_>>().join("-");
                let elsewhere =
                    [dashed.as_str(), name].into_iter().find_map(|name| name.parse::<Command>().ok());
                if let Some((command, view)) = elsewhere.and_then(|command| Some((command, command.view()?)))
                {
                    let (name, go) = (command.name(), view.command().name());
                    return Err(format!("`{name}` works in the {} view: `{go}` goes there.", view.name()));
                }
                let near = |text: &str| closest(text, offered(self.view).map(Command::name));
                let near = near(&dashed).or_else(|| near(name));
                let near = near.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
                Err(format!("There is no command `{text}`.{near}"))
            }
        }
    }
}

impl Model {
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        self.overlays.push(Overlay::Palette(Palette::new(self.view)));
        vec![]
    }

    /// Runs the selected command with the text after its name as its argument, where it is clear which
    /// command is meant and the command takes what was typed.
    pub(super) fn run_choice(&mut self) -> Vec<Effect> {
        let settings = self.keymap.keys_of(Command::SamplingSettings).into_iter().next().unwrap_or_default();
        let in_burst = self.in_burst;
        let Some(Overlay::Palette(palette)) = self.overlays.last_mut() else { return vec![] };
        let text = palette.text();
        let (word, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let command = match palette.meant(in_burst) {
            Ok(command) => command,
            Err(sentence) => {
                palette.error = Some(sentence);
                return vec![];
            }
        };
        let is_whole = command.name() == word.to_lowercase();
        let argument = Some(rest.trim().to_owned()).filter(|rest| is_whole && !rest.is_empty());
        palette.error = match (command.argument(), &argument) {
            (None, Some(_)) => {
                let more = match command {
                    Command::Sample => format!("; `{settings}` sets how many rows"),
                    _ => String::new(),
                };
                Some(format!("`{}` takes nothing behind it{more}.", command.name()))
            }
            (Some(wanted), None) if !command.asks_for_argument() => {
                palette.take();
                Some(format!("Write {wanted} behind `{}`.", command.name()))
            }
            _ => None,
        };
        if palette.error.is_some() {
            return vec![];
        }
        self.overlays.pop();
        self.run(command, argument.as_deref())
    }
}

/// Returns the commands that do something in a view.
fn offered(view: View) -> impl Iterator<Item = Command> {
    let all = Command::ALL.iter().copied();
    all.filter(move |command| command.is_in_palette() && command.works_in(view))
}

/// Returns whether what was typed means the first of the commands whose names have these letters. For one that
/// decides a row or begins a run, that is its whole name, or letters that begin only its name, else that are in
/// no other name and have its first one.
fn is_clear(first: Command, typed: &str, named: &[Command]) -> bool {
    if !first.has_effect() || first.name() == typed {
        return true;
    }
    let begun = named.iter().filter(|command| command.name().starts_with(typed)).count();
    let is_only = if begun == 0 { named.len() == 1 } else { begun == 1 && first.name().starts_with(typed) };
    typed.chars().count() >= FEWEST_LETTERS && is_only && first.name().chars().next() == typed.chars().next()
}

fn is_word_of(word: &str, doc: &str) -> bool {
    doc.split(|c: char| !c.is_alphanumeric()).any(|other| other.to_lowercase() == word)
}
