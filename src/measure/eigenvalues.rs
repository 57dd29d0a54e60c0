//! The eigenvalues of a symmetric matrix.
//!
//! A crate of linear algebra costs more to build than all else that these figures need. The matrix is brought to
//! tridiagonal form by reflections and then to diagonal form by QR steps (Golub and Van Loan 2013, sections 5.1 and 8.3).

/// Returns the eigenvalues of a symmetric matrix of `n` rows, given a row after the other, in no order.
///
/// The lower triangle alone is read. Takes about 4/3 n³ multiplications.
pub(super) fn eigenvalues(mut matrix: Vec<f64>, n: usize) -> Vec<f64> {
    if n == 0 || matrix.len() != n * n {
        return Vec::new();
    }
    let beside = make_tridiagonal(&mut matrix, n);
    let diagonal = (0..n).map(|at| matrix[at * n + at]).collect();
    of_tridiagonal(diagonal, beside)
}

/// Reduces the matrix to its diagonal, which stays where it is, and to what stands beside it, which is returned.
fn make_tridiagonal(matrix: &mut [f64], n: usize) -> Vec<f64> {
    let mut beside = Vec::with_capacity(n.saturating_sub(1));
    let (mut v, mut w) = (vec![0.0; n], vec![0.0; n]);
    for k in 0..n.saturating_sub(1) {
        let column = k + 1..n;
        column.clone().for_each(|i| v[i] = matrix[i * n + k]);
        let norm = column.clone().map(|i| v[i] * v[i]).sum::<f64>().sqrt();
        let alpha = if v[k + 1] > 0.0 { -norm } else { norm };
        v[k + 1] -= alpha;
        beside.push(alpha);
        let square: f64 = column.clone().map(|i| v[i] * v[i]).sum();
        if square == 0.0 {
            continue;
        }
        let scale = 2.0 / square;
        // w = scale · A v, by the lower triangle alone.
        column.clone().for_each(|i| w[i] = 0.0);
        for i in column.clone() {
            let row = &matrix[i * n..i * n + i];
            let (mut sum, by) = (matrix[i * n + i] * v[i], v[i]);
            for j in k + 1..i {
                sum += row[j] * v[j];
                w[j] += row[j] * by;
            }
            w[i] += sum;
        }
        let along: f64 = column.clone().map(|i| w[i] * v[i]).sum::<f64>() * scale * scale / 2.0;
        column.clone().for_each(|i| w[i] = scale * w[i] - along * v[i]);
        for i in column {
            let (vi, wi) = (v[i], w[i]);
            let row = &mut matrix[i * n + k + 1..=i * n + i];
            for ((entry, vj), wj) in row.iter_mut().zip(&v[k + 1..]).zip(&w[k + 1..]) {
                *entry -= vi * wj + wi * vj;
            }
        }
    }
    beside
}

/// Returns the eigenvalues of a tridiagonal matrix: its diagonal, and what stands beside it, one fewer.
fn of_tridiagonal(mut diagonal: Vec<f64>, mut beside: Vec<f64>) -> Vec<f64> {
    let mut high = diagonal.len() - 1;
    // Each value takes two steps or three; the bound ends it for entries that are no numbers.
    let mut steps = 60 * diagonal.len();
    while high > 0 && steps > 0 {
        let is_small = |at: usize, diagonal: &[f64], beside: &[f64]| {
            beside[at].abs()
                <= f64::EPSILON * (diagonal[at].abs() + diagonal[at + 1].abs()).max(f64::MIN_POSITIVE)
        };
        if is_small(high - 1, &diagonal, &beside) {
            high -= 1;
            continue;
        }
        let low = (0..high - 1).rev().find(|&at| is_small(at, &diagonal, &beside)).map_or(0, |at| at + 1);
        qr_step(&mut diagonal, &mut beside, low, high);
        steps -= 1;
    }
    diagonal
}

/// Does one implicit QR step with Wilkinson's shift on the block from `low` to `high`.
fn qr_step(diagonal: &mut [f64], beside: &mut [f64], low: usize, high: usize) {
    let half = (diagonal[high - 1] - diagonal[high]) / 2.0;
    let last = beside[high - 1];
    let shift = diagonal[high] - last * last / (half + half.hypot(last).copysign(half));
    // The rotation of each step makes the second of these entries vanish, against the first.
    let (mut kept, mut gone) = (diagonal[low] - shift, beside[low]);
    for k in low..high {
        let radius = kept.hypot(gone);
        let (cos, sin) = if radius > 0.0 { (kept / radius, gone / radius) } else { (1.0, 0.0) };
        if k > low {
            beside[k - 1] = radius;
        }
        let (upper, between, lower) = (diagonal[k], beside[k], diagonal[k + 1]);
        let twice = 2.0 * cos * sin * between;
        diagonal[k] = cos * cos * upper + twice + sin * sin * lower;
        diagonal[k + 1] = sin * sin * upper - twice + cos * cos * lower;
        beside[k] = cos * sin * (lower - upper) + (cos * cos - sin * sin) * between;
        kept = beside[k];
        if k + 1 < high {
            gone = sin * beside[k + 1];
            beside[k + 1] *= cos;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SplitMix64;

    fn sorted(matrix: &[f64], n: usize) -> Vec<f64> {
        let mut values = eigenvalues(matrix.to_vec(), n);
        values.sort_unstable_by(f64::total_cmp);
        values
    }

    #[test]
    fn small_matrices_have_the_values_that_are_known() {
        assert_eq!(sorted(&[3.0], 1), [3.0]);
        assert!(sorted(&[], 0).is_empty());
        let near = |found: Vec<f64>, expected: &[f64]| {
            let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(close && found.len() == expected.len(), "{found:?}");
        };
        near(sorted(&[2.0, 1.0, 1.0, 2.0], 2), &[1.0, 3.0]);
        near(sorted(&[1.0, 0.0, 0.0, 0.0, -2.0, 0.0, 0.0, 0.0, 0.0], 3), &[-2.0, 0.0, 1.0]);
        near(sorted(&[1.0; 16], 4), &[0.0, 0.0, 0.0, 4.0]);
        let second_differences = [2.0, -1.0, 0.0, -1.0, 2.0, -1.0, 0.0, -1.0, 2.0];
        near(sorted(&second_differences, 3), &[2.0 - 2_f64.sqrt(), 2.0, 2.0 + 2_f64.sqrt()]);
    }

    #[test]
    fn powers_of_the_values_add_up_to_the_traces_of_powers_of_the_matrix() {
        let mut random = SplitMix64::new(7);
        let n = 40;
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let value = random.unit() - 0.5;
                (matrix[i * n + j], matrix[j * n + i]) = (value, value);
            }
        }
        let product = |a: &[f64], b: &[f64]| -> Vec<f64> {
            let entry = |at: usize| (0..n).map(|k| a[at / n * n + k] * b[k * n + at % n]).sum();
            (0..n * n).map(entry).collect()
        };
        let values = eigenvalues(matrix.clone(), n);
        let mut power = matrix.clone();
        for exponent in 1..=4 {
            let trace: f64 = (0..n).map(|at| power[at * n + at]).sum();
            let sum: f64 = values.iter().map(|value| value.powi(exponent)).sum();
            assert!((trace - sum).abs() < 1e-9, "power {exponent}: {trace} {sum}");
            power = product(&power, &matrix);
        }
    }
}
