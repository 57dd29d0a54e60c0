//! Runs in JSON: the result of `sample`, a line of `runs`, and one run in full.

use std::collections::BTreeMap;

use serde::Serialize;

use super::row_json::{PromptJson, moment};
use crate::domain::{FailureGroup, FlagKind, Projection, RowPlan, Run, RunNumber, Tokens, Version};

/// A run, as `sample --json` prints it at its end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct SampleJson {
    /// Its number.
    pub run: u32,
    /// The version that its rows come from.
    pub prompt: Option<PromptJson>,
    /// `running`, `waiting`, `done`, `stopped`, `interrupted` or `failed`.
    pub status: &'static str,
    /// How many rows were asked for.
    pub requested: u32,
    /// Valid rows kept.
    pub rows: u32,
    /// Pieces of replies that did not become rows; null, as all that would tell a side, while a blind trial hides it.
    pub scraps: Option<u32>,
    /// Requests that failed.
    pub failed: Option<u32>,
    /// Rows with a flag.
    pub flagged: Option<u32>,
    /// Requests begun.
    pub requests: Option<u32>,
    /// Tokens, as the provider counted them.
    pub tokens: Option<Tokens>,
    /// Tokens that were estimated, because the provider counted none; not among `tokens`. Left out where there are none.
    #[serde(skip_serializing_if = "Tokens::is_nothing")]
    pub estimated_tokens: Tokens,
    /// What both cost, in US dollars; null where the price is not known.
    pub cost_usd: Option<f64>,
    /// How long it took; null while it runs.
    pub seconds: Option<f64>,
}

impl SampleJson {
    /// Returns a run with the version that its rows come from.
    #[must_use]
    pub(crate) fn of(run: &Run, version: Option<&Version>) -> Self {
        Self {
            run: run.number.0,
            prompt: version.map(PromptJson::from),
            status: run.status.name(),
            requested: run.requested,
            rows: run.rows,
            scraps: Some(run.scraps),
            failed: Some(run.failed),
            flagged: Some(run.flagged),
            requests: Some(run.requests),
            tokens: Some(run.tokens),
            estimated_tokens: run.estimated,
            cost_usd: run.cost_usd,
            seconds: run.seconds(),
        }
    }
}

/// A run, as `runs --json` prints it: all keys of [`SampleJson`] and more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct RunJson {
    #[serde(flatten)]
    pub sample: SampleJson,
    /// The label that its rows got.
    pub label: String,
    /// Who wrote its rows; null while a blind trial hides it.
    pub generator: Option<GeneratorJson>,
    /// Why it failed, as a sentence.
    pub reason: Option<String>,
    /// Its failed requests by reason.
    pub failures: Vec<FailureGroup>,
    /// What a person should know of it, as sentences.
    pub remarks: Vec<String>,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// The plan that its rows go by, where requests do not draw all their values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<RowPlan>,
}

impl RunJson {
    /// Returns a run as a blind trial lets it be seen: how many rows it has, and nothing that tells its side.
    #[must_use]
    pub(crate) fn hidden(run: &Run) -> Self {
        let sample = SampleJson {
            scraps: None,
            failed: None,
            flagged: None,
            requests: None,
            tokens: None,
            estimated_tokens: Tokens::default(),
            cost_usd: None,
            seconds: None,
            ..SampleJson::of(run, None)
        };
        let (failures, remarks) = (Vec::new(), Vec::new());
        Self { sample, generator: None, reason: None, failures, remarks, ..Self::of(run, None) }
    }
}

/// Who wrote a run's rows, and with which settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct GeneratorJson {
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
    pub(crate) fn of(run: &Run, version: Option<&Version>) -> Self {
        let reason = run.status.reason().map(str::to_owned);
        Self {
            sample: SampleJson::of(run, version),
            label: run.label.clone(),
            generator: Some(GeneratorJson {
                provider: run.generator.provider.clone(),
                model: run.generator.model.clone(),
                seed: run.generator.seed,
                temperature: run.generator.temperature,
                base_url: run.generator.base_url.clone(),
            }),
            reason,
            failures: run.failures.clone(),
            remarks: run.remarks.clone(),
            started_at: moment(run.started_at),
            ended_at: run.ended_at.map(moment),
            plan: run.plan.clone(),
        }
    }
}

/// One run with its scraps, as `runs SESSION RUN --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct RunDetailJson {
    #[serde(flatten)]
    pub run: RunJson,
    /// How many of its rows have each flag.
    pub flags: FlagsJson,
    /// The pieces that did not become rows, in the order in which they came.
    pub scrapped: Vec<ScrapJson>,
}

/// A piece of a reply that did not become a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ScrapJson {
    /// Its place among all scraps of the session, from 0.
    pub index: usize,
    /// Why it did not become a row, as a sentence.
    pub reason: String,
    /// The piece, as it came.
    pub raw: String,
    /// Whether a person made a row of it.
    pub repaired: bool,
}

impl RunDetailJson {
    /// Returns a run with its version, its flags and its scraps.
    #[must_use]
    pub(crate) fn of(run: &Run, projection: &Projection) -> Self {
        let own = projection.scraps().enumerate().filter(|(_, scrap)| scrap.run == run.number);
        let scrapped = own.map(|(index, scrap)| ScrapJson {
            index,
            reason: scrap.reason.clone(),
            raw: scrap.raw.clone(),
            repaired: scrap.repaired,
        });
        Self {
            run: RunJson::of(run, projection.version(run.version)),
            flags: named(flags_of_run(projection, run.number)),
            scrapped: scrapped.collect(),
        }
    }
}

/// How many rows have each flag, by the flag's name; flags that no row has are left out.
pub(crate) type FlagsJson = BTreeMap<&'static str, u32>;

/// Returns how many rows of a run have each flag, in the order in which flags are shown. Reads every row.
#[must_use]
pub(crate) fn flags_of_run(projection: &Projection, run: RunNumber) -> Vec<(FlagKind, u32)> {
    let rows = projection.rows().filter(|row| row.run().is_some_and(|of| of.number == run));
    let mut counts = FlagKind::ALL.map(|kind| (kind, 0));
    rows.flat_map(|row| row.flag_kinds()).for_each(|kind| counts[kind.place()].1 += 1);
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

pub(super) fn named(counts: impl IntoIterator<Item = (FlagKind, u32)>) -> FlagsJson {
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| (kind.name(), count)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::VersionJson;
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Event, Flag, NewScrap, RequestNumber};

    fn json(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap()
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
                    \"temperature\":1.0,\"base_url\":null},\"reason\":null,\"failures\":[],\"remarks\":[],\
                    \"started_at\":\"1970-01-01T00:16:41.000Z\",\"ended_at\":\"1970-01-01T00:16:45.000Z\"";
        assert_eq!(json(&RunJson::of(run, version)), format!("{sample}{more}}}"));
    }

    #[test]
    fn a_run_is_shown_with_its_own_scraps_and_its_failure() {
        let mut story = Story::with_rows(1);
        story.add(Event::RunEnded {
            run: RunNumber(1),
            status: crate::domain::RunStatus::Failed { reason: "The server is gone.".into() },
        });
        story.sampled(&["of another run"]);
        for run in [2, 1] {
            let scraps = vec![NewScrap { raw: format!("{{{run}"), reason: "It is no JSON.".into() }];
            story.add(Event::Scrapped { run: RunNumber(run), request: RequestNumber(run - 1), scraps });
        }
        story.add(Event::ScrapRepaired { run: RunNumber(1), scrap: 1 });
        let run = story.projection.runs().next().unwrap();

        let detail = RunDetailJson::of(run, &story.projection);

        assert_eq!(detail.run.reason.as_deref(), Some("The server is gone."));
        let scrap = "{\"index\":1,\"reason\":\"It is no JSON.\",\"raw\":\"{1\",\"repaired\":true}";
        let end = format!("\"flags\":{{}},\"scrapped\":[{scrap}]}}");
        assert!(json(&detail).ends_with(&end), "{}", json(&detail));
    }

    #[test]
    fn flags_are_counted_by_run_and_by_version() {
        let mut story = Story::default();
        let version = story.version("first words");
        let flag = |kind| Flag { kind, other: None, figure: None };
        let (copy, blank) = (flag(FlagKind::CopiesReal), flag(FlagKind::Placeholder));
        for flags in [vec![copy.clone(), blank], vec![copy]] {
            let rows = vec![story.new_row("a row", flags), story.new_row("another", vec![])];
            story.sampled_rows(rows);
        }
        let projection = &story.projection;
        let run = projection.runs().next().unwrap();

        let detail = RunDetailJson::of(run, projection);
        let line = VersionJson::of(projection.version(version).unwrap(), projection, "spam");

        assert!(json(&detail).contains("\"flags\":{\"copies-real\":1,\"placeholder\":1},"));
        assert!(json(&line).ends_with(",\"flags\":{\"copies-real\":2,\"placeholder\":1},\"by_generator\":[],\"bulk\":{\"accepted\":0,\"rejected\":0}}"));
        let counts = flags_of_run(projection, RunNumber(2));
        assert_eq!(counts, [(FlagKind::CopiesReal, 1)]);
        assert_eq!(flags_of_run(projection, RunNumber(3)), []);
    }
}
