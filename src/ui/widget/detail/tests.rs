use super::*;
use crate::domain::fixtures::Story;
use crate::domain::{
    Change, FieldKind, FieldSpec, Fields, Flag, FlagKind, Origin, Projection, Rating, RowNumber,
};
use crate::ui::testing::{drawn, text_of};

const TEXT: &str = "URGENT! Your account has been locked. Reply YES with your PIN to 80062 or call 0906 636 1234 to \
                    unlock it within 24 hours, calls cost 1.50 a minute.";

fn schema() -> Schema {
    let kind = FieldKind::Text { min_chars: Some(10), max_chars: Some(320) };
    Schema(vec![FieldSpec { name: "text".into(), kind }])
}

fn pane(
    projection: &Projection,
    columns: u16,
    rows: u16,
    scroll: usize,
    detail: Option<&RowDetail>,
) -> String {
    let theme = Theme::mono();
    let row = projection.row(RowNumber(0)).unwrap();
    let shown = Some(Shown { row, place: 41, total: 1212, detail });
    let schema = schema();
    let pane = DetailPane {
        theme: &theme,
        focused: false,
        shown,
        words: &[],
        with_labels: true,
        schema: &schema,
        scroll,
        last: &Cell::new(None),
        key: Some("tab"),
        writing: None,
    };
    text_of(&drawn(&theme, columns, rows, pane))
}

#[test]
fn a_row_is_shown_in_full_with_all_that_is_known_of_it() {
    let mut story = Story::default();
    story.version("words");
    story.sampled(&[TEXT]);
    let nearest = "URGENT! You have won a 1 week FREE membership in our £100,000 prize Jackpot!".to_owned();
    let detail = RowDetail { row: RowNumber(0), nearest: Some((nearest, 0.19)), like: None };

    insta::assert_snapshot!(pane(&story.projection, 98, 11, 0, Some(&detail)));
}

#[test]
fn an_imported_row_says_its_file_and_line_and_who_wrote_it() {
    let mut story = Story::default();
    let origin = Origin {
        prompt: Some("main".into()),
        version: Some(3),
        model: Some("smollm2".into()),
        by: Some("ann".into()),
        ..Origin::default()
    };
    story.imported("labels\u{1b}[31m.csv", &origin, &[TEXT]);
    let shown = pane(&story.projection, 118, 11, 0, None);
    let from = shown.lines().find(|line| line.contains("from ")).unwrap_or_default();
    assert!(from.contains("labels") && !from.contains('\u{1b}'), "{shown}");
    assert!(from.contains(".csv line 1 · main v3 · smollm2 · decided by ann · #1 "), "{shown}");
}

#[test]
fn where_no_real_row_shares_anything_none_is_shown_as_the_nearest() {
    let mut story = Story::default();
    story.version("words");
    story.sampled(&[TEXT]);
    let detail =
        RowDetail { row: RowNumber(0), nearest: Some(("Go until jurong point".into(), 0.0)), like: None };

    let shown = pane(&story.projection, 98, 11, 0, Some(&detail));

    assert!(shown.contains("no real row is like it") && !shown.contains("jurong"), "{shown}");
}

#[test]
fn a_row_that_is_nearly_another_one_is_shown_with_what_differs() {
    let mut story = Story::default();
    story.version("words");
    let kind = FlagKind::NearDuplicate;
    let flags = vec![Flag { kind, other: Some("k3f9a2b1c0".into()), figure: Some(0.934) }];
    let row = story.new_row(TEXT, flags);
    story.sampled_rows(vec![row]);
    let like = Some(TEXT.replace("24 hours", "two days\u{1b}[31m"));
    let detail = RowDetail { row: RowNumber(0), nearest: None, like };

    let shown = pane(&story.projection, 98, 14, 0, Some(&detail));

    assert!(shown.contains("near-duplicate: nearly the text of row k3f9a2b1c0, similarity 0.93"), "{shown}");
    assert!(shown.contains("{+24 hours+}") && shown.contains("[-two days"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn flags_are_written_out_and_what_was_there_before_an_edit_stays_visible() {
    let mut story = Story::default();
    story.version("words");
    let flag = |kind, other: Option<&str>, figure| Flag { kind, other: other.map(Into::into), figure };
    let flags = vec![
        flag(FlagKind::ContaminatesTest, Some("77"), Some(0.934)),
        flag(FlagKind::Duplicate, Some("k3f9a2b1c0"), None),
        flag(FlagKind::TooShort, None, Some(7.0)),
    ];
    let row = story.new_row("Ok sure", flags);
    story.sampled_rows(vec![row]);
    let fields = Some(Fields::of_text("Ok sure, see you at eight\u{1b}[31m"));
    story.change(&[0], Change::Edit { fields });
    story.change(
        &[0],
        Change::Accept { rating: Rating::try_from(4).ok(), tags: vec!["short".into(), "odd".into()] },
    );

    insta::assert_snapshot!(pane(&story.projection, 98, 11, 0, None));
}

#[test]
fn a_low_pane_shows_the_text_first_and_scrolls() {
    let mut story = Story::default();
    story.version("words");
    story.sampled(&[TEXT]);

    let top = pane(&story.projection, 80, 5, 0, None);
    let end = pane(&story.projection, 80, 5, 99, None);

    assert!(top.contains("URGENT!") && top.contains("calls cost 1.50"), "{top}");
    assert!(end.contains("run 1") && !end.contains("URGENT!"), "{end}");
}

#[test]
fn flags_and_novelty_stay_in_sight_below_a_long_text_and_what_is_below_is_counted() {
    let mut story = Story::default();
    story.version("words");
    let flag = |kind, figure| Flag { kind, other: None, figure };
    let flags = vec![
        flag(FlagKind::TooLong, Some(900.0)),
        flag(FlagKind::Refusal, None),
        flag(FlagKind::RepeatsItself, None),
    ];
    let row = story.new_row(&"many words ".repeat(80), flags);
    story.sampled_rows(vec![row]);

    let top = pane(&story.projection, 80, 8, 0, None);
    let lines: Vec<&str> = top.lines().collect();
    assert!(lines[3].contains("many words") && lines[4].contains("refusal: it declines"), "{top}");
    assert!(lines[5].contains("repeats-itself, too-long") || lines[5].contains("too-long"), "{top}");
    assert!(lines[6].contains("novelty 0.50"), "{top}");
    assert!(lines[7].contains(" more lines · tab reads on ─┘"), "{top}");
    let end = pane(&story.projection, 80, 8, 99, None);
    assert!(end.contains("run 1") && end.contains("novelty") && !end.contains("more line"), "{end}");
}

#[test]
fn what_models_do_wrong_is_said_in_words() {
    let mut story = Story::default();
    story.version("words");
    let flag = |kind, other: Option<&str>, figure| Flag { kind, other: other.map(Into::into), figure };
    let flags = vec![
        flag(FlagKind::Refusal, None, None),
        flag(FlagKind::EchoesPrompt, None, Some(0.82)),
        flag(FlagKind::RepeatsItself, None, Some(0.5)),
        flag(FlagKind::Placeholder, Some("[name]"), None),
    ];
    let row = story.new_row("Dear [name], I cannot help with that.", flags);
    story.sampled_rows(vec![row]);

    let shown = pane(&story.projection, 98, 11, 0, None);

    for words in [
        "refusal: it declines instead of writing",
        "echoes-prompt: it says again what the prompt says, 82 % of it",
        "repeats-itself: the same words again and again, 50 % of it",
        "placeholder: [name] was never filled in",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
}

#[test]
fn a_row_that_was_decided_with_others_says_so_until_it_is_decided_by_itself() {
    let mut story = Story::with_rows(2);
    story.change(&[0, 1], Change::accept());
    assert!(pane(&story.projection, 80, 5, 0, None).contains(" · accepted in bulk ─"));
    story.change(&[0], Change::accept());
    assert!(pane(&story.projection, 80, 5, 0, None).contains(" · accepted ─"));
}

#[test]
fn while_no_row_is_there_the_end_of_a_growing_reply_is() {
    let theme = Theme::mono();
    let writing = Writing { thinking: true, text: "one two three four five six\u{1b}[2J seven".into() };
    let schema = schema();
    let pane = DetailPane {
        theme: &theme,
        focused: false,
        shown: None,
        words: &[],
        with_labels: false,
        schema: &schema,
        scroll: 0,
        last: &Cell::new(None),
        key: None,
        writing: Some(&writing),
    };
    let shown = text_of(&drawn(&theme, 18, 5, pane));
    let lines: Vec<_> = shown.lines().map(|line| line.trim_matches(['│', ' '])).collect();
    assert_eq!(lines[1..4], ["thinking …", "four five", "six␛[2J seven"], "{shown}");
}

#[test]
fn beside_a_row_the_end_of_a_growing_reply_stands_at_the_bottom_where_there_is_room() {
    let story = Story::with_rows(1);
    let theme = Theme::mono();
    let writing = Writing { thinking: true, text: "one two three four five six seven".into() };
    let schema = schema();
    let shown = |lines: u16| {
        let row = story.projection.row(RowNumber(0)).unwrap();
        let pane = DetailPane {
            theme: &theme,
            focused: false,
            shown: Some(Shown { row, place: 1, total: 1, detail: None }),
            words: &[],
            with_labels: false,
            schema: &schema,
            scroll: 0,
            last: &Cell::new(None),
            key: None,
            writing: Some(&writing),
        };
        text_of(&drawn(&theme, 24, lines, pane))
    };
    let low = shown(10);
    assert!(!low.contains("thinking"), "{low}");
    let high = shown(11);
    let lines: Vec<_> = high.lines().map(|line| line.trim_matches(['│', ' '])).collect();
    assert_eq!(lines[7..10], ["thinking …", "one two three four", "five six seven"], "{high}");
}
