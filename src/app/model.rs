//! What the screen shows.

use std::sync::Arc;

use ratatui::layout::Size;

use super::message::Ask;
use super::overlay::Overlay;
use super::sent_drafts::SentDrafts;
use super::shown_facts::ShownFacts;
use super::{DatasetFacts, Key, Keymap, Pane, PromptPane, RowsPane, Sampling};
use crate::domain::{Change, Preview, Projection, RowDetail, RowNumber, Scores, Session, Timestamp};

/// What the program is doing as a whole.
#[derive(Debug, Clone, Default)]
pub enum Stage {
    /// The session is being opened; there is nothing to show yet.
    #[default]
    Opening,
    /// The session is open.
    Open(OpenSession),
    /// The person has left; what is on its way is still written. It holds the session, if one was open.
    Closing(Option<OpenSession>),
}

/// A session that is open.
#[derive(Debug, Clone)]
pub struct OpenSession {
    /// The session's settings.
    pub session: Arc<Session>,
    /// What is known of its dataset.
    pub dataset: DatasetFacts,
}

impl Stage {
    /// Returns the session, once it is open.
    #[must_use]
    pub const fn session(&self) -> Option<&OpenSession> {
        match self {
            Self::Opening => None,
            Self::Open(session) => Some(session),
            Self::Closing(session) => session.as_ref(),
        }
    }

    /// Returns the stage after a person has left.
    pub(super) fn closing(self) -> Self {
        match self {
            Self::Opening => Self::Closing(None),
            Self::Open(session) => Self::Closing(Some(session)),
            Self::Closing(session) => Self::Closing(session),
        }
    }
}

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something did not work.
    Error,
}

/// One sentence for the person, until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How much it matters.
    pub severity: Severity,
    /// The sentence.
    pub text: String,
}

/// Whether what the person did is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// All of it is.
    Saved,
    /// Some of it is on its way.
    Pending,
    /// The draft could not be written.
    Failed,
}

/// The preview pane.
#[derive(Debug, Clone, Default)]
pub struct PreviewPane {
    /// The last preview that came; `None` before the first.
    pub preview: Option<Preview>,
    /// Whether it is of the prompt as it stands; else a newer one is on its way.
    pub is_current: bool,
    /// Lines scrolled down.
    pub scroll: usize,
    pub(super) ask: Ask,
}

/// The detail pane.
#[derive(Debug, Clone, Default)]
pub struct DetailPane {
    /// Lines scrolled down.
    pub scroll: usize,
    pub(super) detail: Option<RowDetail>,
    /// The row that was asked about, with the figures that it had then.
    pub(super) asked: Option<(RowNumber, Scores)>,
    pub(super) ask: Ask,
}

/// Everything that the screen shows, and what it needs to know to go on.
#[derive(Debug, Clone)]
pub struct Model {
    /// The terminal's size.
    pub size: Size,
    /// What the program is doing as a whole, and the session.
    pub stage: Stage,
    /// The rows.
    pub rows: RowsPane,
    /// The selected row in full.
    pub detail: DetailPane,
    /// The prompt's editor.
    pub prompt: PromptPane,
    /// What the next run would send.
    pub preview: PreviewPane,
    /// Runs and other work.
    pub sampling: Sampling,
    /// The pane that has the focus.
    pub focus: Pane,
    /// Whether that pane has the whole screen.
    pub zoomed: bool,
    /// What lies over the bench; the last one is on top and gets the keys.
    pub overlays: Vec<Overlay>,
    /// Keys that were pressed and begin a longer binding.
    pub pending: Vec<Key>,
    /// One sentence for the person.
    pub notice: Option<Notice>,
    /// The keys.
    pub keymap: Keymap,
    /// What the journal holds, and what is on its way to it.
    pub(super) facts: ShownFacts,
    pub(super) sent_drafts: SentDrafts,
    pub(super) last_change: Option<Change>,
    /// The row that the next decision is about: the one that was drawn as selected.
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
            rows: RowsPane::default(),
            detail: DetailPane::default(),
            prompt: PromptPane::default(),
            preview: PreviewPane::default(),
            sampling: Sampling::default(),
            focus: Pane::Rows,
            zoomed: false,
            overlays: Vec::new(),
            pending: Vec::new(),
            notice: None,
            keymap: Keymap::default(),
            facts: ShownFacts::default(),
            sent_drafts: SentDrafts::default(),
            last_change: None,
            target: None,
            now: Timestamp::default(),
            next_ask: 0,
        }
    }

    /// Returns whether a session is open, and the person has not left it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open(_))
    }

    /// Returns the journal's state with the unanswered facts applied: what is drawn.
    #[must_use]
    pub const fn shown(&self) -> &Projection {
        self.facts.shown()
    }

    /// Returns the selected row.
    #[must_use]
    pub fn selected_row(&self) -> Option<RowNumber> {
        self.rows.selected_row()
    }

    /// Returns what was looked up about the selected row, once it has come.
    #[must_use]
    pub fn row_detail(&self) -> Option<&RowDetail> {
        let selected = self.selected_row()?;
        self.detail.detail.as_ref().filter(|detail| detail.row == selected)
    }

    /// Returns what lies on top of the bench.
    #[must_use]
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlays.last()
    }

    /// Returns whether what the person did is on the disk.
    #[must_use]
    pub fn saving(&self) -> Saving {
        use super::prompt::DraftState;
        match self.prompt.state {
            DraftState::Failed(_) => Saving::Failed,
            DraftState::Saved if self.facts.is_saved() => Saving::Saved,
            DraftState::Saved | DraftState::Unsaved => Saving::Pending,
        }
    }

    /// Returns the title of the prompt's version: `v7`, `v7 + draft`, or `draft` before the first.
    #[must_use]
    pub fn version_title(&self) -> String {
        let base = self.prompt.base.and_then(|id| self.shown().version(id));
        match (base, self.prompt.is_changed) {
            (Some(version), false) => format!("v{}", version.number),
            (Some(version), true) => format!("v{} + draft", version.number),
            (None, _) => "draft".to_owned(),
        }
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { severity: Severity::Info, text: text.into() });
    }

    pub(super) fn fail(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { severity: Severity::Error, text: text.into() });
    }

    pub(super) const fn new_ask(&mut self) -> Ask {
        self.next_ask += 1;
        Ask(self.next_ask)
    }
}
