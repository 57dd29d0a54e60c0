//! A configuration for promptfoo: the prompts of the accepted rows as files, their variables, and a test for each row.
//!
//! After promptfoo 0.121 (`dist/src`, `renderPrompt`, `resolveVariables` and `isPromptAllowed`): a prompt as a line is
//! taken for a path where it has a `/`, so prompts are files; each is a list of messages as JSON, in whose texts
//! promptfoo puts the variables. Tests name their prompt, since otherwise each runs with every one. A list as a
//! variable would become as many tests (`disableVarExpansion`), and a variable that begins with `file://` would be read
//! from that file.
//!
//! Nunjucks, which fills in the variables there, has not all that the templates here have. A template whose only
//! expressions are names of variables leaves as it is, one with anything else as it was rendered for the row's request:
//!
//! ```text
//! Write about {{ topic }}.            rows.main-v1.json  [user: Write about {{ topic }}.]     vars: topic
//! {% for e in examples %}…            rows.main-v2.json  [user: {{rendered_user}}]            vars: topic, rendered_user
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::writing::{are, beside, count, pretty, stem};
use crate::domain::{Exchange, GeneratorInfo, Provider, Rating, Role, RowView, Version, VersionId};
use crate::export::error::ExportError;
use crate::export::shape::{Context, Outgoing, Shape, Takes};
use crate::text::address::without_secrets;

/// The variable of the accepted row, for assertions.
const ROW: &str = "accepted_row";

/// One version's prompt as a file.
#[derive(Debug)]
struct Prompt {
    label: String,
    file: String,
    messages: Value,
    /// Whether it has the rendered messages as variables.
    is_rendered: bool,
}

/// Tests with the prompts beside them.
#[derive(Debug)]
pub(super) struct Promptfoo {
    session: String,
    out: PathBuf,
    prompts: Vec<Prompt>,
    /// Where each version's prompt is.
    places: BTreeMap<VersionId, usize>,
    providers: Vec<Value>,
    tests: u64,
    real: u64,
    unknown: u64,
    shifted: u64,
}

impl Promptfoo {
    pub(super) fn new(context: &Context<'_>) -> Self {
        Self {
            session: context.session.name.clone(),
            out: context.out.to_owned(),
            prompts: Vec::new(),
            places: BTreeMap::new(),
            providers: Vec::new(),
            tests: 0,
            real: 0,
            unknown: 0,
            shifted: 0,
        }
    }

    /// Returns where the prompt of a version is, which is added if it is new.
    fn place_of(&mut self, version: &Version) -> usize {
        if let Some(place) = self.places.get(&version.id) {
            return *place;
        }
        let label = format!("{} v{}", version.name, version.number);
        let safe = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let name: String = version.name.chars().map(safe).collect();
        let mut file = beside(&self.out, &format!(".{name}-v{}.json", version.number));
        if self.prompts.iter().any(|prompt| prompt.file == file) {
            file = beside(&self.out, &format!(".{name}-v{}-{}.json", version.number, version.id));
        }
        let (messages, is_rendered) = messages_of(version);
        self.places.insert(version.id, self.prompts.len());
        self.prompts.push(Prompt { label, file, messages, is_rendered });
        self.prompts.len() - 1
    }

    fn see_provider(&mut self, generator: &GeneratorInfo) {
        let provider = provider_of(generator);
        if !self.providers.contains(&provider) {
            self.providers.push(provider);
        }
    }

    /// Returns a text as the value of a variable, which promptfoo must not take for the name of a file.
    fn value(&mut self, text: &str) -> Value {
        if text.starts_with("file://") || text.starts_with("package:") {
            self.shifted += 1;
            return format!(" {text}").into();
        }
        text.into()
    }

    /// Returns the variables of a row's test; `None` where its messages are needed and not known.
    fn variables(
        &mut self,
        row: &RowView<'_>,
        place: usize,
        exchange: Option<&Exchange>,
    ) -> Option<Map<String, Value>> {
        let mut variables = Map::new();
        variables.insert("n".to_owned(), 1.into());
        variables.insert("label".to_owned(), self.value(row.original_label()));
        for (name, value) in row.request()?.variables.iter() {
            let value = self.value(value);
            variables.insert(name.clone(), value);
        }
        if self.prompts[place].is_rendered {
            let exchange = exchange.filter(|exchange| !exchange.messages.is_empty())?;
            for role in [Role::System, Role::User] {
                let messages = exchange.messages.iter().filter(|message| message.role == role);
                let text = messages.map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n\n");
                let text = self.value(&text);
                variables.insert(format!("rendered_{}", name_of(role)), text);
            }
        }
        let text = self.value(&row.text());
        variables.insert(ROW.to_owned(), text);
        Some(variables)
    }
}

const fn name_of(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
    }
}

/// Returns the messages of a version for Nunjucks, and whether they are only places for rendered ones.
fn messages_of(version: &Version) -> (Value, bool) {
    let content = &version.content;
    let names: BTreeSet<&str> = content.variables.keys().map(String::as_str).chain(["n", "label"]).collect();
    let is_rendered = ![&content.system, &content.user].iter().all(|template| is_plain(template, &names));
    let parts = [(Role::System, &content.system), (Role::User, &content.user)];
    let some = parts.into_iter().filter(|(_, template)| !template.trim().is_empty());
    let messages = some.map(|(role, template)| {
        let role = name_of(role);
        let content = if is_rendered { format!("{{{{rendered_{role}}}}}") } else { template.clone() };
        json!({ "role": role, "content": content })
    });
    (messages.collect(), is_rendered)
}

/// Returns whether a template has no other expressions than these names.
fn is_plain(template: &str, names: &BTreeSet<&str>) -> bool {
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        rest = &rest[at + 1..];
        if rest.starts_with(['%', '#']) {
            return false;
        }
        let Some(inside) = rest.strip_prefix('{') else { continue };
        let Some(end) = inside.find("}}") else { return false };
        if !names.contains(inside[..end].trim()) {
            return false;
        }
        rest = &inside[end + 2..];
    }
    true
}

/// Returns a generator as promptfoo names it; the built-in one has no server, so that the prompt is only echoed.
fn provider_of(generator: &GeneratorInfo) -> Value {
    let model = generator.model.as_deref().unwrap_or_default();
    let address = generator.base_url.as_deref().map(without_secrets);
    let id = match Provider::from_name(&generator.provider) {
        Some(Provider::Offline) | None => return json!({ "id": "echo" }),
        Some(Provider::Openai) => format!("openai:chat:{model}"),
        Some(Provider::Anthropic) => format!("anthropic:messages:{model}"),
        Some(Provider::Gemini) => format!("google:{model}"),
        Some(Provider::Ollama) => format!("ollama:chat:{model}"),
    };
    match address {
        Some(address) => json!({ "id": format!("openai:chat:{model}"), "config": { "apiBaseUrl": address } }),
        None => json!({ "id": id }),
    }
}

/// Returns a value as JSON that is YAML too, which allows fewer characters unescaped.
fn yaml(value: &Value) -> String {
    let mut yaml = String::new();
    for c in value.to_string().chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                // Writing to a text cannot fail.
                let _ = write!(yaml, "\\u{:04x}", u32::from(c));
            }
            c => yaml.push(c),
        }
    }
    yaml
}

impl Shape for Promptfoo {
    fn takes(&self) -> Takes {
        Takes::Accepted
    }

    fn needs_exchange(&self) -> bool {
        true
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<(), ExportError> {
        let description = yaml(&format!("Accepted rows of {}", self.session).into());
        let options = yaml(&json!({ "disableVarExpansion": true }));
        let repeats =
            yaml(&json!({ "type": "not-contains", "value": format!("{{{{{ROW}}}}}"), "metric": "new" }));
        Ok(write!(
            out,
            "# promptfoo eval -c FILE asks for each row again. A test fails where the answer repeats the accepted row;\n\
             # {{{{{ROW}}}}} is there for assertions of your own, such as similar or llm-rubric.\n\
             description: {description}\n\
             defaultTest:\n  options: {options}\n  assert:\n    - {repeats}\n\
             tests:\n"
        )?)
    }

    fn row(&mut self, row: &Outgoing<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
        let Some(view) = row.row else {
            self.real += 1;
            return Ok(());
        };
        let known = view.version().zip(view.run());
        let Some((version, run)) = known else {
            self.unknown += 1;
            return Ok(());
        };
        let place = self.place_of(version);
        let Some(variables) = self.variables(&view, place, row.exchange.as_deref()) else {
            self.unknown += 1;
            return Ok(());
        };
        self.see_provider(&run.generator);
        self.tests += 1;
        let rating = view.mark().state.rating().map(Rating::stars);
        let test = json!({
            "description": format!("row {}", row.id),
            "prompts": [self.prompts[place].label],
            "vars": variables,
            "metadata": { "id": row.id, "label": row.label, "rating": rating },
        });
        Ok(writeln!(out, "  - {}", yaml(&test))?)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<Vec<String>, ExportError> {
        if self.tests == 0 {
            out.write_all(b"  []\n")?;
        }
        out.write_all(b"prompts:\n")?;
        for Prompt { label, file, .. } in &self.prompts {
            let prompt = json!({ "id": format!("file://{file}"), "label": label });
            writeln!(out, "  - {}", yaml(&prompt))?;
        }
        out.write_all(if self.prompts.is_empty() { b"  []\n" } else { b"" })?;
        out.write_all(b"providers:\n")?;
        for provider in &self.providers {
            writeln!(out, "  - {}", yaml(provider))?;
        }
        out.write_all(if self.providers.is_empty() { b"  []\n" } else { b"" })?;
        Ok(self.said())
    }

    fn written(&self) -> Option<(u64, &'static str)> {
        Some((self.tests, "test"))
    }

    fn beside(&self) -> Vec<(String, Vec<u8>)> {
        self.prompts.iter().map(|prompt| (prompt.file.clone(), pretty(&prompt.messages))).collect()
    }
}

impl Promptfoo {
    fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        let rendered: Vec<_> = self.prompts.iter().filter(|prompt| prompt.is_rendered).collect();
        if !rendered.is_empty() {
            let labels: Vec<_> = rendered.iter().map(|prompt| format!("`{}`", prompt.label)).collect();
            said.push(format!(
                "Written as rendered, because promptfoo cannot render the template: {}.",
                labels.join(", ")
            ));
        }
        if self.providers.contains(&json!({ "id": "echo" })) {
            said.push(format!(
                "The built-in generator is no provider of promptfoo: {} has `echo`; name a model there.",
                stem(&self.out)
            ));
        }
        let left_out = [
            (self.real, "real row", "no model was asked for real rows"),
            (self.unknown, "row", "no prompt is known for rows made elsewhere"),
        ];
        let left_out = left_out.into_iter().filter(|(rows, ..)| *rows > 0);
        said.extend(
            left_out.map(|(rows, noun, why)| format!("{} {} left out: {why}.", count(rows, noun), are(rows))),
        );
        if self.shifted > 0 {
            let shifted = count(self.shifted, "value");
            said.push(format!(
                "A blank stands before {shifted} that promptfoo would take for the name of a file."
            ));
        }
        said
    }
}

#[cfg(test)]
mod tests;
