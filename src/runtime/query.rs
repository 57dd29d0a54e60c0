//! Looks things up for the screen, so that neither the loop nor the writer waits for it.
//!
//! What is at hand is answered at once, to be drawn with the key that asked for it. All else goes to
//! a thread. Of several questions of one kind only the last is answered: what was asked before it,
//! nobody waits for.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::{Ask, Message};
use crate::curate::{Filter, Sort, view};
use crate::domain::{Draft, Projection, RowNumber, RunNumber, RunOrder};
use crate::workbench::{PreviewRenderer, nearest_real};

/// What takes a while to look up.
pub(super) enum Question {
    Preview { ask: Ask, draft: std::sync::Arc<Draft>, order: Box<RunOrder>, next: RunNumber },
    View { ask: Ask, filter: Filter, sort: Sort, shown: Box<Projection> },
}

/// Answers queries. Its thread ends when it is dropped.
pub(super) struct QueryWorker {
    renderer: PreviewRenderer,
    questions: Sender<Question>,
}

impl QueryWorker {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub(super) fn start(renderer: PreviewRenderer, answers: UnboundedSender<Message>) -> io::Result<Self> {
        let (questions, asked) = channel();
        let own = renderer.clone();
        let work = move || answer_all(&own, &asked, &answers);
        thread::Builder::new().name("rowsmith-query".into()).spawn(work)?;
        Ok(Self { renderer, questions })
    }

    /// Hands a question to the thread.
    pub(super) fn ask(&self, question: Question) {
        // The thread is gone only where it panicked, which was reported then.
        let _ = self.questions.send(question);
    }

    /// Answers what else is known of a row: a few steps, whatever the number of rows.
    pub(super) fn detail(&self, ask: Ask, row: RowNumber, latest: &Projection) -> Message {
        Message::Detailed { ask, detail: nearest_real(self.renderer.dataset(), latest, row) }
    }
}

fn answer_all(
    renderer: &PreviewRenderer,
    questions: &Receiver<Question>,
    answers: &UnboundedSender<Message>,
) {
    while let Ok(first) = questions.recv() {
        let (mut preview, mut found) = (None, None);
        for question in std::iter::once(first).chain(std::iter::from_fn(|| questions.try_recv().ok())) {
            match question {
                Question::Preview { .. } => preview = Some(question),
                Question::View { .. } => found = Some(question),
            }
        }
        for question in [preview, found].into_iter().flatten() {
            // The screen is gone: nobody waits.
            let _ = answers.send(answer(renderer, question));
        }
    }
}

fn answer(renderer: &PreviewRenderer, question: Question) -> Message {
    match question {
        Question::Preview { ask, draft, order, next } => {
            Message::Previewed { ask, preview: renderer.preview(&draft, &order, next) }
        }
        Question::View { ask, filter, sort, shown } => {
            Message::Viewed { ask, view: view(&shown, &filter, &sort) }
        }
    }
}
