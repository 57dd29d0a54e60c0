//! Whether a row meets a filter.

use super::filter::{Comparison, Condition, Figure, Filter, Is, Term, VersionPattern};
use crate::domain::{Projection, Request, RowId, RowView, Run, StateKind, Version, VersionId};

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
    Runs(Places),
    NewIn(Places),
    Requests(Places),
    Text(Needle),
    Reason(Needle),
    Other(&'a Term),
}

impl<'a> Matcher<'a> {
    fn new(filter: &'a Filter, projection: &Projection) -> Self {
        let check = |condition: &'a Condition| {
            let runs = |fits: &dyn Fn(&Run) -> bool| projection.runs().map(fits).collect();
            let last = || runs(&|run| Some(run.number) == projection.counts().last_run());
            let check = match &condition.term {
                Term::AnyState => Check::All,
                Term::State(state) => Check::State(*state),
                Term::Prompt(pattern) => {
                    let fitting = projection.versions().iter().filter(|version| pattern.fits(version));
                    let fitting: Vec<VersionId> = fitting.map(|version| version.id).collect();
                    Check::Runs(runs(&|run| fitting.contains(&run.version)))
                }
                Term::Provider(provider) => {
                    Check::Runs(runs(&|run| run.generator.provider == provider.name()))
                }
                Term::LastRun => Check::Runs(last()),
                Term::Is(Is::New) => Check::NewIn(last()),
                Term::Model(name) => Check::Requests(of_models(projection, |model| is_same(model, name))),
                Term::ModelHolds(words) => {
                    let needle = Needle::new(words);
                    Check::Requests(of_models(projection, |model| needle.is_in(model)))
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
        self.checks.iter().all(|(negated, check)| check.holds(row) != *negated)
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
    let is_of = |request: &Request| {
        asked.contains(request.run.index()) || request.answered_by.as_deref().is_some_and(&fits)
    };
    projection.requests().map(is_of).collect()
}

impl Check<'_> {
    const fn cost(&self) -> u8 {
        match self {
            Self::All | Self::State(_) => 0,
            Self::Runs(_) | Self::NewIn(_) | Self::Requests(_) | Self::Other(_) => 1,
            Self::Text(_) | Self::Reason(_) => 2,
        }
    }

    fn holds(&self, row: &RowView<'_>) -> bool {
        match self {
            Self::All => true,
            Self::State(state) => row.state().kind() == *state,
            Self::Runs(runs) => is_of(runs, row),
            Self::NewIn(runs) => row.state().kind() == StateKind::Pending && is_of(runs, row),
            Self::Requests(requests) => {
                row.request().is_some_and(|request| requests.contains(request.number.0 as usize))
            }
            Self::Text(needle) => needle.is_in(row.text()),
            Self::Reason(needle) => row.mark().reason.is_some_and(|reason| needle.is_in(&reason)),
            Self::Other(term) => holds(term, row),
        }
    }
}

fn is_of(runs: &Places, row: &RowView<'_>) -> bool {
    row.request().is_some_and(|request| runs.contains(request.run.index()))
}

fn holds(term: &Term, row: &RowView<'_>) -> bool {
    match term {
        Term::Label(label) => row.label() == label,
        Term::Flag(flag) => row.has_flag(*flag),
        Term::AnyFlag | Term::Is(Is::Flagged) => row.flags().next().is_some(),
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
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, FieldValue, Fields, Flag, FlagKind, Rating, RequestNumber};

    /// Five rows: 1 accepted with 4 stars and a tag, 2 rejected for a reason, 3 flagged, 4 edited, 5 of v2.
    fn story() -> Story {
        let mut story = Story::default();
        story.version("one");
        let flag = Flag { kind: FlagKind::Duplicate, other: None, figure: None };
        let mut rows: Vec<_> = ["FREE prize now", "ÄRGER im Netz", "twice", "as it came"]
            .map(|text| story.new_row(text, vec![]))
            .into();
        rows[2].flags.push(flag);
        story.sampled_rows(rows);
        story.version("two");
        story.sampled(&["of the second"]);
        let rating = Rating::try_from(4).ok();
        story.change(&[0], Change::Accept { rating, tags: vec!["good one".into()] });
        story.change(&[1], Change::Reject { reason: Some("Too Dull".into()), tags: vec![] });
        let mut fields = Fields::of_text("as I want it");
        fields.0.insert(Fields::LABEL.into(), FieldValue::Text("ham".into()));
        story.change(&[3], Change::Edit { fields: Some(fields) });
        story
    }

    fn found(story: &Story, filter: &str) -> Vec<u32> {
        let filter = Filter::parse(filter).unwrap();
        let matcher = filter.on(&story.projection);
        story.projection.rows().filter(|row| matcher.matches(row)).map(|row| row.number().shown()).collect()
    }

    #[test]
    fn rows_are_found_by_who_wrote_them_and_when() {
        let mut story = Story::with_rows(2);
        story.sampled_by("openai", Some("Small LM"), &["c", "d"]);
        story.sampled_by("gemini", Some("gem"), &["e", "f"]);
        story.answered_by(RequestNumber(2), "gem-2026-01");
        story.change(&[0, 1, 4], Change::accept());
        story.change(&[1], Change::reject());
        for (filter, rows) in [
            ("model:\"small lm\"", &[3, 4][..]),
            ("model:small", &[]),
            ("model~SMALL", &[3, 4]),
            ("model:gem", &[5, 6]),
            ("model:GEM-2026-01", &[5, 6]),
            ("-model~gem", &[1, 2, 3, 4]),
            ("provider:openai", &[3, 4]),
            ("-provider:offline", &[3, 4, 5, 6]),
            ("run:last", &[5, 6]),
            ("is:new", &[6]),
            ("-is:new state:pending", &[3, 4]),
            ("is:bulk", &[1, 5]),
            ("-is:bulk is:decided", &[2]),
        ] {
            assert_eq!(found(&story, filter), rows, "{filter}");
        }
        assert_eq!(story.projection.counts().new_rows(), 1);
        // A run that has begun and given no row yet is not the last one that gave rows.
        story.sampled_rows(vec![]);
        assert_eq!(found(&story, "run:last"), [5, 6]);
        story.sampled(&["g"]);
        assert_eq!((found(&story, "run:last"), found(&story, "is:new")), (vec![7], vec![7]));
        assert!(found(&Story::default(), "run:last").is_empty());
    }

    #[test]
    fn each_condition_finds_its_rows() {
        let story = story();
        let id = story.projection.id(crate::domain::RowNumber(1)).unwrap();
        let version = story.projection.versions()[1].id;
        for (filter, rows) in [
            ("", &[1, 2, 3, 4, 5][..]),
            ("state:any", &[1, 2, 3, 4, 5]),
            ("-state:any", &[]),
            ("state:pending", &[3, 4, 5]),
            ("-state:pending", &[1, 2]),
            ("is:decided", &[1, 2]),
            ("label:spam", &[1, 2, 3, 5]),
            ("label:ham", &[4]),
            ("prompt:v2", &[5]),
            ("prompt:1", &[1, 2, 3, 4]),
            ("prompt:main", &[1, 2, 3, 4, 5]),
            ("prompt:main@v2", &[5]),
            ("prompt:other@v2", &[]),
            (&format!("prompt:{}", &version.to_string()), &[5]),
            ("run:2", &[5]),
            ("run<2", &[1, 2, 3, 4]),
            ("flag:duplicate", &[3]),
            ("flag:any", &[3]),
            ("-is:flagged", &[1, 2, 4, 5]),
            ("rating>=4", &[1]),
            ("rating>4", &[]),
            ("is:rated", &[1]),
            ("-rating<5", &[2, 3, 4, 5]),
            ("text~\"free prize\"", &[1]),
            ("FREE", &[1]),
            ("ärger", &[2]),
            ("text~came", &[]),
            ("text~\"I want\" is:edited", &[4]),
            (&format!("id:{}", &id.as_str()[..6]), &[2]),
            ("tag:\"good one\"", &[1]),
            ("tag:good", &[]),
            ("is:tagged", &[1]),
            ("reason~dull", &[2]),
            ("reason:\"Too Dull\"", &[2]),
            ("reason:dull", &[]),
            ("novelty>=0.5 novelty<=0.5 novelty:0.5", &[1, 2, 3, 4, 5]),
            ("novelty<0.5", &[]),
            ("number>=2 number<4", &[2, 3]),
            ("length:5", &[3]),
            ("state:pending -flag:duplicate prompt:v1", &[4]),
        ] {
            assert_eq!(found(&story, filter), rows, "{filter}");
        }
    }

    #[test]
    fn a_figure_of_few_digits_meets_what_was_computed() {
        assert!(Comparison::Equal.holds(0.8149, 0.81) && !Comparison::Equal.holds(0.82, 0.81));
        assert!(!Comparison::Equal.holds(12.0, 13.0));
    }

    #[test]
    fn words_are_found_whatever_their_case_and_script() {
        for (words, text, found) in [
            ("win", "You WIN", true),
            ("win!", "You WIN", false),
            ("longer than the text", "short", false),
            ("", "", true),
            ("ÉTÉ", "l'été", true),
            ("k", "\u{212a}", true),
        ] {
            assert_eq!(Needle::new(words).is_in(text), found, "{words} in {text}");
        }
    }
}
