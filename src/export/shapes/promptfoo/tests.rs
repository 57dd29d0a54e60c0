use super::*;
use crate::domain::fixtures::Story;
use crate::export::format::Task;
use crate::export::shapes::fixtures::{accept, in_context, outgoing, real, replied, shaped};

fn story(template: &str, provider: &str, texts: &[&str]) -> Story {
    let mut story = Story::default();
    story.version(template);
    story.sampled_by(provider, Some("small"), texts);
    let all: Vec<_> = (0..u32::try_from(texts.len()).unwrap()).collect();
    accept(&mut story, &all);
    story
}

fn shape() -> Promptfoo {
    in_context(Task::Classify, "out/rows.yaml", Promptfoo::new)
}

#[test]
fn a_template_that_cannot_be_rendered_there_leaves_as_it_was_rendered_here() {
    let story = story("{% for e in examples %}{{ e }}{% endfor %}", "openai", &["a \"b\"\u{85}", "file://x"]);
    let rows: Vec<_> = (0..2).map(|row| outgoing(&story, row, Some(replied("1. a")))).collect();
    let mut shape = shape();

    let (written, said) = shaped(&mut shape, &rows);

    let lines: Vec<_> = written.lines().collect();
    assert_eq!(
        lines[2..],
        [
            "description: \"Accepted rows of tickets\"",
            "defaultTest:",
            "  options: {\"disableVarExpansion\":true}",
            "  assert:",
            "    - {\"type\":\"not-contains\",\"value\":\"{{accepted_row}}\",\"metric\":\"new\"}",
            "tests:",
            "  - {\"description\":\"row r1\",\"prompts\":[\"main v1\"],\"vars\":{\"n\":1,\"label\":\"spam\",\"topic\":\
             \"bank\",\"rendered_system\":\"Be brief.\",\"rendered_user\":\"Write rows.\",\"accepted_row\":\"a \
             \\\"b\\\"\\u0085\"},\"metadata\":{\"id\":\"r1\",\"label\":\"spam\",\"rating\":null}}",
            "  - {\"description\":\"row r2\",\"prompts\":[\"main v1\"],\"vars\":{\"n\":1,\"label\":\"spam\",\"topic\":\
             \"bank\",\"rendered_system\":\"Be brief.\",\"rendered_user\":\"Write rows.\",\"accepted_row\":\
             \" file://x\"},\"metadata\":{\"id\":\"r2\",\"label\":\"spam\",\"rating\":null}}",
            "prompts:",
            "  - {\"id\":\"file://rows.main-v1.json\",\"label\":\"main v1\"}",
            "providers:",
            "  - {\"id\":\"openai:chat:small\"}",
        ]
    );
    assert_eq!(
        said,
        [
            "Written as rendered, because promptfoo cannot render the template: `main v1`.",
            "A blank stands before 1 value that promptfoo would take for the name of a file.",
        ]
    );
    let (name, bytes) = shape.beside().remove(0);
    let messages: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(name, "rows.main-v1.json");
    assert_eq!(messages, json!([{ "role": "user", "content": "{{rendered_user}}" }]));
}

#[test]
fn a_template_of_variables_only_leaves_as_it_is() {
    let names = BTreeSet::from(["topic"]);
    for plain in ["", "a { b }", "about {{topic}} and {{ topic }}"] {
        assert!(is_plain(plain, &names), "{plain}");
    }
    for other in
        ["{{ other }}", "{{ topic | upper }}", "{% if topic %}", "{# a #}", "{{ topic", "{{{ topic }}}"]
    {
        assert!(!is_plain(other, &names), "{other}");
    }
    let story = story("Write {{ n }} of {{ label }}.", "offline", &["a"]);
    let mut shape = shape();
    let (written, said) = shaped(&mut shape, &[outgoing(&story, 0, None)]);
    assert!(written.contains("- {\"id\":\"echo\"}") && !written.contains("rendered_"), "{written}");
    assert!(said[0].starts_with("The built-in generator is no provider of promptfoo"), "{said:?}");
    let messages: Value = serde_json::from_slice(&shape.beside()[0].1).unwrap();
    assert_eq!(messages, json!([{ "role": "user", "content": "Write {{ n }} of {{ label }}." }]));
}

#[test]
fn rows_without_a_prompt_are_left_out_and_an_empty_file_is_still_valid() {
    let story = story("{{ examples }}", "openai", &["a"]);
    let (written, said) = shaped(&mut shape(), &[outgoing(&story, 0, None), real("7", "a", "ham")]);
    assert!(written.contains("tests:\n  []\n") && written.ends_with("providers:\n  []\n"), "{written}");
    assert_eq!(said[1], "1 real row is left out: no model was asked for real rows.");
    assert_eq!(said[2], "1 row is left out: no prompt is known for rows made elsewhere.");
}
