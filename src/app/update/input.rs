//! Keys and pastes.

use crossterm::event::{Event, KeyCode, KeyEventKind};
use ratatui::layout::Size;

use crate::app::keymap::Found;
use crate::app::{Command, Effect, Key, Model};

impl Model {
    pub(super) fn input(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(Key::from(key)),
            Event::Paste(text) => self.paste(&text),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize(width, height) => {
                self.size = Size { width, height };
                vec![]
            }
            _ => vec![],
        }
    }

    /// Handles a key; one with alt is handled as escape and then the key.
    fn key(&mut self, key: Key) -> Vec<Effect> {
        self.notice = None;
        let Some(plain) = key.without_alt() else { return self.press(key) };
        let mut effects = self.press(Key::plain(KeyCode::Esc));
        self.target = self.selected_row();
        effects.extend(self.press(plain));
        effects
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        let context = self.context();
        self.pending.push(key);
        match self.keymap.find(context.chain(), &self.pending) {
            Found::Command(command) => {
                self.pending.clear();
                self.run(command, None)
            }
            Found::Prefix => vec![],
            Found::Nothing => {
                let pressed = std::mem::take(&mut self.pending);
                self.not_bound(&pressed, key)
            }
        }
    }

    fn not_bound(&mut self, pressed: &[Key], key: Key) -> Vec<Effect> {
        if pressed.len() > 1 {
            if key.code != KeyCode::Esc {
                let written: Vec<_> = pressed.iter().map(ToString::to_string).collect();
                self.say(format!("`{}` is not bound to a command.", written.join(" ")));
            }
            return vec![];
        }
        match key.typed() {
            Some(c) if self.context().is_typing() => self.type_text(&c.to_string()),
            _ => vec![],
        }
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.notice = None;
        self.pending.clear();
        if self.context().is_typing() {
            // Terminals send the line breaks of a paste as carriage returns.
            return self.type_text(&text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        let keys = self.keymap.keys_in(self.context().chain(), Command::EditPrompt);
        match keys.first() {
            Some(key) => self.say(format!("Nothing is typed here; {key} edits the prompt.")),
            None => self.say("Nothing is typed here."),
        }
        vec![]
    }
}
