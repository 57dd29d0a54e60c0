//! The failed requests of a run, by reason and by the values of their variables.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Why a request has no whole reply that was cut because its run ended.
pub(crate) const STOPPED: &str = "It was stopped.";
/// The most reasons that a run tells apart.
const MOST_REASONS: usize = 16;
/// The most values of one variable that are counted for a reason.
const MOST_VALUES: usize = 64;
/// The most values of one variable that are told.
const MOST_TOLD: usize = 6;

/// Requests that failed for the same reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureGroup {
    /// The reason as the first of them gave it, as a sentence.
    pub reason: String,
    /// How many requests failed so.
    pub count: u32,
    /// How many of them had which value of which variable.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, u32>>,
}

impl FailureGroup {
    /// Counts a failed request in the group of its reason. Reasons that differ in words with digits only,
    /// such as waits and request ids, are the same.
    pub fn count(groups: &mut Vec<Self>, reason: &str, variables: &BTreeMap<String, String>) {
        let known = groups.iter().position(|group| is_same_reason(&group.reason, reason));
        let place = known.unwrap_or_else(|| {
            if groups.len() < MOST_REASONS {
                groups.push(Self { reason: reason.to_owned(), ..Self::default() });
            } else if let Some(last) = groups.last_mut() {
                "For other reasons.".clone_into(&mut last.reason);
            }
            groups.len() - 1
        });
        let group = &mut groups[place];
        group.count += 1;
        for (name, value) in variables {
            let values = group.values.entry(name.clone()).or_default();
            if values.len() < MOST_VALUES || values.contains_key(value) {
                *values.entry(value.clone()).or_default() += 1;
            }
        }
    }

    /// Returns `9 requests failed, all with motive = a threat`.
    ///
    /// `varied` holds the variables that had several values in the run: one that had the same value in
    /// every request tells nothing of those that failed.
    #[must_use]
    pub fn in_words(&self, varied: &BTreeSet<String>) -> String {
        let shared = self.shared_in_words(|name| varied.contains(name));
        let failed =
            if self.is_stopped() { requests(self.count, "stopped") } else { requests_failed(self.count) };
        match (shared.is_empty(), self.count) {
            (true, _) => failed,
            (false, 1) => format!("{failed}, with {shared}"),
            (false, _) => format!("{failed}, all with {shared}"),
        }
    }

    /// Returns whether these requests were cut because their run ended, and nothing was wrong with them.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.reason == STOPPED
    }

    /// Returns `motive = a threat and tone = rude`: the values that all of these requests had, of the variables that had
    /// several in the run; empty where there are none.
    pub(super) fn shared_in_words(&self, is_varied: impl Fn(&str) -> bool) -> String {
        let shared = self.shared_values().filter(|(name, _)| is_varied(name));
        let shared: Vec<_> = shared.map(|(name, value)| format!("{name} = {value}")).collect();
        shared.join(" and ")
    }

    /// Returns how the requests are spread over the values of each variable that had several in the run, the
    /// most frequent value first: `motive: a threat 7, the price 2`. A value that all have is not repeated.
    #[must_use]
    pub fn spread(&self, varied: &BTreeSet<String>) -> Vec<String> {
        let told = |(name, values): (&String, &BTreeMap<String, u32>)| {
            if values.len() < 2 || !varied.contains(name) {
                return None;
            }
            let mut values: Vec<_> = values.iter().collect();
            values.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let left = values.len().saturating_sub(MOST_TOLD);
            let mut told: Vec<_> =
                values.iter().take(MOST_TOLD).map(|(value, count)| format!("{value} {count}")).collect();
            if left > 0 {
                told.push(format!("{left} more values"));
            }
            Some(format!("{name}: {}", told.join(", ")))
        };
        self.values.iter().filter_map(told).collect()
    }

    /// Returns the variables that had the same value in all of these requests, with that value.
    pub fn shared_values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().filter_map(|(name, values)| {
            let (value, count) = values.first_key_value()?;
            (values.len() == 1 && *count == self.count).then_some((name.as_str(), value.as_str()))
        })
    }
}

/// Returns `9 requests failed`.
#[must_use]
pub(crate) fn requests_failed(count: u32) -> String {
    requests(count, "failed")
}

fn requests(count: u32, what: &str) -> String {
    format!("{count} {} {what}", if count == 1 { "request" } else { "requests" })
}

/// Returns whether two reasons are the same but for words with digits.
#[must_use]
pub(crate) fn is_same_reason(a: &str, b: &str) -> bool {
    let words =
        |text| str::split_whitespace(text).filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    a == b || words(a).eq(words(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(motive: &str) -> BTreeMap<String, String> {
        BTreeMap::from([("motive".to_owned(), motive.to_owned())])
    }

    #[test]
    fn reasons_that_differ_in_figures_only_are_one() {
        let mut groups = Vec::new();
        FailureGroup::count(&mut groups, "Try again in 2.5s (id a1b2).", &variables("a threat"));
        FailureGroup::count(&mut groups, "Try again in 30s (id c3d4).", &variables("a threat"));
        FailureGroup::count(&mut groups, "It was filtered.", &variables("a move"));

        assert_eq!(groups.iter().map(|group| group.count).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(groups[0].reason, "Try again in 2.5s (id a1b2).");
        assert_eq!(groups[0].shared_values().collect::<Vec<_>>(), [("motive", "a threat")]);
    }

    #[test]
    fn a_value_is_shared_only_where_all_have_it() {
        let mut groups = Vec::new();
        FailureGroup::count(&mut groups, "No.", &variables("a threat"));
        FailureGroup::count(&mut groups, "No.", &variables("the price"));

        assert_eq!(groups[0].shared_values().count(), 0);
        assert_eq!(groups[0].values["motive"]["a threat"], 1);
    }

    #[test]
    fn only_a_variable_that_varied_in_the_run_tells_something() {
        let (mut groups, varied) = (Vec::new(), BTreeSet::from(["motive".to_owned()]));
        let variables = |motive: &str| {
            BTreeMap::from([("motive".into(), motive.into()), ("tone".into(), "calm".to_owned())])
        };
        FailureGroup::count(&mut groups, "No.", &variables("a threat"));
        assert_eq!(groups[0].in_words(&varied), "1 request failed, with motive = a threat");
        FailureGroup::count(&mut groups, "No.", &variables("a threat"));
        assert_eq!(groups[0].in_words(&varied), "2 requests failed, all with motive = a threat");
        assert_eq!(groups[0].in_words(&BTreeSet::new()), "2 requests failed");
        assert!(groups[0].spread(&varied).is_empty());
        FailureGroup::count(&mut groups, "No.", &variables("the price"));
        assert_eq!(groups[0].in_words(&varied), "3 requests failed");
        assert_eq!(groups[0].spread(&varied), ["motive: a threat 2, the price 1"]);
        for value in 0..9 {
            FailureGroup::count(&mut groups, "No.", &variables(&format!("motive {value}")));
        }
        assert!(
            groups[0].spread(&varied)[0].ends_with("motive 4 1, 5 more values"),
            "{:?}",
            groups[0].spread(&varied)
        );
    }

    #[test]
    fn reasons_without_end_become_one() {
        let mut groups = Vec::new();
        for word in ["a", "b", "c", "d"] {
            (0..10).for_each(|n| FailureGroup::count(&mut groups, &word.repeat(n + 1), &BTreeMap::new()));
        }
        assert_eq!(groups.len(), MOST_REASONS);
        assert_eq!(groups.iter().map(|group| group.count).sum::<u32>(), 40);
    }
}
