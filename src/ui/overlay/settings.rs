//! The settings of the next run: one line for each, and below them an explanation of the selected
//! one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Canvas, list};
use crate::app::settings::{ModelList, SettingsField, SettingsForm, SettingsLine};
use crate::domain::Usage;
use crate::text::width;
use crate::ui::canvas::{counted, cut, outside, put, put_right};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::text_area::TextAreaView;

/// The width of the names in columns.
const NAMES: u16 = 16;
/// The width of the note at the right of a value.
const ASIDE: u16 = 28;

/// Draws the settings; `so_far` is the usage of the session.
pub(super) fn draw(form: &SettingsForm, so_far: &Usage, canvas: Canvas<'_>, buf: &mut Buffer) {
    let mut title = Line::from("The next sample");
    if !so_far.is_nothing() {
        title.push_span(Span::styled(format!(" · session so far {so_far}"), canvas.theme[Slot::Muted]));
    }
    canvas.frame(&title, buf);
    let window = canvas.window;
    for (line, area) in form.lines().into_iter().zip(window.body.rows()) {
        match line {
            SettingsLine::Setting(field) => setting(form, field, area, canvas, buf),
            SettingsLine::Error => wrong(form, area, canvas, buf),
            SettingsLine::Gap => {}
        }
    }
    about(form, canvas, buf);
}

/// Draws one setting: its name, its value, and a note beside it.
fn setting(form: &SettingsForm, field: SettingsField, area: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let is_selected = form.selected == field;
    let mut name = theme[Slot::KeyLabel];
    if is_selected {
        let wide = Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area };
        buf.set_style(wide, theme[Slot::OverlaySelected]);
        put(buf, wide.x, wide.y, 1, &Line::from(Span::styled("▌", theme[Slot::Marker])));
        name = theme[Slot::Strong];
    }
    put(buf, area.x, area.y, NAMES, &Line::styled(field.name(), name));
    let value = Rect {
        x: area.x + NAMES.min(area.width),
        width: area.width.saturating_sub(NAMES + ASIDE + 1),
        ..area
    };
    if field.is_chosen() {
        chosen(form, field, value, canvas, buf);
    } else {
        typed(form, field, value, canvas, buf);
    }
    put_right(buf, area.right(), area.y, ASIDE, &aside(form, field, canvas));
}

fn chosen(form: &SettingsForm, field: SettingsField, place: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let arrows = canvas.theme[if form.selected == field { Slot::Key } else { Slot::Muted }];
    let room = usize::from(place.width.saturating_sub(4));
    let text = match field {
        SettingsField::Profile => cut(&form.chosen().name, room, canvas.theme[Slot::Input]),
        _ => Span::styled(if form.reuse { "yes" } else { "no" }, canvas.theme[Slot::Input]),
    };
    let line = Line::from(vec![Span::styled("‹ ", arrows), text, Span::styled(" ›", arrows)]);
    put(buf, place.x, place.y, place.width, &line);
}

fn typed(form: &SettingsForm, field: SettingsField, place: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let text = form.area(field);
    if form.selected == field {
        // The selected text is marked, because typing replaces it.
        let marked = 0..text.lines().join("\n").len();
        let marks = [(marked, theme[Slot::Cursor])];
        let marks = if text.is_selecting() { &marks[..] } else { &[] };
        TextAreaView { theme, text, focused: true, colours: &[], marks }.render(place, buf);
    } else {
        let value = form.text(field);
        let value = cut(&value, usize::from(place.width), theme[Slot::Input]);
        put(buf, place.x, place.y, place.width, &Line::from(value));
    }
    if form.text(field).is_empty() {
        let offline = field == SettingsField::Model && form.models == ModelList::Nobody;
        let blank = if offline { "none" } else { field.blank() };
        // The cursor stands before it.
        let gap = u16::from(form.selected == field) * 2;
        put(
            buf,
            place.x + gap,
            place.y,
            place.width.saturating_sub(gap),
            &Line::styled(blank, theme[Slot::Muted]),
        );
    }
}

/// Returns the note at the right of a value.
fn aside(form: &SettingsForm, field: SettingsField, canvas: Canvas<'_>) -> Line<'static> {
    let muted = canvas.theme[Slot::Muted];
    let text = match field {
        SettingsField::Rows => {
            let rows: Option<u32> = form.text(field).parse().ok();
            let per_request = form.chosen().settings.rows_per_request.max(1);
            rows.map(|rows| counted(rows.div_ceil(per_request).into(), "request")).unwrap_or_default()
        }
        SettingsField::Profile => {
            let settings = &form.chosen().settings;
            let place = settings.base_url.as_deref().map(host).unwrap_or_default();
            let provider = settings.provider.name();
            if place.is_empty() { provider.to_owned() } else { format!("{provider} · {place}") }
        }
        SettingsField::Model => match &form.models {
            ModelList::Nobody => String::new(),
            ModelList::Asked => "asking for models …".to_owned(),
            ModelList::Known(models) => counted(models.len() as u64, "model"),
            ModelList::Failed(_) => "models not listed".to_owned(),
        },
        SettingsField::Cost if form.is_priced() => "US dollars".to_owned(),
        SettingsField::Cost => "US dollars · no price known".to_owned(),
        _ => String::new(),
    };
    let span = cut(&text, usize::from(ASIDE), muted);
    Line::from(Span::styled(span.content.into_owned(), muted))
}

/// Returns the host name of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    // Addresses may hold a name, a password or a key, which must not be shown.
    host.rsplit('@').next().unwrap_or(host)
}

fn wrong(form: &SettingsForm, area: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let Some((_, sentence)) = &form.error else { return };
    let error = canvas.theme[Slot::Error];
    let line = Line::from(vec![Span::styled("! ", error), outside(sentence, error)]);
    let x = area.x + NAMES.min(area.width);
    put(buf, x, area.y, area.right().saturating_sub(x), &line);
}

/// Draws the models that match, else an explanation of the selected setting.
fn about(form: &SettingsForm, canvas: Canvas<'_>, buf: &mut Buffer) {
    let theme = canvas.theme;
    let place = canvas.window.list;
    let choices = form.choices();
    if form.selected == SettingsField::Model && !choices.is_empty() {
        let wide = choices.iter().map(|choice| width(choice)).max().unwrap_or(0);
        let entry = |index: usize| {
            let choice = cut(&choices[index], wide.max(1), theme[Slot::Text]);
            (Line::from(choice), Line::default())
        };
        let list =
            Rect { x: place.x + NAMES.min(place.width), width: place.width.saturating_sub(NAMES), ..place };
        list::draw(choices.len(), form.choice(&choices), entry, (list, canvas.window.area), theme, buf);
        return;
    }
    let (text, slot) = match (&form.models, form.selected) {
        (ModelList::Failed(reason), SettingsField::Model) => {
            (format!("{reason} Type the model's name."), Slot::Warning)
        }
        (ModelList::Nobody, SettingsField::Model) => (
            "The offline generator has no models: it is made of the session's own rows.".to_owned(),
            Slot::Muted,
        ),
        (ModelList::Known(models), SettingsField::Model) if !models.is_empty() => {
            ("None of the provider's models has these letters.".to_owned(), Slot::Muted)
        }
        (_, field) => (field.about().to_owned(), Slot::Muted),
    };
    let columns = place.width.saturating_sub(NAMES);
    for (line, area) in wrapped(&text, columns, theme[slot]).iter().zip(place.rows().skip(1)) {
        put(buf, area.x + NAMES.min(area.width), area.y, columns, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_without_its_path_and_without_secrets() {
        assert_eq!(host("http://localhost:8080/v1"), "localhost:8080");
        assert_eq!(host("https://me:secret@models.example/v1"), "models.example");
        assert_eq!(host("localhost"), "localhost");
        assert_eq!(host(""), "");
    }
}
