//! Every combination of variables that the conditions allow.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::draw::check;
use super::{MOST_COMBINATIONS, PlanFault};
use crate::domain::Variables;

/// The combinations of a prompt's variables, in one order: by the values of the first variable that is drawn, then of
/// the second, and so on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Space {
    /// The value of each variable, by combination.
    pub(crate) combinations: Vec<BTreeMap<String, String>>,
    /// The share of each combination among many draws; they add up to 1.
    pub(crate) shares: Vec<f64>,
}

impl Space {
    /// Returns the combinations of variables with those values that are set.
    ///
    /// # Errors
    ///
    /// A set value that cannot be, no combination, or more of them than [`MOST_COMBINATIONS`].
    pub(crate) fn of(variables: &Variables, set: &BTreeMap<String, String>) -> Result<Self, PlanFault> {
        check(variables, set)?;
        let mut found = vec![(BTreeMap::new(), 1.0)];
        for name in variables.order() {
            let mut next = Vec::new();
            for (combination, share) in found {
                let allowed = variables.allowed(name, &combination);
                for (value, part) in kept(&allowed, set.get(name)) {
                    if next.len() == MOST_COMBINATIONS {
                        return Err(PlanFault::TooMany);
                    }
                    let mut longer = combination.clone();
                    longer.insert(name.to_owned(), value.to_owned());
                    next.push((longer, share * part));
                }
            }
            found = next;
        }
        let all: f64 = found.iter().map(|(_, share)| share).sum();
        if found.is_empty() {
            let named: Vec<_> = set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            return Err(PlanFault::Nothing(named.join(" and ")));
        }
        let (combinations, shares) =
            found.into_iter().map(|(combination, share)| (combination, share / all)).unzip();
        Ok(Self { combinations, shares })
    }

    /// Returns the place of the combination that a request's values are.
    pub(crate) fn place_of(&self, values: &BTreeMap<String, String>) -> Option<usize> {
        self.combinations.iter().position(|combination| {
            combination.iter().all(|(name, value)| values.get(name).map_or("", String::as_str) == value)
        })
    }
}

/// Returns the values that remain of those allowed, with their shares: all of them, or the one that is set.
fn kept<'a>(allowed: &[(&'a str, u32)], set: Option<&'a String>) -> Vec<(&'a str, f64)> {
    let all: u64 = allowed.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let Some(wanted) = set else {
        if allowed.is_empty() {
            return vec![("", 1.0)];
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        #[expect(clippy::cast_precision_loss, reason = "thousands of weights of a million stay below 2^52")]
        let share = |weight: u32| f64::from(weight) / all as f64;
        let mut kept: Vec<(&str, u32)> = Vec::with_capacity(allowed.len());
        for (value, weight) in allowed {
            // A value that is listed twice is one value of twice the weight.
            match seen.entry(*value) {
                Entry::Occupied(place) => kept[*place.get()].1 += weight,
                Entry::Vacant(place) => {
                    place.insert(kept.len());
                    kept.push((value, *weight));
                }
            }
        }
        return kept.into_iter().map(|(value, weight)| (value, share(weight))).collect();
    };
    let is_one = allowed.iter().any(|(value, _)| *value == wanted.as_str());
    if is_one || allowed.is_empty() && wanted.is_empty() { vec![(wanted, 1.0)] } else { Vec::new() }
}
