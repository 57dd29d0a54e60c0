//! Methods of texts, lists and records, as Python has them.

use minijinja::value::{Tuple, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};
use minijinja_contrib::pycompat::unknown_method_callback as known_method;

use super::super::shape::Shape;
use super::arguments::Arguments;
use super::objects::View;
use super::{refuse, text_methods};

/// The methods of a text.
pub(crate) const TEXT_METHODS: [&str; 42] = [
    "capitalize",
    "center",
    "count",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "islower",
    "isnumeric",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
    "__len__",
    "__str__",
];

/// The methods of a list.
pub(crate) const LIST_METHODS: [&str; 3] = ["copy", "count", "index"];

/// The methods of a record.
pub(crate) const MAP_METHODS: [&str; 5] = ["copy", "get", "items", "keys", "values"];

/// The methods that change a value in place, which no value here can.
pub(crate) const CHANGES: [&str; 12] = [
    "append",
    "push",
    "extend",
    "insert",
    "pop",
    "remove",
    "clear",
    "sort",
    "reverse",
    "update",
    "setdefault",
    "popitem",
];

/// Methods that change a value or come from another language, with what to write.
const OTHERS: [(&str, &str); 40] = [
    ("append", "`{% set xs = xs + [x] %}`, and keep the list in a `namespace` where a loop collects it"),
    ("push", "`{% set xs = xs + [x] %}`, and keep the list in a `namespace` where a loop collects it"),
    ("add", "`{% set xs = xs + [x] %}`"),
    ("extend", "`{% set xs = xs + others %}`"),
    ("concat", "`xs + others` for lists, `a ~ b` for texts"),
    ("insert", "`{% set xs = xs[:i] + [x] + xs[i:] %}`"),
    ("pop", "`xs | last` and `{% set xs = xs[:-1] %}`"),
    ("shift", "`xs | first` and `{% set xs = xs[1:] %}`"),
    ("remove", "`xs | reject('equalto', x) | list`"),
    ("clear", "`{% set xs = [] %}`"),
    ("sort", "`xs | sort`"),
    ("reverse", "`xs | reverse | list`"),
    ("update", "`{% set d = dict(d, key=value) %}`"),
    ("setdefault", "`d.get(key, value)`"),
    ("popitem", "`d.items() | list | last`"),
    ("encode", "the text as it is"),
    ("casefold", "`.lower()`"),
    ("translate", "`.replace(a, b)`"),
    ("format_map", "`.format(…)` with names"),
    ("toUpperCase", "`.upper()`"),
    ("toLowerCase", "`.lower()`"),
    ("trim", "`.strip()`"),
    ("trimStart", "`.lstrip()`"),
    ("trimEnd", "`.rstrip()`"),
    ("includes", "`x in xs`"),
    ("contains", "`x in xs`"),
    ("has_key", "`x in d`"),
    ("startsWith", "`.startswith(…)`"),
    ("endsWith", "`.endswith(…)`"),
    ("indexOf", "`.find(…)`"),
    ("replaceAll", "`.replace(a, b)`"),
    ("substring", "`text[a:b]`"),
    ("slice", "`xs[a:b]`"),
    ("charAt", "`text[i]`"),
    ("padStart", "`.rjust(width)`"),
    ("padEnd", "`.ljust(width)`"),
    ("repeat", "`text * n`"),
    ("toFixed", "`'%.2f' | format(x)`"),
    ("toString", "`x | string`"),
    ("size", "`xs | length`"),
];

/// Returns the shape of what a method gives, if its name tells.
pub(crate) fn result_of(method: &str) -> Shape {
    match method {
        "upper" | "lower" | "strip" | "lstrip" | "rstrip" | "title" | "capitalize" | "replace" | "join"
        | "format" | "center" | "ljust" | "rjust" | "zfill" | "swapcase" => Shape::Text,
        "split" | "rsplit" | "splitlines" => Shape::List(Box::new(Shape::Text)),
        "find" | "rfind" => Shape::Number,
        _ => Shape::Any,
    }
}

/// Returns the sentence for a method that is not there.
pub(crate) fn no_method(name: &str) -> String {
    if let Some((_, other)) = OTHERS.iter().find(|(known, _)| *known == name) {
        return format!("There is no method `{name}` here; write {other}.");
    }
    if super::super::engine::has_filter(name) {
        return format!("There is no method `{name}` here; write `| {name}`.");
    }
    let known =
        TEXT_METHODS.into_iter().chain(LIST_METHODS).chain(MAP_METHODS).filter(|known| *known != name);
    format!("There is no method `{name}` here{}", super::super::suggest::ending(name, known))
}

/// Calls a method that the value itself does not have.
pub(super) fn call(state: &mut State, value: &Value, method: &str, given: &[Value]) -> Result<Value, Error> {
    if let Some(text) = super::super::scope::example_text(value).filter(|_| TEXT_METHODS.contains(&method)) {
        return call(state, &Value::from(text), method, given);
    }
    match value.kind() {
        ValueKind::String if TEXT_METHODS.contains(&method) => {
            super::read(state, value)?;
            text_methods::call(state, value, method, given)
        }
        ValueKind::Seq if method == "index" => {
            let arguments = Arguments::bind(&["value"], given)?;
            let wanted = arguments.needed("value")?;
            let found = super::items(state, value)?.iter().position(|item| item == wanted);
            found
                .map(Value::from)
                .ok_or_else(|| refuse("The list does not have this value; ask with `in` first."))
        }
        ValueKind::Seq | ValueKind::Map if method == "copy" => Ok(value.clone()),
        ValueKind::Seq if method == "count" => {
            super::items(state, value)?;
            known_method(state, value, method, given)
        }
        ValueKind::Map if matches!(method, "items" | "keys" | "values") => {
            Arguments::bind(&[], given)?;
            view(value, method)
        }
        ValueKind::Map if method == "get" => known_method(state, value, method, given),
        _ if given.is_empty() && method == "__len__" => {
            value.len().map(Value::from).ok_or_else(|| Error::from(ErrorKind::UnknownMethod))
        }
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    }
}

/// Returns the keys, values or pairs of a record.
fn view(value: &Value, method: &str) -> Result<Value, Error> {
    let keys = value.try_iter()?;
    let (name, items) = match method {
        "keys" => ("dict_keys", keys.collect()),
        "values" => ("dict_values", keys.map(|key| value.get_item(&key)).collect::<Result<_, _>>()?),
        _ => ("dict_items", pairs(value)?),
    };
    Ok(Value::from_object(View { name, items }))
}

/// Returns the pairs of a record as tuples.
pub(super) fn pairs(value: &Value) -> Result<Vec<Value>, Error> {
    if value.kind() != ValueKind::Map {
        return Err(refuse("Only a record has items; a list is gone through by a `for` loop."));
    }
    let pair = |key: Value| {
        let item = value.get_item(&key)?;
        Ok(Value::from(Tuple::from([key, item])))
    };
    value.try_iter()?.map(pair).collect()
}
