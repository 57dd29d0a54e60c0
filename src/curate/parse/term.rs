//! Makes a term of a condition that was split into its parts.

use super::name::KEYS;
use super::token::{Key, Token, Value};
use super::{FilterError, MOST_PATTERNS, Parser, Sort};
use crate::curate::Pattern;
use crate::curate::error::remedy;
use crate::curate::filter::{Comparison, Figure, Is, Property, Term, VersionPattern, VersionRange, Words};
use crate::domain::{FlagKind, OperationId, Provider, Rating, RowId, StateKind};

/// What a condition asks for.
pub(super) enum Parsed {
    Term(Term),
    Sort(Sort),
}

impl Parser<'_> {
    /// Makes a term of a condition.
    pub(super) fn term(&mut self, token: &Token) -> Result<Parsed, FilterError> {
        let key = match &token.key {
            Key::None => return Ok(Parsed::Term(words_term(Property::Text, Words::Hold(token.text())))),
            Key::Own(property) => return self.words(property.clone(), token).map(Parsed::Term),
            Key::Named(key) => key.as_str(),
        };
        if let Some(figure) = Figure::ALL.into_iter().find(|figure| figure.name() == key) {
            return figure_term(figure, token).map(Parsed::Term);
        }
        if let Some(property) = Property::NAMED.into_iter().find(|property| property.name() == key) {
            return self.words(property, token).map(Parsed::Term);
        }
        match key {
            "text" => self.words(Property::Text, token).map(Parsed::Term),
            "state" | "flag" | "is" | "provider" | "prompt" | "id" | "operation" | "sort"
                if !token.is_equal() =>
            {
                wrong_operator(token, ":")
            }
            "sort" => {
                let sort = token.value.as_str().parse().map(Parsed::Sort);
                sort.map_err(|error: crate::curate::sort::SortError| token.wrong_value(error.to_string()))
            }
            "prompt" => prompt_term(token).map(Parsed::Term),
            "id" => id_term(token).map(Parsed::Term),
            "operation" => operation_term(token).map(Parsed::Term),
            "state" | "flag" | "is" | "provider" => kind_term(key, token).map(Parsed::Term),
            _ => Err(self.unknown_key(key, token)),
        }
    }

    fn unknown_key(&self, key: &str, token: &Token) -> FilterError {
        let known: Vec<&str> =
            KEYS.into_iter().chain(self.names.iter().filter(|name| !super::is_key(name))).collect();
        let message = format!(
            "There is no key `{key}` to filter by; {} To find these very words, put them in quotation marks.",
            remedy(key, &known)
        );
        FilterError::new(token.key_range.clone(), message)
    }

    /// Makes a term that compares words.
    fn words(&mut self, property: Property, token: &Token) -> Result<Term, FilterError> {
        let words = match (&token.value, token.operator) {
            (value, ":" | "=") if value.is_any() => Words::Any,
            (Value::Pattern(source, ignores_case), _) => {
                self.patterns += 1;
                if self.patterns > MOST_PATTERNS {
                    let message = format!("A filter has at most {MOST_PATTERNS} regular expressions.");
                    return Err(token.wrong_value(message));
                }
                Words::Fit(Pattern::new(source, *ignores_case).map_err(|why| token.wrong_value(why))?)
            }
            (value, "~") => Words::Hold(value.as_str().to_owned()),
            // A text is long: `text:word` would find nothing where its words are meant.
            (_, ":") if property == Property::Text => return wrong_operator(token, "~"),
            (value, ":" | "=") => Words::Equal(value.as_str().to_owned()),
            (_, operator) => {
                return match property {
                    Property::Field(name) => {
                        Ok(Term::FieldFigure(name, comparison(operator), token.figure()?))
                    }
                    Property::Text => wrong_operator(token, "~"),
                    _ => wrong_operator(token, ":"),
                };
            }
        };
        Ok(words_term(property, words))
    }
}

const fn words_term(property: Property, words: Words) -> Term {
    Term::Words(property, words)
}

impl Token {
    fn text(&self) -> String {
        self.value.as_str().to_owned()
    }

    fn is_equal(&self) -> bool {
        matches!(self.operator, ":" | "=")
    }

    /// Returns the key as a message names it.
    fn name(&self) -> &str {
        match &self.key {
            Key::None => "",
            Key::Named(key) => key,
            Key::Own(property) => property.name(),
        }
    }

    fn wrong_value(&self, message: impl Into<String>) -> FilterError {
        FilterError::new(self.value_range.clone(), message)
    }

    /// Returns the figure that the condition compares with.
    fn figure(&self) -> Result<f64, FilterError> {
        let figure = number(self.value.as_str()).filter(|_| !self.value.is_quoted());
        let wrong =
            || format!("`{}` compares with a number, not with `{}`.", self.name(), self.value.as_str());
        figure.ok_or_else(|| self.wrong_value(wrong()))
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn comparison(operator: &str) -> Comparison {
    match operator {
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::More,
        ">=" => Comparison::AtLeast,
        _ => Comparison::Equal,
    }
}

fn wrong_operator<T>(token: &Token, right: &str) -> Result<T, FilterError> {
    let (key, operator) = (token.name(), token.operator);
    let also = if key == "text" { " `text=…` compares the whole text." } else { "" };
    let message = format!("`{key}{operator}` is not known; write `{key}{right}…`.{also}");
    Err(FilterError::new(token.range.clone(), message))
}

/// Makes a term of a key whose values are given.
fn kind_term(key: &str, token: &Token) -> Result<Term, FilterError> {
    let value = token.value.as_str();
    let word = value.to_lowercase();
    let any = word == "any" || token.value.is_any();
    let unknown = |what: &str, options: &[&str]| {
        token.wrong_value(format!("There is no {what} `{value}`; {}", remedy(&word, options)))
    };
    Ok(match key {
        "state" if any => Term::AnyState,
        "state" => {
            let known = StateKind::ALL.map(StateKind::name);
            let known: Vec<_> = known.into_iter().chain(["any"]).collect();
            let found = StateKind::ALL.into_iter().find(|state| state.name() == word);
            Term::State(found.ok_or_else(|| unknown("state", &known))?)
        }
        "flag" if any => Term::AnyFlag,
        "flag" => {
            let known: Vec<_> = FlagKind::ALL.iter().map(|flag| flag.name()).chain(["any"]).collect();
            Term::Flag(FlagKind::from_name(&word).ok_or_else(|| unknown("flag", &known))?)
        }
        "is" => {
            let found = Is::ALL.into_iter().find(|is| is.name() == word);
            Term::Is(found.ok_or_else(|| unknown("condition", &Is::ALL.map(Is::name)))?)
        }
        _ => {
            let known = Provider::ALL.map(Provider::name);
            Term::Provider(Provider::from_name(&word).ok_or_else(|| unknown("provider", &known))?)
        }
    })
}

fn operation_term(token: &Token) -> Result<Term, FilterError> {
    let value = token.value.as_str();
    let wrong = || {
        let message =
            format!("`operation:` takes a number, as the history and `rowsmith log` show it, not `{value}`.");
        token.wrong_value(message)
    };
    value.parse().map(OperationId).map(Term::Operation).map_err(|_not_a_number| wrong())
}

fn id_term(token: &Token) -> Result<Term, FilterError> {
    let id = token.value.as_str();
    let lowercase = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !lowercase || id.len() > RowId::LENGTH || id.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(token.wrong_value(format!(
            "`{id}` begins no row id: ids are {} lowercase letters and digits, a letter first.",
            RowId::LENGTH
        )));
    }
    if id.len() < RowId::SHORTEST_PREFIX {
        let least = RowId::SHORTEST_PREFIX;
        return Err(
            token.wrong_value(format!("`{id}` is too short; give {least} characters of an id or more."))
        );
    }
    Ok(Term::Id(id.to_owned()))
}

fn prompt_term(token: &Token) -> Result<Term, FilterError> {
    let value = token.value.as_str();
    if token.value.is_any() {
        return Ok(Term::AnyPrompt);
    }
    let (name, word) = match value.rsplit_once('@') {
        Some((name, word)) => (Some(name.to_owned()), word),
        None => (None, value),
    };
    if word.is_empty() || name.as_deref() == Some("") {
        return Err(token.wrong_value(format!(
            "`{value}` names no version; write `prompt:v3`, `prompt:NAME@v3` or `prompt:NAME`."
        )));
    }
    if !token.value.is_quoted()
        && let Some((first, last)) = version_range(word)
    {
        if first.zip(last).is_some_and(|(first, last)| first > last) {
            return Err(
                token.wrong_value(format!("`{word}` begins behind its end; write the lower version first."))
            );
        }
        return Ok(Term::Versions(VersionRange { name, first, last }));
    }
    Ok(Term::Prompt(VersionPattern { name, word: word.to_owned() }))
}

/// Reads `v3..v5`, `3..`, `..v5`.
fn version_range(word: &str) -> Option<(Option<u32>, Option<u32>)> {
    let (first, last) = word.split_once("..")?;
    let end = |text: &str| match text.strip_prefix('v').unwrap_or(text) {
        "" if text.is_empty() => Some(None),
        digits => digits.parse().ok().map(Some),
    };
    let (first, last) = (end(first)?, end(last)?);
    first.or(last).map(|_| (first, last))
}

fn figure_term(figure: Figure, token: &Token) -> Result<Term, FilterError> {
    if token.operator == "~" {
        return wrong_operator(token, ">=");
    }
    let comparison = comparison(token.operator);
    let value = token.value.as_str();
    if token.is_equal() && !token.value.is_quoted() {
        if token.value.is_any() {
            return Ok(Term::Has(figure));
        }
        if figure == Figure::Run && value.eq_ignore_ascii_case("last") {
            return Ok(Term::LastRun);
        }
        if let Some((least, most)) = value.split_once("..") {
            return range_term(figure, token, least, most);
        }
    }
    let last = |error: FilterError| match figure {
        Figure::Run => {
            token.wrong_value(format!("{} `run:last` is the last run that gave rows.", error.message))
        }
        _ => error,
    };
    let number = token.figure().map_err(last)?;
    in_bounds(figure, number, token)?;
    Ok(Term::Figure(figure, comparison, number))
}

/// Makes a term of `3..7`, `3..` or `..7`: both ends are in it.
fn range_term(figure: Figure, token: &Token, least: &str, most: &str) -> Result<Term, FilterError> {
    let end = |text: &str| if text.is_empty() { Some(None) } else { number(text).map(Some) };
    let ends = end(least).zip(end(most)).filter(|ends| *ends != (None, None));
    let Some((least, most)) = ends else {
        let name = figure.name();
        let message = format!(
            "`{}` is no range; write `{name}:2..4`, `{name}:2..` or `{name}:..4`.",
            token.value.as_str()
        );
        return Err(token.wrong_value(message));
    };
    [least, most].into_iter().flatten().try_for_each(|end| in_bounds(figure, end, token))?;
    match (least, most) {
        (Some(least), Some(most)) if least > most => {
            let message =
                format!("`{}` begins behind its end; write the lower figure first.", token.value.as_str());
            Err(token.wrong_value(message))
        }
        (Some(least), Some(most)) => Ok(Term::Between(figure, least, most)),
        (Some(least), None) => Ok(Term::Figure(figure, Comparison::AtLeast, least)),
        (None, most) => Ok(Term::Figure(figure, Comparison::AtMost, most.unwrap_or_default())),
    }
}

fn in_bounds(figure: Figure, number: f64, token: &Token) -> Result<(), FilterError> {
    let stars = f64::from(Rating::MIN)..=f64::from(Rating::MAX);
    if figure == Figure::Rating && !stars.contains(&number) {
        let message = format!("A rating is {} to {} stars, not {number}.", Rating::MIN, Rating::MAX);
        return Err(token.wrong_value(message));
    }
    Ok(())
}
