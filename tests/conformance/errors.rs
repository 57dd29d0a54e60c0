//! Errors of servers besides those of the matrix, and the rate limits that they report.

use std::time::Duration;

use rowsmith::api::{Delivery, GeneratorError, ReplyEnd};

use super::asking::{ask, for_all, generator, options};
use super::cases::Case;
use super::dialects::{Ending, Speaker};
use super::server::{Answer, JSON, Server};

/// Lets every provider answer with a status and an error, and checks the error.
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
fn a_good_answer_tells_what_is_left() {
    for_all(
        |speaker, delivery| {
            let mut answer = Case::Good.answer(speaker, delivery);
            let head = String::from_utf8(answer.pieces.remove(0)).unwrap();
            let limits = match speaker {
                Speaker::Anthropic => "anthropic-ratelimit-requests-remaining: 5\r\n\r\n",
                _ => "x-ratelimit-remaining-requests: 5\r\nx-ratelimit-limit-tokens: 900\r\n\r\n",
            };
            answer.pieces.insert(0, format!("{}\r\n{limits}", head.trim_end()).into_bytes());
            answer
        },
        options,
        |speaker, _, heard| {
            assert_eq!(heard.rows, ["one", "two ☺"]);
            assert_eq!(heard.limits, 1, "{speaker:?}");
        },
    );
}

/// Lets one provider refuse, streamed and whole, and returns both errors with their sentences.
fn said(speaker: Speaker, status: u16, body: &str) -> [(GeneratorError, String); 2] {
    super::asking::DELIVERIES.map(|delivery| {
        let server = Server::with(vec![Answer::whole(status, JSON, body.as_bytes())]);
        let mut heard = ask(&generator(speaker, &server.url, options(delivery)));
        let sentence = heard.sentence();
        (heard.error.take().unwrap(), sentence)
    })
}

#[test]
fn what_providers_say_with_a_status_of_another_meaning_is_understood() {
    let bad_key = r#"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]"#;
    for (error, sentence) in said(Speaker::Gemini, 400, bad_key) {
        assert!(
            sentence
                .starts_with("gemini refused the API key in GEMINI_API_KEY; set the right one: API key not")
        );
        assert!(error.is_final());
    }
    let minute = r#"{"error":{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}]}}"#;
    for (error, sentence) in said(Speaker::Gemini, 429, minute) {
        assert_eq!(error.retry_after(), Some(Duration::from_secs(2)), "{sentence}");
        assert!(error.is_transient(), "a limit by the minute is no end of the quota: {sentence}");
    }
    let overflow = r#"{"error":{"code":500,"message":"the request exceeds the available context size","type":"server_error"}}"#;
    for (error, sentence) in said(Speaker::Compatible, 500, overflow) {
        assert!(sentence.starts_with("The request is too long for the model;"), "{sentence}");
        assert!(error.is_final());
    }
    // As Azure writes it; another prompt may pass.
    let filtered =
        r#"{"error":{"code":"content_filter","message":"The response was filtered","status":400}}"#;
    for (error, sentence) in said(Speaker::OpenaiChat, 400, filtered) {
        assert_eq!(sentence, "openai refused the text of this request: The response was filtered.");
        assert!(!error.is_final() && !error.is_transient());
    }
}

#[test]
fn a_reply_that_failed_says_why() {
    let failed = r#"{"error":{"code":"rate_limit_exceeded","message":"Too many tokens this minute"}}"#;
    let frame = format!("data: {failed}\n\n");
    for (delivery, answer) in [
        (Delivery::Whole, Answer::whole(200, JSON, failed.as_bytes())),
        (Delivery::Streamed, Answer::stream(vec![frame.into_bytes()])),
    ] {
        let server = Server::with(vec![answer]);
        let heard = ask(&generator(Speaker::OpenaiOwn, &server.url, options(delivery)));

        assert_eq!(heard.sentence(), "openai is limiting requests: Too many tokens this minute.");
        assert!(heard.error.as_ref().is_some_and(GeneratorError::is_transient));
    }
}

#[test]
fn a_model_that_only_responses_serve_ends_a_run_and_says_so() {
    let no = r#"{"error":{"message":"This model is only supported in v1/responses and not in v1/chat/completions.","type":"invalid_request_error","param":"model","code":null}}"#;
    for (error, sentence) in said(Speaker::OpenaiOwn, 404, no) {
        assert!(
            sentence
                .starts_with("openai does not serve `tiny` by chat completions, and its Responses are not"),
            "{sentence}"
        );
        assert!(error.is_final());
    }
}

#[test]
fn a_part_of_a_request_that_is_refused_is_left_out_once_and_remembered() {
    // As Gemini refuses a seed, OpenAI the usual name of the token limit, and a gateway both.
    let seed = r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#;
    let limit = r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}"#;
    for (speaker, delivery) in [(Speaker::Gemini, Delivery::Streamed), (Speaker::Compatible, Delivery::Whole)]
    {
        let good = Case::Good.answer(speaker, delivery);
        let refused = |body: &str| Answer::whole(400, JSON, body.as_bytes());
        let server = Server::with(vec![refused(seed), refused(limit), good]);
        let generator = generator(speaker, &server.url, options(delivery));

        for _ in 0..2 {
            assert_eq!(ask(&generator).rows, ["one", "two ☺"]);
        }

        let requests = server.requests();
        let has = |name: &str| requests.iter().map(|request| request.contains(name)).collect::<Vec<_>>();
        assert_eq!(has("\"seed\":7"), [true, false, false, false], "{speaker:?}");
        assert_eq!(has("\"max_tokens\":500"), [true, true, false, false], "{speaker:?}");
        assert_eq!(has("\"max_completion_tokens\":500"), [false, false, true, true], "{speaker:?}");
        assert_eq!(has("response_format"), [true; 4], "{speaker:?}");
    }
}

#[test]
fn other_failures_may_be_asked_again_too() {
    for status in [408, 409, 502, 503, 504] {
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
    use rowsmith::api::Generator;
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
