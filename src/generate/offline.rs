//! Writes rows without a model and without a network, from the real rows of the label.
//!
//! It is a real and reproducible baseline, and nothing more: sentences and clauses of real rows are
//! recombined where an n-gram model rates the transition well, and numbers, prices, dates and names in them
//! are redrawn. If that gives nothing new, words are swapped or removed. It understands nothing, and reads
//! neither the wording of a prompt nor its variables.
//!
//! ```text
//! real rows ─► sentences ─► clauses ─► Model (one per label)
//! request ──► opening + next + … ─► one style ─► slots ─► new? ─► Row
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
use crate::domain::Provider;
use crate::text::SplitMix64;

/// Knows which texts are new; implemented by the workbench.
pub trait Novelty: Send + Sync {
    /// Returns whether a text differs from all real rows and all rows of the session, and is near to no
    /// train row.
    fn is_new(&self, text: &str) -> bool;

    /// Records a text that was written, so that it is no longer new.
    fn took(&self, text: &str);
}

/// The built-in generator. Each run makes its own.
pub struct OfflineGenerator {
    corpus: Arc<Corpus>,
    novelty: Arc<dyn Novelty>,
    writer: Mutex<Writer>,
}

impl OfflineGenerator {
    /// The parts of a prompt that it does not read, as a sentence.
    pub const UNREAD: &'static str = "The offline generator reads the label, the fields and their lengths; \
         it does not read the wording, the system text or the variables.";

    /// Makes the generator of one run.
    #[must_use]
    pub fn new(corpus: Arc<Corpus>, novelty: Arc<dyn Novelty>) -> Self {
        Self { corpus, novelty, writer: Mutex::new(Writer::default()) }
    }

    /// Writes the next row of a request.
    fn row(
        &self,
        request: &GenerateRequest,
        random: &mut SplitMix64,
    ) -> Result<GenerateEvent, GeneratorError> {
        // A panic in another row leaves at worst outdated use counts, which only affect the choice of
        // sentences.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let text = writer.write(&self.corpus, request, self.novelty.as_ref(), random)?;
        self.novelty.took(&text);
        let model = self.corpus.model(&request.label)?;
        Ok(GenerateEvent::Row(fields::fields(request, text, &model, random)))
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
            let event = self.row(&request, &mut random);
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
