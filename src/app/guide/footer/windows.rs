//! The hints of each window that stands over the panes, the most useful first.

use super::Shown::{self, All, Key as One};
use crate::app::Command;

pub(super) const FORMATS: &[(Shown, &str)] = &[
    (One(Command::TakeFormat), "take it"),
    (One(Command::NextFormat), "next"),
    (One(Command::PreviousFormat), "before"),
    (One(Command::Close), "leave"),
];

pub(super) const FACETS: &[(Shown, &str)] = &[
    (One(Command::ChooseFacetValue), "filter by it"),
    (One(Command::ExcludeFacetValue), "exclude"),
    (One(Command::NextFacetValue), "down"),
    (One(Command::PreviousFacetValue), "up"),
    (One(Command::NextFacet), "next facet"),
    (One(Command::UnfoldFacet), "all values"),
    (One(Command::Close), "close"),
];

pub(super) const SCRAPS: &[(Shown, &str)] = &[
    (One(Command::NextScrap), "next"),
    (One(Command::PreviousScrap), "before"),
    (One(Command::RepairScrap), "repair"),
    (One(Command::ResumeRun), "ask for what is missing"),
    (One(Command::PreviousScrapRun), "run before"),
    (One(Command::NextScrapRun), "next run"),
    (One(Command::ScrollPageDown), "page down"),
    (One(Command::Close), "close"),
];

pub(super) const DUPLICATES: &[(Shown, &str)] = &[
    (One(Command::KeepRow), "keep it"),
    (One(Command::KeepBest), "keep best"),
    (One(Command::NextGroup), "next group"),
    (One(Command::PreviousGroup), "group before"),
    (One(Command::Undo), "undo"),
    (One(Command::MergeGroups), "the best of every group"),
    (One(Command::NextDuplicate), "next row"),
    (One(Command::Close), "close"),
];

/// Those of a window with nothing in it.
pub(super) const NOTHING_THERE: &[(Shown, &str)] = &[(One(Command::Close), "close")];

pub(super) const RUN: &[(Shown, &str)] = &[
    (One(Command::PreviousRun), "run before"),
    (One(Command::NextRun), "next run"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::Close), "close"),
];

pub(super) const READING: &[(Shown, &str)] = &[
    (One(Command::Close), "close"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::ScrollPageDown), "page down"),
];

pub(super) const PROPOSAL: &[(Shown, &str)] = &[
    (One(Command::AnswerYes), "put it into the editor"),
    (One(Command::AnswerNo), "leave everything"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
];

pub(super) const BULK: &[(Shown, &str)] = &[
    (All(Command::AnswerYes), "do it"),
    (One(Command::AnswerNo), "leave everything"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
];

pub(super) const REPLACE: &[(Shown, &str)] = &[
    (One(Command::ShowMatches), "go through the rows"),
    (One(Command::LeaveReplace), "leave everything"),
    (One(Command::NextReplaceField), "next"),
    (One(Command::NextReplaceValue), "next choice"),
];

pub(super) const MATCHES: &[(Shown, &str)] = &[
    (One(Command::AnswerYes), "replace"),
    (One(Command::LeaveMatchOut), "leave out"),
    (One(Command::AnswerNo), "form"),
    (One(Command::ScrollDown), "down"),
    (One(Command::ScrollUp), "up"),
    (One(Command::ScrollPageDown), "page down"),
];

pub(super) const QUESTION: &[(Shown, &str)] =
    &[(All(Command::AnswerYes), "yes"), (One(Command::AnswerNo), "no")];

/// Those of a question that enter answers with no.
pub(super) const ALLOW: &[(Shown, &str)] =
    &[(One(Command::AnswerYes), "yes"), (One(Command::AnswerNo), "no")];

pub(super) const LEAVING: &[(Shown, &str)] = &[
    (One(Command::AnswerSave), "save"),
    (One(Command::AnswerDiscard), "discard"),
    (One(Command::AnswerNo), "stay"),
];

pub(super) const UNSAVED: &[(Shown, &str)] = &[
    (One(Command::AnswerYes), "write elsewhere"),
    (One(Command::AnswerDiscard), "quit unsaved"),
    (One(Command::AnswerNo), "stay"),
];
