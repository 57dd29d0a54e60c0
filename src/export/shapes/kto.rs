//! Decided rows for Kahneman-Tversky optimisation: a prompt, an answer, and whether a person wanted it.
//!
//! The names and types are those of TRL 1.16 (`dataset_formats`, unpaired preference, conversational): `prompt` and
//! `completion` are lists of messages, `label` is true for an accepted row and false for a rejected one.

use std::io::Write;

use serde::Serialize;

use super::chat::{Answers, LeftOut, Turn};
use super::dpo::{Prompts, skipped};
use super::writing::{Items, count};
use crate::domain::StateKind;
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// Answers that were wanted or not.
#[derive(Debug)]
pub(super) struct Kto {
    answers: Answers,
    prompts: Prompts,
    items: Items,
    left_out: LeftOut,
    wanted: u64,
    unwanted: u64,
    skipped: u64,
}

/// An answer as TRL reads it.
#[derive(Serialize)]
struct Answer<'a> {
    prompt: &'a [Turn],
    completion: [Turn; 1],
    label: bool,
}

impl Kto {
    pub(super) fn new(context: &Context<'_>) -> Self {
        Self {
            answers: Answers::new(&context.session.schema),
            prompts: Prompts::default(),
            items: Items::LINES,
            left_out: LeftOut::default(),
            wanted: 0,
            unwanted: 0,
            skipped: 0,
        }
    }
}

impl Shape for Kto {
    fn takes(&self) -> Takes {
        Takes::Decided
    }

    fn needs_exchange(&self) -> bool {
        true
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        self.items.begin(out)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let label = match row.row.map(|row| row.state().kind()) {
            Some(StateKind::Accepted) | None => true,
            Some(StateKind::Rejected) => false,
            Some(_) => {
                self.skipped += 1;
                return Ok(());
            }
        };
        let Some(exchange) = self.left_out.exchange_of(row) else { return Ok(()) };
        let Some(request) = row.row.and_then(|row| row.request()) else { return Ok(()) };
        let prompt = self.prompts.of(request, exchange);
        let completion = [Turn::assistant(self.answers.now(row, exchange))];
        *(if label { &mut self.wanted } else { &mut self.unwanted }) += 1;
        self.items.item(&Answer { prompt: &prompt, completion, label }, out)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        let (wanted, unwanted) = (count(self.wanted, "answer"), self.unwanted);
        let mut said = vec![format!("{wanted} labelled true, {unwanted} labelled false.")];
        said.extend(self.left_out.said());
        said.extend(skipped(self.skipped));
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Change;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{
        accept, edit, in_context, outgoing, real, reject, replied, shaped, story,
    };

    #[test]
    fn every_decided_row_says_whether_it_is_wanted() {
        let mut story = story("openai", &["a", "b", "c"]);
        edit(&mut story, 0, "a now");
        accept(&mut story, &[0]);
        reject(&mut story, &[1]);
        story.change(&[2], Change::skip());
        let mut rows: Vec<_> = (0..3).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();
        rows.push(real("7", "d", "ham"));

        let (written, said) = shaped(&mut in_context(Task::Generate, "rows.jsonl", Kto::new), &rows);

        let answer = |text: &str, label: bool| {
            format!(
                "{{\"prompt\":[{{\"role\":\"system\",\"content\":\"Be brief.\"}},{{\"role\":\"user\",\"content\":\
                 \"Write rows.\"}}],\"completion\":[{{\"role\":\"assistant\",\"content\":\"{text}\"}}],\
                 \"label\":{label}}}\n"
            )
        };
        assert_eq!(written, [answer("a now", true), answer("b", false)].concat());
        assert_eq!(
            said,
            [
                "1 answer labelled true, 1 labelled false.",
                "1 real row is left out: no model was asked for real rows.",
                "1 skipped row is left out, neither accepted nor rejected.",
            ]
        );
    }
}
