//! The model: the state that the screen shows.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::layout::{Rect, Size};

use super::burst::Dropped;
use super::export::{ExportForm, ExportPane};
use super::message::Ask;
use super::overlay::Overlay;
use super::replaced::ReplacedDrafts;
use super::sent_drafts::SentDrafts;
use super::shown_facts::ShownFacts;
use super::{
    ComparePane, CoveragePane, DataPane, DatasetFacts, HistoryPane, Key, Keymap, MeasurePane, Pane,
    PromptPane, RacePane, RowsPane, Sampling, VersionsPane, View,
};
use crate::domain::{
    Change, NextDraft, Preview, Projection, RowDetail, RowNumber, Scores, Session, Timestamp,
};
use crate::text::SafeText;

/// The stage of the program's life.
#[derive(Debug, Clone, Default)]
pub enum Stage {
    /// The session is being opened; there is nothing to show.
    #[default]
    Opening,
    /// The session has many rows, and the first of them are shown while all are being read.
    Reading(OpenSession),
    /// The session is open.
    Open(OpenSession),
    /// The person has quit, and pending writes are being finished. Holds the session, if one was
    /// open.
    Closing(Option<OpenSession>),
}

/// A session that is open.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// The session's settings.
    pub session: Arc<Session>,
    /// The counts of its dataset.
    pub dataset: DatasetFacts,
}

impl Stage {
    /// Returns the session, if it is open or being closed.
    #[must_use]
    pub const fn session(&self) -> Option<&OpenSession> {
        match self {
            Self::Opening => None,
            Self::Reading(session) | Self::Open(session) => Some(session),
            Self::Closing(session) => session.as_ref(),
        }
    }

    /// Returns the stage after the program could not end.
    pub(super) fn reopened(self) -> Self {
        match self {
            Self::Closing(Some(session)) => Self::Open(session),
            stage => stage,
        }
    }

    /// Returns the stage after the person has quit.
    pub(super) fn closing(self) -> Self {
        match self {
            Self::Opening | Self::Reading(_) => Self::Closing(None),
            Self::Open(session) => Self::Closing(Some(session)),
            Self::Closing(session) => Self::Closing(session),
        }
    }
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Information.
    Info,
    /// Something did not work.
    Error,
}

/// One sentence for the person, shown until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// The sentence.
    pub text: String,
}

impl Notice {
    /// Returns it with another sentence behind it.
    pub(super) fn with(&self, more: &str) -> Self {
        let end = if self.text.ends_with('.') { "" } else { "." };
        Self { severity: self.severity, text: format!("{}{end} {more}", self.text) }
    }
}

/// Whether everything that the person did is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// Everything is.
    Saved,
    /// Something is still being written.
    Pending,
    /// Something could not be written, and waits.
    Failed,
}

/// The preview pane.
#[derive(Debug, Clone, Default)]
pub struct PreviewPane {
    /// The last preview that came; `None` before the first.
    pub preview: Option<Preview>,
    /// Whether the preview shows the present prompt; else a newer one is being rendered.
    pub is_current: bool,
    /// Number of lines scrolled down.
    pub scroll: usize,
    pub(super) ask: Ask,
    /// The operation that came next when it was asked for.
    pub(super) asked_at: u64,
}

/// The detail pane.
#[derive(Debug, Clone, Default)]
pub struct DetailPane {
    /// Number of lines scrolled down.
    pub scroll: usize,
    /// How many lines the drawing could scroll down at most, once it was drawn.
    pub(crate) last: Cell<Option<usize>>,
    pub(super) detail: Option<RowDetail>,
    /// The row whose details were requested, with its scores at that time.
    pub(super) asked: Option<(RowNumber, Scores)>,
    pub(super) ask: Ask,
}

/// What is not saved though it was to be.
#[derive(Debug, Clone)]
pub(super) struct NotSaved {
    /// A sentence about what waits, where anything does.
    pub(super) waits: Option<String>,
    /// Why, as a sentence.
    pub(super) reason: String,
    /// What is said of it first, with the reason.
    pub(super) full: Notice,
    /// What is said of it as long as there is nothing else to say.
    pub(super) notice: Notice,
    /// A folder that everything could be written to instead.
    pub(super) elsewhere: String,
}

/// Everything that the screen shows, and the state behind it.
#[derive(Debug, Clone)]
pub struct Model {
    /// The terminal's size.
    pub size: Size,
    /// The stage of the program, with the session.
    pub stage: Stage,
    /// The rows.
    pub rows: Box<RowsPane>,
    /// The selected row in full.
    pub detail: Box<DetailPane>,
    /// The prompt's editor.
    pub prompt: PromptPane,
    /// The preview of the next run.
    pub preview: PreviewPane,
    /// Runs and other jobs.
    pub sampling: Sampling,
    /// The view that is shown.
    pub view: View,
    /// Where the tabs of the views were drawn last; empty where one was not.
    pub(crate) tabs: Cell<[Rect; View::TABS.len()]>,
    /// The versions.
    pub versions: Box<VersionsPane>,
    /// The dataset.
    pub data: Box<DataPane>,
    /// The comparison of two versions, models or settings.
    pub compare: Box<ComparePane>,
    /// The evaluation of the accepted rows.
    pub measure: Box<MeasurePane>,
    /// The Coverage view.
    pub coverage: Box<CoveragePane>,
    /// The form that writes accepted rows.
    pub export: ExportPane,
    /// The race.
    pub race: Box<RacePane>,
    /// The history.
    pub history: Box<HistoryPane>,
    /// The pane of the bench that has the focus.
    pub focus: Pane,
    /// Whether the person types in the prompt; only while it has the focus.
    pub(super) is_typing: bool,
    /// Whether the focused pane is zoomed to the whole screen.
    pub zoomed: bool,
    /// Windows over the bench; the last one is on top and receives the keys.
    pub overlays: Vec<Overlay>,
    /// Keys pressed so far of a longer binding.
    pub pending: Vec<Key>,
    /// What a burst brings behind the key that closed a place, until it ends.
    pub(super) dropped: Option<Dropped>,
    /// Whether the key that is handled arrived together with the one before.
    pub(super) in_burst: bool,
    /// One sentence for the person.
    pub notice: Option<Notice>,
    /// The bindings of keys.
    pub keymap: Keymap,
    /// The journal's state, and the facts that it has not answered yet.
    pub(super) facts: ShownFacts,
    /// What is not saved though it was to be.
    pub(super) unsaved: Option<NotSaved>,
    pub(super) sent_drafts: SentDrafts,
    pub(super) replaced: ReplacedDrafts,
    /// The request for the next version that is under way.
    pub(super) next_version: Option<Ask>,
    /// What came of it while the person typed.
    pub(super) next_waiting: Option<NextDraft>,
    /// Filters with an order, by the names that a person gave them.
    pub(super) saved_views: BTreeMap<String, String>,
    pub(super) last_change: Option<Change>,
    /// The row that the next decision applies to: the one that was drawn as selected.
    pub(super) target: Option<RowNumber>,
    pub(super) now: Timestamp,
    pub(super) next_ask: u64,
}

impl Model {
    /// Returns the model of a program that is opening a session.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self {
            size,
            stage: Stage::Opening,
            rows: Box::default(),
            detail: Box::default(),
            prompt: PromptPane::default(),
            preview: PreviewPane::default(),
            sampling: Sampling::default(),
            view: View::Bench,
            tabs: Cell::default(),
            versions: Box::default(),
            data: Box::default(),
            compare: Box::default(),
            measure: Box::default(),
            coverage: Box::default(),
            export: ExportPane::new(ExportForm::new("")),
            race: Box::default(),
            history: Box::default(),
            focus: Pane::Rows,
            is_typing: false,
            zoomed: false,
            overlays: Vec::new(),
            pending: Vec::new(),
            dropped: None,
            in_burst: false,
            notice: None,
            keymap: Keymap::default(),
            facts: ShownFacts::default(),
            unsaved: None,
            sent_drafts: SentDrafts::default(),
            replaced: ReplacedDrafts::default(),
            next_version: None,
            next_waiting: None,
            saved_views: BTreeMap::new(),
            last_change: None,
            target: None,
            now: Timestamp::default(),
            next_ask: 0,
        }
    }

    /// Returns whether a session is open and the person has not quit.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open(_))
    }

    /// Returns the journal's state with the unanswered facts applied, as it is drawn.
    #[must_use]
    pub const fn shown(&self) -> &Projection {
        self.facts.shown()
    }

    /// Returns the selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<RowNumber> {
        self.rows.selected_row()
    }

    /// Returns the details of the selected row, once they have come.
    #[must_use]
    pub fn row_detail(&self) -> Option<&RowDetail> {
        let selected = self.selected_row()?;
        self.detail.detail.as_ref().filter(|detail| detail.row == selected)
    }

    /// Returns the topmost overlay.
    #[must_use]
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlays.last()
    }

    /// Returns the sentence to show: the last notice, else what is not saved.
    #[must_use]
    pub fn sentence(&self) -> Option<&Notice> {
        self.notice.as_ref().or(self.unsaved.as_ref().map(|unsaved| &unsaved.notice))
    }

    /// Returns whether everything that the person did is on disk.
    #[must_use]
    pub fn saving(&self) -> Saving {
        use super::prompt::DraftState;
        match self.prompt.state {
            _ if self.unsaved.is_some() => Saving::Failed,
            DraftState::Failed(_) => Saving::Failed,
            DraftState::Saved if self.facts.is_saved() => Saving::Saved,
            DraftState::Saved | DraftState::Unsaved => Saving::Pending,
        }
    }

    /// Returns the title of the prompt's version: `v7`, `v7 + draft`, or `draft` before the first; with the prompt's
    /// name where there are several.
    #[must_use]
    pub fn version_title(&self) -> String {
        let base = self.prompt.base.and_then(|id| self.shown().version(id));
        let title = match (base, self.prompt.is_changed) {
            // A fork: the version is of another prompt.
            (Some(version), _) if version.name != self.prompt.name() => "draft".to_owned(),
            (Some(version), false) => format!("v{}", version.number),
            (Some(version), true) => format!("v{} + draft", version.number),
            (None, _) => "draft".to_owned(),
        };
        if self.prompt_names().len() < 2 {
            return title;
        }
        format!("{} · {title}", SafeText::name(self.prompt.name()).as_str())
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { severity: Severity::Info, text: text.into() });
    }

    /// Adds a sentence to the notice.
    pub(super) fn add(&mut self, more: Option<String>) {
        match (&mut self.notice, more) {
            (_, None) => {}
            (Some(notice), Some(more)) => *notice = notice.with(&more),
            (None, Some(more)) => self.say(more),
        }
    }

    pub(super) fn fail(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { severity: Severity::Error, text: text.into() });
    }

    pub(super) const fn new_ask(&mut self) -> Ask {
        self.next_ask += 1;
        Ask(self.next_ask)
    }
}
