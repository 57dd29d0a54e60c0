use super::*;
use crate::domain::Rating;
use crate::ui::testing::{drawn, text_of};

fn row(state: RowState, text: &str) -> RowLine<'_> {
    RowLine {
        state,
        text: RowText::here(text),
        label: "spam",
        version: Some(7),
        imported: false,
        flags: vec![],
        edited: false,
        marked: false,
        revealed: false,
        figure: String::new(),
    }
}

fn pane<'a>(theme: &'a Theme, window: &'a [RowLine<'a>]) -> RowsPane<'a> {
    RowsPane {
        theme,
        focused: true,
        window,
        above: 0,
        total: window.len(),
        selected: Some(0),
        needs: Needs { stars: true, figure: 0, label: 0, version: 3, remarks: 8 },
        counts: StateCounts { pending: 128, accepted: 61, rejected: 22, skipped: 1 },
        filter: "",
        search: Search::Done,
        words: &[],
        sort: "sort:arrival",
        is_sorted: false,
        marked: 0,
        hints: &[],
    }
}

fn rows() -> Vec<RowLine<'static>> {
    let rating = Rating::try_from(4).ok();
    vec![
        row(
            RowState::Pending,
            "URGENT! Your account has been locked. Reply YES with your PIN to 80062 or call now",
        ),
        row(
            RowState::Accepted { rating },
            "Claim 2 free cinema tickets: text FILM to 83355 before Friday, 18+ only",
        ),
        RowLine {
            flags: vec![FlagKind::Duplicate],
            ..row(
                RowState::Rejected,
                "Congratulations 日本語 you have won a 🎁 guaranteed £1000 cash prize call now",
            )
        },
        RowLine {
            flags: vec![FlagKind::ContaminatesTest, FlagKind::CopiesReal, FlagKind::TooShort],
            version: Some(12),
            ..row(RowState::Pending, "Two\nlines\u{1b}[31m")
        },
        RowLine { flags: vec![FlagKind::TooShort], edited: true, ..row(RowState::Skipped, "Ok sure") },
    ]
}

#[test]
fn a_wide_pane_shows_stars_text_version_and_flags_in_columns() {
    let theme = Theme::mono();
    let rows = rows();

    insta::assert_snapshot!(text_of(&drawn(&theme, 98, 7, pane(&theme, &rows))));
}

#[test]
fn a_narrow_pane_keeps_every_column() {
    let theme = Theme::mono();
    let rows = rows();

    insta::assert_snapshot!(text_of(&drawn(&theme, 50, 7, pane(&theme, &rows))));
}

#[test]
fn labels_have_a_column_only_where_they_differ() {
    let theme = Theme::mono();
    let mut rows = rows();
    rows[1].label = "a label that goes on";

    let pane = pane(&theme, &rows);
    let with = text_of(&drawn(&theme, 98, 7, RowsPane { needs: Needs { label: 12, ..pane.needs }, ..pane }));

    insta::assert_snapshot!(with);
}

#[test]
fn a_pane_without_rows_says_what_to_do() {
    let theme = Theme::mono();
    let hint = |key: &'static str, label: &'static str| Hint { key: key.into(), label: label.into() };
    let hints = [hint("s", "samples 20"), hint("i", "edits the prompt"), hint("?", "help")];
    let none = StateCounts::default();

    let empty = RowsPane { counts: none, hints: &hints, ..pane(&theme, &[]) };
    let filtered = RowsPane { filter: "flag:duplicate", ..pane(&theme, &[]) };

    let empty = text_of(&drawn(&theme, 78, 3, empty));
    assert!(empty.contains("━ Rows ━"), "{empty}");
    assert!(empty.contains("No rows yet. s samples 20 · i edits the prompt · ? help"), "{empty}");
    let filtered = text_of(&drawn(&theme, 78, 3, filtered));
    assert!(filtered.contains("No row matches flag:duplicate."), "{filtered}");
}

#[test]
fn no_size_is_too_small_to_draw_in() {
    let theme = Theme::mono();
    let rows = rows();
    for columns in 0..40 {
        for lines in 0..6 {
            let _ = drawn(&theme, columns, lines, pane(&theme, &rows));
        }
    }
}

#[test]
fn the_text_has_the_width_of_the_columns_that_no_row_needs() {
    let theme = Theme::mono();
    let text = "x".repeat(200);
    let rows = [RowLine { version: Some(1), ..row(RowState::Pending, &text) }];
    let drawn = |columns, needs| {
        let pane = RowsPane { needs, ..pane(&theme, &rows) };
        let lines = text_of(&drawn(&theme, columns, 3, pane));
        lines.lines().nth(1).unwrap().to_owned()
    };

    assert_eq!(drawn(98, Needs::default()), format!("┃ ▌· {}… ┃", "x".repeat(90)));
    assert_eq!(
        drawn(98, Needs { version: 2, ..Needs::default() }),
        format!("┃ ▌· {}…  v1 ┃", "x".repeat(86))
    );
    assert_eq!(
        drawn(50, Needs { stars: true, ..Needs::default() }),
        format!("┃ ▌·    {}… ┃", "x".repeat(39))
    );
}

#[test]
fn the_figure_of_the_order_stands_beside_the_text_and_the_title_names_the_order() {
    let theme = Theme::mono();
    let rows = [
        RowLine { figure: "0.81".into(), ..row(RowState::Pending, "One") },
        RowLine { figure: "–".into(), ..row(RowState::Pending, "Two") },
    ];
    let sort = "sort:-novelty";
    let pane = RowsPane {
        needs: Needs { figure: 4, ..Needs::default() },
        sort,
        is_sorted: true,
        ..pane(&theme, &rows)
    };

    let wide = text_of(&drawn(&theme, 98, 4, pane));
    assert!(wide.contains("state:any  sort:-novelty ━┓"), "{wide}");
    assert!(wide.lines().nth(1).unwrap().ends_with(" 0.81 ┃"), "{wide}");
    assert!(wide.lines().nth(2).unwrap().ends_with("    – ┃"), "{wide}");
    let narrow = text_of(&drawn(&theme, 64, 4, pane));
    assert!(narrow.contains(" sort:-novelty ━┓") && !narrow.contains("state:any"), "{narrow}");
    let filtered = RowsPane { filter: "text:\"something that is longer\"", ..pane };
    let filtered = text_of(&drawn(&theme, 78, 4, filtered));
    assert!(filtered.contains(" text:\"something tha…  sort:-novelty ━┓"), "{filtered}");
}
