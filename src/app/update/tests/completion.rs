//! The words that may be meant while the prompt is typed.

use crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};

use crate::app::fixtures::Harness;
use crate::app::{Context, Message};
use crate::domain::{PromptPart, Timestamp};

fn typing(text: &str) -> Harness {
    let mut bench = Harness::with_rows(1);
    // On a line of its own, so that no letter follows what is typed.
    bench.keys("i ctrl-home enter up");
    for letter in text.chars() {
        send(&mut bench, letter, false);
    }
    bench
}

fn send(bench: &mut Harness, letter: char, together: bool) {
    let (code, held) = match letter {
        '\n' => (KeyCode::Char('j'), KeyModifiers::CONTROL),
        letter => (KeyCode::Char(letter), KeyModifiers::NONE),
    };
    let event = Input::Key(KeyEvent::new(code, held));
    let message = if together { Message::Together(event) } else { Message::Input(event) };
    let effects = bench.model.update(message, Timestamp(9_000_000));
    bench.effects.extend(effects);
}

fn words(bench: &Harness) -> Vec<&str> {
    bench.model.completion().map_or_else(Vec::new, |offer| offer.words.iter().map(String::as_str).collect())
}

fn first_line(bench: &Harness) -> String {
    bench.model.prompt.text(PromptPart::User).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_word_is_offered_from_its_second_letter_on_and_taken_by_tab_or_enter() {
    for key in ["tab", "enter", "ctrl-j"] {
        let mut bench = typing("{{ e");
        assert_eq!((bench.model.context(), words(&bench).len()), (Context::PromptEditor, 0));
        send(&mut bench, 'x', false);
        assert_eq!((bench.model.context(), words(&bench)), (Context::Completion, vec!["examples"]));

        bench.keys(key);

        assert!(first_line(&bench).starts_with("{{ examples"), "{key}: {}", first_line(&bench));
        assert_eq!(bench.model.context(), Context::PromptEditor, "{key}");
    }
}

#[test]
fn arrows_choose_and_escape_closes_only_what_is_offered() {
    let mut bench = typing("{{ examples[0] | u");
    assert!(words(&bench).contains(&"upper"), "{:?}", words(&bench));
    let last = words(&bench).len() - 1;
    bench.keys("down up up");
    assert_eq!(bench.model.completion().map(|offer| offer.selected), Some(last));
    bench.keys("esc");
    assert_eq!(bench.model.context(), Context::PromptEditor);
    assert!(words(&bench).is_empty());
    bench.keys("esc");
    assert_eq!(bench.model.context(), Context::Rows);
}

#[test]
fn keys_are_as_before_where_nothing_is_offered() {
    let mut bench = typing("label {{ label");
    assert_eq!(bench.model.context(), Context::PromptEditor, "a word that is whole needs nothing");
    bench.keys("enter");
    assert_eq!(first_line(&bench), "label {{ label");
    let mut bench = typing("{{ ex");
    bench.keys("left");
    assert_eq!(bench.model.context(), Context::PromptEditor, "what was offered was for another place");
    bench.keys("right ctrl-t");
    assert!(words(&bench).is_empty(), "another part is shown");
}

#[test]
fn a_letter_taken_back_offers_again_and_undo_takes_the_rest_of_a_word_back() {
    let mut bench = typing("{{ exz");
    assert!(words(&bench).is_empty());
    bench.keys("backspace");
    assert_eq!(words(&bench), ["examples"]);
    bench.keys("tab ctrl-z");
    assert!(first_line(&bench).starts_with("{{ ex") && !first_line(&bench).starts_with("{{ exa"));
}

#[test]
fn keys_that_arrive_together_are_text_and_none_of_them_is_lost() {
    let mut bench = typing("");
    for (place, letter) in "{{ ex\nup }}\nend".chars().enumerate() {
        send(&mut bench, letter, place > 0);
    }
    assert!(bench.model.prompt.text(PromptPart::User).starts_with("{{ ex\nup }}\nend"));

    // The first keys came one by one, so a word is offered; what comes in one piece behind them is text all the same.
    let mut bench = typing("{{ ex");
    assert_eq!(bench.model.context(), Context::Completion);
    for (place, letter) in " }}\nab\n".chars().enumerate() {
        send(&mut bench, letter, place > 0);
    }
    assert!(bench.model.prompt.text(PromptPart::User).starts_with("{{ ex }}\nab\n"));
}

#[test]
fn variables_are_offered_while_their_values_are_not_finished() {
    let mut bench = typing("");
    bench.keys("ctrl-t ctrl-t ctrl-home enter up");
    for letter in "sender = [".chars() {
        send(&mut bench, letter, false);
    }
    bench.keys("ctrl-t ctrl-home enter up");
    for letter in "{{ se".chars() {
        send(&mut bench, letter, false);
    }
    assert_eq!(words(&bench), ["sender"]);
}
