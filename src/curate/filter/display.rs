//! Filters as text that parses to the same filter.

use std::fmt;

use super::{Condition, Filter, Property, Term, VersionPattern, VersionRange, Words};
use crate::curate::parse::{is_key, is_of_name};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Alternatives that are all of a filter need no brackets.
        if let [Condition { negated: false, term: Term::Group(any) }] = self.conditions.as_slice()
            && any.len() > 1
        {
            return alternatives(any, f);
        }
        all(self, f)
    }
}

fn all(filter: &Filter, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, condition) in filter.conditions.iter().enumerate() {
        if place > 0 {
            f.write_str(" ")?;
        }
        write!(f, "{condition}")?;
    }
    Ok(())
}

fn alternatives(any: &[Filter], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, filter) in any.iter().enumerate() {
        if place > 0 {
            f.write_str(" or ")?;
        }
        if filter.conditions.is_empty() { write!(f, "{}", Term::AnyState)? } else { all(filter, f)? }
    }
    Ok(())
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        write!(f, "{}", self.term)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyState => f.write_str("state:any"),
            Self::State(state) => write!(f, "state:{}", state.name()),
            Self::Words(property, words) => write_words(property, words, f),
            Self::Prompt(pattern) => match pattern.to_string().as_str() {
                // Outside of quotation marks it would be a range.
                word if word.contains("..") => write!(f, "prompt:{}", Quoted(word)),
                word => write!(f, "prompt:{}", Word(word)),
            },
            Self::Versions(range) => write!(f, "prompt:{range}"),
            Self::AnyPrompt => f.write_str("prompt:*"),
            Self::Provider(provider) => write!(f, "provider:{}", provider.name()),
            Self::LastRun => f.write_str("run:last"),
            Self::Flag(flag) => write!(f, "flag:{}", flag.name()),
            Self::AnyFlag => f.write_str("flag:any"),
            Self::Id(id) => write!(f, "id:{id}"),
            Self::Operation(id) => write!(f, "operation:{}", id.0),
            Self::Is(is) => write!(f, "is:{}", is.name()),
            Self::Figure(figure, comparison, bound) => {
                write!(f, "{}{}{bound}", figure.name(), comparison.sign())
            }
            Self::Between(figure, least, most) => write!(f, "{}:{least}..{most}", figure.name()),
            Self::Has(figure) => write!(f, "{}:*", figure.name()),
            Self::FieldFigure(name, comparison, bound) => {
                write!(f, "{}{}{bound}", FieldName(name), comparison.sign())
            }
            Self::Group(any) => {
                f.write_str("(")?;
                alternatives(any, f)?;
                f.write_str(")")
            }
        }
    }
}

fn write_words(property: &Property, words: &Words, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match property {
        Property::Variable(name) if is_key(name) => write!(f, "var.{name}")?,
        Property::Field(name) => write!(f, "{}", FieldName(name))?,
        property => f.write_str(property.name())?,
    }
    let equal = if *property == Property::Text { "=" } else { ":" };
    match words {
        Words::Equal(word) => write!(f, "{equal}{}", Word(word)),
        Words::Hold(word) => write!(f, "~{}", Word(word)),
        Words::Fit(pattern) => write!(f, "~{pattern}"),
        Words::Any => f.write_str(":*"),
    }
}

/// The name of a field as the key of a condition.
struct FieldName<'a>(&'a str);

impl fmt::Display for FieldName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_empty() && self.0.chars().all(is_of_name) {
            write!(f, "field.{}", self.0)
        } else {
            write!(f, "field.{}", Quoted(self.0))
        }
    }
}

impl fmt::Display for VersionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}@")?;
        }
        f.write_str(&self.word)
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |number: Option<u32>| number.map(|number| format!("v{number}")).unwrap_or_default();
        let range = format!("{}..{}", end(self.first), end(self.last));
        match &self.name {
            Some(name) => write!(f, "{name}@{range}"),
            None => f.write_str(&range),
        }
    }
}

/// A value as a filter spells it, in quotation marks where it needs them.
struct Word<'a>(&'a str);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\\' | '(' | ')');
        let has_meaning = self.0.is_empty() || self.0 == "*" || self.0.starts_with('/');
        if !has_meaning && self.0.chars().all(plain) {
            f.write_str(self.0)
        } else {
            write!(f, "{}", Quoted(self.0))
        }
    }
}

/// A value in quotation marks.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}
