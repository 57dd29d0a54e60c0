//! A row in JSON, as `rowsmith rows --json` prints it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::domain::{FieldValue, Fields, Flag, Origin, RowView, Timestamp, Version};
use crate::text::time::rfc3339;

/// A row with everything known about it; times are RFC 3339 in UTC.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct RowJson {
    /// Its id.
    pub id: String,
    /// Its place in arrival order, from 1.
    pub number: u32,
    /// The session's name.
    pub session: String,
    /// Its run.
    pub run: Option<u32>,
    /// The version it came from.
    pub prompt: Option<PromptJson>,
    /// `pending`, `accepted`, `rejected` or `skipped`.
    pub state: &'static str,
    /// Stars, 1 to 5.
    pub rating: Option<u8>,
    /// Its label.
    pub label: String,
    /// Its fields, with a person's edits.
    pub fields: Fields,
    /// The fields as they were generated, where a person edited them.
    pub original: Option<Fields>,
    /// Its tags, sorted.
    pub tags: Vec<String>,
    /// Why it was rejected or skipped.
    pub reason: Option<String>,
    /// What machines remarked.
    pub flags: Vec<Flag>,
    /// Its figures.
    pub scores: ScoresJson,
    /// The value that each variable had.
    pub variables: Arc<BTreeMap<String, String>>,
    /// The ids of the rows that its prompt shows: those of the dataset, and of the session's own rows.
    pub examples: Vec<String>,
    /// Who wrote it.
    pub generator: Option<WriterJson>,
    /// When it came.
    pub created_at: String,
    /// When its state was last decided.
    pub decided_at: Option<String>,
    /// The file that it was imported from.
    pub imported: Option<ImportedJson>,
}

/// Where an imported row comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ImportedJson {
    /// The file's name.
    pub file: String,
    /// The line or the item in it, from 1.
    pub line: Option<u64>,
    /// The row's id there, where it has another one here.
    pub id: Option<String>,
    /// Who decided about it there.
    pub by: Option<String>,
}

/// A reference to a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct PromptJson {
    /// The prompt's name.
    pub name: String,
    /// The version's number within the prompt.
    pub number: Option<u32>,
    /// The version's id, 16 hexadecimal digits; null where the version is not of this session.
    pub id: Option<String>,
}

impl From<&Version> for PromptJson {
    fn from(version: &Version) -> Self {
        let (number, id) = (Some(version.number), Some(version.id.to_string()));
        Self { name: version.name.clone(), number, id }
    }
}

impl PromptJson {
    /// Returns the version that the file of an imported row names.
    fn of_file(origin: &Origin) -> Option<Self> {
        Some(Self { name: origin.prompt.clone()?, number: origin.version, id: None })
    }
}

/// A row's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ScoresJson {
    /// 1 − the similarity to the nearest train row; null where there is none.
    pub novelty: Option<f32>,
}

/// Who wrote a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct WriterJson {
    /// The provider; null where the file of an imported row does not say.
    pub provider: Option<String>,
    /// The model, where the provider has models.
    pub model: Option<String>,
    /// The model that answered, as the server names it; null where it named none.
    pub answered_by: Option<Arc<str>>,
    /// The run's seed.
    pub seed: Option<u64>,
}

impl WriterJson {
    /// Returns who wrote an imported row, where its file says so.
    fn of_file(origin: &Origin) -> Option<Self> {
        let Origin { provider, model, seed, .. } = origin.clone();
        let is_said = provider.is_some() || model.is_some() || seed.is_some();
        is_said.then_some(Self { provider, model, answered_by: None, seed })
    }
}

impl RowJson {
    /// Returns a row of a session as JSON has it.
    #[must_use]
    pub(crate) fn of(row: &RowView<'_>, session: &str) -> Self {
        let (mark, run, request) = (row.mark(), row.shown_run(), row.shown_request());
        let writer = |run: &crate::domain::Run| WriterJson {
            provider: Some(run.generator.provider.clone()),
            model: run.generator.model.clone(),
            answered_by: request.as_ref().and_then(|request| request.answered_by.clone()),
            seed: Some(run.generator.seed),
        };
        Self {
            id: row.id().to_string(),
            number: row.number().shown(),
            session: session.to_owned(),
            run: run.map(|run| run.number.0),
            prompt: row.shown_version().map(PromptJson::from).or_else(|| PromptJson::of_file(row.origin()?)),
            state: mark.state.kind().name(),
            rating: mark.state.rating().map(crate::domain::Rating::stars),
            label: row.label().to_owned(),
            fields: row.fields(),
            original: row.is_edited().then(|| original(row)),
            tags: mark.tags,
            reason: mark.reason,
            flags: row.flags().collect(),
            scores: ScoresJson { novelty: row.scores().novelty },
            variables: request
                .as_ref()
                .map_or_else(|| shown_variables(row), |request| request.variables.clone()),
            examples: request.as_ref().map(|request| request.examples.clone()).unwrap_or_default(),
            generator: run.map(writer).or_else(|| WriterJson::of_file(row.origin()?)),
            created_at: moment(row.created_at()),
            decided_at: mark.decided_at.map(moment),
            imported: row.import().map(|import| ImportedJson {
                file: import.file.clone(),
                line: row.line(),
                id: row.id_there(),
                by: row.origin().and_then(|origin| origin.by.clone()),
            }),
        }
    }
}

/// Returns the variables of a row whose request is hidden, those that tell nothing.
fn shown_variables(row: &RowView<'_>) -> Arc<BTreeMap<String, String>> {
    Arc::new(row.shown_variables())
}

/// Returns a row's fields as they were generated, with its label where a person gave it another one.
fn original(row: &RowView<'_>) -> Fields {
    let mut fields = row.original_fields();
    if row.label() != row.original_label() {
        let label = || FieldValue::Text(row.original_label().to_owned());
        fields.0.entry(Fields::LABEL.to_owned()).or_insert_with(label);
    }
    fields
}

/// Returns a timestamp as all JSON output writes it.
pub(super) fn moment(at: Timestamp) -> String {
    rfc3339(at.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::{Story, TrialStory};
    use crate::domain::{Change, FlagKind, Rating, RowNumber};

    fn json(story: &Story, row: u32) -> String {
        let row = story.projection.row(RowNumber(row)).unwrap();
        serde_json::to_string(&RowJson::of(&row, "demo")).unwrap()
    }

    #[test]
    fn a_row_has_the_keys_of_the_contract_in_their_order() {
        let mut story = Story::default();
        let version = story.version("words");
        let flag = Flag { kind: FlagKind::CopiesReal, other: Some("7".into()), figure: Some(0.93) };
        let row = story.new_row("as it came", vec![flag]);
        let id = row.id;
        story.sampled_rows(vec![row]);
        let rating = Rating::try_from(4).ok();
        story.change(&[0], Change::Edit { fields: Some(Fields::of_text("as I want it")) });
        story.change(&[0], Change::Accept { rating, tags: vec!["good".into()] });

        let expected = format!(
            "{{\"id\":\"{id}\",\"number\":1,\"session\":\"demo\",\"run\":1,\
             \"prompt\":{{\"name\":\"main\",\"number\":1,\"id\":\"{version}\"}},\"state\":\"accepted\",\"rating\":4,\
             \"label\":\"spam\",\"fields\":{{\"text\":\"as I want it\"}},\"original\":{{\"text\":\"as it came\"}},\
             \"tags\":[\"good\"],\"reason\":null,\
             \"flags\":[{{\"kind\":\"copies-real\",\"other\":\"7\",\"figure\":0.93}}],\"scores\":{{\"novelty\":0.5}},\
             \"variables\":{{\"topic\":\"bank\"}},\"examples\":[\"7\"],\
             \"generator\":{{\"provider\":\"offline\",\"model\":null,\"answered_by\":null,\"seed\":42}},\
             \"created_at\":\"1970-01-01T00:16:43.000Z\",\"decided_at\":\"1970-01-01T00:16:47.000Z\",\"imported\":null}}"
        );
        assert_eq!(json(&story, 0), expected);
    }

    #[test]
    fn an_imported_row_says_what_its_file_says() {
        let mut story = Story::with_rows(1);
        let origin = Origin {
            prompt: Some("main".into()),
            version: Some(3),
            model: Some("smollm2".into()),
            by: Some("ann".into()),
            ..Origin::default()
        };
        story.imported("labels.csv", &origin, &["one", "two"]);
        let json: serde_json::Value = serde_json::from_str(&json(&story, 2)).unwrap();
        let is = |key: &str, expected: &str| {
            assert_eq!(json[key], serde_json::from_str::<serde_json::Value>(expected).unwrap());
        };
        is("prompt", r#"{"id":null,"name":"main","number":3}"#);
        is("generator", r#"{"answered_by":null,"model":"smollm2","provider":null,"seed":null}"#);
        is("imported", r#"{"by":"ann","file":"labels.csv","id":"item 2","line":2}"#);
        assert!(json["run"].is_null());
    }

    #[test]
    fn what_tells_the_side_of_a_blind_trial_is_null_until_it_ends() {
        let mut of = TrialStory::compare(true, 2);
        let row = of.rows(1)[0].0;
        let value =
            |of: &TrialStory| serde_json::from_str::<serde_json::Value>(&json(&of.story, row)).unwrap();
        let blind = value(&of);
        assert!(["run", "prompt", "generator"].iter().all(|key| blind[key].is_null()), "{blind}");
        assert_eq!(
            (blind["variables"].to_string(), blind["examples"].to_string()),
            (r#"{"topic":"bank"}"#.into(), "[]".into())
        );
        of.end(crate::domain::TrialOutcome::Stopped);
        let told = value(&of);
        assert_eq!((told["run"].as_u64(), told["prompt"]["number"].as_u64()), (Some(3), Some(3)));
        assert_eq!(told["variables"]["tone"], "calm");
    }

    #[test]
    fn what_nobody_said_is_null_and_never_left_out() {
        let story = Story::with_rows(1);
        let json: serde_json::Value = serde_json::from_str(&json(&story, 0)).unwrap();
        assert_eq!(json.as_object().unwrap().len(), 20);
        for key in ["rating", "original", "reason", "decided_at", "imported"] {
            assert!(json[key].is_null(), "{key}");
        }
        assert_eq!(
            (json["state"].as_str(), json["tags"].as_array().map(Vec::len)),
            (Some("pending"), Some(0))
        );
    }
}
