//! The vocabulary of train rows with its weights, and rows as vectors over it.

use super::{Corpus, index, real};

/// Marks a term that is not in the vocabulary.
const ABSENT: u32 = u32::MAX;

/// The vocabulary of some train rows: the column of each term that occurs in them, and its inverse document frequency.
#[derive(Debug, Clone)]
pub struct Features {
    /// The column of each term of the corpus, or [`ABSENT`].
    columns: Vec<u32>,
    /// The term of each column.
    terms: Vec<u32>,
    /// The inverse document frequency of each column.
    idf: Vec<f64>,
}

/// Rows as sparse vectors, one after the other, each of length 1 or empty.
#[derive(Debug, Clone)]
pub struct Matrix {
    pub(super) starts: Vec<usize>,
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<f64>,
    /// The number of columns.
    pub(super) width: usize,
}

impl Features {
    /// Takes the vocabulary of the given rows; a row that is given twice counts twice.
    ///
    /// With n rows, a term that occurs in df of them has idf = ln((1 + n) / (1 + df)) + 1.
    #[must_use]
    pub fn fit(corpus: &Corpus, train: &[u32]) -> Self {
        let mut frequency = vec![0_u32; corpus.term_count()];
        for &row in train {
            for &(term, _) in corpus.entries(row) {
                frequency[index(term)] += 1;
            }
        }
        let mut columns = frequency;
        let (mut terms, mut idf) = (vec![], vec![]);
        let rows = 1.0 + real(train.len());
        for (term, column) in (0_u32..).zip(&mut columns) {
            if *column == 0 {
                *column = ABSENT;
                continue;
            }
            idf.push((rows / (1.0 + f64::from(*column))).ln() + 1.0);
            *column = u32::try_from(terms.len()).unwrap_or(ABSENT);
            terms.push(term);
        }
        Self { columns, terms, idf }
    }

    /// Returns rows as vectors: tf = 1 + ln count, times idf, divided by the Euclidean length.
    ///
    /// Terms that are not in the vocabulary are left out.
    #[must_use]
    pub fn rows(&self, corpus: &Corpus, rows: &[u32]) -> Matrix {
        let most = rows.iter().map(|&row| corpus.entries(row).len()).sum();
        let mut matrix = Matrix {
            starts: Vec::with_capacity(rows.len() + 1),
            columns: Vec::with_capacity(most),
            values: Vec::with_capacity(most),
            width: self.len(),
        };
        matrix.starts.push(0);
        for &row in rows {
            let start = matrix.values.len();
            let mut square = 0.0;
            for &(term, count) in corpus.entries(row) {
                let column = self.columns[index(term)];
                if column == ABSENT {
                    continue;
                }
                let tf = if count == 1 { 1.0 } else { 1.0 + f64::from(count).ln() };
                let value = tf * self.idf[index(column)];
                square += value * value;
                matrix.columns.push(column);
                matrix.values.push(value);
            }
            let length = f64::sqrt(square);
            matrix.values[start..].iter_mut().for_each(|value| *value /= length);
            matrix.starts.push(matrix.values.len());
        }
        matrix
    }

    /// Returns the number of terms in the vocabulary.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.terms.len()
    }

    /// Returns whether no train row has a term.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns the terms of the vocabulary as text, each with its inverse document frequency, in column order.
    pub fn terms(&self, corpus: &Corpus) -> impl Iterator<Item = (String, f64)> {
        self.terms.iter().map(|&term| corpus.term(term)).zip(self.idf.iter().copied())
    }
}

impl Matrix {
    /// Returns the number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns each row as its entries: column and value.
    pub fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, f64)>> {
        self.starts.windows(2).map(|ends| {
            let range = ends[0]..ends[1];
            let columns = self.columns[range.clone()].iter().map(|&column| index(column));
            columns.zip(self.values[range].iter().copied())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_given_twice_counts_twice() {
        let corpus = Corpus::new(&["win cash", "see you", "win win"]);

        let once = Features::fit(&corpus, &[0, 1]);
        let twice = Features::fit(&corpus, &[0, 1, 0]);

        let idf = |features: &Features| features.terms(&corpus).find(|(term, _)| term == "win").unwrap().1;
        assert!((idf(&once) - (1.0 + f64::ln(3.0 / 2.0))).abs() < 1e-15);
        assert!((idf(&twice) - (1.0 + f64::ln(4.0 / 3.0))).abs() < 1e-15);
    }

    #[test]
    fn rows_have_the_length_one_or_are_empty() {
        let corpus = Corpus::new(&["win cash win", "other words", "win win now", ""]);
        let features = Features::fit(&corpus, &[0]);

        let matrix = features.rows(&corpus, &[0, 1, 2, 3]);

        let squares: Vec<f64> = matrix.iter().map(|row| row.map(|(_, value)| value * value).sum()).collect();
        assert!((squares[0] - 1.0).abs() < 1e-15 && (squares[2] - 1.0).abs() < 1e-15, "{squares:?}");
        assert_eq!((squares[1], squares[3], matrix.len()), (0.0, 0.0, 4));
    }
}
