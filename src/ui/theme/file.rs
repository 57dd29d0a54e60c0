//! Parses a theme's file: `inherits`, a `[palette]` of names, and the `[slots]`.
//!
//! Every error is a sentence with its line, because people write themes by hand.

use std::collections::BTreeMap;
use std::fmt;

use ratatui::style::{Color, Modifier, Style};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{Slot, ThemeError};
use crate::text::closest;

/// The content of one theme's file, before names are looked up.
#[derive(Debug, Default)]
pub(super) struct ThemeFile {
    /// The theme that this one inherits from, and the line in the file.
    pub(super) inherits: Option<(String, usize)>,
    pub(super) palette: BTreeMap<String, Color>,
    pub(super) slots: Vec<SlotEntry>,
}

/// The style of a slot in the file; colours may be names of the palette.
#[derive(Debug, Clone)]
pub(super) struct SlotEntry {
    pub(super) slot: Slot,
    pub(super) theme: String,
    fg: Option<Named>,
    bg: Option<Named>,
    modifiers: Modifier,
}

/// A colour as written, with its line.
#[derive(Debug, Clone)]
struct Named {
    text: String,
    line: usize,
}

/// The file as serde deserializes it.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    inherits: Option<Spanned<String>>,
    palette: BTreeMap<String, Spanned<String>>,
    slots: Slots,
}

type Slots = BTreeMap<Spanned<String>, Spanned<Look>>;

/// The value of a slot: one colour, a table, or what neither is.
enum Look {
    Color(String),
    Table(SlotTable),
    Neither,
}

#[derive(Default)]
struct SlotTable {
    fg: Option<Spanned<String>>,
    bg: Option<Spanned<String>>,
    modifiers: Modifier,
    /// Keys that are not properties, read as nested slots: TOML reads an unquoted `border.focused`
    /// as `focused` in a table `border`.
    below: Slots,
}

/// The ANSI colours, which every terminal has.
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

/// The properties of a slot besides `fg` and `bg`.
const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
    ("strike", Modifier::CROSSED_OUT),
];

/// Parses a theme's file.
pub(super) fn read(theme: &str, text: &str) -> Result<ThemeFile, ThemeError> {
    let source = Source { theme, text };
    let mut table = DeTable::parse(text)
        .map_err(|error| source.wrong(start(&error), format!("This is not TOML: {}.", error.message())))?;
    hide_lists_and_dates(table.get_mut());
    let written = Written::deserialize(toml::de::Deserializer::from(table))
        .map_err(|error| source.wrong(start(&error), source.explain(&error)))?;
    let inherits = written.inherits.map(|base| (source.line(base.span().start), base.into_inner()));
    let mut file = ThemeFile { inherits: inherits.map(|(line, base)| (base, line)), ..ThemeFile::default() };
    for (name, color) in written.palette {
        let known = literal(color.get_ref()).ok_or_else(|| {
            let reason = "is no colour: write \"#rrggbb\" or a name such as \"bright-blue\".";
            source.wrong(color.span().start, format!("`{}` {reason}", color.get_ref()))
        })?;
        file.palette.insert(name, known);
    }
    for (name, look) in written.slots {
        source.slots(&name, name.get_ref(), look, &mut file.slots)?;
    }
    Ok(file)
}

/// Replaces every list and every date, which serde takes for other things, by a number, which no entry may
/// be.
fn hide_lists_and_dates(table: &mut DeTable<'_>) {
    for (_, value) in table.iter_mut() {
        match value.get_mut() {
            DeValue::Table(below) => hide_lists_and_dates(below),
            value @ (DeValue::Array(_) | DeValue::Datetime(_)) => {
                *value = DeValue::Integer(DeInteger::default());
            }
            _ => (),
        }
    }
}

fn start(error: &toml::de::Error) -> usize {
    error.span().unwrap_or_default().start
}

/// The text of one file, to find the lines of errors.
struct Source<'a> {
    theme: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).matches('\n').count() + 1
    }

    fn wrong(&self, at: usize, reason: String) -> ThemeError {
        ThemeError::Wrong { theme: self.theme.to_owned(), line: self.line(at), reason }
    }

    /// Returns the sentence for an error of serde.
    fn explain(&self, error: &toml::de::Error) -> String {
        let (what, expected) = error.message().rsplit_once(", expected ").unwrap_or((error.message(), ""));
        if let Some(name) = what.strip_prefix("unknown field ") {
            return unknown("entry", name.trim_matches('`'), expected.split('`').skip(1).step_by(2));
        }
        let at = start(error);
        let before = self.text.get(..at).unwrap_or_default().trim_end();
        let heading = self.text.get(at..).unwrap_or_default().strip_prefix("[[");
        if let Some((name, _)) =
            heading.filter(|_| !before.ends_with('=')).and_then(|heading| heading.split_once("]]"))
        {
            return format!("`[{name}]` must be a table.");
        }
        let before = before.trim_end_matches('=');
        let key = before.rsplit(['\n', '{', ',']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        match expected {
            "a string" => format!("`{key}` must be a text in quotes."),
            "a boolean" => format!("`{key}` must be true or false."),
            "a map" => format!("`[{key}]` must be a table."),
            _ => format!("`{key}` cannot be read: {}.", error.message()),
        }
    }

    /// Adds these slots and the nested ones.
    fn slots(
        &self,
        key: &Spanned<String>,
        name: &str,
        look: Spanned<Look>,
        found: &mut Vec<SlotEntry>,
    ) -> Result<(), ThemeError> {
        let range = look.span();
        let SlotTable { fg, bg, modifiers, below } = match look.into_inner() {
            Look::Color(color) => SlotTable { fg: Some(Spanned::new(range, color)), ..SlotTable::default() },
            Look::Table(table) => table,
            Look::Neither if Slot::from_name(name).is_some() => {
                let reason = "A slot that is no colour must be a table.".to_owned();
                return Err(self.wrong(range.start, reason));
            }
            Look::Neither => SlotTable::default(),
        };
        let is_group = below.keys().any(|key| Slot::from_name(&format!("{name}.{key}")).is_some());
        if !is_group || fg.is_some() || bg.is_some() || !modifiers.is_empty() {
            let known = || Slot::ALL.iter().map(|slot| slot.name());
            let slot = Slot::from_name(name)
                .ok_or_else(|| self.wrong(key.span().start, unknown("slot", name, known())))?;
            let named = |color: Spanned<String>| {
                let line = self.line(color.span().start);
                Named { text: color.into_inner(), line }
            };
            let (fg, bg) = (fg.map(named), bg.map(named));
            found.push(SlotEntry { slot, theme: self.theme.to_owned(), fg, bg, modifiers });
        }
        for (key, look) in below {
            if !is_group {
                let known = ["fg", "bg"].into_iter().chain(MODIFIERS.iter().map(|(name, _)| *name));
                return Err(self.wrong(key.span().start, unknown("property", key.get_ref(), known)));
            }
            self.slots(&key, &format!("{name}.{key}"), look, found)?;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Look {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(LookVisitor)
    }
}

struct LookVisitor;

impl<'de> Visitor<'de> for LookVisitor {
    type Value = Look;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a slot")
    }

    fn visit_str<E>(self, color: &str) -> Result<Look, E> {
        Ok(Look::Color(color.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Look, E> {
        Ok(Look::Neither)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Look, E> {
        Ok(Look::Neither)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Look, E> {
        Ok(Look::Neither)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Look, M::Error> {
        let mut table = SlotTable::default();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let modifier = MODIFIERS.iter().find(|(name, _)| name == key.get_ref());
            match (key.get_ref().as_str(), modifier) {
                ("fg", _) => table.fg = Some(map.next_value()?),
                ("bg", _) => table.bg = Some(map.next_value()?),
                (_, Some((_, modifier))) => table.modifiers.set(*modifier, map.next_value()?),
                _ => drop(table.below.insert(key, map.next_value()?)),
            }
        }
        Ok(Look::Table(table))
    }
}

impl SlotEntry {
    /// Returns the style, with names looked up in the merged palette.
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

/// Parses `#rrggbb` or the name of an ANSI colour.
fn literal(text: &str) -> Option<Color> {
    if let Some((_, color)) = ANSI.iter().find(|(name, _)| *name == text) {
        return Some(*color);
    }
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some(Color::Rgb(part(0)?, part(2)?, part(4)?))
}

/// Returns the sentence about an unknown name, with the nearest known one.
fn unknown<'k>(what: &str, name: &str, known: impl Iterator<Item = &'k str>) -> String {
    match closest(name, known) {
        Some(word) => format!("There is no {what} `{name}`; did you mean `{word}`?"),
        None => format!("There is no {what} `{name}`."),
    }
}
