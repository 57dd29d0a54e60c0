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
    if let (ErrorKind::TabAtBlockScalarStart, Some(tab)) = (error.kind(), tab_below(source, line)) {
        return tab;
    }
    let of_kind = in_quotes(error.kind(), here)
        .or_else(|| in_a_list(error.kind(), here).filter(|_| place.lists > 0))
        .or_else(|| in_a_line(error.kind(), text, blanks, place))
        .or_else(|| misindented(error.kind(), source, line));
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
            Some(after_the_end(here.trim()))
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

fn after_the_end(rest: &str) -> String {
    format!("`{rest}` stands after the end of the value; delete it.")
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
        ErrorKind::ExpectedFlowSequenceSeparator => Some(no_comma(here)),
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

/// Returns the sentence for a key or an item that is not indented like the one before it.
fn misindented(kind: &ErrorKind, source: &str, line: usize) -> Option<String> {
    use ErrorKind::{ExpectedBlockMappingKey, ExpectedBlockSequenceEntry, ExpectedDocumentStart};
    if !matches!(kind, ExpectedBlockMappingKey | ExpectedBlockSequenceEntry | ExpectedDocumentStart) {
        return None;
    }
    let is_item = |text: &str| text.trim_start().starts_with("- ");
    let text = source.lines().nth(line - 1)?;
    let before = source.lines().take(line - 1).filter(|text| !text.trim().is_empty()).last();
    let what = if is_item(text) {
        before.filter(|before| is_item(before)).map(|_| "item")
    } else {
        let is_key = mend::value_start(text).is_some() || text.trim_end().ends_with(':');
        is_key.then_some("key")
    };
    let told = "begin both with the same number of blanks";
    Some(format!("This line is not indented like the {} before it; {told}.", what?))
}

fn no_comma(rest: &str) -> String {
    format!("A comma is missing in the list before `{rest}`.")
}

/// Returns the error for a text in quotes with a colon after it, as an item of a list.
pub(super) fn colon_after_quotes(source: &str, span: &Span, place: &Place) -> PromptFileError {
    let rest = rest_of_line(source, span).trim();
    let message = if place.lists > 0 { no_comma(rest) } else { after_the_end(rest) };
    PromptFileError::new(span.end.line() + 1, message)
}

/// Returns the error for an item that YAML reads as keys with values.
pub(super) fn item_with_keys(span: &Span) -> PromptFileError {
    let message = "An item is one text, not keys with values; put it in quotes.";
    PromptFileError::new(span.start.line() + 1, message)
}

/// Returns the error for a list or keys on lines of their own below a key that holds none.
pub(super) fn holds_none(key: &str, event: &Event<'_>, line: usize) -> PromptFileError {
    let what = match event {
        Event::SequenceStart(..) => "is one text, not a list",
        _ => "has no keys of its own",
    };
    PromptFileError::new(line, format!("`{key}` {what}; write its value after `{key}:`."))
}

/// Returns the error for a tab in the indentation of the next text below a line, if there is one.
pub(super) fn tab_below(source: &str, line: usize) -> Option<PromptFileError> {
    let indent = |text: &str| text[..text.len() - text.trim_start().len()].contains('\t');
    let mut below = source.lines().enumerate().skip(line);
    let (index, text) = below.find(|(_, text)| indent(text) || !text.trim().is_empty())?;
    indent(text).then(|| PromptFileError::new(index + 2, TAB))
}

/// Returns the error for a value that YAML does not read as text: a list, a mapping, an anchor, a tag.
pub(super) fn needs_quotes(source: &str, event: &Event<'_>, span: &Span) -> PromptFileError {
    if let Some(first) = property(source, event, span) {
        return needs_quotes_for(first, span.start.line() + 1);
    }
    let line = source.lines().nth(span.start.line().saturating_sub(1)).unwrap_or_default();
    let value = &line[mend::value_start(line).unwrap_or(0)..];
    let node = ['[', '{', '*'].into_iter().find(|first| begins_with(source, span, *first));
    let is_block_list = matches!(event, Event::SequenceStart(StructureStyle::Block, ..));
    let first = node.or_else(|| value.chars().next().filter(|_| !is_block_list));
    needs_quotes_for(first.unwrap_or('-'), span.start.line() + 1)
}

/// Returns the first character of the anchor or tag before a node: `&` or `!`.
fn property(source: &str, event: &Event<'_>, span: &Span) -> Option<char> {
    let (Event::Scalar(_, _, anchor, tag)
    | Event::SequenceStart(_, anchor, tag)
    | Event::MappingStart(_, anchor, tag)) = event
    else {
        return None;
    };
    let before = source.get(..span.start.byte_offset()?)?.trim_end();
    let at = before.rfind(['&', '!']).filter(|_| *anchor > 0 || tag.is_some())?;
    before[at..].chars().next()
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
    rest_of_line(source, span).trim_start().starts_with('#')
}

fn rest_of_line<'a>(source: &'a str, span: &Span) -> &'a str {
    let after = span.end.byte_offset().and_then(|end| source.get(end..)).unwrap_or_default();
    after.lines().next().unwrap_or_default()
}
