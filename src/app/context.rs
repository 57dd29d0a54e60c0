//! What has the keyboard focus, and which bindings work there.

use super::compare::comparison;
use super::overlay::CompareWindow;
use super::{ComparePart, DataPart, ExportPart, Model, Overlay, Pane, Scope, VersionsPart, View};

/// What receives the key presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Nothing: the session is being opened, or was left.
    Nothing,
    /// The rows.
    Rows,
    /// The selected row in full.
    Detail,
    /// The preview.
    Preview,
    /// The prompt, focused but not typed in.
    Prompt,
    /// The prompt's editor, while a person types in it.
    PromptEditor,
    /// The words that may be meant, while a person types in the prompt's editor.
    Completion,
    /// A row's editor.
    RowEditor,
    /// A one-line input, including the palette's.
    Line,
    /// The settings of the next sample.
    Settings,
    /// The tree of versions.
    Versions,
    /// The selected version.
    VersionDetail,
    /// The dataset as it is.
    DataReport,
    /// The rows that a classifier does not get.
    DataRows,
    /// The pair of the comparison that goes on.
    Compare,
    /// The form of a comparison.
    CompareForm,
    /// A line of it, while a person types in it.
    CompareField,
    /// What came of the comparisons so far.
    CompareResult,
    /// The evaluation.
    Measure,
    /// The coverage map.
    Coverage,
    /// The history.
    History,
    /// The export's form.
    Export,
    /// A line of it, while a person types in it.
    ExportField,
    /// The race that goes on.
    Race,
    /// The form of a race.
    RaceForm,
    /// The race that has ended.
    RaceEnd,
    /// The first lines of the export.
    ExportPreview,
    /// The list of formats.
    Formats,
    /// What the shown rows are like.
    Facets,
    /// The scraps of a run.
    Scraps,
    /// Rows that are equal or nearly equal.
    Duplicates,
    /// A run.
    Run,
    /// A read-only window.
    Reading,
    /// A prompt that a model wrote, to take or to leave.
    Proposal,
    /// What a change of many rows would do, to apply it or to leave it.
    Bulk,
    /// The form that finds and replaces.
    Replace,
    /// The rows that it would change.
    Matches,
    /// A question.
    Question,
}

impl Context {
    /// All contexts.
    pub const ALL: [Self; 38] = [
        Self::Nothing,
        Self::Rows,
        Self::Detail,
        Self::Preview,
        Self::Prompt,
        Self::PromptEditor,
        Self::Completion,
        Self::RowEditor,
        Self::Line,
        Self::Settings,
        Self::Versions,
        Self::VersionDetail,
        Self::DataReport,
        Self::DataRows,
        Self::Compare,
        Self::CompareForm,
        Self::CompareField,
        Self::CompareResult,
        Self::Measure,
        Self::Coverage,
        Self::History,
        Self::Export,
        Self::ExportField,
        Self::Race,
        Self::RaceForm,
        Self::RaceEnd,
        Self::ExportPreview,
        Self::Formats,
        Self::Facets,
        Self::Scraps,
        Self::Duplicates,
        Self::Run,
        Self::Reading,
        Self::Proposal,
        Self::Bulk,
        Self::Replace,
        Self::Matches,
        Self::Question,
    ];

    /// Returns the scopes whose bindings work here, in order of precedence.
    #[must_use]
    pub const fn chain(self) -> &'static [Scope] {
        use Scope::{
            Anywhere, Bench, Compare, CompareField, CompareForm, Completion, Coverage, Data, Duplicates,
            Everywhere, Export, ExportField, Facets, Formats, History, Line, Matches, Measure, Overlay,
            Prompt, PromptPane, Question, Race, RaceEnd, RaceForm, Replace, RowEditor, Rows, Run, Scraps,
            Scroll, Settings, Typing, Versions,
        };
        match self {
            Self::Nothing => &[Everywhere],
            Self::Rows => &[Rows, Bench, Anywhere, Everywhere],
            Self::Detail => &[Scroll, Rows, Bench, Anywhere, Everywhere],
            Self::Preview => &[Scroll, Bench, Anywhere, Everywhere],
            Self::Prompt => &[PromptPane, Scroll, Bench, Anywhere, Everywhere],
            Self::PromptEditor => &[Prompt, Typing, Everywhere],
            Self::Completion => &[Completion, Prompt, Typing, Everywhere],
            Self::RowEditor => &[RowEditor, Typing, Everywhere],
            Self::Line => &[Line, Typing, Everywhere],
            Self::Settings => &[Settings, Typing, Everywhere],
            Self::Versions => &[Versions, Scroll, Anywhere, Everywhere],
            Self::VersionDetail => &[Scroll, Versions, Anywhere, Everywhere],
            Self::DataReport => &[Scroll, Anywhere, Everywhere],
            Self::DataRows => &[Data, Scroll, Anywhere, Everywhere],
            Self::Compare => &[Compare, Scroll, Anywhere, Everywhere],
            Self::CompareForm => &[CompareForm, Anywhere, Everywhere],
            Self::CompareField => &[CompareField, Typing, Everywhere],
            Self::CompareResult => &[Scroll, CompareForm, Anywhere, Everywhere],
            Self::Measure => &[Measure, Scroll, Anywhere, Everywhere],
            Self::Coverage => &[Coverage, Scroll, Anywhere, Everywhere],
            Self::History => &[History, Scroll, Anywhere, Everywhere],
            Self::Export => &[Export, Scroll, Anywhere, Everywhere],
            Self::ExportField => &[ExportField, Typing, Everywhere],
            Self::Race => &[Race, Scroll, Anywhere, Everywhere],
            Self::RaceForm => &[RaceForm, Anywhere, Everywhere],
            Self::RaceEnd => &[RaceEnd, Scroll, Anywhere, Everywhere],
            Self::ExportPreview => &[Scroll, Export, Anywhere, Everywhere],
            Self::Formats => &[Formats, Overlay, Everywhere],
            Self::Facets => &[Facets, Overlay, Scroll, Everywhere],
            Self::Scraps => &[Scraps, Overlay, Scroll, Everywhere],
            Self::Duplicates => &[Duplicates, Overlay, Scroll, Everywhere],
            Self::Run => &[Run, Overlay, Scroll, Everywhere],
            Self::Reading => &[Overlay, Scroll, Everywhere],
            Self::Proposal | Self::Bulk => &[Question, Scroll, Everywhere],
            Self::Replace => &[Replace, Typing, Everywhere],
            Self::Matches => &[Matches, Question, Scroll, Everywhere],
            Self::Question => &[Question, Everywhere],
        }
    }

    /// Returns whether what is typed here is one line.
    #[must_use]
    pub const fn is_one_line(self) -> bool {
        matches!(self, Self::Line | Self::Settings | Self::Replace | Self::ExportField | Self::CompareField)
    }

    /// Returns whether the prompt is typed here.
    #[must_use]
    pub const fn is_prompt_editor(self) -> bool {
        matches!(self, Self::PromptEditor | Self::Completion)
    }

    /// Returns whether letters are typed as text here.
    #[must_use]
    pub const fn is_typing(self) -> bool {
        matches!(
            self,
            Self::PromptEditor
                | Self::Completion
                | Self::RowEditor
                | Self::Line
                | Self::Settings
                | Self::Replace
                | Self::ExportField
                | Self::CompareField
        )
    }
}

impl Model {
    /// Returns what receives the key presses.
    #[must_use]
    pub fn context(&self) -> Context {
        match self.overlays.last() {
            Some(
                Overlay::Help { .. }
                | Overlay::Guidelines { .. }
                | Overlay::Exchange(_)
                | Overlay::Compare(CompareWindow { proposal: None, .. }),
            ) => Context::Reading,
            Some(Overlay::Compare(_)) => Context::Proposal,
            Some(Overlay::Bulk(_)) => Context::Bulk,
            Some(Overlay::Replace(window)) if window.in_rows => Context::Matches,
            Some(Overlay::Replace(_)) => Context::Replace,
            Some(Overlay::Palette(_) | Overlay::Line(_)) => Context::Line,
            Some(Overlay::Settings(_)) => Context::Settings,
            Some(Overlay::Formats(_)) => Context::Formats,
            Some(Overlay::Duplicates(_)) => Context::Duplicates,
            Some(Overlay::Run(_)) => Context::Run,
            Some(Overlay::Facets(_)) => Context::Facets,
            Some(Overlay::Scraps(_)) => Context::Scraps,
            Some(Overlay::RowEditor(_)) => Context::RowEditor,
            Some(Overlay::Question(_)) => Context::Question,
            None if !self.is_open() => Context::Nothing,
            None => self.context_of_view(),
        }
    }

    fn context_of_view(&self) -> Context {
        match self.view {
            View::Versions => match self.versions.part {
                VersionsPart::Tree => Context::Versions,
                VersionsPart::Detail => Context::VersionDetail,
            },
            View::Data => match self.data.part {
                DataPart::Report => Context::DataReport,
                DataPart::Rows => Context::DataRows,
            },
            View::Compare => match self.compare.part {
                _ if comparison(self.shown()).is_some() => Context::Compare,
                ComparePart::Form => Context::CompareForm,
                ComparePart::Typing => Context::CompareField,
                ComparePart::Result => Context::CompareResult,
            },
            View::Measure => Context::Measure,
            View::Coverage => Context::Coverage,
            View::Race => self.context_of_race(),
            View::History => Context::History,
            View::Export => match self.export.part {
                ExportPart::Form => Context::Export,
                ExportPart::Typing => Context::ExportField,
                ExportPart::Preview => Context::ExportPreview,
            },
            View::Bench => match self.focus {
                Pane::Prompt if self.is_typing && self.completion().is_some() => Context::Completion,
                Pane::Prompt if self.is_typing => Context::PromptEditor,
                Pane::Prompt => Context::Prompt,
                Pane::Preview => Context::Preview,
                Pane::Rows => Context::Rows,
                Pane::Detail => Context::Detail,
            },
        }
    }
}
