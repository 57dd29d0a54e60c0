//! Values that the screen and the workbench exchange, besides facts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Budget, ExchangeMessage, GeneratorSettings, PlanOrder, RowNumber, TrialSide, Variables};

/// A person's order for rows.
#[derive(Debug, Clone, PartialEq)]
pub struct RunOrder {
    /// How many rows are wanted.
    pub rows: u32,
    /// The generator that writes them.
    pub generator: GeneratorSettings,
    /// The run's seed; `None` takes the session's next one.
    pub seed: Option<u64>,
    /// The run's budget.
    pub budget: Budget,
    /// Whether a request with the same messages and seed as an earlier one gets the stored reply.
    pub reuse: bool,
    /// The side of a trial that the rows are for.
    pub trial: Option<TrialSide>,
    /// How its rows are spread over the combinations of variables.
    pub plan: PlanOrder,
}

impl RunOrder {
    /// Returns an order for a number of rows of one generator, without a budget.
    #[must_use]
    pub fn new(rows: u32, generator: GeneratorSettings) -> Self {
        Self {
            rows,
            generator,
            seed: None,
            budget: Budget::default(),
            reuse: false,
            trial: None,
            plan: PlanOrder::default(),
        }
    }
}

/// The parts of a prompt, each with its own editor.
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
    /// The byte range in that part.
    pub range: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do about it, as a sentence.
    pub message: String,
}

/// What the next run's first request would send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// The rendered messages; empty where the prompt has problems.
    pub messages: Vec<ExchangeMessage>,
    /// Their estimated number of tokens.
    pub tokens: usize,
    /// How many real rows they show.
    pub examples: usize,
    /// The value that each variable has.
    pub variables: BTreeMap<String, String>,
    /// All values and rules of the variables, as a version would have them now.
    pub all: Option<Arc<Variables>>,
    /// The problems because of which the prompt cannot be sent.
    pub problems: Vec<Problem>,
    /// The variables that the prompt does not name, with their places.
    pub unused: Vec<Problem>,
    /// What is worth knowing before it is sent, each as a sentence.
    pub remarks: Vec<String>,
    /// Which parts of the prompt the generator ignores, as a sentence.
    pub unread: Option<String>,
}

/// What the detail pane shows of a row beyond the row itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RowDetail {
    /// The row.
    pub row: RowNumber,
    /// The nearest train row's text and the char-5 Jaccard similarity to it, 0 to 1.
    pub nearest: Option<(String, f64)>,
    /// The text of the earlier row that this one is nearly the same as.
    pub like: Option<String>,
}
