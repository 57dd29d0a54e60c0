//! The words that may be meant by the one that is typed in the prompt.
//!
//! They are offered for one place in the text. Wherever the cursor goes next they are not offered any more, so nothing
//! else has to take them away.

use super::{Model, Stage};
use crate::config::variables;
use crate::domain::{PromptPart, Session};
use crate::template::{Completions, ScopeShape, Shape, completions};

/// Words that are offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What they are, in a word.
    pub title: &'static str,
    /// The words, sorted.
    pub words: Vec<String>,
    /// The one that is taken.
    pub selected: usize,
    /// What of the word is typed already.
    pub typed: String,
    part: PromptPart,
    /// The line and the character of the cursor.
    cursor: (usize, usize),
}

impl Model {
    /// Returns the words that are offered where the cursor is; none within a burst, whose keys are text.
    pub(crate) fn completion(&self) -> Option<&Offer> {
        let offer = self.prompt.offer.as_ref().filter(|_| !self.in_burst)?;
        let text = self.prompt.current();
        let cursor = text.cursor();
        let is_here = offer.part == self.prompt.part && offer.cursor == (cursor.0, cursor.1);
        let before: String = text.lines().get(cursor.0)?.chars().take(cursor.1).collect();
        (is_here && before.ends_with(&offer.typed)).then_some(offer)
    }

    /// Returns what may be meant at the cursor of the prompt's editor.
    pub(super) fn offer_here(&self) -> Option<Offer> {
        let part = self.prompt.part;
        let Stage::Open(open) = &self.stage else { return None };
        if part == PromptPart::Variables || self.in_burst {
            return None;
        }
        let text = self.prompt.current();
        let (line, character) = (text.cursor().0, text.cursor().1);
        let lines = text.lines();
        let start: usize = lines.iter().take(line).map(|line| line.len() + 1).sum();
        let column =
            lines.get(line)?.char_indices().nth(character).map_or(lines[line].len(), |(byte, _)| byte);
        let known = known(&open.session, &self.prompt.text(PromptPart::Variables));
        let Completions { kind, typed, words } = completions(&lines.join("\n"), start + column, &known)?;
        let typed = lines[line][..column].get(column.checked_sub(typed)?..)?.to_owned();
        Some(Offer { title: kind.title(), words, selected: 0, typed, part, cursor: (line, character) })
    }
}

/// Returns the names that the prompt of a session may use, with the variables as they are typed.
fn known(session: &Session, typed: &str) -> ScopeShape {
    let fields: Vec<&str> = session.schema.0.iter().map(|field| field.name.as_str()).collect();
    let attributes = ["text", "label", "fields"].into_iter().chain(fields.iter().copied());
    let known = ScopeShape::default()
        .with("examples", Shape::List(Box::new(Shape::record(attributes))))
        .with("fields", Shape::record(fields.iter().copied()));
    let names: Vec<String> = variables::read(typed).map_or_else(
        // While they are typed, what stands before a sign of equality is a name.
        |_| typed.lines().filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned())).collect(),
        |variables| variables.values.into_keys().collect(),
    );
    names.into_iter().fold(known, |known, name| known.with(name, Shape::Text))
}
