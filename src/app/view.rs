//! The views: what the screen shows between the header and the footer.

use super::Command;

/// A view of the session; the header has a tab for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// The prompt and its rows: where rows are sampled and decided.
    #[default]
    Bench,
    /// The form that writes accepted rows to a file.
    Export,
}

impl View {
    /// All views, in the order of their tabs.
    pub const ALL: [Self; 2] = [Self::Bench, Self::Export];

    /// Returns the name on its tab.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bench => "Bench",
            Self::Export => "Export",
        }
    }

    /// Returns the command that goes there.
    #[must_use]
    pub const fn command(self) -> Command {
        match self {
            Self::Bench => Command::GoBench,
            Self::Export => Command::GoExport,
        }
    }
}
