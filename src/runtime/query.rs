//! Looks things up for the screen, so that neither the loop nor the writer waits for it.
//!
//! What is at hand is answered at once, to be drawn with the key that asked for it. All else goes to
//! a thread, one for each kind of question, so that a prompt that renders long holds up no view. Of several
//! questions of one kind only the last is answered: what was asked before it, nobody waits for, and what is
//! under way ends early. A view is answered in parts: the rows that will be in sight come first.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::sync::mpsc::UnboundedSender;

use crate::app::bulk::ManyRows;
use crate::app::{Ask, Message};
use crate::curate::duplicates::groups;
use crate::curate::facets::facets;
use crate::curate::{BulkPreview, Filter, Near, NewHidden, Replacement, Sort, search};
use crate::domain::{
    Change, Draft, OperationId, Projection, RowDetail, RowNumber, RunNumber, RunOrder, Session,
};
use crate::text::{Stop, Stopped};
use crate::workbench::{PreviewRenderer, like_of, likeness_of, nearest_real};

/// What takes a while to look up.
pub(super) enum Question {
    Preview {
        ask: Ask,
        draft: Arc<Draft>,
        order: Box<RunOrder>,
        next: RunNumber,
        rows: Box<Projection>,
    },
    View {
        ask: Ask,
        filter: Filter,
        sort: Sort,
        near: Near,
        shown: Box<Projection>,
    },
    Duplicates {
        ask: Ask,
        shown: Box<Projection>,
    },
    Detail {
        ask: Ask,
        row: RowNumber,
        shown: Box<Projection>,
    },
    Bulk {
        ask: Ask,
        change: Change,
        rows: ManyRows,
        shown: Box<Projection>,
    },
    Matches {
        ask: Ask,
        replacement: Arc<Replacement>,
        rows: ManyRows,
        session: Arc<Session>,
        shown: Box<Projection>,
    },
    Facets {
        ask: Ask,
        filter: Filter,
        shown: Box<Projection>,
    },
    Jump {
        ask: Ask,
        target: OperationId,
        shown: Box<Projection>,
    },
}

/// The threads, one for each kind of question.
const THREADS: [&str; 6] = [
    "rowsmith-preview",
    "rowsmith-view",
    "rowsmith-group",
    "rowsmith-detail",
    "rowsmith-bulk",
    "rowsmith-count",
];

impl Question {
    /// Returns the place of the question's thread in [`THREADS`].
    const fn thread(&self) -> usize {
        match self {
            Self::Preview { .. } => 0,
            Self::View { .. } => 1,
            Self::Duplicates { .. } => 2,
            Self::Detail { .. } => 3,
            Self::Bulk { .. } | Self::Matches { .. } => 4,
            Self::Facets { .. } | Self::Jump { .. } => 5,
        }
    }
}

/// A question with its number among those of its kind.
type Numbered = (u64, Question);

/// Answers queries. Its threads end when it is dropped.
pub(super) struct QueryWorker {
    renderer: PreviewRenderer,
    /// What the threads of [`THREADS`] are asked through, each with the number of its latest question.
    threads: Box<[(Sender<Numbered>, Arc<AtomicU64>)]>,
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
        let start = |name: &str| -> io::Result<(Sender<Numbered>, Arc<AtomicU64>)> {
            let (asked, questions) = channel();
            let latest = Arc::new(AtomicU64::new(0));
            let (own, number, answers) = (renderer.clone(), Arc::clone(&latest), answers.clone());
            let work = move || answer_all(&own, &questions, &number, &answers);
            thread::Builder::new().name(name.into()).spawn(work)?;
            Ok((asked, latest))
        };
        let threads = THREADS.into_iter().map(start).collect::<io::Result<Box<[_]>>>()?;
        Ok(Self { renderer, threads })
    }

    /// Hands a question to its thread.
    pub(super) fn ask(&self, question: Question) {
        let Some((thread, latest)) = self.threads.get(question.thread()) else { return };
        let number = latest.fetch_add(1, Ordering::Relaxed) + 1;
        // A thread is gone only where it panicked, which was reported then.
        let _ = thread.send((number, question));
    }

    /// Answers what else is known of a row: a few steps, whatever the number of rows. Where it is like another row of
    /// the session, that one is looked for, and comes with a later answer.
    pub(super) fn detail(&self, ask: Ask, row: RowNumber, latest: &Projection) -> Message {
        if latest.row(row).is_some_and(|row| likeness_of(&row).is_some()) {
            self.ask(Question::Detail { ask, row, shown: Box::new(latest.clone()) });
        }
        Message::Detailed { ask, detail: nearest_real(self.renderer.dataset(), latest, row) }
    }
}

impl Drop for QueryWorker {
    fn drop(&mut self) {
        self.threads.iter().for_each(|(_, latest)| latest.store(u64::MAX, Ordering::Relaxed));
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
        let latest = Arc::clone(latest);
        let stop = Stop::when(move || latest.load(Ordering::Relaxed) != number);
        let message = match question {
            Question::Preview { ask, draft, order, next, rows } => Message::Previewed {
                ask,
                preview: renderer.until(stop).over(*rows).preview(&draft, &order, next),
            },
            Question::View { ask, filter, sort, near, shown } => {
                let tell = |found| {
                    let _ = answers.send(Message::FoundSoFar { ask, found });
                };
                match search(&shown, &filter, sort, near, &stop, tell) {
                    Ok(view) => {
                        let hidden = NewHidden::of(&shown, &view);
                        Message::Viewed { ask, view, hidden }
                    }
                    // Another view is waited for.
                    Err(Stopped) => continue,
                }
            }
            Question::Duplicates { ask, shown } => {
                Message::DuplicatesFound { ask, groups: groups(&shown, |_| true) }
            }
            Question::Detail { ask, row, shown } => {
                let detail = nearest_real(renderer.dataset(), &shown, row);
                Message::Detailed { ask, detail: RowDetail { like: like_of(&shown, row), ..detail } }
            }
            Question::Bulk { ask, change, rows, shown } => {
                let preview = BulkPreview::of(&shown, &rows.find(&shown), &change);
                Message::BulkPreviewed { ask, preview }
            }
            Question::Matches { ask, replacement, rows, session, shown } => {
                let is_old = || stop.check().is_err();
                let found = replacement.find(&shown, &session.schema, &rows.find(&shown), is_old);
                Message::MatchesFound { ask, found }
            }
            Question::Facets { ask, filter, shown } => {
                Message::FacetsCounted { ask, facets: Box::new(facets(&shown, &filter)) }
            }
            Question::Jump { ask, target, shown } => {
                Message::JumpPreviewed { ask, rows: shown.rows_of_jump(target) }
            }
        };
        // The screen is gone: nobody waits.
        let _ = answers.send(message);
    }
}
