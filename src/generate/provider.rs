//! Asks a model behind a server, over a web client of our own.
//!
//! `genai` speaks the dialects of the providers: Anthropic's messages, Gemini's contents, and
//! `OpenAI`'s responses where no `base_url` is set. Every `base_url`, and Ollama, means chat
//! completions, which are read without it; `completion` says why. A server that refuses the
//! schema of a reply is asked again without it, and from then on without: the messages stay
//! what the preview showed.
//!
//! `ANTHROPIC_BASE_URL`, `GEMINI_BASE_URL` and `OPENAI_RESPONSES_BASE_URL` send a provider's own
//! dialect to another server, such as a company's gateway.
//!
//! One request is sent once. Nothing is retried here and nothing is paced; an error says
//! what may be done, and whoever polls does it. A server of the `OpenAI` dialect is anything
//! with a `base_url`. A key is read from the environment when the generator is made, is
//! sent to its own server only, and stands in no error, log or `Debug` output.
//!
//! ```text
//! GenerateRequest ─► completion or genai ─► reqwest ─► server
//!                                                        │ chunks
//! Row, Scrap ◄─ ReplyReader ◄────────────────────────────┘ … then Reply, Usage, Done or an error
//! ```

mod client;
mod completion;
mod exchange;
mod failure;
mod genai_failure;
mod headers;
mod incoming;
mod key;
mod models;
mod options;
mod probe;
mod record;
mod sse;
mod tap;
mod target;
mod through_genai;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt};
use genai::adapter::AdapterKind;

pub use self::options::{Delivery, ProviderOptions, Timeouts};
pub use self::probe::{Probe, Support};
pub use self::record::{Recorder, Recording};

use self::client::Clients;
use self::exchange::Exchange;
use self::target::Target;
use super::GeneratorError;
use super::generator::{EventStream, GenerateRequest, Generator, GeneratorName};
use super::reply::RowRules;
use crate::domain::GeneratorSettings;

/// A generator that asks a model behind a server.
#[derive(Debug)]
pub struct ProviderGenerator {
    clients: Clients,
    target: Target,
    options: ProviderOptions,
    timeouts: Timeouts,
    max_tokens: Option<u32>,
    /// The server refused a schema; it is not asked for one again.
    schema_refused: AtomicBool,
    /// The rules of the last request, which mostly are those of the next.
    rules: Mutex<Option<Arc<RowRules>>>,
}

impl ProviderGenerator {
    /// Makes a generator from a session's settings; `environment` looks up a variable.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::MissingKey`] where the provider needs a key that is not set, and
    /// [`GeneratorError::Settings`] where the model is missing or the address is none.
    pub fn new(
        settings: &GeneratorSettings,
        options: ProviderOptions,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        let target = Target::new(settings, options.key.as_ref(), environment)?;
        let timeouts = options.timeouts.unwrap_or_else(|| settings.limits.into());
        let clients = client::client(&target, timeouts)?;
        let max_tokens = settings.max_tokens;
        let schema_refused = AtomicBool::new(false);
        Ok(Self { clients, target, options, timeouts, max_tokens, schema_refused, rules: Mutex::default() })
    }

    /// Whether chat completions are spoken, without genai.
    fn speaks_completions(&self) -> bool {
        self.target.kind == AdapterKind::OpenAI
    }

    /// Whether replies are asked to meet the schema.
    fn asks_schema(&self) -> bool {
        !self.schema_refused.load(Ordering::Relaxed)
    }

    /// Asks for no schema any more.
    fn drop_schema(&self) {
        self.schema_refused.store(true, Ordering::Relaxed);
    }

    /// Returns the rules of a request's rows.
    fn rules(&self, request: &GenerateRequest) -> Arc<RowRules> {
        let mut last = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) =
            last.as_ref().filter(|rules| rules.are_of(&request.schema_fields, &request.labels))
        {
            return Arc::clone(rules);
        }
        let rules = RowRules::new(request.schema_fields.clone(), request.labels.clone());
        Arc::clone(last.insert(Arc::new(rules)))
    }
}

impl Generator for ProviderGenerator {
    fn name(&self) -> GeneratorName {
        self.target.name.clone()
    }

    fn unread(&self) -> Option<&'static str> {
        None
    }

    fn ordered(&self) -> bool {
        false
    }

    fn generate(&self, request: GenerateRequest) -> EventStream<'_> {
        let exchange = Exchange::new(self, request);
        let events = stream::unfold(exchange, |mut exchange| async move {
            let event = exchange.next().await?;
            Some((event, exchange))
        });
        events.boxed()
    }
}

#[cfg(test)]
mod canned;
#[cfg(test)]
mod tests;
