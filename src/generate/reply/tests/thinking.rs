//! Tests of replies in which models think.

use proptest::prelude::*;

use super::*;
use crate::generate::thinking_ranges;

const ROWS: &str = r#"{"rows":[{"text":"one"},{"text":"two"}]}"#;
const DRAFT: &str = "A try: {\"rows\": [{\"text\": \"a draft\"}]} Hm.\n- an idea\nNo [placeholders].";

/// Returns what a reply gives in chunks, and what of it was told before the end.
fn fed(chunks: &[&[u8]]) -> (Vec<String>, usize) {
    let mut reader = ReplyReader::new(text_only());
    let mut events: Vec<_> = chunks.iter().flat_map(|chunk| reader.feed(chunk)).collect();
    let early = events.len();
    events.extend(reader.finish(None).0);
    let show = |event| match event {
        GenerateEvent::Row(fields) => fields.text().to_owned(),
        GenerateEvent::Scrap { reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    (events.into_iter().map(show).collect(), early)
}

fn rows(reply: &str) -> Vec<String> {
    fed(&[reply.as_bytes()]).0
}

fn ranges(reply: &str) -> Vec<(usize, usize)> {
    thinking_ranges(reply).into_iter().map(|range| (range.start, range.end)).collect()
}

/// The marks around a thought, as models and servers spell them.
const MARKS: [(&str, &str); 16] = [
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<Thought>", "</THOUGHT>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection type=\"x\">", "</reflection>"),
    ("< think >", "</ think >"),
    ("<seed:think>", "</seed:think>"),
    ("◁think▷", "◁/think▷"),
    ("[THINK]", "[/THINK]"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    (
        "<|start|>assistant<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>",
    ),
    (
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>commentary to=rows <|constrain|>json<|message|>",
    ),
    ("<|channel>thought\n", "<channel|>"),
    ("<think>", "</thinking>"),
];

/// Texts of thoughts; each tries to be taken for an answer, or to swallow the one that follows.
const THOUGHTS: [&str; 8] = [
    DRAFT,
    "",
    "An open {\"rows\": [{\"text\": \"bracket",
    "An open \" quote, and [ and {",
    "[{\"text\":\"draft\"},",
    "{\"rows\":[{\"text\":\"a draft\"}]} is a draft.",
    "1. a draft\n2. another",
    "Say \"{\" and `[\"` and '}'",
];

#[test]
fn thoughts_are_no_rows_in_any_spelling_whole_or_split_at_every_byte() {
    for (begin, end) in MARKS {
        for thought in THOUGHTS {
            for reply in [
                format!("{begin}\n{thought}\n{end}\n\n{ROWS}"),
                format!("{begin}{thought}{end}{ROWS}"),
                format!("\n{begin}{thought}{end}```json\n{ROWS}\n```"),
                format!("{begin}{thought}{end}\n{begin}{thought}{end}{ROWS}"),
                format!("{ROWS}\n{begin}{thought}{end}"),
            ] {
                let whole = fed(&[reply.as_bytes()]);
                assert_eq!(whole.0, ["one", "two"], "{reply}");
                assert_eq!(whole.1, 2, "rows wait: {reply}");
                assert_eq!(fed(&reply.as_bytes().chunks(1).collect::<Vec<_>>()), whole, "{reply}");
            }
        }
    }
}

#[test]
fn everything_before_a_lone_end_was_a_thought() {
    for (_, end) in MARKS {
        for thought in THOUGHTS.iter().filter(|thought| !thought.starts_with(['[', '{'])) {
            for reply in [
                format!("Well. {thought}\n{end}\n\n{ROWS}"),
                format!("Well. {thought}{end}{ROWS}"),
                format!("Well. {thought}{end} Or: {thought}{end}{ROWS}"),
            ] {
                let whole = fed(&[reply.as_bytes()]);
                assert_eq!(whole.0, ["one", "two"], "{reply}");
                assert_eq!(fed(&reply.as_bytes().chunks(1).collect::<Vec<_>>()), whole, "{reply}");
            }
        }
    }
    // A draft that leaves a bracket open right at the beginning.
    assert_eq!(rows(&format!("[{{\"text\": \"draft\n</think>\n{ROWS}")), ["one", "two"]);
}

#[test]
fn drafts_are_told_at_no_time() {
    for reply in [
        format!("{DRAFT}\n</think>\n{ROWS}"),
        format!("<think>I close with </think> later. {DRAFT}</think>{ROWS}"),
        format!("<think>a <think> b</think>{{\"rows\":[{{\"text\":\"draft\"}}]}}</think>{ROWS}"),
        format!("<thinking>{DRAFT}<reflection>{DRAFT}</reflection>{DRAFT}</thinking>{ROWS}"),
        format!("analysis{DRAFT}assistantfinal{ROWS}"),
        format!("analysisWe try. {DRAFT}assistantcommentary{DRAFT}assistantfinal{ROWS}"),
        format!("Here is my thought process: {DRAFT} Here is my response: {ROWS}"),
    ] {
        let mut reader = ReplyReader::new(text_only());
        let mut told = Vec::new();
        for byte in reply.as_bytes() {
            told.extend(reader.feed(&[*byte]));
        }
        told.extend(reader.finish(None).0);
        let texts = format!("{told:?}");
        assert!(told.len() == 2 && !texts.contains("draft"), "{reply}: {texts}");
    }
}

#[test]
fn a_thought_without_end_is_a_scrap_that_says_what_to_change() {
    for (begin, _) in MARKS {
        let told = rows(&format!("{begin}\n{DRAFT}"));
        assert_eq!(told, [THINKING], "{begin}");
    }
    assert_eq!(rows(&format!("analysisWe need rows. {DRAFT}")), [THINKING]);
    assert_eq!(rows(&format!("{ROWS}<think>Was it good? {DRAFT}")), ["one", "two"]);
    assert_eq!(rows(&format!("<think>{DRAFT}</think>\n")), [ONLY_THOUGHTS]);
}

#[test]
fn a_row_that_speaks_of_the_marks_stays_a_row() {
    for (begin, end) in MARKS {
        let text = format!("Your page shows {begin} and {end} around it.").trim().to_owned();
        let row = serde_json::json!([{ "text": text }]).to_string();
        for reply in [
            row.clone(),
            format!("{{\"rows\":{row}}}"),
            format!("Sure, here you are:\n```json\n{row}\n```"),
            format!("<think>{DRAFT}</think>{row}"),
            format!("{DRAFT}</think>\n{row}"),
        ] {
            assert_eq!(rows(&reply), [text.as_str()], "{reply}");
            let split = fed(&reply.as_bytes().chunks(1).collect::<Vec<_>>());
            assert_eq!(split.0, [text.as_str()], "{reply}");
        }
    }
    assert_eq!(rows("My `<think>` tag, as you asked: [{\"text\":\"one\"}]"), ["one"]);
    assert_eq!(
        rows(r#"[{"text":"one"},{"text":"The </think> tag is bro"#),
        ["one", "The reply ended in the middle of this piece."]
    );
}

#[test]
fn rows_come_at_once_where_no_draft_can_be_before_them() {
    for (reply, early) in [
        (ROWS.to_owned(), 2),
        (format!("\u{feff}\n {ROWS}"), 2),
        (format!("```json\n{ROWS}\n```"), 2),
        (format!("<answer>{ROWS}</answer>"), 2),
        (format!("<think>\n\n</think>\n\n{ROWS}"), 2),
        (format!("Sure: {ROWS}"), 0),
    ] {
        assert_eq!(fed(&[reply.as_bytes()]), (vec!["one".to_owned(), "two".to_owned()], early), "{reply}");
    }
}

#[test]
fn thinking_that_came_apart_is_kept_between_marks_and_reads_again_alike() {
    let mut reader = ReplyReader::new(text_only());
    reader.feed_thought("An open { and ".as_bytes());
    reader.feed_thought(DRAFT.as_bytes());
    assert!(reader.is_thinking());
    reader.close_thought();
    let told = reader.feed(ROWS.as_bytes());
    let (rest, text) = reader.finish(None);

    assert_eq!((told.len(), rest.len()), (2, 0));
    assert_eq!(text, format!("<think>\nAn open {{ and {DRAFT}\n</think>\n\n{ROWS}"));
    assert_eq!(rows(&text), ["one", "two"]);
    assert_eq!(ranges(&text), [(0, text.len() - ROWS.len() - 2)]);
}

#[test]
fn an_answer_that_came_as_thinking_only_is_read_if_it_is_nothing_but_json() {
    for thought in [
        ROWS.to_owned(),
        format!("\n```json\n{ROWS}\n```\n"),
        "{\"text\":\"one\"}\n{\"text\":\"two\"}".into(),
    ] {
        assert_eq!(rows(&format!("<think>\n{thought}\n</think>\n\n")), ["one", "two"], "{thought}");
    }
    for thought in
        [DRAFT.to_owned(), format!("{ROWS} Hm."), format!("{ROWS} Or {ROWS}"), "[{\"text\":\"o".into()]
    {
        assert_eq!(rows(&format!("<think>\n{thought}\n</think>\n\n")), [ONLY_THOUGHTS], "{thought}");
    }
}

#[test]
fn the_ranges_of_thoughts_are_those_that_bring_no_rows() {
    let thought = format!("<think>{DRAFT}</think>");
    let last = "<think>b</think>";
    let reply = format!("{thought}\n{ROWS}\n{last}");
    assert_eq!(ranges(&reply), [(0, thought.len()), (reply.len() - last.len(), reply.len())]);
    let lone = format!("{DRAFT}</think>");
    assert_eq!(ranges(&format!("{lone}{ROWS}")), [(0, lone.len())]);
    assert_eq!(ranges("<think>a"), [(0, 8)]);
    assert!(thinking_ranges(ROWS).is_empty() && thinking_ranges("").is_empty());
}

#[test]
fn a_piece_around_a_lost_frame_is_a_scrap_and_no_other() {
    let mut reader = ReplyReader::new(text_only());
    let mut told = reader.feed(br#"[{"text":"one"},{"text":"t"#);
    reader.lose();
    told.extend(reader.feed(br#"wo"},{"text":"three"}]"#));
    told.extend(reader.finish(None).0);

    assert!(
        matches!(&told[..], [GenerateEvent::Row(_), GenerateEvent::Scrap { reason, .. }, GenerateEvent::Row(_)]
        if reason == LOST),
        "{told:?}"
    );
}

proptest! {
    #[test]
    fn a_split_at_any_place_gives_what_the_whole_gives(
        parts in prop::collection::vec(0_usize..60, 1..7),
        cuts in prop::collection::vec(0_usize..600, 0..8),
    ) {
        let part = |at: usize| match at {
            0..32 => if at.is_multiple_of(2) { MARKS[at / 2].0 } else { MARKS[at / 2].1 }.to_owned(),
            32..40 => THOUGHTS[at - 32].to_owned(),
            40..50 => ROWS.to_owned(),
            50..55 => "\n".into(),
            _ => "Some prose. ".into(),
        };
        let reply: String = parts.into_iter().map(part).collect();
        let bytes = reply.as_bytes();
        let whole = fed(&[bytes]);
        let mut chunks = Vec::new();
        let mut start = 0;
        let mut cuts = cuts;
        cuts.sort_unstable();
        for cut in cuts {
            let cut = cut.clamp(start, bytes.len());
            chunks.push(&bytes[start..cut]);
            start = cut;
        }
        chunks.push(&bytes[start..]);
        prop_assert_eq!(&fed(&chunks), &whole, "{}", reply);
        prop_assert_eq!(&fed(&bytes.chunks(1).collect::<Vec<_>>()), &whole, "{}", reply);
        let ranges = thinking_ranges(&reply);
        prop_assert!(ranges.iter().all(|range| reply.get(range.clone()).is_some()), "{}", reply);
        prop_assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?} {}", ranges, reply);
    }
}

#[test]
fn a_thought_between_tags_of_any_name_is_none_of_the_answer() {
    for (begin, end) in [
        ("<rationale>", "</rationale>"),
        ("<details type=\"x\" done=\"true\">", "</details>"),
        ("<draft>\n", "</draft>"),
        ("<unused94>thought\n", "<unused95>"),
        ("<｜begin▁of▁thinking｜>", "<｜end▁of▁thinking｜>"),
    ] {
        for thought in [DRAFT, "{\"rows\": [{\"text\": \"a draft\"}]}", "An open { and \" and ["] {
            let reply = format!("{begin}{thought}{end}\n{ROWS}");
            assert_eq!(rows(&reply), ["one", "two"], "{reply}");
            let bytes: Vec<&[u8]> = reply.as_bytes().chunks(1).collect();
            assert_eq!(fed(&bytes).0, ["one", "two"], "{reply}");
        }
    }
}

#[test]
fn a_tag_around_an_answer_or_a_row_leaves_them_whole() {
    for reply in [
        format!("<answer>{ROWS}</answer>"),
        format!("<reply>\n{ROWS}\n</reply>"),
        "<row>{\"text\":\"one\"}</row><row>{\"text\":\"two\"}</row>".to_owned(),
        format!("<final_answer>{ROWS}</final_answer><note>{{\"a\": 1}}</note>"),
    ] {
        assert_eq!(rows(&reply)[..2], ["one", "two"], "{reply}");
    }
}

#[test]
fn rows_before_an_end_mark_of_a_whole_reply_are_drafts_where_others_follow() {
    let whole = |reply: &str| {
        let mut reader = ReplyReader::new(text_only());
        reader.expect_whole();
        assert!(reader.feed(reply.as_bytes()).is_empty());
        let told = |event| {
            if let GenerateEvent::Row(fields) = event { fields.text().to_owned() } else { String::new() }
        };
        reader.finish(None).0.into_iter().map(told).collect::<Vec<_>>()
    };
    let draft = "{\"rows\": [{\"text\": \"a draft\"}]}";

    assert_eq!(whole(&format!("{draft}\n</think>\n{ROWS}")), ["one", "two"]);
    assert_eq!(whole(&format!("```json\n{draft}\n```\n</think>\n```json\n{ROWS}\n```")), ["one", "two"]);
    assert_eq!(whole(&format!("{ROWS}\n</think>")), ["one", "two"]);
    assert_eq!(whole(ROWS), ["one", "two"]);
}

#[test]
fn an_end_mark_in_a_row_is_none_after_a_thought_that_left_brackets_open() {
    let row = "{\"rows\":[{\"text\":\"You show <think> and </think> to me\"}]}";
    let reply = format!("<think>It says <think> and </think>, {{\"</think>\n{row}");
    assert_eq!(rows(&reply), ["You show <think> and </think> to me"]);
}

#[test]
fn a_thought_within_the_list_of_rows_is_no_row() {
    let reply = "{\"rows\":[{\"text\":\"one\"},<think>{\"text\":\"a draft\"}</think>{\"text\":\"two\"}]}";
    assert_eq!(rows(reply), ["one", "two"]);
}

#[test]
fn json_that_is_written_as_a_text_of_json_is_read() {
    let reply = serde_json::to_string(ROWS).unwrap();
    assert_eq!(rows(&reply), ["one", "two"]);
    assert_eq!(rows("\"no rows\""), rows("no rows"));
}
