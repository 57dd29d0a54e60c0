//! The filters of lists and records.

use std::cmp::Ordering;
use std::collections::HashSet;

use minijinja::value::{Kwargs, Rest, Tuple, Value, ValueKind, ValueOrKwargs};
use minijinja::{Environment, Error, ErrorKind, State};

use super::arguments::Arguments;
use super::objects::Group;
use super::operators::order;
use super::{SEED, add, items, refuse, text_of};
use crate::text::SplitMix64;

pub(super) fn install(engine: &mut Environment<'static>) {
    add(engine, "items", &[], |_, value, _| Ok(Value::from(super::methods::pairs(value)?)));
    add(engine, "list", &[], |state, value, _| items(state, value).map(Value::from));
    add(engine, "join", &["d", "attribute"], join);
    add(engine, "sort", &["reverse", "case_sensitive", "attribute"], sort);
    add(engine, "dictsort", &["case_sensitive", "by", "reverse"], dictsort);
    add(engine, "min", &["case_sensitive", "attribute"], |state, value, a| {
        outermost(state, value, a, Ordering::Less)
    });
    add(engine, "max", &["case_sensitive", "attribute"], |state, value, a| {
        outermost(state, value, a, Ordering::Greater)
    });
    add(engine, "unique", &["case_sensitive", "attribute"], unique);
    add(engine, "batch", &["linecount", "fill_with"], batch);
    add(engine, "slice", &["slices", "fill_with"], slice);
    add(engine, "groupby", &["attribute", "default", "case_sensitive"], groupby);
    engine.add_filter("sum as it comes", minijinja::filters::sum);
    add(engine, "sum", &["attribute", "start"], |state, value, arguments| {
        items(state, value)?;
        let options = ["attribute", "start"].into_iter();
        let options = options.filter_map(|name| arguments.some(name).map(|value| (name, value.clone())));
        state.apply_filter("sum as it comes", &[value.clone(), options.collect::<Kwargs>().into()])
    });
    engine.add_filter("map", map);
    add(engine, "random", &[], random);
    add(engine, "attr", &["name"], |_, value, arguments| {
        let name = arguments.needed("name")?;
        let is_plain = value.kind() == ValueKind::Map && super::super::scope::example_text(value).is_none();
        if is_plain { Ok(Value::UNDEFINED) } else { Ok(value.get_item(name).unwrap_or_default()) }
    });
}

/// Returns the part of an item that an attribute names: `name`, `a.b`, `0`.
fn attribute(item: &Value, path: &Value) -> Result<Value, Error> {
    let Some(path) = path.as_str() else { return item.get_item(path) };
    let mut part = item.clone();
    for name in path.split('.') {
        part = match name.parse::<usize>() {
            Ok(index) => part.get_item(&Value::from(index))?,
            Err(_) => part.get_item(&Value::from(name))?,
        };
    }
    Ok(part)
}

/// Returns what an item is ordered or compared by.
fn key(item: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let part = match arguments.some("attribute") {
        Some(path) => attribute(item, path)?,
        None => item.clone(),
    };
    let part = match arguments.some("default") {
        Some(default) if part.is_undefined() => default.clone(),
        _ => part,
    };
    if part.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let part = super::super::scope::example_text(&part).map_or_else(|| part.clone(), Value::from);
    Ok(match part.as_str() {
        Some(text) if !arguments.flag("case_sensitive", false) => text.to_lowercase().into(),
        _ => part,
    })
}

/// The filter `map`: an attribute of each item, which must be there, or a filter of each.
#[expect(clippy::needless_pass_by_value, reason = "the engine hands a filter its value by value")]
fn map(state: &mut State, value: Value, rest: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let mut given: Vec<Value> = rest.0.into_iter().map(ValueOrKwargs::into_value).collect();
    let is_named =
        |value: &Value| Kwargs::try_from(value.clone()).is_ok_and(|options| options.has("attribute"));
    let mut mapped = Vec::new();
    if given.last().is_some_and(|last| last.is_kwargs() && is_named(last)) {
        let arguments = Arguments::bind(&["attribute", "default"], &given)?;
        let path = arguments.needed("attribute")?;
        for item in items(state, &value)? {
            let part = attribute(&item, path)?;
            let default =
                || arguments.get("default").cloned().ok_or_else(|| Error::from(ErrorKind::UndefinedError));
            mapped.push(if part.is_undefined() { default()? } else { part });
        }
        return Ok(mapped.into());
    }
    if given.is_empty() {
        return Err(Error::from(ErrorKind::MissingArgument));
    }
    let name = given.remove(0);
    let name = name.as_str().ok_or_else(|| refuse("`map` needs the name of a filter as a text."))?;
    for item in items(state, &value)? {
        let mut arguments = vec![item];
        arguments.extend(given.iter().cloned());
        mapped.push(state.apply_filter(name, &arguments)?);
    }
    Ok(mapped.into())
}

/// Sorts items by their keys, which must have an order.
fn sorted(state: &State, mut keyed: Vec<(Value, Value)>, is_reverse: bool) -> Result<Vec<Value>, Error> {
    state.consume_fuel(keyed.len() as u64 * u64::from(keyed.len().max(1).ilog2() + 1))?;
    let mut failed = None;
    keyed.sort_by(|(a, _), (b, _)| {
        let order = order(state, a, b).unwrap_or_else(|error| {
            failed.get_or_insert(error);
            Ordering::Equal
        });
        if is_reverse { order.reverse() } else { order }
    });
    failed.map_or(Ok(keyed.into_iter().map(|(_, item)| item).collect()), Err)
}

fn sort(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let items = items(state, value)?;
    let is_reverse = arguments.flag("reverse", false);
    let several = arguments.some("attribute").and_then(Value::as_str).filter(|path| path.contains(','));
    let keyed = |item: Value| {
        let Some(paths) = several else { return Ok((key(&item, arguments)?, item)) };
        let keys = paths.split(',').map(|path| {
            let part = attribute(&item, &Value::from(path))?;
            Ok(part.as_str().map_or_else(|| part.clone(), |text| text.to_lowercase().into()))
        });
        Ok((keys.collect::<Result<Vec<Value>, Error>>()?.into(), item))
    };
    let keyed = items.into_iter().map(keyed).collect::<Result<Vec<_>, Error>>()?;
    sorted(state, keyed, is_reverse).map(Value::from)
}

fn dictsort(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let place = match arguments.text("by", "key")? {
        "key" => 0,
        "value" => 1,
        _ => return Err(refuse("`dictsort` sorts by `'key'` or by `'value'`.")),
    };
    let keyed = |pair: Value| Ok((key(&pair.get_item_by_index(place)?, arguments)?, pair));
    let pairs = super::methods::pairs(value)?.into_iter().map(keyed).collect::<Result<Vec<_>, Error>>()?;
    sorted(state, pairs, arguments.flag("reverse", false)).map(Value::from)
}

fn outermost(
    state: &mut State,
    value: &Value,
    arguments: &Arguments,
    wanted: Ordering,
) -> Result<Value, Error> {
    let mut best: Option<(Value, Value)> = None;
    for item in items(state, value)? {
        let key = key(&item, arguments)?;
        let is_better = match &best {
            Some((other, _)) => order(state, &key, other)? == wanted,
            None => true,
        };
        if is_better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Value::UNDEFINED, |(_, item)| item))
}

fn unique(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for item in items(state, value)? {
        let key = key(&item, arguments)?;
        if !super::operators::is_key(&key) {
            return Err(refuse("Lists and records are not compared here; write `unique(attribute='name')`."));
        }
        if seen.insert(key) {
            found.push(item);
        }
    }
    Ok(found.into())
}

fn join(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let separator = arguments.get("d").map_or(Ok(String::new()), text_of)?;
    let mut joined = String::new();
    for (index, item) in items(state, value)?.into_iter().enumerate() {
        let part = match arguments.some("attribute") {
            Some(path) => attribute(&item, path)?,
            None => item,
        };
        let text = text_of(&part)?;
        let separator = if index > 0 { separator.as_str() } else { "" };
        super::afford(state, joined.len() + text.len() + separator.len())?;
        joined.extend([separator, &text]);
    }
    Ok(joined.into())
}

fn batch(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    arguments.needed("linecount")?;
    let count = arguments.length("linecount", 1)?.max(1);
    let items = items(state, value)?;
    let mut batches: Vec<Vec<Value>> = items.chunks(count).map(<[Value]>::to_vec).collect();
    if let (Some(fill), Some(last)) = (arguments.some("fill_with"), batches.last_mut()) {
        state.consume_fuel(count as u64)?;
        last.resize(count, fill.clone());
    }
    Ok(batches.into_iter().map(Value::from).collect())
}

fn slice(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    arguments.needed("slices")?;
    let count = arguments.length("slices", 1)?.max(1);
    state.consume_fuel(count as u64)?;
    let items = items(state, value)?;
    let (size, extra) = (items.len() / count, items.len() % count);
    let mut slices = Vec::new();
    let mut start = 0;
    for index in 0..count {
        let end = start + size + usize::from(index < extra);
        let mut part = items[start..end].to_vec();
        part.extend(arguments.some("fill_with").filter(|_| index >= extra).cloned());
        slices.push(Value::from(part));
        start = end;
    }
    Ok(slices.into())
}

fn groupby(state: &mut State, value: &Value, arguments: &Arguments) -> Result<Value, Error> {
    let path = arguments.needed("attribute")?;
    let mut keyed = Vec::new();
    for item in items(state, value)? {
        let key = key(&item, arguments)?;
        keyed.push((key.clone(), Value::from(Tuple::from([key, item]))));
    }
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for pair in sorted(state, keyed, false)? {
        let (key, item) = (pair.get_item_by_index(0)?, pair.get_item_by_index(1)?);
        match groups.last_mut() {
            Some((last, members)) if *last == key => members.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let group = |(key, members): (Value, Vec<Value>)| {
        let own = members.first().map_or(Ok(Value::UNDEFINED), |first| attribute(first, path))?;
        let name = if own.is_undefined() { key } else { own };
        Ok(Value::from_object(Group([name, members.into()])))
    };
    groups.into_iter().map(group).collect::<Result<Vec<_>, Error>>().map(Value::from)
}

/// The stream of random numbers of one rendering.
struct Draws(SplitMix64);

fn random(state: &mut State, value: &Value, _: &Arguments) -> Result<Value, Error> {
    let items = items(state, value)?;
    let seed = state.lookup(SEED).and_then(|seed| u64::try_from(seed).ok()).unwrap_or(0);
    let draws = state.get_or_insert_extension_with(|| Draws(SplitMix64::new(seed)));
    Ok(draws.0.choose(&items).cloned().unwrap_or(Value::UNDEFINED))
}
