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
        "A front matter has no `model`; it can have `system`, `label` and `variables`.",
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
        "---\nWrite rows\n---\n",
        2,
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
    for user in ["---\na\n---\nb", "+++", "\u{feff}a", "\n\na\n", "a\r", ""] {
        let file = PromptFile { user: user.into(), ..PromptFile::default() };
        assert_eq!(parsed(&file.to_text()), file);
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![r#"[a-zA-Z0-9 ,.:#'"\[\]{}|>\-\\\n\t]{0,40}"#, r"(\PC|\n){0,20}", any::<String>()]
        .prop_map(|text| text.replace("\r\n", "\n"))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        system in proptest::option::of(any_text()),
        label in proptest::option::of(any_text()),
        variables in proptest::option::of(proptest::collection::btree_map(any_text(), proptest::collection::vec(any_text(), 0..8), 0..4)),
        user in any_text(),
    ) {
        // A quoted name cannot be empty: nothing could refer to it.
        let variables = variables.map(|v| v.into_iter().filter(|(name, _)| !name.is_empty()).collect());
        let file = PromptFile { system, label, variables, user };

        prop_assert_eq!(PromptFile::parse(&file.to_text()), Ok(file));
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_line(text in r#"(---\n|\+\+\+\n|system: |label: |variables:\n|  topic: |\[a, |\]|- |\||=|"|'|[a-c \n\t#:é]){0,30}"#) {
        if let Err(error) = PromptFile::parse(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.split('\n').count());
        }
    }
}
