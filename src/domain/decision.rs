//! A person's decisions on rows.

use serde::{Deserialize, Serialize};

use super::{Fields, Rating, RowState, Timestamp};

/// Everything that a person has said of one row.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// The row's state, with the rating of an accepted one.
    #[serde(flatten)]
    pub state: RowState,
    /// Tags, sorted, without repeats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Why it was rejected or skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The fields as a person edited them; the generated fields are kept beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<Fields>,
    /// The label that a person gave the row, where the row has another one without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// When the state was last decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// Whether the state was decided together with other rows, by a filter or a list of ids, and never
    /// by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bulk: bool,
}

/// A change of a row's mark; an operation applies the same change to each of its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// Accept the rows; without a new rating, a row that is accepted already keeps its rating.
    Accept {
        /// The rating to give.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rating: Option<Rating>,
        /// Tags to add.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// Reject the rows; without a new reason, a row that is rejected already keeps its reason.
    Reject {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Tags to add.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// Skip the rows: looked at, not decided.
    Skip {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Tags to add.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    /// Remove the rating; the rows stay accepted.
    ClearRating,
    /// Replace the rows' tags.
    Tag {
        /// The whole set of tags.
        tags: Vec<String>,
    },
    /// Add tags to the rows, and take others away.
    Retag {
        /// Tags to add.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<String>,
        /// Tags to take away.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<String>,
    },
    /// Give the rows a label, whatever their other fields are.
    Relabel {
        /// The label.
        label: String,
    },
    /// Replace the rows' fields, the label too, or with `None` go back to the generated ones.
    Edit {
        /// All fields of the row.
        fields: Option<Fields>,
    },
}

impl Change {
    /// Returns the change that accepts without a rating.
    #[must_use]
    pub const fn accept() -> Self {
        Self::Accept { rating: None, tags: Vec::new() }
    }

    /// Returns the change that rejects without a reason.
    #[must_use]
    pub const fn reject() -> Self {
        Self::Reject { reason: None, tags: Vec::new() }
    }

    /// Returns the change that skips without a reason.
    #[must_use]
    pub const fn skip() -> Self {
        Self::Skip { reason: None, tags: Vec::new() }
    }

    /// Returns whether the change makes a mark another one; that it would be decided later is no difference.
    #[must_use]
    pub fn alters(&self, mark: &Mark, bulk: bool) -> bool {
        let mut after = mark.clone();
        self.apply(&mut after, mark.decided_at.unwrap_or_default(), bulk);
        after.decided_at = mark.decided_at;
        after != *mark
    }

    /// Applies the change to one row's mark, without regard to the label that the row has anyway; `bulk` says whether the row is one of many that it is meant for.
    pub fn apply(&self, mark: &mut Mark, at: Timestamp, bulk: bool) {
        let by = Decider { at, bulk };
        match self {
            Self::Accept { rating, tags } => {
                let rating = rating.or(mark.state.rating());
                mark.decide(RowState::Accepted { rating }, None, tags, by);
            }
            Self::Reject { reason, tags } => mark.decide(RowState::Rejected, reason.as_ref(), tags, by),
            Self::Skip { reason, tags } => mark.decide(RowState::Skipped, reason.as_ref(), tags, by),
            Self::ClearRating => {
                if let RowState::Accepted { rating } = &mut mark.state {
                    *rating = None;
                }
            }
            Self::Tag { tags } => mark.tags = sorted(tags.clone()),
            Self::Retag { add, remove } => {
                mark.tags.extend_from_slice(add);
                mark.tags.retain(|tag| !remove.contains(tag));
                mark.tags = sorted(std::mem::take(&mut mark.tags));
            }
            Self::Relabel { label } => mark.label = Some(label.clone()),
            Self::Edit { fields } => {
                mark.edit.clone_from(fields);
                mark.label = None;
            }
        }
    }
}

/// When a row was decided, and whether together with others.
#[derive(Clone, Copy)]
struct Decider {
    at: Timestamp,
    bulk: bool,
}

impl Mark {
    fn decide(&mut self, state: RowState, reason: Option<&String>, tags: &[String], by: Decider) {
        let is_new = self.state.kind() != state.kind();
        if is_new {
            self.reason = None;
        }
        // A bulk decision that repeats what was decided by itself takes nothing away from it.
        self.bulk = by.bulk && (is_new || self.bulk);
        if reason.is_some() {
            self.reason = reason.cloned();
        }
        self.state = state;
        if !tags.is_empty() {
            self.tags.extend_from_slice(tags);
            self.tags = sorted(std::mem::take(&mut self.tags));
        }
        self.decided_at = Some(by.at);
    }
}

fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort();
    tags.dedup();
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepting_again_keeps_the_rating_and_rejecting_drops_it() {
        let mut mark = Mark::default();
        Change::Accept { rating: Some(Rating::try_from(4).unwrap()), tags: vec![] }.apply(
            &mut mark,
            Timestamp(1),
            false,
        );
        Change::accept().apply(&mut mark, Timestamp(2), false);
        assert_eq!(mark.state.rating().map(Rating::stars), Some(4));
        Change::reject().apply(&mut mark, Timestamp(3), false);
        assert_eq!(mark.state, RowState::Rejected);
        assert_eq!(mark.decided_at, Some(Timestamp(3)));
    }

    #[test]
    fn a_reason_goes_with_the_state_it_was_given_for() {
        let mut mark = Mark::default();
        Change::Reject { reason: Some("dull".into()), tags: vec!["b".into(), "a".into(), "b".into()] }.apply(
            &mut mark,
            Timestamp(1),
            false,
        );
        assert_eq!(mark.tags, ["a", "b"]);
        Change::reject().apply(&mut mark, Timestamp(2), false);
        assert_eq!(mark.reason.as_deref(), Some("dull"));
        Change::accept().apply(&mut mark, Timestamp(3), false);
        assert_eq!(mark.reason, None);
    }

    #[test]
    fn a_change_that_says_what_stands_already_alters_nothing() {
        let stars = |n| Change::Accept { rating: Rating::try_from(n).ok(), tags: vec![] };
        let tagged = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let because = |why: Option<&str>| Change::Reject { reason: why.map(str::to_owned), tags: vec![] };
        let mark = |changes: &[Change]| {
            let mut mark = Mark::default();
            changes.iter().for_each(|change| change.apply(&mut mark, Timestamp(7), false));
            mark
        };
        let accepted = mark(&[stars(4), Change::Tag { tags: tagged(&["a", "b"]) }]);
        for same in [
            Change::accept(),
            stars(4),
            Change::Accept { rating: None, tags: tagged(&["b"]) },
            Change::Tag { tags: tagged(&["b", "a", "b"]) },
            Change::Edit { fields: None },
        ] {
            assert!(!same.alters(&accepted, false) && !same.alters(&accepted, true), "{same:?}");
        }
        for other in [stars(3), Change::reject(), Change::ClearRating, Change::Tag { tags: vec![] }] {
            assert!(other.alters(&accepted, false), "{other:?}");
        }
        let rejected = mark(&[because(Some("dull"))]);
        assert!(
            !Change::reject().alters(&rejected, false) && !because(Some("dull")).alters(&rejected, false)
        );
        assert!(because(Some("short")).alters(&rejected, false));
        assert!(!Change::ClearRating.alters(&mark(&[Change::accept()]), false));
        assert!(!Change::skip().alters(&mark(&[Change::skip()]), true));
    }

    #[test]
    fn looking_by_itself_at_a_row_that_was_decided_with_others_is_a_change() {
        let mut mark = Mark::default();
        Change::accept().apply(&mut mark, Timestamp(1), true);
        assert!(Change::accept().alters(&mark, false) && !Change::accept().alters(&mark, true));
    }

    #[test]
    fn only_a_decision_by_itself_takes_bulk_away_and_only_a_new_decision_in_bulk_sets_it() {
        let mut mark = Mark::default();
        let mut after = |change: Change, bulk| {
            change.apply(&mut mark, Timestamp(1), bulk);
            mark.bulk
        };
        assert!(after(Change::accept(), true));
        assert!(after(Change::Tag { tags: vec!["odd".into()] }, false));
        assert!(after(Change::Edit { fields: None }, false) && after(Change::ClearRating, false));
        assert!(!after(Change::accept(), false), "looked at by itself");
        assert!(!after(Change::accept(), true), "the same again, with others");
        assert!(after(Change::reject(), true) && !after(Change::skip(), false));
    }

    #[test]
    fn tags_are_added_and_taken_away_and_the_others_stay() {
        let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let mut mark = Mark { tags: tags(&["b", "d"]), ..Mark::default() };
        let change = Change::Retag { add: tags(&["c", "a", "c"]), remove: tags(&["d", "e"]) };
        assert!(change.alters(&mark, true));
        change.apply(&mut mark, Timestamp(1), true);
        assert_eq!(mark.tags, ["a", "b", "c"]);
        assert!(!change.alters(&mark, true) && !mark.bulk && mark.decided_at.is_none());
    }

    #[test]
    fn an_edit_has_the_last_word_on_a_label_that_was_given_before() {
        let mut mark = Mark::default();
        Change::Relabel { label: "ham".into() }.apply(&mut mark, Timestamp(1), false);
        assert_eq!(mark.label.as_deref(), Some("ham"));
        Change::Edit { fields: None }.apply(&mut mark, Timestamp(2), false);
        assert_eq!(mark, Mark::default());
    }
}
