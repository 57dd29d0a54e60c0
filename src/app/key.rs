//! Keys, as a person writes them and as terminals send them.
//!
//! Terminals disagree on details: a capital may come with or without shift, and a release may come
//! after a press. [`Key`] is a normal form, so that keys compare by plain equality.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::text::closest;

/// One key with its modifiers, in normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd)]
pub struct Key {
    /// The key; with shift, a letter is a capital.
    pub code: KeyCode,
    /// The modifiers; shift only for keys that are not characters.
    pub modifiers: KeyModifiers,
}

/// Text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no key: write a character, or names such as `esc`, `ctrl-d`, `s-tab`, `f5`{near}", near = near(.0))]
pub struct NotAKey(String);

/// Returns the end of the error's sentence: the key that was probably meant.
fn near(text: &str) -> String {
    if text == " " {
        return "; did you mean `space`?".to_owned();
    }
    let written = text.to_lowercase().replace("shift-", "s-").replace("control-", "ctrl-");
    let names = || NAMES.iter().map(|(name, _)| *name);
    let held = ["ctrl-", "s-"].into_iter().find(|held| written.starts_with(held)).unwrap_or_default();
    let meant = match (written != text && written.parse::<Key>().is_ok(), closest(&written, names())) {
        (true, _) => Some(written.clone()),
        (false, Some(name)) => Some(name.to_owned()),
        (false, None) => closest(&written[held.len()..], names()).map(|name| format!("{held}{name}")),
    };
    meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

const NAMES: [(&str, KeyCode); 15] = [
    ("space", KeyCode::Char(' ')),
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("page-up", KeyCode::PageUp),
    ("page-down", KeyCode::PageDown),
];

impl Key {
    /// Returns a key without modifiers.
    #[must_use]
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// Returns the same key without alt, if alt was held: terminals send escape and a key that way.
    #[must_use]
    pub fn without_alt(self) -> Option<Self> {
        let held = self.modifiers.contains(KeyModifiers::ALT);
        held.then(|| Self { code: self.code, modifiers: self.modifiers - KeyModifiers::ALT })
    }

    /// Returns the character that the key types with alt held, as European layouts send `[ ] { } @`. With control
    /// held too, as some terminals send the right alt key, a letter is a chord and types nothing.
    #[must_use]
    pub fn typed_with_alt(self) -> Option<char> {
        let KeyCode::Char(c) = self.code else { return None };
        let is_chord = self.modifiers.contains(KeyModifiers::CONTROL) && c.is_alphabetic();
        (self.modifiers.contains(KeyModifiers::ALT) && !is_chord).then_some(c)
    }

    /// Returns the character that the key types.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => Some(c),
            _ => None,
        }
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let known = KeyModifiers::SHIFT | KeyModifiers::CONTROL | KeyModifiers::ALT;
        let mut modifiers = event.modifiers & known;
        // The meta key of old terminals is what alt is today.
        modifiers.set(KeyModifiers::ALT, event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::META));
        let code = match event.code {
            KeyCode::BackTab => {
                modifiers |= KeyModifiers::SHIFT;
                KeyCode::Tab
            }
            KeyCode::Char(c) => {
                let shift = modifiers.contains(KeyModifiers::SHIFT);
                let control = modifiers.contains(KeyModifiers::CONTROL);
                modifiers -= KeyModifiers::SHIFT;
                KeyCode::Char(match (control, shift) {
                    (true, _) => c.to_ascii_lowercase(),
                    (false, true) => capital(c),
                    (false, false) => c,
                })
            }
            other => other,
        };
        Self { code, modifiers }
    }
}

fn capital(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || NotAKey(text.to_owned());
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        loop {
            let (held, after) = match rest.split_once('-') {
                Some(("ctrl", after)) if !after.is_empty() => (KeyModifiers::CONTROL, after),
                Some(("s", after)) if !after.is_empty() => (KeyModifiers::SHIFT, after),
                _ => break,
            };
            modifiers |= held;
            rest = after;
        }
        let mut characters = rest.chars();
        let code = match (characters.next(), characters.next()) {
            (Some(c), None) if !c.is_control() && c != ' ' => KeyCode::Char(c),
            _ => named(rest).ok_or_else(refused)?,
        };
        let code = match code {
            KeyCode::Char(_) if modifiers.contains(KeyModifiers::SHIFT) => return Err(refused()),
            KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => {
                KeyCode::Char(c.to_ascii_lowercase())
            }
            code => code,
        };
        Ok(Self { code, modifiers })
    }
}

fn named(name: &str) -> Option<KeyCode> {
    let function = || name.strip_prefix('f')?.parse().ok().filter(|n| (1..=12).contains(n)).map(KeyCode::F);
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code).or_else(function)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, prefix) in
            [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "s-")]
        {
            if self.modifiers.contains(held) {
                f.write_str(prefix)?;
            }
        }
        match self.code {
            KeyCode::F(number) => write!(f, "f{number}"),
            KeyCode::Char(c) if c != ' ' => write!(f, "{c}"),
            code => match NAMES.iter().find(|(_, known)| *known == code) {
                Some((name, _)) => f.write_str(name),
                None => f.write_str("unknown"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(code: KeyCode, modifiers: KeyModifiers) -> String {
        Key::from(KeyEvent::new(code, modifiers)).to_string()
    }

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        for text in
            ["a", "X", "?", ":", "-", "space", "esc", "ctrl-d", "ctrl-left", "s-tab", "f5", "f12", "["]
        {
            assert_eq!(text.parse::<Key>().map(|key| key.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_names_no_key_is_refused() {
        for text in ["", "ab", "f13", "f0", "ctrl-", "s-a", " ", "escape"] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_that_is_nearly_right_is_suggested() {
        let said = |text: &str| text.parse::<Key>().unwrap_err().to_string();
        assert!(
            said("pagedown").ends_with("`s-tab`, `f5`; did you mean `page-down`?"),
            "{}",
            said("pagedown")
        );
        assert!(said("ctrl-lft").ends_with("did you mean `ctrl-left`?"));
        assert!(said("shift-tab").ends_with("did you mean `s-tab`?"));
        assert!(said(" ").ends_with("did you mean `space`?"));
        assert!(said("Ctrl-D").ends_with("did you mean `ctrl-d`?"));
        assert!(!said("xyzzy").contains("did you mean"));
        assert_eq!("ctrl-A".parse::<Key>(), "ctrl-a".parse());
    }

    #[test]
    fn capitals_and_the_back_tab_come_in_one_form_from_every_terminal() {
        assert_eq!(sent(KeyCode::Char('X'), KeyModifiers::SHIFT), "X");
        assert_eq!(sent(KeyCode::Char('X'), KeyModifiers::NONE), "X");
        assert_eq!(sent(KeyCode::Char('x'), KeyModifiers::SHIFT), "X");
        assert_eq!(sent(KeyCode::Char('P'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), "ctrl-p");
        assert_eq!(sent(KeyCode::BackTab, KeyModifiers::NONE), "s-tab");
        assert_eq!(sent(KeyCode::BackTab, KeyModifiers::SHIFT), "s-tab");
    }

    #[test]
    fn alt_comes_off_and_the_rest_stays() {
        let key = Key::from(KeyEvent::new(KeyCode::Char('a'), KeyModifiers::ALT));
        assert_eq!(key.without_alt(), Some(Key::plain(KeyCode::Char('a'))));
        assert_eq!(Key::plain(KeyCode::Char('a')).without_alt(), None);
    }

    #[test]
    fn meta_is_alt_and_alt_types_characters_but_no_chords() {
        let typed = |c, held| Key::from(KeyEvent::new(KeyCode::Char(c), held)).typed_with_alt();
        let (alt, control) = (KeyModifiers::ALT, KeyModifiers::CONTROL);
        assert_eq!(typed('5', alt), Some('5'));
        assert_eq!(typed('l', KeyModifiers::META), Some('l'));
        assert_eq!(typed('@', alt | control), Some('@'));
        assert_eq!(typed('s', alt | control), None);
        assert_eq!(typed('[', KeyModifiers::NONE), None);
        assert_eq!(Key::from(KeyEvent::new(KeyCode::Enter, alt)).typed_with_alt(), None);
    }

    #[test]
    fn only_a_key_with_nothing_held_types() {
        assert_eq!("é".parse::<Key>().unwrap().typed(), Some('é'));
        assert_eq!("ctrl-a".parse::<Key>().unwrap().typed(), None);
    }
}
