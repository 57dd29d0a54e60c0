//! Reads and checks `session.toml`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use toml::Spanned;

use super::document::{Document, Fault, Named, Written, choice, from_one, in_order, number, words};
use super::fields::{self, FieldSection};
use super::new_session::{DEFAULT_SYSTEM, default_user};
use super::{ConfigError, Profile, files, profile, variables};
use crate::domain::{
    DatasetSettings, ExampleSettings, ExampleStrategy, GeneratorSettings, LARGEST_SEED, Quotes, Session,
    Target,
};

/// The name of the session file.
pub const FILE_NAME: &str = "session.toml";
/// The most bytes of a part of the first prompt, which the screen lays out with each key.
const LONGEST_PROMPT: usize = 256 << 10;
/// What to add if a required key is missing.
const REMEDIES: [(&str, &str); 6] = [
    ("dataset", "`path = \"FILE\"`, `text = \"COL\"`, `label = \"COL\"`"),
    ("dataset.path", "`path = \"FILE\"`"),
    ("dataset.text", "`text = \"COL\"`"),
    ("dataset.label", "`label = \"COL\"`"),
    ("target", "`label = \"LABEL\"`"),
    ("target.label", "`label = \"LABEL\"`"),
];

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionFile {
    #[serde(default, deserialize_with = "words")]
    name: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    guidelines: String,
    #[serde(with = "DatasetSection")]
    dataset: DatasetSettings,
    #[serde(with = "TargetSection")]
    target: Target,
    #[serde(default)]
    generator: Profile,
    fields: Option<Spanned<Named<Spanned<FieldSection>>>>,
    #[serde(default)]
    variables: Named<Written>,
    #[serde(default, with = "ExampleSection")]
    examples: ExampleSettings,
    prompt: Option<PromptSection>,
}

#[derive(Deserialize)]
#[serde(remote = "DatasetSettings", deny_unknown_fields)]
struct DatasetSection {
    #[serde(deserialize_with = "words")]
    path: PathBuf,
    #[serde(deserialize_with = "words")]
    text: String,
    #[serde(deserialize_with = "words")]
    label: String,
    #[serde(default, deserialize_with = "words")]
    id: Option<String>,
    #[serde(default, deserialize_with = "words")]
    split: Option<String>,
    #[serde(default, deserialize_with = "separator")]
    separator: Option<char>,
    #[serde(default, deserialize_with = "quotes")]
    quotes: Option<Quotes>,
    #[serde(default)]
    join: bool,
    #[serde(default)]
    skip_unlabelled: bool,
    #[serde(default = "test_fraction", deserialize_with = "share")]
    test_fraction: f64,
    #[serde(default = "seed", deserialize_with = "exact_seed")]
    seed: u64,
    #[serde(default, deserialize_with = "from_one")]
    scarce: Option<u32>,
}

fn separator<'de, D: Deserializer<'de>>(value: D) -> Result<Option<char>, D::Error> {
    let text = String::deserialize(value)?;
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) if one.is_ascii() && !matches!(one, '"' | '\n' | '\r' | '\0') => Ok(Some(one)),
        _ => Err(D::Error::custom(
            "{told} must be the one character between cells: \",\", \";\", \"|\" or \"\\t\", not {shown}",
        )),
    }
}

fn quotes<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Quotes>, D::Error> {
    choice(value).map(Some)
}

const fn test_fraction() -> f64 {
    0.2
}

const fn seed() -> u64 {
    42
}

fn exact_seed<'de, D: Deserializer<'de>>(value: D) -> Result<u64, D::Error> {
    let seed = u64::deserialize(value).ok().filter(|seed| *seed <= LARGEST_SEED);
    let what = "a whole number from 0 to 9007199254740992, since readers of JSON round larger ones";
    seed.ok_or_else(|| D::Error::custom(format!("{{told}} must be {what}, not {{shown}}")))
}

fn share<'de, D: Deserializer<'de>>(value: D) -> Result<f64, D::Error> {
    let what = "a number above 0 and below 1, such as 0.2";
    number(value, what, |share| share > 0.0 && share < 1.0)
}

#[derive(Deserialize)]
#[serde(remote = "Target", deny_unknown_fields)]
struct TargetSection {
    #[serde(deserialize_with = "words")]
    label: String,
    #[serde(default, deserialize_with = "from_one")]
    goal: Option<u32>,
}

#[derive(Deserialize)]
#[serde(remote = "ExampleSettings", deny_unknown_fields)]
struct ExampleSection {
    #[serde(default = "count")]
    count: u32,
    #[serde(default, deserialize_with = "choice")]
    strategy: ExampleStrategy,
}

fn count() -> u32 {
    ExampleSettings::default().count
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromptSection {
    #[serde(default)]
    system: String,
    #[serde(default, deserialize_with = "words")]
    user: Option<String>,
}

/// A session and its folder.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedSession {
    /// The content of its file.
    pub session: Session,
    /// The folder that the file is in; the dataset's path is relative to it.
    pub folder: PathBuf,
}

/// Loads the session of a folder, or of the `session.toml` itself.
///
/// # Errors
///
/// The file is missing, cannot be read, or has an error: then with the line and what to write instead.
pub fn load(folder_or_file: &Path) -> Result<LoadedSession, ConfigError> {
    let is_toml = folder_or_file.extension().is_some_and(|extension| extension == "toml");
    let file = if folder_or_file.is_dir() || !(is_toml || folder_or_file.exists()) {
        folder_or_file.join(FILE_NAME)
    } else if is_toml {
        folder_or_file.to_owned()
    } else {
        return Err(ConfigError::NotASession { file: folder_or_file.to_owned() });
    };
    let text = files::read_text(&file).map_err(|error| match error {
        ConfigError::NoFile { file } => ConfigError::NoSession { asked: folder_or_file.to_owned(), file },
        error => error,
    })?;
    let session = parse(&text, &file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(LoadedSession { session, folder: folder.to_owned() })
}

/// Parses a session file; `file` is named in errors, and its folder's name is the default name of the
/// session.
///
/// # Errors
///
/// The first error of the text: the file, the line and what to write instead.
pub fn parse(text: &str, file: &Path) -> Result<Session, ConfigError> {
    let folder = file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy());
    Document::parse(text)
        .and_then(|document| session(&document, folder.as_deref().unwrap_or("session")))
        .map_err(|fault| fault.in_file(file, text))
}

fn session(document: &Document<'_>, folder: &str) -> Result<Session, Fault> {
    let file: SessionFile = document.read(&REMEDIES)?;
    let schema = fields::schema(document, file.fields)?;
    let default_user = || default_user(schema.text_bounds().1, &[]);
    let (system, user) = match file.prompt {
        Some(prompt) => (prompt.system, prompt.user.unwrap_or_else(default_user)),
        None => (DEFAULT_SYSTEM.to_owned(), default_user()),
    };
    for (part, text) in [("system", &system), ("user", &user)] {
        if text.len() > LONGEST_PROMPT {
            document.refuse(&["prompt", part], "{told} is longer than the 256 kB that a prompt may have")?;
        }
    }
    let named = in_order(file.variables);
    let read = named.iter().map(|(name, values)| variables::variable(document, name, values));
    let variables = variables::gathered(read.collect::<Result<Vec<_>, _>>()?.into_iter());
    if let Some(fault) = variables::faulty(&named, &variables) {
        return Err(fault);
    }
    Ok(Session {
        is_named: file.name.is_some(),
        name: file.name.unwrap_or_else(|| folder.to_owned()),
        description: file.description,
        guidelines: file.guidelines,
        dataset: file.dataset,
        target: file.target,
        generator: generator(document, &file.generator)?,
        schema,
        variables: variables.values,
        rules: variables.rules,
        examples: file.examples,
        system,
        user,
    })
}

/// Reads `[generator]`. A session may come from somebody else, so it sets no prices; a command of it is run, and a key
/// that it names is sent, only once the person has allowed that.
fn generator(document: &Document<'_>, said: &Profile) -> Result<GeneratorSettings, Fault> {
    for key in profile::refused_keys(&["generator"]) {
        document
            .refuse(&["generator", key], "unknown key {told}; it belongs to a profile in your config.toml")?;
    }
    let default = GeneratorSettings::default();
    // Unlike in a profile, an address alone does not change the provider.
    let provider = said.provider.unwrap_or(default.provider);
    Ok(GeneratorSettings { provider, profile: said.profile.clone(), ..said.over(&default) })
}

#[cfg(test)]
mod tests;
