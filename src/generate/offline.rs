//! Writes rows without a model and without a network, from the real rows of the label.
//!
//! It is a real and reproducible baseline, and nothing more: sentences and clauses of real rows are
//! recombined where an n-gram model rates the transition well, and numbers, prices, dates and names in them
//! are redrawn. It understands nothing, and reads neither the wording of a prompt nor its variables.
//!
//! Where there are too few rows to recombine, or nothing new is found any more, it ends the run with a sentence. A
//! text whose words follow one another less likely than those of nearly all real rows is remarked on. Time and
//! memory are bounded however many and however long the rows are, and all long loops look at a [`Stop`].
//!
//! ```text
//! real rows ─► sentences ─► clauses ─► Model (one per label)
//! request ──► opening + next + … ─► one style ─► slots ─► new? ─► rated ─► Row
//!              └ scored: topic, word order, position, dependence on earlier text, earlier use
//! ```
//!
//! The texts depend only on the real rows, the seeds of the requests in their order, and the answers of
//! [`Novelty`]. So the requests of a run are made one after another, and each run gets its own
//! [`OfflineGenerator`].

mod compose;
mod corpus;
mod english;
mod fields;
mod join;
mod lexicon;
mod model;
mod ngrams;
mod sentences;
mod slots;
mod style;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use futures_util::stream::{self, StreamExt};

pub(crate) use corpus::Corpus;
use writer::Writer;

use super::GeneratorError;
use super::generator::{EventStream, GenerateEvent, GenerateRequest, Generator, GeneratorName, ReplyEnd};
use crate::domain::{Flag, FlagKind, Provider};
use crate::text::{Shingles, SplitMix64, Stop, Stopped};

/// Knows which texts are new; implemented by the workbench.
pub trait Novelty: Send + Sync {
    /// Returns whether a normalised text, given with its shingles, differs from all real rows and all rows of the
    /// session, and is less similar than `near` to every train row.
    fn is_new(&self, normal: &str, shingles: &Shingles, near: f64) -> bool;

    /// Records a normalised text that was written, so that it is no longer new.
    fn took(&self, normal: &str);
}

/// Why no text was written.
#[derive(Debug)]
enum OfflineError {
    /// The run was stopped.
    Stopped,
    /// There is nothing to write from; the error says why.
    Said(GeneratorError),
}

impl OfflineError {
    const fn said(sentence: String) -> Self {
        Self::Said(GeneratorError::Exhausted(sentence))
    }
}

impl From<Stopped> for OfflineError {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// The built-in generator. Each run makes its own.
pub struct OfflineGenerator {
    corpus: Arc<Corpus>,
    novelty: Arc<dyn Novelty>,
    writer: Mutex<Writer>,
    stop: Stop,
}

impl OfflineGenerator {
    /// The parts of a prompt that it does not read, as a sentence.
    pub const UNREAD: &'static str = "The offline generator reads the label, the fields and their lengths; \
         it does not read the wording, the system text or the variables.";

    /// Makes the generator of one run. Once `stop` says so, its streams bring nothing any more.
    #[must_use]
    pub fn new(corpus: Arc<Corpus>, novelty: Arc<dyn Novelty>, stop: Stop) -> Self {
        Self { corpus, novelty, writer: Mutex::new(Writer::default()), stop }
    }

    /// Writes the next row of a request.
    fn row(&self, request: &GenerateRequest, random: &mut SplitMix64) -> Result<GenerateEvent, OfflineError> {
        // A panic in another row leaves at worst outdated use counts, which only affect the choice of
        // sentences.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writer.write(&self.corpus, request, self.novelty.as_ref(), &self.stop, random)?;
        let model = self.corpus.model(&request.label, &self.stop)?;
        let fields = fields::fields(request, written.text, &model, random);
        Ok(match written.unlikely {
            None => GenerateEvent::Row(fields),
            figure => {
                let flag = Flag { kind: FlagKind::Unlikely, other: None, figure };
                GenerateEvent::FlaggedRow(fields, flag)
            }
        })
    }
}

impl Generator for OfflineGenerator {
    fn name(&self) -> GeneratorName {
        GeneratorName { provider: Provider::Offline, model: None, base_url: None }
    }

    fn unread(&self) -> Option<&'static str> {
        Some(Self::UNREAD)
    }

    fn ordered(&self) -> bool {
        true
    }

    fn generate(&self, request: GenerateRequest) -> EventStream<'_> {
        let rows = request.n;
        let random = SplitMix64::new(request.seed);
        let events = stream::unfold((request, random, 0), move |(request, mut random, done)| async move {
            // Yields between rows, so that the caller can stop the request.
            pause().await;
            if done > rows {
                return None;
            }
            if done == rows {
                return Some((Ok(GenerateEvent::Done(ReplyEnd::Complete)), (request, random, done + 1)));
            }
            let event = match self.row(&request, &mut random) {
                Ok(event) => Ok(event),
                Err(OfflineError::Said(error)) => Err(error),
                // Whoever stops the run drops the stream.
                Err(OfflineError::Stopped) => std::future::pending().await,
            };
            let next = if event.is_ok() { done + 1 } else { rows + 1 };
            Some((event, (request, random, next)))
        });
        events.boxed()
    }
}

/// Yields once to the executor.
async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|context| {
        if paused {
            return Poll::Ready(());
        }
        paused = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests;
