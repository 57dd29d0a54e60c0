mod scan;

use super::*;
use crate::curate::filter::Comparison;
use crate::domain::fixtures::Story;
use crate::domain::{Change, FieldValue, Fields, Flag, FlagKind, Rating, RequestNumber};

/// Five rows: 1 accepted with 4 stars and a tag, 2 rejected for a reason, 3 flagged, 4 edited, 5 of v2.
fn story() -> Story {
    let mut story = Story::default();
    story.version("one");
    let flag = Flag { kind: FlagKind::Duplicate, other: None, figure: None };
    let mut rows: Vec<_> = ["FREE prize now", "ÄRGER im Netz", "twice", "as it came"]
        .map(|text| story.new_row(text, vec![]))
        .into();
    rows[2].flags.push(flag);
    story.sampled_rows(rows);
    story.version("two");
    story.sampled(&["of the second"]);
    let rating = Rating::try_from(4).ok();
    story.change(&[0], Change::Accept { rating, tags: vec!["good one".into()] });
    story.change(&[1], Change::Reject { reason: Some("Too Dull".into()), tags: vec![] });
    let mut fields = Fields::of_text("as I want it");
    fields.0.insert(Fields::LABEL.into(), FieldValue::Text("ham".into()));
    story.change(&[3], Change::Edit { fields: Some(fields) });
    story
}

fn found(story: &Story, filter: &str) -> Vec<u32> {
    let filter = Filter::parse(filter).unwrap();
    let matcher = filter.on(&story.projection);
    story.projection.rows().filter(|row| matcher.matches(row)).map(|row| row.number().shown()).collect()
}

#[test]
fn rows_are_found_by_who_wrote_them_and_when() {
    let mut story = Story::with_rows(2);
    story.sampled_by("openai", Some("Small LM"), &["c", "d"]);
    story.sampled_by("gemini", Some("gem"), &["e", "f"]);
    story.answered_by(RequestNumber(2), "gem-2026-01");
    story.change(&[0, 1, 4], Change::accept());
    story.change(&[1], Change::reject());
    for (filter, rows) in [
        ("model:\"small lm\"", &[3, 4][..]),
        ("model:small", &[]),
        ("model~SMALL", &[3, 4]),
        ("model:gem", &[5, 6]),
        ("model:GEM-2026-01", &[5, 6]),
        ("-model~gem", &[1, 2, 3, 4]),
        ("provider:openai", &[3, 4]),
        ("-provider:offline", &[3, 4, 5, 6]),
        ("run:last", &[5, 6]),
        ("is:new", &[6]),
        ("-is:new state:pending", &[3, 4]),
        ("is:bulk", &[1, 5]),
        ("-is:bulk is:decided", &[2]),
    ] {
        assert_eq!(found(&story, filter), rows, "{filter}");
    }
    assert_eq!(story.projection.counts().new_rows(), 1);
    // A run that has begun and given no row yet is not the last one that gave rows.
    story.sampled_rows(vec![]);
    assert_eq!(found(&story, "run:last"), [5, 6]);
    story.sampled(&["g"]);
    assert_eq!((found(&story, "run:last"), found(&story, "is:new")), (vec![7], vec![7]));
    assert!(found(&Story::default(), "run:last").is_empty());
}

#[test]
fn imported_rows_are_found_by_what_their_file_says() {
    let mut story = Story::with_rows(1);
    let origin = Origin {
        prompt: Some("theirs".into()),
        version: Some(3),
        provider: Some("openai".into()),
        model: Some("Small LM".into()),
        ..Origin::default()
    };
    story.imported("labels.csv", &origin, &["b", "c"]);
    story.imported("bare.csv", &Origin::default(), &["d"]);
    for (filter, rows) in [
        ("model:\"small lm\"", &[2, 3][..]),
        ("model~SMALL", &[2, 3]),
        ("-model~small", &[1, 4]),
        ("provider:openai", &[2, 3]),
        ("provider:offline", &[1]),
        ("prompt:theirs", &[2, 3]),
        ("prompt:theirs@v3", &[2, 3]),
        ("prompt:theirs@v1", &[]),
        ("prompt:v3", &[2, 3]),
        ("-prompt:main", &[2, 3, 4]),
    ] {
        assert_eq!(found(&story, filter), rows, "{filter}");
    }
}

#[test]
fn each_condition_finds_its_rows() {
    let story = story();
    let id = story.projection.id(crate::domain::RowNumber(1)).unwrap();
    let version = story.projection.versions()[1].id;
    for (filter, rows) in [
        ("", &[1, 2, 3, 4, 5][..]),
        ("state:any", &[1, 2, 3, 4, 5]),
        ("-state:any", &[]),
        ("state:pending", &[3, 4, 5]),
        ("-state:pending", &[1, 2]),
        ("is:decided", &[1, 2]),
        ("label:spam", &[1, 2, 3, 5]),
        ("label:ham", &[4]),
        ("prompt:v2", &[5]),
        ("prompt:1", &[1, 2, 3, 4]),
        ("prompt:main", &[1, 2, 3, 4, 5]),
        ("prompt:main@v2", &[5]),
        ("prompt:other@v2", &[]),
        (&format!("prompt:{}", &version.to_string()), &[5]),
        ("run:2", &[5]),
        ("run<2", &[1, 2, 3, 4]),
        ("flag:duplicate", &[3]),
        ("flag:any", &[3]),
        ("-is:flagged", &[1, 2, 4, 5]),
        ("rating>=4", &[1]),
        ("rating>4", &[]),
        ("is:rated", &[1]),
        ("-rating<5", &[2, 3, 4, 5]),
        ("text~\"free prize\"", &[1]),
        ("FREE", &[1]),
        ("ärger", &[2]),
        ("text~came", &[]),
        ("text~\"I want\" is:edited", &[4]),
        (&format!("id:{}", &id.as_str()[..6]), &[2]),
        ("tag:\"good one\"", &[1]),
        ("tag:good", &[]),
        ("is:tagged", &[1]),
        ("reason~dull", &[2]),
        ("reason:\"Too Dull\"", &[2]),
        ("reason:dull", &[]),
        ("novelty>=0.5 novelty<=0.5 novelty:0.5", &[1, 2, 3, 4, 5]),
        ("novelty<0.5", &[]),
        ("number>=2 number<4", &[2, 3]),
        ("length:5", &[3]),
        ("state:pending -flag:duplicate prompt:v1", &[4]),
    ] {
        assert_eq!(found(&story, filter), rows, "{filter}");
    }
}

#[test]
fn a_figure_of_few_digits_meets_what_was_computed() {
    assert!(Comparison::Equal.holds(0.8149, 0.81) && !Comparison::Equal.holds(0.82, 0.81));
    assert!(!Comparison::Equal.holds(12.0, 13.0));
}
