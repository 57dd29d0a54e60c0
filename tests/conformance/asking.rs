//! Sends one request, and collects what comes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::StreamExt;
use rowsmith::api::reply_schema;
use rowsmith::api::{
    Delivery, GenerateEvent, GenerateRequest, Generator, GeneratorError, ProviderGenerator, ProviderOptions,
    ReplyEnd, Timeouts,
};
use rowsmith::api::{ExchangeMessage, GeneratorSettings, Role, Schema};

use super::dialects::Speaker;
use super::server::{Answer, Server};

/// A key that must not appear anywhere but in a header.
pub(crate) const KEY: &str = "sk-conformance-secret";

pub(crate) const DELIVERIES: [Delivery; 2] = [Delivery::Streamed, Delivery::Whole];

/// Everything that came of one request.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub rows: Vec<String>,
    pub scraps: Vec<String>,
    pub reply: Option<String>,
    pub tokens: Option<(u64, u64)>,
    pub limits: usize,
    pub accepted: bool,
    pub answered_by: Option<String>,
    pub remarks: Vec<String>,
    pub sent_again: usize,
    pub end: Option<ReplyEnd>,
    pub error: Option<GeneratorError>,
    pub took: Duration,
}

impl Heard {
    /// Returns the error's sentence; panics where there is none.
    pub(crate) fn sentence(&self) -> String {
        self.error.as_ref().map_or_else(|| panic!("no error: {self:?}"), ToString::to_string)
    }
}

pub(crate) fn settings(speaker: Speaker, url: &str) -> GeneratorSettings {
    GeneratorSettings {
        provider: speaker.provider(),
        model: Some("tiny".into()),
        base_url: (speaker == Speaker::Compatible).then(|| format!("{url}/v1")),
        max_tokens: Some(500),
        ..GeneratorSettings::default()
    }
}

/// Options with long timeouts, so that a slow machine fails no test.
pub(crate) fn options(delivery: Delivery) -> ProviderOptions {
    let long = Duration::from_secs(20);
    let timeouts = Some(Timeouts { connect: long, first_byte: long, idle: long });
    ProviderOptions { delivery, timeouts, ..ProviderOptions::default() }
}

pub(crate) fn generator(speaker: Speaker, url: &str, options: ProviderOptions) -> ProviderGenerator {
    let environment = |name: &str| match name {
        "OPENAI_BASE_URL" => (speaker == Speaker::OpenaiChat).then(|| format!("{url}/v1")),
        "OPENAI_RESPONSES_BASE_URL" | "ANTHROPIC_BASE_URL" | "GEMINI_BASE_URL" | "OLLAMA_HOST" => {
            Some(url.to_owned())
        }
        name => name.ends_with("_API_KEY").then(|| KEY.to_owned()),
    };
    ProviderGenerator::new(&settings(speaker, url), options, &environment).unwrap()
}

pub(crate) fn request() -> GenerateRequest {
    let message = |role, text: &str| ExchangeMessage { role, text: text.into() };
    GenerateRequest {
        messages: vec![message(Role::System, "Be brief."), message(Role::User, "Write 2.")],
        schema: Arc::new(reply_schema(&Schema::default(), &[])),
        temperature: 0.7,
        seed: 7,
        n: 2,
        label: "spam".into(),
        labels: vec!["spam".into()],
        schema_fields: Schema::default(),
        examples: vec![],
        variables: BTreeMap::new(),
        tail: None,
    }
}

/// Sends one request and collects all events.
pub(crate) fn ask(generator: &ProviderGenerator) -> Heard {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(hear(generator, request()))
}

/// Sends a request and collects all events.
pub(crate) async fn hear(generator: &ProviderGenerator, request: GenerateRequest) -> Heard {
    let mut heard = Heard::default();
    let asked = Instant::now();
    let mut events = generator.generate(request);
    while let Some(event) = events.next().await {
        assert!(heard.end.is_none() && heard.error.is_none(), "something came after the end: {event:?}");
        match event {
            Ok(GenerateEvent::Row(fields) | GenerateEvent::FlaggedRow(fields, _)) => {
                heard.rows.push(fields.text().to_owned());
            }
            Ok(GenerateEvent::Scrap { raw, reason }) => heard.scraps.push(format!("{raw} | {reason}")),
            Ok(GenerateEvent::Reply(text)) => heard.reply = Some(text),
            Ok(GenerateEvent::Usage(tokens)) => heard.tokens = Some((tokens.input, tokens.output)),
            Ok(GenerateEvent::Limits(_)) => heard.limits += 1,
            Ok(GenerateEvent::AnsweredBy(model)) => heard.answered_by = Some(model),
            Ok(GenerateEvent::Remark(remark)) => heard.remarks.push(remark),
            Ok(GenerateEvent::Accepted) => heard.accepted = true,
            Ok(GenerateEvent::SentAgain) => heard.sent_again += 1,
            Ok(GenerateEvent::Done(end)) => heard.end = Some(end),
            Err(error) => heard.error = Some(error),
        }
    }
    heard.took = asked.elapsed();
    assert!(heard.end.is_some() || heard.error.is_some(), "no end: {heard:?}");
    let texts = heard.rows.iter().chain(&heard.scraps).chain(&heard.reply);
    assert!(!texts.into_iter().any(|text| text.contains(KEY)), "the key shows: {heard:?}");
    assert!(!format!("{:?}", heard.error).contains(KEY), "the key shows: {:?}", heard.error);
    heard
}

/// Asks every provider, streamed and whole; `answer` returns the server's answer.
pub(crate) fn for_all(
    answer: impl Fn(Speaker, Delivery) -> Answer,
    options: impl Fn(Delivery) -> ProviderOptions,
    check: impl Fn(Speaker, Delivery, &Heard),
) {
    for speaker in Speaker::ALL {
        for delivery in DELIVERIES {
            let server = Server::with(vec![answer(speaker, delivery)]);
            let heard = ask(&generator(speaker, &server.url, options(delivery)));
            // What stands here when a check fails.
            eprintln!("{speaker:?} {delivery:?}: {}", short(&heard));
            check(speaker, delivery, &heard);
        }
    }
}

fn short(heard: &Heard) -> String {
    format!("{heard:?}").chars().take(600).collect()
}
