//! Imports a file: the room `import` reads it, and the session judges its rows.

use std::cell::Cell;
use std::iter;
use std::path::PathBuf;

use super::{ImportOrder, ImportReport, Refusal};
use crate::domain::{OperationId, Timestamp};
use crate::import::{self, Asked, Fault, Opened};
use crate::text::Stop;
use crate::workbench::{Workbench, WorkbenchError};

/// Which file to import, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileOrder {
    /// The file.
    pub(crate) path: PathBuf,
    /// The column of the texts, where it is not to be found out.
    pub(crate) text: Option<String>,
    /// The column of the labels, where it is not to be found out.
    pub(crate) label: Option<String>,
    /// The label that all rows get.
    pub(crate) given: Option<String>,
    /// Whether rows that bring no decision are accepted.
    pub(crate) accept: bool,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ImportProgress {
    /// Rows read.
    pub(crate) rows: u64,
    /// Bytes of the file read.
    pub(crate) read: u64,
    /// The length of the file in bytes.
    pub(crate) bytes: u64,
}

impl Workbench {
    /// Saves the rows of a file as one operation.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read or changes meanwhile, and as [`Workbench::import`]. Nothing was imported then.
    pub(crate) fn import_file(
        &mut self,
        wanted: &FileOrder,
        (operation, at): (OperationId, Timestamp),
        stop: &Stop,
        told: &mut dyn FnMut(ImportProgress),
    ) -> Result<ImportReport, WorkbenchError> {
        let FileOrder { path, text, label, given, accept } = wanted.clone();
        let mut opened: Opened = import::open(&path, &Asked { text, label })?;
        let name = path.canonicalize().ok().and_then(|whole| Some(whole.file_name()?.to_owned()));
        let name = name.unwrap_or_else(|| path.into_os_string());
        let order = ImportOrder {
            file: name.to_string_lossy().into_owned(),
            hash: opened.fingerprint().to_string(),
            format: opened.format().to_owned(),
            label: given,
            accept,
        };
        let (bytes, read) = (opened.bytes(), Cell::new(0));
        let rows = iter::from_fn(|| {
            let next = opened.next();
            read.set(opened.read_bytes());
            Some(next?.map_err(|Fault { line, why }| Refusal { line, why }))
        });
        let mut far = |rows| told(ImportProgress { rows, read: read.get(), bytes });
        let mut report = self.import((&order, operation, at), rows, stop, &mut far)?;
        report.by_item = opened.by_item();
        report.remarks = opened.remarks();
        Ok(report)
    }
}
