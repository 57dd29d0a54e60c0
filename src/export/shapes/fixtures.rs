//! Rows for the tests of the shapes.

use std::path::Path;
use std::sync::Arc;

use crate::domain::fixtures::{Story, session};
use crate::domain::{Change, Exchange, ExchangeMessage, Fields, Projection, Role, RowNumber, Schema};
use crate::export::LabelValues;
use crate::export::format::Task;
use crate::export::shape::{Context, Outgoing, Shape};

/// Makes a shape for a session with the labels `ham` and `spam`.
pub(super) fn in_context<S>(task: Task, out: &str, make: impl FnOnce(&Context<'_>) -> S) -> S {
    let (session, projection, labels) = (session(Schema::default()), Projection::default(), labels());
    let (label_values, out) = (LabelValues::new(), Path::new(out));
    make(&Context {
        session: &session,
        projection: &projection,
        labels: &labels,
        label_values: &label_values,
        task,
        out,
        bare: false,
        raw: false,
    })
}

pub(super) fn labels() -> Vec<String> {
    vec!["ham".to_owned(), "spam".to_owned()]
}

/// One request of a provider with these rows, all labelled `spam` and pending.
pub(super) fn story(provider: &str, texts: &[&str]) -> Story {
    let mut story = Story::default();
    story.version("words");
    story.sampled_by(provider, Some("small"), texts);
    story
}

pub(super) fn accept(story: &mut Story, rows: &[u32]) {
    story.change(rows, Change::Accept { rating: None, tags: vec![] });
}

pub(super) fn reject(story: &mut Story, rows: &[u32]) {
    story.change(rows, Change::Reject { reason: None, tags: vec![] });
}

pub(super) fn edit(story: &mut Story, row: u32, text: &str) {
    story.change(&[row], Change::Edit { fields: Some(Fields::of_text(text)) });
}

/// What was asked, and this reply.
pub(super) fn replied(reply: &str) -> Arc<Exchange> {
    let message = |role, text: &str| ExchangeMessage { role, text: text.into() };
    let messages = vec![message(Role::System, "Be brief."), message(Role::User, "Write rows.")];
    Arc::new(Exchange { messages, reply: Some(reply.into()), ..Exchange::default() })
}

/// A row of a story on its way out, with the id `r1`, `r2` and so on.
pub(super) fn outgoing(story: &Story, row: u32, exchange: Option<Arc<Exchange>>) -> Outgoing<'_> {
    let view = story.projection.row(RowNumber(row)).unwrap();
    let id = ["r1", "r2", "r3", "r4", "r5", "r6"][row as usize];
    let label = view.label();
    Outgoing {
        id,
        text: view.text().held().unwrap(),
        label,
        label_value: label.into(),
        row: Some(view),
        exchange,
        part: None,
    }
}

/// A real row.
pub(super) fn real<'a>(id: &'a str, text: &'a str, label: &'a str) -> Outgoing<'a> {
    Outgoing { id, text, label, label_value: label.into(), row: None, exchange: None, part: None }
}

/// What a shape makes of rows: the main file, and what it says.
pub(super) fn shaped(shape: &mut dyn Shape, rows: &[Outgoing<'_>]) -> (String, Vec<String>) {
    let mut out = Vec::new();
    shape.begin(&mut out).unwrap();
    rows.iter().for_each(|row| shape.row(row, &mut out).unwrap());
    let said = shape.end(&mut out).unwrap();
    (String::from_utf8(out).unwrap(), said)
}
