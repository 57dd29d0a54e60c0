use std::time::{Duration, Instant};

use super::super::{ExampleValue, Scope};
use super::*;
use proptest::prelude::*;
use serde_json::json;

fn scope() -> Scope {
    let example =
        |text: &str| ExampleValue { text: text.into(), label: "spam".into(), ..ExampleValue::default() };
    Scope {
        said: std::collections::BTreeMap::new(),
        n: 3,
        label: "spam".into(),
        labels: vec!["ham".into(), "spam".into()],
        examples: vec![example("You won"), example("Call <now>")],
        fields: json!({"text": {"type": "string", "max_chars": 320}}),
        variables: [("topic".to_owned(), json!("bank")), ("tones".to_owned(), json!(["calm", "loud"]))]
            .into(),
        seed: 7,
    }
}

fn text(source: &str) -> String {
    render(source, &scope()).unwrap().text
}

fn refused(source: &str) -> Diagnostic {
    render(source, &scope()).unwrap_err().diagnostic
}

#[track_caller]
fn assert_refused(source: &str, place: &str, message: &str) {
    let diagnostic = refused(source);
    assert_eq!(
        (&source[diagnostic.range.clone()], diagnostic.message.as_str()),
        (place, message),
        "{source}"
    );
}

#[test]
fn a_prompt_renders_as_it_is_written() {
    let source =
        "Write {{ n }} about {{ topic }}.\n\n{% for e in examples -%}\n- {{ e.text }}\n{% endfor %}\nEnd\n";

    assert_eq!(text(source), "Write 3 about bank.\n\n- You won\n- Call <now>\n\nEnd\n");
}

#[test]
fn nothing_is_escaped() {
    assert_eq!(text("{{ examples[1] }} {{ '<b>&' }}"), "Call <now> <b>&");
}

#[test]
fn json_is_written_as_jinja_does_or_plainly() {
    assert_eq!(text("{{ fields | tojson }}"), r#"{"text": {"max_chars": 320, "type": "string"}}"#);
    assert_eq!(
        text("{{ fields | tojson(ensure_ascii=false) }} {{ 'é<' | tojson(ensure_ascii=false) }}"),
        r#"{"text": {"type": "string", "max_chars": 320}} "é<""#
    );
    assert_eq!(text("{{ tones | tojson(indent=1) }}"), "[\n \"calm\",\n \"loud\"\n]");
    assert_eq!(text("{{ examples[1] | tojson }}"), r#"{"label": "spam", "text": "Call \u003cnow\u003e"}"#);
}

#[test]
fn lists_are_shown_as_in_jinja() {
    assert_eq!(
        text("{{ tones }} {{ examples }} {{ tones | string }}"),
        "['calm', 'loud'] ['You won', 'Call <now>'] ['calm', 'loud']"
    );
}

#[test]
fn an_undefined_name_is_shown_at_its_place() {
    let source = "é\n{% if true %}{{ topik }}{% endif %}";

    let diagnostic = refused(source);

    assert_eq!(diagnostic.message, "`topik` is not defined here; did you mean `topic`?");
    assert_eq!((diagnostic.line, diagnostic.column), (2, 17));
    assert_eq!(&source[diagnostic.range], "topik");
}

#[test]
fn undefined_names_are_found_wherever_they_are_used() {
    let message = "`topik` is not defined here; did you mean `topic`?";

    assert_refused("{{ topik | upper }}", "topik", message);
    assert_refused("{{ 1 + topik }}", "topik", message);
    assert_refused("{% for t in topik %}{% endfor %}", "topik", message);
    assert_refused("{% if topik %}{% endif %}", "topik", message);
    assert_refused("{{ topik.length }}", "topik", message);
    assert_refused(
        "{% for e in examples %}{{ e.txt }}{% endfor %}",
        "txt",
        "`e` has no `txt`; did you mean `text`?",
    );
}

#[test]
fn an_attribute_mapped_from_the_examples_must_be_there() {
    let message = "`examples` has no `txt` in its items; did you mean `text`?";

    assert_eq!(text("{{ examples | map(attribute='text') | join('/') }}"), "You won/Call <now>");
    assert_eq!(
        text("{{ tones | map('upper') | join }}{{ examples | map(attribute='x', default='-') | join }}"),
        "CALMLOUD--"
    );
    assert_refused("{{ examples[:1] | map(attribute='txt') | list }}", "'txt'", message);
    assert_refused("{{ examples | sort | map(attribute=\"txt\") | join }}", "\"txt\"", message);
}

#[test]
fn what_only_rendering_can_find_is_a_sentence_too() {
    assert_refused("{{ {'a': 1}.b }}", "{'a': 1}.b", "`(...).b` is not there; ask with `is defined` first.");
    assert_refused(
        "{{ topic + 1 }}",
        "topic + 1",
        "`topic + 1` does not work: tried to use + operator on unsupported types string and number.",
    );
    assert_refused("{{ topic | replace('a') }}", "replace('a')", "`replace('a')` needs one more argument.");
    assert_refused("{% for a in n %}{% endfor %}", "n", "`n` does not work: number is not iterable.");
    assert_refused(
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "m()",
        "Macros or loops call themselves too deeply here.",
    );
}

#[test]
fn syntax_errors_point_at_the_token() {
    assert_refused("a {{ topic", "{{", "`{{` is never closed; write `}}` after it.");
    assert_refused("é {{ topic label }}", "label", "A name stands where `}}` should be.");
    assert_refused("{{ topic | }}", "}}", "`}}` stands where a name should be.");
    assert_refused("{% for x tones %}{% endfor %}", "tones", "A name stands where `in` should be.");
    assert_refused(
        "{% if n %}\n{% endfor %}",
        "endfor",
        "`endfor` cannot close `if` of line 1; write `endif`.",
    );
    assert_refused("{% for x in %}{% endfor %}", "%}", "Something is missing before `%}`.");
    assert_refused("{{ n + 1e }}", "1e", "Invalid float.");
    assert_refused("{{ topic = 1 }}", "=", "`=` stands where `}}` should be.");
}

#[test]
fn checking_finds_the_unknown_without_rendering() {
    let source = "{% if false %}{{ topic | uper }}{{ n is od }}{% endif %}";

    let found = check_in(source, &scope().known());

    let messages: Vec<_> = found.iter().map(|d| (&source[d.range.clone()], d.message.as_str())).collect();
    assert_eq!(
        messages,
        [
            ("uper", "There is no filter `uper`; did you mean `upper`?"),
            ("od", "There is no test `od`; did you mean `odd`?")
        ]
    );
    assert_eq!(check(source), []);
}

#[test]
fn every_suggested_filter_and_test_is_there() {
    assert_eq!(FILTERS.iter().filter(|name| !has_filter(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(TESTS.iter().filter(|name| !has_test(name)).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(!has_filter("odd") && !has_test("upperr"));
}

#[track_caller]
fn assert_stops(source: &str, message: &str) {
    let started = Instant::now();
    let diagnostic = refused(source);
    let took = started.elapsed();
    assert!(diagnostic.message.contains(message), "{}", diagnostic.message);
    // Without bounds, each of these would take minutes or all memory; the exact time does not matter.
    assert!(took < Duration::from_secs(30), "{source}: it took {took:?}");
}

#[test]
fn random_is_drawn_by_the_seed() {
    let drawn = |seed| {
        let source = "{% for i in range(12) %}{{ range(10) | random }}{% endfor %}";
        render(source, &Scope { seed, ..scope() }).unwrap().text
    };

    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert!(drawn(1).bytes().any(|digit| digit != drawn(1).as_bytes()[0]));
}

#[test]
fn values_without_an_order_are_refused_at_their_place() {
    assert_refused(
        "{% for e in examples %}{% if e.text > 3 %}{% endif %}{% endfor %}",
        "e.text > 3",
        "A text and a number have no order; write `| int` after the text to compare numbers, or `| length` to compare \
         its length.",
    );
    assert_refused(
        "{{ n and tones < n }}",
        "tones < n",
        "A list and a number have no order; write `| length` after the list.",
    );
    assert_eq!(text("{{ topic == 3 }} {{ topic != n }} {{ tones | length > 1 }}"), "False True True");
}

#[test]
fn endless_work_stops_quickly() {
    let loops = "The template loops too long: it used more than 500,000 steps.";

    assert_stops("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", loops);
    assert_stops("{{ 'x' * 10**9 }}", loops);
    assert_stops("{{ 'x' | indent(10**9) }}", "");
    assert_stops("{{ range(10**9) }}", "range has too many elements");
    assert_stops("{{ ['x'] * 90000000 }}", "writes too much");
    assert_stops("{{ (['x'] * 90000000) | string }}", "writes too much");
    assert_stops("{{ (['x'] * 90000000) | tojson }}", "writes too much");
    for growing in [
        "{{ 'x'.center(10**9) }}",
        "{{ 'x' | center(10**9) }}",
        "{{ 'x'.zfill(10**12) }}",
        "{{ ('\t' * 1000).expandtabs(10**9) }}",
        "{{ ('a' * 100000).replace('', 'b' * 100000) }}",
        "{{ ('a' * 100000) | replace('a', 'b' * 100000) }}",
        "{{ 'a' | indent('b' * 5000000) }}",
        "{{ '%999999999d' | format(1) }}",
        "{{ '%.999999999f' % 1.5 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ (['x'] * 90000000) | sort }}",
        "{{ (['x'] * 90000000) | join }}",
        "{{ (['x'] * 90000000) | unique }}",
        "{{ (['x'] * 90000000) | map('upper') | list }}",
        "{{ (['x'] * 90000000) | random }}",
        "{{ (['x'] * 90000000) ~ '' }}",
        "{{ (['x'] * 90000000).index('y') }}",
        "{{ (['x'] * 90000000) < (['x'] * 90000000) }}",
        "{{ [1] | slice(10**9) | list }}",
        "{{ [1] | batch(10**9, 0) | list }}",
        "{{ ''.join(['x'] * 90000000) }}",
        "{{ 2 | int(0, 10) ** 100000 }}",
    ] {
        assert_stops(growing, "");
    }
    assert_stops(
        &format!("{{% for a in range(20000) %}}{}{{% endfor %}}", "0123456789abcdef".repeat(16)),
        "more than 4 MB",
    );
}

#[test]
fn values_that_double_are_not_written_whole() {
    let source = format!("{{% set x = [1] %}}{}{{{{ x }}}}", "{% set x = [x, x] %}".repeat(40));

    assert_stops(&source, "writes too much");
}

#[test]
fn comparing_and_wrapping_large_values_is_bounded() {
    assert_stops("{{ [1] * 10000000 == [1] * 10000000 }}", "loops too long");
    assert_stops("{{ [[1] * 9000000] != [[1] * 9000000] }}", "loops too long");
    assert_stops("{{ 5 in [1] * 10000000 }}", "loops too long");
    assert_stops(
        "{% for i in range(9) %}{{ ('a' * 900000) | wordwrap(5, true, '') | length }}{% endfor %}",
        "loops too long",
    );
}

#[test]
fn nesting_up_to_the_limit_does_not_use_up_the_stack() {
    let much = limits::MAX_OPERATORS - 20;
    let chains = ["+1", "|abs", ".a", " if 1 else 1", "[0]", "()", " and 1", "**1"];
    for chain in chains {
        let source = format!("{{{{ 1{} }}}}", chain.repeat(much / 2));
        let _ = render(&source, &scope());
    }
    for prefix in ["-", "not ", "("] {
        let _ = render(&format!("{{{{ {}1 }}}}", prefix.repeat(much)), &scope());
    }
    let _ = render(&format!("{{% if n %}}{}{{% endif %}}", "{% elif n %}".repeat(much)), &scope());
    let _ = render(&format!("{{% set x = [] %}}{}", "{% set x = [x] %}".repeat(much / 2)), &scope());
}

#[test]
fn a_macro_that_nests_values_does_not_use_up_the_stack() {
    let sets = "{% set x = [x] %}".repeat(700);
    for depth in [5, 10, 15, 20, 99] {
        let end = format!("{{% endmacro %}}{{{{ m([], {depth}) }}}}");
        let source =
            format!("{{% macro m(x, d) %}}{sets}{{% if d > 0 %}}{{{{ m(x, d - 1) }}}}{{% endif %}}{end}");
        let _ = render(&source, &scope());
    }
}

#[test]
fn a_large_template_without_faults_has_none() {
    let source = "Some text with {{ topic }} and {{ label }}.\n".repeat(500);

    assert_eq!(check_in(&source, &scope().known()), []);
}

const PIECES: &str = r#"(\{%-? |-?%\}|\{\{ | \}\}|\{#|#\}|for e in examples|endfor|if n|else|endif|set x = |macro m\(x\)|endmacro|raw|endraw|topic|e\.text|\|upper|\|join\(', '\)|[ \na-c"'()\[\]{}|.,~+*%0-9é🦀\\]){0,25}"#;

/// Expressions of Python's methods, the filters and the operators, with arguments that fit or do not.
const PYTHON: &str = r"\{\{ (topic|n|tones|fields|examples|'é b'|\[1, 'a', none\]|1e300|\(1,\)|namespace\(a=1\))((\.(upper|split|rsplit|splitlines|join|replace|center|zfill|ljust|expandtabs|find|rindex|count|startswith|partition|format|title|isdigit|items|keys|values|get|index|copy)| \| (title|center|truncate|wordwrap|indent|batch|slice|sort|unique|groupby|dictsort|min|sum|int|float|round|abs|tojson|pprint|xmlattr|urlencode|striptags|format|replace|random|map|filesizeformat|join|default|attr))(\((-?[0-9]{1,12}|'[a-zé%{}(),. \-]{0,6}'|none|true|tones|n|topic, n|'a', -1|width=9)\))?| (<|>=|~|%|\*|\+|in|==|//|\*\*) (n|topic|'%s'|tones|1e3|-2)){0,4} \}\}";

proptest! {
    #[test]
    fn python_is_rendered_or_refused_within_its_bounds(source in PYTHON) {
        let started = Instant::now();
        match render(&source, &scope()) {
            Ok(rendered) => prop_assert!(rendered.text.len() <= MAX_OUTPUT_BYTES),
            Err(error) => {
                let Diagnostic { range, message, .. } = error.diagnostic;
                prop_assert!(source.get(range).is_some_and(|place| !place.is_empty()), "{}", message);
                prop_assert!(message.ends_with(['.', '?']) && !message.contains("__"), "{}", message);
            }
        }
        prop_assert!(started.elapsed() < Duration::from_secs(20), "{}", source);
    }

    #[test]
    fn any_source_renders_or_says_why_at_a_place(source in PIECES) {
        let diagnostics = check_in(&source, &scope().known());
        let rendered = render(&source, &scope());
        if let Err(error) = &rendered {
            prop_assert!(source.get(error.diagnostic.range.clone()).is_some_and(|place| !place.is_empty()));
            prop_assert!(error.diagnostic.message.ends_with(['.', '?']), "{}", error.diagnostic.message);
        }
        for diagnostic in diagnostics {
            prop_assert!(source.get(diagnostic.range.clone()).is_some_and(|place| !place.is_empty()));
            prop_assert!(diagnostic.line <= source.matches('\n').count() + 1);
        }
    }

    #[test]
    fn text_without_tags_is_its_own_rendering(source in r"[^{}]{0,80}") {
        prop_assert_eq!(text(&source), source);
    }
}
