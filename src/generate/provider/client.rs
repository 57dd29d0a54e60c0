//! The HTTP client.

use std::sync::Once;

use reqwest::redirect::Policy;

use super::options::Timeouts;
use super::target::Target;
use crate::generate::GeneratorError;
use crate::text::without_secrets;

/// Makes the client for a target, with the proxy of the environment and without redirects. The readers of
/// answers apply their own timeouts.
///
/// It uses HTTP/1.1, which every server of these dialects supports: concurrent requests have a connection
/// each, and connections are reused.
/// connection of its own, and a connection is used again for the next one.
pub(super) fn client(target: &Target, timeouts: Timeouts) -> Result<reqwest::Client, GeneratorError> {
    install_tls();
    let mut web = reqwest::Client::builder()
        .connect_timeout(timeouts.connect)
        .tcp_nodelay(true)
        // A redirect could send the key to another server.
        .redirect(Policy::none())
        .user_agent(concat!("rowsmith/", env!("CARGO_PKG_VERSION")));
    if target.url.is_loopback() {
        web = web.no_proxy();
    }
    web.build().map_err(|error| {
        let cause = without_secrets(&error.to_string());
        GeneratorError::Settings(format!(
            "The web client cannot be set up: {cause}. Look at the proxy settings."
        ))
    })
}

/// Sets the TLS library of the process, once.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error means that another one was set before, which works as well.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
    });
}
