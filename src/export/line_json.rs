//! Versions and operations in JSON, as the lists print them: one line each.

use serde::Serialize;

use super::row_json::moment;
use super::run_json::{FlagsJson, named};
use crate::domain::{
    FlagKind, OfGenerator, Operation, OperationKind, Projection, RunNumber, StateKind, Tokens, Version,
    labels_of,
};
use crate::measure::{Acceptance, AcceptanceFigures, VersionAcceptance, readers};

/// A version, as `prompt list --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct VersionJson {
    /// The prompt's name.
    pub name: String,
    /// Its number within the prompt, from 1.
    pub number: u32,
    /// Its id, 16 hexadecimal digits.
    pub id: String,
    /// The id of the version it was made from.
    pub parent: Option<String>,
    /// The label that its rows get.
    pub label: String,
    /// The labels of the version: `latest`, where it is the newest of its prompt, then those that a person gave it.
    pub labels: Vec<String>,
    /// A person's note about it.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// How many rows came from it. From here on all is null while a blind trial hides how its sides stand.
    pub rows: Option<u32>,
    /// How many of them are accepted.
    pub accepted: Option<u32>,
    /// How many of them are rejected.
    pub rejected: Option<u32>,
    /// Accepted of accepted and rejected, of the rows that were decided one by one and come from generators
    /// that read prompts, with its 95 % interval; the rate is null before the first.
    pub acceptance: Option<AcceptanceFigures>,
    /// Tokens of all its requests, as the provider counted them.
    pub tokens: Option<Tokens>,
    /// The cost of the requests with a known price, in US dollars; null if none has one.
    pub cost_usd: Option<f64>,
    /// The tokens whose price is not known; `cost_usd` does not include them.
    pub unpriced: Option<Tokens>,
    /// How many rows have each flag; flags that no row has are left out.
    pub flags: Option<FlagsJson>,
    /// The acceptance by provider and model; the built-in generator is left out.
    pub by_generator: Option<Vec<GeneratorJson>>,
    /// The rows of these generators that were decided in bulk.
    pub bulk: Option<Acceptance>,
}

/// The acceptance of a version's rows from one provider and model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct GeneratorJson {
    /// The provider's name.
    pub provider: String,
    /// The model's name, as it was asked for.
    pub model: Option<String>,
    /// Rows accepted one by one.
    pub accepted: u32,
    /// Rows rejected one by one.
    pub rejected: u32,
    /// Accepted of accepted and rejected, with its 95 % interval.
    #[serde(flatten)]
    pub acceptance: AcceptanceFigures,
    /// The rows that were decided in bulk.
    pub bulk: Acceptance,
}

impl From<&OfGenerator> for GeneratorJson {
    fn from(of: &OfGenerator) -> Self {
        Self {
            provider: of.provider.to_string(),
            model: of.model.as_deref().map(str::to_owned),
            accepted: of.one_by_one.accepted,
            rejected: of.one_by_one.rejected,
            acceptance: Acceptance::from(of.one_by_one).figures(),
            bulk: of.bulk.into(),
        }
    }
}

impl VersionJson {
    /// Returns a version with the counts of its rows; `target` is the label used if the version has none.
    #[must_use]
    pub(crate) fn of(version: &Version, projection: &Projection, target: &str) -> Self {
        // The counts of a version in a blind trial would tell how its side stands.
        let is_told = !projection.hides_version(version.id);
        let counts = projection.counts();
        let labels = labels_of(projection, version).into_iter().map(str::to_owned).collect();
        let flags = named(FlagKind::ALL.map(|kind| (kind, counts.of_flag_in(kind, version.id))));
        let usage = counts.usage_of(version.id);
        let generators = counts.by_generator(version.id);
        let acceptance = VersionAcceptance::of(generators);
        let counts = counts.of_version(version.id);
        let (accepted, rejected) = (counts.of(StateKind::Accepted), counts.of(StateKind::Rejected));
        Self {
            name: version.name.clone(),
            number: version.number,
            id: version.id.to_string(),
            parent: version.parent.map(|parent| parent.to_string()),
            label: version.content.label.clone().unwrap_or_else(|| target.to_owned()),
            labels,
            note: version.note.clone(),
            created_at: moment(version.created_at),
            rows: is_told.then(|| counts.total()),
            accepted: is_told.then_some(accepted),
            rejected: is_told.then_some(rejected),
            acceptance: is_told.then(|| acceptance.one_by_one.figures()),
            tokens: is_told.then(|| usage.tokens()),
            cost_usd: usage.cost_usd().filter(|_| is_told),
            unpriced: is_told.then(|| usage.unpriced()),
            flags: is_told.then_some(flags),
            by_generator: is_told.then(|| readers(generators).map(GeneratorJson::from).collect()),
            bulk: is_told.then_some(acceptance.bulk),
        }
    }
}

/// An operation, as `log --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct OperationJson {
    /// Its number.
    pub operation: u64,
    /// When it was done.
    pub at: String,
    /// What it did: `accept`, `sample`, `undo` …
    pub kind: &'static str,
    /// How many rows it touched.
    pub rows: u32,
    /// The run that it made.
    pub run: Option<u32>,
    /// The operation that this undo, redo or jump refers to.
    pub target: Option<u64>,
    /// Whether it is undone now.
    pub undone: bool,
    /// Whether what it did holds now: it is not undone, and no jump went behind it.
    pub in_effect: bool,
}

impl OperationJson {
    /// Returns an operation as JSON; `in_effect` says whether what it did holds now.
    pub(crate) fn of(operation: &Operation, in_effect: bool) -> Self {
        let (run, target) = match operation.kind {
            OperationKind::Sample { run: RunNumber(run) } => (Some(run), None),
            OperationKind::Undo { target }
            | OperationKind::Redo { target }
            | OperationKind::Jump { target } => (None, Some(target.0)),
            _ => (None, None),
        };
        Self {
            operation: operation.id.0,
            at: moment(operation.at),
            kind: operation.kind.name(),
            rows: operation.rows,
            run,
            target,
            undone: operation.undone,
            in_effect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Change;
    use crate::domain::fixtures::{Story, TrialStory};

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn a_version_is_printed_with_its_counts() {
        let mut story = Story::with_rows(1);
        story.sampled_by("openai", Some("small"), &["b", "c", "d", "e"]);
        story.change(&[0], Change::accept());
        story.change(&[1, 2], Change::accept());
        story.change(&[3], Change::accept());
        story.change(&[4], Change::reject());
        let version = &story.projection.versions()[0];
        let line = VersionJson::of(version, &story.projection, "spam");

        let keys = "{\"name\":\"main\",\"number\":1,\"id\":\"0000000000000001\",\"parent\":null,\"label\":\"spam\",\
                    \"labels\":[\"latest\"],\"note\":null,\"created_at\":\"1970-01-01T00:16:40.000Z\",\"rows\":5,\
                    \"accepted\":4,\"rejected\":1,\"acceptance\":{\"rate\":0.5,\"low\":";
        assert!(json(&line).starts_with(keys), "{}", json(&line));
        // The tokens of this story have no price: the cost is unknown, not zero.
        let used = "\"tokens\":{\"input\":20,\"output\":40},\"cost_usd\":null,\"unpriced\":{\"input\":20,\"output\":40},\
                    \"flags\":{},\"by_generator\":[{\"provider\":\"openai\",\"model\":\"small\",\"accepted\":1,\"rejected\":1,\
                    \"rate\":0.5,\"low\":0.09453120573423074,\"high\":0.9054687942657693,\"bulk\":{\"accepted\":2,\
                    \"rejected\":0}}],\"bulk\":{\"accepted\":2,\"rejected\":0}}";
        assert!(json(&line).ends_with(used), "{}", json(&line));
    }

    #[test]
    fn a_version_without_decisions_has_no_rate() {
        let mut story = Story::with_rows(1);
        story.version("second");
        let version = &story.projection.versions()[1];
        let line = VersionJson::of(version, &story.projection, "spam");
        assert_eq!(line.parent.as_deref(), Some("0000000000000001"));
        assert!(
            json(&line).contains("\"rows\":0,\"accepted\":0,\"rejected\":0,\"acceptance\":{\"rate\":null,")
        );
    }

    #[test]
    fn what_a_version_in_a_blind_trial_came_to_is_null_and_not_zero() {
        let of = TrialStory::compare(true, 2);
        let version = of.story.projection.version(of.versions[0]).unwrap();
        let line = json(&VersionJson::of(version, &of.story.projection, "spam"));
        let hidden = "\"rows\":null,\"accepted\":null,\"rejected\":null,\"acceptance\":null,\"tokens\":null,\
                      \"cost_usd\":null,\"unpriced\":null,\"flags\":null,\"by_generator\":null,\"bulk\":null}";
        assert!(line.ends_with(hidden), "{line}");
        let first = &of.story.projection.versions()[0];
        assert_eq!(VersionJson::of(first, &of.story.projection, "spam").rows, Some(1));
    }

    #[test]
    fn the_log_says_what_an_undo_undid() {
        let mut story = Story::with_rows(2);
        let accept = story.change(&[0, 1], Change::accept());
        story.undo();
        let lines: Vec<_> = story
            .projection
            .operations()
            .map(|operation| json(&OperationJson::of(operation, !operation.undone)))
            .collect();
        let [_, sample, accepted, undo] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(
            sample.contains("\"kind\":\"sample\",\"rows\":2,\"run\":1,\"target\":null,\"undone\":false,\"in_effect\":true}"),
            "{sample}"
        );
        assert!(accepted.contains(
            "\"kind\":\"accept\",\"rows\":2,\"run\":null,\"target\":null,\"undone\":true,\"in_effect\":false}"
        ));
        assert!(undo.ends_with(&format!(
            "\"kind\":\"undo\",\"rows\":2,\"run\":null,\"target\":{},\"undone\":false,\"in_effect\":true}}",
            accept.0
        )));
    }
}
