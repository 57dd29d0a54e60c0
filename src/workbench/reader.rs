//! A session that is only looked at. It takes no lock, and works beside an open workbench.

use super::{Location, Workbench, WorkbenchError, dataset_of, prompts};
use crate::config;
use crate::dataset::Dataset;
use crate::domain::{Projection, Session, Timestamp, Version};
use crate::store::Reader;

/// An opened session that cannot be changed.
#[derive(Debug)]
pub(crate) struct ReadBench {
    location: Location,
    session: Session,
    projection: Projection,
}

impl ReadBench {
    /// Opens a session for reading, as its journal stands. A store that nobody has made yet is made
    /// first, so that the first prompt is there to be read.
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
                // Somebody is making it at this moment: what is there so far is what there is.
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

    /// Returns the state that the journal's facts add up to.
    pub(crate) const fn projection(&self) -> &Projection {
        &self.projection
    }

    /// Reads the dataset, split as the journal remembers it.
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
    /// Where it names none.
    pub(crate) fn version(&self, reference: &str) -> Result<&Version, WorkbenchError> {
        prompts::find_version(&self.projection, Some(reference))
    }
}
