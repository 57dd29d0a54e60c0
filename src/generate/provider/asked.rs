//! Who would be asked with which key: what is known of a request before anything is sent.

use super::address::Address;
use super::target::Target;
use crate::domain::{GeneratorSettings, own_key_variables};
use crate::generate::GeneratorError;

/// Who would be asked, and with which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The server: scheme, host and port.
    pub(crate) server: String,
    /// The variable that the key was found for; `None` where none is sent.
    pub(crate) key_from: Option<String>,
    /// Whether the server is one with a variable of its own, and answers nobody without a key.
    pub(crate) wants_its_key: bool,
    /// The variables of what stands between: a proxy, and the authorities that a secure connection trusts.
    pub(crate) between: Vec<&'static str>,
}

impl Asked {
    /// Finds out who settings ask; `environment` returns the value of a variable.
    ///
    /// # Errors
    ///
    /// As where the generator is made of them.
    pub(crate) fn of(
        settings: &GeneratorSettings,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, GeneratorError> {
        let target = Target::new(settings, None, environment)?;
        let mut between: Vec<_> = target.proxy.iter().map(|proxy| proxy.variable).collect();
        if target.url.scheme() == "https" || target.proxy.as_ref().is_some_and(super::proxy::Proxy::is_tls) {
            between.extend(["SSL_CERT_FILE", "SSL_CERT_DIR"]);
        }
        Ok(Self {
            server: target.url.origin(),
            key_from: target.key.is_some().then_some(target.key_from),
            wants_its_key: own_key_variables(target.url.host()).is_some(),
            between,
        })
    }
}

/// Returns what all addresses of one server have in common; `None` where the text is no address.
#[must_use]
pub(crate) fn origin(url: &str) -> Option<String> {
    Address::read(url).ok().map(|address| address.origin())
}
