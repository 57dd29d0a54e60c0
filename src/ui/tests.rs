//! Snapshots of whole screens, as text with their styles.

mod bulk;
mod commands;
mod compare;
mod coverage;
mod duplicates;
mod export;
mod facets;
mod history;
mod measure;
mod race;
mod scene;
mod versions;

use ratatui::layout::Rect;

use super::*;
use crate::app::{Message, Notice, Severity, WantedFor};
use crate::domain::{Permission, Secret};
use crate::ui::testing::{picture, text_of};
use scene::Scene;

/// The sizes that the snapshots have: large, two columns, smallest.
const SIZES: [(u16, u16); 3] = [(160, 45), (100, 30), (80, 24)];

fn painted(scene: &Scene, theme: &str) -> Buffer {
    let size = scene.model.size;
    let mut buf = Buffer::empty(Rect::new(0, 0, size.width, size.height));
    paint(&scene.model, &Theme::load(theme).unwrap(), &mut buf);
    buf
}

/// Compares a screen with its snapshots in all sizes, and with its styles in two themes.
fn check(name: &str, rows: usize, steps: impl Fn(&mut Scene)) {
    check_scene(name, |columns, lines| Scene::new(columns, lines, rows), steps);
}

/// Compares the screen of any scene with its snapshots.
fn check_scene(name: &str, scene: impl Fn(u16, u16) -> Scene, steps: impl Fn(&mut Scene)) {
    for (columns, lines) in SIZES {
        let mut scene = scene(columns, lines);
        steps(&mut scene);
        for theme in ["dusk", "mono"] {
            let drawn = painted(&scene, theme);
            insta::assert_snapshot!(format!("{name}_{columns}x{lines}_{theme}"), picture(&drawn));
        }
    }
}

/// Compares a screen with its snapshot.
fn kept(name: String, drawn: &Buffer) {
    insta::assert_snapshot!(name, picture(drawn));
}

#[test]
fn the_bench_with_rows() {
    check("rows", 212, |scene| scene.press("j"));
}

#[test]
fn the_bench_before_the_first_row() {
    check("empty", 0, |_| {});
}

#[test]
fn the_bench_while_rows_are_sampled() {
    check("sampling", 212, |scene| scene.press("s"));
}

#[test]
fn the_bench_with_a_broken_prompt() {
    check("broken", 212, |scene| {
        scene.press("i");
        scene.press("down down");
        scene.type_in("About {{ topik }}:");
    });
}

#[test]
fn the_prompt_with_the_focus() {
    check("prompt_focused", 212, |scene| scene.press("s-tab s-tab"));
}

#[test]
fn the_prompt_while_it_is_typed() {
    check("prompt_typed", 212, |scene| scene.press("i"));
}

#[test]
fn the_words_that_may_be_meant_while_a_prompt_is_typed() {
    check("completion", 212, |scene| {
        scene.press("i down down");
        scene.type_in("{{ examples | se");
    });
    for (columns, lines) in [(160, 45), (100, 30), (80, 24), (40, 12), (20, 6)] {
        let mut scene = Scene::new(columns, lines, 3);
        scene.press("i ctrl-end");
        scene.type_in("\n{{ examples |");
        let shown = text_of(&painted(&scene, "mono"));
        let is_small = columns < 80;
        assert!(is_small || shown.contains("abs"), "{columns}: {shown}");
    }
}

#[test]
fn a_bulk_decision_that_is_asked_for() {
    check("bulk", 212, |scene| {
        scene.press("a a x :");
        scene.type_in("reject-m");
        scene.press("enter");
    });
}

#[test]
fn the_help() {
    check("help", 212, |scene| scene.press("?"));
}

#[test]
fn a_notice_longer_than_its_line_is_read_to_its_end_and_gives_the_keys_their_line_back() {
    let mut scene = Scene::new(80, 24, 3);
    let text = "The row's text was sent to the terminal, which takes it where its own settings let it, so look there.";
    scene.model.notice = Some(Notice { severity: Severity::Error, text: text.to_owned() });
    let shown = text_of(&painted(&scene, "mono"));
    let last: Vec<_> = shown.lines().rev().take(2).map(str::trim).collect();
    assert_eq!(format!("{} {}", last[1], last[0]), format!("! {text}"));
    scene.press("j");
    assert!(text_of(&painted(&scene, "mono")).contains("a accept"));
}

#[test]
fn what_is_not_saved() {
    let steps = |scene: &mut Scene, keys: &str| {
        scene.press("a x");
        scene.cannot_be_saved();
        scene.press(keys);
    };
    check("unsaved", 212, |scene| steps(scene, ""));
    check("unsaved_later", 212, |scene| steps(scene, "j"));
    check("unsaved_leaving", 212, |scene| steps(scene, "q"));
    check("unsaved_elsewhere", 212, |scene| steps(scene, "W"));
}

#[test]
fn the_palette() {
    check("palette", 212, |scene| {
        scene.press(":");
        scene.type_in("row");
    });
}

#[test]
fn a_filter_that_is_typed() {
    check("filter", 212, |scene| {
        scene.press("/");
        scene.type_in("state:pend");
    });
}

#[test]
fn the_rows_that_a_filter_found() {
    check("found", 212, |scene| {
        scene.press("/");
        scene.type_in("claim");
        scene.press("enter");
    });
}

#[test]
fn a_row_that_the_filter_hides_and_undo_shows() {
    check("revealed", 212, |scene| {
        scene.press("/");
        scene.type_in("state:skipped");
        scene.press("enter :");
        scene.type_in("goto 2");
        scene.press("enter");
    });
}

#[test]
fn the_draft_compared_with_its_version() {
    check("compare", 212, |scene| scene.press("D"));
}

#[test]
fn an_edit_that_is_left() {
    check("leaving", 212, |scene| scene.press("e ! esc"));
}

#[test]
fn a_reason_that_is_typed() {
    check("reason", 212, |scene| scene.press("X"));
}

#[test]
fn the_tags_of_a_row() {
    check("tags", 212, |scene| scene.press("t"));
}

#[test]
fn the_editor_of_a_row() {
    check("row_editor", 212, |scene| scene.press("e"));
}

#[test]
fn the_request_and_the_reply() {
    check("exchange", 212, |scene| scene.press("o"));
}

#[test]
fn the_guidelines() {
    check("guidelines", 212, |scene| scene.press("g l"));
}

#[test]
fn the_settings_of_the_next_sample() {
    check("settings", 212, |scene| {
        scene.press(", down down down down down space right");
    });
}

#[test]
fn the_model_servers_of_this_machine() {
    check("settings_servers", 212, |scene| {
        scene.press(", down down space right right");
    });
}

#[test]
fn the_settings_as_a_command() {
    check("settings_copy", 212, |scene| {
        scene.press(", down right up up up");
    });
}

#[test]
fn a_setting_that_is_wrong() {
    check("settings_wrong", 212, |scene| {
        scene.press(", down right down down down down down ctrl-u");
        scene.type_in("warm");
        scene.press("enter");
    });
}

#[test]
fn the_estimate_before_a_run_that_costs_something() {
    check("estimate", 212, |scene| {
        scene.press(", down right up up up up up up up up");
        scene.type_in("0.50");
        scene.press("enter s");
    });
}

/// What a session of somebody else asks for.
fn permission() -> Permission {
    Permission {
        file: "/home/ann/sessions/from-a-friend/session.toml".into(),
        server: "https://models.example".into(),
        secret: Secret::Command("pass show \u{1b}[2Jmodels | head -1".into()),
        via: vec![
            "the proxy http://p.example of HTTPS_PROXY in /home/ann/sessions/from-a-friend/.env".into(),
        ],
        via_sum: None,
    }
}

#[test]
fn the_question_whether_a_key_may_go_to_a_sessions_server() {
    check("allow", 212, |scene| {
        scene.press("s");
        let of = WantedFor::Job(scene.model.sampling.run().unwrap().id);
        scene.send(Message::PermissionWanted { of, permission: Box::new(permission()) });
    });
}

#[test]
fn the_scraps_of_a_run() {
    check("scraps", 212, |scene| {
        scene.stop_a_run();
        scene.press("G O j");
    });
}

#[test]
fn a_scrap_that_is_repaired() {
    check("repair", 212, |scene| {
        scene.stop_a_run();
        scene.press("G O j e");
    });
}

#[test]
fn a_run_that_waits_for_its_provider() {
    check("waiting", 212, |scene| {
        scene.press("s");
        scene.provider_asks_to_wait();
    });
}

#[test]
fn a_run_that_was_stopped() {
    check("stopped", 212, |scene| {
        scene.press("s");
        scene.stop_a_run();
        scene.the_run_ends();
    });
}

#[test]
fn a_run_that_ended_with_failed_requests() {
    check("failures", 12, |scene| {
        scene.press("s");
        scene.requests_fail();
        scene.press("k");
    });
}

#[test]
fn the_last_run_with_its_remarks_and_failures() {
    check("run", 12, |scene| {
        scene.press("s");
        scene.requests_fail();
        scene.press("r");
    });
}

#[test]
fn a_slow_reply_before_the_first_row() {
    check("thinking", 0, |scene| {
        scene.press("s");
        scene.a_reply_grows(true);
    });
}

#[test]
fn a_slow_reply_beside_rows() {
    check("writing", 12, |scene| {
        scene.press("s");
        scene.a_reply_grows(false);
    });
}

#[test]
fn a_reply_with_thinking_in_it() {
    check("exchange_thinking", 12, Scene::show_thoughts);
}

#[test]
fn a_question() {
    check("question", 212, |scene| scene.press("ctrl-c"));
}

#[test]
fn the_keys_that_may_follow() {
    check("which_key", 212, |scene| scene.press("g"));
}

#[test]
fn a_screen_that_is_too_small_says_so_in_one_line() {
    let scene = Scene::new(60, 20, 12);

    assert_eq!(text_of(&painted(&scene, "mono")), "This terminal has 60×20; Rowsmith needs 80×24.");
}

#[test]
fn until_a_session_is_open_one_line_says_that_it_is_being_opened() {
    let scene = Scene { model: Model::new(ratatui::layout::Size::new(80, 24)) };

    assert_eq!(text_of(&painted(&scene, "mono")).trim(), "Opening the session …");
}

#[test]
fn after_a_person_has_left_the_bench_says_what_is_waited_for() {
    let mut scene = Scene::new(80, 24, 12);
    scene.press("q");

    let drawn = text_of(&painted(&scene, "mono"));
    assert!(drawn.contains("sms-spam › spam") && drawn.contains("Writing what is on its way …"), "{drawn}");
}
