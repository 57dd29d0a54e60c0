//! Tests of the offline generator with the bundled tickets.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::task::{Context, Waker};

use super::*;
use crate::domain::{FieldKind, FieldSpec, FieldValue, Fields, Schema};
use crate::text::{NEAR_DUPLICATE, NearIndex, Shingles, TextHash};

/// A `Novelty` like the workbench's: all real rows, and the rows made so far.
struct Known {
    equal: Mutex<HashSet<TextHash>>,
    near: NearIndex,
}

impl Novelty for Known {
    fn is_new(&self, text: &str) -> bool {
        let near = self.near.any_at_least(&Shingles::of(text), NEAR_DUPLICATE, |_| true);
        near.is_none() && !self.equal.lock().unwrap().contains(&TextHash::of(text))
    }

    fn took(&self, text: &str) {
        self.equal.lock().unwrap().insert(TextHash::of(text));
    }
}

fn rows(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    texts.iter().map(|(label, text)| ((*label).to_owned(), (*text).to_owned())).collect()
}

/// The bundled tickets without every third row of each label.
fn tickets() -> Vec<(String, String)> {
    let mut reader =
        csv::Reader::from_reader(include_str!("../../../sessions/tickets/tickets.csv").as_bytes());
    let all = reader.records().map(|record| {
        let record = record.unwrap();
        (record[1].to_owned(), record[2].to_owned())
    });
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    all.filter(|(label, _)| {
        let count = seen.entry(label.clone()).or_default();
        *count += 1;
        *count % 10 < 7
    })
    .collect()
}

fn generator(rows: &[(String, String)]) -> OfflineGenerator {
    let mut near = NearIndex::new();
    for (_, text) in rows {
        near.insert(text);
    }
    let equal = Mutex::new(rows.iter().map(|(_, text)| TextHash::of(text)).collect());
    OfflineGenerator::new(Arc::new(Corpus::new(rows.to_vec())), Arc::new(Known { equal, near }))
}

fn request(label: &str, n: u32, seed: u64) -> GenerateRequest {
    GenerateRequest {
        messages: vec![],
        schema: serde_json::Value::Null.into(),
        temperature: 1.0,
        seed,
        n,
        label: label.into(),
        labels: vec![],
        schema_fields: Schema::default(),
        examples: vec![],
        variables: BTreeMap::new(),
        tail: None,
    }
}

/// Polls a stream to its end, and returns its events and how often it yielded.
fn polled(mut stream: EventStream<'_>) -> (Vec<Result<GenerateEvent, GeneratorError>>, usize) {
    let mut context = Context::from_waker(Waker::noop());
    let (mut events, mut pauses) = (vec![], 0);
    loop {
        match stream.poll_next_unpin(&mut context) {
            Poll::Ready(Some(event)) => events.push(event),
            Poll::Ready(None) => return (events, pauses),
            Poll::Pending => pauses += 1,
        }
    }
}

fn texts(generator: &OfflineGenerator, requests: impl IntoIterator<Item = GenerateRequest>) -> Vec<String> {
    let events = requests.into_iter().flat_map(|request| polled(generator.generate(request)).0);
    let text = |event| match event {
        Ok(GenerateEvent::Row(fields)) => Some(fields.text().to_owned()),
        Ok(_) => None,
        Err(error) => panic!("{error}"),
    };
    events.filter_map(text).collect()
}

fn bounded(min_chars: u32, max_chars: u32) -> Schema {
    let kind = FieldKind::Text { min_chars: Some(min_chars), max_chars: Some(max_chars) };
    Schema(vec![FieldSpec { name: "text".into(), kind }])
}

#[test]
fn two_hundred_rows_come_from_forty_and_each_is_new() {
    let real = tickets();
    assert_eq!(real.iter().filter(|(label, _)| label == "cancel").count(), 42);
    let generator = generator(&real);

    let made = texts(&generator, (0..40).map(|index| request("cancel", 5, index)));

    assert_eq!(made.len(), 200);
    let distinct: HashSet<TextHash> = made.iter().map(|text| TextHash::of(text)).collect();
    assert_eq!(distinct.len(), 200);
    let mut near = NearIndex::new();
    for text in real.iter().map(|(_, text)| text).chain(&made) {
        let shingles = Shingles::of(text);
        if near.len() >= real.len() {
            assert_eq!(near.any_at_least(&shingles, NEAR_DUPLICATE, |_| true), None, "{text}");
        }
        near.insert_shingles(&shingles);
    }
}

#[test]
fn the_same_seeds_give_the_same_texts_in_a_fresh_session_and_other_seeds_others() {
    let real = tickets();
    let made = |seed: u64| texts(&generator(&real), (0..4).map(|index| request("cancel", 5, seed + index)));

    assert_eq!(made(10), made(10));
    assert_ne!(made(10), made(20));
}

#[test]
fn rows_are_made_of_words_of_the_label_and_have_a_whole_shape() {
    let real = tickets();
    let key = |word: &str| lexicon::bare(word).trim_end_matches("'s").to_owned();
    let words: HashSet<String> = real
        .iter()
        .filter(|row| row.0 == "cancel")
        .flat_map(|row| row.1.split_whitespace().map(key))
        .collect();
    let days = english::DAYS.iter().flatten().chain(&english::MONTHS).map(|day| (*day).to_owned());
    let known: HashSet<String> = words.into_iter().chain(days).collect();

    for text in texts(&generator(&real), [request("cancel", 40, 3)]) {
        assert!(style::is_whole(&text), "{text}");
        let unknown =
            text.split_whitespace().map(key).find(|word| !known.contains(word) && !word.contains('0'));
        assert!(unknown.is_none_or(|word| ["halden", "brightlane"].contains(&word.as_str())), "{text}");
    }
}

#[test]
fn lengths_are_kept_to() {
    let mut request = request("cancel", 30, 5);
    request.schema_fields = bounded(60, 110);

    for text in texts(&generator(&tickets()), [request]) {
        assert!((60..=110).contains(&text.chars().count()), "{text}");
    }
}

#[test]
fn another_label_than_the_target_can_be_asked_for() {
    let generator = generator(&tickets());

    let made = texts(&generator, [request("billing", 10, 1), request("fault", 10, 1)]);

    assert_eq!(made.len(), 20);
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 20);
}

#[test]
fn further_fields_meet_the_schema() {
    let field = |name: &str, kind| FieldSpec { name: name.into(), kind };
    let text = FieldKind::Text { min_chars: None, max_chars: None };
    let mut request = request("cancel", 20, 9);
    request.schema_fields = Schema(vec![
        field("text", text.clone()),
        field("label", text.clone()),
        field("note", text),
        field("stars", FieldKind::Integer),
        field("price", FieldKind::Number),
        field("angry", FieldKind::Boolean),
        field("tone", FieldKind::OneOf(vec!["calm".into(), "cross".into()])),
    ]);
    let schema = request.schema_fields.clone();

    let (events, _) = polled(generator(&tickets()).generate(request));

    let rows: Vec<Fields> = events
        .into_iter()
        .filter_map(|event| match event.unwrap() {
            GenerateEvent::Row(fields) => Some(fields),
            _ => None,
        })
        .collect();
    assert_eq!(rows.len(), 20);
    for row in &rows {
        assert_eq!(schema.check(row), Ok(()));
        assert_eq!(row.0["label"], FieldValue::Text("cancel".into()));
    }
    let tones: BTreeSet<String> = rows.iter().map(|row| row.0["tone"].to_string()).collect();
    assert_eq!(tones.len(), 2);
}

#[test]
fn a_stream_gives_way_before_every_row_and_ends_with_done() {
    let generator = generator(&tickets());

    let (events, pauses) = polled(generator.generate(request("cancel", 5, 1)));

    assert_eq!(events.len(), 6);
    assert!(matches!(events.last(), Some(Ok(GenerateEvent::Done(ReplyEnd::Complete)))));
    assert!(pauses >= 6);
}

#[test]
fn where_nothing_new_is_to_be_found_the_error_says_what_to_do() {
    let mut request = request("spam", 50, 1);
    request.schema_fields = bounded(1, 300);

    let (events, _) = polled(generator(&rows(&[("spam", "win now"), ("spam", "call us")])).generate(request));

    let error = events.last().unwrap().as_ref().unwrap_err();
    assert!(matches!(error, GeneratorError::Exhausted(_)), "{error:?}");
    assert!(error.to_string().contains("no further new text of `spam`"), "{error}");
    assert!(error.to_string().contains("widen `min_chars` and `max_chars`"), "{error}");
}

#[test]
fn odd_rows_are_survived() {
    let odd = rows(&[
        ("a", ""),
        ("a", "…!!"),
        ("a", "\u{1b}[31mred\u{1b}[0m one two"),
        ("a", "\"never closed"),
        ("a", "太贵了。再见"),
        ("a", "x ".repeat(2_000).trim()),
    ]);

    let (events, _) = polled(generator(&odd).generate(request("a", 3, 1)));

    assert!(!events.is_empty());
}
