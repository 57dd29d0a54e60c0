//! Writes new texts one after another, and remembers what was written.

use std::collections::BTreeMap;

use super::Novelty;
use super::compose::{Composer, Draft};
use super::corpus::Corpus;
use crate::domain::FieldKind;
use crate::generate::{GenerateRequest, GeneratorError};
use crate::text::{NearIndex, Shingles, SplitMix64, edits};

/// Texts composed in a round; the best new one is taken.
const BEST_OF: usize = 8;
/// Rounds after which the required distance to other texts is lowered.
const PATIENCE: usize = 8;
/// Rounds before real rows are edited word by word instead.
const COMPOSING_ROUNDS: usize = 4 * PATIENCE;
/// Rounds after which the generator gives up.
const ROUNDS: usize = 60;

/// The texts written in a run so far, by label.
#[derive(Default)]
pub(super) struct Writer {
    labels: BTreeMap<String, Written>,
}

/// The texts written for one label.
struct Written {
    uses: Vec<u32>,
    real: NearIndex,
    made: NearIndex,
}

impl Writer {
    /// Writes the next text of a label.
    pub(super) fn write(
        &mut self,
        corpus: &Corpus,
        request: &GenerateRequest,
        novelty: &dyn Novelty,
        random: &mut SplitMix64,
    ) -> Result<String, GeneratorError> {
        let model = corpus.model(&request.label)?;
        let learnt = corpus.learnt();
        let written = self.labels.entry(request.label.clone()).or_insert_with(|| Written {
            uses: vec![0; model.sentences.len()],
            real: index(corpus.texts(&request.label)),
            made: NearIndex::new(),
        });
        let (least_chars, most_chars) = bounds(request, model.usual_chars);
        let texts = corpus.texts(&request.label);
        let mut found = None;
        for round in 0..ROUNDS {
            let composer = Composer {
                model: &model,
                lexicon: &learnt.lexicon,
                uses: &written.uses,
                temperature: request.temperature,
                most_chars,
            };
            let draft = |random: &mut SplitMix64| {
                if round >= COMPOSING_ROUNDS { Some(edited(texts, random)) } else { composer.compose(random) }
            };
            let mut drafts: Vec<Draft> = (0..BEST_OF).filter_map(|_| draft(random)).collect();
            drafts.sort_by(|one, other| other.score.total_cmp(&one.score));
            found = drafts.into_iter().find_map(|mut draft| {
                draft.text = model.slots.redraw(&draft.text, random);
                let fits = (least_chars..=most_chars).contains(&draft.text.chars().count())
                    && !repeats_itself(&draft.text)
                    && model.speaks_for_label(&learnt.lexicon.tokens(&draft.text));
                (fits && written.is_apart(&draft.text, round) && novelty.is_new(&draft.text)).then_some(draft)
            });
            if found.is_some() {
                break;
            }
        }
        let Some(draft) = found else { return Err(exhausted(corpus, request, written.made.len())) };
        for index in draft.used {
            written.uses[index] += 1;
        }
        written.made.insert(&draft.text);
        Ok(draft.text)
    }
}

impl Written {
    /// Returns whether a text is far enough from the real and the written texts; later rounds require less.
    fn is_apart(&self, text: &str, round: usize) -> bool {
        let (real, made) = match round / PATIENCE {
            0 => (0.60, 0.50),
            1 => (0.70, 0.60),
            2 => (0.78, 0.70),
            _ => (0.80, 0.80),
        };
        let shingles = Shingles::of(text);
        let far = |index: &NearIndex, threshold| index.any_at_least(&shingles, threshold, |_| true).is_none();
        far(&self.real, real) && far(&self.made, made)
    }
}

fn index(texts: &[String]) -> NearIndex {
    let mut index = NearIndex::new();
    texts.iter().for_each(|text| {
        index.insert(text);
    });
    index
}

/// Returns the fewest and the most characters: those declared, else those usual for the label.
fn bounds(request: &GenerateRequest, usual: (usize, usize)) -> (usize, usize) {
    let chars = |bound: Option<u32>| bound.and_then(|bound| usize::try_from(bound).ok());
    let (least, most) = request.schema_fields.text_bounds();
    let most = chars(most);
    let least = chars(least).unwrap_or(usual.0).min(most.unwrap_or(usize::MAX));
    (least, most.unwrap_or(usual.1.max(least)))
}

/// Returns a real row with words swapped, removed or inserted: the last resort.
fn edited(texts: &[String], random: &mut SplitMix64) -> Draft {
    let text = random.choose(texts).cloned().unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let count = 1 + words.len() / 6;
    let other = random.choose(texts).cloned().unwrap_or_default();
    let vocabulary: Vec<&str> = other.split_whitespace().collect();
    Draft { text: edits::edit(&text, &vocabulary, count, random), used: vec![], score: 0.0 }
}

/// Returns whether four consecutive words occur twice.
fn repeats_itself(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(super::lexicon::bare).collect();
    let mut runs: Vec<&[String]> = words.windows(4).collect();
    runs.sort_unstable();
    runs.windows(2).any(|pair| pair[0] == pair[1])
}

fn exhausted(corpus: &Corpus, request: &GenerateRequest, made: usize) -> GeneratorError {
    let (label, real) = (&request.label, corpus.texts(&request.label).len());
    let bounded = request.schema_fields.field("text").is_some_and(|field| {
        matches!(field.kind, FieldKind::Text { min_chars, max_chars } if min_chars.or(max_chars).is_some())
    });
    let widen = if bounded { ", widen `min_chars` and `max_chars`" } else { "" };
    GeneratorError::Exhausted(format!(
        "The offline generator found no further new text of `{label}` in {} tries; \
         it made {made} of {real} train rows in this run. Add real rows{widen}, or choose a model provider.",
        ROUNDS * BEST_OF
    ))
}
