//! The fold: how each fact changes the projection.

use std::sync::Arc;

use super::history::Turn;
use super::requests::fetched_texts;
use super::rows::Place;
use super::{PackedMark, Projection, Touched};
use crate::domain::chunked::CHUNK;
use crate::domain::fact::Reflagged;
use crate::domain::{
    Event, Fact, FailureGroup, NewRow, OperationId, RequestNumber, Restores, RowNumber, RowState, Run,
    RunNumber, RunStatus, Timestamp, Tokens, TrialEnd, Version, VersionId, VersionIndex,
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
            Event::Undone { restores, .. }
            | Event::Redone { restores, .. }
            | Event::Jumped { restores, .. } => restores.iter().map(|restored| restored.rows.len()).sum(),
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
                self.change(rows, (change, fact.at, bulk), operation, touched);
            }
            Event::Undone { .. } | Event::Redone { .. } | Event::Jumped { .. } => {
                self.go_to_marks(&fact.event, operation, touched);
            }
            Event::Retold(told) => self.apply_retold(told, touched),
        }
    }

    /// Brings earlier or later marks back: by an undo, a redo or a jump.
    fn go_to_marks(&mut self, event: &Event, operation: Option<u32>, touched: &mut Touched) {
        match event {
            Event::Undone { target, restores } => {
                let back = self.restore(&self.restores_of(*target), restores, touched);
                touched.operations.extend(self.turn(*target, Turn::Undone, back));
            }
            Event::Redone { target, restores } => {
                let back = self.restore(&self.restores_of(*target), restores, touched);
                touched.operations.extend(self.turn(*target, Turn::Done, back));
            }
            Event::Jumped { restores, .. } => {
                let back = self.restore(&Restores::Nothing, restores, touched);
                if let Some(index) = operation.filter(|_| !restores.is_empty()) {
                    self.push_undoable(index, back);
                }
            }
            _ => {}
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
        self.count_rows(number, mark, |counts, counted| {
            counts.add(counted, 1);
            for flag in &row.flags {
                counts.flag(flag.kind, counted.run.map(|run| run.version), true);
            }
        });
        number
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

    /// Returns the marks that turning an operation restores, as the fold knows them.
    fn restores_of(&self, target: OperationId) -> Restores {
        self.operation(target).map(|operation| operation.restores.clone()).unwrap_or_default()
    }
}
