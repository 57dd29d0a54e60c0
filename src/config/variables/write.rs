//! Writes variables as lines that [`read`](super::read) reads back.

use super::super::files::quoted;
use crate::domain::{Condition, ValueSource, VariableRule, Variables};

/// Returns the text of the variables tab: one variable per line, sorted by name. Of values that came from elsewhere,
/// the line says where from.
#[must_use]
pub(crate) fn write(variables: &Variables) -> String {
    let plain = VariableRule::default();
    let line = |(name, values): (&String, &Vec<String>)| {
        let said = said(values, variables.rules.get(name).unwrap_or(&plain));
        format!("{} = {said}\n", key(name))
    };
    variables.values.iter().map(line).collect()
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if bare { name.to_owned() } else { quoted(name) }
}

fn said(values: &[String], rule: &VariableRule) -> String {
    let mut parts = match &rule.source {
        Some(ValueSource::Range { from, to, step }) => {
            vec![format!("from = {from}"), format!("to = {to}"), format!("step = {step}")]
        }
        Some(ValueSource::File { file, column }) => {
            let column = column.iter().map(|column| format!("column = {}", quoted(column)));
            std::iter::once(format!("file = {}", quoted(file))).chain(column).collect()
        }
        Some(ValueSource::Dataset { column }) => vec![format!("column = {}", quoted(column))],
        None if rule.when.is_empty() => return list(values, rule),
        None => vec![format!("values = {}", list(values, rule))],
    };
    if !rule.when.is_empty() {
        parts.push(format!("when = {}", condition(&rule.when)));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn list(values: &[String], rule: &VariableRule) -> String {
    let item = |(place, value): (usize, &String)| {
        let weight = rule.weights.get(place).copied().unwrap_or(1);
        let when = rule.values_when.get(value);
        if weight == 1 && when.is_none() {
            return quoted(value);
        }
        let mut parts = vec![format!("value = {}", quoted(value))];
        if weight != 1 {
            parts.push(format!("weight = {weight}"));
        }
        parts.extend(when.map(|when| format!("when = {}", condition(when))));
        format!("{{ {} }}", parts.join(", "))
    };
    let items: Vec<_> = values.iter().enumerate().map(item).collect();
    format!("[{}]", items.join(", "))
}

fn condition(condition: &Condition) -> String {
    let one = |(name, values): (&String, &Vec<String>)| {
        let values: Vec<_> = values.iter().map(|value| quoted(value)).collect();
        format!("{} = [{}]", key(name), values.join(", "))
    };
    let all: Vec<_> = condition.iter().map(one).collect();
    format!("{{ {} }}", all.join(", "))
}
