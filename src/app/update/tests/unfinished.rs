//! What was being typed about a row is open again after an end without a question.

use crate::app::fixtures::{Harness, session};
use crate::app::{Context, Effect};
use crate::domain::RowNumber;
use crate::domain::fixtures::Story;

/// Keys that open a place to type, and what is typed there.
const PLACES: [(&str, Context); 3] = [("e", Context::RowEditor), ("X", Context::Line), ("t", Context::Line)];

#[test]
fn an_edit_a_reason_and_tags_come_back_as_they_were_typed() {
    for (open, place) in PLACES {
        let mut bench = Harness::with_rows(3);
        bench.keys("j").keys(open).typed("half a");
        let left = bench.model.screen_state().unwrap();

        let mut again = Harness::open(Story::with_rows(3), session(), left.clone());

        assert_eq!(again.model.context(), place, "{open}");
        assert!(again.notice().contains("is open again"), "{open}: {}", again.notice());
        assert_eq!(again.model.screen_state().unwrap().unfinished, left.unfinished, "{open}");
        assert!(!again.effects.iter().any(|effect| matches!(effect, Effect::Append(_))));
        again.keys(if place == Context::RowEditor { "ctrl-s" } else { "enter" });
        assert_eq!(again.model.context(), Context::Rows);
        assert_eq!(again.model.screen_state().unwrap().unfinished, None, "{open}");
    }
}

#[test]
fn what_was_not_changed_discarded_or_left_after_a_question_does_not_come_back() {
    for keys in ["e", "X", "t", "e ! esc d", "X ! esc", "e ! ctrl-c enter"] {
        let mut bench = Harness::with_rows(1);
        bench.keys(keys);
        assert_eq!(bench.model.screen_state().and_then(|state| state.unfinished), None, "{keys}");
    }
}

#[test]
fn what_its_row_says_already_or_whose_row_is_gone_is_not_opened() {
    let mut bench = Harness::with_rows(3);
    bench.keys("G e").typed("new words ");
    let left = bench.model.screen_state().unwrap();
    let fewer = Harness::open(Story::with_rows(2), session(), left.clone());
    assert_eq!(fewer.model.context(), Context::Rows);
    let mut same = left;
    same.unfinished.as_mut().unwrap().text = bench.model.shown().row(RowNumber(2)).unwrap().text().to_owned();
    let again = Harness::open(Story::with_rows(3), session(), same);
    assert_eq!((again.model.context(), again.notice()), (Context::Rows, ""));
}
