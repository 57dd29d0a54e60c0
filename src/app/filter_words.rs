//! The words of the filter language, to choose from while a filter is typed.

use std::collections::BTreeSet;

use crate::curate::SortKey;
use crate::curate::filter::{Condition, Filter, Property, Term, Words};
use crate::domain::{FlagKind, Projection, StateKind};

/// What is offered whatever the session holds.
const ALWAYS: [&str; 16] = [
    "flag:any",
    "rating>=4",
    "rating:2..4",
    "novelty>0.5",
    "length<80",
    "run:last",
    "is:new",
    "is:bulk",
    "is:edited",
    "is:tagged",
    "is:decided",
    "reason:*",
    "text~",
    "text=",
    "reason~",
    "or",
];

/// Returns the words of the filter language, with the labels, tags, versions, values, providers and models that the
/// session has.
pub(super) fn filter_words(shown: &Projection, labels: &[&str]) -> Vec<String> {
    let mut writers = BTreeSet::new();
    for run in shown.runs().filter(|run| !shown.hides_run(run)) {
        writers.insert(format!("provider:{}", run.generator.provider));
        writers.extend(run.generator.model.as_deref().map(|model| written(Property::Model, model)));
    }
    let labels = labels.iter().map(|label| written(Property::Label, label));
    let tags = shown.tags().into_iter().map(|tag| written(Property::Tag, tag));
    let states = StateKind::ALL.iter().map(|kind| format!("state:{}", kind.name()));
    let flags = FlagKind::ALL.iter().map(|kind| format!("flag:{}", kind.name()));
    let orders = SortKey::ALL.iter().map(|key| format!("sort:{}", key.name()));
    let always = ALWAYS.into_iter().map(str::to_owned);
    let own = labels.chain(tags).chain(values(shown)).chain(versions(shown)).chain(writers);
    states.chain(flags).chain(always).chain(own).chain(orders).collect()
}

/// Returns the values that the variables of all versions can have.
fn values(shown: &Projection) -> BTreeSet<String> {
    let of_versions = shown.versions().iter().flat_map(|version| &version.content.variables);
    let written = |name: &String, value: &String| written(Property::Variable(name.clone()), value);
    of_versions.flat_map(|(name, values)| values.iter().map(move |value| written(name, value))).collect()
}

fn versions(shown: &Projection) -> Vec<String> {
    let numbers: BTreeSet<u32> = shown.versions().iter().map(|version| version.number).collect();
    let numbers = numbers.into_iter().filter(|_| !shown.is_blind());
    numbers.map(|number| format!("prompt:v{number}")).collect()
}

/// Returns the condition that a property is a word.
fn written(property: Property, word: &str) -> String {
    let term = Term::Words(property, Words::Equal(word.to_owned()));
    Filter { conditions: vec![Condition { negated: false, term }] }.to_string()
}
