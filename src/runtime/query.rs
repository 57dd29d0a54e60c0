//! Looks things up for the screen, so that neither the loop nor the writer waits for it.
//!
//! What is at hand is answered at once, to be drawn with the key that asked for it. All else goes to
//! a thread, one for each kind of question, so that a prompt that renders long holds up no view. Of several
//! questions of one kind only the last is answered: what was asked before it, nobody waits for, and a
//! preview that is under way ends early.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::{Ask, Message};
use crate::curate::{Filter, Sort, view};
use crate::domain::{Draft, Projection, RowNumber, RunNumber, RunOrder};
use crate::text::Stop;
use crate::workbench::{PreviewRenderer, nearest_real};

/// What takes a while to look up.
pub(super) enum Question {
    Preview { ask: Ask, draft: Arc<Draft>, order: Box<RunOrder>, next: RunNumber, rows: Box<Projection> },
    View { ask: Ask, filter: Filter, sort: Sort, shown: Box<Projection> },
}

/// A question with its number among those of its kind.
type Numbered = (u64, Question);

/// Answers queries. Its threads end when it is dropped.
pub(super) struct QueryWorker {
    renderer: PreviewRenderer,
    previews: Sender<Numbered>,
    views: Sender<Numbered>,
    /// The number of the preview that was asked for last; no earlier one is waited for.
    latest: Arc<AtomicU64>,
}

impl QueryWorker {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub(super) fn start(renderer: &PreviewRenderer, answers: &UnboundedSender<Message>) -> io::Result<Self> {
        // Each preview brings the rows of its time; those of now are not to be kept as long as this lives.
        let renderer = renderer.over(Projection::default());
        let latest = Arc::new(AtomicU64::new(0));
        let [previews, views] = [(); 2].map(|()| channel());
        for (name, asked) in [("rowsmith-preview", previews.1), ("rowsmith-view", views.1)] {
            let (own, latest, answers) = (renderer.clone(), Arc::clone(&latest), answers.clone());
            let work = move || answer_all(&own, &asked, &latest, &answers);
            thread::Builder::new().name(name.into()).spawn(work)?;
        }
        Ok(Self { renderer, previews: previews.0, views: views.0, latest })
    }

    /// Hands a question to its thread.
    pub(super) fn ask(&self, question: Question) {
        // A thread is gone only where it panicked, which was reported then.
        let _ = match question {
            Question::Preview { .. } => {
                let number = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
                self.previews.send((number, question))
            }
            Question::View { .. } => self.views.send((0, question)),
        };
    }

    /// Answers what else is known of a row: a few steps, whatever the number of rows.
    pub(super) fn detail(&self, ask: Ask, row: RowNumber, latest: &Projection) -> Message {
        Message::Detailed { ask, detail: nearest_real(self.renderer.dataset(), latest, row) }
    }
}

impl Drop for QueryWorker {
    fn drop(&mut self) {
        self.latest.store(u64::MAX, Ordering::Relaxed);
    }
}

fn answer_all(
    renderer: &PreviewRenderer,
    questions: &Receiver<Numbered>,
    latest: &Arc<AtomicU64>,
    answers: &UnboundedSender<Message>,
) {
    while let Ok(first) = questions.recv() {
        let (number, question) = questions.try_iter().last().unwrap_or(first);
        let message = match question {
            Question::Preview { ask, draft, order, next, rows } => {
                let latest = Arc::clone(latest);
                let stop = Stop::when(move || latest.load(Ordering::Relaxed) != number);
                Message::Previewed {
                    ask,
                    preview: renderer.until(stop).over(*rows).preview(&draft, &order, next),
                }
            }
            Question::View { ask, filter, sort, shown } => {
                Message::Viewed { ask, view: view(&shown, &filter, &sort) }
            }
        };
        // The screen is gone: nobody waits.
        let _ = answers.send(message);
    }
}
