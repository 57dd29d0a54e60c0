//! The user's own settings, `config.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::document::{Document, Fault, Named, in_order, line_of, words};
use super::prices::PriceLine;
use super::{ConfigError, Prices, Profile, files, profile};

/// The user's settings for all sessions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserConfig {
    /// The theme's name.
    pub theme: Option<String>,
    /// The user's models by profile name: `[profiles.NAME]`.
    pub profiles: BTreeMap<String, Profile>,
    /// The prices of models: `[prices]`, before the program's own.
    pub prices: Prices,
    /// The user's key bindings: one table `[keys.SCOPE]` per scope, in the order of the file.
    pub keys: Vec<KeyTable>,
}

/// A table `[keys.SCOPE]` as it is written; this module does not check scopes and commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTable {
    /// The name of the scope.
    pub scope: String,
    /// The line of the table.
    pub line: usize,
    /// Its bindings, in the order of the file.
    pub bindings: Vec<KeyBinding>,
}

/// One key binding: a line `"KEYS" = "COMMAND"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyBinding {
    /// The keys, separated by spaces.
    pub keys: String,
    /// The name of the command.
    pub command: String,
    /// The line.
    pub line: usize,
}

/// The whole file.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ConfigFile {
    #[serde(deserialize_with = "words")]
    theme: Option<String>,
    profiles: BTreeMap<String, Profile>,
    prices: Named<Spanned<PriceLine>>,
    keys: Named<Named<String>>,
}

impl UserConfig {
    /// Loads the settings of a file that must be there.
    ///
    /// # Errors
    ///
    /// The file is missing, cannot be read, or says something wrong.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        Self::parse(&files::read_text(file)?, file)
    }

    /// Loads the settings of a file that need not be there.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or says something wrong.
    pub fn load_or_default(file: &Path) -> Result<Self, ConfigError> {
        match Self::load(file) {
            Err(ConfigError::NoFile { .. }) => Ok(Self::default()),
            loaded => loaded,
        }
    }

    /// Parses a settings file; `file` is named in errors.
    ///
    /// # Errors
    ///
    /// The first error of the text: the file, the line and what to write instead.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let config = Document::parse(text).and_then(|document| {
            let file: ConfigFile = document.read(&[])?;
            for (name, profile) in &file.profiles {
                let (input, output) = (profile.price_input, profile.price_output);
                let section = ["profiles", name];
                for key in profile::refused_keys(&section) {
                    let message = "unknown key {told}; it belongs to a session's [generator]";
                    document.refuse(&["profiles", name, key], message)?;
                }
                profile::price(&document, &section, ("price_input", input), ("price_output", output))?;
            }
            let prices = Prices::read(&document, file.prices)?;
            Ok(Self { theme: file.theme, profiles: file.profiles, prices, keys: keys(text, file.keys) })
        });
        config.map_err(|fault: Fault| fault.in_file(file, text))
    }
}

/// Returns the tables `[keys.SCOPE]` with their lines.
fn keys(text: &str, tables: Named<Named<String>>) -> Vec<KeyTable> {
    let line = |key: &Spanned<String>| line_of(text, key.span().start);
    let binding = |(keys, command): (Spanned<String>, String)| {
        let line = line(&keys);
        KeyBinding { keys: keys.into_inner(), command, line }
    };
    let table = |(scope, bindings): (Spanned<String>, Named<String>)| {
        let bindings = in_order(bindings).into_iter().map(binding).collect();
        KeyTable { line: line(&scope), scope: scope.into_inner(), bindings }
    };
    in_order(tables).into_iter().map(table).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_no_error_unless_it_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        assert_eq!(UserConfig::load_or_default(&file).unwrap(), UserConfig::default());
        assert!(UserConfig::load(&file).unwrap_err().to_string().contains("does not exist"));
        std::fs::write(&file, "theme = \"mono\"\n").unwrap();
        assert_eq!(UserConfig::load_or_default(&file).unwrap().theme.as_deref(), Some("mono"));
    }

    #[test]
    fn keys_of_the_users_own_are_kept_with_their_lines() {
        let text = "[keys.rows]\n\"g a\" = 'undo'\nA = 'none'\n[keys.bench]\n";
        let config = UserConfig::parse(text, Path::new("config.toml")).unwrap();
        let binding =
            |keys: &str, command: &str, line| KeyBinding { keys: keys.into(), command: command.into(), line };
        let rows = vec![binding("g a", "undo", 2), binding("A", "none", 3)];
        assert_eq!(
            config.keys,
            [
                KeyTable { scope: "rows".into(), line: 1, bindings: rows },
                KeyTable { scope: "bench".into(), line: 4, bindings: vec![] },
            ]
        );
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_errors() {
        let said = |text| UserConfig::parse(text, Path::new("config.toml")).unwrap_err().to_string();
        assert_eq!(said("\nthem = 'x'"), "config.toml, line 2: unknown key `them`; did you mean `theme`?");
        let profile = said("[profiles.a]\nprofile = 'b'");
        assert!(profile.contains("line 2: unknown key `profile` in [profiles.a]; it belongs to a session's"));
        assert!(said("theme = 3").contains("must be text in quotation marks, not `3`"));
    }
}
