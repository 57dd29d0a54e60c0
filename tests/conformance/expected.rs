//! The matrix: the expected result of every case, for each provider, streamed and whole.
//!
//! Each provider × {plain, stream} must match exactly one cell of each case; a missing or a second
//! one fails the case's test.

use rowsmith::api::{Delivery, ReplyEnd};

use super::cases::{Case, HALF, NO};
use super::dialects::Speaker;
use super::refusals::Refusal;

/// The expected result of a case, for some providers and deliveries.
pub(crate) struct Cell {
    pub who: &'static [Speaker],
    pub how: &'static [Delivery],
    pub rows: &'static [&'static str],
    /// Scraps in order, each as `raw | reason`; `*` matches any text.
    pub scraps: &'static [&'static str],
    pub reply: Reply,
    pub tokens: Paid,
    pub then: Then,
}

/// The text of the reply that is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reply {
    None,
    Text(&'static str),
    /// A text of this length in bytes.
    Long(usize),
}

/// The counted tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Paid {
    Nothing,
    All,
    /// What was counted before a stream broke, for providers that count in every frame.
    SoFar,
    /// The tokens of the prompt alone.
    Prompt,
    /// What stands before the text of a whole body.
    BeforeTheText,
}

impl Paid {
    pub(crate) const fn tokens(self, speaker: Speaker) -> Option<(u64, u64)> {
        match (self, speaker) {
            (Self::Prompt, _) | (Self::SoFar | Self::BeforeTheText, Speaker::Anthropic) => Some((11, 0)),
            (Self::All | Self::BeforeTheText, _) => Some((11, 7)),
            (Self::SoFar, Speaker::Gemini) => Some((11, 3)),
            _ => None,
        }
    }
}

/// How the request ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Then {
    Ends(ReplyEnd),
    /// With an error of this sentence; `{provider}` and `{words}` are filled in, and `*` matches
    /// any text.
    Fails(Next, &'static str),
}

/// What the caller may do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    SendAgain,
    StopTheRun,
    GoOnWithoutIt,
}

const EVERYBODY: &[Speaker] = &Speaker::ALL;
const ANTHROPIC: &[Speaker] = &[Speaker::Anthropic];
/// The providers that are asked in chat completions.
const CHAT: &[Speaker] =
    &[Speaker::OpenaiChat, Speaker::OpenaiOwn, Speaker::Compatible, Speaker::Gemini, Speaker::Ollama];
const CHAT_BUT_GEMINI: &[Speaker] =
    &[Speaker::OpenaiChat, Speaker::OpenaiOwn, Speaker::Compatible, Speaker::Ollama];
const BOTH: &[Delivery] = &[Delivery::Streamed, Delivery::Whole];
const STREAM: &[Delivery] = &[Delivery::Streamed];
const PLAIN: &[Delivery] = &[Delivery::Whole];
const CUT_OFF: &str = r#"{"te | The reply reached max_tokens in the middle of this piece: allow more, or ask for fewer rows a request."#;
const IN_THE_MIDDLE: &str = r#"{"te | The reply ended in the middle of this piece."#;

/// A failure after which nothing is kept.
const fn lost(who: &'static [Speaker], how: &'static [Delivery], next: Next, sentence: &'static str) -> Cell {
    Cell {
        who,
        how,
        rows: &[],
        scraps: &[],
        reply: Reply::None,
        tokens: Paid::Nothing,
        then: Then::Fails(next, sentence),
    }
}

/// A complete reply, with its tokens counted.
const fn ends(
    rows: &'static [&'static str],
    scraps: &'static [&'static str],
    reply: &'static str,
    end: ReplyEnd,
) -> Cell {
    Cell {
        who: EVERYBODY,
        how: BOTH,
        rows,
        scraps,
        reply: Reply::Text(reply),
        tokens: Paid::All,
        then: Then::Ends(end),
    }
}

/// A stream that fails after its first row.
const fn kept(who: &'static [Speaker], reply: &'static str, sentence: &'static str) -> Cell {
    Cell {
        who,
        how: STREAM,
        rows: &["one"],
        scraps: &[],
        reply: Reply::Text(reply),
        tokens: Paid::SoFar,
        then: Then::Fails(Next::SendAgain, sentence),
    }
}

const fn half(who: &'static [Speaker], sentence: &'static str) -> Cell {
    Cell { scraps: &[IN_THE_MIDDLE], ..kept(who, HALF, sentence) }
}

/// What came of a body that is not whole; its counts come before its text.
const fn half_of_a_body(sentence: &'static str) -> Cell {
    Cell { how: PLAIN, tokens: Paid::BeforeTheText, ..half(EVERYBODY, sentence) }
}

const BROKE_HERE: &str =
    "The connection to {provider} broke before the reply was complete: the stream stopped without its end.";
const BROKE: &str = "The connection to {provider} broke before the reply was complete: *";
const BAD_JSON: &str = "The connection to {provider} broke before the reply was complete: *JSON*";
const SILENT: &str = "{provider} fell silent for 100 milliseconds in the middle of its answer.";
const TOO_LONG: &str =
    "The reply of {provider} is longer than 1 MB and was cut there; set `reply_tokens` to bound it.";

/// Returns the cells of a case.
pub(crate) fn expected(case: Case) -> Vec<Cell> {
    match case {
        Case::Refused(refusal) => vec![refused(refusal)],
        Case::NobodyThere | Case::NotAccepted | Case::Hang | Case::HeadersOnly | Case::Stalled => {
            unheard(case)
        }
        Case::HtmlFailure
        | Case::HtmlPage
        | Case::Cut
        | Case::CutInFrame
        | Case::CutInChunks
        | Case::FailsWithin
        | Case::InvalidFrame
        | Case::WrongShape
        | Case::InvalidUtf8
        | Case::TooLong => broken(case),
        _ => vec![],
    }
    .into_iter()
    .chain(replies(case))
    .collect()
}

fn refused(refusal: Refusal) -> Cell {
    use Next::{SendAgain, StopTheRun};
    let (next, sentence) = match refusal {
        Refusal::Limit => {
            (SendAgain, "{provider} is limiting requests and asks for a pause of 7 seconds: {words}.")
        }
        Refusal::Quota => (
            StopTheRun,
            "The account at {provider} has no quota left; look at its plan and billing: {words}.",
        ),
        Refusal::Key => {
            (StopTheRun, "{provider} refused the API key in *_API_KEY; set the right one: {words}.")
        }
        Refusal::Model => {
            (StopTheRun, "{provider} has no model `tiny`; set `model` to one that it has: {words}.")
        }
        Refusal::Failed => (SendAgain, "{provider} failed with HTTP status 500: {words}."),
        Refusal::Overloaded => (SendAgain, "{provider} failed with HTTP status 529: {words}."),
        Refusal::Context => (
            StopTheRun,
            "The request is too long for the model; shorten the prompt or show fewer examples: {words}.",
        ),
    };
    lost(EVERYBODY, BOTH, next, sentence)
}

/// Cells of answers that did not come, or stopped coming.
fn unheard(case: Case) -> Vec<Cell> {
    let all = |sentence| vec![lost(EVERYBODY, BOTH, Next::SendAgain, sentence)];
    match case {
        Case::NobodyThere => all(
            "No connection to http://127.0.0.1:1/v1*/ could be made: Connection refused (*). Start the server there, or set `base_url`.",
        ),
        Case::NotAccepted => all("No connection to {provider} was made within 100 milliseconds."),
        Case::Hang | Case::HeadersOnly => all("{provider} sent no answer within 150 milliseconds."),
        _ => vec![half(EVERYBODY, SILENT), half_of_a_body(SILENT)],
    }
}

/// Cells of answers that are incomplete or of the wrong kind.
fn broken(case: Case) -> Vec<Cell> {
    let again = |who, how, sentence| lost(who, how, Next::SendAgain, sentence);
    match case {
        Case::HtmlFailure => vec![again(EVERYBODY, BOTH, "{provider} failed with HTTP status 502.")],
        Case::HtmlPage => vec![lost(
            EVERYBODY,
            BOTH,
            Next::StopTheRun,
            "Nothing answers requests for rows at * (the answer is a web page). Set `*` to *",
        )],
        Case::Cut => vec![half(EVERYBODY, BROKE_HERE), half_of_a_body(BROKE)],
        Case::CutInFrame => vec![
            again(CHAT, STREAM, BAD_JSON),
            Cell { tokens: Paid::SoFar, ..again(ANTHROPIC, STREAM, BAD_JSON) },
            again(EVERYBODY, PLAIN, BROKE),
        ],
        // A body that is whole is one, whatever becomes of its connection.
        Case::CutInChunks => vec![
            half(EVERYBODY, BROKE),
            Cell { how: PLAIN, ..ends(&["one"], &[IN_THE_MIDDLE], HALF, ReplyEnd::Complete) },
        ],
        Case::FailsWithin => {
            let one = r#"[{"text":"one"},"#;
            let overloaded = "{provider} failed with HTTP status 529: Overloaded.";
            vec![kept(EVERYBODY, one, overloaded), again(EVERYBODY, PLAIN, overloaded)]
        }
        Case::WrongShape => vec![
            again(EVERYBODY, STREAM, BROKE),
            lost(
                EVERYBODY,
                PLAIN,
                Next::StopTheRun,
                "Nothing answers requests for rows at * (the answer is no reply: {\"hello\":\"world\"}). *",
            ),
        ],
        // The reply's end came nevertheless.
        Case::InvalidFrame => vec![
            Cell { how: STREAM, ..ends(&["one"], &[], r#"[{"text":"one"},]"#, ReplyEnd::Complete) },
            again(EVERYBODY, PLAIN, BAD_JSON),
        ],
        Case::InvalidUtf8 => vec![ends(
            &["one", "three"],
            &["{\"text\":\"\u{fffd}\"} | This piece holds bytes that are no UTF-8, shown as U+FFFD."],
            "[{\"text\":\"one\"},{\"text\":\"\u{fffd}\"},{\"text\":\"three\"}]",
            ReplyEnd::Complete,
        )],
        _ => {
            let then = Then::Fails(Next::GoOnWithoutIt, TOO_LONG);
            let scraps = &[r#"{"text":"xxx*xxx | The reply ended in the middle of this piece."#];
            let cut =
                |who, how, reply, tokens| Cell { who, how, rows: &["one"], scraps, reply, tokens, then };
            vec![
                // Whole frames count with their envelopes; an incomplete one is not read.
                cut(EVERYBODY, STREAM, Reply::Long(1_024_025), Paid::SoFar),
                // In a whole reply the envelope before the text counts too.
                cut(CHAT, PLAIN, Reply::Long(1_048_431), Paid::Nothing),
                cut(ANTHROPIC, PLAIN, Reply::Long(1_048_474), Paid::Nothing),
            ]
        }
    }
}

/// Cells of complete replies.
fn replies(case: Case) -> Vec<Cell> {
    use ReplyEnd::{Complete, CutOff, Filtered};
    let one = match case {
        Case::Good | Case::SplitEverywhere | Case::KeptAlive | Case::LeftOpen => {
            ends(&["one", "two ☺"], &[], r#"{"rows":[{"text":"one"},{"text":"two ☺"}]}"#, Complete)
        }
        Case::InvalidJson => ends(
            &["one", "three"],
            &[r#"{"text":"tw" "o"} | This piece is not valid JSON: *."#],
            r#"[{"text":"one"},{"text":"tw" "o"},{"text":"three"}]"#,
            Complete,
        ),
        Case::WrongSchema => ends(
            &["ok"],
            &[
                r#"{"tex":"a"} | The field `text` is missing."#,
                r#"{"text":7} | The field `text` must be text, not `7`."#,
                r#"{"text":"b","more":1} | The session declares no field `more`; it has `text`."#,
            ],
            r#"[{"tex":"a"},{"text":7},{"text":"ok"},{"text":"b","more":1}]"#,
            Complete,
        ),
        Case::Empty => Cell {
            tokens: Paid::All,
            ..lost(
                EVERYBODY,
                BOTH,
                Next::GoOnWithoutIt,
                "The reply is empty ({provider} counted 11 tokens in and 7 out).",
            )
        },
        Case::RefusesInWords => ends(
            &[],
            &["I'm sorry, but I can't help with that. | The reply is neither JSON nor a list."],
            NO,
            Complete,
        ),
        Case::RefusesInField => return refuses_in_field(),
        Case::Filtered => ends(&["one"], &[], r#"[{"text":"one"},"#, Filtered),
        Case::CutOff => ends(&["one"], &[CUT_OFF], r#"{"rows":[{"text":"one"},{"te"#, CutOff),
        Case::Escapes => ends(
            // The reply is stored unchanged; it is made safe only where it is shown.
            &["\u{1b}[31mred\u{1b}[0m\u{7}"],
            &[],
            r#"[{"text":"\u001b[31mred\u001b[0m\u0007"}]"#,
            Complete,
        ),
        Case::Large => {
            Cell { reply: Reply::Long(10_547_228), ..ends(&["one", "xxx*xxx"], &[], "", Complete) }
        }
        _ => return vec![],
    };
    vec![one]
}

fn refuses_in_field() -> Vec<Cell> {
    let scraps = &["I'm sorry, but I can't help with that. | The model refused to write rows."];
    let in_words = |who| Cell { who, tokens: Paid::Nothing, ..ends(&[], scraps, NO, ReplyEnd::Complete) };
    let filtered = |who, sentence| lost(who, BOTH, Next::GoOnWithoutIt, sentence);
    let anthropic = "The model refused to write rows (`refusal`): *";
    let gemini = "The content filter of gemini ended the reply before its first row (`content_filter: PROHIBITED_CONTENT`): *";
    vec![
        in_words(CHAT_BUT_GEMINI),
        Cell { tokens: Paid::All, ..filtered(ANTHROPIC, anthropic) },
        Cell { tokens: Paid::Prompt, ..filtered(&[Speaker::Gemini], gemini) },
    ]
}
