//! Files with a label and a text in each line, and no header: fastText's, and the raw file of the SMS Spam Collection.
//!
//! ```text
//! __label__spam Win a holiday        ham<TAB>See you at lunch
//! ```
//!
//! Each line is given as a JSON object with `label` and `text`, letter for letter; several labels are a list.

use serde_json::{Value, json};

use super::fault::LineFault;

/// What is before a label in fastText's format.
pub(super) const PREFIX: &str = "__label__";

/// How a line holds its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marked {
    /// Behind `__label__`, before the text, parted by blanks.
    FastText,
    /// Before the first tab, or behind it.
    Tab {
        /// Whether the label is before the tab.
        label_first: bool,
    },
}

impl Marked {
    /// Returns a line as the text of a JSON object.
    pub(super) fn object(self, line: &str) -> Result<String, LineFault> {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        match self {
            Self::FastText => Ok(fasttext(line)),
            Self::Tab { label_first } => match line.split_once('\t') {
                Some((label, text)) if label_first => Ok(json!({"label": label, "text": text}).to_string()),
                Some((text, label)) => Ok(json!({"label": label, "text": text}).to_string()),
                None => {
                    let remedy = "Put a tab between the label and the text.".to_owned();
                    Err(LineFault::Ragged { found: 1, expected: 2, remedy })
                }
            },
        }
    }
}

fn fasttext(line: &str) -> String {
    let mut labels: Vec<Value> = Vec::new();
    let mut rest = line;
    while let Some(label) = rest.strip_prefix(PREFIX) {
        let (label, behind) = label.split_once(char::is_whitespace).unwrap_or((label, ""));
        labels.push(label.into());
        rest = behind;
    }
    let label = match labels.as_slice() {
        [] => Value::Null,
        [one] => one.clone(),
        _ => labels.into(),
    };
    json!({"label": label, "text": rest}).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::Records;
    use super::super::fixture::{error, read as read_bytes, rows};
    use super::*;

    fn remarks(records: &Records) -> String {
        records.remarks().join("\n")
    }

    #[test]
    fn a_line_gives_its_label_and_its_text_letter_for_letter() {
        let tab = Marked::Tab { label_first: true };
        for (marked, line, object) in [
            (Marked::FastText, "__label__spam Win  now\r\n", r#"{"label":"spam","text":"Win  now"}"#),
            (Marked::FastText, "__label__a __label__b x", r#"{"label":["a","b"],"text":"x"}"#),
            (Marked::FastText, "no label", r#"{"label":null,"text":"no label"}"#),
            (Marked::FastText, "__label__a", r#"{"label":"a","text":""}"#),
            (tab, "ham\tsay \"hi\"\tnow\n", r#"{"label":"ham","text":"say \"hi\"\tnow"}"#),
            (Marked::Tab { label_first: false }, "Hi\tham", r#"{"label":"ham","text":"Hi"}"#),
        ] {
            assert_eq!(marked.object(line).unwrap(), object);
        }
        assert!(tab.object("ham").is_err());
    }

    #[test]
    fn lines_of_a_label_and_a_text_are_read_without_a_header() {
        let table = "ham\tGo until jurong point, \"crazy\"\nham\tOk lar\nspam\tFree entry\n";
        for name in ["a.tsv", "a.csv", "SMSSpamCollection"] {
            let records = read_bytes(name, table).unwrap();
            let first = ("1".to_owned(), "ham", "Go until jurong point, \"crazy\"");
            assert_eq!((rows(&records)[0].clone(), records.len()), (first, 3), "{name}");
            assert!(remarks(&records).contains("has no header"), "{}", remarks(&records));
        }
        let records = read_bytes("a.txt", "__label__ham Ok lar\n\n__label__spam Free  entry\n").unwrap();
        assert_eq!(rows(&records), [("1".into(), "ham", "Ok lar"), ("3".into(), "spam", "Free  entry")]);
        let said = error("a.txt", "__label__ham __label__spam Ok lar\n");
        assert!(said.contains("line 1: `label` is a list of several labels"), "{said}");
    }
}
