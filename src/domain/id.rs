//! Ids and numbers, each a type of its own, so that none is mistaken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A row's opaque id: a lowercase letter, then lowercase letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RowId([u8; Self::LENGTH]);

impl RowId {
    /// How many characters an id has.
    pub const LENGTH: usize = 10;
    /// The fewest characters that identify a row as a prefix of its id.
    pub const SHORTEST_PREFIX: usize = 4;
    const LETTERS: &'static [u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
    const SYMBOLS: &'static [u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

    /// Returns an id made of random bits; equal bits give equal ids.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        let mut rest = bits;
        let mut take = |base: u64| {
            let digit = usize::try_from(rest % base).unwrap_or_default();
            rest /= base;
            digit
        };
        let mut id = [0; Self::LENGTH];
        id[0] = Self::LETTERS[take(26)];
        for symbol in &mut id[1..] {
            *symbol = Self::SYMBOLS[take(36)];
        }
        Self(id)
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<RowId> for String {
    fn from(id: RowId) -> Self {
        id.as_str().to_owned()
    }
}

/// The given text is not a row id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a row id: ids are {len} lowercase letters and digits, a letter first", len = RowId::LENGTH)]
pub struct NotARowId(String);

impl TryFrom<String> for RowId {
    type Error = NotARowId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for RowId {
    type Err = NotARowId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes: Option<[u8; Self::LENGTH]> = text.as_bytes().try_into().ok();
        bytes
            .filter(|b| {
                b[0].is_ascii_lowercase() && b.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            })
            .map(Self)
            .ok_or_else(|| NotARowId(text.to_owned()))
    }
}

/// A version's id: the first eight bytes of the hash of its content, written as 16 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VersionId(u64);

impl VersionId {
    /// Returns the id that belongs to a content hash.
    #[must_use]
    pub const fn from_digest(digest: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(digest))
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<VersionId> for String {
    fn from(id: VersionId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for VersionId {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

/// A row's place in arrival order, counted from 0; people see it counted from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowNumber(pub u32);

impl RowNumber {
    /// Returns the number as an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the number that people see, counted from 1.
    #[must_use]
    pub const fn shown(self) -> u32 {
        self.0 + 1
    }
}

/// A run's number, counted from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunNumber(pub u32);

impl RunNumber {
    /// Returns the run's index in the order in which runs began.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0.saturating_sub(1) as usize
    }
}

impl fmt::Display for RunNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A request's place among all requests of a store, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(pub u32);

/// A version's place among all versions of a store, over all prompts, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionIndex(pub u32);

/// An operation's number, counted from 1 and never given twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationId(pub u64);

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_made_of_bits_reads_back() {
        for bits in [0, 1, 25, 26, u64::MAX, 0x1234_5678_9abc_def0] {
            let id = RowId::from_bits(bits);
            assert_eq!(id.as_str().parse::<RowId>(), Ok(id));
        }
    }

    #[test]
    fn what_is_no_id_is_refused_by_name() {
        for text in ["", "abc", "1bcdefghij", "Abcdefghij", "abcdefghijk", "abcdefghé"] {
            let error = text.parse::<RowId>().unwrap_err();
            assert!(error.to_string().contains(text));
        }
    }
}
