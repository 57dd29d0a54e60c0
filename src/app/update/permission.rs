//! The question whether a key may go where a session's files send it.

use crossterm::event::KeyCode;

use crate::app::message::{Ask, WantedFor};
use crate::app::overlay::{AfterAllowed, AllowQuestion, Overlay};
use crate::app::sampling::{JobStage, WaitingRun};
use crate::app::settings::ModelList;
use crate::app::{Command, Effect, Key, Model, Question};
use crate::domain::{JobId, Permission};

/// An answer that comes sooner was meant for what was there before, in milliseconds.
const SOONEST_ANSWER: i64 = 300;

impl Model {
    /// Asks for a permission, where the person does not type just now.
    pub(super) fn permission_wanted(&mut self, of: WantedFor, permission: Permission) -> Vec<Effect> {
        match of {
            WantedFor::Job(job) => self.run_wants(job, &permission),
            WantedFor::Models(ask) => {
                self.models_want(ask, permission);
                vec![]
            }
        }
    }

    fn run_wants(&mut self, job: JobId, permission: &Permission) -> Vec<Effect> {
        let Some(ended) = self.sampling.end(job) else { return vec![] };
        self.race.forget(job);
        let is_stopped = matches!(ended.stage, JobStage::Stopping(_));
        let run = self.sampling.started.take().filter(|_| !is_stopped);
        let is_asked = matches!(self.overlays.last(), Some(Overlay::Question(_)));
        let question = run.map(|run| self.question(permission.clone(), AfterAllowed::Run(run)));
        match question.filter(|question| !self.context().is_typing() && !is_asked && self.fits(question)) {
            Some(question) => self.overlays.push(Overlay::Question(Question::Allow(Box::new(question)))),
            None => self.not_sent(permission),
        }
        vec![self.ask_preview()]
    }

    fn models_want(&mut self, ask: Ask, permission: Permission) {
        let is_open = matches!(self.overlays.last(), Some(Overlay::Settings(form)) if form.ask == ask);
        let question = self.question(permission, AfterAllowed::Models);
        let is_asked = is_open && self.fits(&question);
        let reason = format!("{} You have not allowed that.", question.permission.sentence());
        if let Some(form) = self.form_that_asked(ask) {
            form.models = if is_asked { ModelList::Unasked } else { ModelList::Failed(reason) };
        }
        if is_asked {
            self.overlays.push(Overlay::Question(Question::Allow(Box::new(question))));
        }
    }

    fn question(&self, permission: Permission, then: AfterAllowed) -> AllowQuestion {
        AllowQuestion { permission, then, since: self.now }
    }

    /// Returns whether the whole question can be read: nobody allows what they do not see.
    fn fits(&self, question: &AllowQuestion) -> bool {
        question.height(self.size.width) <= self.size.height
    }

    /// Returns whether a key says yes to a permission and is one that people press without reading.
    pub(super) fn is_hasty_yes(&self, command: Command, key: Key) -> bool {
        let is_asked = matches!(self.overlays.last(), Some(Overlay::Question(Question::Allow(_))));
        is_asked && command == Command::AnswerYes && key.code == KeyCode::Enter
    }

    /// Takes the answer; too soon an answer is none.
    pub(super) fn answer_allow(&mut self, question: Box<AllowQuestion>, yes: bool) -> Vec<Effect> {
        if self.now.0 < question.since.0 + SOONEST_ANSWER {
            self.overlays.push(Overlay::Question(Question::Allow(question)));
            return vec![];
        }
        if !yes {
            match question.then {
                AfterAllowed::Run(_) => self.not_sent(&question.permission),
                AfterAllowed::Models => self.say("Nothing was sent, and nothing was allowed."),
            }
            return vec![];
        }
        let mut effects = vec![Effect::Allow(Box::new(question.permission))];
        match question.then {
            AfterAllowed::Run(run) => effects.extend(self.start_or_queue(run)),
            AfterAllowed::Models => effects.extend(self.ask_models()),
        }
        effects
    }

    /// Says that a run was not sampled, and drops those that waited for it.
    fn not_sent(&mut self, permission: &Permission) {
        let what = permission.sentence();
        if self.shown().laboratory().going().is_some() {
            self.race.pause(what.clone());
        }
        let dropped = match self.drop_waiting() {
            0 => String::new(),
            runs => format!(" {}", super::jobs::dropped_sentence(runs)),
        };
        self.fail(format!(
            "Nothing was sent, for you have not allowed it; sample again to be asked, or run `rowsmith allow`. {what}{dropped}"
        ));
    }

    /// Remembers which run is started, to start it again once a permission was given.
    pub(super) fn remember_started(&mut self, run: &WaitingRun) {
        self.sampling.started = Some(run.clone());
    }
}
