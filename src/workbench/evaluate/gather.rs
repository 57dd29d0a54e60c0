//! Gathers the rows of an evaluation from a session's dataset and its accepted rows.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::seen::Followed;
use super::{AcceptedRow, Labelled, Material, Seen};
use crate::dataset::{Dataset, Part};
use crate::domain::{LeftOut, Projection, RowView, Session, StateKind};
use crate::text::{Shingles, Stop, Stopped, TextHash, normalise};
use crate::workbench::flagging::Side;
use crate::workbench::prompts::current_prompt;

/// What came without a version.
const IMPORTED: &str = "imported";

impl Material {
    /// Gathers the rows. Whether an accepted row contaminates the test rows is found out anew.
    ///
    /// # Errors
    ///
    /// Where it is stopped.
    pub(crate) fn gather(
        session: &Session,
        dataset: &Dataset,
        projection: &Projection,
        stop: &Stop,
    ) -> Result<Self, Stopped> {
        let accepted = || projection.rows().filter(|row| row.state().kind() == StateKind::Accepted);
        let is_used = |part| matches!(part, Part::Train | Part::Test | Part::HeldBack);
        let held_back: HashSet<u32> = dataset.held_back().map(|row| row.index).collect();
        let real: Vec<_> = dataset
            .all_rows()
            .filter(|row| is_used(row.part) && (row.part != Part::HeldBack || held_back.contains(&row.index)))
            .collect();
        let target = session.target.label.as_str();
        let mut classes: BTreeSet<&str> = real.iter().map(|row| row.label).chain([target]).collect();
        classes.extend(accepted().map(|row| row.label()));
        let numbers: HashMap<&str, u32> = classes.iter().copied().zip(0..).collect();
        let class = |label: &str| numbers.get(label).copied().unwrap_or_default();
        let mut material = Self {
            classes: classes.iter().map(|label| (*label).to_owned()).collect(),
            target: class(target),
            seed: session.dataset.seed,
            left_out: LeftOut {
                set_aside: dataset.report().set_aside as u64,
                held_back: held_back.len() as u64,
                ..LeftOut::default()
            },
            ..Self::default()
        };
        let mut places = HashMap::new();
        for (place, row) in (0_u32..).zip(real) {
            let rows = match row.part {
                Part::Test => &mut material.test,
                Part::HeldBack => &mut material.held_back,
                _ => &mut material.train,
            };
            rows.push(place);
            places.insert(row.index, place);
            material.base.push(Labelled { text: row.text.to_owned(), class: class(row.label) });
        }
        let sides = Sides {
            train: Side::of(dataset, Part::Train, stop)?,
            test: Side::of(dataset, Part::Test, stop)?,
            current: current_prompt(projection),
        };
        let mut taken = HashSet::new();
        let mut followed = Followed::new(dataset, projection, &places);
        for row in accepted() {
            stop.check()?;
            let seen = followed.seen(&row);
            sides.take(&row, (class(row.label()), seen), &places, &mut taken, &mut material);
        }
        Ok(material)
    }
}

/// The real rows that accepted ones are compared with.
struct Sides<'p> {
    train: Side,
    test: Side,
    current: &'p str,
}

impl Sides<'_> {
    /// Adds an accepted row, or counts why it is left out.
    fn take(
        &self,
        row: &RowView<'_>,
        (class, seen): (u32, Seen),
        places: &HashMap<u32, u32>,
        taken: &mut HashSet<TextHash>,
        material: &mut Material,
    ) {
        let normal = normalise(&row.text());
        let (hash, shingles) = (TextHash::of_normalised(&normal), Shingles::of_normalised(&normal));
        if self.test.near(hash, &shingles).is_some() {
            material.left_out.contaminating += 1;
            return;
        }
        if !taken.insert(hash) {
            material.left_out.duplicates += 1;
            return;
        }
        let source = self.train.near(hash, &shingles).and_then(|(row, _)| places.get(&row).copied());
        let version = match row.version() {
            _ if row.is_hidden() => "blind".to_owned(),
            None => IMPORTED.to_owned(),
            Some(version) if version.name == self.current => format!("v{}", version.number),
            Some(version) => format!("{}@{}", version.name, version.number),
        };
        let labelled = Labelled { text: row.text().to_owned(), class };
        material.accepted.push(AcceptedRow { labelled, version, source, seen });
    }
}
