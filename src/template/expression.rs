//! Reads the tokens of one expression: its names, and what follows them.
//!
//! This is not a parser. The engine has parsed the source before, so a few neighbouring tokens tell
//! what a name is: an attribute, a filter, a test, an argument's name, or a variable that is read.

use super::lexer::{Token, TokenKind};
use super::shape::Shape;
use super::spans::is_keyword;

/// The tokens of one expression, with the source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expression<'a> {
    /// The whole template.
    pub(crate) source: &'a str,
    pub(crate) tokens: &'a [Token],
}

/// What a name in an expression refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A variable or a function that is read.
    Variable,
    /// A filter.
    Filter,
    /// A test.
    Test,
    /// A keyword, an attribute or an argument's name.
    Other,
}

/// A variable with its attributes: `e.text`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'a> {
    /// The names of the variable and its attributes, with the dots between them.
    tokens: &'a [Token],
}

impl<'a> Path<'a> {
    /// Returns the token of the variable's own name.
    pub(crate) fn root(&self) -> &'a Token {
        &self.tokens[0]
    }

    /// Returns the tokens of the attributes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &'a Token> + use<'a> {
        self.tokens.iter().skip(2).step_by(2)
    }

    /// Returns the number of tokens of the path.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the path with its first `attributes` attributes, as text.
    pub(crate) fn text(&self, source: &str, attributes: usize) -> String {
        let names = self.tokens.iter().step_by(2).take(attributes + 1);
        names.map(|token| &source[token.range.clone()]).collect::<Vec<_>>().join(".")
    }
}

impl<'a> Expression<'a> {
    /// Returns the text of the token at an index; empty outside the expression.
    pub(crate) fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| &self.source[token.range.clone()])
    }

    /// Returns a part of the expression; the range is clamped to it.
    pub(crate) fn part(&self, range: std::ops::Range<usize>) -> Self {
        let end = range.end.min(self.tokens.len());
        Self { tokens: &self.tokens[range.start.min(end)..end], ..*self }
    }

    fn is_name(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == TokenKind::Name)
    }

    /// Returns what the token at an index refers to, if it is a name.
    pub(crate) fn role(&self, index: usize) -> Option<Role> {
        if !self.is_name(index) {
            return None;
        }
        let before = |back: usize| index.checked_sub(back).map_or("", |index| self.word(index));
        Some(match (before(1), self.word(index)) {
            (".", _) | ("is", "not") => Role::Other,
            ("|", _) => Role::Filter,
            ("is", _) => Role::Test,
            ("not", _) if before(2) == "is" => Role::Test,
            (_, word) if is_keyword(word) => Role::Other,
            _ if self.word(index + 1) == "=" => Role::Other,
            _ => Role::Variable,
        })
    }

    /// Returns the path that begins at an index.
    pub(crate) fn path(&self, index: usize) -> Path<'a> {
        let mut end = index + 1;
        while self.word(end) == "." && self.is_name(end + 1) {
            end += 2;
        }
        Path { tokens: &self.tokens[index..end] }
    }

    /// Returns whether `is defined` or `is undefined` follows at an index.
    pub(crate) fn is_test_for_defined(&self, index: usize) -> bool {
        let name = if self.word(index + 1) == "not" { index + 2 } else { index + 1 };
        self.word(index) == "is" && matches!(self.word(name), "defined" | "undefined")
    }

    /// Returns whether the filter `default` follows at an index.
    pub(crate) fn is_default(&self, index: usize) -> bool {
        self.word(index) == "|" && matches!(self.word(index + 1), "default" | "d")
    }

    /// Returns the index after the bracket that closes the one at `index`.
    pub(crate) fn past_bracket(&self, index: usize) -> usize {
        let mut depth = 0_usize;
        for at in index..self.tokens.len() {
            match self.word(at) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        self.tokens.len()
    }

    /// Returns the index of the first of these words from `from` on, outside all brackets.
    pub(crate) fn find(&self, from: usize, words: &[&str]) -> Option<usize> {
        let mut at = from;
        while at < self.tokens.len() {
            match self.word(at) {
                word if words.contains(&word) => return Some(at),
                "(" | "[" | "{" => at = self.past_bracket(at),
                _ => at += 1,
            }
        }
        None
    }

    /// Cuts the expression at the commas outside all brackets.
    pub(crate) fn at_commas(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        while let Some(comma) = self.find(start, &[","]) {
            parts.push(self.part(start..comma));
            start = comma + 1;
        }
        parts.push(self.part(start..self.tokens.len()));
        parts
    }

    /// Returns the shape of a literal at the beginning, and the index after it.
    pub(crate) fn literal(&self) -> Option<(usize, Shape)> {
        match (self.tokens.first()?.kind, self.word(0)) {
            (TokenKind::Text, _) => Some((1, Shape::Text)),
            (TokenKind::Number, _) => Some((1, Shape::Number)),
            (TokenKind::Operator, "[") => Some((self.past_bracket(0), Shape::List(Box::new(Shape::Any)))),
            _ => None,
        }
    }

    /// Returns the shape of a value after all subscripts and filters that follow it.
    pub(crate) fn shape_after(&self, mut at: usize, mut shape: Shape) -> Shape {
        while at < self.tokens.len() {
            (at, shape) = self.step(at, &shape);
        }
        shape
    }

    /// Returns the shape of a list that `map(attribute='…')` follows, and the index of the attribute's name.
    pub(crate) fn mapped(&self, mut at: usize, mut shape: Shape) -> Option<(Shape, usize)> {
        while matches!(shape, Shape::List(_)) {
            let call = ["|", "map", "(", "attribute", "="];
            if (0..call.len()).all(|index| self.word(at + index) == call[index]) && self.word(at + 6) == ")" {
                return Some((shape, at + 5));
            }
            (at, shape) = self.step(at, &shape);
        }
        None
    }

    /// Skips one subscript or filter and returns the shape after it, unknown after anything else.
    fn step(&self, at: usize, shape: &Shape) -> (usize, Shape) {
        match self.word(at) {
            "[" => (self.past_bracket(at), self.subscript(at, shape)),
            "|" => {
                let end = if self.word(at + 2) == "(" { self.past_bracket(at + 2) } else { at + 2 };
                let next = match (shape, self.word(at + 1)) {
                    (
                        Shape::List(_),
                        "list" | "sort" | "reverse" | "unique" | "select" | "reject" | "selectattr"
                        | "rejectattr",
                    ) => shape.clone(),
                    (Shape::List(_), "first" | "last") => shape.item(),
                    (_, "length" | "count" | "wordcount" | "float" | "round" | "abs") => Shape::Number,
                    (_, "int") if self.word(at + 2) != "(" => Shape::Number,
                    (
                        _,
                        "upper" | "lower" | "title" | "capitalize" | "trim" | "string" | "join" | "replace"
                        | "truncate" | "center" | "indent" | "wordwrap" | "tojson" | "escape" | "e"
                        | "striptags" | "format",
                    ) => Shape::Text,
                    _ => Shape::Any,
                };
                (end, next)
            }
            _ => (self.tokens.len(), Shape::Any),
        }
    }

    /// Returns the shape of a value's item, by the subscript at an index.
    pub(crate) fn subscript(&self, at: usize, shape: &Shape) -> Shape {
        let is_slice = self.find(at + 1, &[":", "]"]).is_some_and(|found| self.word(found) == ":");
        match shape {
            Shape::List(_) if is_slice => shape.clone(),
            Shape::List(item) => (**item).clone(),
            _ => Shape::Any,
        }
    }
}
