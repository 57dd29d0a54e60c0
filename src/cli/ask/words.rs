//! What the conversation says of its questions.

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// The column of the text.
    Text,
    /// The column of the label.
    Label,
    /// Whether a column splits the rows.
    Split,
    /// Whether rows without a label are passed over.
    Unlabelled,
    /// The label that more rows are wanted of.
    Target,
    /// The folder of the session.
    Folder,
}

/// How to answer.
pub(super) const HOW: &str = "Enter takes what stands in brackets, a number or a name chooses, ? explains, < goes back, \
                              esc leaves.";

impl Question {
    /// Returns what the answer is for.
    pub(super) const fn explained(self) -> &'static str {
        match self {
            Self::Text => {
                "The text is what a model is to write more of, such as a message, a review or a question. Rows whose text is \
                 empty are left out. Other columns are not read, and the file is never changed."
            }
            Self::Label => {
                "The label says which class a row belongs to, such as `spam` or `ham`. It is a column in which few different \
                 values stand in many rows each."
            }
            Self::Split => {
                "Train rows may be shown to a model and are counted; test rows are held out, so that a figure means \
                 something. With yes, the column says which are which. With no, a fifth of each class is held out, drawn by \
                 seed."
            }
            Self::Unlabelled => {
                "A row without a label belongs to no class, so nothing can be learned from it here. With yes, such rows are \
                 passed over and counted; the file is not changed."
            }
            Self::Target => {
                "Rows are made for one label, mostly a rare one: a model sees some of its real rows and writes more. About 25 \
                 rows or more are enough to write from. What is proposed is the rarest label with so many, where there is \
                 one."
            }
            Self::Folder => {
                "A session is a folder with its settings, session.toml, and a store of what you do. It must not hold a session \
                 already. The data file stays where it is; the session names it. ~ is your home folder."
            }
        }
    }
}
