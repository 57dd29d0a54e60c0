//! What servers refuse, and how they fall silent: each with its sentence and what to do next.

use std::time::Duration;

use rowsmith::generate::{Delivery, GeneratorError, ProviderOptions, ReplyEnd, Silence, Timeouts};

use super::asking::{ask, for_all, generator, options};
use super::dialects::{Ending, Speaker};
use super::server::{Answer, Server};

const JSON: &str = "content-type: application/json\r\n";

/// Asks everybody, who answers with a status and an error, and checks the error.
fn refused(
    status: u16,
    headers: &str,
    kind: &str,
    message: &str,
    check: impl Fn(Speaker, &GeneratorError, &str),
) {
    for_all(
        |speaker, _| {
            let body = speaker.error(status, kind, message);
            Answer::whole(status, &format!("{JSON}{headers}"), body.as_bytes())
        },
        options,
        |speaker, _, heard| {
            assert!(heard.rows.is_empty() && heard.scraps.is_empty() && heard.reply.is_none(), "{heard:?}");
            check(speaker, heard.error.as_ref().unwrap(), &heard.sentence());
        },
    );
}

#[test]
fn a_limit_says_how_long_to_wait() {
    refused(429, "retry-after: 7\r\n", "rate_limit_error", "Slow down", |speaker, error, sentence| {
        let name = speaker.provider().name();
        assert_eq!(
            sentence,
            format!("{name} is limiting requests and asks for a pause of 7 seconds: Slow down.")
        );
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert!(error.is_transient() && !error.is_final());
    });
}

#[test]
fn a_limit_tells_what_is_left() {
    for_all(
        |speaker, _| {
            let headers = format!("{JSON}x-ratelimit-remaining-requests: 0\r\nretry-after-ms: 250\r\n");
            Answer::whole(429, &headers, speaker.error(429, "rate_limit", "Slow down").as_bytes())
        },
        options,
        |_, _, heard| {
            assert_eq!(heard.limits, 1);
            assert_eq!(heard.error.as_ref().unwrap().retry_after(), Some(Duration::from_millis(250)));
        },
    );
}

#[test]
fn exhausted_quota_ends_a_run() {
    let words = "You exceeded your current quota, please check your plan";
    refused(429, "", "insufficient_quota", words, |_, error, sentence| {
        assert!(
            sentence.contains("has no quota left; look at its plan and billing: You exceeded"),
            "{sentence}"
        );
        assert!(error.is_final() && !error.is_transient());
    });
}

#[test]
fn a_wrong_key_ends_a_run_and_is_not_shown() {
    let words = format!("Incorrect API key provided: {}", super::asking::KEY);
    refused(401, "", "authentication_error", &words, |_, error, sentence| {
        assert!(sentence.contains("refused the API key in "), "{sentence}");
        assert!(
            sentence.contains("_API_KEY; set the right one: Incorrect API key provided: [key]."),
            "{sentence}"
        );
        assert!(error.is_final());
    });
}

#[test]
fn an_unknown_model_is_named() {
    refused(404, "", "not_found_error", "The model `tiny` does not exist", |_, error, sentence| {
        assert!(sentence.contains("has no model `tiny`; set `model` to one that it has"), "{sentence}");
        assert!(error.is_final());
    });
}

#[test]
fn a_failing_server_may_be_asked_again() {
    for status in [408, 409, 500, 503, 529] {
        refused(status, "retry-after: 1\r\n", "server_error", "Overloaded", |_, error, sentence| {
            assert!(
                sentence.ends_with(&format!(
                    "failed with HTTP status {status} and asks for a pause of 1 second: Overloaded."
                )),
                "{sentence}"
            );
            assert!(error.is_transient());
        });
    }
}

#[test]
fn a_server_that_wants_no_second_try_gets_none() {
    refused(503, "x-should-retry: false\r\n", "server_error", "Gone", |_, error, sentence| {
        assert!(sentence.ends_with("refused the request with HTTP status 503: Gone."), "{sentence}");
        assert!(!error.is_transient());
    });
}

#[test]
fn a_page_of_html_says_nothing_but_its_status() {
    for_all(
        |_, _| Answer::whole(502, "content-type: text/html\r\n", b"<html><h1>Bad gateway</h1></html>"),
        options,
        |_, _, heard| {
            assert!(heard.sentence().ends_with("failed with HTTP status 502."), "{heard:?}");
            assert!(heard.error.as_ref().is_some_and(GeneratorError::is_transient));
        },
    );
}

#[test]
fn a_request_that_is_too_long_ends_a_run() {
    let words = "This model's maximum context length is 4096 tokens";
    refused(400, "", "invalid_request_error", words, |_, error, sentence| {
        assert!(
            sentence.starts_with("The request is too long for the model; shorten the prompt"),
            "{sentence}"
        );
        assert!(error.is_final());
    });
}

/// Short waits, and a long one where it must not run out.
fn impatient(delivery: Delivery, first_byte: u64, idle: u64) -> ProviderOptions {
    let millis = Duration::from_millis;
    let timeouts = Timeouts { connect: millis(5_000), first_byte: millis(first_byte), idle: millis(idle) };
    ProviderOptions { timeouts: Some(timeouts), ..options(delivery) }
}

#[test]
fn a_server_that_sends_nothing_is_told_from_one_that_stops() {
    for_all(
        |_, _| Answer::silence(),
        |delivery| impatient(delivery, 120, 60),
        |speaker, _, heard| {
            let name = speaker.provider().name();
            assert_eq!(heard.sentence(), format!("{name} sent no answer within 120 milliseconds."));
            assert!(heard.error.as_ref().is_some_and(GeneratorError::is_transient));
        },
    );
}

#[test]
fn a_server_that_stops_in_the_middle_keeps_its_rows() {
    let pieces = [r#"[{"text":"one"},{"te"#];
    for_all(
        |speaker, delivery| match delivery {
            Delivery::Streamed => Answer::stream(speaker.frames(&pieces, Ending::None)).then_silence(),
            Delivery::Whole => {
                let body = speaker.whole(&pieces.concat(), Ending::Stop).to_string();
                let mut answer = Answer::whole(200, JSON, body.as_bytes());
                answer.pieces[1].truncate(30);
                answer.then_silence()
            }
        },
        |delivery| impatient(delivery, 2_000, 120),
        |speaker, delivery, heard| {
            let Some(GeneratorError::TimedOut { silence, .. }) = &heard.error else { panic!("{heard:?}") };
            if delivery == Delivery::Streamed {
                assert_eq!(*silence, Silence::Idle);
                assert_eq!(heard.rows, ["one"], "{speaker:?}");
                assert_eq!(heard.scraps.len(), 1);
            }
            if delivery == Delivery::Streamed || speaker.completes() {
                assert!(
                    heard
                        .sentence()
                        .ends_with("fell silent for 120 milliseconds in the middle of its answer.")
                );
            }
        },
    );
}

#[test]
fn a_refused_schema_is_dropped_once_and_remembered() {
    for speaker in Speaker::ALL {
        let no = speaker.error(400, "invalid_request_error", "json_schema is not supported by this model");
        let yes = speaker.whole(r#"[{"text":"one"}]"#, Ending::Stop).to_string();
        let server = Server::with(vec![
            Answer::whole(400, JSON, no.as_bytes()),
            Answer::whole(200, JSON, yes.as_bytes()),
        ]);
        let generator = generator(speaker, &server.url, options(Delivery::Whole));

        for _ in 0..2 {
            let heard = ask(&generator);
            assert_eq!((heard.rows.len(), heard.end), (1, Some(ReplyEnd::Complete)), "{speaker:?} {heard:?}");
        }

        let requests = server.requests();
        let asked = |request: &String| request.contains("The rows, each complete in itself.");
        assert_eq!(requests.iter().map(asked).collect::<Vec<_>>(), [true, false, false], "{speaker:?}");
    }
}

#[test]
fn requests_that_are_refused_their_schema_at_once_all_go_on_without() {
    use futures_util::stream::StreamExt;
    use rowsmith::generate::Generator;
    let speaker = Speaker::Compatible;
    let no = Answer::whole(400, JSON, br#"{"error":{"message":"response_format is not supported"}}"#);
    let yes = speaker.whole(r#"[{"text":"one"}]"#, Ending::Stop).to_string();
    let server = Server::with(vec![no.clone(), no, Answer::whole(200, JSON, yes.as_bytes())]);
    let generator = generator(speaker, &server.url, options(Delivery::Whole));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let all = || generator.generate(super::asking::request()).collect::<Vec<_>>();

    let (first, second) = runtime.block_on(futures_util::future::join(all(), all()));

    assert!(first.iter().chain(&second).all(Result::is_ok), "{first:?} {second:?}");
}

#[test]
fn a_failure_in_the_middle_of_a_stream_keeps_what_came() {
    for speaker in Speaker::ALL {
        let mut frames = speaker.frames(&[r#"[{"text":"one"},"#], Ending::None);
        let error = match speaker {
            Speaker::OpenaiResponses => {
                r#"{"type":"error","code":"server_error","message":"Overloaded"}"#.into()
            }
            _ => speaker.error(529, "overloaded_error", "Overloaded"),
        };
        frames.push(format!("event: error\ndata: {error}\n\n").into_bytes());
        let server = Server::with(vec![Answer::stream(frames)]);

        let heard = ask(&generator(speaker, &server.url, options(Delivery::Streamed)));

        assert_eq!(heard.rows, ["one"], "{speaker:?}");
        assert!(heard.sentence().ends_with(": Overloaded."), "{speaker:?} {heard:?}");
        assert!(heard.error.as_ref().is_some_and(GeneratorError::is_transient), "{speaker:?} {heard:?}");
    }
}
