//! The Coverage view: how many rows each pair of values of two variables has, and what the next run adds.
//!
//! ```text
//! rows on show ─┐
//! variables ────┼─► CoverageMap ──► drawn            s ──► a run whose rows have the values of the selected pair
//! next plan ────┘
//! ```
//!
//! The map is counted when it is drawn: it follows decisions and rows that come.

use super::Model;
use crate::curate::coverage::rows_so_far;
pub(crate) use crate::curate::coverage::{CoverageCell, CoverageMap};
use crate::curate::plan::{PlanInputs, PlanTable, next_seed};
use crate::domain::{PlanOrder, Provider, RunNumber, Variables};

/// The Coverage view: which variables it shows, and the selected pair of values.
#[derive(Debug, Clone, Default)]
pub struct CoveragePane {
    /// The variable of the lines, by its place among all; wraps around.
    pub(crate) down: usize,
    /// How many places further the variable of the columns is.
    pub(crate) further: usize,
    /// The selected line.
    pub(crate) line: usize,
    /// The selected column.
    pub(crate) column: usize,
    /// How the rows of the run that was just asked for are spread, where a pair was chosen for it.
    pub(super) wanted: Option<PlanOrder>,
}

impl Model {
    /// Returns the variables of the prompt: those of the last preview, else of the version in the editor.
    #[must_use]
    pub(crate) fn variables(&self) -> Variables {
        let previewed = self.preview.preview.as_ref().and_then(|preview| preview.all.as_deref());
        let version = || self.prompt.base.and_then(|base| self.shown().version(base));
        previewed.cloned().or_else(|| Some(version()?.content.drawn())).unwrap_or_default()
    }

    /// Returns the names of the two variables that the map shows; the second is missing where there is only one.
    #[must_use]
    pub(crate) fn covered_variables(&self, variables: &Variables) -> Option<(String, Option<String>)> {
        let names: Vec<&String> = variables.values.keys().collect();
        let down = self.coverage.down.checked_rem(names.len())?;
        let across = (names.len() > 1).then(|| {
            // Never the variable itself.
            let further = 1 + self.coverage.further % (names.len() - 1);
            names[(down + further) % names.len()].clone()
        });
        Some((names[down].clone(), across))
    }

    /// Returns the label that the next rows get.
    fn label_of_next(&self) -> String {
        let target = self.stage.session().map(|open| open.session.target.label.clone());
        self.prompt.draft().label.or(target).unwrap_or_default()
    }

    /// Returns the map of the rows on show, with what the next run's plan gives; `None` without variables.
    #[must_use]
    pub(crate) fn coverage_map(&self) -> Option<CoverageMap> {
        let variables = self.variables();
        let (down, across) = self.covered_variables(&variables)?;
        let label = self.label_of_next();
        let mut map = CoverageMap::count(self.shown(), &label, &variables, (&down, across.as_deref()));
        if !self.sampling.order.plan.is_plain()
            && let Some(Ok(table)) = self.next_plan()
        {
            map.plan(table.lines.iter().map(|line| (&line.variables, line.rows)));
        }
        Some(map)
    }

    /// Returns the plan of the next run, or why it cannot be planned, as a sentence; `None` where there is none: the
    /// generator reads no variables, or the prompt has none.
    #[must_use]
    pub(crate) fn next_plan(&self) -> Option<Result<PlanTable, String>> {
        let order = &self.sampling.order;
        let variables = self.variables();
        if order.generator.provider == Provider::Offline || variables.values.is_empty() {
            return None;
        }
        let label = self.label_of_next();
        let session_seed = self.stage.session().map_or(0, |open| open.session.dataset.seed);
        let next = RunNumber(u32::try_from(self.shown().runs().count()).unwrap_or(u32::MAX - 1) + 1);
        let inputs = PlanInputs {
            variables: &variables,
            order: &order.plan,
            rows: order.rows,
            rows_per_request: order.generator.rows_per_request,
            seed: order.seed.unwrap_or_else(|| next_seed(session_seed, next)),
        };
        let table = PlanTable::new(inputs, |all| rows_so_far(self.shown(), &label, all));
        Some(table.map_err(|fault| fault.to_string()))
    }

    /// Returns the plan of the next run in a few words: `plan grid: 12 combinations · 4 rows each · 12 requests`.
    #[must_use]
    pub(crate) fn plan_said(&self) -> Option<String> {
        let order = &self.sampling.order.plan;
        if order.is_plain() {
            return None;
        }
        let name = order.mode.name();
        Some(match self.next_plan()? {
            Ok(table) => format!("plan {name}: {}", table.said()),
            Err(sentence) => format!("plan {name}: {sentence}"),
        })
    }
}
