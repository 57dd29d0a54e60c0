//! What the rows of an export come from: versions, models, imported files and labels, with counts.
//!
//! An imported row counts for the version and the model that its file names, apart from those of the session: a version
//! of another session may have the same name and other words.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::file::ExportRow;
use super::shape::Part;
use crate::domain::{FlagKind, Import, Origin, RowView, VersionId};

/// What rows come from.
#[derive(Debug, Default)]
pub(super) struct Origins<'a> {
    /// The versions, in the order in which they were made, with their rows; behind them those that files name.
    pub versions: Vec<RowsOfVersion<'a>>,
    /// The models, by provider and name.
    pub models: Vec<RowsOfModel<'a>>,
    /// The files that rows were imported from, in the order of their imports.
    pub imported: Vec<RowsOfFile<'a>>,
    /// How many rows have each label.
    pub labels: BTreeMap<&'a str, u64>,
    /// How many were decided together with others.
    pub in_bulk: u64,
    /// How many are equal or nearly equal to real test rows.
    pub contaminated: u64,
}

/// A version that rows were made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowsOfVersion<'a> {
    /// The prompt's name.
    pub name: &'a str,
    /// The version's number, where it is known.
    pub number: Option<u32>,
    /// Its id; none for a version that only the file of an imported row names.
    pub id: Option<VersionId>,
    /// How many of the rows it made.
    pub rows: u64,
}

/// A model that wrote rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct RowsOfModel<'a> {
    /// The provider's name; none where the file of imported rows does not say.
    pub provider: Option<&'a str>,
    /// The model that was asked for, where the provider has models.
    pub model: Option<&'a str>,
    /// The models that answered, as servers name them.
    pub answered_by: BTreeSet<Arc<str>>,
    /// How many of the rows it wrote.
    pub rows: u64,
}

/// A file that rows were imported from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct RowsOfFile<'a> {
    /// Its name.
    pub file: &'a str,
    /// The format that it was read in.
    pub format: &'a str,
    /// The hash of its bytes.
    pub hash: &'a str,
    /// How many of the rows it brought.
    pub rows: u64,
}

type Models<'a> = BTreeMap<(Option<&'a str>, Option<&'a str>), RowsOfModel<'a>>;

impl<'a> Origins<'a> {
    /// Returns what rows come from.
    pub(super) fn of<'r>(rows: &'r [(ExportRow<'a>, Option<Part>)]) -> Self {
        let mut versions = BTreeMap::new();
        let mut named: BTreeMap<(&str, Option<u32>), u64> = BTreeMap::new();
        let mut files: BTreeMap<u32, (&Import, u64)> = BTreeMap::new();
        let mut models = Models::new();
        let mut origins = Self::default();
        for (row, _) in rows {
            *origins.labels.entry(row.label()).or_default() += 1;
            let ExportRow::Synthetic(row) = row else { continue };
            origins.in_bulk += u64::from(row.is_bulk());
            origins.contaminated += u64::from(row.has_flag(FlagKind::ContaminatesTest));
            if let Some(version) = row.version() {
                versions.entry(version.id).or_insert((version, 0)).1 += 1;
            }
            if let Some(import) = row.import() {
                files.entry(import.number).or_insert((import, 0)).1 += 1;
            }
            if let Some((prompt, origin)) =
                row.origin().and_then(|origin| Some((origin.prompt.as_deref()?, origin)))
            {
                *named.entry((prompt, origin.version)).or_default() += 1;
            }
            count_model(&mut models, row);
        }
        let mut versions: Vec<_> = versions.into_values().collect();
        versions.sort_by_key(|(version, _)| (version.created_at, version.number));
        let own = versions.into_iter().map(|(version, rows)| RowsOfVersion {
            name: &version.name,
            number: Some(version.number),
            id: Some(version.id),
            rows,
        });
        let named =
            named.into_iter().map(|((name, number), rows)| RowsOfVersion { name, number, id: None, rows });
        let imported = files.into_values().map(|(import, rows)| RowsOfFile {
            file: &import.file,
            format: &import.format,
            hash: &import.hash,
            rows,
        });
        Self {
            versions: own.chain(named).collect(),
            models: models.into_values().collect(),
            imported: imported.collect(),
            ..origins
        }
    }
}

/// Counts a row for the model that wrote it, as far as one is known.
fn count_model<'a>(models: &mut Models<'a>, row: &RowView<'a>) {
    let named = |origin: &'a Origin| (origin.provider.as_deref(), origin.model.as_deref());
    let (provider, model) = match row.run() {
        Some(run) => (Some(run.generator.provider.as_str()), run.generator.model.as_deref()),
        None => row.origin().map(named).unwrap_or_default(),
    };
    if provider.is_none() && model.is_none() {
        return;
    }
    let new = || RowsOfModel { provider, model, answered_by: BTreeSet::new(), rows: 0 };
    let of = models.entry((provider, model)).or_insert_with(new);
    of.rows += 1;
    let answered = row.request().and_then(|request| request.answered_by.clone());
    if let Some(answered) = answered.filter(|name| !of.answered_by.contains(name)) {
        of.answered_by.insert(answered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;

    #[test]
    fn imported_rows_count_for_what_their_file_names_and_for_the_file() {
        let mut story = Story::with_rows(2);
        let origin = Origin {
            prompt: Some("main".into()),
            version: Some(3),
            model: Some("smollm2".into()),
            ..Origin::default()
        };
        story.imported("labels.csv", &origin, &["one", "two", "three"]);
        story.imported("bare.csv", &Origin::default(), &["four"]);
        let rows: Vec<_> = story.projection.rows().map(|row| (ExportRow::Synthetic(row), None)).collect();

        let origins = Origins::of(&rows);

        let versions: Vec<_> =
            origins.versions.iter().map(|of| (of.name, of.number, of.id.is_some(), of.rows)).collect();
        assert_eq!(versions, [("main", Some(1), true, 2), ("main", Some(3), false, 3)]);
        let models: Vec<_> = origins.models.iter().map(|of| (of.provider, of.model, of.rows)).collect();
        assert_eq!(models, [(None, Some("smollm2"), 3), (Some("offline"), None, 2)]);
        let files: Vec<_> = origins.imported.iter().map(|of| (of.file, of.format, of.rows)).collect();
        assert_eq!(files, [("labels.csv", "jsonl", 3), ("bare.csv", "jsonl", 1)]);
    }
}
