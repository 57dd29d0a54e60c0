//! Keys, recordings, lists of models, and the small request that tries a server.

use std::sync::{Arc, Mutex};

use rowsmith::generate::{Delivery, ProviderOptions, Recorder, Recording, Support};
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
            let text = format!(r#"[{{"text":"your key is {KEY}"}}]"#);
            let answer = match delivery {
                Delivery::Streamed => Answer::stream(speaker.frames(&[&text], Ending::Stop)),
                Delivery::Whole => {
                    let body = speaker.whole(&text, Ending::Stop).to_string();
                    Answer::whole(200, &format!("{JSON}set-cookie: s={KEY}\r\n"), body.as_bytes())
                }
            };
            let server = Server::with(vec![answer]);
            let tape = Arc::new(Tape::default());
            let recorder: Arc<dyn Recorder> = tape.clone();
            let options = ProviderOptions { recorder: Some(recorder), ..options(delivery) };
            let generator = generator(speaker, &server.url, options);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                use futures_util::stream::StreamExt;
                use rowsmith::generate::Generator;
                generator.generate(super::asking::request()).collect::<Vec<_>>().await
            });

            let recordings = tape.0.lock().unwrap();
            let shown = format!("{recordings:?} {generator:?}");
            assert_eq!(recordings.len(), 1);
            assert!(recordings[0].request_body.contains("Write 2."), "{speaker:?} {shown}");
            assert!(recordings[0].response_body.contains("your key is [key]"), "{speaker:?} {shown}");
            assert!(!shown.contains(KEY), "{speaker:?} {shown}");
            assert!(server.requests()[0].contains(KEY), "the server got no key");
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

        let name = match speaker {
            Speaker::OpenaiResponses => "\"max_output_tokens\":500",
            Speaker::Gemini => "\"maxOutputTokens\":500",
            _ => "\"max_tokens\":500",
        };
        assert!(server.requests()[0].contains(name), "{speaker:?} {}", server.requests()[0]);
    }
}

#[test]
fn models_are_listed_and_a_probe_says_what_works() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for speaker in Speaker::ALL {
        let list = match speaker {
            Speaker::Gemini => r#"{"models":[{"name":"models/tiny"}]}"#,
            _ => r#"{"data":[{"id":"tiny"}]}"#,
        };
        let frames = speaker.frames(&[r#"{"rows":[{"text":"ready"}]}"#], Ending::Stop);
        let server = Server::with(vec![Answer::whole(200, JSON, list.as_bytes()), Answer::stream(frames)]);
        let generator = generator(speaker, &server.url, options(Delivery::Streamed));

        let probe = runtime.block_on(generator.probe()).unwrap();

        assert_eq!(probe.models.as_deref(), Ok(&["tiny".to_owned()][..]), "{speaker:?}");
        assert_eq!((probe.streaming, probe.schema, probe.usage), (Support::Yes, Support::Yes, Support::Yes));
        let first = &server.requests()[0];
        assert!(first.starts_with("GET /v1") && first.contains("/models HTTP"), "{first}");
    }
}
