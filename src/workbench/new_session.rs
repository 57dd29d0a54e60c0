//! A new session for a person's own dataset.
//!
//! First everything is read and checked, which may take long and writes nothing; then the
//! folder, the store and the session file are made, or nothing of them:
//!
//! ```text
//! NewOrder ──► prepare ──► PreparedSession: settings, rows, findings ──► make ──► Location
//! ```

mod findings;
mod making;
mod paths;

use std::path::{Path, PathBuf};

use super::{Location, WorkbenchError, dataset_of, scarcity};
use crate::config::{self, session_file};
use crate::dataset::{self, Dataset, Format, Reading, findings::label_counts};
use crate::domain::{Quotes, Session, Timestamp};

pub(crate) use paths::expanded;

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
    /// The column that says train or test; `none` says that none is wanted.
    pub split: Option<&'a str>,
    /// The character between the cells of a table; else it is found out.
    pub separator: Option<char>,
    /// What quotes mean in a table; else it is found out.
    pub quotes: Option<Quotes>,
    /// Whether cells without a column's name behind the text belong to it.
    pub join: bool,
    /// Whether rows without a label are passed over.
    pub skip_unlabelled: bool,
    /// The share of each class that goes into the test set.
    pub test_fraction: f64,
    /// The seed of the split and of the runs.
    pub seed: u64,
    /// How many train rows of the target are known, from 1; the others are held back. With `None` all are known.
    pub scarce: Option<u32>,
}

impl<'a> NewOrder<'a> {
    /// Returns the order for a session whose dataset is read as it is found, and split by seed 42, a fifth of each
    /// class into the test set.
    #[must_use]
    pub const fn new(data: &'a Path, text: &'a str, label: &'a str, target: &'a str) -> Self {
        Self {
            data,
            text,
            label,
            target,
            id: None,
            split: None,
            separator: None,
            quotes: None,
            join: false,
            skip_unlabelled: false,
            test_fraction: 0.2,
            seed: 42,
            scarce: None,
        }
    }
}

/// What `--split` says where the rows are to be split by seed although the file has a column for it.
pub(crate) const NO_SPLIT: &str = "none";

/// A session that was read and checked, and not made yet.
#[derive(Debug)]
pub(crate) struct PreparedSession {
    location: Location,
    session: Session,
    text: String,
    dataset: Dataset,
    remarks: Vec<String>,
}

impl PreparedSession {
    /// Returns the rows, split.
    #[must_use]
    pub(crate) const fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// Returns the labels with their counts, the most frequent first.
    #[must_use]
    pub(crate) fn labels(&self) -> String {
        label_counts(&self.dataset)
    }

    /// Returns how many rows of the target are known and held back, in full sentences, where not all are known.
    #[must_use]
    pub(crate) fn scarcity(&self) -> Vec<String> {
        scarcity::said(&self.session, &self.dataset)
    }

    /// Returns what is unusual about the dataset, in full sentences.
    #[must_use]
    pub(crate) fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Makes the folder, the store with the split and the first version, and the session file.
    ///
    /// # Errors
    ///
    /// Where one of them cannot be written, or is there by now; then none of them is left.
    pub(crate) fn make(self, at: Timestamp) -> Result<Location, WorkbenchError> {
        making::make(&self.location, &self.text, self.session, self.dataset, at)?;
        Ok(self.location)
    }
}

/// Makes a new session and returns where it is.
///
/// # Errors
///
/// Where the folder holds a session or a store already, the dataset cannot be used, or nothing can be written.
pub fn new_session(
    folder: &Path,
    order: &NewOrder<'_>,
    store: Option<&Path>,
    at: Timestamp,
) -> Result<Location, WorkbenchError> {
    prepare(folder, order, store)?.make(at)
}

/// Reads and checks a new session; writes nothing.
///
/// # Errors
///
/// Where the folder holds a session or a store already, or the dataset cannot be used.
pub(crate) fn prepare(
    folder: &Path,
    order: &NewOrder<'_>,
    store: Option<&Path>,
) -> Result<PreparedSession, WorkbenchError> {
    let location = free(folder, store)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| WorkbenchError::Io { what: "The path cannot be found of", path, source }
    };
    let path = paths::relative_to(folder, order.data).map_err(failed(order.data))?;
    let path = path.to_string_lossy();
    let name = std::path::absolute(folder).map_err(failed(folder))?;
    let name = paths::plain(&name).file_name().map(|name| name.to_string_lossy().into_owned());
    let split = order.split.filter(|split| *split != NO_SPLIT);
    let mut wanted = config::NewSession {
        name: name.as_deref().unwrap_or("session"),
        path: &path,
        text: order.text,
        label: order.label,
        target: order.target,
        id: order.id,
        split,
        separator: order.separator,
        quotes: order.quotes,
        join: order.join,
        skip_unlabelled: order.skip_unlabelled,
        test_fraction: order.test_fraction,
        seed: order.seed,
        scarce: order.scarce,
        lengths: None,
        masks: Vec::new(),
    };
    let file = folder.join(session_file::FILE_NAME);
    let mut session = session_file::parse(&wanted.to_toml(), &file)?;
    // The path is relative to a folder that may not exist yet, so it could not be resolved before.
    let data = std::path::absolute(order.data).map_err(failed(order.data))?;
    session.dataset.path.clone_from(&data);
    let dataset = dataset_of(folder, &session, None)?;
    wanted.lengths = findings::lengths(&dataset, order.target);
    wanted.masks = findings::masks(&dataset, order.target);
    let reading = Reading { separator: order.separator, quotes: order.quotes, ..Reading::default() };
    let look = dataset::look(&data, reading).ok();
    // Written down, so that the file is read in the same way when it has grown.
    if let Some(Format::Table { separator, quotes }) = look.as_ref().map(|look| look.format) {
        wanted.separator = wanted.separator.or(Some(separator).filter(|separator| *separator != ','));
        wanted.quotes = wanted.quotes.or(Some(quotes).filter(|_| separator == '\t'));
    }
    let remarks = findings::remarks(look.as_ref(), &dataset, order, &wanted.masks);
    let text = wanted.to_toml();
    let session = session_file::parse(&text, &file)?;
    Ok(PreparedSession { location, session, text, dataset, remarks })
}

/// Checks that a session can be made in a folder, before anything is read.
///
/// # Errors
///
/// Where the folder holds a session or a store already, or is no folder.
pub(crate) fn require_free(folder: &Path, store: Option<&Path>) -> Result<(), WorkbenchError> {
    free(folder, store).map(drop)
}

/// Returns where a session goes, if nothing is there.
fn free(folder: &Path, store: Option<&Path>) -> Result<Location, WorkbenchError> {
    if folder.exists() && !folder.is_dir() {
        let folder = folder.display();
        return Err(WorkbenchError::Usage(format!(
            "{folder} is a file; a session is a folder, so name another one, as in `rowsmith new {folder}-session …`."
        )));
    }
    if !folder.exists() && folder.is_symlink() {
        return Err(WorkbenchError::Usage(format!(
            "{} is a link to a place that is not there; make that folder first, or remove the link.",
            folder.display()
        )));
    }
    let file = folder.join(session_file::FILE_NAME);
    if file.exists() {
        return Err(WorkbenchError::Exists(file));
    }
    let store: PathBuf = store.map_or_else(|| folder.join(".rowsmith"), Path::to_owned);
    let is_taken = std::fs::read_dir(&store).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken || store.is_file() {
        return Err(WorkbenchError::StoreExists(store));
    }
    Ok(Location { folder: folder.to_owned(), store })
}

#[cfg(test)]
mod tests;
