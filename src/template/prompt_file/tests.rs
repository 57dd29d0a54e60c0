mod rules;
mod sentences;
mod whole;

use super::*;
use proptest::prelude::*;

fn parsed(text: &str) -> PromptFile {
    PromptFile::parse(text).unwrap()
}

fn variables(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    pairs.iter().map(|(name, list)| ((*name).to_owned(), values(list))).collect()
}

#[track_caller]
fn assert_fails(text: &str, line: usize, message: &str) {
    let error = PromptFile::parse(text).unwrap_err();
    assert_eq!((error.line, error.message.as_str()), (line, message), "{text}");
}

#[test]
fn a_file_without_front_matter_is_the_user_part() {
    let file = parsed("Write {{ n }} rows.\n\n- one\n");

    assert_eq!(file, PromptFile { user: "Write {{ n }} rows.\n\n- one".into(), ..PromptFile::default() });
    assert_eq!(parsed("").user, "");
}

#[test]
fn a_front_matter_says_system_label_and_variables() {
    let file = parsed(
        "---\n# how it began\nlabel: spam\nsystem: |\n  You write messages.\n\n    Indented: yes\nvariables:\n  topic: [prize, \"a, b\", 'it''s']\n  tone:\n    - calm\n    - \"loud\"  # as in capitals\n  one: bank\n---\n\nWrite.\n",
    );

    assert_eq!(file.label.as_deref(), Some("spam"));
    assert_eq!(file.system.as_deref(), Some("You write messages.\n\n  Indented: yes\n"));
    assert_eq!(
        file.variables,
        Some(variables(&[
            ("topic", &["prize", "a, b", "it's"]),
            ("tone", &["calm", "loud"]),
            ("one", &["bank"])
        ]))
    );
    assert_eq!(file.user, "Write.");
}

#[test]
fn a_value_may_hold_colons_braces_and_quotes() {
    assert_eq!(
        parsed("---\nsystem: Note: write {{ label }} \"well\"\n---\nx").system.unwrap(),
        "Note: write {{ label }} \"well\""
    );
    assert_eq!(parsed("---\nsystem: \"a\\n\\\"b\\\" # c\"\n---\nx").system.unwrap(), "a\n\"b\" # c");
    assert_eq!(parsed("---\nsystem: |-\n  ---\n  a\n---\nx").system.unwrap(), "---\na");
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_do_no_harm() {
    let file = parsed("\u{feff}---\r\nlabel: spam\r\n---\r\nWrite.\r\nNow.\r\n");

    assert_eq!((file.label.as_deref(), file.user.as_str()), (Some("spam"), "Write.\nNow."));
}

#[test]
fn toml_between_plus_signs_is_read_too() {
    let file = parsed(
        "+++\nlabel = \"spam\"\nsystem = \"\"\"\nYou\nwrite.\"\"\"\n[variables]\ntopic = [\"a\", 2]\ntone = \"calm\"\n+++\nWrite.\n",
    );

    assert_eq!((file.label.as_deref(), file.system.as_deref()), (Some("spam"), Some("You\nwrite.")));
    assert_eq!(file.variables, Some(variables(&[("topic", &["a", "2"]), ("tone", &["calm"])])));
}

#[test]
fn unknown_keys_get_a_suggestion_with_their_line() {
    assert_fails(
        "---\nlabel: a\nsytem: b\n---\n",
        3,
        "A front matter has no `sytem`; did you mean `system`?",
    );
    assert_fails(
        "+++\nlabel = 'a'\nmodel = 'b'\n+++\n",
        3,
        "A front matter has no `model`; it can have `name`, `system`, `label`, `variables` and, in TOML, `rules`.",
    );
}

#[test]
fn a_front_matter_that_does_not_end_is_told_so() {
    assert_fails(
        "---\nlabel: a\n\nWrite.\n",
        1,
        "The front matter has no end; write `---` on a line of its own after it.",
    );
}

#[test]
fn mistakes_are_told_with_their_line() {
    assert_fails("---\nlabel: a\nlabel: b\n---\n", 3, "`label` is written twice; delete one of them.");
    assert_fails(
        "---\n\nlabel:\n---\n",
        3,
        "`label` has no value; write `\"\"` for an empty one, or delete the line.",
    );
    assert_fails(
        "---\nlabel: a\nWrite rows\n---\n",
        3,
        "`Write rows` is no `key: value`; write a key and a colon with a blank after it.",
    );
    assert_fails(
        "---\nlabel:spam\n---\n",
        2,
        "`label:spam` is no `key: value`; write a key and a colon with a blank after it.",
    );
    assert_fails("---\nsystem: \"a\n---\n", 2, "The text has no closing `\"` on its line.");
    assert_fails("---\nsystem: {{ label }}\n---\n", 2, "A text that begins with `{` must stand in quotes.");
    assert_fails(
        "---\nsystem: a #b\n---\n",
        2,
        "A `#` after a blank begins a comment; put the text in quotes, or the comment on a line of its own.",
    );
    assert_fails(
        "---\nsystem: a\n  b\n---\n",
        3,
        "This line goes on with `system`; write `system: |` and the whole text indented below it.",
    );
    assert_fails(
        "---\nsystem: >\n  b\n---\n",
        2,
        "`>` blocks are not read; write `|` to keep the lines as they are.",
    );
    assert_fails("---\nsystem: |\nlabel: b\n---\n", 2, "The block is empty; indent its text below it.");
    assert_fails(
        "---\nsystem: |\n    a\n  b\n---\n",
        4,
        "This line is indented less than the block's first line.",
    );
    assert_fails(
        "---\nvariables: topic\n---\n",
        2,
        "Write each variable on its own line below `variables:`, such as `  topic: [a, b]`.",
    );
    assert_fails(
        "---\nvariables:\n  topic: [a, b\n---\n",
        3,
        "The list has no `]` on its line; write it there, or put each item on a line of its own after `- `.",
    );
    assert_fails(
        "---\nvariables:\n  topic:\n---\n",
        3,
        "`topic` has no values; write `topic: [a, b]`, or each on a line after `- `.",
    );
    assert_fails("---\nvariables:\n\ttopic: a\n---\n", 3, "The line is indented with a tab; use blanks.");
    assert_fails("+++\nlabel = [1]\n+++\n", 2, "`label` must be a text in quotes, not a list.");
    assert_fails(
        "+++\nvariables = 1\n+++\n",
        2,
        "`variables` holds names with their values, such as `topic: [a, b]`.",
    );
}

#[test]
fn broken_toml_names_the_line() {
    let error = PromptFile::parse("+++\nlabel = 'a'\nsystem = b\n+++\n").unwrap_err();

    assert_eq!(error.line, 3);
    assert!(error.to_string().starts_with("line 3: This is no TOML: "), "{error}");
}

#[test]
fn a_written_file_is_made_for_people() {
    let file = PromptFile {
        system: Some("You write messages.\nNever: lists.\n".into()),
        label: Some("spam".into()),
        variables: Some(variables(&[("topic", &["prize", "a, b", "no"])])),
        user: "Write {{ n }}.".into(),
        ..PromptFile::default()
    };

    assert_eq!(
        file.to_text(),
        "---\nlabel: spam\nsystem: |\n  You write messages.\n  Never: lists.\nvariables:\n  topic: [prize, \"a, b\", \"no\"]\n---\n\nWrite {{ n }}.\n"
    );
}

#[test]
fn a_long_list_is_written_an_item_a_line() {
    let values: Vec<String> = (0..30).map(|number| format!("value {number}")).collect();
    let file = PromptFile { variables: Some([("topic".to_owned(), values)].into()), ..PromptFile::default() };

    assert!(file.to_text().contains("  topic:\n    - value 0\n    - value 1\n"));
    assert_eq!(parsed(&file.to_text()), file);
}

#[test]
fn a_user_part_that_looks_like_a_front_matter_is_kept() {
    for user in ["---\na\n---\nb", "+++", "\u{feff}a", "\n\na\n", "a\r", "a\r\nb\r\n", "---\r\nname: a", ""] {
        let file = PromptFile { user: user.into(), ..PromptFile::default() };
        assert_eq!(parsed(&file.to_text()), file);
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[a-zA-Z0-9 ,.:#'"\[\]{}|>\-\\\n\t]{0,40}"#,
        r"(\PC|\n){0,20}",
        r"[\x00-\xa0]{0,10}",
        r"(---|\+\+\+|\r\n|\n|a|: | ){0,8}",
        any::<String>()
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        system in proptest::option::of(any_text()),
        label in proptest::option::of(any_text()),
        variables in proptest::option::of(proptest::collection::btree_map(any_text(), proptest::collection::vec(any_text(), 0..8), 0..4)),
        user in any_text(),
        name in proptest::option::of(any_text()),
        number in proptest::option::of(any::<u32>()),
        parent in proptest::option::of("[0-9a-f]{16}"),
    ) {
        // A quoted name cannot be empty: nothing could refer to it.
        let variables = variables.map(|v| v.into_iter().filter(|(name, _)| !name.is_empty()).collect());
        let rules = std::collections::BTreeMap::new();
        let file = PromptFile { name, number, parent, system, label, variables, rules, user };

        prop_assert_eq!(PromptFile::parse(&file.to_text()), Ok(file));
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_line(text in r#"(---\n|\+\+\+\n|system: |label: |variables:\n|  topic: |\[a, |\]|- |\||=|"|'|[a-c \n\t#:é]){0,30}"#) {
        if let Err(error) = PromptFile::parse(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.split('\n').count());
        }
    }
}

/// Checks that front matters read as they did before granit-parser was used.
#[test]
fn front_matters_give_what_they_always_gave() {
    let label = |front: &str, expected: &str| {
        let file = parsed(&format!("---\nlabel: {front}\n---\nx"));
        assert_eq!(file.label.as_deref(), Some(expected), "{front}");
    };
    for word in [
        "no",
        "Yes",
        "on",
        "null",
        "~",
        "true",
        "007",
        "1.10",
        "0x1F",
        "1e3",
        ".5",
        "-5",
        "2024-01-01",
        "12:30",
        "a:b",
        "a#b",
        "a :b",
        "Note: be short",
        "Write this:",
        "http://x.y/z",
        "x {{ y }} z",
        "it's",
        "a|b",
        "a, b",
        "a]",
        "a}",
        ":a",
        "<<",
        "=",
        "...",
        "---x",
        "a\\b",
        "a\tb",
        "a\u{92}b",
        "a\u{7f}b",
        "a\rb",
        "a\u{85}b",
        "a\u{2028}b",
        "\u{feff}a",
    ] {
        label(word, word);
    }
    label("spam \u{a0}", "spam");
    label(" \u{3000}spam  ", "spam");
    label("spam\n# a comment\n\n", "spam");
    label("'it''s' # why", "it's");
    label("'a: \"b\" # c'", "a: \"b\" # c");
    label(r#""a\n\"b\" \/ \u00e9 \ud83d\ude00" # why"#, "a\n\"b\" / é 😀");
    label("\"a\u{92}b\"", "a\u{92}b");
    label("\"\"", "");
}

#[test]
fn blocks_give_what_they_always_gave() {
    let system = |block: &str, expected: &str| {
        let file = parsed(&format!("---\nsystem: {block}\nlabel: a\n---\nx"));
        assert_eq!((file.system.as_deref(), file.label.as_deref()), (Some(expected), Some("a")), "{block:?}");
    };
    system("|\n  a\n  b", "a\nb\n");
    system("|-\n    a\n      b\n", "a\n  b");
    system("|\n\n\n  a\n\n", "\n\na\n");
    system("|\n  a  \n \n    \n", "a  \n\n  \n");
    system("|\n  # no comment\n  key: [value]\n  \ttab", "# no comment\nkey: [value]\n\ttab\n");
    system("|\n  a\u{92}\r\n  b\rc", "a\u{92}\nb\rc\n");
    system("|-\n  ---\n  \"a\" 'b'\n# a comment", "---\n\"a\" 'b'");
}

#[test]
fn variables_give_what_they_always_gave() {
    let topic = |front: &str, expected: &[&str]| {
        let file = parsed(&format!("---\nvariables:\n  topic: {front}\n  last: z\nlabel: a\n---\nx"));
        assert_eq!(file.variables, Some(variables(&[("topic", expected), ("last", &["z"])])), "{front:?}");
    };
    topic("[no, 007, 1.10, null, ~]", &["no", "007", "1.10", "null", "~"]);
    topic(
        "[Re: your bill, end:, :, a :b, \"c: d\", 12:30]",
        &["Re: your bill", "end:", ":", "a :b", "c: d", "12:30"],
    );
    topic("[ a b ,c, ] # why", &["a b", "c"]);
    topic("[]", &[]);
    topic("[\"\", 'it''s', a\u{92}b]", &["", "it's", "a\u{92}b"]);
    topic(
        "\n  - Note: be short\n  - end:\n  - \"a # b\" # why\n\n  # comment\n  - : x",
        &["Note: be short", "end:", "a # b", ": x"],
    );
    topic("\n      - no\n      - 'a: b'", &["no", "a: b"]);
    topic("Note: be short", &["Note: be short"]);
    topic("|\n    a\n\n    b", &["a\n\nb\n"]);
    let file = parsed("---\nvariables:\n  \"a: b\": [c]\n  a b : [d]\n  'é': e: f\n  no: x\n---\nx");
    let expected = variables(&[("a: b", &["c"]), ("a b", &["d"]), ("é", &["e: f"]), ("no", &["x"])]);
    assert_eq!(file.variables, Some(expected));
    assert_eq!(parsed("---\nvariables: {}\n---\nx").variables, Some(BTreeMap::new()));
    assert_eq!(parsed("---\n# nothing\n\n---\nx"), PromptFile { user: "x".into(), ..PromptFile::default() });
}

#[test]
fn what_yaml_reads_in_ways_of_its_own_is_refused_with_its_line() {
    for (value, first) in [
        ("*a", '*'),
        ("&a b", '&'),
        ("!t a", '!'),
        ("[a]", '['),
        ("@a", '@'),
        ("`a`", '`'),
        ("%a", '%'),
        ("- a", '-'),
        ("? a", '?'),
    ] {
        let message = format!("A text that begins with `{first}` must stand in quotes.");
        assert_fails(&format!("---\n\nlabel: {value}\n---\n"), 3, &message);
    }
    let ends = |message: &str| format!("The text has no closing `{message}` on its line.");
    assert_fails("---\nlabel: \"a\n  b\"\n---\n", 2, &ends("\""));
    assert_fails("---\nlabel: 'a\n---\n", 2, &ends("'"));
    assert_fails("---\nlabel: \"a\" b\n---\n", 2, "`b` stands after the end of the value; delete it.");
    assert_fails("---\nlabel: a: b #c\n---\n", 2, mistakes::COMMENT);
    assert_fails(
        "---\nlabel: a\n  b: c\n---\n",
        3,
        "This line goes on with `label`; write `label: |` and the whole text indented below it.",
    );
    assert_fails(
        "---\nlabel: |a\n---\n",
        2,
        "A block begins with `|` or `|-` alone; its text stands indented below it.",
    );
    let list = |list: &str, message: &str| {
        assert_fails(&format!("---\nvariables:\n  topic: {list}\n---\n"), 3, message);
    };
    list("[a #b]", mistakes::COMMENT);
    list("[a, {b}]", "A text that begins with `{` must stand in quotes.");
    list("[a {b}, c]", "A text with `{` must stand in quotes in a list.");
    list(
        "[a, , b]",
        "An item of the list is missing before a comma; delete the comma, or write `\"\"` for an empty text.",
    );
    list("[[a]]", "A text that begins with `[` must stand in quotes.");
    assert_fails(
        "---\nvariables:\n  topic:\n  -\n---\n",
        4,
        "The item has no value; write `\"\"` for an empty one.",
    );
}
