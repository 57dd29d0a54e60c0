//! Writes rows without a model and without a network, out of the real rows of the label.
//!
//! It is a real and reproducible baseline, and nothing more: real sentences and clauses are
//! put together anew where an n-gram model finds that they fit, numbers, prices, dates and
//! names in them are redrawn, and where that finds nothing new, words are swapped or taken
//! out. It understands nothing, and reads neither the wording of a prompt nor its variables.
//!
//! ```text
//! real rows ─► sentences ─► clauses ─► Model (one a label)
//! request ──► opening + next + … ─► one hand ─► slots ─► new? ─► Row
//!              └ scored: topic, word order, place, leaning, wear
//! ```
//!
//! The texts are a function of the real rows, the seeds of the requests in their order, and
//! what [`Novelty`] answers. So its requests run one after another, and each run is handed
//! an [`OfflineGenerator`] of its own.

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

/// Knows which texts are new; the workbench supplies it.
pub trait Novelty: Send + Sync {
    /// Returns whether a text is equal to no real row and no row of the session, and near to no train row.
    fn is_new(&self, text: &str) -> bool;

    /// Takes note of a text that was written, so that it is new no longer.
    fn took(&self, text: &str);
}

/// The generator that is built in. One is made for each run.
pub struct OfflineGenerator {
    corpus: Arc<Corpus>,
    novelty: Arc<dyn Novelty>,
    writer: Mutex<Writer>,
}

impl OfflineGenerator {
    /// What of a prompt it does not read.
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
        // A panic in another row leaves at worst the counts of uses behind, which only steer.
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
            // Each row takes a moment; whoever polls gets a chance to stop in between.
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

/// Gives way once.
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
