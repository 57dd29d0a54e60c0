use crate::app::fixtures::Harness;
use crate::app::history::what;
use crate::app::{Effect, Message, Overlay, Question, View};
use crate::domain::StateKind;

fn states(bench: &Harness) -> Vec<StateKind> {
    bench.model.shown().rows().map(|row| row.state().kind()).collect()
}

/// Answers how many rows the jump that was asked for would change.
fn answer(bench: &mut Harness) {
    let asked = bench.take_effects().into_iter().find_map(|effect| match effect {
        Effect::PreviewJump { ask, target, shown } => Some((ask, shown.rows_of_jump(target))),
        _ => None,
    });
    let (ask, rows) = asked.expect("the rows of a jump are asked for");
    bench.send(Message::JumpPreviewed { ask, rows });
}

fn asked(bench: &Harness) -> Option<String> {
    match bench.model.overlay() {
        Some(Overlay::Question(Question::Jump(jump))) => Some(jump.said()),
        _ => None,
    }
}

#[test]
fn enter_asks_what_a_jump_changes_goes_there_and_one_undo_comes_back() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a x a").write();
    let before = states(&bench);
    bench.keys("g h j j enter");
    answer(&mut bench);
    assert_eq!(asked(&bench).unwrap(), "goes back 2 steps: 2 rows change");

    bench.keys("enter").write();

    assert_eq!(states(&bench), [StateKind::Accepted, StateKind::Pending, StateKind::Pending]);
    let last = bench.model.shown().operations().last().unwrap().clone();
    assert!(what(&last, bench.model.shown()).starts_with("jump to "), "{last:?}");
    bench.keys("u").write();
    assert_eq!(states(&bench), before);
    bench.keys("U").write();
    assert_eq!(states(&bench), [StateKind::Accepted, StateKind::Pending, StateKind::Pending]);
}

#[test]
fn the_state_that_stands_already_is_no_jump_and_no_is_an_answer() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a x").write().keys("g h enter");
    assert!(bench.notice().contains("as they were just after operation"), "{}", bench.notice());
    bench.keys("j enter");
    answer(&mut bench);
    bench.keys("n").write();
    assert_eq!(states(&bench)[1], StateKind::Rejected);
}

#[test]
fn the_rows_of_an_operation_are_shown_on_the_bench() {
    let mut bench = Harness::with_rows(4);
    bench.keys("j a").write().keys("g h o");
    assert_eq!(bench.model.view, View::Bench);
    let rows: Vec<_> = bench.model.rows.view.window(0, 9).map(|row| row.0).collect();
    assert_eq!((rows, bench.model.rows.filter.starts_with("operation:")), (vec![1], true));
}

#[test]
fn the_selected_operation_stays_selected_while_others_come() {
    let mut bench = Harness::with_rows(4);
    bench.keys("a x").write().keys("g h j");
    let before = bench.model.selected_operation().unwrap().id;
    bench.arrive(&["late"]);
    assert_eq!(bench.model.selected_operation().unwrap().id, before);
}

#[test]
fn an_answer_that_comes_late_asks_nobody_who_went_elsewhere() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a x").write().keys("g h j enter g b");
    answer(&mut bench);
    assert_eq!(asked(&bench), None);
}
