//! The id of a store.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A random number that tells stores apart. It is written with a checksum, so that a damaged id is not taken for
/// another store's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct StoreId(u64);

impl StoreId {
    /// Draws an id; `None` where the system has no randomness, so that the store has none.
    pub(crate) fn draw() -> Option<Self> {
        getrandom::u64().ok().map(Self)
    }

    #[cfg(test)]
    pub(crate) const fn of(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for StoreId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}{:08x}", self.0, crc32fast::hash(&self.0.to_be_bytes()))
    }
}

impl From<StoreId> for String {
    fn from(id: StoreId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for StoreId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok());
        number.map(Self).filter(|id| id.to_string() == text).ok_or("the id of the store is damaged")
    }
}
