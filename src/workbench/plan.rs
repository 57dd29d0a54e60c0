//! The plan of a run: what each of its requests asks for, drawn by seed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use super::WorkbenchError;
use super::flagging::{FlaggedRow, Flagger};
use crate::curate::remarks::Instruction;
use crate::dataset::Dataset;
use crate::domain::{
    Budget, ExampleStrategy, ExchangeMessage, FieldKind, Fields, Flag, GeneratorInfo, Limits, OperationId,
    Price, Problem, PromptContent, PromptPart, Provider, RequestNumber, Role, Run, RunNumber, Schema,
    Session, VersionId,
};
use crate::generate::GenerateRequest;
use crate::template::Diagnostic;
use crate::template::{ExampleValue, Prepared, Rendered, Scope, ScopeShape, estimate_tokens};
use crate::text::{SplitMix64, Stop};

/// The streams of a request for a side of a trial: of the examples, and of the variables before their names.
const EXAMPLES: u64 = 2;
const VARIABLES: u64 = 0xcbf2_9ce4_8422_2325;

/// Everything a run's requests are made from. It does not refer to the store, so a job can own it.
#[derive(Debug, Clone)]
pub struct RunPlan {
    /// The run as it was when it began or was resumed.
    pub run: Run,
    /// The operation that the run belongs to.
    pub operation: OperationId,
    /// Rows asked for in one request.
    pub rows_per_request: u32,
    /// Requests under way at once.
    pub concurrency: u32,
    /// Whether the generator reads the prompt; the offline one does not, and its rows say so.
    pub reads_prompt: bool,
    /// The index of the first request to send; 0 unless the run was resumed.
    pub first_index: u32,
    /// About how many tokens the messages of its next request are.
    pub input: u64,
    /// The run's limits, and what it used up before it was resumed.
    pub budget: Budget,
    /// How fast the server may be asked.
    pub limits: Limits,
    /// The price of tokens, if known.
    pub price: Option<Price>,
    /// Whether requests that were answered before are answered from the store.
    pub reuse: bool,
    pub(super) maker: RequestMaker,
    pub(super) flagger: Arc<Flagger>,
    /// Earlier requests by key, the latest last; empty unless `reuse` is set.
    pub(super) earlier: Arc<HashMap<String, Vec<RequestNumber>>>,
}

/// Makes requests of a prompt's content; the same seed gives the same requests.
#[derive(Debug, Clone)]
pub(super) struct RequestMaker {
    pub(super) session: Arc<Session>,
    pub(super) dataset: Arc<Dataset>,
    pub(super) content: PromptContent,
    /// The templates of the content, in the order of their messages.
    pub(super) templates: Arc<[(PromptPart, Prepared); 2]>,
    /// The JSON schema of a reply.
    pub(super) schema: Arc<serde_json::Value>,
    pub(super) label: String,
    pub(super) temperature: f64,
    pub(super) seed: u64,
    /// The train rows that a person made examples, of any label.
    pub(super) chosen: Arc<[u32]>,
    /// Whether the run is for a side of a trial: each variable, the examples and the request's seed are then drawn from a
    /// stream of their own, so that sides that declare other variables still share what both have.
    pub(super) for_trial: bool,
    /// Ends rendering early.
    pub(super) stop: Stop,
}

/// The hashed parts of a request's key, as JSON. Their names and order must not change, so that keys match
/// those of earlier runs.
#[derive(Serialize)]
struct KeyParts<'a> {
    version: &'a VersionId,
    label: &'a str,
    variables: &'a BTreeMap<String, String>,
    examples: &'a [String],
    messages: &'a [ExchangeMessage],
    schema: &'a serde_json::Value,
    provider: &'a str,
    model: Option<&'a str>,
    base_url: Option<&'a str>,
    temperature: f64,
    max_tokens: Option<u32>,
    run_seed: u64,
    seed: u64,
    index: u32,
    n: u32,
}

/// One request, ready to be sent.
#[derive(Debug, Clone)]
pub struct PlannedRequest {
    /// What the generator gets.
    pub request: GenerateRequest,
    /// Its place in the run, from 0.
    pub index: u32,
    /// The dataset ids of the examples that its messages show.
    pub examples: Vec<String>,
    /// The dataset ids of the examples that were drawn for it.
    pub(super) drawn: Vec<String>,
    /// A hash of everything that the reply depends on, in hex; empty for the offline generator.
    pub key: String,
}

impl PlannedRequest {
    /// Returns about how many tokens its messages are.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        self.request.messages.iter().map(|message| estimate_tokens(&message.text) as u64).sum()
    }
}

impl RunPlan {
    /// Returns the run's number.
    pub const fn number(&self) -> RunNumber {
        self.run.number
    }

    /// Makes the request with an index of the run, for `n` rows.
    ///
    /// # Errors
    ///
    /// Where the prompt does not render with the drawn values.
    pub fn request(&self, index: u32, n: u32) -> Result<PlannedRequest, WorkbenchError> {
        if !self.reads_prompt {
            return Ok(self.maker.draw(index, n).0);
        }
        let mut planned = self.maker.make(index, n)?;
        if self.run.generator.provider != Provider::Offline.name() {
            planned.key = self.key(&planned);
        }
        Ok(planned)
    }

    /// Returns a request's instruction, for flagging its rows; `None` if no model reads it.
    #[must_use]
    pub fn instruction(&self, planned: &PlannedRequest) -> Option<Instruction> {
        let request = &planned.request;
        let messages = request.messages.iter().map(|message| message.text.as_str());
        self.reads_prompt.then(|| Instruction::of(messages, request.examples.iter().map(String::as_str)))
    }

    /// Flags rows by comparing them with the real rows and with their instruction; each may have a flag of its
    /// generator already.
    #[must_use]
    pub fn flag(&self, rows: Vec<(Fields, Option<Flag>)>, told: Option<&Instruction>) -> Vec<FlaggedRow> {
        self.flagger.flag_all(rows, told)
    }

    /// Hashes everything that a reply depends on, and the request's index in its run.
    fn key(&self, planned: &PlannedRequest) -> String {
        let GeneratorInfo { provider, model, base_url, temperature, seed } = &self.run.generator;
        let request = &planned.request;
        let parts = KeyParts {
            version: &self.run.version,
            label: &self.run.label,
            variables: &request.variables,
            examples: &planned.drawn,
            messages: &request.messages,
            schema: &request.schema,
            provider,
            model: model.as_deref(),
            base_url: base_url.as_deref(),
            temperature: *temperature,
            max_tokens: self.run.settings.max_tokens,
            run_seed: *seed,
            seed: request.seed,
            index: planned.index,
            n: request.n,
        };
        let mut hasher = blake3::Hasher::new();
        // Writing to a hasher cannot fail, and all keys of the parts are strings.
        let _ = serde_json::to_writer(&mut hasher, &parts);
        hasher.finalize().to_hex().to_string()
    }
}

impl RequestMaker {
    pub(super) fn make(&self, index: u32, n: u32) -> Result<PlannedRequest, WorkbenchError> {
        let (mut planned, shown) = self.draw(index, n);
        let request = &mut planned.request;
        // Examples that no part can name are not handed over: they may be long.
        let names_examples =
            [&self.content.system, &self.content.user].iter().any(|s| s.contains("examples"));
        let named = if names_examples { shown.as_slice() } else { &[] };
        let scope = self.scope(n, index, &request.variables, named);
        request.examples = shown.iter().map(|row| self.dataset.text(*row).to_owned()).collect();
        let mut is_shown = vec![false; shown.len()];
        for (part, template) in &*self.templates {
            let Rendered { text, examples } = template
                .render(&scope, &self.stop)
                .map_err(|error| WorkbenchError::Prompt(vec![problem_of(*part, error.diagnostic)]))?;
            let role = if *part == PromptPart::System { Role::System } else { Role::User };
            if !text.trim().is_empty() {
                request.messages.push(ExchangeMessage { role, text });
            }
            is_shown.iter_mut().zip(examples).for_each(|(is_shown, is_read)| *is_shown |= is_read);
        }
        let claimed = planned.drawn.iter().zip(is_shown).filter(|(_, is_shown)| *is_shown);
        planned.examples = claimed.map(|(id, _)| id.clone()).collect();
        Ok(planned)
    }

    /// Draws what a request is made of, and the rows that it shows, without rendering any message.
    fn draw(&self, index: u32, n: u32) -> (PlannedRequest, Vec<u32>) {
        let mut random = SplitMix64::new(self.seed).fork(u64::from(index));
        let (variables, shown) = if self.for_trial {
            let shown = self.draw_examples(&mut random.fork(EXAMPLES));
            (self.draw_apart(&random), shown)
        } else {
            (self.draw_variables(&mut random), self.draw_examples(&mut random))
        };
        let request = GenerateRequest {
            messages: Vec::new(),
            schema: Arc::clone(&self.schema),
            temperature: self.temperature,
            // Providers take seeds of at most 32 bits.
            seed: random.next_u64() >> 33,
            n,
            label: self.label.clone(),
            labels: self.dataset.labels().to_vec(),
            schema_fields: self.session.schema.clone(),
            examples: Vec::new(),
            variables,
            tail: None,
        };
        let drawn = shown.iter().map(|row| self.dataset.id(*row).into_owned()).collect();
        (PlannedRequest { request, index, examples: Vec::new(), drawn, key: String::new() }, shown)
    }

    fn draw_variables(&self, random: &mut SplitMix64) -> BTreeMap<String, String> {
        let draw = |(name, values): (&String, &Vec<String>)| {
            let value = random.choose(values).cloned().unwrap_or_default();
            (name.clone(), value)
        };
        self.content.variables.iter().map(draw).collect()
    }

    /// Draws each variable from a stream of its own, by its name.
    fn draw_apart(&self, random: &SplitMix64) -> BTreeMap<String, String> {
        let draw = |(name, values): (&String, &Vec<String>)| {
            let mut own = random.fork(
                name.bytes()
                    .fold(VARIABLES, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
            );
            (name.clone(), own.choose(values).cloned().unwrap_or_default())
        };
        self.content.variables.iter().map(draw).collect()
    }

    /// Draws train rows of the label, without repetition: with the strategy `hard`, those that a person made examples
    /// before all others.
    fn draw_examples(&self, random: &mut SplitMix64) -> Vec<u32> {
        let rows = self.dataset.train_of(&self.label);
        let wanted = (self.session.examples.count as usize).min(rows.len());
        let mut drawn = Vec::with_capacity(wanted);
        if self.session.examples.strategy == ExampleStrategy::Hard {
            let own = |row: &&u32| rows.binary_search(row).is_ok();
            let chosen: Vec<u32> = self.chosen.iter().filter(own).copied().collect();
            draw(&chosen, wanted.min(chosen.len()), &mut drawn, random);
        }
        draw(rows, wanted, &mut drawn, random);
        drawn
    }

    fn scope(&self, n: u32, index: u32, variables: &BTreeMap<String, String>, examples: &[u32]) -> Scope {
        let example = |row: &u32| ExampleValue {
            text: self.dataset.text(*row).to_owned(),
            label: self.dataset.label(*row).to_owned(),
            fields: BTreeMap::new(),
        };
        Scope {
            n,
            label: self.label.clone(),
            labels: self.dataset.labels().to_vec(),
            examples: examples.iter().map(example).collect(),
            fields: fields_value(&self.session.schema),
            variables: variables.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect(),
            // A stream of its own, so that `random` changes nothing of what is drawn.
            seed: SplitMix64::new(self.seed).fork(u64::from(index)).fork(1).next_u64(),
        }
    }

    /// Returns the names that a template of this prompt may use.
    pub(super) fn known(&self) -> ScopeShape {
        let mut random = SplitMix64::new(self.seed);
        let variables = self.draw_variables(&mut random);
        let shown = self.draw_examples(&mut random);
        self.scope(1, 0, &variables, &shown).known()
    }
}

/// Draws rows until so many are drawn, none twice; there have to be as many.
fn draw(rows: &[u32], wanted: usize, drawn: &mut Vec<u32>, random: &mut SplitMix64) {
    while drawn.len() < wanted {
        let row = rows[random.below(rows.len())];
        if !drawn.contains(&row) {
            drawn.push(row);
        }
    }
}

/// Returns a template diagnostic as a problem of the prompt.
pub(super) fn problem_of(part: PromptPart, found: Diagnostic) -> Problem {
    Problem { part, range: found.range, line: found.line, message: found.message }
}

/// Returns the declared fields as templates see them: `fields.text.max_chars`.
fn fields_value(schema: &Schema) -> serde_json::Value {
    let describe = |kind: &FieldKind| match kind {
        FieldKind::Text { min_chars, max_chars } => {
            json!({"type": "string", "min_chars": min_chars, "max_chars": max_chars})
        }
        FieldKind::Integer => json!({"type": "integer"}),
        FieldKind::Number => json!({"type": "number"}),
        FieldKind::Boolean => json!({"type": "boolean"}),
        FieldKind::OneOf(values) => json!({"type": "enum", "values": values}),
    };
    schema.0.iter().map(|field| (field.name.clone(), describe(&field.kind))).collect()
}
