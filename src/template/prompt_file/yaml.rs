//! Reads the front matter between `---`.

use std::collections::BTreeMap;

use super::{KEYS, PromptFile, PromptFileError, scalar, unknown_key};

/// Reads the lines of a front matter; the first is line 2 of its file.
pub(super) fn read(lines: &[&str]) -> Result<PromptFile, PromptFileError> {
    let mut reader = Reader { lines, at: 0 };
    let mut file = PromptFile::default();
    let mut seen: Vec<String> = Vec::new();
    while let Some((indent, content)) = reader.peek()? {
        let line = reader.line();
        if indent > 0 {
            return Err(PromptFileError::new(
                line,
                "This line is indented and belongs to nothing; delete the blanks before it.",
            ));
        }
        let (key, value) = reader.key(content)?;
        if !KEYS.contains(&key.as_str()) {
            return Err(unknown_key(&key, line));
        }
        note(&mut seen, &key, line)?;
        reader.at += 1;
        if key == "variables" {
            file.variables = Some(reader.variables(value, line)?);
        } else if value.starts_with('|') {
            let text = reader.block(value, 0, line)?;
            file.set_text(&key, text, line)?;
        } else {
            let text = reader.text(&key, value, line)?;
            file.set_text(&key, text, line)?;
        }
    }
    Ok(file)
}

/// Remembers a key, and refuses it the second time.
fn note(seen: &mut Vec<String>, key: &str, line: usize) -> Result<(), PromptFileError> {
    if seen.iter().any(|earlier| earlier == key) {
        return Err(PromptFileError::new(line, format!("`{key}` is written twice; delete one of them.")));
    }
    seen.push(key.to_owned());
    Ok(())
}

struct Reader<'a> {
    lines: &'a [&'a str],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Returns the number of the current line in its file.
    fn line(&self) -> usize {
        self.at + 2
    }

    /// Goes on to the next line that says something; returns its indentation and its content.
    fn peek(&mut self) -> Result<Option<(usize, &'a str)>, PromptFileError> {
        while let Some(line) = self.lines.get(self.at) {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                self.at += 1;
                continue;
            }
            let indent = line.len() - line.trim_start_matches(' ').len();
            if line[indent..].starts_with('\t') {
                return Err(PromptFileError::new(
                    self.line(),
                    "The line is indented with a tab; use blanks.",
                ));
            }
            return Ok(Some((indent, content)));
        }
        Ok(None)
    }

    fn key(&self, content: &'a str) -> Result<(String, &'a str), PromptFileError> {
        scalar::key(content, self.line())?.ok_or_else(|| {
            PromptFileError::new(
                self.line(),
                format!("`{content}` is no `key: value`; write a key and a colon with a blank after it."),
            )
        })
    }

    fn text(&mut self, key: &str, value: &str, line: usize) -> Result<String, PromptFileError> {
        if value.is_empty() || value.starts_with('#') {
            let message = format!("`{key}` has no value; write `\"\"` for an empty one, or delete the line.");
            return Err(PromptFileError::new(line, message));
        }
        if value.starts_with('>') {
            return Err(PromptFileError::new(
                line,
                "`>` blocks are not read; write `|` to keep the lines as they are.",
            ));
        }
        let text = scalar::text(value, line)?;
        if let Some((1.., _)) = self.peek()? {
            let message = format!(
                "This line goes on with `{key}`; write `{key}: |` and the whole text indented below it."
            );
            return Err(PromptFileError::new(self.line(), message));
        }
        Ok(text)
    }

    /// Reads the text of a `|` block: the lines that are indented more than its key.
    fn block(&mut self, marker: &str, outer: usize, line: usize) -> Result<String, PromptFileError> {
        let trims = match marker {
            "|" => false,
            "|-" => true,
            _ => {
                return Err(PromptFileError::new(
                    line,
                    format!("`{marker}` cannot begin a block; write `|` or `|-`."),
                ));
            }
        };
        let start = self.at;
        let is_inside = |line: &&str| line.trim_matches(' ').is_empty() || blanks(line) > outer;
        let length = self.lines[start..].iter().take_while(|line| is_inside(line)).count();
        let block = &self.lines[start..start + length];
        self.at += length;
        let Some(indent) =
            block.iter().find(|line| !line.trim_matches(' ').is_empty()).map(|line| blanks(line))
        else {
            return Err(PromptFileError::new(line, "The block is empty; indent its text below it."));
        };
        let mut texts = Vec::new();
        for (index, text) in block.iter().enumerate() {
            let is_blank = text.trim_matches(' ').is_empty();
            if blanks(text) < indent && !is_blank {
                return Err(PromptFileError::new(
                    start + index + 2,
                    "This line is indented less than the block's first line.",
                ));
            }
            texts.push(text.get(indent..).unwrap_or_default());
        }
        let text = texts.join("\n");
        let text = text.trim_end_matches('\n');
        Ok(if trims { text.to_owned() } else { format!("{text}\n") })
    }

    fn variables(
        &mut self,
        value: &str,
        line: usize,
    ) -> Result<BTreeMap<String, Vec<String>>, PromptFileError> {
        let mut variables = BTreeMap::new();
        match value {
            "{}" => return Ok(variables),
            "" => {}
            _ => {
                let message =
                    "Write each variable on its own line below `variables:`, such as `  topic: [a, b]`.";
                return Err(PromptFileError::new(line, message));
            }
        }
        let mut seen = Vec::new();
        let mut level = None;
        while let Some((indent, content)) = self.peek()?.filter(|(indent, _)| *indent > 0) {
            let line = self.line();
            if *level.get_or_insert(indent) != indent {
                return Err(PromptFileError::new(
                    line,
                    "This variable is not indented like the one before it.",
                ));
            }
            let (name, value) = self.key(content)?;
            note(&mut seen, &name, line)?;
            self.at += 1;
            let values = match value {
                "" => self.items(&name, indent, line)?,
                value if value.starts_with('[') => scalar::list(value, line)?,
                value if value.starts_with('|') => vec![self.block(value, indent, line)?],
                value => vec![scalar::text(value, line)?],
            };
            variables.insert(name, values);
        }
        if variables.is_empty() {
            return Err(PromptFileError::new(
                line,
                "`variables` has no value; write `{}` for none, or delete the line.",
            ));
        }
        Ok(variables)
    }

    /// Reads the `- item` lines of a variable.
    fn items(&mut self, name: &str, outer: usize, line: usize) -> Result<Vec<String>, PromptFileError> {
        let mut items = Vec::new();
        while let Some((_, content)) = self.peek()?.filter(|(indent, _)| *indent >= outer) {
            let Some(item) =
                content.strip_prefix('-').filter(|item| item.is_empty() || item.starts_with(' '))
            else {
                break;
            };
            if item.trim().is_empty() {
                return Err(PromptFileError::new(
                    self.line(),
                    "The item has no value; write `\"\"` for an empty one.",
                ));
            }
            items.push(scalar::text(item.trim(), self.line())?);
            self.at += 1;
        }
        if items.is_empty() {
            let message =
                format!("`{name}` has no values; write `{name}: [a, b]`, or each on a line after `- `.");
            return Err(PromptFileError::new(line, message));
        }
        Ok(items)
    }
}

/// Counts the blanks that a line begins with.
fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
