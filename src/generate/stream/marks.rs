//! The marks by which models set their thinking apart from the text of a reply.
//!
//! ```text
//! <think> … </think>            and <thinking>, <thought>, <seed:think>, <reasoning effort="low">, …
//! ◁think▷ … ◁/think▷            [THINK] … [/THINK]
//! <|begin_of_thought|> … <|end_of_thought|>      <|START_THINKING|> … <|END_THINKING|>
//! <|channel|>analysis … <|end|>                  <|channel|>final opens the answer
//! ```
//!
//! A name counts by its words, not by a list of models, so that the next model's spelling is known too.

/// The most bytes of a mark.
const MOST_BYTES: usize = 96;
/// Names of thinking that hold none of the words think, thought and reasoning.
const NAMES: [&str; 9] = [
    "reason",
    "reflection",
    "reflect",
    "scratchpad",
    "analysis",
    "cot",
    "monologue",
    "inner_monologue",
    "cot_budget_reflect",
];
/// Words before the answer where the special tokens around the channels are gone, each with those that the
/// reply begins with.
const SPOKEN: [(&[&str], &[&str]); 2] = [
    (
        &["analysis", "assistantanalysis", "commentary"],
        &["assistantfinal", "assistant final", "assistantcommentary to="],
    ),
    (
        &["here is my thought process", "here's my thought process"],
        &["here is my response:", "here's my response:"],
    ),
];

/// What the bytes at one place of a reply are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// No mark.
    None,
    /// A mark, if the next bytes are right.
    Unfinished,
    /// A thought begins; a special token is one wherever it stands.
    Begins { name: String, is_special: bool },
    /// A thought ends, even one whose beginning is not in the reply; the mark has this many bytes.
    Ends { name: String, bytes: usize },
    /// A turn ends, and with it a thought that has begun.
    Closes,
}

/// Returns whether a mark may begin with this byte.
pub(super) const fn may_begin(byte: u8) -> bool {
    matches!(byte, b'<' | b'[' | 0xe2)
}

/// Returns the mark at the beginning of these bytes.
pub(super) fn mark(bytes: &[u8]) -> Mark {
    let (opening, closing) = match bytes.first() {
        Some(b'<') => ("<", ">"),
        Some(b'[') => ("[", "]"),
        _ => ("◁", "▷"),
    };
    let Some(rest) = bytes.strip_prefix(opening.as_bytes()) else {
        return if opening.as_bytes().starts_with(bytes) { Mark::Unfinished } else { Mark::None };
    };
    let rest = &rest[..rest.len().min(MOST_BYTES)];
    let Some(end) = find(rest, closing.as_bytes()) else {
        let may_go_on = rest.len() < MOST_BYTES && (opening != "[" || may_be_bracketed(rest));
        return if may_go_on && rest.iter().all(|byte| is_of_name(*byte)) {
            Mark::Unfinished
        } else {
            Mark::None
        };
    };
    let Ok(inner) = str::from_utf8(&rest[..end]) else { return Mark::None };
    let behind = opening.len() + end + closing.len();
    match inner {
        "|channel|" | "|channel" => channel(&bytes[behind..], behind),
        "channel|" => Mark::Ends { name: "channel".into(), bytes: behind },
        "|end|" | "|return|" | "|call|" => Mark::Closes,
        _ if opening == "[" && !may_be_bracketed(&rest[..end]) => Mark::None,
        _ => named(inner, behind),
    }
}

/// Returns whether the text between brackets is the beginning of `think` or `/think`: others are JSON or prose.
fn may_be_bracketed(inner: &[u8]) -> bool {
    let name = inner.strip_prefix(b"/").unwrap_or(inner);
    b"think".get(..name.len()).is_some_and(|start| name.eq_ignore_ascii_case(start))
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(byte, b'_' | b'-' | b':' | b'|' | b'/' | b'\\' | b'=' | b'"' | b'\'' | b' ' | b'.')
}

/// Reads a mark with a name, such as `/think` or `|START_THINKING|`.
fn named(inner: &str, bytes: usize) -> Mark {
    let is_special = inner.starts_with(['|', '｜']) || bytes > inner.len() + 2;
    match inner {
        // `MedGemma` thinks between tokens that have no name.
        "unused94" => return Mark::Begins { name: "unused".into(), is_special: true },
        "unused95" => return Mark::Ends { name: "unused".into(), bytes },
        _ => {}
    }
    let inner = inner.trim_matches(['|', '｜', ' ']).to_lowercase();
    let name = inner.trim_start_matches(['\\', '/', ' ']);
    let mut is_end = name.len() < inner.len();
    let (name, attributes) = name.split_once(' ').unwrap_or((name, "="));
    if name.ends_with('/') || !attributes.contains('=') {
        return Mark::None;
    }
    let name = name.rsplit(':').next().unwrap_or(name).replace(['▁', '-'], "_");
    for edge in ["end_of_", "end_"] {
        is_end |= name.starts_with(edge);
    }
    is_end |= name.ends_with("_end");
    let edges = ["start_of_", "begin_of_", "end_of_", "start_", "begin_", "end_"];
    let name = edges.iter().find_map(|edge| name.strip_prefix(edge)).unwrap_or(&name);
    let edges = ["_start", "_begin", "_end"];
    let name = edges.iter().find_map(|edge| name.strip_suffix(edge)).unwrap_or(name);
    let is_thinking =
        NAMES.contains(&name) || ["think", "thought", "reasoning"].iter().any(|word| name.contains(word));
    match (is_thinking && !name.starts_with("no"), is_end) {
        (false, _) => Mark::None,
        (true, true) => Mark::Ends { name: name.to_owned(), bytes },
        (true, false) => Mark::Begins { name: name.to_owned(), is_special },
    }
}

/// Reads what follows the token of a channel: its name. A commentary for a tool is an answer.
fn channel(after: &[u8], before: usize) -> Mark {
    let blanks = after.len() - after.trim_ascii_start().len();
    let word = &after[blanks..];
    if blanks > 8 {
        return Mark::None;
    }
    for name in ["analysis", "thought", "thinking", "final", "commentary"] {
        let Some(rest) = word.strip_prefix(name.as_bytes()) else {
            if name.as_bytes().starts_with(word) {
                return Mark::Unfinished;
            }
            continue;
        };
        let begins = || Mark::Begins { name: "channel".into(), is_special: true };
        let ends = |bytes| Mark::Ends { name: "channel".into(), bytes };
        let bytes = before + blanks + name.len();
        let target = rest.trim_ascii_start();
        return match name {
            "final" => ends(bytes),
            "commentary" if target.starts_with(b"to=") => {
                let name =
                    target.iter().take(MOST_BYTES).position(|byte| matches!(byte, b' ' | b'<' | b'\n'));
                name.map_or(Mark::Unfinished, |name| ends(bytes + rest.len() - target.len() + name))
            }
            "commentary" if rest.len() < 8 && b"to=".starts_with(target) => Mark::Unfinished,
            _ => begins(),
        };
    }
    Mark::None
}

/// What a reply whose thinking has lost its marks shows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    /// Nothing.
    None,
    /// The thinking ends here.
    Ends(usize),
    /// The thinking does not end.
    Open,
}

/// Looks for thinking between the words that stand for its marks.
pub(super) fn spoken(text: &[u8]) -> Spoken {
    let start = text.trim_ascii_start();
    for (openings, answers) in SPOKEN {
        let Some(opening) = openings.iter().find(|opening| begins_with(start, opening)) else { continue };
        let end = answers.iter().filter_map(|answer| Some(rfind(text, answer)? + answer.len())).max();
        // The channel's name stands right before the first word of the thought.
        let is_glued = start.get(opening.len()).is_some_and(u8::is_ascii_uppercase);
        return match end {
            Some(end) => Spoken::Ends(end),
            None if is_glued => Spoken::Open,
            None => Spoken::None,
        };
    }
    Spoken::None
}

fn begins_with(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

fn rfind(text: &[u8], word: &str) -> Option<usize> {
    text.windows(word.len()).rposition(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Returns where the last end of a thought stands that `is_inside` does not refuse, as the offset behind it.
pub(super) fn last_end(text: &[u8], mut is_inside: impl FnMut(usize) -> bool) -> Option<usize> {
    ends(text).find(|(at, _)| !is_inside(*at)).map(|(_, end)| end)
}

/// Returns the marks that end a thought, from the last on: where each begins and ends.
pub(super) fn ends(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let places = (0..text.len()).rev().filter(|at| may_begin(text[*at]));
    places.filter_map(|at| match mark(&text[at..]) {
        Mark::Ends { bytes, .. } => Some((at, at + bytes)),
        _ => None,
    })
}

/// Returns where a text that begins with a tag of any other name has the tag's end, unless the same tag begins
/// there again, or its name is that of an answer.
pub(super) fn wrapped(text: &[u8]) -> Option<usize> {
    let name = tag(text)?;
    let closing = [b"</", name, b">"].concat();
    let first = find(text, &closing)? + closing.len();
    let end = text.len() - text.windows(closing.len()).rev().position(|window| window == closing)?;
    (tag(&text[first..]) != Some(name)).then_some(end)
}

/// Returns whether text before JSON begins with a tag that may wrap a thought.
pub(super) fn is_wrapping(text: &[u8]) -> bool {
    tag(text).is_some()
}

/// Returns the name of the tag that a text begins with, unless it is that of an answer.
fn tag(text: &[u8]) -> Option<&[u8]> {
    const ANSWERS: [&[u8]; 9] =
        [b"answer", b"final", b"output", b"response", b"result", b"json", b"rows", b"tool_call", b"data"];
    let inner = text.trim_ascii_start().strip_prefix(b"<")?;
    let bytes =
        inner.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let name = &inner[..bytes];
    let is_answer = ANSWERS
        .iter()
        .any(|answer| name.windows(answer.len()).any(|window| window.eq_ignore_ascii_case(answer)));
    (bytes > 0 && inner.contains(&b'>') && !is_answer).then_some(name)
}

/// Returns whether a mark that begins a thought would stand there as a word of a sentence.
pub(super) fn is_quoted(before: &[u8]) -> bool {
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or(before);
    let line = String::from_utf8_lossy(&line[line.len().saturating_sub(64)..]);
    let last = line.trim_end().chars().next_back();
    last.is_some_and(|c| c.is_alphanumeric() || matches!(c, '"' | '\'' | '`' | ',' | '“' | '«' | '('))
}

/// Returns whether text before JSON is only its packing: blanks, fences, tags, and the word JSON.
pub(super) fn is_packing(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = rest.strip_prefix("\u{feff}".as_bytes()).unwrap_or(rest).trim_ascii_start();
        rest = match rest {
            [] => return true,
            [b'`' | b'~', ..] => {
                let fence = rest.iter().take_while(|byte| matches!(byte, b'`' | b'~')).count();
                let info = rest[fence..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                &rest[fence + info..]
            }
            [b'<', ..] => match rest.iter().take(64).position(|byte| *byte == b'>') {
                Some(end) => &rest[end + 1..],
                None => return false,
            },
            [b',' | b';', ..] => &rest[1..],
            _ if begins_with(rest, "json") => &rest[4..],
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(text: &str) -> bool {
        matches!(mark(text.as_bytes()), Mark::Begins { .. })
    }

    fn ends(text: &str) -> bool {
        matches!(mark(text.as_bytes()), Mark::Ends { bytes, .. } if bytes == text.len())
    }

    #[test]
    fn thinking_is_known_by_any_spelling_of_its_mark() {
        for (begin, end) in [
            ("<think>", "</think>"),
            ("<THINKING>", "</Thinking>"),
            ("< thought >", "</ thought >"),
            ("<reasoning effort=\"low\">", "<\\/reasoning>"),
            ("<reflection>", "</reflection>"),
            ("<seed:think>", "</seed:think>"),
            ("<antThinking>", "</antThinking>"),
            ("<longcat_think>", "</longcat_think>"),
            ("<|thinking|>", "<|/thinking|>"),
            ("<|begin_of_thought|>", "<|end_of_thought|>"),
            ("<|START_THINKING|>", "<|END_THINKING|>"),
            ("<|think_start|>", "<|think_end|>"),
            ("◁think▷", "◁/think▷"),
            ("[THINK]", "[/THINK]"),
            ("[think]", "[/think]"),
            ("<|channel|>analysis", "<|channel|>final"),
            ("<|channel|> commentary<", "<|channel|> final"),
            ("<|channel>thought", "<channel|>"),
        ] {
            assert!(begins(begin), "{begin}");
            assert!(ends(end), "{end}");
            for text in [begin, end] {
                for cut in 1..text.len() {
                    assert_eq!(mark(&text.as_bytes()[..cut]), Mark::Unfinished, "{text} cut at {cut}");
                }
            }
        }
        assert_eq!(mark(b"<|end|>"), Mark::Closes);
        let tool = "<|channel|>commentary to=functions.rows";
        assert_eq!(mark(tool.as_bytes()), Mark::Unfinished);
        for next in [" ", "<"] {
            let mark = mark(format!("{tool}{next}").as_bytes());
            assert_eq!(mark, Mark::Ends { name: "channel".into(), bytes: tool.len() });
        }
    }

    #[test]
    fn other_tags_and_brackets_are_no_marks() {
        for text in
            ["<b>", "<|im_end|>", "<answer>", "<no_think>", "<think hard>", "< 3", "[1]", "[{", "[this]", "…"]
        {
            let mark = mark(text.as_bytes());
            assert!(mark == Mark::None || (mark == Mark::Unfinished && text == "< 3"), "{text} {mark:?}");
        }
        assert_eq!(mark(format!("<think {}", "x".repeat(200)).as_bytes()), Mark::None);
    }

    #[test]
    fn tags_that_wrap_an_answer_are_told_from_others() {
        assert_eq!(wrapped(b"<plan>a</plan>{"), Some(14));
        for text in ["<answer>a</answer>{", "<plan>a", "a <plan>b</plan>{", "<row>a</row><row>b</row>"] {
            assert_eq!(wrapped(text.as_bytes()), None, "{text}");
        }
        assert!(is_wrapping(b"\n<plan>") && !is_wrapping(b"<final_answer>") && !is_wrapping(b"```json"));
    }

    #[test]
    fn channels_without_their_tokens_are_told_by_their_words() {
        assert_eq!(spoken(b"analysisWe need.assistantfinal[]"), Spoken::Ends(30));
        assert_eq!(spoken(b"analysisWe need"), Spoken::Open);
        assert_eq!(spoken(b"analysis of the data: []"), Spoken::None);
        assert_eq!(spoken(b"Here is my thought process: x Here is my response: []"), Spoken::Ends(50));
    }

    #[test]
    fn what_only_packs_json_is_told_from_prose() {
        for packing in
            ["", " \n", "\u{feff}", "```json\n", "~~~\n", "json\n", "<answer>\n", "<|message|>", ",\n"]
        {
            assert!(is_packing(packing.as_bytes()), "{packing}");
        }
        for prose in ["Sure: ", "```json\nfirst try", "1 < 2 "] {
            assert!(!is_packing(prose.as_bytes()), "{prose}");
        }
    }
}
