//! Prompts and versions: the content of drafts, files and references, and the version that has it.

use std::sync::Arc;

use super::{Workbench, WorkbenchError};
use crate::config::variables::{self, draft_of};
use crate::domain::{
    Draft, Event, Fact, OperationId, Problem, Projection, PromptContent, Reference, Session, Timestamp,
    Variables, Version, VersionId,
};

/// The name of the prompt that a session starts with.
pub(super) const FIRST_PROMPT: &str = "main";

/// The source of a run's prompt.
#[derive(Debug, Clone)]
pub enum PromptSource {
    /// The text in the editor, which becomes a version unless one has its content.
    Draft(Arc<Draft>),
    /// A version by name, or the latest of the current prompt; `draft` is the text in the editor.
    Version(Option<String>),
}

/// Returns the id of a version with this content under a prompt's name.
#[must_use]
pub(crate) fn content_id(name: &str, content: &PromptContent) -> VersionId {
    let mut hash = blake3::Hasher::new();
    hash.update(name.as_bytes());
    hash.update(&[0]);
    hash.update(serde_json::to_string(content).unwrap_or_default().as_bytes());
    let mut digest = [0; 8];
    digest.copy_from_slice(&hash.finalize().as_bytes()[..8]);
    VersionId::from_digest(digest)
}

/// Returns the prompt in a session file.
pub(super) fn first_prompt(session: &Session) -> PromptContent {
    PromptContent {
        system: session.system.trim().to_owned(),
        user: session.user.trim().to_owned(),
        variables: session.variables.clone(),
        rules: session.rules.clone(),
        label: None,
    }
}

/// Returns the name of the current prompt: the one with the newest version.
pub(super) fn current_prompt(projection: &Projection) -> &str {
    projection.versions().last().map_or(FIRST_PROMPT, |version| version.name.as_str())
}

/// Returns the version that a reference names; without one, the latest of the current prompt.
///
/// # Errors
///
/// Where there is no such version.
pub(super) fn find_version<'a>(
    projection: &'a Projection,
    reference: Option<&str>,
) -> Result<&'a Version, WorkbenchError> {
    let current = current_prompt(projection);
    let none = || WorkbenchError::Usage("The session has no prompt version yet; open it once.".into());
    let Some(reference) = reference else {
        return projection.latest_version(current).ok_or_else(none);
    };
    let reference = reference.parse::<Reference>()?;
    let index = reference.find_labelled(projection.versions(), projection.laboratory(), current)?;
    projection.versions().get(index.0 as usize).ok_or_else(none)
}

/// Returns the error where no draft was ever replaced.
pub(super) fn nothing_replaced() -> WorkbenchError {
    WorkbenchError::Usage("No draft was replaced in this session yet.".into())
}

/// Returns the content of a draft.
///
/// # Errors
///
/// The problems of its variables; its templates are not checked.
pub(super) fn content_of_draft(draft: &Draft) -> Result<PromptContent, Vec<Problem>> {
    let Variables { values: variables, rules } = variables::read(&draft.variables)?;
    let (system, user) = (draft.system.clone(), draft.user.clone());
    Ok(PromptContent { system, user, variables, rules, label: draft.label.clone() })
}

/// The word for the text in the editor, where a version could be named.
pub(crate) const DRAFT: &str = "draft";

impl Workbench {
    /// Returns the source with the draft in the place of its name.
    pub(super) fn resolved(&mut self, source: &PromptSource) -> PromptSource {
        match source {
            PromptSource::Version(Some(word)) if word == DRAFT => PromptSource::Draft(Arc::new(self.draft())),
            source => source.clone(),
        }
    }

    /// Returns the content that a run would use.
    pub(super) fn content_of(&self, source: &PromptSource) -> Result<PromptContent, WorkbenchError> {
        match source {
            PromptSource::Draft(draft) => {
                let content = content_of_draft(draft).map_err(WorkbenchError::Prompt)?;
                let content = self.preview_renderer().resolved(content).map_err(WorkbenchError::Prompt)?;
                self.tried(content)
            }
            PromptSource::Version(reference) => {
                find_version(&self.projection, reference.as_deref()).map(|version| version.content.clone())
            }
        }
    }

    /// Returns a content that has no problems, also with each value of its variables.
    pub(super) fn tried(&self, content: PromptContent) -> Result<PromptContent, WorkbenchError> {
        let renderer = self.preview_renderer();
        let mut problems = renderer.problems(&content);
        if problems.is_empty() {
            problems = renderer.trial(&content);
        }
        if problems.is_empty() { Ok(content) } else { Err(WorkbenchError::Prompt(problems)) }
    }

    /// Returns the version that a run uses; stages a new one if no version has the draft's content.
    pub(super) fn version_for(
        &mut self,
        source: &PromptSource,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<VersionId, WorkbenchError> {
        match source {
            PromptSource::Draft(draft) => {
                let content = self.content_of(source)?;
                let name = if draft.prompt.is_empty() { FIRST_PROMPT } else { &draft.prompt };
                Ok(self.make_version(name, content, draft.base, operation, at).0)
            }
            PromptSource::Version(reference) => {
                find_version(&self.projection, reference.as_deref()).map(|version| version.id)
            }
        }
    }

    /// Stages a draft as a version, and returns its number and whether it is new.
    ///
    /// # Errors
    ///
    /// Where the draft has problems.
    pub fn save_version(
        &mut self,
        draft: &Arc<Draft>,
        operation: OperationId,
        at: Timestamp,
    ) -> Result<(u32, bool), WorkbenchError> {
        let before = self.projection.versions().len();
        let id = self.version_for(&PromptSource::Draft(Arc::clone(draft)), operation, at)?;
        let number = self.projection.version(id).map_or(0, |version| version.number);
        Ok((number, self.projection.versions().len() > before))
    }

    /// Puts a version into the editor, or for `replaced` the draft that was there before, and says so. A draft with
    /// words of its own that it takes the place of is kept.
    ///
    /// # Errors
    ///
    /// Where there is no such version, or the drafts cannot be written.
    pub(crate) fn use_version(&mut self, reference: &str) -> Result<String, WorkbenchError> {
        let present = self.draft();
        if reference == DRAFT {
            return Ok("The draft is in the editor already; nothing was changed.".to_owned());
        }
        let (draft, name) = if reference == "replaced" {
            (self.store.replaced_draft().ok_or_else(nothing_replaced)?, "The draft from before".to_owned())
        } else {
            let version = find_version(&self.projection, Some(reference))?;
            (draft_of(version), format!("{}@v{}", version.name, version.number))
        };
        let draft = Draft { offered: present.offered, ..draft };
        if draft == present {
            return Ok(format!("{name} is in the editor already; nothing was changed."));
        }
        let base = present.base.and_then(|id| self.projection.version(id)).map(draft_of);
        let has_own_words = base.is_none_or(|base| Draft { offered: present.offered, ..base } != present);
        if has_own_words {
            self.keep_replaced(&present)?;
        }
        self.save_draft(&draft)?;
        if !has_own_words {
            return Ok(format!("{name} is in the editor."));
        }
        Ok(format!(
            "{name} is in the editor; `prompt use SESSION replaced` brings back the draft that it replaced."
        ))
    }

    /// Keeps a draft that another text takes the place of.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn keep_replaced(&self, draft: &Draft) -> Result<(), WorkbenchError> {
        Ok(self.store.keep_replaced(draft)?)
    }

    /// Returns the draft that was replaced last.
    pub fn replaced_draft(&self) -> Option<Draft> {
        self.store.replaced_draft()
    }

    /// Returns the version with this content, staged now if there is none.
    pub(super) fn make_version(
        &mut self,
        name: &str,
        content: PromptContent,
        parent: Option<VersionId>,
        operation: OperationId,
        at: Timestamp,
    ) -> (VersionId, bool) {
        let id = content_id(name, &content);
        if self.projection.version(id).is_some() {
            return (id, false);
        }
        let number = self.projection.latest_version(name).map_or(0, |latest| latest.number) + 1;
        let name = name.to_owned();
        let version = Version { id, name, number, parent, content, note: None, created_at: at };
        self.stage(Fact::new(operation, at, Event::VersionMade { version }));
        (id, true)
    }
}
