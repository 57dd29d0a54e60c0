//! Writes new texts one after another, and remembers what was written.

use std::collections::BTreeMap;

use super::compose::{Composer, Draft, wear};
use super::corpus::Corpus;
use super::model::Model;
use super::{Novelty, OfflineError};
use crate::domain::FieldKind;
use crate::generate::GenerateRequest;
use crate::text::{NearIndex, Shingles, SplitMix64, Stop, normalise};

/// Texts composed in a round; the best new one is taken.
const BEST_OF: usize = 5;
/// Rounds after which the required distance to other texts is lowered.
const PATIENCE: usize = 12;
/// Rounds after which the generator gives up.
const ROUNDS: usize = 60;
/// The most characters of a text.
const MOST_CHARS: usize = 8_000;
/// The share of its runs of four words that a text may say twice: one of so many.
const SAID_TWICE: usize = 40;

/// The texts written in a run so far, by label.
#[derive(Default)]
pub(super) struct Writer {
    labels: BTreeMap<String, Written>,
}

/// The texts written for one label.
struct Written {
    uses: Vec<u32>,
    worn: Vec<f64>,
    made: NearIndex,
}

/// A text that was written.
pub(super) struct NewText {
    pub text: String,
    /// Its rating, where it is lower than that of nearly all real rows.
    pub unlikely: Option<f64>,
}

impl Writer {
    /// Writes the next text of a label.
    pub(super) fn write(
        &mut self,
        corpus: &Corpus,
        request: &GenerateRequest,
        novelty: &dyn Novelty,
        stop: &Stop,
        random: &mut SplitMix64,
    ) -> Result<NewText, OfflineError> {
        let model = corpus.model(&request.label, stop)?;
        let (least_chars, most_chars) = bounds(request, model.usual_chars)?;
        let written = self.labels.entry(request.label.clone()).or_insert_with(|| Written {
            uses: vec![0; model.sentences.len()],
            worn: vec![wear(0); model.sentences.len()],
            made: NearIndex::new(),
        });
        for round in 0..ROUNDS {
            let composer =
                Composer { model: &model, worn: &written.worn, temperature: request.temperature, most_chars };
            let mut drafts = Vec::new();
            for _ in 0..BEST_OF {
                stop.check()?;
                drafts.extend(composer.compose(random));
            }
            drafts.sort_by(|one: &Draft, other| other.score.total_cmp(&one.score));
            for draft in drafts {
                stop.check()?;
                let text = model.slots.redraw(&draft.text, random);
                let fits = (least_chars..=most_chars).contains(&text.chars().count())
                    && !repeats_itself(&text)
                    && model.speaks_for_label(&model.lexicon.tokens(&text));
                if fits && written.takes(&text, round, novelty) {
                    return Ok(written.took(&model, text, &draft.used));
                }
            }
        }
        Err(exhausted(corpus, request, written.made.len()))
    }
}

impl Written {
    /// Returns whether a text is new, and far enough from the real and the written texts, and remembers it then;
    /// later rounds require less.
    fn takes(&mut self, text: &str, round: usize, novelty: &dyn Novelty) -> bool {
        let (real, made) = match round / PATIENCE {
            0 => (0.60, 0.50),
            1 => (0.70, 0.60),
            2 => (0.78, 0.70),
            _ => (0.80, 0.80),
        };
        let normal = normalise(text);
        let shingles = Shingles::of_normalised(&normal);
        let is_apart = self.made.any_at_least(&shingles, made, |_| true).is_none()
            && novelty.is_new(&normal, &shingles, real);
        if is_apart {
            self.made.insert_shingles(&shingles);
            novelty.took(&normal);
        }
        is_apart
    }

    /// Counts what a text was made of, and rates it.
    fn took(&mut self, model: &Model, text: String, used: &[usize]) -> NewText {
        for &index in used {
            self.uses[index] += 1;
            self.worn[index] = wear(self.uses[index]);
        }
        NewText { unlikely: model.unlikely(&text, used), text }
    }
}

/// Returns the fewest and the most characters: those declared, else those usual for the label.
fn bounds(request: &GenerateRequest, usual: (usize, usize)) -> Result<(usize, usize), OfflineError> {
    let chars = |bound: Option<u32>| bound.and_then(|bound| usize::try_from(bound).ok());
    let (least, most) = request.schema_fields.text_bounds();
    let (least, most) = (chars(least), chars(most));
    let usual_or = least.unwrap_or(usual.0).min(most.unwrap_or(usize::MAX));
    if usual_or > MOST_CHARS {
        let (label, who) =
            (&request.label, if least.is_some() { "`min_chars` asks for" } else { "They have" });
        return Err(OfflineError::said(format!(
            "The rows of `{label}` are too long for the offline generator, which writes {MOST_CHARS} characters at \
             most. {who} {usual_or} at least. Set a lower `min_chars`, or choose a model provider."
        )));
    }
    Ok((usual_or, most.unwrap_or(usual.1.max(usual_or)).min(MOST_CHARS)))
}

/// Returns whether a text says runs of four words twice, more than a long text may.
fn repeats_itself(text: &str) -> bool {
    let words: Vec<String> = super::lexicon::words(text).map(super::lexicon::bare).collect();
    let mut runs: Vec<&[String]> = words.windows(4).collect();
    runs.sort_unstable();
    let twice = runs.windows(2).filter(|pair| pair[0] == pair[1]).count();
    twice * SAID_TWICE > runs.len() || twice > 0 && runs.len() < SAID_TWICE
}

fn exhausted(corpus: &Corpus, request: &GenerateRequest, made: usize) -> OfflineError {
    let (label, real) = (&request.label, corpus.rows(&request.label));
    let bounded = request.schema_fields.field("text").is_some_and(|field| {
        matches!(field.kind, FieldKind::Text { min_chars, max_chars } if min_chars.or(max_chars).is_some())
    });
    let widen = if bounded { ", widen `min_chars` and `max_chars`" } else { "" };
    let alike = if made == 0 { " Rows that differ in their numbers only count as equal." } else { "" };
    OfflineError::said(format!(
        "The offline generator found no further new text of `{label}` in {} tries; \
         it made {made} out of {real} train rows in this run.{alike} Add real rows{widen}, or choose a model \
         provider.",
        ROUNDS * BEST_OF
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_says_nothing_twice_and_a_long_one_little() {
        let words = |from: usize, to: usize| {
            (from..to).map(|word| format!("w{}x", "y".repeat(word))).collect::<Vec<_>>().join(" ")
        };
        assert!(!repeats_itself(&words(0, 30)));
        assert!(repeats_itself("call us now please or call us now please"));
        assert!(!repeats_itself(&format!("{} {}", words(0, 100), words(20, 24))));
        assert!(repeats_itself(&format!("{} {}", words(0, 100), words(20, 60))));
    }
}
