//! The cause of a refusal, found in its codes and words.
//!
//! Servers agree neither on the status nor on the code of a failure. A code decides where there is a known
//! one, then the words, then the status. The phrases are in lower case.

mod phrases;

use std::time::Duration;

use self::phrases::{
    CLOSED, DAY, FLAGGED, FLAGGED_KINDS, INVALID_REPLY, INVALID_REPLY_KINDS, KEY, KEY_KINDS, LIMIT,
    LIMIT_KINDS, MINUTE, MODEL_KINDS, NO_MODEL, NOT_CHAT, NOT_HERE, NOT_HERE_KINDS, OVERFLOW, OVERFLOW_KINDS,
    PERHAPS_QUOTA, QUOTA, QUOTA_KINDS, RIGHTS, TOKENS, TOO_MANY,
};
use super::said::Said;

/// What a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// This reply was no valid JSON.
    InvalidReply,
    /// A filter refused the messages.
    Flagged,
    /// The account has no credit.
    Quota,
    /// The limit of a day or of a longer time.
    Day,
    /// The limit of a minute.
    Limit,
    /// The token limit of a reply is more than the server allows.
    TooManyTokens,
    /// The messages are too long.
    Overflow,
    /// The model is not served by chat completions.
    NotChat,
    /// There is no such model, or not for this key.
    Model,
    /// The provider does not serve this country or this account's settings.
    NotHere,
    /// The key.
    Key,
    /// Something else, such as a parameter.
    Other,
}

impl Cause {
    /// Returns the cause of an error response; `waits` tells whether the server names a wait.
    pub(super) fn of(status: u16, said: &Said, waits: bool) -> Self {
        let words_decide = matches!(status, 400 | 403 | 406 | 422 | 451);
        if said.is(&INVALID_REPLY_KINDS) || (status != 429 && said.says(&INVALID_REPLY)) {
            Self::InvalidReply
        } else if is_flagged(status, said, words_decide) {
            Self::Flagged
        } else if status == 402 || said.is(&QUOTA_KINDS) || is_quota(status, said) {
            Self::Quota
        } else if (status == 429 && !said.says(&["request too large"])) || is_limit(status, said) {
            limit(said, waits)
        } else if is_too_many_tokens(status, said) {
            Self::TooManyTokens
        } else if said.is(&OVERFLOW_KINDS) || status == 413 || said.says(&OVERFLOW) {
            // llama.cpp answers 500 to a request that is longer than its context.
            Self::Overflow
        } else if matches!(status, 400 | 403 | 404) && said.says(&NOT_CHAT) {
            Self::NotChat
        } else if said.is(&NOT_HERE_KINDS) || ((words_decide || status == 404) && said.says(&NOT_HERE)) {
            Self::NotHere
        } else if said.is(&MODEL_KINDS) || is_model(status, said) {
            Self::Model
        } else if is_key(status, said) {
            Self::Key
        } else {
            Self::Other
        }
    }
}

fn is_flagged(status: u16, said: &Said, words_decide: bool) -> bool {
    let is_code = said.is(&FLAGGED_KINDS) && !matches!(status, 401 | 402 | 429);
    (is_code || (words_decide && said.says(&FLAGGED))) && !said.says(&CLOSED)
}

fn is_quota(status: u16, said: &Said) -> bool {
    matches!(status, 400 | 401 | 403 | 429) && said.says(&QUOTA)
}

fn is_limit(status: u16, said: &Said) -> bool {
    matches!(status, 400 | 403) && (said.is(&LIMIT_KINDS) || said.says(&LIMIT))
}

/// Tells the limits of a minute, of a day and of an account apart.
fn limit(said: &Said, waits: bool) -> Cause {
    let first = |phrases: &[&str]| phrases.iter().filter_map(|phrase| said.lower.find(phrase)).min();
    match (first(&DAY), first(&MINUTE)) {
        // Gemini names the quota that is used up in a field, behind words that may name others.
        _ if said.lower.contains("perday") => Cause::Day,
        (Some(day), minute) if minute.is_none_or(|minute| day < minute) => Cause::Day,
        (_, None) if !waits && said.says(&PERHAPS_QUOTA) => Cause::Quota,
        _ => Cause::Limit,
    }
}

fn is_too_many_tokens(status: u16, said: &Said) -> bool {
    let named = said.says(&TOKENS) || said.parameters.iter().any(|name| TOKENS.contains(&name.as_str()));
    matches!(status, 400 | 413 | 422 | 500) && named && said.says(&TOO_MANY)
}

fn is_model(status: u16, said: &Said) -> bool {
    match status {
        400 | 403 | 404 | 410 | 422 => said.says(&["model", "deployment"]) && said.says(&NO_MODEL),
        401 => said.says(&["access model", "access to model", "access to the model"]),
        _ => false,
    }
}

fn is_key(status: u16, said: &Said) -> bool {
    match status {
        401 => true,
        403 => !said.is_page && (said.lower.trim().is_empty() || said.is(&KEY_KINDS) || said.says(&RIGHTS)),
        400 | 404 | 422 | 500 => said.is(&KEY_KINDS) || said.says(&KEY),
        _ => false,
    }
}

/// Returns the most tokens that a refusal of too many names.
pub(super) fn most_tokens(said: &Said) -> Option<u64> {
    const BEFORE: [&str; 9] = [
        "> ",
        "at most ",
        "less than or equal to ",
        "<= ",
        "[1, ",
        "[1,",
        "between 1 and ",
        "cannot exceed ",
        "maximum value of ",
    ];
    BEFORE.iter().find_map(|before| {
        let rest = said.lower.split_once(before)?.1;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let is_whole =
            !rest[digits..].starts_with([' ', '.']) || !rest[digits..].trim_start().starts_with('-');
        rest[..digits].parse().ok().filter(|most| is_whole && *most > 0)
    })
}

/// Returns the wait of a limit of a day, if the server means that limit: in words, or a long one.
pub(super) fn wait_of_a_day(said: &Said, told: Option<Duration>) -> Option<Duration> {
    const LONG: Duration = Duration::from_secs(15 * 60);
    said.wait_in_words.max(told.filter(|wait| *wait > LONG)).filter(|wait| *wait > Duration::from_secs(60))
}

#[cfg(test)]
mod tests;
