//! The panes of the bench.

/// A pane of the bench.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// The prompt's editor.
    Prompt,
    /// What the next run would send.
    Preview,
    /// The rows.
    #[default]
    Rows,
    /// The selected row in full.
    Detail,
}

impl Pane {
    /// All panes, in the order in which the focus moves through them.
    pub const ALL: [Self; 4] = [Self::Prompt, Self::Preview, Self::Rows, Self::Detail];

    /// Returns the pane's name, as it is saved between two starts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Preview => "preview",
            Self::Rows => "rows",
            Self::Detail => "detail",
        }
    }

    /// Returns the pane with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.name() == name)
    }

    /// Returns whether the pane is in the left column.
    #[must_use]
    pub const fn is_left(self) -> bool {
        matches!(self, Self::Prompt | Self::Preview)
    }

    /// Returns the pane this many steps further, wrapping around at the end.
    #[must_use]
    pub fn step(self, steps: usize) -> Self {
        let place = Self::ALL.iter().position(|pane| *pane == self).unwrap_or_default();
        Self::ALL[(place + steps) % Self::ALL.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_goes_around() {
        assert_eq!(Pane::Detail.step(1), Pane::Prompt);
        assert_eq!(Pane::Prompt.step(3), Pane::Detail);
    }

    #[test]
    fn every_pane_is_found_by_its_name() {
        for pane in Pane::ALL {
            assert_eq!(Pane::from_name(pane.name()), Some(pane));
        }
        assert_eq!(Pane::from_name("window"), None);
    }
}
