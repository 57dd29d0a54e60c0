//! A line while it is typed.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::text::width::clusters;
use crate::text::{SafeText, width};

/// The most bytes of a line.
const LONGEST: usize = 4_096;

/// A line while it is typed; the cursor stands at its end.
#[derive(Debug, Default)]
pub(super) struct Typed(String);

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// It changed the line, or means nothing here.
    Typing,
    /// The line is done.
    Done,
    /// The person leaves.
    Left,
    /// The program is to be stopped until the shell continues it.
    Suspend,
}

impl Typed {
    /// Takes in a key.
    pub(super) fn press(&mut self, key: KeyEvent) -> Pressed {
        if key.kind == KeyEventKind::Release {
            return Pressed::Typing;
        }
        let has_control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Pressed::Done,
            // A new line that is pasted arrives so.
            KeyCode::Char('j' | 'm') if has_control => return Pressed::Done,
            KeyCode::Esc => return Pressed::Left,
            KeyCode::Char('c' | 'd') if has_control => return Pressed::Left,
            KeyCode::Char('z') if has_control => return Pressed::Suspend,
            KeyCode::Char('u') if has_control => self.0.clear(),
            KeyCode::Char('w') if has_control => {
                let rest = self.0.trim_end();
                let start = rest.rfind(' ').map_or(0, |blank| blank + 1);
                self.0.truncate(start);
            }
            KeyCode::Char('h') if has_control => self.delete(),
            KeyCode::Backspace => self.delete(),
            KeyCode::Char(c) if !has_control && !c.is_control() && self.0.len() < LONGEST => self.0.push(c),
            _ => {}
        }
        Pressed::Typing
    }

    fn delete(&mut self) {
        let last = clusters(&self.0).last().map_or(0, |cluster| cluster.start);
        self.0.truncate(last);
    }

    /// Returns the end of the line that fits into so many columns.
    pub(super) fn tail(&self, columns: usize) -> String {
        let safe = SafeText::new(&self.0);
        let mut left = width(safe.as_str());
        let fits = clusters(safe.as_str()).skip_while(|cluster| {
            let is_out = left > columns;
            left -= if is_out { cluster.width } else { 0 };
            is_out
        });
        fits.map(|cluster| cluster.text).collect()
    }

    /// Returns the whole line.
    pub(super) fn into_line(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(c: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)
    }

    fn typed(text: &str) -> Typed {
        let mut typed = Typed::default();
        for c in text.chars() {
            assert_eq!(typed.press(KeyEvent::from(KeyCode::Char(c))), Pressed::Typing);
        }
        typed
    }

    #[test]
    fn characters_are_typed_and_taken_back_whole() {
        let mut line = typed("a日e\u{301}");
        let _ = line.press(KeyEvent::from(KeyCode::Backspace));
        assert_eq!(line.0, "a日");
        let _ = line.press(control('h'));
        let _ = line.press(KeyEvent::from(KeyCode::Left));
        assert_eq!(line.into_line(), "a");
        let mut line = typed("transfer lost ");
        let _ = line.press(control('w'));
        assert_eq!(line.0, "transfer ");
        let _ = line.press(control('u'));
        let _ = line.press(KeyEvent::from(KeyCode::Backspace));
        assert_eq!(line.into_line(), "");
    }

    #[test]
    fn keys_end_the_line_or_leave() {
        for (key, pressed) in [
            (KeyEvent::from(KeyCode::Enter), Pressed::Done),
            (control('j'), Pressed::Done),
            (KeyEvent::from(KeyCode::Esc), Pressed::Left),
            (control('c'), Pressed::Left),
            (control('d'), Pressed::Left),
            (control('z'), Pressed::Suspend),
            (KeyEvent::from(KeyCode::Up), Pressed::Typing),
        ] {
            assert_eq!(typed("x").press(key), pressed, "{key:?}");
        }
        let released = KeyEvent::new_with_kind(KeyCode::Enter, KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(typed("x").press(released), Pressed::Typing);
    }

    #[test]
    fn the_end_of_a_long_line_stays_in_sight() {
        assert_eq!(typed("a long name").tail(4), "name");
        assert_eq!(typed("日本語").tail(5), "本語");
        assert_eq!(typed("short").tail(20), "short");
        assert_eq!(typed("short").tail(0), "");
    }
}
