//! Values of Python that print in a way of their own.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Rest, Value, ValueOrKwargs};
use minijinja::{Error, ErrorKind, State};

/// The most numbers that `range` gives.
const MAX_RANGE: i64 = 100_000;

/// What `.items()`, `.keys()` and `.values()` give.
#[derive(Debug)]
pub(crate) struct View {
    /// The name of Python's type.
    pub(crate) name: &'static str,
    pub(super) items: Vec<Value>,
}

impl Object for View {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.items.clone())
    }
}

/// A group of `groupby`: a pair that also has the names `grouper` and `list`.
#[derive(Debug)]
pub(crate) struct Group(pub(super) [Value; 2]);

impl Object for Group {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = match key.as_str() {
            Some("grouper") => 0,
            Some("list") => 1,
            Some(_) => return None,
            None => key.as_usize()?,
        };
        self.0.get(index).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(2)
    }
}

/// The numbers of `range`.
#[derive(Debug)]
pub(crate) struct Range {
    start: i64,
    end: i64,
    step: i64,
    length: usize,
}

impl Range {
    /// Returns the text that Python prints.
    pub(crate) fn text(&self) -> String {
        let step = if self.step == 1 { String::new() } else { format!(", {}", self.step) };
        format!("range({}, {}{step})", self.start, self.end)
    }
}

impl Object for Range {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = key.as_usize().filter(|index| *index < self.length)?;
        i64::try_from(index).ok().map(|index| Value::from(self.start + index * self.step))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.length)
    }
}

/// The function `namespace`, of a record, of names, or of both.
pub(super) fn namespace(state: &mut State, Rest(given): Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let mut pairs = Vec::new();
    for value in given.into_iter().map(ValueOrKwargs::into_value) {
        if value.is_kwargs() {
            let options = Kwargs::try_from(value)?;
            for name in options.args() {
                pairs.push((Value::from(name), options.peek::<Value>(name)?));
            }
            continue;
        }
        for key in super::items(state, &value)? {
            let item = value.get_item(&key)?;
            pairs.push((key, item));
        }
    }
    for (_, value) in &pairs {
        super::operators::refuse_namespace(state, value)?;
    }
    minijinja::functions::namespace(Some(Value::from_pairs(pairs).into()))
}

/// The function `range`.
pub(super) fn range(first: i64, end: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    let (start, end) = end.map_or((0, first), |end| (first, end));
    let step = step.unwrap_or(1);
    let distance = if step < 0 { start.checked_sub(end) } else { end.checked_sub(start) };
    let length = match (distance, step.checked_abs()) {
        (_, Some(0)) => return Err(super::refuse("A `range` needs a step that is not 0.")),
        (Some(distance), Some(step)) if distance > 0 => (distance - 1) / step + 1,
        (Some(_), Some(_)) => 0,
        _ => MAX_RANGE + 1,
    };
    if length > MAX_RANGE {
        return Err(Error::new(ErrorKind::InvalidOperation, "range has too many elements"));
    }
    let length = usize::try_from(length).unwrap_or(0);
    Ok(Value::from_object(Range { start, end, step, length }))
}
