//! Finds out what is wrong with a journal, and what of it can be brought home.

use super::pieces::{self, Lines};
use super::renumber::Renumber;
use super::texts::Texts;
use super::{RepairOutcome, RepairReport};
use crate::domain::{Fact, Mark, OperationId, Projection, RequestNumber, Timestamp, Touched};
use crate::store::files::Layout;
use crate::store::line::{self, Entry};
use crate::store::load::Unusable;
use crate::store::lost;
use crate::store::peek::{self, Peeked};
use crate::store::reached::{self, LastLine};
use crate::store::replay::Assembler;
use crate::store::{StoreError, segment};
use crate::text::counted;

/// What a repair writes.
pub(super) struct Plan {
    pub(super) report: RepairReport,
    /// The last line of the damaged journal that nothing is missing before.
    pub(super) last: LastLine,
    /// Operations without their last facts.
    pub(super) abandoned: Vec<OperationId>,
    /// The facts that follow the lines that can be read.
    pub(super) facts: Vec<Fact>,
    /// Whether something is lost for good, or something that sled or the journal holds is left out.
    pub(super) gives_up: bool,
}

impl Plan {
    /// Reads all of a store, and changes nothing in it.
    pub(super) fn of(layout: &Layout, at: Timestamp) -> Result<Self, StoreError> {
        let mut told = Told::default();
        let mut last = LastLine::default();
        let later = pieces::read(&layout.journal(), |line, bytes| {
            last = line;
            told.take(parse(layout, line.sequence, bytes)?);
            Ok(())
        })?;
        let (reached, sled) = (reached::read(layout), peek::within(layout)?);
        let mut plan = Self {
            report: RepairReport { held: last.sequence, ..RepairReport::default() },
            last,
            abandoned: told.assembler.held(),
            facts: Vec::new(),
            gives_up: false,
        };
        let known = sled.as_ref().filter(|sled| sled.records.is_ok() || sled.last.sequence > last.sequence);
        let known = [reached, known.map(|sled| sled.last)];
        let is_other = match lost::check_whole(layout, known, || None) {
            Ok(()) if later.is_empty() && reached.is_none_or(|line| line.sequence <= last.sequence) => {
                return Ok(plan);
            }
            wrong => {
                plan.report.unsure = matches!(wrong, Err(StoreError::Unsure { .. }));
                matches!(wrong, Err(StoreError::Replaced { .. }))
            }
        };
        plan.report.outcome = RepairOutcome::Repaired;
        let ends = [known[0].map(|line| line.sequence), known[1].map(|line| line.sequence)];
        let ends = ends.into_iter().flatten().chain(later.keys().copied());
        plan.report.saved = ends.fold(last.sequence, u64::max);
        let from = plan.take_sled(layout, &mut told, sled, &later, at)?;
        plan.take_later(layout, &mut told, &later, from)?;
        plan.report.lost = (plan.report.saved - plan.report.held).saturating_sub(plan.report.home);
        plan.gives_up |= is_other || plan.report.unsure || plan.report.lost > 0;
        Ok(plan)
    }

    /// Takes what sled holds beyond the lines that can be read, and returns the number of the last fact then.
    fn take_sled(
        &mut self,
        layout: &Layout,
        told: &mut Told,
        sled: Option<Peeked>,
        later: &Lines,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let held = self.last.sequence;
        let (last, projection) = match beyond(sled, held) {
            Ok(found) => found,
            Err(why) => {
                self.report.sled = Some(why);
                return Ok(held);
            }
        };
        let Some(retelling) = told.projection.retell(&projection, at) else {
            self.report.sled = Some("sled holds another content than the journal.".to_owned());
            self.gives_up = true;
            return Ok(held);
        };
        let mut texts = Texts::default();
        for (sequence, bytes) in later.range(..=last) {
            if let Entry::Fact(fact) = parse(layout, *sequence, bytes)? {
                texts.take(fact);
            }
        }
        let is_lost = |number: &&RequestNumber| !texts.hold(**number, &told.projection, &projection);
        self.report.wordless = retelling.wordless.iter().filter(is_lost).count();
        self.report.home = last - held;
        self.report.rows = retelling.rows;
        self.report.decisions = retelling.decisions;
        // The records come last: they put right what the texts alone leave incomplete.
        texts.facts.iter().for_each(|fact| drop(told.projection.apply(fact)));
        self.facts = texts.facts;
        self.facts.extend(told.projection.records(&projection, at).facts);
        told.projection = projection;
        Ok(last)
    }

    /// Takes the lines after fact `from`: all that follow it without a gap, and of the others those that say
    /// something about what is there.
    fn take_later(
        &mut self,
        layout: &Layout,
        told: &mut Told,
        later: &Lines,
        from: u64,
    ) -> Result<(), StoreError> {
        let before = (told.projection.len(), decided(&told.projection));
        let (mut next, mut follows) = (from + 1, true);
        let mut broken = Vec::new();
        if from > self.last.sequence {
            // sled is written only while no operation is open.
            told.assembler = Assembler::default();
        }
        for (sequence, bytes) in later.range(next..) {
            if *sequence != next {
                // Of an operation in parts all parts are needed.
                broken.extend(std::mem::take(&mut told.assembler).held());
                follows = false;
                told.numbers.get_or_insert_with(|| Renumber::of(&told.projection));
            }
            next = sequence + 1;
            let entry = parse(layout, *sequence, bytes)?;
            if matches!(&entry, Entry::Fact(fact) if broken.contains(&fact.operation)) {
                continue;
            }
            let is_held = matches!(&entry, Entry::Fact(Fact { part: true, .. }) | Entry::Abandoned(_));
            let ready = told.take(entry);
            let says = follows || is_held || ready.iter().any(|(_, touched)| says_something(touched));
            self.report.home += u64::from(says);
            self.facts.extend(ready.into_iter().filter(|_| says).map(|(fact, _)| fact));
        }
        self.report.rows += told.projection.len() - before.0;
        self.report.decisions += decided(&told.projection).saturating_sub(before.1);
        Ok(())
    }
}

/// Returns what sled holds, and the number of the last fact in it, where that is more than the first `held` facts;
/// otherwise why it does not, as a sentence.
fn beyond(sled: Option<Peeked>, held: u64) -> Result<(u64, Projection), String> {
    let Some(Peeked { last, records }) = sled else {
        return Err("sled is missing or cannot be read.".into());
    };
    match records {
        Ok(_) if last.sequence <= held => {
            Err(format!("sled holds no more than the first {}.", counted(last.sequence, "fact")))
        }
        Ok(projection) => Ok((last.sequence, projection)),
        Err(Unusable::Damaged(why) | Unusable::Busy(why)) => Err(format!("sled {why}.")),
        Err(Unusable::Disk(why)) => Err(format!("sled cannot be read ({why}).")),
        Err(Unusable::Former) => {
            Err("sled is of an earlier version of rowsmith, which can still read it.".into())
        }
        Err(Unusable::Empty | Unusable::Unfinished) => {
            Err("sled was not written to the end when the program last stopped.".into())
        }
    }
}

fn decided(projection: &Projection) -> usize {
    projection.rows().filter(|row| row.mark() != Mark::default()).count()
}

/// Returns whether a fact changed more than the list of operations.
fn says_something(touched: &Touched) -> bool {
    let operations = Vec::new();
    Touched { operations, ..touched.clone() } != Touched::default()
}

fn parse(layout: &Layout, sequence: u64, bytes: &[u8]) -> Result<Entry, StoreError> {
    line::parse(bytes).map_err(|what| {
        let path = segment::path(&layout.journal(), 1);
        StoreError::Damaged { path, line: usize::try_from(sequence).unwrap_or_default(), what }
    })
}

/// The fold of lines that were read.
#[derive(Default)]
struct Told {
    projection: Projection,
    assembler: Assembler<Fact>,
    /// The numbers of things after a gap.
    numbers: Option<Renumber>,
}

impl Told {
    /// Applies an entry, and returns the facts that took effect with what each changed.
    fn take(&mut self, entry: Entry) -> Vec<(Fact, Touched)> {
        match entry {
            Entry::Abandoned(operations) => {
                self.assembler.abandon(&operations);
                Vec::new()
            }
            Entry::Fact(fact) => {
                let ready = self.assembler.take(fact.operation, fact.part, fact);
                let mut applied = Vec::new();
                for fact in ready {
                    let facts = match &mut self.numbers {
                        Some(numbers) => numbers.fact(&fact, &self.projection),
                        None => vec![fact],
                    };
                    for fact in facts {
                        let touched = self.projection.apply(&fact);
                        applied.push((fact, touched));
                    }
                }
                applied
            }
        }
    }
}
