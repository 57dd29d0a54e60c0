//! Train rows in the form in which they are multiplied again and again.
//!
//! Most terms of a text occur in one train row only. The penalty of the models is a sum of squares, so the best weights
//! of such terms are in proportion to their values: all of a row's can be one column, as long as they are together, and
//! the result is exactly the same. That leaves out most of the columns. (Weights w of one row's terms v enter the loss
//! through w·v only, and of all w with the same w·v the shortest is a multiple of v.)

use super::{Matrix, index};

/// Marks a column that one row alone has.
const OWN: u32 = u32::MAX;

/// Train rows, with the columns that one row alone has made into one column for each row.
///
/// A point is weights and biases, `stride` numbers for each thing: first for each shared column, then for each row's
/// own column, then the biases.
#[derive(Debug)]
pub(super) struct Design {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
    /// The length of each row in the columns that it has alone.
    own: Vec<f64>,
    /// The shared column of each column of the matrix, or [`OWN`].
    shared: Vec<u32>,
    width: usize,
    /// Numbers for each column, of which the last may be unused: 1, 4 or a multiple of 8.
    stride: usize,
}

impl Design {
    /// Prepares the rows of a matrix for as many weights a column as `outputs` says.
    pub(super) fn new(matrix: &Matrix, outputs: usize) -> Self {
        let mut shared = vec![0_u32; matrix.width];
        for &column in &matrix.columns {
            let seen = &mut shared[index(column)];
            *seen = (*seen + 1).min(2);
        }
        let mut width = 0_u32;
        for column in &mut shared {
            if *column == 2 {
                *column = width;
                width += 1;
            } else {
                *column = OWN;
            }
        }
        let mut design = Self {
            starts: Vec::with_capacity(matrix.len() + 1),
            columns: Vec::new(),
            values: Vec::new(),
            own: Vec::with_capacity(matrix.len()),
            shared,
            width: index(width),
            stride: match outputs {
                0 | 1 => 1,
                2..=4 => 4,
                more => more.next_multiple_of(8),
            },
        };
        let kept = matrix.columns.iter().filter(|&&column| design.shared[index(column)] != OWN).count();
        design.columns.reserve_exact(kept);
        design.values.reserve_exact(kept);
        design.starts.push(0);
        for row in matrix.iter() {
            let mut square = 0.0;
            for (column, value) in row {
                let column = design.shared[column];
                if column == OWN {
                    square += value * value;
                } else {
                    design.columns.push(column);
                    design.values.push(value);
                }
            }
            design.own.push(f64::sqrt(square));
            design.starts.push(design.values.len());
        }
        design
    }

    pub(super) const fn rows(&self) -> usize {
        self.own.len()
    }

    pub(super) const fn stride(&self) -> usize {
        self.stride
    }

    /// Returns how many numbers a point has.
    pub(super) const fn size(&self) -> usize {
        (self.width + self.rows() + 1) * self.stride
    }

    /// Returns where the biases start in a point.
    pub(super) const fn bias(&self) -> usize {
        (self.width + self.rows()) * self.stride
    }

    /// Computes the outputs of each row at a point.
    pub(super) fn multiply(&self, point: &[f64], outputs: &mut [f64]) {
        match self.stride {
            1 => self.multiply_by::<1>(point, outputs),
            4 => self.multiply_by::<4>(point, outputs),
            _ => self.multiply_by::<8>(point, outputs),
        }
    }

    fn multiply_by<const S: usize>(&self, point: &[f64], outputs: &mut [f64]) {
        let blocks = self.stride / S;
        let (point, _) = point.as_chunks::<S>();
        let (outputs, _) = outputs.as_chunks_mut::<S>();
        let (shared, rest) = point.split_at(self.width * blocks);
        let (own, bias) = rest.split_at(self.rows() * blocks);
        for (row, outputs) in outputs.chunks_exact_mut(blocks).enumerate() {
            let range = self.starts[row]..self.starts[row + 1];
            for (block, output) in outputs.iter_mut().enumerate() {
                let mut sum = bias[block];
                add::<S>(&mut sum, self.own[row], &own[row * blocks + block]);
                for (&column, &value) in self.columns[range.clone()].iter().zip(&self.values[range.clone()]) {
                    add::<S>(&mut sum, value, &shared[index(column) * blocks + block]);
                }
                *output = sum;
            }
        }
    }

    /// Computes the sum over all rows of a number for each output, times the row: a point.
    pub(super) fn multiply_transposed(&self, outputs: &[f64], point: &mut [f64]) {
        match self.stride {
            1 => self.multiply_transposed_by::<1>(outputs, point),
            4 => self.multiply_transposed_by::<4>(outputs, point),
            _ => self.multiply_transposed_by::<8>(outputs, point),
        }
    }

    fn multiply_transposed_by<const S: usize>(&self, outputs: &[f64], point: &mut [f64]) {
        point.fill(0.0);
        let blocks = self.stride / S;
        let (outputs, _) = outputs.as_chunks::<S>();
        let (point, _) = point.as_chunks_mut::<S>();
        let (shared, rest) = point.split_at_mut(self.width * blocks);
        let (own, bias) = rest.split_at_mut(self.rows() * blocks);
        for (row, outputs) in outputs.chunks_exact(blocks).enumerate() {
            let range = self.starts[row]..self.starts[row + 1];
            for (block, output) in outputs.iter().enumerate() {
                add::<S>(&mut bias[block], 1.0, output);
                add::<S>(&mut own[row * blocks + block], self.own[row], output);
                for (&column, &value) in self.columns[range.clone()].iter().zip(&self.values[range.clone()]) {
                    add::<S>(&mut shared[index(column) * blocks + block], value, output);
                }
            }
        }
    }

    /// Returns the weights of the matrix's columns at a point, `outputs` for each.
    pub(super) fn weights(&self, matrix: &Matrix, point: &[f64], outputs: usize) -> Vec<f64> {
        let mut weights = vec![0.0; matrix.width * outputs];
        let own_starts = self.width * self.stride;
        for ((row, entries), &length) in matrix.iter().enumerate().zip(&self.own) {
            for (column, value) in entries {
                let (start, scale) = match self.shared[column] {
                    OWN => (own_starts + row * self.stride, value / length),
                    shared => (index(shared) * self.stride, 1.0),
                };
                let found = &point[start..start + outputs];
                let weights = &mut weights[column * outputs..(column + 1) * outputs];
                weights.iter_mut().zip(found).for_each(|(weight, found)| *weight = found * scale);
            }
        }
        weights
    }
}

fn add<const S: usize>(sum: &mut [f64; S], factor: f64, term: &[f64; S]) {
    for (sum, term) in sum.iter_mut().zip(term) {
        *sum += factor * term;
    }
}
