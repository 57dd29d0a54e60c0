//! The request and the reply that a row came from, word for word.

use ratatui::buffer::Buffer;
use ratatui::text::Line;

use super::Canvas;
use crate::app::overlay::ExchangeWindow;
use crate::domain::Exchange;
use crate::ui::theme::{Slot, Theme};
use crate::ui::widget::preview::messages;
use crate::ui::widget::reading::{heading, wrapped};

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
    lines.extend(messages(&exchange.messages, columns, theme));
    if exchange.messages.is_empty() {
        lines.push(Line::styled("No message was sent.", theme[Slot::Muted]));
    }
    lines.extend([Line::default(), heading("reply", theme)]);
    match (&exchange.reply, &exchange.error) {
        (Some(reply), _) => lines.extend(wrapped(reply, columns, theme[Slot::Text])),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(exchange: &Exchange) -> String {
        let lines = lines(exchange, 60, &Theme::mono());
        lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
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
