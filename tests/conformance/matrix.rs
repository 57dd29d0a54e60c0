//! Runs the matrix: every case × every provider × {plain, stream}, each against its own server.

use std::time::Duration;

use rowsmith::api::{Delivery, GeneratorError, ProviderOptions, Timeouts};

use super::asking::{DELIVERIES, Heard, KEY, ask, generator, options};
use super::cases::Case;
use super::dialects::Speaker;
use super::expected::{Cell, Next, Reply, Then, expected};
use super::refusals::Refusal;
use super::server::{Deaf, Server};

/// Generates a test for each case.
macro_rules! cases {
    ($($name:ident => $case:expr,)+) => {
        $(#[test] fn $name() { run($case); })+
    };
}

cases! {
    a_good_reply_gives_its_rows => Case::Good,
    a_split_at_every_byte_changes_nothing => Case::SplitEverywhere,
    what_keeps_a_connection_alive_is_no_reply => Case::KeptAlive,
    a_reply_has_ended_before_its_connection_does => Case::LeftOpen,
    a_limit_says_how_long_to_wait => Case::Refused(Refusal::Limit),
    exhausted_quota_ends_a_run => Case::Refused(Refusal::Quota),
    a_wrong_key_ends_a_run_and_is_not_shown => Case::Refused(Refusal::Key),
    an_unknown_model_is_named => Case::Refused(Refusal::Model),
    a_failing_server_may_be_asked_again => Case::Refused(Refusal::Failed),
    an_overloaded_server_may_be_asked_again => Case::Refused(Refusal::Overloaded),
    a_request_that_is_too_long_ends_a_run => Case::Refused(Refusal::Context),
    a_page_of_html_says_nothing_but_its_status => Case::HtmlFailure,
    a_page_of_html_is_no_reply => Case::HtmlPage,
    a_server_that_is_not_there_is_named => Case::NobodyThere,
    a_connection_is_waited_for_only_so_long => Case::NotAccepted,
    a_server_that_sends_nothing_is_waited_for_only_so_long => Case::Hang,
    headers_are_not_the_first_byte => Case::HeadersOnly,
    a_server_that_stops_in_the_middle_keeps_its_rows => Case::Stalled,
    a_cut_between_frames_keeps_its_rows => Case::Cut,
    a_cut_within_a_frame_is_no_end => Case::CutInFrame,
    a_cut_between_chunks_keeps_its_rows => Case::CutInChunks,
    a_failure_within_an_answer_keeps_what_came => Case::FailsWithin,
    invalid_json_keeps_the_rows_around_it => Case::InvalidJson,
    a_frame_that_is_no_json_breaks_no_stream_whose_end_comes => Case::InvalidFrame,
    json_that_is_no_answer_breaks_the_reply => Case::WrongShape,
    json_of_the_wrong_schema_makes_scraps => Case::WrongSchema,
    an_empty_reply_says_what_it_cost => Case::Empty,
    a_refusal_in_words_is_a_scrap => Case::RefusesInWords,
    a_refusal_in_a_place_of_its_own_is_heard => Case::RefusesInField,
    a_content_filter_after_a_row_is_no_error => Case::Filtered,
    a_reply_cut_off_at_the_most_tokens_makes_one_scrap => Case::CutOff,
    a_reply_of_ten_megabytes_is_cut_at_the_bound_and_keeps_its_rows => Case::TooLong,
    ten_megabytes_are_read_where_no_bound_is_set => Case::Large,
    bytes_that_are_no_text_cost_their_row_and_no_other => Case::InvalidUtf8,
    escapes_in_a_text_are_kept_as_they_are => Case::Escapes,
}

/// Asks every provider, streamed and whole, all at once, and compares each result with its cell.
fn run(case: Case) {
    let cells = expected(case);
    std::thread::scope(|scope| {
        for speaker in Speaker::ALL {
            for delivery in DELIVERIES {
                let fitting =
                    cells.iter().filter(|cell| cell.who.contains(&speaker) && cell.how.contains(&delivery));
                let [cell] = fitting.collect::<Vec<_>>()[..] else {
                    panic!("{case:?} {speaker:?} {delivery:?} must have one cell");
                };
                scope.spawn(move || {
                    let heard = heard(case, speaker, delivery);
                    let differences = differences(case, speaker, cell, &heard);
                    assert!(
                        differences.is_empty(),
                        "{case:?} {speaker:?} {delivery:?}: {differences:#?}\n{:.900}",
                        format!("{heard:?}")
                    );
                });
            }
        }
    });
}

fn heard(case: Case, speaker: Speaker, delivery: Delivery) -> Heard {
    let options = ProviderOptions { timeouts: Some(patience(case, delivery)), ..options(delivery) };
    let most_bytes = if case == Case::TooLong { 1 << 20 } else { options.most_bytes };
    let options = ProviderOptions { most_bytes, ..options };
    match case {
        // Nothing listens on port 1.
        Case::NobodyThere => ask(&generator(speaker, "http://127.0.0.1:1", options)),
        Case::NotAccepted => ask(&generator(speaker, &Deaf::new().url, options)),
        _ => {
            let server = Server::with(vec![case.answer(speaker, delivery)]);
            ask(&generator(speaker, &server.url, options))
        }
    }
}

/// A timeout that must not run out, even on a slow machine.
const LONG: Duration = Duration::from_secs(20);

/// Returns short timeouts for the wait that must run out, and long ones for all others.
fn patience(case: Case, delivery: Delivery) -> Timeouts {
    let millis = Duration::from_millis;
    let (connect, first_byte, idle) = match (case, delivery) {
        (Case::NotAccepted, _) => (millis(100), LONG, LONG),
        (Case::Hang | Case::HeadersOnly, _) => (LONG, millis(150), millis(60)),
        (Case::Stalled, Delivery::Streamed) => (LONG, LONG, millis(100)),
        (Case::Stalled, Delivery::Whole) => (LONG, millis(2_000), millis(100)),
        _ => (LONG, LONG, LONG),
    };
    Timeouts { connect, first_byte, idle }
}

/// Returns the differences between a result and its cell.
fn differences(case: Case, speaker: Speaker, cell: &Cell, heard: &Heard) -> Vec<String> {
    let mut found = Vec::new();
    let mut same = |what: &str, same: bool, wanted: &dyn std::fmt::Debug| {
        if !same {
            found.push(format!("{what} should be {wanted:?}"));
        }
    };
    same("rows", all_like(&heard.rows, cell.rows), &cell.rows);
    same("scraps", all_like(&heard.scraps, cell.scraps), &cell.scraps);
    let reply = match cell.reply {
        Reply::None => heard.reply.is_none(),
        Reply::Text(text) => heard.reply.as_deref() == Some(text),
        Reply::Long(bytes) => heard.reply.as_ref().is_some_and(|reply| reply.len() == bytes),
    };
    same("the reply", reply, &cell.reply);
    let tokens = cell.tokens.tokens(speaker);
    same("tokens", heard.tokens == tokens, &tokens);
    // A timeout that ran out was the short one. Ten megabytes may take longer.
    let is_large = matches!(case, Case::TooLong | Case::Large);
    same("the time", is_large || heard.took < LONG / 2, &"short");
    let then = match (cell.then, &heard.error) {
        (Then::Ends(end), None) => heard.end == Some(end),
        (Then::Fails(next, sentence), Some(error)) => {
            let words = match case {
                Case::Refused(refusal) => refusal.said(speaker).words.replace(KEY, "[key]"),
                _ => String::new(),
            };
            let sentence =
                sentence.replace("{provider}", speaker.provider().name()).replace("{words}", &words);
            next == next_of(error) && is_like(&error.to_string(), &sentence)
        }
        _ => false,
    };
    same("then", then, &cell.then);
    found
}

fn next_of(error: &GeneratorError) -> Next {
    match (error.is_transient(), error.is_final()) {
        (true, false) => Next::SendAgain,
        (false, true) => Next::StopTheRun,
        (false, false) => Next::GoOnWithoutIt,
        (true, true) => panic!("{error} is both transient and final"),
    }
}

fn all_like(texts: &[String], patterns: &[&str]) -> bool {
    texts.len() == patterns.len() && texts.iter().zip(patterns).all(|(text, pattern)| is_like(text, pattern))
}

/// Returns whether a text matches a pattern, in which `*` stands for any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return text == pattern };
    let Some(text) = text.strip_prefix(first) else { return false };
    if !rest.contains('*') {
        return text.ends_with(rest);
    }
    text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| is_like(&text[at..], rest))
}

#[test]
fn a_star_stands_for_anything_and_nothing_else_does() {
    assert!(is_like("abc", "a*c") && is_like("ac", "a*c") && is_like("abcd", "a*c*"));
    assert!(!is_like("abcd", "a*c") && !is_like("abc", "abcd") && !is_like("", "a"));
}
