//! The card of a dataset folder: what a program needs in YAML, and what a person should know in Markdown.
//!
//! In the YAML every name stands in quotes (`yes`, `007` and `1e3` are no texts without), every column is named, and the
//! counts are those of the files: `datasets` refuses a folder that holds other counts than its card says.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::file::Export;
use super::manifest::Listed;
use super::origins::Origins;
use super::record::Columns;
use super::shape::{Context, Part};
use crate::domain::{ExportReport, StateKind};
use crate::measure::VersionAcceptance;
use crate::table::Kind;
use crate::text::thousands;

/// How many reasons are listed.
const REASONS: usize = 10;

/// What a card is made of.
pub(super) struct Card<'a> {
    pub export: &'a Export<'a>,
    pub origins: &'a Origins<'a>,
    pub report: &'a ExportReport,
    /// The splits with their files.
    pub splits: &'a [(Part, Listed)],
    /// The folder's name.
    pub name: &'a str,
}

/// Returns the features as `datasets` keeps them in a Parquet file.
pub(super) fn features(context: &Context<'_>) -> Value {
    let columns = context.columns();
    let feature = |(place, kind): (usize, &Kind)| match kind {
        _ if place == Columns::LABEL => json!({"names": context.labels, "_type": "ClassLabel"}),
        // `List` is what newer versions call it, and older ones do not know.
        Kind::Texts => json!({"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"}),
        kind => json!({"dtype": dtype(*kind), "_type": "Value"}),
    };
    let features = columns.kinds.iter().enumerate().map(feature);
    let features: Map<String, Value> = columns.names.iter().cloned().zip(features).collect();
    json!({"info": {"features": features}})
}

const fn dtype(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Texts => "string",
        Kind::Integer => "int64",
        Kind::Unsigned => "uint64",
        Kind::Number => "float64",
        Kind::Boolean => "bool",
    }
}

impl Card<'_> {
    /// Returns the card.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.yaml(&mut text).and_then(|()| self.markdown(&mut text));
        text
    }

    fn rows(&self) -> u64 {
        self.splits.iter().filter_map(|(_, file)| file.rows).sum()
    }

    fn yaml(&self, text: &mut String) -> std::fmt::Result {
        let context = &self.export.context;
        writeln!(text, "---\npretty_name: {}", quoted(&context.session.name))?;
        writeln!(text, "tags:\n- synthetic\ntask_categories:\n- text-classification")?;
        writeln!(text, "size_categories:\n- {}", size_category(self.rows()))?;
        writeln!(text, "dataset_info:\n  features:")?;
        let columns = context.columns();
        for (place, (name, kind)) in columns.names.iter().zip(&columns.kinds).enumerate() {
            writeln!(text, "  - name: {}", quoted(name))?;
            if place == Columns::LABEL {
                writeln!(text, "    dtype:\n      class_label:\n        names:")?;
                for (number, label) in context.labels.iter().enumerate() {
                    writeln!(text, "          '{number}': {}", quoted(label))?;
                }
            } else if *kind == Kind::Texts {
                writeln!(text, "    list: string")?;
            } else {
                writeln!(text, "    dtype: {}", dtype(*kind))?;
            }
        }
        writeln!(text, "  splits:")?;
        for (part, file) in self.splits {
            writeln!(text, "  - name: {}\n    num_examples: {}", part.name(), file.rows.unwrap_or_default())?;
        }
        let bytes: u64 = self.splits.iter().map(|(_, file)| file.bytes).sum();
        writeln!(text, "  download_size: {bytes}\nconfigs:\n- config_name: default\n  data_files:")?;
        for (part, _) in self.splits {
            writeln!(text, "  - split: {0}\n    path: data/{0}-*", part.name())?;
        }
        writeln!(text, "---\n")
    }

    fn markdown(&self, text: &mut String) -> std::fmt::Result {
        let session = self.export.context.session;
        writeln!(text, "# {}\n", plain(&session.name))?;
        if !session.description.trim().is_empty() {
            writeln!(text, "{}\n", plain(&session.description))?;
        }
        self.summary(text)?;
        self.contents(text)?;
        self.sources(text)?;
        self.review(text)?;
        self.limits(text)?;
        writeln!(text, "## How to load it\n\n```python\nfrom datasets import load_dataset\n")?;
        writeln!(text, "dataset = load_dataset({})\n```\n", quoted(self.name))?;
        writeln!(
            text,
            "`manifest.json` holds the hashes of the files and the command that made them:\n\n```sh\n{}\n```",
            self.export.command.replace("```", "` ` `")
        )
    }

    fn summary(&self, text: &mut String) -> std::fmt::Result {
        let accepted = self.report.accepted;
        let imported: u64 = self.origins.imported.iter().map(|of| of.rows).sum();
        let mut parts = vec![];
        if accepted > imported {
            let target = code(&self.export.context.session.target.label);
            let generated = are(accepted - imported, "was", "were");
            parts.push(format!(
                "{generated} generated as described below, in a session for the label {target}"
            ));
        }
        if imported > 0 {
            parts.push(format!("{} made elsewhere and imported", are(imported, "was", "were")));
        }
        parts.push(format!("{} real", are(self.report.real, "is", "are")));
        write!(text, "Of the rows here, {}.", parts.join("; "))?;
        if accepted > 0 {
            let (one, bulk) = (accepted - self.origins.in_bulk.min(accepted), self.origins.in_bulk);
            write!(
                text,
                " Of those that are not real, {} accepted one by one and {} accepted in bulk, many with one decision.",
                are(one, "was", "were"),
                are(bulk, "was", "were")
            )?;
        }
        if !self.export.context.bare {
            write!(text, " The column `source` says of each row whether it is `real` or `synthetic`.")?;
        }
        writeln!(text, "\n")
    }

    fn contents(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "## Rows\n\n| split | rows |\n|---|---:|")?;
        for (part, file) in self.splits {
            let real =
                if *part == Part::Test && !self.export.test.is_empty() { " (real, held out)" } else { "" };
            writeln!(text, "| {}{real} | {} |", part.name(), thousands(file.rows.unwrap_or_default()))?;
        }
        if !self.export.test.is_empty() {
            writeln!(text, "\nThe test rows are for measuring only: never train on them.")?;
        }
        let of = if self.export.test.is_empty() { "rows" } else { "rows of train" };
        writeln!(text, "\n| label | {of} |\n|---|---:|")?;
        for (label, rows) in &self.origins.labels {
            writeln!(text, "| {} | {} |", code(label), thousands(*rows))?;
        }
        writeln!(text)
    }

    fn sources(&self, text: &mut String) -> std::fmt::Result {
        if self.origins.models.is_empty() && self.origins.imported.is_empty() {
            return Ok(());
        }
        writeln!(text, "## How the generated rows were made\n")?;
        self.models(text)?;
        self.versions(text)?;
        self.imported(text)
    }

    fn models(&self, text: &mut String) -> std::fmt::Result {
        if self.origins.models.is_empty() {
            return Ok(());
        }
        writeln!(text, "| provider | model | answered as | rows |\n|---|---|---|---:|")?;
        for model in &self.origins.models {
            let answered: Vec<_> = model.answered_by.iter().map(|name| code(name)).collect();
            let answered = if answered.is_empty() { "–".to_owned() } else { answered.join(", ") };
            let name = model.model.map_or("–".to_owned(), code);
            let provider = model.provider.map_or("–".to_owned(), code);
            writeln!(text, "| {provider} | {name} | {answered} | {} |", thousands(model.rows))?;
        }
        writeln!(text)
    }

    fn versions(&self, text: &mut String) -> std::fmt::Result {
        if self.origins.versions.is_empty() {
            return Ok(());
        }
        writeln!(
            text,
            "| prompt | version | id | rows | accepted of those decided one by one |\n|---|---:|---|---:|---|"
        )?;
        for version in &self.origins.versions {
            let (name, rows) = (plain(version.name), thousands(version.rows));
            let number = version.number.map_or("–".to_owned(), |number| format!("v{number}"));
            let Some(id) = version.id else {
                writeln!(text, "| {name} | {number} | named by an imported file | {rows} | – |")?;
                continue;
            };
            let acceptance = self.acceptance(id).one_by_one;
            let figures = acceptance.figures();
            let said = figures.rate.map_or("–".to_owned(), |rate| {
                let [rate, low, high] =
                    [rate, figures.low, figures.high].map(|share| format!("{:.0} %", share * 100.0));
                format!(
                    "{} of {} ({rate}, 95 % interval {low} to {high})",
                    acceptance.accepted,
                    acceptance.decided()
                )
            });
            writeln!(text, "| {name} | {number} | `{id}` | {rows} | {said} |")?;
        }
        writeln!(text)
    }

    fn imported(&self, text: &mut String) -> std::fmt::Result {
        if self.origins.imported.is_empty() {
            return Ok(());
        }
        writeln!(text, "| imported file | format | rows |\n|---|---|---:|")?;
        for file in &self.origins.imported {
            writeln!(text, "| {} | {} | {} |", code(file.file), file.format, thousands(file.rows))?;
        }
        writeln!(text)
    }

    fn acceptance(&self, version: crate::domain::VersionId) -> VersionAcceptance {
        let shown = self.export.context.projection;
        let all = shown.counts().by_generator(version);
        VersionAcceptance::of(if shown.hides_version(version) { &[] } else { all })
    }

    fn review(&self, text: &mut String) -> std::fmt::Result {
        let rows = self.export.context.projection.rows();
        let mut states = StateKind::ALL.map(|kind| (kind, 0_u64));
        let mut reasons = std::collections::BTreeMap::<String, u64>::new();
        for row in rows {
            let kind = row.state().kind();
            states.iter_mut().filter(|(state, _)| *state == kind).for_each(|(_, count)| *count += 1);
            if kind == StateKind::Rejected {
                let reason = row.mark().reason.unwrap_or_else(|| "no reason given".to_owned());
                *reasons.entry(reason).or_default() += 1;
            }
        }
        let states = states.map(|(kind, count)| format!("{} {}", thousands(count), kind.name()));
        writeln!(
            text,
            "## Review\n\nOf all rows of the session, those here among them: {}.\n",
            states.join(", ")
        )?;
        if reasons.is_empty() {
            return Ok(());
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        writeln!(text, "| why rows were rejected | rows |\n|---|---:|")?;
        for (reason, count) in reasons.iter().take(REASONS) {
            writeln!(text, "| {} | {} |", plain(reason), thousands(*count))?;
        }
        writeln!(text)
    }

    fn limits(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "## Known limits\n")?;
        let said = match (self.origins.contaminated, self.report.withheld) {
            (0, 0) => {
                "None of the accepted rows here was found to be equal or nearly equal to a real test row."
                    .to_owned()
            }
            (0, 1) => "1 accepted row was withheld, because it is equal or nearly equal to a real test row."
                .to_owned(),
            (0, many) => format!(
                "{} accepted rows were withheld, because they are equal or nearly equal to real test rows.",
                thousands(many)
            ),
            (some, _) => format!(
                "{} equal or nearly equal to real test rows: do not measure with those test rows.",
                are(some, "accepted row here is", "accepted rows here are")
            ),
        };
        writeln!(text, "- {said}")?;
        writeln!(text, "- Whether rows repeat what a model learnt by heart was not looked at.")?;
        writeln!(
            text,
            "- No evaluation is part of this export: what a model gains from these rows has to be measured."
        )?;
        writeln!(
            text,
            "- The licence of the rows and of the models' output is not known to the program that wrote this."
        )?;
        for remark in &self.report.remarks {
            writeln!(text, "- {}", plain(remark))?;
        }
        writeln!(text)
    }
}

/// Returns a count with the words that go with one or with several.
fn are(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// Returns the Hub's name for so many rows.
const fn size_category(rows: u64) -> &'static str {
    match rows {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "10M<n<100M",
    }
}

/// Returns a text between double quotes, as YAML and JSON read it.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if is_printable(c) => quoted.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted + "\""
}

/// Returns whether YAML 1.2 lets a character stand as it is between quotes, and a reader sees it.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns a text on one line in which Markdown and HTML mean nothing.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| is_printable(*c)) {
        if "\\`*_{}[]<>|#~&!$".contains(c) {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

/// Returns a short text as code on one line, with a fence that it does not hold.
fn code(text: &str) -> String {
    let line: String = text.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect();
    let line = line.replace('|', "\\|");
    let mut fence = "`".to_owned();
    while line.contains(&fence) {
        fence.push('`');
    }
    let pad =
        if line.is_empty() || line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_quoted_so_that_yaml_reads_a_text() {
        for (text, wanted) in [
            ("yes", "\"yes\""),
            ("007", "\"007\""),
            ("a \"b\" \\", "\"a \\\"b\\\" \\\\\""),
            ("a\nb\u{85}\u{2028}\u{7f}", "\"a\\u000ab\\u0085\\u2028\\u007f\""),
            ("ünï 😀", "\"ünï 😀\""),
        ] {
            assert_eq!(quoted(text), wanted);
            assert_eq!(serde_json::from_str::<String>(&quoted(text)).unwrap(), text);
        }
    }

    #[test]
    fn words_of_people_mean_nothing_in_markdown() {
        assert_eq!(plain("# a <b>\n| c_d"), "\\# a \\<b\\> \\| c\\_d");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a|b\n"), "` a\\|b  `");
    }
}
