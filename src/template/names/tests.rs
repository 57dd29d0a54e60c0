use super::*;
use proptest::prelude::*;
use serde_json::json;

fn known() -> ScopeShape {
    let scope = crate::template::Scope {
        fields: json!({"text": {"type": "string", "max_chars": 320}, "tone": {"type": "string"}}),
        variables: [("topic".to_owned(), json!("bank"))].into(),
        ..crate::template::Scope::default()
    };
    scope.known()
}

fn found(source: &str) -> Vec<(String, String)> {
    let findings = missing(source, &known());
    findings.into_iter().map(|f| (source[f.range].to_owned(), f.message)).collect()
}

fn assert_clean(source: &str) {
    assert_eq!(found(source), [], "{source}");
}

fn assert_finds(source: &str, place: &str, message: &str) {
    assert_eq!(found(source), [(place.to_owned(), message.to_owned())], "{source}");
}

#[test]
fn a_misspelt_name_is_found_with_a_suggestion() {
    assert_finds("é\n{{ topik }}", "topik", "`topik` is not defined here; did you mean `topic`?");
    assert_finds("{{ 1 + weather }}", "weather", "`weather` is not defined here.");
}

#[test]
fn a_misspelt_attribute_of_an_example_is_found() {
    let message = "`e` has no `txt`; did you mean `text`?";

    assert_finds("{% for e in examples %}{{ e.txt }}{% endfor %}", "txt", message);
    assert_finds("{% for e in examples[:3] | reverse %}{{ e.txt }}{% endfor %}", "txt", message);
    assert_finds(
        "{% set shots = examples | list %}{% for e in shots %}{{ e.txt }}{% endfor %}",
        "txt",
        message,
    );
    assert_finds("{{ examples[0].txt }}", "txt", "`examples[0]` has no `txt`; did you mean `text`?");
    assert_finds(
        "{% for e in examples %}{{ loop.indx }}{% endfor %}",
        "indx",
        "`loop` has no `indx`; did you mean `index`?",
    );
    assert_finds(
        "{{ fields.text.maxchars }}",
        "maxchars",
        "`fields.text` has no `maxchars`; did you mean `max_chars`?",
    );
}

#[test]
fn an_attribute_of_a_list_or_a_text_is_explained() {
    assert_finds(
        "{{ examples.text }}",
        "text",
        "`examples` is a list and has no `text`; take it from each item in a `for` loop.",
    );
    assert_finds("{{ topic.upper }}", "upper", "`upper` is a method and needs `()`; write `topic.upper()`.");
    assert_finds("{{ topic.length }}", "length", "`topic` has no `length`; write `topic | length`.");
    assert_finds("{{ labels.length }}", "length", "`labels` has no `length`; write `labels | length`.");
    assert_finds("{{ n.foo }}", "foo", "`n` is a plain value and has no `foo`.");
}

#[test]
fn unknown_filters_tests_and_functions_are_found() {
    assert_finds("{{ topic | uper }}", "uper", "There is no filter `uper`; did you mean `upper`?");
    assert_finds(
        "{% filter uper %}{% endfilter %}",
        "uper",
        "There is no filter `uper`; did you mean `upper`?",
    );
    assert_finds("{{ topic is definde }}", "definde", "There is no test `definde`; did you mean `defined`?");
    assert_finds("{{ rnge(3) }}", "rnge", "There is no function `rnge` here; did you mean `range`?");
    assert_finds("{{ len(topic) }}", "len", "There is no `len` here; write `x | length`.");
    assert_finds("{{ int(topic) }}", "int", "There is no function `int` here; write `x | int`.");
    assert_finds("{{ topic | dump }}", "dump", "There is no filter `dump`; write `tojson`.");
    assert_finds("{{ topic == null }}", "null", "There is no `null` here; write `none`.");
}

#[test]
fn kinds_without_an_order_are_found_where_nothing_is_rendered() {
    let number = "A text and a number have no order; write `| int` after the text to compare numbers, or `| length` to \
                  compare its length.";
    assert_finds("{% if false %}{{ '7' > 10 }}{% endif %}", "'7' > 10", number);
    assert_finds("{% for e in examples %}{{ e.text <= 3 }}{% endfor %}", "e.text <= 3", number);
    assert_finds("{% for l in labels %}{{ l | upper > 1 }}{% endfor %}", "l | upper > 1", number);
    assert_finds("{% set x = topic %}{{ 1 and x.strip() >= 2 }}", "x.strip() >= 2", number);
    assert_finds(
        "{{ labels > 2 }}",
        "labels > 2",
        "A list and a number have no order; write `| length` after the list.",
    );
    assert_clean(
        "{{ topic | length > 3 }}{{ topic | int > 3 }}{{ labels | length >= n }}{{ topic < label }}",
    );
    assert_clean("{{ topic == 3 }}{{ topic != n }}{{ label in labels }}{{ n + 1 < 3 }}{{ 1 < n < 9 }}");
    assert_clean("{% set x = 1 %}{% if n %}{% set x = 'a' %}{% endif %}{{ x > 0 }}");
    assert_clean(
        "{% set ns = namespace(a=1) %}{{ ns.a > 1 }}{% macro m(a) %}{{ a > 1 }}{% endmacro %}{{ m(2) > 'a' }}",
    );
}

#[test]
fn methods_are_known_and_others_name_what_to_write() {
    assert_clean("{{ topic.strip().upper() }}{{ labels.index(label) }}{{ fields.items() | list }}");
    assert_clean("{% for e in examples %}{{ e.text.split(',')[0].strip() }}{% endfor %}");
    assert_clean("{% set ns = namespace(a=1) %}{% set ns.a = 2 %}{{ ns.a }}");
    assert_finds(
        "{{ topic.toUpperCase() }}",
        "toUpperCase",
        "There is no method `toUpperCase` here; write `.upper()`.",
    );
    assert_finds("{{ topic.stripp() }}", "stripp", "There is no method `stripp` here; did you mean `strip`?");
    assert_finds(
        "{% set xs = [] %}{% do xs.append(1) %}",
        "append",
        "There is no method `append` here; write `{% set xs = xs + [x] %}`, and keep the list in a `namespace` where a \
         loop collects it.",
    );
}

#[test]
fn names_that_the_template_sets_are_defined() {
    assert_clean("{% set a, b = 1, 2 %}{{ a + b }}");
    assert_clean("{% if n > 1 %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }}");
    assert_clean("{% set a %}x{% endset %}{{ a }}");
    assert_clean("{% with a = n, b = a %}{{ b }}{% endwith %}");
    assert_clean("{% macro m(a, b=n) %}{{ a ~ b }}{{ caller() }}{% endmacro %}{% call m(1) %}x{% endcall %}");
    assert_clean("{% call(x) range(1) %}{{ x }}{% endcall %}");
    assert_clean(
        "{% for k, v in fields | items if v.type %}{{ loop.index }}{{ k }}{{ v.any }}{% else %}{{ n }}{% endfor %}",
    );
    assert_clean("{% for x in [[1]] recursive %}{{ x }}{% endfor %}");
}

#[test]
fn a_name_ends_with_its_block() {
    assert_finds("{% for e in examples %}{% endfor %}{{ e }}", "e", "`e` is not defined here.");
    assert_finds("{% for e in examples %}{% else %}{{ e }}{% endfor %}", "e", "`e` is not defined here.");
    assert_finds("{% with a = 1 %}{% endwith %}{{ a }}", "a", "`a` is not defined here.");
    assert_finds("{{ a }}{% set a = 1 %}", "a", "`a` is not defined here.");
}

#[test]
fn what_is_asked_about_may_be_missing() {
    assert_clean("{% if hint is defined %}{{ hint }}{% endif %}");
    assert_clean("{% if hint is not defined %}x{% endif %}");
    assert_clean("{{ hint | default('x') }}{{ hint | d }}");
    assert_clean(
        "{% for e in examples %}{% if e.mood is defined %}{{ e.mood }}{% endif %}{{ e.hue | d }}{% endfor %}",
    );
}

#[test]
fn words_that_are_not_variables_are_not_read() {
    assert_clean(
        "{{ topic | replace('a', 'b') | indent(width=2) }}{{ n is divisibleby 2 and n is not none }}",
    );
    assert_clean("{{ {'a': 1}.a }}{# topik #}{% raw %}{{ topik }}{% endraw %}{{ 'topik' }}");
    assert_clean("{{ range(3) | join }}{{ label in labels }}{{ 'a' if n else 'b' }}{{ true }}");
}

proptest! {
    #[test]
    fn any_source_can_be_walked(source in r#"(\{%|%\}|\{\{|\}\}| for | in | if |set|macro|call|with|end|else|filter|is |not |[a-c.|,=()\[\]\{\}:"é ]){0,40}"#) {
        for finding in missing(&source, &known()) {
            prop_assert!(source.get(finding.range).is_some());
        }
    }
}
