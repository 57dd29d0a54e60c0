//! Records for Argilla: fields, the generator's label as a suggestion, a person's decision as a response.
//!
//! After Argilla 2.8 (`argilla/records/_resource.py`, `Record.from_dict`; `argilla/settings/_resource.py`). The file is
//! a list of records as `Dataset.records.to_json` writes them, with the dataset's settings beside it. In records as flat
//! dictionaries, `label.suggestion` works only as the target of a `mapping`; these here are nested and need none.
//!
//! A response names the user who gave it, and only the server knows its users. So responses come with a user id of
//! zeros, which the short loader beside the file replaces by the id of whoever runs it.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::writing::{Items, LabelList, beside, pretty};
use crate::domain::StateKind;
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};

/// Stands for the user who loads the records.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
/// Argilla shows that many labels at least, and by default at most these.
const VISIBLE: std::ops::RangeInclusive<usize> = 3..=20;

/// Records with suggestions and responses.
#[derive(Debug)]
pub(super) struct Argilla {
    items: Items,
    labels: LabelList,
    guidelines: String,
    files: Files,
    responses: u64,
}

/// The names of the three files.
#[derive(Debug)]
struct Files {
    records: String,
    settings: String,
    loader: String,
}

impl Argilla {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let records = context.out.file_name().map(|name| name.to_string_lossy().into_owned());
        let files = Files {
            records: records.unwrap_or_default(),
            settings: beside(context.out, ".settings.json"),
            loader: beside(context.out, ".load.py"),
        };
        let guidelines = context.session.guidelines.clone();
        Self { items: Items::LIST, labels: LabelList::of(context.labels), guidelines, files, responses: 0 }
    }

    /// Returns the settings of a dataset for these records.
    fn settings(&self) -> Value {
        let names = self.labels.names();
        let options: Vec<_> = names.iter().map(|label| json!({ "value": label, "text": label })).collect();
        let visible = VISIBLE.contains(&names.len()).then_some(names.len());
        let visible = visible.or((names.len() > *VISIBLE.end()).then_some(*VISIBLE.end()));
        let terms = |name: &str| json!({ "name": name, "title": name, "settings": { "type": "terms" } });
        let metadata = ["source", "state", "prompt", "model"].map(terms);
        let guidelines = Some(self.guidelines.as_str()).filter(|guidelines| !guidelines.trim().is_empty());
        json!({
            "guidelines": guidelines,
            "fields": [{
                "name": "text", "title": "text", "required": true,
                "settings": { "type": "text", "use_markdown": false },
            }],
            "questions": [{
                "name": "label", "title": "label", "required": true,
                "settings": { "type": "label_selection", "options": options, "visible_options": visible },
            }],
            "metadata": metadata,
            "vectors": [],
            "allow_extra_metadata": true,
            "distribution": { "strategy": "overlap", "min_submitted": 1 },
        })
    }

    fn loader(&self) -> String {
        let quoted = |name: &str| Value::from(name).to_string();
        LOADER
            .replace("SETTINGS", &quoted(&self.files.settings))
            .replace("RECORDS", &quoted(&self.files.records))
            .replace("LOADER", &self.files.loader)
            .replace("NOBODY", NOBODY)
    }
}

/// Makes a dataset of the records and its settings; the words in capitals are replaced.
const LOADER: &str = r#"# Loads the records into an Argilla server (written for argilla 2.8):
#   ARGILLA_API_URL=... ARGILLA_API_KEY=... python LOADER DATASET [WORKSPACE]
import json
import pathlib
import sys

import argilla as rg

here = pathlib.Path(__file__).parent
client = rg.Argilla()
settings = rg.Settings.from_json(here / SETTINGS)
workspace = sys.argv[2] if len(sys.argv) > 2 else None
dataset = rg.Dataset(name=sys.argv[1], workspace=workspace, settings=settings, client=client)
dataset.create()
records = json.loads((here / RECORDS).read_text(encoding="utf-8"))
for record in records:
    for responses in record["responses"].values():
        for response in responses:
            # The decisions become those of the user who loads them.
            if response["user_id"] == "NOBODY":
                response["user_id"] = client.me.id
dataset.records.log([rg.Record.from_dict(record) for record in records])
"#;

impl Shape for Argilla {
    fn takes(&self) -> Takes {
        Takes::Seen
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        self.items.begin(out)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        self.labels.see(row.label);
        let suggested = row.row.map(|row| row.original_label());
        suggested.into_iter().for_each(|label| self.labels.see(label));
        let status = match row.row.map(|row| row.state().kind()) {
            Some(StateKind::Accepted) | None => Some("submitted"),
            Some(StateKind::Rejected) => Some("discarded"),
            Some(_) => None,
        };
        self.responses += u64::from(status.is_some());
        let response =
            status.map(|status| json!([{ "value": row.label, "user_id": NOBODY, "status": status }]));
        let suggestion = suggested.map(|label| json!({ "value": label, "score": null, "agent": agent(row) }));
        let of = |value: Option<Value>| Map::from_iter(value.map(|value| ("label".to_owned(), value)));
        let record = json!({
            "id": row.id,
            "fields": { "text": row.text },
            "metadata": metadata(row),
            "suggestions": of(suggestion),
            "responses": of(response),
            "vectors": {},
            "_server_id": null,
        });
        self.items.item(&record, out)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        self.items.end(out)?;
        Ok(vec![])
    }

    fn about_beside(&self) -> Option<String> {
        (self.responses > 0).then(|| {
            format!(
                "{} loads the records, and gives their responses the id of the user who runs it.",
                self.files.loader
            )
        })
    }

    fn beside(&self) -> Vec<(String, Vec<u8>)> {
        vec![
            (self.files.settings.clone(), pretty(&self.settings())),
            (self.files.loader.clone(), self.loader().into_bytes()),
        ]
    }
}

/// Returns who suggested a label: the model, else the provider.
fn agent(row: &Outgoing<'_>) -> Option<String> {
    let generator = &row.row?.run()?.generator;
    Some(generator.model.clone().unwrap_or_else(|| generator.provider.clone()))
}

/// Returns what is known of a row besides its text and label; Argilla takes no nulls here.
fn metadata(row: &Outgoing<'_>) -> Map<String, Value> {
    let Some(view) = row.row else { return Map::from_iter([("source".to_owned(), "real".into())]) };
    let version = view.version().map(|version| format!("{} v{}", version.name, version.number));
    let known = [
        ("source", Some("synthetic".into())),
        ("state", Some(view.state().kind().name().into())),
        ("prompt", version.map(Value::from)),
        ("model", view.run().and_then(|run| run.generator.model.as_deref()).map(Value::from)),
        ("reason", view.mark().reason.map(Value::from)),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::format::Task;
    use crate::export::shapes::fixtures::{accept, in_context, outgoing, real, reject, shaped, story};

    #[test]
    fn decisions_are_responses_and_the_settings_name_every_label() {
        let mut story = story("openai", &["a", "b"]);
        accept(&mut story, &[0]);
        reject(&mut story, &[1]);
        let rows = [outgoing(&story, 0, None), outgoing(&story, 1, None), real("7", "c", "new one")];
        let mut shape = in_context(Task::Classify, "out/rows.json", Argilla::new);

        let (written, said) = shaped(&mut shape, &rows);

        let lines: Vec<_> = written.lines().collect();
        assert_eq!(
            lines[1],
            "{\"id\":\"r1\",\"fields\":{\"text\":\"a\"},\"metadata\":{\"source\":\"synthetic\",\"state\":\"accepted\",\
             \"prompt\":\"main v1\",\"model\":\"small\"},\"suggestions\":{\"label\":{\"value\":\"spam\",\"score\":null,\
             \"agent\":\"small\"}},\"responses\":{\"label\":[{\"value\":\"spam\",\"user_id\":\
             \"00000000-0000-0000-0000-000000000000\",\"status\":\"submitted\"}]},\"vectors\":{},\"_server_id\":null},"
        );
        assert!(lines[2].contains("\"status\":\"discarded\""), "{written}");
        assert!(
            lines[3].contains("\"suggestions\":{},\"responses\":{\"label\":[{\"value\":\"new one\""),
            "{written}"
        );
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(
            shape.about_beside().unwrap(),
            "rows.load.py loads the records, and gives their responses the id of the user who runs it."
        );
        let beside = shape.beside();
        let settings: Value = serde_json::from_slice(&beside[0].1).unwrap();
        assert_eq!(beside[0].0, "rows.settings.json");
        assert_eq!(settings["questions"][0]["settings"]["visible_options"], 3);
        assert_eq!(settings["questions"][0]["settings"]["options"][2]["value"], "new one");
        let loader = String::from_utf8(beside[1].1.clone()).unwrap();
        assert!(
            loader.contains("here / \"rows.settings.json\"") && loader.contains("here / \"rows.json\""),
            "{loader}"
        );
        assert!(!loader.contains("NOBODY"), "{loader}");
    }
}
