//! Variables as people write them: `topic = ["prize", "bank"]`, one per line.
//!
//! The session file's `[variables]` and the prompt editor's tab follow the same rules. Besides lists there are weights,
//! ranges, values from elsewhere and conditions, see [`crate::domain::variable`].

mod rules;
mod write;

use toml::Spanned;

use super::document::{Document, Fault, Named, Written, in_order, line_of};
use crate::domain::{Draft, Problem, PromptPart, VariableRule, Variables, Version, variable_fault};
use rules::Rules;
pub(crate) use write::write;

/// A variable as it was read.
#[derive(Debug)]
pub(super) struct OneVariable {
    name: String,
    values: Vec<String>,
    rule: VariableRule,
}

/// Reads the text of the variables tab; values from elsewhere are not read yet.
///
/// # Errors
///
/// All errors of the text, in order, each with its byte range and its line.
pub(crate) fn read(text: &str) -> Result<Variables, Vec<Problem>> {
    let problems = |faults: Vec<Fault>| faults.into_iter().map(|fault| problem(text, fault)).collect();
    let document = Document::parse_all(text).map_err(problems)?;
    let named = document.read::<Named<Written>>(&[]).map_err(|fault| problems(vec![fault]))?;
    let named = in_order(named);
    let read = named.iter().map(|(name, values)| variable(&document, name, values));
    let (good, wrong): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
    if !wrong.is_empty() {
        return Err(problems(wrong.into_iter().filter_map(Result::err).collect()));
    }
    let variables = gathered(good.into_iter().flatten());
    match faulty(&named, &variables) {
        Some(fault) => Err(problems(vec![fault])),
        None => Ok(variables),
    }
}

/// Reads the names and values of the variables tab, without their rules.
///
/// # Errors
///
/// As for [`read`].
#[cfg(test)]
pub(crate) fn parse(text: &str) -> Result<std::collections::BTreeMap<String, Vec<String>>, Vec<Problem>> {
    read(text).map(|variables| variables.values)
}

/// Returns variables as one, the plain ones without a rule.
pub(super) fn gathered(read: impl Iterator<Item = OneVariable>) -> Variables {
    let mut variables = Variables::default();
    for OneVariable { name, values, rule } in read {
        if !rule.is_plain() {
            variables.rules.insert(name.clone(), rule);
        }
        variables.values.insert(name, values);
    }
    variables
}

/// Returns the fault of variables that cannot be drawn together, at the name of one.
pub(super) fn faulty<T>(named: &[(Spanned<String>, T)], variables: &Variables) -> Option<Fault> {
    let (name, sentence) = variables.fault()?;
    let range = named.iter().find(|(known, _)| *known.get_ref() == name).map(|(name, _)| name.span());
    Some(Fault { range, message: sentence.trim_end_matches('.').to_owned() })
}

fn problem(text: &str, fault: Fault) -> Problem {
    let range = fault.range.unwrap_or(0..text.len());
    let line = line_of(text, range.start);
    let mut message = fault.message + ".";
    message[..1].make_ascii_uppercase();
    Problem { part: PromptPart::Variables, range, line, message }
}

/// Returns a draft with a version's content, its variables as text.
#[must_use]
pub(crate) fn draft_of(version: &Version) -> Draft {
    Draft {
        prompt: version.name.clone(),
        base: Some(version.id),
        system: version.content.system.clone(),
        user: version.content.user.clone(),
        variables: write(&version.content.drawn()),
        label: version.content.label.clone(),
        offered: None,
    }
}

/// Checks one variable.
pub(super) fn variable(
    document: &Document<'_>,
    name: &Spanned<String>,
    values: &Written,
) -> Result<OneVariable, Fault> {
    let (range, name) = (name.span(), name.get_ref().as_str());
    if let Some(message) = variable_fault(name) {
        // A fault's sentence is begun and ended where it is shown.
        let mut message = message.trim_end_matches('.').to_owned();
        message[..1].make_ascii_lowercase();
        return Err(document.wrong(range, &message));
    }
    let (values, rule) = Rules { document, name, range }.read(values)?;
    Ok(OneVariable { name: name.to_owned(), values, rule })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn first(text: &str) -> (usize, String, String) {
        let problem = parse(text).unwrap_err().remove(0);
        (problem.line, text[problem.range].to_owned(), problem.message)
    }

    #[test]
    fn lines_become_variables_and_numbers_become_text() {
        let read = parse("topic = [\"prize\", 'bank']\nyear = [2024, 1.50, true]\n").unwrap();
        assert_eq!(read["topic"], ["prize", "bank"]);
        assert_eq!(read["year"], ["2024", "1.50", "true"]);
        assert_eq!(parse(" \n# nothing yet\n"), Ok(BTreeMap::new()));
    }

    #[test]
    fn each_fault_has_its_place_and_a_remedy() {
        let (line, at, said) = first("a = [\"x\"]\nb = []");
        assert_eq!((line, at.as_str()), (2, "[]"));
        assert_eq!(said, "`b` is an empty list; give it a value.");
        let (line, at, said) = first("a = \"x\"");
        assert_eq!((line, at.as_str()), (1, "\"x\""));
        assert_eq!(said, "`a` must be a list such as `[\"one\", \"two\"]`, not `\"x\"`.");
        assert_eq!(first("a = [[1]]").1, "[1]");
        let (line, _, said) = first("a = [\"x\"]\n\nb = [\"y\"");
        assert!(line == 3 && said.starts_with("This is not valid TOML: "), "{line} {said}");
    }

    #[test]
    fn names_that_no_template_could_use_are_refused() {
        assert!(first("examples = [\"x\"]").2.contains("cannot be called `examples`"));
        assert!(first("in = [\"x\"]").2.contains("cannot be called `in`"));
        assert!(first("two-words = [\"x\"]").2.contains("`two-words` cannot be a variable's"));
        assert!(first("\"\" = [\"x\"]").2.contains("`` cannot be a variable's"));
        assert!(first("[variables]\na = [\"x\"]").2.contains("without sections"));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        assert_eq!(parse("a = 1\nb = [\"x\"]\nc = []").unwrap_err().len(), 2);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            variables in prop::collection::btree_map("v_[a-z0-9_]{0,8}", prop::collection::vec("(?s).{0,12}", 1..4), 0..4)
        ) {
            let variables = Variables { values: variables, ..Variables::default() };
            prop_assert_eq!(read(&write(&variables)), Ok(variables));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[a-z\\[\\]=\" \n#]{0,40}") {
            let problems = parse(&text).err().unwrap_or_default();
            for problem in problems {
                prop_assert!(text.get(problem.range.clone()).is_some() || problem.range.end > text.len());
            }
        }
    }
}
