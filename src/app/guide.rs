//! Texts about commands and keys: help, footer, palette, which-key, the README's table.
//!
//! All are generated from the table of commands and the keymap, so none can be out of date.

mod footer;

pub use footer::Hint;

use super::overlay::PaletteItem;
use super::{Keymap, Scope};

/// One line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRow {
    /// The keys, as they are written: `g g, home`.
    pub keys: String,
    /// The command's name.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// The keys of one scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpGroup {
    /// Where the keys work.
    pub scope: Scope,
    /// One line for each command, in the keymap's order.
    pub rows: Vec<HelpRow>,
}

/// Returns the help: the keys, grouped by where they work.
#[must_use]
pub fn help(keymap: &Keymap) -> Vec<HelpGroup> {
    let group = |scope: Scope| {
        let mut rows: Vec<HelpRow> = Vec::new();
        for binding in keymap.bindings().iter().filter(|binding| binding.scope == scope) {
            let (name, written) = (binding.command.name(), binding.written());
            match rows.iter_mut().find(|row| row.name == name) {
                Some(row) => row.keys = format!("{}, {written}", row.keys),
                None => rows.push(HelpRow { keys: written, name, doc: binding.command.doc() }),
            }
        }
        HelpGroup { scope, rows }
    };
    Scope::ALL.into_iter().map(group).collect()
}

/// Returns how many lines the help has: each group has a heading, its rows and a blank line.
#[must_use]
pub fn help_lines(keymap: &Keymap) -> usize {
    help(keymap).iter().map(|group| group.rows.len() + 2).sum()
}

/// Returns the help as a table in Markdown, for the README and `rowsmith keys`.
#[must_use]
pub fn markdown(keymap: &Keymap) -> String {
    let mut table = String::from("| where | keys | command | what it does |\n|---|---|---|---|\n");
    for group in help(keymap) {
        let mut place = group.scope.title();
        for row in group.rows {
            let keys: Vec<_> =
                row.keys.split(", ").map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
            table.extend(["| ", place, " | ", &keys.join(" "), " | `", row.name, "` | ", row.doc, " |\n"]);
            place = "";
        }
    }
    table
}

impl PaletteItem {
    /// Returns the command with its argument, as the palette shows it: `goto NUMBER`.
    #[must_use]
    pub fn title(self) -> String {
        match self.command.argument() {
            Some(argument) => format!("{} {argument}", self.command.name()),
            None => self.command.name().to_owned(),
        }
    }

    /// Returns the command's keys as a person writes them; empty where it has none.
    #[must_use]
    pub fn keys(self, keymap: &Keymap) -> String {
        keymap.keys_of(self.command).join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Command;

    #[test]
    fn the_help_shows_every_key_once_with_what_it_does() {
        let keymap = Keymap::default();
        let shown: usize =
            help(&keymap).iter().flat_map(|g| &g.rows).map(|r| r.keys.split(", ").count()).sum();
        assert_eq!(shown, keymap.bindings().len());
        let rows = &help(&keymap)[0].rows;
        let first = HelpRow { keys: "a".into(), name: "accept-row", doc: Command::AcceptRow.doc() };
        assert_eq!(rows[0], first);
        assert!(rows.iter().any(|row| row.keys == "g g, home" && row.name == "first-row"));
    }

    #[test]
    fn the_table_is_markdown_with_the_place_on_its_first_line() {
        let table = markdown(&Keymap::default());
        assert!(
            table.contains(
                "| Rows | `a` | `accept-row` | Accept the row and go on to the next pending one |\n"
            )
        );
        assert!(table.contains("|  | `j` `down` | `next-row` | Go to the next row |\n"));
        assert!(table.lines().all(|line| line.starts_with('|') && line.ends_with('|')));
    }

    #[test]
    fn the_palette_writes_what_a_command_takes() {
        let item = PaletteItem { command: Command::Goto };
        assert_eq!((item.title().as_str(), item.keys(&Keymap::default()).as_str()), ("goto NUMBER", ""));
        let item = PaletteItem { command: Command::Sample };
        assert_eq!(item.keys(&Keymap::default()), "s, ctrl-g, f5");
    }
}
