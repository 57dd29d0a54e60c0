//! Many texts in one piece of memory: a million of them take little more than their letters.

use std::ops::{Deref, Range};

use crate::domain::{Projection, RowNumber};
use crate::text::Ends;

/// Texts in their order, joined by blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    joined: String,
    /// Where each text ends in `joined`, with the blank before it.
    ends: Ends,
}

impl Texts {
    /// Returns the texts of some rows.
    #[must_use]
    pub fn of(projection: &Projection, rows: &[RowNumber]) -> Self {
        rows.iter().filter_map(|row| projection.row(*row)).map(|row| row.text()).collect()
    }

    /// Appends a text.
    pub fn push(&mut self, text: &str) {
        if !self.is_empty() {
            self.joined.push(' ');
        }
        self.joined.push_str(text);
        self.ends.push(self.joined.len());
    }

    /// Returns how many texts there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no text.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns one text; the empty one where there is none.
    #[must_use]
    pub fn text(&self, at: usize) -> &str {
        let blank = usize::from(at > 0);
        let text = |range: Range<usize>| self.joined.get(range.start + blank..range.end);
        self.ends.range(at).and_then(text).unwrap_or_default()
    }

    /// Returns each text.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.text(at))
    }

    /// Returns all texts, joined by one blank.
    #[must_use]
    pub fn joined(&self) -> &str {
        &self.joined
    }

    /// Returns some of the texts, in the order in which they are named.
    #[must_use]
    pub fn pick(&self, places: &[usize]) -> Self {
        places.iter().map(|&at| self.text(at)).collect()
    }
}

impl<T: Deref<Target = str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(from: I) -> Self {
        let mut texts = Self::default();
        from.into_iter().for_each(|text| texts.push(&text));
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were_pushed_also_empty_ones() {
        let texts: Texts = ["", "é b", "", "c"].into_iter().collect();

        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "é b", "", "c"]);
        assert_eq!((texts.joined(), texts.text(4)), (" é b  c", ""));
        assert_eq!(texts.pick(&[3, 1]).iter().collect::<Vec<_>>(), ["c", "é b"]);
        assert_eq!(texts.pick(&[]), Texts::default());
    }
}
