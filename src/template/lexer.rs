//! Cuts a template into its tags, also where it has errors.
//!
//! The engine's own lexer stops at the first error, and a template that is being typed has errors
//! most of the time. This one always reads to the end. It has two modes: [`LexerMode::Exact`] reads a
//! tag as the engine does, [`LexerMode::Forgiving`] ends an unfinished tag where it was probably meant
//! to end, so that one missing quote does not colour the rest of the text.

use std::ops::Range;

/// How an unfinished tag is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexerMode {
    /// As the engine reads it: up to the matching end, however far away.
    Exact,
    /// Up to where it was probably meant to end.
    Forgiving,
}

/// What a tag is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TagKind {
    /// `{{ … }}`
    Print,
    /// `{% … %}`
    Statement,
    /// `{# … #}`
    Comment,
}

/// One tag with the tokens inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) kind: TagKind,
    /// Its opening delimiter, with the `-` or `+` for trimming blanks.
    pub(crate) open: Range<usize>,
    /// Its closing delimiter; none while it is unfinished.
    pub(crate) close: Option<Range<usize>>,
    /// The byte where its inside ends.
    pub(crate) end: usize,
    /// The tokens inside; a comment has none.
    pub(crate) tokens: Vec<Token>,
}

/// A token inside a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Its bytes in the source.
    pub(crate) range: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name or a keyword.
    Name,
    /// A string literal with both quotes.
    Text,
    /// A string literal without its closing quote.
    OpenText,
    /// A number.
    Number,
    /// An operator or a bracket.
    Operator,
    /// A character that is not allowed there.
    Stray,
}

/// Cuts a template into its tags, in order.
pub(crate) fn lex(source: &str, mode: LexerMode) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut at = 0;
    while let Some((start, kind)) = next_open(source, at) {
        let mut tag =
            if kind == TagKind::Comment { comment(source, start) } else { code(source, start, kind, mode) };
        at = tag.close.as_ref().map_or(tag.end, |close| close.end);
        if is_raw(source, &tag) {
            at = end_of_raw(source, at).unwrap_or(source.len());
        }
        tag.tokens.shrink_to_fit();
        tags.push(tag);
    }
    tags
}

/// Returns whether the tag is `{% raw %}`, after which nothing is code.
pub(crate) fn is_raw(source: &str, tag: &Tag) -> bool {
    tag.kind == TagKind::Statement
        && tag.close.is_some()
        && matches!(tag.tokens.as_slice(), [only] if &source[only.range.clone()] == "raw")
}

fn next_open(source: &str, from: usize) -> Option<(usize, TagKind)> {
    let bytes = source.as_bytes();
    (from..bytes.len().saturating_sub(1)).filter(|&at| bytes[at] == b'{').find_map(|at| {
        let kind = match bytes[at + 1] {
            b'{' => TagKind::Print,
            b'%' => TagKind::Statement,
            b'#' => TagKind::Comment,
            _ => return None,
        };
        Some((at, kind))
    })
}

/// Returns the start of the `{% endraw %}` that ends a raw part.
fn end_of_raw(source: &str, from: usize) -> Option<usize> {
    let opens = source[from..].match_indices("{%").map(|(at, _)| from + at);
    opens.into_iter().find(|at| {
        let rest = source[at + 2..].trim_start_matches(['-', '+']);
        let after = rest.trim_ascii_start().strip_prefix("endraw").map(str::trim_ascii_start);
        after.is_some_and(|rest| rest.trim_start_matches(['-', '+']).starts_with("%}"))
    })
}

fn comment(source: &str, start: usize) -> Tag {
    let open = start..opening_end(source, start);
    let found = source[open.end..].find("#}").map(|at| open.end + at);
    let close = found.map(|at| {
        let trims = at > open.end && matches!(source.as_bytes()[at - 1], b'-' | b'+');
        at - usize::from(trims)..at + 2
    });
    let end = close.as_ref().map_or(source.len(), |close| close.start);
    Tag { kind: TagKind::Comment, open, close, end, tokens: Vec::new() }
}

fn opening_end(source: &str, start: usize) -> usize {
    let trims = matches!(source.as_bytes().get(start + 2), Some(b'-' | b'+'));
    start + 2 + usize::from(trims)
}

fn code(source: &str, start: usize, kind: TagKind, mode: LexerMode) -> Tag {
    let open = start..opening_end(source, start);
    let mut depth = 0_isize;
    let mut tokens = Vec::new();
    let mut at = open.end;
    while at < source.len() {
        let rest = &source[at..];
        let may_close = depth <= 0 || (mode == LexerMode::Forgiving && kind == TagKind::Statement);
        if let Some(length) = closing(rest, kind).filter(|_| may_close) {
            return Tag { kind, open, close: Some(at..at + length), end: at, tokens };
        }
        if mode == LexerMode::Forgiving && ["{{", "{%", "{#"].iter().any(|opener| rest.starts_with(opener)) {
            break;
        }
        let (token, length) = token(rest, at, mode);
        depth += token.as_ref().map_or(0, |token| bracket(source, token, mode));
        tokens.extend(token);
        at += length;
    }
    let end = tokens.last().map_or(open.end, |last| last.range.end);
    Tag { kind, open, close: None, end, tokens }
}

/// Returns the length of the closing delimiter that the text starts with.
fn closing(rest: &str, kind: TagKind) -> Option<usize> {
    let end = if kind == TagKind::Print { "}}" } else { "%}" };
    let trims = usize::from(rest.starts_with(['-', '+']));
    rest[trims..].starts_with(end).then_some(trims + 2)
}

/// Returns by how much a token changes the depth of brackets, inside which a closing delimiter does not count.
fn bracket(source: &str, token: &Token, mode: LexerMode) -> isize {
    match (&source[token.range.clone()], token.kind) {
        ("{", TokenKind::Operator) => 1,
        ("}", TokenKind::Operator) => -1,
        ("(" | "[", TokenKind::Operator) if mode == LexerMode::Exact => 1,
        (")" | "]", TokenKind::Operator) if mode == LexerMode::Exact => -1,
        _ => 0,
    }
}

/// Reads one token or one blank; returns how many bytes it takes, at least one.
fn token(rest: &str, at: usize, mode: LexerMode) -> (Option<Token>, usize) {
    let bytes = rest.as_bytes();
    let (kind, length) = match bytes[0] {
        c if c.is_ascii_whitespace() => return (None, 1),
        c if c.is_ascii_alphabetic() || c == b'_' => {
            (TokenKind::Name, bytes.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == b'_').count())
        }
        c if c.is_ascii_digit() => (TokenKind::Number, number(bytes)),
        b'"' | b'\'' => text(rest, mode),
        _ if ["//", "**", "==", "!=", ">=", "<="].iter().any(|two| rest.starts_with(two)) => {
            (TokenKind::Operator, 2)
        }
        c if b"+-*/%.,:~|=><()[]{}".contains(&c) => (TokenKind::Operator, 1),
        _ => (TokenKind::Stray, rest.chars().next().map_or(1, char::len_utf8)),
    };
    (Some(Token { kind, range: at..at + length }), length)
}

fn number(bytes: &[u8]) -> usize {
    let mut length = 0;
    let mut seen_dot = false;
    while let Some(&byte) = bytes.get(length) {
        let after = bytes.get(length + 1);
        let is_part = byte.is_ascii_alphanumeric() || byte == b'_';
        let is_dot = byte == b'.' && !seen_dot && after.is_some_and(u8::is_ascii_digit);
        let is_sign = matches!(byte, b'+' | b'-')
            && matches!(bytes[length - 1], b'e' | b'E')
            && !bytes.starts_with(b"0x")
            && after.is_some_and(u8::is_ascii_digit);
        if !(is_part || is_dot || is_sign) {
            break;
        }
        seen_dot |= is_dot;
        length += 1;
    }
    length
}

fn text(rest: &str, mode: LexerMode) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != bytes[0] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    let closed = at < bytes.len();
    // Most texts end on their line; only for others the rest of the line is looked at.
    if closed && !bytes[..at].contains(&b'\n') {
        return (TokenKind::Text, at + 1);
    }
    let line_end = rest.find('\n').unwrap_or(rest.len());
    let tag_end = ["}}", "%}"].iter().filter_map(|end| rest[..line_end].find(end)).min();
    match tag_end {
        // The tag ends before the next quote, which is on another line: the closing quote was forgotten.
        Some(end) if mode == LexerMode::Forgiving && (!closed || at > line_end) => {
            let trims = usize::from(rest[..end].ends_with(['-', '+']) && end > 1);
            (TokenKind::OpenText, rest[..end - trims].trim_end().len().max(1))
        }
        _ if closed => (TokenKind::Text, at + 1),
        _ if mode == LexerMode::Forgiving => (TokenKind::OpenText, line_end),
        _ => (TokenKind::OpenText, rest.len()),
    }
}

#[cfg(test)]
mod tests;
