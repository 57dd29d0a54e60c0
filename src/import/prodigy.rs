//! JSON Lines of Prodigy 1.18 (`db-out`; <https://prodi.gy/docs/api-interfaces>).
//!
//! ```text
//! classification  {"text": "…", "label": "SPAM", "answer": "accept", "_input_hash": -15, "_task_hash": 7}
//! choice          {"text": "…", "options": [{"id": "SPAM", "text": "Spam"}, …], "accept": ["SPAM"], "answer": "accept", …}
//! ```
//!
//! An answer is `accept`, `reject` or `ignore`. A rejected one says only what a text is not. Prodigy knows one text by
//! its `_input_hash`: several answers about it are one row here, so the file is read twice, first for the answers.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::answers::{Answers, DISAGREE};
use super::error::ImportError;
use super::given::Given;
use super::opened::{Shape, given};
use super::out::Out;
use super::value::Value;
use super::{Asked, pick};
use crate::dataset::{Pieces, Reading};
use crate::domain::{Incoming, RowState};

const TOGETHER: &str = "were put together with an earlier row about the same text (`_input_hash`)";
/// Keys that say nothing about the text.
const NOT_FIELDS: [&str; 4] = ["label", "answer", "priority", "score"];

/// Reads answers.
#[derive(Debug)]
pub(super) struct Prodigy {
    asked: Asked,
    said: HashMap<i64, Said>,
    given: HashSet<i64>,
}

/// All answers about one text.
#[derive(Debug, Default)]
struct Said {
    answers: Answers,
    refused: Vec<String>,
    ignored: usize,
    accepted_without: usize,
    /// The most labels of one answer, whoever gave it.
    in_one_answer: usize,
    /// The people who gave a label, each with it.
    people: Vec<(Option<String>, String)>,
}

impl Prodigy {
    /// Reads the answers of a file about each text.
    pub(super) fn survey(path: &Path, asked: &Asked) -> Result<Self, ImportError> {
        let mut said: HashMap<i64, Said> = HashMap::new();
        let mut pieces = Pieces::open(path, Reading::default())?;
        while let Some(piece) = pieces.next()? {
            // What is wrong with a row is said when it is read for good.
            let map = given(pieces.names(), piece).and_then(|(_, given)| given.map().ok());
            if let Some((map, hash)) = map.and_then(|map| hash(&map).map(|hash| (map, hash))) {
                said.entry(hash).or_default().add(&map);
            }
        }
        Ok(Self { asked: asked.clone(), said, given: HashSet::new() })
    }

    fn row(&mut self, line: u64, map: &Map<String, Json>, out: &mut Out) -> Result<Option<Incoming>, String> {
        let own;
        let said = match hash(map) {
            Some(hash) if !self.given.insert(hash) => {
                out.note(line, TOGETHER);
                return Ok(None);
            }
            hash => {
                if let Some(said) = hash.and_then(|hash| self.said.get(&hash)) {
                    said
                } else {
                    let mut alone = Said::default();
                    alone.add(map);
                    own = alone;
                    &own
                }
            }
        };
        let (name, text) = pick::text(map, self.asked.text.as_deref().or(Some("text")))?;
        let mut row = Incoming { line, text: text.to_owned(), ..Incoming::default() };
        row.id = pick::object(map, "meta").and_then(|meta| pick::spelled(meta, "id"));
        if let Some(meta) = pick::object(map, "meta") {
            row.fields = pick::fields(meta, &["id", "score"]);
        }
        let own_keys = |key: &str| key.starts_with('_') || NOT_FIELDS.contains(&key) || key == name;
        row.fields.extend(pick::fields(map, &[]).into_iter().filter(|(key, _)| !own_keys(key)));
        said.settle(&mut row, out)?;
        Ok(Some(row))
    }
}

/// Returns the hash of what is annotated.
fn hash(map: &Map<String, Json>) -> Option<i64> {
    map.get("_input_hash").and_then(Json::as_i64)
}

/// Returns the labels that an answer is about.
fn labels(map: &Map<String, Json>) -> Vec<String> {
    match map.get("accept").or_else(|| map.get("label")).map(Value::of_json) {
        Some(Value::List(items)) => items.iter().filter_map(Value::spelled).collect(),
        Some(value) => value.spelled().into_iter().collect(),
        None => Vec::new(),
    }
}

impl Said {
    fn add(&mut self, map: &Map<String, Json>) {
        let by = pick::spelled(map, "_annotator_id").or_else(|| pick::spelled(map, "_session_id"));
        let labels = labels(map);
        match map.get("answer").and_then(Json::as_str) {
            Some("accept") => {
                self.accepted_without += usize::from(labels.is_empty());
                self.in_one_answer = self.in_one_answer.max(labels.len());
                for label in labels {
                    if !self.people.contains(&(by.clone(), label.clone())) || by.is_none() {
                        self.people.push((by.clone(), label.clone()));
                        self.answers.give(label, by.clone());
                    }
                }
            }
            // Of a choice that is rejected, nothing is refused but the whole task.
            Some("reject") => {
                let refused = if map.contains_key("accept") { Vec::new() } else { labels };
                self.refused.extend(refused.iter().cloned());
                refused.into_iter().for_each(|label| self.answers.refuse(label));
                self.refused.is_empty().then(|| self.refused.push(String::new()));
            }
            Some("ignore") => self.ignored += 1,
            _ => {}
        }
    }

    /// Returns the labels that one person gave, where somebody gave several.
    fn several(&self) -> usize {
        let of = |by: &Option<String>| self.people.iter().filter(|(other, _)| other == by).count();
        self.people.iter().filter(|(by, _)| by.is_some()).map(|(by, _)| of(by)).max().unwrap_or_default()
    }

    fn settle(&self, row: &mut Incoming, out: &mut Out) -> Result<(), String> {
        let several = self.several().max(self.in_one_answer);
        if several > 1 {
            return Err(format!("the text has {several} labels, and a row here has one. Keep one of them."));
        }
        if !self.answers.is_empty() {
            if self.answers.settle(row) {
                out.note(row.line, DISAGREE);
            }
        } else if !self.refused.is_empty() {
            row.label = self.refused.first().filter(|label| !label.is_empty()).cloned();
            row.state = Some(RowState::Rejected);
            row.reason = Some("rejected in Prodigy".into());
        } else if self.accepted_without > 0 {
            row.state = Some(RowState::Accepted { rating: None });
        } else if self.ignored > 0 {
            row.state = Some(RowState::Skipped);
        }
        Ok(())
    }
}

impl Shape for Prodigy {
    fn take(&mut self, line: u64, given: Given, out: &mut Out) {
        match given.map().and_then(|map| self.row(line, &map, out)) {
            Ok(Some(row)) => out.row(row),
            Ok(None) => {}
            Err(why) => out.fault(line, why),
        }
    }
}
