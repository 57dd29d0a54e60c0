//! The prompt's editor: three texts, and the version that they are based on.

use ratatui::style::Style;
use tui_textarea::TextArea;

use super::completion::Offer;
use super::text_box::TextBox;
use crate::config::variables;
use crate::domain::{Draft, PromptContent, PromptPart, VersionId};
use crate::domain::{ValueSource, Variables};

/// The parts of a prompt, in the order in which they are shown.
pub(crate) const PARTS: [PromptPart; 3] = [PromptPart::User, PromptPart::System, PromptPart::Variables];

/// How many steps of typing can be undone in each text.
const TYPING_HISTORY: usize = 5_000;

/// Returns the name of a part, as the pane's title shows it.
#[must_use]
pub(crate) const fn part_name(part: PromptPart) -> &'static str {
    match part {
        PromptPart::User => "user",
        PromptPart::System => "system",
        PromptPart::Variables => "variables",
    }
}

/// Returns a text area with this text and without styles of its own; the drawing colours it.
#[must_use]
pub(crate) fn text_area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(lines(text));
    area.set_cursor_line_style(Style::new());
    area.set_cursor_style(Style::new());
    area.set_max_histories(TYPING_HISTORY);
    area.set_tab_length(2);
    area
}

fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}

/// Whether the draft is on disk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DraftState {
    /// It is on the disk.
    #[default]
    Saved,
    /// It is being written.
    Unsaved,
    /// It could not be written; the reason is a sentence.
    Failed(String),
}

/// The prompt pane.
#[derive(Debug, Clone, Default)]
pub struct PromptPane {
    /// The part that is shown and edited.
    pub part: PromptPart,
    /// The version that the draft is based on.
    pub base: Option<VersionId>,
    /// Whether the draft differs from that version.
    pub is_changed: bool,
    /// Whether the draft is on disk.
    pub state: DraftState,
    /// The words that were offered last.
    pub(super) offer: Option<Offer>,
    pub(super) user: TextBox,
    pub(super) system: TextBox,
    pub(super) variables: TextBox,
    name: String,
    label: Option<String>,
    offered: Option<VersionId>,
}

impl PromptPane {
    /// Returns the pane that edits a draft.
    #[must_use]
    pub fn new(draft: &Draft, part: PromptPart) -> Self {
        Self {
            part,
            base: draft.base,
            is_changed: draft.base.is_none(),
            state: DraftState::Saved,
            offer: None,
            user: TextBox::new(&draft.user),
            system: TextBox::new(&draft.system),
            variables: TextBox::new(&draft.variables),
            name: draft.prompt.clone(),
            label: draft.label.clone(),
            offered: draft.offered,
        }
    }

    /// Returns the pane with this part shown.
    #[must_use]
    pub fn showing(self, part: PromptPart) -> Self {
        Self { part, ..self }
    }

    /// Returns the prompt's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text area of a part.
    #[must_use]
    pub const fn area(&self, part: PromptPart) -> &TextBox {
        match part {
            PromptPart::User => &self.user,
            PromptPart::System => &self.system,
            PromptPart::Variables => &self.variables,
        }
    }

    /// Returns the text area of the part that is shown.
    #[must_use]
    pub const fn current(&self) -> &TextBox {
        self.area(self.part)
    }

    pub(super) const fn area_mut(&mut self, part: PromptPart) -> &mut TextBox {
        match part {
            PromptPart::User => &mut self.user,
            PromptPart::System => &mut self.system,
            PromptPart::Variables => &mut self.variables,
        }
    }

    /// Returns the text of a part.
    #[must_use]
    pub fn text(&self, part: PromptPart) -> String {
        self.area(part).lines().join("\n")
    }

    /// Returns the present draft.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft {
            prompt: self.name.clone(),
            base: self.base,
            system: self.text(PromptPart::System),
            user: self.text(PromptPart::User),
            variables: self.text(PromptPart::Variables),
            label: self.label.clone(),
            offered: self.offered,
        }
    }
}

/// Returns whether a draft has the same content as a version. Variables that cannot be parsed count
/// as different.
#[must_use]
pub(crate) fn says_the_same(draft: &Draft, content: &PromptContent) -> bool {
    draft.user == content.user
        && draft.system == content.system
        && draft.label == content.label
        && variables::read(&draft.variables).is_ok_and(|variables| are_the_same(&variables, content))
}

/// Returns whether variables are those of a version; values from elsewhere are the same where their source is.
fn are_the_same(read: &Variables, content: &PromptContent) -> bool {
    let is_elsewhere = |name: &String| {
        let source = read.rules.get(name).and_then(|rule| rule.source.as_ref());
        matches!(source, Some(ValueSource::File { .. } | ValueSource::Dataset { .. }))
    };
    read.rules == content.rules
        && read.values.keys().eq(content.variables.keys())
        && read.values.iter().all(|(name, values)| {
            values.is_empty() && is_elsewhere(name) || content.variables.get(name) == Some(values)
        })
}
