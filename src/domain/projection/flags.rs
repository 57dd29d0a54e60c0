//! Flags in few bytes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Projection;
use super::marks::Interned;
use crate::domain::{Flag, FlagKind, RowId};

/// A flag of a row, in 32 bytes instead of three times as many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PackedFlag {
    /// The row, by its index in its chunk.
    pub(super) row: u16,
    pub(super) kind: FlagKind,
    pub(super) figure: Option<f64>,
    pub(super) other: Other,
}

/// The other row of a flag; the order of the variants is that of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Other {
    /// There is none.
    None,
    /// It has this id, which may also be one of the dataset that looks like it.
    Row(RowId),
    /// It has an id of the dataset: its index among the interned names.
    Named(u32),
}

impl PackedFlag {
    /// Returns the flag as others know it.
    pub(super) fn unpack(&self, interned: &Interned) -> Flag {
        let other = match self.other {
            Other::None => None,
            Other::Row(id) => Some(id.to_string()),
            Other::Named(place) => interned.nearest.get(place as usize).cloned(),
        };
        Flag { kind: self.kind, other, figure: self.figure }
    }

    /// Returns where the flags of the row at an index stand in those of its chunk.
    pub(super) fn range_of(flags: &[Self], at: usize) -> Range<usize> {
        let first = flags.partition_point(|flag| usize::from(flag.row) < at);
        let count = flags[first..].iter().take_while(|flag| usize::from(flag.row) == at).count();
        first..first + count
    }
}

impl Projection {
    /// Packs the flags of the row at an index in its chunk.
    pub(super) fn packed_flags(&mut self, at: usize, flags: &[Flag]) -> Vec<PackedFlag> {
        let row = u16::try_from(at).unwrap_or_default();
        let pack = |Flag { kind, other, figure }: &Flag| {
            let other = match other {
                None => Other::None,
                Some(other) => {
                    other.parse().map_or_else(|_| Other::Named(self.intern_nearest(Some(other))), Other::Row)
                }
            };
            PackedFlag { row, kind: *kind, figure: *figure, other }
        };
        flags.iter().map(pack).collect()
    }
}
