//! The fold: how each fact changes the projection.

use std::sync::Arc;

use super::counts::{Counted, Counts};
use super::history::Turn;
use super::rows::Place;
use super::requests::fetched_texts;
use super::{PackedMark, Projection, Touched};
use crate::domain::chunked::CHUNK;
use crate::domain::fact::{Reflagged, Restored};
use crate::domain::{
    Event, Fact, FailureGroup, Mark, NewRow, Operation, OperationId, RequestNumber, Restores, RowNumber,
    RowSet, RowState, Run, RunNumber, RunStatus, Timestamp, Tokens, TrialEnd, Version, VersionId,
    VersionIndex,
};

impl Projection {
    /// Applies a fact and returns what it changed.
    ///
    /// Where an operation has several facts, the caller must hold them back until the last
    /// one has arrived.
    pub fn apply(&mut self, fact: &Fact) -> Touched {
        let mut touched = Touched::default();
        let rows = match &fact.event {
            Event::Sampled { rows, .. } => rows.len(),
            Event::Imported { rows, .. } => rows.len(),
            Event::Flagged { rows } => rows.len(),
            Event::Changed { rows, .. } => rows.len(),
            Event::Undone { restores, .. } | Event::Redone { restores, .. } => {
                restores.iter().map(|restored| restored.rows.len()).sum()
            }
            _ => 0,
        };
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let operation = fact.event.kind().and_then(|kind| self.note_operation(fact, kind, rows));
        touched.operations.extend(operation);
        self.apply_event(fact, operation, &mut touched);
        touched
    }

    fn apply_event(&mut self, fact: &Fact, operation: Option<u32>, touched: &mut Touched) {
        match &fact.event {
            Event::Split(split) => {
                self.split = Some(Arc::new(split.clone()));
                touched.split = true;
            }
            Event::VersionMade { version } => touched.versions.extend(self.add_version(version)),
            Event::Labelled { .. } | Event::TrialBegan { .. } | Event::TrialEnded { .. } => {
                self.apply_to_laboratory(fact);
                touched.laboratory = true;
            }
            Event::Noted { version, note } => touched.versions.extend(self.note(*version, note.as_ref())),
            Event::RunBegan { run } => touched.runs.extend(self.add_run(run)),
            Event::RequestBegan { request, .. } => {
                if request.number.0 as usize == self.requests.len() {
                    self.put_request(request);
                    touched.requests.push(request.number);
                    touched.runs.extend(self.count(request.run, |run| run.requests += 1));
                }
            }
            Event::Sampled { run, request, first, rows } => {
                self.sampled(*run, *request, *first, rows, fact.at, touched);
            }
            Event::Imported { import, origins, rows } => {
                self.imported((import, fact.at), origins, rows, operation, touched);
            }
            Event::Scrapped { run, request, scraps } => {
                let first = self.scraps.len();
                scraps.iter().for_each(|scrap| self.scraps.push(scrap.at(*run, *request)));
                touched.scraps = first..self.scraps.len();
                let came = u32::try_from(scraps.len()).unwrap_or(u32::MAX);
                touched.runs.extend(self.count(*run, |run| run.scraps += came));
            }
            Event::RequestEnded {
                run,
                request,
                tokens,
                estimated,
                answered_by,
                remarks,
                seconds,
                error,
                sent,
                ..
            } => {
                let mut variables = Arc::default();
                self.change_request(*request, |request| {
                    request.seconds = Some(*seconds);
                    request.answered_by.clone_from(answered_by);
                    variables = Arc::clone(&request.variables);
                    touched.requests.push(request.number);
                });
                touched.runs.extend(self.count(*run, |run| {
                    run.count_tokens(*tokens, *estimated);
                    // It was counted once when it began.
                    run.requests = run.requests.saturating_add(*sent).saturating_sub(1);
                    run.remark(remarks);
                    if let Some(reason) = error {
                        run.failed += 1;
                        FailureGroup::count(&mut run.failures, reason, &variables);
                    }
                }));
                self.count_tokens(*run, tokens.plus(*estimated));
            }
            Event::RunResumed { run, budget } => {
                touched.runs.extend(self.count(*run, |run| {
                    run.status = RunStatus::Running;
                    run.ended_at = None;
                    run.budget = budget.unwrap_or(run.budget);
                }));
            }
            Event::ScrapRepaired { scrap, .. } => {
                let place = *scrap as usize;
                if let Some(scrap) = self.scraps.get_mut(place) {
                    scrap.repaired = true;
                    touched.scraps = place..place + 1;
                }
            }
            Event::RunEnded { run, status } => {
                touched.runs.extend(self.count(*run, |run| {
                    run.status = status.clone();
                    run.ended_at = Some(fact.at);
                }));
            }
            Event::Flagged { rows } => self.reflag(rows, touched),
            Event::Changed { rows, change, bulk } => {
                let bulk = *bulk || rows.len() > 1;
                self.change(rows, |mark| change.apply(mark, fact.at, bulk), operation, touched);
            }
            Event::Undone { target, restores } => {
                let back = self.restore(*target, restores, touched);
                touched.operations.extend(self.turn(*target, Turn::Undone, back));
            }
            Event::Redone { target, restores } => {
                let back = self.restore(*target, restores, touched);
                touched.operations.extend(self.turn(*target, Turn::Done, back));
            }
            Event::Retold(told) => self.apply_retold(told, touched),
        }
    }

    fn apply_to_laboratory(&mut self, fact: &Fact) {
        let laboratory = Arc::make_mut(&mut self.laboratory);
        match &fact.event {
            Event::Labelled { prompt, label, version } => laboratory.label(prompt, label, *version),
            Event::TrialBegan { trial } => laboratory.begin(trial),
            Event::TrialEnded { trial, outcome } => {
                laboratory.end(*trial, TrialEnd { at: fact.at, outcome: *outcome });
            }
            _ => {}
        }
    }

    pub(super) fn add_version(&mut self, version: &Version) -> Option<VersionIndex> {
        if self.version(version.id).is_some() {
            return None;
        }
        Arc::make_mut(&mut self.versions).push(version.clone());
        u32::try_from(self.versions.len() - 1).ok().map(VersionIndex)
    }

    /// Gives a version another note.
    pub(super) fn note(&mut self, id: VersionId, note: Option<&String>) -> Option<VersionIndex> {
        let place = self.versions.iter().position(|version| version.id == id)?;
        Arc::make_mut(&mut self.versions).get_mut(place)?.note = note.cloned();
        u32::try_from(place).ok().map(VersionIndex)
    }

    fn add_run(&mut self, run: &Run) -> Option<RunNumber> {
        if run.number.index() != self.runs.len() {
            return None;
        }
        self.runs.push(run.clone());
        Some(run.number)
    }

    fn count(&mut self, number: RunNumber, change: impl FnOnce(&mut Run)) -> Option<RunNumber> {
        change(self.runs.get_mut(number.index())?);
        Some(number)
    }

    /// Adds tokens of a run to the usage of its version and of the session.
    pub(super) fn count_tokens(&mut self, run: RunNumber, tokens: Tokens) {
        if let Some(run) = self.runs.get(run.index()).filter(|_| tokens != Tokens::default()) {
            Arc::make_mut(&mut self.counts).used(run.version, run.settings.price, tokens);
        }
    }

    fn sampled(
        &mut self,
        run: RunNumber,
        request: RequestNumber,
        first: RowNumber,
        rows: &[NewRow],
        at: Timestamp,
        touched: &mut Touched,
    ) {
        if first.index() != self.len() {
            return;
        }
        for row in rows {
            touched.rows.push(self.push_row(row, None, request, at, PackedMark::default()));
        }
        let flagged = rows.iter().filter(|row| !row.flags.is_empty()).count();
        let (came, flagged) = (u32::try_from(rows.len()), u32::try_from(flagged));
        touched.runs.extend(self.count(run, |run| {
            run.rows += came.unwrap_or_default();
            run.flagged += flagged.unwrap_or_default();
        }));
    }

    /// Appends a row with its mark and counts it. `there` is its id in the file that it was imported from, where
    /// that is another one.
    pub(super) fn push_row(
        &mut self,
        row: &NewRow,
        there: Option<&str>,
        request: RequestNumber,
        created: Timestamp,
        mark: PackedMark,
    ) -> RowNumber {
        let number = RowNumber(u32::try_from(self.len()).unwrap_or(u32::MAX));
        let label = self.intern_label(&row.label);
        let nearest = self.intern_nearest(row.scores.nearest.as_ref());
        let flags = self.packed_flags(number.index() % CHUNK, &row.flags);
        self.rows.push(row, Place { label, request, created, nearest }, flags.into_iter());
        let kept = self.kept.clone();
        self.texts.push(|page| fetched_texts(kept.as_deref(), page), |page| page.push(row, there));
        self.marks.push(mark);
        self.count_row(number, mark, |counts, counted| {
            counts.add(counted);
            for flag in &row.flags {
                counts.flag(flag.kind, counted.run.map(|run| run.version), true);
            }
        });
        number
    }

    /// Changes the counts by a row with a mark; one that is withdrawn counts nowhere.
    pub(super) fn count_row(
        &mut self,
        number: RowNumber,
        mark: PackedMark,
        change: impl FnOnce(&mut Counts, &Counted<'_>),
    ) {
        if mark.is_withdrawn() {
            return;
        }
        let run = self.rows.request(number).and_then(|request| self.run_of_request(request));
        let counted = Counted {
            state: mark.state(),
            bulk: mark.is_bulk(),
            edited: self.interned.edit(mark).is_some(),
            label: self.rows.label(number, mark, &self.interned),
            reason: self.interned.reason(mark),
            run: run.and_then(|run| self.runs.get(run.index())),
        };
        change(Arc::make_mut(&mut self.counts), &counted);
    }

    pub(super) fn reflag(&mut self, rows: &[Reflagged], touched: &mut Touched) {
        for Reflagged { row, flags, scores } in rows {
            let Some(view) = self.any_row(*row) else { continue };
            let before: Vec<_> = view.flag_kinds().collect();
            let (run, version) = view.run().map(|run| (run.number, run.version)).unzip();
            if view.state() != RowState::Withdrawn {
                let counts = Arc::make_mut(&mut self.counts);
                before.iter().for_each(|kind| counts.flag(*kind, version, false));
                flags.iter().for_each(|flag| counts.flag(flag.kind, version, true));
            }
            let nearest = self.intern_nearest(scores.nearest.as_ref());
            let flags_of_row = self.packed_flags(row.index() % CHUNK, flags);
            self.rows.reflag(*row, flags_of_row, scores, nearest);
            touched.rows.push(*row);
            if before.is_empty() != flags.is_empty() {
                let flagged = |run: &mut Run| {
                    let (more, fewer) = (u32::from(before.is_empty()), u32::from(flags.is_empty()));
                    run.flagged = (run.flagged + more).saturating_sub(fewer);
                };
                let run = run.and_then(|run| self.count(run, flagged));
                touched.runs.extend(run.filter(|run| touched.runs.last() != Some(run)));
            }
        }
    }

    fn change(
        &mut self,
        rows: &RowSet,
        change: impl Fn(&mut Mark),
        operation: Option<u32>,
        touched: &mut Touched,
    ) {
        let mut before = Vec::with_capacity(rows.len());
        for row in rows.iter() {
            let old = self.marks.get(row.index()).copied().filter(|old| !old.is_withdrawn());
            let Some(old) = old else { continue };
            let mut mark = self.interned.unpack(old);
            change(&mut mark);
            self.set_mark(row, old, &mark);
            before.push((row, old));
            touched.marks.push(row);
        }
        if let Some(index) = operation.filter(|_| !before.is_empty()) {
            let known: Option<&Operation> = self.operations.get(index as usize);
            let restores = known.map(|operation| operation.restores.clone()).unwrap_or_default();
            self.add_restores(index, &restores, before);
        }
    }

    /// Adds to the marks that undoing the operation restores; an operation may have several facts.
    fn add_restores(&mut self, index: u32, known: &Restores, before: Vec<(RowNumber, PackedMark)>) {
        if matches!(known, Restores::Nothing) {
            self.push_undoable(index, Restores::of(&before));
            return;
        }
        let mut all = std::collections::BTreeMap::new();
        for (first, last, mark) in known.runs() {
            all.extend((first..=last).map(|row| (RowNumber(row), mark)));
        }
        for (row, mark) in before {
            all.entry(row).or_insert(mark);
        }
        let all: Vec<_> = all.into_iter().collect();
        if let Some(operation) = self.operations.get_mut(index as usize) {
            operation.restores = Restores::of(&all);
        }
    }

    fn restore(&mut self, target: OperationId, restores: &[Restored], touched: &mut Touched) -> Restores {
        let known = self.find_operation(target).and_then(|place| self.operations.get(place as usize));
        let known = known.map(|operation| operation.restores.clone()).unwrap_or_default();
        let mut before = Vec::new();
        for Restored { rows, mark } in restores {
            for row in rows.iter() {
                let Some(old) = self.marks.get(row.index()).copied() else { continue };
                // Journals of former versions do not say which marks were given in bulk; the fold knows.
                if !mark.bulk && known.is_bulk(row) {
                    self.set_mark(row, old, &Mark { bulk: true, ..mark.clone() });
                } else {
                    self.set_mark(row, old, mark);
                }
                before.push((row, old));
            }
        }
        before.sort_by_key(|(row, _)| *row);
        touched.marks = before.iter().map(|(row, _)| *row).collect();
        Restores::of(&before)
    }

    pub(super) fn set_mark(&mut self, row: RowNumber, old: PackedMark, mark: &Mark) {
        let new = self.pack(mark, old);
        self.count_row(row, old, Counts::take);
        self.count_row(row, new, Counts::add);
        if old.is_withdrawn() != new.is_withdrawn() {
            self.count_flags(row, old.is_withdrawn());
        }
        if let Some(slot) = self.marks.get_mut(row.index()) {
            *slot = new;
        }
    }
}
