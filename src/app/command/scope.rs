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
    /// The Measure view.
    Measure,
    /// The Export view, while nobody types in it.
    Export,
    /// A line of the export's form, while a person types in it.
    ExportField,
    /// The list of formats.
    Formats,
    /// The scraps of a run.
    Scraps,
    /// A run.
    Run,
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
    pub const ALL: [Self; 21] = [
        Self::Rows,
        Self::Bench,
        Self::Anywhere,
        Self::PromptPane,
        Self::Prompt,
        Self::RowEditor,
        Self::Typing,
        Self::Line,
        Self::Settings,
        Self::Versions,
        Self::Data,
        Self::Measure,
        Self::Export,
        Self::ExportField,
        Self::Formats,
        Self::Scraps,
        Self::Run,
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
            Self::RowEditor => "row-editor",
            Self::Typing => "typing",
            Self::Line => "line",
            Self::Settings => "settings",
            Self::Versions => "versions",
            Self::Data => "data",
            Self::Measure => "measure",
            Self::Export => "export",
            Self::ExportField => "export-field",
            Self::Formats => "formats",
            Self::Scraps => "scraps",
            Self::Run => "run",
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
            Self::RowEditor => "Row editor",
            Self::Typing => "While typing",
            Self::Line => "Filling in a line",
            Self::Settings => "Settings of the next sample",
            Self::Versions => "Versions",
            Self::Data => "Data",
            Self::Measure => "Measure",
            Self::Export => "Export",
            Self::ExportField => "Export, typing in a line",
            Self::Formats => "Choosing a format",
            Self::Scraps => "Scraps of a run",
            Self::Run => "A run",
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
