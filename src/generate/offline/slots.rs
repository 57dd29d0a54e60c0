//! Slots: the numbers, prices, dates, days and names of a text, which can be replaced.
//!
//! A redrawn slot keeps its shape: a price keeps its currency and roundness, a phone number its grouping
//! and its first digits, a day stays a day. A plain number only becomes one that real rows have before the
//! same word, so `24 month` never becomes `23 month`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::english::{DAYS, MONTHS};
use super::lexicon::{bare, words};
use super::model::Rows;
use crate::text::{SplitMix64, Stop, Stopped};

/// How often an optional slot is redrawn, in percent.
const CHANGE: usize = 65;
/// Currency signs before a price.
const CURRENCIES: [char; 5] = ['£', '$', '€', '¥', '₹'];
/// How often a name must occur before it may be replaced or be a replacement.
const NAME_SEEN: usize = 3;
/// How many names, the most frequent ones, are compared with one another.
const MOST_NAMES: usize = 300;

/// The slot values of the real rows.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// Numbers by their digit count and the word after them.
    numbers: BTreeMap<(usize, String), BTreeSet<String>>,
    /// Names, each with those that may replace it.
    names: BTreeMap<String, Vec<String>>,
}

impl Slots {
    /// Collects the slot values of all labels' rows.
    pub(super) fn new(rows: &Rows<'_>, stop: &Stop) -> Result<Self, Stopped> {
        let mut numbers: BTreeMap<(usize, String), BTreeSet<String>> = BTreeMap::new();
        let rows = || rows.own.iter().chain(&rows.others).copied();
        for text in rows() {
            stop.check()?;
            let mut words = words(text).peekable();
            while let Some(word) = words.next() {
                if let (true, Some(next)) = (is_plain_number(word), words.peek()) {
                    numbers.entry((word.len(), bare(next))).or_default().insert(word.to_owned());
                }
            }
        }
        Ok(Self { numbers, names: interchangeable(rows, stop)? })
    }

    /// Redraws the slots of a text; white space between words becomes one space.
    pub(super) fn redraw(&self, text: &str, random: &mut SplitMix64) -> String {
        let words: Vec<&str> = words(text).collect();
        let mut named: BTreeMap<&str, String> = BTreeMap::new();
        let mut redrawn = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let next = words.get(at + 1).copied().unwrap_or_default();
            let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
            let core = if is_mask(word) { "" } else { core(word) };
            let new = named.get(core).cloned().or_else(|| self.other(core, before, next, random));
            // Equal names in a text are replaced alike, or kept alike.
            let new = new.unwrap_or_else(|| core.to_owned());
            redrawn.push(if core.is_empty() { (*word).to_owned() } else { word.replacen(core, &new, 1) });
            named.insert(core, new);
        }
        redrawn.join(" ")
    }

    /// Returns the replacement of a word; `None` if it is kept.
    fn other(&self, word: &str, before: &str, next: &str, random: &mut SplitMix64) -> Option<String> {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if is_address(word) || 5 * digits < 2 * word.len() && digits > 1 {
            return None;
        }
        if let Some(date) = other_date(word, random) {
            return Some(date);
        }
        if digits >= 5 || (digits >= 3 && is_digits(word) && (is_long(before) || is_long(next))) {
            return Some(redial(word, is_long(before), random));
        }
        if random.below(100) >= CHANGE {
            return None;
        }
        if digits > 0 {
            return self.other_number(word, next, random);
        }
        other_day(word, random).or_else(|| other_month(word, random)).or_else(|| {
            let names = self.names.get(word)?;
            random.choose(names).cloned()
        })
    }

    fn other_number(&self, word: &str, next: &str, random: &mut SplitMix64) -> Option<String> {
        let is_date = MONTHS.contains(&bare(next).as_str());
        if is_date && is_digits(word) && word.len() <= 2 {
            return Some((1 + random.below(28)).to_string());
        }
        if is_plain_number(word) {
            let seen = self.numbers.get(&(word.len(), bare(next)))?;
            let others: Vec<&String> = seen.iter().filter(|number| *number != word).collect();
            return random.choose(&others).map(|number| (*number).clone());
        }
        let price = word.strip_prefix(CURRENCIES)?;
        let sign = &word[..word.len() - price.len()];
        reprice(price, random).map(|price| format!("{sign}{price}"))
    }
}

/// Returns a word without the punctuation at its ends and without a genitive's `'s`.
fn core(word: &str) -> &str {
    let core = word.trim_matches(|c: char| !c.is_alphanumeric() && !CURRENCIES.contains(&c) && c != '+');
    core.strip_suffix("'s").or_else(|| core.strip_suffix("’s")).unwrap_or(core)
}

/// Returns whether a word has a mask such as `{{Name}}` in it, which is kept letter for letter.
fn is_mask(word: &str) -> bool {
    word.contains(['{', '[', '<'])
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether a word is a web or mail address.
fn is_address(word: &str) -> bool {
    ["www", "://", "@", ".co"].iter().any(|part| word.contains(part))
}

/// Redraws day and month of a numeric date such as `18/11/04`.
fn other_date(word: &str, random: &mut SplitMix64) -> Option<String> {
    let sign = ['/', '.', '-'].into_iter().find(|sign| word.matches(*sign).count() == 2)?;
    let parts: Vec<&str> = word.split(sign).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let is_date = is_digits(day) && is_digits(month) && is_digits(year) && day.len() <= 2 && month.len() <= 2;
    let (new_day, new_month) = (1 + random.below(28), 1 + random.below(12));
    let (wide, deep) = (day.len(), month.len());
    is_date.then(|| format!("{new_day:0wide$}{sign}{new_month:0deep$}{sign}{year}"))
}

/// Returns whether a word is a number of two to four digits and not a year. A single digit may stand for a
/// word: `2 u`, `4 free`.
fn is_plain_number(word: &str) -> bool {
    let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    is_digits(word) && (2..=4).contains(&word.len()) && !word.starts_with('0') && !year
}

/// Returns whether a word may be a group of a phone number: three digits or more.
fn is_long(word: &str) -> bool {
    is_digits(core(word)) && core(word).len() >= 3
}

/// Redraws the digits of a phone number or code, except for the first ones, which tell its kind. `goes_on`
/// marks a later group of a number, which is redrawn as a whole.
fn redial(word: &str, goes_on: bool, random: &mut SplitMix64) -> String {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let keep = if goes_on {
        0
    } else if digits >= 9 {
        4
    } else {
        1
    };
    let mut seen = 0;
    let redraw = |c: char| {
        if !c.is_ascii_digit() {
            return c;
        }
        seen += 1;
        // `below(10)` always fits one digit.
        if seen <= keep { c } else { char::from(b'0' + u8::try_from(random.below(10)).unwrap_or_default()) }
    };
    word.chars().map(redraw).collect()
}

/// Redraws a price within a third of its value, rounded as before.
fn reprice(price: &str, random: &mut SplitMix64) -> Option<String> {
    let (whole, rest) = price.split_at(price.find(['.', 'p', '/']).unwrap_or(price.len()));
    let plain: String = whole.chars().filter(|c| *c != ',').collect();
    let value: usize = plain.parse().ok().filter(|value| *value >= 3)?;
    let step = 10_usize.pow(u32::try_from(plain.len() - plain.trim_end_matches('0').len()).ok()?);
    let step = if step == 1 && value.is_multiple_of(5) && value > 20 { 5 } else { step };
    let span = (value / 3 / step).max(1);
    let new = (value / step + random.below(2 * span + 1)).saturating_sub(span).max(1) * step;
    let comma = whole.contains(',') && new >= 1_000;
    let new = if comma { format!("{},{:03}", new / 1_000, new % 1_000) } else { new.to_string() };
    Some(format!("{new}{rest}"))
}

fn other_day(word: &str, random: &mut SplitMix64) -> Option<String> {
    let lower = word.to_lowercase();
    let form = DAYS.iter().find_map(|forms| forms.iter().position(|form| *form == lower))?;
    // Short forms are also words (`sun`, `sat`), so they stay if in lower case.
    if form == 1 && lower == word {
        return None;
    }
    Some(cased_like(word, random.choose(&DAYS)?[form]))
}

fn other_month(word: &str, random: &mut SplitMix64) -> Option<String> {
    let lower = word.to_lowercase();
    if !MONTHS.contains(&lower.as_str()) || (lower == "march" && lower == word) {
        return None;
    }
    random.choose(&MONTHS).map(|month| cased_like(word, month))
}

fn cased_like(pattern: &str, word: &str) -> String {
    let mut chars = pattern.chars();
    let first_upper = chars.next().is_some_and(char::is_uppercase);
    let rest_upper = pattern.chars().count() > 1 && chars.all(char::is_uppercase);
    let first_end = word.chars().next().map_or(0, char::len_utf8);
    match (first_upper, rest_upper) {
        (true, true) => word.to_uppercase(),
        (true, false) => word[..first_end].to_uppercase() + &word[first_end..],
        _ => word.to_owned(),
    }
}

/// The words beside a name: whether the word follows the name, and the word.
type Neighbours = BTreeSet<(bool, String)>;

/// Returns names that occur often and between the same words, each with those that may replace it.
fn interchangeable<'a, I: Iterator<Item = &'a str>>(
    rows: impl Fn() -> I,
    stop: &Stop,
) -> Result<BTreeMap<String, Vec<String>>, Stopped> {
    let small: HashSet<String> = rows()
        .flat_map(words)
        .filter(|word| core(word).starts_with(char::is_lowercase))
        .map(|word| core(word).to_lowercase())
        .collect();
    let mut beside: BTreeMap<&str, (usize, Neighbours)> = BTreeMap::new();
    for text in rows() {
        stop.check()?;
        let words: Vec<&str> = words(text).collect();
        for three in words.windows(3) {
            let name = core(three[1]);
            let mid = !three[0].ends_with(['.', '!', '?', ':', '…', '"']);
            if mid && is_name(name) && !small.contains(&name.to_lowercase()) {
                let (seen, words) = beside.entry(name).or_default();
                *seen += 1;
                words.insert((false, bare(three[0])));
                words.insert((true, bare(three[2])));
            }
        }
    }
    let mut often: Vec<(&str, usize, Neighbours)> =
        beside.into_iter().map(|(name, (seen, words))| (name, seen, words)).collect();
    often.retain(|(_, seen, _)| *seen >= NAME_SEEN);
    often.sort_by_key(|(_, seen, _)| std::cmp::Reverse(*seen));
    often.truncate(MOST_NAMES);
    let mut names = BTreeMap::new();
    for (name, _, own) in &often {
        stop.check()?;
        let alike = often.iter().filter(|(other, _, words)| {
            other != name
                && [false, true].iter().all(|side| own.intersection(words).any(|(behind, _)| behind == side))
        });
        let mut alike: Vec<String> = alike.map(|(other, _, _)| (*other).to_owned()).collect();
        if !alike.is_empty() {
            alike.sort_unstable();
            names.insert((*name).to_owned(), alike);
        }
    }
    Ok(names)
}

fn is_name(word: &str) -> bool {
    let lower = word.to_lowercase();
    let calendar = DAYS.iter().flatten().any(|day| *day == lower) || MONTHS.contains(&lower.as_str());
    word.chars().count() >= 3
        && word.chars().all(char::is_alphabetic)
        && word.starts_with(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
        && !calendar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(texts: &[&str]) -> Slots {
        Slots::new(&Rows { own: texts.to_vec(), others: vec![] }, &Stop::never()).unwrap()
    }

    fn redrawn(slots: &Slots, text: &str) -> BTreeSet<String> {
        (0..60).map(|seed| slots.redraw(text, &mut SplitMix64::new(seed))).collect()
    }

    #[test]
    fn a_phone_number_keeps_its_shape_and_gets_other_digits() {
        for text in redrawn(&slots(&[]), "call 09061701461 now") {
            let number = text.split(' ').nth(1).unwrap();
            assert!(number.starts_with("0906") && number.len() == 11, "{text}");
        }
        assert!(redrawn(&slots(&[]), "ring 0800 0721 072 free").iter().all(|text| text.len() == 23));
    }

    #[test]
    fn a_mask_is_kept_letter_for_letter() {
        let text = "order {{Order 12345}}, [your number 99999] and <Friday>";

        assert_eq!(redrawn(&slots(&[]), text).into_iter().collect::<Vec<_>>(), [text]);
    }

    #[test]
    fn a_price_keeps_its_currency_and_stays_as_round_as_it_was() {
        let prices = redrawn(&slots(&[]), "only £1000!");

        assert!(prices.len() > 1);
        assert!(prices.iter().all(|text| text.starts_with("only £") && text.ends_with("00!")), "{prices:?}");
        assert_eq!(redrawn(&slots(&[]), "only £1.50").len(), 1);
    }

    #[test]
    fn a_plain_number_becomes_one_seen_before_the_same_word_and_a_year_stays() {
        let slots = slots(&["a 24 month term", "the 18 month deal", "in 31 days", "of 2003 pounds"]);

        let months: Vec<String> = redrawn(&slots, "my 24 month contract").into_iter().collect();

        assert_eq!(months, ["my 18 month contract", "my 24 month contract"]);
        assert_eq!(redrawn(&slots, "since 2003 then 1 week").len(), 1);
    }

    #[test]
    fn a_date_in_figures_stays_a_date_and_an_address_stays() {
        for text in redrawn(&slots(&[]), "by 18/11/04 at www.a12345.com or a1b2c3d4e5@x.y") {
            let date: Vec<u32> = text[3..11].split('/').map(|part| part.parse().unwrap()).collect();
            assert!((1..=28).contains(&date[0]) && (1..=12).contains(&date[1]) && date[2] == 4, "{text}");
            assert!(text.ends_with(" at www.a12345.com or a1b2c3d4e5@x.y"), "{text}");
        }
    }

    #[test]
    fn days_and_months_change_alike_in_one_row_and_keep_their_case() {
        for text in redrawn(&slots(&[]), "Friday or FRIDAY, 12 September, sun") {
            assert!(text.ends_with(", sun"), "{text}");
            assert!(text.split(' ').nth(2).unwrap().trim_end_matches(',').chars().all(char::is_uppercase));
        }
        for text in redrawn(&slots(&[]), "Monday and Monday") {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(words[0], words[2]);
        }
    }

    #[test]
    fn names_stand_for_each_other_where_they_stand_between_the_same_words() {
        let texts = [
            "go to Halden now",
            "so Halden is off",
            "or Halden can",
            "go to Brix now",
            "a Brix box",
            "my Brix it",
        ];
        let slots = slots(&[texts.as_slice(), &["a Lisbon day", "oh Lisbon no", "by Lisbon as"]].concat());

        assert_eq!(slots.names["Halden"], ["Brix"]);
        assert_eq!(slots.names["Brix"], ["Halden"]);
        assert!(!slots.names.contains_key("Lisbon"));
        assert!(redrawn(&slots, "I took Halden's offer").contains("I took Brix's offer"));
    }
}
