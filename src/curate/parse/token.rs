//! Splits a condition into its key, its operator and its value.

use std::ops::Range;

use super::name::is_of_name;
use super::{FilterError, Parser, no_open_bracket};
use crate::curate::error::remedy;
use crate::curate::filter::Property;

/// One condition, split into its parts.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) key: Key,
    pub(super) operator: &'static str,
    pub(super) value: Value,
    /// The bytes of the condition, with the sign before it.
    pub(super) range: Range<usize>,
    pub(super) key_range: Range<usize>,
    pub(super) value_range: Range<usize>,
}

/// What is compared.
#[derive(Debug, Clone)]
pub(super) enum Key {
    /// A bare word: it is looked for in the text.
    None,
    /// A key in lower case, known or not.
    Named(String),
    /// A variable or a field.
    Own(Property),
}

/// What it is compared with.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Plain(String),
    Quoted(String),
    /// A regular expression without its slashes, and whether case is ignored.
    Pattern(String, bool),
}

impl Value {
    /// Returns the value as it was written, without what stands around it.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Quoted(text) | Self::Pattern(text, _) => text,
        }
    }

    /// Returns whether it is a lone `*`, for anything.
    pub(super) fn is_any(&self) -> bool {
        matches!(self, Self::Plain(text) if text == "*")
    }

    pub(super) const fn is_quoted(&self) -> bool {
        matches!(self, Self::Quoted(_))
    }
}

impl Token {
    /// Returns the error of a value that ends with a bracket which closes none, where nothing else can be read in it.
    pub(super) fn stray_bracket(&self) -> Option<FilterError> {
        let Value::Plain(value) = &self.value else { return None };
        let is_stray = !matches!(self.key, Key::None) && value.ends_with(')') && !value.contains('(');
        is_stray.then(|| no_open_bracket(self.value_range.end - 1))
    }
}

const OPERATORS: [&str; 7] = [">=", "<=", ":", "~", ">", "<", "="];

impl Parser<'_> {
    /// Reads the next condition; `None` where it is only begun.
    pub(super) fn token(&self, depth: usize) -> Result<Option<Token>, FilterError> {
        let (text, start) = (self.text, self.at);
        let negated = text[start..].starts_with('-');
        let begin = start + usize::from(negated);
        let (key, key_end) = self.key(begin)?;
        if key_end > begin && ["!=", "!~", "!:"].iter().any(|sign| text[key_end..].starts_with(sign)) {
            let key = &text[begin..key_end];
            let message = format!("A condition is negated by a `-` before it; write `-{key}:…`.");
            return Err(FilterError::new(start..key_end + 2, message));
        }
        let found = OPERATORS.into_iter().find(|sign| text[key_end..].starts_with(sign));
        let (key, operator) = match found {
            Some(operator) if key_end > begin => (key, operator),
            _ => (Key::None, ""),
        };
        let value_start = if operator.is_empty() { begin } else { key_end + operator.len() };
        let (value, end) = if operator == "~" && text[value_start..].starts_with('/') {
            self.pattern(value_start)?
        } else {
            self.value(value_start, depth)?
        };
        let (range, key_range, value_range) = (start..end, begin..key_end, value_start..end);
        if matches!(&value, Value::Plain(text) if text.is_empty()) {
            if self.is_begun && end == text.len() {
                return Ok(None);
            }
            let message = match (operator, negated) {
                ("", true) => {
                    "Behind `-` comes what a row must not be, such as `-flag:duplicate`.".to_owned()
                }
                ("", false) => "A filter is words and conditions such as `state:pending`.".to_owned(),
                _ => format!("Behind `{}{operator}` comes a value.", &text[begin..key_end]),
            };
            return Err(FilterError::new(range, message));
        }
        Ok(Some(Token { key, operator, value, range, key_range, value_range }))
    }

    /// Reads what may be a key, and returns where it ends.
    fn key(&self, begin: usize) -> Result<(Key, usize), FilterError> {
        let rest = &self.text[begin..];
        let end_of = |is_in: &dyn Fn(char) -> bool| rest.find(|c| !is_in(c)).unwrap_or(rest.len());
        let end = end_of(&|c| c.is_ascii_alphabetic() || c == '_');
        let (word, behind) = (rest[..end].to_lowercase(), rest[end..].strip_prefix('.'));
        let name_start = begin + end + 1;
        match (word.as_str(), behind) {
            ("field", Some(behind)) if behind.starts_with('"') => {
                let (name, end) = self.quoted(name_start)?;
                return Ok((Key::Own(Property::Field(name)), end));
            }
            ("field" | "var", Some(behind)) => {
                let length = behind.find(|c| !is_of_name(c)).unwrap_or(behind.len());
                let (name, end) = (&behind[..length], name_start + length);
                return match word.as_str() {
                    _ if name.is_empty() => Ok((Key::None, end)),
                    "field" => Ok((Key::Own(Property::Field(name.to_owned())), end)),
                    _ => Ok((Key::Own(Property::Variable(self.variable(name, name_start..end)?)), end)),
                };
            }
            _ => {}
        }
        let long = end_of(&|c| c.is_ascii_alphanumeric() || c == '_');
        if !super::is_key(&rest[..long])
            && let Some(name) = self.names.find(&rest[..long])
        {
            return Ok((Key::Own(Property::Variable(name.to_owned())), begin + long));
        }
        Ok((Key::Named(word), begin + end))
    }

    /// Returns the variable with a name.
    fn variable(&self, name: &str, range: Range<usize>) -> Result<String, FilterError> {
        let unknown = || {
            let known: Vec<&str> = self.names.iter().collect();
            let remedy =
                if known.is_empty() { "no version has one.".to_owned() } else { remedy(name, &known) };
            FilterError::new(range, format!("There is no variable `{name}`; {remedy}"))
        };
        self.names.find(name).map(str::to_owned).ok_or_else(unknown)
    }

    /// Reads a value up to a blank, up to the bracket that closes a group, or up to the closing quotation mark.
    fn value(&self, start: usize, depth: usize) -> Result<(Value, usize), FilterError> {
        let rest = &self.text[start..];
        if rest.starts_with('"') {
            let (value, end) = self.quoted(start)?;
            self.ends_at(start, end, depth)?;
            return Ok((Value::Quoted(value), end));
        }
        let mut open = 0_usize;
        let is_end = |c: char| match c {
            '(' => {
                open += 1;
                false
            }
            ')' if depth > 0 && open == 0 => true,
            ')' => {
                open = open.saturating_sub(1);
                false
            }
            c => c.is_whitespace(),
        };
        let end = rest.find(is_end).unwrap_or(rest.len());
        Ok((Value::Plain(rest[..end].to_owned()), start + end))
    }

    /// Reads a text in quotation marks, and returns where it ends.
    fn quoted(&self, start: usize) -> Result<(String, usize), FilterError> {
        let mut value = String::new();
        let mut escaped = false;
        for (offset, c) in self.text[start..].char_indices().skip(1) {
            match c {
                '"' if !escaped => return Ok((value, start + offset + 1)),
                '\\' if !escaped => {
                    escaped = true;
                    continue;
                }
                'n' if escaped => value.push('\n'),
                'r' if escaped => value.push('\r'),
                't' if escaped => value.push('\t'),
                c => value.push(c),
            }
            escaped = false;
        }
        if self.is_begun {
            return Ok((value, self.text.len()));
        }
        let message = "The quotation mark is not closed; add `\"` at the end.";
        Err(FilterError::new(start..self.text.len(), message))
    }

    /// Refuses a value that goes on behind its closing quotation mark.
    fn ends_at(&self, start: usize, end: usize, depth: usize) -> Result<(), FilterError> {
        let behind = &self.text[end..];
        let is_end = |c: char| c.is_whitespace() || (depth > 0 && c == ')');
        if behind.is_empty() || behind.starts_with(is_end) {
            return Ok(());
        }
        let after = behind.find(char::is_whitespace).map_or(self.text.len(), |after| end + after);
        let message =
            "Behind the closing quotation mark comes a blank; a quotation mark inside is written `\\\"`.";
        Err(FilterError::new(start..after, message))
    }

    /// Reads a regular expression between slashes, and the `i` behind it.
    fn pattern(&self, start: usize) -> Result<(Value, usize), FilterError> {
        let mut escaped = false;
        let source = &self.text[start + 1..];
        for (offset, c) in source.char_indices() {
            if c == '/' && !escaped {
                let end = start + 1 + offset + 1;
                let behind = &self.text[end..];
                let ignores_case = behind.starts_with('i');
                let behind = behind.strip_prefix('i').unwrap_or(behind);
                let end = end + usize::from(ignores_case);
                if !behind.is_empty() && !behind.starts_with(|c: char| c.is_whitespace() || c == ')') {
                    let message = "Behind the closing `/` of a regular expression comes `i` or a blank; a `/` inside is \
                                   written `\\/`, and a text that begins with `/` stands in quotation marks.";
                    return Err(FilterError::new(start..end, message));
                }
                return Ok((Value::Pattern(source[..offset].to_owned(), ignores_case), end));
            }
            escaped = c == '\\' && !escaped;
        }
        // Half of an expression finds other rows than all of it, so it is not tried while it is typed.
        let message = "The regular expression is not closed; add `/` at the end, or put a text that begins with `/` in \
                       quotation marks.";
        Err(FilterError::new(start..self.text.len(), message))
    }
}
