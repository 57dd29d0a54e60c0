use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::template::Scope;
use crate::template::engine::render;

fn found(text: &str) -> FoundPrompt {
    read(text).unwrap()
}

#[track_caller]
fn assert_fails(text: &str, line: usize, part: &str) {
    let error = read(text).unwrap_err();
    assert_eq!(error.line, line, "{error}");
    assert!(error.message.contains(part), "{error}");
}

#[test]
fn a_template_gives_user_part_system_part_and_values() {
    let template = found(
        "name: recipe\nmodel: gpt-4o\nsystem: You speak like $voice\nprompt: |\n  Suggest a recipe for ${country}.\n\n  It costs $$5: $input\ndefaults:\n  voice: a pirate\n  unused: 1\noptions:\n  temperature: 1.8\n",
    );

    assert_eq!(template.file.system.as_deref(), Some("You speak like {{ voice }}"));
    assert_eq!(template.file.user, "Suggest a recipe for {{ country }}.\n\nIt costs $5: {{ input }}");
    assert_eq!(template.values, [("voice".to_owned(), vec!["a pirate".to_owned()])].into());
    assert_eq!(
        template.remark.as_deref(),
        Some(
            "The file is a template of llm: `prompt` was read as the user part, and `$name` as `{{ name }}`. Left out: \
             `name`, `model`, `options`."
        )
    );
}

#[test]
fn a_template_with_a_system_part_only_asks_what_it_is_given() {
    let template = found("system: Summarize this\n");
    assert_eq!(
        (template.file.system.as_deref(), template.file.user.as_str()),
        (Some("Summarize this"), "{{ input }}")
    );
    assert!(template.remark.unwrap().contains("what llm is given"));
}

#[test]
fn folded_and_quoted_texts_are_read_as_yaml_reads_them() {
    assert_eq!(
        found("prompt: >\n    Summarize\n    this.\n\n    Text: $input\n").file.user,
        "Summarize this.\nText: {{ input }}"
    );
    assert_eq!(found("---\nprompt: 'Say \"it''s\": $input'\r\n").file.user, "Say \"it's\": {{ input }}");
    assert_eq!(found("prompt: a\nsystem:\nmodel: null\n").file.system.as_deref(), Some(""));
}

#[test]
fn what_no_template_of_llm_says_is_refused_with_its_line() {
    assert_fails("promt: a\n", 1, "has no `promt`; did you mean `prompt`?");
    assert_fails("model: a\n", 1, "neither `prompt` nor `system`");
    assert_fails("prompt: a\nprompt: b\n", 2, "written twice");
    assert_fails("prompt: [a]\n", 1, "`prompt` must be a text");
    assert_fails("prompt: a\ndefaults: b\n", 2, "`defaults` holds names");
    assert_fails("prompt: a\ndefaults:\n  b: [c]\n", 3, "`b` must be a text");
    assert_fails("prompt: &a b\nsystem: *a\n", 1, "Anchors, aliases and tags");
    assert_fails("prompt: 'a\n", 1, "no YAML that can be read");
    assert_fails("just a text\n", 1, "this has no keys");
    assert_fails("prompt: a\n---\nprompt: b\n", 3, "several documents");
    assert_fails(&format!("prompt: a\ntools: {}{}\n", "[".repeat(60), "]".repeat(60)), 2, "");
}

/// Writes a text as Python's `string.Template` does with these values, leaving alone what it refuses.
fn substituted(text: &str) -> String {
    let mut names = BTreeSet::new();
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        written += before;
        let (name, behind) = place(after);
        written += name.unwrap_or("$");
        names.extend(name);
        rest = behind;
    }
    written + rest
}

#[test]
fn braces_before_a_value_and_tags_of_others_stay_text() {
    let mut names = BTreeSet::new();
    assert_eq!(places("{$a} {{b}} {% c %}", &mut names), "{{ '{' }}{{ a }}} {{ '{{' }}b}} {{ '{%' }} c %}");
    assert_eq!(places("$5 and $$ and ${a b} and $_x9.", &mut names), "$5 and $ and ${a b} and {{ _x9 }}.");
    assert_eq!(names, ["_x9".to_owned(), "a".to_owned()].into());
}

proptest! {
    #[test]
    fn any_text_says_the_same_as_a_template(text in r"(\$|\{|\}|%|#|-|a|b| |\n|\$a|\$\{b\}|\{\{|\{%|raw){0,24}") {
        let mut names = BTreeSet::new();
        let template = places(&text, &mut names);
        let variables = names.iter().map(|name| (name.clone(), json!(name))).collect();
        let rendered = render(&template, &Scope { variables, ..Scope::default() });

        prop_assert_eq!(rendered.map(|rendered| rendered.text).ok(), Some(substituted(&text)), "{}", template);
    }

    #[test]
    fn any_yaml_is_read_or_refused_with_a_line(text in r#"(prompt:|system:|defaults:| a|: |- |\[|\]|\{|\}|"|'|\||>|&a|\*a|!t|\n|  |\t|#|é|---\n){0,24}"#) {
        if let Err(error) = read(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.split('\n').count() + 1);
        }
    }
}
