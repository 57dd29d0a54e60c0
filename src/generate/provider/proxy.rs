//! The proxy that the environment names for a server.
//!
//! The web client silently goes without a proxy whose address it cannot use. A proxy is often the only way
//! that is allowed, so here such an address is an error.

use std::net::IpAddr;

use reqwest::{NoProxy, Url};

use crate::generate::GeneratorError;
use crate::text::without_secrets;

/// The schemes of proxies that the web client can use.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// A proxy that the environment names.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    /// The variable that names it.
    pub(super) variable: &'static str,
    /// Its address, which may hold a password.
    url: Url,
    /// The hosts that are asked directly.
    besides: Option<String>,
}

impl Proxy {
    /// Returns the proxy for servers of a scheme; `None` if no variable names one.
    ///
    /// # Errors
    ///
    /// The variable's value is no address of a proxy that can be used.
    pub(super) fn of(
        scheme: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, GeneratorError> {
        let own =
            if scheme == "https" { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
        let named = own.into_iter().chain(["ALL_PROXY", "all_proxy"]);
        let mut set = named.filter_map(|name| Some((name, variable(name)?)));
        let Some((name, value)) = set.next() else { return Ok(None) };
        let besides = variable("NO_PROXY").or_else(|| variable("no_proxy"));
        Ok(Some(Self { variable: name, url: parsed(name, &value)?, besides }))
    }

    /// Returns the proxy as the web client takes it.
    pub(super) fn for_client(&self) -> reqwest::Result<reqwest::Proxy> {
        let besides = self.besides.as_deref().and_then(NoProxy::from_string);
        Ok(reqwest::Proxy::all(self.url.clone())?.no_proxy(besides))
    }

    /// Returns whether the connection to the proxy itself is made by TLS.
    pub(super) fn is_tls(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Returns whether a host is asked directly.
    pub(super) fn is_passed_over_for(&self, host: &str) -> bool {
        self.besides.iter().flat_map(|hosts| hosts.split(',')).map(str::trim).any(|entry| {
            let entry = entry.trim_start_matches(['*', '.']);
            let is_under = |before: &str| !entry.is_empty() && (before.is_empty() || before.ends_with('.'));
            host.to_lowercase().strip_suffix(&entry.to_lowercase()).is_some_and(is_under)
        }) || self.besides.as_deref().is_some_and(|hosts| hosts.split(',').any(|host| host.trim() == "*"))
    }

    /// Returns whether it is known by a name, which must be looked up.
    pub(super) fn has_name(&self) -> bool {
        self.url.host_str().is_some_and(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().is_err())
    }

    /// Returns the proxy's address without a password, and the variable.
    pub(super) fn described(&self) -> String {
        let shown = without_secrets(self.url.as_str());
        format!("the proxy {} in {}", shown.trim_end_matches('/'), self.variable)
    }
}

fn parsed(name: &str, value: &str) -> Result<Url, GeneratorError> {
    let value = value.trim();
    // A host with a port has no scheme, and is taken for one of plain HTTP, as curl does.
    let written = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let refuse = |why: &str| {
        let shown = without_secrets(&written);
        let shown = if value.contains("://") { &shown } else { shown.trim_start_matches("http://") };
        GeneratorError::Settings(format!(
            "The proxy in {name} cannot be used: \"{shown}\" {why}. Write it like \"http://127.0.0.1:3128\", or \
             remove the variable."
        ))
    };
    let Ok(mut url) = Url::parse(&written) else { return Err(refuse("is no address")) };
    if !SCHEMES.contains(&url.scheme()) {
        let why = format!("has the scheme `{}`, and there are {}", url.scheme(), SCHEMES.join(", "));
        return Err(refuse(&why));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refuse("names no host"));
    }
    if url.port().is_none() && url.scheme().starts_with("socks") && url.set_port(Some(1080)).is_err() {
        return Err(refuse("names no port"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scheme: &str, pairs: &[(&str, &str)]) -> Result<Option<Proxy>, GeneratorError> {
        let value =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Proxy::of(scheme, &value)
    }

    fn found(scheme: &str, pairs: &[(&str, &str)]) -> Option<String> {
        of(scheme, pairs).unwrap().map(|proxy| proxy.described())
    }

    #[test]
    fn the_variable_of_the_scheme_comes_before_the_one_for_all() {
        let both = [("HTTPS_PROXY", "http://a:1"), ("http_proxy", "b:2"), ("ALL_PROXY", "socks5h://c")];
        assert_eq!(found("https", &both).unwrap(), "the proxy http://a:1 in HTTPS_PROXY");
        assert_eq!(found("http", &both).unwrap(), "the proxy http://b:2 in http_proxy");
        assert_eq!(found("http", &both[2..]).unwrap(), "the proxy socks5h://c:1080 in ALL_PROXY");
        assert_eq!(found("http", &both[..1]), None);
    }

    #[test]
    fn a_proxy_that_cannot_be_used_is_an_error_that_names_the_variable_and_hides_the_password() {
        for value in [
            "ftp://ann:s3cret@p:1",
            "http://",
            "socks9://p:1",
            "http://p:99999",
            "://p",
            "ann:s3cret@p:x",
            "file:///p",
        ] {
            let said = of("https", &[("https_proxy", value)]).unwrap_err().to_string();
            assert!(said.starts_with("The proxy in https_proxy cannot be used: \""), "{said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn hosts_that_are_asked_directly_and_proxies_without_a_name_are_told_apart() {
        let proxy = |value: &str| {
            of("http", &[("HTTP_PROXY", value), ("NO_PROXY", "models.example, .corp.example")])
                .unwrap()
                .unwrap()
        };
        let besides = |host: &str| proxy("p:1").is_passed_over_for(host);
        assert!(besides("models.example") && besides("a.corp.example") && besides("A.Models.Example"));
        assert!(!besides("notmodels.example") && !besides("example"));
        assert!(
            proxy("p:1").has_name()
                && !proxy("socks5://127.0.0.1:9").has_name()
                && !proxy("[::1]:8").has_name()
        );
        let all = of("http", &[("HTTP_PROXY", "p:1"), ("NO_PROXY", "*")]).unwrap().unwrap();
        assert!(all.is_passed_over_for("models.example"));
    }

    #[test]
    fn every_proxy_that_is_taken_can_be_given_to_the_web_client() {
        for value in ["p", "p:1", "http://u:p@h:1", "https://h", "socks4://h", "socks5://u:p@h:9", "[::1]:8"]
        {
            let proxy = of("http", &[("HTTP_PROXY", value), ("NO_PROXY", "x.example")]).unwrap().unwrap();
            assert!(proxy.for_client().is_ok() && !proxy.described().contains("u:p@"), "{value}");
        }
    }
}
