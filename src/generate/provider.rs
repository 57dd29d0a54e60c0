//! A generator that asks a model behind an HTTP server, with one web client and in two dialects.
//!
//! All servers are asked for chat completions, except Anthropic's, which is asked by its Messages API (also
//! at the address in `ANTHROPIC_BASE_URL`). Chat completions are served by `OpenAI`, Gemini, Ollama and
//! whatever a `base_url` names. The differences are behind one trait, in `dialect`.
//!
//! If a server refuses a parameter of a request, such as the seed or the schema of a reply, the request is
//! sent again without it, and so are all later ones; the messages stay as the preview showed them.
//!
//! Apart from that nothing is retried or paced here: an error says what may be done, and the caller does
//! it. A key is read when the generator is made, is sent to its own server only, and appears in no error,
//! log or `Debug` output.
//!
//! ```text
//! GenerateRequest ─► dialect: body ─► reqwest ─► server
//!                                                  │ chunks
//! Row, Scrap ◄─ ReplyReader ◄─ dialect: piece ◄────┘ … then Reply, Usage, Done or an error
//! ```

mod address;
mod answer;
mod asked;
mod azure;
mod body;
mod cause;
mod client;
mod connection;
mod dialect;
mod exchange;
mod failure;
mod finish;
mod headers;
mod incoming;
mod key;
mod local;
mod models;
mod on_file;
mod optional;
mod options;
mod partial;
mod probe;
mod proxy;
mod record;
mod said;
mod sse;
mod target;
mod trust;
mod waits;
mod wrong_address;

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt};

pub(crate) use self::address::variable_address;
pub(crate) use self::asked::{Asked, origin};
pub(crate) use self::local::{USUAL_PORTS, find_local};
pub use self::options::{Delivery, ProviderOptions, Timeouts};
pub(crate) use self::probe::Probe;
pub use self::probe::Support;
pub use self::record::{Recorder, Recording};
#[cfg(any(test, fuzzing))]
pub(crate) use self::sse::Frames;

use self::exchange::Exchange;
use self::optional::Refused;
use self::target::Target;
use super::GeneratorError;
use super::generator::{EventStream, GenerateRequest, Generator, GeneratorName};
use super::reply::RowRules;
use crate::domain::{GeneratorSettings, Parameter};

/// A generator that asks a model behind a server.
#[derive(Debug)]
pub struct ProviderGenerator {
    web: reqwest::Client,
    target: Target,
    options: ProviderOptions,
    timeouts: Timeouts,
    max_tokens: Option<u32>,
    /// Parts that the server has refused, and that are no longer sent.
    refused: Refused,
    /// The rules of the last request, reused because the next request's are usually the same.
    rules: Mutex<Option<Arc<RowRules>>>,
}

impl ProviderGenerator {
    /// Makes a generator from a session's settings; `environment` returns the value of a variable.
    ///
    /// # Errors
    ///
    /// [`GeneratorError::MissingKey`] where the provider needs a key that is not set, and
    /// [`GeneratorError::Settings`] where the model is missing or the address is not valid.
    pub fn new(
        settings: &GeneratorSettings,
        options: ProviderOptions,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        let target = Target::new(settings, options.key.as_ref(), environment)?;
        let timeouts = options.timeouts.unwrap_or_else(|| settings.limits.into());
        let web = client::client(&target, timeouts, environment)?;
        let max_tokens = settings.max_tokens;
        // `OpenAI`'s newer models refuse `max_tokens`, and all of them accept the other name.
        let refused = Refused::new(settings, target.url.is_openai());
        Ok(Self { web, target, options, timeouts, max_tokens, refused, rules: Mutex::default() })
    }

    /// Returns the server's address, without secrets.
    #[must_use]
    pub fn address(&self) -> String {
        self.target.url.to_string()
    }

    /// Returns where the key that is sent came from: a variable, or a few words; `Err` with where it was looked
    /// for if none is sent.
    pub(crate) fn key_from(&self) -> Result<&str, &str> {
        let from = self.target.key_from.as_str();
        if self.target.key.is_some() { Ok(from) } else { Err(from) }
    }

    /// Returns whether replies are asked to meet the schema.
    fn asks_schema(&self) -> bool {
        self.refused.others().has(Parameter::ResponseFormat)
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
