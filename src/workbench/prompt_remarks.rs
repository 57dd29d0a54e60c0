//! What a prompt is tried with before it is kept, and what is worth saying before it is sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::plan::{PlannedRequest, RequestMaker};
use super::preview::PreviewRenderer;
use super::prompts::find_version;
use super::{Workbench, WorkbenchError};
use crate::domain::{
    ExampleSettings, ExampleStrategy, Problem, PromptContent, PromptPart, RunNumber, RunOrder, Session,
};
use crate::template::{FEEDBACK, remarks};
use crate::text::thousands;

/// From how many tokens on a request is called long: more than many servers load.
const LONG: u64 = 16_000;
/// The most times that a prompt is rendered to try its variables.
const TRIALS: usize = 50;
/// The most characters that are rendered to try its variables.
const TRIAL_CHARACTERS: usize = 4_000_000;
/// How long its variables are tried.
const TRIAL_TIME: Duration = Duration::from_secs(2);

impl PreviewRenderer {
    /// Returns the problems that a prompt has with any value of its variables.
    pub(super) fn trial(&self, content: &PromptContent) -> Vec<Problem> {
        let longest = content.variables.values().map(Vec::len).max().unwrap_or(0);
        let (mut left, began) = (TRIAL_CHARACTERS, Instant::now());
        for index in 0..longest.clamp(1, TRIALS) {
            let mut one = content.clone();
            // Each value is tried, whatever it depends on.
            one.rules.clear();
            for values in one.variables.values_mut().filter(|values| !values.is_empty()) {
                *values = vec![values[index % values.len()].clone()];
            }
            match self.trying(&one).make(0, self.rows()) {
                Ok(planned) => {
                    let written = planned.request.messages.iter().map(|message| message.text.len()).sum();
                    left = left.saturating_sub(written);
                }
                Err(WorkbenchError::Prompt(problems)) => return problems,
                Err(_) => return Vec::new(),
            }
            if left == 0 || began.elapsed() > TRIAL_TIME {
                break;
            }
        }
        Vec::new()
    }

    /// Returns the remarks on a prompt that renders.
    pub(super) fn remarks(&self, content: &PromptContent, planned: &PlannedRequest) -> Vec<String> {
        let known = self.maker(content).known();
        let mut told = Vec::new();
        for (part, source) in [(PromptPart::User, &content.user), (PromptPart::System, &content.system)] {
            let place = if part == PromptPart::System { "System part, line" } else { "Line" };
            let found = remarks(source, &known);
            told.extend(
                found.into_iter().map(|remark| format!("{place} {}: {}", remark.line, remark.message)),
            );
        }
        let hides = FEEDBACK.iter().filter(|name| content.variables.contains_key(**name));
        told.extend(hides.map(|name| {
            format!(
                "The variable `{name}` hides what templates call `{name}` otherwise; rename it to use that."
            )
        }));
        told.extend(length(content, planned));
        told
    }

    /// Returns the remark on a prompt that fails where there are no examples.
    fn without_examples(&self, content: &PromptContent) -> Option<String> {
        let mut session = (*self.session).clone();
        if session.examples.count == 0 {
            return None;
        }
        session.examples.count = 0;
        let bare = Self { session: Arc::new(session), ..self.clone() };
        match bare.trying(content).make(0, self.rows()) {
            Err(WorkbenchError::Prompt(problems)) => {
                let problem = problems.into_iter().next()?;
                Some(format!(
                    "Where there are no examples (`count = 0`), the prompt fails in line {}: {}",
                    problem.line, problem.message
                ))
            }
            _ => None,
        }
    }

    /// Returns what makes the requests of a prompt, to try it: with any examples, so that nobody waits for some to be
    /// found.
    pub(super) fn maker(&self, content: &PromptContent) -> RequestMaker {
        let order = RunOrder::new(1, self.session.generator.clone());
        let (session, dataset) = (Arc::clone(&self.session), Arc::clone(&self.dataset));
        let maker = RequestMaker::new(session, dataset, content.clone(), &order, RunNumber(1));
        let session = Session { examples: self.tried_examples(), ..(*self.session).clone() };
        RequestMaker { session: Arc::new(session), ..maker }
    }

    /// Returns the same with what was said of earlier rows.
    fn trying(&self, content: &PromptContent) -> RequestMaker {
        self.maker(content).showing(&self.examples, &self.rows, None)
    }

    /// Returns settings for trying a prompt, which never wait for something to be built.
    fn tried_examples(&self) -> ExampleSettings {
        let count = self.session.examples.count;
        ExampleSettings { count, strategy: ExampleStrategy::Random }
    }

    fn rows(&self) -> u32 {
        self.session.generator.rows_per_request.max(1)
    }
}

impl Workbench {
    /// Returns the remarks on a version, or on the latest of the current prompt; none where it does not render.
    #[must_use]
    pub fn remarks_on(&self, reference: Option<&str>) -> Vec<String> {
        let Ok(version) = find_version(&self.projection, reference) else { return Vec::new() };
        let (renderer, content) = (self.preview_renderer(), &version.content);
        let planned = renderer.trying(content).make(0, renderer.rows());
        planned.map(|planned| renderer.remarks(content, &planned)).unwrap_or_default()
    }

    /// Returns the remarks on a version that was just added.
    #[must_use]
    pub(crate) fn remarks_on_new(&self, reference: &str) -> Vec<String> {
        let version = find_version(&self.projection, Some(reference)).ok();
        let bare = version.and_then(|version| self.preview_renderer().without_examples(&version.content));
        self.remarks_on(Some(reference)).into_iter().chain(bare).collect()
    }
}

/// Returns the remark on a long request, with what makes it long.
fn length(content: &PromptContent, planned: &PlannedRequest) -> Option<String> {
    let tokens = planned.tokens();
    if tokens < LONG {
        return None;
    }
    let total: usize = planned.request.messages.iter().map(|message| message.text.len()).sum();
    let shown = planned.drawn.iter().zip(&planned.request.examples);
    let mut long: Vec<(&String, usize)> = shown
        .filter(|(id, _)| planned.examples.contains(id))
        .map(|(id, text)| (id, text.chars().count()))
        .filter(|(_, length)| length * 10 > total)
        .collect();
    long.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    let named =
        |(id, length): &(&String, usize)| format!("`{id}` ({} characters)", thousands(*length as u64));
    let named: Vec<_> = long.iter().take(3).map(named).collect();
    let cause = match named.as_slice() {
        [] if (content.user.len() + content.system.len()) * 2 > total => {
            "Most of it is the prompt's own text.".to_owned()
        }
        [] => "Show fewer examples: `count` under `[examples]`.".to_owned(),
        [one] => format!("Its longest example is {one}."),
        several => format!("Its longest examples are {}.", several.join(", ")),
    };
    Some(format!(
        "A request is about {} tokens long ({} KB), more than many servers read. {cause}",
        thousands(tokens),
        thousands((total / 1024) as u64)
    ))
}
