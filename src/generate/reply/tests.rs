//! Tests with replies as models write them, good and bad.

mod thinking;

use super::*;
use crate::domain::{FieldKind, FieldSpec, Fields, Schema};

fn rules(schema: Schema, labels: Vec<String>) -> Arc<RowRules> {
    Arc::new(RowRules::new(schema, labels))
}

fn text_only() -> Arc<RowRules> {
    rules(Schema::default(), vec![])
}

fn labelled() -> Arc<RowRules> {
    let field = |name: &str, kind| FieldSpec { name: name.into(), kind };
    let text = FieldKind::Text { min_chars: None, max_chars: None };
    let schema =
        Schema(vec![field("text", text.clone()), field("label", text), field("stars", FieldKind::Integer)]);
    rules(schema, vec!["ham".into(), "spam".into()])
}

fn events(rules: Arc<RowRules>, reply: &str) -> Vec<GenerateEvent> {
    let mut reader = ReplyReader::new(rules);
    let mut events = reader.feed(reply.as_bytes());
    let (rest, text) = reader.finish(None);
    assert_eq!(text, reply);
    events.extend(rest);
    events
}

/// Returns the texts of rows, and the reasons of scraps.
fn read(rules: Arc<RowRules>, reply: &str) -> Vec<String> {
    let show = |event| match event {
        GenerateEvent::Row(fields) => fields.text().to_owned(),
        GenerateEvent::Scrap { reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    events(rules, reply).into_iter().map(show).collect()
}

#[test]
fn rows_are_read_from_every_form_that_models_choose() {
    let forms = [
        r#"{"rows":[{"text":"one"},{"text":"two"}]}"#,
        r#"{"messages":[{"text":"one"},{"text":"two"}]}"#,
        r#"[{"text":"one"}, {"text":" two "}]"#,
        "{\"text\":\"one\"}\n{\"text\":\"two\"}\n",
        "Here you are:\n```json\n{\"rows\":[{\"text\":\"one\"},{\"text\":\"two\"}]}\n```\nEnjoy!",
        r#"{"rows":["one","two"]}"#,
        r#"["one","two"]"#,
        "1. one\n2. two",
        "Sure!\n\n1) \"one\"\n\n2) \"two\"",
        "- one\n- two",
        "```\n* one\n• two\n```",
    ];
    for form in forms {
        assert_eq!(read(text_only(), form), ["one", "two"], "{form}");
    }
    assert_eq!(read(text_only(), r#"{"text":"alone"}"#), ["alone"]);
}

#[test]
fn an_item_of_a_list_goes_on_over_lines_and_loses_only_quotes_around_all_of_it() {
    assert_eq!(read(text_only(), "1. one\n   goes on\n2. \"a\" or \"b\""), ["one goes on", "\"a\" or \"b\""]);
}

#[test]
fn a_row_of_other_fields_is_a_scrap_that_says_which() {
    let row = |row: &str| read(labelled(), &format!("[{row}]")).remove(0);

    assert_eq!(row(r#"{"text":"a","label":"spam","stars":3.0}"#), "a");
    assert_eq!(
        row(r#"{"text":"a","label":"egg","stars":3}"#),
        "The label `egg` is none of the session's: ham, spam."
    );
    assert_eq!(row(r#"{"text":"a","label":"ham"}"#), "The field `stars` is missing.");
    assert!(
        row(r#"{"text":"a","label":"ham","stars":"3"}"#)
            .starts_with("The field `stars` must be a whole number")
    );
    assert!(row(r#"{"text":"a","label":"ham","stars":null}"#).contains("not `null`"));
    assert!(row(r#"{"text":"a","label":"ham","stars":1,"x":[]}"#).contains("declares no field `x`"));
    assert_eq!(row(r#"{"text":"  ","label":"ham","stars":1}"#), "The field `text` is empty.");
}

#[test]
fn a_scrap_keeps_its_raw_text() {
    let found = events(text_only(), r#"{"rows":[{"text":"a"},{"tex":"b"}]}"#);

    assert_eq!(found[0], GenerateEvent::Row(Fields::of_text("a")));
    assert!(matches!(&found[1], GenerateEvent::Scrap { raw, .. } if raw == r#"{"tex":"b"}"#), "{found:?}");
}

#[test]
fn a_reply_that_breaks_off_keeps_its_rows_and_makes_one_scrap() {
    assert_eq!(
        read(text_only(), r#"{"rows":[{"text":"one"},{"text":"tw"#),
        ["one", "The reply ended in the middle of this piece."]
    );
    assert_eq!(read(text_only(), r#"{"rows":[{"text":"one"}"#), ["one"]);
    assert_eq!(
        read(text_only(), "{\"text\":\"broken\n{\"text\":\"two\"}\n"),
        ["two", "The reply ended in the middle of this piece."]
    );
}

#[test]
fn a_reply_without_rows_is_a_scrap_with_the_reason() {
    assert_eq!(read(text_only(), ""), ["The reply is empty."]);
    assert_eq!(read(text_only(), "I cannot help with that."), ["The reply is neither JSON nor a list."]);
    assert!(
        read(labelled(), "1. one")[0].starts_with("The reply holds no JSON object; a row needs the fields")
    );
    assert_eq!(read(labelled(), r#"["one"]"#), ["A row must be an object with `text`, `label`, `stars`."]);
    assert!(read(text_only(), r#"[{"text":"a" "b"}]"#)[0].starts_with("This piece is not valid JSON"));
}

#[test]
fn line_breaks_in_a_string_and_bytes_that_are_no_text_are_survived() {
    assert_eq!(read(text_only(), "[{\"text\":\"one\ntwo\"}]"), ["one\ntwo"]);
    let mut reader = ReplyReader::new(text_only());
    let events = reader.feed(b"[{\"text\":\"a\xffb\"}]");
    assert_eq!(events, [GenerateEvent::Row(Fields::of_text("a\u{fffd}b"))]);
}

#[test]
fn an_empty_array_of_rows_says_so() {
    assert_eq!(read(text_only(), r#"{"rows":[]}"#), ["The reply's list of rows is empty."]);
}

/// The expected results are those of jsonschema 0.61 for the schema that is sent, compared on a hundred
/// thousand random schemas and values. Additionally refused: blank texts, and whole numbers beyond 64 bits.
#[test]
fn values_are_taken_and_refused_as_the_schema_that_is_sent_says() {
    let one = |kind: FieldKind, value: &str| {
        let text = FieldKind::Text { min_chars: None, max_chars: None };
        let field = |name: &str, kind| FieldSpec { name: name.into(), kind };
        let schema = Schema(vec![field("text", text), field("x", kind)]);
        let reply = format!(r#"[{{"text":"a","x":{value}}}]"#);
        matches!(events(rules(schema, vec![]), &reply)[..], [GenerateEvent::Row(_)])
    };
    let words = || FieldKind::OneOf(vec!["calm".into(), "1".into(), "true".into()]);
    let text = || FieldKind::Text { min_chars: Some(2), max_chars: Some(3) };
    let cases = [
        ("1", [true, true, false, false, false]),
        ("-0", [true, true, false, false, false]),
        ("1.0", [true, true, false, false, false]),
        ("1e2", [true, true, false, false, false]),
        ("10e-1", [true, true, false, false, false]),
        ("-9223372036854775808", [true, true, false, false, false]),
        ("9007199254740993.0", [true, true, false, false, false]),
        ("9223372036854775808", [false, true, false, false, false]),
        ("1e300", [false, true, false, false, false]),
        ("1.5", [false, true, false, false, false]),
        ("1e-400", [true, true, false, false, false]),
        ("true", [false, false, true, false, false]),
        ("null", [false, false, false, false, false]),
        ("[]", [false, false, false, false, false]),
        (r#"{"x":1}"#, [false, false, false, false, false]),
        (r#""1""#, [false, false, false, true, true]),
        (r#""true""#, [false, false, false, true, true]),
        (r#"" calm\n""#, [false, false, false, true, true]),
        (r#""Calm""#, [false, false, false, true, false]),
        (r#""""#, [false, false, false, true, false]),
    ];
    for (value, expected) in cases {
        let kinds = [FieldKind::Integer, FieldKind::Number, FieldKind::Boolean, text(), words()];
        assert_eq!(kinds.map(|kind| one(kind, value)), expected, "{value}");
    }
}

#[test]
fn a_piece_with_a_key_twice_is_a_scrap_that_names_the_key() {
    let row = |row: &str| read(labelled(), &format!("[{row}]")).remove(0);

    let twice = "`text` is there twice in this piece.";
    assert_eq!(row(r#"{"text":"a","text":"b","label":"ham","stars":1}"#), twice);
    assert_eq!(row(r#"{"text":"a","label":"ham","stars":1,"text":"a"}"#), twice);
    assert_eq!(row(r#"{"text":"a","x":{"y":1,"y":2}}"#), "`y` is there twice in this piece.");
    assert_eq!(read(text_only(), r#"{"text":"a","text":"b"}"#), [twice]);
    assert_eq!(read(text_only(), "{\"text\":\"a\nb\",\"text\":\"c\"}"), [twice]);
}

#[test]
fn a_choice_of_labels_is_one_of_the_field_and_of_the_session() {
    let text = FieldKind::Text { min_chars: None, max_chars: None };
    let label = FieldKind::OneOf(vec!["ham".into(), "egg".into()]);
    let field = |name: &str, kind| FieldSpec { name: name.into(), kind };
    let schema = Schema(vec![field("text", text), field("label", label)]);
    let row = |label: &str| {
        read(
            rules(schema.clone(), vec!["ham".into(), "spam".into()]),
            &format!(r#"[{{"text":"a","label":"{label}"}}]"#),
        )
        .remove(0)
    };

    assert_eq!(row("ham"), "a");
    assert_eq!(row("egg"), "The label `egg` is none of the session's: ham, spam.");
    assert_eq!(row("spam"), "The field `label` must be one of ham, egg, not `spam`.");
}

#[test]
fn the_last_text_of_a_list_that_was_cut_is_no_row() {
    let read = |prepare: &dyn Fn(&mut ReplyReader), cut| {
        let mut reader = ReplyReader::new(text_only());
        let mut events = reader.feed(b"1. one\n2. two and a ha");
        prepare(&mut reader);
        events.extend(reader.finish(cut).0);
        events
    };
    let texts = |events: &[GenerateEvent]| match events {
        [GenerateEvent::Row(row), GenerateEvent::Scrap { raw, reason }] => {
            [row.text().to_owned(), raw.clone(), reason.clone()]
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(texts(&read(&|_| {}, Some("Too long."))), ["one", "two and a ha", "Too long."]);
    assert_eq!(texts(&read(&ReplyReader::lose, None)), ["one", "two and a ha", BROKEN_OFF]);
    assert!(read(&|_| {}, None).iter().all(|event| matches!(event, GenerateEvent::Row(_))));
}
