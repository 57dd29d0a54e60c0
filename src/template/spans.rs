//! Syntax highlighting of a template while it is typed.
//!
//! The spans come from the forgiving lexer, so any text has them, finished or not. Text
//! outside tags, and raw parts, have no span.

use std::ops::Range;

use super::lexer::{LexerMode, Tag, TagKind, Token, TokenKind, lex};

/// The kind of a span, which gives its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum SpanKind {
    /// `{{`, `}}`, `{%`, `%}`, `{#`, `#}`, with their trim marks.
    Delimiter,
    /// A keyword: `for`, `in`, `if`, `endif`, `set`, `and`, `true` …
    Keyword,
    /// A name or an attribute.
    Name,
    /// The name of a filter or a test.
    Filter,
    /// A string literal.
    String,
    /// A number.
    Number,
    /// An operator or a bracket.
    Operator,
    /// The inside of a comment.
    Comment,
}

/// A piece of the source with one colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// Its bytes in the source, on character boundaries.
    pub range: Range<usize>,
    /// Its kind.
    pub kind: SpanKind,
}

/// The words that begin or end a statement.
pub(crate) const STATEMENTS: [&str; 23] = [
    "for",
    "endfor",
    "if",
    "elif",
    "else",
    "endif",
    "set",
    "endset",
    "with",
    "endwith",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "filter",
    "endfilter",
    "do",
    "raw",
    "endraw",
    "autoescape",
    "endautoescape",
    "recursive",
    "in",
];

/// Returns whether a word is a keyword inside an expression.
pub(crate) fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "or"
            | "not"
            | "in"
            | "is"
            | "if"
            | "else"
            | "true"
            | "True"
            | "false"
            | "False"
            | "none"
            | "None"
    )
}

/// Returns the spans of a template, sorted and without overlap; the template may have errors.
#[must_use]
pub(crate) fn spans(source: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for tag in lex(source, LexerMode::Forgiving) {
        spans.push(Span { range: tag.open.clone(), kind: SpanKind::Delimiter });
        if tag.kind == TagKind::Comment {
            spans.push(Span { range: tag.open.end..tag.end, kind: SpanKind::Comment });
        }
        inside(source, &tag, &mut spans);
        spans.extend(tag.close.map(|range| Span { range, kind: SpanKind::Delimiter }));
    }
    spans.retain(|span| !span.range.is_empty());
    spans
}

fn inside(source: &str, tag: &Tag, spans: &mut Vec<Span>) {
    for (index, token) in tag.tokens.iter().enumerate() {
        let kind = match token.kind {
            TokenKind::Name => name(source, tag, index),
            TokenKind::Text | TokenKind::OpenText => SpanKind::String,
            TokenKind::Number => SpanKind::Number,
            TokenKind::Operator => SpanKind::Operator,
            TokenKind::Stray => continue,
        };
        spans.push(Span { range: token.range.clone(), kind });
    }
}

fn name(source: &str, tag: &Tag, index: usize) -> SpanKind {
    let word_at =
        |index: usize| tag.tokens.get(index).map_or("", |token: &Token| &source[token.range.clone()]);
    let word = word_at(index);
    let before = |back: usize| index.checked_sub(back).map_or("", word_at);
    let is_statement = tag.kind == TagKind::Statement;
    if is_statement && index == 0 {
        return if STATEMENTS[..21].contains(&word) { SpanKind::Keyword } else { SpanKind::Name };
    }
    match before(1) {
        "." => SpanKind::Name,
        "filter" if is_statement && index == 1 => SpanKind::Filter,
        "is" if word == "not" => SpanKind::Keyword,
        "|" | "is" => SpanKind::Filter,
        "not" if before(2) == "is" => SpanKind::Filter,
        _ if is_keyword(word) || (is_statement && word == "recursive" && word_at(0) == "for") => {
            SpanKind::Keyword
        }
        _ => SpanKind::Name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(source: &str) -> Vec<(&str, SpanKind)> {
        spans(source).into_iter().map(|span| (&source[span.range], span.kind)).collect()
    }

    #[test]
    fn a_loop_is_coloured_by_what_its_parts_are() {
        use SpanKind::{Delimiter, Filter, Keyword, Name, Number, Operator, String};

        assert_eq!(
            shown("Écris {%- for e in examples[:3] -%}{{ e.text | default('x') }}"),
            [
                ("{%-", Delimiter),
                ("for", Keyword),
                ("e", Name),
                ("in", Keyword),
                ("examples", Name),
                ("[", Operator),
                (":", Operator),
                ("3", Number),
                ("]", Operator),
                ("-%}", Delimiter),
                ("{{", Delimiter),
                ("e", Name),
                (".", Operator),
                ("text", Name),
                ("|", Operator),
                ("default", Filter),
                ("(", Operator),
                ("'x'", String),
                (")", Operator),
                ("}}", Delimiter),
            ]
        );
    }

    #[test]
    fn tests_are_filters_and_attributes_are_names_whatever_they_are_called() {
        let kinds = shown("{{ a.in is not none and b is defined }}");

        assert!(kinds.contains(&("in", SpanKind::Name)));
        assert!(kinds.contains(&("not", SpanKind::Keyword)));
        assert!(kinds.contains(&("none", SpanKind::Filter)));
        assert!(kinds.contains(&("defined", SpanKind::Filter)));
        assert!(kinds.contains(&("and", SpanKind::Keyword)));
    }

    #[test]
    fn comments_and_raw_parts_hold_no_code() {
        assert_eq!(
            shown("{# {{ a }} #}{% raw %}{{ b }}{% endraw %}"),
            [
                ("{#", SpanKind::Delimiter),
                (" {{ a }} ", SpanKind::Comment),
                ("#}", SpanKind::Delimiter),
                ("{%", SpanKind::Delimiter),
                ("raw", SpanKind::Keyword),
                ("%}", SpanKind::Delimiter),
                ("{%", SpanKind::Delimiter),
                ("endraw", SpanKind::Keyword),
                ("%}", SpanKind::Delimiter),
            ]
        );
    }

    #[test]
    fn an_unfinished_template_is_coloured_as_far_as_it_goes() {
        assert_eq!(shown("a {{"), [("{{", SpanKind::Delimiter)]);
        assert_eq!(shown("a {{ to"), [("{{", SpanKind::Delimiter), ("to", SpanKind::Name)]);
        assert_eq!(shown("{{ 'a"), [("{{", SpanKind::Delimiter), ("'a", SpanKind::String)]);
        assert_eq!(shown("{# a"), [("{#", SpanKind::Delimiter), (" a", SpanKind::Comment)]);
    }

    proptest! {
        #[test]
        fn spans_are_sorted_apart_and_on_characters(source in r#"([{}%#'"\-+ \n.|()a-z0-9é🦀\\]|raw|is|\{%|%\}|\{\{|\}\}|\{#){0,60}"#) {
            let mut end = 0;
            for span in spans(&source) {
                prop_assert!(span.range.start >= end && !span.range.is_empty());
                prop_assert!(source.get(span.range.clone()).is_some());
                end = span.range.end;
            }
        }
    }
}
