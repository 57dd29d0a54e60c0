//! A vector in shared chunks: a clone copies one pointer for each chunk, a change copies one chunk.

use std::sync::Arc;

/// How many elements a chunk holds.
pub(crate) const CHUNK: usize = 4096;

/// A growing vector whose clones share their chunks until one of them changes.
#[derive(Debug, Clone)]
pub(crate) struct Chunked<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Chunked<T> {
    /// Returns how many elements there are.
    #[must_use]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there is no element.
    #[must_use]
    pub(crate) const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the element at an index.
    #[must_use]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    /// Returns the element at an index for a change; its chunk is copied if a clone shares it.
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Arc::make_mut(self.chunks.get_mut(index / CHUNK)?).get_mut(index % CHUNK)
    }

    /// Returns a vector of `len` elements none of which has been read yet, so that there is none at any index.
    pub(crate) fn unread(len: usize) -> Self {
        Self { chunks: (0..len.div_ceil(CHUNK)).map(|_| Arc::default()).collect(), len }
    }

    /// Returns a chunk to fill or change it.
    pub(crate) fn chunk_mut(&mut self, chunk: usize) -> Option<&mut Vec<T>> {
        self.chunks.get_mut(chunk).map(Arc::make_mut)
    }

    /// Appends an element.
    pub(crate) fn push(&mut self, element: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::new()));
        }
        if let Some(last) = self.chunks.last_mut() {
            Arc::make_mut(last).push(element);
            self.len += 1;
        }
    }

    /// Returns the elements in order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

impl<T: Clone> FromIterator<T> for Chunked<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut chunked = Self::default();
        for element in elements {
            chunked.push(element);
        }
        chunked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_leaves_clones_as_they_were() {
        let mut numbers: Chunked<usize> = (0..CHUNK + 10).collect();
        let before = numbers.clone();

        *numbers.get_mut(CHUNK + 1).unwrap() = 7;
        numbers.push(1);

        assert_eq!(before.get(CHUNK + 1), Some(&(CHUNK + 1)));
        assert_eq!(numbers.get(CHUNK + 1), Some(&7));
        assert_eq!((before.len(), numbers.len()), (CHUNK + 10, CHUNK + 11));
        assert!(Arc::ptr_eq(&before.chunks[0], &numbers.chunks[0]));
    }
}
