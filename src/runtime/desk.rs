//! The thread that looks things up for the screen, so that neither the loop nor the writer waits for it.
//!
//! Of several questions of one kind only the last is answered: what was asked before it, nobody waits for.

use std::sync::mpsc::{Sender, channel};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::{Ask, Message};
use crate::curate::{Filter, Sort, view};
use crate::domain::{Draft, Projection, RowNumber, RunNumber, RunOrder};
use crate::workbench::{PreviewDesk, nearest_real};

/// What can be looked up.
pub(super) enum Question {
    Preview { ask: Ask, draft: std::sync::Arc<Draft>, order: Box<RunOrder>, next: RunNumber },
    Detail { ask: Ask, row: RowNumber, shown: Projection },
    View { ask: Ask, filter: Filter, sort: Sort, shown: Projection },
}

/// Starts the thread; it ends when the last sender is gone.
///
/// # Errors
///
/// Where the system gives no thread.
pub(super) fn start(
    desk: PreviewDesk,
    answers: UnboundedSender<Message>,
) -> std::io::Result<Sender<Question>> {
    let (sender, questions) = channel();
    thread::Builder::new().name("rowsmith-desk".into()).spawn(move || {
        while let Ok(first) = questions.recv() {
            let (mut preview, mut detail, mut found) = (None, None, None);
            for question in std::iter::once(first).chain(std::iter::from_fn(|| questions.try_recv().ok())) {
                match question {
                    Question::Preview { .. } => preview = Some(question),
                    Question::Detail { .. } => detail = Some(question),
                    Question::View { .. } => found = Some(question),
                }
            }
            for question in [detail, preview, found].into_iter().flatten() {
                // The screen is gone: nobody waits.
                let _ = answers.send(answer(&desk, question));
            }
        }
    })?;
    Ok(sender)
}

fn answer(desk: &PreviewDesk, question: Question) -> Message {
    match question {
        Question::Preview { ask, draft, order, next } => {
            Message::Previewed { ask, preview: desk.preview(&draft, &order, next) }
        }
        Question::Detail { ask, row, shown } => {
            Message::Detailed { ask, detail: nearest_real(desk.dataset(), &shown, row) }
        }
        Question::View { ask, filter, sort, shown } => {
            Message::Viewed { ask, view: view(&shown, &filter, &sort) }
        }
    }
}
