//! Finds out what a server can do, with one small request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::stream::StreamExt;

use super::exchange::Exchange;
use super::{Delivery, ProviderGenerator};
use crate::domain::{ExchangeMessage, Role, Schema, Tokens};
use crate::generate::schema::reply_schema;
use crate::generate::{GenerateEvent, GenerateRequest, GeneratorError};

/// Whether a server does something that it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It did it.
    Yes,
    /// It refused, or did something else.
    No,
    /// It was not asked, or the answer does not tell.
    Unknown,
}

/// What a server can do, as one small request showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// Whether rows come one by one.
    pub streaming: Support,
    /// Whether replies are held to a schema; `No` where it was refused, or the reply was no row.
    pub schema: Support,
    /// Whether tokens are counted.
    pub usage: Support,
    /// The tokens that the request cost, where they are counted.
    pub tokens: Option<Tokens>,
    /// The names of the server's models, or why there is no list of them.
    pub models: Result<Vec<String>, String>,
    /// The reply's text.
    pub reply: String,
    /// Seconds that the request took.
    pub seconds: f64,
}

impl ProviderGenerator {
    /// Sends one small request, and says what the server can do.
    ///
    /// A server that does not stream is asked a second time for a whole reply.
    ///
    /// # Errors
    ///
    /// Why no reply came: the same that every request of a run would meet.
    pub async fn probe(&self) -> Result<Probe, GeneratorError> {
        let models = self.models().await.map_err(|error| error.to_string());
        let began = Instant::now();
        let wants_stream = self.options.delivery == Delivery::Streamed;
        let (heard, streaming) = match self.ask_once(self.options.delivery).await {
            Ok(heard) if wants_stream => (heard, Support::Yes),
            Ok(heard) => (heard, Support::Unknown),
            Err(GeneratorError::Rejected { .. } | GeneratorError::Broken { .. }) if wants_stream => {
                (self.ask_once(Delivery::Whole).await?, Support::No)
            }
            Err(error) => return Err(error),
        };
        let schema = if self.asks_schema() && heard.rows > 0 { Support::Yes } else { Support::No };
        let usage = if heard.tokens.is_some() { Support::Yes } else { Support::No };
        let seconds = began.elapsed().as_secs_f64();
        Ok(Probe { streaming, schema, usage, tokens: heard.tokens, models, reply: heard.reply, seconds })
    }

    async fn ask_once(&self, delivery: Delivery) -> Result<Heard, GeneratorError> {
        let mut exchange = Exchange::new(self, small_request());
        exchange.delivery = delivery;
        let mut events = std::pin::pin!(futures_util::stream::unfold(exchange, |mut exchange| async move {
            let event = exchange.next().await?;
            Some((event, exchange))
        }));
        let mut heard = Heard::default();
        while let Some(event) = events.next().await {
            match event? {
                GenerateEvent::Row(_) => heard.rows += 1,
                GenerateEvent::Reply(text) => heard.reply = text,
                GenerateEvent::Usage(tokens) => heard.tokens = Some(tokens),
                GenerateEvent::Scrap { .. } | GenerateEvent::Limits(_) | GenerateEvent::Done(_) => {}
            }
        }
        Ok(heard)
    }
}

#[derive(Default)]
struct Heard {
    rows: u32,
    reply: String,
    tokens: Option<Tokens>,
}

fn small_request() -> GenerateRequest {
    let text = "Answer with JSON only: {\"rows\":[{\"text\":\"ready\"}]}";
    GenerateRequest {
        messages: vec![ExchangeMessage { role: Role::User, text: text.into() }],
        schema: Arc::new(reply_schema(&Schema::default(), &[])),
        temperature: 0.0,
        seed: 1,
        n: 1,
        label: String::new(),
        labels: vec![],
        schema_fields: Schema::default(),
        examples: vec![],
        variables: BTreeMap::new(),
    }
}
