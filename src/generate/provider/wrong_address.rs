//! Answers that show that there are no chat completions at an address, and the address to write instead.

use reqwest::header::{HeaderMap, LOCATION};

use super::address::Address;
use super::cause::Cause;
use super::failure::{broken, refusal};
use super::said::{Said, shortened, status_of};
use super::target::Target;
use crate::generate::GeneratorError;
use crate::text::without_secrets;

/// Phrases of a server that was asked in plain HTTP where it wants TLS.
const WANTS_TLS: [&str; 4] = [
    "plain http request was sent to https port",
    "http request to an https server",
    "http request was sent to https",
    "requires tls",
];
/// Phrases of servers that know no such path, whatever the status.
const NO_PATH: [&str; 5] =
    ["unexpected endpoint", "invalid url (post", "unknown request url", "unknown endpoint", "cannot post /"];

/// Returns the error of an answer that no chat completions give; `None` if it may be one of theirs.
pub(super) fn wrong_address(
    status: u16,
    said: &Said,
    headers: Option<&HeaderMap>,
    target: &Target,
) -> Option<GeneratorError> {
    if said.says(&WANTS_TLS) || status == 426 {
        return Some(wants_tls(target));
    }
    if (300..400).contains(&status) {
        return Some(redirect(status, headers, target));
    }
    let is_page = said.is_page && matches!(status, 400..=403 | 406);
    let is_nothing = matches!(status, 404 | 405 | 501) || is_page || said.says(&NO_PATH);
    // A provider's own address is known to be right.
    if !is_nothing || target.name.base_url.is_none() {
        return None;
    }
    let words = target.without_key(&said.words);
    let words =
        if words.is_empty() { page(said).to_owned() } else { format!(": {}", words.trim_end_matches('.')) };
    if let Some(native) = &target.turned_from {
        return Some(GeneratorError::WrongAddress(format!(
            "{native} is asked for chat completions at {}, and there are none (HTTP status {status}{words}). Set \
             `base_url` to where that server has them.",
            target.url
        )));
    }
    // An error that came with the status of success has none of its own.
    let has_status = status != 500 || headers.is_some();
    let answered = if has_status { format!("HTTP status {status}") } else { "it answers".to_owned() };
    Some(nothing_there(&format!("{answered}{words}"), target))
}

/// Returns the error of a successful answer that is no reply.
pub(super) fn not_a_reply(body: &str, target: &Target) -> GeneratorError {
    let said = Said::new(body);
    if said.is_page {
        return nothing_there("the answer is a web page", target);
    }
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let status = status_of(json.get("error").unwrap_or(&json));
    // Some say with the status 200 what went wrong.
    let status = if status == 500 && Cause::of(400, &said, false) != Cause::Other { 400 } else { status };
    let is_failure = json.get("error").is_some() || status != 500;
    let error = refusal(status, body, None, target);
    if is_failure && !matches!(error, GeneratorError::Rejected { .. }) {
        return error;
    }
    let words = target.without_key(&shortened(&said.words));
    if words.is_empty() {
        return broken(
            target,
            "its answer is empty; its log may say why, such as a prompt that is longer than the model's context",
        );
    }
    let what = format!("the answer is no reply: {words}");
    nothing_there(what.trim_end_matches('.'), target)
}

/// Returns the error of a server that speaks TLS and was asked without it.
pub(super) fn wants_tls(target: &Target) -> GeneratorError {
    let meant = target.url.with_scheme("https");
    GeneratorError::WrongAddress(format!(
        "The server at {} speaks TLS and was asked in plain HTTP. Set `{}` to \"{}\".",
        target.url,
        setting(target),
        meant.written()
    ))
}

/// Returns the error of a server that speaks plain HTTP and was asked by TLS.
pub(super) fn speaks_plain(target: &Target) -> GeneratorError {
    let meant = target.url.with_scheme("http");
    GeneratorError::WrongAddress(format!(
        "The server at {} does not speak TLS. If it is yours, set `{}` to \"{}\".",
        target.url,
        setting(target),
        meant.written()
    ))
}

fn nothing_there(what: &str, target: &Target) -> GeneratorError {
    let call = target.dialect.path();
    let asked = target.url.of(call);
    let setting = setting(target);
    let advice = match target.url.suggested() {
        Some(meant) => format!("Set `{setting}` to \"{}\".", meant.written()),
        None => format!(
            "Set `{setting}` to the address that stands before `/{call}` in that server's documentation."
        ),
    };
    GeneratorError::WrongAddress(format!("Nothing answers requests for rows at {asked} ({what}). {advice}"))
}

/// Returns the error of an answer that points elsewhere; it is not followed, because the key would go along.
fn redirect(status: u16, headers: Option<&HeaderMap>, target: &Target) -> GeneratorError {
    let call = target.dialect.path();
    let asked = target.url.of(call);
    let location = headers.and_then(|headers| headers.get(LOCATION)?.to_str().ok());
    let Some(mut to) = location.and_then(|location| asked.join(location).ok()) else {
        return nothing_there(&format!("HTTP status {status} without a place to go to"), target);
    };
    to.set_fragment(None);
    let path = to.path().trim_end_matches('/').to_owned();
    let base = path.strip_suffix(call).map(|path| {
        let mut base = to.clone();
        base.set_path(path);
        base.set_query(asked.query());
        base
    });
    to.set_query(None);
    let to = without_secrets(to.as_str());
    let advice = match base.and_then(|base| Address::read(base.as_str()).ok()) {
        Some(base) if base != target.url => format!("Set `{}` to \"{}\".", setting(target), base.written()),
        _ => "If that is a page to sign in, the network or the gateway wants that first; else look at the address."
            .to_owned(),
    };
    GeneratorError::WrongAddress(format!(
        "{asked} redirects to {to} (HTTP status {status}), which is not followed because the key would go along. {advice}"
    ))
}

/// Returns the setting that names the address.
fn setting(target: &Target) -> &'static str {
    if target.dialect.path() == "messages" { "ANTHROPIC_BASE_URL" } else { "base_url" }
}

fn page(said: &Said) -> &'static str {
    if said.is_page { ", a web page" } else { "" }
}

#[cfg(test)]
mod tests;
