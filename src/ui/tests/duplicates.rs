//! Rows that are equal or nearly equal, side by side and below one another.

use super::*;
use crate::app::Effect;
use crate::app::command::DuplicatesCommand;
use crate::app::fixtures::Harness;
use crate::curate::duplicates::groups;
use crate::domain::fixtures::Story;
use crate::domain::{Change, Flag, FlagKind, NewRow, Rating, RowNumber};

const PARCEL: &str =
    "Your parcel is held at our depot, pay the 1.99 fee at parcel-fee.example before Friday noon";
const PRIZE: &str = "Claim 2 free cinema tickets: text FILM to 83355 before Friday, 18+ only, 1.50 a minute";

/// Returns what the query thread answers.
pub(super) fn answers(effect: &Effect) -> Vec<Message> {
    let Effect::FindDuplicates { ask, shown } = effect else { return vec![] };
    vec![Message::DuplicatesFound { ask: *ask, groups: groups(shown, |_| true) }]
}

/// Opens the window with two groups of two rows.
pub(super) fn set_up(bench: &mut Harness, command: DuplicatesCommand) -> &mut Harness {
    bench.keys("d");
    let found = |effect| if let Effect::FindDuplicates { ask, .. } = effect { Some(ask) } else { None };
    let ask = bench.take_effects().into_iter().find_map(found).unwrap();
    let groups = [[0, 1], [2, 3]].map(|group| group.map(RowNumber).to_vec()).to_vec();
    bench.send(Message::DuplicatesFound { ask, groups });
    match command {
        DuplicatesCommand::PreviousDuplicate => bench.keys("j"),
        DuplicatesCommand::PreviousGroup => bench.keys("l"),
        DuplicatesCommand::NextDuplicate
        | DuplicatesCommand::NextGroup
        | DuplicatesCommand::KeepRow
        | DuplicatesCommand::KeepBest
        | DuplicatesCommand::MergeGroups => bench,
    }
}

fn scene(columns: u16, lines: u16) -> Scene {
    let mut story = Story::default();
    story.version("Write {{ n }} text messages.");
    let like = |story: &Story, text: &str, other: &NewRow, kind, figure| {
        story.new_row(text, vec![Flag { kind, other: Some(other.id.to_string()), figure: Some(figure) }])
    };
    let near = FlagKind::NearDuplicate;
    let (parcel, prize) = (story.new_row(PARCEL, vec![]), story.new_row(PRIZE, vec![]));
    let rows = vec![
        like(&story, &PARCEL.replace("1.99", "2.49"), &parcel, near, 0.91),
        like(&story, &PARCEL.replace("held", "waiting"), &parcel, near, 0.86),
        like(&story, &PARCEL.to_uppercase(), &parcel, FlagKind::Duplicate, 1.0),
        like(&story, &PRIZE.replace("FILM", "MOVIE"), &prize, near, 0.88),
        story.new_row("Ok sure, see you at eight", vec![]),
    ];
    let rows = [parcel, prize].into_iter().chain(rows).collect();
    story.rows_by("openai", Some("smollm2"), rows);
    story.change(&[2], Change::Accept { rating: Rating::try_from(4).ok(), tags: vec![] });
    story.change(&[3], Change::reject());
    Scene::with_story(columns, lines, 6, story)
}

#[test]
fn a_group_of_rows_with_what_differs() {
    check_scene("duplicates", scene, |scene| scene.press("d j"));
}

#[test]
fn keeping_the_best_of_every_group_is_asked_with_the_number_of_rows() {
    let mut scene = scene(160, 45);
    scene.press("d M");
    let shown = text_of(&painted(&scene, "mono"));
    assert!(shown.contains("3 pending rows become rejected, reason: near-duplicate."), "{shown}");
}

#[test]
fn a_session_without_duplicates_says_so() {
    let mut scene = Scene::new(80, 24, 0);
    scene.press("d");
    let shown = text_of(&painted(&scene, "mono"));
    assert!(shown.contains("No row is flagged as equal or nearly equal to another one."), "{shown}");
}
