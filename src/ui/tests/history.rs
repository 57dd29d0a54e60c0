//! The history, and the question before a jump.

use super::*;
use crate::app::Effect;
use crate::app::command::HistoryCommand;
use crate::app::fixtures::Harness;

/// Opens the history where a command of it does something.
pub(super) fn for_history(bench: &mut Harness, command: HistoryCommand) -> &mut Harness {
    match command {
        HistoryCommand::Jump => bench.keys("a a").write().keys("g h j"),
        HistoryCommand::ShowOperationRows => bench.keys("a").write().keys("g h"),
    }
}

#[test]
fn the_history() {
    check("history", 212, |scene| scene.press("g h j j"));
}

#[test]
fn the_history_before_anything_was_decided() {
    check("history_empty", 0, |scene| scene.press("g h"));
}

#[test]
fn a_jump_is_asked_for_and_what_it_took_back_is_not_in_effect_then() {
    for (columns, lines) in SIZES {
        let mut bench = Harness::with_rows(9);
        bench.model.size = ratatui::layout::Size::new(columns, lines);
        bench.keys("a x a").write().keys("u").write().keys("g h j j j enter");
        answer(&mut bench);
        for (name, keys) in [("asked", ""), ("done", "enter")] {
            if !keys.is_empty() {
                bench.keys(keys).write();
            }
            let mut buf = Buffer::empty(Rect::new(0, 0, columns, lines));
            paint(&bench.model, &Theme::load("mono").unwrap(), &mut buf);
            kept(format!("history_jump_{name}_{columns}x{lines}_mono"), &buf);
        }
    }
}

/// Answers how many rows the jump would change, as the thread for that does.
fn answer(bench: &mut Harness) {
    let asked = bench.effects.iter().find_map(|effect| match effect {
        Effect::PreviewJump { ask, target, shown } => Some((*ask, shown.rows_of_jump(*target))),
        _ => None,
    });
    let (ask, rows) = asked.unwrap();
    bench.send(Message::JumpPreviewed { ask, rows });
}
