//! Sentences about versions, runs, operations and tags that a filter asks for and that do not exist.

use super::Filter;
use super::error::remedy;
use super::filter::{Comparison, Figure, Property, Term, Words};
use crate::domain::Projection;

/// Up to how many tags are listed in a sentence.
const FEW: usize = 8;

/// Returns a sentence about each version, run, operation and tag that rows must have and that does not exist.
#[must_use]
pub(crate) fn unknown_names(filter: &Filter, shown: &Projection) -> Vec<String> {
    let wanted = filter.conditions.iter().filter(|condition| !condition.negated);
    wanted.filter_map(|condition| unknown(&condition.term, shown)).collect()
}

fn unknown(term: &Term, shown: &Projection) -> Option<String> {
    let no_version = |is_there: bool| {
        let asked = term.to_string();
        let asked = asked.trim_start_matches("prompt:");
        (!is_there).then(|| format!("There is no version `{asked}`."))
    };
    match term {
        Term::Prompt(pattern) => no_version(
            shown.versions().iter().any(|version| pattern.fits(version))
                || shown.origins().iter().any(|origin| pattern.fits_origin(origin)),
        ),
        Term::Versions(range) => no_version(
            shown.versions().iter().any(|version| range.fits(version))
                || shown.origins().iter().any(|origin| range.fits_origin(origin)),
        ),
        Term::Figure(Figure::Run, Comparison::Equal, number) => {
            let last = shown.runs().map(|run| run.number).max();
            let is_there = shown.runs().any(|run| f64::from(run.number.0).total_cmp(number).is_eq());
            let last =
                last.map_or_else(|| "there is none".to_owned(), |last| format!("the last one is {last}"));
            (!is_there).then(|| format!("There is no run {number}; {last}."))
        }
        Term::Operation(id) if shown.operation(*id).is_none() => {
            let last = shown.operation_count().checked_sub(1).and_then(|last| shown.operation_at(last));
            let last = last
                .map_or_else(|| "there is none".to_owned(), |last| format!("the last one is {}", last.id.0));
            Some(format!("There is no operation {}; {last}.", id.0))
        }
        Term::Words(Property::Tag, Words::Equal(tag)) => no_such_tag(tag, &shown.tags()),
        _ => None,
    }
}

fn no_such_tag(tag: &str, known: &[&str]) -> Option<String> {
    if known.contains(&tag) {
        return None;
    }
    Some(match known {
        [] => format!("No row has the tag `{tag}`; none has a tag."),
        known if known.len() <= FEW => format!("No row has the tag `{tag}`; {}", remedy(tag, known)),
        known => match crate::text::closest(tag, known.iter().copied()) {
            Some(near) => format!("No row has the tag `{tag}`; did you mean `{near}`?"),
            None => format!("No row has the tag `{tag}`."),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Change;
    use crate::domain::fixtures::Story;

    #[test]
    fn what_a_filter_asks_for_and_there_is_not_is_said() {
        let mut story = Story::with_rows(3);
        story.change(&[0], Change::Tag { tags: vec!["odd".into()] });
        let said = |filter: &str| unknown_names(&Filter::parse(filter).unwrap(), &story.projection);
        assert_eq!(said("prompt:v9"), ["There is no version `v9`."]);
        assert_eq!(said("prompt:v8..v9"), ["There is no version `v8..v9`."]);
        assert_eq!(said("run:7"), ["There is no run 7; the last one is 1."]);
        assert!(said("operation:99")[0].starts_with("There is no operation 99; the last one is "));
        assert_eq!(said("tag:Odd"), ["No row has the tag `Odd`; did you mean `odd`?"]);
        assert!(said("prompt:v1 run:1 operation:1 tag:odd -tag:dull -run:9").is_empty());
    }
}
