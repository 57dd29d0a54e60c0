//! That every command does something.

use super::*;

/// Returns whether an action returns effects or changes more of the screen than the status line.
fn does_something(bench: &mut Harness, act: impl FnOnce(&mut Harness)) -> bool {
    let theme = Theme::load("mono").unwrap();
    bench.take_effects();
    bench.model.notice = None;
    let before = painted(bench, &theme);
    act(bench);
    bench.model.notice = None;
    !bench.effects.is_empty() || painted(bench, &theme) != before
}

#[test]
fn every_command_does_something() {
    let idle = |command: &&Command| {
        let mut bench = bench();
        set_up(&mut bench, **command);
        !does_something(&mut bench, |bench| ask(bench, **command))
    };
    let idle: Vec<_> = Command::ALL.iter().filter(idle).map(|command| command.name()).collect();
    assert!(idle.is_empty(), "these do nothing: {idle:?}");
}

#[test]
fn a_command_that_does_nothing_would_be_found() {
    assert!(!does_something(&mut bench(), |bench| ask(bench, Command::PreviousRow)), "it is the first row");
    assert!(!does_something(&mut bench(), |bench| ask(bench, Command::RepeatDecision)), "only a sentence");
    assert!(!does_something(&mut bench(), |bench| ask(bench, Command::GoBench)), "this is the bench");
}
