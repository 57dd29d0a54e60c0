//! Themes: the style of each slot.
//!
//! A theme is a TOML file with names for colours and a style for each slot. It may inherit from
//! another theme, whose palette and slots it overrides. Names are looked up last, so a theme that
//! only redefines colours changes every slot that uses them.
//!
//! ```text
//! inherits = "dusk"
//! [palette]          ground = "#101018"
//! [slots]            "border.focused" = { fg = "iris", bold = true }      muted = "ash"
//! ```
//!
//! `dusk`, `ember`, `paper` and `contrast` paint their own background, so that they are legible on
//! any terminal; `mono` has no colours and leaves the background to the terminal. Nothing here
//! reads a file: a user's theme is passed in as text.

mod depth;
mod file;
mod slot;

use std::collections::BTreeMap;
use std::ops::Index;

use ratatui::style::Style;

pub(crate) use depth::Depth;
pub(crate) use slot::Slot;

/// The bundled themes, the default one first.
const BUNDLED: [(&str, &str); 5] = [
    ("dusk", include_str!("../../themes/dusk.toml")),
    ("ember", include_str!("../../themes/ember.toml")),
    ("paper", include_str!("../../themes/paper.toml")),
    ("contrast", include_str!("../../themes/contrast.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// A style for every slot.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    name: String,
    styles: Vec<Style>,
}

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme has this name.
    #[error("There is no theme `{name}`; there are {known}.")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names of the bundled themes, for the message.
        known: String,
    },
    /// The theme's text is not valid.
    #[error("The theme `{theme}` is wrong in line {line}. {reason}")]
    Wrong {
        /// The theme.
        theme: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, as a sentence.
        reason: String,
    },
}

impl Index<Slot> for Theme {
    type Output = Style;

    fn index(&self, slot: Slot) -> &Style {
        &self.styles[slot as usize]
    }
}

impl Theme {
    /// The name of the default theme.
    pub const DEFAULT: &'static str = BUNDLED[0].0;

    /// Returns the names of the bundled themes, the default one first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUNDLED.iter().map(|(name, _)| *name)
    }

    /// Returns the theme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns a bundled theme.
    ///
    /// # Errors
    ///
    /// `ThemeError::Unknown` if there is no bundled theme of this name.
    pub fn load(name: &str) -> Result<Self, ThemeError> {
        let text = bundled(name).ok_or_else(|| unknown(name))?;
        Self::from_text(name, text)
    }

    /// Parses a theme; it may inherit from a bundled one.
    ///
    /// # Errors
    ///
    /// `ThemeError::Wrong` with the first line that is not valid.
    pub fn from_text(name: &str, text: &str) -> Result<Self, ThemeError> {
        resolve(name, text, &|base| bundled(base))
    }

    /// Returns the theme without colours, for `NO_COLOR` and for terminals that have none.
    #[must_use]
    pub fn mono() -> Self {
        // A test reads the bundled themes; if one were wrong, a plain theme is better than a panic.
        Self::load("mono").unwrap_or_else(|_| Self::plain())
    }

    fn plain() -> Self {
        Self { name: "mono".to_owned(), styles: vec![Style::new(); Slot::ALL.len()] }
    }
}

fn bundled(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn unknown(name: &str) -> ThemeError {
    ThemeError::Unknown { name: name.to_owned(), known: Theme::names().collect::<Vec<_>>().join(", ") }
}

/// Parses a theme and its ancestors, and looks up its colours.
fn resolve<'t>(
    name: &str,
    text: &'t str,
    find: &dyn Fn(&str) -> Option<&'t str>,
) -> Result<Theme, ThemeError> {
    let mut chain = vec![(name.to_owned(), file::read(name, text)?)];
    while let Some((heir, Some((base, line)))) =
        chain.last().map(|(name, file)| (name.clone(), file.inherits.clone()))
    {
        let wrong = |reason| ThemeError::Wrong { theme: heir.clone(), line, reason };
        // A user's theme may have the name of the bundled one that it inherits from.
        let own_name_once =
            chain.len() == 1 && base == name && find(&base).is_some_and(|found| found != text);
        if !own_name_once && chain.iter().any(|(known, _)| *known == base) {
            let names: Vec<_> = chain.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(wrong(format!("It inherits from itself: {} and `{base}` again.", names.join(", "))));
        }
        let Some(text) = find(&base) else {
            return Err(wrong(format!("`inherits` names the theme `{base}`. {}", unknown(&base))));
        };
        chain.push((base.clone(), file::read(&base, text)?));
    }
    let mut palette = BTreeMap::new();
    let mut given: BTreeMap<usize, Style> = BTreeMap::new();
    for (_, file) in chain.iter().rev() {
        palette.extend(file.palette.iter().map(|(name, color)| (name.clone(), *color)));
    }
    for entry in chain.iter().rev().flat_map(|(_, file)| &file.slots) {
        given.insert(entry.slot as usize, entry.style(&palette)?);
    }
    let style = |slot: &Slot| {
        let mut next = Some(*slot);
        while let Some(slot) = next {
            if let Some(style) = given.get(&(slot as usize)) {
                // The background's style is no fallback: only the slot `ground` itself paints it.
                return *style;
            }
            next = slot.fallback().filter(|slot| *slot != Slot::Ground);
        }
        Style::new()
    };
    Ok(Theme { name: name.to_owned(), styles: Slot::ALL.iter().map(style).collect() })
}

#[cfg(test)]
mod tests;
