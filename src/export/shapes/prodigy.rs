//! Answers for Prodigy: JSON Lines for `prodigy db-in`, one binary decision each.
//!
//! After the documentation of Prodigy (`docs/api-loaders`, hashing; `docs/api-interfaces`, classification; read 2026-11).
//! A task is a text with a label, and its `answer` is `accept`, `reject` or `ignore`.
//!
//! Prodigy's source is not public; how it computes hashes was found out from files that it wrote. `_input_hash` is the
//! `MurmurHash3` (32 bits, seed 0, signed) of `text=` and the text as JSON in ASCII: so it is in all of 4,377 records of
//! `explosion/projects`. `_task_hash` is that of the input hash, `label=` and the label as JSON: so it is there with
//! `spans=`, the key of the same list that those records have. Its first releases hashed otherwise.

use std::fmt::Write as _;
use std::io::Write;

use serde_json::{Map, Value, json};

use super::writing::{Items, count};
use crate::domain::StateKind;
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// Binary decisions.
#[derive(Debug)]
pub(super) struct Prodigy {
    items: Items,
    rejected: u64,
}

impl Prodigy {
    pub(super) const fn new(_context: &Context<'_>) -> Self {
        Self { items: Items::LINES, rejected: 0 }
    }
}

impl Shape for Prodigy {
    fn takes(&self) -> Takes {
        Takes::Seen
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        self.items.begin(out)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let answer = match row.row.map(|row| row.state().kind()) {
            Some(StateKind::Accepted) | None => "accept",
            Some(StateKind::Rejected) => "reject",
            Some(_) => "ignore",
        };
        self.rejected += u64::from(answer == "reject");
        let input = murmur3(format!("text={}", ascii_json(row.text)).as_bytes());
        let task = murmur3(format!("{input}label={}", ascii_json(row.label)).as_bytes());
        let item = json!({
            "text": row.text,
            "label": row.label,
            "meta": meta(row),
            "_input_hash": input,
            "_task_hash": task,
            "_view_id": "classification",
            "answer": answer,
        });
        self.items.item(&item, out)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        let rejected = (self.rejected > 0).then(|| {
            format!(
                "{} with the answer `reject`: Prodigy reads that the label does not fit, whatever it was rejected for.",
                count(self.rejected, "row")
            )
        });
        Ok(rejected.into_iter().collect())
    }
}

/// Returns what Prodigy shows below a text.
fn meta(row: &Outgoing<'_>) -> Map<String, Value> {
    let mut meta = Map::from_iter([("id".to_owned(), row.id.into())]);
    let Some(view) = row.row else {
        meta.insert("source".to_owned(), "real".into());
        return meta;
    };
    meta.insert("source".to_owned(), "synthetic".into());
    if let Some(version) = view.version() {
        meta.insert("prompt".to_owned(), format!("{} v{}", version.name, version.number).into());
    }
    if let Some(model) = view.run().and_then(|run| run.generator.model.as_deref()) {
        meta.insert("model".to_owned(), model.into());
    }
    if let Some(reason) = view.mark().reason {
        meta.insert("reason".to_owned(), reason.into());
    }
    meta
}

/// Returns a text as JSON in ASCII, as Python's `json.dumps` writes it.
fn ascii_json(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        if c.is_ascii() {
            json.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a text cannot fail.
                let _ = write!(json, "\\u{unit:04x}");
            }
        }
    }
    json
}

/// Returns the `MurmurHash3` of bytes, in its 32-bit form with the seed 0, as a signed number.
///
/// After Austin Appleby's reference, `MurmurHash3_x86_32`, which is in the public domain.
fn murmur3(bytes: &[u8]) -> i32 {
    const fn mixed(word: u32) -> u32 {
        word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
    }
    let mut hash = 0_u32;
    let mut words = bytes.chunks_exact(4);
    for word in &mut words {
        let word = word.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
        hash = (hash ^ mixed(word)).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let rest = words.remainder();
    if !rest.is_empty() {
        hash ^= mixed(rest.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte)));
    }
    // The reference counts bytes in 32 bits.
    hash ^= u32::try_from(bytes.len() & 0xffff_ffff).unwrap_or_default();
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    (hash ^ hash >> 16).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Change;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{accept, in_context, outgoing, real, shaped, story};

    #[test]
    fn the_hash_is_that_of_the_reference() {
        assert_eq!(murmur3(b""), 0);
        assert_eq!(murmur3(b"hello"), 613_153_351);
        assert_eq!(murmur3(b"hell"), -1_587_029_005);
    }

    #[test]
    fn hashes_are_those_that_prodigy_computed_for_the_same_texts() {
        // Of `explosion/projects`: `food_data.jsonl` and `fashion_brands_training.jsonl`, written by Prodigy.
        let input = |text: &str| murmur3(format!("text={}", ascii_json(text)).as_bytes());
        assert_eq!(input("Ewww"), -224_066_023);
        let text = "Heidi boy here, haven\u{2019}t met another one except for the sales in the SLP store. \
                    I\u{2019}ve only been complemented on my Wyatt\u{2019}s that I have 5 pairs of, but what does \
                    Vancouver know about fashion.";
        assert_eq!(input(text), 1_779_771_027);
        assert_eq!(ascii_json("\u{1f600}/\"\n"), "\"\\ud83d\\ude00/\\\"\\n\"");
    }

    #[test]
    fn a_decision_is_an_answer_and_a_rejected_row_is_no_positive() {
        let mut story = story("openai", &["Ewww", "b", "c"]);
        accept(&mut story, &[0]);
        story.change(&[1], Change::Reject { reason: Some("dull".into()), tags: vec![] });
        story.change(&[2], Change::skip());
        let mut rows: Vec<_> = (0..3).map(|row| outgoing(&story, row, None)).collect();
        rows.push(real("7", "d", "ham"));

        let (written, said) = shaped(&mut in_context(Task::Classify, "rows.jsonl", Prodigy::new), &rows);

        let lines: Vec<_> = written.lines().collect();
        assert_eq!(
            lines[0],
            "{\"text\":\"Ewww\",\"label\":\"spam\",\"meta\":{\"id\":\"r1\",\"source\":\"synthetic\",\"prompt\":\"main \
             v1\",\"model\":\"small\"},\"_input_hash\":-224066023,\"_task_hash\":-754016265,\"_view_id\":\"classification\",\
             \"answer\":\"accept\"}"
        );
        let answers: Vec<Value> =
            lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["answer"].take()).collect();
        assert_eq!(answers, ["accept", "reject", "ignore", "accept"]);
        assert!(lines[1].contains("\"reason\":\"dull\""), "{written}");
        assert_eq!(
            said,
            [
                "1 row with the answer `reject`: Prodigy reads that the label does not fit, whatever it was rejected for."
            ]
        );
    }
}
