//! The web client that requests go through.

use std::sync::Once;

use reqwest::redirect::Policy;

use super::options::Timeouts;
use super::target::Target;
use crate::generate::GeneratorError;
use crate::text::without_secrets;

/// Makes the client of a target: the proxy of the environment, and no redirects. Whoever reads an
/// answer waits by timeouts of their own.
///
/// It speaks HTTP/1.1, as every server of the dialects does: each request under way has a
/// connection of its own, and a connection is used again for the next one.
pub(super) fn client(target: &Target, timeouts: Timeouts) -> Result<reqwest::Client, GeneratorError> {
    install_tls();
    let mut web = reqwest::Client::builder()
        .connect_timeout(timeouts.connect)
        .tcp_nodelay(true)
        // A redirect would carry a key to where nobody meant to send it.
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

/// Chooses the TLS library of the process, once.
fn install_tls() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error says that another was chosen before, which serves as well.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
    });
}
