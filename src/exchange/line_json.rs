//! Versions, runs and operations in JSON, as the lists print them: one line each.

use serde::Serialize;

use super::row_json::{PromptJson, moment};
use crate::domain::{Counts, Operation, OperationKind, Run, RunNumber, Scrap, StateKind, Tokens, Version};
use crate::measure::{Acceptance, AcceptanceFigures};

/// A version, as `prompt list --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionJson {
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
    /// The words that a person put on it.
    pub labels: Vec<String>,
    /// A person's word about it.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// How many rows came from it.
    pub rows: u32,
    /// How many of them are accepted.
    pub accepted: u32,
    /// How many of them are rejected.
    pub rejected: u32,
    /// Accepted of accepted and rejected, with its 95 % interval; the rate is null before the first.
    pub acceptance: AcceptanceFigures,
}

impl VersionJson {
    /// Returns a version with the counts of its rows; `target` is the label where it says none.
    #[must_use]
    pub fn of(version: &Version, counts: &Counts, target: &str) -> Self {
        let counts = counts.of_version(version.id);
        let (accepted, rejected) = (counts.of(StateKind::Accepted), counts.of(StateKind::Rejected));
        Self {
            name: version.name.clone(),
            number: version.number,
            id: version.id.to_string(),
            parent: version.parent.map(|parent| parent.to_string()),
            label: version.content.label.clone().unwrap_or_else(|| target.to_owned()),
            labels: Vec::new(),
            note: version.note.clone(),
            created_at: moment(version.created_at),
            rows: counts.total(),
            accepted,
            rejected,
            acceptance: Acceptance::new(accepted.into(), rejected.into()).figures(),
        }
    }
}

/// A run, as `sample --json` prints it at its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleJson {
    /// Its number.
    pub run: u32,
    /// The version that its rows come from.
    pub prompt: Option<PromptJson>,
    /// `running`, `done`, `stopped`, `interrupted` or `failed`.
    pub status: &'static str,
    /// How many rows were asked for.
    pub requested: u32,
    /// Valid rows kept.
    pub rows: u32,
    /// Pieces of replies that did not become rows.
    pub scraps: u32,
    /// Requests that failed.
    pub failed: u32,
    /// Rows with a flag.
    pub flagged: u32,
    /// Requests begun.
    pub requests: u32,
    /// Tokens as the provider counted them.
    pub tokens: Tokens,
    /// What it cost, in US dollars; null where the price is not known.
    pub cost_usd: Option<f64>,
    /// How long it took; null while it runs.
    pub seconds: Option<f64>,
}

impl SampleJson {
    /// Returns a run with the version that its rows come from.
    #[must_use]
    pub fn of(run: &Run, version: Option<&Version>) -> Self {
        Self {
            run: run.number.0,
            prompt: version.map(PromptJson::from),
            status: run.status.name(),
            requested: run.requested,
            rows: run.rows,
            scraps: run.scraps,
            failed: run.failed,
            flagged: run.flagged,
            requests: run.requests,
            tokens: run.tokens,
            cost_usd: run.cost_usd,
            seconds: run.seconds(),
        }
    }
}

/// A run, as `runs --json` prints it: what `sample --json` prints, and then what is known besides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunJson {
    /// What `sample --json` prints.
    #[serde(flatten)]
    pub sample: SampleJson,
    /// The label that its rows got.
    pub label: String,
    /// Who wrote its rows.
    pub generator: GeneratorJson,
    /// Why it failed, as a sentence.
    pub reason: Option<String>,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
}

/// Who wrote a run's rows, and with which settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GeneratorJson {
    /// The provider.
    pub provider: String,
    /// The model, where the provider has models.
    pub model: Option<String>,
    /// The run's seed.
    pub seed: u64,
    /// The sampling temperature.
    pub temperature: f64,
    /// The server asked, where it is not the provider's own.
    pub base_url: Option<String>,
}

impl RunJson {
    /// Returns a run with the version that its rows come from.
    #[must_use]
    pub fn of(run: &Run, version: Option<&Version>) -> Self {
        let reason = run.status.reason().map(str::to_owned);
        Self {
            sample: SampleJson::of(run, version),
            label: run.label.clone(),
            generator: GeneratorJson {
                provider: run.generator.provider.clone(),
                model: run.generator.model.clone(),
                seed: run.generator.seed,
                temperature: run.generator.temperature,
                base_url: run.generator.base_url.clone(),
            },
            reason,
            started_at: moment(run.started_at),
            ended_at: run.ended_at.map(moment),
        }
    }
}

/// One run with its scraps, as `runs SESSION RUN --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunDetailJson {
    /// What the list prints of it.
    #[serde(flatten)]
    pub run: RunJson,
    /// The pieces that did not become rows, in the order in which they came.
    pub scrapped: Vec<ScrapJson>,
}

/// A piece of a reply that did not become a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScrapJson {
    /// Why it is no row, as a sentence.
    pub reason: String,
    /// The piece, as it came.
    pub raw: String,
}

impl RunDetailJson {
    /// Returns a run with those of the scraps that came in it.
    #[must_use]
    pub fn of<'a>(run: &Run, version: Option<&Version>, scraps: impl Iterator<Item = &'a Scrap>) -> Self {
        let scrapped = scraps
            .filter(|scrap| scrap.run == run.number)
            .map(|scrap| ScrapJson { reason: scrap.reason.clone(), raw: scrap.raw.clone() });
        Self { run: RunJson::of(run, version), scrapped: scrapped.collect() }
    }
}

/// An operation, as `log --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationJson {
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
    /// The operation that it undid or did again.
    pub target: Option<u64>,
    /// Whether it stands undone now.
    pub undone: bool,
}

impl From<&Operation> for OperationJson {
    fn from(operation: &Operation) -> Self {
        let (run, target) = match operation.kind {
            OperationKind::Sample { run: RunNumber(run) } => (Some(run), None),
            OperationKind::Undo { target } | OperationKind::Redo { target } => (None, Some(target.0)),
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, RequestNumber, RunStatus};

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn a_version_is_printed_with_its_counts() {
        let mut story = Story::with_rows(4);
        story.change(&[0, 1, 2], Change::accept());
        story.change(&[2], Change::reject());
        let version = &story.projection.versions()[0];
        let line = VersionJson::of(version, story.projection.counts(), "spam");

        let keys = "{\"name\":\"main\",\"number\":1,\"id\":\"0000000000000001\",\"parent\":null,\"label\":\"spam\",\
                    \"labels\":[],\"note\":null,\"created_at\":\"1970-01-01T00:16:40.000Z\",\"rows\":4,\
                    \"accepted\":2,\"rejected\":1,\"acceptance\":{\"rate\":0.6666666666666666,\"low\":";
        assert!(json(&line).starts_with(keys), "{}", json(&line));
    }

    #[test]
    fn a_version_without_decisions_has_no_rate() {
        let mut story = Story::with_rows(1);
        story.version("second");
        let version = &story.projection.versions()[1];
        let line = VersionJson::of(version, story.projection.counts(), "spam");
        assert_eq!(line.parent.as_deref(), Some("0000000000000001"));
        assert!(
            json(&line).contains("\"rows\":0,\"accepted\":0,\"rejected\":0,\"acceptance\":{\"rate\":null,")
        );
    }

    #[test]
    fn a_run_is_printed_as_the_contract_has_it() {
        let story = Story::with_rows(3);
        let run = story.projection.runs().next().unwrap();
        let version = story.projection.version(run.version);
        let sample = "{\"run\":1,\"prompt\":{\"name\":\"main\",\"number\":1,\"id\":\"0000000000000001\"},\
                      \"status\":\"done\",\"requested\":3,\"rows\":3,\"scraps\":0,\"failed\":0,\"flagged\":0,\
                      \"requests\":1,\"tokens\":{\"input\":10,\"output\":20},\"cost_usd\":null,\"seconds\":4.0";
        assert_eq!(json(&SampleJson::of(run, version)), format!("{sample}}}"));

        let more = ",\"label\":\"spam\",\"generator\":{\"provider\":\"offline\",\"model\":null,\"seed\":42,\
                    \"temperature\":1.0,\"base_url\":null},\"reason\":null,\
                    \"started_at\":\"1970-01-01T00:16:41.000Z\",\"ended_at\":\"1970-01-01T00:16:45.000Z\"";
        assert_eq!(json(&RunJson::of(run, version)), format!("{sample}{more}}}"));
    }

    #[test]
    fn a_run_is_shown_with_its_own_scraps_and_its_failure() {
        let mut story = Story::with_rows(1);
        story.add(crate::domain::Event::RunEnded {
            run: RunNumber(1),
            status: RunStatus::Failed { reason: "The server is gone.".into() },
        });
        let scrap = |run| Scrap {
            run: RunNumber(run),
            request: RequestNumber(0),
            raw: format!("{{{run}"),
            reason: "It is no JSON.".into(),
            repaired: false,
        };
        let scraps = [scrap(1), scrap(2)];
        let run = story.projection.runs().next().unwrap();

        let detail = RunDetailJson::of(run, None, scraps.iter());

        assert_eq!(detail.run.reason.as_deref(), Some("The server is gone."));
        assert!(json(&detail).ends_with("\"scrapped\":[{\"reason\":\"It is no JSON.\",\"raw\":\"{1\"}]}"));
    }

    #[test]
    fn the_log_says_what_an_undo_undid() {
        let mut story = Story::with_rows(2);
        let accept = story.change(&[0, 1], Change::accept());
        story.undo();
        let lines: Vec<_> =
            story.projection.operations().map(|operation| json(&OperationJson::from(operation))).collect();
        let [_, sample, accepted, undo] = lines.as_slice() else { panic!("{lines:?}") };
        assert!(
            sample.contains("\"kind\":\"sample\",\"rows\":2,\"run\":1,\"target\":null,\"undone\":false}"),
            "{sample}"
        );
        assert!(
            accepted.contains("\"kind\":\"accept\",\"rows\":2,\"run\":null,\"target\":null,\"undone\":true}")
        );
        assert!(undo.ends_with(&format!(
            "\"kind\":\"undo\",\"rows\":2,\"run\":null,\"target\":{},\"undone\":false}}",
            accept.0
        )));
    }
}
