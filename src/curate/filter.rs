//! A filter: conditions that a row must meet, all of them.

use std::fmt;

use crate::domain::{FlagKind, OperationId, Provider, StateKind};

/// Conditions that a row must all meet; an empty filter matches every row.
///
/// `Display` writes text that parses to the same filter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// The conditions, in the order in which they were written.
    pub conditions: Vec<Condition>,
}

impl Filter {
    /// Returns the words that texts must contain.
    pub fn text_words(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().filter(|condition| !condition.negated).filter_map(|condition| match &condition
            .term
        {
            Term::TextHolds(words) => Some(words.as_str()),
            _ => None,
        })
    }

    /// Returns the labels that rows must have.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().filter(|condition| !condition.negated).filter_map(|condition| match &condition
            .term
        {
            Term::Label(label) => Some(label.as_str()),
            _ => None,
        })
    }

    /// Returns whether rows must be in a state.
    #[must_use]
    pub fn asks_for(&self, state: StateKind) -> bool {
        self.conditions.iter().any(|condition| !condition.negated && condition.term == Term::State(state))
    }
}

/// One condition of a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Whether the condition is inverted (`-` before it).
    pub negated: bool,
    /// What is compared.
    pub term: Term,
}

/// A property that a filter compares.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// `state:any`: matches every row.
    AnyState,
    /// `state:pending`.
    State(StateKind),
    /// `label:spam`: the label is this one.
    Label(String),
    /// `prompt:v3`, `prompt:main@v3`, `prompt:main`, or the beginning of a version's id.
    Prompt(VersionPattern),
    /// `model:smollm2`: the model that was asked, or the one that answered, is this one; case is ignored.
    Model(String),
    /// `model~smol`: one of their names contains this, case-insensitively.
    ModelHolds(String),
    /// `provider:openai`.
    Provider(Provider),
    /// `run:last`: of the last run that gave rows.
    LastRun,
    /// `flag:duplicate`.
    Flag(FlagKind),
    /// `flag:any`.
    AnyFlag,
    /// `id:abcd`: the row's id begins with this.
    Id(String),
    /// `tag:good`: it has this tag.
    Tag(String),
    /// `reason:dull`: the reason is this one.
    Reason(String),
    /// `reason~dull`: the reason contains this, case-insensitively.
    ReasonHolds(String),
    /// `text~"free prize"`: the text contains this, case-insensitively.
    TextHolds(String),
    /// `operation:41`: an operation was about the row.
    Operation(OperationId),
    /// `is:edited`.
    Is(Is),
    /// `rating>=4`, `run:12`: compares a figure; a row without the figure never matches.
    Figure(Figure, Comparison, f64),
}

/// Which version a row must come from, as typed: `[NAME@](N | vN | ID)` or a prompt's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionPattern {
    /// The prompt's name, if the pattern has an `@`.
    pub name: Option<String>,
    /// The part after the `@`, or the whole pattern.
    pub word: String,
}

/// A yes-or-no property of a row, for `is:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// Decided: not pending.
    Decided,
    /// Changed by a person.
    Edited,
    /// With a flag.
    Flagged,
    /// With a rating.
    Rated,
    /// With a tag.
    Tagged,
    /// Pending, and of the last run that gave rows.
    New,
    /// Decided together with other rows, and not by itself since.
    Bulk,
}

impl Is {
    /// All properties.
    pub const ALL: [Self; 7] =
        [Self::Decided, Self::Edited, Self::Flagged, Self::Rated, Self::Tagged, Self::New, Self::Bulk];

    /// Returns the word for it in a filter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Edited => "edited",
            Self::Flagged => "flagged",
            Self::Rated => "rated",
            Self::Tagged => "tagged",
            Self::New => "new",
            Self::Bulk => "bulk",
        }
    }
}

/// A numeric property of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Stars, 1 to 5.
    Rating,
    /// Novelty, 0 to 1.
    Novelty,
    /// Place in arrival order, from 1.
    Number,
    /// The run's number.
    Run,
    /// Characters of the text.
    Length,
}

impl Figure {
    /// All figures.
    pub const ALL: [Self; 5] = [Self::Rating, Self::Novelty, Self::Number, Self::Run, Self::Length];

    /// Returns the word for it in a filter.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rating => "rating",
            Self::Novelty => "novelty",
            Self::Number => "number",
            Self::Run => "run",
            Self::Length => "length",
        }
    }
}

/// How a figure is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `:` or `=`.
    Equal,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    More,
    /// `>=`.
    AtLeast,
}

impl Comparison {
    /// Returns whether the comparison of two figures is true.
    #[must_use]
    pub fn holds(self, figure: f64, bound: f64) -> bool {
        match self {
            // Figures are shown with two decimals: a difference below half of the last digit counts as
            // equal.
            Self::Equal => (figure - bound).abs() < 0.005,
            Self::Less => figure < bound,
            Self::AtMost => figure <= bound,
            Self::More => figure > bound,
            Self::AtLeast => figure >= bound,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Equal => ":",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, condition) in self.conditions.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            condition.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("-")?;
        }
        match &self.term {
            Term::AnyState => f.write_str("state:any"),
            Term::State(state) => write!(f, "state:{}", state.name()),
            Term::Label(label) => write!(f, "label:{}", Word(label)),
            Term::Prompt(pattern) => write!(f, "prompt:{}", Word(&pattern.to_string())),
            Term::Model(name) => write!(f, "model:{}", Word(name)),
            Term::ModelHolds(words) => write!(f, "model~{}", Word(words)),
            Term::Provider(provider) => write!(f, "provider:{}", provider.name()),
            Term::LastRun => f.write_str("run:last"),
            Term::Flag(flag) => write!(f, "flag:{}", flag.name()),
            Term::AnyFlag => f.write_str("flag:any"),
            Term::Id(id) => write!(f, "id:{id}"),
            Term::Tag(tag) => write!(f, "tag:{}", Word(tag)),
            Term::Reason(reason) => write!(f, "reason:{}", Word(reason)),
            Term::ReasonHolds(words) => write!(f, "reason~{}", Word(words)),
            Term::TextHolds(words) => write!(f, "text~{}", Word(words)),
            Term::Operation(id) => write!(f, "operation:{}", id.0),
            Term::Is(is) => write!(f, "is:{}", is.name()),
            Term::Figure(figure, comparison, bound) => {
                write!(f, "{}{}{bound}", figure.name(), comparison.sign())
            }
        }
    }
}

impl fmt::Display for VersionPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}@")?;
        }
        f.write_str(&self.word)
    }
}

/// Displays a value as a filter spells it, in quotation marks where it needs them.
pub(super) struct Word<'a>(pub(super) &'a str);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\\');
        if !self.0.is_empty() && self.0.chars().all(plain) {
            return f.write_str(self.0);
        }
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}
