//! A new session for a person's own dataset.

use std::path::{Component, Path, PathBuf};

use super::{Location, WorkbenchError, dataset_of};
use crate::config::{NewSession, session_file};
use crate::dataset::Dataset;

/// The settings of a new session, as the command line names them.
#[derive(Debug, Clone, Copy)]
pub struct NewOrder<'a> {
    /// The dataset's file.
    pub data: &'a Path,
    /// The column of the text.
    pub text: &'a str,
    /// The column of the label.
    pub label: &'a str,
    /// The label that more rows are wanted of.
    pub target: &'a str,
    /// The column of the id.
    pub id: Option<&'a str>,
    /// The column that says train or test.
    pub split: Option<&'a str>,
    /// The share of each class that goes into the test set.
    pub test_fraction: f64,
    /// The seed of the split and of the runs.
    pub seed: u64,
}

/// Writes a new session's session.toml and returns where the session is.
///
/// # Errors
///
/// Where the folder holds a session already, the dataset cannot be used, or nothing can be written.
pub fn new_session(
    folder: &Path,
    order: &NewOrder<'_>,
    store: Option<&Path>,
) -> Result<Location, WorkbenchError> {
    let file = folder.join(session_file::FILE_NAME);
    if file.exists() {
        return Err(WorkbenchError::Exists(file));
    }
    let failed = |what, path: &Path| {
        let path = path.to_owned();
        move |source| WorkbenchError::Io { what, path, source }
    };
    let data = relative_to(folder, order.data).map_err(failed("The path cannot be found of", order.data))?;
    let data = data.to_string_lossy();
    let name = std::path::absolute(folder)
        .ok()
        .and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
    let mut wanted = NewSession {
        name: name.as_deref().unwrap_or("session"),
        path: &data,
        text: order.text,
        label: order.label,
        target: order.target,
        id: order.id,
        split: order.split,
        test_fraction: order.test_fraction,
        seed: order.seed,
        lengths: None,
    };
    let mut session = session_file::parse(&wanted.to_toml(), &file)?;
    // The path is relative to a folder that does not exist yet, so it could not be resolved before.
    session.dataset.path =
        std::path::absolute(order.data).map_err(failed("The path cannot be found of", order.data))?;
    let dataset = dataset_of(folder, &session, None)?;
    wanted.lengths = lengths(&dataset, order.target);
    std::fs::create_dir_all(folder).map_err(failed("The folder cannot be made:", folder))?;
    wanted.write(folder)?;
    let store = store.map_or_else(|| folder.join(".rowsmith"), Path::to_owned);
    Ok(Location { folder: folder.to_owned(), store })
}

/// Returns the path of a file as seen from a folder, so that both can be moved together.
fn relative_to(folder: &Path, file: &Path) -> std::io::Result<PathBuf> {
    let (folder, file) = (std::path::absolute(folder)?, std::path::absolute(file)?);
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    // If they share only the root, a relative path would be nothing but `..`.
    if shared <= 1 {
        return Ok(file);
    }
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(file.components().skip(shared)).collect())
}

/// Returns the 1st and the 99th percentile of the text lengths of a label's train rows, in characters.
fn lengths(dataset: &Dataset, label: &str) -> Option<(u32, u32)> {
    let mut chars: Vec<u32> = dataset
        .train_of(label)
        .iter()
        .map(|row| u32::try_from(dataset.text(*row).chars().count()).unwrap_or(u32::MAX))
        .collect();
    chars.sort_unstable();
    let at = |share: usize| chars.len().checked_sub(1).map(|last| chars[last * share / 100]);
    at(1).zip(at(99))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_is_named_as_seen_from_its_session() {
        let relative = |folder, file| relative_to(Path::new(folder), Path::new(file)).unwrap();
        assert_eq!(relative("/home/a/spam", "/home/a/spam/d.csv"), Path::new("d.csv"));
        assert_eq!(relative("/home/a/spam", "/home/a/d.csv"), Path::new("../d.csv"));
        assert_eq!(relative("/home/a/b", "/home/data/x/d.csv"), Path::new("../../data/x/d.csv"));
        assert_eq!(relative("/home/a", "/mnt/d.csv"), Path::new("/mnt/d.csv"));
    }
}
