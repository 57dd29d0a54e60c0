//! Reads a theme's file: `inherits`, a `[palette]` of names, and the `[slots]`.
//!
//! Every error is a sentence with its line, because a theme is written by hand.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Slot, ThemeError};
use crate::text::closest;

/// What one theme's file says, names not looked up yet.
#[derive(Debug, Default)]
pub(super) struct ThemeFile {
    /// The theme that this one starts from, and the line that says so.
    pub(super) inherits: Option<(String, usize)>,
    pub(super) palette: BTreeMap<String, Color>,
    pub(super) slots: Vec<SlotEntry>,
}

/// The style of a slot as the file gives it; colours may be names of the palette.
#[derive(Debug, Clone)]
pub(super) struct SlotEntry {
    pub(super) slot: Slot,
    pub(super) theme: String,
    fg: Option<Named>,
    bg: Option<Named>,
    modifiers: Modifier,
}

/// A colour as written, and its line.
#[derive(Debug, Clone)]
struct Named {
    text: String,
    line: usize,
}

/// The colours that every terminal has a name for.
const ANSI: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// What a slot may say besides `fg` and `bg`.
const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
    ("strike", Modifier::CROSSED_OUT),
];

/// The text of one file, for errors that name a line.
struct Source<'a> {
    theme: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        self.text.get(..span.start).unwrap_or(self.text).matches('\n').count() + 1
    }

    fn wrong(&self, span: &Range<usize>, reason: impl Into<String>) -> ThemeError {
        ThemeError::Wrong { theme: self.theme.to_owned(), line: self.line(span), reason: reason.into() }
    }

    fn text<'v>(&self, value: &'v Spanned<DeValue<'_>>, what: &str) -> Result<&'v str, ThemeError> {
        value
            .get_ref()
            .as_str()
            .ok_or_else(|| self.wrong(&value.span(), format!("{what} must be a text in quotes.")))
    }

    fn table<'v, 't>(
        &self,
        value: &'v Spanned<DeValue<'t>>,
        what: &str,
    ) -> Result<&'v DeTable<'t>, ThemeError> {
        value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.wrong(&value.span(), format!("{what} must be a table.")))
    }
}

/// Reads a theme's file.
pub(super) fn read(theme: &str, text: &str) -> Result<ThemeFile, ThemeError> {
    let source = Source { theme, text };
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or_default();
        source.wrong(&span, format!("This is not TOML: {}.", error.message()))
    })?;
    let mut file = ThemeFile::default();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "inherits" => {
                let base = source.text(value, "`inherits`")?.to_owned();
                file.inherits = Some((base, source.line(&value.span())));
            }
            "palette" => file.palette = palette(&source, source.table(value, "`[palette]`")?)?,
            "slots" => slots(&source, source.table(value, "`[slots]`")?, "", &mut file.slots)?,
            other => {
                let known = ["inherits", "palette", "slots"];
                return Err(source.wrong(&key.span(), unknown("entry", other, known.into_iter())));
            }
        }
    }
    Ok(file)
}

fn palette(source: &Source<'_>, table: &DeTable<'_>) -> Result<BTreeMap<String, Color>, ThemeError> {
    let mut palette = BTreeMap::new();
    for (name, value) in table {
        let text = source.text(value, "A colour")?;
        let color = literal(text).ok_or_else(|| {
            source.wrong(
                &value.span(),
                format!("`{text}` is no colour: write \"#rrggbb\" or a name such as \"bright-blue\"."),
            )
        })?;
        palette.insert(name.get_ref().to_string(), color);
    }
    Ok(palette)
}

/// Reads slots; `border.focused` may be written with or without quotes.
fn slots(
    source: &Source<'_>,
    table: &DeTable<'_>,
    prefix: &str,
    slots_read: &mut Vec<SlotEntry>,
) -> Result<(), ThemeError> {
    for (key, value) in table {
        let name = format!("{prefix}{}", key.get_ref());
        if opens_group(&name, value) {
            slots(source, source.table(value, &name)?, &format!("{name}."), slots_read)?;
            continue;
        }
        let Some(slot) = Slot::from_name(&name) else {
            let known = Slot::ALL.iter().map(|slot| slot.name());
            return Err(source.wrong(&key.span(), unknown("slot", &name, known)));
        };
        slots_read.push(entry(source, slot, value)?);
    }
    Ok(())
}

/// Returns whether a table holds slots, as TOML reads `border.focused` without quotes.
fn opens_group(name: &str, value: &Spanned<DeValue<'_>>) -> bool {
    value.get_ref().as_table().is_some_and(|table| {
        table.keys().any(|key| Slot::from_name(&format!("{name}.{}", key.get_ref())).is_some())
    })
}

fn entry(source: &Source<'_>, slot: Slot, value: &Spanned<DeValue<'_>>) -> Result<SlotEntry, ThemeError> {
    let theme = source.theme.to_owned();
    let mut entry = SlotEntry { slot, theme, fg: None, bg: None, modifiers: Modifier::empty() };
    let named = |value: &Spanned<DeValue<'_>>| -> Result<Named, ThemeError> {
        let text = source.text(value, "A colour")?.to_owned();
        Ok(Named { text, line: source.line(&value.span()) })
    };
    if value.get_ref().as_str().is_some() {
        entry.fg = Some(named(value)?);
        return Ok(entry);
    }
    for (key, value) in source.table(value, "A slot that is no colour")? {
        match key.get_ref().as_ref() {
            "fg" => entry.fg = Some(named(value)?),
            "bg" => entry.bg = Some(named(value)?),
            other => entry.modifiers |= modifier(source, key, other, value)?,
        }
    }
    Ok(entry)
}

fn modifier(
    source: &Source<'_>,
    key: &Spanned<DeString<'_>>,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<Modifier, ThemeError> {
    let Some((_, modifier)) = MODIFIERS.iter().find(|(known, _)| *known == name) else {
        let known = ["fg", "bg"].into_iter().chain(MODIFIERS.iter().map(|(name, _)| *name));
        return Err(source.wrong(&key.span(), unknown("property", name, known)));
    };
    match value.get_ref().as_bool() {
        Some(true) => Ok(*modifier),
        Some(false) => Ok(Modifier::empty()),
        None => Err(source.wrong(&value.span(), format!("`{name}` must be true or false."))),
    }
}

impl SlotEntry {
    /// Returns the style, with names looked up in the whole palette.
    pub(super) fn style(&self, palette: &BTreeMap<String, Color>) -> Result<Style, ThemeError> {
        let mut style = Style::new().add_modifier(self.modifiers);
        if let Some(named) = &self.fg {
            style = style.fg(self.look_up(named, palette)?);
        }
        if let Some(named) = &self.bg {
            style = style.bg(self.look_up(named, palette)?);
        }
        Ok(style)
    }

    fn look_up(&self, named: &Named, palette: &BTreeMap<String, Color>) -> Result<Color, ThemeError> {
        palette.get(&named.text).copied().or_else(|| literal(&named.text)).ok_or_else(|| {
            let known = palette.keys().map(String::as_str).chain(ANSI.iter().map(|(name, _)| *name));
            let reason = unknown("colour", &named.text, known);
            ThemeError::Wrong { theme: self.theme.clone(), line: named.line, reason }
        })
    }
}

/// Reads `#rrggbb` or a terminal's own name.
fn literal(text: &str) -> Option<Color> {
    if let Some((_, color)) = ANSI.iter().find(|(name, _)| *name == text) {
        return Some(*color);
    }
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some(Color::Rgb(part(0)?, part(2)?, part(4)?))
}

/// Returns the sentence about a name that is not known, with the nearest one that is.
fn unknown<'k>(what: &str, name: &str, known: impl Iterator<Item = &'k str>) -> String {
    match closest(name, known) {
        Some(word) => format!("There is no {what} `{name}`; did you mean `{word}`?"),
        None => format!("There is no {what} `{name}`."),
    }
}
