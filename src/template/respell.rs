//! Respells the operators that the engine answers otherwise than Jinja2, as calls of functions.
//!
//! ```text
//! topic > n            __compare(topic ,'>', n)      a text and a number have no order
//! xs == ys             __compare(xs ,'==', ys)       the engine compares without a bound
//! '%d rows' % n        __percent('%d rows' , n)      the engine has no such operator
//! a ~ b                __concat(a , b)               numbers and lists print as in Python
//! ```
//!
//! Only pieces are put in and operators replaced, so each place of the new text has one in the old.
//! The source was parsed before: here only the order of operators matters.

use std::ops::Range;

use super::expression::Expression;
use super::lexer::{LexerMode, TagKind, Token, TokenKind, lex};
use super::python::{COMPARE, CONCAT, KEEP, PERCENT};
use super::spans::is_keyword;

/// A respelled template.
#[derive(Debug, Clone)]
pub(crate) struct Respelled {
    /// The text for the engine.
    pub(crate) text: String,
    edits: Vec<Edit>,
}

/// A piece of the source with what stands for it.
#[derive(Debug, Clone)]
struct Edit {
    place: Range<usize>,
    text: String,
}

impl Respelled {
    /// Returns the range in the source of a range in the respelled text.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.place(range.start, false);
        start..self.place(range.end, true).max(start)
    }

    fn place(&self, at: usize, is_end: bool) -> usize {
        let (mut ours, mut theirs) = (0, 0);
        for edit in &self.edits {
            let next = theirs + (edit.place.start - ours);
            if at < next || at == next && is_end {
                break;
            }
            if at < next + edit.text.len() {
                return if is_end { edit.place.end } else { edit.place.start };
            }
            (ours, theirs) = (edit.place.end, next + edit.text.len());
        }
        ours + (at - theirs.min(at))
    }
}

/// Respells a template that parses.
pub(crate) fn respell(source: &str) -> Respelled {
    let tags = lex(source, LexerMode::Exact);
    let mut speller = Speller::default();
    for tag in &tags {
        let inside = Expression { source, tokens: &tag.tokens };
        let end = tag.tokens.len();
        match (tag.kind, inside.word(0)) {
            (TagKind::Comment, _) | (TagKind::Statement, "macro" | "raw") => {}
            (TagKind::Statement, "for") => {
                let start = inside.find(0, &["in"]).map_or(end, |at| at + 1);
                speller.level(inside.part(start..end));
            }
            (TagKind::Statement, "set") if inside.word(2) == "." => {
                if let Some(equals) = inside.find(0, &["="]) {
                    let value = inside.part(equals + 1..end);
                    speller.cut(value, &[], Some((KEEP, Vec::new())));
                    speller.level(value);
                }
            }
            (TagKind::Statement, _) => speller.level(inside.part(1..end)),
            (TagKind::Print, _) => speller.level(inside),
        }
    }
    let mut edits = speller.edits;
    // At one place, what closes comes before what opens, and the outermost call opens first.
    edits.sort_by_key(|edit| (edit.place.start, edit.place.end));
    let mut text = String::with_capacity(source.len());
    let mut at = 0;
    for edit in &edits {
        text.push_str(&source[at..edit.place.start]);
        text.push_str(&edit.text);
        at = edit.place.end;
    }
    text.push_str(&source[at..]);
    Respelled { text, edits }
}

/// Values with the operators that compare each with the next.
#[derive(Debug)]
pub(crate) struct Chain<'a> {
    pub(crate) parts: Vec<Expression<'a>>,
    pub(crate) operators: Vec<&'a str>,
}

/// Returns the comparisons in an expression, but for those of equality only.
pub(crate) fn chains(inside: Expression<'_>) -> Vec<Chain<'_>> {
    let mut speller = Speller::default();
    speller.level(inside);
    speller.chains
}

#[derive(Default)]
struct Speller<'a> {
    edits: Vec<Edit>,
    chains: Vec<Chain<'a>>,
}

/// The operators that compare; a chain of them is one call.
const COMPARISONS: [&str; 7] = ["<", "<=", ">", ">=", "==", "!=", "in"];

impl<'a> Speller<'a> {
    /// Respells an expression, or several with words or commas between them.
    fn level(&mut self, inside: Expression<'a>) {
        let end = inside.tokens.len();
        let is_word = |at: usize| inside.tokens[at].kind == TokenKind::Name;
        let mut start = 0;
        let mut at = 0;
        while at < end {
            let (word, before) = (inside.word(at), at.checked_sub(1).map_or("", |at| inside.word(at)));
            let is_boundary = match word {
                "," | ":" | "=" => true,
                _ if before == "." || before == "|" => false,
                "and" | "or" | "if" | "else" | "recursive" => is_word(at),
                "not" => is_word(at) && before != "is" && inside.word(at + 1) != "in",
                _ => false,
            };
            if is_boundary {
                self.comparison(inside.part(start..at));
                start = at + 1;
            }
            at = if matches!(word, "(" | "[" | "{") { inside.past_bracket(at) } else { at + 1 };
        }
        self.comparison(inside.part(start..end));
    }

    /// Respells a chain of comparisons.
    fn comparison(&mut self, chain: Expression<'a>) {
        let mut cuts = Vec::new();
        each(chain, |at, word, before| {
            let is_test = before == "is" || before == "not" && at > 1 && chain.word(at - 2) == "is";
            let is_operator = before != "." && before != "|" && !is_test && COMPARISONS.contains(&word);
            if is_operator {
                cuts.push(at - usize::from(word == "in" && before == "not")..at + 1);
            }
        });
        let words = |cut: &Range<usize>| match chain.word(cut.end - 1) {
            "in" if cut.len() == 2 => "not in",
            word => word,
        };
        let has_order = cuts.iter().any(|cut| !matches!(words(cut), "==" | "!="));
        let calls = cuts.iter().map(|cut| format!(",'{}',", words(cut))).collect::<Vec<_>>();
        let parts = self.cut(chain, &cuts, (!cuts.is_empty()).then_some((COMPARE, calls)));
        if has_order {
            let operators = cuts.iter().map(words).collect();
            self.chains.push(Chain { parts: parts.clone(), operators });
        }
        for part in parts {
            let mut cuts = Vec::new();
            each(part, |at, word, before| {
                if matches!(word, "+" | "-") && ends_value(part, at, before) {
                    cuts.push(at..at + 1);
                }
            });
            for term in self.cut(part, &cuts, None) {
                self.concat(term);
            }
        }
    }

    fn concat(&mut self, term: Expression<'a>) {
        let mut cuts = Vec::new();
        each(term, |at, word, _| {
            if word == "~" {
                cuts.push(at..at + 1);
            }
        });
        let calls = vec![",".to_owned(); cuts.len()];
        let parts = self.cut(term, &cuts, (!cuts.is_empty()).then_some((CONCAT, calls)));
        for part in parts {
            self.percent(part);
        }
    }

    fn percent(&mut self, product: Expression<'a>) {
        let texts = product.tokens.iter().take_while(|token| token.kind == TokenKind::Text).count();
        let mut next = None;
        each(product, |at, word, _| {
            if at > texts && next.is_none() && matches!(word, "*" | "/" | "//" | "%") {
                next = Some(at);
            }
        });
        let end = next.unwrap_or(product.tokens.len());
        if texts > 0 && product.word(texts) == "%" && end > texts + 1 {
            let format = product.part(0..end);
            self.cut(format, std::slice::from_ref(&(texts..texts + 1)), Some((PERCENT, vec![",".into()])));
        }
        let mut at = 0;
        while at < product.tokens.len() {
            if matches!(product.word(at), "(" | "[" | "{") {
                let past = product.past_bracket(at);
                self.level(product.part(at + 1..past.saturating_sub(1)));
                at = past;
            } else {
                at += 1;
            }
        }
    }

    /// Cuts an expression at operators and, with a function, puts its call around the parts.
    fn cut(
        &mut self,
        whole: Expression<'a>,
        cuts: &[Range<usize>],
        call: Option<(&str, Vec<String>)>,
    ) -> Vec<Expression<'a>> {
        let (Some(first), Some(last)) = (whole.tokens.first(), whole.tokens.last()) else {
            return Vec::new();
        };
        let place = |range: &Range<usize>| {
            let tokens = &whole.tokens[range.clone()];
            tokens.first().map_or(0, |token| token.range.start)
                ..tokens.last().map_or(0, |token| token.range.end)
        };
        let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.end));
        let ends = cuts.iter().map(|cut| cut.start).chain([whole.tokens.len()]);
        let parts: Vec<_> = starts.zip(ends).map(|(start, end)| whole.part(start..end)).collect();
        // Where an operand is missing, the engine finds the error.
        let is_whole = parts.iter().all(|part| !part.tokens.is_empty());
        if let Some((name, words)) = call.filter(|_| is_whole) {
            self.edits.push(Edit { place: first.range.start..first.range.start, text: format!("{name}(") });
            let operators = cuts.iter().zip(words);
            self.edits.extend(operators.map(|(cut, text)| Edit { place: place(cut), text }));
            self.edits.push(Edit { place: last.range.end..last.range.end, text: ")".into() });
        }
        parts
    }
}

/// Visits the tokens outside brackets, each with its word and the word before it.
fn each(inside: Expression<'_>, mut visit: impl FnMut(usize, &str, &str)) {
    let mut at = 0;
    while at < inside.tokens.len() {
        let word = inside.word(at);
        if inside.tokens[at].kind != TokenKind::Text {
            visit(at, word, at.checked_sub(1).map_or("", |at| inside.word(at)));
        }
        at = if matches!(word, "(" | "[" | "{") { inside.past_bracket(at) } else { at + 1 };
    }
}

/// Returns whether a value ends before the token at an index, so that a `-` there has two sides.
fn ends_value(inside: Expression<'_>, at: usize, before: &str) -> bool {
    let Some(token): Option<&Token> = at.checked_sub(1).and_then(|at| inside.tokens.get(at)) else {
        return false;
    };
    match token.kind {
        TokenKind::Operator => matches!(before, ")" | "]" | "}"),
        TokenKind::Name => {
            !is_keyword(before) || matches!(before, "true" | "True" | "false" | "False" | "none" | "None")
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> String {
        respell(source).text
    }

    #[test]
    fn comparisons_become_calls_and_the_rest_stays() {
        assert_eq!(shown("{{ a > 1 }}"), "{{ __compare(a ,'>', 1) }}");
        assert_eq!(shown("{% if a < b and not c %}"), "{% if __compare(a ,'<', b) and not c %}");
        assert_eq!(
            shown("{{ a == b }} x < y {{ 'a < b' }}"),
            "{{ __compare(a ,'==', b) }} x < y {{ 'a < b' }}"
        );
        assert_eq!(shown("{{ a is not in b }}{{ a is in b }}"), "{{ a is not in b }}{{ a is in b }}");
        assert_eq!(
            shown("{{ a + 1 <= b | length < 3 }}"),
            "{{ __compare(a + 1 ,'<=', b | length ,'<', 3) }}"
        );
        assert_eq!(shown("{% for x in xs if x > 1 %}"), "{% for x in xs if __compare(x ,'>', 1) %}");
        assert_eq!(shown("{{ a not in b }}"), "{{ __compare(a ,'not in', b) }}");
        assert_eq!(
            shown("{{ x is not none }}{{ m(a=1 < 2) }}"),
            "{{ x is not none }}{{ m(a=__compare(1 ,'<', 2)) }}"
        );
    }

    #[test]
    fn formats_and_concatenations_become_calls() {
        assert_eq!(shown("{{ '%d' % n }}"), "{{ __percent('%d' , n) }}");
        assert_eq!(shown("{{ n % 2 }}"), "{{ n % 2 }}");
        assert_eq!(shown("{{ a ~ -1 ~ 'b' + c }}"), "{{ __concat(a , -1 , 'b') + c }}");
        assert_eq!(
            shown("{{ ('%s' % (a ~ b)) < 'x' }}"),
            "{{ __compare((__percent('%s' , (__concat(a , b)))) ,'<', 'x') }}"
        );
    }

    #[test]
    fn a_place_in_the_new_text_has_one_in_the_source() {
        let source = "é {{ a > topic }} {{ b }}";
        let respelled = respell(source);

        let find = |word: &str| {
            let at = respelled.text.find(word).unwrap();
            &source[respelled.original(at..at + word.len())]
        };

        assert_eq!(find("topic"), "topic");
        assert_eq!(find("__compare(a ,'>', topic)"), "a > topic");
        assert_eq!(find("{{ b }}"), "{{ b }}");
    }
}
