//! A column in which neighbours are mostly equal.

/// A growing column that keeps runs of equal elements, fewer than 65,536 elements in all.
#[derive(Debug, Clone)]
pub(super) struct Repeated<T> {
    /// Where each run ends.
    ends: Vec<u16>,
    values: Vec<T>,
}

impl<T> Default for Repeated<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), values: Vec::new() }
    }
}

impl<T: Copy + PartialEq> Repeated<T> {
    /// Returns how many elements there are.
    pub(super) fn len(&self) -> usize {
        self.ends.last().map_or(0, |end| usize::from(*end))
    }

    /// Returns the element at an index.
    pub(super) fn get(&self, at: usize) -> Option<T> {
        let place = self.ends.partition_point(|end| usize::from(*end) <= at);
        self.values.get(place).copied()
    }

    /// Appends elements that are all equal.
    pub(super) fn push(&mut self, value: T, count: u16) {
        let end = u16::try_from(self.len()).unwrap_or(u16::MAX).saturating_add(count);
        match self.ends.last_mut() {
            Some(last) if self.values.last() == Some(&value) => *last = end,
            _ => {
                self.ends.push(end);
                self.values.push(value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_give_back_what_was_pushed() {
        let mut column = Repeated::default();
        let pushed = [7, 7, 7, 1, 2, 2, 7];
        pushed.iter().for_each(|value| column.push(*value, 1));
        column.push(7, 3);
        let all: Vec<i32> = (0..).map_while(|at| column.get(at)).collect();
        assert_eq!(all, [7, 7, 7, 1, 2, 2, 7, 7, 7, 7]);
        assert_eq!((column.len(), column.values.len()), (10, 4));
    }
}
