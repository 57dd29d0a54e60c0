//! The Versions view: the versions of a prompt, what each came to, and what differs between two of them.
//!
//! ```text
//! ○     draft              the newest line on top; what it was made from below
//! ●     v7
//! │ ●   v6                 a version that another one was made from beside it
//! ●─╯   v5
//! ```
//!
//! A version never changes, so what differs between it and its parent is found out once. The figures that need the
//! texts of all rows are counted outside of the event loop.

mod difference;
mod tree;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use super::message::Ask;
use super::{Model, prompt};
use crate::config::variables::draft_of;
use crate::domain::{Draft, Projection, Scoreboard, Timestamp, Version, VersionId};
use crate::text::SafeText;
use crate::text::time::duration;

pub(super) use difference::Differences;
pub(crate) use difference::PromptDifference;
pub(crate) use tree::Guides;

/// A line of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// The text in the editor, where it is no version.
    Draft,
    /// A version.
    Version(VersionId),
}

/// The part of the view that has the focus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum VersionsPart {
    /// The tree.
    #[default]
    Tree,
    /// The selected version.
    Detail,
}

/// The Versions view.
#[derive(Debug, Clone, Default)]
pub struct VersionsPane {
    /// The part that has the focus.
    pub part: VersionsPart,
    /// Whether the part with the focus has the whole screen.
    pub zoomed: bool,
    /// The prompt whose versions are shown; `None` for the one in the editor.
    pub prompt: Option<String>,
    /// The first line of the tree in sight.
    pub top: usize,
    /// Lines of the selected version scrolled down.
    pub scroll: usize,
    /// How many lines the drawing could scroll down at most, once it was drawn.
    pub(crate) end: Cell<usize>,
    /// One end of a comparison, where one was taken.
    pub taken: Option<Spot>,
    /// What is compared, where both ends were taken: before and after.
    pub compared: Option<(Spot, Spot)>,
    /// The scoreboard as it was when the texts of all rows were counted last, for the figures that need them.
    pub texts: Option<Scoreboard>,
    pub(super) selected: Option<Spot>,
    pub(super) differences: Differences,
    /// The question about the texts that is not answered yet.
    pub(super) ask: Option<Ask>,
    /// How many rows there were when the texts were counted last.
    pub(super) counted: Option<usize>,
}

/// A line of the tree, as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLine {
    /// What it shows.
    pub spot: Spot,
    /// The lines that lead to what it was made from.
    pub(crate) guides: Guides,
}

impl Model {
    /// Returns the names of the prompts, in the order in which they were made; the one in the editor is among them.
    #[must_use]
    pub fn prompt_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let versions = self.shown().versions().iter().map(|version| version.name.as_str());
        for name in versions.chain([self.prompt.name()]) {
            if !names.contains(&name) && !name.is_empty() {
                names.push(name);
            }
        }
        names
    }

    /// Returns the name of the prompt whose versions are shown.
    #[must_use]
    pub fn shown_prompt(&self) -> &str {
        let chosen = self.versions.prompt.as_deref();
        chosen.filter(|name| self.prompt_names().contains(name)).unwrap_or_else(|| self.prompt.name())
    }

    /// Returns the lines of the tree, the newest one first: the draft, where it is no version, then the versions.
    #[must_use]
    pub fn tree_lines(&self) -> Vec<TreeLine> {
        let name = self.shown_prompt();
        let of_prompt = self.shown().versions().iter().rev().filter(|version| version.name == name);
        let draft = (self.prompt.is_changed && self.prompt.name() == name).then_some(Spot::Draft);
        let draft = draft.map(|spot| (spot, self.prompt.base));
        let made = of_prompt.map(|version| (Spot::Version(version.id), version.parent));
        let (spots, parents): (Vec<Spot>, Vec<Option<VersionId>>) = draft.into_iter().chain(made).unzip();
        let places: BTreeMap<VersionId, usize> = spots
            .iter()
            .enumerate()
            .filter_map(|(place, spot)| match spot {
                Spot::Draft => None,
                Spot::Version(id) => Some((*id, place)),
            })
            .collect();
        let parents: Vec<_> = parents.iter().map(|parent| places.get(&(*parent)?).copied()).collect();
        let guides = tree::guides(&parents);
        spots.iter().zip(guides).map(|(spot, guides)| TreeLine { spot: *spot, guides }).collect()
    }

    /// Returns the selected line: the one that was chosen, else the newest one.
    #[must_use]
    pub fn selected_spot(&self) -> Option<Spot> {
        let lines = self.tree_lines();
        let chosen = self.versions.selected.filter(|spot| lines.iter().any(|line| line.spot == *spot));
        chosen.or_else(|| lines.first().map(|line| line.spot))
    }

    /// Returns the version that a line shows; a draft is none.
    #[must_use]
    pub fn version_at(&self, spot: Spot) -> Option<&Version> {
        match spot {
            Spot::Draft => None,
            Spot::Version(id) => self.shown().version(id),
        }
    }

    /// Returns the version that a line was made from.
    #[must_use]
    pub fn parent_of(&self, spot: Spot) -> Option<VersionId> {
        match spot {
            Spot::Draft => self.prompt.base,
            Spot::Version(id) => self.shown().version(id)?.parent,
        }
    }

    /// Returns the words of a line.
    pub(super) fn draft_at(&self, spot: Spot) -> Option<Draft> {
        match spot {
            Spot::Draft => Some(self.prompt.draft()),
            Spot::Version(id) => self.shown().version(id).map(draft_of),
        }
    }

    /// Returns the texts of a line's parts, each with its name.
    #[must_use]
    pub fn words_of(&self, spot: Spot) -> Vec<(&'static str, String)> {
        let Some(draft) = self.draft_at(spot) else { return Vec::new() };
        parts_of(&draft).map(|(name, text)| (name, text.to_owned())).to_vec()
    }

    /// Returns the name of a line in a sentence: `v7`, `ham@v2` of another prompt, or `the draft`.
    #[must_use]
    pub fn spot_name(&self, spot: Spot) -> String {
        match self.version_at(spot) {
            None => "the draft".to_owned(),
            Some(version) if version.name == self.shown_prompt() => format!("v{}", version.number),
            Some(version) => format!("{}@v{}", SafeText::name(&version.name).as_str(), version.number),
        }
    }

    /// Returns what differs between a line and what it was made from, once that was found out.
    #[must_use]
    pub(crate) fn change_of(&self, spot: Spot) -> Option<String> {
        self.versions.differences.of(spot)
    }

    /// Returns what is compared with what, before and after, and how they differ, once that was found out.
    #[must_use]
    pub(crate) fn difference(&self) -> Option<&PromptDifference> {
        self.versions.differences.shown()
    }

    /// Returns the two ends of the comparison that is shown: those that were taken, else the selected line and what it
    /// was made from.
    #[must_use]
    pub fn compared_spots(&self) -> Option<(Option<Spot>, Spot)> {
        if let Some((before, after)) = self.versions.compared {
            return Some((Some(before), after));
        }
        let selected = self.selected_spot()?;
        Some((self.parent_of(selected).map(Spot::Version), selected))
    }
}

impl Model {
    /// Returns how long ago something was, in its largest unit: `now`, `5 min`, `3 h`, `12 d`.
    #[must_use]
    pub fn age_of(&self, at: Timestamp) -> String {
        let millis = u64::try_from(self.now.0.saturating_sub(at.0)).unwrap_or_default();
        if millis < 60_000 { "now".to_owned() } else { duration(Duration::from_millis(millis)) }
    }

    /// Returns whether a version is in the editor as it is.
    #[must_use]
    pub fn is_in_editor(&self, version: VersionId) -> bool {
        self.prompt.base == Some(version) && !self.prompt.is_changed
    }
}

/// Returns whether nothing may tell how the rows of a version are decided, since a blind trial of it goes on.
#[must_use]
pub(crate) fn is_on_blind_trial(shown: &Projection, version: VersionId) -> bool {
    let going = shown.laboratory().going().filter(|trial| trial.hides());
    going.is_some_and(|trial| trial.sides.iter().any(|side| side.version == version))
}

/// Returns the texts of a draft's parts, each with its name.
fn parts_of(draft: &Draft) -> [(&'static str, &str); 4] {
    use crate::domain::PromptPart::{System, User, Variables};
    [
        (prompt::part_name(User), &draft.user),
        (prompt::part_name(System), &draft.system),
        (prompt::part_name(Variables), &draft.variables),
        ("label", draft.label.as_deref().unwrap_or_default()),
    ]
}
