//! Finds out what a server supports, with one small request.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use futures_util::stream::StreamExt;

use super::exchange::Exchange;
use super::{Delivery, ProviderGenerator};
use crate::domain::{ExchangeMessage, Parameter, Role, Schema, Tokens};
use crate::generate::schema::reply_schema;
use crate::generate::{GenerateEvent, GenerateRequest, GeneratorError, Tail};

/// Whether a server supports a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Yes,
    /// It refused, or answered otherwise.
    No,
    /// It was not asked, or the answer does not show it.
    Unknown,
}

/// The result of probing a server.
#[derive(Debug)]
pub struct Probe {
    /// Whether rows come one by one.
    pub streaming: Support,
    /// Whether replies follow the schema; `No` if it was refused, or the reply was no row.
    pub schema: Support,
    /// Whether tokens are reported.
    pub usage: Support,
    /// The tokens of the probe request, if reported.
    pub tokens: Option<Tokens>,
    /// The names of the server's models, or why they could not be listed.
    pub models: Result<Vec<String>, GeneratorError>,
    /// The model that answered, if the server names it.
    pub answered_by: Option<String>,
    /// What the server refused of the request, as sentences.
    pub remarks: Vec<String>,
    /// The parameters that are not sent, by the settings or because the server refused them.
    pub left_out: Vec<&'static str>,
    /// Whether the model was seen thinking before its answer.
    pub thinks: bool,
    /// The reply's text.
    pub reply: String,
    /// The duration of the request in seconds.
    pub seconds: f64,
}

impl ProviderGenerator {
    /// Sends one small request, and returns what the server supports.
    ///
    /// A server that does not stream gets a second request for a whole reply.
    ///
    /// # Errors
    ///
    /// The error that every request of a run would get.
    pub async fn probe(&self) -> Result<Probe, GeneratorError> {
        let models = self.models().await;
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
        Ok(Probe {
            streaming: if self.refused.others().has(Parameter::Stream) { streaming } else { Support::No },
            schema,
            usage,
            tokens: heard.tokens,
            models,
            answered_by: heard.answered_by,
            remarks: heard.remarks,
            left_out: self.refused.names(),
            thinks: heard.thinks,
            reply: heard.reply,
            seconds,
        })
    }

    async fn ask_once(&self, delivery: Delivery) -> Result<Heard, GeneratorError> {
        let request = small_request();
        let tail = request.tail.clone();
        let mut exchange = Exchange::new(self, request);
        exchange.delivery = delivery;
        let mut events = std::pin::pin!(futures_util::stream::unfold(exchange, |mut exchange| async move {
            let event = exchange.next().await?;
            Some((event, exchange))
        }));
        let mut heard = Heard::default();
        while let Some(event) = events.next().await {
            heard.thinks |= tail.as_ref().and_then(Tail::read).is_some_and(|writing| writing.thinking);
            match event? {
                GenerateEvent::Row(_) | GenerateEvent::FlaggedRow(..) => heard.rows += 1,
                GenerateEvent::Reply(text) => heard.reply = text,
                GenerateEvent::Usage(tokens) => heard.tokens = Some(tokens),
                GenerateEvent::AnsweredBy(model) => heard.answered_by = Some(model),
                GenerateEvent::Remark(remark) => heard.remarks.push(remark),
                GenerateEvent::Scrap { .. }
                | GenerateEvent::Accepted
                | GenerateEvent::Limits(_)
                | GenerateEvent::SentAgain
                | GenerateEvent::Done(_) => {}
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
    answered_by: Option<String>,
    remarks: Vec<String>,
    thinks: bool,
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
        tail: Some(Tail::default()),
    }
}
