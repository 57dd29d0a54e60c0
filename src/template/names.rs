//! Finds the names that a template reads and that are not defined.
//!
//! The engine finds an undefined name only when it reaches it while rendering. A person who types
//! wants to know at once, also in a loop over an empty list and in a branch that is not taken. So
//! this walks all tags and tracks the scopes of loops, macros and assignments.

pub(super) mod statements;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::expression::{Expression, Path, Role};
use super::lexer::{LexerMode, Tag, TagKind, Token, lex};
use super::respell::{self, Chain};
use super::shape::{ScopeShape, Shape};
use super::{engine, foreign, python, suggest};

/// An undefined name, attribute, filter or test that a template uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Its bytes in the source.
    pub(crate) range: Range<usize>,
    /// The sentence for the person.
    pub(crate) message: String,
}

/// The most that is reported of a template.
const MOST: usize = 100;

/// Returns what is used and not defined, in order of its place: of thousands, the first hundred.
pub(crate) fn missing(source: &str, known: &ScopeShape) -> Vec<Finding> {
    let tags = lex(source, LexerMode::Exact);
    walk(source, &tags, known).findings
}

fn walk<'a>(source: &'a str, tags: &'a [Tag], known: &'a ScopeShape) -> Walker<'a> {
    let (guarded, findings) = (BTreeSet::new(), Vec::new());
    let mut walker = Walker { source, known, frames: vec![Frame::new("")], guarded, findings };
    for tag in tags {
        walker.note_guards(walker.inside(tag));
    }
    for tag in tags {
        if walker.findings.len() >= MOST {
            break;
        }
        let inside = walker.inside(tag);
        match tag.kind {
            TagKind::Print => walker.expression(inside),
            TagKind::Statement => walker.statement(inside),
            TagKind::Comment => {}
        }
    }
    walker.findings.sort_by_key(|finding| finding.range.start);
    walker.findings.truncate(MOST);
    walker
}

/// The names that one block sets.
#[derive(Debug, Default)]
struct Frame<'a> {
    /// The keyword that opened the block.
    opener: &'a str,
    names: BTreeMap<&'a str, Shape>,
}

impl<'a> Frame<'a> {
    fn new(opener: &'a str) -> Self {
        Self { opener, names: BTreeMap::new() }
    }
}

#[derive(Debug)]
struct Walker<'a> {
    source: &'a str,
    known: &'a ScopeShape,
    frames: Vec<Frame<'a>>,
    /// Paths that the template tests with `is defined`, which are not reported.
    guarded: BTreeSet<String>,
    findings: Vec<Finding>,
}

impl<'a> Walker<'a> {
    fn inside(&self, tag: &'a Tag) -> Expression<'a> {
        Expression { source: self.source, tokens: &tag.tokens }
    }

    fn note_guards(&mut self, inside: Expression<'a>) {
        for index in (0..inside.tokens.len()).filter(|&index| inside.role(index) == Some(Role::Variable)) {
            let path = inside.path(index);
            if inside.is_test_for_defined(index + path.len()) {
                self.guarded.insert(path.text(self.source, usize::MAX - 1));
            }
        }
    }

    /// Checks every name of an expression.
    fn expression(&mut self, inside: Expression<'a>) {
        for Chain { parts, operators } in respell::chains(inside) {
            for (two, operator) in parts.windows(2).zip(operators) {
                self.order(two[0], operator, two[1]);
            }
        }
        let mut index = 0;
        while index < inside.tokens.len() {
            let (word, range) = (inside.word(index), inside.tokens[index].range.clone());
            let mut length = 1;
            match inside.role(index) {
                Some(Role::Variable) => {
                    let path = inside.path(index);
                    length = path.len();
                    self.read(inside, index, path);
                }
                Some(Role::Filter) => self.filter(word, range),
                Some(Role::Test) => self.test(word, range),
                Some(Role::Other) | None => {}
            }
            index += length;
        }
    }

    /// Checks a comparison of values whose kinds are known.
    fn order(&mut self, left: Expression<'a>, operator: &str, right: Expression<'a>) {
        let (Some(first), Some(last)) = (left.tokens.first(), right.tokens.last()) else { return };
        let kinds = (self.shape_of(left).kind(), self.shape_of(right).kind());
        if let (Some(left), Some(right)) = kinds
            && left != right
            && matches!(operator, "<" | "<=" | ">" | ">=")
        {
            self.report(first.range.start..last.range.end, python::no_order(left, right));
        }
    }

    fn filter(&mut self, name: &str, range: Range<usize>) {
        if !engine::has_filter(name) {
            self.report(range, no_filter(name));
        }
    }

    fn test(&mut self, name: &str, range: Range<usize>) {
        if !engine::has_test(name) {
            self.report(range, no_test(name));
        }
    }

    fn report(&mut self, range: Range<usize>, message: String) {
        self.findings.push(Finding { range, message });
    }

    /// Looks up a path and reports the first part of it that is not defined.
    fn read(&mut self, inside: Expression<'a>, index: usize, path: Path<'a>) {
        let name = inside.word(index);
        let next = index + path.len();
        let shape = self.resolve(name);
        let Some(mut shape) = shape else {
            let is_alone = path.len() == 1;
            if !(self.guarded.contains(name) || is_alone && inside.is_default(next)) {
                let message = self.not_defined(name, is_alone && inside.word(next) == "(");
                self.report(path.root().range.clone(), message);
            }
            return;
        };
        let count = path.attributes().count();
        for (number, attribute) in path.attributes().enumerate() {
            let word = &self.source[attribute.range.clone()];
            let is_last = number + 1 == count;
            if is_last && inside.word(next) == "(" {
                return self.method(attribute, &shape, word);
            }
            if self.guarded.contains(&path.text(self.source, number + 1))
                || is_last && inside.is_default(next)
            {
                return;
            }
            let Some(found) = attribute_of(&shape, word) else {
                let owner = path.text(self.source, number);
                return self.report(attribute.range.clone(), no_attribute(&owner, &shape, word));
            };
            shape = found;
        }
        self.subscripted(inside, next, &shape, path);
        self.mapped(inside, next, shape, path);
    }

    /// Checks a method that is called: `topic.upper()`.
    fn method(&mut self, attribute: &Token, shape: &Shape, name: &str) {
        let is_there = match shape {
            Shape::Any => !python::CHANGES.contains(&name),
            Shape::Scalar | Shape::Text => python::TEXT_METHODS.contains(&name),
            Shape::Number => false,
            Shape::List(_) => python::LIST_METHODS.contains(&name),
            Shape::Record(names) => names.contains_key(name) || python::MAP_METHODS.contains(&name),
        };
        if !is_there {
            self.report(attribute.range.clone(), python::no_method(name));
        }
    }

    /// Checks an attribute that is read from each item: `examples | map(attribute='txt')`.
    fn mapped(&mut self, inside: Expression<'a>, next: usize, shape: Shape, path: Path<'a>) {
        let Some((list, at)) = inside.mapped(next, shape) else { return };
        let (item, name) = (list.item(), inside.word(at).trim_matches(['"', '\'']));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if let Shape::Record(attributes) = item
            && is_name
            && !attributes.contains_key(name)
        {
            let owner = path.text(self.source, usize::MAX - 1);
            let ending = suggest::ending(name, attributes.keys().map(String::as_str));
            let message = format!("`{owner}` has no `{name}` in its items{ending}");
            self.report(inside.tokens[at].range.clone(), message);
        }
    }

    /// Checks an attribute that is read after a subscript: `examples[0].txt`.
    fn subscripted(&mut self, inside: Expression<'a>, next: usize, shape: &Shape, path: Path<'a>) {
        if inside.word(next) != "[" {
            return;
        }
        let dot = inside.past_bracket(next);
        let Some(attribute) = inside.tokens.get(dot + 1).filter(|_| inside.word(dot) == ".") else { return };
        let item = inside.subscript(next, shape);
        let word = inside.word(dot + 1);
        if inside.is_default(dot + 2)
            || inside.is_test_for_defined(dot + 2)
            || attribute_of(&item, word).is_some()
        {
            return;
        }
        let brackets = inside.tokens[next].range.start..inside.tokens[dot].range.start;
        let owner = format!("{}{}", path.text(self.source, usize::MAX - 1), self.source[brackets].trim_end());
        self.report(attribute.range.clone(), no_attribute(&owner, &item, word));
    }

    fn local(&self, name: &str) -> Option<&Shape> {
        self.frames.iter().rev().find_map(|frame| frame.names.get(name))
    }

    /// Returns the shape of a name; `None` if it is not defined.
    fn resolve(&self, name: &str) -> Option<Shape> {
        let known = self.local(name).or_else(|| self.known.get(name));
        known.cloned().or_else(|| engine::FUNCTIONS.contains(&name).then_some(Shape::Any))
    }

    fn not_defined(&self, name: &str, is_call: bool) -> String {
        let local = self.frames.iter().rev().flat_map(|frame| frame.names.keys().copied());
        let known = self.known.names();
        let functions = engine::FUNCTIONS.into_iter().filter(|_| is_call);
        let ending = suggest::ending(name, local.chain(known).chain(functions));
        if let Some(remedy) = foreign::name(name, is_call) {
            format!("There is no `{name}` here; write {remedy}.")
        } else if is_call && engine::has_filter(name) {
            format!("There is no function `{name}` here; write `x | {name}`.")
        } else if is_call {
            format!("There is no function `{name}` here{ending}")
        } else {
            format!("`{name}` is not defined here{ending}")
        }
    }

    /// Returns the shape of a simple expression, and [`Shape::Any`] for others.
    fn shape_of(&self, inside: Expression<'a>) -> Shape {
        if inside.find(0, &["~"]).is_some() {
            return Shape::Text;
        }
        if inside.role(0) != Some(Role::Variable) {
            return inside.literal().map_or(Shape::Any, |(at, shape)| inside.shape_after(at, shape));
        }
        let path = inside.path(0);
        if inside.word(path.len()) == "(" {
            let method = path.attributes().last().map_or("", |last| &self.source[last.range.clone()]);
            return inside.shape_after(inside.past_bracket(path.len()), python::result_of(method));
        }
        let root = self.resolve(inside.word(0)).unwrap_or(Shape::Any);
        let found = path
            .attributes()
            .try_fold(root, |shape, attribute| attribute_of(&shape, &self.source[attribute.range.clone()]));
        found.map_or(Shape::Any, |shape| inside.shape_after(path.len(), shape))
    }
}

/// Returns the sentence for an unknown filter.
pub(crate) fn no_filter(name: &str) -> String {
    match foreign::filter(name) {
        Some(remedy) => format!("There is no filter `{name}`; write {remedy}."),
        None => format!("There is no filter `{name}`{}", suggest::ending(name, engine::FILTERS)),
    }
}

/// Returns the sentence for an unknown test.
pub(crate) fn no_test(name: &str) -> String {
    format!("There is no test `{name}`{}", suggest::ending(name, engine::TESTS))
}

/// Returns the shape of an attribute; `None` if there is no such attribute.
fn attribute_of(shape: &Shape, name: &str) -> Option<Shape> {
    match shape {
        Shape::Any => Some(Shape::Any),
        Shape::Record(attributes) => attributes.get(name).cloned(),
        Shape::Scalar | Shape::Text | Shape::Number | Shape::List(_) => None,
    }
}

fn no_attribute(owner: &str, shape: &Shape, name: &str) -> String {
    let methods: &[&str] = match shape {
        Shape::Any | Shape::Number => &[],
        Shape::Scalar | Shape::Text => &python::TEXT_METHODS,
        Shape::List(_) => &python::LIST_METHODS,
        Shape::Record(_) => &python::MAP_METHODS,
    };
    match shape {
        _ if methods.contains(&name) => {
            format!("`{name}` is a method and needs `()`; write `{owner}.{name}()`.")
        }
        Shape::Scalar | Shape::Text | Shape::Number | Shape::List(_) if engine::has_filter(name) => {
            format!("`{owner}` has no `{name}`; write `{owner} | {name}`.")
        }
        Shape::Record(attributes) => {
            let ending = suggest::ending(name, attributes.keys().map(String::as_str));
            format!("`{owner}` has no `{name}`{ending}")
        }
        Shape::List(_) => {
            format!("`{owner}` is a list and has no `{name}`; take it from each item in a `for` loop.")
        }
        Shape::Scalar | Shape::Text | Shape::Number | Shape::Any => {
            format!("`{owner}` is a plain value and has no `{name}`.")
        }
    }
}
