//! The web client that requests go through.

use std::sync::Once;

use reqwest::redirect::Policy;

use super::options::Timeouts;
use super::target::Target;
use crate::generate::GeneratorError;

/// The client as this program uses it, and as genai does.
#[derive(Debug)]
pub(super) struct Clients {
    pub(super) web: reqwest::Client,
    pub(super) genai: genai::Client,
}

/// Makes the client of a target: the proxy of the environment, no redirects. Reading a reply has
/// timeouts of its own; the one here only keeps what genai waits for from lasting forever.
pub(super) fn client(target: &Target, timeouts: Timeouts) -> Result<Clients, GeneratorError> {
    install_tls();
    let mut web = reqwest::Client::builder()
        .connect_timeout(timeouts.connect)
        .read_timeout(timeouts.first_byte + timeouts.idle)
        .tcp_nodelay(true)
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
    let genai = genai::Client::builder().with_reqwest(web.clone()).build();
    Ok(Clients { web, genai: genai.map_err(|error| unusable(&error))? })
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
    let url = reqwest::Url::parse(&target.url).ok();
    url.as_ref().and_then(reqwest::Url::host_str).is_some_and(|host| {
        host == "localhost"
            || host == "[::1]"
            || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    })
}
