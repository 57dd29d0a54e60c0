//! Tells which templates are evidently small: those that build no value.
//!
//! Such a template writes, compares and loops over the values of its scope, and nothing else. It cannot make
//! a value that is larger or deeper than those, so the engine's own count of steps bounds it. Most prompts are
//! of this kind. In doubt, a template is not.

use crate::template::lexer::{LexerMode, Tag, TagKind, TokenKind, lex};

/// The most text in a scope's values, in bytes, with which a plain template is small.
pub(super) const SMALL_VALUES: usize = 1 << 20;
/// The longest source, in bytes.
const LONGEST: usize = 60 * 1024;
/// The most tags,
const MOST_TAGS: usize = 400;
/// and the most tokens in one of them.
const MOST_TOKENS: usize = 60;

/// The statements that build nothing.
const STATEMENTS: [&str; 6] = ["for", "endfor", "if", "elif", "else", "endif"];
/// The filters that give no more than about what they get.
const FILTERS: [&str; 17] = [
    "capitalize",
    "count",
    "d",
    "default",
    "e",
    "escape",
    "first",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "string",
    "title",
    "tojson",
    "trim",
    "upper",
];
/// The operators that give no more than about what they get; `(` is looked at by itself.
const OPERATORS: [&str; 16] =
    [".", "|", ")", "[", "]", ",", "=", "==", "!=", "<", "<=", ">", ">=", "+", "-", "~"];

/// Returns whether a template is evidently small.
pub(crate) fn is_plain(source: &str) -> bool {
    if source.len() > LONGEST {
        return false;
    }
    let tags = lex(source, LexerMode::Exact);
    tags.len() <= MOST_TAGS && tags.iter().all(|tag| tag.close.is_some() && is_plain_tag(source, tag))
}

fn is_plain_tag(source: &str, tag: &Tag) -> bool {
    let word = |at: usize| tag.tokens.get(at).map_or("", |token| &source[token.range.clone()]);
    if tag.tokens.len() > MOST_TOKENS || tag.kind == TagKind::Statement && !STATEMENTS.contains(&word(0)) {
        return false;
    }
    (0..tag.tokens.len()).all(|at| {
        let before = at.checked_sub(1).map_or("", word);
        match tag.tokens[at].kind {
            TokenKind::Name if word(at) == "recursive" => false,
            TokenKind::Name => before != "|" || FILTERS.contains(&word(at)),
            TokenKind::Text | TokenKind::Number => true,
            // Of functions and methods, only `range` and filters are called.
            TokenKind::Operator if word(at) == "(" => {
                before == "range" || at > 1 && word(at - 2) == "|" && FILTERS.contains(&before)
            }
            TokenKind::Operator => OPERATORS.contains(&word(at)),
            TokenKind::OpenText | TokenKind::Stray => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_as_most_people_write_them_are_plain() {
        for source in [
            "",
            "Write a poem.",
            "Write {{ n }} texts about {{ topic | upper }}.\n{% for e in examples -%}\n- {{ e.text }}\n{% endfor %}",
            "{% if n > 1 and label in labels %}{{ labels | join(', ') }}{% elif not n %}-{% else %}one{% endif %}",
            "{# note #}{{ topic | default('x') }}{{ fields | tojson(indent=2) }}{{ examples[0].text ~ '!' }}",
            "{% for i in range(n) %}{{ loop.index + 1 }}. {{ topic is defined }}{% endfor %}",
        ] {
            assert!(is_plain(source), "{source}");
        }
    }

    #[test]
    fn whatever_can_build_a_value_is_not_plain() {
        for source in [
            "{% set x = 1 %}",
            "{% set x %}a{% endset %}",
            "{% macro m() %}{% endmacro %}",
            "{% for x in labels recursive %}{{ loop(labels) }}{% endfor %}",
            "{{ 'x' * 9 }}",
            "{{ 2 ** 9 }}",
            "{{ '%9d' % 1 }}",
            "{{ {'a': 1} }}",
            "{{ topic.center(9) }}",
            "{{ topic | center(9) }}",
            "{{ topic | map('upper') }}",
            "{{ namespace(a=1) }}",
            "{{ (1, 2) }}",
            "{% raw %}{{ x }}{% endraw %}",
            "{{ n",
            "{{ é }}",
        ] {
            assert!(!is_plain(source), "{source}");
        }
        assert!(!is_plain(&"{{ n }}".repeat(MOST_TAGS + 1)));
        assert!(!is_plain(&format!("{{{{ n{} }}}}", " + n".repeat(MOST_TOKENS))));
        assert!(!is_plain(&"a".repeat(LONGEST + 1)));
    }
}
