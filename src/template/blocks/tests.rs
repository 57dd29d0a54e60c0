use super::*;

fn explained(source: &str) -> Vec<(&str, String)> {
    explain(source).into_iter().map(|d| (&source[d.range], d.message)).collect()
}

fn assert_explains(source: &str, place: &str, message: &str) {
    assert_eq!(explained(source), [(place, message.to_owned())], "{source}");
}

#[test]
fn an_unclosed_tag_is_shown_where_it_opens() {
    assert_explains("é\na {{ topic", "{{", "`{{` is never closed; write `}}` after it.");
    assert_explains("a {{ topic b {{ c }}", "{{", "`{{` is never closed; write `}}` before the next tag.");
    assert_explains("a {# b", "{#", COMMENT);
    assert_explains("{% raw %} b", "{%", "`{% raw %}` is never closed; write `{% endraw %}` after it.");
}

#[test]
fn a_tag_closed_by_the_other_kind_is_told_so() {
    assert_explains("{{ topic %} b", "%}", "A tag that begins with `{{` ends with `}}`; write that.");
    assert_explains(
        "{% if n }} b{% endif %}",
        "}}",
        "A tag that begins with `{%` ends with `%}`; write that.",
    );
}

#[test]
fn an_unclosed_block_is_shown_where_it_opens() {
    assert_explains(
        "a\n{% for e in examples %}\n{{ e }}",
        "for",
        "`{% for %}` of line 2 is never closed; write `{% endfor %}` after it.",
    );
}

#[test]
fn a_wrong_end_names_the_block_that_is_open() {
    assert_explains(
        "{% if n %}\n{% endfor %}",
        "endfor",
        "`endfor` cannot close `if` of line 1; write `endif`.",
    );
    assert_explains("a{% endif %}", "endif", "`endif` closes nothing: no `{% if … %}` is open before it.");
    assert_explains(
        "a{% else %}",
        "else",
        "`else` has no `if` that it belongs to; write `{% if … %}` before it.",
    );
}

#[test]
fn a_misspelt_statement_gets_a_suggestion() {
    assert_explains("{% fro e in examples %}", "fro", "There is no statement `fro`; did you mean `for`?");
    assert_explains(
        "{% include 'x' %}",
        "include",
        "`include` does not work here: a prompt stands alone and loads no other file.",
    );
}

#[test]
fn brackets_quotes_and_empty_tags_are_explained() {
    assert_explains("{{ topic | join( }}", "(", "`(` is never closed; write `)` after it.");
    assert_explains("{{ (n] }}", "]", "`]` cannot close `(`; write `)`.");
    assert_explains("{{ n) }}", ")", "`)` closes nothing; delete it.");
    assert_explains(
        "{{ }}",
        "{{ }}",
        "Nothing stands between `{{` and `}}`; write a name there, or delete it.",
    );
    assert_explains("{{ 'a }} b", "'a", "This text is never closed; write the other ' after it.");
    assert_explains(
        "{{ thème }}",
        "è",
        "A name is written with the letters a–z, digits and `_`; `è` cannot be in it.",
    );
    assert_explains("{{ !n }}", "!", "`!` has no meaning inside a tag; write `not`.");
    assert_explains("{{\u{a0}n }}", "\u{a0}", "The character U+00A0 has no meaning inside a tag; delete it.");
}

#[test]
fn what_other_tools_write_names_the_spelling_here() {
    let starts = |source: &str, place: &str, words: &str| {
        let found = explain(source);
        assert_eq!(&source[found[0].range.clone()], place, "{source}: {found:?}");
        assert!(found[0].message.contains(words), "{source}: {}", found[0].message);
    };
    starts("{{\"rows\": [{{\"text\": \"…\"}}]}}", "\"rows\"", "doubled braces for JSON");
    starts("{{#each xs}}a{{/each}}", "#", "{% for x in xs %}");
    starts("{{#xs}}a{{/xs}}", "#", "{% for x in xs %}");
    starts("{{^xs}}a{{/xs}}", "^", "{% if not xs %}");
    starts("{{> part}}", ">", "its text");
    starts("{{{ label }}}", "{", "Three braces");
    starts("{{ .Label }}", ".", "{{ label }}");
    starts("{{role \"system\"}}x", "role", "dotprompt");
    starts("{{ n && label }}", "&&", "`and`");
    starts("{{ n || label }}", "||", "`or`");
    starts("{{ n === 1 }}", "===", "`==`");
    starts("{{ n ? 1 : 2 }}", "?", "if condition else");
    starts("{% if n %}{% elseif label %}{% endif %}", "elseif", "`elif`");
    starts("{% assign x = 1 %}", "assign", "{% set x = … %}");
    starts("{{~#each xs~}}a{{~/each~}}", "~", "{% for x in xs %}");
    starts("{{#with label}}{{/with}}", "#", "`person.name`");
    starts("{{!-- a note --}}{{ n }}", "!", "`{# … #}`");
    starts("{{! a note }}", "!", "`{# … #}`");
    starts("{{ !n }}", "!", "`not`");
    starts("{{ @index }}", "@index", "`loop.index0`");
    starts("{{ ../label }}", ".", "the name alone");
    starts("{{range .Examples}}{{.Text}}{{end}}", "range", "{% for x in xs %}");
    starts("{{ printf \"%d\" n }}", "printf", "format(n)");
    starts("{{ len examples }}", "len", "{{ examples | length }}");
    starts("{{upper label}}", "upper", "{{ label | upper }}");
    starts("{{ label | default: 'x' }}", "default:", "`| default('x')`");

    starts("{{ label | append: 'y' }}", "append:", "`x ~ 'text'`");
    starts("{% if label contains 'x' %}{% endif %}", "contains", "`'x' in text`");
    starts("{% for e in examples limit:3 %}{% endfor %}", "limit:", "`xs[:n]`");
    starts("{% if n <> 3 %}{% endif %}", "<>", "`!=`");
    starts("{% unless n %}", "unless", "{% if not … %}");
}

#[test]
fn the_same_error_in_several_places_is_told_once() {
    let found = explain("a {{ b\n{{ c\n{{ d");
    let told: Vec<_> = found.iter().map(|d| (d.line, d.message.as_str())).collect();

    assert_eq!(
        told,
        [
            (
                1,
                "`{{` is never closed; write `}}` before the next tag. The same stands once more, in line 2."
            ),
            (3, "`{{` is never closed; write `}}` after it."),
        ]
    );
}

#[test]
fn a_set_with_a_value_needs_no_end() {
    assert_eq!(explained("{% set a = 1 %}{% set b %}x{% endset %}"), []);
}
