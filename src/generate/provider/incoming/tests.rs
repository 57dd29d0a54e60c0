//! Tests of a reply that is being received.

use super::*;
use crate::domain::Schema;
use crate::generate::provider::key::Key;

fn incoming() -> Incoming {
    Incoming::new(Arc::new(RowRules::new(Schema::default(), vec![])), None)
}

fn counted(input: u64, output: u64) -> Counted {
    Counted { input: Some(input), output: Some(output), ..Counted::default() }
}

fn told(mut incoming: Incoming) -> Vec<String> {
    std::iter::from_fn(|| incoming.take()).map(|event| format!("{event:?}")).collect()
}

#[test]
fn a_refusal_is_a_scrap_and_the_replys_text() {
    let mut reply = incoming();
    reply.refuse("I must ");
    reply.refuse("not.");
    reply.end(Finish::Complete, Counted::default(), "x".into());

    let told = told(reply);

    assert_eq!(told.len(), 3);
    assert!(told[0].contains("Scrap") && told[0].contains("I must not."), "{told:?}");
    assert!(told[1].contains("Reply") && told[2].contains("Complete"), "{told:?}");
}

#[test]
fn a_row_with_a_replaced_byte_is_a_scrap_only_where_the_text_is_doubted() {
    let texts = "[{\"text\":\"one\"},{\"text\":\"t\u{fffd}o\"}]";
    let mut trusted = incoming();
    trusted.read(texts);
    let mut doubted = incoming();
    doubted.doubt();
    doubted.read(texts);

    assert!(told(trusted).iter().all(|event| event.contains("Row")));
    let told = told(doubted);
    assert!(told[0].contains("Row") && told[1].contains("no UTF-8"), "{told:?}");
}

#[test]
fn what_came_before_an_error_is_kept_and_paid_for() {
    let mut reply = incoming();
    reply.read(r#"[{"text":"one"},{"te"#);
    reply.give_up(GeneratorError::Settings("No.".into()), counted(1, 2));

    let told = told(reply);

    assert!(told[0].contains("Row") && told[1].contains("Scrap") && told[2].contains("Reply"), "{told:?}");
    assert!(told[3].contains("Usage") && told[4].contains("Settings"), "{told:?}");
}

#[test]
fn the_tail_tells_thinking_from_writing() {
    let tail = Tail::default();
    let mut reply = Incoming::new(Arc::new(RowRules::new(Schema::default(), vec![])), Some(tail.clone()));
    let seen = || tail.read().map(|writing| (writing.text, writing.thinking));

    reply.think("Hm. ", false);
    reply.think("Yes.", false);
    assert_eq!(seen(), Some(("Hm. Yes.".into(), true)));
    reply.read("[{\"te");
    reply.read("xt\"");
    assert_eq!(seen(), Some(("[{\"text\"".into(), false)));

    let mut reply = Incoming::new(Arc::new(RowRules::new(Schema::default(), vec![])), Some(tail.clone()));
    reply.read("<think>Hm.");
    assert_eq!(seen(), Some(("<think>Hm.".into(), true)));
    reply.read("</think>[");
    assert_eq!(seen(), Some(("</think>[".into(), false)));
    reply.read(&format!("[{}", " ".repeat(100_000)));
    assert!(reply.is_blank());
    assert!(seen().is_some_and(|(text, _)| text.len() < 600));
}

#[test]
fn the_tail_shows_no_key_that_a_server_writes_back_in_pieces() {
    let tail = Tail::default();
    let rules = Arc::new(RowRules::new(Schema::default(), vec![]));
    let mut reply = Incoming::new(rules, Some(tail.clone())).hiding(Key::new("tok-A1b2c3"));

    reply.think("Hm, tok-A", false);
    reply.think("1b2c3!", false);
    assert_eq!(tail.read().unwrap().text, "Hm, [key]!");
    "[{\"text\":\"tok-A1b2c3\"".chars().for_each(|sign| reply.read(&sign.to_string()));
    assert_eq!(tail.read().unwrap().text, "[{\"text\":\"[key]\"");
}

#[test]
fn thinking_that_comes_after_the_answer_began_spoils_nothing() {
    let mut reply = incoming();
    reply.read("[{\"text\":\"o");
    reply.think("An open {\" here.", false);
    reply.read("ne\"}]");
    reply.end(Finish::Complete, counted(1, 2), "x".into());

    let told = told(reply);

    assert!(
        told[0].contains("Row") && told[1].contains("An open") && told[3].contains("Complete"),
        "{told:?}"
    );
}

#[test]
fn a_tool_is_called_after_a_thought_without_end() {
    let mut reply = incoming();
    reply.read("<think>I call the tool. {\"x");
    reply.call(0, "[{\"text\":\"one\"}]", false);
    reply.end(Finish::Complete, Counted::default(), "x".into());

    let told = told(reply);

    assert!(told[0].contains("Row") && told[0].contains("one") && told[2].contains("Complete"), "{told:?}");
}

#[test]
fn the_model_is_told_once() {
    let mut reply = incoming();
    for model in ["", "tiny-2", "tiny-2", "other"] {
        reply.answered_by(Some(model));
    }

    assert_eq!(told(reply), ["Ok(AnsweredBy(\"tiny-2\"))"]);
}

#[test]
fn a_reply_that_ends_without_a_reason_is_whole_only_where_its_json_is() {
    let ended = |text: &str, finish: Finish| {
        let mut reply = incoming();
        reply.read(text);
        reply.end(finish, Counted::default(), "x".into());
        told(reply)
    };
    for whole in
        [r#"[{"text":"one"}]"#, "```json\n{\"text\":\"one\"}\n```", "<think>Hm.</think>{\"text\":\"one\"}"]
    {
        let told = ended(whole, Finish::Untold);
        assert!(told.last().unwrap().contains("Done(Complete)"), "{told:?}");
        assert!(told.iter().any(|event| event.contains("Row")), "{told:?}");
    }
    for (cut, rows) in [
        ("", 0),
        ("Hi,", 0),
        ("<think>Hm, a", 0),
        (r#"[{"text":"one"},"#, 1),
        (r#"[{"text":"one"},{"text":"tw"#, 1),
        ("1. one\n2. tw", 1),
    ] {
        let told = ended(cut, Finish::Untold);
        assert!(told.last().unwrap().contains("Broken"), "{cut}: {told:?}");
        assert_eq!(told.iter().filter(|event| event.contains("Row(")).count(), rows, "{cut}: {told:?}");
        assert!(!ended(cut, Finish::Complete).last().unwrap().contains("Broken"), "{cut}");
    }
}

#[test]
fn the_tail_follows_the_newest_reply_and_then_whichever_goes_on() {
    let all = Tail::default();
    let (first, second) = (all.of_request(), all.of_request());
    let seen = || all.read().unwrap().text;

    first.write("one ", false, true);
    second.write("two ", false, true);
    first.write("more ", false, false);
    assert_eq!(seen(), "two ", "replies are not mixed");
    assert_eq!((first.heard(), all.heard_in_all()), (9, 13));
    drop(second);
    first.write("still ", false, false);
    assert_eq!(seen(), "still ");
    first.write("hm", true, false);
    assert_eq!(seen(), "hm");
    assert_eq!(Tail::unseen().of_request().read(), None);
}

#[test]
fn a_long_tail_begins_at_the_same_word_for_a_while() {
    let tail = Tail::default().of_request();
    let seen = || tail.read().unwrap().text;
    let mut beginnings = std::collections::BTreeSet::new();
    for count in 0..1000 {
        tail.write(&format!("word{count} ü "), false, count == 0);
        let text = seen();
        assert!(text.len() <= 800, "{}", text.len());
        beginnings.insert(text.chars().take(12).collect::<String>());
    }
    assert!(beginnings.len() < 40, "{}", beginnings.len());
}
