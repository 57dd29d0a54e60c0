//! Compares the engine with Jinja2, by the table that `tests/jinja/expected.py` writes.

use serde::Deserialize;

use super::super::Scope;
use super::{check_in, render};

/// What Jinja2 made of the templates.
#[derive(Deserialize)]
struct Table {
    jinja2: String,
    context: serde_json::Map<String, serde_json::Value>,
    cases: Vec<Case>,
}

/// A template with its text, or the error that Jinja2 stopped with.
#[derive(Deserialize)]
struct Case {
    source: String,
    text: Option<String>,
    error: Option<String>,
    /// Words of the message with which the engine refuses the template on purpose.
    refused: Option<String>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../../../tests/fixtures/jinja.json")).unwrap()
}

fn scope(table: &Table) -> Scope {
    let variables = table.context.iter().map(|(name, value)| (name.clone(), value.clone()));
    Scope {
        n: 3,
        label: "spam".into(),
        labels: vec!["ham".into(), "spam".into()],
        variables: variables.collect(),
        ..Scope::default()
    }
}

/// Returns how the engine differs from the table.
fn difference(case: &Case, scope: &Scope) -> Option<String> {
    let rendered = match check_in(&case.source, &scope.known()).into_iter().next() {
        Some(diagnostic) => Err(diagnostic),
        None => render(&case.source, scope).map(|r| r.text).map_err(|error| error.diagnostic),
    };
    let is_right = match (&rendered, &case.text, &case.refused) {
        (Err(diagnostic), _, Some(words)) => diagnostic.message.contains(words.as_str()),
        (Ok(ours), Some(theirs), None) => ours == theirs,
        (Err(_), None, None) => true,
        _ => false,
    };
    let theirs = case.text.as_ref().or(case.error.as_ref());
    (!is_right).then(|| format!("{}\n  ours   {rendered:?}\n  theirs {theirs:?}\n", case.source))
}

#[test]
fn templates_give_the_text_of_jinja2_or_an_error() {
    let table = table();
    let scope = scope(&table);

    let wrong: Vec<String> = table.cases.iter().filter_map(|case| difference(case, &scope)).collect();

    assert!(wrong.is_empty(), "{} differ from Jinja2 {}:\n{}", wrong.len(), table.jinja2, wrong.join("\n"));
}
