//! Parameters that a server refuses: left out, remembered and said.

use futures_util::stream::StreamExt;
use rowsmith::api::{Delivery, GenerateEvent, Generator, GeneratorSettings, Parameter, ProviderGenerator};

use super::asking::{ask, generator, options, request, settings};
use super::cases::Case;
use super::dialects::Speaker;
use super::server::{Answer, JSON, Server};

const SPEAKER: Speaker = Speaker::Compatible;

fn no(body: &str) -> Answer {
    Answer::whole(400, JSON, body.as_bytes())
}

/// Returns a refusal as `OpenAI` writes it.
fn refused(parameter: &str) -> Answer {
    let message = format!("Unsupported value: '{parameter}' does not support this with this model.");
    no(&serde_json::json!({ "error": { "message": message, "param": parameter, "code": "unsupported_value" } })
        .to_string())
}

/// Returns the JSON of each request.
fn bodies(server: &Server) -> Vec<serde_json::Value> {
    let requests = server.requests();
    requests
        .iter()
        .map(|request| serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap())
        .collect()
}

#[test]
fn one_parameter_after_another_is_left_out_and_the_rows_come() {
    let names = [
        "temperature",
        "seed",
        "stream_options",
        "response_format",
        "max_tokens",
        "max_completion_tokens",
        "stream",
    ];
    let mut answers: Vec<_> = names.iter().map(|name| refused(name)).collect();
    answers.push(Case::Good.answer(SPEAKER, Delivery::Whole));
    let server = Server::with(answers);
    let generator = generator(SPEAKER, &server.url, options(Delivery::Streamed));

    let heard = ask(&generator);

    assert_eq!((heard.rows.len(), heard.sent_again, heard.remarks.len()), (2, 7, 7), "{heard:?}");
    assert!(heard.remarks[0].contains("temperature 1"), "{heard:?}");
    // A request that was never refused anything is sent as the last one was, and says nothing.
    let second = ask(&generator);
    assert_eq!((second.rows.len(), second.sent_again, second.remarks.len()), (2, 0, 0), "{second:?}");
    let bodies = bodies(&server);
    assert_eq!(bodies.len(), 9);
    for body in &bodies[7..] {
        let keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["model", "messages"]);
    }
}

#[test]
fn a_gateway_that_names_several_parameters_is_asked_once_more() {
    let litellm = r#"{"error":{"message":"litellm.UnsupportedParamsError: some_provider does not support parameters: ['seed', 'response_format'], for model=tiny.","type":"None","param":"None","code":"400"}}"#;
    let server = Server::with(vec![no(litellm), Case::Good.answer(SPEAKER, Delivery::Streamed)]);

    let heard = ask(&generator(SPEAKER, &server.url, options(Delivery::Streamed)));

    assert_eq!((heard.rows.len(), heard.sent_again), (2, 1), "{heard:?}");
    let last = &bodies(&server)[1];
    assert!(last.get("seed").is_none() && last.get("response_format").is_none(), "{last}");
    assert_eq!(last["max_tokens"], 500);
}

#[test]
fn what_the_settings_leave_out_is_never_sent() {
    let server = Server::with(vec![Case::Good.answer(SPEAKER, Delivery::Whole)]);
    let settings = GeneratorSettings { leave_out: Parameter::ALL.to_vec(), ..settings(SPEAKER, &server.url) };
    let generator = ProviderGenerator::new(&settings, options(Delivery::Streamed), &|_| None).unwrap();

    assert_eq!(ask(&generator).rows.len(), 2);

    assert_eq!(bodies(&server)[0].as_object().unwrap().len(), 2, "{:?}", server.requests());
}

#[test]
fn concurrent_requests_that_are_refused_the_same_say_it_once() {
    let server =
        Server::with(vec![refused("seed"), refused("seed"), Case::Good.answer(SPEAKER, Delivery::Streamed)]);
    let generator = generator(SPEAKER, &server.url, options(Delivery::Streamed));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let all = || generator.generate(request()).collect::<Vec<_>>();

    let (first, second) = runtime.block_on(futures_util::future::join(all(), all()));

    let events: Vec<_> = first.into_iter().chain(second).map(Result::unwrap).collect();
    let count = |is: fn(&GenerateEvent) -> bool| events.iter().filter(|event| is(event)).count();
    assert_eq!(count(|event| matches!(event, GenerateEvent::Remark(_))), 1, "{events:?}");
    assert_eq!(count(|event| matches!(event, GenerateEvent::SentAgain)), 2, "{events:?}");
    assert_eq!(count(|event| matches!(event, GenerateEvent::Row(_))), 4, "{events:?}");
}

#[test]
fn what_cannot_be_left_out_names_the_setting_after_one_request() {
    for (body, sentence) in [
        (
            r#"{"error":{"message":"max_tokens is too large: 500. This model supports at most 256 completion tokens","param":"max_tokens"}}"#,
            "openai refuses the parameter `max_tokens` as it is; set `reply_tokens` under [generator] or in the profile \
             to at most 256: max_tokens is too large",
        ),
        (
            r#"{"error":{"message":"This model only supports streaming output"}}"#,
            "openai refuses the parameter `stream` as it is; leave out `--no-stream`",
        ),
    ] {
        let server = Server::with(vec![no(body)]);
        let heard = ask(&generator(SPEAKER, &server.url, options(Delivery::Whole)));

        assert!(heard.sentence().starts_with(sentence), "{}", heard.sentence());
        assert!(heard.error.as_ref().unwrap().is_final());
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_reply_that_is_no_json_keeps_the_schema() {
    let failed = r#"{"error":{"message":"Failed to generate JSON. Please adjust your prompt.","type":"invalid_request_error","code":"json_validate_failed","failed_generation":"{"}}"#;
    let server = Server::with(vec![no(failed), Case::Good.answer(SPEAKER, Delivery::Streamed)]);
    let generator = generator(SPEAKER, &server.url, options(Delivery::Streamed));

    let heard = ask(&generator);

    assert!(heard.sentence().starts_with("openai took the reply for invalid JSON"), "{}", heard.sentence());
    let error = heard.error.as_ref().unwrap();
    assert!(!error.is_final() && !error.is_transient() && heard.sent_again == 0);
    assert_eq!(ask(&generator).rows.len(), 2);
    assert!(bodies(&server).iter().all(|body| body.get("response_format").is_some()));
}

#[test]
fn a_gateways_refused_key_is_said_at_once_and_whether_one_was_sent() {
    for (status, body) in [
        (
            500,
            r#"{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"500"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}"#,
        ),
        (
            401,
            r#"{"error":{"message":"Authentication Error, Invalid proxy server token passed.","type":"token_not_found_in_db","code":"401"}}"#,
        ),
    ] {
        let server = Server::with(vec![Answer::whole(status, JSON, body.as_bytes())]);
        let heard = ask(&generator(SPEAKER, &server.url, options(Delivery::Streamed)));
        assert!(
            heard.sentence().starts_with("openai refused the API key in OPENAI_API_KEY"),
            "{}",
            heard.sentence()
        );

        let keyless = settings(SPEAKER, &server.url);
        let keyless = ProviderGenerator::new(&keyless, options(Delivery::Streamed), &|_| None).unwrap();
        let heard = ask(&keyless);
        let sentence = "openai wants an API key and none was sent; set OPENAI_API_KEY, name another variable with \
                        `api_key_env`, or let a key that stays here go there by `rowsmith allow`: ";
        assert!(heard.sentence().starts_with(sentence), "{}", heard.sentence());
        assert!(heard.error.as_ref().unwrap().is_final());
    }
}

#[test]
fn a_server_that_fails_without_a_word_or_a_key_is_asked_for_its_models_before_it_is_believed() {
    let failed = || Answer::whole(500, "content-type: text/plain\r\n", b"Internal Server Error");
    let hear = |answers| {
        let server = Server::with(answers);
        let keyless = settings(SPEAKER, &server.url);
        let keyless = ProviderGenerator::new(&keyless, options(Delivery::Streamed), &|_| None).unwrap();
        let heard = ask(&keyless);
        (server.requests().len(), heard.sentence())
    };

    let (requests, sentence) = hear(vec![failed(), failed()]);
    assert!(requests == 2 && sentence.contains("OPENAI_API_KEY"), "{sentence}");
    assert!(sentence.contains("none was sent"), "{sentence}");
    let (requests, sentence) = hear(vec![failed(), Answer::whole(200, JSON, br#"{"data":[]}"#)]);
    assert!(requests == 2 && sentence.contains("failed with HTTP status 500"), "{sentence}");
}
