//! The plan of a run: what each of its requests asks for, drawn by seed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;

use super::WorkbenchError;
use super::examples::{Drawn, ExamplePool};
use super::flagging::{FlaggedRow, Flagger};
use crate::curate::plan::{PlanFault, QuotaBook, draw as draw_values, draw_apart};
use crate::curate::remarks::Instruction;
use crate::dataset::Dataset;
use crate::domain::{
    Budget, ExchangeMessage, Feedback, FieldKind, Fields, Flag, GeneratorInfo, Limits, OperationId, Price,
    Problem, PromptContent, PromptPart, Provider, RequestNumber, Role, Run, RunNumber, Schema, Session,
    Variables, VersionId,
};
use crate::generate::GenerateRequest;
use crate::template::Diagnostic;
use crate::template::{FEEDBACK, Prepared, Rendered, Scope, ScopeShape, estimate_tokens};
use crate::text::{SplitMix64, Stop};

/// The stream of the examples of a request for a side of a trial.
const EXAMPLES: u64 = 2;

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
    /// Whether it is hidden which side of a trial the run is of, so that nothing may tell what its requests take.
    pub is_hidden: bool,
    /// How fast the server may be asked.
    pub limits: Limits,
    /// The price of tokens, if known.
    pub price: Option<Price>,
    /// Whether requests that were answered before are answered from the store.
    pub reuse: bool,
    /// The rows that each combination of variables gets; `None` where requests draw their values.
    pub book: Option<QuotaBook>,
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
    /// Its variables with their rules.
    pub(super) variables: Variables,
    /// What requests have of them.
    pub(super) combinations: Combinations,
    /// The templates of the content, in the order of their messages.
    pub(super) templates: Arc<[(PromptPart, Prepared); 2]>,
    /// The JSON schema of a reply.
    pub(super) schema: Arc<serde_json::Value>,
    pub(super) label: String,
    pub(super) temperature: f64,
    pub(super) seed: u64,
    /// What examples are drawn from.
    pub(super) pool: ExamplePool,
    /// What was said of earlier rows; nothing where no part of the prompt names it.
    pub(super) said: Arc<Feedback>,
    /// Whether the run is for a side of a trial: each variable, the examples and the request's seed are then drawn from a
    /// stream of their own, so that sides that declare other variables still share what both have.
    pub(super) for_trial: bool,
    /// Ends rendering early.
    pub(super) stop: Stop,
}

/// The value of each variable.
pub(super) type Values = BTreeMap<String, String>;

/// Which combination of variables a request has.
#[derive(Debug, Clone)]
pub(super) enum Combinations {
    /// Each request draws its values, but for those that are set.
    Drawn(Values),
    /// The run's plan says it, by the place of the combination.
    Planned(Arc<[Values]>),
}

impl Default for Combinations {
    fn default() -> Self {
        Self::Drawn(Values::new())
    }
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
    /// The ids of the examples that its messages show.
    pub examples: Vec<String>,
    /// The ids of the session's rows that its messages may show because they were rejected or edited.
    pub(super) told: Vec<String>,
    /// The ids of the examples that were drawn for it.
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

impl PlannedRequest {
    /// Returns the ids of all rows that its messages show, none twice.
    pub(super) fn shown(&self) -> Vec<String> {
        let more = self.told.iter().enumerate();
        let more = more.filter(|(at, id)| !self.examples.contains(id) && !self.told[..*at].contains(id));
        self.examples.iter().chain(more.map(|(_, id)| id)).cloned().collect()
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
        self.request_of(index, n, None)
    }

    /// Makes the request with an index of the run, for `n` rows of a combination of the plan.
    ///
    /// # Errors
    ///
    /// Where the prompt does not render with its values.
    pub fn request_of(
        &self,
        index: u32,
        n: u32,
        combination: Option<u32>,
    ) -> Result<PlannedRequest, WorkbenchError> {
        if !self.reads_prompt {
            return Ok(self.maker.draw(index, n, combination)?.0);
        }
        let mut planned = self.maker.make_of(index, n, combination)?;
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
        self.make_of(index, n, None)
    }

    pub(super) fn make_of(
        &self,
        index: u32,
        n: u32,
        combination: Option<u32>,
    ) -> Result<PlannedRequest, WorkbenchError> {
        let (mut planned, shown) = self.draw(index, n, combination)?;
        let request = &mut planned.request;
        // Examples that no part can name are not handed over: they may be long.
        let named = if self.content.names("examples") { shown.as_slice() } else { &[] };
        let scope = self.scope(n, index, &request.variables, named);
        request.examples = shown.iter().map(|row| row.text(&self.dataset).to_owned()).collect();
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
        planned.told = self.told();
        Ok(planned)
    }

    /// Draws what a request is made of, and the rows that it shows, without rendering any message.
    fn draw(
        &self,
        index: u32,
        n: u32,
        combination: Option<u32>,
    ) -> Result<(PlannedRequest, Vec<Drawn>), WorkbenchError> {
        let mut random = SplitMix64::new(self.seed).fork(u64::from(index));
        let (variables, shown) = if self.for_trial {
            (draw_apart(&self.variables, &random), self.draw_examples(&mut random.fork(EXAMPLES)))
        } else {
            let variables = self.values(combination, &mut random)?;
            (variables, self.draw_examples(&mut random))
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
        let drawn = shown.iter().map(|row| row.id(&self.dataset)).collect();
        let (examples, told) = (Vec::new(), Vec::new());
        Ok((PlannedRequest { request, index, examples, told, drawn, key: String::new() }, shown))
    }

    /// Returns the values of a request: those of its combination, or drawn ones.
    fn values(&self, combination: Option<u32>, random: &mut SplitMix64) -> Result<Values, WorkbenchError> {
        let set = match (&self.combinations, combination) {
            (Combinations::Planned(all), place) => {
                let place = place.unwrap_or(0) as usize;
                return Ok(all.get(place).or(all.first()).cloned().unwrap_or_default());
            }
            (Combinations::Drawn(set), _) => set,
        };
        draw_values(&self.variables, set, random).ok_or_else(|| {
            let named: Vec<_> = set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            PlanFault::Nothing(named.join(" and ")).into()
        })
    }

    /// Draws examples of the label, none twice.
    fn draw_examples(&self, random: &mut SplitMix64) -> Vec<Drawn> {
        let settings = &self.session.examples;
        self.pool.draw(settings.strategy, (&self.dataset, &self.label), settings.count, random)
    }

    /// Returns the ids of the session's rows that the prompt may show because they were rejected or edited.
    fn told(&self) -> Vec<String> {
        let rejected = self.said.rejected.iter().filter(|_| self.content.names("rejected"));
        let edited = self.said.edited.iter().filter(|_| self.content.names("edited"));
        rejected.map(|row| row.id).chain(edited.map(|row| row.id)).map(|id| id.to_string()).collect()
    }

    fn scope(&self, n: u32, index: u32, variables: &BTreeMap<String, String>, examples: &[Drawn]) -> Scope {
        Scope {
            n,
            label: self.label.clone(),
            labels: self.dataset.labels().to_vec(),
            examples: examples.iter().map(|row| row.value(&self.dataset)).collect(),
            fields: fields_value(&self.session.schema),
            variables: variables.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect(),
            said: said_value(&self.said),
            // A stream of its own, so that `random` changes nothing of what is drawn.
            seed: SplitMix64::new(self.seed).fork(u64::from(index)).fork(1).next_u64(),
        }
    }

    /// Returns the names that a template of this prompt may use.
    pub(super) fn known(&self) -> ScopeShape {
        let variables = self.values(None, &mut SplitMix64::new(self.seed)).unwrap_or_default();
        self.scope(1, 0, &variables, &[]).known()
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

/// Returns what was said of earlier rows as templates see it.
fn said_value(said: &Feedback) -> BTreeMap<String, serde_json::Value> {
    let rejected = said.rejected.iter().map(|row| {
        json!({"text": row.text, "reason": row.reason.as_deref().unwrap_or_default(), "fields": row.fields})
    });
    let reasons = said.reasons.iter().map(|known| json!({"reason": known.reason, "count": known.count}));
    let edited = said.edited.iter().map(|row| json!({"before": row.before, "after": row.after}));
    let lists: [serde_json::Value; 3] = [rejected.collect(), reasons.collect(), edited.collect()];
    FEEDBACK.iter().map(|name| (*name).to_owned()).zip(lists).collect()
}
