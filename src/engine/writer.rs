//! The thread that owns the workbench: what it is handed it stages, and what waits together shares one fsync.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::domain::Saved;
use crate::workbench::{Workbench, WorkbenchError};

/// How many pieces of work share one fsync at most.
const MOST_TOGETHER: usize = 256;
/// From how many pieces of a run's work on the thread rests before it takes up more, so that more shares an fsync
/// and nobody has to wake it.
const CROWD: usize = 4;
/// How long it rests then.
const REST: Duration = Duration::from_millis(2);
/// How long nothing must come before sled is brought up to date.
const QUIET: Duration = Duration::from_millis(400);

/// What is called once the batch was written, or was not: with the workbench, and why it failed.
type Finish = Box<dyn FnOnce(&mut Workbench, Result<(), &WorkbenchError>) + Send>;
/// A piece of work: it stages facts and says what to do once they are durable.
struct Work {
    stage: Box<dyn FnOnce(&mut Workbench) -> Finish + Send>,
    /// Whether it is a run's and no person waits for it.
    calm: bool,
}

/// What the thread is sent.
enum Order {
    Work(Work),
    /// Write what waits and end, whoever still holds a handle: a request that does not hear must not hold up
    /// the end of the program.
    Close,
}

/// What staging gives, once what was staged is durable.
#[derive(Debug)]
pub struct Staged<T> {
    /// What the work returned.
    pub value: T,
    /// What the journal holds with it.
    pub saved: Saved,
}

/// The writer thread. Dropping it writes what waits, closes the store and gives up its lock.
#[derive(Debug)]
pub struct Writer {
    sender: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

/// Hands work to the writer thread.
#[derive(Debug, Clone)]
pub struct WriterHandle {
    sender: Sender<Order>,
}

impl Writer {
    /// Starts the thread. `open` runs on it, and `opened` is told what became of it.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub fn start(
        open: impl FnOnce() -> Result<Workbench, WorkbenchError> + Send + 'static,
        opened: impl FnOnce(Result<&mut Workbench, WorkbenchError>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        let work = move || match open() {
            Ok(mut bench) => {
                opened(Ok(&mut bench));
                write(bench, &receiver);
            }
            Err(error) => opened(Err(error)),
        };
        let thread = std::thread::Builder::new().name("rowsmith-writer".into()).spawn(work)?;
        Ok(Self { sender, thread: Some(thread) })
    }

    /// Returns a handle to hand work over with. What is handed over once the writer is dropped is answered with an
    /// error.
    pub fn handle(&self) -> WriterHandle {
        WriterHandle { sender: self.sender.clone() }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread is gone already only where it panicked.
        let _ = self.sender.send(Order::Close);
        if let Some(thread) = self.thread.take() {
            // A panic of that thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

impl WriterHandle {
    /// Stages work on the writer thread; `finish` is called there once its facts are durable, or are not.
    pub fn stage<T, F, D>(&self, work: F, finish: D)
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
        D: FnOnce(Result<T, WorkbenchError>, &Saved) + Send + 'static,
    {
        self.send(false, work, move |outcome, bench| {
            let (sequence, projection) = bench.saved();
            finish(outcome, &Saved { sequence, projection });
        });
    }

    /// Stages work without looking at the state afterwards, which costs more than most work does.
    pub fn hand_over<T, F, D>(&self, work: F, finish: D)
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
        D: FnOnce(Result<T, WorkbenchError>) + Send + 'static,
    {
        self.send(true, work, move |outcome, _| finish(outcome));
    }

    /// Stages work and waits until its facts are durable.
    ///
    /// # Errors
    ///
    /// Why it could not be done.
    pub async fn ask<T, F>(&self, work: F) -> Result<Staged<T>, WorkbenchError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.stage(work, move |outcome, saved| {
            let saved = saved.clone();
            // Whoever asked may have stopped waiting.
            let _ = answer.send(outcome.map(|value| Staged { value, saved }));
        });
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Stages work and waits until its facts are durable, without looking at the state afterwards.
    ///
    /// # Errors
    ///
    /// Why it could not be done.
    pub async fn tell<T, F>(&self, work: F) -> Result<T, WorkbenchError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.hand_over(work, move |outcome| {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(outcome);
        });
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }

    fn send<T, F, D>(&self, calm: bool, work: F, finish: D)
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
        D: FnOnce(Result<T, WorkbenchError>, &mut Workbench) + Send + 'static,
    {
        let stage = Box::new(move |bench: &mut Workbench| {
            let outcome = work(bench);
            let finish: Finish = Box::new(move |bench, committed| {
                let outcome = match (outcome, committed) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(error)) => Err(WorkbenchError::NotSaved(error.to_string())),
                    (Err(error), _) => Err(error),
                };
                finish(outcome, bench);
            });
            finish
        });
        // The thread is gone only where the program is ending.
        let _ = self.sender.send(Order::Work(Work { stage, calm }));
    }
}

fn stopped() -> WorkbenchError {
    WorkbenchError::NotSaved("The writer has stopped; start the program again.".into())
}

fn write(mut bench: Workbench, receiver: &Receiver<Order>) {
    let (mut is_behind, mut is_closing) = (true, false);
    while !is_closing && let Some(first) = next(&mut bench, receiver, &mut is_behind) {
        let mut calm = first.calm;
        let mut finish = vec![(first.stage)(&mut bench)];
        while finish.len() < MOST_TOGETHER {
            match receiver.try_recv() {
                Ok(Order::Work(work)) => {
                    calm &= work.calm;
                    finish.push((work.stage)(&mut bench));
                }
                Ok(Order::Close) => {
                    is_closing = true;
                    break;
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        let committed = bench.commit();
        let rests = calm && finish.len() >= CROWD;
        for finish in finish {
            finish(&mut bench, committed.as_ref().copied());
        }
        is_behind = true;
        if rests {
            std::thread::sleep(REST);
        }
    }
}

/// Waits for work; while none comes, lets sled follow. Nothing ticks once it has.
fn next(bench: &mut Workbench, receiver: &Receiver<Order>, is_behind: &mut bool) -> Option<Work> {
    while *is_behind {
        match receiver.recv_timeout(QUIET) {
            Ok(Order::Work(work)) => return Some(work),
            Ok(Order::Close) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => *is_behind = bench.follow(),
        }
    }
    match receiver.recv() {
        Ok(Order::Work(work)) => Some(work),
        Ok(Order::Close) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_handle_that_is_still_held_does_not_keep_the_writer_from_ending() {
        let folder = tempfile::tempdir().unwrap();
        let location = crate::engine::fixtures::session(folder.path());
        let open = move || Workbench::open(&location, super::super::clock::now());
        let writer = Writer::start(open, |opened| assert!(opened.is_ok())).unwrap();
        let handle = writer.handle();
        assert!(handle.tell(|_| Ok(())).await.is_ok());

        drop(writer);

        let said = handle.tell(|_| Ok(())).await.unwrap_err().to_string();
        assert!(said.starts_with("The writer has stopped"), "{said}");
    }
}
