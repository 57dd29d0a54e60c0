//! A curve through a few points, drawn with lines at three heights of a cell, which all fonts of terminals have.

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// A line at each height of a cell, from its top down.
const HEIGHTS: [char; 3] = ['▔', '─', '▁'];

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
    /// Returns the lines from the top down: the points as `●`, and what joins them.
    pub(crate) fn lines(&self, points: &[Point]) -> Vec<String> {
        let mut cells = vec![vec![' '; self.columns]; self.rows];
        for pair in points.windows(2) {
            if let [from, to] = pair {
                self.join(*from, *to, &mut cells);
            }
        }
        for point in points {
            let (x, y) = self.place_of(*point);
            set(&mut cells, x, y / HEIGHTS.len(), '●');
        }
        cells.into_iter().map(String::from_iter).collect()
    }

    /// Returns the column of a point, and its height from the top, of which a cell has several.
    fn place_of(&self, point: Point) -> (usize, usize) {
        let heights = self.rows * HEIGHTS.len();
        let x = place(point.x, 0.0, self.most_x, self.columns);
        let y = place(point.y, self.low, self.high, heights);
        (x, heights.saturating_sub(1 + y))
    }

    /// Draws a line in each column between two points, and upright lines where it jumps over whole cells.
    fn join(&self, from: Point, to: Point, cells: &mut [Vec<char>]) {
        let (first, last) = (self.place_of(from), self.place_of(to));
        let (left, right) = if first.0 <= last.0 { (first, last) } else { (last, first) };
        let steps = right.0 - left.0;
        let mut above = left.1;
        for step in 0..=steps {
            let y = if steps == 0 { right.1 } else { between(left.1, right.1, step, steps) };
            let (x, row) = (left.0 + step, y / HEIGHTS.len());
            let (high, low) = (row.min(above / HEIGHTS.len()), row.max(above / HEIGHTS.len()));
            (high + 1..low).for_each(|row| set(cells, x, row, '│'));
            if let Some(height) = HEIGHTS.get(y % HEIGHTS.len()) {
                set(cells, x, row, *height);
            }
            above = y;
        }
    }
}

fn set(cells: &mut [Vec<char>], x: usize, y: usize, drawn: char) {
    if let Some(cell) = cells.get_mut(y).and_then(|row| row.get_mut(x)) {
        *cell = drawn;
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
        let joined: usize =
            lines.iter().map(|line| line.chars().filter(|c| HEIGHTS.contains(c)).count()).sum();
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
