//! The price of tokens: the user's own prices, then those shipped with the program.
//!
//! A price is known or it is not: similar model names are never matched, and a provider's list price does
//! not apply to another server with the same model.

use std::sync::LazyLock;

use serde::Deserialize;
use toml::Spanned;

use super::document::{Document, Fault, Named, in_order};
use super::profile::{self, dollars};
use crate::domain::{Price, Provider};

const SHIPPED: &str = include_str!("prices.toml");

/// Where a price comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceSource {
    /// The profile's `price_input` and `price_output`.
    Profile,
    /// `[prices]` in the user's settings.
    Settings,
    /// The program's own table.
    Shipped {
        /// The date of the table, such as `2025-10-15`.
        as_of: String,
    },
    /// The model runs on the user's own machines.
    Local,
}

/// The user's prices; lookups fall back to the program's own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices {
    own: Vec<Entry>,
}

/// A price and the models that it applies to.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// `PROVIDER/MODEL`, or `MODEL` alone; a `*` at the end matches the rest of a name.
    pattern: String,
    price: Price,
}

/// One line of `[prices]`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "prices such as `{ input = 0.15, output = 0.60 }`")]
pub(super) struct PriceLine {
    #[serde(deserialize_with = "dollars")]
    input: Option<f64>,
    #[serde(deserialize_with = "dollars")]
    output: Option<f64>,
}

impl Prices {
    /// Checks `[prices]`.
    pub(super) fn read(document: &Document<'_>, lines: Named<Spanned<PriceLine>>) -> Result<Self, Fault> {
        let entry = |(pattern, line)| entry(document, &pattern, &line);
        Ok(Self { own: in_order(lines).into_iter().map(entry).collect::<Result<_, _>>()? })
    }

    /// Returns the price of a model's tokens; `None` if it is not known.
    #[must_use]
    pub fn of(&self, provider: Provider, model: Option<&str>, base_url: Option<&str>) -> Option<Price> {
        self.find(provider, model, base_url).map(|(price, _)| price)
    }

    /// Returns the price of a model's tokens and its source; `None` if it is not known.
    #[must_use]
    pub fn find(
        &self,
        provider: Provider,
        model: Option<&str>,
        base_url: Option<&str>,
    ) -> Option<(Price, PriceSource)> {
        if provider == Provider::Offline {
            return None;
        }
        let own = model.and_then(|model| nearest(&self.own, provider, model));
        if let Some(price) = own {
            return Some((price, PriceSource::Settings));
        }
        let shipped = model.and_then(|model| nearest(&SHIPPED_PRICES.1.own, provider, model));
        // A model with a list price does not run here: an address on this machine is a gateway's.
        if shipped.is_none() && is_local(provider, base_url) {
            return Some((Price { input: 0.0, output: 0.0 }, PriceSource::Local));
        }
        if base_url.is_some_and(|url| !is_own_server(provider, url)) {
            return None;
        }
        Some((shipped?, PriceSource::Shipped { as_of: SHIPPED_PRICES.0.clone() }))
    }
}

/// The program's own prices with their date.
static SHIPPED_PRICES: LazyLock<(String, Prices)> = LazyLock::new(|| {
    // A test parses the table. If it ever failed to parse, no price would be known.
    shipped().unwrap_or_default()
});

#[derive(Deserialize)]
struct Shipped {
    as_of: String,
    prices: Named<Spanned<PriceLine>>,
}

fn shipped() -> Result<(String, Prices), Fault> {
    let document = Document::parse(SHIPPED)?;
    let Shipped { as_of, prices } = document.read(&[])?;
    Ok((as_of, Prices::read(&document, prices)?))
}

fn entry(
    document: &Document<'_>,
    pattern: &Spanned<String>,
    line: &Spanned<PriceLine>,
) -> Result<Entry, Fault> {
    let name = pattern.get_ref();
    let stars = name.matches('*').count();
    if stars > 1 || (stars == 1 && !name.ends_with('*')) {
        let message = "{told} may have a `*` at its end only, for the rest of a name";
        return Err(document.wrong(pattern.span(), message));
    }
    let PriceLine { input, output } = *line.get_ref();
    match profile::price(document, &["prices", name], ("input", input), ("output", output))? {
        Some(price) => Ok(Entry { pattern: name.clone(), price }),
        None => Err(document.wrong(
            line.span(),
            "{told} must be prices such as `{ input = 0.15, output = 0.60 }`, not {shown}",
        )),
    }
}

/// Returns the price with the most specific matching pattern.
fn nearest(entries: &[Entry], provider: Provider, model: &str) -> Option<Price> {
    let full = format!("{}/{model}", provider.name());
    let fits = |pattern: &str, name: &str| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    };
    // Model names of a gateway contain a slash themselves, so a pattern is also matched without the
    // provider.
    let fitting = entries.iter().filter(|entry| fits(&entry.pattern, &full) || fits(&entry.pattern, model));
    let exactness = |entry: &&Entry| (!entry.pattern.ends_with('*'), entry.pattern.len());
    fitting.max_by_key(exactness).map(|entry| entry.price)
}

/// Returns whether the model runs on the user's own machine, so its tokens cost nothing.
fn is_local(provider: Provider, base_url: Option<&str>) -> bool {
    match (provider, base_url) {
        // Their models run nowhere else.
        (Provider::Anthropic | Provider::Gemini, _) => false,
        (_, Some(url)) => is_loopback(host(url)),
        (_, None) => provider == Provider::Ollama,
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

fn is_own_server(provider: Provider, url: &str) -> bool {
    let own = match provider {
        Provider::Openai => "api.openai.com",
        Provider::Anthropic => "api.anthropic.com",
        Provider::Gemini => "generativelanguage.googleapis.com",
        Provider::Ollama | Provider::Offline => return false,
    };
    host(url) == own
}

/// Returns the host of a URL, without its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = authority.rsplit('@').next().unwrap_or_default();
    match place.find(']') {
        Some(end) => &place[..=end],
        None => place.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::UserConfig;
    use super::*;

    fn prices(text: &str) -> Prices {
        UserConfig::parse(text, Path::new("config.toml")).unwrap().prices
    }

    #[test]
    fn the_programs_own_prices_are_read_and_dated() {
        let (as_of, shipped) = shipped().unwrap();
        assert!(shipped.own.len() > 10);
        assert!(as_of.starts_with("20") && as_of.len() == 10, "{as_of}");
        let found = Prices::default().find(Provider::Openai, Some("gpt-4o-mini"), None);
        assert_eq!(found, Some((Price { input: 0.15, output: 0.6 }, PriceSource::Shipped { as_of })));
        let dated = Prices::default().of(Provider::Anthropic, Some("claude-sonnet-4-5-20250929"), None);
        assert_eq!(dated, Some(Price { input: 3.0, output: 15.0 }));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let of = |provider, model, url| Prices::default().of(provider, model, url);
        assert_eq!(of(Provider::Openai, Some("gpt-4o-audio-preview"), None), None);
        assert_eq!(of(Provider::Openai, None, None), None);
        assert_eq!(of(Provider::Offline, None, None), None);
        // A provider's list price does not apply to a gateway with its models.
        assert_eq!(of(Provider::Openai, Some("gpt-4o-mini"), Some("https://gate.example/v1")), None);
        assert_eq!(of(Provider::Openai, Some("gpt-4o-mini"), Some("https://127.0.0.1.example/v1")), None);
        assert!(of(Provider::Openai, Some("gpt-4o-mini"), Some("https://api.openai.com/v1")).is_some());
    }

    #[test]
    fn local_servers_cost_nothing() {
        let free = Some((Price { input: 0.0, output: 0.0 }, PriceSource::Local));
        let find = |provider, url| Prices::default().find(provider, Some("m"), url);
        for url in ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]:1/v1"] {
            assert_eq!(find(Provider::Openai, Some(url)), free, "{url}");
        }
        assert_eq!(find(Provider::Ollama, None), free);
        assert_eq!(find(Provider::Ollama, Some("https://ollama.example/v1")), None);
    }

    #[test]
    fn a_gateway_on_this_machine_makes_no_paid_model_free() {
        let find =
            |provider, model| Prices::default().find(provider, Some(model), Some("http://127.0.0.1:1"));
        assert_eq!(find(Provider::Anthropic, "claude-sonnet-4-5-20250929"), None);
        assert_eq!(find(Provider::Anthropic, "claude-next"), None);
        assert_eq!(find(Provider::Gemini, "gemini-2.5-flash"), None);
        assert_eq!(find(Provider::Openai, "gpt-4o-mini"), None);
        assert_eq!(find(Provider::Openai, "llama-3").unwrap().1, PriceSource::Local);
    }

    #[test]
    fn the_users_prices_come_first_and_the_most_exact_one_holds() {
        let own = prices(
            "[prices]\n\"openai/gpt-*\" = { input = 9, output = 9 }\n\"gpt-4o\" = { input = 1, output = 2 }\n\
             \"meta/llama*\" = { input = 0.1, output = 0.2 }\n",
        );
        let find = |model, url| own.find(Provider::Openai, Some(model), url);
        assert_eq!(find("gpt-4o", None), Some((Price { input: 1.0, output: 2.0 }, PriceSource::Settings)));
        assert_eq!(find("gpt-9", None).unwrap().0, Price { input: 9.0, output: 9.0 });
        let gate = Some("https://gate.example/v1");
        assert_eq!(find("meta/llama-3", gate).unwrap().0, Price { input: 0.1, output: 0.2 });
        assert_eq!(own.of(Provider::Anthropic, Some("gpt-9"), None), None);
    }

    #[test]
    fn wrong_prices_name_the_line_and_what_to_write() {
        let said = |text| UserConfig::parse(text, Path::new("config.toml")).unwrap_err().to_string();
        assert!(said("[prices]\nm = 3").contains("line 2: `m` in [prices] must be prices such as"));
        assert!(said("[[prices.m]]").contains("not `[[prices.m]]`"));
        assert!(said("prices = 1979-05-27").contains("must be a section that begins with `[prices]`"));
        assert!(said("[prices]\nm = {}").contains("must be prices such as"));
        assert!(said("[prices]\nm = { input = 1 }").contains("add `output` as well"));
        assert!(said("[prices]\nm = { inptu = 1 }").contains("did you mean `input`?"));
        assert!(said("[prices]\n\"a*b\" = { input = 1, output = 1 }").contains("at its end only"));
    }
}
