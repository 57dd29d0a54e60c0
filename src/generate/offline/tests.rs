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
    fn is_new(&self, normal: &str, shingles: &Shingles, near: f64) -> bool {
        let near = self.near.any_at_least(shingles, near, |_| true);
        near.is_none() && !self.equal.lock().unwrap().contains(&TextHash::of_normalised(normal))
    }

    fn took(&self, normal: &str) {
        self.equal.lock().unwrap().insert(TextHash::of_normalised(normal));
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
    stoppable(rows, Stop::never())
}

fn stoppable(rows: &[(String, String)], stop: Stop) -> OfflineGenerator {
    let mut near = NearIndex::new();
    for (_, text) in rows {
        near.insert(text);
    }
    let equal = Mutex::new(rows.iter().map(|(_, text)| TextHash::of(text)).collect());
    OfflineGenerator::new(Arc::new(Corpus::new(rows.to_vec())), Arc::new(Known { equal, near }), stop)
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
        Ok(GenerateEvent::Row(fields) | GenerateEvent::FlaggedRow(fields, _)) => {
            Some(fields.text().to_owned())
        }
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
            GenerateEvent::Row(fields) | GenerateEvent::FlaggedRow(fields, _) => Some(fields),
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

/// Returns the rows and the error of a run, and panics where there is none.
fn ended_early(real: &[(String, String)], n: u32) -> (usize, String) {
    let (events, _) = polled(generator(real).generate(request("a", n, 1)));
    let (last, rows) = events.split_last().unwrap();
    let Err(error @ GeneratorError::Exhausted(_)) = last else { panic!("{last:?}") };
    (rows.len(), error.to_string())
}

fn of_a(texts: &[impl AsRef<str>]) -> Vec<(String, String)> {
    rows(&texts.iter().map(|text| ("a", text.as_ref())).collect::<Vec<_>>())
}

#[test]
fn where_nothing_new_is_to_be_found_any_more_what_came_is_kept_and_the_error_says_what_to_do() {
    let real = of_a(&["Win a car. Call us.", "Stop it now. Thank you.", "We meet there. See you soon."]);
    let mut request = request("a", 500, 1);
    request.schema_fields = bounded(1, 300);

    let (events, _) = polled(generator(&real).generate(request));

    let (last, rows) = events.split_last().unwrap();
    let error = last.as_ref().unwrap_err();
    assert!(!rows.is_empty() && rows.iter().all(Result::is_ok));
    assert!(matches!(error, GeneratorError::Exhausted(_)), "{error:?}");
    assert!(error.to_string().contains("no further new text of `a`"), "{error}");
    assert!(error.to_string().contains("widen `min_chars` and `max_chars`"), "{error}");
}

#[test]
fn of_rows_that_cannot_be_recombined_not_one_text_is_written() {
    let one = "My flatmate would like to leave the contract since the price rose, ref 100.";
    let two = "The shop asks how to stop the service as the phone is enough, ref 101.";
    let single: Vec<String> = (0..30).map(|at| format!("w{}", "o".repeat(at))).collect();

    for (real, said) in [
        (of_a(&[""; 0]), "no train row of `a`"),
        (of_a(&[one]), "only one train row of `a`"),
        (of_a(&[one, two]), "only 2 different train rows"),
        (of_a(&[one; 40]), "All 40 train rows of `a` have the same words"),
        (of_a(&single), "no further new text of `a`"),
        (of_a(&["word ".repeat(9_000), "other ".repeat(9_000), "no end ".repeat(9_000)]), "no sentence that"),
    ] {
        let (rows, error) = ended_early(&real, 5);
        assert!(error.contains(said), "{error}");
        assert_eq!(rows, 0, "{error}");
    }
}

#[test]
fn no_text_is_a_shuffle_of_the_words_of_another() {
    let real = tickets();
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(lexicon::bare).collect();
        words.sort_unstable();
        words
    };
    let made = texts(&generator(&real), [request("cancel", 100, 4)]);

    let all: HashSet<Vec<String>> =
        real.iter().map(|(_, text)| text).chain(&made).map(|text| sorted(text)).collect();

    assert_eq!(all.len(), real.len() + made.len());
}

#[test]
fn masks_are_written_whole_and_brackets_and_quotes_are_closed() {
    let real: Vec<String> = (0..40)
        .map(|at| {
            let (what, when) = (["the box", "my order", "a bill", "our line"][at % 4], ["today", "in May"][at % 2]);
            format!(
                "Please look at {what} {{{{Order Number}}}} (the new one) {when}. I am {{{{Person Name}}}}, and I \
                 asked \"number {at}\" before; it [the {what} part] never came. Thank you {when}, {}",
                "so much ".repeat(at % 5)
            )
        })
        .collect();

    let made = texts(&generator(&of_a(&real)), [request("a", 3, 1)]);
    assert_eq!(made.len(), 3);
    for text in made {
        let without = text.replace("{{Order Number}}", "").replace("{{Person Name}}", "");
        assert!(!without.contains(['{', '}']), "{text}");
        assert!(sentences::is_even(&text), "{text}");
    }
}

#[test]
fn texts_of_other_scripts_are_joined_as_they_are_written() {
    let parts =
        [["太贵了", "我要取消合同"], ["再见", "请退款"], ["网络很慢", "谢谢你们"], ["我搬家了", "请帮我"]];
    let real: Vec<String> = (0..16)
        .map(|at| {
            format!("{}。{}。{}！", parts[at % 4][0], parts[(at / 4) % 4][1], parts[(at + 1) % 4][at % 2])
        })
        .collect();
    let mut request = request("a", 5, 1);
    request.schema_fields = bounded(5, 60);

    let (events, _) = polled(generator(&of_a(&real)).generate(request));

    let made: Vec<&Fields> = events
        .iter()
        .filter_map(|event| match event {
            Ok(GenerateEvent::Row(fields) | GenerateEvent::FlaggedRow(fields, _)) => Some(fields),
            _ => None,
        })
        .collect();
    assert!(!made.is_empty(), "{events:?}");
    assert!(made.iter().all(|fields| !fields.text().contains([' ', '.'])), "{made:?}");
}

#[test]
fn few_rows_made_of_real_ones_are_flagged_as_unlikely_and_none_without_a_figure() {
    let (events, _) = polled(generator(&tickets()).generate(request("cancel", 200, 3)));

    let flags: Vec<&Flag> = events
        .iter()
        .filter_map(|event| match event {
            Ok(GenerateEvent::FlaggedRow(_, flag)) => Some(flag),
            _ => None,
        })
        .collect();
    assert!(flags.len() < 40, "{}", flags.len());
    assert!(flags.iter().all(|flag| flag.kind == FlagKind::Unlikely && flag.figure.is_some()));
}

#[test]
fn odd_rows_are_survived() {
    let odd = rows(&[
        ("a", ""),
        ("a", "…!!"),
        ("a", "\u{1b}[31mred\u{1b}[0m one two"),
        ("a", "\"never closed"),
        ("a", "太贵了。再见"),
        ("a", "12 34"),
        ("a", "line one\nline two\n\nline three"),
        ("a", "x ".repeat(2_000).trim()),
        ("a", &"y".repeat(200_000)),
        ("a", &"One more. ".repeat(10_000)),
    ]);

    let (events, _) = polled(generator(&odd).generate(request("a", 3, 1)));

    assert!(!events.is_empty());
}

#[test]
fn once_it_is_stopped_a_stream_brings_nothing_and_its_work_ends() {
    let long: Vec<String> =
        (1..40).map(|at| format!("One {} of many, so it is. ", "x".repeat(at)).repeat(100)).collect();
    let looks = Arc::new(std::sync::atomic::AtomicU32::new(0));
    for most in [0, 3, 100, 300] {
        let counted = Arc::clone(&looks);
        counted.store(0, std::sync::atomic::Ordering::Relaxed);
        let stop = Stop::when(move || counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= most);
        let corpus = Corpus::new(of_a(&long));
        let known = Known { equal: Mutex::default(), near: NearIndex::new() };
        let generator = OfflineGenerator::new(Arc::new(corpus), Arc::new(known), stop);
        let mut stream = generator.generate(request("a", 1_000_000, 1));
        let mut context = Context::from_waker(Waker::noop());

        let mut quiet = 0;
        while quiet < 3 {
            match stream.poll_next_unpin(&mut context) {
                Poll::Pending => quiet += 1,
                Poll::Ready(event) => {
                    assert!(matches!(event, Some(Ok(_))), "{event:?}");
                    quiet = 0;
                }
            }
        }
        assert!(looks.load(std::sync::atomic::Ordering::Relaxed) <= most + 1);
    }
}
