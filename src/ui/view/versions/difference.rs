//! What differs between two versions: the words of both in one text, each change between its marks.

use ratatui::text::Line;

use crate::app::versions::PromptDifference;
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::reading::heading;
use crate::ui::widget::word_line::word_lines;

/// Returns the lines of a comparison, none wider than `columns`.
pub(super) fn difference_lines(
    difference: &PromptDifference,
    columns: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (name, diff) in &difference.parts {
        lines.push(heading(name, theme));
        if diff.lines.is_empty() {
            lines.push(Line::styled("  Only the line break at its end differs.", theme[Slot::Muted]));
        }
        lines.extend(word_lines(diff, columns, theme));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Draft;

    fn shown(before: &str, after: &str, columns: u16) -> Vec<String> {
        let draft = |user: &str| Draft { user: user.into(), ..Draft::default() };
        let difference = PromptDifference::of(&draft(before), &draft(after));
        let lines = difference_lines(&difference, columns, &Theme::mono());
        lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
    }

    #[test]
    fn a_comparison_reads_without_colours() {
        assert_eq!(
            shown("Write a text.\nEnd.\n", "Write a short text.\nEnd.\nStop.\n", 40),
            ["user", "~ Write a {+short +}text.", "  End.", "+ Stop."]
        );
        assert_eq!(shown("one\ntwo\n", "one\n", 40), ["user", "  one", "- two"]);
    }

    #[test]
    fn long_lines_are_wrapped_and_keep_what_they_are() {
        let lines = shown("one", "one two three four five six", 14);
        assert_eq!(lines[0], "user");
        assert!(
            lines[1].starts_with("~ one{+ two") && lines.iter().all(|line| line.chars().count() <= 14),
            "{lines:?}"
        );
    }

    #[test]
    fn what_a_prompt_smuggles_in_is_made_safe() {
        let lines = shown("a", "a \u{1b}[2J", 40).join("\n");
        assert!(!lines.contains('\u{1b}') && lines.contains('␛'), "{lines}");
    }
}
