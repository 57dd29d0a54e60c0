use crate::app::compare::{ComparePart, comparison};
use crate::app::fixtures::{Harness, session};
use crate::app::sampling::WaitingRun;
use crate::app::{Context, Effect, Message, Overlay, Question, View};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::{Story, TrialStory};
use crate::domain::{
    Budget, CompareOrder, Event, GeneratorSettings, OperationOutcome, PairChoice, Provider, RowState,
    RunNumber, RunStatus, Side, Trial, TrialKind, TrialNumber, TrialOutcome,
};

/// Returns the Compare view with a blind comparison of so many open pairs.
fn comparing(pairs: u32) -> Harness {
    let mut bench =
        Harness::open(TrialStory::compare(true, pairs).story, session(), SessionScreen::default());
    bench.keys("g c");
    bench
}

fn said(bench: &Harness) -> Vec<Option<PairChoice>> {
    bench.model.compare.pairs.iter().map(|pair| bench.model.shown().said_of(*pair)).collect()
}

#[test]
fn one_key_decides_a_pair_as_one_operation_and_goes_on_to_the_next() {
    let mut bench = comparing(4);
    let first = bench.model.compare.at.unwrap();
    bench.take_effects();
    bench.keys("h");
    let effects: Vec<_> = bench.effects.iter().filter(|e| matches!(e, Effect::ChangeEach { .. })).collect();
    let [Effect::ChangeEach { changes, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(changes.len(), 2);
    assert_eq!(bench.model.shown().said_of(first), Some(PairChoice::Left), "shown at once");
    assert_eq!(bench.model.compare.place(), Some(1));
    bench.write();
    bench.keys("l b n").write();
    let choices = [PairChoice::Left, PairChoice::Right, PairChoice::Both, PairChoice::Neither];
    assert_eq!(said(&bench), choices.map(Some));
    assert!(bench.notice().contains("All 4 pairs are decided"), "{}", bench.notice());
    let shown = bench.model.shown();
    assert!(!shown.row(first.left).unwrap().is_bulk(), "decided one by one");
    assert_eq!(
        (shown.state(first.left), shown.state(first.right)),
        (RowState::Accepted { rating: None }, RowState::Rejected)
    );
}

#[test]
fn arrows_decide_too_and_one_undo_takes_a_pair_back_and_shows_it() {
    let mut bench = comparing(3);
    let first = bench.model.compare.at.unwrap();
    bench.keys("left").write();
    bench.keys("right").write();
    assert_eq!(said(&bench), [Some(PairChoice::Left), Some(PairChoice::Right), None]);
    bench.keys("u").write();
    assert_eq!(bench.model.compare.place(), Some(1));
    bench.keys("u").write();
    assert_eq!((said(&bench), bench.model.compare.at), (vec![None, None, None], Some(first)));
    bench.keys("U").write();
    assert_eq!(said(&bench), [Some(PairChoice::Left), None, None]);
}

#[test]
fn a_pair_that_is_left_open_is_come_back_to() {
    let mut bench = comparing(3);
    bench.keys("space h").write();
    assert_eq!(said(&bench), [None, Some(PairChoice::Left), None]);
    assert_eq!(bench.model.compare.place(), Some(2));
    bench.keys("h").write();
    assert_eq!(bench.model.compare.place(), Some(0), "around the end");
    bench.keys("space");
    assert_eq!(bench.notice(), "There is no other open pair.");
}

#[test]
fn a_decided_pair_can_be_decided_otherwise_and_stays_on_show() {
    let mut bench = comparing(2);
    bench.keys("h k h").write();
    assert!(bench.notice().contains("decided so already"), "{}", bench.notice());
    bench.keys("l").write();
    assert_eq!(said(&bench), [Some(PairChoice::Right), None]);
    assert_eq!(bench.model.compare.place(), Some(0));
}

#[test]
fn pairs_that_come_later_move_nothing() {
    let mut of = TrialStory::uneven(&[5, 5, 5], &[5]);
    let mut bench = Harness::open(of.story, session(), SessionScreen::default());
    bench.keys("g c space");
    let (at, count) = (bench.model.compare.at, bench.model.compare.pairs.len());
    assert_eq!(count, 5);
    of = TrialStory::uneven(&[5, 5, 5], &[5, 5, 5]);
    bench.story = of.story;
    let saved = bench.saved();
    bench.send(Message::Snapshot(saved));
    assert_eq!((bench.model.compare.at, bench.model.compare.pairs.len()), (at, 15));
}

#[test]
fn ending_with_open_pairs_is_asked_and_without_it_is_done() {
    let mut bench = comparing(2);
    bench.keys("E");
    assert!(matches!(bench.model.overlay(), Some(Overlay::Question(Question::EndComparison { open: 2 }))));
    bench.keys("n");
    bench.keys("h h").write();
    bench.take_effects();
    bench.keys("E");
    let ends = |effect: &Effect| matches!(effect, Effect::EndCompare { .. });
    assert!(bench.effects.iter().any(ends), "{:?}", bench.effects);
}

#[test]
fn once_it_ended_what_came_of_it_is_shown() {
    let mut bench = comparing(2);
    bench.keys("h h").write();
    bench.take_effects();
    bench.keys("E");
    let Some(Effect::EndCompare { operation, .. }) = bench.take_effects().pop() else { panic!() };
    let trial = TrialNumber(1);
    bench.story.add(Event::TrialEnded { trial, outcome: TrialOutcome::Undecided });
    let outcome = Ok(OperationOutcome::CompareEnded { trial });
    let saved = bench.saved();
    bench.send(Message::Answered { operation, outcome, saved });
    assert_eq!(bench.model.compare.part, ComparePart::Result);
    assert_eq!(bench.model.context(), Context::CompareResult);
}

/// Returns a bench with two versions and a model that reads them, in the form.
fn in_form() -> Harness {
    let mut story = Story::default();
    story.version("one");
    story.version("two");
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    bench.model.sampling.order.generator = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("tiny".into()),
        ..GeneratorSettings::default()
    };
    bench.keys("g c");
    bench
}

/// Answers the order of a comparison as the writer does.
fn begin(bench: &mut Harness) -> CompareOrder {
    let effects = bench.take_effects();
    let begun = effects.into_iter().find_map(|effect| match effect {
        Effect::BeginCompare { operation, order, .. } => Some((operation, *order)),
        _ => None,
    });
    let (operation, order) = begun.unwrap();
    let trial = Trial {
        number: TrialNumber(1),
        kind: TrialKind::Compare,
        sides: order
            .sides
            .clone()
            .map(|side| Side { settings: side.settings.into_written(), ..side })
            .to_vec(),
        rows: order.pairs,
        seed: 5,
        blind: order.blind,
        started_at: crate::domain::Timestamp(1),
        ended: None,
    };
    bench.story.add(Event::TrialBegan { trial: Box::new(trial) });
    let outcome = Ok(OperationOutcome::CompareBegan { trial: TrialNumber(1) });
    let saved = bench.saved();
    bench.send(Message::Answered { operation, outcome, saved });
    order
}

#[test]
fn the_form_begins_a_comparison_and_both_sides_are_sampled_one_after_the_other() {
    let mut bench = in_form();
    assert_eq!(bench.model.context(), Context::CompareForm);
    bench.model.sampling.order.budget.requests = Some(9);
    bench.keys("s");
    let order = begin(&mut bench);
    assert_eq!(order.pairs, 20);
    let sampled = |effects: Vec<Effect>| {
        effects
            .into_iter()
            .find_map(|e| if let Effect::Sample { order, job, .. } = e { Some((order, job)) } else { None })
    };
    let (first, job) = sampled(bench.take_effects()).unwrap();
    assert_eq!((first.rows, first.seed, first.budget.requests), (20, Some(5), Some(4)));
    assert_eq!(bench.model.sampling.waiting.len(), 1);
    let outcome = Ok(crate::app::fixtures::done(1, 20));
    bench.send(Message::JobEnded { job, outcome });
    let (second, _) = sampled(bench.take_effects()).unwrap();
    assert_eq!((second.seed, second.budget.requests), (first.seed, Some(4)));
    let sides = [first.trial.unwrap().side, second.trial.unwrap().side];
    assert_eq!(sides[0] + sides[1], 1, "one run for each side");
    assert!(comparison(bench.model.shown()).is_some());
}

#[test]
fn what_is_typed_in_the_form_is_typed_there_and_escape_stops_typing() {
    let mut bench = in_form();
    bench.keys("k k k k enter");
    assert_eq!(bench.model.context(), Context::CompareField);
    bench.keys("backspace backspace").typed("7");
    assert_eq!(bench.model.context(), Context::CompareField);
    bench.keys("esc s");
    assert_eq!(begin(&mut bench).pairs, 7);
}

#[test]
fn a_comparison_that_costs_money_is_asked_about() {
    let mut bench = in_form();
    bench.model.sampling.order.generator.price = Some(crate::domain::Price { input: 1.0, output: 2.0 });
    bench.keys("s");
    let Some(Overlay::Question(Question::Compare { estimate, .. })) = bench.model.overlay() else {
        panic!("{:?}", bench.model.overlays)
    };
    assert_eq!(estimate.rows, 40, "both sides");
    bench.keys("y");
    assert!(bench.effects.iter().any(|effect| matches!(effect, Effect::BeginCompare { .. })));
}

#[test]
fn a_side_that_was_not_sampled_is_sampled_when_asked_for() {
    let mut bench = Harness::open(TrialStory::begun().story, session(), SessionScreen::default());
    bench.keys("g c").take_effects();
    bench.keys("s");
    assert!(bench.notice().contains("the budget of the comparison is not known"), "{}", bench.notice());
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::Sample { .. })));
    bench.model.sampling.order.budget.requests = Some(9);
    bench.keys("s");
    let share = |effect: &Effect| match effect {
        Effect::Sample { order, .. } => order.budget.requests,
        _ => None,
    };
    assert_eq!(bench.effects.iter().find_map(share), Some(4));
    assert_eq!(bench.model.sampling.waiting.len(), 1);
    bench.keys("s");
    assert_eq!(bench.model.sampling.waiting.len(), 1, "none is queued twice");
}

/// Returns a bench whose comparison has a run of its first side, stopped with this budget for this reason.
fn one_side(budget: Budget, reason: Option<&str>) -> (Harness, RunNumber) {
    let mut of = TrialStory::begun();
    let run = of.sample(0, &[5]);
    of.story.add(Event::RunResumed { run, budget: Some(budget) });
    let mut known = of.story.projection.run(run).unwrap().clone();
    (known.number, known.requested, known.rows) = (RunNumber(run.0 + 1), 20, 0);
    of.story.add(Event::RunBegan { run: Box::new(known) });
    let run = RunNumber(run.0 + 1);
    let status = RunStatus::Stopped { reason: reason.map(str::to_owned) };
    of.story.add(Event::RunEnded { run, status });
    (Harness::open(of.story, session(), SessionScreen::default()), run)
}

#[test]
fn the_second_side_has_the_half_that_the_first_one_had_whatever_the_settings_say_by_then() {
    let (mut bench, run) = one_side(Budget { tokens: Some(500), ..Budget::default() }, None);
    bench.model.sampling.order.budget.tokens = Some(90_000);
    bench.keys("g c").take_effects();
    bench.keys("s");
    let effects = bench.take_effects();
    let waits = bench.model.sampling.waiting.iter().find_map(|run| match run {
        WaitingRun::New { order, .. } => Some(order.budget.tokens),
        _ => None,
    });
    let now = effects.iter().find_map(|effect| match effect {
        Effect::Sample { order, .. } => Some(order.budget.tokens),
        _ => None,
    });
    assert_eq!(now.or(waits), Some(Some(500)), "{effects:?}");
    let rest = effects.iter().any(|effect| matches!(effect, Effect::Resume { run: of, .. } if *of == run));
    assert!(rest || bench.model.sampling.waiting.contains(&WaitingRun::Rest(run)));
}

#[test]
fn a_side_that_used_up_its_half_does_not_go_on_with_the_budget_of_the_settings() {
    let (mut bench, run) = one_side(
        Budget { tokens: Some(500), ..Budget::default() },
        Some("The budget of 500 tokens is used up."),
    );
    bench.model.sampling.order.budget.tokens = Some(90_000);
    bench.keys("c");
    assert!(bench.notice().contains("used up its half of the budget"), "{}", bench.notice());
    assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::Resume { .. })));
    assert!(bench.model.going_on(run).is_some_and(|said| said.contains("compare SESSION --resume")));
}

#[test]
fn what_tells_the_side_is_refused_with_a_sentence_while_it_is_blind() {
    let mut of = Harness::open(TrialStory::compare(true, 3).story, session(), SessionScreen::default());
    of.keys("G o");
    assert!(of.model.overlays.is_empty());
    assert!(of.notice().starts_with("A blind comparison goes on"), "{}", of.notice());
    of.keys("r");
    assert!(of.model.overlays.is_empty(), "the run of a side");
    let selected = of.model.rows.selected;
    of.keys("g g N");
    assert!(of.notice().starts_with("A blind comparison goes on"), "{}", of.notice());
    assert!(selected > 0 && of.model.rows.selected == 0, "it goes to no row of the last run");
    for filter in ["prompt:v2", "run:2", "is:new"] {
        of.keys("/").typed(filter).keys("enter");
        let Some(Overlay::Line(line)) = of.model.overlay() else {
            panic!("{filter}: {:?}", of.model.overlays)
        };
        assert!(
            line.error.as_deref().is_some_and(|said| said.contains("a blind comparison goes on")),
            "{filter}"
        );
        of.keys("esc");
    }
    of.keys("g g o");
    assert!(!of.model.overlays.is_empty(), "a row of no trial");
}

#[test]
fn the_view_is_gone_to_and_left() {
    let mut bench = in_form();
    bench.keys("tab");
    assert_eq!(bench.model.context(), Context::CompareResult);
    bench.keys("esc");
    assert_eq!(bench.model.context(), Context::CompareForm);
    bench.keys("esc");
    assert_eq!(bench.model.view, View::Bench);
}
