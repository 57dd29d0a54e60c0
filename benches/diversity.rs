//! Measures how long all figures of diversity take for 10,000 rows.

#[path = "support/figures.rs"]
#[expect(dead_code, reason = "a part is used")]
mod figures;

use std::time::{Duration, Instant};

use rowsmith::api::{Pool, SplitMix64, Stop, compare};

const ROWS: usize = 10_000;
/// How many of the rows repeat an earlier one, but for a word.
const REPEATED: f64 = 0.05;
const WORDS: usize = 20_000;

fn main() {
    figures::heading("all figures of diversity");
    let rows = texts(1, ROWS);
    for real in [600, ROWS] {
        let real = texts(2, real);
        figures::times(
            &format!("10,000 rows beside {} real ones", real.len()),
            &measured(&rows, &real),
            &[2000.0],
        );
    }
    // Rows that all follow one pattern are near to one another: more pairs have to be compared.
    let pattern = |number| {
        format!("Your parcel {number} waits at our depot: pay the fee of 1.99 at post{number}.info today")
    };
    let pattern: Vec<String> = (0..ROWS).map(pattern).collect();
    figures::times(
        "10,000 rows of one pattern beside 600 real ones",
        &measured(&pattern, &texts(2, 600)),
        &[2000.0],
    );
}

/// Returns how long it takes to cut the words and to find the figures, three times.
fn measured(rows: &[String], real: &[String]) -> Vec<Duration> {
    let once = || {
        let began = Instant::now();
        let mut pool = Pool::default();
        let rows = pool.prepare(rows.iter().map(String::as_str).collect());
        let real = pool.prepare(real.iter().map(String::as_str).collect());
        let found = compare(&rows, &real, &pool, &Stop::never());
        std::hint::black_box(found.is_ok());
        began.elapsed()
    };
    (0..3).map(|_| once()).collect()
}

/// Returns texts of 3 to 40 words that are as unevenly used as those of a language.
fn texts(seed: u64, count: usize) -> Vec<String> {
    let mut random = SplitMix64::new(seed);
    let mut texts: Vec<String> = Vec::with_capacity(count);
    for _ in 0..count {
        let earlier = random.choose(&texts).cloned();
        let text = match earlier {
            Some(earlier) if random.unit() < REPEATED => format!("{earlier} {}", word(&mut random)),
            _ => (0..3 + random.below(38)).map(|_| word(&mut random)).collect::<Vec<_>>().join(" "),
        };
        texts.push(text);
    }
    texts
}

/// Returns a word; the word of rank r comes about as often as 1 / r says (Zipf).
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank is at most the number of words"
)]
fn word(random: &mut SplitMix64) -> String {
    let rank = (WORDS as f64).powf(random.unit()) as u64;
    let mut letters = SplitMix64::new(rank);
    (0..2 + letters.below(8))
        .map(|_| char::from(b'a' + u8::try_from(letters.below(26)).unwrap_or_default()))
        .collect()
}
