//! Versions from files, and in files.
//!
//! The id of a version is the hash of its prompt's name and its content. A file with a name therefore holds both, so
//! that it makes the same version in any session.

use std::collections::{BTreeMap, BTreeSet};

use super::prompts::{DRAFT, content_id, current_prompt, find_version};
use super::{ReadBench, Workbench, WorkbenchError};
use crate::domain::{OperationId, PromptContent, Timestamp, Version, VersionId, prompt_name_fault};
use crate::template::PromptFile;

/// How many characters of a prompt's name are in the name of its file.
const STEM: usize = 60;

/// A prompt that is added.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    /// The prompt.
    pub file: PromptFile,
    /// Values of variables beside those that it has or inherits.
    pub values: BTreeMap<String, Vec<String>>,
}

impl From<PromptFile> for Added {
    fn from(file: PromptFile) -> Self {
        Self { file, values: BTreeMap::new() }
    }
}

/// Which of the prompts cannot be added, and why.
#[derive(Debug)]
pub(crate) struct AddFault {
    /// Its place among them.
    pub place: usize,
    /// Why.
    pub error: WorkbenchError,
}

/// A version as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExportedPrompt {
    /// The file's name without its ending.
    pub stem: String,
    /// What the file says.
    pub text: String,
}

/// A prompt that is added, with its name and its content.
struct Complete {
    place: usize,
    name: String,
    content: PromptContent,
    parent: Option<String>,
    number: Option<u32>,
}

impl Workbench {
    /// Stages prompts as versions, all of them in one operation, and returns each one's id and whether it is new.
    ///
    /// A prompt goes to the prompt of this name, else to the one that it names, else to the current one. One that names
    /// its prompt is whole; what others lack, they inherit from the latest version. Those that were made first are made
    /// first, whatever order they are given in.
    ///
    /// # Errors
    ///
    /// The first prompt that cannot be used; then nothing is staged.
    pub(crate) fn add_versions(
        &mut self,
        prompts: Vec<Added>,
        name: Option<&str>,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<Vec<(VersionId, bool)>, AddFault> {
        let mut complete = Vec::new();
        for (place, added) in prompts.into_iter().enumerate() {
            complete.push(self.complete(place, added, name).map_err(|error| AddFault { place, error })?);
        }
        let staged = self.staged_count();
        let current = current_prompt(&self.projection).to_owned();
        // Prompts beside each other in one file are all made from the version that was there before them.
        let mut latest: BTreeMap<String, Option<VersionId>> = BTreeMap::new();
        let mut made = Vec::new();
        for next in in_order(complete) {
            let before = *latest.entry(next.name.clone()).or_insert_with(|| {
                let of = |name: &str| self.projection.latest_version(name).map(|version| version.id);
                of(&next.name).or_else(|| of(&current).filter(|_| next.number.is_none()))
            });
            let named = next.parent.as_deref().and_then(|id| self.with_id(id));
            let (id, is_new) = self.make_version(&next.name, next.content, named.or(before), operation, at);
            made.push((next.place, id, is_new));
        }
        self.bind_since(staged);
        made.sort_by_key(|(place, ..)| *place);
        Ok(made.into_iter().map(|(_, id, is_new)| (id, is_new)).collect())
    }

    fn with_id(&self, id: &str) -> Option<VersionId> {
        self.projection.versions().iter().map(|version| version.id).find(|known| known.to_string() == id)
    }

    /// Returns a prompt with what it inherits, tried with each value of its variables.
    fn complete(&self, place: usize, added: Added, name: Option<&str>) -> Result<Complete, WorkbenchError> {
        let Added { file, values } = added;
        let current = current_prompt(&self.projection);
        let is_whole = file.name.is_some();
        let name = name.map(str::to_owned).or(file.name).unwrap_or_else(|| current.to_owned());
        if let Some(fault) = prompt_name_fault(&name) {
            return Err(WorkbenchError::Usage(fault));
        }
        let parent =
            self.projection.latest_version(&name).or_else(|| self.projection.latest_version(current));
        let parent = parent.filter(|_| !is_whole);
        let inherited = parent.map(|parent| parent.content.clone()).unwrap_or_default();
        // Values that a file gives come with its rules, also where it has none.
        let mut rules = if file.variables.is_some() { file.rules } else { inherited.rules };
        let mut variables = file.variables.unwrap_or(inherited.variables);
        rules.retain(|name, _| !values.contains_key(name));
        variables.extend(values);
        let content = PromptContent {
            system: file.system.unwrap_or(inherited.system),
            user: file.user,
            variables,
            rules,
            label: file.label.or(inherited.label),
        };
        let content = self.preview_renderer().resolved(content).map_err(WorkbenchError::Prompt)?;
        let content = self.tried(content)?;
        Ok(Complete { place, name, content, parent: file.parent, number: file.number })
    }
}

/// Returns the prompts with parents before children, and the numbers of each name in their order.
fn in_order(mut rest: Vec<Complete>) -> Vec<Complete> {
    rest.sort_by_key(|prompt| prompt.number.unwrap_or_default());
    let id_of = |prompt: &Complete| content_id(&prompt.name, &prompt.content).to_string();
    let mut waiting: BTreeSet<String> = rest.iter().map(id_of).collect();
    let mut ordered = Vec::new();
    while !rest.is_empty() {
        let is_ready = |place: usize| {
            let prompt: &Complete = &rest[place];
            let is_first = !rest[..place].iter().any(|other| other.name == prompt.name);
            is_first && prompt.parent.as_ref().is_none_or(|parent| !waiting.contains(parent))
        };
        // Parents that go round in a circle were written by hand; then the order is the one of the numbers.
        let next = rest.remove((0..rest.len()).find(|place| is_ready(*place)).unwrap_or_default());
        waiting.remove(&id_of(&next));
        ordered.push(next);
    }
    ordered
}

impl ReadBench {
    /// Returns versions as files, by references; without any, the latest version of each prompt, or every version.
    ///
    /// # Errors
    ///
    /// Where there is no such version, or the draft's variables cannot be read.
    pub(crate) fn export_prompts(
        &self,
        references: &[String],
        all: bool,
    ) -> Result<Vec<ExportedPrompt>, WorkbenchError> {
        let versions = self.projection().versions();
        let mut files = Vec::new();
        if references.is_empty() {
            for version in versions {
                let is_latest = self
                    .projection()
                    .latest_version(&version.name)
                    .is_some_and(|latest| latest.id == version.id);
                if all {
                    files.push((numbered(version), whole(version).to_text()));
                } else if is_latest {
                    files.push((version.name.clone(), whole(version).to_text()));
                }
            }
        }
        for reference in references {
            files.push(match reference.as_str() {
                DRAFT | "replaced" => {
                    let name = self.name_of_draft(reference == DRAFT);
                    let file = self.prompt_file(reference)?;
                    let stem = format!("{name}-{reference}");
                    (stem, PromptFile { name: Some(name), ..file }.to_text())
                }
                reference => {
                    let version = find_version(self.projection(), Some(reference))?;
                    (numbered(version), whole(version).to_text())
                }
            });
        }
        let mut taken = BTreeSet::new();
        Ok(files
            .into_iter()
            .map(|(name, text)| ExportedPrompt { stem: stem(&name, &mut taken), text })
            .collect())
    }
}

fn numbered(version: &Version) -> String {
    let name: String = version.name.chars().take(STEM).collect();
    format!("{name}-v{}", version.number)
}

/// Returns a version as a file that makes the same version.
fn whole(version: &Version) -> PromptFile {
    PromptFile {
        name: Some(version.name.clone()),
        number: Some(version.number),
        parent: version.parent.map(|parent| parent.to_string()),
        ..PromptFile::of(&version.content)
    }
}

/// Returns the name of a file, which no other has, also where the case of letters makes no difference.
fn stem(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ') { c } else { '_' };
    let plain: String = name.chars().map(plain).take(STEM + 12).collect();
    let plain = if plain.starts_with(['.', '-', ' ']) { format!("_{plain}") } else { plain };
    let mut stem = plain.clone();
    let mut count = 1;
    while !taken.insert(stem.to_lowercase()) {
        count += 1;
        stem = format!("{plain}-{count}");
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain_and_differ_in_any_case() {
        let mut taken = BTreeSet::new();
        let names = ["main", "Main", "a/b", "a:b", "..", "-x", "été 2"].map(|name| stem(name, &mut taken));
        assert_eq!(names, ["main", "Main-2", "a_b", "a_b-2", "_..", "_-x", "été 2"]);
    }
}
