//! A job beside the writer, of which one goes on at a time.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::domain::JobId;

/// The job that goes on, if any.
#[derive(Default)]
pub(super) struct Going(Option<Job>);

struct Job {
    id: JobId,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Going {
    /// Notes the job that goes on now.
    pub(super) fn begin(&mut self, id: JobId, stop: CancellationToken, task: JoinHandle<()>) {
        self.0 = Some(Job { id, stop, task });
    }

    /// Stops a job, if it is the one that goes on.
    pub(super) fn stop(&self, id: JobId) {
        if let Some(job) = self.0.as_ref().filter(|job| job.id == id) {
            job.stop.cancel();
        }
    }

    /// Stops whatever goes on.
    pub(super) fn stop_all(&self) {
        if let Some(job) = &self.0 {
            job.stop.cancel();
        }
    }

    /// Stops what goes on and waits until nothing of it is left, but not longer than this.
    pub(super) async fn close(&mut self, longest: Duration) {
        self.stop_all();
        if let Some(job) = self.0.take() {
            let _ = tokio::time::timeout(longest, job.task).await;
        }
    }
}
