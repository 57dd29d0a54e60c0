//! How the conversation is set off on a terminal: by weight and by two of the terminal's own colours, which its owner
//! can read on a dark and on a light ground.

/// Whether signs of weight and colour are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    /// Text alone.
    Plain,
    /// With weight and colour.
    Coloured,
}

impl Paint {
    /// Returns what suits the environment: `NO_COLOR` asks for text alone.
    pub(super) fn of(no_color: Option<&std::ffi::OsStr>) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) { Self::Plain } else { Self::Coloured }
    }

    /// What is asked, and the heads of tables.
    pub(super) fn strong(self, text: &str) -> String {
        self.signed("1", text)
    }

    /// What stands beside.
    pub(super) fn faint(self, text: &str) -> String {
        self.signed("2", text)
    }

    /// What is proposed and what was chosen.
    pub(super) fn chosen(self, text: &str) -> String {
        self.signed("1;35", text)
    }

    /// Why an answer was not taken.
    pub(super) fn wrong(self, text: &str) -> String {
        self.signed("31", text)
    }

    fn signed(self, code: &str, text: &str) -> String {
        match self {
            Self::Coloured if !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}
