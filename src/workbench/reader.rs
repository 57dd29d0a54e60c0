//! Read-only sessions. They take no lock, so they can be open beside a workbench.

use super::{Location, Workbench, WorkbenchError, dataset_of, prompts};
use crate::config;
use crate::dataset::Dataset;
use crate::domain::{Projection, Session, Timestamp, Version};
use crate::store::Reader;

/// An opened session, read-only.
#[derive(Debug)]
pub(crate) struct ReadBench {
    location: Location,
    session: Session,
    projection: Projection,
}

impl ReadBench {
    /// Opens a session for reading, from its journal. A missing store is created first, so that it has the
    /// first prompt.
    ///
    /// # Errors
    ///
    /// Where the session file or the journal cannot be used.
    pub(crate) fn open(location: &Location, at: Timestamp) -> Result<Self, WorkbenchError> {
        let session = config::load(&location.folder)?.session;
        let (_, mut projection) = Reader::open(&location.store)?;
        if projection.versions().is_empty() {
            match Workbench::open(location, at) {
                Ok(bench) => drop(bench),
                // Another process is creating it: read what is there so far.
                Err(error) if error.class() == super::Class::Locked => {}
                Err(error) => return Err(error),
            }
            (_, projection) = Reader::open(&location.store)?;
        }
        Ok(Self { location: location.clone(), session, projection })
    }

    /// Returns the session's settings.
    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the state of the journal.
    pub(crate) const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Reads the dataset with the split of the journal.
    ///
    /// # Errors
    ///
    /// Where its file cannot be used.
    pub(crate) fn dataset(&self) -> Result<Dataset, WorkbenchError> {
        dataset_of(&self.location.folder, &self.session, self.projection.split())
    }

    /// Returns the version that a reference names.
    ///
    /// # Errors
    ///
    /// Where there is no such version.
    pub(crate) fn version(&self, reference: &str) -> Result<&Version, WorkbenchError> {
        prompts::find_version(&self.projection, Some(reference))
    }
}
