//! The keymap: which keys run which commands, read from `keymap.toml`.

mod own;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(crate) use own::WrongKey;

use super::{Command, Key, Scope};

/// A binding: in a scope, a sequence of keys runs a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The scope in which the keys work.
    pub scope: Scope,
    /// The keys, pressed one after another.
    pub keys: Vec<Key>,
    /// The command that they run.
    pub command: Command,
}

/// All bindings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// Why a keymap is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// The text is not TOML with tables of strings.
    #[error("the keymap cannot be read: {0}")]
    NotToml(String),
    /// A table is not a scope.
    #[error("the keymap has a table `[{0}]`, which is no place where keys go")]
    NoSuchScope(String),
    /// A key is not valid.
    #[error("in `[{scope}]` of the keymap, {error}")]
    NotAKey {
        /// The table.
        scope: &'static str,
        /// The key that is not valid.
        error: super::key::NotAKey,
    },
    /// A binding names a command that does not exist.
    #[error("in `[{scope}]` of the keymap, `{keys}` asks for `{command}`, which is no command")]
    NoSuchCommand {
        /// The table.
        scope: &'static str,
        /// The keys.
        keys: String,
        /// The name that is not a command's.
        command: String,
    },
}

/// What a sequence of keys is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It runs a command.
    Command(Command),
    /// It begins longer bindings.
    Prefix,
    /// It is not bound.
    Nothing,
}

const DEFAULT: &str = include_str!("keymap.toml");

impl Default for Keymap {
    fn default() -> Self {
        // Cannot fail: a test reads the embedded file, so a wrong one is never released.
        Self::parse(DEFAULT).unwrap_or(Self { bindings: Vec::new() })
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Tables(toml::Table);

impl Keymap {
    /// Parses a keymap in TOML.
    ///
    /// # Errors
    ///
    /// Names the first table, key or command that is wrong.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let Tables(tables) = toml::from_str(text).map_err(|error| KeymapError::NotToml(error.to_string()))?;
        let mut bindings = Vec::new();
        for (name, table) in tables {
            let scope = Scope::from_name(&name).ok_or(KeymapError::NoSuchScope(name))?;
            let not_toml = |error: toml::de::Error| KeymapError::NotToml(error.to_string());
            let table: toml::Table = table.try_into().map_err(not_toml)?;
            for (keys, command) in table {
                bindings.push(binding(scope, &keys, command.as_str().unwrap_or_default())?);
            }
        }
        bindings.sort_by_key(|binding| binding.scope);
        Ok(Self { bindings })
    }

    /// Returns all bindings, scope by scope, in the order of the file.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    /// Looks up a sequence of keys in these scopes; the first scope that binds it wins.
    #[must_use]
    pub fn find(&self, chain: &[Scope], keys: &[Key]) -> Found {
        let of = |scope: Scope| self.bindings.iter().filter(move |binding| binding.scope == scope);
        for scope in chain {
            if let Some(binding) = of(*scope).find(|binding| binding.keys == keys) {
                return Found::Command(binding.command);
            }
        }
        let begins = |binding: &Binding| binding.keys.starts_with(keys);
        if chain.iter().any(|scope| of(*scope).any(begins)) { Found::Prefix } else { Found::Nothing }
    }

    /// Returns the keys that can complete a binding after those pressed, each with its command.
    #[must_use]
    pub fn continuations(&self, chain: &[Scope], pressed: &[Key]) -> Vec<(Key, Command)> {
        let mut found: BTreeMap<String, (Key, Command)> = BTreeMap::new();
        for scope in chain {
            for binding in self.bindings.iter().filter(|binding| binding.scope == *scope) {
                if let Some([next]) = binding.keys.strip_prefix(pressed) {
                    found.entry(next.to_string()).or_insert((*next, binding.command));
                }
            }
        }
        found.into_values().collect()
    }

    /// Returns the bindings of a command in these scopes, as a person writes them: `g g`, `home`.
    #[must_use]
    pub fn keys_in(&self, chain: &[Scope], command: Command) -> Vec<String> {
        let mut keys = Vec::new();
        for scope in chain {
            let of = self.bindings.iter().filter(|b| b.scope == *scope && b.command == command);
            keys.extend(
                of.filter(|b| self.find(chain, &b.keys) == Found::Command(command)).map(Binding::written),
            );
        }
        keys
    }

    /// Returns all bindings of a command in any scope.
    #[must_use]
    pub fn keys_of(&self, command: Command) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for binding in self.bindings.iter().filter(|binding| binding.command == command) {
            let written = binding.written();
            if !keys.contains(&written) {
                keys.push(written);
            }
        }
        keys
    }
}

fn binding(scope: Scope, keys: &str, command: &str) -> Result<Binding, KeymapError> {
    let parsed: Result<Vec<Key>, _> = keys.split(' ').map(str::parse).collect();
    let parsed = parsed.map_err(|error| KeymapError::NotAKey { scope: scope.name(), error })?;
    let command = command.parse().map_err(|super::command::NoSuchCommand(command)| {
        KeymapError::NoSuchCommand { scope: scope.name(), keys: keys.to_owned(), command }
    })?;
    Ok(Binding { scope, keys: parsed, command })
}

impl Binding {
    /// Returns the keys as a person writes them: `g g`.
    #[must_use]
    pub fn written(&self) -> String {
        written(&self.keys)
    }
}

fn written(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.split(' ').map(|key| key.parse().unwrap()).collect()
    }

    #[test]
    fn the_embedded_keymap_can_be_read() {
        assert!(Keymap::parse(DEFAULT).is_ok());
    }

    #[test]
    fn every_command_has_a_key_or_stands_in_the_palette() {
        let keymap = Keymap::default();
        for command in Command::ALL {
            assert!(!keymap.keys_of(*command).is_empty() || command.is_in_palette(), "{}", command.name());
        }
    }

    #[test]
    fn no_key_is_bound_twice_in_a_place_and_no_binding_hides_a_longer_one() {
        let keymap = Keymap::default();
        let mut known = HashSet::new();
        for binding in keymap.bindings() {
            assert!(known.insert((binding.scope, binding.written())), "{binding:?} is there twice");
            for other in keymap.bindings() {
                let hides = binding.keys.len() < other.keys.len() && other.keys.starts_with(&binding.keys);
                assert!(!(hides && binding.scope == other.scope), "{binding:?} hides {other:?}");
            }
        }
    }

    #[test]
    fn keys_are_found_in_the_first_place_that_binds_them() {
        let keymap = Keymap::default();
        let detail = [Scope::Scroll, Scope::Rows, Scope::Bench, Scope::Anywhere, Scope::Everywhere];
        assert_eq!(keymap.find(&detail, &keys("j")), Found::Command(Command::ScrollDown));
        assert_eq!(keymap.find(&detail, &keys("a")), Found::Command(Command::AcceptRow));
        assert_eq!(keymap.find(&detail, &keys("g")), Found::Prefix);
        assert_eq!(keymap.find(&detail, &keys("g l")), Found::Command(Command::ShowGuidelines));
        assert_eq!(keymap.find(&detail, &keys("g q")), Found::Nothing);
        assert_eq!(keymap.keys_in(&detail, Command::NextRow), Vec::<String>::new());
    }

    #[test]
    fn a_prefix_says_how_it_may_go_on() {
        let keymap = Keymap::default();
        let chain = [Scope::Rows, Scope::Bench, Scope::Anywhere];
        let next: Vec<_> =
            keymap.continuations(&chain, &keys("g")).into_iter().map(|(_, c)| c.name()).collect();
        assert_eq!(
            next,
            [
                "go-bench",
                "go-compare",
                "go-data",
                "first-row",
                "go-history",
                "show-guidelines",
                "go-measure",
                "draft-next-version",
                "go-coverage",
                "go-race",
                "go-versions",
                "go-export"
            ]
        );
    }

    #[test]
    fn what_is_wrong_in_a_keymap_is_named() {
        let error = |text| Keymap::parse(text).unwrap_err().to_string();
        assert!(error("[rows]\n\"ab\" = \"accept-row\"").contains("`ab` names no key"));
        assert!(error("[rows]\n\"a\" = \"fly\"").contains("`a` asks for `fly`"));
        assert!(error("[sky]\n\"a\" = \"accept-row\"").contains("[sky]"));
        assert!(error("rows").starts_with("the keymap cannot be read"));
    }
}
