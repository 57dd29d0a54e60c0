//! The words and marks of other template languages, with what is written for them here.
//!
//! A prompt that is moved from another tool should say at once what to write instead: Liquid's `size`,
//! nunjucks' `dump`, Go's `{{ .Label }}`, Handlebars' `{{#each}}`, JavaScript's `&&`.

use std::ops::Range;

use super::expression::Expression;
use super::lexer::{TagKind, TokenKind};
use super::spans::is_keyword;

/// Filters of other tools.
const FILTERS: [(&str, &str); 25] = [
    ("dump", "`tojson`"),
    ("json", "`tojson`"),
    ("toJson", "`tojson`"),
    ("to_json", "`tojson`"),
    ("jsonify", "`tojson`"),
    ("strip", "`trim`"),
    ("size", "`length`"),
    ("len", "`length`"),
    ("str", "`string`"),
    ("upcase", "`upper`"),
    ("uppercase", "`upper`"),
    ("downcase", "`lower`"),
    ("lowercase", "`lower`"),
    ("capfirst", "`capitalize`"),
    ("append", "`x ~ 'text'`"),
    ("prepend", "`'text' ~ x`"),
    ("concat", "`xs + others`"),
    ("plus", "`x + 1`"),
    ("minus", "`x - 1`"),
    ("times", "`x * 2`"),
    ("divided_by", "`x // 2`"),
    ("strip_html", "`striptags`"),
    ("newline_to_br", "`replace('\\n', '<br>')`"),
    ("nl2br", "`replace('\\n', '<br>')`"),
    ("truncatewords", "`x.split()[:n] | join(' ')`"),
];

/// Names and functions of other languages.
const NAMES: [(&str, &str); 14] = [
    ("null", "`none`"),
    ("nil", "`none`"),
    ("NULL", "`none`"),
    ("undefined", "`none`, or ask with `is defined`"),
    ("TRUE", "`true`"),
    ("FALSE", "`false`"),
    ("end", "`{% endif %}` or `{% endfor %}`"),
    ("if", "`{% if … %}` and `{% endif %}`"),
    ("blank", "`''`"),
    ("empty", "`not x`"),
    ("forloop", "`loop`"),
    ("this", "the name of the loop's item"),
    ("varargs", "each argument of the macro by its name"),
    ("kwargs", "each argument of the macro by its name"),
];

/// Functions of Python that are filters here.
const FUNCTIONS: [(&str, &str); 7] = [
    ("len", "`x | length`"),
    ("str", "`x | string`"),
    ("sorted", "`x | sort`"),
    ("reversed", "`x | reverse`"),
    ("enumerate", "`loop.index0` in the loop"),
    ("set", "`x | unique`"),
    ("print", "`{{ x }}`"),
];

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, remedy)| *remedy)
}

/// Returns what is written for a filter of another tool.
pub(crate) fn filter(name: &str) -> Option<&'static str> {
    find(&FILTERS, name)
}

/// Returns what is written for a name of another language.
pub(crate) fn name(name: &str, is_call: bool) -> Option<&'static str> {
    find(&NAMES, name).or_else(|| find(&FUNCTIONS, name).filter(|_| is_call))
}

/// Statements of Liquid, Django and nunjucks.
const STATEMENTS: [(&str, &str); 12] = [
    ("assign", "`{% set x = … %}`"),
    ("capture", "`{% set x %}…{% endset %}`"),
    ("unless", "`{% if not … %}`"),
    ("case", "`{% if x == … %}` and `{% elif x == … %}`"),
    ("when", "`{% elif x == … %}`"),
    ("comment", "`{# … #}`"),
    ("verbatim", "`{% raw %}…{% endraw %}`"),
    ("foreach", "`{% for x in xs %}`"),
    ("each", "`{% for x in xs %}`"),
    ("while", "`{% for i in range(n) %}` with `{% break %}`"),
    ("empty", "`{% else %}`"),
    ("asyncEach", "`{% for x in xs %}`"),
];

/// Returns what is written for a statement of another tool.
pub(crate) fn statement(word: &str) -> Option<&'static str> {
    find(&STATEMENTS, word)
}

/// Returns the token and the sentence for what another tool would understand in a tag that does not parse.
pub(crate) fn explain(inside: Expression<'_>, kind: TagKind) -> Option<(Range<usize>, String)> {
    let first = inside.tokens.first()?;
    let sentence = match kind {
        TagKind::Print => opening(inside),
        TagKind::Statement => {
            matches!((inside.word(0), inside.word(1)), ("elseif" | "elsif", _) | ("else", "if"))
                .then(|| "Another condition begins with `elif`; write `{% elif … %}`.".into())
        }
        TagKind::Comment => None,
    };
    sentence.map(|sentence| (first.range.clone(), sentence)).or_else(|| operator(inside))
}

/// Explains what stands at the beginning of a print tag.
fn opening(inside: Expression<'_>) -> Option<String> {
    // Handlebars takes blanks away with `~`.
    let inside = if inside.word(0) == "~" { inside.part(1..inside.tokens.len()) } else { inside };
    let name = if inside.word(1).is_empty() { "…" } else { inside.word(1) };
    let kind_at = |at: usize| inside.tokens.get(at).map(|token| token.kind);
    Some(match inside.word(0) {
        "." if kind_at(1) == Some(TokenKind::Name) => {
            format!("A name has no dot before it here; write `{{{{ {} }}}}`, if it means `{0}`.", name.to_lowercase())
        }
        "." if inside.word(1) == "." => {
            "This is the level above in Handlebars; write the name alone.".into()
        }
        "." => "A dot alone is no name here; write the name of the loop's item.".into(),
        "#" if name == "each" => {
            "This is Handlebars; write `{% for x in xs %}` here and `{% endfor %}` at its end.".into()
        }
        "#" if matches!(name, "if" | "unless") => {
            "This is Handlebars; write `{% if … %}` here and `{% endif %}` at its end.".into()
        }
        "#" if name == "with" => {
            "This is Handlebars; write each name with its record before it, such as `person.name`.".into()
        }
        "!" if inside.word(1) == "-" || kind_at(2) == Some(TokenKind::Name) && !is_keyword(inside.word(2)) => {
            "This is a comment of Mustache or Handlebars; write `{# … #}`.".into()
        }
        "#" => format!(
            "This is Mustache; write `{{% for x in {name} %}}` and `{{% endfor %}}` for a list, `{{% if {name} %}}` and `{{% endif %}}` else."
        ),
        "^" => format!("This is Mustache; write `{{% if not {name} %}}` here and `{{% endif %}}` at its end."),
        "/" => "This ends a section of Mustache or Handlebars; write `{% endfor %}` or `{% endif %}`.".into(),
        ">" => "Another file cannot be loaded here; write its text.".into(),
        "{" if kind_at(1) == Some(TokenKind::Name) => {
            "Three braces are Mustache; write two, for nothing is escaped here.".into()
        }
        "role" if matches!(kind_at(1), Some(TokenKind::Text | TokenKind::OpenText)) => {
            "This is a dotprompt file; put the system part after `system:` in a front matter, and the user part below it.".into()
        }
        "{" | "}" => DOUBLED.into(),
        _ if inside.word(1) == ":" => DOUBLED.into(),
        word if kind_at(0) == Some(TokenKind::Name) && (!is_keyword(word) || matches!(word, "if" | "else" | "with" | "block")) => return helper(word, inside),
        _ => return None,
    })
}

/// Explains a tag of Go or Handlebars that begins with a word, and a value after it.
fn helper(word: &str, inside: Expression<'_>) -> Option<String> {
    let next = inside.tokens.get(1)?;
    let is_value = matches!(next.kind, TokenKind::Text | TokenKind::Number)
        || next.kind == TokenKind::Name && !is_keyword(inside.word(1))
        || matches!(inside.word(1), "." | "$") && next.range.start > inside.tokens[0].range.end;
    if !is_value {
        return None;
    }
    let value = if next.kind == TokenKind::Name { inside.word(1) } else { "x" };
    let other = match word {
        "range" => "`{% for x in xs %}` here and `{% endfor %}` at its end".into(),
        "if" | "else" => "`{% if … %}` here and `{% endif %}` at its end".into(),
        "with" => "each name with its record before it, such as `person.name`".into(),
        "define" | "template" | "block" | "partial" => "the text itself; nothing is loaded here".into(),
        "printf" | "sprintf" => "`'%d rows' | format(n)`".into(),
        "eq" => "`a == b`".into(),
        "ne" => "`a != b`".into(),
        "lookup" | "index" => "`xs[0]`".into(),
        _ => {
            let is_filter = super::engine::has_filter(word);
            let filter = filter(word).map(|other| other.trim_matches('`')).or(is_filter.then_some(word))?;
            format!("the filter behind its value, `{{{{ {value} | {filter} }}}}`")
        }
    };
    Some(format!("Two values stand side by side, as in Go or Handlebars; write {other}."))
}

/// The sentence for doubled braces.
const DOUBLED: &str = "Two braces open a tag here; doubled braces for JSON are Python's `format`. Write single braces, such as \
                       `{\"rows\": []}`, or put the JSON between `{% raw %}` and `{% endraw %}`.";

/// Explains an operator of another language.
fn operator(inside: Expression<'_>) -> Option<(Range<usize>, String)> {
    let place = |at: usize, count: usize| {
        let tokens = inside.tokens.get(at..at + count)?;
        let is_joined = tokens.windows(2).all(|two| two[0].range.end == two[1].range.start);
        is_joined.then(|| tokens[0].range.start..tokens[count - 1].range.end)
    };
    let is_filter = |at: usize| at > 0 && inside.word(at - 1) == "|";
    (0..inside.tokens.len()).filter(|at| inside.tokens[*at].kind != TokenKind::Text).find_map(|at| {
        let (count, remedy) = match (inside.word(at), inside.word(at + 1)) {
            ("|", "|") => (2, "`or`"),
            ("&", "&") => (2, "`and`"),
            ("==", "=") => (2, "`==`"),
            ("!=", "=") | ("<", ">") => (2, "`!=`"),
            ("?", "?") => (2, "`| default(…, true)`"),
            ("?", ".") => (2, "`.` and `| default('')`"),
            ("?", _) => (1, "`a if condition else b`"),
            ("!", _) => (1, "`not`"),
            ("&", _) => (1, "`and`"),
            ("$", _) => (1, "the name without it"),
            ("`", _) => (1, "a quote, `'` or `\"`"),
            ("@", "index") => (2, "`loop.index0`"),
            ("@", "first") => (2, "`loop.first`"),
            ("@", "last") => (2, "`loop.last`"),
            ("@", "key") => (2, "`{% for key, value in xs.items() %}`"),
            ("@", "root") => (2, "the name behind it alone"),
            ("limit", ":") => (2, "`xs[:n]`"),
            ("offset", ":") => (2, "`xs[n:]`"),
            ("contains", _) if at > 0 && inside.word(at - 1) != "." && inside.word(at - 1) != "|" => {
                (1, "`in`, the other way around: `'x' in text`")
            }
            ("append" | "prepend" | "plus" | "minus" | "times" | "concat", ":") if is_filter(at) => {
                (2, filter(inside.word(at))?)
            }
            (_, ":") if is_filter(at) && inside.tokens[at].kind == TokenKind::Name => {
                (2, "the argument in parentheses: `| default('x')`")
            }
            _ => return None,
        };
        let range = place(at, count)?;
        let word = &inside.source[range.clone()];
        Some((range, format!("`{word}` has no meaning inside a tag; write {remedy}.")))
    })
}
