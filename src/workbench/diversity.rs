//! How varied a session's rows are, and how near to its real ones.
//!
//! Only rows of the target are measured, beside its train rows: rows of another label differ from those by what they say.
//! Test rows play no part.

use std::collections::BTreeMap;

use super::{ReadBench, Watch, WorkbenchError};
use crate::dataset::Dataset;
use crate::domain::{
    Diversity, GroupDiversity, GroupFigures, Projection, RowNumber, RowView, Session, StateKind, Version,
};
use crate::export::ExportProgress;
use crate::measure::{LEAST_ROWS, Pool, Prepared, Texts, compare, tell};
use crate::text::{Stop, Stopped};

impl ReadBench {
    /// Measures the rows of the target, and tells after each group how many of them are done.
    ///
    /// # Errors
    ///
    /// Where the dataset cannot be read, or the work was stopped.
    pub(crate) fn diversity(&self, watch: Watch<'_>) -> Result<Diversity, WorkbenchError> {
        let dataset = self.dataset()?;
        diversity(self.session(), &dataset, self.projection(), watch)
            .map_err(|Stopped| WorkbenchError::FiguresStopped)
    }
}

/// Some rows to measure.
struct Group {
    name: String,
    /// How sentences name its rows, as *Accepted rows*.
    who: String,
    rows: Vec<RowNumber>,
}

/// Measures the rows of the target: accepted ones, pending ones, and each version's accepted rows, in this order.
///
/// # Errors
///
/// Where it was stopped.
pub(super) fn diversity(
    session: &Session,
    dataset: &Dataset,
    projection: &Projection,
    watch: Watch<'_>,
) -> Result<Diversity, Stopped> {
    let target = &session.target.label;
    let (groups, other_labels) = groups(projection, target);
    let mut pool = Pool::default();
    let real = pool.prepare(dataset.train_of(target).iter().map(|&row| dataset.text(row)).collect());
    let total = groups.len() as u64;
    let mut measured = Vec::with_capacity(groups.len());
    let mut accepted = None;
    for (done, group) in (0..).zip(groups) {
        (watch.progress)(ExportProgress { done, total });
        let figures = match &accepted {
            // A version that wrote all accepted rows has their figures.
            Some((rows, figures)) if *rows == group.rows => Option::clone(figures),
            _ => group.figures(projection, &real, &mut pool, watch.stop)?,
        };
        measured.push(group.told(figures.clone(), &real, target));
        accepted.get_or_insert((group.rows, figures));
    }
    Ok(Diversity {
        session: session.name.clone(),
        target: target.clone(),
        real_rows: real.len() as u64,
        real_lengths: real.lengths(),
        other_labels,
        groups: measured,
    })
}

impl Group {
    /// Returns the figures, without sentences; `None` where there are too few rows.
    fn figures(
        &self,
        projection: &Projection,
        real: &Prepared,
        pool: &mut Pool,
        stop: &Stop,
    ) -> Result<Option<GroupFigures>, Stopped> {
        let rows = pool.prepare(Texts::of(projection, &self.rows));
        (rows.len() >= LEAST_ROWS).then(|| compare(&rows, real, pool, stop)).transpose()
    }

    /// Adds what is said of the figures, or why there are none.
    fn told(&self, mut measured: Option<GroupFigures>, real: &Prepared, target: &str) -> GroupDiversity {
        let rows = self.rows.len();
        let remark = if rows < LEAST_ROWS {
            Some(format!("{LEAST_ROWS} rows or more have figures, and there are {rows}."))
        } else if real.len() < 2 * LEAST_ROWS {
            Some(format!(
                "{} known real rows of `{target}` are too few to compare with; {} are needed. Figures are judged by \
                 typical values alone.",
                real.len(),
                2 * LEAST_ROWS
            ))
        } else {
            None
        };
        if let Some(figures) = &mut measured {
            tell(&self.who, figures, real);
        }
        GroupDiversity { group: self.name.clone(), rows: rows as u64, measured, remark }
    }
}

/// Returns the groups, and how many accepted and pending rows have another label than the target.
fn groups(projection: &Projection, target: &str) -> (Vec<Group>, u64) {
    let (mut accepted, mut pending, mut imported, mut other_labels) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut of_versions: BTreeMap<_, Vec<RowNumber>> = BTreeMap::new();
    for row in projection.rows() {
        let kind = row.state().kind();
        if !matches!(kind, StateKind::Accepted | StateKind::Pending) {
            continue;
        }
        if row.label() != target {
            other_labels += 1;
        } else if kind == StateKind::Pending {
            pending.push(row.number());
        } else {
            accepted.push(row.number());
            match place_of(projection, &row) {
                // A group of its side would tell how different that is.
                _ if row.is_hidden() => {}
                Some(place) => of_versions.entry(place).or_default().push(row.number()),
                None => imported.push(row.number()),
            }
        }
    }
    let group = |name: &str, who: &str, rows| Group { name: name.to_owned(), who: who.to_owned(), rows };
    let mut groups =
        vec![group("accepted", "Accepted rows", accepted), group("pending", "Pending rows", pending)];
    let versions = projection.versions();
    for (place, rows) in of_versions {
        let Some(version) = versions.get(place) else { continue };
        let name = name_of(version, versions);
        groups.push(group(&name, &format!("Accepted rows of {name}"), rows));
    }
    if !imported.is_empty() {
        groups.push(group("imported", "Imported rows", imported));
    }
    (groups, other_labels)
}

/// Returns the place of a row's version among all versions; an imported row has none.
fn place_of(projection: &Projection, row: &RowView<'_>) -> Option<usize> {
    let id = row.version()?.id;
    projection.versions().iter().position(|version| version.id == id)
}

/// Returns a version's name: `v3`, or `NAME@v3` where there are several prompts.
fn name_of(version: &Version, versions: &[Version]) -> String {
    if versions.iter().all(|other| other.name == version.name) {
        format!("v{}", version.number)
    } else {
        format!("{}@v{}", version.name, version.number)
    }
}
