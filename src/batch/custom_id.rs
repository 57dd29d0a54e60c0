//! The id that a request of a batch has in files.

use std::fmt;
use std::str::FromStr;

use crate::domain::RunNumber;

/// The id of a request: from it and its run, everything that was sent is made again.
///
/// `rowsmith-R12-340-5-0123456789ab-89abcdef` is request 340 of run 12, for 5 rows; then come the first digits of the
/// request's key, the hash of all that its reply depends on, and those of the store's id. It has at most 64 of the
/// characters that every service takes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CustomId {
    /// The run.
    pub(crate) run: RunNumber,
    /// The request's place in the run.
    pub(crate) index: u32,
    /// How many rows it asks for.
    pub(crate) rows: u32,
    /// The first [`CustomId::KEY`] hex digits of its key.
    pub(crate) key: String,
    /// Eight hex digits of its store's id.
    pub(crate) store: String,
}

impl CustomId {
    /// How many digits of a key it has.
    pub(crate) const KEY: usize = 12;
    const STORE: usize = 8;

    /// Returns the id of a request, given its whole key.
    pub(crate) fn new(run: RunNumber, index: u32, rows: u32, key: &str, store: &str) -> Self {
        let (key, store) = (first(key, Self::KEY), first(store, Self::STORE));
        Self { run, index, rows, key, store }
    }
}

fn first(digits: &str, count: usize) -> String {
    digits.chars().take(count).collect()
}

impl fmt::Display for CustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, index, rows, key, store } = self;
        write!(f, "rowsmith-R{run}-{index}-{rows}-{key}-{store}")
    }
}

impl FromStr for CustomId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.strip_prefix("rowsmith-R").ok_or(())?.split('-');
        let mut part = || parts.next().ok_or(());
        let number = |text: &str| text.parse::<u32>().ok().ok_or(());
        let (run, index, rows) = (number(part()?)?, number(part()?)?, number(part()?)?);
        let (key, store) = (part()?.to_owned(), part()?.to_owned());
        let id = Self { run: RunNumber(run), index, rows, key, store };
        let is_hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let fits = is_hex(&id.key, Self::KEY) && is_hex(&id.store, Self::STORE);
        // One spelling only: `007` is nobody's.
        if fits && run > 0 && rows > 0 && id.to_string() == text { Ok(id) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_id_is_what_every_service_takes() {
        let id = CustomId::new(RunNumber(u32::MAX), u32::MAX, u32::MAX, &"f".repeat(64), &"e".repeat(24));
        let text = id.to_string();

        assert_eq!(text.len(), 64);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')));
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn what_is_no_id_of_ours_is_none() {
        let good = "rowsmith-R12-340-5-0123456789ab-89abcdef";
        assert_eq!(good.parse::<CustomId>().map(|id| id.to_string()), Ok(good.to_owned()));
        for bad in [
            "",
            "request-1",
            "rowsmith-R12-340-5-0123456789ab",
            "rowsmith-R0-340-5-0123456789ab-89abcdef",
            "rowsmith-R12-340-0-0123456789ab-89abcdef",
            "rowsmith-R12-0340-5-0123456789ab-89abcdef",
            "rowsmith-R12-340-5-0123456789AB-89abcdef",
            "rowsmith-R12-340-5-0123456789ab-89abcdef-1",
            "rowsmith-R99999999999-340-5-0123456789ab-89abcdef",
        ] {
            assert_eq!(bad.parse::<CustomId>(), Err(()), "{bad}");
        }
    }
}
