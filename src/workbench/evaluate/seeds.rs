//! What a seed draws: real rows, copies, edits, folds.
//!
//! A seed keeps all known rows of the target and draws nine in ten of each other class. It never thins out the target:
//! the accepted rows were sampled with examples of all of it, and would hand a seed the rows that it lacks.

use std::collections::BTreeMap;

use super::Material;
use crate::text::SplitMix64;

/// The number of folds that thresholds are tuned on.
pub(super) const FOLDS: u8 = 5;

/// What the numbers of a seed are for; each use has its own stream.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Rows = 0,
    Copies = 1,
    Edits = 2,
    HeldBack = 3,
    Folds = 4,
    Share = 5,
    Detection = 6,
}

/// Returns the random numbers of one use of a seed.
pub(super) fn random(material: &Material, seed: u32, of: Use) -> SplitMix64 {
    SplitMix64::new(material.seed ^ 0x006c_6561_726e_6564).fork(u64::from(seed)).fork(of as u64)
}

/// Returns the real train rows of a seed, ascending.
pub(super) fn real_rows(material: &Material, seed: u32) -> Vec<u32> {
    let mut random = random(material, seed, Use::Rows);
    let mut rows: Vec<u32> = material.of_target(&material.train, true).collect();
    for mut others in by_class(material.of_target(&material.train, false), |row| material.class(row)) {
        random.shuffle(&mut others);
        others.truncate((others.len() * 9).div_ceil(10));
        rows.extend(others);
    }
    rows.sort_unstable();
    rows
}

/// Returns so many known rows of the target, drawn with replacement.
pub(super) fn copied(material: &Material, seed: u32, of: Use, count: usize) -> Vec<u32> {
    let mut random = random(material, seed, of);
    let known: Vec<u32> = material.of_target(&material.train, true).collect();
    (0..count).filter_map(|_| random.choose(&known).copied()).collect()
}

/// Returns so many of the items, or all where there are fewer, in their order.
pub(super) fn some_of(mut items: Vec<u32>, count: usize, mut random: SplitMix64) -> Vec<u32> {
    random.shuffle(&mut items);
    items.truncate(count);
    items.sort_unstable();
    items
}

/// Returns the fold of each of some rows, from 0 below [`FOLDS`]; each class is spread evenly over the folds.
pub(super) fn folds(classes: &[u32], mut random: SplitMix64) -> Vec<u8> {
    let mut folds = vec![0; classes.len()];
    let mut next = 0_u8;
    let places = 0..u32::try_from(classes.len()).unwrap_or(u32::MAX);
    let class = |place: u32| classes.get(place as usize).copied().unwrap_or_default();
    for mut rows in by_class(places, class) {
        random.shuffle(&mut rows);
        for row in rows {
            if let Some(fold) = folds.get_mut(row as usize) {
                *fold = next;
            }
            next = (next + 1) % FOLDS;
        }
    }
    folds
}

/// Returns rows apart by class, the classes ascending.
fn by_class(rows: impl Iterator<Item = u32>, class: impl Fn(u32) -> u32) -> Vec<Vec<u32>> {
    let mut classes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    rows.for_each(|row| classes.entry(class(row)).or_default().push(row));
    classes.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::evaluate::fixtures::material;

    #[test]
    fn a_seed_keeps_the_whole_target_and_nine_in_ten_of_the_others() {
        let material = material();
        let targets: Vec<u32> = material.of_target(&material.train, true).collect();
        let others = material.train.len() - targets.len();

        let [one, same, other] = [0, 0, 1].map(|seed| real_rows(&material, seed));

        assert!(targets.iter().all(|row| one.contains(row) && other.contains(row)));
        assert_eq!(one.len(), targets.len() + (others * 9).div_ceil(10));
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert!(one.iter().all(|row| material.train.contains(row)));
    }

    #[test]
    fn another_seed_of_the_session_draws_other_rows() {
        let material = material();
        let another = Material { seed: material.seed + 1, ..material.clone() };

        assert_ne!(real_rows(&material, 0), real_rows(&another, 0));
    }

    #[test]
    fn each_class_is_spread_over_all_folds() {
        let classes: Vec<u32> = (0..103).map(|row| u32::from(row % 10 == 0)).collect();

        let folds = folds(&classes, SplitMix64::new(1));

        for fold in 0..FOLDS {
            let of_class =
                |class| folds.iter().zip(&classes).filter(|(of, row)| **of == fold && **row == class).count();
            assert!((2..=3).contains(&of_class(1)) && (18..=19).contains(&of_class(0)));
        }
    }
}
