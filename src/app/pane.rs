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
}
