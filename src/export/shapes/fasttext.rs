//! Lines for fastText: `__label__LABEL text`.
//!
//! fastText 0.9.3 splits a line at blanks, takes every word that begins with `__label__` for a label, and ends an
//! example at a line break and at the word `</s>` (`src/dictionary.cc`, `readWord` and `getLine`). So blanks in labels
//! become `_`, line breaks and other blanks of a text become one blank each, and such words lose what makes them special.

use std::collections::BTreeMap;
use std::io::Write;

use super::writing::count;
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// What stands before a label.
const PREFIX: &str = "__label__";
/// The word that ends an example.
const END: &str = "</s>";

/// Lines with a label and a text.
#[derive(Debug)]
pub(super) struct FastText {
    /// The safe name of each label.
    names: BTreeMap<String, String>,
    /// Rows whose text was changed.
    changed: u64,
}

impl FastText {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let mut shape = Self { names: BTreeMap::new(), changed: 0 };
        context.labels.iter().for_each(|label| shape.see(label));
        shape
    }

    /// Gives a label a safe name that no other label has.
    fn see(&mut self, label: &str) {
        if self.names.contains_key(label) {
            return;
        }
        let safe: String = label.chars().map(|c| if is_blank(c) { '_' } else { c }).collect();
        let safe = if safe.is_empty() { "_".to_owned() } else { safe };
        let is_taken = |name: &str| self.names.values().any(|taken| taken == name);
        let mut name = safe.clone();
        let mut number = 2;
        while is_taken(&name) {
            name = format!("{safe}_{number}");
            number += 1;
        }
        self.names.insert(label.to_owned(), name);
    }
}

/// Returns whether fastText, or a reader of its files, may end a word here.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\0'
}

/// Returns a text as one line without words that mean something else.
fn safe_text(text: &str) -> String {
    let line: String = text.trim().chars().map(|c| if is_blank(c) { ' ' } else { c }).collect();
    let words = line.split(' ').map(|word| match word {
        END => "< /s>".to_owned(),
        word if word.starts_with(PREFIX) => word.trim_start_matches('_').to_owned(),
        word => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Shape for FastText {
    fn takes(&self) -> Takes {
        Takes::Accepted
    }

    fn begin(&mut self, _out: &mut dyn Write) -> Result<(), ExportError> {
        Ok(())
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        self.see(row.label);
        let label = self.names.get(row.label).map_or("", String::as_str);
        let text = safe_text(row.text);
        self.changed += u64::from(text != row.text);
        Ok(writeln!(out, "{PREFIX}{label} {text}")?)
    }

    fn end(&mut self, _out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        let mut said = Vec::new();
        let changed: Vec<_> = self.names.iter().filter(|(label, name)| label != name).collect();
        if !changed.is_empty() {
            let listed: Vec<_> =
                changed.iter().map(|(label, name)| format!("`{label}` as `{name}`")).collect();
            said.push(format!("Labels have no blanks in fastText; written are {}.", listed.join(", ")));
        }
        if self.changed > 0 {
            said.push(format!(
                "{} changed: fastText ends an example at a line break and at `{END}`, and takes words with \
                 `{PREFIX}` for labels.",
                count(self.changed, "text")
            ));
        }
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{in_context, real, shaped};

    #[test]
    fn labels_and_texts_are_safe_and_what_was_changed_is_told() {
        let rows = [
            real("1", "Win now", "spam"),
            real("2", "a\r\nb\u{a0}c", "not spam"),
            real("3", "x __label__ham ___label___ </s> y", "not_spam"),
            real("4", "my__label__ </s>", ""),
        ];
        let (written, said) = shaped(&mut in_context(Task::Classify, "rows.txt", FastText::new), &rows);
        assert_eq!(
            written,
            "__label__spam Win now\n\
             __label__not_spam a  b c\n\
             __label__not_spam_2 x label__ham ___label___ < /s> y\n\
             __label___ my__label__ < /s>\n"
        );
        assert_eq!(
            said,
            [
                "Labels have no blanks in fastText; written are `` as `_`, `not spam` as `not_spam`, `not_spam` as \
                 `not_spam_2`.",
                "3 texts changed: fastText ends an example at a line break and at `</s>`, and takes words with \
                 `__label__` for labels.",
            ]
        );
    }

    #[test]
    fn what_is_safe_stays_as_it_is_and_nothing_is_said() {
        let (written, said) = shaped(
            &mut in_context(Task::Classify, "rows.txt", FastText::new),
            &[real("1", "Hi  there", "ham")],
        );
        assert_eq!((written.as_str(), said.len()), ("__label__ham Hi  there\n", 0));
    }
}
