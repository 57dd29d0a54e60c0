use crate::app::fixtures::Harness;
use crate::app::{Context, Effect, Overlay, ScrapsWindow};
use crate::domain::{Fields, RunNumber};

const SCRAPS: [(&str, &str); 2] =
    [("The field `text` is missing.", "{\"message\": \"Win a prize\"}"), ("The reply is no JSON.", "Sure!")];

fn window(bench: &Harness) -> &ScrapsWindow {
    match bench.model.overlay() {
        Some(Overlay::Scraps(window)) => window,
        other => panic!("{other:?}"),
    }
}

fn repairs(bench: &Harness) -> Vec<(u32, Fields)> {
    let repair = |effect: &Effect| match effect {
        Effect::RepairScrap { scrap, fields, .. } => Some((*scrap, fields.clone())),
        _ => None,
    };
    bench.effects.iter().filter_map(repair).collect()
}

#[test]
fn the_scraps_of_the_selected_rows_run_are_shown() {
    let mut bench = Harness::with_rows(2);
    bench.keys("O");
    assert_eq!(bench.notice(), "No run left a scrap.");
    bench.stop_a_run(&SCRAPS);
    let last = bench.stop_a_run(&[("The reply is empty.", "")]);
    bench.keys("j j O");
    assert_eq!((window(&bench).run, window(&bench).places.clone()), (RunNumber(2), vec![0, 1]));
    bench.keys("q g g O");
    assert_eq!(window(&bench).run, last, "the first run left none");
}

#[test]
fn keys_move_among_scraps_and_runs() {
    let mut bench = Harness::with_rows(2);
    bench.stop_a_run(&SCRAPS);
    bench.stop_a_run(&[("The reply is empty.", "")]);
    bench.keys("G O left");
    assert_eq!((window(&bench).run, window(&bench).selected), (RunNumber(2), 0));
    bench.keys("j j down");
    assert_eq!(window(&bench).selected, 1);
    bench.keys("k up");
    assert_eq!(window(&bench).selected, 0);
    bench.keys("h");
    assert_eq!(bench.notice(), "No earlier run left a scrap.");
    bench.keys("l");
    assert_eq!((window(&bench).run, window(&bench).places.clone()), (RunNumber(3), vec![2]));
    bench.keys("right ctrl-d G g g esc");
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn a_scrap_is_repaired_by_hand_and_marked() {
    let mut bench = Harness::with_rows(2);
    bench.stop_a_run(&SCRAPS);
    bench.keys("G O e");
    assert_eq!(bench.model.context(), Context::RowEditor);
    bench.keys("ctrl-end").typed(" now").keys("ctrl-s");
    assert_eq!(repairs(&bench), [(0, Fields::of_text("Win a prize now"))]);
    bench.write();
    assert_eq!(bench.model.shown().scrap(0).map(|scrap| scrap.repaired), Some(true));
    assert_eq!(bench.model.shown().len(), 5);
    bench.keys("e");
    assert_eq!(bench.notice(), "A row was made of this scrap already.");
    assert_eq!(bench.model.overlays.len(), 1, "the scraps stay open");
}

#[test]
fn a_repair_that_the_schema_refuses_says_why_and_leaving_asks_only_after_a_change() {
    let mut bench = Harness::with_rows(2);
    bench.stop_a_run(&SCRAPS);
    bench.keys("G O j enter esc");
    assert_eq!(bench.model.context(), Context::Scraps, "nothing was changed");
    bench.keys("enter").typed("x").keys("esc n ctrl-s");
    assert_eq!(repairs(&bench), [(1, Fields::of_text("xSure!"))]);
}

#[test]
fn what_is_missing_is_asked_for_from_the_window() {
    let mut bench = Harness::with_rows(2);
    let run = bench.stop_a_run(&SCRAPS);
    bench.stop_a_run(&[("The reply is empty.", "")]);
    bench.keys("G O h c");
    assert!(
        matches!(bench.effects.last(), Some(Effect::Resume { run: resumed, .. }) if *resumed == run),
        "the run of the window, not the last"
    );
    assert!(bench.model.overlays.is_empty());
}

#[test]
fn a_click_selects_a_scrap_and_one_outside_closes() {
    let mut bench = Harness::with_rows(2);
    bench.stop_a_run(&SCRAPS);
    bench.keys("G O");
    let place = crate::app::geometry::Window::of(bench.model.overlay().unwrap(), bench.screen());
    bench.click(place.list.x + 2, place.list.y + 1);
    assert_eq!(window(&bench).selected, 1);
    bench.click(0, 0);
    assert!(bench.model.overlays.is_empty());
}
