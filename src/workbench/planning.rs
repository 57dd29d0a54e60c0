//! The plan of a run's rows, made before it begins.

use std::sync::Arc;

use super::intake::next_seed;
use super::plan::{Combinations, RequestMaker};
use super::prompts::find_version;
use super::{Workbench, WorkbenchError};
use crate::curate::coverage::{CoverageMap, rows_so_far};
use crate::curate::plan::{PlanFault, PlanInputs, PlanTable, QuotaBook, Space};
use crate::domain::{PlanMode, PlanOrder, Projection, RowView, Run, RunNumber, Session};

/// What a person wants to see the plan of.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanQuestion {
    /// How many rows.
    pub rows: u32,
    /// Rows asked for in one request.
    pub rows_per_request: u32,
    /// How they are spread.
    pub order: PlanOrder,
    /// The run's seed; `None` takes the session's next one.
    pub seed: Option<u64>,
}

/// Returns the plan of the next run with a version, as it would begin now.
///
/// # Errors
///
/// No such version, or rows that cannot be spread so.
pub(crate) fn plan_of(
    projection: &Projection,
    session: &Session,
    reference: Option<&str>,
    asked: &PlanQuestion,
) -> Result<PlanTable, WorkbenchError> {
    let version = find_version(projection, reference)?;
    let next = RunNumber(u32::try_from(projection.runs().count()).unwrap_or(u32::MAX - 1) + 1);
    let label = version.content.label.as_deref().unwrap_or(&session.target.label);
    let inputs = PlanInputs {
        variables: &version.content.drawn(),
        order: &asked.order,
        rows: asked.rows,
        rows_per_request: asked.rows_per_request,
        seed: asked.seed.unwrap_or_else(|| next_seed(session.dataset.seed, next)),
    };
    Ok(PlanTable::new(inputs, |combinations| rows_so_far(projection, label, combinations))?)
}

/// Returns where the rows of a label stand: the variables of a version, and the rows by two of them.
///
/// # Errors
///
/// No such version, or no such variable.
pub(crate) fn coverage_of(
    projection: &Projection,
    session: &Session,
    reference: Option<&str>,
    (down, across): (Option<&str>, Option<&str>),
) -> Result<CoverageMap, WorkbenchError> {
    let version = find_version(projection, reference)?;
    let variables = version.content.drawn();
    let label = version.content.label.as_deref().unwrap_or(&session.target.label);
    let names: Vec<&str> = variables.values.keys().map(String::as_str).collect();
    if names.is_empty() {
        return Err(WorkbenchError::Usage(format!(
            "v{} of `{}` has no variables, so that there is nothing to cover; give it some under [variables].",
            version.number, version.name
        )));
    }
    let wrong = [down, across].into_iter().flatten().find(|name| !names.contains(name));
    if let Some(name) = wrong {
        return Err(WorkbenchError::Usage(format!(
            "There is no variable `{name}`; there is {}.",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        )));
    }
    let down =
        down.unwrap_or_else(|| names.iter().copied().find(|name| Some(*name) != across).unwrap_or(names[0]));
    let across =
        across.or_else(|| names.iter().copied().find(|name| *name != down)).filter(|name| *name != down);
    Ok(CoverageMap::count(projection, label, &variables, (down, across)))
}

/// Spreads rows over the combinations of a prompt's variables, beside those that there are.
///
/// # Errors
///
/// Rows that cannot be spread so.
pub(super) fn spread(
    projection: &Projection,
    maker: RequestMaker,
    order: &PlanOrder,
    (rows, rows_per_request): (u32, u32),
) -> Result<(RequestMaker, PlanTable), WorkbenchError> {
    let inputs = PlanInputs { variables: &maker.variables, order, rows, rows_per_request, seed: maker.seed };
    let label = &maker.label;
    let table = PlanTable::new(inputs, |combinations| rows_so_far(projection, label, combinations))?;
    let combinations =
        Combinations::of_order(order, || table.lines.iter().map(|line| line.variables.clone()).collect());
    Ok((RequestMaker { combinations, ..maker }, table))
}

impl Workbench {
    /// Plans the rows of a run that begins; nothing where each request draws all its values.
    ///
    /// # Errors
    ///
    /// Rows that cannot be spread so, or a generator that reads no variables.
    pub(super) fn planned(
        &self,
        maker: RequestMaker,
        order: &PlanOrder,
        (rows, rows_per_request): (u32, u32),
        reads_prompt: bool,
    ) -> Result<(RequestMaker, Option<PlanTable>), WorkbenchError> {
        if order.is_plain() {
            return Ok((maker, None));
        }
        if !reads_prompt {
            return Err(WorkbenchError::Usage(format!(
                "The offline generator reads no variables, so that a plan would change nothing: choose a model, or \
                 sample with the plan `{}`.",
                PlanMode::Random.name()
            )));
        }
        let (maker, table) = spread(&self.projection, maker, order, (rows, rows_per_request))?;
        Ok((maker, Some(table)))
    }

    /// Takes up the plan of a run that goes on, with the rows that came.
    ///
    /// # Errors
    ///
    /// Where its combinations cannot be made again.
    pub(super) fn planned_again(
        &self,
        maker: RequestMaker,
        run: &Run,
    ) -> Result<(RequestMaker, Option<QuotaBook>), WorkbenchError> {
        let Some(plan) = &run.plan else { return Ok((maker, None)) };
        if plan.order.mode == PlanMode::Random {
            let combinations = Combinations::of_order(&plan.order, Vec::new);
            return Ok((RequestMaker { combinations, ..maker }, None));
        }
        let space = Space::of(&maker.variables, &plan.order.set)?;
        let mut came = vec![0; space.combinations.len()];
        let of_run = |row: &RowView<'_>| row.run().is_some_and(|of| of.number == run.number);
        for row in self.projection.rows().filter(of_run) {
            if let Some(place) = row.request().and_then(|request| space.place_of(&request.variables)) {
                came[place] += 1;
            }
        }
        let book = QuotaBook::new(plan.quotas(space.combinations.len()), came);
        let combinations = Combinations::of_order(&plan.order, || space.combinations);
        Ok((RequestMaker { combinations, ..maker }, Some(book)))
    }
}

impl Combinations {
    fn of_order(order: &PlanOrder, all: impl FnOnce() -> Vec<super::plan::Values>) -> Self {
        match order.mode {
            PlanMode::Random => Self::Drawn(order.set.clone()),
            PlanMode::Balanced | PlanMode::Grid => Self::Planned(Arc::from(all())),
        }
    }
}

impl From<PlanFault> for WorkbenchError {
    fn from(fault: PlanFault) -> Self {
        Self::Usage(fault.to_string())
    }
}
