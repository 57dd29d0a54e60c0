//! The facts about a row below its text, as lines.

use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{DetailPane, Shown};
use crate::domain::{Fields, Flag, FlagKind, RowView, Run, Schema};
use crate::text::time::duration;
use crate::text::{SafeText, model_name, width};
use crate::ui::canvas::{cut, line_width, outside};
use crate::ui::theme::Slot;
use crate::ui::widget::reading::wrapped;
use crate::ui::widget::rows::flag_slot;
use crate::ui::widget::word_diff::difference;

/// The blanks between two facts on one line.
const GAP: usize = 5;

/// What is known of a row, in lines.
pub(super) struct Facts {
    flags: Vec<Line<'static>>,
    /// The fields before an edit, the label, the variables.
    values: Vec<Line<'static>>,
    novelty: Vec<Line<'static>>,
    source: Vec<Line<'static>>,
}

impl Facts {
    pub(super) const fn len(&self) -> usize {
        self.flags.len() + self.values.len() + self.novelty.len() + self.source.len()
    }

    /// Returns all lines.
    pub(super) fn all(self) -> impl Iterator<Item = Line<'static>> {
        [self.flags, self.values, self.novelty, self.source].into_iter().flatten()
    }

    /// Returns the lines besides those of [`DetailPane::decisive`].
    pub(super) fn others(self) -> impl Iterator<Item = Line<'static>> {
        [self.values, self.source].into_iter().flatten()
    }
}

impl DetailPane<'_> {
    /// Returns everything below the text, in lines no wider than `columns`.
    pub(super) fn facts(&self, shown: &Shown<'_>, columns: u16) -> Facts {
        let room = usize::from(columns);
        let flags = self.flags(shown);
        let wrapped = |(words, slot): &(String, Slot)| wrapped(words, columns, self.theme[*slot]);
        let mut values = self.beside_the_other(shown, columns);
        if shown.row.is_edited() {
            values.extend(self.before_the_edit(shown, columns));
        }
        values.extend(flowed(self.values(shown, room), room));
        Facts {
            flags: flags.iter().flat_map(wrapped).collect(),
            values,
            novelty: self.nearest(shown, room),
            source: flowed(self.source_and_remarks(shown, room), room),
        }
    }

    /// Returns what a decision needs besides the text, a line each and no more than `most`: the flags
    /// and the novelty. Flags that have no line of their own are named together.
    pub(super) fn decisive(&self, shown: &Shown<'_>, room: usize, most: usize) -> Vec<Line<'static>> {
        let novelty = self.nearest(shown, room);
        let flags = self.flags(shown);
        let of_flags = most.saturating_sub(novelty.len());
        let alone = if flags.len() > of_flags { of_flags.saturating_sub(1) } else { flags.len() };
        let mut lines: Vec<Line<'static>> = flags
            .iter()
            .take(alone)
            .map(|(words, slot)| Line::from(self.value(words, room, *slot)))
            .collect();
        let together = flags.iter().skip(alone).filter_map(|(words, _)| words.split(':').next());
        let together = together.collect::<Vec<_>>().join(", ");
        if !together.is_empty() && of_flags > 0 {
            lines.push(Line::from(self.value(&together, room, Slot::Flag)));
        }
        lines.extend(novelty);
        lines
    }

    /// Returns the flags in words, the worst first.
    fn flags(&self, shown: &Shown<'_>) -> Vec<(String, Slot)> {
        let mut flags: Vec<Flag> = shown.row.flags().collect();
        flags.sort_by_key(|flag| flag.kind.place());
        flags.into_iter().map(|flag| (in_words(&flag, self.schema), flag_slot(flag.kind))).collect()
    }

    fn pair(&self, name: &str, value: Span<'static>) -> Line<'static> {
        let name = outside(name, self.theme[Slot::Muted]).content.into_owned();
        Line::from(vec![Span::styled(format!("{name} "), self.theme[Slot::Muted]), value])
    }

    fn value(&self, text: &str, columns: usize, slot: Slot) -> Span<'static> {
        let span = cut(text, columns, self.theme[slot]);
        Span::styled(span.content.into_owned(), span.style)
    }

    /// Returns what differs from the earlier row that this one is nearly the same as, once that one was looked up.
    fn beside_the_other(&self, shown: &Shown<'_>, columns: u16) -> Vec<Line<'static>> {
        let Some(other) = shown.detail.and_then(|detail| detail.like.as_ref()) else { return vec![] };
        let mut lines = vec![Line::styled("the other row, and what is new here:", self.theme[Slot::Muted])];
        lines.extend(difference(other, &shown.row.text(), columns, self.theme));
        lines
    }

    fn before_the_edit(&self, shown: &Shown<'_>, columns: u16) -> Vec<Line<'static>> {
        let original = shown.row.original_text();
        if original == shown.row.text() {
            return vec![];
        }
        let text = format!("before the edit: {original}");
        wrapped(&text, columns, self.theme[Slot::Muted])
    }

    /// Returns the label, the other fields, and the variables of the request.
    fn values(&self, shown: &Shown<'_>, room: usize) -> Vec<Line<'static>> {
        let mut pairs = Vec::new();
        let mut label = self.value(shown.row.label(), room / 2, Slot::Label);
        if shown.row.label() != shown.row.original_label() {
            let before = self.value(shown.row.original_label(), room / 3, Slot::Label);
            label.content = format!("{}, was {}", label.content, before.content).into();
        }
        let variables = shown.row.shown_variables();
        if self.with_labels || !variables.is_empty() {
            pairs.push(self.pair("label", label));
        }
        for (name, value) in &shown.row.fields().0 {
            if name != Fields::TEXT && name != Fields::LABEL {
                let value = value.to_string();
                pairs.push(
                    self.pair(name, self.value(&value, room.saturating_sub(width(name) + 1), Slot::Text)),
                );
            }
        }
        for (name, value) in &variables {
            let left = room.saturating_sub(width(SafeText::one_line(name).as_str()) + 1);
            pairs.push(self.pair(name, self.value(value, left, Slot::Text)));
        }
        pairs
    }

    /// Returns `novelty 0.81   nearest real row 0.19: "…"`.
    fn nearest(&self, shown: &Shown<'_>, room: usize) -> Vec<Line<'static>> {
        let Some(novelty) = shown.row.scores().novelty else { return vec![] };
        let figure = Span::styled(format!("{novelty:.2}"), self.theme[Slot::Figure]);
        let mut line = self.pair("novelty", figure);
        let Some((text, similarity)) = shown.detail.and_then(|detail| detail.nearest.as_ref()) else {
            return vec![line];
        };
        let muted = self.theme[Slot::Muted];
        if *similarity <= 0.0 {
            line.push_span(Span::styled("   no real row is like it", muted));
            return vec![line];
        }
        line.push_span(Span::styled("   nearest real row ", muted));
        line.push_span(Span::styled(format!("{similarity:.2}"), self.theme[Slot::Figure]));
        line.push_span(Span::styled(": \"", muted));
        let left = room.saturating_sub(line_width(&line) + 1);
        line.push_span(self.value(text, left, Slot::Text));
        line.push_span(Span::styled("\"", muted));
        vec![line]
    }

    fn source_and_remarks(&self, shown: &Shown<'_>, room: usize) -> Vec<Line<'static>> {
        let mark = shown.row.mark();
        let mut parts = vec![self.source(shown)];
        parts.push(match &mark.reason {
            Some(reason) => self.pair("reason", self.value(reason, room.saturating_sub(7), Slot::Text)),
            None => self.pair("reason", Span::styled("–", self.theme[Slot::Muted])),
        });
        parts.push(if mark.tags.is_empty() {
            self.pair("tags", Span::styled("–", self.theme[Slot::Muted]))
        } else {
            self.pair("tags", self.value(&mark.tags.join(", "), room.saturating_sub(5), Slot::Tag))
        });
        parts
    }

    /// Returns `from v7 · smollm2 · run 12 · 0.8 s · #41 k3f9a2b1c0`; for an imported row `from labels.csv line 3 ·
    /// main v2 · smollm2 · decided by ann · #41 k3f9a2b1c0, there 17`.
    fn source(&self, shown: &Shown<'_>) -> Line<'static> {
        let mut words = of_file(&shown.row);
        if shown.row.is_hidden() {
            words.push("a blind trial".to_owned());
        }
        if let Some(version) = shown.row.shown_version() {
            words.push(format!("v{}", version.number));
        }
        if let Some(run) = shown.row.shown_run() {
            words.push(writer(run));
            words.push(format!("run {}", run.number.0));
        }
        // How long a batch took over one request is not known.
        let seconds =
            shown.row.shown_request().and_then(|request| request.seconds).filter(|seconds| *seconds > 0.0);
        words.extend(seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()).map(duration));
        let there = shown.row.id_there().map(|there| format!(", there {there}")).unwrap_or_default();
        words.push(format!("#{} {}{there}", shown.row.number().shown(), shown.row.id()));
        let words = words.join(" · ");
        let style: Style = self.theme[Slot::Text];
        self.pair("from", Span::styled(SafeText::one_line(&words).into_inner().into_owned(), style))
    }
}

/// Returns what the file of an imported row says of it.
fn of_file(row: &RowView<'_>) -> Vec<String> {
    let Some(import) = row.import() else { return Vec::new() };
    let line = row.line().map(|line| format!(" line {line}")).unwrap_or_default();
    let mut words = vec![format!("{}{line}", import.file)];
    if let Some(origin) = row.origin() {
        let version = origin.version.map(|version| format!("v{version}"));
        let prompt: Vec<_> = origin.prompt.iter().cloned().chain(version).collect();
        words.extend((!prompt.is_empty()).then(|| prompt.join(" ")));
        let model = origin.model.as_deref().map(model_name).or(origin.provider.as_deref());
        words.extend(model.map(str::to_owned));
        words.extend(origin.by.as_ref().map(|by| format!("decided by {by}")));
    }
    words
}

/// Returns the model of a run, or its provider where it has no model.
fn writer(run: &Run) -> String {
    run.generator.model.as_deref().map_or(run.generator.provider.as_str(), model_name).to_owned()
}

/// Puts as many short lines side by side as fit, `GAP` blanks apart.
fn flowed(parts: Vec<Line<'static>>, columns: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line_width(line) + GAP + line_width(&part) <= columns => {
                line.push_span(Span::raw(" ".repeat(GAP)));
                line.spans.extend(part.spans);
            }
            _ => lines.push(part),
        }
    }
    lines
}

/// Returns a flag as a sentence, with its figure and the other row.
fn in_words(flag: &Flag, schema: &Schema) -> String {
    let other = flag.other.as_deref().unwrap_or("?");
    let similarity = flag.figure.map(|figure| format!(", similarity {figure:.2}")).unwrap_or_default();
    let share = || flag.figure.map(|figure| format!(", {:.0} % of it", figure * 100.0)).unwrap_or_default();
    let length = flag.figure.map_or(String::new(), |figure| format!("{figure:.0} characters"));
    let (least, most) = schema.text_bounds();
    let bound = |word: &str, bound: Option<u32>| {
        bound.map(|bound| format!("; {word} {bound} wanted")).unwrap_or_default()
    };
    match flag.kind {
        FlagKind::Duplicate => format!("duplicate: the same text as row {other}"),
        FlagKind::NearDuplicate => format!("near-duplicate: nearly the text of row {other}{similarity}"),
        FlagKind::CopiesReal => format!("copies-real: like the real row {other}{similarity}"),
        FlagKind::ContaminatesTest => {
            format!("contaminates-test: like the test row {other}{similarity}; left out of exports")
        }
        FlagKind::TooShort => format!("too-short: {length}{}", bound("at least", least)),
        FlagKind::TooLong => format!("too-long: {length}{}", bound("at most", most)),
        FlagKind::Refusal => "refusal: it declines instead of writing".to_owned(),
        FlagKind::EchoesPrompt => format!("echoes-prompt: it says again what the prompt says{}", share()),
        FlagKind::RepeatsItself => format!("repeats-itself: the same words again and again{}", share()),
        FlagKind::Unlikely => "unlikely: its words follow one another as in hardly any real row".to_owned(),
        FlagKind::Disagreement => {
            let share = flag.figure.map(|figure| format!("{:.0} % of ", figure * 100.0)).unwrap_or_default();
            format!("disagreement: {share}those who labelled it gave it another label")
        }
        FlagKind::Placeholder => format!("placeholder: {other} was never filled in"),
    }
}
