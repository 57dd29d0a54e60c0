//! Previews of the next run's first request, and the problems of a prompt. Needs no store.

use std::sync::Arc;

use super::examples::ChosenExamples;
use super::intake::next_seed;
use super::plan::{RequestMaker, problem_of};
use super::prompts::content_of_draft;
use super::{Workbench, WorkbenchError};
use crate::dataset::Dataset;
use crate::domain::{
    Draft, Preview, Problem, PromptContent, PromptPart, Provider, RunNumber, RunOrder, Session,
    variable_fault,
};
use crate::generate::OfflineGenerator;
use crate::generate::schema::reply_schema;
use crate::template::{Prepared, check_in, estimate_tokens};
use crate::text::Stop;

/// Renders previews without borrowing the workbench: it shares the session and the dataset.
#[derive(Debug, Clone)]
pub struct PreviewRenderer {
    pub(super) session: Arc<Session>,
    pub(super) dataset: Arc<Dataset>,
    pub(super) examples: ChosenExamples,
    /// Ends a preview early that nobody waits for.
    pub(super) stop: Stop,
}

impl Workbench {
    /// Returns a renderer of previews.
    pub fn preview_renderer(&self) -> PreviewRenderer {
        PreviewRenderer {
            session: Arc::clone(&self.session),
            dataset: Arc::clone(&self.dataset),
            examples: self.examples.clone(),
            stop: Stop::never(),
        }
    }
}

impl PreviewRenderer {
    /// Returns a renderer whose previews end early where `stop` says so.
    #[must_use]
    pub fn until(&self, stop: Stop) -> Self {
        Self { stop, ..self.clone() }
    }

    /// Returns the session's settings.
    pub const fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Returns the dataset.
    pub const fn dataset(&self) -> &Arc<Dataset> {
        &self.dataset
    }

    /// Renders what the first request of the next run would send.
    pub fn preview(&self, draft: &Draft, order: &RunOrder, next: RunNumber) -> Preview {
        let is_offline = order.generator.provider == Provider::Offline;
        let unread = is_offline.then(|| OfflineGenerator::UNREAD.to_owned());
        let content = match content_of_draft(draft) {
            Ok(content) => content,
            Err(problems) => return Preview { problems, unread, ..Preview::default() },
        };
        let problems = self.problems(&content);
        if !problems.is_empty() {
            return Preview { problems, unread, ..Preview::default() };
        }
        let maker = RequestMaker::new(
            Arc::clone(&self.session),
            Arc::clone(&self.dataset),
            content.clone(),
            order,
            next,
        );
        let maker = RequestMaker { stop: self.stop.clone(), chosen: self.examples.rows(), ..maker };
        match maker.make(0, order.generator.rows_per_request.min(order.rows).max(1)) {
            Ok(planned) => Preview {
                remarks: self.remarks(&content, &planned),
                tokens: planned.request.messages.iter().map(|message| estimate_tokens(&message.text)).sum(),
                examples: planned.examples.len(),
                variables: planned.request.variables,
                messages: planned.request.messages,
                problems,
                unread,
            },
            Err(WorkbenchError::Prompt(problems)) => Preview { problems, unread, ..Preview::default() },
            Err(other) => {
                let message = other.to_string();
                let problem = Problem { part: PromptPart::User, range: 0..0, line: 1, message };
                Preview { problems: vec![problem], unread, ..Preview::default() }
            }
        }
    }

    /// Returns all problems that prevent a prompt from being sent.
    pub(super) fn problems(&self, content: &PromptContent) -> Vec<Problem> {
        let known = self.maker(content).known();
        let mut problems = Vec::new();
        for (part, source) in [(PromptPart::User, &content.user), (PromptPart::System, &content.system)] {
            problems.extend(
                check_in(source, &known, &self.stop).into_iter().map(|found| problem_of(part, found)),
            );
        }
        let faults = content.variables.keys().filter_map(|name| variable_fault(name));
        problems.extend(faults.map(|message| Problem {
            part: PromptPart::Variables,
            range: 0..0,
            line: 1,
            message,
        }));
        if content.user.trim().is_empty() && content.system.trim().is_empty() {
            let message = "The prompt is empty; write what rows you want.".to_owned();
            problems.push(Problem { part: PromptPart::User, range: 0..0, line: 1, message });
        }
        if let Some(label) = &content.label
            && !self.dataset.labels().contains(label)
        {
            let known = self.dataset.labels().join(", ");
            let message = format!("No row of the dataset has the label `{label}`; the labels are {known}.");
            problems.push(Problem { part: PromptPart::User, range: 0..0, line: 1, message });
        }
        problems
    }
}

impl RequestMaker {
    /// Prepares the requests of a run.
    pub(super) fn new(
        session: Arc<Session>,
        dataset: Arc<Dataset>,
        content: PromptContent,
        order: &RunOrder,
        number: RunNumber,
    ) -> Self {
        let label = content.label.clone().unwrap_or_else(|| session.target.label.clone());
        let seed = order.seed.unwrap_or_else(|| next_seed(session.dataset.seed, number));
        let temperature = order.generator.temperature;
        let schema = Arc::new(reply_schema(&session.schema, dataset.labels()));
        let parts = [(PromptPart::System, &content.system), (PromptPart::User, &content.user)];
        let templates = Arc::new(parts.map(|(part, source)| (part, Prepared::new(source))));
        Self {
            session,
            dataset,
            content,
            templates,
            schema,
            label,
            temperature,
            seed,
            chosen: Arc::default(),
            for_trial: order.trial.is_some(),
            stop: Stop::never(),
        }
    }
}
