//! Asks a model behind a server: every dialect that `genai` speaks, over a client of our own.
//!
//! One request is sent once. Nothing is retried here and nothing is paced; an error says
//! what may be done, and whoever polls does it. A server of the `OpenAI` dialect is anything
//! with a `base_url`. A key is read from the environment when the generator is made, is
//! sent to its own server only, and stands in no error, log or `Debug` output.
//!
//! ```text
//! GenerateRequest ─► genai ─► reqwest ─► server
//!                                          │ chunks
//! Row, Scrap ◄─ ReplyReader ◄──────────────┘ … then Reply, Usage, Done or an error
//! ```

mod client;
mod exchange;
mod failure;
mod target;

use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use genai::chat::{ChatMessage, ChatOptions, ChatRequest, JsonSpec};

use self::exchange::Exchange;
use self::target::Target;
use super::GeneratorError;
use super::generator::{EventStream, GenerateRequest, Generator, GeneratorName};
use crate::domain::{GeneratorSettings, Role};

/// How a reply is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// As it is written, so that rows come one by one.
    #[default]
    Streamed,
    /// Whole, once it is written.
    Whole,
}

/// How a server is asked, besides what a session's settings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderOptions {
    /// How a reply is asked for.
    pub delivery: Delivery,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long nothing may be heard, before the first byte or between two.
    pub idle_timeout: Duration,
}

impl Default for ProviderOptions {
    fn default() -> Self {
        Self {
            delivery: Delivery::Streamed,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(180),
        }
    }
}

/// A generator that asks a model behind a server.
#[derive(Debug)]
pub struct ProviderGenerator {
    client: genai::Client,
    target: Target,
    options: ProviderOptions,
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
        let target = Target::new(settings, environment)?;
        let client = client::client(&target, options)?;
        Ok(Self { client, target, options })
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

/// The messages as genai takes them.
fn chat_request(request: &GenerateRequest) -> ChatRequest {
    let messages = request.messages.iter().map(|message| match message.role {
        Role::System => ChatMessage::system(message.text.clone()),
        Role::User => ChatMessage::user(message.text.clone()),
    });
    ChatRequest::new(messages.collect())
}

fn chat_options(request: &GenerateRequest) -> ChatOptions {
    // Servers take a seed as a signed or an unsigned number of 32 or 64 bits: 31 fit them all.
    ChatOptions::default()
        .with_temperature(request.temperature)
        .with_seed(request.seed & 0x7fff_ffff)
        .with_response_format(JsonSpec::new("rows", request.schema.clone()))
        .with_capture_usage(true)
}

#[cfg(test)]
mod canned;
#[cfg(test)]
mod tests;
