//! Every condition, alone and combined, against a scan of plain records that knows nothing of filters.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::curate::{Filter, Sort, VariableNames, view};
use crate::domain::fixtures::Story;
use crate::domain::{
    Change, Event, FieldValue, Fields, Flag, FlagKind, Origin, Projection, Rating, RequestNumber, RowSet,
    Scores,
};

/// A row, with everything written out.
#[derive(Debug, Default)]
struct Plain {
    number: u32,
    id: String,
    text: String,
    label: String,
    state: &'static str,
    rating: Option<u8>,
    tags: Vec<String>,
    reason: String,
    flags: Vec<&'static str>,
    is_edited: bool,
    is_bulk: bool,
    run: Option<u32>,
    prompt: Option<String>,
    version: Option<u32>,
    provider: Option<String>,
    models: Vec<String>,
    novelty: Option<f32>,
    variables: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
}

const LAST_RUN: u32 = 4;

fn plain(projection: &Projection) -> Vec<Plain> {
    let of = |row: crate::domain::RowView<'_>| {
        let (mark, run, version, origin) = (row.mark(), row.run(), row.version(), row.origin());
        let request = row.request();
        let models = run.and_then(|run| run.generator.model.clone()).into_iter();
        let models = models
            .chain(request.as_ref().and_then(|request| request.answered_by.as_deref().map(str::to_owned)));
        let models = models.chain(origin.and_then(|origin| origin.model.clone()));
        Plain {
            number: row.number().0 + 1,
            id: row.id().as_str().to_owned(),
            text: row.text().to_string(),
            label: row.label().to_owned(),
            state: row.state().kind().name(),
            rating: row.state().rating().map(Rating::stars),
            tags: mark.tags,
            reason: mark.reason.unwrap_or_default(),
            flags: row.flags().map(|flag| flag.kind.name()).collect(),
            is_edited: row.is_edited(),
            is_bulk: row.is_bulk(),
            run: run.map(|run| run.number.0),
            prompt: version
                .map(|version| version.name.clone())
                .or(origin.and_then(|origin| origin.prompt.clone())),
            version: version.map(|version| version.number).or(origin.and_then(|origin| origin.version)),
            provider: run
                .map(|run| run.generator.provider.clone())
                .or(origin.and_then(|origin| origin.provider.clone())),
            models: models.collect(),
            novelty: row.scores().novelty,
            variables: request.as_ref().map(|request| request.variables.as_ref().clone()).unwrap_or_default(),
            fields: row.fields().0.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
        }
    };
    projection.rows().map(of).collect()
}

/// Rows of three versions, four runs and a file, decided, edited, tagged and flagged in many ways.
fn story() -> Story {
    let mut story = Story::default();
    story.version_with("one", &[("topic", &["bank", "parcel"]), ("label", &["x"])]);
    let texts = [
        "Free PRIZE now",
        "win 30 pounds",
        "WIN big",
        "ÄRGER mit der Bank",
        "",
        "a (b) \"c\" /d/",
        "\u{212a}elvin",
    ];
    for (place, (provider, model)) in
        [("offline", None), ("openai", Some("Small LM")), ("gemini", Some("gem")), ("openai", Some("small"))]
            .into_iter()
            .enumerate()
    {
        let kinds =
            [FlagKind::Duplicate, FlagKind::CopiesReal, FlagKind::ContaminatesTest, FlagKind::TooShort];
        let kinds = kinds.into_iter().cycle().skip(place);
        let rows = texts.iter().zip(kinds).enumerate().map(|(nth, (text, kind))| {
            let flags = if nth % 3 == 1 { vec![Flag { kind, other: None, figure: None }] } else { vec![] };
            let mut row = story.new_row(&format!("{text}{}", "!".repeat(place)), flags);
            let novelty = [Some(0.3), None, Some(0.7), Some(0.75)][(nth + place) % 4];
            row.scores = Scores { novelty, nearest: None };
            row.label = if nth % 2 == 0 { "spam" } else { "card arrival" }.into();
            if nth % 2 == 1 {
                row.fields.0.insert("score".into(), FieldValue::Integer(i64::try_from(nth).unwrap()));
                row.fields.0.insert("my kind".into(), FieldValue::Text("odd one".into()));
            }
            row
        });
        let rows = rows.collect();
        let values = [("topic", ["bank", "parcel"][place % 2]), ("label", "x"), ("n2", "deux")];
        story.rows_with((provider, model), &values[..place.min(3)], rows);
        if place == 1 {
            story.version_with("two", &[("topic", &["bank"]), ("n2", &["deux"])]);
        } else if place == 2 {
            story.version("three");
        }
    }
    story.answered_by(RequestNumber(2), "gem-2026");
    let origin = Origin {
        prompt: Some("theirs".into()),
        version: Some(3),
        provider: Some("openai".into()),
        model: Some("Small LM".into()),
        ..Origin::default()
    };
    story.imported("labels.csv", &origin, &["win 9", "free"]);
    story.imported("bare.csv", &Origin::default(), &["lose"]);
    let accept = |stars, tags: &[&str]| Change::Accept {
        rating: Rating::try_from(stars).ok(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    story.change(&[0, 7, 15], accept(4, &["good one"]));
    story.change(&[1, 8], accept(2, &["tone", "good one"]));
    story.change(&[2, 9], accept(0, &["tone"]));
    story.change(&[3, 16, 28], Change::Reject { reason: Some("Too Dull".into()), tags: vec!["tone".into()] });
    story.change(&[4, 5], Change::Skip { reason: Some("later".into()), tags: vec![] });
    story.change(&[6], Change::reject());
    let rows: RowSet = [10, 11].into_iter().map(crate::domain::RowNumber).collect();
    story.add(Event::Changed { rows, change: Change::accept(), bulk: true });
    let mut fields = Fields::of_text("changed by hand");
    fields.0.insert(Fields::LABEL.into(), FieldValue::Text("ham".into()));
    story.change(&[1, 12], Change::Edit { fields: Some(fields) });
    story
}

type Meets = fn(&Plain) -> bool;

fn holds(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}

/// Conditions, and what each means.
const CONDITIONS: &[(&str, Meets)] = &[
    ("state:any", |_| true),
    ("state:pending", |row| row.state == "pending"),
    ("state:accepted", |row| row.state == "accepted"),
    ("STATE=Rejected", |row| row.state == "rejected"),
    ("state:skipped", |row| row.state == "skipped"),
    ("label:spam", |row| row.label == "spam"),
    ("label:\"card arrival\"", |row| row.label == "card arrival"),
    ("label~ARR", |row| holds(&row.label, "arr")),
    ("label~/^(ham|spam)$/", |row| row.label == "ham" || row.label == "spam"),
    ("rating>=4", |row| row.rating.is_some_and(|stars| stars >= 4)),
    ("rating:2..4", |row| row.rating.is_some_and(|stars| (2..=4).contains(&stars))),
    ("rating:3..", |row| row.rating.is_some_and(|stars| stars >= 3)),
    ("rating:*", |row| row.rating.is_some()),
    ("rating=2", |row| row.rating == Some(2)),
    ("flag:duplicate", |row| row.flags.contains(&"duplicate")),
    ("flag:contaminates-test", |row| row.flags.contains(&"contaminates-test")),
    ("flag:any", |row| !row.flags.is_empty()),
    ("flag:*", |row| !row.flags.is_empty()),
    ("prompt:v1", |row| row.version == Some(1)),
    ("prompt:main", |row| row.prompt.as_deref() == Some("main")),
    ("prompt:main@v3", |row| row.prompt.as_deref() == Some("main") && row.version == Some(3)),
    ("prompt:v2..v3", |row| row.version.is_some_and(|version| version >= 2)),
    ("prompt:..2", |row| row.version.is_some_and(|version| version <= 2)),
    ("prompt:theirs@2..9", |row| row.prompt.as_deref() == Some("theirs")),
    ("prompt:*", |row| row.version.is_some()),
    ("run:2", |row| row.run == Some(2)),
    ("run:2..3", |row| matches!(row.run, Some(2 | 3))),
    ("run:last", |row| row.run == Some(LAST_RUN)),
    ("run:*", |row| row.run.is_some()),
    ("run>2", |row| row.run.is_some_and(|run| run > 2)),
    ("provider:openai", |row| row.provider.as_deref() == Some("openai")),
    ("model:\"small lm\"", |row| row.models.iter().any(|model| model.to_lowercase() == "small lm")),
    ("model~small", |row| row.models.iter().any(|model| holds(model, "small"))),
    ("model~/^gem-/", |row| row.models.iter().any(|model| model.starts_with("gem-"))),
    ("model:*", |row| !row.models.is_empty()),
    ("topic:bank", |row| row.variables.get("topic").is_some_and(|topic| topic == "bank")),
    ("topic~PAR", |row| row.variables.get("topic").is_some_and(|topic| holds(topic, "par"))),
    ("Topic:*", |row| row.variables.contains_key("topic")),
    ("n2:deux", |row| row.variables.contains_key("n2")),
    ("var.label:x", |row| row.variables.contains_key("label")),
    ("text~\"free prize\"", |row| holds(&row.text, "free prize")),
    ("prize", |row| holds(&row.text, "prize")),
    ("ärger", |row| holds(&row.text, "ärger")),
    ("text~k", |row| holds(&row.text, "k")),
    ("text~/win \\d+/", |row| row.text.contains("win 30") || row.text.contains("win 9")),
    ("text~/WIN (\\d+|big)/i", |row| {
        ["win 30", "win 9", "win big"].iter().any(|words| holds(&row.text, words))
    }),
    ("text~\"/d/\"", |row| row.text.contains("/d/")),
    ("text=free", |row| row.text == "free"),
    ("text=\"\"", |row| row.text.is_empty()),
    ("text:*", |row| !row.text.is_empty()),
    ("tag:tone", |row| row.tags.iter().any(|tag| tag == "tone")),
    ("tag:\"good one\"", |row| row.tags.iter().any(|tag| tag == "good one")),
    ("tag~ONE", |row| row.tags.iter().any(|tag| holds(tag, "one"))),
    ("tag:*", |row| !row.tags.is_empty()),
    ("reason:*", |row| !row.reason.is_empty()),
    ("reason:\"Too Dull\"", |row| row.reason == "Too Dull"),
    ("reason~dull", |row| holds(&row.reason, "dull")),
    ("length<10", |row| row.text.chars().count() < 10),
    ("length:5..12", |row| (5..=12).contains(&row.text.chars().count())),
    ("number<=9", |row| row.number <= 9),
    ("number:8..20", |row| (8..=20).contains(&row.number)),
    ("novelty>=.7", |row| row.novelty.is_some_and(|novelty| novelty >= 0.7)),
    ("novelty:0.3..0.7", |row| row.novelty.is_some_and(|novelty| (0.3..=0.7).contains(&novelty))),
    ("novelty:*", |row| row.novelty.is_some()),
    ("is:edited", |row| row.is_edited),
    ("is:decided", |row| row.state != "pending"),
    ("is:flagged", |row| !row.flags.is_empty()),
    ("is:rated", |row| row.rating.is_some()),
    ("is:tagged", |row| !row.tags.is_empty()),
    ("is:bulk", |row| row.is_bulk),
    ("is:new", |row| row.state == "pending" && row.run == Some(LAST_RUN)),
    ("field.score:3", |row| row.fields.get("score").is_some_and(|score| score == "3")),
    ("field.score>=3", |row| row.fields.get("score").is_some_and(|score| score.parse::<u8>().unwrap() >= 3)),
    ("field.\"my kind\"~ODD", |row| row.fields.contains_key("my kind")),
    ("field.label:*", |row| row.fields.contains_key("label")),
    ("id:aaaa", |row| row.id.starts_with("aaaa")),
];

#[derive(Debug, Clone)]
enum Tree {
    Condition(usize),
    Not(Box<Self>),
    All(Vec<Self>, &'static str),
    Any(Vec<Self>),
}

impl Tree {
    fn written(&self) -> String {
        let joined = |trees: &[Self], by: &str| trees.iter().map(Self::written).collect::<Vec<_>>().join(by);
        match self {
            Self::Condition(place) => CONDITIONS[*place].0.to_owned(),
            Self::Not(tree) => match tree.as_ref() {
                Self::Condition(place) => format!("-{}", CONDITIONS[*place].0),
                tree => format!("-({})", tree.written()),
            },
            Self::All(trees, by) => format!("({})", joined(trees, by)),
            Self::Any(trees) => format!("({})", joined(trees, " or ")),
        }
    }

    fn meets(&self, row: &Plain) -> bool {
        match self {
            Self::Condition(place) => CONDITIONS[*place].1(row),
            Self::Not(tree) => !tree.meets(row),
            Self::All(trees, _) => trees.iter().all(|tree| tree.meets(row)),
            Self::Any(trees) => trees.iter().any(|tree| tree.meets(row)),
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let condition = (0..CONDITIONS.len()).prop_map(Tree::Condition);
    condition.prop_recursive(4, 24, 4, |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            inner.clone().prop_map(|tree| Tree::Not(Box::new(tree))),
            (some(), prop::sample::select(vec![" ", " and ", "  AND "]))
                .prop_map(|(trees, by)| Tree::All(trees, by)),
            some().prop_map(Tree::Any),
        ]
    })
}

fn found(projection: &Projection, text: &str) -> Vec<u32> {
    let names = VariableNames::of(projection);
    let filter = Filter::parse_with(text, &names).unwrap_or_else(|error| panic!("{text}: {error}"));
    let again = Filter::parse_with(&filter.to_string(), &names);
    assert_eq!(again.as_ref(), Ok(&filter), "{text} written out as {filter}");
    view(projection, &filter, &Sort::default()).iter().map(|row| row + 1).collect()
}

#[test]
fn every_condition_and_its_opposite_finds_what_a_scan_finds() {
    let story = story();
    let rows = plain(&story.projection);
    let mut one_sided = vec![];
    for (text, meets) in CONDITIONS {
        let (yes, no): (Vec<_>, Vec<_>) = rows.iter().partition(|row| meets(row));
        let numbers = |rows: &[&Plain]| rows.iter().map(|row| row.number).collect::<Vec<_>>();
        assert_eq!(found(&story.projection, text), numbers(&yes), "{text}");
        assert_eq!(found(&story.projection, &format!("-{text}")), numbers(&no), "-{text}");
        one_sided.extend((yes.is_empty() || no.is_empty()).then_some(*text));
    }
    assert_eq!(one_sided, ["state:any", "id:aaaa"], "all others tell rows apart");
}

proptest! {
    #[test]
    fn any_combination_finds_what_a_scan_finds(trees in prop::collection::vec(trees(), 1..4)) {
        thread_local!(static ROWS: (Story, Vec<Plain>) = {
            let story = story();
            let rows = plain(&story.projection);
            (story, rows)
        });
        let text = trees.iter().map(Tree::written).collect::<Vec<_>>().join(" ");
        ROWS.with(|(story, rows)| {
            let met = rows.iter().filter(|row| trees.iter().all(|tree| tree.meets(row)));
            let met: Vec<u32> = met.map(|row| row.number).collect();
            prop_assert_eq!(found(&story.projection, &text), met, "{}", text);
            Ok(())
        })?;
    }
}
