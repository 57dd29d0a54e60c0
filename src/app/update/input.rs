//! Keys and pastes.

use std::mem::{Discriminant, discriminant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::Size;

use crate::app::burst::Dropped;
use crate::app::keymap::Found;
use crate::app::{Command, Context, Effect, Key, Model, Overlay, Scope, View};

/// The longest text that a paste makes, in bytes: as long as a template may be.
const LONGEST_TEXT: usize = 1 << 20;

/// A place where a person types or answers: how many windows are open, which one is on top, and what
/// receives the keys.
type Place = (usize, Option<Discriminant<Overlay>>, Context);

impl Model {
    /// Handles an event of the terminal; `together` says that it arrived together with the key before.
    pub(super) fn input(&mut self, event: Event, together: bool) -> Vec<Effect> {
        let effects = match event {
            Event::Key(key) if is_pressed(&key) => self.behind_closed(together, 1, Key::from(key), Self::key),
            Event::Paste(text) => {
                // Nothing is closed by a paste; the key stands for none.
                let end = Key::plain(KeyCode::Null);
                self.behind_closed(together, text.chars().count(), end, |model, _| model.paste(&text))
            }
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize(width, height) => {
                self.size = Size { width, height };
                vec![]
            }
            _ => vec![],
        };
        self.target = self.selected_row();
        effects
    }

    /// Returns whether keys of a burst are being dropped.
    #[must_use]
    pub(crate) fn is_dropping(&self) -> bool {
        self.dropped.as_ref().is_some_and(Dropped::has_begun)
    }

    /// Drops what a burst brings behind a key that closed a place where a person typed or answered;
    /// else handles it, and notes whether it closes one.
    fn behind_closed(
        &mut self,
        together: bool,
        keys: usize,
        key: Key,
        handle: impl FnOnce(&mut Self, Key) -> Vec<Effect>,
    ) -> Vec<Effect> {
        if let Some(mut dropped) = self.dropped.take_if(|_| together) {
            let ends_line = matches!(dropped.by().code, KeyCode::Enter | KeyCode::Char('j'));
            let editor = self.keymap.keys_in(&[Scope::Prompt], Command::EditExternally);
            let remedy = editor
                .first()
                .map_or_else(String::new, |key| format!("; to paste into the prompt, `{key}` opens $EDITOR"));
            self.notice = Some(dropped.add(keys, ends_line, &remedy));
            self.dropped = Some(dropped);
            return vec![];
        }
        self.dropped = None;
        self.in_burst = together;
        let before = self.place();
        let effects = handle(self, key);
        if self.has_closed(before) {
            self.dropped = Some(Dropped::behind(key, self.notice.clone()));
        }
        effects
    }

    fn place(&self) -> Place {
        // Words that are offered come and go while a person types, and close nothing.
        let context = match self.context() {
            Context::Completion => Context::PromptEditor,
            context => context,
        };
        (self.overlays.len(), self.overlays.last().map(discriminant), context)
    }

    /// Returns whether a place where a person typed or answered is no longer the one that receives the
    /// keys. A window that opens over it leaves it open, unless it is a question.
    fn has_closed(&self, before: Place) -> bool {
        let (windows, _, context) = before;
        let now = self.place();
        let is_over = now.0 > windows && now.2 != Context::Question;
        let asks = matches!(context, Context::Question | Context::Bulk);
        (context.is_typing() || asks) && now != before && !is_over
    }

    /// Handles a key. With alt held it is escape and then the key, as terminals send a fast escape, but
    /// where a person types it only types.
    fn key(&mut self, key: Key) -> Vec<Effect> {
        self.notice = None;
        let Some(plain) = key.without_alt() else { return self.press(key) };
        let mut effects = vec![];
        if !self.context().is_typing() && self.has_way_back() {
            effects = self.press(Key::plain(KeyCode::Esc));
            self.target = self.selected_row();
        }
        if self.context().is_typing() {
            effects.extend(self.type_with_alt(key, plain));
        } else {
            effects.extend(self.press(plain));
        }
        effects
    }

    /// Returns whether escape leaves a window, a pane, the zoom or a longer binding. In the rows it might
    /// take away more, such as the filter, and in a view it leaves it, which nobody means who holds alt.
    fn has_way_back(&self) -> bool {
        let is_in_view = matches!(
            self.context(),
            Context::Rows
                | Context::Versions
                | Context::DataReport
                | Context::DataRows
                | Context::Compare
                | Context::CompareForm
                | Context::Measure
                | Context::Coverage
                | Context::History
                | Context::Race
                | Context::RaceEnd
                | Context::Export
        );
        let zoomed = match self.view {
            View::Bench => self.zoomed,
            View::Versions => self.versions.zoomed,
            View::Data => self.data.zoomed,
            View::Compare | View::Measure | View::Coverage | View::Race | View::History => false,
            View::Export => self.export.zoomed,
        };
        !self.pending.is_empty() || zoomed || !is_in_view
    }

    /// Types a key with alt held. One that types no character edits as it does with control held, where
    /// that is bound.
    fn type_with_alt(&mut self, key: Key, plain: Key) -> Vec<Effect> {
        self.pending.clear();
        if let Some(c) = key.typed_with_alt() {
            return self.type_text(&c.to_string());
        }
        if plain.code == KeyCode::Enter && !self.context().is_one_line() {
            return self.type_text("\n");
        }
        let held = Key { code: plain.code, modifiers: KeyModifiers::CONTROL };
        match self.keymap.find(&[Scope::Typing], &[held]) {
            Found::Command(command) if !matches!(plain.code, KeyCode::Char(_)) => self.run(command, None),
            _ => vec![],
        }
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        let context = self.context();
        self.pending.push(key);
        match self.keymap.find(context.chain(), &self.pending) {
            Found::Command(command) => {
                self.pending.clear();
                let command = if self.is_hasty_yes(command, key) { Command::AnswerNo } else { command };
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
            let there: usize = self.typed_in().map_or(0, |area| area.lines().iter().map(String::len).sum());
            if there + text.len() > LONGEST_TEXT {
                self.say("The paste was not used: a text may have 1 MB here, and it would be longer.");
                return vec![];
            }
            // Terminals send the line breaks of a paste as carriage returns.
            return self.type_text(&text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        let keys = self.keymap.keys_in(self.context().chain(), Command::EditPrompt);
        match keys.first() {
            Some(key) => {
                self.say(format!("The paste was not used: nothing is typed here; {key} edits the prompt."));
            }
            None => self.say("The paste was not used: nothing is typed here."),
        }
        vec![]
    }
}

/// Returns whether a key was pressed that is meant for a program: super and hyper belong to the window
/// manager.
fn is_pressed(key: &KeyEvent) -> bool {
    key.kind != KeyEventKind::Release && !key.modifiers.intersects(KeyModifiers::SUPER | KeyModifiers::HYPER)
}
