//! Prompts, their immutable versions, and the draft in the editor.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Laboratory, Timestamp, VariableRule, Variables, VersionId, VersionIndex};

/// The content of a version, which its id is the hash of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptContent {
    /// The system message's template; empty sends none.
    pub system: String,
    /// The user message's template.
    pub user: String,
    /// The values that each variable may take, drawn by seed for each request.
    pub variables: BTreeMap<String, Vec<String>>,
    /// The rules of the variables that are no plain lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, VariableRule>,
    /// The label that its rows get; `None` means the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl PromptContent {
    /// Returns whether a part of it may name this, and no variable has the name.
    #[must_use]
    pub(crate) fn names(&self, name: &str) -> bool {
        (self.system.contains(name) || self.user.contains(name)) && !self.variables.contains_key(name)
    }

    /// Returns its variables with their rules.
    #[must_use]
    pub fn drawn(&self) -> Variables {
        Variables { values: self.variables.clone(), rules: self.rules.clone() }
    }
}

/// One immutable version of a named prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The hash of the prompt's name and content.
    pub id: VersionId,
    /// The prompt's name.
    pub name: String,
    /// Its number within the prompt, from 1: v1, v2 …
    pub number: u32,
    /// The version that it was made from.
    pub parent: Option<VersionId>,
    /// Its content.
    pub content: PromptContent,
    /// A person's note about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The text in the editor that is not a version yet. Variables are kept as typed, valid or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The prompt's name.
    pub prompt: String,
    /// The version that the draft was made from.
    pub base: Option<VersionId>,
    /// The system message's template.
    pub system: String,
    /// The user message's template.
    pub user: String,
    /// The variables as TOML: `topic = ["prize", "bank"]`, a line each.
    pub variables: String,
    /// The label that rows get, where it is not the target.
    #[serde(default)]
    pub label: Option<String>,
    /// The session file's prompt when it was last offered as a draft, so that it is offered once.
    #[serde(default)]
    pub offered: Option<VersionId>,
}

/// A reference to a version, as a person types it: `[NAME@](N | vN | LABEL | latest | ID)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The prompt's name, where one was given.
    pub name: Option<String>,
    /// Which of its versions.
    pub which: Which,
}

/// Which version of a prompt is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// By number.
    Number(u32),
    /// By a label, as the latest, or by the first four or more characters of an id.
    Word(String),
}

/// Why a reference names no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The reference has no version part.
    #[error("`{0}` names no version: write v3, 3, NAME@3, a label or a version's id")]
    Empty(String),
    /// There is no such prompt.
    #[error("There is no prompt `{name}`; there is {known}.")]
    NoPrompt {
        /// What was asked for.
        name: String,
        /// The prompts there are, for the sentence.
        known: String,
    },
    /// The prompt has no such version.
    #[error("There is no version `{asked}` of the prompt `{name}`; it has {known}.")]
    NoVersion {
        /// What was asked for.
        asked: String,
        /// The prompt's name.
        name: String,
        /// The versions there are, for the sentence.
        known: String,
    },
    /// The beginning of an id fits several versions.
    #[error("`{0}` fits several versions; give more of the id.")]
    Ambiguous(String),
}

impl std::str::FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, word) = match text.rsplit_once('@') {
            Some((name, word)) => (Some(name.to_owned()), word),
            None => (None, text),
        };
        if word.is_empty() || name.as_deref() == Some("") {
            return Err(ReferenceError::Empty(text.to_owned()));
        }
        let digits = word.strip_prefix('v').unwrap_or(word);
        let which = digits.parse().map_or_else(|_| Which::Word(word.to_owned()), Which::Number);
        Ok(Self { name, which })
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "v{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl Reference {
    /// Finds the version by its labels too: a label of the prompt comes before the beginning of an id, and `latest` is
    /// the prompt's newest version.
    ///
    /// # Errors
    ///
    /// As [`Reference::find`] says.
    pub(crate) fn find_labelled(
        &self,
        versions: &[Version],
        laboratory: &Laboratory,
        current: &str,
    ) -> Result<VersionIndex, ReferenceError> {
        let name = self.name.as_deref().unwrap_or(current);
        let mut of_prompt = versions.iter().enumerate().filter(|(_, version)| version.name == name);
        let found = match &self.which {
            Which::Word(word) if word == LATEST => of_prompt.next_back(),
            Which::Word(word) => {
                let id = laboratory.labelled(name, word);
                of_prompt.find(|(_, version)| Some(version.id) == id)
            }
            Which::Number(_) => None,
        };
        found.map_or_else(|| self.find(versions, current), |(place, _)| Ok(index(place)))
    }

    /// Finds the version among all versions, by its number or its id; `current` is the prompt where the reference names none.
    ///
    /// An all-digit word is a number first and the beginning of an id second.
    ///
    /// # Errors
    ///
    /// [`ReferenceError`], as a sentence that lists the prompts or versions there are.
    pub(crate) fn find(&self, versions: &[Version], current: &str) -> Result<VersionIndex, ReferenceError> {
        let name = self.name.as_deref().unwrap_or(current);
        if self.name.is_some() && !versions.iter().any(|version| version.name == name) {
            let mut known: Vec<_> = versions.iter().map(|version| version.name.as_str()).collect();
            known.dedup();
            return Err(ReferenceError::NoPrompt { name: name.to_owned(), known: known.join(", ") });
        }
        if let Which::Number(number) = self.which
            && let Some(found) = versions.iter().position(|v| v.name == name && v.number == number)
        {
            return Ok(index(found));
        }
        let word = match &self.which {
            Which::Number(number) => number.to_string(),
            Which::Word(word) => word.clone(),
        };
        let fits = |version: &Version| {
            (self.name.is_none() || version.name == name)
                && word.len() >= 4
                && version.id.to_string().starts_with(&word)
        };
        let mut found = versions.iter().enumerate().filter(|(_, version)| fits(version)).map(|(i, _)| i);
        match (found.next(), found.next()) {
            (Some(found), None) => Ok(index(found)),
            (Some(_), Some(_)) => Err(ReferenceError::Ambiguous(word)),
            (None, _) => {
                let last = versions.iter().filter(|v| v.name == name).map(|v| v.number).max();
                let known = match last {
                    None => "none yet".to_owned(),
                    Some(1) => "v1".to_owned(),
                    Some(last) => format!("v1 to v{last}"),
                };
                let asked = self.which.to_string();
                Err(ReferenceError::NoVersion { asked, name: name.to_owned(), known })
            }
        }
    }
}

/// The label that moves by itself: a prompt's newest version has it.
pub(crate) const LATEST: &str = "latest";

/// Returns why a prompt cannot have a name, as a sentence; `None` if it can.
pub(crate) fn prompt_name_fault(name: &str) -> Option<String> {
    let is_plain = !name.trim().is_empty() && name.trim() == name && !name.chars().any(char::is_control);
    (!is_plain || name.contains('@') || name.chars().count() > 80).then(|| {
        format!(
            "`{name}` cannot be a prompt's name: use one line of up to 80 characters without `@`, and no blank at either \
             end."
        )
    })
}

fn index(position: usize) -> VersionIndex {
    VersionIndex(u32::try_from(position).unwrap_or(u32::MAX))
}

/// Names that every template has already, so no variable may use them.
const TAKEN: [&str; 5] = ["n", "label", "labels", "examples", "fields"];
/// Words of the template language, and the names of its functions.
const WORDS: [&str; 18] = [
    "and",
    "else",
    "false",
    "for",
    "if",
    "in",
    "is",
    "none",
    "not",
    "or",
    "true",
    "recursive",
    "loop",
    "range",
    "dict",
    "namespace",
    "cycler",
    "joiner",
];

/// Returns why a variable cannot have a name, as a sentence; `None` if it can.
pub(crate) fn variable_fault(name: &str) -> Option<String> {
    if TAKEN.contains(&name) || WORDS.contains(&name) {
        return Some(format!(
            "A variable cannot be called `{name}`: templates have `n`, `label`, `labels`, `examples` and `fields` and \
             their own words already."
        ));
    }
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_name = is_plain && name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    (!is_name).then(|| {
        format!("The name `{name}` cannot be a variable's: use letters, digits and `_`, a letter first.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions() -> Vec<Version> {
        [("main", 1, 0xabcd_0000), ("main", 2, 0xabce_0000), ("other", 1, 0x1234_0000)]
            .map(|(name, number, digest): (&str, u32, u32)| Version {
                id: VersionId::from_digest((u64::from(digest) << 32).to_be_bytes()),
                name: name.into(),
                number,
                parent: None,
                content: PromptContent::default(),
                note: None,
                created_at: Timestamp(0),
            })
            .to_vec()
    }

    fn find(text: &str) -> Result<u32, String> {
        let reference: Reference = text.parse().map_err(|error: ReferenceError| error.to_string())?;
        reference.find(&versions(), "main").map(|index| index.0).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_names_and_ids_find_their_version() {
        assert_eq!(find("2"), Ok(1));
        assert_eq!(find("v1"), Ok(0));
        assert_eq!(find("other@v1"), Ok(2));
        assert_eq!(find("abce"), Ok(1));
        assert_eq!(find("1234"), Ok(2));
    }

    #[test]
    fn labels_and_latest_find_their_version_within_the_prompt() {
        let versions = versions();
        let mut laboratory = Laboratory::default();
        laboratory.label("main", "production", Some(versions[0].id));
        laboratory.label("main", "abce", Some(versions[0].id));
        let found = |text: &str| {
            let reference: Reference = text.parse().unwrap();
            reference.find_labelled(&versions, &laboratory, "main").map(|index| index.0).ok()
        };
        assert_eq!(found("production"), Some(0));
        assert_eq!(found("main@production"), Some(0));
        assert_eq!(found("other@production"), None);
        assert_eq!((found("latest"), found("other@latest")), (Some(1), Some(2)));
        assert_eq!(found("abce"), Some(0), "a label comes before the beginning of an id");
        assert_eq!((found("v2"), found("1234")), (Some(1), Some(2)));
    }

    #[test]
    fn a_name_of_a_prompt_is_a_line_that_no_reference_takes_apart() {
        assert_eq!(prompt_name_fault("spam, short"), None);
        for name in ["", " ", "a ", "a@b", "a\nb", &"x".repeat(81)] {
            assert!(prompt_name_fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_reference_to_nothing_says_what_there_is() {
        assert_eq!(
            find("v9").unwrap_err(),
            "There is no version `v9` of the prompt `main`; it has v1 to v2."
        );
        assert_eq!(find("nix@1").unwrap_err(), "There is no prompt `nix`; there is main, other.");
        assert_eq!(find("other@x").unwrap_err(), "There is no version `x` of the prompt `other`; it has v1.");
        assert!(find("main@").unwrap_err().contains("names no version"));
    }
}
