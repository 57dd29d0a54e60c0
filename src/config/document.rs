//! TOML read section by section, each value checked where it stands.
//!
//! A fault carries the bytes it is about, so that a file's reader can name the line and an
//! editor can mark the place.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::spelling::listed;
use crate::text::closest;

/// Something wrong in a TOML text: what, and which bytes; none where something is missing altogether.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) range: Option<Range<usize>>,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn at(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range: Some(range), message: message.into() }
    }

    /// Returns the fault as an error of a file with this text.
    pub(super) fn in_file(self, file: &Path, text: &str) -> ConfigError {
        let line = self.range.map(|range| line_of(text, range.start));
        ConfigError::Invalid { file: file.to_owned(), line, message: self.message }
    }
}

impl From<toml::de::Error> for Fault {
    fn from(error: toml::de::Error) -> Self {
        let said = error.message().lines().collect::<Vec<_>>().join(", ");
        Self { range: error.span(), message: format!("this is not valid TOML: {said}") }
    }
}

/// Returns the line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.split(|byte| *byte == b'\n').count()
}

/// One table of a document, or the document itself.
#[derive(Debug, Clone)]
pub(super) struct Section<'a> {
    text: &'a str,
    /// What it is called: `generator`; empty for the document itself.
    name: String,
    table: &'a DeTable<'a>,
    range: Range<usize>,
}

impl<'a> Section<'a> {
    /// Returns the whole document as a section.
    pub(super) fn root(text: &'a str, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { text, name: String::new(), table: table.get_ref(), range: table.span() }
    }

    /// Returns where the section begins; none for the document itself.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        (!self.name.is_empty()).then(|| self.range.clone())
    }

    /// Returns the values in the order of the text.
    pub(super) fn values(&self) -> impl Iterator<Item = Value<'a>> {
        self.table.iter().map(|(key, value)| self.value(key, value))
    }

    fn value(
        &self,
        key: &'a Spanned<std::borrow::Cow<'a, str>>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Value<'a> {
        let path = match self.name.as_str() {
            "" => key.get_ref().to_string(),
            section => format!("{section}.{}", key.get_ref()),
        };
        let told = format!("`{}`{}", key.get_ref(), self.place());
        Value { text: self.text, key: key.get_ref(), path, told, key_range: key.span(), spanned: value }
    }

    /// Refuses keys that are not known.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        let Some(value) = self.values().find(|value| !known.contains(&value.key)) else {
            return Ok(());
        };
        let remedy = match closest(value.key, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("what may stand there is {}", listed(known)),
        };
        Err(Fault::at(value.key_range, format!("unknown key {}; {remedy}", value.told)))
    }

    /// Returns a value, where there is one.
    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        self.table.get_key_value(key).map(|(key, value)| self.value(key, value))
    }

    /// Returns a text that must be there and not blank; `example` is for the sentence.
    pub(super) fn needed(&self, key: &str, example: &str) -> Result<String, Fault> {
        match self.get(key) {
            Some(value) => value.words(),
            None => Err(Fault {
                range: self.range(),
                message: format!("`{key}` is missing{}; add `{key} = \"{example}\"`", self.place()),
            }),
        }
    }

    /// Returns a text that is not blank, where there is one.
    pub(super) fn words(&self, key: &str) -> Result<Option<String>, Fault> {
        self.get(key).map(|value| value.words()).transpose()
    }

    /// Returns any text, where there is one.
    pub(super) fn string(&self, key: &str) -> Result<Option<String>, Fault> {
        self.get(key).map(|value| value.string().map(str::to_owned)).transpose()
    }

    /// Returns a whole number that is at least `least`, where there is one.
    pub(super) fn whole<T: TryFrom<u64>>(&self, key: &str, least: u64) -> Result<Option<T>, Fault> {
        self.get(key).map(|value| value.whole(least)).transpose()
    }

    /// Returns a number for which `fits` holds, where there is one; `what` says which those are.
    pub(super) fn number(&self, key: &str, what: &str, fits: fn(f64) -> bool) -> Result<Option<f64>, Fault> {
        self.get(key).map(|value| value.number(what, fits)).transpose()
    }

    /// Returns a table, where there is one.
    pub(super) fn section(&self, key: &str) -> Result<Option<Self>, Fault> {
        self.get(key).map(|value| value.section()).transpose()
    }

    fn place(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!(" in [{}]", self.name) }
    }
}

/// One value of a section.
#[derive(Debug, Clone)]
pub(super) struct Value<'a> {
    text: &'a str,
    pub(super) key: &'a str,
    /// Its key with those above it: `generator.temperature`.
    path: String,
    /// How a sentence names it: `` `temperature` in [generator] ``.
    pub(super) told: String,
    pub(super) key_range: Range<usize>,
    spanned: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    /// Returns the fault that the value is not what it must be.
    pub(super) fn must_be(&self, what: &str) -> Fault {
        Fault::at(self.range(), format!("{} must be {what}, not {}", self.told, self.shown()))
    }

    /// Returns the bytes of the value.
    pub(super) fn range(&self) -> Range<usize> {
        self.spanned.span()
    }

    /// Returns the value as it was written, cut short, on one line.
    fn shown(&self) -> String {
        let kind = match self.spanned.get_ref() {
            DeValue::Table(_) => return "a section".to_owned(),
            _ => self.text.get(self.range()).unwrap_or_default(),
        };
        let one_line = kind.split_whitespace().collect::<Vec<_>>().join(" ");
        match one_line.char_indices().nth(40) {
            Some((end, _)) => format!("`{}…`", &one_line[..end]),
            None => format!("`{one_line}`"),
        }
    }

    /// Returns the text.
    pub(super) fn string(&self) -> Result<&'a str, Fault> {
        match self.spanned.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.must_be("text in quotation marks")),
        }
    }

    /// Returns the text, which must not be blank.
    pub(super) fn words(&self) -> Result<String, Fault> {
        let text = self.string()?;
        if text.trim().is_empty() {
            return Err(Fault::at(
                self.range(),
                format!("{} is empty; write something or leave it out", self.told),
            ));
        }
        Ok(text.to_owned())
    }

    /// Returns a whole number that is at least `least`.
    pub(super) fn whole<T: TryFrom<u64>>(&self, least: u64) -> Result<T, Fault> {
        let number = match self.spanned.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| *number >= least);
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.must_be(&format!("a whole number from {least}")))
    }

    /// Returns a number for which `fits` holds; `what` says which those are.
    pub(super) fn number(&self, what: &str, fits: fn(f64) -> bool) -> Result<f64, Fault> {
        let number = match self.spanned.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        };
        number.filter(|number| fits(*number)).ok_or_else(|| self.must_be(what))
    }

    /// Returns the table.
    pub(super) fn section(&self) -> Result<Section<'a>, Fault> {
        match self.spanned.get_ref() {
            DeValue::Table(table) => {
                Ok(Section { text: self.text, name: self.path.clone(), table, range: self.spanned.span() })
            }
            _ => Err(self.must_be(&format!("a section that begins with `[{}]`", self.path))),
        }
    }

    /// Returns a list of texts that is not empty; numbers, dates and `true` become text.
    pub(super) fn texts(&self) -> Result<Vec<String>, Fault> {
        let DeValue::Array(list) = self.spanned.get_ref() else {
            return Err(self.must_be("a list such as `[\"one\", \"two\"]`"));
        };
        if list.is_empty() {
            return Err(Fault::at(self.range(), format!("{} is an empty list; give it a value", self.told)));
        }
        list.iter().map(|item| self.text_of(item)).collect()
    }

    fn text_of(&self, item: &Spanned<DeValue<'a>>) -> Result<String, Fault> {
        match item.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(number) => Ok(number.to_string()),
            DeValue::Boolean(value) => Ok(value.to_string()),
            DeValue::Datetime(moment) => Ok(moment.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => {
                let message = format!("{} may hold texts and numbers only", self.told);
                Err(Fault::at(item.span(), message))
            }
        }
    }

    /// Returns whether the value is a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.spanned.get_ref(), DeValue::Array(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str, read: impl Fn(Section<'_>) -> Result<(), Fault>) -> (usize, String) {
        let table = DeTable::parse(text).unwrap();
        let fault = read(Section::root(text, &table)).unwrap_err();
        (line_of(text, fault.range.unwrap().start), fault.message)
    }

    #[test]
    fn a_wrong_value_is_shown_with_its_place() {
        let text = "[a]\n\n[generator]\nconcurrency = 0 # none\n";
        let read = |root: Section<'_>| {
            let section = root.section("generator")?.unwrap();
            section.whole::<u32>("concurrency", 1).map(|_| ())
        };
        let said = "`concurrency` in [generator] must be a whole number from 1, not `0`";
        assert_eq!(fault(text, read), (4, said.to_owned()));
    }

    #[test]
    fn an_unknown_key_is_named_with_what_was_meant() {
        let (line, said) = fault("x = 1\nnmae = 'a'", |root| root.only(&["x", "name"]));
        assert_eq!((line, said.as_str()), (2, "unknown key `nmae`; did you mean `name`?"));
        let (_, said) =
            fault("[a.b]\nzzz = 1", |root| root.section("a")?.unwrap().section("b")?.unwrap().only(&["n"]));
        assert_eq!(said, "unknown key `zzz` in [a.b]; what may stand there is `n`");
    }

    #[test]
    fn a_missing_key_points_at_its_section() {
        let (line, said) = fault("\n[target]\n", |root| {
            root.section("target")?.unwrap().needed("label", "spam").map(|_| ())
        });
        assert_eq!((line, said.as_str()), (2, "`label` is missing in [target]; add `label = \"spam\"`"));
    }

    #[test]
    fn whole_numbers_beyond_their_type_are_refused() {
        let (_, said) = fault("n = 4294967296", |root| root.whole::<u32>("n", 0).map(|_| ()));
        assert_eq!(said, "`n` must be a whole number from 0, not `4294967296`");
        let (_, said) = fault("n = -1", |root| root.whole::<u64>("n", 0).map(|_| ()));
        assert_eq!(said, "`n` must be a whole number from 0, not `-1`");
    }

    #[test]
    fn a_long_wrong_value_is_cut() {
        let text = format!("n = \"{}\"", "é".repeat(60));
        let (_, said) = fault(&text, |root| root.whole::<u32>("n", 0).map(|_| ()));
        assert!(said.ends_with("…`") && said.chars().count() < 90, "{said}");
    }
}
