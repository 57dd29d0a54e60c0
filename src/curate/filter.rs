//! A filter: conditions that a row must meet, all of them.
//!
//! ```text
//! Filter ── all of ──► Condition ──► Term
//!    ▲                                 │
//!    └───────────── any of ────────────┘  a group in brackets
//! ```

mod display;

use super::Pattern;
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
    /// Returns whether a condition depends on rows that are not looked at.
    #[must_use]
    pub(crate) fn needs_counts(&self) -> bool {
        self.terms()
            .into_iter()
            .any(|term| matches!(term, Term::LastRun | Term::Is(Is::New) | Term::Operation(_)))
    }

    /// Returns the words that texts must contain.
    pub fn text_words(&self) -> impl Iterator<Item = &str> {
        self.words_of(&Property::Text, |words| match words {
            Words::Hold(words) => Some(words.as_str()),
            Words::Equal(_) | Words::Fit(_) | Words::Any => None,
        })
    }

    /// Returns the labels that rows must have.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.words_of(&Property::Label, |words| match words {
            Words::Equal(label) => Some(label.as_str()),
            Words::Hold(_) | Words::Fit(_) | Words::Any => None,
        })
    }

    /// Returns whether rows must be in a state.
    #[must_use]
    pub fn asks_for(&self, state: StateKind) -> bool {
        self.conditions.iter().any(|condition| !condition.negated && condition.term == Term::State(state))
    }

    /// Returns the terms of all its conditions, those in brackets too.
    #[must_use]
    pub(crate) fn terms(&self) -> Vec<&Term> {
        let mut found = Vec::new();
        let mut open: Vec<&Self> = vec![self];
        while let Some(filter) = open.pop() {
            for condition in &filter.conditions {
                match &condition.term {
                    Term::Group(any) => open.extend(any),
                    term => found.push(term),
                }
            }
        }
        found
    }

    fn words_of<'a>(
        &'a self,
        property: &'a Property,
        pick: impl Fn(&'a Words) -> Option<&'a str>,
    ) -> impl Iterator<Item = &'a str> {
        let needed = self.conditions.iter().filter(|condition| !condition.negated);
        needed.filter_map(move |condition| match &condition.term {
            Term::Words(of, words) if of == property => pick(words),
            _ => None,
        })
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
    /// `label:spam`, `text~"free prize"`, `reason:*`: compares what is written.
    Words(Property, Words),
    /// `prompt:v3`, `prompt:main@v3`, `prompt:main`, or the beginning of a version's id.
    Prompt(VersionPattern),
    /// `prompt:v3..v5`: one of some versions that follow one another.
    Versions(VersionRange),
    /// `prompt:*`: it is known which version the row comes from.
    AnyPrompt,
    /// `provider:openai`.
    Provider(Provider),
    /// `run:last`: of the last run that gave rows.
    LastRun,
    /// `flag:duplicate`.
    Flag(FlagKind),
    /// `flag:any`, `flag:*`.
    AnyFlag,
    /// `id:abcd`: the row's id begins with this.
    Id(String),
    /// `operation:41`: an operation was about the row.
    Operation(OperationId),
    /// `is:edited`.
    Is(Is),
    /// `rating>=4`, `run:12`: compares a figure; a row without the figure never matches.
    Figure(Figure, Comparison, f64),
    /// `rating:2..4`: the figure is between two others, or one of them.
    Between(Figure, f64, f64),
    /// `rating:*`: the row has the figure.
    Has(Figure),
    /// `field.score>3`: compares a field that is a number.
    FieldFigure(String, Comparison, f64),
    /// `(state:pending or tag:good)`: one filter of these or more match.
    Group(Vec<Filter>),
}

/// A property of a row that is words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// The text.
    Text,
    /// The label.
    Label,
    /// The tags; one of them is enough.
    Tag,
    /// The reason of a decision.
    Reason,
    /// The model that was asked, and the one that answered; one of them is enough. Case is ignored.
    Model,
    /// The value that a variable of the prompt had.
    Variable(String),
    /// A field besides the text.
    Field(String),
}

impl Property {
    /// The properties that all sessions have, but for the text.
    pub(super) const NAMED: [Self; 4] = [Self::Label, Self::Tag, Self::Reason, Self::Model];

    /// Returns the word for it in a filter; that of a variable or a field is its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Text => "text",
            Self::Label => "label",
            Self::Tag => "tag",
            Self::Reason => "reason",
            Self::Model => "model",
            Self::Variable(name) | Self::Field(name) => name,
        }
    }
}

/// How words are compared.
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    /// `label:spam`, `text="win"`: they are these.
    Equal(String),
    /// `text~win`: they contain this, in upper or lower case.
    Hold(String),
    /// `text~/win \d+/`: a regular expression finds something in them.
    Fit(Pattern),
    /// `reason:*`: there are some.
    Any,
}

/// Which version a row must come from, as typed: `[NAME@](N | vN | ID)` or a prompt's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionPattern {
    /// The prompt's name, if the pattern has an `@`.
    pub name: Option<String>,
    /// The part after the `@`, or the whole pattern.
    pub word: String,
}

/// Versions that follow one another: `[NAME@][vN]..[vN]`, with an end at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRange {
    /// The prompt's name; without one, versions of all prompts.
    pub name: Option<String>,
    /// The number of the first version.
    pub first: Option<u32>,
    /// The number of the last version.
    pub last: Option<u32>,
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

    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Equal => ":",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}
