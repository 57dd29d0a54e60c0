//! Finds rows by id or filter.

use std::collections::HashSet;

use super::WorkbenchError;
use crate::curate::{Filter, VariableNames, refused_while_blind};
use crate::domain::{Projection, RowId, RowNumber, RowSet};

/// Up to how many ids are looked for one by one.
const FEW: usize = 8;

/// Returns the rows with these ids or unique id prefixes.
///
/// # Errors
///
/// Names the first id that is too short, or matches no row or several.
pub(crate) fn find_rows<I>(projection: &Projection, ids: I) -> Result<RowSet, WorkbenchError>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let ids: Vec<I::Item> = ids.into_iter().collect();
    // An index of all rows is worth it only for many ids.
    let ids_of_rows = || projection.rows().map(|row| (row.id(), row.number()));
    let known = |wanted: &str| {
        let mut known: Vec<(RowId, RowNumber)> =
            ids_of_rows().filter(|(id, _)| id.as_str().starts_with(wanted)).collect();
        known.sort_unstable();
        known
    };
    let mut found = HashSet::new();
    if ids.len() <= FEW {
        for id in &ids {
            found.insert(find_row(&known(id.as_ref()), id.as_ref())?);
        }
    } else {
        let known = known("");
        for id in &ids {
            found.insert(find_row(&known, id.as_ref())?);
        }
    }
    Ok(found.into_iter().collect())
}

fn find_row(known: &[(RowId, RowNumber)], id: &str) -> Result<RowNumber, WorkbenchError> {
    if id.chars().count() < RowId::SHORTEST_PREFIX {
        return Err(WorkbenchError::ShortId(id.to_owned()));
    }
    let first = known.partition_point(|(known, _)| known.as_str() < id);
    let fits = known[first..].iter().take_while(|(known, _)| known.as_str().starts_with(id)).count();
    match fits {
        0 => Err(WorkbenchError::NoRow(id.to_owned())),
        1 => Ok(known[first].1),
        rows => Err(WorkbenchError::AmbiguousRow { id: id.to_owned(), rows }),
    }
}

/// Reads a filter over the rows of a projection; it may name their variables.
///
/// # Errors
///
/// Where it does not parse, or would tell the sides of a blind trial that goes on.
pub(crate) fn read_filter(projection: &Projection, text: &str) -> Result<Filter, WorkbenchError> {
    let filter = Filter::parse_with(text, &VariableNames::of(projection))?;
    match refused_while_blind(&filter, None, projection) {
        Some(why) => Err(WorkbenchError::Usage(why)),
        None => Ok(filter),
    }
}

/// Returns the rows that match a filter, whatever their state.
///
/// # Errors
///
/// As [`read_filter`].
pub(crate) fn matching_rows(projection: &Projection, filter: &str) -> Result<RowSet, WorkbenchError> {
    let filter = read_filter(projection, filter)?;
    let matcher = filter.on(projection);
    Ok(projection.rows().filter(|row| matcher.matches(row)).map(|row| row.number()).collect())
}
