//! Operators that answer as Python's do; [`respell`](super::super::respell) puts their calls in.

use std::cmp::Ordering;

use minijinja::value::{Rest, Tuple, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

use super::formats::percent;
use super::{refuse, text_of};

/// The most equal items at the start of two lists that are compared.
const MAX_COMPARED: usize = 10_000;

/// The function of a chain of comparisons: `a < b <= c`.
pub(crate) const COMPARE: &str = "__compare";
/// The function of `a ~ b`.
pub(crate) const CONCAT: &str = "__concat";
/// The function of `'…' % a`.
pub(crate) const PERCENT: &str = "__percent";

/// The tests that are operators.
const TESTS: [(&str, &str); 13] = [
    ("in", "in"),
    ("lt", "<"),
    ("lessthan", "<"),
    ("<", "<"),
    ("le", "<="),
    ("<=", "<="),
    ("gt", ">"),
    ("greaterthan", ">"),
    (">", ">"),
    ("ge", ">="),
    (">=", ">="),
    ("==", "=="),
    ("!=", "!="),
];

/// The function around the value in `{% set ns.name = value %}`.
pub(crate) const KEEP: &str = "__keep";

/// Refuses a value that is or holds a namespace: values that hold themselves have no end.
pub(super) fn refuse_namespace(state: &State, value: &Value) -> Result<(), Error> {
    let mut left = vec![value.clone()];
    while let Some(value) = left.pop() {
        let Some(object) = value.as_object() else { continue };
        if object.type_name().ends_with("::Namespace") {
            return Err(refuse(
                "A `namespace` cannot hold a `namespace`; give the inner values names of their own.",
            ));
        }
        match value.kind() {
            ValueKind::Seq | ValueKind::Iterable => left.extend(super::items(state, &value)?),
            ValueKind::Map => {
                for key in super::items(state, &value)? {
                    left.push(value.get_item(&key)?);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn install(engine: &mut Environment<'static>) {
    engine.add_function(COMPARE, compare);
    for (name, operator) in TESTS {
        engine.add_test(name, move |state: &mut State<'_, '_>, left: Value, right: Value| {
            if left.is_undefined() || right.is_undefined() {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            holds(state, &left, operator, &right)
        });
    }
    engine.add_function(CONCAT, concat);
    engine.add_function(KEEP, |state: &mut State<'_, '_>, Rest(mut values): Rest<Value>| {
        let is_one = values.len() == 1;
        let value = if is_one { values.remove(0) } else { Value::from(Tuple::new(values)) };
        if value.is_undefined() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        refuse_namespace(state, &value).map(|()| value)
    });
    engine.add_function(PERCENT, |state: &mut State<'_, '_>, format: &str, value: Value| {
        let is_tuple = value.is_tuple();
        let values = if is_tuple { super::items(state, &value)? } else { vec![value] };
        percent(state, format, &values)
    });
}

/// Compares a chain of values: value, operator, value, operator, value …
fn compare(state: &mut State, Rest(chain): Rest<Value>) -> Result<Value, Error> {
    for pair in chain.windows(3).step_by(2) {
        let [left, operator, right] = pair else { break };
        let is_equality = matches!(operator.as_str(), Some("==" | "!="));
        if !is_equality && (left.is_undefined() || right.is_undefined()) {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        if !holds(state, left, operator.as_str().unwrap_or_default(), right)? {
            return Ok(Value::from(false));
        }
    }
    Ok(Value::from(true))
}

fn holds(state: &mut State, left: &Value, operator: &str, right: &Value) -> Result<bool, Error> {
    Ok(match operator {
        "==" | "!=" => equal(state, left, right)? == (operator == "=="),
        "in" | "not in" => {
            if right.kind() == ValueKind::String && left.kind() != ValueKind::String {
                return Err(refuse(format!(
                    "{} is looked for in a text here; write `| string` after it.",
                    capital(kind(left))
                )));
            }
            let is_container = matches!(
                right.kind(),
                ValueKind::String | ValueKind::Seq | ValueKind::Map | ValueKind::Iterable
            );
            if !is_container {
                return Err(refuse(format!(
                    "{} holds nothing that `in` could find; a list, a text or a record stands there.",
                    capital(kind(right))
                )));
            }
            if right.kind() == ValueKind::Map && !is_key(left) {
                return Err(refuse(format!("{} is never the name in a record.", capital(kind(left)))));
            }
            is_in(state, left, right)? == (operator == "in")
        }
        _ => {
            let order = order(state, left, right)?;
            match operator {
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                ">" => order == Ordering::Greater,
                _ => order != Ordering::Less,
            }
        }
    })
}

/// Returns whether a list, a text or a record holds a value.
fn is_in(state: &State, value: &Value, holder: &Value) -> Result<bool, Error> {
    super::read(state, holder)?;
    if !matches!(holder.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return minijinja::tests::is_in(state, value, holder);
    }
    for item in holder.try_iter()? {
        state.consume_fuel(1)?;
        if equal(state, value, &item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether two values are equal; each pair of values inside them is paid for.
fn equal(state: &State, left: &Value, right: &Value) -> Result<bool, Error> {
    let is_list = |value: &Value| {
        let is_view = value.downcast_object_ref::<super::View>().is_some();
        matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) && !is_view
    };
    let mut left_over = vec![(left.clone(), right.clone())];
    while let Some((left, right)) = left_over.pop() {
        state.consume_fuel(1)?;
        super::read(state, &left)?;
        if !(is_list(&left) && is_list(&right) && left.is_tuple() == right.is_tuple()) {
            if left != right {
                return Ok(false);
            }
            continue;
        }
        let (mut items, mut others) = (left.try_iter()?, right.try_iter()?);
        loop {
            state.consume_fuel(1)?;
            match (items.next(), others.next()) {
                (Some(item), Some(other)) => left_over.push((item, other)),
                (None, None) => break,
                _ => return Ok(false),
            }
        }
    }
    Ok(true)
}

/// Returns whether a value can be the key of a record: no list and no record can.
pub(super) fn is_key(value: &Value) -> bool {
    match value.kind() {
        ValueKind::Seq => value.is_tuple() || value.downcast_object_ref::<super::Range>().is_some(),
        ValueKind::Map => super::super::scope::example_text(value).is_some(),
        _ => true,
    }
}

/// Returns the order of two values.
///
/// # Errors
///
/// Where Python knows none, such as for a text and a number.
pub(super) fn order(state: &State, left: &Value, right: &Value) -> Result<Ordering, Error> {
    let is_number = |value: &Value| matches!(value.kind(), ValueKind::Number | ValueKind::Bool);
    let is_list = |value: &Value| matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    let is_text = |value: &Value| value.kind() == ValueKind::String;
    if is_list(left) && is_list(right) && left.is_tuple() == right.is_tuple() {
        let (mut rest, mut other) = (left.try_iter()?, right.try_iter()?);
        for _ in 0..MAX_COMPARED {
            match (rest.next(), other.next()) {
                (Some(a), Some(b)) if equal(state, &a, &b)? => {}
                (Some(a), Some(b)) => return order(state, &a, &b),
                (a, b) => return Ok(a.is_some().cmp(&b.is_some())),
            }
        }
        return Err(refuse("The lists are too long to be compared."));
    }
    if is_number(left) && is_number(right) || is_text(left) && is_text(right) {
        return Ok(left.cmp(right));
    }
    Err(refuse(no_order(kind(left), kind(right))))
}

/// Returns the sentence for two kinds of values that have no order.
pub(crate) fn no_order(left: &str, right: &str) -> String {
    let remedy = match [left, right] {
        ["a text", "a number"] | ["a number", "a text"] => {
            "write `| int` after the text to compare numbers, or `| length` to compare its length"
        }
        ["a list", "a number"] | ["a number", "a list"] => "write `| length` after the list",
        _ => "compare values of one kind",
    };
    format!("{} and {right} have no order; {remedy}.", capital(left))
}

/// Returns the kind of a value, in words.
fn kind(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::String => "a text",
        ValueKind::Number => "a number",
        ValueKind::Bool => "a truth value",
        ValueKind::None => "`none`",
        ValueKind::Map => "a record",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        _ => "another value",
    }
}

fn capital(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Joins values as text.
fn concat(state: &mut State, Rest(values): Rest<Value>) -> Result<String, Error> {
    let mut text = String::new();
    for value in values {
        let part = text_of(&value)?;
        super::afford(state, text.len() + part.len())?;
        text.push_str(&part);
    }
    Ok(text)
}
