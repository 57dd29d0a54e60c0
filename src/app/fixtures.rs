//! A whole screen for tests: a test presses keys and reads effects, and a simulated writer answers
//! them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crossterm::event::{Event as Input, KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::{Rect, Size};

use super::message::{DatasetFacts, LabelRows, Opened};
use super::{Effect, Key, Message, Model, Notice, Pane};
use crate::app::Chosen;
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{
    DatasetSettings, Draft, Event, ExampleSettings, Fact, Fields, GeneratorSettings, JobOutcome, NewRow,
    NewScrap, OperationId, Request, RequestNumber, RowNumber, RowSet, Run, RunEnded, RunNumber, RunStatus,
    Schema, Session, StateKind, Stored, Target, Timestamp,
};
use crate::domain::{Decided, OperationOutcome, Saved};

/// A screen and a simulated writer.
#[derive(Debug)]
pub(crate) struct Harness {
    pub(crate) model: Model,
    /// What the writer has written.
    pub(crate) story: Story,
    /// Effects that no one has carried out yet.
    pub(crate) effects: Vec<Effect>,
    now: i64,
}

/// Returns a session whose target is `spam`.
pub(crate) fn session() -> Session {
    Session {
        is_named: true,
        name: "sms-spam".into(),
        description: String::new(),
        guidelines: "Accept what a stranger could have sent.".into(),
        dataset: DatasetSettings {
            path: "sms_spam.csv".into(),
            text: "text".into(),
            label: "label".into(),
            id: None,
            split: None,
            separator: None,
            quotes: None,
            join: false,
            skip_unlabelled: false,
            test_fraction: 0.2,
            seed: 0,
            scarce: None,
        },
        target: Target { label: "spam".into(), goal: Some(500) },
        generator: GeneratorSettings::default(),
        schema: Schema::default(),
        variables: BTreeMap::new(),
        rules: BTreeMap::new(),
        examples: ExampleSettings::default(),
        system: String::new(),
        user: String::new(),
    }
}

/// Adds a stopped run with some of its rows to the story, and its scraps as pairs of reason and raw
/// text.
pub(crate) fn stopped_run(
    story: &mut Story,
    requested: u32,
    texts: &[&str],
    scraps: &[(&str, &str)],
) -> RunNumber {
    let last = story.projection.runs().next_back().unwrap().clone();
    let run = RunNumber(last.number.0 + 1);
    let request = RequestNumber(u32::try_from(story.projection.request_count()).unwrap());
    let first = RowNumber(u32::try_from(story.projection.len()).unwrap());
    let rows = texts.iter().map(|text| story.new_row(text, vec![])).collect();
    let scraps = scraps.iter().map(|(reason, raw)| NewScrap { raw: (*raw).into(), reason: (*reason).into() });
    let scraps = scraps.collect();
    let began = Request {
        number: request,
        run,
        index: 0,
        seed: 1,
        variables: Arc::default(),
        examples: vec![],
        answered_by: None,
        seconds: None,
        key: String::new(),
    };
    let new = Run { number: run, requested, status: RunStatus::Running, ended_at: None, rows: 0, ..last };
    for event in [
        Event::RunBegan { run: Box::new(new) },
        Event::RequestBegan { request: began, messages: Stored::Inline("[]".into()) },
        Event::Sampled { run, request, first, rows },
        Event::Scrapped { run, request, scraps },
        Event::RunEnded { run, status: RunStatus::STOPPED },
    ] {
        story.add(event);
    }
    run
}

impl Harness {
    /// Adds a run that stopped with two of five rows and left scraps.
    pub(crate) fn stop_a_run(&mut self, scraps: &[(&str, &str)]) -> RunNumber {
        let run = stopped_run(&mut self.story, 5, &["one", "two"], scraps);
        let saved = self.saved();
        self.send(Message::Snapshot(saved));
        run
    }

    /// Returns a screen of 160 × 45 with pending rows.
    pub(crate) fn with_rows(rows: u32) -> Self {
        Self::open(Story::with_rows(rows), session(), SessionScreen::default())
    }

    pub(crate) fn open(story: Story, session: Session, screen: SessionScreen) -> Self {
        let version = story.projection.versions().last();
        let draft = Draft {
            prompt: "main".into(),
            base: version.map(|version| version.id),
            user: version.map(|version| version.content.user.clone()).unwrap_or_default(),
            ..Draft::default()
        };
        let label = |label: &str, train, test| LabelRows { label: label.into(), train, test };
        let opened = Opened {
            session: Arc::new(session),
            dataset: DatasetFacts {
                labels: vec![label("ham", 3696, 924), label("spam", 559, 140)],
                set_aside: 3,
            },
            saved: Saved { sequence: 1, projection: story.projection.clone() },
            draft,
            replaced: None,
            screen,
            chosen: Chosen::default(),
            place: "sms-spam".into(),
            profiles: vec![],
            prices: Arc::default(),
            examples: vec![],
            evaluated: None,
            test_opened: 0,
            notices: vec![],
        };
        let model = Model::new(Size::new(160, 45));
        let mut harness = Self { model, story, effects: vec![], now: 9_000_000 };
        harness.send(Message::Opened(Box::new(opened)));
        harness
    }

    /// Sends a message, keeps the effects, and draws.
    pub(crate) fn send(&mut self, message: Message) {
        self.now += 1;
        let effects = self.model.update(message, Timestamp(self.now));
        self.effects.extend(effects);
        self.draw();
    }

    /// Sets the text area's scroll position and marks the model as drawn, as drawing does.
    pub(crate) fn draw(&mut self) {
        let area = self.model.geometry().content(Pane::Prompt);
        if !area.is_empty() {
            let _ = self.model.prompt.current().visible(area.width, area.height);
        }
        self.model.drawn();
    }

    /// Lets time go by, in milliseconds.
    pub(crate) fn wait(&mut self, milliseconds: i64) {
        self.now += milliseconds;
    }

    /// Presses keys, written as in the keymap and separated by blanks.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let (alt, key) =
                key.strip_prefix("alt-").map_or((KeyModifiers::NONE, key), |k| (KeyModifiers::ALT, k));
            let key: Key = key.parse().unwrap();
            self.press(key.code, key.modifiers | alt);
        }
        self
    }

    pub(crate) fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.send(Message::Input(Input::Key(KeyEvent::new(code, modifiers))));
    }

    /// Types a text, key by key.
    pub(crate) fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.press(KeyCode::Char(c), KeyModifiers::NONE);
        }
        self
    }

    pub(crate) fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> &mut Self {
        self.send(Message::Input(Input::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        })));
        self
    }

    pub(crate) fn click(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    /// Returns the state of the journal.
    pub(crate) fn saved(&self) -> Saved {
        Saved { sequence: self.story.facts.len() as u64 + 1, projection: self.story.projection.clone() }
    }

    /// Writes what was sent, in order, and answers each operation.
    pub(crate) fn write(&mut self) -> &mut Self {
        for effect in std::mem::take(&mut self.effects) {
            let (operation, fact, outcome): (_, _, fn(Option<Decided>) -> OperationOutcome) = match effect {
                Effect::Append(fact) => (fact.operation, Some(fact), |_| OperationOutcome::Written),
                Effect::Undo { operation, at } => {
                    (operation, self.story.projection.undo(operation, at), OperationOutcome::Undone)
                }
                Effect::Redo { operation, at } => {
                    (operation, self.story.projection.redo(operation, at), OperationOutcome::Redone)
                }
                Effect::Jump { operation, at, target } => {
                    (operation, self.story.projection.jump(target, operation, at), OperationOutcome::Jumped)
                }
                Effect::RepairScrap { operation, scrap, fields } => {
                    self.repair(operation, scrap, fields);
                    (operation, None, |_| OperationOutcome::Written)
                }
                Effect::ChangeRows { operation, at, rows, change } => {
                    let event = Event::Changed { rows, change, bulk: true };
                    (operation, Some(Fact::new(operation, at, event)), |_| OperationOutcome::Written)
                }
                Effect::ChangeEach { operation, at, changes } => {
                    let last = changes.len() - 1;
                    for (place, (row, change)) in changes.into_iter().enumerate() {
                        let event = Event::Changed { rows: RowSet::one(row), change, bulk: false };
                        self.story.push(Fact { part: place < last, ..Fact::new(operation, at, event) });
                    }
                    (operation, None, |_| OperationOutcome::Written)
                }
                other => {
                    self.effects.push(other);
                    continue;
                }
            };
            let decided =
                fact.as_ref().map(|fact| Decided { rows: 1, first: focus(fact), ..Decided::default() });
            if let Some(fact) = fact {
                self.story.push(fact);
            }
            let outcome = Ok(outcome(decided));
            self.send(Message::Answered { operation, outcome, saved: self.saved() });
        }
        self
    }

    /// Makes a row from a scrap, as the writer does.
    fn repair(&mut self, operation: OperationId, scrap: u32, fields: Fields) {
        let Some((run, request)) =
            self.story.projection.scrap(scrap as usize).map(|scrap| (scrap.run, scrap.request))
        else {
            return;
        };
        let first = RowNumber(u32::try_from(self.story.projection.len()).unwrap());
        let rows = vec![NewRow { fields, ..self.story.new_row("repaired", vec![]) }];
        for event in [Event::Sampled { run, request, first, rows }, Event::ScrapRepaired { run, scrap }] {
            self.story.push(Fact::new(operation, Timestamp(self.now), event));
        }
    }

    /// Adds rows with these texts, as a run does.
    pub(crate) fn arrive(&mut self, texts: &[&str]) -> &mut Self {
        self.story.sampled(texts);
        let saved = self.saved();
        self.send(Message::Snapshot(saved));
        self
    }

    pub(crate) fn states(&self) -> Vec<StateKind> {
        self.model.shown().rows().map(|row| row.state().kind()).collect()
    }

    pub(crate) fn selected(&self) -> Option<u32> {
        self.model.selected_row().map(|row| row.0)
    }

    pub(crate) fn notice(&self) -> &str {
        self.model.notice.as_ref().map_or("", |Notice { text, .. }| text)
    }

    /// Returns the facts that were sent to be written.
    pub(crate) fn facts(&self) -> Vec<&Fact> {
        let effects = self.effects.iter();
        effects
            .filter_map(|effect| if let Effect::Append(fact) = effect { Some(fact) } else { None })
            .collect()
    }

    /// Takes the effects that were returned so far.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub(crate) fn screen(&self) -> Rect {
        Rect::new(0, 0, self.model.size.width, self.model.size.height)
    }
}

fn focus(fact: &Fact) -> Option<RowNumber> {
    match &fact.event {
        Event::Undone { restores, .. } | Event::Redone { restores, .. } | Event::Jumped { restores, .. } => {
            restores.first()?.rows.first()
        }
        _ => None,
    }
}

/// Returns the outcome of a run that got all its rows.
pub(crate) fn done(run: u32, rows: u32) -> JobOutcome {
    ended(run, rows, RunStatus::Done)
}

/// Returns the outcome of a run that was stopped.
pub(crate) fn stopped(run: u32, rows: u32) -> JobOutcome {
    ended(run, rows, RunStatus::STOPPED)
}

/// Returns the outcome of a run that failed.
pub(crate) fn failed(run: u32, rows: u32, reason: &str) -> JobOutcome {
    ended(run, rows, RunStatus::Failed { reason: reason.to_owned() })
}

fn ended(run: u32, rows: u32, status: RunStatus) -> JobOutcome {
    JobOutcome::Run(RunEnded { run: RunNumber(run), status, rows, failed: 0 })
}
