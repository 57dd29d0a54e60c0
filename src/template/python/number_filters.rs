//! The filters and tests of numbers.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, State};

use super::arguments::Arguments;
use super::{add, refuse, text_of};

pub(super) fn install(engine: &mut Environment<'static>) {
    add(engine, "int", &["default", "base"], int);
    add(engine, "float", &["default"], |_, value, arguments| {
        let read = match value.kind() {
            ValueKind::String => parsed(&text_of(value)?),
            ValueKind::Bool => Some(f64::from(u8::from(value.is_true()))),
            _ => f64::try_from(value.clone()).ok(),
        };
        let default = || arguments.get("default").cloned().unwrap_or_else(|| Value::from(0.0));
        Ok(read.map_or_else(default, Value::from))
    });
    engine.add_filter("abs as it comes", minijinja::filters::abs);
    add(engine, "abs", &[], |state, value, _| match value.kind() {
        ValueKind::Bool => Ok(Value::from(u8::from(value.is_true()))),
        ValueKind::Number => state.apply_filter("abs as it comes", std::slice::from_ref(value)),
        _ => Err(refuse("Only a number has an absolute value; write `| int | abs` for a text.")),
    });
    add(engine, "filesizeformat", &["binary"], |_, value, arguments| {
        let size = match value.as_str() {
            Some(text) => parsed(text),
            None => f64::try_from(value.clone()).ok(),
        };
        let size = size.ok_or_else(|| refuse("A size must be a number here."))?;
        Ok(size_text(size, arguments.flag("binary", false)).into())
    });
    engine.add_filter("round as it comes", minijinja::filters::round);
    add(engine, "round", &["precision", "method"], round);
    engine.add_test("divisibleby", |value: Value, divisor: Value| {
        if let (Ok(number), Ok(divisor @ 1..)) =
            (i128::try_from(value.clone()), i128::try_from(divisor.clone()))
        {
            return Ok(number % divisor == 0);
        }
        let (number, divisor) = (float(&value)?, float(&divisor)?);
        if divisor.abs().to_bits() == 0 {
            return Err(refuse("No number can be divided by 0."));
        }
        Ok((number % divisor).abs().to_bits() == 0)
    });
    engine.add_test("sequence", |value: Value| {
        let is_view = value.downcast_object_ref::<super::View>().is_some();
        matches!(value.kind(), ValueKind::Seq | ValueKind::String | ValueKind::Map) && !is_view
    });
    engine.add_test("iterable", |value: Value| !value.is_none() && value.try_iter().is_ok());
    engine.add_test("odd", |value: Value| remainder(&value).map(|rest| rest.to_bits() == 1.0_f64.to_bits()));
    engine.add_test("even", |value: Value| remainder(&value).map(|rest| rest.abs().to_bits() == 0));
}

/// Returns what is left of a number after division by two.
fn remainder(value: &Value) -> Result<f64, Error> {
    float(value).map(|number| number.rem_euclid(2.0))
}

fn float(value: &Value) -> Result<f64, Error> {
    match value.kind() {
        ValueKind::Bool => Ok(f64::from(u8::from(value.is_true()))),
        ValueKind::Number => f64::try_from(value.clone()),
        _ => Err(refuse("Only a number can be divided; write `| int` after a text.")),
    }
}

/// Rounds a number; `ceil` and `floor` give a float, also of a whole number.
fn round(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let number = match value.kind() {
        ValueKind::Bool => Value::from(u8::from(value.is_true())),
        _ => value.clone(),
    };
    let precision = Value::from(arguments.number("precision", 0)?);
    let method = Value::from(arguments.text("method", "common")?);
    let is_common = method.as_str() == Some("common");
    let rounded = state.apply_filter("round as it comes", &[number, precision, method])?;
    if is_common { Ok(rounded) } else { Ok(f64::try_from(rounded)?.into()) }
}

/// Reads a number as Python's `float` does.
fn parsed(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_between = |at: usize| {
        let digit =
            |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
        digit(at.checked_sub(1)) && digit(Some(at + 1))
    };
    if text.match_indices('_').any(|(at, _)| !is_between(at)) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

fn int(_: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let base = arguments.number("base", 10)?;
    let default = || arguments.get("default").cloned().unwrap_or_else(|| Value::from(0));
    let from_float = |number: f64| {
        // Beyond this, a float has no digits after the point that `trunc` could cut.
        #[expect(clippy::cast_possible_truncation, reason = "the bounds are checked before")]
        let whole = (number.abs() < 1e38).then(|| number.trunc() as i128);
        whole.map_or_else(default, Value::from)
    };
    Ok(match value.kind() {
        ValueKind::Number if value.is_integer() => value.clone(),
        ValueKind::Number => from_float(f64::try_from(value.clone())?),
        ValueKind::Bool => Value::from(u8::from(value.is_true())),
        ValueKind::String => {
            let text = text_of(value)?;
            whole(&text, base).map_or_else(|| parsed(&text).map_or_else(default, from_float), Value::from)
        }
        _ => default(),
    })
}

/// Reads a whole number as Python's `int` does.
fn whole(text: &str, base: i64) -> Option<i128> {
    let text = text.trim().to_ascii_lowercase();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let prefix = match base {
        2 => "0b",
        8 => "0o",
        16 => "0x",
        _ => "",
    };
    let digits = if prefix.is_empty() { digits } else { digits.strip_prefix(prefix).unwrap_or(digits) };
    let is_plain = !digits.starts_with(['_', '+', '-']) && !digits.ends_with('_') && !digits.contains("__");
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base) && is_plain)?;
    i128::from_str_radix(&digits.replace('_', ""), base).ok().map(|number| sign * number)
}

fn size_text(size: f64, is_binary: bool) -> String {
    let (base, units): (f64, [&str; 8]) = if is_binary {
        (1024.0, ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"])
    } else {
        (1000.0, ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"])
    };
    if size.to_bits() == 1.0_f64.to_bits() {
        return "1 Byte".into();
    }
    if size < base {
        return format!("{} Bytes", size.trunc());
    }
    let mut unit = base;
    let last = units.len() - 1;
    let found = units.iter().enumerate().find(|(index, _)| {
        let is_it = size < unit * base || *index == last;
        unit *= if is_it { 1.0 } else { base };
        is_it
    });
    found.map_or_else(String::new, |(_, name)| format!("{:.1} {name}", size / unit))
}
