//! The web client that requests go through.

use std::sync::Once;

use reqwest::redirect::Policy;

use super::ProviderOptions;
use super::target::Target;
use crate::generate::GeneratorError;

/// Makes the client of a target: its own timeouts, the proxy of the environment, no redirects.
pub(super) fn client(target: &Target, options: ProviderOptions) -> Result<genai::Client, GeneratorError> {
    install_tls();
    let mut web = reqwest::Client::builder()
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.idle_timeout)
        // A redirect would carry a key to where nobody meant to send it.
        .redirect(Policy::none())
        .user_agent(concat!("rowsmith/", env!("CARGO_PKG_VERSION")));
    if is_loopback(target) {
        web = web.no_proxy();
    }
    let unusable = |error: &dyn std::fmt::Display| {
        GeneratorError::Settings(format!(
            "The web client cannot be set up: {error}. Look at the proxy settings."
        ))
    };
    let web = web.build().map_err(|error| unusable(&error))?;
    genai::Client::builder().with_reqwest(web).build().map_err(|error| unusable(&error))
}

/// Chooses the TLS library of the process, once.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error says that another was chosen before, which serves as well.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Whether a server is on this machine, which no proxy reaches.
fn is_loopback(target: &Target) -> bool {
    let url = target.url.as_deref().and_then(|url| reqwest::Url::parse(url).ok());
    url.as_ref().and_then(reqwest::Url::host_str).is_some_and(|host| {
        host == "localhost"
            || host == "[::1]"
            || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    })
}
