//! Requests that are written to a file, and answers that are read from one, as batches need them.
//!
//! Bodies and answers have the shape that they have on the wire, and the same code writes and reads them. Nothing here
//! asks a server, so no key is looked for and none can be written.

use secrecy::SecretString;

use super::exchange::{Exchange, Phase};
use super::incoming::Event;
use super::optional::Refused;
use super::target::Target;
use super::{ProviderGenerator, ProviderOptions, client};
use crate::domain::{GeneratorSettings, Parameter};
use crate::generate::provider::dialect::Ask;
use crate::generate::provider::failure::unwritable;
use crate::generate::{GenerateRequest, GeneratorError};

impl ProviderGenerator {
    /// Makes a generator that asks nobody and has no key: it only writes requests and reads answers.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::Settings`] where the model is missing or the address is not valid.
    pub(crate) fn on_file(
        settings: &GeneratorSettings,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        // It stands in for one that is not looked for, and goes at once.
        let none = SecretString::from("none");
        let mut target = Target::new(settings, Some(&none), environment)?;
        target.key = None;
        let options = ProviderOptions::default();
        let timeouts = settings.limits.into();
        let web = client::client(&target, timeouts, environment)?;
        let refused = Refused::new(settings, target.url.is_openai());
        let max_tokens = settings.max_tokens;
        Ok(Self { web, target, options, timeouts, max_tokens, refused, rules: std::sync::Mutex::default() })
    }

    /// Returns the path of a request on its server, such as `chat/completions` or `messages`.
    pub(crate) fn path(&self) -> &'static str {
        self.target.dialect.path()
    }

    /// Returns the body of a request, which asks for a whole reply.
    ///
    /// # Errors
    ///
    /// It cannot be written as JSON.
    pub(crate) fn body(&self, request: &GenerateRequest) -> Result<String, GeneratorError> {
        let ask = Ask {
            request,
            model: &self.target.model,
            max_tokens: self.max_tokens,
            streamed: false,
            // Services refuse a stream in a batch, and some refuse the word.
            parts: self.refused.others().without(Parameter::Stream),
        };
        self.target.dialect.body(&ask).map_err(|error| unwritable(&error, &self.target))
    }

    /// Reads the answer to a request as if its server gave it now; the first error is the last event.
    pub(crate) fn read(&self, request: GenerateRequest, status: u16, body: &[u8]) -> Vec<Event> {
        let mut exchange = Exchange::new(self, request);
        (exchange.is_filed, exchange.phase) = (true, Phase::Over);
        exchange.hear_whole(status, body);
        std::iter::from_fn(|| exchange.reply.take()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::domain::{ExchangeMessage, FieldKind, FieldSpec, FieldValue, Provider, Role, Schema, Tokens};
    use crate::generate::schema::reply_schema;
    use crate::generate::{GenerateEvent, ReplyEnd};

    fn generator(provider: Provider) -> ProviderGenerator {
        let settings =
            GeneratorSettings { provider, model: Some("small".into()), ..GeneratorSettings::default() };
        let key = |name: &str| name.ends_with("_API_KEY").then(|| "k-secret".to_owned());
        ProviderGenerator::on_file(&settings, &key).unwrap()
    }

    fn request() -> GenerateRequest {
        let text = FieldKind::Text { min_chars: None, max_chars: None };
        let schema = Schema(vec![FieldSpec { name: "text".into(), kind: text }]);
        GenerateRequest {
            messages: vec![ExchangeMessage { role: Role::User, text: "Write 2.".into() }],
            schema: Arc::new(reply_schema(&schema, &[])),
            temperature: 1.0,
            seed: 7,
            n: 2,
            label: "spam".into(),
            labels: vec![],
            schema_fields: schema,
            examples: vec![],
            variables: BTreeMap::new(),
            tail: None,
        }
    }

    fn texts(events: &[Event]) -> Vec<String> {
        let text = |event: &Event| match event {
            Ok(GenerateEvent::Row(fields)) => match fields.0.get("text") {
                Some(FieldValue::Text(text)) => Some(text.clone()),
                _ => None,
            },
            _ => None,
        };
        events.iter().filter_map(text).collect()
    }

    #[test]
    fn a_body_asks_for_a_whole_reply_and_has_no_key() {
        for (provider, path) in [(Provider::Openai, "chat/completions"), (Provider::Anthropic, "messages")] {
            let generator = generator(provider);
            let body = generator.body(&request()).unwrap();
            let json: Value = serde_json::from_str(&body).unwrap();

            assert_eq!(generator.path(), path);
            assert_eq!((&json["model"], json.get("stream")), (&json!("small"), None));
            assert!(json.get("stream_options").is_none() && !body.contains("k-secret"), "{body}");
        }
    }

    #[test]
    fn a_whole_answer_gives_rows_tokens_and_who_answered() {
        let rows = json!({ "rows": [{ "text": "a" }, { "text": "b" }] }).to_string();
        let openai = json!({ "model": "small-1", "choices": [{ "index": 0, "message": { "content": rows },
            "finish_reason": "stop" }], "usage": { "prompt_tokens": 3, "completion_tokens": 4 } });
        let anthropic = json!({ "type": "message", "role": "assistant", "model": "small-1", "stop_reason": "end_turn",
            "content": [{ "type": "text", "text": rows }], "usage": { "input_tokens": 3, "output_tokens": 4 } });
        for (provider, body) in [(Provider::Openai, openai), (Provider::Anthropic, anthropic)] {
            let events = generator(provider).read(request(), 200, body.to_string().as_bytes());

            assert_eq!(texts(&events), ["a", "b"], "{events:?}");
            let has = |wanted: GenerateEvent| events.iter().flatten().any(|event| *event == wanted);
            assert!(has(GenerateEvent::Usage(Tokens { input: 3, output: 4 })), "{events:?}");
            assert!(
                has(GenerateEvent::AnsweredBy("small-1".into())) && has(GenerateEvent::Reply(rows.clone()))
            );
            assert!(has(GenerateEvent::Done(ReplyEnd::Complete)), "{events:?}");
        }
    }

    #[test]
    fn what_a_service_refused_is_an_error_and_is_not_sent_again() {
        let body = br#"{"error":{"message":"Unsupported parameter: 'seed'","param":"seed"}}"#;
        let generator = generator(Provider::Openai);

        let events = generator.read(request(), 400, body);

        assert!(matches!(&events[..], [Err(error)] if error.to_string().contains("seed")), "{events:?}");
        let sent: Value = serde_json::from_str(&generator.body(&request()).unwrap()).unwrap();
        assert_eq!(sent["seed"], 7);
        let cut = json!({ "choices": [{ "message": { "content": "{\"rows\":[{\"text\":\"a\"},{\"te" },
            "finish_reason": "length" }] });
        let events = generator.read(request(), 200, cut.to_string().as_bytes());
        assert_eq!(texts(&events), ["a"], "{events:?}");
        assert!(events.iter().any(|event| matches!(event, Ok(GenerateEvent::Scrap { .. }))));
    }
}
