//! The scopes of commands: where a command and its keys work.

/// A part of the screen in which a command and its keys work; each is a table of `keymap.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The rows, and the detail of one.
    Rows,
    /// The panes of the bench other than the prompt's editor.
    Bench,
    /// Anywhere, except while typing.
    Anywhere,
    /// The prompt, focused but not typed in.
    PromptPane,
    /// The prompt's editor, while a person types in it.
    Prompt,
    /// The words that may be meant, while a person types in the prompt's editor.
    Completion,
    /// The editor of a row.
    RowEditor,
    /// Every place where a person types.
    Typing,
    /// A one-line input: filter, reason, tags, commands.
    Line,
    /// The settings of the next sample.
    Settings,
    /// The Versions view.
    Versions,
    /// The rows of the Data view.
    Data,
    /// The Compare view, while a comparison goes on.
    Compare,
    /// The form of a comparison, while nobody types in it.
    CompareForm,
    /// A line of that form, while a person types in it.
    CompareField,
    /// The Measure view.
    Measure,
    /// The coverage map.
    Coverage,
    /// The History view.
    History,
    /// The Export view, while nobody types in it.
    Export,
    /// The race that goes on.
    Race,
    /// The form of a race.
    RaceForm,
    /// The race that has ended.
    RaceEnd,
    /// A line of the export's form, while a person types in it.
    ExportField,
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
    /// The form that finds and replaces.
    Replace,
    /// The rows that a replacement would change.
    Matches,
    /// Any text that is longer than its pane.
    Scroll,
    /// A read-only window over the screen.
    Overlay,
    /// A question.
    Question,
    /// Everywhere, even while typing.
    Everywhere,
}

impl Scope {
    /// All scopes, in the order in which the help shows them.
    pub const ALL: [Self; 34] = [
        Self::Rows,
        Self::Bench,
        Self::Anywhere,
        Self::PromptPane,
        Self::Prompt,
        Self::Completion,
        Self::RowEditor,
        Self::Typing,
        Self::Line,
        Self::Settings,
        Self::Versions,
        Self::Data,
        Self::Compare,
        Self::CompareForm,
        Self::CompareField,
        Self::Measure,
        Self::Coverage,
        Self::History,
        Self::Export,
        Self::Race,
        Self::RaceForm,
        Self::RaceEnd,
        Self::ExportField,
        Self::Formats,
        Self::Facets,
        Self::Scraps,
        Self::Duplicates,
        Self::Run,
        Self::Replace,
        Self::Matches,
        Self::Scroll,
        Self::Overlay,
        Self::Question,
        Self::Everywhere,
    ];

    /// Returns the name of the scope's table in `keymap.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Bench => "bench",
            Self::Anywhere => "anywhere",
            Self::PromptPane => "prompt-pane",
            Self::Prompt => "prompt",
            Self::Completion => "completion",
            Self::RowEditor => "row-editor",
            Self::Typing => "typing",
            Self::Line => "line",
            Self::Settings => "settings",
            Self::Versions => "versions",
            Self::Data => "data",
            Self::Compare => "compare",
            Self::CompareForm => "compare-form",
            Self::CompareField => "compare-field",
            Self::Measure => "measure",
            Self::Coverage => "coverage",
            Self::History => "history",
            Self::Export => "export",
            Self::Race => "race",
            Self::RaceForm => "race-form",
            Self::RaceEnd => "race-end",
            Self::ExportField => "export-field",
            Self::Formats => "formats",
            Self::Facets => "facets",
            Self::Scraps => "scraps",
            Self::Duplicates => "duplicates",
            Self::Run => "run",
            Self::Replace => "replace",
            Self::Matches => "matches",
            Self::Scroll => "scroll",
            Self::Overlay => "overlay",
            Self::Question => "question",
            Self::Everywhere => "everywhere",
        }
    }

    /// Returns the scope's heading in the help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Rows => "Rows",
            Self::Bench => "Rows, detail and preview",
            Self::Anywhere => "Anywhere but while typing",
            Self::PromptPane => "Prompt, focused",
            Self::Prompt => "Prompt editor, typing",
            Self::Completion => "Words that may be meant, while typing",
            Self::RowEditor => "Row editor",
            Self::Typing => "While typing",
            Self::Line => "Filling in a line",
            Self::Settings => "Settings of the next sample",
            Self::Versions => "Versions",
            Self::Data => "Data",
            Self::Compare => "Compare, a comparison goes on",
            Self::CompareForm => "Compare, the form",
            Self::CompareField => "Compare, typing in a line",
            Self::Measure => "Measure",
            Self::Coverage => "Coverage",
            Self::History => "History",
            Self::Export => "Export",
            Self::Race => "Race that goes on",
            Self::RaceForm => "Form of a race",
            Self::RaceEnd => "Race that has ended",
            Self::ExportField => "Export, typing in a line",
            Self::Formats => "Choosing a format",
            Self::Facets => "Facets",
            Self::Scraps => "Scraps of a run",
            Self::Duplicates => "Rows that are equal or nearly equal",
            Self::Run => "A run",
            Self::Replace => "Find and replace",
            Self::Matches => "Rows that a replacement would change",
            Self::Scroll => "Reading a long text",
            Self::Overlay => "Windows",
            Self::Question => "Questions",
            Self::Everywhere => "Everywhere",
        }
    }

    /// Returns the scope whose table has this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}
