//! What decisions say, in the templates of prompts.

use super::*;
use crate::domain::Draft;
use std::sync::Arc;

const PROMPT: &str = "Write {{ n }}.\n{% for r in rejected %}- {{ r.text }} ({{ r.reason }})\n{% endfor %}\
                      {% for r in reasons %}{{ r.count }} x {{ r.reason }}\n{% endfor %}\
                      {% for e in edited %}{{ e.before }} -> {{ e.after }}\n{% endfor %}";

fn because(reason: &str) -> Change {
    Change::Reject { reason: Some(reason.into()), tags: vec![] }
}

/// Returns a session with five rows: two rejected for one reason, one for another, one without any, one edited.
fn session() -> TestSession {
    let mut session = TestSession::new();
    session.run(
        &[
            "Your parcel waits at the depot until this friday evening",
            "Reply YES to keep the offer on the loan you asked about",
            "A dull thing that nobody would ever send to anybody else",
            "Another of those things without a reason to be given here",
            "Ring the bank back on the number that is on your card now",
        ],
        &[],
    );
    session.change(&[0], because("too long"));
    session.change(&[1], because("dull"));
    session.change(&[2], because("dull"));
    session.change(&[3], Change::reject());
    session.edit(4, "Ring your bank back today");
    session
}

fn preview(session: &mut TestSession, user: &str) -> crate::domain::Preview {
    let draft = Draft { user: user.into(), variables: String::new(), ..session.bench.draft() };
    let order = RunOrder::new(5, session.bench.session().generator.clone());
    session.bench.preview_renderer().preview(&draft, &order, RunNumber(9))
}

fn rendered(session: &mut TestSession) -> String {
    let preview = preview(session, PROMPT);
    assert_eq!(preview.problems, []);
    preview.messages.last().unwrap().text.clone()
}

#[test]
fn a_prompt_says_what_was_rejected_why_and_what_was_changed() {
    let mut session = session();

    assert_eq!(
        rendered(&mut session).trim(),
        "Write 5.\n\
         - A dull thing that nobody would ever send to anybody else (dull)\n\
         - Your parcel waits at the depot until this friday evening (too long)\n\
         - Reply YES to keep the offer on the loan you asked about (dull)\n\
         - Another of those things without a reason to be given here ()\n\
         2 x dull\n1 x too long\n\
         Ring the bank back on the number that is on your card now -> Ring your bank back today",
        "one for each reason first, then the last ones"
    );
}

#[test]
fn an_undone_decision_is_not_said() {
    let mut session = session();
    for _ in 0..2 {
        let operation = session.next();
        session.bench.undo(operation, NOW).unwrap();
    }

    let text = rendered(&mut session);

    assert!(!text.contains("Another of those") && !text.contains("->"), "{text}");
}

#[test]
fn no_row_near_a_test_row_reaches_a_prompt_before_it_was_edited_or_after() {
    let mut session = TestSession::new();
    let held_out = "Claim your holiday voucher with the code from this message";
    let longer =
        format!("Dear friend, we hope all is well. {held_out}. See you on Friday evening at the usual place");
    session.run(
        &[
            held_out,
            "Claim your holiday voucher with the code from that message",
            "Something that is fine as it stands",
            &longer,
        ],
        &[],
    );
    session.change(&[0], because("seen before"));
    session.edit(1, "Something quite different from what is tested with");
    session.edit(2, held_out);
    session.change(&[3], because("too long"));
    assert!(!session.flags(3).contains(&FlagKind::ContaminatesTest), "half of it is other words");
    assert!(!session.flags(1).contains(&FlagKind::ContaminatesTest), "the edited text alone is flagged");

    let text = rendered(&mut session);

    assert!(!text.contains("voucher"), "{text}");
    assert!(!text.contains("seen before"), "a reason may quote the row: {text}");
    assert!(text.contains("1 x too long"), "{text}");
}

#[test]
fn rows_that_a_prompt_shows_are_kept_with_its_requests_and_fixed_where_a_run_begins() {
    let mut session = session();
    let draft = Draft { user: PROMPT.into(), variables: String::new(), ..session.bench.draft() };
    let order = RunOrder::new(5, session.bench.session().generator.clone());
    let (operation, source) = (session.next(), PromptSource::Draft(Arc::new(draft)));
    let plan = session.bench.begin_run(&order, &source, &Model, operation, NOW).unwrap();
    let before = plan.request(1, 5).unwrap().request.messages;
    let planned = plan.request(0, 5).unwrap();
    let request = session.bench.begin_request(&plan, &planned, NOW);

    let ids = session.bench.projection().request(request).unwrap().examples.clone();
    let shown: Vec<String> = [2, 0, 1, 3, 4].map(|row| session.row(row).id().to_string()).into();
    assert_eq!(ids, shown);
    session.change(&[2], Change::accept());
    assert_eq!(plan.request(1, 5).unwrap().request.messages, before);
    session.bench.end_request(&plan, request, RequestOutcome::default(), NOW);
    session.bench.end_run(&plan, RunStatus::STOPPED, NOW);
    let version = session.bench.projection().versions().last().unwrap();
    assert!(version.content.user.contains("rejected"));
}

#[test]
fn a_prompt_that_names_nothing_of_it_is_sent_as_before() {
    let mut session = session();
    let user = session.bench.draft().user;
    let mut fresh = TestSession::new();

    assert_eq!(preview(&mut session, &user).messages, preview(&mut fresh, &user).messages);
}

#[test]
fn a_variable_of_an_older_prompt_keeps_its_name_and_is_remarked_on() {
    let mut session = session();
    let draft = Draft {
        user: "Write {{ n }}: {{ edited }}".into(),
        variables: "edited = [\"last week\"]\n".into(),
        ..session.bench.draft()
    };
    let order = RunOrder::new(5, session.bench.session().generator.clone());

    let preview = session.bench.preview_renderer().preview(&draft, &order, RunNumber(9));

    assert_eq!(preview.messages.last().unwrap().text, "Write 5: last week");
    assert!(
        preview.remarks.iter().any(|told| told.starts_with("The variable `edited` hides")),
        "{:?}",
        preview.remarks
    );
}
