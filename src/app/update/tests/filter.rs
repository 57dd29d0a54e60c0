use std::sync::Arc;

use crate::app::fixtures::{Harness, session};
use crate::app::{Effect, Message, Overlay};
use crate::config::screen_state::SessionScreen;
use crate::curate::NewHidden;
use crate::domain::fixtures::Story;
use crate::domain::{Change, RowNumber};

fn rows(bench: &Harness) -> Vec<u32> {
    bench.model.rows.view.window(0, 99).map(|row| row.0).collect()
}

fn line(bench: &Harness) -> &crate::app::LineInput {
    let Some(Overlay::Line(line)) = bench.model.overlay() else { panic!("no line is open") };
    line
}

fn with_texts(texts: &[&str]) -> Harness {
    let mut story = Story::default();
    story.version("words");
    story.sampled(texts);
    Harness::open(story, session(), SessionScreen::default())
}

#[test]
fn the_rows_follow_a_filter_while_it_is_typed_and_come_back_when_it_is_given_up() {
    let mut bench = with_texts(&["free prize", "hello", "free entry", "prize draw"]);
    bench.keys("j j /").typed("pri");
    assert_eq!(rows(&bench), [0, 3]);
    assert_eq!(bench.selected(), Some(3), "the row that is next to the one that went");
    bench.typed("ze dra");
    assert_eq!(rows(&bench), [3]);
    bench.keys("esc");
    assert_eq!((rows(&bench), bench.selected()), (vec![0, 1, 2, 3], Some(2)));
    assert!(!bench.model.rows.is_filtered() && bench.notice().is_empty());
}

#[test]
fn giving_a_filter_up_brings_back_the_rows_that_stood_there_with_decided_ones_and_arrivals() {
    let mut bench = Harness::with_rows(3);
    bench.keys("/").typed("state:pending").keys("enter a").write();
    bench.keys("/").typed("number");
    bench.arrive(&["late number"]).keys("esc");
    assert_eq!(rows(&bench), [0, 1, 2, 3]);
    assert_eq!(bench.model.rows.filter, "state:pending");
}

#[test]
fn the_old_text_is_selected_and_typing_replaces_it_while_moving_keeps_it() {
    for (keys, expected) in [("x", "x"), ("end x", "text~freex"), ("home x", "xtext~free"), ("backspace", "")]
    {
        let mut bench = with_texts(&["free prize", "x"]);
        bench.keys("/").typed("free").keys("enter /");
        assert_eq!(line(&bench).text(), "text~free");
        bench.keys(keys);
        assert_eq!(line(&bench).text(), expected, "{keys}");
    }
    let mut bench = with_texts(&["free prize", "x"]);
    bench.keys("/").typed("free").keys("enter /");
    bench.send(Message::Input(crossterm::event::Event::Paste("prize".into())));
    assert_eq!((line(&bench).text(), rows(&bench)), ("prize".to_owned(), vec![0]));
}

#[test]
fn what_may_become_a_key_is_waited_for_and_what_cannot_be_read_yet_keeps_the_rows() {
    let mut bench = with_texts(&["a state of things", "hello"]);
    bench.keys("x /");
    for typed in ["s", "tate", ":", "pend"] {
        bench.typed(typed);
        assert_eq!(rows(&bench), [0, 1], "{typed}");
    }
    assert!(line(&bench).error.is_some() && !line(&bench).tried, "said, but quietly");
    bench.typed("ing");
    assert_eq!((rows(&bench), line(&bench).error.as_deref()), (vec![1], None));
    bench.keys("ctrl-u").typed("text~\"state of");
    assert_eq!(rows(&bench), [0], "an open quotation mark counts as closed");
}

#[test]
fn enter_on_a_wrong_filter_stays_says_why_and_marks_the_place() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("number stat:x").keys("enter");
    let line = line(&bench);
    assert!(line.tried && line.error.as_ref().unwrap().contains("did you mean `state`?"));
    assert_eq!(&line.text()[line.wrong.clone().unwrap()], "stat");
}

#[test]
fn escape_in_the_rows_clears_the_filter_and_keeps_the_selected_row() {
    let mut bench = Harness::with_rows(20);
    bench.keys("/").typed("number:7").keys("enter");
    assert_eq!((rows(&bench), bench.selected()), (vec![6], Some(6)));
    bench.keys("z esc");
    assert!(bench.model.rows.is_filtered(), "first out of the zoom");
    bench.keys("esc");
    assert_eq!((bench.model.rows.view.len(), bench.selected()), (20, Some(6)));
    assert_eq!(bench.notice(), "The filter is gone; all rows are shown.");
    assert_eq!(bench.model.screen_state().unwrap().filter, "");
    bench.keys("esc");
    assert_eq!(bench.notice(), "");
}

#[test]
fn any_label_can_be_written_is_offered_and_finds_its_rows() {
    for label in
        ["why is it \"late\"? lost", "app/login by posst", "a, b", "it's", "back\\slash", "two\nlines", " "]
    {
        let mut story = Story::default();
        story.version("words");
        let mut row = story.new_row("one", vec![]);
        row.label = label.into();
        let rows_of = vec![row, story.new_row("two", vec![])];
        story.sampled_rows(rows_of);
        let mut bench = Harness::open(story, session(), SessionScreen::default());
        bench.keys("/").typed("label:");
        let offered =
            line(&bench).choices.iter().filter(|choice| *choice != "label:ham" && *choice != "label:spam");
        let offered: Vec<String> = offered.cloned().collect();
        let place = line(&bench).choices.iter().position(|choice| offered.first() == Some(choice)).unwrap();
        for _ in 0..=place {
            bench.keys("down");
        }
        bench.keys("tab");
        assert_eq!(rows(&bench), [0], "{label:?} as {:?}", line(&bench).text());
        bench.keys("enter");
        assert_eq!(bench.model.rows.found_words(), Vec::<&str>::new());
        let again = Harness::open(Story::with_rows(1), session(), bench.model.screen_state().unwrap());
        assert_eq!(again.model.rows.filter, bench.model.rows.filter, "remembered as it was");
    }
}

#[test]
fn a_label_that_no_row_has_is_said_with_the_nearest_one() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("label:Spam").keys("enter");
    assert_eq!(bench.notice(), "There is no label `Spam`; did you mean `spam`?");
}

#[test]
fn a_choice_that_is_taken_narrows_too_and_blanks_in_quotes_part_no_words() {
    let mut story = Story::default();
    story.version("words");
    let mut row = story.new_row("one", vec![]);
    row.label = "card arrival".into();
    let all = vec![row, story.new_row("two", vec![])];
    story.sampled_rows(all);
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    bench.keys("/").typed("one label:\"card ar").keys("tab");
    assert_eq!(line(&bench).text(), "one label:\"card arrival\"");
    assert_eq!(rows(&bench), [0]);
}

#[test]
fn the_filter_of_the_last_time_says_what_it_hides() {
    let mut story = Story::with_rows(20);
    story.change(&[0, 1, 2, 3, 4], Change::accept());
    let screen = SessionScreen { filter: "state:accepted".into(), ..SessionScreen::default() };
    let bench = Harness::open(story, session(), screen.clone());
    assert_eq!(
        bench.notice(),
        "The filter of the last time, state:accepted, hides 15 of 20 rows; esc shows all rows."
    );
    let mut all = Story::with_rows(2);
    all.change(&[0, 1], Change::accept());
    assert_eq!(Harness::open(all, session(), screen).notice(), "", "it hides none");
}

#[test]
fn new_rows_that_the_filter_hides_are_counted() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("prize").keys("enter");
    bench.arrive(&["a prize", "other", "more", "prizes", "else", "again"]);
    assert_eq!((bench.model.shown().counts().new_rows(), bench.model.rows.hidden.rows), (6, 4));
    bench.keys("esc");
    assert_eq!(bench.model.rows.hidden.rows, 0);
}

#[test]
fn a_new_key_goes_through_the_new_rows_and_says_where_they_are() {
    let mut bench = Harness::with_rows(3);
    bench.keys("a").write();
    bench.arrive(&["prize one", "two", "prize three"]);
    bench.keys("N");
    assert_eq!(bench.selected(), Some(3));
    bench.keys("N N");
    assert_eq!(bench.selected(), Some(5));
    bench.keys("N");
    assert_eq!(bench.selected(), Some(3), "and around");
    bench.keys("/").typed("prize").keys("enter N N N");
    assert_eq!(bench.selected(), Some(5));
    bench.keys("/").typed("number:1").keys("enter N");
    assert_eq!(bench.notice(), "The filter hides all 3 new rows; esc shows all rows.");
}

#[test]
fn a_filter_that_is_half_typed_is_not_remembered() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("state:pending").keys("enter /").typed("number");
    assert_eq!(bench.model.screen_state().unwrap().filter, "state:pending");
}

#[test]
fn among_many_rows_a_typed_filter_is_looked_for_off_the_loop() {
    let texts = vec!["x"; 30_001];
    let mut bench = with_texts(&texts);
    let ask = |bench: &mut Harness| {
        let view = |effect| if let Effect::View { ask, .. } = effect { Some(ask) } else { None };
        bench.take_effects().into_iter().filter_map(view).next_back().unwrap()
    };
    let first = ask(&mut bench);
    bench.send(Message::Viewed { ask: first, view: (0..30_001).collect(), hidden: NewHidden::default() });
    bench.keys("j j j /").typed("x");
    let typed = ask(&mut bench);
    bench.send(Message::Viewed { ask: typed, view: Arc::from([2, 9]), hidden: NewHidden::default() });
    assert_eq!((rows(&bench), bench.selected()), (vec![2, 9], Some(9)));
    bench.keys("esc");
    assert_eq!((bench.model.rows.view.len(), bench.selected()), (30_001, Some(3)));
    assert_eq!(bench.model.rows.view.get(0), Some(RowNumber(0)));
}

#[test]
fn the_first_rows_of_a_search_are_shown_at_once_and_nothing_moves_when_the_others_come() {
    let texts = vec!["x"; 30_001];
    let mut bench = with_texts(&texts);
    let ask = |bench: &mut Harness| {
        let view =
            |effect| if let Effect::View { ask, near, .. } = effect { Some((ask, near.row)) } else { None };
        bench.take_effects().into_iter().filter_map(view).next_back().unwrap()
    };
    let (first, _) = ask(&mut bench);
    bench.send(Message::Viewed { ask: first, view: (0..30_001).collect(), hidden: NewHidden::default() });
    bench.keys(":").typed("goto 20000").keys("enter /").typed("x y");
    let (typed, near) = ask(&mut bench);
    assert_eq!(near, RowNumber(19_999), "the rows in sight are looked for first");
    let pane = |bench: &Harness| (bench.model.rows.shown_filter(), bench.model.rows.shows_part());
    assert_eq!(pane(&bench), (String::new(), false), "rows of the view before go under their own filter");

    bench.send(Message::FoundSoFar { ask: typed, found: (19_000..21_000).collect() });
    assert_eq!(pane(&bench), ("text~x text~y".to_owned(), true));
    let line = |bench: &Harness| (bench.selected(), bench.model.rows.selected - bench.model.rows.top);
    let before = line(&bench);
    assert_eq!(before.0, Some(19_999));

    bench.send(Message::FoundSoFar { ask: typed, found: (10_000..25_000).collect() });
    assert_eq!((line(&bench), bench.model.rows.view.len()), (before, 15_000));
    bench.send(Message::Viewed { ask: typed, view: (5..30_000).collect(), hidden: NewHidden::default() });
    assert_eq!((line(&bench), bench.model.rows.view.len()), (before, 29_995));
    assert_eq!(pane(&bench), ("text~x text~y".to_owned(), false));

    bench.send(Message::FoundSoFar { ask: typed, found: Arc::from([1]) });
    assert_eq!(bench.model.rows.view.len(), 29_995, "what comes late changes nothing");
}

#[test]
fn variables_of_the_prompt_are_conditions_and_are_offered() {
    let mut story = Story::default();
    story.version_with("words", &[("topic", &["bank", "late parcel"])]);
    story.rows_with(("offline", None), &[("topic", "bank")], vec![story_row("one")]);
    story.rows_with(("offline", None), &[("topic", "late parcel")], vec![story_row("two")]);
    let mut bench = Harness::open(story, session(), SessionScreen::default());
    bench.keys("/").typed("topic:late");
    assert_eq!(line(&bench).choices.first().map(String::as_str), Some("topic:\"late parcel\""));
    bench.keys("tab");
    assert_eq!(rows(&bench), [1]);
    bench.keys("enter");
    assert_eq!(bench.model.rows.filter, "topic:\"late parcel\"");
}

fn story_row(text: &str) -> crate::domain::NewRow {
    let mut row = Story::default().new_row(text, vec![]);
    row.id = crate::domain::RowId::from_bits(text.len() as u64 * 977 + u64::from(text.as_bytes()[0]));
    row
}

#[test]
fn a_filter_and_its_order_are_saved_from_the_line_chosen_from_a_list_and_deleted() {
    let mut bench = with_texts(&["free prize", "hello", "free entry"]);
    bench.keys("/").typed("free sort:-length").keys("ctrl-s").typed("long ones").keys("enter");
    assert_eq!(bench.notice(), "The view `long ones` is saved: text~free sort:-length.");
    assert!(bench.model.overlay().is_none());
    bench.keys("esc").keys(":").typed("sort arrival").keys("enter");
    assert_eq!(rows(&bench), [0, 1, 2]);

    let kept = bench.model.screen_state().unwrap();
    bench.keys("F").typed("lo").keys("enter");
    assert_eq!(rows(&bench), [0, 2]);
    assert_eq!((bench.model.rows.filter.as_str(), bench.model.rows.is_sorted()), ("text~free", true));

    bench.keys("esc F enter");
    assert_eq!(rows(&bench), [0, 2], "the first one is marked");
    bench.keys(":").typed("delete-view").keys("enter enter");
    assert_eq!(bench.notice(), "No view was named; nothing was changed.");

    bench.keys(":").typed("delete-view long ones").keys("enter");
    assert_eq!(bench.notice(), "The view `long ones` is deleted.");
    bench.keys("F");
    assert!(bench.notice().starts_with("No view is saved yet"));

    let mut again = Harness::open(Story::with_rows(3), session(), kept);
    again.keys(":").typed("view long one").keys("enter");
    assert_eq!(again.notice(), "There is no view `long one`; did you mean `long ones`?");
}

#[test]
fn a_filter_that_cannot_be_read_is_not_saved_and_neither_is_a_view_without_a_name() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("stat:x").keys("ctrl-s");
    assert!(line(&bench).tried, "it stays open and says why");
    bench.keys("esc t ctrl-s");
    assert!(bench.model.screen_state().unwrap().views.is_empty(), "a line of tags is no filter");
    bench.keys("esc").keys(":").typed("save-view").keys("enter enter");
    assert_eq!(bench.notice(), "A view needs a name; nothing was saved.");
}

#[test]
fn a_filter_that_a_command_cannot_read_stands_in_the_line_with_what_is_wrong() {
    let mut bench = Harness::with_rows(2);
    bench.keys(":").typed("filter stat:x").keys("enter");
    assert!(line(&bench).tried && line(&bench).error.is_some());
    assert_eq!(line(&bench).text(), "stat:x");
    bench.keys("esc");
    assert_eq!((rows(&bench).len(), bench.model.rows.filter.as_str()), (2, ""));
}

#[test]
fn an_expression_that_is_not_closed_changes_nothing() {
    let mut bench = with_texts(&["win (now)", "hello"]);
    bench.keys("/").typed("text~/win (");
    assert_eq!((rows(&bench), bench.model.rows.shown_filter().as_str()), (vec![0, 1], ""));
    bench.keys("backspace").typed(".n/");
    assert_eq!(rows(&bench), [0]);
}

#[test]
fn a_version_that_there_is_not_is_said() {
    let mut bench = Harness::with_rows(2);
    bench.keys("/").typed("prompt:v9").keys("enter");
    assert_eq!(bench.notice(), "There is no version `v9`.");
}
