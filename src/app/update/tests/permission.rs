use crate::app::fixtures::Harness;
use crate::app::{Effect, Message, Overlay, Question, WantedFor};
use crate::domain::{JobId, Permission, Secret};

fn wanted() -> Permission {
    Permission {
        file: "/home/ann/theirs/session.toml".into(),
        server: "https://theirs.example".into(),
        secret: Secret::Variable("GATE_KEY".into()),
        via: Vec::new(),
        via_sum: None,
    }
}

/// Samples, and tells that the run wants a permission.
fn asked(bench: &mut Harness, permission: Permission) -> JobId {
    bench.take_effects();
    bench.keys("s");
    tell(bench, permission)
}

fn tell(bench: &mut Harness, permission: Permission) -> JobId {
    let job = |effect| if let Effect::Sample { job, .. } = effect { Some(job) } else { None };
    let job = bench.take_effects().into_iter().find_map(job).unwrap();
    bench.send(Message::PermissionWanted { of: WantedFor::Job(job), permission: Box::new(permission) });
    job
}

fn is_asked(bench: &Harness) -> bool {
    matches!(bench.model.overlay(), Some(Overlay::Question(Question::Allow(_))))
}

#[test]
fn a_yes_allows_it_and_starts_the_run_again() {
    let mut bench = Harness::with_rows(1);
    asked(&mut bench, wanted());
    assert!(is_asked(&bench) && bench.model.sampling.run().is_none());
    bench.take_effects();

    bench.wait(1_000);
    bench.keys("y");

    let effects = bench.take_effects();
    assert!(
        matches!(effects.as_slice(), [Effect::Allow(permission), Effect::Sample { .. }, ..] if **permission == wanted()),
        "{effects:?}"
    );
    assert!(!is_asked(&bench) && bench.model.sampling.run().is_some());
}

#[test]
fn a_no_sends_nothing_and_says_so() {
    let mut bench = Harness::with_rows(1);
    asked(&mut bench, wanted());
    bench.take_effects();
    bench.wait(1_000);
    bench.keys("n");

    let said = bench.notice();
    assert!(said.starts_with("Nothing was sent, ") && said.contains("The key in GATE_KEY"), "{said}");
    let sends = |effect: &Effect| matches!(effect, Effect::Allow(_) | Effect::Sample { .. });
    assert!(!bench.take_effects().iter().any(sends));
}

#[test]
fn enter_says_no_since_it_is_pressed_in_haste() {
    let mut bench = Harness::with_rows(1);
    asked(&mut bench, wanted());
    bench.take_effects();
    bench.wait(1_000);

    bench.keys("enter");

    assert!(
        !is_asked(&bench) && bench.notice().starts_with("Nothing was sent, for you have not allowed it"),
        "{}",
        bench.notice()
    );
    assert!(!bench.take_effects().iter().any(|effect| matches!(effect, Effect::Allow(_))));
}

#[test]
fn a_key_that_was_pressed_before_the_question_was_read_answers_nothing() {
    let mut bench = Harness::with_rows(1);
    asked(&mut bench, wanted());
    bench.take_effects();

    bench.keys("y enter");

    assert!(is_asked(&bench) && bench.take_effects().is_empty());
}

#[test]
fn nobody_is_asked_while_they_type_and_the_runs_that_wait_are_dropped() {
    let mut bench = Harness::with_rows(1);
    bench.take_effects();
    bench.keys("s s i");
    tell(&mut bench, wanted());

    assert!(!is_asked(&bench));
    let said = bench.notice();
    assert!(said.contains("sample again to be asked") && said.ends_with("waited is dropped."), "{said}");
    assert!(bench.model.sampling.waiting.is_empty());
}

#[test]
fn what_cannot_be_shown_whole_cannot_be_allowed() {
    let mut bench = Harness::with_rows(1);
    let secret = Secret::Command("true && ".repeat(2_000));
    asked(&mut bench, Permission { secret, ..wanted() });

    assert!(!is_asked(&bench));
    assert!(bench.notice().contains("`rowsmith allow`"), "{}", bench.notice());
}

#[test]
fn a_run_that_was_stopped_asks_nothing() {
    let mut bench = Harness::with_rows(1);
    bench.take_effects();
    bench.keys("s ctrl-c");
    tell(&mut bench, wanted());
    assert!(!is_asked(&bench));
}

#[test]
fn models_are_listed_once_that_was_allowed() {
    let mut bench = Harness::with_rows(1);
    bench.model.sampling.order.generator.provider = crate::domain::Provider::Openai;
    bench.model.sampling.profiles.clear();
    bench.keys(", down down down down down space");
    let listed = |effect| if let Effect::ListModels { ask, .. } = effect { Some(ask) } else { None };
    let ask = bench.take_effects().into_iter().find_map(listed).unwrap();
    bench.send(Message::PermissionWanted { of: WantedFor::Models(ask), permission: Box::new(wanted()) });
    assert!(is_asked(&bench));
    bench.wait(1_000);

    bench.keys("y");

    let effects = bench.take_effects();
    assert!(matches!(effects.as_slice(), [Effect::Allow(_), Effect::ListModels { .. }, ..]), "{effects:?}");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Settings(_))));
}
