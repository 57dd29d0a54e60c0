//! Variables of a prompt: the values that each may take, and the rules by which they are drawn.
//!
//! ```text
//! topic = ["prize", { value = "bank", weight = 3 }]      values and weights
//! age   = { from = 18, to = 80 }                         a range
//! place = { file = "places.txt" }                        lines of a file, read when a version is made
//! tone  = { values = ["calm"], when = { topic = ["bank"] } }    counts for some topics only; else it is empty
//! ```
//!
//! A version holds the values themselves, whatever they came from, so that it never changes. A variable without a rule
//! is a plain list, each value as likely as the others; nothing is written of a rule then.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What other variables must be, by name: one of these values each.
pub(crate) type Condition = BTreeMap<String, Vec<String>>;

/// Where the values of a variable come from, where they are not written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueSource {
    /// Numbers from one to another, as they are written.
    Range {
        /// The first number.
        from: String,
        /// The last number at most.
        to: String,
        /// What lies between two numbers.
        step: String,
    },
    /// A file in the session's folder: its lines, or a column of it.
    File {
        /// The file, relative to the session's folder.
        file: String,
        /// The column of a table; `None` reads the lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
    },
    /// A column of the dataset: what its train rows hold.
    Dataset {
        /// The column.
        column: String,
    },
}

/// How a variable is drawn, where it is not a plain list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableRule {
    /// Where its values came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ValueSource>,
    /// The weight of each value, in their order, from 1; empty where all weigh the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<u32>,
    /// When the variable counts at all; else it is empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub when: Condition,
    /// When single values may be drawn; the others always may.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values_when: BTreeMap<String, Condition>,
}

impl VariableRule {
    /// The largest weight.
    pub const LARGEST_WEIGHT: u32 = 1_000_000;

    /// Returns whether it says nothing.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the names of the variables that its conditions read.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        self.conditions().flat_map(|condition| condition.keys().map(String::as_str))
    }

    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        std::iter::once(&self.when).chain(self.values_when.values())
    }
}

/// The variables of a prompt: their values, and the rules of those that are no plain lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    /// The values that each variable may take.
    pub values: BTreeMap<String, Vec<String>>,
    /// The rules by variable.
    pub rules: BTreeMap<String, VariableRule>,
}

impl Variables {
    /// Returns the names in the order in which they are drawn: by name, but for those that read others, which follow
    /// them. Names in a circle are left out.
    #[must_use]
    pub fn order(&self) -> Vec<&str> {
        let mut order: Vec<&str> = Vec::new();
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        let reads = |name: &str| self.rules.get(name).into_iter().flat_map(VariableRule::reads);
        loop {
            let next = self.values.keys().map(String::as_str).find(|name| {
                !placed.contains(name)
                    && reads(name).all(|read| placed.contains(read) || !self.values.contains_key(read))
            });
            let Some(next) = next else { return order };
            order.push(next);
            placed.insert(next);
        }
    }

    /// Returns some variables with those that their conditions read, however far back.
    #[must_use]
    pub(crate) fn needed_by<'a>(&'a self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut open: Vec<&str> = names.into_iter().collect();
        let mut needed = Self::default();
        while let Some(name) = open.pop() {
            let Some(values) = self.values.get(name).filter(|_| !needed.values.contains_key(name)) else {
                continue;
            };
            needed.values.insert(name.to_owned(), values.clone());
            if let Some(rule) = self.rules.get(name) {
                needed.rules.insert(name.to_owned(), rule.clone());
                open.extend(rule.reads());
            }
        }
        needed
    }

    /// Returns the values that a variable may take with what others are, with their weights; none where it does not
    /// count.
    #[must_use]
    pub fn allowed<'a>(&'a self, name: &str, others: &BTreeMap<String, String>) -> Vec<(&'a str, u32)> {
        let values = self.values.get(name).map(Vec::as_slice).unwrap_or_default();
        let Some(rule) = self.rules.get(name) else {
            return values.iter().map(|value| (value.as_str(), 1)).collect();
        };
        if !holds(&rule.when, others) {
            return Vec::new();
        }
        let weight = |place: usize| rule.weights.get(place).copied().unwrap_or(1).max(1);
        let may = |value: &str| rule.values_when.get(value).is_none_or(|condition| holds(condition, others));
        let weighed = values.iter().enumerate().map(|(place, value)| (value.as_str(), weight(place)));
        weighed.filter(|(value, _)| may(value)).collect()
    }

    /// Returns the variable and the sentence of the first rule that no draw could keep to: it reads what is not there,
    /// or variables read each other in a circle. Values that are not known yet are not looked at.
    #[must_use]
    pub fn fault(&self) -> Option<(String, String)> {
        for (name, rule) in &self.rules {
            for (read, wanted) in rule.conditions().flatten() {
                let said = |said: String| Some((name.clone(), said));
                let Some(known) = self.values.get(read) else {
                    return said(format!("`{name}` depends on `{read}`, which is no variable here."));
                };
                if let Some(missing) = wanted.iter().find(|value| !known.is_empty() && !known.contains(value))
                {
                    return said(format!(
                        "`{name}` depends on `{read}` being `{missing}`, which it never is."
                    ));
                }
            }
        }
        let order = self.order();
        let circle = self.values.keys().find(|name| !order.contains(&name.as_str()))?;
        let said = format!("`{circle}` depends on itself; take one `when` away.");
        Some((circle.clone(), said))
    }
}

/// Returns whether a condition holds.
fn holds(condition: &Condition, others: &BTreeMap<String, String>) -> bool {
    condition.iter().all(|(name, wanted)| others.get(name).is_some_and(|value| wanted.contains(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    fn when(name: &str, values: &[&str]) -> Condition {
        [(name.to_owned(), list(values))].into()
    }

    fn sample() -> Variables {
        let values =
            [("a_tone".to_owned(), list(&["calm", "rude"])), ("topic".to_owned(), list(&["prize", "bank"]))];
        let tone =
            VariableRule { when: when("topic", &["bank"]), weights: vec![3, 1], ..VariableRule::default() };
        Variables { values: values.into(), rules: [("a_tone".to_owned(), tone)].into() }
    }

    #[test]
    fn a_variable_follows_those_that_it_reads_and_others_stand_by_name() {
        assert_eq!(sample().order(), ["topic", "a_tone"]);
        let plain = Variables { rules: BTreeMap::new(), ..sample() };
        assert_eq!(plain.order(), ["a_tone", "topic"]);
    }

    #[test]
    fn a_condition_decides_what_counts_and_weights_go_with_the_values() {
        let of = |topic: &str| [("topic".to_owned(), topic.to_owned())].into();
        assert_eq!(sample().allowed("a_tone", &of("bank")), [("calm", 3), ("rude", 1)]);
        assert!(sample().allowed("a_tone", &of("prize")).is_empty());
        let mut variables = sample();
        let rule = VariableRule {
            values_when: [("rude".to_owned(), when("topic", &["prize"]))].into(),
            ..VariableRule::default()
        };
        variables.rules.insert("a_tone".to_owned(), rule);
        assert_eq!(variables.allowed("a_tone", &of("bank")), [("calm", 1)]);
    }

    #[test]
    fn a_rule_that_no_draw_could_keep_to_is_told() {
        assert_eq!(sample().fault(), None);
        let faulty = |condition: Condition| {
            let mut variables = sample();
            let rule = VariableRule { when: condition, ..VariableRule::default() };
            variables.rules.insert("topic".to_owned(), rule);
            variables.fault().unwrap().1
        };
        assert!(faulty(when("nothing", &["x"])).contains("`nothing`, which is no variable"));
        assert!(faulty(when("a_tone", &["loud"])).contains("being `loud`, which it never is"));
        assert!(faulty(when("a_tone", &["calm"])).contains("depends on itself"));
    }

    #[test]
    fn a_plain_rule_writes_nothing() {
        let rule = VariableRule::default();
        assert!(rule.is_plain());
        assert_eq!(serde_json::to_string(&rule).unwrap(), "{}");
    }
}
