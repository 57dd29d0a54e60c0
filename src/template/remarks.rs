//! What is valid in a template, and probably not meant: places of other tools, and text inside a comment.
//!
//! A remark never prevents anything. JSON examples, code, prices and formulas also have braces and
//! dollar signs, so a place is remarked on only if its name is one that this prompt knows, if it
//! repeats, or if the template has no tag of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::lexer::{LexerMode, Tag, TagKind, lex};
use super::shape::ScopeShape;

/// The ways in which other tools write a place that a value is put into.
const STYLES: [Style; 4] = [
    Style { open: "{", close: "}", tool: "Python's `format`", is_plain: true },
    Style { open: "${", close: "}", tool: "a shell or JavaScript", is_plain: true },
    Style { open: "<<", close: ">>", tool: "another tool", is_plain: true },
    Style { open: "%(", close: ")s", tool: "Python's `%`", is_plain: true },
];

/// How a tool writes a place.
struct Style {
    open: &'static str,
    close: &'static str,
    tool: &'static str,
    /// Whether names that the prompt does not know count too.
    is_plain: bool,
}

/// `$name`, of a shell or of `string.Template`.
const DOLLAR: Style = Style { open: "$", close: "", tool: "a shell or `string.Template`", is_plain: false };

/// Returns the remarks on a template, in order of their places.
pub(crate) fn remarks(source: &str, known: &ScopeShape) -> Vec<Diagnostic> {
    let tags = lex(source, LexerMode::Exact);
    let texts = outside(source, &tags);
    let has_tag = tags.iter().any(|tag| tag.kind == TagKind::Print);
    let mut found: Vec<Diagnostic> = STYLES
        .iter()
        .chain([&DOLLAR])
        .filter_map(|style| places(source, &texts, style, known, has_tag))
        .collect();
    found.extend(tags.iter().filter_map(|tag| comment(source, tag)));
    found.extend(program(source, &texts));
    found.extend(turns(source, &texts));
    found.sort_by_key(|diagnostic| diagnostic.range.start);
    found
}

/// Returns the parts of the source outside tags.
fn outside(source: &str, tags: &[Tag]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for tag in tags {
        parts.push(start..tag.open.start);
        start = tag.close.as_ref().map_or(tag.end, |close| close.end);
    }
    parts.push(start..source.len());
    parts.retain(|part| part.start < part.end);
    parts
}

/// Returns the remark on all places of one style.
fn places(
    source: &str,
    texts: &[Range<usize>],
    style: &Style,
    known: &ScopeShape,
    has_tag: bool,
) -> Option<Diagnostic> {
    let mut names: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    for text in texts {
        let mut at = text.start;
        while let Some(found) = source[at..text.end].find(style.open) {
            let start = at + found;
            at = start + style.open.len();
            if let Some((name, end)) = place(source, start, style) {
                names.entry(name).or_default().push(start..end);
                at = end;
            }
        }
    }
    let is_known = |name: &str| known.get(name).is_some() || name == "text";
    let any_known = names.keys().any(|name| is_known(name));
    let repeats = |places: &Vec<Range<usize>>| places.len() > 1 && !style.open.starts_with('<');
    let is_meant = |(name, places): &(&&str, &Vec<Range<usize>>)| {
        is_known(name) || style.is_plain && (any_known || !has_tag || repeats(places))
    };
    let mut meant: Vec<(&str, &Vec<Range<usize>>)> =
        names.iter().filter(is_meant).map(|(name, places)| (*name, places)).collect();
    meant.sort_by_key(|(_, places)| places[0].start);
    let first = meant.first()?.1[0].clone();
    let shown: Vec<_> =
        meant.iter().take(5).map(|(_, places)| format!("`{}`", &source[places[0].clone()])).collect();
    let more = if meant.len() > 5 { " and others" } else { "" };
    let (stand, looks) = if meant.len() == 1 {
        ("is sent as it stands", "it looks like a place")
    } else {
        ("are sent as they stand", "they look like places")
    };
    let message = format!(
        "{}{more} {stand}; {looks} of {}. For a value, write `{{{{ {} }}}}`.",
        shown.join(", "),
        style.tool,
        meant[0].0
    );
    Some(Diagnostic::error(source, first, message))
}

/// Reads a place that begins at an index, and returns its name and its end.
fn place<'a>(source: &'a str, start: usize, style: &Style) -> Option<(&'a str, usize)> {
    let before = source[..start].chars().next_back().unwrap_or(' ');
    // `\textbf{n}`, `^{n}` and `_{n}` are formulas, `f{n}` is code.
    let is_other = matches!(before, '{' | '$' | '\\' | '^' | '_' | '}' | ']') || before.is_alphanumeric();
    if is_other && style.open != "%(" {
        return None;
    }
    let rest = &source[start + style.open.len()..];
    let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let name = &rest[..length];
    if name.is_empty() || name.as_bytes()[0].is_ascii_digit() || name.bytes().all(|b| b == b'_') {
        return None;
    }
    let mut after = length;
    if style.open == "{" {
        // `{name:>10}`, `{name!r}`, `{row.text}` and `{rows[0]}` belong to `format` too.
        let tail = &rest[length..];
        if tail.starts_with([':', '!', '.', '[']) {
            let end = tail.find(['}', '\n', ' ', '"', '\'', '{'])?;
            after += end;
        }
    }
    if !rest[after..].starts_with(style.close) {
        return None;
    }
    after += style.close.len();
    let next = rest[after..].chars().next().unwrap_or(' ');
    // `$x$` is a formula, `{x}}` is the rest of something else.
    let is_formula = match style.open {
        "$" => matches!(next, '$' | '{' | '('),
        "${" => matches!(next, '^' | '_' | '$'),
        _ => false,
    };
    if is_formula || style.open == "{" && next == '}' {
        return None;
    }
    Some((name, start + style.open.len() + after))
}

/// Returns the remark on places of ERB, EJS or JSP.
fn program(source: &str, texts: &[Range<usize>]) -> Option<Diagnostic> {
    texts.iter().find_map(|text| {
        let start = text.start + source[text.clone()].find("<%")?;
        let end = start + 2 + source[start + 2..text.end].find("%>")? + 2;
        let place = source[start..end].lines().next().unwrap_or_default();
        let name = source[start + 2..end - 2].trim_matches(|c: char| "=-".contains(c) || c.is_whitespace());
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let message = format!(
            "`{place}` is sent as it stands; it looks like a place of ERB, EJS or JSP. For a value, write `{{{{ {} }}}}`; \
             for a statement, `{{% … %}}`.",
            if is_name { name } else { "name" }
        );
        Some(Diagnostic::error(source, start..end, message))
    })
}

/// The marks with which models and tools part the turns of a chat.
const MARKS: [&str; 9] = [
    "<|im_start|>",
    "<|start_header_id|>",
    "<|system|>",
    "<|user|>",
    "<start_of_turn>",
    "<<SYS>>",
    "[INST]",
    "<|begin_of_text|>",
    "<|start|>",
];

/// Returns the remark on the turns of a chat that are written into one text.
fn turns(source: &str, texts: &[Range<usize>]) -> Option<Diagnostic> {
    let marked = texts.iter().find_map(|text| {
        let part = &source[text.clone()];
        let places = MARKS.iter().filter_map(|mark| part.find(mark).map(|at| (text.start + at, mark.len())));
        places.min().map(|(at, length)| at..at + length)
    });
    let range = marked.or_else(|| roles(source))?;
    let message = format!(
        "`{}` begins a turn of a chat and is sent as it stands, within one message. Put the system part after `system:` in a \
         front matter or into its own tab, and write the user part without such marks.",
        &source[range.clone()]
    );
    Some(Diagnostic::error(source, range, message))
}

/// Returns the first of the lines that give a text two roles, such as `system:` and `user:`, or `Human:` and `Assistant:`.
fn roles(source: &str) -> Option<Range<usize>> {
    let text = source.trim_start();
    let start = source.len() - text.len();
    let role = |line: &str| {
        line.trim().trim_start_matches(['#', '*', ' ']).trim_end_matches('*').to_ascii_lowercase()
    };
    let first = text.lines().next()?;
    let has = |wanted: &[&str]| text.lines().skip(1).any(|line| wanted.contains(&role(line).as_str()));
    let is_parted = role(first) == "system:" && has(&["user:"]);
    let ends = ["\n\nAssistant:", "\nAssistant:", "\nAI:"].iter().any(|end| text.trim_end().ends_with(end));
    let opens = ["Human:", "User:", "System:"].into_iter().find(|word| text.starts_with(word));
    match opens {
        Some(word) if ends => Some(start..start + word.len()),
        _ => is_parted.then(|| start..start + first.trim_end().len()),
    }
}

/// Returns the remark on a comment that probably holds text, such as one that the id of a heading opens.
fn comment(source: &str, tag: &Tag) -> Option<Diagnostic> {
    let close = tag.close.as_ref().filter(|_| tag.kind == TagKind::Comment)?;
    let left_out = &source[tag.open.end..close.start];
    let lines = left_out.matches('\n').count();
    let is_note = left_out.starts_with(char::is_whitespace) || left_out.is_empty() || tag.open.len() > 2;
    if lines == 0 && is_note {
        return None;
    }
    let first = source[..tag.open.start].matches('\n').count() + 1;
    let place =
        if lines == 0 { format!("line {first}") } else { format!("lines {first}–{}", first + lines) };
    let count = crate::text::thousands(left_out.chars().count() as u64);
    let message = format!(
        "A comment leaves out {count} characters, {place}. Where `{{#` is meant as text, such as the id of a heading, \
         write `{{% raw %}}{{#{{% endraw %}}`."
    );
    Some(Diagnostic::error(source, tag.open.clone(), message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Shape;

    fn told(source: &str) -> Vec<String> {
        let known = ScopeShape::default().with("topic", Shape::Scalar);
        remarks(source, &known).into_iter().map(|remark| remark.message).collect()
    }

    #[test]
    fn places_of_other_tools_are_remarked_on_once_a_style() {
        assert_eq!(
            told("Write {n} texts of {label:>8} about {weather}.\n{n}"),
            [
                "`{n}`, `{label:>8}`, `{weather}` are sent as they stand; they look like places of Python's `format`. \
                 For a value, write `{{ n }}`."
            ]
        );
        assert_eq!(told("Write $n or ${label}.").len(), 2);
        assert_eq!(told("Write <<label>> and %(topic)s {{ n }}.").len(), 2);
        assert_eq!(told("Write about {subject}.").len(), 1, "a template without any tag");
        assert_eq!(told("{{ n }} about {subject}, only {subject}.").len(), 1, "a name that repeats");
    }

    #[test]
    fn json_code_prices_and_formulas_are_no_places() {
        for source in [
            "{{ n }} rows such as {\"text\": \"…\", \"label\": \"x\"} or {}",
            "{{ n }} for $5 or $10, $x$ and $n$, \\textbf{label}, x^{n}, a_{n}",
            "{{ n }} if (x) {return} function f() {y}",
            "{{ n }} {% raw %}{{ x }}{% endraw %} {{ {'n': 1} }}",
            "{{ n }} {0} {} { label }",
            "{{ n }} <label> <b>text</b> 5 << 3",
        ] {
            assert_eq!(told(source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn places_of_erb_and_turns_of_a_chat_are_remarked_on() {
        assert!(told("Write <%= n %> {{ n }}.")[0].contains("ERB, EJS or JSP. For a value, write `{{ n }}`"));
        assert_eq!(told("{{ n }} rows, 5 <% of %d").len(), 0);
        for source in [
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n{{ n }}<|im_end|>",
            "[INST] <<SYS>>\nBe brief.\n<</SYS>> {{ n }} [/INST]",
            "\n\nHuman: Write {{ n }}.\n\nAssistant:",
            "system:\nBe brief.\n\nuser:\nWrite {{ n }}.",
            "# System:\nBe brief.\n\n# User:\nWrite {{ n }}.",
        ] {
            let told = told(source);
            assert!(told.len() == 1 && told[0].contains("begins a turn of a chat"), "{source}: {told:?}");
        }
        for source in [
            "Write {{ n }} chats such as\nUser: hello\nAssistant: hi\nUser: bye",
            "User: is a label. Write {{ n }}.",
            "{{ '<|im_start|>' }} {{ n }}",
        ] {
            assert_eq!(told(source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn a_comment_that_leaves_text_out_is_told_with_its_lines() {
        assert_eq!(
            told("# A {#a}\n\nWrite {{ n }}.\n\n# B {#b} #}"),
            [
                "A comment leaves out 29 characters, lines 1–5. Where `{#` is meant as text, such as the id of a heading, \
                 write `{% raw %}{#{% endraw %}`."
            ]
        );
        assert_eq!(told("{# a note #}{#- another -#}{{ n }}"), Vec::<String>::new());
    }
}
