//! What a text is like: real rows near it, rows that say the same, and what its model was told.
//!
//! ```text
//! train   char-5 shingles, searched for the nearest row and for one at 0.80 or more
//! test    the same, for contamination
//! rows    normalised texts of the session's rows, each with the first row that has it
//! masks   blanks that the real rows have too, and that are no remark therefore
//! told    the instructions of the requests under way; what is over is read from the store
//! ```

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use crate::curate::remarks::{Instruction, Masks, remarks};
use crate::dataset::{Dataset, Part};
use crate::domain::{
    ExchangeMessage, Flag, FlagKind, Projection, RequestNumber, RowId, RowNumber, Schema, Scores,
};
use crate::generate::Novelty;
use crate::text::{NEAR_DUPLICATE, NearIndex, Shingles, TextHash, normalise};

/// Finds what a text is like among the real rows and the session's rows.
#[derive(Debug)]
pub(super) struct Similar {
    train: Arc<Side>,
    test: Side,
    rows: HashMap<TextHash, (RowNumber, RowId)>,
    masks: Masks,
    told: HashMap<RequestNumber, Instruction>,
}

/// The rows of one side of the split.
#[derive(Debug, Default)]
struct Side {
    index: NearIndex,
    /// The dataset row of each entry of the index.
    numbers: Vec<u32>,
    equal: HashMap<TextHash, u32>,
}

impl Side {
    fn of(dataset: &Dataset, part: Part) -> Self {
        let mut side = Self::default();
        for row in dataset.rows().filter(|row| row.part == part) {
            let normal = normalise(row.text);
            side.index.insert_shingles(&Shingles::of_normalised(&normal));
            let number = row.index;
            side.numbers.push(number);
            side.equal.entry(TextHash::of_normalised(&normal)).or_insert(number);
        }
        side
    }

    /// Returns the row that is equal, or the one that is most alike at 0.80 or more.
    fn near(&self, hash: TextHash, shingles: &Shingles) -> Option<(u32, f64)> {
        if let Some(number) = self.equal.get(&hash) {
            return Some((*number, 1.0));
        }
        let (entry, figure) = self.index.best_at_least(shingles, NEAR_DUPLICATE, |_| true)?;
        self.numbers.get(entry as usize).map(|number| (*number, figure))
    }

    fn nearest(&self, shingles: &Shingles) -> Option<(u32, f64)> {
        match self.index.nearest(shingles) {
            Some((entry, figure)) => self.numbers.get(entry as usize).map(|number| (*number, figure)),
            // Nothing shares a shingle: as new as can be.
            None => self.numbers.first().map(|number| (*number, 0.0)),
        }
    }
}

impl Similar {
    /// Indexes the real rows and the session's rows.
    pub(super) fn of(dataset: &Dataset, projection: &Projection) -> Self {
        let mut similar = Self {
            train: Arc::new(Side::of(dataset, Part::Train)),
            test: Side::of(dataset, Part::Test),
            rows: HashMap::new(),
            masks: Masks::of(dataset.rows().filter(|row| row.part == Part::Train).map(|row| row.text)),
            told: HashMap::new(),
        };
        for row in projection.rows() {
            similar.remember(row.text(), row.number(), row.id());
        }
        similar
    }

    /// Notes the text of a row; the first row with a text stays the one that others duplicate.
    pub(super) fn remember(&mut self, text: &str, number: RowNumber, id: RowId) {
        let entry = self.rows.entry(TextHash::of(text)).or_insert((number, id));
        if number < entry.0 {
            *entry = (number, id);
        }
    }

    /// Notes what a request tells its model, for as long as it is under way.
    pub(super) fn hear(&mut self, request: RequestNumber, messages: &[ExchangeMessage], examples: &[String]) {
        let messages = messages.iter().map(|message| message.text.as_str());
        let told = Instruction::of(messages, examples.iter().map(String::as_str));
        self.told.insert(request, told);
    }

    /// Forgets what a request that is over told its model.
    pub(super) fn forget(&mut self, request: RequestNumber) {
        self.told.remove(&request);
    }

    /// Returns what a request that is under way told its model.
    pub(super) fn told(&self, request: RequestNumber) -> Option<&Instruction> {
        self.told.get(&request)
    }

    /// Returns the flags and scores of a text. `own` is the row that holds it, if it is there already;
    /// `told` is what its model was told, where that is known.
    pub(super) fn judge(
        &self,
        text: &str,
        schema: &Schema,
        dataset: &Dataset,
        own: Option<RowNumber>,
        told: Option<&Instruction>,
    ) -> (Vec<Flag>, Scores) {
        let normal = normalise(text);
        let (hash, shingles) = (TextHash::of_normalised(&normal), Shingles::of_normalised(&normal));
        let mut flags = Vec::new();
        let real = |number: u32| dataset.id(number).into_owned();
        let mut near = |kind, found: Option<(u32, f64)>| {
            if let Some((number, figure)) = found {
                flags.push(Flag { kind, other: Some(real(number)), figure: Some(figure) });
            }
        };
        near(FlagKind::ContaminatesTest, self.test.near(hash, &shingles));
        // The nearest train row is looked for anyway: where it is near enough, it is the one that was copied.
        let nearest = self.train.nearest(&shingles);
        near(FlagKind::CopiesReal, nearest.filter(|(_, figure)| *figure >= NEAR_DUPLICATE));
        if let Some((number, id)) = self.rows.get(&hash)
            && own.is_none_or(|own| *number < own)
        {
            let other = Some(id.to_string());
            flags.push(Flag { kind: FlagKind::Duplicate, other, figure: Some(1.0) });
        }
        flags.extend(remarks(text, told, &self.masks));
        flags.extend(length_flag(text, schema));
        #[expect(clippy::cast_possible_truncation, reason = "a figure from 0 to 1 needs no more digits")]
        let novelty = nearest.map(|(_, figure)| (1.0 - figure) as f32);
        (flags, Scores { novelty, nearest: nearest.map(|(number, _)| real(number)) })
    }

    /// Returns the check that the offline generator holds its rows to.
    pub(super) fn novelty(&self, dataset: &Dataset) -> Arc<dyn Novelty + Send + Sync> {
        let real = dataset.rows().map(|row| dataset.hash(row.index));
        let taken = real.chain(self.rows.keys().copied()).collect();
        Arc::new(NewTexts { train: Arc::clone(&self.train), taken: Mutex::new(taken) })
    }
}

/// Lengths flag, they never make a scrap.
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

/// Texts that neither a real row nor a row of the session has. Test rows are known by hash only.
#[derive(Debug)]
struct NewTexts {
    train: Arc<Side>,
    taken: Mutex<HashSet<TextHash>>,
}

impl Novelty for NewTexts {
    fn is_new(&self, text: &str) -> bool {
        let normal = normalise(text);
        // A panic while the set is held cannot leave it half changed.
        let taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        !taken.contains(&TextHash::of_normalised(&normal))
            && self
                .train
                .index
                .any_at_least(&Shingles::of_normalised(&normal), NEAR_DUPLICATE, |_| true)
                .is_none()
    }

    fn took(&self, text: &str) {
        let mut taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        taken.insert(TextHash::of(text));
    }
}
