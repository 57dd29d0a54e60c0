//! Rows that a person makes examples.

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
