use proptest::prelude::*;

use super::*;
use crate::curate::filter::{Comparison, Figure, Is, Property, VersionPattern, VersionRange, Words};
use crate::curate::{Pattern, SortKey};
use crate::domain::{FlagKind, OperationId, Provider, StateKind};

fn fault(text: &str) -> (&str, String) {
    let error = Filter::parse(text).unwrap_err();
    (&text[error.range], error.message)
}

#[test]
fn the_languages_own_example_is_read() {
    let text = "state:pending label:spam prompt:v3 run:12 flag:duplicate rating>=4 text~\"free prize\"";
    let filter = Filter::parse(text).unwrap();
    assert_eq!(filter.conditions.len(), 7);
    let words = Words::Hold("free prize".into());
    assert_eq!(filter.conditions[6].term, Term::Words(Property::Text, words));
    assert_eq!(filter.to_string(), text);
    assert_eq!(Filter::parse(" \t ").unwrap(), Filter::default());
}

#[test]
fn bare_words_search_the_text() {
    let filter = Filter::parse("free \"cash prize\" -3:1 :) Rating=5").unwrap();
    assert_eq!(filter.to_string(), "text~free text~\"cash prize\" -text~3:1 text~\":)\" rating:5");
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
    let (filter, sort) = parse_view("state:pending sort:-novelty", &VariableNames::default()).unwrap();
    assert_eq!(filter.to_string(), "state:pending");
    assert_eq!(sort, Some(Sort { key: SortKey::Novelty, descending: true }));
    let said = |text| parse_view(text, &VariableNames::default()).unwrap_err().message;
    assert!(said("sort:noveltee").contains("did you mean `novelty`?"));
    assert!(said("-sort:novelty").contains("`sort:-KEY`"));
}

fn known(text: &str) -> (Filter, Option<Sort>) {
    let names = ["topic", "label", "n2"].map(String::from).into_iter().collect();
    parse_view(text, &names).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn conditions_written_in_any_way_are_written_out_in_one() {
    for (text, written) in [
        ("a or b", "text~a or text~b"),
        ("a OR b and c", "text~a or text~b text~c"),
        ("(a or b) -(c d)", "(text~a or text~b) -(text~c text~d)"),
        ("((a)) (b c)", "text~a text~b text~c"),
        ("-(-a) -(-(a b)) -(-(a or b))", "text~a text~a text~b (text~a or text~b)"),
        ("(a or(b))", "text~a or text~b"),
        ("\"or\" \"(\" :) f(x) (f(x))", "text~or text~\"(\" text~\":)\" text~\"f(x)\" text~\"f(x)\""),
        ("rating:2..4 run:3.. run:..7 novelty:.5...9", "rating:2..4 run>=3 run<=7 novelty:0.5..0.9"),
        (
            "prompt:3..5 prompt:main@v3.. prompt:\"a..b\" prompt:x..y",
            "prompt:v3..v5 prompt:main@v3.. prompt:\"a..b\" prompt:\"x..y\"",
        ),
        (
            "tag:* tag:\"*\" flag:* state:* prompt:* run:*",
            "tag:* tag:\"*\" flag:any state:any prompt:* run:*",
        ),
        ("text~/win \\d+/ text~/a\\/b/i reason~\"/x\"", "text~/win \\d+/ text~/a\\/b/i reason~\"/x\""),
        ("text=a text=\"b c\"", "text=a text=\"b c\""),
        ("TOPIC:bank topic~ba var.label:x n2:y var.topic:z", "topic:bank topic~ba var.label:x n2:y topic:z"),
        (
            "field.score>3 field.\"my kind\":x field.a-b.c:*",
            "field.score>3 field.\"my kind\":x field.a-b.c:*",
        ),
    ] {
        let (filter, _) = known(text);
        assert_eq!(filter.to_string(), written, "{text}");
        assert_eq!(known(written).0, filter, "{text}");
    }
}

#[test]
fn each_wrong_group_range_and_expression_says_where() {
    let deep = format!("{}a{}", "(".repeat(17), ")".repeat(17));
    let long = "x ".repeat(10_000);
    let many = "text~/a/ ".repeat(17);
    for (text, at, says) in [
        ("a or", "or", "Behind `or` comes a condition."),
        ("or a", "or", "Before `or` comes a condition."),
        ("a or or b", "or", "Before `or` comes a condition."),
        ("a (b or) c", "or", "Behind `or` comes a condition."),
        ("a (b c", "(", "The bracket is not closed"),
        ("a ) b", ")", "No bracket is open here"),
        ("flag:any)", ")", "No bracket is open here"),
        ("(a) rating>=4) b", ")", "No bracket is open here"),
        ("flag:near", "near", "did you mean `near-duplicate`?"),
        ("a -() b", "()", "Between brackets come conditions"),
        (&deep, "(", "at most 16 deep"),
        (&long, &long, "A filter has at most 16384 bytes"),
        (&many, "/a/", "at most 16 regular expressions"),
        ("a text~/win (/", "/win (/", "is no regular expression: unclosed group."),
        ("text~/win", "/win", "The regular expression is not closed"),
        ("text~/a/b", "/a/", "Behind the closing `/`"),
        ("rating:4..2", "4..2", "begins behind its end"),
        ("rating:0..2", "0..2", "A rating is 1 to 5 stars"),
        ("run:a..b", "a..b", "is no range"),
        ("prompt:v5..v3", "v5..v3", "begins behind its end"),
        ("(a sort:novelty)", "sort:novelty", "outside of brackets"),
        ("topic:bank", "topic", "There is no key `topic`"),
        ("field.score>x", "x", "`score` compares with a number"),
        ("tag>3", "tag>3", "write `tag:…`"),
        ("var.topik:x", "topik", "There is no variable `topik`; no version has one."),
        ("provider:*", "*", "There is no provider `*`"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!(&text[error.range.clone()], at, "{text}");
        assert!(error.message.contains(says), "{text}\nsaid: {}", error.message);
    }
    let names = [String::from("topic")].into_iter().collect();
    let error = Filter::parse_with("topik:bank", &names).unwrap_err();
    assert!(error.message.contains("did you mean `topic`?"), "{error}");
}

#[test]
fn an_order_may_stand_anywhere_outside_of_brackets() {
    let order = |text| known(text).1.map(|sort| sort.to_string());
    assert_eq!(order("sort:-novelty a or b").as_deref(), Some("sort:-novelty"));
    assert_eq!(
        order("a sort:rating (b or c) sort:length").as_deref(),
        Some("sort:length"),
        "the last one counts"
    );
    assert_eq!(known("a or b sort:novelty").0.to_string(), "text~a or text~b");
}

#[test]
fn what_is_being_typed_counts_as_closed() {
    let names: VariableNames = [String::from("topic")].into_iter().collect();
    for (typed, read) in [
        ("a (b", "text~a text~b"),
        ("a (b or ", "text~a text~b"),
        ("a or", "text~a"),
        ("a (", "text~a"),
        ("-(a b", "-(text~a text~b)"),
        ("a text~", "text~a"),
        ("text~\"a b", "text~\"a b\""),
        ("x (sta", "text~x"),
        ("x top", "text~x"),
        ("x -topic:b", "text~x -topic:b"),
        ("", ""),
    ] {
        let (filter, _) = parse_typed(typed, &names).unwrap_or_else(|error| panic!("{typed}: {error}"));
        assert_eq!(filter.to_string(), read, "{typed}");
    }
    for open in ["text~/", "text~/win", "text~/win (", "a text~/win (b)"] {
        assert!(parse_typed(open, &names).is_err(), "no expression yet: {open}");
    }
}

#[test]
fn the_last_word_begins_behind_blanks_and_brackets_that_part_words() {
    for (text, word) in [
        ("a sta", "sta"),
        ("a (sta", "sta"),
        ("-(sta", "sta"),
        ("f(x", "f(x"),
        ("label:\"card ar", "label:\"card ar"),
        ("text~/win \\/ (a", "text~/win \\/ (a"),
        ("text~/win/ fl", "fl"),
        ("a ", ""),
    ] {
        assert_eq!(&text[last_word(text)..], word, "{text}");
    }
}

fn properties() -> impl Strategy<Value = Property> {
    prop_oneof![
        prop::sample::select(Property::NAMED.to_vec()),
        Just(Property::Text),
        prop::sample::select(vec!["topic", "label", "n2"]).prop_map(|name| Property::Variable(name.into())),
        "(?s).{0,9}".prop_map(Property::Field),
    ]
}

fn words() -> impl Strategy<Value = Words> {
    let word = "(?s).{0,12}";
    prop_oneof![
        word.prop_map(Words::Equal),
        word.prop_map(Words::Hold),
        ("[a-z .\\\\d+]{0,6}", any::<bool>()).prop_filter_map("no expression", |(source, ignores_case)| {
            Some(Words::Fit(Pattern::new(&source, ignores_case).ok()?))
        }),
        Just(Words::Any),
    ]
}

fn terms() -> impl Strategy<Value = Term> {
    let any_of = |all: Vec<Term>| prop::sample::select(all);
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
        (properties(), words()).prop_map(|(property, words)| Term::Words(property, words)),
        (1.0..=3.0, 3.0..=5.0, prop::sample::select(Figure::ALL.to_vec()))
            .prop_map(|(least, most, figure)| Term::Between(figure, least, most)),
        any_of(Figure::ALL.map(Term::Has).into()),
        Just(Term::AnyPrompt),
        (0..9_u32, 9..20_u32).prop_map(|(first, last)| {
            Term::Versions(VersionRange { name: None, first: Some(first), last: Some(last) })
        }),
        ("(?s).{0,9}", -9.5..9.5).prop_map(|(name, bound)| Term::FieldFigure(name, Comparison::More, bound)),
        "[a-z][a-z0-9]{3,9}".prop_map(Term::Id),
        (prop::option::of(pattern), pattern)
            .prop_map(|(name, word)| Term::Prompt(VersionPattern { name, word })),
        (1.0..=5.0, prop::sample::select(comparisons.to_vec()), prop::sample::select(Figure::ALL.to_vec()))
            .prop_map(|(bound, comparison, figure)| Term::Figure(figure, comparison, bound)),
    ]
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let leaf = (any::<bool>(), terms()).prop_map(|(negated, term)| Condition { negated, term });
    let tree = leaf.prop_recursive(4, 16, 4, |inner| {
        let filter = prop::collection::vec(inner, 1..3).prop_map(|conditions| Filter { conditions });
        (any::<bool>(), prop::collection::vec(filter, 1..4))
            .prop_map(|(negated, any)| Condition { negated, term: Term::Group(any) })
    });
    prop::collection::vec(tree, 0..5)
}

proptest! {
    #[test]
    fn a_filter_written_out_reads_back(conditions in conditions()) {
        let names = ["topic", "label", "n2"].map(String::from).into_iter().collect();
        let read = |filter: &Filter| Filter::parse_with(&filter.to_string(), &names);
        // Brackets that mean nothing are gone once it was read.
        let filter = read(&Filter { conditions: conditions.clone() });
        prop_assert!(filter.is_ok(), "{:?}", filter);
        let filter = filter.unwrap();
        prop_assert_eq!(read(&filter), Ok(filter.clone()));
        let is_flat = conditions.iter().all(|condition| !matches!(condition.term, Term::Group(_)));
        prop_assert!(!is_flat || filter.conditions == conditions, "{} {:?}", filter, conditions);
    }

    #[test]
    fn no_text_makes_it_panic_or_mark_what_is_not_there(
        text in "\\PC*|[a-z:~<>=\"\\\\ -]{0,20}|((text~|-|\\(|\\)|or |and|/|\"|run:|\\.\\.|field\\.|topic:|\\*|[a-z1-9]| ){0,12})"
    ) {
        let names = [String::from("topic")].into_iter().collect();
        for outcome in [parse_view(&text, &names), parse_typed(&text, &names)] {
            if let Err(error) = outcome {
                prop_assert!(text.get(error.range.clone()).is_some());
                let [line, carets] = error.pointed();
                prop_assert!(carets.trim_start().chars().all(|c| c == '^') && !line.is_empty());
            }
        }
        prop_assert!(text.is_char_boundary(last_word(&text)));
    }
}
