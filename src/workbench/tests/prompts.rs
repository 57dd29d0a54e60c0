//! What is shown, claimed and said of a prompt.

use super::{NOW, TestSession};
use crate::domain::{Draft, Preview, RunNumber, RunOrder};
use crate::template::PromptFile;

fn preview(session: &TestSession, user: &str) -> Preview {
    let draft = Draft { user: user.into(), ..Draft::default() };
    let order = RunOrder::new(5, session.bench.session().generator.clone());
    session.bench.preview_renderer().preview(&draft, &order, RunNumber(1))
}

fn add(session: &mut TestSession, user: &str) {
    let file = PromptFile { user: user.into(), ..PromptFile::default() };
    let operation = session.next();
    session.bench.add_versions(vec![file.into()], None, operation, NOW).unwrap();
    session.bench.commit().unwrap();
}

#[test]
fn examples_that_the_prompt_does_not_show_are_not_claimed() {
    let mut session = TestSession::new();

    assert_eq!(preview(&session, "Write {{ n }} as {{ examples | length }} were.").examples, 0);
    assert_eq!(preview(&session, "{% for e in examples %}{{ e.text }}{% endfor %}").examples, 2);
    assert_eq!(preview(&session, "Such as {{ examples[0] }}").examples, 1);

    add(&mut session, "Write {{ n }} rows.");
    let (_, bare) = session.begin(2);
    assert!(session.bench.projection().request(bare).unwrap().examples.is_empty());
    add(&mut session, "Write {{ n }} rows such as {{ examples[1].text }}.");
    let (_, shown) = session.begin(2);
    assert_eq!(session.bench.projection().request(shown).unwrap().examples.len(), 1);
}

#[test]
fn remarks_stand_in_the_preview_with_their_lines() {
    let session = TestSession::new();

    let remarks = preview(&session, "# Task {#task}\n\nWrite {{ n }}. #}\n{label}").remarks;

    assert_eq!(remarks.len(), 2, "{remarks:?}");
    assert!(remarks[0].starts_with("Line 1: A comment leaves out 22 characters, lines 1–3."), "{remarks:?}");
    assert!(remarks[1].starts_with("Line 4: `{label}` is sent as it stands"), "{remarks:?}");
    assert_eq!(preview(&session, "Write {{ n }} as {\"text\": \"x\"}.").remarks, Vec::<String>::new());
}

#[test]
fn a_long_request_is_told_before_it_is_sent() {
    let session = TestSession::new();

    let remarks = preview(&session, &format!("Write {{{{ n }}}}. {}", "word ".repeat(20_000))).remarks;

    assert_eq!(
        remarks,
        [
            "A request is about 20,003 tokens long (97 KB), more than many servers read. Most of it is the prompt's own text."
        ]
    );
}
