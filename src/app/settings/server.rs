//! Who is asked, with which key; and the model servers of this machine.

use super::{SettingsField, SettingsForm};
use crate::domain::{LocalSearch, LocalServer, NamedBy, Provider, is_own_key};
use crate::text::{host_of, model_name, origin_of, thousands};

/// The search for model servers on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ServerSearch {
    /// Nobody asked for it yet.
    #[default]
    Unasked,
    /// It goes on.
    Asked,
    /// What was found.
    Known(LocalSearch),
    /// It failed; the reason is a sentence.
    Failed(String),
}

impl ServerSearch {
    /// Returns each server with each of its models; a server without models once.
    fn pairs(&self) -> Vec<(&LocalServer, Option<usize>)> {
        let Self::Known(search) = self else { return Vec::new() };
        let models = |server: &LocalServer| match server.models.len() {
            0 => vec![None],
            count => (0..count).map(Some).collect(),
        };
        search
            .servers
            .iter()
            .flat_map(|server| models(server).into_iter().map(move |model| (server, model)))
            .collect()
    }

    /// Returns the choices in words.
    pub(super) fn choices(&self) -> Vec<String> {
        let words = |(server, model): (&LocalServer, Option<usize>)| {
            let place = format!("{} · {}", host_of(&server.base_url), server.kind);
            let Some(model) = model.map(|model| &server.models[model]) else {
                let why = if server.wants_key { "wants a key" } else { "has no model yet" };
                return format!("{place} · {why}");
            };
            let fits = model.context.map(|tokens| format!(" · {} tokens fit", thousands(tokens)));
            format!("{place} · {}{}", model_name(&model.name), fits.unwrap_or_default())
        };
        self.pairs().into_iter().map(words).collect()
    }

    /// Returns a choice by its index.
    pub(super) fn choice(&self, place: usize) -> Option<(LocalServer, Option<String>)> {
        let (server, model) = *self.pairs().get(place)?;
        Some((server.clone(), model.map(|model| server.models[model].name.clone())))
    }

    /// Returns the index of the choice with this address and model.
    pub(super) fn place_of(&self, url: &str, model: &str) -> Option<usize> {
        self.pairs().iter().position(|(server, place)| {
            let name = place.map_or("", |place| server.models[place].name.as_str());
            server.base_url == url && name == model
        })
    }

    /// Returns in a few words how far the search is.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Unasked => "space looks for them".to_owned(),
            Self::Asked => "looking …".to_owned(),
            Self::Failed(_) => "not looked for".to_owned(),
            Self::Known(search) => match search.servers.len() {
                0 => "none found".to_owned(),
                1 => "1 found".to_owned(),
                count => format!("{count} found"),
            },
        }
    }

    /// Returns what is to be said of the search, as a sentence or two; `None` where nothing is.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Failed(reason) => Some(reason.clone()),
            Self::Known(search) if search.servers.is_empty() => {
                let others = search.others.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
                let others = match search.others.len() {
                    0 => String::new(),
                    1 => format!(" Something else answers at port {others}."),
                    _ => format!(" Something else answers at ports {others}."),
                };
                Some(format!(
                    "No model server answers on the usual ports of this machine.{others} Start one, or type its \
                     address above."
                ))
            }
            _ => None,
        }
    }
}

impl SettingsForm {
    /// Returns who is asked with which key, as the form stands, the longest form first.
    #[must_use]
    pub fn server_words(&self) -> Vec<String> {
        let Ok(said) = self.overrides() else {
            return vec!["… the settings above are not valid".to_owned()];
        };
        let generator = self.generator(&said);
        if generator.provider == Provider::Offline {
            return vec!["asks nobody: rows are made of the session's own".to_owned()];
        }
        let own = self.chosen();
        let outside = own.address.as_ref().filter(|_| generator.provider == own.settings.provider);
        let named = generator.base_url.as_ref().or(outside).map(String::as_str);
        let host = named.or(generator.provider.own_address()).map(host_of);
        let asks = format!("asks {}", host.unwrap_or("127.0.0.1:11434, or what OLLAMA_HOST names"));
        let without_port = named.and_then(origin_of).map(|origin| {
            let host = host_of(&origin).to_owned();
            host.rsplit_once(':')
                .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
                .map_or(host.clone(), |(host, _)| host.to_owned())
        });
        let for_usual = outside.map(String::as_str).or(generator.provider.own_address()).and_then(origin_of);
        let is_usual = named.is_none_or(|named| origin_of(named) == for_usual);
        let usual = generator.usual_keys(without_port.as_deref(), is_usual);
        let origin = named.or(generator.provider.own_address()).and_then(origin_of).unwrap_or_default();
        let by_session = |by: NamedBy, name: &str| by == NamedBy::Session && !is_own_key(&origin, name);
        let key = match (&generator.api_key_env, &generator.api_key_cmd) {
            (Some(name), _) if by_session(generator.key_by, name) => format!("key: {name}, if you allow it"),
            (Some(name), _) => format!("key: {name}"),
            (None, Some(_)) if generator.key_by == NamedBy::Session => {
                "key: what `api_key_cmd` prints, if you allow it".to_owned()
            }
            (None, Some(_)) => "key: what `api_key_cmd` prints".to_owned(),
            (None, None) => match usual.first() {
                None => "no key".to_owned(),
                Some(name) if named.is_none() => format!("key: {name}"),
                Some(name) if generator.base_url.is_some() && by_session(generator.server_by, name) => {
                    "no key".to_owned()
                }
                Some(name) => format!("key: {name}, if it is set"),
            },
        };
        let is_left = |name: &&String| !usual.contains(&name.as_str());
        let left_behind = match generator.withheld.iter().find(is_left) {
            Some(name) => format!(", never {name}"),
            None if own.settings.api_key_cmd.is_some() && generator.api_key_cmd.is_none() => {
                ", never what `api_key_cmd` prints".to_owned()
            }
            None => String::new(),
        };
        vec![format!("{asks} · {key}{left_behind}"), format!("{asks} · {key}"), asks]
    }

    /// Returns whether the generator's price is known; the offline generator is free.
    #[must_use]
    pub fn is_priced(&self) -> bool {
        let generator = self.order().map(|order| order.generator);
        let generator = generator.as_ref().unwrap_or(&self.chosen().settings);
        generator.provider == Provider::Offline || generator.price.is_some()
    }

    /// Returns the number of requests that the rows take at least.
    #[must_use]
    pub fn requests(&self) -> Option<u32> {
        let rows: u32 = self.text(SettingsField::Rows).parse().ok()?;
        let per_request: u32 = self.text(SettingsField::RowsPerRequest).parse().ok()?;
        (per_request > 0).then(|| rows.div_ceil(per_request))
    }
}
