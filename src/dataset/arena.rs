//! A list of strings in one allocation.

use crate::text::Ends;

/// Strings stored one after the other in one allocation, found by their index.
///
/// Each string takes its bytes and eight more, and they are freed all at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Arena {
    bytes: String,
    ends: Ends,
}

impl Arena {
    /// Adds a string at the end.
    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// Returns the string at an index; the empty string beyond the last.
    pub(super) fn get(&self, index: usize) -> &str {
        self.ends.range(index).and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    /// Returns how many strings there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_by_number() {
        let mut arena = Arena::default();
        for text in ["one", "", "zwölf"] {
            arena.push(text);
        }

        assert_eq!([arena.get(0), arena.get(1), arena.get(2), arena.get(3)], ["one", "", "zwölf", ""]);
        assert_eq!(arena.len(), 3);
        assert_eq!(Arena::default().get(0), "");
    }
}
