//! Previews of the next run's first request, and the problems of a prompt. Needs no store.

use std::path::Path;
use std::sync::Arc;

use super::examples::{Eligible, ExamplePool, ExampleSource};
use super::feedback::feedback;
use super::intake::next_seed;
use super::plan::{Combinations, PlannedRequest, RequestMaker, problem_of};
use super::planning::spread;
use super::prompts::content_of_draft;
use super::values::ReadColumns;
use super::{Workbench, WorkbenchError};
use crate::dataset::Dataset;
use crate::domain::{
    Draft, PlanMode, Preview, Problem, Projection, PromptContent, PromptPart, Provider, RunNumber, RunOrder,
    Session, Timestamp, variable_fault,
};
use crate::generate::OfflineGenerator;
use crate::generate::schema::reply_schema;
use crate::template::{FEEDBACK, Prepared, check_in, estimate_tokens};
use crate::text::Stop;

/// Renders previews without borrowing the workbench: it shares the session and the dataset.
#[derive(Debug, Clone)]
pub struct PreviewRenderer {
    pub(super) session: Arc<Session>,
    pub(super) dataset: Arc<Dataset>,
    pub(super) examples: ExampleSource,
    /// The session's rows, of which prompts may show some.
    pub(super) rows: Projection,
    /// The session's folder, where files with values lie.
    pub(super) folder: Arc<Path>,
    pub(super) columns: ReadColumns,
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
            rows: self.projection.clone(),
            folder: Arc::from(self.location.folder.as_path()),
            columns: self.columns.clone(),
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

    /// Returns a renderer whose previews show these of the session's rows.
    #[must_use]
    pub fn over(&self, rows: Projection) -> Self {
        Self { rows, ..self.clone() }
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
        let content = match content_of_draft(draft).and_then(|content| self.resolved(content)) {
            Ok(content) => content,
            Err(problems) => return Preview { problems, unread, ..Preview::default() },
        };
        let unused = Self::unused(draft, &content);
        let problems = self.problems(&content);
        if !problems.is_empty() {
            return Preview { problems, unused, unread, ..Preview::default() };
        }
        let maker = RequestMaker::new(
            Arc::clone(&self.session),
            Arc::clone(&self.dataset),
            content.clone(),
            order,
            next,
        );
        let maker = RequestMaker { stop: self.stop.clone(), ..maker };
        let maker = maker.showing(&self.examples, &self.rows, None);
        match self.first_request(maker, order, is_offline) {
            Ok(planned) => Preview {
                remarks: self.remarks(&content, &planned),
                tokens: planned.request.messages.iter().map(|message| estimate_tokens(&message.text)).sum(),
                examples: planned.examples.len(),
                variables: planned.request.variables,
                all: Some(Arc::new(content.drawn())),
                messages: planned.request.messages,
                problems,
                unused,
                unread,
            },
            Err(WorkbenchError::Prompt(problems)) => {
                Preview { problems, unused, unread, ..Preview::default() }
            }
            Err(other) => {
                let message = other.to_string();
                let problem = Problem { part: PromptPart::User, range: 0..0, line: 1, message };
                Preview { problems: vec![problem], unread, ..Preview::default() }
            }
        }
    }

    /// Makes the first request of the next run, as its plan has it.
    fn first_request(
        &self,
        maker: RequestMaker,
        order: &RunOrder,
        is_offline: bool,
    ) -> Result<PlannedRequest, WorkbenchError> {
        let most = order.generator.rows_per_request.max(1);
        let all = order.rows.min(most).max(1);
        // The offline generator is refused with a plan, where the run would begin.
        if order.plan.is_plain() || is_offline {
            return maker.make(0, all);
        }
        let (maker, table) = spread(&self.rows, maker, &order.plan, (order.rows, most))?;
        let first = (order.plan.mode != PlanMode::Random).then(|| table.book().next(most)).flatten();
        first.map_or_else(
            || maker.make(0, all),
            |(combination, rows)| maker.make_of(0, rows, Some(combination)),
        )
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
            variables: content.drawn(),
            combinations: Combinations::default(),
            content,
            templates,
            schema,
            label,
            temperature,
            seed,
            pool: ExamplePool::default(),
            said: Arc::default(),
            for_trial: order.trial.is_some(),
            stop: Stop::never(),
        }
    }

    /// Returns it with what its requests may show beside the prompt's own words: examples by the session's strategy, and
    /// of the session's rows those that were decided by a time, where one is given. Where building that is stopped,
    /// nobody waits for what it makes.
    pub(super) fn showing(
        mut self,
        source: &ExampleSource,
        rows: &Projection,
        before: Option<Timestamp>,
    ) -> Self {
        let eligible = Eligible { rows, label: &self.label, before };
        if let Ok(pool) = source.pool(&self.session, &self.dataset, eligible, &self.stop) {
            self.pool = pool;
        }
        if FEEDBACK.iter().any(|name| self.content.names(name))
            && let Ok(test) = source.index.test(&self.dataset, &self.stop)
        {
            self.said = Arc::new(feedback(eligible, &test));
        }
        self
    }
}
