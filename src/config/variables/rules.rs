//! Reads what a variable says besides a list: weights, ranges, values from elsewhere, conditions.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::document::{Document, Fault, Written};
use crate::domain::{Condition, ValueSource, VariableRule};
use crate::text::closest;

/// The keys of a variable that is a table.
const KEYS: [&str; 7] = ["values", "from", "to", "step", "file", "column", "when"];
/// The keys of a value that is a table.
const OF_VALUE: [&str; 3] = ["value", "weight", "when"];
/// The most values of a range.
const LONGEST_RANGE: i64 = 10_000;
/// The most digits after the point of a range's numbers.
const MOST_DECIMALS: usize = 6;

type Read = (Vec<String>, VariableRule);

/// Reads one variable of a document.
pub(super) struct Rules<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) name: &'d str,
    /// The place of the name.
    pub(super) range: Range<usize>,
}

impl<'a> Rules<'_, 'a> {
    pub(super) fn read(&self, written: &Written) -> Result<Read, Fault> {
        match self.document.value(written) {
            Some(DeValue::Table(table)) => self.table(table),
            Some(DeValue::Array(list)) if list.iter().any(|item| item.get_ref().is_table()) => {
                self.list(list, VariableRule::default())
            }
            _ => Ok((self.document.texts(written)?, VariableRule::default())),
        }
    }

    fn wrong<T>(&self, message: impl AsRef<str>) -> Result<T, Fault> {
        Err(self.document.wrong(self.range.clone(), message.as_ref()))
    }

    fn table(&self, table: &DeTable<'a>) -> Result<Read, Fault> {
        let name = self.name;
        if !KEYS.iter().any(|key| table.get(*key).is_some()) {
            return self.wrong(format!(
                "variables are lines such as `{name} = [\"one\", \"two\"]`, without sections"
            ));
        }
        self.known(table, &KEYS)?;
        let when = table.get("when").map(|when| self.condition(when)).transpose()?.unwrap_or_default();
        let column = table.get("column").map(|column| self.word(column, "column")).transpose()?;
        let file = table.get("file").map(|file| self.word(file, "file")).transpose()?;
        let is_range = ["from", "to", "step"].iter().any(|key| table.get(*key).is_some());
        let source = match (file, column, is_range) {
            (None, None, true) => return self.numbers(table, when),
            (Some(file), column, false) => Some(ValueSource::File { file, column }),
            (None, Some(column), false) => Some(ValueSource::Dataset { column }),
            (None, None, false) => None,
            _ => {
                return self.wrong(
                    "{told} has two kinds of values; give `values`, `from` and `to`, `file` or `column`",
                );
            }
        };
        let rule = VariableRule { source, when, ..VariableRule::default() };
        match table.get("values").map(Spanned::get_ref) {
            Some(DeValue::Array(list)) => self.list(list, rule),
            None if rule.source.is_some() => Ok((Vec::new(), rule)),
            _ => self.wrong(format!("`{name}` needs its values, such as `values = [\"one\", \"two\"]`")),
        }
    }

    fn known(&self, table: &DeTable<'a>, known: &[&str]) -> Result<(), Fault> {
        for (key, _) in table {
            let key = key.get_ref().as_ref();
            if !known.contains(&key) {
                let remedy = closest(key, known.iter().copied()).map_or_else(
                    || format!("it may have {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return self.wrong(format!("`{}` has an unknown key `{key}`; {remedy}", self.name));
            }
        }
        Ok(())
    }

    fn word(&self, value: &Spanned<DeValue<'a>>, key: &str) -> Result<String, Fault> {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Ok(text.to_string()),
            _ => self.wrong(format!("`{key}` of `{}` must be text in quotation marks", self.name)),
        }
    }

    /// Reads a list of values, some with a weight or a condition.
    fn list(&self, list: &[Spanned<DeValue<'a>>], mut rule: VariableRule) -> Result<Read, Fault> {
        let (mut values, mut weights) = (Vec::new(), Vec::new());
        for item in list {
            let (value, weight) = match item.get_ref() {
                DeValue::Table(table) => {
                    self.known(table, &OF_VALUE)?;
                    let value = table.get("value").and_then(|value| scalar(value.get_ref()));
                    let Some(value) = value else {
                        return self.wrong(format!(
                            "a value of `{}` that is a table needs its `value`, such as `{{ value = \"one\", weight = 3 }}`",
                            self.name
                        ));
                    };
                    if let Some(when) = table.get("when") {
                        rule.values_when.insert(value.clone(), self.condition(when)?);
                    }
                    (value, table.get("weight").map_or(Ok(1), |weight| self.weight(weight))?)
                }
                other => match scalar(other) {
                    Some(value) => (value, 1),
                    None => return self.wrong("{told} may hold texts and numbers only"),
                },
            };
            values.push(value);
            weights.push(weight);
        }
        if values.is_empty() {
            return self.wrong("{told} is an empty list; give it a value");
        }
        if weights.iter().any(|weight| *weight != 1) {
            rule.weights = weights;
        }
        Ok((values, rule))
    }

    fn weight(&self, weight: &Spanned<DeValue<'a>>) -> Result<u32, Fault> {
        let number = scalar(weight.get_ref()).and_then(|text| text.parse().ok());
        match number.filter(|weight| (1..=VariableRule::LARGEST_WEIGHT).contains(weight)) {
            Some(weight) => Ok(weight),
            None => self.wrong(format!(
                "a weight of `{}` must be a whole number from 1 to {}",
                self.name,
                VariableRule::LARGEST_WEIGHT
            )),
        }
    }

    /// Reads `when = { topic = ["bank"] }`; one value may stand alone.
    fn condition(&self, when: &Spanned<DeValue<'a>>) -> Result<Condition, Fault> {
        let fault = || {
            self.wrong(format!(
                "`when` of `{}` must name variables with their values, such as `when = {{ topic = [\"bank\"] }}`",
                self.name
            ))
        };
        let DeValue::Table(table) = when.get_ref() else { return fault() };
        let mut condition = BTreeMap::new();
        for (name, wanted) in table {
            let values = match wanted.get_ref() {
                DeValue::Array(list) => list.iter().map(|item| scalar(item.get_ref())).collect(),
                single => scalar(single).map(|value| vec![value]),
            };
            match values {
                Some(values) if !values.is_empty() => condition.insert(name.get_ref().to_string(), values),
                _ => return fault(),
            };
        }
        if condition.is_empty() { fault() } else { Ok(condition) }
    }

    /// Reads `from`, `to` and `step`.
    fn numbers(&self, table: &DeTable<'a>, when: Condition) -> Result<Read, Fault> {
        let of = |key: &str| table.get(key).and_then(|value| scalar(value.get_ref()));
        let (from, to, step) = (of("from"), of("to"), of("step").unwrap_or_else(|| "1".to_owned()));
        let (Some(from), Some(to), None) = (from, to, table.get("values")) else {
            return self
                .wrong(format!("`{}` needs `from` and `to`, such as `{{ from = 18, to = 80 }}`", self.name));
        };
        let decimals = [&from, &to, &step].into_iter().map(|number| decimals(number)).max().unwrap_or(0);
        let scaled = |number: &str| scaled(number, decimals);
        let (Some(first), Some(last), Some(by)) = (scaled(&from), scaled(&to), scaled(&step)) else {
            return self.wrong(format!(
                "`from`, `to` and `step` of `{}` must be numbers with at most {MOST_DECIMALS} digits behind the point",
                self.name
            ));
        };
        if by <= 0 || last < first || (last - first) / by >= LONGEST_RANGE {
            return self.wrong(format!(
                "`{}` must go up from `from` to `to` by a `step` above 0, in at most {LONGEST_RANGE} steps",
                self.name
            ));
        }
        let places = (0..=(last - first) / by).map(|place| written(first + place * by, decimals));
        let source = Some(ValueSource::Range { from, to, step });
        Ok((places.collect(), VariableRule { source, when, ..VariableRule::default() }))
    }
}

/// Returns a value as text, if it is a text, a number, a truth value or a date.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Datetime(moment) => Some(moment.to_string()),
        DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, behind)| behind.len())
}

/// Returns a decimal number as so many parts of ten to the power of `decimals`.
fn scaled(number: &str, decimals: usize) -> Option<i64> {
    let (whole, behind) = number.split_once('.').unwrap_or((number, ""));
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty()
        || !is_plain(digits)
        || !is_plain(behind)
        || decimals > MOST_DECIMALS
        || digits.len() > 9
    {
        return None;
    }
    let value: i64 = format!("{digits}{behind:0<decimals$}").parse().ok()?;
    Some(if whole.starts_with('-') { -value } else { value })
}

/// Writes a scaled number with its digits behind the point.
fn written(value: i64, decimals: usize) -> String {
    let parts = 10_i64.pow(u32::try_from(decimals).unwrap_or(0));
    let sign = if value < 0 { "-" } else { "" };
    let value = value.abs();
    if decimals == 0 {
        return format!("{sign}{value}");
    }
    format!("{sign}{}.{:0decimals$}", value / parts, value % parts)
}

#[cfg(test)]
mod tests {
    use super::super::{read, write};
    use super::*;
    use crate::domain::Variables;

    fn one(text: &str) -> (Vec<String>, VariableRule) {
        let Variables { values, rules } = read(text).unwrap();
        (values["a"].clone(), rules.get("a").cloned().unwrap_or_default())
    }

    fn said(text: &str) -> String {
        read(text).unwrap_err().remove(0).message
    }

    #[test]
    fn weights_and_conditions_stand_beside_the_values() {
        let (values, rule) = one("b = ['x']\na = ['p', { value = 'q', weight = 3, when = { b = 'x' } }]");
        assert_eq!((values.join(" ").as_str(), rule.weights.as_slice()), ("p q", &[1, 3][..]));
        assert_eq!(rule.values_when["q"]["b"], ["x"]);
        let (values, rule) = one("b = ['x', 'y']\na = { values = ['p'], when = { b = ['x', 'y'] } }");
        assert_eq!((values.join(" ").as_str(), rule.when["b"].len()), ("p", 2));
    }

    #[test]
    fn ranges_are_counted_out_with_their_digits() {
        assert_eq!(one("a = { from = 1, to = 10, step = 4 }").0, ["1", "5", "9"]);
        assert_eq!(
            one("a = { from = -0.5, to = 0.5, step = 0.25 }").0,
            ["-0.50", "-0.25", "0.00", "0.25", "0.50"]
        );
        assert!(said("a = { from = 1, to = 0 }").contains("must go up"));
        assert!(said("a = { from = 1 }").contains("needs `from` and `to`"));
        assert!(said("a = { from = 'x', to = 2 }").contains("must be numbers"));
        assert!(said("a = { from = 0, to = 1, step = 0.00001 }").contains("at most 10000 steps"));
    }

    #[test]
    fn values_from_elsewhere_are_named_and_not_read_here() {
        let (values, rule) = one("a = { file = 'a.csv', column = 'c' }");
        let source = ValueSource::File { file: "a.csv".into(), column: Some("c".into()) };
        assert_eq!((values.len(), rule.source), (0, Some(source)));
        assert_eq!(one("a = { column = 'c' }").1.source, Some(ValueSource::Dataset { column: "c".into() }));
    }

    #[test]
    fn what_cannot_be_is_told_with_what_can() {
        assert!(said("a = { vlues = ['x'], when = { b = 'x' } }").contains("did you mean `values`?"));
        assert!(said("a = [{ weight = 3 }]").contains("needs its `value`"));
        assert!(said("a = [{ value = 'x', weight = 0 }]").contains("a whole number from 1"));
        assert!(said("a = { values = ['x'], when = { c = 'x' } }").contains("`c`, which is no variable"));
        assert!(said("a = { values = ['x'], when = { a = 'x' } }").contains("depends on itself"));
        assert!(said("a = { from = 1, to = 2, file = 'x' }").contains("two kinds of values"));
    }

    #[test]
    fn what_is_written_reads_back_with_its_rules() {
        let text = "age = { from = 18, to = 20, step = 1 }\n\
                    place = { file = \"places.txt\", when = { topic = [\"bank\"] } }\n\
                    tone = { values = [\"calm\", { value = \"rude\", weight = 2 }], when = { topic = [\"bank\"] } }\n\
                    topic = [\"prize\", { value = \"bank\", weight = 3, when = { age = [\"18\"] } }]\n";
        let variables = read(text).unwrap();
        assert_eq!(write(&variables), text);
        assert_eq!(read(&write(&variables)), Ok(variables));
    }
}
