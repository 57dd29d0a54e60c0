//! Decided rows as answers to a prompt, for the formats that learn from what a person wanted and did not want.

use std::sync::Arc;

use super::chat::{Answers, LeftOut, Turn};
use super::writing::{are, count};
use crate::domain::{Exchange, Request, RequestNumber, RequestRef, Role, RowView, StateKind};
use crate::export::shape::{Context, Outgoing};

/// Makes answers of rows, and counts the rows that are none.
#[derive(Debug)]
pub(super) struct Decisions {
    answers: Answers,
    left_out: LeftOut,
    skipped: u64,
    /// The messages of the last request, shared by the rows of a request that follow one another.
    last: Option<(RequestNumber, Arc<[Turn]>)>,
}

/// A row that was decided: what a model was asked, and the answer that a person wanted or did not want.
#[derive(Debug)]
pub(super) struct Decided<'r> {
    pub(super) prompt: Arc<[Turn]>,
    pub(super) answer: String,
    /// The answer as it was generated, where the row was edited.
    pub(super) original: Option<String>,
    pub(super) is_wanted: bool,
    pub(super) row: RowView<'r>,
    pub(super) request: RequestRef<'r>,
}

impl Decisions {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let answers = Answers::new(&context.session.schema);
        Self { answers, left_out: LeftOut::default(), skipped: 0, last: None }
    }

    /// Returns what was decided of a row; `None` if it is left open or has no prompt, which is counted.
    pub(super) fn of<'r>(&mut self, outgoing: &Outgoing<'r>) -> Option<Decided<'r>> {
        let state = outgoing.row.map_or(StateKind::Accepted, |row| row.state().kind());
        if ![StateKind::Accepted, StateKind::Rejected].contains(&state) {
            self.skipped += 1;
            return None;
        }
        let exchange = self.left_out.exchange_of(outgoing)?;
        let row = outgoing.row?;
        let request = row.request()?;
        let answer = self.answers.now(outgoing, exchange);
        let original = row.is_edited().then(|| self.answers.written(&row.original_fields(), exchange));
        let prompt = self.prompt(&request, exchange);
        Some(Decided { prompt, answer, original, is_wanted: state == StateKind::Accepted, row, request })
    }

    fn prompt(&mut self, request: &Request, exchange: &Exchange) -> Arc<[Turn]> {
        if let Some((number, prompt)) = &self.last
            && *number == request.number
        {
            return Arc::clone(prompt);
        }
        let messages = exchange.messages.iter().map(|message| match message.role {
            Role::System => Turn::new("system", message.text.as_str()),
            Role::User => Turn::new("user", message.text.as_str()),
        });
        let prompt: Arc<[Turn]> = messages.collect();
        self.last = Some((request.number, Arc::clone(&prompt)));
        prompt
    }

    /// Returns sentences about the rows that are no answers.
    pub(super) fn said(&self) -> Vec<String> {
        let skipped = self.skipped;
        let mut said = self.left_out.said();
        said.extend((skipped > 0).then(|| {
            format!(
                "{} {} left out, neither accepted nor rejected.",
                count(skipped, "skipped row"),
                are(skipped)
            )
        }));
        said
    }
}
