//! Keeps what crosses the wire in a folder, for those who ask for it.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::generate::{Recorder, Recording};
use crate::own_files;
use crate::workbench::WorkbenchError;

/// Writes a file for each request, on a thread of its own so that no row waits for a disk.
///
/// All of them are written once it is dropped.
#[derive(Debug)]
pub(super) struct FolderRecorder {
    tapes: Option<Sender<Recording>>,
    writer: Option<JoinHandle<()>>,
}

impl FolderRecorder {
    /// Makes the folder where there is none, for its owner alone, and begins.
    pub(super) fn start(folder: &Path) -> Result<Self, WorkbenchError> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|source| {
            WorkbenchError::Io { what: "Requests cannot be recorded to", path: folder.to_owned(), source }
        })?;
        own_files::sweep(folder);
        let (tapes, taken) = channel();
        let folder = folder.to_owned();
        let writer = thread::spawn(move || write_all(&folder, &taken));
        Ok(Self { tapes: Some(tapes), writer: Some(writer) })
    }
}

impl Recorder for FolderRecorder {
    fn record(&self, recording: Recording) {
        if let Some(tapes) = &self.tapes {
            // The writer ends only with this.
            let _ = tapes.send(recording);
        }
    }
}

impl Drop for FolderRecorder {
    fn drop(&mut self) {
        drop(self.tapes.take());
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has said so.
            let _ = writer.join();
        }
    }
}

fn write_all(folder: &Path, taken: &Receiver<Recording>) {
    // The moment keeps recordings of several runs apart.
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    for (number, recording) in taken.iter().enumerate() {
        let file = folder.join(format!("{began}-{:05}.json", number + 1));
        if let Err(error) = write(&file, &recording) {
            tracing::warn!("{} cannot be written: {error}", file.display());
        }
    }
}

fn write(file: &PathBuf, recording: &Recording) -> io::Result<()> {
    let headers = |headers: &[(String, String)]| -> serde_json::Value {
        headers.iter().map(|(name, value)| json!([name, value])).collect()
    };
    let document = json!({
        "url": recording.url,
        "request_headers": headers(&recording.request_headers),
        "request_body": recording.request_body,
        "status": recording.status,
        "response_headers": headers(&recording.response_headers),
        "response_body": recording.response_body,
        "error": recording.error,
    });
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut whole = own_files::temporary(folder, own_files::PRIVATE)?;
    serde_json::to_writer_pretty(&mut whole, &document)?;
    whole.write_all(b"\n")?;
    whole.persist_noclobber(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recording_is_a_file_once_the_recorder_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let tapes = folder.path().join("new/tapes");
        let recorder = FolderRecorder::start(&tapes).unwrap();
        for _ in 0..3 {
            recorder.record(Recording { response_body: "words".into(), ..Recording::default() });
        }
        drop(recorder);
        assert_eq!(std::fs::read_dir(&tapes).unwrap().count(), 3);
        let taken = FolderRecorder::start(&folder.path().join("new/tapes/x\0")).unwrap_err().to_string();
        assert!(taken.starts_with("Requests cannot be recorded to"), "{taken}");
    }
}
