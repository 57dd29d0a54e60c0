//! What Python's Jinja has and the engine has not, or has otherwise: methods, filters, tests, functions.
//!
//! People bring prompts that were written for Jinja2, so each of these gives the text that Jinja2 3.1
//! gives, or stops with a sentence that names another spelling. `tests/fixtures/jinja.json` holds what
//! Jinja2 prints. Nothing here writes without bound: what can grow is paid with the engine's steps
//! before it is made.

mod arguments;
mod filters;
mod formats;
mod json;
mod list_filters;
mod methods;
mod number_filters;
mod objects;
mod operators;
mod text_methods;
mod wrap;

use minijinja::value::{Rest, Value, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State};

use arguments::Arguments;

pub(crate) use methods::{CHANGES, LIST_METHODS, MAP_METHODS, TEXT_METHODS, no_method, result_of};
pub(crate) use objects::{Group, Range, View};
pub(crate) use operators::{COMPARE, CONCAT, KEEP, PERCENT, no_order};

/// A filter with its bound arguments.
type Filter = fn(&mut State, &Value, &Arguments) -> Result<Value, Error>;

/// The name in the scope of the seed that `random` draws with; no template can write it.
pub(crate) const SEED: &str = "seed of the request";

/// Adds everything of this module to an engine.
pub(super) fn install(engine: &mut Environment<'static>) {
    engine.set_unknown_method_callback(methods::call);
    engine.add_function("range", objects::range);
    engine.add_function("cycler", |Rest(items): Rest<Value>| minijinja_contrib::globals::cycler(items));
    engine.add_function("joiner", minijinja_contrib::globals::joiner);
    operators::install(engine);
    filters::install(engine);
    list_filters::install(engine);
    number_filters::install(engine);
    engine.add_function("namespace", objects::namespace);
    add(engine, "tojson", &["indent", "ensure_ascii"], json::to_json);
}

/// Adds a filter with the names of its parameters, each of which may be given by place or by name.
fn add(
    engine: &mut Environment<'static>,
    name: &'static str,
    names: &'static [&'static str],
    filter: Filter,
) {
    engine.add_filter(
        name,
        move |state: &mut State<'_, '_>, value: Value, rest: Rest<ValueOrKwargs>| -> Result<Value, Error> {
            if value.is_undefined() && name != "default" && name != "d" {
                return Err(Error::from(ErrorKind::UndefinedError));
            }
            read(state, &value)?;
            let given: Vec<Value> = rest.0.into_iter().map(ValueOrKwargs::into_value).collect();
            filter(state, &value, &Arguments::bind(names, &given)?)
        },
    );
}

/// Returns an error whose message is a whole sentence, which is shown as it is.
pub(super) fn refuse(sentence: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, sentence.into())
}

/// Pays for reading a text.
fn read(state: &State, value: &Value) -> Result<(), Error> {
    state.consume_fuel(value.as_str().map_or(0, str::len) as u64 / 64)
}

/// Pays for a text of this many bytes before it is made.
fn afford(state: &State, bytes: usize) -> Result<(), Error> {
    if bytes > super::MAX_OUTPUT_BYTES {
        return Err(Error::new(ErrorKind::WriteFailure, super::format::TOO_LONG));
    }
    state.consume_fuel(bytes as u64 / 64)
}

/// Returns the items of a value, each paid for before it is made.
fn items(state: &State, value: &Value) -> Result<Vec<Value>, Error> {
    if value.is_none() {
        return Err(refuse("`none` has no items; write `| default([], true)` after it."));
    }
    let mut items = Vec::new();
    for item in value.try_iter()? {
        state.consume_fuel(1)?;
        items.push(item);
    }
    Ok(items)
}

/// Returns a value as the text that Jinja2 prints.
fn text_of(value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    super::format::to_text(value, super::MAX_OUTPUT_BYTES)
}

/// Returns a text or the text of an example; other values have to be made a text first.
fn text_only(value: &Value) -> Result<String, Error> {
    let text = super::scope::example_text(value).or_else(|| value.as_str());
    text.map(str::to_owned).ok_or_else(|| refuse("This filter needs a text; write `| string` before it."))
}
