use super::*;
use crate::domain::fixtures::{Story, TrialStory};
use crate::domain::{Change, Event, Flag, FlagKind, Price, Rating, RowNumber, RowSet, Tokens, TrialOutcome};

/// Accepts the first rows from a place on one by one, and rejects those behind them.
fn decide(story: &mut Story, first: u32, accepted: u32, rejected: u32) {
    for row in first..first + accepted + rejected {
        let is_accepted = row < first + accepted;
        story.change(&[row], if is_accepted { Change::accept() } else { Change::reject() });
    }
}

fn sample(story: &mut Story, model: &str, rows: u32) {
    let texts: Vec<String> = (0..rows).map(|row| format!("row {row} of {model}")).collect();
    story.sampled_by("openai", Some(model), &texts.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Three versions on one model, of which the second is the best, and the third on another model too.
fn three() -> Story {
    let mut story = Story::default();
    for version in ["first", "second", "third"] {
        story.version(version);
        sample(&mut story, "small", 60);
    }
    decide(&mut story, 0, 20, 40);
    decide(&mut story, 60, 50, 10);
    decide(&mut story, 120, 42, 18);
    sample(&mut story, "large", 30);
    decide(&mut story, 180, 20, 10);
    story
}

#[test]
fn each_version_stands_against_its_parent_and_the_best_of_its_model() {
    let board = scoreboard(&three().projection, None);
    let said: Vec<_> = board
        .lines
        .iter()
        .map(|line| {
            let of = |against: &Option<Against>| against.as_ref().map(|other| (other.number, other.standing));
            (line.number, line.model.as_deref().unwrap(), of(&line.against_parent), of(&line.against_best))
        })
        .collect();
    let (worse, better, undecided) = (Standing::Worse, Standing::Better, Standing::Undecided);
    assert_eq!(
        said,
        [
            (1, "small", None, Some((2, worse))),
            (2, "small", Some((1, better)), None),
            (3, "small", Some((2, undecided)), Some((2, undecided))),
            (3, "large", None, None),
        ]
    );
    let third = board.lines[2].against_best.as_ref().unwrap();
    let of = |accepted| Posterior::of(Acceptance::new(accepted, 60 - accepted));
    assert!((third.probability - of(42).beats(of(50))).abs() < 1e-12);
    assert!(third.more.unwrap() > 60, "{third:?}");
    assert_eq!(board.lines[0].against_best.as_ref().unwrap().more, None);
    assert_eq!(board.of(board.lines[3].version).count(), 2);
}

#[test]
fn a_line_of_few_decisions_is_no_best_and_nothing_is_said_of_it() {
    let mut story = Story::default();
    story.version("first");
    sample(&mut story, "small", 60);
    decide(&mut story, 0, 20, 40);
    story.version("second");
    sample(&mut story, "small", 20);
    decide(&mut story, 60, 9, 0);
    let board = scoreboard(&story.projection, None);
    assert_eq!(board.lines[0].against_best, None);
    let second = board.lines[1].against_best.as_ref().unwrap();
    assert_eq!((second.number, second.standing), (1, Standing::Undecided));
    assert_eq!(second.more, Some(1), "ten decisions are enough of so great a difference");
    decide(&mut story, 69, 1, 0);
    let board = scoreboard(&story.projection, None);
    assert_eq!(board.lines[0].against_best.as_ref().unwrap().standing, Standing::Worse);
}

#[test]
fn rows_of_the_built_in_generator_and_bulk_decisions_decide_nothing() {
    let mut story = Story::with_rows(20);
    decide(&mut story, 0, 20, 0);
    assert_eq!(scoreboard(&story.projection, None), Scoreboard::default());
    sample(&mut story, "small", 30);
    story.change(&(20..50).collect::<Vec<_>>(), Change::accept());
    let board = scoreboard(&story.projection, None);
    let line = &board.lines[0];
    assert_eq!((line.decided.total(), line.bulk.accepted, line.rows), (0, 30, 30));
    assert_eq!(line.against_best, None);
    assert_eq!(line.tokens_per_accepted, Some(1.0), "30 tokens for 30 rows");
}

#[test]
fn requests_scraps_flags_ratings_and_reasons_are_counted_and_undone() {
    let mut story = Story::default();
    story.version("first");
    let flag = Flag { kind: FlagKind::TooShort, other: None, figure: None };
    let rows = (0..6).map(|row| story.new_row(&format!("text {row}"), vec![flag.clone(); row % 2]));
    let rows = rows.collect();
    story.rows_by("openai", Some("small"), rows);
    let rate = |stars| Change::Accept { rating: Rating::try_from(stars).ok(), tags: vec![] };
    let reject = |reason: &str| Change::Reject { reason: Some(reason.into()), tags: vec![] };
    story.change(&[0], rate(5));
    story.change(&[1], rate(2));
    story.change(&[2], reject("dull"));
    story.change(&[3, 4], reject("too long"));
    story.change(&[5], reject("dull"));
    let line = |story: &Story| scoreboard(&story.projection, None).lines.remove(0);
    let found = line(&story);
    assert_eq!((found.requests, found.scraps, found.flagged, found.tokens), (1, 0, 3, 30));
    assert_eq!(found.mean_rating, Some(3.5));
    assert_eq!(found.reasons, [("dull".to_owned(), 2), ("too long".to_owned(), 2)]);
    story.change(&[5], rate(2));
    assert_eq!(line(&story).reasons, [("too long".to_owned(), 2), ("dull".to_owned(), 1)]);
    assert_eq!(line(&story).mean_rating, Some(3.0));
    story.undo();
    assert_eq!(line(&story), found);
    let again = Projection::from_parts(story.projection.to_parts());
    assert_eq!(scoreboard(&again, None).lines, [found]);
    assert_eq!(story.projection.difference(&again), None);
    (0..5).for_each(|_| assert!(story.undo()));
    assert_eq!((line(&story).mean_rating, line(&story).reasons), (None, vec![]));
}

#[test]
fn a_rating_that_was_given_in_bulk_is_no_rating_of_a_row() {
    let mut story = Story::default();
    story.version("first");
    sample(&mut story, "small", 3);
    let change = Change::Accept { rating: Rating::try_from(5).ok(), tags: vec![] };
    story.add(Event::Changed { rows: RowSet::one(RowNumber(0)), change, bulk: true });
    assert_eq!(scoreboard(&story.projection, None).lines[0].mean_rating, None);
}

#[test]
fn a_cost_is_said_where_all_prices_are_known() {
    let mut story = Story::default();
    story.version("first");
    sample(&mut story, "small", 4);
    decide(&mut story, 0, 2, 2);
    let mut parts = story.projection.to_parts();
    parts.runs[0].settings.price = Some(Price { input: 1.0, output: 2.0 });
    let priced = scoreboard(&Projection::from_parts(parts.clone()), None).lines.remove(0);
    assert!((priced.cost_per_accepted.unwrap() - (10.0 + 40.0) / 1e6 / 2.0).abs() < 1e-15, "{priced:?}");
    let mut other = parts.runs[0].clone();
    other.number = crate::domain::RunNumber(2);
    other.settings.price = None;
    other.tokens = Tokens { input: 5, output: 5 };
    parts.runs.push(other);
    let mixed = scoreboard(&Projection::from_parts(parts), None).lines.remove(0);
    assert_eq!((mixed.cost_per_accepted, mixed.tokens_per_accepted), (None, Some(20.0)));
}

#[test]
fn the_texts_of_each_line_are_measured_apart() {
    let mut story = Story::default();
    story.version("first");
    let long = "this is one and the same rather long message of nobody";
    story.sampled_by("openai", Some("small"), &[long, &format!("{long}s"), "a b a b"]);
    story.sampled_by("openai", Some("large"), &[long, "quite another one"]);
    let texts = TextFigures::of(&story.projection, &Stop::never()).unwrap();
    let board = scoreboard(&story.projection, Some(&texts));
    let near: Vec<_> = board.lines.iter().map(|line| line.near_duplicates).collect();
    assert_eq!(near, [Some(2), Some(0)]);
    assert_eq!(board.lines[1].distinct_2, Some(1.0));
    assert!(board.lines[0].distinct_2.unwrap() < 0.7);
    assert_eq!(TextFigures::of(&story.projection, &Stop::when(|| true)), Err(Stopped));
}

#[test]
fn versions_of_a_blind_trial_have_no_line_until_it_ends_and_no_other_is_set_against_them() {
    let mut of = TrialStory::compare(true, 3);
    let lines = |of: &TrialStory| told_scoreboard(&of.story.projection, None).lines;
    assert!(lines(&of).iter().all(|line| !of.versions.contains(&line.version)), "{:?}", lines(&of));
    let against = |line: &ScoreLine| {
        [&line.against_parent, &line.against_best].map(|other| other.as_ref().map(|other| other.version))
    };
    let named: Vec<_> = lines(&of).iter().flat_map(against).flatten().collect();
    assert!(named.iter().all(|version| !of.versions.contains(version)));
    assert_eq!(scoreboard(&of.story.projection, None).lines.len(), lines(&of).len() + 2);
    of.end(TrialOutcome::Stopped);
    assert_eq!(lines(&of), scoreboard(&of.story.projection, None).lines);
}
