//! Explains why a template does not parse: a block or bracket that is not closed, or closed by the wrong word.
//!
//! The engine reports such errors where it gave up, often at the end of the file. This finds the
//! place where the person has to write something. It is used only for templates that the engine
//! refused, so it cannot reject a valid one.

use std::ops::Range;

use super::diagnostic::Diagnostic;
use super::expression::Expression;
use super::lexer::{LexerMode, Tag, TagKind, Token, TokenKind, is_raw, lex};
use super::{foreign, suggest};

/// The words that open a block which needs an end.
const BLOCKS: [&str; 8] = ["for", "if", "set", "with", "macro", "call", "filter", "autoescape"];

/// The statements of Jinja that refer to other templates, which a prompt cannot.
const ELSEWHERE: [&str; 5] = ["include", "import", "from", "extends", "block"];

/// Returns the errors in the blocks and brackets of a template, in order of their places.
pub(crate) fn explain(source: &str) -> Vec<Diagnostic> {
    let tags = lex(source, LexerMode::Forgiving);
    let mut found = Found { source, diagnostics: Vec::new(), open: Vec::new() };
    for (index, tag) in tags.iter().enumerate() {
        let is_whole = found.tag(tag, tags.get(index + 1).is_some());
        if tag.kind == TagKind::Statement && !tag.tokens.is_empty() {
            let before = found.diagnostics.len();
            found.statement(Expression { source, tokens: &tag.tokens }, tag);
            // One error for a broken tag is enough, but it still opens or closes its block.
            found.diagnostics.truncate(if is_whole { usize::MAX } else { before });
        }
    }
    for (word, range, line) in std::mem::take(&mut found.open) {
        let message =
            format!("`{{% {word} %}}` of line {line} is never closed; write `{{% end{word} %}}` after it.");
        found.report(range, message);
    }
    found.diagnostics.sort_by_key(|diagnostic| diagnostic.range.start);
    together(found.diagnostics)
}

/// Says what is wrong in several places once, with the places.
fn together(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut once: Vec<(Diagnostic, Vec<usize>)> = Vec::new();
    for diagnostic in diagnostics {
        match once.iter_mut().find(|(first, _)| first.message == diagnostic.message) {
            Some((_, lines)) => lines.push(diagnostic.line),
            None => once.push((diagnostic, Vec::new())),
        }
    }
    let told = |(mut first, mut lines): (Diagnostic, Vec<usize>)| {
        if !lines.is_empty() {
            let count = lines.len();
            let times = if count == 1 { "once".into() } else { format!("{count} times") };
            lines.dedup();
            let shown: Vec<_> = lines.iter().take(5).map(usize::to_string).collect();
            let (word, more) =
                (if lines.len() == 1 { "line" } else { "lines" }, if lines.len() > 5 { " …" } else { "" });
            let places = format!(" The same stands {times} more, in {word} {}{more}.", shown.join(", "));
            first.message.push_str(&places);
        }
        first
    };
    once.into_iter().map(told).collect()
}

/// The sentence for a comment without its end.
const COMMENT: &str = "`{#` opens a comment that is never closed; write `#}` after it, or `{% raw %}{#{% endraw %}` for the \
                       characters themselves, as in the id of a heading.";

struct Found<'a> {
    source: &'a str,
    diagnostics: Vec<Diagnostic>,
    /// The open blocks: the opening word, its range and its line.
    open: Vec<(&'a str, Range<usize>, usize)>,
}

impl<'a> Found<'a> {
    fn report(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(self.source, range, message));
    }

    /// Checks one tag by itself and returns whether it is complete.
    fn tag(&mut self, tag: &Tag, has_next: bool) -> bool {
        let before = self.diagnostics.len();
        let (opened, closing) = match tag.kind {
            TagKind::Print => ("{{", "}}"),
            TagKind::Statement => ("{%", "%}"),
            TagKind::Comment => ("{#", "#}"),
        };
        let expression = Expression { source: self.source, tokens: &tag.tokens };
        if let Some((range, message)) = foreign::explain(expression, tag.kind) {
            self.report(range, message);
        } else if let Some(text) = tag.tokens.iter().find(|token| token.kind == TokenKind::OpenText) {
            let quote = &self.source[text.range.start..=text.range.start];
            self.report(
                text.range.clone(),
                format!("This text is never closed; write the other {quote} after it."),
            );
        } else if tag.close.is_none() {
            let other = if tag.kind == TagKind::Print { ["%", "}"] } else { ["}", "}"] };
            let mixed = tag.tokens.windows(2).position(|two| {
                two[0].range.end == two[1].range.start
                    && [&two[0], &two[1]].map(|token| &self.source[token.range.clone()]) == other
            });
            if tag.kind == TagKind::Comment {
                self.report(tag.open.clone(), COMMENT);
            } else if let Some(at) = mixed {
                let range = expression.tokens[at].range.start..expression.tokens[at + 1].range.end;
                self.report(
                    range,
                    format!("A tag that begins with `{opened}` ends with `{closing}`; write that."),
                );
            } else {
                let place = if has_next { "before the next tag" } else { "after it" };
                self.report(
                    tag.open.clone(),
                    format!("`{opened}` is never closed; write `{closing}` {place}."),
                );
            }
        } else if is_raw(self.source, tag) && !self.source[tag.end..].contains("endraw") {
            self.report(tag.open.clone(), "`{% raw %}` is never closed; write `{% endraw %}` after it.");
        } else if tag.kind != TagKind::Comment {
            self.inside(tag, opened, closing);
        }
        self.diagnostics.len() == before
    }

    fn inside(&mut self, tag: &Tag, opened: &str, closing: &str) {
        if tag.tokens.is_empty() {
            let end = tag.close.as_ref().map_or(tag.end, |close| close.end);
            let message = format!(
                "Nothing stands between `{opened}` and `{closing}`; write a name there, or delete it."
            );
            return self.report(tag.open.start..end, message);
        }
        if let Some(stray) = tag.tokens.iter().find(|token| token.kind == TokenKind::Stray) {
            let message = stray_character(&self.source[stray.range.clone()]);
            return self.report(stray.range.clone(), message);
        }
        self.brackets(&tag.tokens);
    }

    fn brackets(&mut self, tokens: &[Token]) {
        let mut open: Vec<&Token> = Vec::new();
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Operator) {
            let word = &self.source[token.range.clone()];
            if matches!(word, "(" | "[" | "{") {
                open.push(token);
            } else if matches!(word, ")" | "]" | "}") {
                let opener = open.pop().map_or("", |opener| &self.source[opener.range.clone()]);
                if closer(opener) != word {
                    return self.report(token.range.clone(), wrong_bracket(word, opener));
                }
            }
        }
        if let Some(opener) = open.last() {
            let word = &self.source[opener.range.clone()];
            self.report(
                opener.range.clone(),
                format!("`{word}` is never closed; write `{}` after it.", closer(word)),
            );
        }
    }

    fn statement(&mut self, inside: Expression<'a>, tag: &Tag) {
        let word = inside.word(0);
        let range = tag.tokens[0].range.clone();
        if let Some(opener) = word.strip_prefix("end").filter(|opener| BLOCKS.contains(opener)) {
            return self.end(word, opener, range);
        }
        let is_block = BLOCKS.contains(&word) && (word != "set" || inside.find(0, &["="]).is_none());
        if is_block {
            let line = self.source[..range.start].matches('\n').count() + 1;
            self.open.push((word, range, line));
        } else if matches!(word, "else" | "elif") {
            let fits = |opener: &str| opener == "if" || opener == "for" && word == "else";
            if !self.open.last().is_some_and(|(opener, ..)| fits(opener)) {
                self.report(
                    range,
                    format!("`{word}` has no `if` that it belongs to; write `{{% if … %}}` before it."),
                );
            }
        } else if ELSEWHERE.contains(&word) {
            self.report(
                range,
                format!("`{word}` does not work here: a prompt stands alone and loads no other file."),
            );
        } else if matches!(word, "break" | "continue") {
            if !self.open.iter().any(|(opener, ..)| *opener == "for") {
                self.report(range, format!("`{word}` works only inside a `for` loop."));
            }
        } else if !matches!(word, "set" | "do" | "raw" | "endraw") {
            if let Some(remedy) = foreign::statement(word) {
                return self.report(range, format!("There is no statement `{word}`; write {remedy}."));
            }
            let words = BLOCKS.iter().copied().chain([
                "else", "elif", "endfor", "endif", "endset", "do", "raw", "endraw", "break", "continue",
            ]);
            let ending = suggest::ending(word, words);
            self.report(range, format!("There is no statement `{word}`{ending}"));
        }
    }

    fn end(&mut self, word: &str, opener: &str, range: Range<usize>) {
        match self.open.last() {
            Some((last, ..)) if *last == opener => {
                self.open.pop();
            }
            Some((last, _, line)) => {
                let message = format!("`{word}` cannot close `{last}` of line {line}; write `end{last}`.");
                self.report(range, message);
                self.open.pop();
            }
            None => self.report(
                range,
                format!("`{word}` closes nothing: no `{{% {opener} … %}}` is open before it."),
            ),
        }
    }
}

fn closer(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => "",
    }
}

fn wrong_bracket(word: &str, opener: &str) -> String {
    if opener.is_empty() {
        format!("`{word}` closes nothing; delete it.")
    } else {
        format!("`{word}` cannot close `{opener}`; write `{}`.", closer(opener))
    }
}

fn stray_character(character: &str) -> String {
    let first = character.chars().next().unwrap_or(' ');
    if first.is_alphanumeric() {
        format!("A name is written with the letters a–z, digits and `_`; `{first}` cannot be in it.")
    } else if first.is_whitespace() || first.is_control() || !first.is_ascii() {
        format!("The character U+{:04X} has no meaning inside a tag; delete it.", u32::from(first))
    } else {
        format!("`{first}` has no meaning inside a tag; delete it.")
    }
}

#[cfg(test)]
mod tests;
