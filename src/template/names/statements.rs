//! How each statement changes the names in scope.

use super::{Frame, Walker};
use crate::template::expression::Expression;
use crate::template::lexer::TokenKind;
use crate::template::shape::Shape;

impl<'a> Walker<'a> {
    /// Processes one statement: checks its expressions, sets its names, opens or closes its block.
    pub(super) fn statement(&mut self, inside: Expression<'a>) {
        let rest = inside.part(1..inside.tokens.len());
        match inside.word(0) {
            "for" => self.for_loop(rest),
            "if" => {
                self.expression(rest);
                self.open("if");
            }
            "elif" | "do" => self.expression(rest),
            "else" => self.otherwise(),
            "set" => self.set(rest),
            "with" => self.with(rest),
            "macro" => self.macro_block(rest),
            "call" => self.call(rest),
            "filter" => {
                if let Some(token) = rest.tokens.first() {
                    self.filter(rest.word(0), token.range.clone());
                }
                self.expression(rest.part(1..rest.tokens.len()));
                self.open("filter");
            }
            "autoescape" => {
                self.expression(rest);
                self.open("autoescape");
            }
            word => {
                if let Some(opener) = word.strip_prefix("end") {
                    self.close(opener);
                }
            }
        }
    }

    fn open(&mut self, opener: &'a str) {
        self.frames.push(Frame::new(opener));
    }

    fn close(&mut self, opener: &str) {
        if self.frames.last().is_some_and(|frame| frame.opener == opener && !opener.is_empty()) {
            self.frames.pop();
        }
    }

    /// Sets a name in the innermost block that has names of its own; an `if` has none.
    fn declare(&mut self, name: &'a str, shape: Shape) {
        let is_conditional = self.frames.last().is_some_and(|frame| frame.opener == "if");
        let frame = self.frames.iter_mut().rev().find(|frame| frame.opener != "if");
        if let Some(frame) = frame {
            // What a branch sets may or may not be what is read later.
            let is_other = frame.names.get(name).is_some_and(|known| *known != shape);
            frame.names.insert(name, if is_conditional && is_other { Shape::Any } else { shape });
        }
    }

    fn declare_all(&mut self, targets: Expression<'a>, shape: Shape) {
        let names: Vec<&'a str> = (0..targets.tokens.len())
            .filter(|&index| targets.tokens[index].kind == TokenKind::Name)
            .map(|index| targets.word(index))
            .collect();
        match names.as_slice() {
            [name] => self.declare(name, shape),
            names => names.iter().for_each(|name| self.declare(name, Shape::Any)),
        }
    }

    fn for_loop(&mut self, rest: Expression<'a>) {
        let end = rest.tokens.len();
        let has_flag = end > 0 && rest.word(end - 1) == "recursive";
        let rest = rest.part(0..end - usize::from(has_flag));
        let end = rest.tokens.len();
        let within = rest.find(0, &["in"]).unwrap_or(end);
        let condition = rest.find(within + 1, &["if"]).unwrap_or(end);
        let iterated = rest.part(within + 1..condition);
        let item = self.shape_of(iterated).item();
        self.expression(iterated);
        self.open("for");
        self.declare_all(rest.part(0..within), item);
        self.declare("loop", Shape::record(LOOP_ATTRIBUTES));
        self.expression(rest.part(condition + 1..end));
    }

    fn otherwise(&mut self) {
        if let Some(frame) = self.frames.last_mut().filter(|frame| frame.opener == "for") {
            frame.names.clear();
        }
    }

    fn set(&mut self, rest: Expression<'a>) {
        if let Some(equals) = rest.find(0, &["="]) {
            let value = rest.part(equals + 1..rest.tokens.len());
            let shape = self.shape_of(value);
            self.expression(value);
            self.declare_all(rest.part(0..equals), shape);
        } else {
            self.expression(rest.part(1..rest.tokens.len()));
            self.declare_all(rest.part(0..1), Shape::Text);
            self.open("set");
        }
    }

    fn with(&mut self, rest: Expression<'a>) {
        self.open("with");
        for assignment in rest.at_commas() {
            let equals = assignment.find(0, &["="]).unwrap_or(0);
            let value = assignment.part(equals + 1..assignment.tokens.len());
            let shape = self.shape_of(value);
            self.expression(value);
            self.declare_all(assignment.part(0..equals), shape);
        }
    }

    fn macro_block(&mut self, rest: Expression<'a>) {
        self.declare(rest.word(0), Shape::Scalar);
        self.open("macro");
        self.declare("caller", Shape::Any);
        self.arguments(rest.part(2..rest.past_bracket(1).saturating_sub(1)));
    }

    fn call(&mut self, rest: Expression<'a>) {
        let arguments = if rest.word(0) == "(" { rest.past_bracket(0) } else { 0 };
        self.expression(rest.part(arguments..rest.tokens.len()));
        self.open("call");
        self.arguments(rest.part(1..arguments.saturating_sub(1)));
    }

    fn arguments(&mut self, list: Expression<'a>) {
        for argument in list.at_commas() {
            self.expression(argument.part(2..argument.tokens.len()));
            self.declare_all(argument.part(0..1), Shape::Any);
        }
    }
}

/// The attributes of `loop` inside a loop.
pub(in crate::template) const LOOP_ATTRIBUTES: [&str; 13] = [
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "depth",
    "depth0",
    "previtem",
    "nextitem",
    "cycle",
    "changed",
];
