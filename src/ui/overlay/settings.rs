//! The settings of the next run: one line for each, and below them an explanation of the selected
//! one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::{Canvas, list, mark_selected};
use crate::app::settings::{ModelList, SettingsField, SettingsForm, SettingsLine};
use crate::domain::Usage;
use crate::text::{counted, width};
use crate::ui::canvas::{cut, fitting, outside, put, put_right};
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
    for (line, area) in form.lines_in(usize::from(window.body.height)).into_iter().zip(window.body.rows()) {
        match line {
            SettingsLine::Setting(field) => setting(form, field, area, canvas, buf),
            SettingsLine::Error => wrong(form, area, canvas, buf),
            SettingsLine::Server => server(form, area, canvas, buf),
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
        mark_selected(area, theme, buf);
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
        SettingsField::Profile => form.chosen().name.clone(),
        SettingsField::Servers => form.servers.words(),
        SettingsField::Copy => if form.as_lines { "lines of session.toml" } else { "a command" }.to_owned(),
        field => form.text(field),
    };
    let text = cut(&text, room, canvas.theme[Slot::Input]);
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
        let serverless = matches!(field, SettingsField::Model | SettingsField::BaseUrl) && form.is_offline();
        let blank = if serverless { "none" } else { field.blank() };
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
    let text = match field {
        SettingsField::Rows => {
            form.requests().map(|requests| counted(requests.into(), "request")).unwrap_or_default()
        }
        SettingsField::Profile => {
            if form.profile == 0 { "session.toml" } else { "of your config.toml" }.to_owned()
        }
        SettingsField::Model if form.models == ModelList::Asked => "asking for models …".to_owned(),
        SettingsField::Cost if form.is_priced() => "US dollars".to_owned(),
        SettingsField::Cost => "US dollars · no price known".to_owned(),
        field if SettingsField::GENERATOR.contains(&field) => form.origin_words(field),
        _ => String::new(),
    };
    // What differs from the session stands out, also by its words.
    let slot = if form.differs(field) { Slot::Notice } else { Slot::Muted };
    let span = cut(&text, usize::from(ASIDE), canvas.theme[slot]);
    Line::from(Span::styled(span.content.into_owned(), span.style))
}

/// Draws who is asked with which key.
fn server(form: &SettingsForm, area: Rect, canvas: Canvas<'_>, buf: &mut Buffer) {
    let columns = area.width.saturating_sub(NAMES);
    let style = canvas.theme[Slot::Strong];
    let lines =
        form.server_words().into_iter().map(|words| Line::from(outside(&words, style).content.into_owned()));
    let line = fitting(lines.collect(), usize::from(columns)).style(style);
    put(buf, area.x, area.y, NAMES, &Line::styled("→", canvas.theme[Slot::Muted]));
    put(buf, area.x + NAMES.min(area.width), area.y, columns, &line);
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
    if !choices.is_empty() {
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
    let (text, slot) = about_text(form);
    let columns = place.width.saturating_sub(NAMES);
    let lines = text.lines().flat_map(|text| wrapped(text, columns, theme[slot])).collect::<Vec<_>>();
    let above = usize::from(lines.len() < usize::from(place.height));
    for (line, area) in lines.iter().zip(place.rows().skip(above)) {
        put(buf, area.x + NAMES.min(area.width), area.y, columns, line);
    }
}

/// Returns what explains the selected setting.
fn about_text(form: &SettingsForm) -> (String, Slot) {
    let text = match (form.selected, &form.models) {
        (SettingsField::Servers, _) => match form.servers.sentence() {
            Some(sentence) => return (sentence, Slot::Warning),
            None => form.selected.about(),
        },
        (SettingsField::Copy, _) => return (form.written(), Slot::Text),
        (SettingsField::Model, _) if form.is_offline() => {
            "The offline generator has no models: it is made of the session's own rows."
        }
        (SettingsField::Model, ModelList::Failed(reason)) => {
            return (format!("{reason} Type the model's name."), Slot::Warning);
        }
        (SettingsField::Model, ModelList::Known(models)) if !models.is_empty() => {
            "None of the server's models has these letters."
        }
        (SettingsField::Model, ModelList::Known(_)) => "The server lists no model. Type the model's name.",
        (field, _) => field.about(),
    };
    (text.to_owned(), Slot::Muted)
}
