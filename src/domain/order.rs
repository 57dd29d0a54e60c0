//! What crosses between the screen and the workbench, besides facts.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Budget, ExchangeMessage, GeneratorSettings, RowNumber};

/// An order for rows, as a person gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOrder {
    /// How many rows are wanted.
    pub rows: u32,
    /// Who writes them.
    pub generator: GeneratorSettings,
    /// The run's seed; without one, the next of the session's.
    pub seed: Option<u64>,
    /// What the run may use up at most.
    pub budget: Budget,
    /// Whether a request that was made before, word for word and with the same seed, is answered from what
    /// came then.
    pub reuse: bool,
}

impl RunOrder {
    /// Returns the order for so many rows of a generator, without limits.
    #[must_use]
    pub fn new(rows: u32, generator: GeneratorSettings) -> Self {
        Self { rows, generator, seed: None, budget: Budget::default(), reuse: false }
    }
}

/// The parts of a prompt that are edited apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PromptPart {
    /// The user message's template.
    #[default]
    User,
    /// The system message's template.
    System,
    /// The variables.
    Variables,
}

/// Something wrong in a prompt, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The part it is in.
    pub part: PromptPart,
    /// The bytes of that part that are wrong.
    pub range: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what now, as a sentence.
    pub message: String,
}

/// What the next run's first request would send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The rendered messages; empty where the prompt has problems.
    pub messages: Vec<ExchangeMessage>,
    /// About how many tokens they are.
    pub tokens: usize,
    /// How many real rows they show.
    pub examples: usize,
    /// The value that each variable has.
    pub variables: BTreeMap<String, String>,
    /// What keeps the prompt from being sent.
    pub problems: Vec<Problem>,
    /// What of the prompt the generator does not read, as a sentence.
    pub unread: Option<String>,
}

/// What the detail pane shows of a row beyond the row itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDetail {
    /// The row.
    pub row: RowNumber,
    /// The nearest train row's text and the char-5 Jaccard similarity to it, 0 to 1.
    pub nearest: Option<(String, f64)>,
}
