//! Packed marks, in which tags, reasons and edits are interned.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Projection;
use crate::domain::{Fields, Mark, Rating, RowState, Timestamp};

/// A mark in 24 bytes. `edit`, `reason`, `tags` and `label` are positions in [`Interned`], from 1; 0 is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PackedMark {
    decided_at: i64,
    edit: u32,
    reason: u32,
    tags: u32,
    label: u16,
    state: u8,
    bulk: bool,
}

impl PackedMark {
    const WITHDRAWN: u8 = 9;

    /// Returns the mark of a row whose import was undone.
    pub(super) fn withdrawn() -> Self {
        Self { state: Self::WITHDRAWN, ..Self::default() }
    }

    /// Returns whether the row's import was undone.
    pub(super) const fn is_withdrawn(self) -> bool {
        self.state == Self::WITHDRAWN
    }

    /// Returns the state.
    #[must_use]
    pub fn state(self) -> RowState {
        match self.state {
            0 => RowState::Pending,
            7 => RowState::Rejected,
            8 => RowState::Skipped,
            Self::WITHDRAWN => RowState::Withdrawn,
            stars => RowState::Accepted { rating: Rating::try_from(stars - 1).ok() },
        }
    }

    /// Returns whether the state was decided together with other rows.
    #[must_use]
    pub const fn is_bulk(self) -> bool {
        self.bulk
    }

    /// Returns whether a person changed the row's fields or its label.
    #[must_use]
    pub const fn is_edited(self) -> bool {
        self.edit != 0 || self.label != 0
    }

    /// Returns whether another mark has the same edit, or also none.
    pub(super) const fn has_same_edit(self, other: Self) -> bool {
        self.edit == other.edit
    }

    /// Returns the mark as one that was given in bulk.
    pub(super) const fn in_bulk(self) -> Self {
        Self { bulk: true, ..self }
    }

    /// Returns the mark without its time, which no count tells.
    pub(super) const fn undated(self) -> Self {
        Self { decided_at: 0, ..self }
    }

    /// Returns the mark without a label of its own.
    pub(super) const fn without_label(self) -> Self {
        Self { label: 0, ..self }
    }

    fn code(state: RowState) -> u8 {
        match state {
            RowState::Pending => 0,
            RowState::Accepted { rating } => rating.map_or(0, Rating::stars) + 1,
            RowState::Rejected => 7,
            RowState::Skipped => 8,
            RowState::Withdrawn => Self::WITHDRAWN,
        }
    }
}

/// The interned words and edits, to which marks and rows refer by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Interned {
    pub(super) labels: Vec<String>,
    pub(super) reasons: Vec<String>,
    pub(super) nearest: Vec<String>,
    pub(super) nearest_places: std::collections::HashMap<String, u32>,
    pub(super) tags: Vec<Vec<String>>,
    pub(super) edits: Vec<Arc<Fields>>,
}

/// Returns the index of a word in a short list, appending it where it is new.
fn place<T: PartialEq + Clone>(list: &mut Vec<T>, word: &T) -> usize {
    list.iter().position(|known| known == word).unwrap_or_else(|| {
        list.push(word.clone());
        list.len() - 1
    })
}

fn number(place: usize) -> u32 {
    u32::try_from(place).map_or(0, |place| place + 1)
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get((number as usize).checked_sub(1)?)
}

impl Interned {
    pub(super) fn unpack(&self, mark: PackedMark) -> Mark {
        Mark {
            state: mark.state(),
            tags: at(&self.tags, mark.tags).cloned().unwrap_or_default(),
            reason: at(&self.reasons, mark.reason).cloned(),
            edit: self.edit(mark).cloned(),
            label: self.given_label(mark).map(str::to_owned),
            decided_at: (mark.decided_at != 0).then_some(Timestamp(mark.decided_at)),
            bulk: mark.bulk,
        }
    }

    pub(super) fn edit(&self, mark: PackedMark) -> Option<&Fields> {
        at(&self.edits, mark.edit).map(AsRef::as_ref)
    }

    /// Returns the label that a person gave the row beside its fields.
    pub(super) fn given_label(&self, mark: PackedMark) -> Option<&str> {
        at(&self.labels, mark.label.into()).map(String::as_str)
    }

    pub(super) fn reason(&self, mark: PackedMark) -> Option<&str> {
        at(&self.reasons, mark.reason).map(String::as_str)
    }

    /// Returns whether two marks say the same; an edit may stand here twice.
    pub(super) fn is_same(&self, a: PackedMark, b: PackedMark) -> bool {
        a == b || (a.edit != 0 && b.edit != 0 && self.unpack(a) == self.unpack(b))
    }

    pub(super) fn tags(&self, mark: PackedMark) -> &[String] {
        at(&self.tags, mark.tags).map_or(&[], Vec::as_slice)
    }

    pub(super) fn known_tags(&self) -> Vec<&str> {
        let mut known: Vec<&str> = Vec::new();
        for tag in self.tags.iter().flatten() {
            if !known.contains(&tag.as_str()) {
                known.push(tag);
            }
        }
        known
    }
}

impl Projection {
    /// Packs a mark. `before` is the mark that it replaces, whose numbers are reused where nothing changed.
    pub(super) fn pack(&mut self, mark: &Mark, before: PackedMark) -> PackedMark {
        let mut packed = PackedMark {
            state: PackedMark::code(mark.state),
            decided_at: mark.decided_at.map_or(0, |at| at.0),
            bulk: mark.bulk,
            ..PackedMark::default()
        };
        if let Some(fields) = &mark.edit {
            packed.edit = if self.interned.edit(before) == Some(fields) {
                before.edit
            } else {
                let interned = Arc::make_mut(&mut self.interned);
                interned.edits.push(Arc::new(fields.clone()));
                number(interned.edits.len() - 1)
            };
        }
        if let Some(reason) = &mark.reason {
            packed.reason = if at(&self.interned.reasons, before.reason) == Some(reason) {
                before.reason
            } else {
                number(place(&mut Arc::make_mut(&mut self.interned).reasons, reason))
            };
        }
        if !mark.tags.is_empty() {
            packed.tags = if at(&self.interned.tags, before.tags) == Some(&mark.tags) {
                before.tags
            } else {
                number(place(&mut Arc::make_mut(&mut self.interned).tags, &mark.tags))
            };
        }
        if let Some(label) = &mark.label {
            packed.label = self.intern_label(label).saturating_add(1);
        }
        packed
    }

    pub(super) fn intern_label(&mut self, label: &str) -> u16 {
        let known = self.interned.labels.iter().position(|known| known == label);
        let place =
            known.unwrap_or_else(|| place(&mut Arc::make_mut(&mut self.interned).labels, &label.to_owned()));
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// Returns the index of a train row's dataset id, or `u32::MAX` for none.
    pub(super) fn intern_nearest(&mut self, name: Option<&String>) -> u32 {
        let Some(name) = name else { return u32::MAX };
        if let Some(place) = self.interned.nearest_places.get(name) {
            return *place;
        }
        let interned = Arc::make_mut(&mut self.interned);
        let place = u32::try_from(interned.nearest.len()).unwrap_or(u32::MAX);
        interned.nearest.push(name.clone());
        interned.nearest_places.insert(name.clone(), place);
        place
    }
}
