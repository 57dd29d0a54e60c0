//! A question, with the two answers as buttons.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::app::geometry::window::buttons;
use crate::app::{Estimate, Jump, Question};
use crate::domain::{compact, dollars};
use crate::text::{SafeText, counted};
use crate::ui::canvas::put;
use crate::ui::theme::Slot;
use crate::ui::widget::reading::{Reading, wrapped};

/// Draws the question.
pub(super) fn draw(question: &Question, canvas: Canvas<'_>, buf: &mut Buffer) {
    let (title, text) = words(question);
    canvas.frame(&Line::from(title), buf);
    let window = canvas.window;
    let body = window.body;
    let lines = wrapped(&text, body.width, canvas.theme[Slot::Text]);
    Reading { theme: canvas.theme, lines: &lines, scroll: 0 }.draw(body, Rect::ZERO, buf);
    let [yes, no, third] = buttons(question);
    // The one that enter answers with.
    let (of_yes, of_no) = match question {
        Question::Allow(_) => (Slot::Button, Slot::ButtonActive),
        _ => (Slot::ButtonActive, Slot::Button),
    };
    for (label, place, slot) in
        [(yes, window.yes, of_yes), (third, window.third, Slot::Button), (no, window.no, of_no)]
    {
        put(buf, place.x, place.y, place.width, &Line::from(Span::styled(label, canvas.theme[slot])));
    }
}

fn words(question: &Question) -> (&'static str, String) {
    match question {
        Question::Quit { runs, exports, evaluates, loses_typed } => {
            ("Quit", quit_words(*runs, *exports, *evaluates, *loses_typed))
        }
        Question::Unsaved { waits, reason } => ("Not saved", unsaved_words(waits.as_deref(), reason)),
        Question::LeaveEdit => ("Leave the row", "Save the edit before leaving?".to_owned()),
        Question::EndRace => (
            "End the race",
            "End the race now? It shows which rows came from which version, and cannot go on after that."
                .to_owned(),
        ),
        Question::Jump(jump) => ("Jump", jump_words(jump)),
        Question::Sample(estimate) => ("Sample", about(estimate)),
        Question::Compare { estimate, .. } => ("Compare", about(estimate)),
        Question::EndComparison { open } => ("End the comparison", end_words(*open)),
        Question::Replace(wish) => {
            let path = wish.file.display().to_string();
            let out = SafeText::one_line(&path);
            ("Export", format!("`{}` is there already. Replace it by this export?", out.as_str()))
        }
        Question::Allow(allow) => ("A key leaves", allow.words()),
    }
}

/// Returns where a jump goes and what it changes.
fn jump_words(jump: &Jump) -> String {
    let (number, what) = (jump.target.0, SafeText::one_line(&jump.what));
    let said = jump.said();
    format!(
        "To just after operation {number}, {}: {said}. Go there? Undo takes it back in one step.",
        what.as_str()
    )
}

/// Returns what ending a comparison leaves.
fn end_words(open: u32) -> String {
    match open {
        0 => "No pair has come yet. End the comparison all the same?".to_owned(),
        1 => "One pair is open. End the comparison? Its rows stay as they are.".to_owned(),
        open => format!("{open} pairs are open. End the comparison? Their rows stay as they are."),
    }
}

/// Returns what quitting stops and loses.
fn quit_words(runs: usize, exports: bool, evaluates: bool, loses_typed: bool) -> String {
    let runs = match runs {
        0 if loses_typed || exports || evaluates => String::new(),
        0 => " Everything is saved.".to_owned(),
        1 => " A run goes on and would be stopped; the rows that came are kept.".to_owned(),
        runs => format!(" {runs} runs go on or wait and would be stopped; the rows that came are kept."),
    };
    let typed =
        if loses_typed { " What you typed in the open window is not saved and would be lost." } else { "" };
    let exports = if exports { " An export goes on and would be stopped; nothing of it stays." } else { "" };
    let evaluates = if evaluates { " An evaluation goes on and would be stopped." } else { "" };
    format!("Quit the workbench?{runs}{exports}{evaluates}{typed}")
}

/// Returns what quitting would lose.
fn unsaved_words(waits: Option<&str>, reason: &str) -> String {
    let waits = waits.map(|waits| format!("{waits} What is not saved is lost. ")).unwrap_or_default();
    format!("Write everything to another folder before quitting? {waits}{reason}")
}

/// Returns `20 rows ≈ 4 requests · ≈ 2.4k tokens · ≈ $0.0012`, and below it what the session has
/// used and the budget.
fn about(estimate: &Estimate) -> String {
    let tokens = estimate.tokens.map(|tokens| tokens.input + tokens.output);
    let cost = match estimate.cost {
        Some(cost) => format!("≈ {}", dollars(cost)),
        None => "the price is not known".to_owned(),
    };
    let parts = [
        Some(format!(
            "{} ≈ {}",
            counted(estimate.rows.into(), "row"),
            counted(estimate.requests.into(), "request")
        )),
        tokens.map(|tokens| format!("≈ {} tokens", compact(tokens))),
        Some(cost),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    let budget = estimate.budget;
    let over = estimate.cost.zip(budget.cost).is_some_and(|(cost, most)| cost > most)
        || tokens.zip(budget.tokens).is_some_and(|(tokens, most)| tokens > most)
        || budget.requests.is_some_and(|most| estimate.requests > most);
    let limits = [
        budget.cost.map(dollars),
        budget.tokens.map(|most| format!("{} tokens", compact(most))),
        budget.requests.map(|most| counted(most.into(), "request")),
    ];
    let limits = limits.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let question = match (over, limits.as_str()) {
        (_, "") => "Sample?".to_owned(),
        (false, limits) => format!("Sample? The budget is {limits}."),
        (true, limits) => format!("Sample? The budget of {limits} will stop it before."),
    };
    let so_far = match &estimate.so_far {
        usage if usage.is_nothing() => String::new(),
        usage => format!("This session so far: {usage}\n"),
    };
    format!("{}\n{so_far}{question}", parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Budget, Price, Tokens, Usage};

    #[test]
    fn an_estimate_says_what_is_known_and_whether_the_budget_holds_it() {
        let mut estimate = Estimate {
            rows: 20,
            requests: 4,
            tokens: Some(Tokens { input: 1000, output: 1400 }),
            cost: Some(0.0012),
            budget: Budget { cost: Some(0.5), ..Budget::default() },
            so_far: Usage::default(),
        };
        assert_eq!(
            about(&estimate),
            "20 rows ≈ 4 requests · ≈ 2.4k tokens · ≈ $0.0012\nSample? The budget is $0.50."
        );
        estimate.budget = Budget { cost: Some(0.001), tokens: Some(9000), requests: Some(9) };
        assert!(
            about(&estimate).ends_with("The budget of $0.0010, 9.0k tokens, 9 requests will stop it before.")
        );
        estimate.so_far.add(Some(Price { input: 1.0, output: 2.0 }), Tokens { input: 0, output: 20_000 });
        assert!(about(&estimate).contains("\nThis session so far: 20k tokens · $0.0400\nSample?"));
        let (budget, so_far) = (Budget::default(), Usage::default());
        let unknown = Estimate { rows: 1, requests: 1, tokens: None, cost: None, budget, so_far };
        assert_eq!(about(&unknown), "1 row ≈ 1 request · the price is not known\nSample?");
    }
}
