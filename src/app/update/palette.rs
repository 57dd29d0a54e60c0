//! The palette: all commands by name, with their arguments.

use crate::app::fuzzy;
use crate::app::overlay::{Overlay, Palette, PaletteItem};
use crate::app::prompt::text_area;
use crate::app::{Command, Effect, Model};

impl Palette {
    fn new() -> Self {
        let line = text_area("");
        let mut palette = Self { line, items: Vec::new(), selected: 0, error: None };
        palette.refresh();
        palette
    }

    /// Returns the typed text.
    #[must_use]
    pub fn text(&self) -> String {
        self.line.lines().join(" ")
    }

    /// Updates the list of matching commands.
    pub(super) fn refresh(&mut self) {
        let text = self.text();
        self.selected = 0;
        self.error = None;
        let offered = || Command::ALL.iter().copied().filter(|command| command.is_in_palette());
        let word = text.split_once(' ').map_or(text.as_str(), |(word, _)| word);
        let exact = word.parse().ok().filter(|command: &Command| command.is_in_palette());
        if let Some(command) = exact
            && text.len() > word.len()
        {
            self.items = vec![PaletteItem { command }];
            return;
        }
        let all: Vec<Command> = offered().collect();
        let names: Vec<String> =
            all.iter().map(|command| format!("{} {}", command.name(), command.doc())).collect();
        let by_name = fuzzy::places(&text, all.iter().map(|command| command.name()));
        let mut places = by_name.clone();
        let by_doc = fuzzy::places(&text, names.iter().map(String::as_str));
        places.extend(by_doc.into_iter().filter(|place| !by_name.contains(place)));
        self.items = places.into_iter().map(|place| PaletteItem { command: all[place] }).collect();
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
}

impl Model {
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        self.overlays.push(Overlay::Palette(Palette::new()));
        vec![]
    }

    /// Runs the selected command with the text after its name as its argument.
    pub(super) fn run_choice(&mut self) -> Vec<Effect> {
        let Some(Overlay::Palette(palette)) = self.overlays.last_mut() else { return vec![] };
        let text = palette.text();
        let (word, rest) = text.split_once(' ').unwrap_or((&text, ""));
        let Some(command) = palette.items.get(palette.selected).map(|item| item.command) else {
            palette.error = Some(format!("There is no command `{}`.", word.trim()));
            return vec![];
        };
        let argument = Some(rest.trim()).filter(|rest| !rest.is_empty() && command.name() == word);
        if let Some(wanted) = command.argument()
            && argument.is_none()
            && command != Command::FilterRows
        {
            palette.take();
            palette.error = Some(format!("Write {wanted} behind `{}`.", command.name()));
            return vec![];
        }
        let argument = argument.map(str::to_owned);
        self.overlays.pop();
        self.run(command, argument.as_deref())
    }
}
