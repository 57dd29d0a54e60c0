use crossterm::event::{Event as Input, KeyCode, KeyModifiers, MouseEventKind};
use proptest::prelude::*;

use crate::app::fixtures::Harness;
use crate::app::{Message, Overlay};
use crate::domain::Projection;

#[derive(Debug, Clone)]
enum Step {
    Key(KeyCode, KeyModifiers),
    Paste(String),
    Click(u16, u16),
    Wheel(bool, u16, u16),
    Resize(u16, u16),
    Rows(Vec<String>),
    Write,
    Refuse,
    Stopped,
    Models,
}

fn key() -> impl Strategy<Value = (KeyCode, KeyModifiers)> {
    let code = prop_oneof![
        6 => proptest::sample::select("axjkgGtXe.uU/oyzRsS:?0135[]n lb,Oh".chars().collect::<Vec<_>>())
            .prop_map(KeyCode::Char),
        2 => any::<char>().prop_filter("no control", |c| !c.is_control()).prop_map(KeyCode::Char),
        6 => proptest::sample::select(vec![
            KeyCode::Esc, KeyCode::Enter, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down,
            KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown,
            KeyCode::Backspace, KeyCode::Delete, KeyCode::F(1), KeyCode::F(5),
        ]),
    ];
    let held = prop_oneof![
        6 => Just(KeyModifiers::NONE),
        2 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
        1 => Just(KeyModifiers::SHIFT),
    ];
    (code, held).prop_filter("does not quit", |(code, held)| {
        !matches!(code, KeyCode::Char('c' | 'q')) || held.is_empty() && *code == KeyCode::Char('c')
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => key().prop_map(|(code, held)| Step::Key(code, held)),
        1 => "[a\u{e9}\u{65e5} \n]{0,9}".prop_map(Step::Paste),
        2 => (0u16..170, 0u16..50).prop_map(|(x, y)| Step::Click(x, y)),
        1 => (any::<bool>(), 0u16..170, 0u16..50).prop_map(|(down, x, y)| Step::Wheel(down, x, y)),
        1 => (1u16..200, 1u16..60).prop_map(|(width, height)| Step::Resize(width, height)),
        1 => proptest::collection::vec("[a-c]{1,5}", 0..4).prop_map(Step::Rows),
        3 => Just(Step::Write),
        1 => Just(Step::Refuse),
        1 => Just(Step::Stopped),
        1 => Just(Step::Models),
    ]
}

fn take(bench: &mut Harness, step: Step) {
    let wheel = |down| if down { MouseEventKind::ScrollDown } else { MouseEventKind::ScrollUp };
    match step {
        Step::Key(code, held) => bench.press(code, held),
        Step::Paste(text) => bench.send(Message::Input(Input::Paste(text))),
        Step::Click(x, y) => {
            bench.click(x, y);
        }
        Step::Wheel(down, x, y) => {
            bench.mouse(wheel(down), x, y);
        }
        Step::Resize(width, height) => bench.send(Message::Input(Input::Resize(width, height))),
        Step::Rows(texts) => {
            // Rows come with numbers of their own behind what was sent: the writer writes in order.
            let texts: Vec<_> = texts.iter().map(String::as_str).collect();
            bench.write().arrive(&texts);
        }
        Step::Stopped => {
            bench.write().stop_a_run(&[("Cut off.", "{\"text\": \"a"), ("Empty.", "")]);
        }
        Step::Models => {
            let ask = bench.effects.iter().rev().find_map(|effect| match effect {
                crate::app::Effect::ListModels { ask, .. } => Some(*ask),
                _ => None,
            });
            let models = Ok(vec!["a".to_owned(), "ab".to_owned()]);
            ask.into_iter().for_each(|ask| bench.send(Message::ModelsListed { ask, models: models.clone() }));
        }
        Step::Write => {
            bench.write();
        }
        Step::Refuse => {
            let Some(operation) = bench.facts().first().map(|fact| fact.operation) else { return };
            bench.effects.retain(
                |effect| !matches!(effect, crate::app::Effect::Append(fact) if fact.operation == operation),
            );
            let saved = bench.saved();
            bench.send(Message::Answered {
                operation,
                outcome: Err(crate::domain::Failure::new("no.")),
                saved,
            });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn random_keys_never_break_anything(steps in proptest::collection::vec(step(), 1..80)) {
        let mut bench = Harness::with_rows(40);
        for step in steps {
            take(&mut bench, step);
            let mut expected: Projection = bench.story.projection.clone();
            for fact in bench.model.facts.unanswered() {
                expected.apply(fact);
            }
            prop_assert_eq!(expected.difference(bench.model.shown()), None);
            let rows = &bench.model.rows;
            prop_assert!(rows.selected < rows.view.len().max(1));
            let height = usize::from(bench.model.geometry().inner(crate::app::Pane::Rows).height);
            prop_assert!(height == 0 || (rows.top..rows.top + height).contains(&rows.selected));
            let questions = bench.model.overlays.iter().filter(|o| matches!(o, Overlay::Question(_))).count();
            prop_assert!(questions <= 1);
        }
    }
}
