use proptest::prelude::*;

use super::*;
use crate::curate::SortKey;

fn fault(text: &str) -> (&str, String) {
    let error = Filter::parse(text).unwrap_err();
    (&text[error.range], error.message)
}

#[test]
fn the_languages_own_example_is_read() {
    let text = "state:pending label:spam prompt:v3 run:12 flag:duplicate rating>=4 text~\"free prize\"";
    let filter = Filter::parse(text).unwrap();
    assert_eq!(filter.conditions.len(), 7);
    assert_eq!(filter.conditions[6].term, Term::TextHolds("free prize".into()));
    assert_eq!(filter.to_string(), text);
    assert_eq!(Filter::parse(" \t ").unwrap(), Filter::default());
}

#[test]
fn bare_words_search_the_text() {
    let filter = Filter::parse("free \"cash prize\" -3:1 :) Rating=5").unwrap();
    assert_eq!(filter.to_string(), "text~free text~\"cash prize\" -text~3:1 text~:) rating:5");
}

#[test]
fn an_unknown_word_gets_a_suggestion() {
    let (at, said) = fault("state:pending stat:x");
    assert_eq!(at, "stat");
    assert!(said.starts_with("There is no key `stat` to filter by; did you mean `state`?"), "{said}");
    assert_eq!(fault("-lable:x").0, "lable");
    assert_eq!(
        fault("state:pendig"),
        ("pendig", "There is no state `pendig`; did you mean `pending`?".into())
    );
    assert_eq!(fault("flag:duplicat").1, "There is no flag `duplicat`; did you mean `duplicate`?");
    assert_eq!(
        fault("state:zzzzzz").1,
        "There is no state `zzzzzz`; there is pending, accepted, rejected, skipped, any."
    );
    assert!(fault("is:edit").1.contains("did you mean `edited`?"));
    assert!(fault("is:knew").1.contains("did you mean `new`?"));
    assert_eq!(fault("provider:opnai").1, "There is no provider `opnai`; did you mean `openai`?");
    assert!(fault("modle:x").1.starts_with("There is no key `modle` to filter by; did you mean `model`?"));
    assert!(fault("http://x").1.contains("put them in quotation marks"));
}

#[test]
fn each_wrong_condition_says_where_and_what_to_write() {
    for (text, at, says) in [
        ("a text~\"b c", "\"b c", "The quotation mark is not closed"),
        ("-", "-", "Behind `-` comes what a row must not be"),
        ("label: x", "label:", "Behind `label:` comes a value."),
        ("run:abc", "abc", "`run` compares with a number, not with `abc`."),
        ("run:lsat", "lsat", "`run:last` is the last run that gave rows."),
        ("run>=last", "last", "`run` compares with a number, not with `last`."),
        ("model>x", "model>x", "`model>` is not known; write `model:…`."),
        ("provider~open", "provider~open", "`provider~` is not known; write `provider:…`."),
        ("novelty>=nan", "nan", "`novelty` compares with a number"),
        ("rating>=6", "6", "A rating is 1 to 5 stars, not 6."),
        ("rating~4", "rating~4", "`rating~` is not known; write `rating>=…`."),
        ("text:x", "text:x", "`text:` is not known; write `text~…`."),
        ("label>x", "label>x", "`label>` is not known; write `label:…`."),
        ("x label!=y", "label!=", "write `-label:…`."),
        ("id:abc", "abc", "`abc` is too short; give 4 characters of an id or more."),
        ("id:ABCD", "ABCD", "`ABCD` begins no row id"),
        ("prompt:main@", "main@", "`main@` names no version"),
        ("sort:novelty", "sort:novelty", "`sort:` orders rows"),
    ] {
        let (found, said) = fault(text);
        assert_eq!(found, at, "{text}");
        assert!(said.contains(says), "{text}\nsaid: {said}");
    }
}

#[test]
fn the_rows_pane_takes_an_order_too() {
    let (filter, sort) = parse_view("state:pending sort:-novelty").unwrap();
    assert_eq!(filter.to_string(), "state:pending");
    assert_eq!(sort, Some(Sort { key: SortKey::Novelty, descending: true }));
    assert!(parse_view("sort:noveltee").unwrap_err().message.contains("did you mean `novelty`?"));
    assert!(parse_view("-sort:novelty").unwrap_err().message.contains("`sort:-KEY`"));
}

fn terms() -> impl Strategy<Value = Term> {
    let any_of = |all: Vec<Term>| prop::sample::select(all);
    let word = "(?s).{0,12}";
    let pattern = "[a-z \"\\\\]{1,5}";
    let comparisons =
        [Comparison::Equal, Comparison::Less, Comparison::AtMost, Comparison::More, Comparison::AtLeast];
    prop_oneof![
        any_of(StateKind::ALL.map(Term::State).into()),
        any_of(FlagKind::ALL.map(Term::Flag).into()),
        any_of(Is::ALL.map(Term::Is).into()),
        Just(Term::AnyState),
        Just(Term::AnyFlag),
        Just(Term::LastRun),
        any::<u64>().prop_map(|id| Term::Operation(OperationId(id))),
        any_of(Provider::ALL.map(Term::Provider).into()),
        word.prop_map(Term::Model),
        word.prop_map(Term::ModelHolds),
        word.prop_map(Term::Label),
        word.prop_map(Term::Tag),
        word.prop_map(Term::Reason),
        word.prop_map(Term::ReasonHolds),
        word.prop_map(Term::TextHolds),
        "[a-z][a-z0-9]{3,9}".prop_map(Term::Id),
        (prop::option::of(pattern), pattern)
            .prop_map(|(name, word)| Term::Prompt(VersionPattern { name, word })),
        (1.0..=5.0, prop::sample::select(comparisons.to_vec()), prop::sample::select(Figure::ALL.to_vec()))
            .prop_map(|(bound, comparison, figure)| Term::Figure(figure, comparison, bound)),
    ]
}

proptest! {
    #[test]
    fn a_filter_written_out_reads_back(
        conditions in prop::collection::vec((any::<bool>(), terms()), 0..5)
    ) {
        let conditions = conditions.into_iter().map(|(negated, term)| Condition { negated, term }).collect();
        let filter = Filter { conditions };
        prop_assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
    }

    #[test]
    fn no_text_makes_it_panic_or_mark_what_is_not_there(text in "\\PC*|[a-z:~<>=\"\\\\ -]{0,20}") {
        if let Err(error) = Filter::parse(&text) {
            prop_assert!(text.get(error.range).is_some());
        }
    }
}
