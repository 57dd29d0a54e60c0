//! Marked rows, and changes of many rows.

use super::check;
use crate::app::command::ReplaceCommand;
use crate::app::fixtures::Harness;

/// Brings a screen into a state in which a command of the form that replaces applies.
pub(super) fn for_replace(bench: &mut Harness, command: ReplaceCommand) -> &mut Harness {
    match command {
        ReplaceCommand::ShowMatches => {
            *bench = Harness::with_rows(3);
            bench.keys("E").typed("number")
        }
        ReplaceCommand::LeaveReplace
        | ReplaceCommand::NextReplaceField
        | ReplaceCommand::PreviousReplaceField => bench.keys("E").typed("row"),
        ReplaceCommand::NextReplaceValue | ReplaceCommand::PreviousReplaceValue => bench.keys("E tab tab"),
    }
}

/// Opens the form on rows that it would change.
pub(super) fn for_matches(bench: &mut Harness) -> &mut Harness {
    *bench = Harness::with_rows(3);
    bench.keys("E").typed("number").keys("enter")
}

#[test]
fn a_range_of_rows_that_is_marked() {
    check("marked", 212, |scene| scene.press("j v j j j"));
}

#[test]
fn what_a_decision_on_the_marked_rows_would_change() {
    check("bulk_marked", 212, |scene| scene.press("a a x g g v j j j j j j x"));
}

#[test]
fn what_finding_and_replacing_would_change() {
    check("replace", 212, |scene| {
        scene.press("E");
        scene.type_in("(\\w+) free|the");
        scene.press("tab");
        scene.type_in("$1 gratis");
        scene.press("enter space j");
    });
}
