//! Finds out which new versions were made from drafts that this screen sent.

use std::collections::VecDeque;
use std::sync::Arc;

use super::prompt::says_the_same;
use crate::domain::{Draft, Version, VersionId};

/// How many of the last sent drafts are kept.
const REMEMBERED: usize = 16;

/// The last drafts that were sent to become versions, and the number of versions compared with
/// them.
#[derive(Debug, Clone, Default)]
pub(super) struct SentDrafts {
    drafts: VecDeque<Arc<Draft>>,
    seen: usize,
}

impl SentDrafts {
    /// Returns the state of a screen that has sent nothing, in a session with this many versions.
    pub(super) fn beyond(versions: usize) -> Self {
        Self { drafts: VecDeque::new(), seen: versions }
    }

    /// Remembers a draft that was sent.
    pub(super) fn remember(&mut self, draft: Arc<Draft>) {
        if self.drafts.len() == REMEMBERED {
            self.drafts.pop_front();
        }
        self.drafts.push_back(draft);
    }

    /// Returns the versions that came since the last call.
    pub(super) fn unseen<'v>(&mut self, versions: &'v [Version]) -> &'v [Version] {
        let unseen = versions.get(self.seen..).unwrap_or_default();
        self.seen = versions.len();
        unseen
    }

    /// Returns the latest version whose content equals the present draft or one of those sent.
    pub(super) fn version_of(&self, draft: &Draft, versions: &[Version]) -> Option<VersionId> {
        let is_ours = |version: &&Version| {
            let mut drafts = std::iter::once(draft).chain(self.drafts.iter().map(Arc::as_ref));
            version.name == draft.prompt && drafts.any(|draft| says_the_same(draft, &version.content))
        };
        versions.iter().rev().find(is_ours).map(|version| version.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;

    fn draft(user: &str) -> Draft {
        Draft { prompt: "main".into(), user: user.into(), ..Draft::default() }
    }

    #[test]
    fn each_version_is_looked_at_once() {
        let mut story = Story::default();
        story.version("one");
        let mut sent = SentDrafts::beyond(1);
        assert!(sent.unseen(story.projection.versions()).is_empty());
        story.version("two");
        assert_eq!(sent.unseen(story.projection.versions()).len(), 1);
        assert!(sent.unseen(story.projection.versions()).is_empty());
    }

    #[test]
    fn the_latest_version_that_came_of_a_draft_is_found() {
        let mut story = Story::default();
        story.version("sent before");
        let wanted = story.version("sent");
        story.version("of somebody else");
        let mut sent = SentDrafts::default();
        let versions = story.projection.versions();
        assert_eq!(sent.version_of(&draft("typed on"), versions), None);
        sent.remember(Arc::new(draft("sent")));
        sent.remember(Arc::new(draft("sent before")));
        assert_eq!(sent.version_of(&draft("typed on"), versions), Some(wanted));
    }

    #[test]
    fn only_the_last_drafts_are_remembered() {
        let mut story = Story::default();
        story.version("first");
        let mut sent = SentDrafts::default();
        sent.remember(Arc::new(draft("first")));
        for number in 0..REMEMBERED {
            sent.remember(Arc::new(draft(&number.to_string())));
        }
        assert_eq!(sent.version_of(&draft("now"), story.projection.versions()), None);
    }
}
