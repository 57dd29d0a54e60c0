//! The lines that lead from each version to the one that it was made from.
//!
//! ```text
//! ●         each version on a line of its own, in the lane of the newest one made from it
//! │ ●       another one made from the same version begins a lane of its own
//! ●─╯       where lanes meet, both were made from this one
//! ```

/// The most lanes that are drawn; what lies farther right is left out.
const MOST_LANES: usize = 8;

/// The lines left of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Guides {
    /// What stands before the version's own sign.
    pub before: String,
    /// What stands behind it.
    pub after: String,
}

impl Guides {
    /// Returns how many columns they take, with the sign.
    #[must_use]
    pub(crate) fn columns(&self) -> usize {
        self.before.chars().count() + 1 + self.after.chars().count()
    }
}

/// Returns the lines left of each version. `parents` has for each the place of the one that it was made from, which
/// comes later, or `None` where that is not among them.
#[must_use]
pub(crate) fn guides(parents: &[Option<usize>]) -> Vec<Guides> {
    let mut lanes: Vec<Option<usize>> = Vec::new();
    let mut drawn = Vec::with_capacity(parents.len());
    for (place, parent) in parents.iter().enumerate() {
        let mine: Vec<usize> = (0..lanes.len()).filter(|lane| lanes[*lane] == Some(place)).collect();
        let own = mine.first().copied().unwrap_or_else(|| {
            let free = lanes.iter().position(Option::is_none).unwrap_or(lanes.len());
            if free == lanes.len() {
                lanes.push(None);
            }
            free
        });
        drawn.push(line(&lanes, own, mine.get(1..).unwrap_or_default()));
        mine.iter().for_each(|lane| lanes[*lane] = None);
        lanes[own] = parent.filter(|parent| *parent > place);
        while lanes.last() == Some(&None) {
            lanes.pop();
        }
    }
    drawn
}

/// Draws one line; `ending` are the lanes that end in the version's own.
fn line(lanes: &[Option<usize>], own: usize, ending: &[usize]) -> Guides {
    let last = ending.last().copied().unwrap_or(own);
    let cell = |lane: usize| {
        let is_crossed = lane > own && lane < last;
        let sign = match lanes.get(lane).copied().flatten() {
            _ if lane == last && last > own => '╯',
            Some(_) if ending.contains(&lane) => '┴',
            Some(_) if is_crossed => '┼',
            Some(_) => '│',
            None if is_crossed => '─',
            None => ' ',
        };
        let gap = if lane >= own && lane < last { '─' } else { ' ' };
        [sign, gap]
    };
    let own = own.min(MOST_LANES - 1);
    let before = (0..own).flat_map(cell).collect();
    let to = lanes.len().clamp(own + 1, MOST_LANES);
    let after: String = [cell(own)[1]].into_iter().chain((own + 1..to).flat_map(cell)).collect();
    Guides { before, after: after.trim_end().to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(parents: &[Option<usize>]) -> Vec<String> {
        guides(parents).into_iter().map(|guides| format!("{}●{}", guides.before, guides.after)).collect()
    }

    #[test]
    fn a_chain_is_one_lane() {
        assert_eq!(drawn(&[Some(1), Some(2), None]), ["●", "●", "●"]);
    }

    #[test]
    fn two_made_from_one_version_stand_in_two_lanes_that_meet() {
        assert_eq!(drawn(&[Some(2), Some(3), Some(3), None]), ["●", "│ ●", "● │", "●─╯"]);
        assert_eq!(drawn(&[Some(3), Some(3), Some(3), None]), ["●", "│ ●", "│ │ ●", "●─┴─╯"]);
    }

    #[test]
    fn a_lane_between_two_that_meet_is_crossed() {
        assert_eq!(drawn(&[Some(3), Some(4), Some(3), Some(4), None]), ["●", "│ ●", "│ │ ●", "●─┼─╯", "●─╯"]);
    }

    #[test]
    fn a_version_that_was_made_from_none_of_them_ends_its_lane_and_leaves_it_to_the_next() {
        assert_eq!(drawn(&[None, Some(2), None]), ["●", "●", "●"]);
    }

    proptest! {
        #[test]
        fn every_tree_has_a_sign_on_each_line_and_never_more_lanes_than_are_drawn(
            parents in prop::collection::vec(1usize..50, 0..60),
        ) {
            let parents: Vec<_> = parents
                .iter()
                .enumerate()
                .map(|(place, step)| Some(place + step).filter(|parent| *parent < parents.len()))
                .collect();
            let guides = guides(&parents);
            prop_assert_eq!(guides.len(), parents.len());
            prop_assert!(guides.iter().all(|guides| guides.columns() <= 2 * MOST_LANES));
        }
    }
}
