//! A curve through a few points, drawn with the eight dots of braille characters.

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// The dots of a braille character, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// A grid of cells with a range for both directions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Curve {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) most_x: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Curve {
    /// Returns the lines from the top down: the points as `●`, and what joins them as dots.
    pub(crate) fn lines(&self, points: &[Point]) -> Vec<String> {
        let mut cells = vec![vec![0_u8; self.columns]; self.rows];
        for pair in points.windows(2) {
            if let [from, to] = pair {
                self.join(*from, *to, &mut cells);
            }
        }
        let braille = |dots: &u8| match dots {
            0 => ' ',
            dots => char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' '),
        };
        let mut lines: Vec<Vec<char>> = cells.iter().map(|row| row.iter().map(braille).collect()).collect();
        for point in points {
            let (x, y) = self.dot(*point);
            if let Some(cell) = lines.get_mut(y / 4).and_then(|line| line.get_mut(x / 2)) {
                *cell = '●';
            }
        }
        lines.into_iter().map(String::from_iter).collect()
    }

    /// Returns the dot of a point, from the left and from the top.
    fn dot(&self, point: Point) -> (usize, usize) {
        let x = place(point.x, 0.0, self.most_x, self.columns * 2);
        let y = place(point.y, self.low, self.high, self.rows * 4);
        (x, (self.rows * 4).saturating_sub(1 + y))
    }

    fn join(&self, from: Point, to: Point, cells: &mut [Vec<u8>]) {
        let (first, last) = (self.dot(from), self.dot(to));
        let steps = first.0.abs_diff(last.0).max(first.1.abs_diff(last.1)).max(1);
        for step in 0..=steps {
            let x = between(first.0, last.0, step, steps);
            let y = between(first.1, last.1, step, steps);
            if let Some(cell) = cells.get_mut(y / 4).and_then(|row| row.get_mut(x / 2)) {
                *cell |= DOTS[y % 4][x % 2];
            }
        }
    }
}

/// Returns the place of a value among `count` places.
fn place(value: f64, low: f64, high: f64, count: usize) -> usize {
    let last = count.saturating_sub(1);
    let share = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is from 0 to the last place, and nobody has 2^53 of them"
    )]
    let place = (share * last as f64).round() as usize;
    place.min(last)
}

fn between(from: usize, to: usize, step: usize, steps: usize) -> usize {
    (from * (steps - step) + to * step + steps / 2) / steps
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: Curve = Curve { columns: 5, rows: 2, most_x: 4.0, low: 0.0, high: 1.0 };

    #[test]
    fn points_are_joined_from_the_left_to_the_right() {
        let lines = CURVE.lines(&[Point { x: 0.0, y: 0.0 }, Point { x: 4.0, y: 1.0 }]);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].ends_with('●') && lines[1].starts_with('●'), "{lines:?}");
        let joined: usize = lines.iter().map(|line| line.chars().filter(|c| *c > '\u{2800}').count()).sum();
        assert!(joined >= 3, "{lines:?}");
    }

    #[test]
    fn points_beyond_the_range_stay_in_the_grid_and_equal_ones_lie_in_the_middle() {
        let lines = CURVE.lines(&[Point { x: 9.0, y: 7.0 }, Point { x: -1.0, y: -7.0 }]);
        assert!(lines[0].ends_with('●') && lines[1].starts_with('●'));
        let flat = Curve { low: 0.5, high: 0.5, ..CURVE };
        assert_eq!(flat.lines(&[Point { x: 0.0, y: 0.5 }]).concat().matches('●').count(), 1);
        assert_eq!(Curve { columns: 0, rows: 0, ..CURVE }.lines(&[Point { x: 0.0, y: 0.5 }]), [""; 0]);
    }
}
