//! Texts and lists on one line of a front matter.

use super::PromptFileError;

/// Reads a whole value as one text: in quotes or plain.
pub(super) fn text(value: &str, line: usize) -> Result<String, PromptFileError> {
    let (text, rest) = leading(value, line, &[])?;
    finish(rest, line)?;
    Ok(text)
}

/// Reads `[a, "b"]`, which stands on one line.
pub(super) fn list(value: &str, line: usize) -> Result<Vec<String>, PromptFileError> {
    let mut items = Vec::new();
    let mut rest = value.strip_prefix('[').unwrap_or(value).trim_start();
    loop {
        if let Some(after) = rest.strip_prefix(']') {
            finish(after, line)?;
            return Ok(items);
        }
        if rest.is_empty() || rest.starts_with(',') {
            let message = if rest.is_empty() {
                "The list has no `]` on its line; write it there, or put each item on a line of its own after `- `."
            } else {
                "An item of the list is missing before a comma; delete the comma, or write `\"\"` for an empty text."
            };
            return Err(PromptFileError::new(line, message));
        }
        let (item, after) = leading(rest, line, &[',', ']'])?;
        items.push(item);
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_start();
        } else if !rest.starts_with(']') && !rest.is_empty() {
            return Err(PromptFileError::new(
                line,
                format!("A comma is missing in the list before `{rest}`."),
            ));
        }
    }
}

/// Reads a key and returns it with what follows its colon; none where the line has no key.
pub(super) fn key(content: &str, line: usize) -> Result<Option<(String, &str)>, PromptFileError> {
    let (key, rest) = if content.starts_with(['"', '\'']) {
        leading(content, line, &[])?
    } else {
        let end = content.find(':').unwrap_or(content.len());
        (content[..end].trim_end().to_owned(), &content[end..])
    };
    let after = rest.trim_start().strip_prefix(':');
    let after = after.filter(|after| !key.is_empty() && (after.is_empty() || after.starts_with([' ', '\t'])));
    Ok(after.map(|after| (key, after.trim())))
}

/// Reads the text that a value begins with, plain ones up to one of the `ends`; returns the rest too.
fn leading<'a>(value: &'a str, line: usize, ends: &[char]) -> Result<(String, &'a str), PromptFileError> {
    match value.chars().next() {
        Some('"') => double_quoted(value, line),
        Some('\'') => single_quoted(value, line),
        Some(first) if "[]{}&*!|>@`%,?#".contains(first) || value == "-" || value.starts_with("- ") => Err(
            PromptFileError::new(line, format!("A text that begins with `{first}` must stand in quotes.")),
        ),
        _ => {
            let end = value.find(ends).unwrap_or(value.len());
            let plain = value[..end].trim_end();
            if plain.contains(" #") || plain.contains("\t#") {
                let message = "A `#` after a blank begins a comment; put the text in quotes, or the comment on a line of its own.";
                return Err(PromptFileError::new(line, message));
            }
            Ok((plain.to_owned(), &value[end..]))
        }
    }
}

/// Texts in double quotes are written as in JSON.
fn double_quoted(value: &str, line: usize) -> Result<(String, &str), PromptFileError> {
    let mut texts = serde_json::Deserializer::from_str(value).into_iter::<String>();
    match texts.next() {
        Some(Ok(text)) => Ok((text, &value[texts.byte_offset()..])),
        Some(Err(error)) if !error.is_eof() => {
            let message = "The text in quotes has an escape or a character that it cannot have; escape `\\` as `\\\\`, `\"` as `\\\"`, a tab as `\\t`.";
            Err(PromptFileError::new(line, message))
        }
        _ => Err(PromptFileError::new(line, "The text has no closing `\"` on its line.")),
    }
}

/// In single quotes everything stands for itself; two of them stand for one.
fn single_quoted(value: &str, line: usize) -> Result<(String, &str), PromptFileError> {
    let mut text = String::new();
    let mut rest = &value[1..];
    while let Some(end) = rest.find('\'') {
        text.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                text.push('\'');
                rest = after;
            }
            None => return Ok((text, rest)),
        }
    }
    Err(PromptFileError::new(line, "The text has no closing `'` on its line."))
}

/// Refuses what stands after a whole value, unless it is a comment.
fn finish(rest: &str, line: usize) -> Result<(), PromptFileError> {
    let trimmed = rest.trim();
    if trimmed.is_empty() || (trimmed.starts_with('#') && rest.starts_with([' ', '\t'])) {
        Ok(())
    } else {
        Err(PromptFileError::new(line, format!("`{trimmed}` stands after the end of the value; delete it.")))
    }
}
