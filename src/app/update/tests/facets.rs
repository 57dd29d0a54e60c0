use crate::app::facets::FacetLine;
use crate::app::fixtures::{Harness, session};
use crate::app::{Effect, FacetsWindow, Message, Overlay};
use crate::config::screen_state::SessionScreen;
use crate::curate::facets::facets;
use crate::domain::Change;
use crate::domain::fixtures::Story;

/// Rows that are pending but for one that is accepted with a tag and one that is rejected.
fn bench(rows: u32) -> Harness {
    let mut story = Story::with_rows(rows);
    story.change(&[1], Change::Accept { rating: None, tags: vec!["two words".into()] });
    story.change(&[2], Change::reject());
    Harness::open(story, session(), SessionScreen::default())
}

fn window(bench: &Harness) -> &FacetsWindow {
    let Some(Overlay::Facets(window)) = bench.model.overlay() else { panic!("no facets are open") };
    window
}

fn selected(bench: &Harness) -> String {
    match window(bench).selected_line() {
        Some(FacetLine::Value(_, value)) => format!("{} {}", value.clause, value.rows),
        Some(FacetLine::More(_, more)) => format!("{more} more"),
        other => format!("{other:?}"),
    }
}

fn rows(bench: &Harness) -> Vec<u32> {
    bench.model.rows.view.window(0, 99).map(|row| row.0).collect()
}

#[test]
fn a_value_narrows_the_rows_and_once_more_shows_them_again() {
    let mut bench = bench(5);
    bench.keys("f");
    assert_eq!(selected(&bench), "state:pending 3");

    bench.keys("j enter");

    assert_eq!((bench.model.rows.filter.as_str(), rows(&bench)), ("state:accepted", vec![1]));
    assert_eq!(selected(&bench), "state:accepted 1", "what was chosen stays selected");
    bench.keys("enter");
    assert_eq!((bench.model.rows.filter.as_str(), rows(&bench).len()), ("", 5));
}

#[test]
fn a_value_is_excluded_and_values_with_blanks_are_quoted() {
    let mut bench = bench(5);
    bench.keys("f -");
    assert_eq!((bench.model.rows.filter.as_str(), rows(&bench)), ("-state:pending", vec![1, 2]));

    // The last facet is that of the tags.
    bench.keys("tab tab tab tab tab tab enter");

    assert_eq!(bench.model.rows.filter, "-state:pending tag:\"two words\"");
    assert_eq!(rows(&bench), [1]);
    bench.keys("f");
    assert!(bench.model.overlays.is_empty(), "the key that opened it closes it");
}

#[test]
fn a_click_chooses_a_value() {
    let mut bench = bench(5);
    bench.keys("f");
    // The border and the heading stand above the first value.
    bench.click(10, 3);
    assert_eq!(bench.model.rows.filter, "state:pending");
    bench.click(100, 10);
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn many_rows_are_counted_elsewhere_one_count_at_a_time_and_the_old_counts_stay_meanwhile() {
    let mut bench = bench(6_000);
    bench.keys("f");
    let asked = |bench: &mut Harness| {
        let asked = bench.take_effects().into_iter().filter_map(|effect| match effect {
            Effect::CountFacets { ask, filter, shown } => Some((ask, facets(&shown, &filter))),
            _ => None,
        });
        asked.collect::<Vec<_>>()
    };
    let (ask, counted) = asked(&mut bench).pop().unwrap();
    assert!(window(&bench).counted.is_none() && !window(&bench).is_current());
    bench.send(Message::FacetsCounted { ask, facets: Box::new(counted) });
    assert_eq!(selected(&bench), "state:pending 5998");
    assert!(window(&bench).is_current() && asked(&mut bench).is_empty());

    bench.keys("enter");

    let (ask, counted) = asked(&mut bench).pop().unwrap();
    assert!(!window(&bench).is_current());
    assert_eq!(selected(&bench), "state:pending 5998", "the old counts are shown, greyed");
    bench.keys("enter");
    assert!(asked(&mut bench).is_empty(), "one count is under way");
    bench.send(Message::FacetsCounted { ask, facets: Box::new(counted) });
    assert_eq!(asked(&mut bench).len(), 1, "the filter changed meanwhile");
}
