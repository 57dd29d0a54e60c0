//! Rows that a person makes examples.

use std::fmt::Write;

use super::*;
use crate::domain::ExampleStrategy;

/// Returns a table with 12 train rows of each label and a test row.
fn table() -> String {
    let mut table = "id,split,label,text\nt,test,spam,a held out row of spam\n".to_owned();
    for number in 0..12 {
        table.extend([
            format!("s{number},train,spam,win prize number {number}\n"),
            format!("h{number},train,ham,see you at {number}\n"),
        ]);
    }
    table
}

fn row(session: &TestSession, id: &str) -> u32 {
    session.bench.dataset().index_of_id(id).unwrap()
}

/// Returns the ids of the examples that the preview of a fresh run shows.
fn shown(session: &mut TestSession) -> Vec<String> {
    let bench = &mut session.bench;
    let draft = bench.draft();
    let order = RunOrder::new(5, bench.session().generator.clone());
    let preview = bench.preview_renderer().preview(&draft, &order, RunNumber(1));
    assert_eq!(preview.problems, []);
    let text: String = preview.messages.iter().map(|message| message.text.as_str()).collect();
    let dataset = bench.dataset();
    dataset
        .rows()
        .filter(|row| text.contains(&format!("{}\n", row.text)))
        .map(|row| row.id.into_owned())
        .collect()
}

#[test]
fn with_the_strategy_hard_prompts_show_the_rows_that_were_made_examples() {
    let session = TestSession::of(&table(), "spam", "");
    let file = session.location().folder.join("session.toml");
    let written = fs::read_to_string(&file).unwrap();
    let hard =
        written.replace("strategy = \"random\"", "strategy = \"hard\"").replace("count = 5", "count = 3");
    fs::write(&file, hard).unwrap();
    let mut session = session.reopened();
    assert_eq!(session.bench.session().examples.strategy, ExampleStrategy::Hard);
    for id in ["s3", "s7", "h2"] {
        session.bench.make_example(row(&session, id), true).unwrap();
    }

    let ids = shown(&mut session);

    assert!(ids.contains(&"s3".to_owned()) && ids.contains(&"s7".to_owned()), "{ids:?}");
    assert_eq!(ids.len(), 3, "filled up with others: {ids:?}");
    assert!(ids.iter().all(|id| id.starts_with('s')), "of the prompt's label only: {ids:?}");
}

#[test]
fn examples_come_back_at_the_next_start_and_are_taken_back_by_the_same_step() {
    let session = TestSession::of(&table(), "spam", "");
    let (first, second) = (row(&session, "s3"), row(&session, "s7"));
    session.bench.make_example(second, true).unwrap();
    session.bench.make_example(first, true).unwrap();

    let session = session.reopened();

    assert_eq!(session.bench.chosen_examples().rows()[..], [first.min(second), first.max(second)]);
    assert_eq!(session.bench.make_example(first, false).unwrap(), [second]);
}

#[test]
fn a_test_row_is_never_an_example() {
    let session = TestSession::of(&table(), "spam", "");
    let test = row(&session, "t");
    let said = session.bench.make_example(test, true).unwrap_err().to_string();
    assert!(said.starts_with("Only train rows can be examples"), "{said}");
    assert!(session.bench.chosen_examples().rows().is_empty());
}

#[test]
fn a_row_whose_text_changed_in_the_file_is_no_example_any_more() {
    let session = TestSession::of(&table(), "spam", "");
    session.bench.make_example(row(&session, "s3"), true).unwrap();
    let data = session.bench.dataset().path().to_owned();
    let written = fs::read_to_string(&data).unwrap().replace("win prize number 3\n", "win another prize\n");
    fs::write(&data, written).unwrap();

    let session = session.reopened();

    assert!(session.bench.chosen_examples().rows().is_empty());
}

/// Returns the session with another strategy and number of examples.
fn drawing(session: TestSession, strategy: &str, count: u32) -> TestSession {
    let file = session.location().folder.join("session.toml");
    let written = fs::read_to_string(&file).unwrap();
    let changed = written.replace("strategy = \"random\"", &format!("strategy = \"{strategy}\""));
    assert_ne!(changed, written);
    fs::write(&file, changed.replace("count = 5", &format!("count = {count}"))).unwrap();
    session.reopened()
}

/// Begins a run, and returns the ids of the examples of its first requests.
fn drawn(session: &mut TestSession, requests: u32) -> Vec<Vec<String>> {
    let (plan, request) = session.begin(5);
    let ids = (0..requests).map(|index| plan.request(index, 5).unwrap().examples).collect();
    session.end(&plan, request);
    ids
}

fn stars(stars: u8) -> Change {
    Change::Accept { rating: crate::domain::Rating::try_from(stars).ok(), tags: vec![] }
}

#[test]
fn with_the_strategy_accepted_prompts_show_the_best_rated_rows_without_a_flag_and_then_real_ones() {
    let mut session = drawing(TestSession::of(&table(), "spam", ""), "accepted", 3);
    session.run(
        &[
            "your parcel is held at the depot until friday",
            "reply yes to keep the offer on your loan",
            "win prize number 4",
            "a held out row of spam",
            "nobody has looked at this one yet, has anybody",
        ],
        &[],
    );
    session.change(&[0], stars(2));
    session.change(&[1, 2, 3], stars(5));
    let [weak, best] = [0, 1].map(|row| session.row(row).id().to_string());

    let ids = drawn(&mut session, 20);

    for ids in &ids {
        assert_eq!(
            ids[..2],
            [best.clone(), weak.clone()],
            "the flagged ones and the undecided one are not shown"
        );
        assert!(ids[2].starts_with('s'), "{ids:?}");
    }
    assert!(ids.iter().any(|other| other[2] != ids[0][2]), "the real one is drawn for each request");
    let request = session.bench.projection().requests().last().unwrap();
    assert_eq!(request.examples[0], best, "ids are kept with the request");
}

#[test]
fn a_run_that_goes_on_draws_what_it_would_have_drawn() {
    let mut session = drawing(TestSession::of(&table(), "spam", ""), "accepted", 2);
    session.run(
        &["your parcel is held at the depot until friday", "reply yes to keep the offer on your loan"],
        &[],
    );
    session.change(&[0], Change::accept());
    let (plan, request) = session.begin(5);
    let before: Vec<_> = (0..6).map(|index| plan.request(index, 5).unwrap().drawn).collect();
    session.bench.end_request(&plan, request, RequestOutcome::default(), NOW);
    session.bench.end_run(&plan, RunStatus::STOPPED, NOW);
    session.bench.commit().unwrap();
    let operation = session.next();
    let later = Timestamp(NOW.0 + 1000);
    session.bench.change(operation, later, &[RowNumber(1)].into_iter().collect(), stars(5), false).unwrap();
    assert_eq!(plan.request(1, 5).unwrap().drawn, before[1], "a decision meanwhile changes nothing");

    let operation = session.next();
    let resumed =
        session.bench.resume_run(None, crate::domain::Budget::default(), &Model, operation, later).unwrap();

    assert_eq!((0..6).map(|index| resumed.request(index, 5).unwrap().drawn).collect::<Vec<_>>(), before);
}

#[test]
fn hard_shows_what_a_classifier_takes_for_another_label_where_a_person_chose_nothing() {
    let mut table = "id,split,label,text\nt,test,spam,a held out row of spam\n".to_owned();
    for number in 0..15 {
        table.extend([
            format!("s{number},train,spam,win a cash prize number {number} now\n"),
            format!("h{number},train,ham,see you at the station at {number} then\n"),
        ]);
    }
    table.push_str("odd,train,spam,see you at the station then\n");
    let mut session = drawing(TestSession::of(&table, "spam", ""), "hard", 2);

    for ids in drawn(&mut session, 8) {
        assert_eq!(ids[0], "odd");
        assert!(ids[1].starts_with('s'), "filled up with others: {ids:?}");
    }
}

#[test]
fn a_session_that_draws_at_random_draws_what_it_drew_before_there_were_other_strategies() {
    let mut session = TestSession::of(&table(), "spam", "");
    assert_eq!(drawn(&mut session, 1), [["s3", "s1", "s10", "s9", "s4"]]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    #[test]
    fn no_strategy_shows_a_row_that_is_tested_with_set_aside_or_held_back(
        rows in proptest::collection::vec((0..3_usize, 0..2_usize, 0..9_u8), 8..40),
        strategy in proptest::sample::select(vec!["random", "hard", "diverse", "accepted"]),
        count in 1..6_u32,
        accepted in proptest::collection::vec(0..9_u8, 0..6),
        scarce in proptest::option::of(1..4_u32),
    ) {
        let mut table = "id,split,label,text\nfirst,train,spam,the first row of all\nother,test,ham,the other one\n".to_owned();
        let words = ["cash prize", "parcel depot", "bank card", "loan offer", "free film", "ring back", "see you", "lunch now", "rain again"];
        for (at, (part, label, text)) in rows.iter().enumerate() {
            let part = ["train", "train", "test"][*part];
            let label = ["spam", "ham"][*label];
            // Few different texts: many train rows equal a test row and are set aside.
            let word = words[usize::from(*text)];
            writeln!(table, "r{at},{part},{label},{word} {} today", at % 3).unwrap();
        }
        let more = "";
        let session = TestSession::of(&table, "spam", more);
        let file = session.location().folder.join("session.toml");
        if let Some(known) = scarce {
            let written = fs::read_to_string(&file).unwrap();
            fs::write(&file, written.replacen("[dataset]\n", &format!("[dataset]\nscarce = {known}\n"), 1)).unwrap();
        }
        let written = fs::read_to_string(&file).unwrap();
        let changed = written.replace("strategy = \"random\"", &format!("strategy = \"{strategy}\""));
        fs::write(&file, changed.replace("count = 5", &format!("count = {count}"))).unwrap();
        let mut session = session.reopened();
        let texts: Vec<String> = accepted.iter().map(|at| format!("{} 1 today", words[usize::from(*at)])).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        session.run(&texts, &[]);
        let all: Vec<u32> = (0..u32::try_from(session.bench.projection().len()).unwrap()).collect();
        if !all.is_empty() {
            session.change(&all, Change::accept());
        }

        let shown = drawn(&mut session, 6);

        let dataset = session.bench.dataset();
        let tested: Vec<_> = dataset.all_rows().filter(|row| row.part == crate::dataset::Part::Test).map(|row| crate::text::normalise(row.text)).collect();
        for id in shown.iter().flatten() {
            let text = match dataset.index_of_id(id) {
                Some(row) => {
                    proptest::prop_assert_eq!(dataset.part(row), crate::dataset::Part::Train, "{}", id);
                    dataset.text(row).to_owned()
                }
                None => session.bench.projection().rows().find(|row| row.id().to_string() == *id).unwrap().text().to_owned(),
            };
            proptest::prop_assert!(!tested.contains(&crate::text::normalise(&text)), "{}", text);
        }
    }
}
