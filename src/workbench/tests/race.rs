use super::*;
use crate::domain::{Budget, GeneratorSettings, Race, Side, StateKind, TrialKind, TrialNumber, TrialOutcome};
use crate::template::PromptFile;
use crate::workbench::{RaceBatch, race_is_as_it_ended};

/// A session with three versions, and a race of them that takes so many decisions at most.
fn racing(decisions: u32) -> TestSession {
    let mut session = TestSession::new();
    for words in ["Write {{ n }} rows, well.", "Write {{ n }} rows, badly."] {
        let operation = session.next();
        let file = PromptFile::parse(words).unwrap();
        session.bench.add_versions(vec![file.into()], None, operation, NOW).unwrap();
    }
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("small".into()),
        rows_per_request: 2,
        ..GeneratorSettings::default()
    };
    let versions = session.bench.versions_of(&["v1".into(), "v2".into(), "v3".into()]).unwrap();
    let sides = versions.into_iter().map(|version| Side { version, settings: settings.clone() }).collect();
    let operation = session.next();
    session.bench.begin_race(sides, (decisions, 7), operation, NOW).unwrap();
    session.bench.commit().unwrap();
    session
}

impl TestSession {
    fn due(&mut self) -> Option<RaceBatch> {
        self.bench.next_batch(Budget::default(), NOW).unwrap()
    }

    /// Samples the batch that is due, with a row for each that was ordered, and returns its side.
    fn batch(&mut self) -> Option<u8> {
        let RaceBatch { order, source } = self.due()?;
        let operation = self.next();
        let plan = self.bench.begin_run(&order, &source, &Model, operation, NOW).unwrap();
        let planned = plan.request(0, order.rows).unwrap();
        let request = self.bench.begin_request(&plan, &planned, NOW);
        let text = |row| Fields::of_text(format!("row {row} of run {}", plan.number()));
        self.take_in(&plan, request, (0..order.rows).map(text).collect());
        let outcome = RequestOutcome {
            sent: 1,
            tokens: crate::domain::Tokens { input: 10, output: 20 },
            ..RequestOutcome::default()
        };
        self.bench.end_request(&plan, request, outcome, NOW);
        self.bench.end_run(&plan, RunStatus::Done, NOW);
        self.bench.commit().unwrap();
        Some(order.trial.unwrap().side)
    }

    /// Decides every row that waits: those of the side `good` are accepted, until the race ends. Returns the number of
    /// decisions.
    fn decide(&mut self, good: u8) -> u32 {
        let mut decided = 0;
        while let Some(row) = self.bench.going_race().ok().and_then(|(_, race)| race.pending.first().copied())
        {
            let side = self.row(row.0).run().unwrap().trial.unwrap().side;
            self.change(&[row.0], if side == good { Change::accept() } else { Change::reject() });
            decided += 1;
        }
        decided
    }

    fn outcome(&self) -> Option<TrialOutcome> {
        let trial = self.bench.projection().laboratory().trial(TrialNumber(1)).unwrap();
        trial.ended.map(|end| end.outcome)
    }

    fn race(&self) -> Race {
        let trial = self.bench.projection().laboratory().trial(TrialNumber(1)).unwrap();
        Race::of(self.bench.projection(), trial)
    }
}

#[test]
fn each_version_shows_rows_first_and_the_race_ends_with_the_decision_that_makes_its_rule_say_so() {
    let mut session = racing(300);
    let first: Vec<_> = std::iter::from_fn(|| session.batch()).collect();
    assert_eq!(first, [0, 1, 2]);
    while session.outcome().is_none() {
        session.decide(1);
        if session.outcome().is_none() {
            let _ = session.batch();
        }
    }
    assert_eq!(session.outcome(), Some(TrialOutcome::Best { side: 1 }));
    let race = session.race();
    assert!(race.made() < 300 && race.decided[1].total() >= race.decided[0].total(), "{race:?}");
    let operations: Vec<_> = session.bench.projection().operations().collect();
    let of_decision = operations.iter().rfind(|of| of.kind.name() == "reject" || of.kind.name() == "accept");
    assert_eq!(
        of_decision.map(|of| of.id),
        operations.last().map(|of| of.id),
        "the end has no operation of its own"
    );
    assert!(session.due_error().contains("No race goes on"));
    session.checked();
}

impl TestSession {
    fn due_error(&mut self) -> String {
        self.bench.next_batch(Budget::default(), NOW).unwrap_err().to_string()
    }
}

#[test]
fn undo_after_the_end_does_not_unsay_it_and_it_is_known_that_it_would_have_ended_otherwise() {
    let mut session = racing(4);
    while session.outcome().is_none() {
        let _ = session.batch();
        session.decide(0);
    }
    let outcome = session.outcome();
    assert_eq!(outcome, Some(TrialOutcome::Undecided));
    assert_eq!(session.race().made(), 4, "no more than were to be decided");
    let as_it_ended = |session: &TestSession| {
        let trial = session.bench.projection().laboratory().trial(TrialNumber(1)).unwrap();
        race_is_as_it_ended(&session.race(), trial)
    };
    assert!(as_it_ended(&session));
    let operation = session.next();
    session.bench.undo(operation, NOW).unwrap();
    session.bench.commit().unwrap();
    assert_eq!(session.race().made(), 3, "undo takes the decision back");
    assert_eq!(session.outcome(), outcome);
    assert!(!as_it_ended(&session));
    session.checked();
}

#[test]
fn a_race_goes_on_after_a_restart_with_the_batch_that_would_have_come() {
    let (mut one, mut other) = (racing(300), racing(300));
    for session in [&mut one, &mut other] {
        for _ in 0..3 {
            let _ = session.batch();
        }
        session.change(&[0], Change::accept());
        session.change(&[2], Change::reject());
        session.change(&[4], Change::reject());
    }
    let mut other = other.reopened();
    let seed = |session: &mut TestSession| session.due().map(|batch| (batch.order.seed, batch.order.trial));
    assert!(seed(&mut one).is_some());
    assert_eq!(seed(&mut one), seed(&mut other));
    assert_eq!(one.batch(), other.batch());
    let seeds: std::collections::HashSet<_> =
        one.bench.projection().runs().map(|run| run.generator.seed).collect();
    assert_eq!(seeds.len(), 4, "each batch has a seed of its own");
}

#[test]
fn the_budget_covers_the_race_and_a_larger_one_goes_on() {
    let mut session = racing(300);
    let tokens = |tokens| Budget { tokens: Some(tokens), ..Budget::default() };
    let left = |session: &mut TestSession, asked| {
        session.bench.next_batch(asked, NOW).map(|batch| batch.unwrap().order.budget)
    };
    assert_eq!(left(&mut session, tokens(60)).unwrap(), tokens(60));
    let run = session.bench.next_batch(tokens(60), NOW).unwrap().unwrap();
    let operation = session.next();
    let plan = session.bench.begin_run(&run.order, &run.source, &Model, operation, NOW).unwrap();
    let request = session.bench.begin_request(&plan, &plan.request(0, 2).unwrap(), NOW);
    let used = crate::domain::Tokens { input: 30, output: 30 };
    let outcome = RequestOutcome { sent: 1, tokens: used, ..RequestOutcome::default() };
    session.bench.end_request(&plan, request, outcome, NOW);
    session.bench.end_run(&plan, RunStatus::Done, NOW);
    session.bench.commit().unwrap();
    let said = session.due_error();
    assert!(said.contains("budget of the race is used up"), "{said}");
    assert_eq!(left(&mut session, tokens(100)).unwrap(), tokens(40));
}

#[test]
fn versions_race_on_a_model_that_reads_them_and_only_one_race_goes_on() {
    let mut session = racing(20);
    let trial = session.bench.projection().laboratory().trials()[0].clone();
    assert_eq!((trial.kind, trial.blind, trial.rows), (TrialKind::Race, true, 20));
    let operation = session.next();
    let again = session.bench.begin_race(trial.sides.clone(), (20, 1), operation, NOW).unwrap_err();
    assert!(again.to_string().contains("A race goes on already"), "{again}");
    let offline = trial.sides.into_iter().map(|side| Side { settings: GeneratorSettings::default(), ..side });
    let unread = session.bench.begin_race(offline.collect(), (20, 1), operation, NOW).unwrap_err();
    assert!(unread.to_string().contains("reads no prompt"), "{unread}");
}

#[test]
fn what_is_decided_in_bulk_is_no_decision_of_a_race() {
    let mut session = racing(4);
    while session.batch().is_some() {}
    let rows: Vec<u32> = session.race().pending.iter().map(|row| row.0).collect();
    assert_eq!(rows.len(), 4, "no more wait than may be decided");
    session.change(&rows, Change::accept());
    assert_eq!((session.race().made(), session.outcome()), (0, None));
    assert!(session.bench.projection().rows().all(|row| row.state().kind() == StateKind::Accepted));
    assert!(session.due().is_some(), "others come in their place");
}

#[test]
fn what_was_under_way_when_the_program_ended_counts_for_the_budget_of_a_race() {
    let mut session = racing(300);
    let asked = |tokens| Budget { tokens: Some(tokens), ..Budget::default() };
    let batch = session.bench.next_batch(asked(10_000), NOW).unwrap().unwrap();
    let operation = session.next();
    let plan = session.bench.begin_run(&batch.order, &batch.source, &Model, operation, NOW).unwrap();
    session.bench.begin_request(&plan, &plan.request(0, 2).unwrap(), NOW);
    session.bench.commit().unwrap();

    let mut session = session.reopened();
    assert_eq!(session.race().rows, [0, 0, 0]);
    let left = session.bench.next_batch(Budget::default(), NOW).unwrap().unwrap().order.budget;
    let run = session.bench.projection().run(plan.number()).unwrap().clone();
    let used = run.used().total();
    assert!(used >= 2 * crate::domain::TOKENS_OF_ROW && run.tokens.is_nothing(), "{run:?}");
    assert_eq!(left, asked(10_000 - used));
    let again = session.bench.next_batch(Budget::default(), NOW).unwrap().unwrap().order.budget;
    assert_eq!(again, left, "it counts once");
    let said = session.bench.run_to_resume(Some(plan.number())).unwrap_err().to_string();
    assert!(said.contains("Run 1 belongs to race 1") && said.contains("race next"), "{said}");
    assert!(session.bench.run_to_resume(None).is_err(), "nor as the last one");
    session.bench.commit().unwrap();
    session.checked();
}
