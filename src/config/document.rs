//! Reads TOML through serde, and turns serde's errors into sentences that name the place.
//!
//! serde's messages are for programmers; here they are rewritten for the author of the file, with the key,
//! the value and a suggestion. Our own checks, within serde or after it, write `{told}` for the key and
//! `{shown}` for the value.
//!
//! ```text
//! text ─► Document ─► read::<T>() ─► T                  unknown field `nmae`, expected `name`
//!             └────── wrong(range, "{told} is …") ─►    unknown key `nmae`; did you mean `name`?
//! ```

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::profile::refused_keys;
use super::spelling::listed;
use crate::text::closest;

/// A table whose keys are chosen by the user.
pub(super) type Named<T> = BTreeMap<Spanned<String>, T>;
/// Keys whose values are lists of texts that serde reads.
const LISTS: [&str; 1] = ["leave_out"];
/// A value that serde does not read, only its position, for [`Document::texts`].
pub(super) type Written = Spanned<IgnoredAny>;

/// An error in a TOML text. It has no byte range if something is missing from the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) range: Option<Range<usize>>,
    pub(super) message: String,
}

impl Fault {
    /// Returns the fault as an error of a file with this text.
    pub(super) fn in_file(self, file: &Path, text: &str) -> ConfigError {
        let line = self.range.map(|range| line_of(text, range.start));
        ConfigError::Invalid { file: file.to_owned(), line, message: self.message }
    }

    fn of_syntax(error: &toml::de::Error, text: &str) -> Self {
        let mut said = error.message().lines().collect::<Vec<_>>().join(", ");
        let range = error.span();
        if said == "duplicate key" {
            // Its place is all that the parser says of the key.
            let key = range.clone().and_then(|range| text.get(range)).unwrap_or_default();
            said = format!("duplicate key `{key}`; remove or rename one of the two");
        }
        Self { range, message: format!("this is not valid TOML: {said}") }
    }
}

/// Returns the line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    before.split(|byte| *byte == b'\n').count()
}

/// A TOML text, parsed.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a str,
    table: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Parses a text.
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        Self::parse_all(text).map_err(|mut faults| faults.swap_remove(0))
    }

    /// Parses a text; if it is not TOML, returns all errors.
    pub(super) fn parse_all(text: &'a str) -> Result<Self, Vec<Fault>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() {
            Ok(Self { text, table })
        } else {
            Err(errors.iter().map(|error| Fault::of_syntax(error, text)).collect())
        }
    }

    /// Deserialises the document. `remedies` maps required keys, such as `target.label`, to what to add.
    pub(super) fn read<T: Deserialize<'a>>(&self, remedies: &[(&str, &str)]) -> Result<T, Fault> {
        let mut table = self.table.clone();
        hide_lists_and_dates(table.get_mut());
        T::deserialize(toml::de::Deserializer::from(table)).map_err(|error| self.explain(&error, remedies))
    }

    /// Returns [`Self::wrong`] if there is a value at this path.
    pub(super) fn refuse(&self, path: &[&str], message: &str) -> Result<(), Fault> {
        let Some((key, sections)) = path.split_last() else { return Ok(()) };
        let mut table = Some(self.table.get_ref());
        for section in sections {
            table = table.and_then(|table| table.get(*section)?.get_ref().as_table());
        }
        let value = table.and_then(|table| table.get(*key));
        value.map_or(Ok(()), |value| Err(self.wrong(value.span(), message)))
    }

    /// Returns the error at a byte range; the message may contain `{told}` and `{shown}`.
    pub(super) fn wrong(&self, range: Range<usize>, message: &str) -> Fault {
        let (path, value) = find(self.table.get_ref(), &range).unwrap_or_default();
        let message = match path.split_last() {
            Some((key, section)) => message.replace("{told}", &format!("`{key}`{}", place(section))),
            None => message.to_owned(),
        };
        let message = message.replace("{shown}", &self.shown(&range, value));
        // An empty path means the whole file, which has no line.
        Fault { range: (!path.is_empty()).then_some(range), message }
    }

    /// Reads a list of texts that must not be empty; numbers, dates and booleans are taken as they are
    /// written.
    pub(super) fn texts(&self, written: &Written) -> Result<Vec<String>, Fault> {
        let wrong = |message| self.wrong(written.span(), message);
        let Some(DeValue::Array(list)) = self.value(written) else {
            return Err(wrong("{told} must be a list such as `[\"one\", \"two\"]`, not {shown}"));
        };
        if list.is_empty() {
            return Err(wrong("{told} is an empty list; give it a value"));
        }
        let text_of = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::String(text) => Ok(text.to_string()),
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(number) => Ok(number.to_string()),
            DeValue::Boolean(value) => Ok(value.to_string()),
            DeValue::Datetime(moment) => Ok(moment.to_string()),
            DeValue::Array(_) | DeValue::Table(_) => {
                Err(self.wrong(item.span(), "{told} may hold texts and numbers only"))
            }
        };
        list.iter().map(text_of).collect()
    }

    /// Returns a value as it was parsed.
    pub(super) fn value(&self, written: &Written) -> Option<&DeValue<'a>> {
        find(self.table.get_ref(), &written.span()).and_then(|(_, value)| value)
    }

    /// Returns a value as it is written, shortened to one line.
    fn shown(&self, range: &Range<usize>, value: Option<&DeValue<'_>>) -> String {
        if value.is_some_and(DeValue::is_table) {
            return "a section".to_owned();
        }
        let written = self.text.get(range.clone()).unwrap_or_default();
        let one_line = written.split_whitespace().collect::<Vec<_>>().join(" ");
        match one_line.char_indices().nth(40) {
            Some((end, _)) => format!("`{}…`", &one_line[..end]),
            None => format!("`{one_line}`"),
        }
    }

    /// Rewrites serde's error for the author of the file.
    fn explain(&self, error: &toml::de::Error, remedies: &[(&str, &str)]) -> Fault {
        let range = error.span().unwrap_or_default();
        let path = find(self.table.get_ref(), &range).map(|(path, _)| path).unwrap_or_default();
        let said = error.message();
        let (what, expected) = said.rsplit_once(", expected ").unwrap_or((said, ""));
        let key = path.last().copied().unwrap_or_default();
        let message = if what.starts_with("unknown field ") {
            unknown_key(&path, &in_backticks(expected))
        } else if let Some(name) = what.strip_prefix("unknown variant ") {
            let known = in_backticks(expected);
            let are = if known.len() == 1 { "is" } else { "are" };
            format!("there is no {key} {name}; there {are} {}", listed(&known))
        } else if let Some(name) = what.strip_prefix("missing field ") {
            missing(name.trim_matches('`'), &path, remedies)
        } else if what.starts_with("duplicate field ") {
            // Under one name it would be an error of TOML.
            let name = in_backticks(what).first().copied().unwrap_or(key);
            format!("`{name}` stands there under two names; keep one of them")
        } else if what.starts_with("invalid ") {
            must_be(expected, &path)
        } else if what.starts_with("wanted ") {
            must_be("a string", &path)
        } else if what.ends_with("number overflowed") {
            "{told} is a larger number than can be read".to_owned()
        } else {
            said.to_owned()
        };
        self.wrong(range, &message)
    }
}

/// Returns the path of keys to the innermost value or key at a byte range, and the value.
fn find<'t, 'a>(
    table: &'t DeTable<'a>,
    range: &Range<usize>,
) -> Option<(Vec<&'t str>, Option<&'t DeValue<'a>>)> {
    table.iter().find_map(|(key, value)| {
        let below = value.get_ref().as_table();
        if let Some((mut path, found)) = below.and_then(|below| find(below, range)) {
            path.insert(0, key.get_ref());
            return Some((path, found));
        }
        let span = value.span();
        // A section's range is that of its heading, which may also stand for the sections around it.
        let holds = below.is_none() && span.start <= range.start && range.end <= span.end;
        let is_here = holds || span == *range || key.span() == *range;
        is_here.then(|| (vec![key.get_ref().as_ref()], Some(value.get_ref())))
    })
}

fn place(section: &[&str]) -> String {
    if section.is_empty() { String::new() } else { format!(" in [{}]", section.join(".")) }
}

fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn unknown_key(path: &[&str], known: &[&str]) -> String {
    let key = path.last().copied().unwrap_or_default();
    let refused = refused_keys(path);
    let known: Vec<_> = known.iter().copied().filter(|known| !refused.contains(known)).collect();
    if let ["profiles", _, "api_key" | "key" | "token"] = path {
        return "{told} would put a key into a file; name its variable with `api_key_env`, or the command that \
                prints it with `api_key_cmd`"
            .to_owned();
    }
    match closest(key, known.iter().copied()) {
        Some(meant) => format!("unknown key {{told}}; did you mean `{meant}`?"),
        None => format!("unknown key {{told}}; what may stand there is {}", listed(&known)),
    }
}

fn missing(key: &str, section: &[&str], remedies: &[(&str, &str)]) -> String {
    let path = [section, &[key]].concat().join(".");
    let remedy = remedies.iter().find(|(of, _)| *of == path).map_or("", |(_, remedy)| remedy);
    match section {
        [] => format!("the section [{key}] is missing; add it with {remedy}"),
        section => format!("`{key}` is missing{}; add {remedy}", place(section)),
    }
}

/// Rewrites what serde expected for the author of the file.
fn must_be(expected: &str, path: &[&str]) -> String {
    let section = format!("a section that begins with `[{}]`", path.join("."));
    let words = match expected {
        "a string" => "text in quotation marks",
        "u32" | "u64" => "a whole number from 0",
        "a nonzero u32" => "a whole number from 1",
        other if other == "a map" || other.starts_with("struct ") => &section,
        other => other,
    };
    format!("{{told}} must be {words}, not {{shown}}")
}

/// Replaces lists and dates of a table, at any depth, by a boolean, which no key may be; only lists of texts
/// that stand behind a key of [`LISTS`] stay.
///
/// serde takes a list for a section, with its items as the section's values, and a date for a section with
/// a key that TOML's own library made up.
fn hide_lists_and_dates(table: &mut DeTable<'_>) {
    for (key, value) in table.iter_mut() {
        match value.get_mut() {
            DeValue::Table(below) => hide_lists_and_dates(below),
            DeValue::Array(list)
                if LISTS.contains(&key.get_ref().as_ref())
                    && list.iter().all(|item| item.get_ref().is_str()) => {}
            value @ (DeValue::Array(_) | DeValue::Datetime(_)) => *value = DeValue::Boolean(false),
            _ => (),
        }
    }
}

/// Returns the entries of a table in the order of the text.
pub(super) fn in_order<T>(table: Named<T>) -> Vec<(Spanned<String>, T)> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
}

/// Reads a text that must not be blank.
pub(super) fn words<'de, D: Deserializer<'de>, T: From<String>>(value: D) -> Result<T, D::Error> {
    let text = String::deserialize(value)?;
    if text.trim().is_empty() {
        return Err(D::Error::custom("{told} is empty; write something or leave it out"));
    }
    Ok(text.into())
}

/// Reads one of the names of an enum; serde alone would also read a section with such a key.
pub(super) fn choice<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<T, D::Error> {
    T::deserialize(String::deserialize(value)?.into_deserializer())
}

/// Reads a whole number that must be at least 1.
pub(super) fn from_one<'de, D: Deserializer<'de>, T: From<u32>>(value: D) -> Result<T, D::Error> {
    Ok(NonZeroU32::deserialize(value)?.get().into())
}

/// Reads a number for which `fits` must hold; `what` describes such numbers.
pub(super) fn number<'de, D: Deserializer<'de>, T: From<f64>>(
    value: D,
    what: &str,
    fits: fn(f64) -> bool,
) -> Result<T, D::Error> {
    let number = f64::deserialize(value).ok().filter(|number| fits(*number));
    number.map(T::from).ok_or_else(|| D::Error::custom(format!("{{told}} must be {what}, not {{shown}}")))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// The keys that the tests of this module use.
    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Sample {
        name: String,
        n: u32,
        seed: u64,
        generator: Option<Generator>,
        target: Option<Target>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Generator {
        #[serde(deserialize_with = "from_one")]
        concurrency: u32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Target {
        label: String,
    }

    const REMEDIES: [(&str, &str); 2] = [("target.label", "`label = \"spam\"`"), ("a.n", "`n = 1`")];

    fn fault(text: &str) -> (usize, String) {
        let document = Document::parse(text).unwrap();
        let fault = document.read::<Sample>(&REMEDIES).unwrap_err();
        (line_of(text, fault.range.unwrap().start), fault.message)
    }

    #[test]
    fn what_is_right_is_read() {
        let text = "name = 'a'\nn = 0x10\nseed = 18446744073709551615\n[generator]\nconcurrency = 1_000\n\
                    [target]\nlabel = 'spam'\n";
        let sample: Sample = Document::parse(text).unwrap().read(&[]).unwrap();
        assert_eq!((sample.name.as_str(), sample.n, sample.seed), ("a", 16, u64::MAX));
        assert_eq!(sample.generator.unwrap().concurrency, 1000);
        assert_eq!(sample.target.unwrap().label, "spam");
    }

    #[test]
    fn a_wrong_value_is_shown_with_its_place() {
        let said = "`concurrency` in [generator] must be a whole number from 1, not `0`";
        assert_eq!(fault("n = 1\n\n[generator]\nconcurrency = 0 # none\n"), (4, said.to_owned()));
    }

    #[test]
    fn an_unknown_key_is_named_with_what_was_meant() {
        let (line, said) = fault("n = 1\nnmae = 'a'");
        assert_eq!((line, said.as_str()), (2, "unknown key `nmae`; did you mean `name`?"));
        let (_, said) = fault("[target.zzz.n]");
        assert_eq!(said, "unknown key `zzz` in [target]; what may stand there is `label`");
    }

    #[test]
    fn a_missing_key_points_at_its_section() {
        let (line, said) = fault("\n[target]\n");
        assert_eq!((line, said.as_str()), (2, "`label` is missing in [target]; add `label = \"spam\"`"));
    }

    #[test]
    fn whole_numbers_beyond_their_type_are_refused() {
        assert_eq!(fault("n = 4294967296").1, "`n` must be a whole number from 0, not `4294967296`");
        assert_eq!(fault("seed = -1").1, "`seed` must be a whole number from 0, not `-1`");
        let huge = "9".repeat(40);
        assert_eq!(fault(&format!("seed = {huge}")).1, "`seed` is a larger number than can be read");
    }

    #[test]
    fn a_long_wrong_value_is_cut() {
        let (_, said) = fault(&format!("n = \"{}\"", "é".repeat(60)));
        assert!(said.ends_with("…`") && said.chars().count() < 90, "{said}");
    }

    #[test]
    fn names_are_read_with_their_places_in_the_order_of_the_text() {
        let document = Document::parse("z = ['x', 1.50]\n\"a.b\" = [0x1f]\n").unwrap();
        let read = in_order(document.read::<Named<Written>>(&[]).unwrap());
        let texts: Vec<_> = read.iter().map(|(_, written)| document.texts(written).unwrap()).collect();
        assert_eq!(texts, [vec!["x", "1.50"], vec!["0x1f"]]);
        assert!(document.refuse(&["a.b"], "no").is_err() && document.refuse(&["a", "b"], "no").is_ok());
    }
}
