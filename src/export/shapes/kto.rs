//! Decided rows for Kahneman-Tversky optimisation: a prompt, an answer, and whether a person wanted it.
//!
//! The names and types are those of TRL 1.16 (`dataset_formats`, unpaired preference, conversational): `prompt` and
//! `completion` are lists of messages, `label` is true for an accepted row and false for a rejected one.

use std::io::Write;

use serde::Serialize;

use super::chat::Turn;
use super::decisions::Decisions;
use super::writing::{Items, count};
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// Answers that were wanted or not.
#[derive(Debug)]
pub(super) struct Kto {
    decisions: Decisions,
    items: Items,
    wanted: u64,
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
        Self { decisions: Decisions::new(context), items: Items::LINES, wanted: 0 }
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
        let Some(decided) = self.decisions.of(row) else { return Ok(()) };
        let (label, completion) = (decided.is_wanted, [Turn::assistant(decided.answer)]);
        self.wanted += u64::from(label);
        self.items.item(&Answer { prompt: &decided.prompt, completion, label }, out)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        let (wanted, unwanted) = (count(self.wanted, "answer"), self.items.written() - self.wanted);
        let mut said = vec![format!("{wanted} labelled true, {unwanted} labelled false.")];
        said.extend(self.decisions.said());
        Ok(said)
    }

    fn written(&self) -> Option<(u64, &'static str)> {
        Some((self.items.written(), "answer"))
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
