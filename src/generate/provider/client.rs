//! The HTTP client.

use std::sync::Once;

use reqwest::redirect::Policy;

use super::failure::innermost;
use super::options::Timeouts;
use super::proxy::Proxy;
use super::target::Target;
use super::trust;
use crate::generate::GeneratorError;
use crate::text::without_secrets;

/// Makes the client for a target, with the target's proxy, without redirects, and with the certificate
/// authorities that the environment adds. The readers of answers apply their own timeouts.
///
/// It uses HTTP/1.1, which every server of these dialects supports: concurrent requests have a connection
/// each, and connections are reused.
pub(super) fn client(
    target: &Target,
    timeouts: Timeouts,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<reqwest::Client, GeneratorError> {
    install_tls();
    let mut web = reqwest::Client::builder()
        .connect_timeout(timeouts.connect)
        .tcp_nodelay(true)
        // A redirect could send the key to another server.
        .redirect(Policy::none())
        .user_agent(concat!("rowsmith/", env!("CARGO_PKG_VERSION")));
    match &target.proxy {
        Some(proxy) => web = web.proxy(proxy.for_client().map_err(|error| unusable(&error))?),
        None if target.url.is_loopback() => web = web.no_proxy(),
        None => {}
    }
    if target.url.scheme() == "https" || target.proxy.as_ref().is_some_and(Proxy::is_tls) {
        let variable = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        web = web.tls_certs_merge(trust::added(&variable)?);
    } else {
        // Nobody is trusted where nobody has to be; the system may know no authorities.
        web = web.tls_certs_only([]);
    }
    web.build().map_err(|error| unusable(&error))
}

fn unusable(error: &reqwest::Error) -> GeneratorError {
    let cause = without_secrets(&innermost(error));
    let help = if cause.contains("CA certificates") {
        "Install the certificate authorities of your system, or let SSL_CERT_FILE name a file with them"
    } else {
        "Look at the proxy settings"
    };
    let cause = cause.trim_end_matches('.');
    GeneratorError::Settings(format!("The web client cannot be set up: {cause}. {help}."))
}

/// Sets the TLS library of the process, once.
pub(super) fn install_tls() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // An error means that another one was set before, which works as well.
        let _chosen = rustls::crypto::ring::default_provider().install_default();
    });
}
