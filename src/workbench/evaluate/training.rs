//! The training sets of an evaluation, as lists of numbered texts.

use super::Material;
use super::seeds::{self, Use, copied, random, some_of};
use crate::classify::Corpus;
use crate::parallel;
use crate::text::{SplitMix64, with_words_edited};

/// What is added to the real rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Added {
    /// Nothing.
    Nothing,
    /// Nothing, and the classes weigh the same.
    Weights,
    /// As many copies of rows of the target as rows of it were accepted.
    Copies,
    /// As many edits of rows of the target.
    Edits,
    /// As many of the rows that were held back, or all of them where they are fewer.
    HeldBack,
    /// The accepted rows.
    Accepted,
    /// Some of the accepted rows, in percent.
    Share(u8),
    /// The accepted rows of one version.
    Version(String),
}

impl Added {
    /// Returns a short name that no other has.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Nothing => "real".to_owned(),
            Self::Weights => "balanced".to_owned(),
            Self::Copies => "copies".to_owned(),
            Self::Edits => "eda".to_owned(),
            Self::HeldBack => "ceiling".to_owned(),
            Self::Accepted => "accepted".to_owned(),
            Self::Share(percent) => format!("share {percent}"),
            Self::Version(version) => format!("version {version}"),
        }
    }
}

/// Texts cut into terms, with their classes: the real rows, and others behind them.
///
/// Each set of added texts has its own, so that a set's results never depend on the texts of another one: terms are
/// numbered in the order in which they come, and sums are made in the order of these numbers.
pub(super) struct Ground {
    pub corpus: Corpus,
    /// The class of each text.
    pub classes: Vec<u32>,
    /// For each text, the real row that it is, or that it is a copy or an edit of.
    pub sources: Vec<Option<u32>>,
    /// How many of them are real rows.
    real: u32,
}

impl Ground {
    fn of(material: &Material, added: &[(&str, u32, Option<u32>)]) -> Self {
        let real = number(material.base.len());
        let base = (0_u32..).zip(&material.base).map(|(row, of)| (of.text.as_str(), of.class, Some(row)));
        let all: Vec<_> = base.chain(added.iter().copied()).collect();
        let texts: Vec<&str> = all.iter().map(|(text, _, _)| *text).collect();
        Self {
            corpus: Corpus::new(&texts),
            classes: all.iter().map(|(_, class, _)| *class).collect(),
            sources: all.iter().map(|(_, _, source)| *source).collect(),
            real,
        }
    }

    /// Cuts the real rows and all accepted rows.
    pub(super) fn of_accepted(material: &Material) -> Self {
        Self::of(material, &accepted(material, None))
    }

    /// Returns the class of a text.
    pub(super) fn class(&self, text: u32) -> u32 {
        self.classes.get(text as usize).copied().unwrap_or_default()
    }

    /// Returns the real row that a text is, or that it is a copy or an edit of.
    pub(super) fn source(&self, text: u32) -> Option<u32> {
        self.sources.get(text as usize).copied().flatten()
    }

    /// Returns the texts that are no real rows.
    pub(super) fn added(&self) -> std::ops::Range<u32> {
        self.real..number(self.classes.len())
    }
}

/// What a classifier is fitted on: texts of a [`Ground`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Training {
    /// The real rows.
    pub real: Vec<u32>,
    /// The added ones; a text may come several times.
    pub added: Vec<u32>,
    /// Whether the classes weigh the same.
    pub balanced: bool,
}

/// The texts of all training sets.
pub(super) struct Grounds {
    real: Ground,
    accepted: Ground,
    edits: Option<Ground>,
    versions: Vec<(String, Ground)>,
}

impl Grounds {
    /// Cuts the texts of the wanted sets into terms.
    pub(super) fn of(material: &Material, wanted: &[Added], seeds: u32) -> Self {
        let parts: Vec<Option<&Added>> = [None, Some(&Added::Accepted)]
            .into_iter()
            .chain(wanted.iter().filter(|added| matches!(added, Added::Edits | Added::Version(_))).map(Some))
            .collect();
        let cut = |part: Option<&Added>| match part {
            Some(Added::Edits) => Ground::of(material, &borrowed(&edits(material, seeds))),
            Some(Added::Version(version)) => Ground::of(material, &accepted(material, Some(version))),
            Some(Added::Accepted) => Ground::of(material, &accepted(material, None)),
            _ => Ground::of(material, &[]),
        };
        let mut made = parallel::map(&parts, |part| cut(*part)).into_iter();
        let empty = || Ground::of(&Material::default(), &[]);
        let mut grounds = Self {
            real: made.next().unwrap_or_else(empty),
            accepted: made.next().unwrap_or_else(empty),
            edits: None,
            versions: vec![],
        };
        for (part, ground) in parts.into_iter().skip(2).zip(made) {
            match part {
                Some(Added::Version(version)) => grounds.versions.push((version.clone(), ground)),
                _ => grounds.edits = Some(ground),
            }
        }
        grounds
    }

    /// Returns the training set of one seed, and the texts that it is made of.
    pub(super) fn training(&self, material: &Material, added: &Added, seed: u32) -> (&Ground, Training) {
        let real = seeds::real_rows(material, seed);
        let count = material.accepted_target();
        let of = |added: Vec<u32>| Training { real: real.clone(), added, balanced: false };
        let accepted = || self.accepted.added().collect::<Vec<u32>>();
        match added {
            Added::Nothing => (&self.real, of(vec![])),
            Added::Weights => (&self.real, Training { balanced: true, ..of(vec![]) }),
            Added::Copies => (&self.real, of(copied(material, seed, Use::Copies, count))),
            Added::HeldBack => {
                let drawn = random(material, seed, Use::HeldBack);
                (&self.real, of(some_of(material.held_back.clone(), count, drawn)))
            }
            Added::Accepted => (&self.accepted, of(accepted())),
            Added::Share(percent) => {
                let count = share(material.accepted.len(), *percent);
                (&self.accepted, of(some_of(accepted(), count, random(material, seed, Use::Share))))
            }
            Added::Edits => {
                let ground = self.edits.as_ref().unwrap_or(&self.real);
                let of_seed = ground.added().skip(seed as usize * count).take(count);
                (ground, of(of_seed.collect()))
            }
            Added::Version(version) => {
                let found = self.versions.iter().find(|(name, _)| name == version);
                let ground = found.map_or(&self.real, |(_, ground)| ground);
                (ground, of(ground.added().collect()))
            }
        }
    }
}

/// Returns how many rows a share of some rows is, in percent, rounded.
pub(super) const fn share(rows: usize, percent: u8) -> usize {
    (rows * percent as usize + 50) / 100
}

/// Returns the accepted rows of one version, or all.
fn accepted<'m>(material: &'m Material, version: Option<&str>) -> Vec<(&'m str, u32, Option<u32>)> {
    let wanted = material.accepted.iter().filter(|row| version.is_none_or(|wanted| row.version == wanted));
    wanted.map(|row| (row.labelled.text.as_str(), row.labelled.class, row.source)).collect()
}

type Edit = (String, u32, Option<u32>);

/// Returns as many edits of rows of the target for each seed as rows of it were accepted.
fn edits(material: &Material, seeds: u32) -> Vec<Edit> {
    let count = material.accepted_target();
    let of_seed = |seed| {
        let mut random: SplitMix64 = random(material, seed, Use::Edits);
        let sources = copied(material, seed, Use::Edits, count);
        sources.into_iter().map(move |source| {
            let text = material.base.get(source as usize).map_or("", |row| &row.text);
            (with_words_edited(text, &mut random), material.target, Some(source))
        })
    };
    (0..seeds).flat_map(of_seed).collect()
}

fn borrowed(edits: &[Edit]) -> Vec<(&str, u32, Option<u32>)> {
    edits.iter().map(|(text, class, source)| (text.as_str(), *class, *source)).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::evaluate::fixtures::material;

    const EACH: [Added; 6] =
        [Added::Nothing, Added::Weights, Added::Copies, Added::Edits, Added::HeldBack, Added::Accepted];

    #[test]
    fn every_set_has_the_same_real_rows_and_as_many_added_ones() {
        let material = material();
        let grounds = Grounds::of(&material, &EACH, 3);
        let count = material.accepted.len();

        for seed in 0..3 {
            let sets = EACH.map(|added| grounds.training(&material, &added, seed).1);
            assert!(sets.iter().all(|set| set.real == sets[0].real));
            let added = sets.each_ref().map(|set| set.added.len());
            assert_eq!(added, [0, 0, count, count, count.min(material.held_back.len()), count]);
            assert_eq!(sets.each_ref().map(|set| set.balanced), [false, true, false, false, false, false]);
        }
    }

    #[test]
    fn copies_and_edits_are_of_known_rows_of_the_target_and_held_back_rows_are_not() {
        let material = material();
        let grounds = Grounds::of(&material, &EACH, 2);
        let known: Vec<u32> = material.of_target(&material.train, true).collect();

        for added in [Added::Copies, Added::Edits] {
            let (ground, training) = grounds.training(&material, &added, 1);
            assert!(training.added.iter().all(|row| ground.class(*row) == material.target));
            assert!(training.added.iter().all(|row| known.contains(&ground.source(*row).unwrap())));
        }
        let (_, ceiling) = grounds.training(&material, &Added::HeldBack, 1);
        assert!(ceiling.added.iter().all(|row| material.held_back.contains(row)));
        let edits = |seed| grounds.training(&material, &Added::Edits, seed).1.added;
        assert!(edits(0).iter().all(|row| !edits(1).contains(row)));
    }

    #[test]
    fn shares_are_drawn_by_seed_and_a_version_is_its_own_rows() {
        let material = material();
        let wanted = [Added::Version("v1".into()), Added::Version("v2".into())];
        let grounds = Grounds::of(&material, &wanted, 1);

        let (_, half) = grounds.training(&material, &Added::Share(50), 0);
        assert_eq!(half.added.len(), share(material.accepted.len(), 50));
        assert_ne!(half, grounds.training(&material, &Added::Share(50), 1).1);

        let count = |version: &Added| grounds.training(&material, version, 0).1.added.len();
        assert_eq!(wanted.each_ref().map(count).iter().sum::<usize>(), material.accepted.len());
        assert!(wanted.iter().all(|version| count(version) > 0));
    }
}
