//! What may be meant by the word that is being typed in a tag.
//!
//! ```text
//! {{ to▏ }}              names in scope: topic
//! {{ e.te▏ }}            attributes of e: text
//! {{ topic | up▏ }}      filters: upper
//! {% end▏                statements: endfor, endif …
//! ```
//!
//! Nothing is offered for a name of one letter, within a text in quotes, or for a word that is whole already, so that
//! what is offered never takes a key from somebody who knows what they write.

use std::collections::{BTreeMap, BTreeSet};

use super::engine::{FILTERS, FUNCTIONS, TESTS};
use super::expression::{Expression, Role};
use super::lexer::{LexerMode, Tag, TagKind, TokenKind, lex};
use super::names::statements::LOOP_ATTRIBUTES;
use super::shape::{ScopeShape, Shape};
use super::spans::STATEMENTS;

/// The fewest letters of a name after which something is offered.
const FEWEST: usize = 2;
/// The longest template, in bytes, in which something is offered.
const LONGEST: usize = 256 * 1024;

/// What the candidates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Names in scope.
    Names,
    /// Attributes of a value.
    Attributes,
    /// Filters.
    Filters,
    /// Tests behind `is`.
    Tests,
    /// Words that begin a statement.
    Statements,
}

impl Kind {
    /// Returns what the candidates are, in a word.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Names => "names",
            Self::Attributes => "attributes",
            Self::Filters => "filters",
            Self::Tests => "tests",
            Self::Statements => "statements",
        }
    }
}

/// What may be meant by a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completions {
    /// What the candidates are.
    pub kind: Kind,
    /// How many bytes of the word stand before the cursor.
    pub typed: usize,
    /// The words, sorted; each begins with what was typed, and is longer.
    pub words: Vec<String>,
}

/// Returns what may be meant by the word before a byte of a template, if anything is.
#[must_use]
pub(crate) fn completions(source: &str, cursor: usize, known: &ScopeShape) -> Option<Completions> {
    if source.len() > LONGEST || !source.is_char_boundary(cursor) {
        return None;
    }
    let tags = lex(source, LexerMode::Forgiving);
    let is_in = |tag: &Tag| {
        let end = tag.close.as_ref().map_or(tag.end, |close| close.start);
        // Blanks behind an unfinished tag are in it as far as the person who types it is concerned.
        let goes_on = || {
            tag.close.is_none()
                && source.get(end..cursor).is_some_and(|rest| rest.trim_matches(' ').is_empty())
        };
        tag.kind != TagKind::Comment && tag.open.end <= cursor && (cursor <= end || goes_on())
    };
    let at = tags.iter().position(is_in)?;
    let tag = &tags[at];
    let inside = Expression { source, tokens: &tag.tokens };
    // The tokens before the word, and the word.
    let before = tag.tokens.iter().take_while(|token| token.range.end < cursor).count();
    let at_cursor = tag.tokens.get(before).filter(|token| token.range.start < cursor);
    let (place, word) = match at_cursor {
        Some(token) if token.range.end == cursor && token.kind == TokenKind::Name => {
            (before, &source[token.range.start..cursor])
        }
        Some(token) if token.range.end == cursor && matches!(inside.word(before), "." | "|") => {
            (before + 1, "")
        }
        // A blank may stand between the sign of a filter and its name.
        None if before > 0 && inside.word(before - 1) == "|" => (before, ""),
        _ => return None,
    };
    let behind = |back: usize| place.checked_sub(back).map_or("", |index| inside.word(index));
    let is_enough = word.len() >= FEWEST;
    let (kind, words) = match (behind(1), behind(2)) {
        ("|", _) => (Kind::Filters, owned(FILTERS)),
        (".", _) => (Kind::Attributes, attributes(source, &tags[..=at], inside, place - 1, known)),
        ("is", _) | ("not", "is") if is_enough => (Kind::Tests, owned(TESTS)),
        _ if !is_enough => return None,
        ("", _) if tag.kind == TagKind::Statement => {
            (Kind::Statements, owned(STATEMENTS[..21].iter().copied()))
        }
        _ => (Kind::Names, names(source, &tags[..at], known)),
    };
    let fits = |candidate: &String| candidate.starts_with(word);
    let words: BTreeSet<String> = words.into_iter().filter(fits).collect();
    // A word that is whole needs nothing, though longer ones begin with it.
    let is_whole = words.is_empty() || words.contains(word);
    (!is_whole).then(|| Completions { kind, typed: word.len(), words: words.into_iter().collect() })
}

/// Returns the names that a template reads, the ones that it sets itself among them.
#[must_use]
pub(crate) fn mentioned(source: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for tag in &lex(source, LexerMode::Exact) {
        let inside = Expression { source, tokens: &tag.tokens };
        // The first word of a statement says what it is.
        let first = usize::from(tag.kind == TagKind::Statement);
        let read = (first..inside.tokens.len()).filter(|index| inside.role(*index) == Some(Role::Variable));
        names.extend(read.map(|index| &source[tag.tokens[index].range.clone()]));
    }
    names
}

fn owned<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

/// Returns the names in scope behind some tags.
fn names(source: &str, before: &[Tag], known: &ScopeShape) -> Vec<String> {
    let mut names = owned(known.names());
    names.extend(owned(FUNCTIONS));
    names.extend(owned(set_in(source, before, known).into_keys()));
    names
}

/// Returns the attributes of the value whose dot is the token at `dot`.
fn attributes(
    source: &str,
    tags: &[Tag],
    inside: Expression<'_>,
    dot: usize,
    known: &ScopeShape,
) -> Vec<String> {
    let mut first = dot;
    // A name, and a dot before each further one.
    while first >= 3 && inside.word(first - 2) == "." {
        first -= 2;
    }
    let Some(start) = first.checked_sub(1) else { return vec![] };
    if start > 0 && matches!(inside.word(start - 1), "]" | ")" | ".") {
        return vec![];
    }
    let set = set_in(source, tags, known);
    let mut shape = value(inside.word(start), &set, known);
    for index in (start + 2..dot).step_by(2) {
        shape = attribute(&shape, inside.word(index));
    }
    match shape {
        Shape::Record(attributes) => attributes.into_keys().collect(),
        _ => vec![],
    }
}

fn value(name: &str, set: &BTreeMap<&str, Shape>, known: &ScopeShape) -> Shape {
    set.get(name).or_else(|| known.get(name)).cloned().unwrap_or(Shape::Any)
}

fn attribute(shape: &Shape, name: &str) -> Shape {
    match shape {
        Shape::Record(attributes) => attributes.get(name).cloned().unwrap_or(Shape::Any),
        _ => Shape::Any,
    }
}

/// Returns the names that loops which are still open, and assignments, have set.
fn set_in<'a>(source: &'a str, tags: &[Tag], known: &ScopeShape) -> BTreeMap<&'a str, Shape> {
    let mut loops: Vec<Vec<(&str, Shape)>> = Vec::new();
    let mut set = BTreeMap::new();
    for tag in tags.iter().filter(|tag| tag.kind == TagKind::Statement) {
        let word = |index: usize| tag.tokens.get(index).map_or("", |token| &source[token.range.clone()]);
        match word(0) {
            "for" => {
                let place =
                    (1..tag.tokens.len()).find(|index| word(*index) == "in").unwrap_or(tag.tokens.len());
                let named: Vec<&str> =
                    (1..place).filter(|index| tag.tokens[*index].kind == TokenKind::Name).map(word).collect();
                let mut all: BTreeMap<&str, Shape> = set.clone();
                all.extend(loops.iter().flatten().cloned());
                let mut list = value(word(place + 1), &all, known);
                let mut next = place + 2;
                while word(next) == "." {
                    list = attribute(&list, word(next + 1));
                    next += 2;
                }
                let item = if named.len() == 1 { list.item() } else { Shape::Any };
                let mut frame: Vec<(&str, Shape)> =
                    named.into_iter().map(|name| (name, item.clone())).collect();
                frame.push(("loop", Shape::record(LOOP_ATTRIBUTES)));
                loops.push(frame);
            }
            "endfor" => drop(loops.pop()),
            "set" => drop(set.insert(word(1), Shape::Any)),
            _ => {}
        }
    }
    set.extend(loops.into_iter().flatten());
    set.remove("");
    set
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known() -> ScopeShape {
        ScopeShape::default()
            .with("topic", Shape::Text)
            .with("tone", Shape::Text)
            .with("examples", Shape::List(Box::new(Shape::record(["text", "label", "sender"]))))
            .with("fields", Shape::Record([("text".to_owned(), Shape::record(["max_chars"]))].into()))
    }

    /// Returns what is offered where `▏` stands.
    fn offered(source: &str) -> Vec<String> {
        let cursor = source.find('▏').unwrap();
        let source = source.replace('▏', "");
        completions(&source, cursor, &known()).map_or_else(Vec::new, |found| found.words)
    }

    #[test]
    fn names_are_offered_from_their_second_letter_on() {
        assert_eq!(offered("About {{ to▏"), ["tone", "topic"]);
        assert_eq!(offered("About {{ top▏ }} and {{ n }}."), ["topic"]);
        assert_eq!(offered("{% if la▏ %}"), ["label", "labels"]);
        assert_eq!(offered("{{ topic ~ ra▏ }}"), ["range"]);
        assert!(offered("{{ t▏ }}").is_empty());
        assert!(offered("{{ ▏ }}").is_empty());
        assert!(offered("to▏").is_empty());
    }

    #[test]
    fn a_word_that_is_whole_or_goes_on_is_left_alone() {
        for source in [
            "{{ topic▏ }}",
            "{{ label▏ }}",
            "{{ to▏pic }}",
            "{{ 'to▏' }}",
            "{{ 'to▏",
            "{# to▏ #}",
            "{{ zz▏ }}",
        ] {
            assert!(offered(source).is_empty(), "{source}");
        }
        assert!(offered("{% raw %}{{ to▏ }}{% endraw %}").is_empty());
    }

    #[test]
    fn attributes_are_those_of_the_value() {
        assert_eq!(offered("{% for e in examples %}{{ e.▏ }}"), ["label", "sender", "text"]);
        assert_eq!(offered("{% for e in examples %}{{ e.te▏"), ["text"]);
        assert_eq!(offered("{{ fields.▏"), ["text"]);
        assert_eq!(offered("{{ fields.text.m▏"), ["max_chars"]);
        assert_eq!(offered("{% for e in examples %}{{ loop.rev▏"), ["revindex", "revindex0"]);
        assert!(offered("{% for e in examples %}{% endfor %}{{ e.▏").is_empty());
        assert!(offered("{{ topic.▏").is_empty());
        assert!(offered("{{ f(x).▏").is_empty());
        assert!(offered("{{ 1.▏").is_empty());
    }

    #[test]
    fn filters_tests_and_statements_have_their_places() {
        assert_eq!(offered("{{ topic | up▏ }}"), ["upper"]);
        assert_eq!(offered("{{ topic |▏").len(), FILTERS.len());
        assert_eq!(offered("{{ topic | ▏").len(), FILTERS.len());
        assert_eq!(offered("{% if topic is def▏"), ["defined"]);
        assert_eq!(offered("{% if topic is not unde▏"), ["undefined"]);
        assert_eq!(offered("{% endf▏"), ["endfilter", "endfor"]);
        assert_eq!(offered("{% for exa in labels %}{{ ex▏"), ["exa", "examples"]);
        assert_eq!(offered("{% set tonight = 1 %}{{ ton▏"), ["tone", "tonight"]);
    }

    #[test]
    fn what_a_template_reads_are_the_names_of_its_expressions() {
        let read =
            mentioned("{{ topic | upper }}{% if tone == 'n' %}{{ e.text }}{% endif %}{# gone #} label");
        assert_eq!(read.into_iter().collect::<Vec<_>>(), ["e", "tone", "topic"]);
    }

    proptest! {
        #[test]
        fn what_is_offered_goes_on_with_what_was_typed(source in r"(\{\{|\}\}|\{%|%\}|to|e\.|\| ?|for e in examples|é|'| |is |\n){0,12}", at in 0usize..60) {
            if let Some(found) = completions(&source, at.min(source.len()), &known()) {
                let at = at.min(source.len());
                let word = &source[at - found.typed..at];
                prop_assert!(found.words.iter().all(|candidate| candidate.len() > word.len() && candidate.starts_with(word)));
                prop_assert!(!found.words.is_empty());
            }
        }
    }
}
