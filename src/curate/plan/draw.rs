//! One draw of all variables.

use std::collections::BTreeMap;

use super::PlanFault;
use crate::domain::Variables;
use crate::text::SplitMix64;

/// How often a draw is tried until it has the values that are set.
const TRIES: usize = 20_000;
/// The most values that a sentence names.
const NAMED: usize = 8;

/// Draws a value of each variable, with those that are set; `None` where the conditions allow none in many draws.
///
/// A plain list takes one number of the stream and picks by it, in the order of the names, as every version of the
/// program has done: the same seed gives the same values.
pub(crate) fn draw(
    variables: &Variables,
    set: &BTreeMap<String, String>,
    random: &mut SplitMix64,
) -> Option<BTreeMap<String, String>> {
    let order = variables.order();
    let tries = if set.is_empty() { 1 } else { TRIES };
    (0..tries).find_map(|_| once(variables, &order, set, random))
}

fn once(
    variables: &Variables,
    order: &[&str],
    set: &BTreeMap<String, String>,
    random: &mut SplitMix64,
) -> Option<BTreeMap<String, String>> {
    let mut drawn = BTreeMap::new();
    for name in order {
        let allowed = variables.allowed(name, &drawn);
        let value = match set.get(*name) {
            Some(wanted) => {
                let may_be = allowed.iter().any(|(value, _)| value == wanted);
                (may_be || allowed.is_empty() && wanted.is_empty()).then(|| wanted.clone())?
            }
            None => pick(&allowed, random),
        };
        drawn.insert((*name).to_owned(), value);
    }
    Some(drawn)
}

/// Draws a value of each variable from a stream of its own, by its name, so that two prompts with other variables beside
/// it draw the same value of one that both have.
pub(crate) fn draw_apart(variables: &Variables, random: &SplitMix64) -> BTreeMap<String, String> {
    let stream = |name: &str| {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        name.bytes().fold(0xcbf2_9ce4_8422_2325, hash)
    };
    let mut drawn = BTreeMap::new();
    for name in variables.order() {
        let value = pick(&variables.allowed(name, &drawn), &mut random.fork(stream(name)));
        drawn.insert(name.to_owned(), value);
    }
    drawn
}

/// Picks a value by its weight; a variable without values is empty.
fn pick(allowed: &[(&str, u32)], random: &mut SplitMix64) -> String {
    let all: usize = allowed.iter().map(|(_, weight)| *weight as usize).sum();
    if all == 0 {
        return String::new();
    }
    let mut place = random.below(all);
    for (value, weight) in allowed {
        match place.checked_sub(*weight as usize) {
            Some(rest) => place = rest,
            None => return (*value).to_owned(),
        }
    }
    String::new()
}

/// Checks that the values that are set are values of these variables.
///
/// # Errors
///
/// The first that is not.
pub(super) fn check(variables: &Variables, set: &BTreeMap<String, String>) -> Result<(), PlanFault> {
    for (name, value) in set {
        let Some(values) = variables.values.get(name) else {
            let names: Vec<_> = variables.values.keys().map(|name| format!("`{name}`")).collect();
            let known = match names.as_slice() {
                [] => "this version has none.".to_owned(),
                names => format!("there is {}.", names.join(", ")),
            };
            return Err(PlanFault::NoVariable { name: name.clone(), known });
        };
        let may_be_empty = variables.rules.contains_key(name) && value.is_empty();
        if !values.contains(value) && !may_be_empty {
            let mut known: Vec<_> = values.iter().take(NAMED).map(|value| format!("`{value}`")).collect();
            if values.len() > NAMED {
                known.push("…".to_owned());
            }
            let known = known.join(", ");
            return Err(PlanFault::NoValue { name: name.clone(), value: value.clone(), known });
        }
    }
    Ok(())
}
