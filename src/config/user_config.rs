//! The user's own settings, `config.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::DeTable;

use super::document::{Fault, Section};
use super::{ConfigError, Prices, Profile, files, profile};

/// What the user set for all sessions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserConfig {
    /// The theme's name.
    pub theme: Option<String>,
    /// Models that can be asked, each under a name of the user's: `[profiles.NAME]`.
    pub profiles: BTreeMap<String, Profile>,
    /// What models cost: `[prices]`, over what the program knows.
    pub prices: Prices,
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

    /// Reads the text of a settings file; `file` is for sentences.
    ///
    /// # Errors
    ///
    /// What the text says wrong: the file, the line and the remedy.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let config = DeTable::parse(text).map_err(Fault::from).and_then(|table| {
            let root = Section::root(text, &table);
            root.only(&["theme", "profiles", "prices"])?;
            Ok(Self {
                theme: root.words("theme")?,
                profiles: profile::profiles(root.section("profiles")?.as_ref())?,
                prices: Prices::read(root.section("prices")?.as_ref())?,
            })
        });
        config.map_err(|fault| fault.in_file(file, text))
    }
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
    fn unknown_keys_and_wrong_values_are_errors() {
        let said = |text| UserConfig::parse(text, Path::new("config.toml")).unwrap_err().to_string();
        assert_eq!(said("\nthem = 'x'"), "config.toml, line 2: unknown key `them`; did you mean `theme`?");
        assert!(said("theme = 3").contains("must be text in quotation marks, not `3`"));
    }
}
