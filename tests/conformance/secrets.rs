//! Keys, recordings, lists of models, and the small request that tests a server.

use std::sync::{Arc, Mutex};

use rowsmith::api::{Delivery, ProviderOptions, Recorder, Recording, Support};
use secrecy::SecretString;

use super::asking::{DELIVERIES, KEY, ask, generator, options};
use super::dialects::{Ending, Speaker};
use super::server::{Answer, JSON, Server};

#[derive(Debug, Default)]
struct Tape(Mutex<Vec<Recording>>);

impl Recorder for Tape {
    fn record(&self, recording: Recording) {
        self.0.lock().unwrap().push(recording);
    }
}

#[test]
fn a_recording_holds_the_exchange_and_no_key() {
    for speaker in Speaker::ALL {
        for delivery in DELIVERIES {
            let text = format!(r#"[{{"text":"your key is {KEY} ☺"}}]"#);
            let answer = match delivery {
                Delivery::Streamed => Answer::stream(speaker.frames(&[&text], Ending::Stop)),
                Delivery::Whole => {
                    let body = speaker.whole(&text, Ending::Stop).to_string();
                    Answer::whole(200, &format!("{JSON}set-cookie: s={KEY}\r\n"), body.as_bytes())
                }
            };
            let came = answer.pieces[1..].to_vec();
            // Split everywhere, also in the middle of a character.
            let server = Server::with(vec![answer.split_everywhere()]);
            let tape = Arc::new(Tape::default());
            let recorder: Arc<dyn Recorder> = tape.clone();
            let options = ProviderOptions { recorder: Some(recorder), ..options(delivery) };
            let generator = generator(speaker, &server.url, options);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                use futures_util::stream::StreamExt;
                use rowsmith::api::Generator;
                generator.generate(super::asking::request()).collect::<Vec<_>>().await
            });

            let recordings = tape.0.lock().unwrap();
            let shown = format!("{recordings:?} {generator:?}");
            assert_eq!(recordings.len(), 1);
            let recording = &recordings[0];
            assert!(recording.request_body.contains("Write 2."), "{speaker:?} {shown}");
            assert!(recording.response_body.contains("your key is [key]"), "{speaker:?} {shown}");
            assert!(!shown.contains(KEY), "{speaker:?} {shown}");
            // The very bytes that were sent and came.
            let sent = server.requests().remove(0);
            let (head, body) = sent.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(KEY), "the server got no key");
            assert_eq!(recording.request_body, body, "{speaker:?}");
            let path = head.split(' ').nth(1).unwrap();
            assert_eq!(recording.url, format!("{}{path}", server.url), "{speaker:?}");
            let came = String::from_utf8(came.concat()).unwrap().replace(KEY, "[key]");
            assert_eq!(recording.response_body, came, "{speaker:?}");
            assert_eq!(recording.status, Some(200), "{speaker:?}");
            for headers in [&recording.request_headers, &recording.response_headers] {
                assert!(headers.iter().any(|(name, _)| name == "content-type"), "{speaker:?} {shown}");
            }
        }
    }
}

#[test]
fn a_key_that_a_command_printed_wins() {
    let server = Server::with(vec![Answer::whole(401, JSON, b"{}")]);
    let key = Some(SecretString::from("sk-printed"));
    let options = ProviderOptions { key, ..options(Delivery::Whole) };

    let heard = ask(&generator(Speaker::Compatible, &server.url, options));

    assert!(server.requests()[0].contains("Bearer sk-printed"));
    assert!(heard.sentence().contains("the API key in the output of `api_key_cmd`"), "{heard:?}");
}

#[test]
fn the_most_tokens_are_sent_as_each_provider_names_them() {
    for speaker in Speaker::ALL {
        let body = speaker.whole("[]", Ending::Stop).to_string();
        let server = Server::with(vec![Answer::whole(200, JSON, body.as_bytes())]);

        ask(&generator(speaker, &server.url, options(Delivery::Whole)));

        assert!(server.requests()[0].contains("\"max_tokens\":500"), "{speaker:?} {}", server.requests()[0]);
    }
}

#[test]
fn models_are_listed_and_a_probe_says_what_works() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for speaker in Speaker::ALL {
        let list = match speaker {
            Speaker::Gemini => r#"{"object":"list","data":[{"id":"models/tiny","object":"model"}]}"#,
            _ => r#"{"data":[{"id":"tiny"}]}"#,
        };
        let frames = speaker.frames(&[r#"{"rows":[{"text":"ready"}]}"#], Ending::Stop);
        let server = Server::with(vec![Answer::whole(200, JSON, list.as_bytes()), Answer::stream(frames)]);
        let generator = generator(speaker, &server.url, options(Delivery::Streamed));

        let probe = runtime.block_on(generator.probe()).unwrap();

        assert_eq!(probe.models.as_deref().unwrap(), ["tiny".to_owned()], "{speaker:?}");
        assert_eq!((probe.streaming, probe.schema, probe.usage), (Support::Yes, Support::Yes, Support::Yes));
        let first = &server.requests()[0];
        assert!(first.starts_with("GET /v1") && first.contains("/models HTTP"), "{first}");
    }
}

#[test]
fn each_dialect_sends_its_own_request() {
    for (speaker, path, key) in [
        (Speaker::Gemini, "POST /v1beta/openai/chat/completions HTTP", "authorization: bearer "),
        (Speaker::Ollama, "POST /v1/chat/completions HTTP", "authorization: bearer "),
        (Speaker::OpenaiOwn, "POST /v1/chat/completions HTTP", "authorization: bearer "),
        (Speaker::Anthropic, "POST /v1/messages HTTP", "x-api-key: "),
    ] {
        let body = speaker.whole("[]", Ending::Stop).to_string();
        let server = Server::with(vec![Answer::whole(200, JSON, body.as_bytes())]);

        ask(&generator(speaker, &server.url, options(Delivery::Whole)));

        let sent = server.requests().remove(0);
        let (head, body) = sent.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(path), "{head}");
        assert!(head.to_lowercase().contains(&format!("{key}{KEY}")), "{head}");
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let schema = if speaker == Speaker::Anthropic {
            assert!(head.to_lowercase().contains("anthropic-version: 2023-06-01"), "{head}");
            assert_eq!(
                (&body["system"], &body["messages"][0]["role"]),
                (&"Be brief.".into(), &"user".into())
            );
            assert!(body.get("seed").is_none(), "Anthropic takes none");
            assert_eq!(body["output_config"]["format"]["type"], "json_schema");
            &body["output_config"]["format"]["schema"]
        } else {
            assert_eq!(body["seed"], 7);
            &body["response_format"]["json_schema"]["schema"]
        };
        assert_eq!(schema["required"], serde_json::json!(["rows"]));
        assert_eq!(schema["additionalProperties"], false);
    }
}
