//! Sentences about errors in the YAML of a front matter, for the person who wrote it.

use granit_parser::{ErrorKind, Event, ScalarStyle, ScanError, Span, StructureStyle};

use super::{PromptFileError, mend};

/// The sentence for a comment on the line of a plain text.
pub(super) const COMMENT: &str =
    "A `#` after a blank begins a comment; put the text in quotes, or the comment on a line of its own.";
const ESCAPE: &str = "The text in quotes has an escape or a character that it cannot have; escape `\\` as `\\\\`, `\"` as `\\\"`, a tab as `\\t`.";
const HEADER: &str = "A block begins with `|` or `|-` alone; its text stands indented below it.";
const LESS: &str = "This line is indented less than the block's first line.";
const TAB: &str = "The line is indented with a tab; use blanks.";
const NO_BRACKET: &str =
    "The list has no `]` on its line; write it there, or put each item on a line of its own after `- `.";
const NO_ITEM: &str =
    "An item of the list is missing before a comma; delete the comma, or write `\"\"` for an empty text.";

/// The position of a parser, for messages.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// The key whose value is read.
    pub(super) key: String,
    /// The line of the file on which the scalar before the last one ended, which is the key of a value.
    pub(super) key_line: usize,
    last_line: usize,
    after_block: bool,
    /// The number of open lists in brackets.
    lists: usize,
}

impl Place {
    /// Updates the position by an event of the parser.
    pub(super) fn pass(&mut self, event: &Event<'_>, span: &Span) {
        match event {
            Event::Scalar(_, style, ..) => {
                self.key_line = self.last_line;
                self.last_line = span.end.line() + 1;
                self.after_block = *style == ScalarStyle::Literal;
            }
            Event::SequenceStart(StructureStyle::Flow, ..) => self.lists += 1,
            Event::SequenceEnd => self.lists = self.lists.saturating_sub(1),
            _ => {}
        }
    }
}

/// Returns whether the error is a colon in a text without quotes, where YAML does not allow it.
pub(super) const fn is_bare_colon(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::MappingValueNotAllowed)
}

/// Returns the error for what the parser could not read.
pub(super) fn told(source: &str, error: &ScanError, place: &Place) -> PromptFileError {
    // Where the source ends too early, the parser points past its end.
    let line = error.marker().line().clamp(1, source.lines().count().max(1));
    let text = source.lines().nth(line - 1).unwrap_or_default();
    let here = text.char_indices().nth(error.marker().col()).map_or("", |(at, _)| &text[at..]);
    let first = here.chars().next().unwrap_or(' ');
    let blanks = &text[..text.len() - text.trim_start().len()];
    let of_kind = in_quotes(error.kind(), here)
        .or_else(|| in_a_list(error.kind(), here).filter(|_| place.lists > 0))
        .or_else(|| in_a_line(error.kind(), text, blanks, place));
    match of_kind {
        Some(message) => PromptFileError::new(line + 1, message),
        None if "[]{}&*!|>@`%,?#-".contains(first) => needs_quotes_for(first, line + 1),
        None => no_key_in(text.trim(), line + 1),
    }
}

fn in_quotes(kind: &ErrorKind, here: &str) -> Option<String> {
    match kind {
        ErrorKind::UnclosedQuotedScalar => {
            Some(format!("The text has no closing `{}` on its line.", here.get(..1)?))
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            Some(format!("`{}` stands after the end of the value; delete it.", here.trim()))
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => Some(ESCAPE.to_owned()),
        _ => None,
    }
}

fn in_a_list(kind: &ErrorKind, here: &str) -> Option<String> {
    match kind {
        ErrorKind::UnclosedFlowCollection { open: '[' } => {
            let is_in_comment = here.split_once(" #").is_some_and(|(_, comment)| comment.contains(']'));
            Some(if is_in_comment { COMMENT } else { NO_BRACKET }.to_owned())
        }
        ErrorKind::UnexpectedEofImplicitFlowMapping => Some(NO_ITEM.to_owned()),
        _ if here.starts_with(['{', '}']) => {
            Some(format!("A text with `{}` must stand in quotes in a list.", &here[..1]))
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            Some(format!("A comma is missing in the list before `{here}`."))
        }
        _ => None,
    }
}

fn in_a_line(kind: &ErrorKind, line: &str, blanks: &str, place: &Place) -> Option<String> {
    match kind {
        ErrorKind::MappingValueNotAllowed if line.contains(" #") => Some(COMMENT.to_owned()),
        ErrorKind::MappingValueNotAllowed if !blanks.is_empty() => Some(goes_on(&place.key)),
        _ if blanks.contains('\t') => Some(TAB.to_owned()),
        ErrorKind::InvalidBlockScalarHeader => Some(HEADER.to_owned()),
        ErrorKind::InvalidBlockScalarIndent => Some(LESS.to_owned()),
        _ if place.after_block && !blanks.is_empty() => Some(LESS.to_owned()),
        _ => None,
    }
}

/// Returns the sentence for a second line of a plain text.
pub(super) fn goes_on(key: &str) -> String {
    format!("This line goes on with `{key}`; write `{key}: |` and the whole text indented below it.")
}

/// Returns the error for a line without a key.
pub(super) fn no_key(source: &str, span: &Span) -> PromptFileError {
    let line = span.start.line();
    no_key_in(source.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim(), line + 1)
}

fn no_key_in(content: &str, line: usize) -> PromptFileError {
    let message = format!("`{content}` is no `key: value`; write a key and a colon with a blank after it.");
    PromptFileError::new(line, message)
}

/// Returns the error for a value that YAML does not read as text: a list, a mapping, an anchor, a tag.
pub(super) fn needs_quotes(source: &str, span: &Span) -> PromptFileError {
    let line = source.lines().nth(span.start.line().saturating_sub(1)).unwrap_or_default();
    let value = &line[mend::value_start(line).unwrap_or(0)..];
    let node = ['[', '{', '*'].into_iter().find(|first| begins_with(source, span, *first));
    let first = node.or_else(|| value.chars().next());
    needs_quotes_for(first.unwrap_or('-'), span.start.line() + 1)
}

fn needs_quotes_for(first: char, line: usize) -> PromptFileError {
    PromptFileError::new(line, format!("A text that begins with `{first}` must stand in quotes."))
}

/// Returns the error for a text in quotes over several lines, most likely without its closing quote.
pub(super) fn unclosed(source: &str, span: &Span) -> PromptFileError {
    let quote = if begins_with(source, span, '"') { '"' } else { '\'' };
    PromptFileError::new(span.start.line() + 1, format!("The text has no closing `{quote}` on its line."))
}

/// Returns whether the source of a span begins with a character.
pub(super) fn begins_with(source: &str, span: &Span, character: char) -> bool {
    let rest = span.start.byte_offset().and_then(|start| source.get(start..));
    rest.is_some_and(|rest| rest.starts_with(character))
}

/// Returns whether a comment follows a span on its line.
pub(super) fn is_followed_by_comment(source: &str, span: &Span) -> bool {
    let after = span.end.byte_offset().and_then(|end| source.get(end..)).unwrap_or_default();
    after.lines().next().is_some_and(|after| after.trim_start().starts_with('#'))
}
