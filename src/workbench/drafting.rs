//! Drafts the next version of a prompt: what a model is asked, and what is made of its reply.
//!
//! ```text
//! version, reasons, rejected rows, edits ──► messages ──► reply ──► prompt file, checked as any prompt
//! ```
//!
//! What is drafted is never used by itself: a person reads it and decides. The request is kept as a run of no rows, so
//! that what it took counts with all else.

mod messages;
mod reply;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::examples::Eligible;
use super::feedback::feedback;
use super::preview::PreviewRenderer;
use super::prompts::{content_of_draft, find_version};
use super::{RequestOutcome, Workbench, WorkbenchError};
use crate::config::resolve::check_budget;
use crate::domain::{
    Budget, Draft, Event, Fact, Feedback, GeneratorSettings, OperationId, Problem, Projection, PromptContent,
    Request, RequestNumber, Run, RunNumber, RunStatus, Timestamp, VersionId,
};
use crate::generate::schema::reply_schema;
use crate::generate::{GenerateRequest, Generator};
use crate::template::{PromptFile, estimate_tokens};

/// What is known of a version that shall be changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drafted {
    /// The version.
    pub version: VersionId,
    /// Its name and number: `main@v3`.
    pub name: String,
    /// Its content.
    pub content: PromptContent,
    /// What decisions on rows of its label say.
    pub feedback: Feedback,
}

impl Drafted {
    /// Returns about how many tokens the changed prompt takes: those of the prompt now, and half as many again.
    pub(crate) fn reply_tokens(&self) -> u64 {
        let parts = [&self.content.system, &self.content.user].map(|part| estimate_tokens(part) as u64);
        parts.iter().sum::<u64>() * 3 / 2
    }
}

/// A request for the next version.
#[derive(Debug, Clone)]
pub(crate) struct NextRequest {
    /// What the generator gets.
    pub request: GenerateRequest,
    /// The run that it is kept as.
    pub run: Run,
    /// About how many tokens its messages are.
    pub input: u64,
    kept: Request,
    operation: OperationId,
}

/// What a model made of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NextVersion {
    /// The changed prompt.
    pub file: PromptFile,
    /// What prevents it from being sent.
    pub problems: Vec<Problem>,
}

impl Workbench {
    /// Returns a version, or the latest of the current prompt, with what decisions say of its rows.
    ///
    /// # Errors
    ///
    /// Where there is no such version.
    pub(crate) fn drafted(&self, reference: Option<&str>) -> Result<Drafted, WorkbenchError> {
        let version = find_version(&self.projection, reference)?;
        let label = version.content.label.as_deref().unwrap_or(&self.session.target.label);
        Ok(Drafted {
            version: version.id,
            name: format!("{}@v{}", version.name, version.number),
            content: version.content.clone(),
            feedback: self.feedback_on(&self.projection, label),
        })
    }

    /// Returns the same for the text in the editor, whose rows count with its version.
    ///
    /// # Errors
    ///
    /// Where its variables cannot be read, or there is no version yet.
    pub(crate) fn drafted_from(&self, draft: &Draft) -> Result<Drafted, WorkbenchError> {
        let base =
            draft.base.and_then(|id| self.projection.version(id)).map(|version| version.id.to_string());
        let drafted = self.drafted(base.as_deref())?;
        let content = content_of_draft(draft).map_err(WorkbenchError::Prompt)?;
        Ok(Drafted { content, ..drafted })
    }

    fn feedback_on(&self, rows: &Projection, label: &str) -> Feedback {
        let test = self.examples.index.test(&self.dataset, &crate::text::Stop::never());
        // Nothing stops it.
        test.map(|test| feedback(Eligible { rows, label, before: None }, &test)).unwrap_or_default()
    }

    /// Plans a request for the next version, as a run of no rows. Nothing is staged yet.
    ///
    /// # Errors
    ///
    /// Where the cost is limited and the price of the model is not known.
    pub(crate) fn plan_next(
        &self,
        drafted: &Drafted,
        (settings, budget): (&GeneratorSettings, Budget),
        generator: &dyn Generator,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<NextRequest, WorkbenchError> {
        check_budget(settings, &budget)?;
        let label = drafted.content.label.clone().unwrap_or_else(|| self.session.target.label.clone());
        let messages = messages::of(drafted, &label, &self.session.guidelines);
        let input = messages.iter().map(|message| estimate_tokens(&message.text) as u64).sum();
        let number = RunNumber(u32::try_from(self.projection.runs().count()).unwrap_or(u32::MAX - 1) + 1);
        let seed = super::intake::next_seed(self.session.dataset.seed, number);
        let info = generator.name().info(settings.temperature, seed);
        let run = Run {
            settings: settings.clone().into_written(),
            budget,
            ..Run::begun(number, drafted.version, label.clone(), info, 0, at)
        };
        let shown = drafted.feedback.rejected.iter().map(|row| row.id);
        let shown = shown.chain(drafted.feedback.edited.iter().map(|row| row.id));
        let kept = Request {
            number: RequestNumber(u32::try_from(self.projection.request_count()).unwrap_or(u32::MAX)),
            run: number,
            index: 0,
            seed,
            variables: Arc::default(),
            examples: shown.map(|id| id.to_string()).collect(),
            answered_by: None,
            seconds: None,
            key: String::new(),
        };
        let request = GenerateRequest {
            messages,
            schema: Arc::new(reply_schema(&self.session.schema, self.dataset.labels())),
            temperature: settings.temperature,
            seed,
            n: 1,
            label,
            labels: self.dataset.labels().to_vec(),
            schema_fields: self.session.schema.clone(),
            examples: Vec::new(),
            variables: BTreeMap::new(),
            tail: None,
        };
        Ok(NextRequest { request, run, input, kept, operation })
    }

    /// Stages that a planned request goes out.
    pub(crate) fn begin_next(&mut self, next: &NextRequest) {
        let at = next.run.started_at;
        self.stage(Fact::new(next.operation, at, Event::RunBegan { run: Box::new(next.run.clone()) }));
        let text = serde_json::to_string(&next.request.messages).unwrap_or_default();
        let (request, messages) = (next.kept.clone(), self.store.keep(text));
        self.stage(Fact::new(next.operation, at, Event::RequestBegan { request, messages }));
    }

    /// Stages the end of a request for the next version.
    pub(crate) fn end_next(&mut self, next: &NextRequest, outcome: RequestOutcome, at: Timestamp) {
        let run = next.run.number;
        let status = match &outcome.error {
            Some(reason) => RunStatus::Failed { reason: reason.clone() },
            None => RunStatus::Done,
        };
        self.stage_end(next.operation, (run, next.kept.number), outcome, at);
        self.stage(Fact::new(next.operation, at, Event::RunEnded { run, status }));
    }

    /// Reads the changed prompt from a reply, and checks it.
    ///
    /// # Errors
    ///
    /// Where the reply has no words for a prompt.
    pub(crate) fn next_version(&self, drafted: &Drafted, reply: &str) -> Result<NextVersion, WorkbenchError> {
        let read = reply::read(reply).ok_or_else(|| {
            WorkbenchError::Usage("The model wrote no prompt; nothing was changed. Ask again.".into())
        })?;
        let content = PromptContent {
            system: read.system.unwrap_or_else(|| drafted.content.system.clone()),
            user: read.user,
            ..drafted.content.clone()
        };
        let problems = self.preview_renderer().found(&content);
        Ok(NextVersion { file: PromptFile::of(&content), problems })
    }
}

impl PreviewRenderer {
    /// Returns the problems of a prompt, also those with some value of its variables.
    fn found(&self, content: &PromptContent) -> Vec<Problem> {
        let problems = self.problems(content);
        if problems.is_empty() { self.trial(content) } else { problems }
    }
}
