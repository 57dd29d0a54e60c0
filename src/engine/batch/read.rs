//! Reads results and takes them in, a group at a time.
//!
//! ```text
//! bytes ─── on all cores ──► lines ─── looked at ──► results ─── on all cores ──► what they became ──► journal ──► sled
//! group n + 1                                        group n                      group n - 1, on this thread meanwhile
//! ```

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::made::{Batch, Given, Made, Reading};
use super::reasons::Reasons;
use super::{ReadReport, Watch};
use crate::batch::{CustomId, Input, Line, ResultLine, Taken};
use crate::domain::{BatchState, FailureGroup, RunNumber};
use crate::engine::clock;
use crate::engine::prepare::{Surroundings, prepare_run};
use crate::engine::run_loop::remarks::Noticed;
use crate::parallel;
use crate::workbench::{Workbench, WorkbenchError};

/// How many results make a group: they share an fsync.
const GROUP: usize = 512;
/// How many bytes of results make a group, where they are long.
const GROUP_BYTES: usize = 8 << 20;

/// Takes in the results in files, in whatever order they come. Each request is answered once; what was read before is
/// left out, so that reading again goes on where it was stopped.
///
/// # Errors
///
/// A file cannot be read, or the store cannot be written; groups that were written stay.
pub(crate) fn read(
    bench: &mut Workbench,
    around: &Surroundings<'_>,
    given: &[PathBuf],
    watch: &Watch<'_>,
) -> Result<ReadReport, WorkbenchError> {
    let mut input = Input::open(given)?;
    if let Some(rows) = bench.unindexed() {
        let index = rows
            .index(&watch.stop)
            .map_err(|_stopped| WorkbenchError::BatchStopped("nothing was taken in"))?;
        bench.set_indexes(index);
    }
    let mark = bench.store_mark();
    let (batches, reasons, report) = (HashMap::new(), Reasons::default(), ReadReport::default());
    let mut reader = Reader { bench, around, mark, batches, reasons, report };
    let (mut group, mut made) = (Vec::new(), Vec::new());
    loop {
        let (read, of) = input.progress();
        // What was read to its end has nothing to go on with.
        let stopped = watch.stop.check().is_err() && read < of;
        let next = if stopped { Vec::new() } else { take_lines(&mut input)? };
        let is_last = next.is_empty();
        let work = || (parallel::map(&group, Given::make), parallel::map(&next, read_line));
        let ((next_made, lines), staged) = parallel::both(work, || reader.take_in(std::mem::take(&mut made)));
        staged?;
        made = next_made;
        group.clear();
        for (taken, line) in next.iter().zip(lines) {
            group.extend(reader.look(taken, line)?);
        }
        let (done, all) = input.progress();
        (watch.tell)(done, all);
        if is_last {
            reader.take_in(made)?;
            reader.report.stopped = stopped;
            break;
        }
    }
    reader.end()
}

/// Takes the next lines of a group; none after the last.
fn take_lines(input: &mut Input) -> Result<Vec<Taken>, WorkbenchError> {
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while lines.len() < GROUP && bytes < GROUP_BYTES {
        let Some(taken) = input.next()? else { break };
        bytes += taken.bytes.as_ref().map_or(1, Vec::len);
        lines.push(taken);
    }
    Ok(lines)
}

/// Reads a line; `None` where it is too long to be read.
fn read_line(taken: &Taken) -> Option<Line> {
    taken.bytes.as_deref().map(Line::read)
}

struct Reader<'a> {
    bench: &'a mut Workbench,
    around: &'a Surroundings<'a>,
    /// What tells the session's store from others.
    mark: String,
    /// Batches by their numbers; `None` for runs that are none.
    batches: HashMap<RunNumber, Option<(Arc<Batch>, BatchState)>>,
    reasons: Reasons,
    report: ReadReport,
}

impl Reader<'_> {
    /// Looks at a line, and returns its result where that is to be worked on.
    fn look(&mut self, taken: &Taken, line: Option<Line>) -> Result<Option<Given>, WorkbenchError> {
        let Taken { file, number, is_torn, .. } = taken;
        let mut junk = |why: &str| self.report.junk.add(|| format!("Line {number} of {file} {why}"));
        let Some(line) = line else {
            junk("is longer than 64 MB");
            return Ok(None);
        };
        let ResultLine { id: text, answered } = match line {
            Line::Result(result) => result,
            Line::Request => {
                self.report.requests += 1;
                return Ok(None);
            }
            Line::Cut => {
                let where_ends = if *is_torn { ", where the file ends: it is not complete" } else { "" };
                junk(&format!("ends in the middle{where_ends}"));
                return Ok(None);
            }
            Line::Junk(why) => {
                junk(&why);
                return Ok(None);
            }
        };
        self.report.results += 1;
        let Ok(id) = text.parse::<CustomId>() else {
            self.report.unknown.add(|| text.chars().take(80).collect());
            return Ok(None);
        };
        if id.store != self.mark {
            self.report.foreign.add(|| text);
            return Ok(None);
        }
        let Some((batch, state)) = self.batch(id.run)? else {
            self.report.unknown.add(|| text);
            return Ok(None);
        };
        if state.is_answered(id.index) {
            self.report.again += 1;
            return Ok(None);
        }
        Ok(Some(Given { batch, id, answered }))
    }

    /// Returns a batch with how far it is; `None` where the run is none.
    fn batch(&mut self, run: RunNumber) -> Result<Option<(Arc<Batch>, &BatchState)>, WorkbenchError> {
        if !self.batches.contains_key(&run) {
            let known = self.bench.projection().run(run).filter(|run| run.batch.is_some()).cloned();
            let found = match known {
                None => None,
                Some(run) => {
                    let prepared = prepare_run(self.around, run.settings.clone())?;
                    let generator = prepared.on_file()?;
                    let plan = self.bench.plan_of_batch(run.number, &generator)?;
                    let noticed = Noticed::new(&run);
                    let state = self.bench.batch_state(&run);
                    Some((Arc::new(Batch { plan, generator, noticed }), state))
                }
            };
            self.batches.insert(run, found);
        }
        let found = self.batches.get(&run).and_then(Option::as_ref);
        Ok(found.map(|(batch, state)| (Arc::clone(batch), state)))
    }

    /// Stages what a group became, and writes it to the journal and to sled.
    fn take_in(&mut self, made: Vec<Made>) -> Result<(), WorkbenchError> {
        for made in made {
            match made {
                Made::Changed => self.report.changed += 1,
                Made::Failed(error) => return Err(error),
                Made::Read(reading) => self.stage(*reading),
            }
        }
        self.bench.commit()?;
        // Here it costs no time of its own, because the next results are worked on meanwhile.
        while self.bench.follow() {}
        Ok(())
    }

    fn stage(&mut self, reading: Reading) {
        let (run, index) = (reading.run, reading.planned.index);
        let Some(Some((batch, state))) = self.batches.get_mut(&run) else { return };
        let report = &mut self.report;
        let is_answered = reading.is_answered();
        // One group may hold a result twice.
        if state.is_answered(index) {
            report.again += 1;
            return;
        }
        let reason = reading.outcome.error.as_deref();
        if let Some(reason) = reason {
            FailureGroup::count(&mut report.failures, reason, &BTreeMap::new());
        }
        if !is_answered {
            let is_news = reason.is_some_and(|reason| self.reasons.note(self.bench, (run, index), reason));
            if state.has_failed(index) && !is_news {
                // It is in the journal already that this one failed so.
                report.failed_again += 1;
                return;
            }
        }
        state.note(index, is_answered);
        if !report.runs.contains(&run) {
            report.runs.push(run);
        }
        report.taken += u64::from(is_answered);
        report.scraps += reading.scraps.len() as u64;
        let (bench, plan, at) = (&mut *self.bench, &batch.plan, clock::now());
        let staged = bench.staged_count();
        let number = bench.begin_request(plan, &reading.planned, at);
        bench.keep_scraps(plan, number, reading.scraps, at);
        let came = reading.rows.len() as u64;
        let beyond = bench.take_in(plan, number, reading.rows, at).beyond;
        bench.end_request(plan, number, reading.outcome, at);
        // A request whose end is lost would count as answered for nothing.
        bench.bind_since(staged);
        report.beyond += u64::from(beyond);
        report.rows += came - u64::from(beyond);
    }

    /// Ends the batches of which nothing is missing any more.
    fn end(self) -> Result<ReadReport, WorkbenchError> {
        for (run, found) in &self.batches {
            let Some((batch, _)) = found else { continue };
            let is_complete = self
                .bench
                .projection()
                .run(*run)
                .is_some_and(|run| self.bench.batch_state(run).missing().is_empty());
            if is_complete {
                self.bench.end_batch(&batch.plan, clock::now());
            }
        }
        self.bench.commit()?;
        Ok(self.report)
    }
}
