//! How the screen stands: what is kept of it between two starts.

use serde::{Deserialize, Serialize};

use crate::domain::{PromptPart, RowId};

/// A pane of the bench.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// All panes, in the order in which the focus goes through them.
    pub const ALL: [Self; 4] = [Self::Prompt, Self::Preview, Self::Rows, Self::Detail];

    /// Returns whether the pane stands in the left column.
    #[must_use]
    pub const fn is_left(self) -> bool {
        matches!(self, Self::Prompt | Self::Preview)
    }

    /// Returns the pane that many steps on, around the end.
    #[must_use]
    pub fn step(self, steps: usize) -> Self {
        let place = Self::ALL.iter().position(|pane| *pane == self).unwrap_or_default();
        Self::ALL[(place + steps) % Self::ALL.len()]
    }
}

/// How the screen stands. Everything in it may be missing or out of date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScreenState {
    /// The pane that has the focus.
    pub focus: Pane,
    /// Whether that pane has the whole screen.
    pub zoomed: bool,
    /// The selected row.
    pub row: Option<RowId>,
    /// How many rows are shown above the selected one.
    pub above: usize,
    /// The filter as it was typed.
    pub filter: String,
    /// The name of the order; empty is the usual one.
    pub sort: String,
    /// The part of the prompt that is shown.
    #[serde(with = "part")]
    pub part: PromptPart,
}

/// Names of the prompt's parts; an unknown one is the first part.
mod part {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::domain::PromptPart;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    pub(super) fn serialize<S: Serializer>(part: &PromptPart, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(crate::app::prompt::part_name(*part))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PromptPart, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = crate::app::prompt::PARTS.into_iter();
        let mut found = known.filter(|part| crate::app::prompt::part_name(*part) == name);
        Ok(found.next().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_reads_back_and_may_lack_everything() {
        let state = ScreenState {
            focus: Pane::Detail,
            row: Some(RowId::from_bits(7)),
            part: PromptPart::Variables,
            ..ScreenState::default()
        };
        let text = toml::to_string(&state).unwrap();
        assert_eq!(toml::from_str::<ScreenState>(&text).unwrap(), state);
        assert_eq!(toml::from_str::<ScreenState>("").unwrap(), ScreenState::default());
        assert_eq!(toml::from_str::<ScreenState>("part = \"x\"").unwrap().part, PromptPart::User);
    }

    #[test]
    fn the_focus_goes_around() {
        assert_eq!(Pane::Detail.step(1), Pane::Prompt);
        assert_eq!(Pane::Prompt.step(3), Pane::Detail);
    }
}
