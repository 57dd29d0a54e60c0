//! The parser of filters.

use std::ops::Range;
use std::str::FromStr;

use super::error::{FilterError, remedy};
use super::filter::{Comparison, Condition, Figure, Filter, Is, Term, VersionPattern};
use super::sort::Sort;
use crate::domain::{FlagKind, OperationId, Provider, Rating, RowId, StateKind};

const KEYS: [&str; 17] = [
    "state",
    "label",
    "prompt",
    "run",
    "model",
    "provider",
    "flag",
    "rating",
    "text",
    "id",
    "tag",
    "reason",
    "is",
    "novelty",
    "number",
    "length",
    "operation",
];
/// The keys whose value is a word.
const WORD_KEYS: [&str; 12] = [
    "state",
    "label",
    "prompt",
    "model",
    "provider",
    "flag",
    "id",
    "tag",
    "reason",
    "is",
    "operation",
    "sort",
];

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// An unknown key or value, a figure that is not a number, or an open quotation mark. The error holds
    /// the place and what to write instead.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        for token in tokens(text)? {
            let negated = token.negated;
            match term(&token)? {
                Parsed::Term(term) => filter.conditions.push(Condition { negated, term }),
                Parsed::Sort(_) => {
                    let message = "`sort:` orders rows and filters none; leave it out here.";
                    return Err(FilterError::new(token.range, message));
                }
            }
        }
        Ok(filter)
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Reads a filter that may also contain `sort:KEY`, as the rows pane accepts it.
///
/// # Errors
///
/// As [`Filter::parse`].
pub(crate) fn parse_view(text: &str) -> Result<(Filter, Option<Sort>), FilterError> {
    let (mut filter, mut sort) = (Filter::default(), None);
    for token in tokens(text)? {
        let negated = token.negated;
        match term(&token)? {
            Parsed::Sort(_) if negated => {
                return Err(FilterError::new(token.range, "Write `sort:-KEY` to turn the order round."));
            }
            Parsed::Sort(order) => sort = Some(order),
            Parsed::Term(term) => filter.conditions.push(Condition { negated, term }),
        }
    }
    Ok((filter, sort))
}

enum Parsed {
    Term(Term),
    Sort(Sort),
}

/// One condition, split into its parts. `operator` is empty for a bare word.
#[derive(Debug)]
struct Token {
    negated: bool,
    key: String,
    operator: &'static str,
    value: String,
    quoted: bool,
    range: Range<usize>,
    value_range: Range<usize>,
}

fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(skipped) = text[at..].find(|c: char| !c.is_whitespace()) {
        let token = token(text, at + skipped)?;
        at = token.range.end;
        tokens.push(token);
    }
    Ok(tokens)
}

const OPERATORS: [&str; 7] = [">=", "<=", ":", "~", ">", "<", "="];

fn token(text: &str, start: usize) -> Result<Token, FilterError> {
    let negated = text[start..].starts_with('-');
    let begin = start + usize::from(negated);
    let letters = |c: char| c.is_ascii_alphabetic() || c == '_';
    let key_end = text[begin..].find(|c| !letters(c)).map_or(text.len(), |end| begin + end);
    if key_end > begin && ["!=", "!~", "!:"].iter().any(|sign| text[key_end..].starts_with(sign)) {
        let key = &text[begin..key_end];
        let message = format!("A condition is negated by a `-` before it; write `-{key}:…`.");
        return Err(FilterError::new(start..key_end + 2, message));
    }
    let found = OPERATORS.into_iter().find(|sign| text[key_end..].starts_with(sign));
    let (key, operator) = match found {
        Some(operator) if key_end > begin => (text[begin..key_end].to_lowercase(), operator),
        _ => (String::new(), ""),
    };
    let value_start = if operator.is_empty() { begin } else { key_end + operator.len() };
    let (value, end, quoted) = value(text, value_start)?;
    let (range, value_range) = (start..end, value_start..end);
    if value.is_empty() && !quoted {
        let message = match (operator, negated) {
            ("", true) => "Behind `-` comes what a row must not be, such as `-flag:duplicate`.".to_owned(),
            ("", false) => "A filter is words and conditions such as `state:pending`.".to_owned(),
            _ => format!("Behind `{key}{operator}` comes a value."),
        };
        return Err(FilterError::new(range, message));
    }
    Ok(Token { negated, key, operator, value, quoted, range, value_range })
}

/// Reads a value up to white space, or up to the closing quotation mark.
fn value(text: &str, start: usize) -> Result<(String, usize, bool), FilterError> {
    let rest = &text[start..];
    if !rest.starts_with('"') {
        let end = rest.find(char::is_whitespace).map_or(text.len(), |end| start + end);
        return Ok((text[start..end].to_owned(), end, false));
    }
    let mut value = String::new();
    let mut escaped = false;
    for (offset, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => {
                let end = start + offset + 1;
                let follows = text[end..].chars().next().is_some_and(|c| !c.is_whitespace());
                return if follows { Err(behind_quotes(text, start, end)) } else { Ok((value, end, true)) };
            }
            '\\' if !escaped => escaped = true,
            'n' | 'r' | 't' if escaped => {
                value.push(match c {
                    'n' => '\n',
                    'r' => '\r',
                    _ => '\t',
                });
                escaped = false;
            }
            c => {
                value.push(c);
                escaped = false;
            }
        }
    }
    Err(FilterError::new(start..text.len(), "The quotation mark is not closed; add `\"` at the end."))
}

/// Returns the error for a value that goes on behind its closing quotation mark.
fn behind_quotes(text: &str, start: usize, end: usize) -> FilterError {
    let after = text[end..].find(char::is_whitespace).map_or(text.len(), |after| end + after);
    let message =
        "Behind the closing quotation mark comes a blank; a quotation mark inside is written `\\\"`.";
    FilterError::new(start..after, message)
}

/// Returns the byte at which the last, perhaps unfinished, word of a filter begins: blanks in quotation marks
/// part no words.
pub(crate) fn last_word(text: &str) -> usize {
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '\\' if quoted && !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => quoted = !quoted,
            c if c.is_whitespace() && !quoted => start = at + c.len_utf8(),
            _ => {}
        }
        escaped = false;
    }
    start
}

/// Reads a filter that is being typed, as [`parse_view`] does. A last word that may become a key is left out, and
/// an open quotation mark counts as closed.
///
/// # Errors
///
/// As [`parse_view`].
pub(crate) fn parse_typed(text: &str) -> Result<(Filter, Option<Sort>), FilterError> {
    let start = last_word(text);
    let word = text[start..].trim_start_matches('-').to_lowercase();
    let is_begun = KEYS.iter().chain(&["sort"]).any(|key| key.starts_with(&word));
    let text = if is_begun { &text[..start] } else { text };
    parse_view(text).or_else(|error| parse_view(&format!("{text}\"")).map_err(|_still| error))
}

fn term(token: &Token) -> Result<Parsed, FilterError> {
    let value = || token.value.clone();
    if token.operator.is_empty() {
        return Ok(Parsed::Term(Term::TextHolds(value())));
    }
    if let Some(figure) = Figure::ALL.into_iter().find(|figure| figure.name() == token.key) {
        return figure_term(figure, token).map(Parsed::Term);
    }
    let term = match (token.key.as_str(), token.operator) {
        ("text", "~") => Term::TextHolds(value()),
        ("reason", "~") => Term::ReasonHolds(value()),
        ("model", "~") => Term::ModelHolds(value()),
        ("text", _) => return wrong_operator(token, "~"),
        (key, ":" | "=") if WORD_KEYS.contains(&key) => return word_term(token),
        (key, _) if WORD_KEYS.contains(&key) => return wrong_operator(token, ":"),
        (key, _) => {
            let message = format!(
                "There is no key `{key}` to filter by; {} To find these very words, put them in quotation marks.",
                remedy(key, &KEYS)
            );
            let at = token.range.start + usize::from(token.negated);
            return Err(FilterError::new(at..at + key.len(), message));
        }
    };
    Ok(Parsed::Term(term))
}

fn wrong_operator<T>(token: &Token, right: &str) -> Result<T, FilterError> {
    let Token { key, operator, .. } = token;
    let message = format!("`{key}{operator}` is not known; write `{key}{right}…`.");
    Err(FilterError::new(token.range.clone(), message))
}

fn word_term(token: &Token) -> Result<Parsed, FilterError> {
    let value = token.value.clone();
    let word = value.to_lowercase();
    let unknown = |what: &str, options: &[&str]| {
        let message = format!("There is no {what} `{value}`; {}", remedy(&word, options));
        FilterError::new(token.value_range.clone(), message)
    };
    let term = match token.key.as_str() {
        "state" if word == "any" => Term::AnyState,
        "state" => {
            let found = StateKind::ALL.into_iter().find(|state| state.name() == word);
            let known = || unknown("state", &["pending", "accepted", "rejected", "skipped", "any"]);
            Term::State(found.ok_or_else(known)?)
        }
        "flag" if word == "any" => Term::AnyFlag,
        "flag" => {
            let known: Vec<_> = FlagKind::ALL.iter().map(|flag| flag.name()).chain(["any"]).collect();
            Term::Flag(FlagKind::from_name(&word).ok_or_else(|| unknown("flag", &known))?)
        }
        "is" => {
            let known = Is::ALL.map(Is::name);
            let found = Is::ALL.into_iter().find(|is| is.name() == word);
            Term::Is(found.ok_or_else(|| unknown("condition", &known))?)
        }
        "id" => id_term(token)?,
        "operation" => {
            let wrong = || {
                let message = format!(
                    "`operation:` takes a number, as the history and `rowsmith log` show it, not `{value}`."
                );
                FilterError::new(token.value_range.clone(), message)
            };
            Term::Operation(OperationId(value.parse().map_err(|_not_a_number| wrong())?))
        }
        "prompt" => prompt_term(token)?,
        "provider" => {
            let known = Provider::ALL.map(Provider::name);
            Term::Provider(Provider::from_name(&word).ok_or_else(|| unknown("provider", &known))?)
        }
        "model" => Term::Model(value),
        "label" => Term::Label(value),
        "tag" => Term::Tag(value),
        "reason" => Term::Reason(value),
        _ => {
            let sort: Result<Sort, _> = token.value.parse();
            return sort
                .map(Parsed::Sort)
                .map_err(|error| FilterError::new(token.value_range.clone(), error.to_string()));
        }
    };
    Ok(Parsed::Term(term))
}

fn id_term(token: &Token) -> Result<Term, FilterError> {
    let id = &token.value;
    let wrong = |message: String| Err(FilterError::new(token.value_range.clone(), message));
    let lowercase = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !lowercase || id.len() > RowId::LENGTH || id.starts_with(|c: char| c.is_ascii_digit()) {
        return wrong(format!(
            "`{id}` begins no row id: ids are {} lowercase letters and digits, a letter first.",
            RowId::LENGTH
        ));
    }
    if id.len() < RowId::SHORTEST_PREFIX {
        return wrong(format!(
            "`{id}` is too short; give {} characters of an id or more.",
            RowId::SHORTEST_PREFIX
        ));
    }
    Ok(Term::Id(id.clone()))
}

fn prompt_term(token: &Token) -> Result<Term, FilterError> {
    let (name, word) = match token.value.rsplit_once('@') {
        Some((name, word)) => (Some(name.to_owned()), word),
        None => (None, token.value.as_str()),
    };
    if word.is_empty() || name.as_deref() == Some("") {
        let message = format!(
            "`{}` names no version; write `prompt:v3`, `prompt:NAME@v3` or `prompt:NAME`.",
            token.value
        );
        return Err(FilterError::new(token.value_range.clone(), message));
    }
    Ok(Term::Prompt(VersionPattern { name, word: word.to_owned() }))
}

fn figure_term(figure: Figure, token: &Token) -> Result<Term, FilterError> {
    let comparison = match token.operator {
        ":" | "=" => Comparison::Equal,
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        ">" => Comparison::More,
        ">=" => Comparison::AtLeast,
        _ => return wrong_operator(token, ">="),
    };
    let number = token.value.parse::<f64>().ok().filter(|number| number.is_finite() && !token.quoted);
    let is_equal = comparison == Comparison::Equal && !token.quoted;
    if figure == Figure::Run && is_equal && token.value.eq_ignore_ascii_case("last") {
        return Ok(Term::LastRun);
    }
    let name = figure.name();
    let also = if figure == Figure::Run { " `run:last` is the last run that gave rows." } else { "" };
    let wrong = |message| FilterError::new(token.value_range.clone(), message);
    let number = number.ok_or_else(|| {
        wrong(format!("`{name}` compares with a number, not with `{}`.{also}", token.value))
    })?;
    let stars = f64::from(Rating::MIN)..=f64::from(Rating::MAX);
    if figure == Figure::Rating && !stars.contains(&number) {
        return Err(wrong(format!("A rating is {} to {} stars, not {number}.", Rating::MIN, Rating::MAX)));
    }
    Ok(Term::Figure(figure, comparison, number))
}

#[cfg(test)]
mod tests;
