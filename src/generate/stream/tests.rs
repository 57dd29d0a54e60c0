//! Tests of the scanner.

use proptest::prelude::*;

use super::*;

fn pieces(text: &str) -> Vec<String> {
    let mut scanner = Scanner::new();
    let mut pieces = scanner.feed(text.as_bytes());
    pieces.extend(scanner.finish());
    let show = |piece: &Piece| match piece {
        Piece::Row(range) => format!("row {}", &text[range.clone()]),
        Piece::Whole(range) => format!("whole {}", &text[range.clone()]),
        Piece::Spoilt(range) => format!("spoilt {}", &text[range.clone()]),
    };
    pieces.iter().map(show).collect()
}

#[test]
fn rows_are_found_in_a_wrapper_in_a_bare_array_and_line_by_line() {
    assert_eq!(
        pieces(r#"{"rows":[{"text":"a"},{"text":"b"}]}"#),
        [r#"row {"text":"a"}"#, r#"row {"text":"b"}"#]
    );
    assert_eq!(pieces(r#"[ {"text":"a"} ]"#), [r#"row {"text":"a"}"#]);
    assert_eq!(
        pieces("{\"text\":\"a\"}\n{\"text\":\"b\"}"),
        [r#"whole {"text":"a"}"#, r#"whole {"text":"b"}"#]
    );
    assert_eq!(pieces(r#"["a","b"]"#), [r#"whole ["a","b"]"#]);
}

#[test]
fn prose_and_fences_around_json_are_passed_over() {
    let text = "Sure, here's [what] {{ n }} \"you asked:\n```json\n[{\"text\":\"a\"}]\n```\nBye [1] {x}";

    assert_eq!(pieces(text), [r#"row {"text":"a"}"#]);
}

#[test]
fn brackets_and_quotes_inside_a_string_count_for_nothing() {
    assert_eq!(pieces(r#"[{"text":"a \" } ] [ { \\"}]"#), [r#"row {"text":"a \" } ] [ { \\"}"#]);
}

#[test]
fn what_is_nested_in_a_row_is_no_row_of_its_own() {
    assert_eq!(
        pieces(r#"[{"text":"a","more":[{"x":1}],"y":{}}]"#),
        [r#"row {"text":"a","more":[{"x":1}],"y":{}}"#]
    );
}

#[test]
fn brackets_that_do_not_match_spoil_their_row_and_what_follows_is_found() {
    assert_eq!(
        pieces("[{\"text\":\"a\"]]\n{\"text\":\"b\"}"),
        [r#"spoilt {"text":"a"]"#, r#"whole {"text":"b"}"#]
    );
}

#[test]
fn a_row_under_way_is_left_over_and_an_open_wrapper_is_not() {
    let left_over = |text: &str| {
        let mut scanner = Scanner::new();
        scanner.feed(text.as_bytes());
        scanner.left_over().map(|range| text[range].to_owned())
    };

    assert_eq!(left_over(r#"{"rows":[{"text":"a"},{"text":"b"#), Some(r#"{"text":"b"#.into()));
    assert_eq!(left_over(r#"{"rows":[{"text":"a"},"#), None);
    assert_eq!(left_over(r#"{"rows":["a","b"#), Some(r#"{"rows":["a","b"#.into()));
}

#[test]
fn brackets_without_end_are_given_up() {
    let pieces = pieces(&"[[".repeat(500));

    assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.starts_with("spoilt [[")));
}

proptest! {
    #[test]
    fn a_split_at_every_place_gives_what_the_whole_gives(
        texts in prop::collection::vec(".{0,12}", 0..4),
        shape in 0..4,
        cuts in prop::collection::vec(0_usize..400, 0..6),
    ) {
        let rows: Vec<String> =
            texts.iter().map(|text| serde_json::json!({ "text": text }).to_string()).collect();
        let reply = match shape {
            0 => format!("{{\"rows\":[{}]}}", rows.join(",")),
            1 => format!("[{}]", rows.join(" , ")),
            2 => rows.join("\n"),
            _ => format!("So:\n```json\n[{}]\n```", rows.join(",")),
        };
        let bytes = reply.as_bytes();
        let read = |chunks: &[&[u8]]| {
            let mut scanner = Scanner::new();
            let mut found: Vec<Piece> = chunks.iter().flat_map(|chunk| scanner.feed(chunk)).collect();
            found.extend(scanner.finish());
            (found, scanner.text().to_vec())
        };
        let (whole, _) = read(&[bytes]);
        prop_assert_eq!(whole.iter().filter(|piece| !matches!(piece, Piece::Whole(_)) || shape == 2).count(),
            rows.len());
        let everywhere: Vec<usize> = (0..bytes.len()).collect();
        let mut some = cuts;
        some.sort_unstable();
        for cuts in [everywhere, some] {
            let mut chunks = Vec::new();
            let mut start = 0;
            for cut in cuts {
                let cut = cut.clamp(start, bytes.len());
                chunks.push(&bytes[start..cut]);
                start = cut;
            }
            chunks.push(&bytes[start..]);
            let (found, text) = read(&chunks);
            prop_assert_eq!(&found, &whole);
            prop_assert_eq!(text, bytes);
        }
    }
}
