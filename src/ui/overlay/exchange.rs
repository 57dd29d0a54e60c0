//! The request and the reply that a row came from, word for word.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::text::Line;

use super::Canvas;
use crate::app::overlay::ExchangeWindow;
use crate::domain::Exchange;
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::preview::messages;
use crate::ui::widget::reading::{LONGEST, heading, wrapped};

/// Draws the request and the reply.
pub(super) fn draw(window: &ExchangeWindow, canvas: Canvas<'_>, buf: &mut Buffer) {
    canvas.frame(&Line::from(format!("Request and reply · row #{}", window.row.shown())), buf);
    let columns = canvas.window.body.width;
    let lines = match &window.exchange {
        None => vec![Line::styled("They are being looked up.", canvas.theme[Slot::Muted])],
        Some(exchange) => lines(exchange, columns, canvas.theme),
    };
    canvas.read(&lines, window.scroll, buf);
}

fn lines(exchange: &Exchange, columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if exchange.messages.len() == 1 {
        lines.push(heading("request", theme));
    }
    lines.extend(messages(&exchange.messages, LONGEST, columns, theme));
    if exchange.messages.is_empty() {
        let is_offline = exchange.reply.is_none() && exchange.error.is_none();
        let sentence = if is_offline {
            "No message was sent: the offline generator makes rows of the session's own real ones."
        } else {
            "No message was sent."
        };
        lines.extend(wrapped(sentence, columns, theme[Slot::Muted]));
    }
    lines.extend([Line::default(), heading("reply", theme)]);
    match (&exchange.reply, &exchange.error) {
        (Some(reply), _) => lines.extend(reply_lines(reply, &exchange.thinking, columns, theme)),
        (None, Some(_)) => lines.push(Line::styled("No reply came.", theme[Slot::Muted])),
        (None, None) => lines
            .push(Line::styled("There is no reply: the generator answers with rows.", theme[Slot::Muted])),
    }
    let cut = exchange.cut_off.then_some("The reply ended here, before all was said.");
    if let Some(sentence) = exchange.error.as_deref().or(cut) {
        lines.push(Line::default());
        lines.extend(wrapped(sentence, columns, theme[Slot::Warning]));
    }
    lines
}

/// Returns a reply as it came, with the parts in which the model was thinking dimmed under a heading.
fn reply_lines(reply: &str, thinking: &[Range<usize>], columns: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut read = 0;
    let answer = |part: &str, lines: &mut Vec<Line<'static>>| {
        if !part.trim().is_empty() {
            lines.extend(wrapped(part, columns, theme[Slot::Text]));
        }
    };
    for range in thinking {
        let (Some(before), Some(thought)) = (reply.get(read..range.start), reply.get(range.clone())) else {
            continue;
        };
        answer(before, &mut lines);
        lines.push(heading("thinking, not read for rows", theme));
        lines.extend(wrapped(thought.trim(), columns, theme[Slot::Muted]));
        let is_all = reply.get(range.end..).is_none_or(|rest| rest.trim().is_empty());
        lines.push(if is_all && read == 0 {
            Line::styled("No answer followed.", theme[Slot::Muted])
        } else {
            heading("answer", theme)
        });
        read = range.end;
    }
    answer(reply.get(read..).unwrap_or_default().trim_start_matches('\n'), &mut lines);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(exchange: &Exchange) -> String {
        let lines = lines(exchange, 60, &Theme::mono());
        lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_a_model_thought_is_told_from_what_it_answered() {
        let reply = "<think>\u{1b}[2J One row?</think>\n{\"rows\":[]}";
        let end = reply.find('\n').unwrap();
        let exchange = Exchange {
            reply: Some(reply.into()),
            thinking: std::iter::once(0..end).collect(),
            ..Exchange::default()
        };
        assert!(shown(&exchange).ends_with(
            "reply\nthinking, not read for rows\n<think>␛[2J One row?</think>\nanswer\n{\"rows\":[]}"
        ));
        let lines = lines(&exchange, 60, &Theme::load("dusk").unwrap());
        let style_of = |text: &str| {
            let line = lines.iter().find(|line| line.to_string().contains(text)).unwrap();
            line.spans[0].style
        };
        assert_ne!(style_of("One row?"), style_of("{\"rows\""));

        let all = Exchange { thinking: std::iter::once(0..reply.len()).collect(), ..exchange };
        assert!(shown(&all).ends_with("{\"rows\":[]}\nNo answer followed."));
    }

    #[test]
    fn a_reply_that_broke_off_says_why() {
        let mut exchange = Exchange { reply: Some("{\"rows\":[".into()), ..Exchange::default() };
        assert!(shown(&exchange).ends_with("{\"rows\":["));
        exchange.cut_off = true;
        assert!(shown(&exchange).ends_with("The reply ended here, before all was said."));
        exchange = Exchange { error: Some("The connection broke.".into()), ..Exchange::default() };
        assert!(shown(&exchange).ends_with("No reply came.\n\nThe connection broke."));
    }
}
