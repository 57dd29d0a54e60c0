//! Themes: what each slot looks like.
//!
//! A theme is a TOML file with names for colours and a style for each slot. It may inherit
//! from another; then its palette and its slots lie over that one's, and the palette is
//! looked up last, so a child that only renames colours recolours everything.
//!
//! ```text
//! inherits = "dusk"
//! [palette]          ground = "#101018"
//! [slots]            "border.focused" = { fg = "iris", bold = true }      muted = "ash"
//! ```
//!
//! `dusk`, `ember`, `paper` and `contrast` paint their own ground, so that they are legible
//! on any terminal; `mono` has no colour at all and leaves the ground to the terminal. This
//! room reads no file: a theme of a person's own is handed in as text.

mod depth;
mod file;
mod slot;

use std::collections::BTreeMap;
use std::ops::Index;

use ratatui::style::Style;

pub(crate) use depth::Depth;
pub(crate) use slot::Slot;

/// The themes that are always there, the default one first.
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

/// Why there is no such theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme has this name.
    #[error("There is no theme `{name}`; there are {known}.")]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The theme's text is wrong.
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
    /// The theme that is used where nobody chose one.
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
    /// [`ThemeError::Unknown`] where there is none of that name.
    pub fn load(name: &str) -> Result<Self, ThemeError> {
        let text = bundled(name).ok_or_else(|| unknown(name))?;
        Self::from_text(name, text)
    }

    /// Returns a theme from the text of a file; it may inherit from a bundled one.
    ///
    /// # Errors
    ///
    /// A sentence with the line that is wrong.
    pub fn from_text(name: &str, text: &str) -> Result<Self, ThemeError> {
        resolve(name, text, &|base| bundled(base))
    }

    /// Returns the theme without colours, for `NO_COLOR` and for terminals that have none.
    #[must_use]
    pub fn mono() -> Self {
        // The bundled themes are read by a test; a plain one stands in rather than a panic.
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

/// Reads a theme and all that it inherits from, and looks its colours up.
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
        // A theme of a person's own may have the name of the bundled one that it starts from.
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
                // Only the ground itself paints the ground.
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
