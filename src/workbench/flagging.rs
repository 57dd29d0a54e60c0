//! Compares a text with the real rows: the nearest one, equal or similar ones, and the remarks on the text
//! itself.
//!
//! It reads only data that never changes while a session is open, so a request's rows are flagged in its
//! own task; the writer thread then only looks for equal and nearly equal texts among the session's rows.
//!
//! ```text
//! train   char-5 shingles, searched for the nearest row and for one at 0.80 or more
//! test    the same, for contamination
//! masks   placeholders that the real rows have too, so they are not flagged
//! ```

use std::collections::HashMap;
use std::sync::Arc;

use crate::curate::remarks::{Instruction, Masks, remarks};
use crate::dataset::{Dataset, Part};
use crate::domain::{Fields, Flag, FlagKind, Schema, Scores, Session};
use crate::text::{IndexedText, NEAR_DUPLICATE, NearIndex, Shingles, Stop, Stopped, TextHash, normalise};

/// A generated row with its flags and scores, before the comparison with the session's rows.
#[derive(Debug, Clone, PartialEq)]
pub struct FlaggedRow {
    /// The row's fields.
    pub fields: Fields,
    pub(super) findings: Findings,
}

/// The flags and scores of a text, compared with the real rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Findings {
    /// The text, as it is looked for among the session's rows.
    pub(super) text: IndexedText,
    /// Flags in the order in which they are shown.
    pub(super) flags: Vec<Flag>,
    pub(super) scores: Scores,
}

/// Flags texts by the dataset and the session's schema. Immutable and shared.
#[derive(Debug)]
pub(super) struct Flagger {
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    train: Side,
    test: Side,
    masks: Masks,
}

/// The words from which on a test text is looked for within longer texts.
const WHOLE: usize = 5;

/// The indexed rows of one part of the split.
#[derive(Debug, Default)]
pub(super) struct Side {
    index: NearIndex,
    /// The dataset row of each entry of the index.
    numbers: Vec<u32>,
    equal: HashMap<TextHash, u32>,
    /// The normalised test texts of [`WHOLE`] words or more; none of train rows.
    whole: Vec<Box<str>>,
}

impl Side {
    pub(super) fn of(dataset: &Dataset, part: Part, stop: &Stop) -> Result<Self, Stopped> {
        let mut side = Self::default();
        for row in dataset.rows().filter(|row| row.part == part) {
            stop.check()?;
            let normal = normalise(row.text);
            side.index.insert_shingles(&Shingles::of_normalised(&normal));
            let number = row.index;
            side.numbers.push(number);
            side.equal.entry(TextHash::of_normalised(&normal)).or_insert(number);
            if part == Part::Test && normal.split(' ').count() >= WHOLE {
                side.whole.push(normal.into());
            }
        }
        Ok(side)
    }

    /// Returns the equal row, else the most similar one at 0.80 or more, with the similarity.
    pub(super) fn near(&self, hash: TextHash, shingles: &Shingles) -> Option<(u32, f64)> {
        if let Some(number) = self.equal.get(&hash) {
            return Some((*number, 1.0));
        }
        let (entry, figure) = self.index.best_at_least(shingles, NEAR_DUPLICATE, |_| true)?;
        self.numbers.get(entry as usize).map(|number| (*number, figure))
    }

    /// Returns whether a normalised text holds a whole test text of [`WHOLE`] words or more.
    pub(super) fn is_within(&self, normal: &str) -> bool {
        self.whole.iter().any(|text| normal.contains(&**text))
    }

    fn nearest(&self, shingles: &Shingles) -> Option<(u32, f64)> {
        match self.index.nearest(shingles) {
            Some((entry, figure)) => self.numbers.get(entry as usize).map(|number| (*number, figure)),
            // No row shares a shingle: similarity 0, to any row.
            None => self.numbers.first().map(|number| (*number, 0.0)),
        }
    }
}

impl Flagger {
    /// Indexes the real rows.
    pub(super) fn of(session: &Arc<Session>, dataset: &Arc<Dataset>, stop: &Stop) -> Result<Self, Stopped> {
        let train = dataset.rows().filter(|row| row.part == Part::Train);
        Ok(Self {
            train: Side::of(dataset, Part::Train, stop)?,
            test: Side::of(dataset, Part::Test, stop)?,
            masks: Masks::of(train.map(|row| row.text)),
            session: Arc::clone(session),
            dataset: Arc::clone(dataset),
        })
    }

    /// Returns the flags and scores of a text; `told` is the instruction that its model got, if known.
    pub(super) fn flag(&self, text: &str, told: Option<&Instruction>) -> Findings {
        let normal = normalise(text);
        let (hash, shingles) = (TextHash::of_normalised(&normal), Shingles::of_normalised(&normal));
        let mut flags = Vec::new();
        let real = |number: u32| self.dataset.id(number).into_owned();
        let mut near = |kind, found: Option<(u32, f64)>| {
            if let Some((number, figure)) = found {
                flags.push(Flag { kind, other: Some(real(number)), figure: Some(figure) });
            }
        };
        near(FlagKind::ContaminatesTest, self.test.near(hash, &shingles));
        // The nearest train row is needed for the score in any case; if it is similar enough, it is also
        // the copied one.
        let nearest = self.train.nearest(&shingles);
        near(FlagKind::CopiesReal, nearest.filter(|(_, figure)| *figure >= NEAR_DUPLICATE));
        flags.extend(remarks(text, told, &self.masks));
        flags.extend(length_flag(text, &self.session.schema));
        #[expect(clippy::cast_possible_truncation, reason = "a figure from 0 to 1 needs no more digits")]
        let novelty = nearest.map(|(_, figure)| (1.0 - figure) as f32);
        let scores = Scores { novelty, nearest: nearest.map(|(number, _)| real(number)) };
        Findings { text: IndexedText::new(hash, &shingles), flags, scores }
    }

    /// Flags rows that came in a request, each with a flag that its generator gave it.
    pub(super) fn flag_all(
        &self,
        rows: Vec<(Fields, Option<Flag>)>,
        told: Option<&Instruction>,
    ) -> Vec<FlaggedRow> {
        let flag = |(fields, own): (Fields, Option<Flag>)| {
            let mut findings = self.flag(fields.text(), told);
            if let Some(flag) = own {
                findings.flags.push(flag);
                findings.flags.sort_by_key(|flag| flag.kind.place());
            }
            FlaggedRow { fields, findings }
        };
        rows.into_iter().map(flag).collect()
    }

    /// Returns whether a text, given by its shingles, is so similar to a train row.
    pub(super) fn is_near_train(&self, shingles: &Shingles, near: f64) -> bool {
        self.train.index.any_at_least(shingles, near.min(NEAR_DUPLICATE), |_| true).is_some()
    }
}

/// Returns the flag of a text that is too short or too long. Lengths never make a scrap.
fn length_flag(text: &str, schema: &Schema) -> Option<Flag> {
    let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    let (fewest, most) = schema.text_bounds();
    let kind = if fewest.is_some_and(|fewest| chars < fewest) {
        FlagKind::TooShort
    } else if most.is_some_and(|most| chars > most) {
        FlagKind::TooLong
    } else {
        return None;
    };
    Some(Flag { kind, other: None, figure: Some(f64::from(chars)) })
}
