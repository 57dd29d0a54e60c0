//! The text of the `session.toml` that `rowsmith new` writes.

use std::path::Path;

use super::ConfigError;
use super::files::{quoted, write_shared};
use crate::domain::Quotes;

/// The content of the new session's file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewSession<'a> {
    /// The session's name.
    pub name: &'a str,
    /// The dataset's file, relative to the session's folder or absolute.
    pub path: &'a str,
    /// The column of the text.
    pub text: &'a str,
    /// The column of the label.
    pub label: &'a str,
    /// The column of the id.
    pub id: Option<&'a str>,
    /// The column that says train or test.
    pub split: Option<&'a str>,
    /// The character between the cells of a table, where it is said.
    pub separator: Option<char>,
    /// What quotes mean in a table, where it is said.
    pub quotes: Option<Quotes>,
    /// Whether cells without a column's name behind the text belong to it.
    pub join: bool,
    /// Whether rows without a label are passed over.
    pub skip_unlabelled: bool,
    /// The label that more rows are wanted of.
    pub target: &'a str,
    /// The share of each class that goes into the test set, above 0 and below 1.
    pub test_fraction: f64,
    /// The seed of the split.
    pub seed: u64,
    /// How many train rows of the target are known, where the others are held back.
    pub scarce: Option<u32>,
    /// The lengths in characters that nearly all texts have: a row outside is flagged.
    pub lengths: Option<(u32, u32)>,
    /// What stands in the texts in place of names and numbers.
    pub masks: Vec<String>,
}

/// The default system template of a new session.
pub(crate) const DEFAULT_SYSTEM: &str = "\
You write short texts that train a text classifier. They must look like what real people wrote: some neat, some \
careless, each from a different person. You never explain what you write.
";

const USER: &str = "\
Write {{ n }} new texts of the class \"{{ label }}\".
{% if examples %}
Real texts of this class. They show the range; do not copy, continue or reword them:
{% for example in examples -%}
- {{ example.text }}
{% endfor %}
{%- endif %}
How to write them:
- One text a row, complete in itself.
- Each of the {{ n }} has another writer, another opening and other details.
";

const USER_END: &str = "\
- Write as the real ones are written, with their typos, abbreviations and punctuation.
";

/// Returns the default user template of a new session; `max_chars` is the longest text wanted, and `masks` are
/// what the real texts have in place of names and numbers.
#[must_use]
pub(crate) fn default_user(max_chars: Option<u32>, masks: &[String]) -> String {
    let longest =
        max_chars.map(|most| format!("; none is longer than {most} characters")).unwrap_or_default();
    let listed = masks.join(", ");
    let placeholders = if masks.is_empty() {
        "No placeholders such as [name] or XXX".to_owned()
    } else if listed.contains('{') {
        format!("{MASKED} {{% raw %}}{listed}{{% endraw %}}. No other placeholders")
    } else {
        format!("{MASKED} {listed}. No other placeholders")
    };
    format!(
        "{USER}- Vary the length as the real ones do{longest}.\n{USER_END}\
         - Invent the details. {placeholders}, no numbering, no quotation marks around a text.\n"
    )
}

const SCARCE: &str = "train rows of the target that are known; the others are held back";
const MASKED: &str = "The masks of the real texts may stand for names and numbers:";

/// Writes a new session file, atomically.
///
/// # Errors
///
/// It cannot be written.
pub(crate) fn write_new(file: &Path, text: &str) -> Result<(), ConfigError> {
    write_shared(file, text.as_bytes())
}

impl NewSession<'_> {
    /// Returns the whole file.
    #[must_use]
    pub(crate) fn to_toml(&self) -> String {
        [self.head(), self.rest(), self.prompt()].concat()
    }

    fn head(&self) -> String {
        let column = |name: &str, column: Option<&str>, why: &str| match column {
            Some(column) => line(&format!("{name} = {}", quoted(column)), why),
            None => line(&format!("# {name} = \"{name}\""), why),
        };
        let setting = |name: &str, value: &str, why: &str| line(&format!("{name} = {}", quoted(value)), why);
        let fraction = format!("test_fraction = {:?}", self.test_fraction);
        [
            format!("name = {}\n", quoted(self.name)),
            setting("description", "", "one line about the session"),
            "# How to label and what to accept; the workbench shows it with g l.\n".to_owned(),
            "guidelines = \"\"\"\n\"\"\"\n".to_owned(),
            "\n[dataset]\n".to_owned(),
            setting("path", self.path, "a table or JSON; relative to this folder, or absolute"),
            setting("text", self.text, "the column of the text"),
            setting("label", self.label, "the column of the label"),
            column("id", self.id, "a column; else the line number"),
            column("split", self.split, "a column that says train or test; else stratified by seed"),
            self.reading(),
            line(&fraction, "the share of each class that no prompt and no model ever sees"),
            line(&format!("seed = {}", self.seed), "of the split"),
            self.scarce.map(|known| line(&format!("scarce = {known}"), SCARCE)).unwrap_or_default(),
            "\n[target]\n".to_owned(),
            setting("label", self.target, "the label that more rows are wanted of"),
            line("# goal = 500", "accepted rows wanted"),
        ]
        .concat()
    }

    /// Returns how the file is read, as far as it was said or found out.
    fn reading(&self) -> String {
        let separator = self.separator.map(|separator| {
            line(&format!("separator = {}", quoted(&separator.to_string())), "between the cells of the table")
        });
        let quotes = self.quotes.map(|quotes| match quotes {
            Quotes::Csv => line("quotes = \"csv\"", "they hold a cell together, and are written twice in it"),
            Quotes::None => line("quotes = \"none\"", "they are characters like any other"),
        });
        let join = self
            .join
            .then(|| line("join = true", "cells without a column's name behind the text belong to it"));
        let skip = self.skip_unlabelled.then(|| line("skip_unlabelled = true", "rows without a label"));
        [separator, quotes, join, skip].into_iter().flatten().collect()
    }

    fn rest(&self) -> String {
        let url = "# base_url = \"http://127.0.0.1:8080/v1\"";
        let (comment, (min, max)) = match self.lengths {
            Some(lengths) => ("", lengths),
            None => ("# ", (10, 320)),
        };
        [
            "\n[generator]\n".to_owned(),
            line("provider = \"offline\"", "offline | openai | anthropic | gemini | ollama"),
            line(url, "any OpenAI-compatible server; means chat completions"),
            line("# model = \"…\"", "as the provider calls it"),
            line(
                "# api_key_env = \"OPENAI_API_KEY\"",
                "the variable's name, never the key; you allow each once",
            ),
            line("# profile = \"…\"", "of your own settings"),
            "temperature = 1.0\n".to_owned(),
            line("rows_per_request = 5", "rows asked for in one request"),
            line("concurrency = 8", "requests under way at once"),
            line("# reply_tokens = 800", "of one reply, at most"),
            "\n".to_owned(),
            line("[fields.text]", "what a row holds; a section for each further field"),
            line(
                "type = \"string\"",
                "string | integer | number | boolean | enum, with values = [\"a\", \"b\"]",
            ),
            line(&format!("{comment}min_chars = {min}"), "shorter rows are flagged, not refused"),
            line(&format!("{comment}max_chars = {max}"), "longer rows too"),
            "\n".to_owned(),
            line("[variables]", "one value of each is drawn for every request; prompts write {{ tone }}"),
            "# tone = [\"calm\", \"cross\"]\n".to_owned(),
            "\n[examples]\n".to_owned(),
            line("count = 5", "real rows of the target that a prompt shows"),
            "strategy = \"random\"\n".to_owned(),
        ]
        .concat()
    }

    fn prompt(&self) -> String {
        let user = default_user(self.lengths.map(|(_, most)| most), &self.masks);
        let why = "with [variables], the first version; a later change here is offered as a draft";
        let head = line("[prompt]", why);
        format!("\n{head}system = \"\"\"\n{DEFAULT_SYSTEM}\"\"\"\nuser = \"\"\"\n{user}\"\"\"\n")
    }
}

/// Returns a setting with its comment, aligned with the others.
fn line(setting: &str, why: &str) -> String {
    format!("{setting:<30} # {why}\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::super::session_file::parse;
    use super::*;
    use crate::domain::{FieldKind, GeneratorSettings, Provider};

    fn new<'a>(path: &'a str, target: &'a str) -> NewSession<'a> {
        NewSession {
            name: "sms-spam",
            path,
            text: "text",
            label: "label",
            id: None,
            split: None,
            separator: None,
            quotes: None,
            join: false,
            skip_unlabelled: false,
            target,
            test_fraction: 0.2,
            seed: 42,
            scarce: None,
            lengths: Some((12, 300)),
            masks: Vec::new(),
        }
    }

    #[test]
    fn it_reads_back_as_what_was_asked_for() {
        let asked =
            NewSession { id: Some("key"), split: Some("part"), ..new("../data/sms spam.csv", "spam") };

        let session = parse(&asked.to_toml(), Path::new("demo/session.toml")).unwrap();

        assert_eq!(session.name, "sms-spam");
        assert_eq!(session.dataset.path, Path::new("../data/sms spam.csv"));
        assert_eq!(
            (session.dataset.id.as_deref(), session.dataset.split.as_deref()),
            (Some("key"), Some("part"))
        );
        assert_eq!((session.dataset.test_fraction.to_string().as_str(), session.dataset.seed), ("0.2", 42));
        assert_eq!((session.target.label.as_str(), session.target.goal), ("spam", None));
        assert_eq!(
            session.generator,
            GeneratorSettings { provider: Provider::Offline, ..GeneratorSettings::default() }
        );
        assert_eq!(session.schema.0[0].kind, FieldKind::Text { min_chars: Some(12), max_chars: Some(300) });
        assert_eq!(session.system, DEFAULT_SYSTEM);
        assert_eq!(session.user, default_user(Some(300), &[]));
        assert!(session.user.contains("none is longer than 300 characters"));
        assert!(session.variables.is_empty() && session.guidelines.is_empty());
    }

    #[test]
    fn masks_of_the_data_are_allowed_and_come_through_the_template_as_they_are() {
        let masks = ["{{Order Number}}", "[NAME]"].map(str::to_owned);
        let session = parse(
            &NewSession { masks: masks.to_vec(), ..new("a.csv", "spam") }.to_toml(),
            Path::new("session.toml"),
        )
        .unwrap();
        assert!(
            session.user.contains("{% raw %}{{Order Number}}, [NAME]{% endraw %}. No other placeholders, no")
        );
        assert!(!default_user(None, &masks[1..]).contains("raw"));
    }

    #[test]
    fn how_the_file_is_read_is_written_down_where_it_was_said_or_found_out() {
        let asked = NewSession {
            separator: Some('\t'),
            quotes: Some(Quotes::None),
            join: true,
            skip_unlabelled: true,
            ..new("a.tsv", "spam")
        };

        let dataset = parse(&asked.to_toml(), Path::new("session.toml")).unwrap().dataset;

        assert_eq!((dataset.separator, dataset.quotes), (Some('\t'), Some(Quotes::None)));
        assert!(dataset.join && dataset.skip_unlabelled);
        assert!(!new("a.csv", "spam").to_toml().contains("separator"));
    }

    #[test]
    fn how_many_rows_are_known_is_written_only_where_it_was_said() {
        let scarce = |scarce| NewSession { scarce, ..new("a.csv", "spam") }.to_toml();
        let read = |text: &str| parse(text, Path::new("session.toml")).unwrap().dataset.scarce;

        assert_eq!([None, Some(50)].map(|known| read(&scarce(known))), [None, Some(50)]);
        assert!(!scarce(None).contains("scarce"));
    }

    #[test]
    fn every_commented_setting_can_be_put_in_force() {
        let text = NewSession { lengths: None, ..new("a.csv", "spam") }.to_toml();
        let live: Vec<_> = text
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .collect();

        let session = parse(&live.join("\n"), Path::new("session.toml")).unwrap();

        assert_eq!(session.target.goal, Some(500));
        assert_eq!(session.generator.api_key_env.as_deref(), Some("OPENAI_API_KEY"));
        assert!(session.generator.base_url.is_some() && session.generator.model.is_some());
        assert!(session.generator.profile.is_some() && session.dataset.id.is_some());
        assert_eq!(session.variables["tone"], ["calm", "cross"]);
        assert_eq!(session.schema.text_bounds(), (Some(10), Some(320)));
    }

    proptest! {
        #[test]
        fn any_path_and_label_read_back(path in "(?s).{1,12}", label in "(?s).{1,12}", fraction in 0.001..0.999) {
            prop_assume!(!path.trim().is_empty() && !label.trim().is_empty());
            let asked = NewSession { test_fraction: fraction, ..new(&path, &label) };
            let session = parse(&asked.to_toml(), Path::new("session.toml")).unwrap();
            prop_assert_eq!(session.dataset.path.to_str(), Some(path.as_str()));
            prop_assert_eq!(session.target.label, label);
            prop_assert!((session.dataset.test_fraction - fraction).abs() < f64::EPSILON);
        }
    }
}
