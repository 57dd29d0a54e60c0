//! Turns failed connections into errors that say what to do.

use std::error::Error;
use std::time::Duration;

use super::failure::{broken, timed_out};
use super::options::Timeouts;
use super::proxy::Proxy;
use super::target::Target;
use super::wrong_address::{speaks_plain, wants_tls};
use crate::generate::{GeneratorError, Silence};

/// Returns the error of a failed connection; `silence` is the wait in which it failed.
pub(super) fn connection_failure(
    error: reqwest::Error,
    silence: Silence,
    target: &Target,
    timeouts: Timeouts,
) -> GeneratorError {
    let cause = target.without_key(&innermost(&error));
    if error.is_builder() {
        return GeneratorError::Settings(format!("The request cannot be made: {cause}."));
    }
    if let Some(error) = tls_failure(&error, &cause, target) {
        return error;
    }
    if error.is_connect() && error.is_timeout() {
        return timed_out(Silence::Connect, target, timeouts);
    }
    if error.is_connect() {
        return unreachable(&chain(&error), &cause, target);
    }
    if error.is_timeout() {
        return timed_out(silence, target, timeouts);
    }
    broken(target, &innermost(&error.without_url()))
}

/// Returns the error of a request that got no answer. A server that takes a connection and closes it may be one
/// that speaks TLS where it was asked without, or the other way round; it is then asked once in that way.
pub(super) async fn unanswered(
    error: reqwest::Error,
    web: &reqwest::Client,
    target: &Target,
    timeouts: Timeouts,
) -> GeneratorError {
    let is_tls = target.url.scheme() == "https";
    let closed = if is_tls { innermost(&error).contains("handshake") } else { !error.is_connect() };
    let error = connection_failure(error, Silence::FirstByte, target, timeouts);
    if !closed || target.proxy.is_some() || matches!(error, GeneratorError::TimedOut { .. }) {
        return error;
    }
    match is_tls {
        true if answers(web, target, "http").await.is_ok() => speaks_plain(target),
        false if answers(web, target, "https").await.is_err_and(|why| why.contains("peer certificate")) => {
            wants_tls(target)
        }
        _ => error,
    }
}

/// Asks for the address with another scheme and without the key, and returns why there is no answer. By TLS a server
/// gets no request: the client of an address of plain HTTP trusts no certificate.
async fn answers(web: &reqwest::Client, target: &Target, scheme: &str) -> Result<(), String> {
    const PATIENCE: Duration = Duration::from_secs(2);
    let asked = web.get(target.url.with_scheme(scheme).of("")).timeout(PATIENCE).send().await;
    asked.map(drop).map_err(|error| innermost(&error))
}

/// Returns the error where one side speaks TLS and the other does not, or where a certificate is not trusted.
fn tls_failure(error: &reqwest::Error, cause: &str, target: &Target) -> Option<GeneratorError> {
    if target.url.scheme() == "http" {
        // An alert of TLS is read as the version of HTTP.
        return cause.contains("HTTP version").then(|| wants_tls(target));
    }
    if let Some(why) = cause.split_once("invalid peer certificate: ").map(|(_, why)| why) {
        return Some(untrusted(why, target));
    }
    let is_plain = ["InvalidContentType", "wrong version number", "corrupt message"];
    let is_plain = error.is_connect() && is_plain.iter().any(|words| cause.contains(words));
    is_plain.then(|| speaks_plain(target))
}

fn untrusted(why: &str, target: &Target) -> GeneratorError {
    let host = target.url.host();
    let sentence = if why.contains("UnknownIssuer") || why.contains("CaUsedAsEndEntity") {
        format!(
            "The certificate of {host} is signed by a certificate authority that is not known here ({why}). If it is \
             your company's or your own, let SSL_CERT_FILE name a file with its certificate in PEM form"
        )
    } else if why.contains("not valid for name") || why.contains("NotValidForName") {
        format!("The certificate at {host} is for another name ({why}). Look at the host in `base_url`")
    } else if why.contains("xpired") || why.contains("not valid yet") || why.contains("NotValidYet") {
        format!(
            "The certificate of {host} does not hold now ({why}). Look at this machine's clock, or ask who runs it"
        )
    } else {
        format!(
            "The certificate of {host} cannot be trusted ({why}). If its certificate authority is your own, let \
             SSL_CERT_FILE name a file with its certificate in PEM form"
        )
    };
    GeneratorError::Settings(format!("{sentence}."))
}

/// Returns the error of a server or proxy that cannot be reached, with what to do as part of the cause.
fn unreachable(chain: &str, cause: &str, target: &Target) -> GeneratorError {
    let host = target.url.host();
    let proxy = target.proxy.as_ref().filter(|proxy| !proxy.is_passed_over_for(host));
    let source = if chain.contains("dns error") || chain.contains("failed to lookup") {
        let named = proxy.filter(|proxy| proxy.has_name());
        let name = named.map_or_else(|| format!("`{host}`"), Proxy::described);
        format!("the host name of {name} cannot be resolved ({cause}). Look at the spelling and the network.")
    } else if let Some(proxy) = proxy.map(Proxy::described) {
        format!("{cause}, by {proxy}. Look whether it runs, or remove the variable.")
    } else {
        format!("{cause}. Start the server there, or set `base_url`.")
    };
    GeneratorError::Unreachable { url: target.url.to_string(), source: source.into() }
}

/// Returns the innermost cause of an error, the one that a person can act on.
pub(super) fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Returns the messages of an error and of its causes.
fn chain(error: &dyn Error) -> String {
    let mut messages = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        messages = format!("{messages}: {error}");
        cause = error.source();
    }
    messages
}
