//! What the bench view says, read from its cells at 160×60.

use std::collections::BTreeMap;

/// The states, with their signs beside a long filter.
const STATES: [(&str, &str); 4] =
    [("pending", "pending"), ("accepted", "✓"), ("rejected", "✗"), ("skipped", "–")];

/// The counts and places on a screen that stands still.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shown {
    /// The header's counts, by state.
    pub(super) counts: BTreeMap<String, usize>,
    /// How many rows the filter finds, where there is one.
    pub(super) found: Option<usize>,
    /// The accepted rows of each label, as the strip says; labels that it merges are left out.
    pub(super) accepted: BTreeMap<String, usize>,
    /// The selected row's number, from 0.
    pub(super) selected: Option<usize>,
    pub(super) is_saved: bool,
}

impl Shown {
    pub(super) fn read(screen: &str, labels: &[&str]) -> Self {
        let title = screen.lines().find_map(|line| line.split_once(" Rows ")).map_or("", |(_, after)| after);
        let strip = screen.lines().rev().nth(2).unwrap_or_default();
        let words: Vec<&str> =
            title.split_whitespace().take_while(|word| !word.contains(['━', '─'])).collect();
        let found =
            words.iter().position(|word| *word == "of").and_then(|at| figure(words.get(at.checked_sub(1)?)?));
        let counts = words.windows(2).filter_map(|pair| {
            let state = STATES.iter().find(|(state, sign)| [state, sign].contains(&&pair[1]))?.0;
            Some((state.to_owned(), figure(pair[0])?))
        });
        let accepted = labels.iter().filter_map(|label| Some(((*label).to_owned(), added(strip, label)?)));
        Self {
            counts: counts.collect(),
            found,
            accepted: accepted.collect(),
            selected: screen.lines().find_map(selected),
            is_saved: screen.lines().next().is_some_and(|line| line.contains("saved ✓")),
        }
    }
}

fn figure(word: &str) -> Option<usize> {
    word.replace(',', "").parse().ok()
}

/// Returns what the strip adds to a label's train rows, as in ` 42 + 3`; 0 where it adds nothing.
fn added(strip: &str, label: &str) -> Option<usize> {
    let after = strip.split_once(&format!(" {label} "))?.1;
    let part = after.split("   ").next().unwrap_or_default();
    part.split_once(" + ").map_or(Some(0), |(_, count)| figure(count.split_whitespace().next()?))
}

/// Returns the number in ` · #12 abcdefghij`, where the detail says which row it is.
fn selected(line: &str) -> Option<usize> {
    let after = line.split_once(" · #")?.1;
    let digits = after.split(' ').next()?;
    digits.parse::<usize>().ok()?.checked_sub(1)
}

#[test]
fn a_screen_says_its_counts_places_and_what_the_strip_adds() {
    let screen = "\
 rowsmith  tickets › cancel      Bench                offline   saved ✓      ? help
┌─ Prompt · user ──── v1 ─┐┏━ Rows 3 of 1,240 · 1,238 pending  2 accepted ━━━━ state:any ━┓
│                         ││ from v1 · offline · run 1 · 10 ms · #12 bl01dsvotl     reason –│
 billing █▍ 56 + 1   question ██▋ 105   cancel █╌╌╌╌ 42 + 7     15.0 %   goal 150 ▕▏   0 %
 next: 20 rows
 a accept";
    let shown = Shown::read(screen, &["billing", "question", "cancel", "other"]);
    let counts =
        |pairs: &[(&str, usize)]| pairs.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect();
    assert_eq!(shown.counts, counts(&[("pending", 1238), ("accepted", 2)]));
    assert_eq!(shown.accepted, counts(&[("billing", 1), ("question", 0), ("cancel", 7)]));
    assert_eq!((shown.found, shown.selected, shown.is_saved), (Some(3), Some(11), true));
}
