//! The errors of a request, split by what the caller does next.

use std::time::Duration;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a generator could not finish a request.
///
/// Variants are split by what the *caller* does next, not by which library failed: wait and send it again,
/// stop and ask the person, or show the provider's message. Messages contain the provider's text as it
/// came; whoever shows them must escape control characters.
#[derive(Debug, thiserror::Error)]
pub enum GeneratorError {
    /// The provider asked us to slow down.
    #[error("{provider} is limiting requests{}{}", wait(*.retry_after), said(.words))]
    RateLimited {
        /// The provider's name as the session spells it.
        provider: String,
        /// How long the provider asked us to wait, if it said.
        retry_after: Option<Duration>,
        /// What the provider said.
        words: String,
    },
    /// The server failed or is overloaded; the request itself may be fine.
    #[error("{}{}{}", failed(provider, *status), wait(*.retry_after), said(.words))]
    ServerFailed {
        /// The provider's name as the session spells it.
        provider: String,
        /// The HTTP status; one of success where only the answer tells of a failure.
        status: u16,
        /// How long the provider asked us to wait, if it said.
        retry_after: Option<Duration>,
        /// What the provider said.
        words: String,
    },
    /// The connection ended, or its data became unreadable, before the reply was complete.
    #[error("The connection to {provider} broke before the reply was complete: {source}.")]
    Broken {
        /// The provider's name as the session spells it.
        provider: String,
        /// The failure below.
        #[source]
        source: Source,
    },
    /// The server sent nothing for too long.
    #[error("{}", silence.sentence(provider, *after))]
    TimedOut {
        /// The provider's name as the session spells it.
        provider: String,
        /// The wait that timed out.
        silence: Silence,
        /// The length of the wait.
        after: Duration,
    },
    /// The reply is larger than the limit; its complete rows are kept.
    #[error("The reply of {provider} is longer than {} and was cut there; set `reply_tokens` to bound it.", size(*most))]
    TooLong {
        /// The provider's name as the session spells it.
        provider: String,
        /// The limit in bytes.
        most: usize,
    },
    /// No connection could be made.
    #[error("No connection to {url} could be made: {source}")]
    Unreachable {
        /// The address that was tried.
        url: String,
        /// The failure below with what to do about it, as the end of a sentence.
        #[source]
        source: Source,
    },
    /// A key is needed and none is set.
    #[error(
        "{provider} needs an API key and the environment variable {env} is not set; set it and try again."
    )]
    MissingKey {
        /// The provider's name as the session spells it.
        provider: String,
        /// The environment variable that was read.
        env: String,
    },
    /// The key was refused.
    #[error("{}", key_refused(provider, env, *.sent, .words))]
    Unauthorized {
        /// The provider's name as the session spells it.
        provider: String,
        /// Where the key came from, or was looked for: an environment variable, or a few words.
        env: String,
        /// Whether a key was sent.
        sent: bool,
        /// What the provider said.
        words: String,
    },
    /// The account has no credit left; waiting does not help.
    #[error("The account at {provider} has no quota left; look at its plan and billing{}", said(.words))]
    QuotaExhausted {
        /// The provider's name as the session spells it.
        provider: String,
        /// What the provider said.
        words: String,
    },
    /// The provider has no such model.
    #[error("{provider} has no model `{model}`; set `model` to one that it has{}", said(.words))]
    UnknownModel {
        /// The provider's name as the session spells it.
        provider: String,
        /// The model asked for.
        model: String,
        /// What the provider said.
        words: String,
    },
    /// The model is not served by chat completions: `OpenAI` serves some only by its Responses API.
    #[error(
        "{provider} does not serve `{model}` by chat completions, and its Responses are not asked here; set `model` \
         to a chat model{}",
        said(.words)
    )]
    NotChat {
        /// The provider's name as the session spells it.
        provider: String,
        /// The model asked for.
        model: String,
        /// What the provider said.
        words: String,
    },
    /// The reply has no row, and the server told why: its end, its usage or an error inside it.
    #[error("{0}")]
    NoAnswer(String),
    /// A filter refused the messages of this request; others may pass.
    #[error("{provider} refused the text of this request{}", said(.words))]
    Flagged {
        /// The provider's name as the session spells it.
        provider: String,
        /// What the provider said.
        words: String,
    },
    /// The server found this reply to be no valid JSON; its text is a scrap. Another reply may pass.
    #[error(
        "{provider} took the reply for invalid JSON; if that goes on, leave the schema out with \
         `leave_out = [\"response_format\"]` under [generator]{}",
        said(.words)
    )]
    InvalidReply {
        /// The provider's name as the session spells it.
        provider: String,
        /// What the provider said.
        words: String,
    },
    /// The limit of a day, or of a longer time, is used up.
    #[error(
        "The limit of the {} at {provider} is used up{}; `rowsmith sample SESSION --resume` goes on with the run \
         later{}",
        period(.words),
        wait_of_a_day(*.retry_after),
        said(.words)
    )]
    DailyLimit {
        /// The provider's name as the session spells it.
        provider: String,
        /// How long the provider asked us to wait, if it said so of this limit.
        retry_after: Option<Duration>,
        /// What the provider said.
        words: String,
    },
    /// The server refused a parameter that cannot be left out without a person's word.
    #[error("{provider} refuses the parameter `{parameter}` as it is; {remedy}{}", said(.words))]
    ParameterRefused {
        /// The provider's name as the session spells it.
        provider: String,
        /// The parameter.
        parameter: String,
        /// Which setting to change, as a clause.
        remedy: String,
        /// What the provider said.
        words: String,
    },
    /// There is nothing that answers chat completions at this address; the sentence says what to write.
    #[error("{0}")]
    WrongAddress(String),
    /// The messages are longer than the model can read.
    #[error("The request is too long for the model; shorten the prompt or show fewer examples{}", said(.words))]
    ContextOverflow {
        /// What the provider said.
        words: String,
    },
    /// The provider refused the request, and would refuse it again.
    #[error("{provider} refused the request{}{}", with_status(*status), said(.words))]
    Rejected {
        /// The provider's name as the session spells it.
        provider: String,
        /// The HTTP status.
        status: u16,
        /// What the provider said.
        words: String,
    },
    /// The settings cannot be used; the sentence says which and what to do.
    #[error("{0}")]
    Settings(String),
    /// The real rows yield no more new texts; the sentence says why and what to do.
    #[error("{0}")]
    Exhausted(String),
}

/// The kind of wait that timed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// For a connection.
    Connect,
    /// For the first byte of an answer.
    FirstByte,
    /// For the first content of an answer that has begun.
    Queue,
    /// For the next content of an answer.
    Idle,
}

impl Silence {
    fn sentence(self, provider: &str, after: Duration) -> String {
        let after = span(after);
        match self {
            Self::Connect => format!("No connection to {provider} was made within {after}."),
            Self::FirstByte => format!("{provider} sent no answer within {after}."),
            Self::Queue => format!(
                "{provider} kept the request waiting and wrote nothing within {after}; it is busy, or it never answers."
            ),
            Self::Idle => format!("{provider} fell silent for {after} in the middle of its answer."),
        }
    }
}

impl GeneratorError {
    /// Returns whether the same request may succeed when it is sent again.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::ServerFailed { .. }
                | Self::Broken { .. }
                | Self::TimedOut { .. }
                | Self::Unreachable { .. }
        )
    }

    /// Returns whether every further request of the run would fail in the same way.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(
            self,
            Self::MissingKey { .. }
                | Self::Unauthorized { .. }
                | Self::QuotaExhausted { .. }
                | Self::UnknownModel { .. }
                | Self::NotChat { .. }
                | Self::ContextOverflow { .. }
                | Self::DailyLimit { .. }
                | Self::ParameterRefused { .. }
                | Self::WrongAddress(_)
                | Self::Settings(_)
                | Self::Exhausted(_)
        )
    }

    /// Returns how long the provider asked us to wait, if it said.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } | Self::ServerFailed { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

fn span(span: Duration) -> String {
    match (span.as_secs(), span.as_millis()) {
        (0, 1) => "1 millisecond".into(),
        (0, millis) => format!("{millis} milliseconds"),
        (1, _) => "1 second".into(),
        (seconds, _) => format!("{seconds} seconds"),
    }
}

/// Returns the beginning of a sentence about a server that failed.
fn failed(provider: &str, status: u16) -> String {
    match with_status(status).as_str() {
        "" => format!("{provider} answered with an error"),
        status => format!("{provider} failed{status}"),
    }
}

/// Returns ` with HTTP status 503`, or nothing for a status of success: then only the answer told of the failure.
fn with_status(status: u16) -> String {
    if status < 400 { String::new() } else { format!(" with HTTP status {status}") }
}

/// Returns the period of a long limit, as the provider's words name it.
fn period(words: &str) -> &'static str {
    let words = words.to_lowercase();
    let names =
        |period: &&str| words.contains(&format!("{period}ly")) || words.contains(&format!("per {period}"));
    ["month", "week"].into_iter().find(names).unwrap_or("day")
}

fn size(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{} MB", bytes >> 20) } else { format!("{} KB", bytes >> 10) }
}

/// Returns ` and asks for a pause of 7 seconds`, or nothing.
fn wait(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| {
        let pause = match wait.as_millis().div_ceil(1000) {
            1 => "1 second".into(),
            seconds @ ..300 => format!("{seconds} seconds"),
            _ => minutes(wait),
        };
        format!(" and asks for a pause of {pause}")
    })
}

/// Returns ` and opens again in 2 h 8 min`, or nothing.
fn wait_of_a_day(retry_after: Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |wait| format!(" and opens again in {}", minutes(wait)))
}

/// Returns a span in hours and minutes, such as `2 h 8 min`.
fn minutes(span: Duration) -> String {
    let minutes = span.as_secs().div_ceil(60);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn key_refused(provider: &str, env: &str, sent: bool, words: &str) -> String {
    let said = said(words);
    if sent {
        return format!("{provider} refused the API key in {env}; set the right one{said}");
    }
    format!(
        "{provider} wants an API key and none was sent; set {env}, name another variable with `api_key_env`, or let a \
         key that stays here go there by `rowsmith allow`{said}"
    )
}

/// Returns the end of a sentence with the provider's words, if any.
fn said(words: &str) -> String {
    let words = words.trim();
    if words.is_empty() {
        return ".".into();
    }
    let end = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!(": {words}{end}")
}

#[cfg(test)]
mod tests;
