//! Written rows that tests evaluate.

use super::{AcceptedRow, Labelled, Material, Seen};
use crate::domain::LeftOut;
use crate::text::SplitMix64;

/// The words that only messages of the target have.
pub(super) const ALL_WORDS: usize = 40;
/// Those of them that known messages have.
pub(super) const KNOWN_WORDS: usize = 16;
/// The words that all messages have.
const COMMON_WORDS: usize = 60;

/// Returns a message of the target, with three of its first words, or another one.
pub(super) fn message(number: u64, own_words: Option<usize>) -> String {
    let mut random = SplitMix64::new(number);
    let mut words: Vec<String> = (0..4).map(|_| format!("day{}", random.below(COMMON_WORDS))).collect();
    if let Some(most) = own_words {
        words.extend((0..3).map(|_| format!("prize{}", random.below(most))));
    }
    random.shuffle(&mut words);
    words.join(" ")
}

/// Returns 12 known, 30 held back and 40 test messages of the target `spam`, 80 train and 80 test messages of others,
/// and 40 accepted rows of two versions that have words which the known messages lack.
pub(super) fn material() -> Material {
    let mut material = Material {
        classes: vec!["ham".into(), "spam".into()],
        target: 1,
        left_out: LeftOut { held_back: 30, ..LeftOut::default() },
        seed: 42,
        ..Material::default()
    };
    let of = |count: u64, first: u64, words: Option<usize>, part: usize| {
        (first..first + count).map(move |number| (message(number, words), u32::from(words.is_some()), part))
    };
    let spam = of(12, 0, Some(KNOWN_WORDS), 0).chain(of(40, 100, Some(ALL_WORDS), 1));
    let spam = spam.chain(of(30, 200, Some(ALL_WORDS), 2));
    let rows = spam.chain(of(80, 1000, None, 0)).chain(of(80, 2000, None, 1));
    for (row, (text, class, part)) in (0_u32..).zip(rows) {
        material.base.push(Labelled { text, class });
        [&mut material.train, &mut material.test, &mut material.held_back][part].push(row);
    }
    material.accepted = (300..340)
        .map(|number| AcceptedRow {
            labelled: Labelled { text: message(number, Some(ALL_WORDS)), class: 1 },
            version: if number % 4 == 0 { "v1" } else { "v2" }.into(),
            source: None,
            seen: Seen::Rows(vec![]),
        })
        .collect();
    material
}
