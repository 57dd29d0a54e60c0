//! Where a person types: the focus alone is not typing, alt types, and a burst ends with what it closed.

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::fixtures::{Harness, session};
use crate::app::{Context, Effect, Message, Overlay, Pane};
use crate::config::screen_state::SessionScreen;
use crate::domain::fixtures::Story;
use crate::domain::{Change, Event, PromptPart, Timestamp};
use crate::text::rng::SplitMix64;

/// The keys that open each place where a person types, and the place.
const PLACES: [(&str, Context); 8] = [
    ("i", Context::PromptEditor),
    ("e", Context::RowEditor),
    ("X", Context::Line),
    ("t", Context::Line),
    ("/", Context::Line),
    (":", Context::Line),
    (",", Context::Settings),
    ("i ctrl-t", Context::PromptEditor),
];

fn prompt(bench: &Harness) -> String {
    bench.model.prompt.text(PromptPart::User)
}

/// Returns what is written in the place where the person types.
fn typed(bench: &mut Harness) -> String {
    bench.model.typed_in().map(|area| area.lines().join("\n")).unwrap_or_default()
}

/// Sends a text as keys that arrive in one burst, as a terminal without paste marks does.
fn burst(bench: &mut Harness, text: &str) {
    for (place, c) in text.chars().enumerate() {
        let (code, held) = match c {
            '\n' => (KeyCode::Char('j'), KeyModifiers::CONTROL),
            '\r' => (KeyCode::Enter, KeyModifiers::NONE),
            '\t' => (KeyCode::Tab, KeyModifiers::NONE),
            '\x1b' => (KeyCode::Esc, KeyModifiers::NONE),
            '\x13' => (KeyCode::Char('s'), KeyModifiers::CONTROL),
            c => (KeyCode::Char(c), KeyModifiers::NONE),
        };
        let event = Input::Key(KeyEvent::new(code, held));
        send(bench, if place == 0 { Message::Input(event) } else { Message::Together(event) });
    }
}

/// Sends a message without drawing, which takes longest.
fn send(bench: &mut Harness, message: Message) {
    let effects = bench.model.update(message, Timestamp(9_000_000));
    bench.effects.extend(effects);
    bench.model.drawn();
}

fn press(bench: &mut Harness, c: char, held: KeyModifiers) {
    send(bench, Message::Input(Input::Key(KeyEvent::new(KeyCode::Char(c), held))));
}

#[test]
fn the_focus_types_nothing_until_it_is_asked_to() {
    for keys in ["tab tab", "s-tab s-tab"] {
        let mut bench = Harness::with_rows(2);
        bench.keys(keys).typed("hkl%");
        assert_eq!((bench.model.focus, bench.model.context()), (Pane::Prompt, Context::Prompt));
        assert_eq!(prompt(&bench), "first words");
        bench.keys("s");
        assert!(bench.effects.iter().any(|effect| matches!(effect, Effect::Sample { .. })));
        bench.keys("a x 5");
        assert!(bench.facts().is_empty(), "rows are decided in the rows");
    }
    for keys in ["tab tab i", "tab tab enter", "i"] {
        let mut bench = Harness::with_rows(2);
        bench.keys(keys).typed("s");
        assert_eq!((bench.model.context(), prompt(&bench).as_str()), (Context::PromptEditor, "sfirst words"));
        bench.keys("tab");
        assert_eq!(bench.model.focus, Pane::Preview);
        bench.keys("s-tab");
        assert_eq!(bench.model.context(), Context::Prompt, "typing ended with the focus");
    }
}

#[test]
fn a_click_focuses_the_prompt_and_does_not_end_typing_there() {
    let mut bench = Harness::with_rows(1);
    let text = bench.model.geometry().content(Pane::Prompt);
    bench.click(text.x + 5, text.y);
    assert_eq!(bench.model.context(), Context::Prompt);
    bench.keys("i").click(text.x + 3, text.y).typed("!");
    assert_eq!(prompt(&bench), "fir!st words");
    let (_, tab) = bench.model.geometry().parts()[1];
    bench.click(tab.x, tab.y);
    assert_eq!((bench.model.context(), bench.model.prompt.part), (Context::PromptEditor, PromptPart::System));
}

#[test]
fn the_prompt_scrolls_and_its_keys_work_while_nobody_types() {
    let mut bench = Harness::with_rows(1);
    bench.keys("tab tab ctrl-t");
    assert_eq!((bench.model.context(), bench.model.prompt.part), (Context::Prompt, PromptPart::System));
    bench.keys("ctrl-e");
    assert!(matches!(bench.effects.last(), Some(Effect::EditExternally { .. })));
    bench.keys("i").typed(&"line ".repeat(9)).keys("esc tab tab j G esc");
    assert_eq!(bench.model.focus, Pane::Rows);
}

#[test]
fn a_start_is_in_the_rows_whatever_was_left() {
    let mut bench = Harness::with_rows(2);
    bench.keys("i");
    let left = bench.model.screen_state().unwrap();
    let again = Harness::open(Story::with_rows(2), session(), left);
    assert_eq!((again.model.focus, again.model.context()), (Pane::Rows, Context::Rows));
    let old: SessionScreen = serde_json::from_str("{\"focus\":\"prompt\"}").unwrap();
    assert_eq!(Harness::open(Story::with_rows(2), session(), old).model.context(), Context::Rows);
}

#[test]
fn alt_types_characters_and_never_leaves_where_a_person_types() {
    for (open, place) in PLACES {
        let mut bench = Harness::with_rows(5);
        bench.keys(open);
        for c in "5a]@}|~qxsu7".chars() {
            let before = typed(&mut bench);
            bench.press(KeyCode::Char(c), KeyModifiers::ALT);
            let after = typed(&mut bench);
            assert_eq!(bench.model.context(), place, "{open}: alt-{c}");
            assert!(after.contains(c) && after != before, "{open}: alt-{c} gave {after:?}");
        }
        let text = typed(&mut bench);
        bench.keys("alt-up alt-esc alt-tab alt-f5");
        bench.press(KeyCode::Char('s'), KeyModifiers::ALT | KeyModifiers::CONTROL);
        bench.press(KeyCode::Char('a'), KeyModifiers::SUPER);
        assert_eq!((bench.model.context(), typed(&mut bench)), (place, text), "{open}");
        assert!(bench.facts().is_empty());
    }
}

#[test]
fn alt_with_an_editing_key_edits_words_and_alt_enter_ends_no_line() {
    let mut bench = Harness::with_rows(1);
    bench.keys("i ctrl-end alt-backspace");
    assert_eq!(prompt(&bench), "first ");
    bench.keys("alt-left alt-delete alt-enter");
    assert_eq!(prompt(&bench), "\n ");
    for place in ["X", "/", ":", ","] {
        let mut bench = Harness::with_rows(1);
        bench.keys(place).typed("1").keys("alt-enter");
        assert!(bench.model.context().is_typing() && bench.facts().is_empty(), "{place}");
    }
}

#[test]
fn where_nobody_types_alt_is_escape_and_then_the_key() {
    let mut bench = Harness::with_rows(3);
    bench.keys("? alt-a");
    assert!(bench.model.overlays.is_empty());
    assert_eq!(bench.facts().len(), 1);
    bench.keys("tab alt-j");
    assert_eq!((bench.model.focus, bench.selected()), (Pane::Rows, Some(2)));
    bench.keys("z alt-k");
    assert_eq!((bench.model.zoomed, bench.selected()), (false, Some(1)));
    bench.keys("g alt-x");
    assert_eq!(bench.facts().len(), 2, "it gave up the longer binding");
}

#[test]
fn alt_keeps_the_filter_and_closes_one_window_at_most() {
    let mut bench = Harness::with_rows(3);
    bench.keys("/").typed("state:pending").keys("enter alt-a alt-j");
    assert_eq!(bench.model.rows.filter, "state:pending");
    assert_eq!(bench.facts().len(), 1);
    bench.keys("e f1 alt-x");
    assert_eq!(bench.model.context(), Context::RowEditor);
    assert!(typed(&mut bench).starts_with('x'), "typed where the help was opened");
}

#[test]
fn a_released_key_does_nothing() {
    let mut bench = Harness::with_rows(1);
    let released = KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, KeyEventKind::Release);
    bench.send(Message::Input(Input::Key(released)));
    assert!(bench.facts().is_empty());
}

#[test]
fn what_a_burst_brings_behind_a_closed_line_is_dropped_and_counted() {
    let mut bench = Harness::with_rows(5);
    bench.keys("X");
    burst(&mut bench, "too long, and:\nexplains a lot\nasks xxx\n");
    assert_eq!(
        bench.notice(),
        "24 keys that arrived together with the line's end were dropped; to paste into the prompt, `ctrl-e` opens \
         $EDITOR."
    );
    let Event::Changed { change: Change::Reject { reason: Some(reason), .. }, .. } = &bench.facts()[0].event
    else {
        panic!("{:?}", bench.facts())
    };
    assert_eq!((bench.facts().len(), reason.as_str()), (1, "too long, and:"));
    bench.keys("a");
    assert_eq!(bench.facts().len(), 2, "a key of its own works again");
}

#[test]
fn every_key_that_closes_a_place_ends_its_burst() {
    for (open, keys, with) in [
        ("/", "state:pending\raxs", "the line's end"),
        ("t", "odd\naxs", "the line's end"),
        (":", "zoom\naxs", "the line's end"),
        (",", "7\raxs", "the line's end"),
        ("X", "no\x1baxs", "`esc`"),
        ("i", "words\taxs", "`tab`"),
        ("i", "words\x1baxs", "`esc`"),
        ("e", "words\x13axs", "`ctrl-s`"),
        ("e", "words\x1byxs", "`esc`"),
        ("ctrl-c", "naxs", "`n`"),
    ] {
        let mut bench = Harness::with_rows(5);
        bench.keys(open);
        burst(&mut bench, keys);
        let said = format!("3 keys that arrived together with {with} were dropped");
        assert!(bench.notice().contains(&said), "{open} {keys:?}: {}", bench.notice());
        let decided = |fact: &&&crate::domain::Fact| match &fact.event {
            Event::Changed { change, .. } => !matches!(change, Change::Tag { .. } | Change::Edit { .. }),
            _ => true,
        };
        assert_eq!(bench.facts().iter().filter(decided).count(), 0, "{open} {keys:?}");
        assert!(!bench.effects.iter().any(|effect| matches!(effect, Effect::Sample { .. })));
    }
}

#[test]
fn what_the_closing_key_said_stays_beside_the_count() {
    let mut bench = Harness::with_rows(1);
    bench.keys("X");
    burst(&mut bench, "no\ru");
    assert_eq!(
        bench.notice(),
        "done: 0 of 1 kept. 1 key that arrived together with the line's end was dropped."
    );
}

#[test]
fn a_burst_of_commands_in_the_rows_is_a_fast_hand() {
    let mut bench = Harness::with_rows(9);
    burst(&mut bench, "aaxa");
    assert_eq!(bench.facts().len(), 4);
}

#[test]
fn a_paste_behind_a_closed_line_is_dropped_too() {
    let mut bench = Harness::with_rows(2);
    bench.keys("X");
    burst(&mut bench, "no\r");
    bench.send(Message::Together(Input::Paste("axs".into())));
    assert!(bench.notice().contains("3 keys that arrived together"), "{}", bench.notice());
}

/// Returns one of many signs that keyboards have.
fn sign(random: &mut SplitMix64) -> char {
    const BEYOND: [char; 6] = ['é', 'ß', '€', '日', '–', '\u{a0}'];
    match u8::try_from(random.below(95 + BEYOND.len())).unwrap() {
        place @ 0..95 => char::from(b' ' + place),
        place => BEYOND[usize::from(place - 95)],
    }
}

#[test]
fn ten_thousand_keys_in_each_place_decide_no_row_and_begin_no_run() {
    let mut random = SplitMix64::new(17);
    for (open, _) in PLACES {
        let mut bench = Harness::with_rows(9);
        let (mut keys, mut fresh) = (0, 0);
        while keys < 10_000 {
            if keys > fresh + 60 {
                // A long text would only make it slow.
                (bench, fresh) = (Harness::with_rows(9), keys);
            }
            if !bench.model.context().is_typing() {
                bench.keys("esc esc esc n").keys(open);
            }
            bench.take_effects();
            match random.below(8) {
                0 => press(&mut bench, sign(&mut random), KeyModifiers::ALT),
                1 => {
                    let ends = ['\n', '\r', '\t', ' '];
                    let mut text = String::from("w");
                    for _ in 0..random.below(40) {
                        let c = sign(&mut random);
                        text.push(if random.below(9) == 0 { ends[random.below(ends.len())] } else { c });
                    }
                    keys += text.chars().count();
                    burst(&mut bench, &text);
                }
                2 => send(&mut bench, Message::Input(Input::Paste("a x\rs 5\n:q\n".into()))),
                _ => press(&mut bench, sign(&mut random), KeyModifiers::NONE),
            }
            keys += 1;
            check_harmless(&bench, open);
        }
    }
}

/// Checks that nothing was done but to the row whose reason or tags were typed.
#[track_caller]
fn check_harmless(bench: &Harness, open: &str) {
    for effect in &bench.effects {
        match effect {
            Effect::Append(fact) => {
                let is_own = matches!(
                    (&fact.event, open),
                    (Event::Changed { change: Change::Reject { reason: Some(_), .. }, .. }, "X")
                        | (Event::Changed { change: Change::Tag { .. }, .. }, "t")
                );
                assert!(is_own, "{open}: {fact:?}");
            }
            Effect::DraftChanged(_)
            | Effect::Preview { .. }
            | Effect::Detail { .. }
            | Effect::SaveScreen(_)
            | Effect::ListModels { .. }
            | Effect::DraftNext { .. }
            | Effect::FindServers { .. }
            | Effect::View { .. } => {}
            other => panic!("{open}: {other:?}"),
        }
    }
    let asked = bench.model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Question(_)));
    assert!(!asked, "{open}: {:?}", bench.model.overlay());
}

#[test]
fn a_paste_makes_no_text_that_is_longer_than_a_template_may_be() {
    let mut bench = Harness::with_rows(1);
    let paste = |text: String| Message::Input(crossterm::event::Event::Paste(text));
    bench.keys("i");
    bench.send(paste("word ".repeat(200_000)));
    assert!(prompt(&bench).starts_with("word word "));
    let before = prompt(&bench).len();

    bench.send(paste("word ".repeat(200_000)));

    assert_eq!(prompt(&bench).len(), before);
    assert!(bench.notice().starts_with("The paste was not used"));
    bench.typed("!");
    assert_eq!(prompt(&bench).len(), before + 1);
}
