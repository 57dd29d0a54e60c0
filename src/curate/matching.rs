//! Whether a row meets a filter.

use super::filter::{Comparison, Condition, Figure, Filter, Is, Term, VersionPattern};
use crate::domain::{
    Origin, Projection, RequestNumber, RequestRef, RowId, RowSet, RowView, RowsOf, Run, StateKind, Version, VersionId,
};

impl Filter {
    /// Prepares the filter for the rows of a projection.
    #[must_use]
    pub fn on<'a>(&'a self, projection: &Projection) -> Matcher<'a> {
        Matcher::new(self, projection)
    }
}

/// A filter prepared for many rows: needles in lower case, versions, runs and requests resolved, cheap
/// checks first.
#[derive(Debug)]
pub struct Matcher<'a> {
    checks: Vec<(bool, Check<'a>)>,
}

#[derive(Debug)]
enum Check<'a> {
    All,
    State(StateKind),
    /// These rows.
    Rows(RowSet),
    Runs(Places),
    NewIn(Places),
    /// Rows of runs, and imported rows of origins.
    Made(Places, Places),
    /// Rows of requests, and imported rows of origins.
    Requests(Places, Places),
    Text(Needle),
    Reason(Needle),
    Other(&'a Term),
}

impl<'a> Matcher<'a> {
    fn new(filter: &'a Filter, projection: &Projection) -> Self {
        let check = |condition: &'a Condition| {
            let runs = |fits: &dyn Fn(&Run) -> bool| projection.runs().map(fits).collect();
            let origins = |fits: &dyn Fn(&Origin) -> bool| projection.origins().iter().map(fits).collect();
            let models = |fits: &dyn Fn(&str) -> bool| {
                let of_files = origins(&|origin| origin.model.as_deref().is_some_and(fits));
                Check::Requests(of_models(projection, fits), of_files)
            };
            let last = || runs(&|run| Some(run.number) == projection.counts().last_run());
            let check = match &condition.term {
                Term::AnyState => Check::All,
                Term::State(state) => Check::State(*state),
                Term::Prompt(pattern) => {
                    let fitting = projection.versions().iter().filter(|version| pattern.fits(version));
                    let fitting: Vec<VersionId> = fitting.map(|version| version.id).collect();
                    let of_runs = runs(&|run| fitting.contains(&run.version));
                    Check::Made(of_runs, origins(&|origin| pattern.fits_origin(origin)))
                }
                Term::Provider(provider) => {
                    let of_runs = runs(&|run| run.generator.provider == provider.name());
                    let of_files = origins(&|origin| origin.provider.as_deref() == Some(provider.name()));
                    Check::Made(of_runs, of_files)
                }
                Term::Operation(id) => match projection.rows_of(*id) {
                    Some(RowsOf::Run(number)) => Check::Runs(runs(&|run| run.number == number)),
                    Some(RowsOf::Changed(rows)) => Check::Rows(rows),
                    None => Check::Rows(RowSet::default()),
                },
                Term::LastRun => Check::Runs(last()),
                Term::Is(Is::New) => Check::NewIn(last()),
                Term::Model(name) => models(&|model| is_same(model, name)),
                Term::ModelHolds(words) => {
                    let needle = Needle::new(words);
                    models(&|model| needle.is_in(model))
                }
                Term::TextHolds(words) => Check::Text(Needle::new(words)),
                Term::ReasonHolds(words) => Check::Reason(Needle::new(words)),
                term => Check::Other(term),
            };
            (condition.negated, check)
        };
        let mut checks: Vec<_> = filter.conditions.iter().map(check).collect();
        checks.sort_by_key(|(_, check)| check.cost());
        Self { checks }
    }

    /// Returns whether a row meets the filter.
    #[must_use]
    pub fn matches(&self, row: &RowView<'_>) -> bool {
        self.checks.iter().all(|(negated, check)| {
            // While a blind trial goes on, no condition tells where its rows come from, and none its opposite.
            let is_told = !check.tells_where_from() || !row.is_hidden();
            is_told && check.holds(row) != *negated
        })
    }
}

/// A set of runs or requests, by their index.
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

/// Returns whether two names are the same but for upper and lower case; most are plain and need no copy.
fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

/// Returns the requests whose model, asked or answering, fits.
fn of_models(projection: &Projection, fits: impl Fn(&str) -> bool) -> Places {
    let asked: Places =
        projection.runs().map(|run| run.generator.model.as_deref().is_some_and(&fits)).collect();
    let is_of = |request: RequestRef<'_>| {
        asked.contains(request.run.index()) || request.answered_by.as_deref().is_some_and(&fits)
    };
    projection.requests().map(is_of).collect()
}

impl Check<'_> {
    /// Returns whether it tells which version, run or generator a row comes from.
    const fn tells_where_from(&self) -> bool {
        match self {
            Self::Runs(_) | Self::NewIn(_) | Self::Made(..) | Self::Requests(..) => true,
            Self::Other(term) => matches!(term, Term::Figure(Figure::Run, ..)),
            Self::All | Self::State(_) | Self::Rows(_) | Self::Text(_) | Self::Reason(_) => false,
        }
    }

    const fn cost(&self) -> u8 {
        match self {
            Self::All | Self::State(_) => 0,
            Self::Rows(_)
            | Self::Runs(_)
            | Self::NewIn(_)
            | Self::Made(..)
            | Self::Requests(..)
            | Self::Other(_) => 1,
            Self::Text(_) | Self::Reason(_) => 2,
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
            Self::Requests(requests, origins) => {
                let is_of_one = |request: RequestNumber| requests.contains(request.0 as usize);
                row.request_number().is_some_and(is_of_one) || is_from(origins, row)
            }
            Self::Text(needle) => needle.is_in(&row.text()),
            Self::Reason(needle) => row.mark().reason.is_some_and(|reason| needle.is_in(&reason)),
            Self::Other(term) => holds(term, row),
        }
    }
}

fn is_of(runs: &Places, row: &RowView<'_>) -> bool {
    row.run().is_some_and(|run| runs.contains(run.number.index()))
}

fn is_from(origins: &Places, row: &RowView<'_>) -> bool {
    row.origin_place().is_some_and(|place| origins.contains(place))
}

fn holds(term: &Term, row: &RowView<'_>) -> bool {
    match term {
        Term::Label(label) => row.label() == label,
        Term::Flag(flag) => row.has_flag(*flag),
        Term::AnyFlag | Term::Is(Is::Flagged) => row.is_flagged(),
        Term::Id(id) => row.id().as_str().starts_with(id),
        Term::Tag(tag) => row.mark().tags.contains(tag),
        Term::Reason(reason) => row.mark().reason.as_ref() == Some(reason),
        Term::Is(Is::Decided) => row.state().kind() != StateKind::Pending,
        Term::Is(Is::Edited) => row.is_edited(),
        Term::Is(Is::Rated) => row.state().rating().is_some(),
        Term::Is(Is::Bulk) => row.is_bulk(),
        Term::Is(Is::Tagged) => !row.mark().tags.is_empty(),
        Term::Figure(figure, comparison, bound) => compares(*figure, *comparison, *bound, row),
        // `Matcher::new` handles these, so they never come here.
        Term::AnyState
        | Term::State(_)
        | Term::Prompt(_)
        | Term::Model(_)
        | Term::ModelHolds(_)
        | Term::Provider(_)
        | Term::LastRun
        | Term::Operation(_)
        | Term::Is(Is::New)
        | Term::TextHolds(_)
        | Term::ReasonHolds(_) => true,
    }
}

fn compares(figure: Figure, comparison: Comparison, bound: f64, row: &RowView<'_>) -> bool {
    let of_row = match figure {
        Figure::Rating => row.state().rating().map(|rating| f64::from(rating.stars())),
        Figure::Number => Some(f64::from(row.number().shown())),
        Figure::Run => row.run().map(|run| f64::from(run.number.0)),
        #[expect(clippy::cast_precision_loss, reason = "no text has 2^52 characters")]
        Figure::Length => Some(row.text().chars().count() as f64),
        Figure::Novelty => {
            // Novelty is stored as `f32`: without this rounding 0.7 would not be at least 0.7.
            #[expect(clippy::cast_possible_truncation, reason = "the loss is what is wanted")]
            let bound = f64::from(bound as f32);
            let novelty = row.scores().novelty.map(f64::from);
            return novelty.is_some_and(|novelty| comparison.holds(novelty, bound));
        }
    };
    of_row.is_some_and(|figure| comparison.holds(figure, bound))
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
}

impl VersionPattern {
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

/// A text to find case-insensitively.
#[derive(Debug)]
struct Needle {
    lower: String,
    ascii: bool,
}

impl Needle {
    fn new(words: &str) -> Self {
        Self { lower: words.to_lowercase(), ascii: words.is_ascii() }
    }

    fn is_in(&self, text: &str) -> bool {
        if !(self.ascii && text.is_ascii()) {
            return text.to_lowercase().contains(&self.lower);
        }
        // Runs for millions of rows, so it must not copy each text.
        let (needle, text) = (self.lower.as_bytes(), text.as_bytes());
        let Some(first) = needle.first() else { return true };
        let starts = text.len().checked_sub(needle.len()).map_or(0..0, |last| 0..last + 1);
        starts.into_iter().any(|at| {
            text[at].to_ascii_lowercase() == *first
                && text[at..at + needle.len()].eq_ignore_ascii_case(needle)
        })
    }
}

#[cfg(test)]
mod tests;
