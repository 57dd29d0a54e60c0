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
    /// Two versions, models or settings side by side.
    Compare,
    /// The dataset as it is, and what a classifier does not get in it.
    Data,
    /// Whether the accepted rows help.
    Measure,
    /// The form that writes accepted rows to a file.
    Export,
    /// How many rows each pair of values of two variables has; it has no tab.
    Coverage,
    /// Versions that compete for the next rows; it has no tab.
    Race,
    /// What was done, and the way back to any of it; it has no tab.
    History,
}

impl View {
    /// The views that have a tab, in the order of the tabs.
    pub const TABS: [Self; 6] =
        [Self::Bench, Self::Versions, Self::Compare, Self::Data, Self::Measure, Self::Export];

    /// Returns the name on its tab.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bench => "Bench",
            Self::Versions => "Versions",
            Self::Compare => "Compare",
            Self::Data => "Data",
            Self::Measure => "Measure",
            Self::Export => "Export",
            Self::Coverage => "Coverage",
            Self::Race => "Race",
            Self::History => "History",
        }
    }

    /// Returns the command that goes there.
    #[must_use]
    pub const fn command(self) -> Command {
        match self {
            Self::Bench => Command::GoBench,
            Self::Versions => Command::GoVersions,
            Self::Compare => Command::GoCompare,
            Self::Data => Command::GoData,
            Self::Measure => Command::GoMeasure,
            Self::Export => Command::GoExport,
            Self::Coverage => Command::GoCoverage,
            Self::Race => Command::GoRace,
            Self::History => Command::GoHistory,
        }
    }
}
