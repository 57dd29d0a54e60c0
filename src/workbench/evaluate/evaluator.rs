//! Evaluations of a session, apart from the workbench, so that a long one holds up no decision.

use std::sync::Arc;

use super::warnings::warnings;
use super::{EvaluationOrder, Keep, Material, TrainCv, Watching, evaluate, train_cv};
use crate::dataset::Dataset;
use crate::domain::{Classifier, Evaluation, OperationId, Projection, Session, Timestamp};
use crate::store::{Evaluations, Opening};
use crate::text::Stop;
use crate::workbench::{Location, ReadBench, Workbench, WorkbenchError};

/// The name under which the last evaluation is kept.
const LAST: &str = "last";

/// What evaluations read, as it was when it was taken; taking it copies no row.
#[derive(Debug, Clone)]
pub(crate) struct Evaluator {
    session: Arc<Session>,
    dataset: Arc<Dataset>,
    projection: Projection,
    location: Location,
}

/// An evaluation that was made, and what went wrong beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EvaluationMade {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// PR-AUC on train rows alone, where enough accepted rows are independent of them.
    pub train_cv: Option<TrainCv>,
    /// What a person should know, as sentences.
    pub remarks: Vec<String>,
}

impl Keep for Evaluations {
    fn find(&self, key: &str) -> Option<Vec<u8>> {
        Self::find(self, key)
    }

    fn keep(&self, key: &str, bytes: &[u8]) {
        if let Err(error) = Self::keep(self, key, bytes) {
            tracing::warn!(%error, "a result was not kept");
        }
    }
}

impl Workbench {
    /// Returns what evaluations read.
    #[must_use]
    pub(crate) fn evaluator(&self) -> Evaluator {
        Evaluator {
            session: Arc::clone(self.session()),
            dataset: Arc::clone(self.dataset()),
            projection: self.projection().clone(),
            location: self.location().clone(),
        }
    }
}

impl ReadBench {
    /// Returns what evaluations read.
    ///
    /// # Errors
    ///
    /// Where the dataset cannot be read.
    pub(crate) fn evaluator(&self) -> Result<Evaluator, WorkbenchError> {
        Ok(Evaluator {
            session: Arc::new(self.session().clone()),
            dataset: Arc::new(self.dataset()?),
            projection: self.projection().clone(),
            location: self.location.clone(),
        })
    }
}

impl Evaluator {
    /// Returns the session's settings.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Returns where the session and its store are.
    pub(crate) const fn location(&self) -> &Location {
        &self.location
    }

    /// Evaluates the accepted rows on the test rows, counts that these were opened, and keeps the results.
    ///
    /// `tell` is told how many of how many pieces of work are done. `at` is when it is made, `clock` the seconds since
    /// any fixed time.
    ///
    /// # Errors
    ///
    /// [`WorkbenchError::Unfit`] where there are too few rows of a kind, and [`WorkbenchError::EvaluationStopped`] where
    /// it is stopped: nothing is counted then.
    pub(crate) fn evaluate(
        &self,
        order: &EvaluationOrder,
        at: Timestamp,
        clock: &dyn Fn() -> f64,
        tell: &mut dyn FnMut(usize, usize),
        stop: &Stop,
    ) -> Result<EvaluationMade, WorkbenchError> {
        let began = clock();
        let material = self.material(stop)?;
        material.check()?;
        let store = Evaluations::of(&self.location.store);
        let watching = Watching { tell, keep: &store, stop };
        let evaluated =
            evaluate(&material, order, watching).map_err(|_stopped| WorkbenchError::EvaluationStopped)?;
        let train_cv =
            train_cv(&material, order.model, stop).map_err(|_stopped| WorkbenchError::EvaluationStopped)?;
        let mut evaluation = evaluated.evaluation;
        evaluation.at = at;
        let mut remarks = vec![];
        evaluation.opened = opened(&store, &evaluation, evaluated.key, &mut remarks);
        evaluation.warnings = warnings(&evaluation);
        evaluation.seconds = clock() - began;
        if let Ok(json) = serde_json::to_vec(&evaluation) {
            Keep::keep(&store, LAST, &json);
        }
        Ok(EvaluationMade { evaluation, train_cv, remarks })
    }

    /// Returns PR-AUC of the target on known train rows, without and with the accepted rows; `None` where too few of these
    /// were made without them. No test row is looked at.
    ///
    /// # Errors
    ///
    /// As [`Self::evaluate`].
    pub(crate) fn train_cv(&self, model: Classifier, stop: &Stop) -> Result<Option<TrainCv>, WorkbenchError> {
        let material = self.material(stop)?;
        material.check()?;
        train_cv(&material, model, stop).map_err(|_stopped| WorkbenchError::EvaluationStopped)
    }

    /// Returns the last evaluation of this store, where it is still kept.
    #[must_use]
    pub(crate) fn last(&self) -> Option<Evaluation> {
        let json = Evaluations::of(&self.location.store).find(LAST)?;
        serde_json::from_slice(&json).ok()
    }

    /// Returns how often the test rows were opened so far, with equal rows evaluated in the same way counted once.
    #[must_use]
    pub(crate) fn opened(&self) -> u64 {
        let openings = Evaluations::of(&self.location.store).openings().unwrap_or_default();
        let unread = openings.iter().filter(|opening| opening.is_none()).count();
        let keys: std::collections::BTreeSet<&str> =
            openings.iter().flatten().map(|opening| opening.key.as_str()).collect();
        (keys.len() + unread) as u64
    }

    /// Returns the operation that comes next in the state that is evaluated.
    #[must_use]
    pub(crate) const fn next_operation(&self) -> OperationId {
        self.projection.next_operation()
    }

    /// Returns the first operation that came after a time, else the one that comes next.
    #[must_use]
    pub(crate) fn next_at(&self, at: Timestamp) -> OperationId {
        let later = self.projection.operations().rev().take_while(|operation| operation.at > at);
        later.last().map_or_else(|| self.next_operation(), |operation| operation.id)
    }

    fn material(&self, stop: &Stop) -> Result<Material, WorkbenchError> {
        let gathered = Material::gather(&self.session, &self.dataset, &self.projection, stop);
        gathered.map_err(|_stopped| WorkbenchError::EvaluationStopped)
    }
}

/// Counts a look at the test rows, and returns how many there were, this one included. The same rows evaluated in the
/// same way show nothing new, so they are counted once.
fn opened(store: &Evaluations, evaluation: &Evaluation, key: String, remarks: &mut Vec<String>) -> u64 {
    let before = store.openings().unwrap_or_else(|error| {
        remarks.push(format!("How often the test rows were opened before is not known: {error}"));
        vec![]
    });
    let mut others: Vec<&str> = before.iter().flatten().map(|opening| opening.key.as_str()).collect();
    let unread = before.iter().filter(|opening| opening.is_none()).count();
    let is_new = !others.contains(&key.as_str());
    others.retain(|other| *other != key);
    others.sort_unstable();
    others.dedup();
    let opened = (others.len() + unread) as u64 + 1;
    let opening = Opening {
        at: evaluation.at,
        key,
        accepted: evaluation.accepted,
        verdict: evaluation.verdict,
        gain: evaluation.gain,
        interval: evaluation.interval,
    };
    if is_new && let Err(error) = store.add(&opening) {
        remarks.push(format!("That the test rows were opened could not be counted: {error}"));
    }
    opened
}
