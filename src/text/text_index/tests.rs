use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::text::SplitMix64;

/// An index beside the texts that are in it.
#[derive(Default)]
struct Indexed {
    index: TextIndex,
    texts: BTreeMap<u32, String>,
}

impl Indexed {
    fn of(texts: &[String]) -> Self {
        let mut indexed = Self::default();
        (0..).zip(texts).for_each(|(number, text)| indexed.insert(number, text));
        indexed
    }

    fn insert(&mut self, number: u32, text: &str) {
        self.index.insert(&IndexedText::of(text), number);
        self.texts.insert(number, text.to_owned());
    }

    fn remove(&mut self, number: u32) {
        if let Some(text) = self.texts.remove(&number) {
            self.index.remove(TextHash::of(&text), number);
        }
    }

    fn nearest(&self, text: &str, before: u32) -> Option<(u32, f64)> {
        let shingles = |number: u32| self.texts.get(&number).map(|text| Shingles::of(text));
        self.index.nearest(&IndexedText::of(text), || Shingles::of(text), before, shingles)
    }

    /// Returns the first equal text by comparing with all.
    fn first_equal(&self, text: &str) -> Option<u32> {
        let same = |known: &String| TextHash::of(known) == TextHash::of(text);
        self.texts.iter().find(|(_, known)| same(known)).map(|(number, _)| *number)
    }
}

/// Texts of words that are as unevenly used as those of a language.
fn texts(random: &mut SplitMix64, count: usize) -> Vec<String> {
    let word = |random: &mut SplitMix64| {
        // Of several draws the lowest: low ranks are likelier.
        let rank = random.below(2000).min(random.below(2000)).min(random.below(2000));
        let mut letters = SplitMix64::new(rank as u64);
        let mut letter = || char::from(b'a' + u8::try_from(letters.below(26)).unwrap());
        (0..5).map(|_| letter()).collect::<String>()
    };
    let text = |random: &mut SplitMix64| {
        (0..3 + random.below(25)).map(|_| word(random)).collect::<Vec<_>>().join(" ")
    };
    (0..count).map(|_| text(random)).collect()
}

/// Returns a text with one to three small changes: a word left out, doubled, changed, or moved.
fn mutated(random: &mut SplitMix64, text: &str) -> String {
    let mut words: Vec<String> = text.split_whitespace().map(ToOwned::to_owned).collect();
    for _ in 0..=random.below(3) {
        if words.is_empty() {
            break;
        }
        let (at, to) = (random.below(words.len()), random.below(words.len()));
        match random.below(4) {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[to].clone()),
            2 => words[at] = format!("{}x", words[at]),
            _ => words.swap(at, to),
        }
    }
    words.join(" ")
}

/// How many near-duplicates there are, and how the index finds them.
#[derive(Debug, Default)]
struct Figures {
    near: u32,
    found: u32,
    wrong: u32,
    below_best: u32,
}

impl Figures {
    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from(self.near.max(1))
    }
}

/// Compares each text with all earlier ones, and with what the index finds. Equal texts are left out.
fn figures(texts: &[String]) -> Figures {
    let mut figures = Figures::default();
    let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text)).collect();
    let mut exact = crate::text::NearIndex::new();
    let mut indexed = Indexed::default();
    for (number, text) in (0..).zip(texts) {
        let is_new = indexed.index.first_equal(TextHash::of(text)).is_none();
        if is_new {
            let own = &shingles[number as usize];
            let best = exact.best_at_least(own, NEAR_DUPLICATE, |_| true).map(|(_, figure)| figure);
            let found = indexed.nearest(text, number);
            figures.near += u32::from(best.is_some());
            figures.found += u32::from(best.is_some() && found.is_some());
            figures.wrong += u32::from(found.is_some_and(|(other, figure)| {
                jaccard(own, &shingles[other as usize]) < NEAR_DUPLICATE || Some(figure) > best
            }));
            figures.below_best += u32::from(found.is_some_and(|(_, figure)| Some(figure) < best));
        }
        exact.insert_shingles(&shingles[number as usize]);
        indexed.insert(number, text);
    }
    figures
}

#[test]
fn nearly_all_near_duplicates_are_found_and_nothing_else() {
    let mut random = SplitMix64::new(22);
    let mut rows = texts(&mut random, 1200);
    for at in 0..800 {
        let copy = mutated(&mut random, &rows[at * 3 % 1200].clone());
        rows.push(copy);
    }

    let figures = figures(&rows);

    assert!(figures.near > 300, "{figures:?}");
    assert!(figures.recall() >= 0.98, "{figures:?}");
    assert_eq!(figures.wrong, 0);
    assert!(figures.below_best * 50 <= figures.found, "{figures:?}");
}

#[test]
fn real_messages_and_their_changed_copies_are_told_apart() {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("ROWSMITH_REFERENCE_DATA").map_or_else(default, PathBuf::from);
    let Ok(mut reader) = csv::Reader::from_path(folder.join("sms_spam.csv")) else {
        eprintln!("skipped: {} is not there; set ROWSMITH_REFERENCE_DATA", folder.display());
        return;
    };
    let mut rows: Vec<String> = reader.records().map(|row| row.unwrap()[3].to_owned()).collect();
    let (mut random, count) = (SplitMix64::new(42), rows.len());
    for _ in 0..2000 {
        let at = random.below(count);
        let copy = mutated(&mut random, &rows[at].clone());
        rows.push(copy);
    }

    let figures = figures(&rows);

    eprintln!(
        "{count} messages and 2,000 changed copies: {} near-duplicates, recall {:.4}, {} wrong, {} below the best",
        figures.near,
        figures.recall(),
        figures.wrong,
        figures.below_best
    );
    assert!(figures.recall() >= 0.98, "{figures:?}");
    assert_eq!(figures.wrong, 0);
}

#[test]
fn the_first_of_equal_texts_stands_for_them_until_it_gets_another_text() {
    let mut indexed = Indexed::of(&["Win a prize".into(), "other".into(), "win a PRIZE!".into()]);
    indexed.insert(7, "win, a prize");
    let first = |indexed: &Indexed| indexed.index.first_equal(TextHash::of("win a prize"));

    assert_eq!((first(&indexed), indexed.index.len()), (Some(0), 2));
    indexed.remove(2);
    indexed.remove(0);
    assert_eq!(first(&indexed), Some(7));
    indexed.insert(0, "win a prize");
    assert_eq!(first(&indexed), Some(0));
    indexed.remove(0);
    indexed.remove(7);
    assert_eq!((first(&indexed), indexed.index.len()), (None, 1));
}

#[test]
fn only_earlier_texts_are_found_and_of_equally_near_ones_the_first() {
    let text = "your parcel waits at our depot, pay the fee today at post.info";
    let indexed = Indexed::of(&[format!("{text} a"), format!("{text} b"), "else".into()]);

    let found = |before| indexed.nearest(text, before).map(|(number, _)| number);

    assert_eq!((found(0), found(1), found(9)), (None, Some(0), Some(0)));
}

#[test]
fn texts_beyond_a_segment_are_found_in_all_of_them() {
    let mut indexed = Indexed::default();
    for number in 0..140_000_u32 {
        let text = format!("{:x} {:x}", number.wrapping_mul(0x9e37_79b9), number.wrapping_mul(0x85eb_ca6b));
        indexed.insert(number, &text);
    }
    for number in [0, 65_534, 65_535, 65_536, 131_071, 139_999] {
        let text = format!("{} zz", indexed.texts[&number]);
        assert_eq!(indexed.first_equal(&text), None);
        let found = indexed.nearest(&text, u32::MAX);
        assert!(found.is_none_or(|(other, _)| other == number), "{number}: {found:?}");
        assert_eq!(indexed.index.first_equal(TextHash::of(&indexed.texts[&number])), Some(number));
    }
    let found = (0..140_000).step_by(700).filter(|number| {
        let text = format!("{}{}", indexed.texts[number], "z");
        indexed.nearest(&text, u32::MAX).is_some_and(|(other, _)| other == *number)
    });
    assert!(found.count() > 195, "of 200");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_index_that_texts_come_to_and_leave_knows_what_is_there(
        seed: u64,
        steps in prop::collection::vec((0_u32..40, 0_usize..30, any::<bool>()), 1..60),
    ) {
        let mut random = SplitMix64::new(seed);
        let mut pool = texts(&mut random, 15);
        for at in 0..15 {
            let copy = mutated(&mut random, &pool[at].clone());
            pool.push(copy);
        }
        let mut indexed = Indexed::default();
        for (number, text, comes) in steps {
            // A text that changes leaves, and comes again.
            indexed.remove(number);
            if comes {
                indexed.insert(number, &pool[text]);
            }
            let text = &pool[text];
            prop_assert_eq!(indexed.index.first_equal(TextHash::of(text)), indexed.first_equal(text));
        }
        for text in &pool {
            let own = Shingles::of(text);
            let best = indexed.texts.values().map(|known| jaccard(&own, &Shingles::of(known))).fold(0.0, f64::max);
            let found = indexed.nearest(text, u32::MAX).map(|(_, figure)| figure);
            if best >= 0.9 {
                prop_assert!(found.is_some(), "{best} of {text:?}");
            }
            prop_assert!(found.is_none_or(|found| (NEAR_DUPLICATE..=best).contains(&found)));
        }
    }
}
