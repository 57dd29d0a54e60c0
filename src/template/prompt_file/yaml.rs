//! Reads the front matter between `---`.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, StrInput, StructureStyle};

use super::mistakes::{self, Place};
use super::{KEYS, PromptFile, PromptFileError, mend, unknown_key};

/// Reads the lines of a front matter; the first is line 2 of its file.
pub(super) fn read(lines: &[&str]) -> Result<PromptFile, PromptFileError> {
    let mut lines: Vec<String> = lines.iter().map(|line| mend::hidden(line)).collect();
    loop {
        let source = lines.join("\n") + "\n";
        let mut reader = Reader::new(&source);
        let result = reader.file();
        let bare = reader.bare_colon.and_then(|index| lines.get_mut(index));
        match bare.and_then(|line| Some((mend::quoted(line)?, line))) {
            Some((quoted, line)) => *line = quoted,
            None => return result,
        }
    }
}

/// A scalar or the start of a collection.
type Node<'a> = (Event<'a>, Span);

struct Reader<'a> {
    source: &'a str,
    events: Parser<'a, StrInput<'a>>,
    /// The position of the parser, for messages.
    place: Place,
    /// The index of the line that has a colon in a text without quotes.
    bare_colon: Option<usize>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Self {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            bom_inside_document_as_content: true,
            simple_key_max_lookahead: usize::MAX,
        };
        let events = Parser::new_from_str_with_options(source, options);
        Self { source, events, place: Place::default(), bare_colon: None }
    }

    /// Returns the next event, skipping the starts and ends of the document.
    fn next(&mut self) -> Result<Node<'a>, PromptFileError> {
        loop {
            match self.events.next_event() {
                Some(Ok((Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _))) => {}
                Some(Ok((event, span))) => {
                    self.place.pass(&event, &span);
                    return Ok((event, span));
                }
                Some(Err(error)) => {
                    if mistakes::is_bare_colon(error.kind()) {
                        self.bare_colon = Some(error.marker().line() - 1);
                    }
                    return Err(mistakes::told(self.source, &error, &self.place));
                }
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    fn file(&mut self) -> Result<PromptFile, PromptFileError> {
        let mut file = PromptFile::default();
        match self.next()? {
            (Event::MappingStart(..), _) => {}
            (Event::StreamEnd, _) => return Ok(file),
            (_, span) => return Err(mistakes::no_key(self.source, &span)),
        }
        let mut seen = Vec::new();
        while let Some((key, line)) = self.key(&mut seen)? {
            if !KEYS.contains(&key.as_str()) {
                return Err(unknown_key(&key, line));
            }
            let value = self.next()?;
            if key == "variables" {
                file.variables = Some(self.variables(&value, line)?);
            } else if is_nothing(&value) {
                let message =
                    format!("`{key}` has no value; write `\"\"` for an empty one, or delete the line.");
                return Err(PromptFileError::new(line, message));
            } else {
                let text = self.text(value, &key)?;
                file.set_text(&key, text, line)?;
            }
        }
        match self.next()? {
            (Event::StreamEnd, _) => Ok(file),
            (_, span) => Err(mistakes::no_key(self.source, &span)),
        }
    }

    /// Returns the next key of a mapping with its line in the file; `None` where the mapping ends.
    fn key(&mut self, seen: &mut Vec<String>) -> Result<Option<(String, usize)>, PromptFileError> {
        let node = self.next()?;
        let is_missing = is_nothing(&node);
        let (event, span) = node;
        let line = line_of(&span);
        let key = match event {
            Event::MappingEnd => return Ok(None),
            _ if is_missing => return Err(mistakes::no_key(self.source, &span)),
            Event::Scalar(key, style, 0, None) if !key.is_empty() => plain_trimmed(&key, style),
            _ => return Err(mistakes::no_key(self.source, &span)),
        };
        if seen.contains(&key) {
            return Err(PromptFileError::new(line, format!("`{key}` is written twice; delete one of them.")));
        }
        seen.push(key.clone());
        self.place.key.clone_from(&key);
        Ok(Some((key, line)))
    }

    fn variables(
        &mut self,
        value: &Node<'a>,
        line: usize,
    ) -> Result<BTreeMap<String, Vec<String>>, PromptFileError> {
        let mut variables = BTreeMap::new();
        match value.0 {
            Event::MappingStart(..) => {}
            _ if is_nothing(value) => {
                let message = "`variables` has no value; write `{}` for none, or delete the line.";
                return Err(PromptFileError::new(line, message));
            }
            _ => {
                let message =
                    "Write each variable on its own line below `variables:`, such as `  topic: [a, b]`.";
                return Err(PromptFileError::new(line, message));
            }
        }
        let mut seen = Vec::new();
        while let Some((name, line)) = self.key(&mut seen)? {
            let value = self.next()?;
            let values = match value.0 {
                Event::SequenceStart(_, 0, None) => self.items(&name)?,
                _ if is_nothing(&value) => {
                    let message = format!(
                        "`{name}` has no values; write `{name}: [a, b]`, or each on a line after `- `."
                    );
                    return Err(PromptFileError::new(line, message));
                }
                _ => vec![self.text(value, &name)?],
            };
            variables.insert(name, values);
        }
        Ok(variables)
    }

    fn items(&mut self, name: &str) -> Result<Vec<String>, PromptFileError> {
        let mut items = Vec::new();
        loop {
            let item = self.next()?;
            match item.0 {
                Event::SequenceEnd => return Ok(items),
                _ if is_nothing(&item) => {
                    let message = "The item has no value; write `\"\"` for an empty one.";
                    return Err(PromptFileError::new(line_of(&item.1), message));
                }
                Event::SequenceStart(StructureStyle::Block, ..) => {
                    return Err(mistakes::needs_quotes(self.source, &item.0, &item.1));
                }
                // `- note: x` and `[note: x]` are read as texts with a colon.
                Event::MappingStart(_, 0, None) if !mistakes::begins_with(self.source, &item.1, '{') => {
                    items.push(self.pair(&item.1, name)?);
                }
                _ => items.push(self.text(item, name)?),
            }
        }
    }

    /// Returns the text of a scalar, which is the value of `key`.
    fn text(&self, node: Node<'a>, key: &str) -> Result<String, PromptFileError> {
        let (event, span) = node;
        let (text, style) = match event {
            Event::Scalar(text, style, 0, None) => (text, style),
            Event::SequenceStart(StructureStyle::Block, 0, None)
            | Event::MappingStart(StructureStyle::Block, 0, None) => {
                return Err(mistakes::holds_none(key, &event, line_of(&span)));
            }
            _ => return Err(mistakes::needs_quotes(self.source, &event, &span)),
        };
        match style {
            ScalarStyle::Plain => self.check_plain(&span, key)?,
            ScalarStyle::Folded => {
                let message = "`>` blocks are not read; write `|` to keep the lines as they are.";
                return Err(PromptFileError::new(self.place.key_line, message));
            }
            ScalarStyle::Literal if text.trim_matches(['\n', ' ']).is_empty() => {
                let line = self.place.key_line;
                let message = "The block is empty; indent its text below it.";
                let tab = mistakes::tab_below(self.source, line - 1);
                return Err(tab.unwrap_or_else(|| PromptFileError::new(line, message)));
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if span.end.line() > span.start.line() => {
                return Err(mistakes::unclosed(self.source, &span));
            }
            ScalarStyle::Literal | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {}
        }
        Ok(plain_trimmed(&text, style))
    }

    /// Refuses a plain text over several lines or before a comment: YAML would read another text than a person sees.
    fn check_plain(&self, span: &Span, key: &str) -> Result<(), PromptFileError> {
        let line = line_of(span);
        if span.end.line() > span.start.line() {
            return Err(PromptFileError::new(line + 1, mistakes::goes_on(key)));
        }
        if mistakes::is_followed_by_comment(self.source, span) {
            return Err(PromptFileError::new(line, mistakes::COMMENT));
        }
        Ok(())
    }

    /// Returns the source text of what YAML reads as a pair of key and value.
    fn pair(&mut self, start: &Span, name: &str) -> Result<String, PromptFileError> {
        let from = start.start.byte_offset().unwrap_or_default();
        let mut to = from;
        for is_value in [false, true] {
            let node = self.next()?;
            let span = &node.1;
            match node.0 {
                // Where no value is written, the text ends with its colon.
                _ if is_nothing(&node) && is_value => {
                    to += self.source[to..].find(':').map_or(0, |colon| colon + 1);
                }
                Event::Scalar(_, ScalarStyle::Plain, 0, None) if span.start.line() == start.start.line() => {
                    self.check_plain(span, name)?;
                    to = span.end.byte_offset().unwrap_or(to);
                }
                Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, 0, None)
                    if !is_value =>
                {
                    return Err(mistakes::colon_after_quotes(self.source, span, &self.place));
                }
                _ => return Err(mistakes::item_with_keys(start)),
            }
        }
        if !matches!(self.next()?.0, Event::MappingEnd) {
            return Err(mistakes::item_with_keys(start));
        }
        Ok(mend::shown(self.source[from..to].trim()))
    }
}

/// Returns whether the node is a missing value.
fn is_nothing((event, span): &Node<'_>) -> bool {
    matches!(event, Event::Scalar(_, ScalarStyle::Plain, 0, None)) && span.start == span.end
}

/// Returns a scalar's text; that of a plain scalar is trimmed.
fn plain_trimmed(text: &str, style: ScalarStyle) -> String {
    mend::shown(if style == ScalarStyle::Plain { text.trim() } else { text })
}

/// Returns the line of the file where a span begins.
fn line_of(span: &Span) -> usize {
    span.start.line() + 1
}
