//! `session.toml`, read and checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::document::{Fault, Section};
use super::new_session::{DEFAULT_SYSTEM, default_user};
use super::spelling::listed;
use super::{ConfigError, fields, files, profile, variables};
use crate::domain::{
    DatasetSettings, ExampleSettings, ExampleStrategy, GeneratorSettings, Provider, Session, Target,
};

/// The name of the file that makes a folder a session.
pub const FILE_NAME: &str = "session.toml";
/// The keys of `[generator]`, each with what it says. A profile has the same, and some that are its user's own:
/// a session comes from elsewhere, so it neither names a command nor says what anything costs.
///
/// | key | what it says |
/// |---|---|
/// | `provider` | `offline`, `openai`, `anthropic`, `gemini` or `ollama` |
/// | `model` | the model's name |
/// | `base_url` | the server to ask, in the `OpenAI` dialect; without it the provider's own |
/// | `api_key_env` | the environment variable, or the line of `.env`, that holds the key |
/// | `profile` | the profile of the user's that is laid over these settings |
/// | `temperature` | the sampling temperature, from 0; 1.0 |
/// | `max_tokens` | the most tokens that one reply may have |
/// | `rows_per_request` | rows asked for in one request; 5 |
/// | `concurrency` | requests under way at once, at most; 8 |
/// | `requests_per_minute` | requests a minute, at most |
/// | `tokens_per_minute` | tokens a minute, at most |
/// | `connect_seconds` | seconds that a connection may take to be made; 10 |
/// | `first_byte_seconds` | seconds until the first byte of an answer; 180 |
/// | `idle_seconds` | seconds of silence within an answer; 60 |
pub const GENERATOR_KEYS: [&str; 14] = [
    "provider",
    "model",
    "base_url",
    "api_key_env",
    "profile",
    "temperature",
    "max_tokens",
    "rows_per_request",
    "concurrency",
    "requests_per_minute",
    "tokens_per_minute",
    "connect_seconds",
    "first_byte_seconds",
    "idle_seconds",
];
const TEST_FRACTION: f64 = 0.2;
const SEED: u64 = 42;

/// A session with where it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedSession {
    /// What its file says.
    pub session: Session,
    /// The folder that the file is in; the dataset's path is relative to it.
    pub folder: PathBuf,
}

/// Loads the session of a folder, or of the `session.toml` itself.
///
/// # Errors
///
/// There is none, it cannot be read, or it says something wrong: the file, the line and the remedy.
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

/// Reads the text of a session file; `file` is for sentences, and gives a session without a name its folder's.
///
/// # Errors
///
/// What the text says wrong: the file, the line and the remedy.
pub fn parse(text: &str, file: &Path) -> Result<Session, ConfigError> {
    let session = DeTable::parse(text).map_err(Fault::from).and_then(|table| {
        let folder = file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy());
        session(&Section::root(text, &table), folder.as_deref().unwrap_or("session"))
    });
    session.map_err(|fault| fault.in_file(file, text))
}

fn session(root: &Section<'_>, folder: &str) -> Result<Session, Fault> {
    root.only(&[
        "name",
        "description",
        "guidelines",
        "dataset",
        "target",
        "generator",
        "fields",
        "variables",
        "examples",
        "prompt",
    ])?;
    let dataset =
        dataset(&needed_section(root, "dataset", "path = \"FILE\"`, `text = \"COL\"`, `label = \"COL\"")?)?;
    let target = target(&needed_section(root, "target", "label = \"LABEL\"")?)?;
    let schema = fields::schema(root.section("fields")?.as_ref())?;
    let (system, user) = prompt(root.section("prompt")?.as_ref(), schema.text_bounds())?;
    Ok(Session {
        name: root.words("name")?.unwrap_or_else(|| folder.to_owned()),
        description: root.string("description")?.unwrap_or_default(),
        guidelines: root.string("guidelines")?.unwrap_or_default(),
        dataset,
        target,
        generator: generator(root.section("generator")?.as_ref())?,
        schema,
        variables: read_variables(root.section("variables")?.as_ref())?,
        examples: examples(root.section("examples")?.as_ref())?,
        system,
        user,
    })
}

fn needed_section<'a>(root: &Section<'a>, key: &str, holds: &str) -> Result<Section<'a>, Fault> {
    root.section(key)?.ok_or_else(|| Fault {
        range: None,
        message: format!("the section [{key}] is missing; add it with `{holds}`"),
    })
}

fn dataset(section: &Section<'_>) -> Result<DatasetSettings, Fault> {
    section.only(&["path", "text", "label", "id", "split", "test_fraction", "seed"])?;
    let within = |fraction| fraction > 0.0 && fraction < 1.0;
    let what = "a number above 0 and below 1, such as 0.2";
    Ok(DatasetSettings {
        path: section.needed("path", "FILE")?.into(),
        text: section.needed("text", "COL")?,
        label: section.needed("label", "COL")?,
        id: section.words("id")?,
        split: section.words("split")?,
        test_fraction: section.number("test_fraction", what, within)?.unwrap_or(TEST_FRACTION),
        seed: section.whole("seed", 0)?.unwrap_or(SEED),
    })
}

fn target(section: &Section<'_>) -> Result<Target, Fault> {
    section.only(&["label", "goal"])?;
    Ok(Target { label: section.needed("label", "LABEL")?, goal: section.whole("goal", 1)? })
}

fn generator(section: Option<&Section<'_>>) -> Result<GeneratorSettings, Fault> {
    let default = GeneratorSettings::default();
    let Some(section) = section else { return Ok(default) };
    section.only(&GENERATOR_KEYS)?;
    let said = profile::said(section)?;
    // An address alone does not mean another provider here, as it does in a profile.
    let provider = said.provider.unwrap_or(default.provider);
    Ok(GeneratorSettings { provider, profile: section.words("profile")?, ..said.over(&default) })
}

pub(super) fn provider(section: &Section<'_>) -> Result<Option<Provider>, Fault> {
    let Some(value) = section.get("provider") else { return Ok(None) };
    let name = value.string()?;
    Provider::from_name(name).map(Some).ok_or_else(|| {
        let known = Provider::ALL.map(Provider::name);
        let message = format!("there is no provider `{name}`; there are {}", listed(&known));
        Fault::at(value.range(), message)
    })
}

pub(super) fn base_url(section: &Section<'_>) -> Result<Option<String>, Fault> {
    let Some(value) = section.get("base_url") else { return Ok(None) };
    let url = value.words()?;
    if url.starts_with("http://") || url.starts_with("https://") {
        return Ok(Some(url));
    }
    Err(value.must_be("an address that begins with http:// or https://"))
}

/// A key in a session file is one that gets committed: it is refused, and never shown.
pub(super) fn api_key_env(section: &Section<'_>) -> Result<Option<String>, Fault> {
    let Some(value) = section.get("api_key_env") else { return Ok(None) };
    let name = value.words()?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && !name.as_bytes()[0].is_ascii_digit() && !holds_a_key(&name) {
        return Ok(Some(name));
    }
    let message = "`api_key_env` must be the name of an environment variable, such as \"OPENAI_API_KEY\", \
                   never the key itself";
    Err(Fault::at(value.range(), message))
}

/// Returns whether a word of a text looks like the key of a well-known provider.
pub(super) fn holds_a_key(text: &str) -> bool {
    const STARTS: [&str; 6] = ["sk-", "gsk_", "AIza", "xai-", "hf_", "tgp_"];
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let mut long = words.filter(|word| word.len() >= 20);
    long.any(|word| STARTS.iter().any(|start| word.starts_with(start)))
}

fn read_variables(section: Option<&Section<'_>>) -> Result<BTreeMap<String, Vec<String>>, Fault> {
    let Some(section) = section else { return Ok(BTreeMap::new()) };
    section.values().map(|value| variables::variable(&value)).collect()
}

fn examples(section: Option<&Section<'_>>) -> Result<ExampleSettings, Fault> {
    let default = ExampleSettings::default();
    let Some(section) = section else { return Ok(default) };
    section.only(&["count", "strategy"])?;
    if let Some(value) = section.get("strategy")
        && value.string()? != "random"
    {
        let message = format!("there is no strategy `{}`; there is `random`", value.string()?);
        return Err(Fault::at(value.range(), message));
    }
    let count = section.whole("count", 0)?.unwrap_or(default.count);
    Ok(ExampleSettings { count, strategy: ExampleStrategy::Random })
}

fn prompt(
    section: Option<&Section<'_>>,
    bounds: (Option<u32>, Option<u32>),
) -> Result<(String, String), Fault> {
    let Some(section) = section else { return Ok((DEFAULT_SYSTEM.to_owned(), default_user(bounds.1))) };
    section.only(&["system", "user"])?;
    let system = section.string("system")?.unwrap_or_default();
    let user = match section.get("user") {
        Some(value) => value.words()?,
        None => default_user(bounds.1),
    };
    Ok((system, user))
}

#[cfg(test)]
mod tests;
