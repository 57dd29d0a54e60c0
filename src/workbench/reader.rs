//! A session that is only looked at. It takes no lock, and works beside an open workbench.

use std::path::Path;

use super::{Location, Workbench, WorkbenchError, dataset_of, prompts};
use crate::config;
use crate::dataset::Dataset;
use crate::domain::{Exchange, Projection, RequestNumber, Session, Timestamp, Version};
use crate::store::Reader;

/// An opened session that cannot be changed.
#[derive(Debug)]
pub struct ReadBench {
    location: Location,
    session: Session,
    projection: Projection,
    reader: Reader,
}

impl ReadBench {
    /// Opens a session for reading, as its journal stands. A store that nobody has made yet is made
    /// first, so that the first prompt is there to be read.
    ///
    /// # Errors
    ///
    /// Where the session file or the journal cannot be used.
    pub fn open(location: &Location, at: Timestamp) -> Result<Self, WorkbenchError> {
        let session = config::load(&location.folder)?.session;
        let (mut reader, mut projection) = Reader::open(&location.store)?;
        if projection.versions().is_empty() {
            match Workbench::open(location, at) {
                Ok(bench) => drop(bench),
                // Somebody is making it at this moment: what is there so far is what there is.
                Err(error) if error.class() == super::Class::Locked => {}
                Err(error) => return Err(error),
            }
            (reader, projection) = Reader::open(&location.store)?;
        }
        Ok(Self { location: location.clone(), session, projection, reader })
    }

    /// Returns the session's settings.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// Returns the state that the journal's facts add up to.
    pub const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Returns the session's folder.
    pub fn folder(&self) -> &Path {
        &self.location.folder
    }

    /// Reads the dataset, split as the journal remembers it.
    ///
    /// # Errors
    ///
    /// Where its file cannot be used.
    pub fn dataset(&self) -> Result<Dataset, WorkbenchError> {
        dataset_of(&self.location.folder, &self.session, self.projection.split())
    }

    /// Returns the version that a reference names.
    ///
    /// # Errors
    ///
    /// Where it names none.
    pub fn version(&self, reference: &str) -> Result<&Version, WorkbenchError> {
        prompts::find_version(&self.projection, Some(reference))
    }

    /// Returns what was sent for a request and what came back.
    ///
    /// # Errors
    ///
    /// Where the journal cannot be read.
    pub fn exchange(&self, request: RequestNumber) -> Result<Exchange, WorkbenchError> {
        Ok(self.reader.exchange(request)?)
    }
}
