//! Rules of variables, which only a front matter in TOML can hold.

use super::*;

#[test]
fn rules_of_variables_come_back_from_the_form_in_toml() {
    let rule = crate::domain::VariableRule {
        weights: vec![1, 3],
        when: [("tone".to_owned(), vec!["calm".to_owned()])].into(),
        ..crate::domain::VariableRule::default()
    };
    let file = PromptFile {
        name: Some("main".into()),
        number: Some(7),
        parent: Some("3f2a9c01d4e5b678".into()),
        system: Some("You write.\nNever: lists.\n".into()),
        label: Some("spam".into()),
        variables: Some(variables(&[("topic", &["prize", "bank"]), ("tone", &["calm"])])),
        rules: [("topic".to_owned(), rule)].into(),
        user: "Write {{ n }}.".into(),
    };
    let text = file.to_text();
    assert!(text.starts_with("+++\n"), "{text}");
    assert_eq!(parsed(&text), file);
    assert!(PromptFile::parse("+++\nrules = { topic = { weigts = 1 } }\nsystem = 'x'\n+++\nx").is_err());
}
