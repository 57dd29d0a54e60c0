//! Parameters of a request that a server may refuse.
//!
//! A parameter is sent until the server refuses it once, and is then left out of (or, for the token limit,
//! renamed in) every further request; the messages stay as the preview showed them. Those that the setting
//! `leave_out` names are never sent.
//!
//! ```text
//! refusal ─► Said ─► a field that names a parameter ─┐
//!                 └► a sentence that refuses one ────┴► Part ─► Refused ─► Parts of the next request
//! ```

use std::sync::atomic::{AtomicU8, Ordering};

use super::cause::Cause;
use super::dialect::Dialect;
use super::said::Said;
use crate::domain::{GeneratorSettings, Parameter};

/// The names of each parameter in refusals, except those of the schema.
const NAMES: [(Parameter, &[&str]); 5] = [
    (
        Parameter::MaxTokens,
        &["max_tokens", "max_completion_tokens", "max_output_tokens", "maxoutputtokens", "max_new_tokens"],
    ),
    (Parameter::Temperature, &["temperature"]),
    (Parameter::Seed, &["seed", "random_seed"]),
    (Parameter::StreamOptions, &["stream_options", "streamoptions", "include_usage"]),
    (Parameter::Stream, &["stream", "streaming"]),
];
/// Words by which a refusal refers to the schema. Whoever names it as what is wrong refuses it.
const SCHEMA: [&str; 24] = [
    "response_format",
    "json_schema",
    "json_object",
    "json schema",
    "json mode",
    "response format",
    "structured output",
    "structured_output",
    "output_config",
    "output_format",
    "output format",
    "responseschema",
    "response_schema",
    "responseformat",
    "response_mime_type",
    "text.format",
    "schema is too complex",
    "too many states",
    "definitions in schema",
    "guided_json",
    "guided decoding",
    "grammar",
    "required for format",
    "invalid schema",
];
/// The same where the status is that of a server's own failure.
const SCHEMA_FAILED: [&str; 4] =
    ["grammar", "too many states", "schema is too complex", "required for format"];
/// Phrases that refuse a parameter or its value.
const REFUSING: [&str; 48] = [
    "unknown",
    "unsupported",
    "not supported",
    "not support",
    "n't support",
    "isn't supported",
    "unrecognized",
    "unrecognised",
    "unexpected",
    "extra inputs",
    "extra_forbidden",
    "extraneous",
    "extra fields",
    "additional properties",
    "not permitted",
    "not allowed",
    "not available",
    "not implemented",
    "not recognized",
    "not valid",
    "not a valid",
    "invalid",
    "no such",
    "cannot be",
    "can't be",
    "can not be",
    "deprecated",
    "only the default",
    "only default",
    "must be",
    "should be",
    "out of range",
    "range:",
    "be verified to stream",
    "is disabled",
    "does not accept",
    "does not take",
    "unexpected keyword",
    "instead",
    "replace",
    "requires",
    "not accept",
    "does not work with",
    "do not use",
    "remove",
    "不支持",
    "无效",
    "非法",
];
/// Phrases of a refusal that names no parameter: each optional one is left out in turn.
const UNNAMED: [&str; 2] = ["handle the requested parameters", "support the requested parameters"];

/// A set of parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Parameters(u8);

impl Parameters {
    const fn of(parameter: Parameter) -> Self {
        Self(1 << parameter as u8)
    }

    const fn has(self, parameter: Parameter) -> bool {
        self.0 & Self::of(parameter).0 != 0
    }

    fn iter(self) -> impl Iterator<Item = Parameter> {
        Parameter::ALL.into_iter().filter(move |parameter| self.has(*parameter))
    }
}

impl FromIterator<Parameter> for Parameters {
    fn from_iter<I: IntoIterator<Item = Parameter>>(parameters: I) -> Self {
        Self(parameters.into_iter().fold(0, |set, parameter| set | Self::of(parameter).0))
    }
}

/// The bit of the token limit's other form.
const OTHER_LIMIT: u8 = 1 << 6;
/// The bit that says that both forms of the token limit were tried.
const LIMIT_TURNED: u8 = 1 << 7;

/// What a refusal changes in requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    left_out: Parameters,
    /// Whether the token limit gets its other form.
    turns_limit: bool,
    temperature: f64,
}

impl Part {
    /// Returns what a person should know of it, as a sentence.
    pub(super) fn remark(self) -> String {
        let default = "so the server's own default holds";
        let one = |parameter| match parameter {
            Parameter::MaxTokens => {
                "The server takes no `max_tokens`; it is left out, so replies have no limit of their own."
                    .into()
            }
            Parameter::Temperature => {
                format!(
                    "The server does not take temperature {}; it is left out, {default}.",
                    self.temperature
                )
            }
            Parameter::Seed => {
                "The server does not take a seed; it is left out, so the same request may bring other rows."
                    .into()
            }
            Parameter::StreamOptions => {
                "The server does not take `stream_options`; they are left out, so it may count no tokens."
                    .into()
            }
            Parameter::ResponseFormat => {
                "The server does not take the schema; it is left out, so the prompt alone asks for JSON."
                    .into()
            }
            Parameter::Stream => {
                "The server does not stream this model; rows come when a whole reply is there.".into()
            }
        };
        let left_out: Vec<String> = self.left_out.iter().map(one).collect();
        if left_out.is_empty() {
            return "The server takes the limit of tokens in another form, which is sent from now on.".into();
        }
        left_out.join(" ")
    }
}

/// Which parameters a request has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parts {
    /// The bits of [`Refused`].
    left_out: u8,
    temperature: f64,
}

impl Parts {
    /// Returns whether a request has this parameter.
    pub(super) const fn has(self, parameter: Parameter) -> bool {
        !Parameters(self.left_out).has(parameter)
    }

    /// Returns the same ones without one.
    pub(super) const fn without(self, parameter: Parameter) -> Self {
        Self { left_out: self.left_out | Parameters::of(parameter).0, ..self }
    }

    /// Returns whether the token limit has its usual form.
    pub(super) const fn usual_limit(self) -> bool {
        self.left_out & OTHER_LIMIT == 0
    }

    /// Returns what an error response refuses of the sent parameters; `None` if it is about none of them.
    pub(super) fn refused(
        self,
        dialect: &dyn Dialect,
        status: u16,
        body: &str,
        max_tokens: Option<u32>,
    ) -> Option<Part> {
        if !matches!(status, 400 | 404 | 405 | 415 | 422 | 500 | 501) {
            return None;
        }
        let said = dialect.read_error(body);
        let no_part =
            Part { left_out: Parameters::default(), turns_limit: false, temperature: self.temperature };
        match Cause::of(status, &said, false) {
            Cause::Other => {}
            // A limit that no setting asked for may be lower.
            Cause::TooManyTokens
                if dialect.requires_limit() && max_tokens.is_none() && self.usual_limit() =>
            {
                return Some(Part { turns_limit: true, ..no_part });
            }
            _ => return None,
        }
        let is_sent = |parameter: &Parameter| match parameter {
            Parameter::MaxTokens => self.has(*parameter) && max_tokens.is_some() && !dialect.requires_limit(),
            Parameter::StreamOptions => self.has(*parameter) && self.has(Parameter::Stream),
            _ => self.has(*parameter),
        };
        let found: Parameters = named(status, &said, is_sent).into_iter().filter(is_sent).collect();
        if found == Parameters::default() {
            return None;
        }
        if found.has(Parameter::MaxTokens) && self.left_out & LIMIT_TURNED == 0 {
            let left_out = found.iter().filter(|parameter| *parameter != Parameter::MaxTokens).collect();
            return Some(Part { left_out, turns_limit: true, ..no_part });
        }
        Some(Part { left_out: found, ..no_part })
    }
}

/// Returns the parameters that a refusal names: in a field, in a list, or else the first one in a sentence
/// that refuses something.
fn named(status: u16, said: &Said, is_sent: impl Fn(&Parameter) -> bool) -> Vec<Parameter> {
    let is_failure = status >= 500;
    let in_fields: Vec<_> = said.parameters.iter().filter_map(|name| parameter_of(name)).collect();
    if in_fields.iter().any(&is_sent) && !is_failure {
        return in_fields;
    }
    let refusing = said
        .lower
        .split(['\n', ';'])
        .flat_map(|line| line.split(". "))
        .filter(|sentence| REFUSING.iter().any(|phrase| sentence.contains(phrase)));
    for sentence in refusing.clone() {
        if let Some((_, list)) = sentence.split_once("parameters: [") {
            let list = list.split(']').next().unwrap_or_default();
            return list
                .split(',')
                .filter_map(|name| parameter_of(name.trim_matches([' ', '\'', '"'])))
                .collect();
        }
    }
    let first = refusing.clone().find_map(|sentence| first_in(sentence, &is_sent));
    let schema = if is_failure { &SCHEMA_FAILED[..] } else { &SCHEMA[..] };
    let or_schema = || said.says(schema).then_some(Parameter::ResponseFormat);
    let any = || {
        let optional =
            [Parameter::ResponseFormat, Parameter::Seed, Parameter::StreamOptions, Parameter::Temperature];
        optional.into_iter().find(&is_sent).filter(|_| said.says(&UNNAMED))
    };
    first.or_else(or_schema).or_else(any).into_iter().collect()
}

/// Returns the parameter of a name in a field, of which only the beginning counts.
fn parameter_of(name: &str) -> Option<Parameter> {
    let is_schema = SCHEMA.contains(&name) || matches!(name, "format" | "schema");
    let of_name = NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(parameter, _)| *parameter);
    of_name.or(is_schema.then_some(Parameter::ResponseFormat))
}

/// Returns the sent parameter that a sentence names first, as a word of its own.
fn first_in(sentence: &str, is_sent: impl Fn(&Parameter) -> bool) -> Option<Parameter> {
    let words = NAMES.iter().filter(|(parameter, _)| is_sent(parameter)).flat_map(|(parameter, names)| {
        names.iter().filter_map(|name| Some((place_of_word(sentence, name)?, *parameter)))
    });
    let schema = SCHEMA.iter().filter_map(|name| Some((sentence.find(name)?, Parameter::ResponseFormat)));
    words.chain(schema.filter(|(_, parameter)| is_sent(parameter))).min().map(|(_, parameter)| parameter)
}

fn place_of_word(sentence: &str, word: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    sentence.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = sentence[..*at].chars().next_back();
        let behind = sentence[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

/// The parameters that a server has refused, or that are never sent.
#[derive(Debug)]
pub(super) struct Refused {
    left_out: AtomicU8,
    temperature: f64,
}

impl Refused {
    /// Begins with what the settings leave out; `other_limit` tells which form of the token limit is sent.
    pub(super) fn new(settings: &GeneratorSettings, other_limit: bool) -> Self {
        let left_out: Parameters = settings.leave_out.iter().copied().collect();
        let limit = if other_limit { OTHER_LIMIT } else { 0 };
        Self { left_out: AtomicU8::new(left_out.0 | limit), temperature: settings.temperature }
    }

    /// Returns the parameters that are sent.
    pub(super) fn others(&self) -> Parts {
        Parts { left_out: self.left_out.load(Ordering::Relaxed), temperature: self.temperature }
    }

    /// Changes all further requests; returns whether that is news, which it is not where a concurrent
    /// request was refused the same.
    pub(super) fn add(&self, part: Part) -> bool {
        let change = |before: u8| {
            let turned = if part.turns_limit && before & LIMIT_TURNED == 0 {
                (before ^ OTHER_LIMIT) | LIMIT_TURNED
            } else {
                before
            };
            Some(turned | part.left_out.0)
        };
        let before =
            self.left_out.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).unwrap_or_default();
        change(before) != Some(before)
    }

    /// Returns the names of the parameters that are not sent.
    pub(super) fn names(&self) -> Vec<&'static str> {
        Parameters(self.left_out.load(Ordering::Relaxed)).iter().map(Parameter::name).collect()
    }
}

#[cfg(test)]
mod tests;
