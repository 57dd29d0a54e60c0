//! Refuses templates that are too large, before the engine reads them.
//!
//! The engine bounds its steps while a template runs, but it parses, compiles and drops nested
//! expressions by recursion, so a malicious template could overflow the stack. A bound on the
//! operators bounds the nesting; it is far above what any prompt needs.

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::lexer::{LexerMode, Tag, TokenKind, lex};

/// The longest source, in bytes.
pub(crate) const MAX_SOURCE_BYTES: usize = 1 << 20;

/// The most operators and keywords in all tags together.
pub(crate) const MAX_OPERATORS: usize = 1_500;

/// The deepest nesting of brackets in a tag.
const MAX_NESTING: usize = 100;

/// Returns an error for the first limit that a template exceeds.
pub(crate) fn exceeded(source: &str) -> Option<Diagnostic> {
    if source.len() > MAX_SOURCE_BYTES {
        let message = format!("The template is longer than {} KB; shorten it.", MAX_SOURCE_BYTES / 1024);
        return Some(Diagnostic::error(source, 0..1, message));
    }
    let mut left = MAX_OPERATORS;
    for tag in lex(source, LexerMode::Exact) {
        let weight = weight(source, &tag);
        let Some(rest) = left.checked_sub(weight) else {
            let message = format!(
                "The template has more than {MAX_OPERATORS} operators up to here; make it simpler, or write text instead of code."
            );
            return Some(Diagnostic::error(source, tag.open, message));
        };
        left = rest;
        if let Some(bracket) = too_deep(source, &tag) {
            let message = format!(
                "More than {MAX_NESTING} brackets are open here; name the inner values with `set` first."
            );
            return Some(Diagnostic::error(source, bracket, message));
        }
    }
    None
}

/// Returns the first bracket of a tag that nests too deeply.
fn too_deep(source: &str, tag: &Tag) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let brackets = tag.tokens.iter().filter(|token| token.kind == TokenKind::Operator);
    for token in brackets {
        match &source[token.range.clone()] {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return Some(token.range.clone());
        }
    }
    None
}

/// Counts the tokens of a tag that can nest; commas, colons and literals cannot.
fn weight(source: &str, tag: &Tag) -> usize {
    tag.tokens
        .iter()
        .filter(|token| match token.kind {
            TokenKind::Operator => !matches!(&source[token.range.clone()], "," | ":" | ")" | "]" | "}"),
            TokenKind::Name => {
                let word = &source[token.range.clone()];
                super::spans::is_keyword(word) || word == "elif"
            }
            _ => false,
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_texts_is_not_too_large() {
        let source = format!("{{% set words = [{}] %}}", "\"word\", ".repeat(5_000));

        assert_eq!(exceeded(&source), None);
    }

    #[test]
    fn more_operators_than_a_prompt_needs_are_refused_where_they_begin_to_be() {
        let source = format!("{{{{ n }}}}\n{{{{ 1{} }}}}", "+1".repeat(MAX_OPERATORS + 1));

        let diagnostic = exceeded(&source).unwrap();

        assert_eq!(diagnostic.line, 2);
        assert!(diagnostic.message.contains("more than 1500 operators"));
    }

    #[test]
    fn brackets_that_nest_deeper_than_any_prompt_are_refused_where_they_do() {
        let nested = |depth: usize| format!("a\n{{{{ {}{} }}}}", "[".repeat(depth), "]".repeat(depth));

        let diagnostic = exceeded(&nested(MAX_NESTING + 1)).unwrap();

        assert_eq!((diagnostic.line, diagnostic.column), (2, 4 + MAX_NESTING));
        assert!(diagnostic.message.starts_with("More than 100 brackets are open here"));
        assert_eq!(exceeded(&nested(MAX_NESTING)), None);
        assert_eq!(exceeded(&"{{ [(1)] }}".repeat(300)), None);
    }

    #[test]
    fn a_source_of_megabytes_is_refused() {
        assert!(exceeded(&"a".repeat(MAX_SOURCE_BYTES + 1)).is_some());
    }
}
