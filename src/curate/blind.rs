//! What may not be asked while a blind trial goes on.

use super::filter::{Figure, Filter, Is, Property, Term};
use super::sort::{Sort, SortKey};
use crate::domain::{Projection, RowsOf};

/// Returns why a filter or an order is refused while a blind trial goes on, as a sentence: it would tell which version,
/// run or generator rows come from. `None` where it is not.
#[must_use]
pub(crate) fn refused_while_blind(filter: &Filter, sort: Option<Sort>, shown: &Projection) -> Option<String> {
    let trial = shown.blind_trial()?;
    let word = filter.terms().into_iter().find_map(|term| tells(term, shown));
    let word = word.map(|word| if word.contains(':') { word.to_owned() } else { format!("{word}:") });
    let by = sort.filter(|sort| sort.key == SortKey::Prompt).map(|_| "sort:prompt".to_owned());
    let word = word.or(by)?;
    let name = trial.kind.name();
    Some(format!(
        "`{word}` would tell whose rows are whose, and a blind {name} goes on; it works again once that ends."
    ))
}

/// Returns the word of a condition that tells which version, run or generator a row comes from.
pub(super) fn tells(term: &Term, shown: &Projection) -> Option<&'static str> {
    match term {
        Term::Prompt(_) | Term::Versions(_) | Term::AnyPrompt => Some("prompt"),
        Term::Words(Property::Model, _) => Some("model"),
        Term::Provider(_) => Some("provider"),
        Term::Is(Is::New) => Some("is:new"),
        Term::Operation(id) if matches!(shown.rows_of(*id), Some(RowsOf::Run(_))) => Some("operation"),
        Term::LastRun
        | Term::Figure(Figure::Run, ..)
        | Term::Between(Figure::Run, ..)
        | Term::Has(Figure::Run) => Some("run"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curate::view;
    use crate::domain::TrialOutcome;
    use crate::domain::fixtures::TrialStory;

    fn refused(text: &str, of: &TrialStory) -> Option<String> {
        refused_while_blind(&Filter::parse(text).unwrap(), None, &of.story.projection)
    }

    #[test]
    fn what_tells_a_side_is_refused_while_a_blind_trial_goes_on_and_no_longer() {
        let mut of = TrialStory::compare(true, 3);
        let telling = [
            "prompt:v2",
            "-prompt:v2",
            "run:2",
            "run:last",
            "is:new",
            "-is:new",
            "model:small",
            "model~sm",
            "provider:openai",
            "prompt:v1..v2",
            "run:1..2",
            "run:*",
            "state:pending or -(tag:x or prompt:v2)",
        ];
        for text in telling {
            let said = refused(text, &of).unwrap_or_else(|| panic!("{text}"));
            assert!(said.contains("a blind comparison goes on"), "{said}");
        }
        for text in ["state:pending", "text~bank", "rating>=4"] {
            assert_eq!(refused(text, &of), None, "{text}");
        }
        let by = |key| Some(Sort { key, descending: false });
        let sorted =
            |of: &TrialStory, key| refused_while_blind(&Filter::default(), by(key), &of.story.projection);
        assert!(sorted(&of, SortKey::Prompt).is_some() && sorted(&of, SortKey::Novelty).is_none());
        of.end(TrialOutcome::Stopped);
        assert!(telling.iter().all(|text| refused(text, &of).is_none()));
    }

    #[test]
    fn rows_of_a_blind_trial_match_neither_a_telling_condition_nor_its_opposite() {
        let mut of = TrialStory::compare(true, 3);
        let found = |text: &str, of: &TrialStory| {
            view(&of.story.projection, &Filter::parse(text).unwrap(), &Sort::default()).len()
        };
        for text in [
            "prompt:v2",
            "-prompt:v2",
            "run:2",
            "model:hidden-model",
            "is:new",
            "-is:new",
            "state:any or prompt:v2",
        ] {
            assert!(found(text, &of) <= 1, "{text}: only the row from before the trial");
        }
        assert_eq!(found("state:pending", &of), 7);
        of.end(TrialOutcome::Stopped);
        assert_eq!(found("prompt:v2", &of), 3);
    }
}
