//! What the rows of an export come from: versions, models and labels, with counts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::file::ExportRow;
use super::shape::Part;
use crate::domain::{FlagKind, Version};

/// What rows come from.
#[derive(Debug, Default)]
pub(super) struct Origins<'a> {
    /// The versions, in the order in which they were made, with their rows.
    pub versions: Vec<(&'a Version, u64)>,
    /// The models, by provider and name.
    pub models: Vec<RowsOfModel<'a>>,
    /// How many rows have each label.
    pub labels: BTreeMap<&'a str, u64>,
    /// How many were imported.
    pub imported: u64,
    /// How many were decided together with others.
    pub in_bulk: u64,
    /// How many are equal or nearly equal to real test rows.
    pub contaminated: u64,
}

/// A model that wrote rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct RowsOfModel<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// The model that was asked for, where the provider has models.
    pub model: Option<&'a str>,
    /// The models that answered, as servers name them.
    pub answered_by: BTreeSet<&'a str>,
    /// How many of the rows it wrote.
    pub rows: u64,
}

impl<'a> Origins<'a> {
    /// Returns what rows come from.
    pub(super) fn of<'r>(rows: &'r [(ExportRow<'a>, Option<Part>)]) -> Self {
        let mut versions: BTreeMap<_, (&Version, u64)> = BTreeMap::new();
        let mut models: BTreeMap<(&str, Option<&str>), RowsOfModel<'_>> = BTreeMap::new();
        let mut origins = Self::default();
        for (row, _) in rows {
            *origins.labels.entry(row.label()).or_default() += 1;
            let ExportRow::Synthetic(row) = row else { continue };
            origins.in_bulk += u64::from(row.is_bulk());
            origins.contaminated += u64::from(row.has_flag(FlagKind::ContaminatesTest));
            let Some(request) = row.request() else {
                origins.imported += 1;
                continue;
            };
            if let Some(version) = row.version() {
                versions.entry(version.id).or_insert((version, 0)).1 += 1;
            }
            let Some(run) = row.run() else { continue };
            let (provider, model) = (run.generator.provider.as_str(), run.generator.model.as_deref());
            let of = models.entry((provider, model)).or_insert_with(|| RowsOfModel {
                provider,
                model,
                answered_by: BTreeSet::new(),
                rows: 0,
            });
            of.rows += 1;
            if let Some(answered) =
                request.answered_by.as_deref().filter(|name| !of.answered_by.contains(name))
            {
                of.answered_by.insert(answered);
            }
        }
        let mut versions: Vec<_> = versions.into_values().collect();
        versions.sort_by_key(|(version, _)| (version.created_at, version.number));
        Self { versions, models: models.into_values().collect(), ..origins }
    }
}
