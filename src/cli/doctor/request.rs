//! The one small request that a model is tested with.

use std::collections::BTreeMap;
use std::time::Instant;

use futures_util::StreamExt;

use crate::domain::{ExchangeMessage, GeneratorSettings, Role, Schema, Tokens};
use crate::generate::schema::reply_schema;
use crate::generate::{GenerateEvent, GenerateRequest, Generator, GeneratorError};

const ASKED: &str =
    "Write one short greeting. Answer with JSON alone, such as {\"rows\": [{\"text\": \"Good morning!\"}]}";

/// What a reply brought.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) rows: u32,
    /// Why the first piece that is no row is none.
    pub(super) scrap: Option<String>,
    pub(super) tokens: Option<Tokens>,
    pub(super) error: Option<GeneratorError>,
    pub(super) seconds: f64,
}

impl Heard {
    /// Returns whether the same request may succeed when its reply is asked for whole.
    pub(super) fn may_be_the_stream(&self) -> bool {
        matches!(self.error, Some(GeneratorError::Rejected { .. } | GeneratorError::Broken { .. }))
    }
}

/// Sends the request once and hears the reply.
pub(super) async fn send(generator: &dyn Generator, settings: &GeneratorSettings) -> Heard {
    let began = Instant::now();
    let mut heard = Heard::default();
    let mut events = generator.generate(request(settings));
    while let Some(event) = events.next().await {
        match event {
            Ok(GenerateEvent::Row(_)) => heard.rows += 1,
            Ok(GenerateEvent::Scrap { reason, .. }) => heard.scrap = heard.scrap.or(Some(reason)),
            Ok(GenerateEvent::Usage(tokens)) => heard.tokens = Some(tokens),
            Ok(_) => {}
            Err(error) => heard.error = Some(error),
        }
    }
    heard.seconds = began.elapsed().as_secs_f64();
    heard
}

fn request(settings: &GeneratorSettings) -> GenerateRequest {
    let schema = Schema::default();
    GenerateRequest {
        messages: vec![ExchangeMessage { role: Role::User, text: ASKED.to_owned() }],
        schema: reply_schema(&schema, &[]),
        temperature: settings.temperature,
        seed: 1,
        n: 1,
        label: String::new(),
        labels: Vec::new(),
        schema_fields: schema,
        examples: Vec::new(),
        variables: BTreeMap::new(),
    }
}

/// Returns the sentence of an error, with what to do where it does not say so itself.
pub(super) fn remedy(error: &GeneratorError) -> String {
    let what = match error {
        GeneratorError::RateLimited { .. } => "The key works; wait a little, and set `requests_per_minute`.",
        GeneratorError::ServerFailed { .. } => "Try again later, or look at the server's own log.",
        GeneratorError::TimedOut { .. } => "Look whether the server is busy, or raise `first_byte_seconds`.",
        GeneratorError::Rejected { .. } => "Look whether `base_url` and `model` are right for this server.",
        _ => return error.to_string(),
    };
    format!("{error} {what}")
}
