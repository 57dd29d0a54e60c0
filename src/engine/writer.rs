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

/// How long after an attempt to save what waits the next one is made.
const AGAIN: Duration = Duration::from_secs(1);

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

/// Who hands work over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    /// A person at the screen. What cannot be saved waits and counts meanwhile.
    Person,
    /// A front that goes on only with what is saved.
    Front,
    /// A run, which goes on only with what is saved; no person waits for it.
    Run,
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
        Self::start_heard(open, opened, |_| {})
    }

    /// Starts the thread as [`Writer::start`] does. While something is not saved, and once it is again, `heard` is
    /// called with the workbench after each attempt to save it.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub(crate) fn start_heard(
        open: impl FnOnce() -> Result<Workbench, WorkbenchError> + Send + 'static,
        opened: impl FnOnce(Result<&mut Workbench, WorkbenchError>) + Send + 'static,
        heard: impl FnMut(&Workbench) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        let work = move || match open() {
            Ok(mut bench) => {
                opened(Ok(&mut bench));
                write(bench, &receiver, heard);
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
    /// Stages a person's work on the writer thread; `finish` is called there once its facts are durable, or wait
    /// to be.
    pub fn stage<T, F, D>(&self, work: F, finish: D)
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
        D: FnOnce(Result<T, WorkbenchError>, &Saved) + Send + 'static,
    {
        self.send(Asker::Person, work, move |outcome, bench| finish(outcome, &bench.state()));
    }

    /// Stages work that has no answer, and that nobody waits for.
    pub(crate) fn note(&self, work: impl FnOnce(&mut Workbench) + Send + 'static) {
        let work = move |bench: &mut Workbench| {
            work(bench);
            Ok(())
        };
        self.send(Asker::Person, work, |_, _| {});
    }

    /// Does something with the workbench whether it can be saved or not, and waits for it; `None` once the writer
    /// has ended.
    pub(crate) async fn with<T, F>(&self, work: F) -> Option<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> T + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move |bench: &mut Workbench| Ok(work(bench));
        self.send(Asker::Person, work, move |outcome, _| {
            // Whoever asked may have stopped waiting.
            let _ = outcome.map(|value| answer.send(value));
        });
        answered.await.ok()
    }

    /// Stages work without looking at the state afterwards, which costs more than most work does.
    pub fn hand_over<T, F, D>(&self, work: F, finish: D)
    where
        T: Send + 'static,
        F: FnOnce(&mut Workbench) -> Result<T, WorkbenchError> + Send + 'static,
        D: FnOnce(Result<T, WorkbenchError>) + Send + 'static,
    {
        self.send(Asker::Run, work, move |outcome, _| finish(outcome));
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
        self.send(Asker::Front, work, move |outcome, bench| {
            // Whoever asked may have stopped waiting.
            let _ = answer.send(outcome.map(|value| Staged { value, saved: bench.state() }));
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

    fn send<T, F, D>(&self, asker: Asker, work: F, finish: D)
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
                    // It is kept and shown, and the front is told that it is not saved.
                    (Ok(value), Err(error)) if asker == Asker::Person && error.waits() => Ok(value),
                    (Ok(_), Err(error)) => Err(WorkbenchError::NotSaved(error.to_string())),
                    (Err(error), _) => Err(error),
                };
                finish(outcome, bench);
            });
            finish
        });
        // The thread is gone only where the program is ending.
        let _ = self.sender.send(Order::Work(Work { stage, calm: asker == Asker::Run }));
    }
}

fn stopped() -> WorkbenchError {
    WorkbenchError::NotSaved("The writer has stopped; start the program again.".into())
}

fn write(mut bench: Workbench, receiver: &Receiver<Order>, mut heard: impl FnMut(&Workbench)) {
    let (mut is_behind, mut is_closing) = (true, false);
    let mut was_unsaved = false;
    while !is_closing && let Some(first) = next(&mut bench, receiver, &mut is_behind, &mut heard) {
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
        let is_unsaved = bench.unsaved().is_some();
        if is_unsaved || was_unsaved {
            heard(&bench);
        }
        was_unsaved = is_unsaved;
        for finish in finish {
            finish(&mut bench, committed.as_ref().copied());
        }
        is_behind = true;
        bench.follow_if_far_behind();
        if rests {
            std::thread::sleep(REST);
        }
    }
}

/// Waits for work; while none comes, saves what could not be saved before, and lets sled follow. Nothing ticks once
/// it has.
fn next(
    bench: &mut Workbench,
    receiver: &Receiver<Order>,
    is_behind: &mut bool,
    heard: &mut impl FnMut(&Workbench),
) -> Option<Work> {
    loop {
        let unsaved = bench.unsaved();
        let order = if unsaved.is_some() {
            receiver.recv_timeout(AGAIN)
        } else if *is_behind {
            receiver.recv_timeout(QUIET)
        } else {
            receiver.recv().map_err(|_closed| RecvTimeoutError::Disconnected)
        };
        match order {
            Ok(Order::Work(work)) => return Some(work),
            Ok(Order::Close) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if unsaved.is_some() => {
                bench.try_again();
                if bench.unsaved() != unsaved {
                    heard(bench);
                }
            }
            Err(RecvTimeoutError::Timeout) => *is_behind = bench.follow(),
        }
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

    #[test]
    fn what_waits_counts_for_a_person_and_not_for_a_run_and_is_tried_again() {
        let folder = tempfile::tempdir().unwrap();
        let location = crate::engine::fixtures::session(folder.path());
        let (store, away) = (location.store.clone(), folder.path().join("away"));
        let open = move || Workbench::open(&location, super::super::clock::now());
        let (told, heard) = channel();
        let tell = move |bench: &Workbench| {
            // The test may be over.
            let _ = told.send(bench.unsaved().map(|unsaved| unsaved.facts));
        };
        let writer = Writer::start_heard(open, |opened| assert!(opened.is_ok()), tell).unwrap();
        let handle = writer.handle();
        let (answer, answers) = channel();
        let stage = |bench: &mut Workbench| {
            let event = crate::domain::Event::Split(crate::domain::Split::default());
            bench.stage(crate::domain::Fact::new(bench.next_operation(), super::super::clock::now(), event));
            Ok(())
        };
        let wait = Duration::from_secs(20);

        let after = answer.clone();
        handle.hand_over(|_| Ok(()), move |outcome| after.send(outcome.is_ok()).unwrap());
        assert!(answers.recv_timeout(wait).unwrap());
        std::fs::rename(&store, &away).unwrap();
        let after = answer.clone();
        handle.stage(stage, move |outcome, _| after.send(outcome.is_ok()).unwrap());
        assert!(answers.recv_timeout(wait).unwrap());
        assert_eq!(heard.recv_timeout(wait).unwrap(), Some(1));
        handle.hand_over(stage, move |outcome| answer.send(outcome.is_ok()).unwrap());
        assert!(!answers.recv_timeout(wait).unwrap());
        assert_eq!(heard.recv_timeout(wait).unwrap(), Some(2));
        std::fs::rename(&away, &store).unwrap();
        assert_eq!(heard.recv_timeout(wait).unwrap(), None);
    }
}
