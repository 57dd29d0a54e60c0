use super::*;
use proptest::prelude::*;

fn words(source: &str, mode: LexerMode) -> Vec<Vec<&str>> {
    lex(source, mode)
        .iter()
        .map(|tag| tag.tokens.iter().map(|t| &source[t.range.clone()]).collect())
        .collect()
}

#[test]
fn a_tag_is_cut_into_names_operators_and_literals() {
    let source = r#"a {{- e.text | join(", ") ~ 1.5e-3 -}} b {% if x != 2 %}"#;

    assert_eq!(
        words(source, LexerMode::Exact),
        [vec!["e", ".", "text", "|", "join", "(", "\", \"", ")", "~", "1.5e-3"], vec!["if", "x", "!=", "2"]]
    );
}

#[test]
fn brackets_hide_the_end_of_a_tag() {
    let source = "{{ {'a': {'b': 1}}['a'] }}{{ b }}";

    assert_eq!(words(source, LexerMode::Exact).len(), 2);
    assert_eq!(words(source, LexerMode::Forgiving).len(), 2);
    assert_eq!(words("{{ '}}' }}", LexerMode::Forgiving), [["'}}'"]]);
}

#[test]
fn an_unfinished_tag_ends_where_the_next_one_begins() {
    let source = "{{ topic and {{ label }}";

    let tags = lex(source, LexerMode::Forgiving);

    assert_eq!(tags.len(), 2);
    assert_eq!(tags[0].close, None);
    assert!(tags[1].close.is_some());
}

#[test]
fn a_forgotten_quote_does_not_swallow_the_next_lines() {
    let source = "{{ x | join(\", ) }} text\n{{ \"y\" }}";

    let tags = lex(source, LexerMode::Forgiving);

    assert_eq!(tags.len(), 2);
    assert_eq!(tags[0].tokens.last().unwrap().kind, TokenKind::OpenText);
    assert_eq!(&source[tags[0].tokens.last().unwrap().range.clone()], "\", )");
    assert_eq!(tags[1].tokens[0].kind, TokenKind::Text);
}

#[test]
fn nothing_in_a_raw_part_is_code() {
    let source = "{% raw %}{{ a }}{% endfor %}{%- endraw -%}{{ b }}";

    assert_eq!(words(source, LexerMode::Exact), [["raw"], ["endraw"], ["b"]]);
    assert_eq!(words("{% raw %}{{ a }}", LexerMode::Exact), [["raw"]]);
}

#[test]
fn comments_end_at_their_own_delimiter() {
    let tags = lex("{# {{ a }} -#}{#-#}{# open", LexerMode::Exact);

    assert_eq!(
        tags.iter().map(|tag| tag.close.clone()).collect::<Vec<_>>(),
        [Some(11..14), Some(17..19), None]
    );
}

#[test]
fn a_character_that_no_template_uses_is_stray_and_whole() {
    let tags = lex("{{ é ! }}", LexerMode::Exact);

    assert!(tags[0].tokens.iter().all(|token| token.kind == TokenKind::Stray));
    assert_eq!(tags[0].tokens[0].range, 3..5);
}

proptest! {
    #[test]
    fn any_source_is_cut_into_sorted_whole_pieces(source in r#"([{}%#'"\-+ \n.|()\[\]a-z0-9é🦀\\]|raw|endraw|\{%|%\}|\{\{|\}\}){0,60}"#) {
        for mode in [LexerMode::Exact, LexerMode::Forgiving] {
            let mut end = 0;
            for tag in lex(&source, mode) {
                prop_assert!(tag.open.start >= end && tag.open.end <= tag.end);
                end = tag.open.end;
                for token in &tag.tokens {
                    prop_assert!(token.range.start >= end && !token.range.is_empty());
                    prop_assert!(source.get(token.range.clone()).is_some());
                    end = token.range.end;
                }
                prop_assert!(tag.end >= end && source.is_char_boundary(tag.end));
                end = tag.close.map_or(tag.end, |close| close.end);
            }
        }
    }
}
