//! Measures how fast rows that are nearly equal are found among many, each with its exact check, on one core.
//!
//! With a file of texts, one a line, it prints a JSON document that `near_duplicates.py` sets beside other programs.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

#[path = "support/figures.rs"]
#[expect(dead_code, reason = "a part is used")]
mod figures;
#[path = "support/process.rs"]
mod process;

use rowsmith::api::{IndexedText, Shingles, SplitMix64, TextIndex};
use rustix::time::{ClockId, clock_gettime};

/// The characters of a row.
const CHARACTERS: usize = 100;
/// How many of the rows are an earlier one with a change.
const REPEATED: f64 = 0.05;
const WORDS: usize = 20_000;

fn main() {
    let file = std::env::args().nth(1).filter(|name| !name.starts_with("--"));
    if let Some(file) = file {
        let read = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let texts: Vec<String> = read.lines().map(ToOwned::to_owned).collect();
        let began = cpu_seconds();
        let (found, _) = indexed(&texts);
        let seconds = cpu_seconds() - began;
        println!("{{\"rows\":{},\"found\":{found},\"seconds\":{seconds}}}", texts.len());
        return;
    }
    figures::heading("near-duplicates with their exact check, one core");
    for (rows, most) in [(100_000, 3.0), (1_000_000, 30.0)] {
        let texts = texts(rows);
        let before = process::resident_mb("self");
        let began = cpu_seconds();
        let (found, index) = indexed(&texts);
        let took = cpu_seconds() - began;
        let memory = process::resident_mb("self") - before;
        let name = format!("{rows} rows of {CHARACTERS} characters, {found} near-duplicates");
        figures::figure(&name, took, "s", most);
        #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
        let each = memory * 1e6 / index.len() as f64;
        figures::figure("  the index", each, "bytes a row", 115.0);
    }
}

/// Returns the processor time of this process.
#[expect(clippy::cast_precision_loss, reason = "no process takes 2^53 seconds")]
fn cpu_seconds() -> f64 {
    let taken = clock_gettime(ClockId::ProcessCPUTime);
    taken.tv_sec as f64 + taken.tv_nsec as f64 / 1e9
}

/// Adds each text behind those that came before, and counts those that are nearly equal to one of them.
fn indexed(texts: &[String]) -> (usize, TextIndex) {
    let mut index = TextIndex::new();
    let mut found = 0;
    for (number, text) in (0..).zip(texts) {
        let known = IndexedText::of(text);
        if index.first_equal(known.hash).is_none() {
            let shingles = |other: u32| texts.get(other as usize).map(|text| Shingles::of(text));
            found += usize::from(index.nearest(&known, || Shingles::of(text), number, shingles).is_some());
        }
        index.insert(&known, number);
    }
    (found, index)
}

/// Returns texts of words that are as unevenly used as those of a language.
fn texts(count: usize) -> Vec<String> {
    let mut random = SplitMix64::new(1);
    let mut texts: Vec<String> = Vec::with_capacity(count);
    for _ in 0..count {
        let earlier = random.choose(&texts).cloned().filter(|_| random.unit() < REPEATED);
        let text = match earlier {
            Some(earlier) => changed(&mut random, &earlier),
            None => new_text(&mut random),
        };
        texts.push(text);
    }
    texts
}

fn new_text(random: &mut SplitMix64) -> String {
    let mut text = word(random);
    while text.len() < CHARACTERS {
        text = format!("{text} {}", word(random));
    }
    text
}

/// Returns a text with one of its words replaced.
fn changed(random: &mut SplitMix64, text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(ToOwned::to_owned).collect();
    let place = random.below(words.len());
    words[place] = word(random);
    words.join(" ")
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
