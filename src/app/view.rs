//! The views: what the screen shows between the header and the footer.

use super::Command;

/// A view of the session; the header has a tab for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// The prompt and its rows: where rows are sampled and decided.
    #[default]
    Bench,
    /// The versions of a prompt, what each came to, and what differs between them.
    Versions,
    /// The dataset as it is, and what a classifier does not get in it.
    Data,
    /// Whether the accepted rows help.
    Measure,
    /// The form that writes accepted rows to a file.
    Export,
}

impl View {
    /// All views, in the order of their tabs.
    pub const ALL: [Self; 5] = [Self::Bench, Self::Versions, Self::Data, Self::Measure, Self::Export];

    /// Returns the name on its tab.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bench => "Bench",
            Self::Versions => "Versions",
            Self::Data => "Data",
            Self::Measure => "Measure",
            Self::Export => "Export",
        }
    }

    /// Returns the command that goes there.
    #[must_use]
    pub const fn command(self) -> Command {
        match self {
            Self::Bench => Command::GoBench,
            Self::Versions => Command::GoVersions,
            Self::Data => Command::GoData,
            Self::Measure => Command::GoMeasure,
            Self::Export => Command::GoExport,
        }
    }
}
