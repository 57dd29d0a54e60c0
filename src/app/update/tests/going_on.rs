use crate::app::fixtures::{Harness, session};
use crate::config::screen_state::SessionScreen;
use crate::domain::StateKind::{Accepted, Pending, Rejected, Skipped};
use crate::domain::fixtures::Story;
use crate::domain::{Change, RowNumber};

#[test]
fn under_a_filter_for_pending_rows_decisions_jump_over_none_and_undo_comes_back_to_each() {
    let mut bench = Harness::with_rows(12);
    bench.keys("/").typed("state:pending").keys("enter");
    for turn in 0..3 {
        for (place, key) in ["a", "x", "space"].into_iter().enumerate() {
            assert_eq!(bench.selected(), Some(turn * 3 + u32::try_from(place).unwrap()));
            bench.keys(key).write();
        }
    }
    let expected: Vec<_> = [[Accepted, Rejected, Skipped]; 3].concat();
    assert_eq!(bench.states()[..9], expected);
    bench.keys("u").write().keys("u").write();
    assert_eq!((bench.selected(), bench.states()[7]), (Some(7), Pending));
    bench.keys("a").write();
    assert_eq!((bench.selected(), bench.states()[7]), (Some(8), Accepted));
}

#[test]
fn where_rows_go_out_of_the_filter_between_decisions_none_is_jumped_either() {
    let mut bench = Harness::with_rows(6);
    bench.keys("/").typed("state:pending").keys("enter");
    for expected in 0..6 {
        assert_eq!(bench.selected(), Some(expected));
        bench.keys("a").write().keys("R");
    }
    assert!(bench.model.rows.view.is_empty());
}

#[test]
fn undo_shows_a_row_that_the_filter_hides_where_it_belongs() {
    let mut bench = Harness::with_rows(6);
    bench.keys("j j a").write();
    bench.keys("/").typed("state:pending").keys("enter g g R");
    assert_eq!(bench.model.rows.view.len(), 5);
    bench.keys("/ ctrl-u").typed("state:rejected").keys("enter u").write();
    assert_eq!((bench.selected(), bench.model.rows.view.len()), (Some(2), 1));
    assert!(bench.model.rows.view.is_revealed(RowNumber(2)));
    assert!(bench.notice().ends_with("The filter hides row 3; it is shown all the same, marked `+`."));
    bench.keys("x").write();
    assert_eq!(bench.states()[2], Rejected, "it can be decided");
}

#[test]
fn goto_shows_a_hidden_row_too_and_a_new_look_hides_it_again() {
    let mut bench = Harness::with_rows(9);
    bench.keys("/").typed("number<=3").keys("enter :").typed("goto 7").keys("enter");
    assert_eq!(bench.selected(), Some(6));
    bench.keys("R");
    assert_eq!((bench.model.rows.view.len(), bench.selected()), (3, Some(2)));
}

#[test]
fn at_the_end_it_says_how_many_skipped_rows_wait_and_there_one_leads_to_the_next() {
    let mut bench = Harness::with_rows(5);
    bench.keys("space a space x space");
    assert_eq!(bench.notice(), "done: 1 of 2 kept; 3 skipped rows wait: / state:skipped shows them");
    bench.write().keys("/").typed("state:skipped").keys("enter g g");
    for row in [0, 2, 4] {
        assert_eq!(bench.selected(), Some(row));
        bench.keys("a");
    }
    assert_eq!(bench.notice(), "No skipped row is left here.");
    assert_eq!(bench.states(), [Accepted, Accepted, Accepted, Rejected, Accepted]);
}

#[test]
fn a_decision_that_changes_nothing_is_no_operation_and_says_so() {
    let mut bench = Harness::with_rows(2);
    bench.keys("4 k").write();
    let before = bench.facts().len();
    for (key, said) in [
        ("a", "Row 1 is accepted already; nothing was changed."),
        ("4", "Row 1 is accepted with 4 stars already; nothing was changed."),
        (".", "Row 1 is accepted with 4 stars already; nothing was changed."),
    ] {
        bench.keys(key);
        assert_eq!((bench.notice(), bench.selected()), (said, Some(0)), "{key}");
    }
    bench.keys("0");
    assert_eq!(bench.notice(), "Row 1 has no rating now; it stays accepted.");
    bench.keys("0");
    assert_eq!(bench.notice(), "The row has no rating.");
    bench.keys("t").typed("odd, calm").keys("enter");
    assert_eq!(bench.notice(), "Row 1 is tagged calm, odd now.");
    bench.keys("t enter");
    assert_eq!(bench.notice(), "Row 1 is tagged calm, odd already; nothing was changed.");
    bench.keys("t ctrl-u enter");
    assert_eq!(bench.notice(), "Row 1 is without tags now.");
    bench.keys("X").typed("dull").keys("enter X").typed("dull").keys("enter");
    assert_eq!(bench.notice(), "Row 1 is rejected, reason: dull already; nothing was changed.");
    assert_eq!(bench.facts().len() - before, 4);
}

#[test]
fn while_an_undo_is_on_its_way_the_same_decision_is_sent_all_the_same() {
    let mut bench = Harness::with_rows(1);
    bench.keys("a").write();
    bench.keys("u a");
    assert_eq!(bench.facts().len(), 1);
}

#[test]
fn the_dot_says_what_it_repeated() {
    let mut bench = Harness::with_rows(3);
    bench.keys("X").typed("too dull").keys("enter .");
    assert_eq!(bench.notice(), "Repeated: row 2 is rejected, reason: too dull.");
}

#[test]
fn a_filter_that_takes_the_selected_row_away_leads_to_the_next_one() {
    let mut story = Story::with_rows(6);
    story.change(&[2, 3], Change::accept());
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    bench.keys("j j /").typed("state:pending").keys("enter");
    assert_eq!(bench.selected(), Some(4));
}
