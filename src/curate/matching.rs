//! Whether a row meets a filter.

mod figure;
mod needle;

use super::blind::tells;
use super::filter::{Condition, Filter, Is, Property, Term, VersionPattern, VersionRange, Words};
use super::pattern::Pattern;
use crate::domain::{Origin, Projection, RowId, RowSet, RowView, RowsOf, Run, StateKind, Version};
use figure::{compares, field_figure, has};
use needle::Needle;

impl Filter {
    /// Prepares the filter for the rows of a projection.
    #[must_use]
    pub fn on<'a>(&'a self, projection: &Projection) -> Matcher<'a> {
        let tells_where_from =
            projection.is_blind() && self.terms().into_iter().any(|term| tells(term, projection).is_some());
        Matcher { checks: checks(self, projection), tells_where_from }
    }
}

/// A filter prepared for many rows: needles in lower case, versions, runs and models resolved, cheap checks first.
#[derive(Debug)]
pub struct Matcher<'a> {
    checks: Vec<Check<'a>>,
    /// Whether a condition tells which version, run or generator a row comes from.
    tells_where_from: bool,
}

#[derive(Debug)]
struct Check<'a> {
    negated: bool,
    of: Of<'a>,
}

#[derive(Debug)]
enum Of<'a> {
    All,
    State(StateKind),
    Rows(RowSet),
    Runs(Places),
    NewIn(Places),
    /// Rows of runs, and imported rows of origins.
    Made(Places, Places),
    /// Rows of models: by the model that their run asked, by the one that answered, or by the origin's.
    Model(Places, Test<'a>, Places),
    Words(&'a Property, Test<'a>),
    Any(Vec<Vec<Check<'a>>>),
    Other(&'a Term),
}

impl Matcher<'_> {
    /// Returns whether a row meets the filter.
    #[must_use]
    pub fn matches(&self, row: &RowView<'_>) -> bool {
        // While a blind trial goes on, no condition tells where its rows come from, and none its opposite.
        (!self.tells_where_from || !row.is_hidden()) && all_hold(&self.checks, row)
    }
}

fn all_hold(checks: &[Check<'_>], row: &RowView<'_>) -> bool {
    checks.iter().all(|check| check.of.holds(row) != check.negated)
}

/// Prepares the conditions of a filter, those first that cost least.
fn checks<'a>(filter: &'a Filter, projection: &Projection) -> Vec<Check<'a>> {
    let prepared = |condition: &'a Condition| Check {
        negated: condition.negated,
        of: Of::new(&condition.term, projection),
    };
    let mut checks: Vec<_> = filter.conditions.iter().map(prepared).collect();
    checks.sort_by_key(|check| check.of.cost());
    checks
}

impl<'a> Of<'a> {
    fn new(term: &'a Term, projection: &Projection) -> Self {
        let runs = |fits: &dyn Fn(&Run) -> bool| projection.runs().map(fits).collect();
        let origins = |fits: &dyn Fn(&Origin) -> bool| projection.origins().iter().map(fits).collect();
        let last = || runs(&|run| Some(run.number) == projection.counts().last_run());
        let made = |fits: &dyn Fn(&Version) -> bool, fits_origin: &dyn Fn(&Origin) -> bool| {
            let is_fitting = |version: &&Version| fits(version);
            let fitting: Vec<_> =
                projection.versions().iter().filter(is_fitting).map(|known| known.id).collect();
            Self::Made(runs(&|run| fitting.contains(&run.version)), origins(fits_origin))
        };
        match term {
            Term::AnyState => Self::All,
            Term::State(state) => Self::State(*state),
            Term::Prompt(pattern) => {
                made(&|version| pattern.fits(version), &|origin| pattern.fits_origin(origin))
            }
            Term::Versions(range) => {
                made(&|version| range.fits(version), &|origin| range.fits_origin(origin))
            }
            Term::AnyPrompt => made(&|_| true, &|origin| origin.prompt.is_some() || origin.version.is_some()),
            Term::Provider(provider) => {
                let of_runs = runs(&|run| run.generator.provider == provider.name());
                let of_files = origins(&|origin| origin.provider.as_deref() == Some(provider.name()));
                Self::Made(of_runs, of_files)
            }
            Term::Operation(id) => match projection.rows_of(*id) {
                Some(RowsOf::Run(number)) => Self::Runs(runs(&|run| run.number == number)),
                Some(RowsOf::Changed(rows)) => Self::Rows(rows),
                None => Self::Rows(RowSet::default()),
            },
            Term::LastRun => Self::Runs(last()),
            Term::Is(Is::New) => Self::NewIn(last()),
            Term::Words(Property::Model, words) => {
                let test = Test::new(words, true);
                let asked = runs(&|run| run.generator.model.as_deref().is_some_and(|model| test.fits(model)));
                let of_files =
                    origins(&|origin| origin.model.as_deref().is_some_and(|model| test.fits(model)));
                Self::Model(asked, test, of_files)
            }
            Term::Words(property, words) => Self::Words(property, Test::new(words, false)),
            Term::Group(any) => Self::Any(any.iter().map(|filter| checks(filter, projection)).collect()),
            Term::Flag(_)
            | Term::AnyFlag
            | Term::Id(_)
            | Term::Is(_)
            | Term::Figure(..)
            | Term::Between(..)
            | Term::Has(_)
            | Term::FieldFigure(..) => Self::Other(term),
        }
    }

    /// Returns how much it costs: what is at hand first, then what has to be looked up, texts, and what reads them
    /// slowly.
    fn cost(&self) -> u8 {
        match self {
            Self::All | Self::State(_) => 0,
            Self::Rows(_)
            | Self::Words(Property::Label, _)
            | Self::Runs(_)
            | Self::NewIn(_)
            | Self::Made(..) => 1,
            Self::Words(Property::Tag | Property::Reason | Property::Variable(_), _) | Self::Model(..) => 2,
            Self::Words(Property::Field(_), _) => 5,
            Self::Words(_, Test::Fit(_)) => 4,
            Self::Words(..) => 3,
            Self::Any(any) => any.iter().flatten().map(|check| check.of.cost()).max().unwrap_or_default(),
            Self::Other(term) => match term {
                Term::Figure(figure, ..) | Term::Between(figure, ..) if figure.is_of_text() => 3,
                Term::FieldFigure(..) => 4,
                _ => 1,
            },
        }
    }

    fn holds(&self, row: &RowView<'_>) -> bool {
        match self {
            Self::All => true,
            Self::State(state) => row.state().kind() == *state,
            Self::Rows(rows) => rows.contains(row.number()),
            Self::Runs(runs) => is_of(runs, row),
            Self::NewIn(runs) => row.state().kind() == StateKind::Pending && is_of(runs, row),
            Self::Made(runs, origins) => is_of(runs, row) || is_from(origins, row),
            Self::Model(asked, test, origins) => {
                let answered = || row.request()?.answered_by.as_deref().map(|model| test.fits(model));
                is_of(asked, row) || is_from(origins, row) || answered().unwrap_or_default()
            }
            Self::Words(property, test) => words_hold(property, test, row),
            Self::Any(any) => any.iter().any(|checks| all_hold(checks, row)),
            Self::Other(term) => holds(term, row),
        }
    }
}

/// A set of runs or origins, by their index.
#[derive(Debug)]
struct Places(Vec<bool>);

impl FromIterator<bool> for Places {
    fn from_iter<I: IntoIterator<Item = bool>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl Places {
    fn contains(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or_default()
    }
}

fn is_of(runs: &Places, row: &RowView<'_>) -> bool {
    row.run().is_some_and(|run| runs.contains(run.number.index()))
}

fn is_from(origins: &Places, row: &RowView<'_>) -> bool {
    row.origin_place().is_some_and(|place| origins.contains(place))
}

/// What words are compared with.
#[derive(Debug)]
enum Test<'a> {
    Equal(&'a str),
    EqualButForCase(&'a str),
    Hold(Needle),
    Fit(&'a Pattern),
    Any,
}

impl<'a> Test<'a> {
    fn new(words: &'a Words, ignores_case: bool) -> Self {
        match words {
            Words::Equal(word) if ignores_case => Self::EqualButForCase(word),
            Words::Equal(word) => Self::Equal(word),
            Words::Hold(words) => Self::Hold(Needle::new(words)),
            Words::Fit(pattern) => Self::Fit(pattern),
            Words::Any => Self::Any,
        }
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Equal(word) => text == *word,
            // Most names are plain and need no copy.
            Self::EqualButForCase(word) => {
                text.eq_ignore_ascii_case(word)
                    || (!text.is_ascii() && text.to_lowercase() == word.to_lowercase())
            }
            Self::Hold(needle) => needle.is_in(text),
            Self::Fit(pattern) => pattern.is_in(text),
            Self::Any => !text.is_empty(),
        }
    }
}

fn words_hold(property: &Property, test: &Test<'_>, row: &RowView<'_>) -> bool {
    match property {
        Property::Text => test.fits(&row.text()),
        Property::Label => test.fits(row.label()),
        Property::Tag => row.tags().iter().any(|tag| test.fits(tag)),
        Property::Reason => row.reason().is_some_and(|reason| test.fits(reason)),
        Property::Variable(name) if row.is_hidden() => {
            row.shown_variables().get(name.as_str()).is_some_and(|value| test.fits(value))
        }
        Property::Variable(name) => {
            let request = row.request();
            request.is_some_and(|request| request.variables.get(name).is_some_and(|value| test.fits(value)))
        }
        Property::Field(name) => row.fields().0.get(name).is_some_and(|value| test.fits(&value.to_string())),
        // `Of::new` handles it, so it never comes here.
        Property::Model => true,
    }
}

fn holds(term: &Term, row: &RowView<'_>) -> bool {
    match term {
        Term::Flag(flag) => row.has_flag(*flag),
        Term::AnyFlag | Term::Is(Is::Flagged) => row.is_flagged(),
        Term::Id(id) => row.id().as_str().starts_with(id),
        Term::Is(Is::Decided) => row.state().kind() != StateKind::Pending,
        Term::Is(Is::Edited) => row.is_edited(),
        Term::Is(Is::Rated) => row.state().rating().is_some(),
        Term::Is(Is::Bulk) => row.is_bulk(),
        Term::Is(Is::Tagged) => !row.tags().is_empty(),
        Term::Figure(figure, comparison, bound) => compares(*figure, row, &[(*comparison, *bound)]),
        Term::Between(figure, least, most) => figure::is_between(*figure, row, *least, *most),
        Term::Has(figure) => has(*figure, row),
        Term::FieldFigure(name, comparison, bound) => {
            field_figure(row, name).is_some_and(|figure| comparison.holds(figure, *bound))
        }
        // `Of::new` handles these, so they never come here.
        Term::AnyState
        | Term::State(_)
        | Term::Words(..)
        | Term::Prompt(_)
        | Term::Versions(_)
        | Term::AnyPrompt
        | Term::Provider(_)
        | Term::LastRun
        | Term::Operation(_)
        | Term::Is(Is::New)
        | Term::Group(_) => true,
    }
}

impl VersionPattern {
    /// Returns whether the pattern names this version.
    #[must_use]
    pub fn fits(&self, version: &Version) -> bool {
        let digits = self.word.strip_prefix('v').unwrap_or(&self.word);
        let by_number = digits.parse() == Ok(version.number);
        let by_id =
            self.word.len() >= RowId::SHORTEST_PREFIX && version.id.to_string().starts_with(&self.word);
        match &self.name {
            Some(name) => *name == version.name && (by_number || by_id),
            None => by_number || by_id || self.word == version.name,
        }
    }

    /// Returns whether the pattern names the version that the file of an imported row does; such a one has no id.
    #[must_use]
    pub fn fits_origin(&self, origin: &Origin) -> bool {
        let digits = self.word.strip_prefix('v').unwrap_or(&self.word);
        let by_number = origin.version.is_some_and(|number| digits.parse() == Ok(number));
        match &self.name {
            Some(name) => origin.prompt.as_ref() == Some(name) && by_number,
            None => by_number || origin.prompt.as_ref() == Some(&self.word),
        }
    }
}

impl VersionRange {
    fn holds(&self, name: Option<&str>, number: u32) -> bool {
        let is_named = self.name.as_deref().is_none_or(|wanted| Some(wanted) == name);
        is_named
            && self.first.is_none_or(|first| first <= number)
            && self.last.is_none_or(|last| number <= last)
    }

    /// Returns whether a version is one of the range.
    #[must_use]
    pub fn fits(&self, version: &Version) -> bool {
        self.holds(Some(&version.name), version.number)
    }

    /// Returns whether the version that the file of an imported row names is one of the range.
    #[must_use]
    pub fn fits_origin(&self, origin: &Origin) -> bool {
        origin.version.is_some_and(|number| self.holds(origin.prompt.as_deref(), number))
    }
}

#[cfg(test)]
mod tests;
