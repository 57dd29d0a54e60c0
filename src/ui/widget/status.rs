//! The status line above the footer: the run in progress, the notice, or what the next run would
//! be.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::bar::gauge;
use crate::app::sampling::{JobStage, RunningJob, Wanted};
use crate::app::{Notice, Sampling, Severity};
use crate::domain::{JobKind, compact, dollars};
use crate::domain::{RunProgress, Slowdown, Writing};
use crate::text::time::duration;
use crate::text::{SafeText, counted, thousands, wrap};
use crate::ui::canvas::{fitting, line_width, put, put_right};
use crate::ui::theme::{Slot, Theme};

/// The content of the status line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Status<'a> {
    pub(crate) theme: &'a Theme,
    /// Runs and other jobs.
    pub(crate) sampling: &'a Sampling,
    pub(crate) notice: Option<&'a Notice>,
    /// Number of new rows: pending, and of the last run.
    pub(crate) fresh: u32,
    /// How many of them the filter hides.
    pub(crate) hidden: u32,
    /// The key that shows the last run.
    pub(crate) more: &'a str,
    /// Whether the live end of a reply may be shown here.
    pub(crate) with_tail: bool,
    /// Whether rows are being found and sorted.
    pub(crate) is_finding: bool,
}

/// The importance of a figure on a narrow screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Importance {
    /// Shown where everything fits.
    Extra,
    /// Shown on a narrow screen too.
    Useful,
    /// Always shown.
    Needed,
}

/// The frames of the spinner; the progress of the work determines which one is shown.
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// The width of the run's gauge in cells.
const GAUGE: usize = 16;
/// The columns in which the end of a reply says something.
const TAIL: usize = 32;

impl Widget for Status<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let room = usize::from(area.width).saturating_sub(2);
        let notice = self.notice.map(|notice| self.notice(notice));
        let columns = area.width.saturating_sub(1);
        let end = area.right().saturating_sub(1);
        match (self.work(), notice) {
            (Some(work), None) => {
                // The end of a reply gets its room first: where it grows, the other figures hardly move.
                let beside = self.writing().map_or(room, |_| room.saturating_sub(TAIL));
                let start = put(buf, area.x, area.y, columns, &fitting(work, beside));
                self.tail(Rect { x: start, width: end.saturating_sub(start), ..area }, buf);
            }
            (Some(work), Some(notice)) => {
                let beside = room.saturating_sub(line_width(&notice) + 3);
                let work = fitting(work, beside);
                let start = put(buf, area.x, area.y, columns, &work);
                let left = end.saturating_sub(start + 3);
                put_right(buf, end, area.y, left, &notice);
            }
            (None, Some(notice)) => {
                let start = put(buf, area.x + 1, area.y, columns.saturating_sub(1), &notice);
                let beside = usize::from(end.saturating_sub(start + 3));
                let next = fitting(self.idle(), beside);
                if line_width(&next) <= beside {
                    put_right(buf, end, area.y, columns, &next);
                }
            }
            (None, None) => {
                let idle = fitting(self.idle(), room);
                put(buf, area.x + 1, area.y, columns.saturating_sub(1), &idle);
            }
        }
    }
}

/// Returns the slot of a notice's style.
pub(crate) const fn slot_of(notice: &Notice) -> Slot {
    match notice.severity {
        Severity::Info => Slot::Notice,
        Severity::Error => Slot::Error,
    }
}

/// Returns a notice as it is drawn, made safe: a sign marks an error where there are no colours.
pub(crate) fn sentence_of(notice: &Notice) -> String {
    let text = SafeText::one_line(&notice.text).into_inner();
    match notice.severity {
        Severity::Info => text.into_owned(),
        Severity::Error => format!("! {text}"),
    }
}

impl Status<'_> {
    fn notice(&self, notice: &Notice) -> Line<'static> {
        Line::styled(sentence_of(notice), self.theme[slot_of(notice)])
    }

    /// Returns what is new, what the last run left, and what the next run would be, the longest form first.
    fn idle(&self) -> Vec<Line<'static>> {
        let muted = self.theme[Slot::Muted];
        let news = |in_words: bool| (self.fresh > 0).then(|| vec![self.news(in_words)]);
        let next = || Some(vec![Span::styled(self.sampling.next_line(), muted)]);
        let joined = |parts: Vec<Option<Vec<Span<'static>>>>| {
            let mut spans = Vec::new();
            for part in parts.into_iter().flatten() {
                spans.extend((!spans.is_empty()).then(|| Span::styled(" · ", muted)));
                spans.extend(part);
            }
            made_safe(spans)
        };
        let Some(ended) = &self.sampling.ended else {
            return vec![joined(vec![news(true), next()]), joined(vec![news(false), next()])];
        };
        let rows = || {
            let rows = format!("{} of {}", ended.rows, counted(ended.requested.into(), "row"));
            Some(vec![Span::styled(rows, muted)])
        };
        let left = |form: &String| Some(vec![Span::styled(form.clone(), self.theme[Slot::Warning])]);
        let more = || {
            let key = Span::styled(self.more.to_owned(), self.theme[Slot::Key]);
            Some(vec![key, Span::styled(" shows more", self.theme[Slot::KeyLabel])])
        };
        let mut lines = Vec::new();
        for form in &ended.said {
            lines.push(joined(vec![news(true), rows(), left(form), more(), next()]));
            lines.push(joined(vec![news(true), rows(), left(form), more()]));
            lines.push(joined(vec![news(false), rows(), left(form), more()]));
            lines.push(joined(vec![rows(), left(form), more()]));
        }
        lines.extend(ended.said.last().map(|form| joined(vec![left(form), more()])));
        lines
    }

    fn writing(&self) -> Option<&Writing> {
        self.sampling.writing().filter(|_| self.with_tail)
    }

    /// Draws the end of the reply that is being written behind the run's figures, where it has room.
    fn tail(&self, area: Rect, buf: &mut Buffer) {
        let Some(writing) = self.writing() else { return };
        let verb = if writing.thinking { " · thinking … " } else { " · writing … " };
        let room = usize::from(area.width).saturating_sub(verb.chars().count());
        let words = end_of(&writing.text, room);
        let line = Line::from(vec![
            Span::styled(verb, self.theme[Slot::Muted]),
            Span::styled(words, self.theme[Slot::Muted]),
        ]);
        put(buf, area.x, area.y, area.width, &line);
    }

    /// Returns `8 new rows, 4 hidden by the filter`, or `8 new, 4 hidden`.
    fn news(&self, in_words: bool) -> Span<'static> {
        let new = thousands(self.fresh.into());
        let rows = match (in_words, self.fresh) {
            (false, _) => "new",
            (true, 1) => "new row",
            (true, _) => "new rows",
        };
        let by = if in_words { " by the filter" } else { "" };
        let hidden = match self.hidden.min(self.fresh) {
            0 => String::new(),
            hidden => format!(", {} hidden{by}", thousands(hidden.into())),
        };
        Span::styled(format!("{new} {rows}{hidden}"), self.theme[Slot::Notice])
    }

    /// Returns what is in progress, the longest form first.
    fn work(&self) -> Option<Vec<Line<'static>>> {
        if let Some(run) = self.sampling.run() {
            return Some(self.run(run));
        }
        let word = match self.sampling.jobs.first().map(|job| job.kind) {
            Some(JobKind::Export) => "exporting",
            Some(JobKind::Evaluation) => "evaluating",
            _ if self.is_finding => "finding rows",
            _ => return None,
        };
        Some(vec![Line::from(vec![
            Span::styled(format!(" {} ", SPINNER[2]), self.theme[Slot::Spinner]),
            Span::styled(format!("{word} …"), self.theme[Slot::Text]),
        ])])
    }

    fn run(&self, run: &RunningJob) -> Vec<Line<'static>> {
        let verb = match run.stage {
            JobStage::Stopping(_) => "stopping",
            JobStage::Starting | JobStage::Sampling(_) => "sampling",
        };
        let Some(progress) = self.sampling.progress() else {
            let text = match run.wanted {
                Wanted::Rest(number) if verb == "sampling" => format!("going on with run {number} …"),
                Wanted::Rest(number) => format!("{verb} run {number} …"),
                Wanted::Rows(rows) => format!("{verb} {} …", counted(rows.into(), "row")),
                Wanted::Nothing => format!("{verb} …"),
            };
            let spinner = Span::styled(format!(" {} ", SPINNER[0]), self.theme[Slot::Spinner]);
            return vec![Line::from(vec![spinner, Span::styled(text, self.theme[Slot::Text])])];
        };
        let figures = self.figures(progress);
        let form = |word: &str, with_gauge: bool, figures: Vec<Span<'static>>| {
            let moves = u64::from(progress.done) + progress.tokens.output + progress.elapsed.as_secs();
            let turn = moves % SPINNER.len() as u64;
            let turn = usize::try_from(turn).unwrap_or_default();
            let mut spans = vec![
                Span::styled(format!(" {} ", SPINNER[turn]), self.theme[Slot::Spinner]),
                Span::styled(word.to_owned(), self.theme[Slot::Text]),
                Span::styled(done_of(progress.done, progress.requested), self.theme[Slot::Figure]),
            ];
            if with_gauge {
                let (done, all) = (progress.done.into(), progress.requested.into());
                spans.push(Span::raw(" "));
                spans.extend(gauge(done, all, GAUGE, self.theme[Slot::Gauge], self.theme[Slot::BarTrack]));
            }
            for figure in figures {
                spans.extend([Span::styled(" · ", self.theme[Slot::Muted]), figure]);
            }
            Line::from(spans)
        };
        let verb = format!("{verb} ");
        let down_to = |least: Importance| {
            let kept = figures.iter().filter(|(importance, _)| *importance >= least);
            kept.map(|(_, span)| span.clone()).collect::<Vec<_>>()
        };
        vec![
            form(&verb, true, down_to(Importance::Extra)),
            form(&verb, false, down_to(Importance::Extra)),
            form("", false, down_to(Importance::Useful)),
            form("", false, down_to(Importance::Needed)),
        ]
    }

    /// Returns the run's figures, each with its importance.
    fn figures(&self, progress: &RunProgress) -> Vec<(Importance, Span<'static>)> {
        let muted = |text: String| Span::styled(text, self.theme[Slot::KeyLabel]);
        let mut figures = vec![];
        if let Some(rate) = progress.rate() {
            figures.push((Importance::Useful, muted(rate)));
        } else if progress.under_way > 0 {
            let requests = counted(progress.under_way.into(), "request");
            figures.push((Importance::Useful, muted(format!("{requests} under way"))));
            figures.push((Importance::Needed, muted(rounded(progress.elapsed))));
            figures.extend(progress.heard_words().map(|heard| (Importance::Useful, muted(heard))));
        }
        let tokens = progress.tokens.input + progress.tokens.output;
        if tokens > 0 {
            figures.push((Importance::Extra, muted(format!("{} tokens", compact(tokens)))));
        }
        if let Some(cost) = progress.cost.filter(|cost| *cost > 0.0) {
            figures.push((Importance::Needed, muted(dollars(cost))));
        }
        if let Some(left) = progress.seconds_left.and_then(|left| Duration::try_from_secs_f64(left).ok()) {
            figures.push((Importance::Useful, muted(format!("{} left", rounded(left)))));
        }
        if progress.failed > 0 {
            let failed = format!("{} failed", thousands(progress.failed.into()));
            figures.push((Importance::Needed, Span::styled(failed, self.theme[Slot::Warning])));
        }
        if let Some(slowdown) = progress.slowdown {
            figures.push((Importance::Needed, Span::styled(reason(slowdown), self.theme[Slot::Notice])));
        }
        if self.fresh > 0 {
            figures.push((Importance::Needed, self.news(false)));
        }
        if !self.sampling.waiting.is_empty() {
            figures.push((Importance::Extra, muted(format!("{} more to come", self.sampling.waiting.len()))));
        }
        figures
    }
}

/// Returns spans as a line with safe texts.
fn made_safe(spans: Vec<Span<'static>>) -> Line<'static> {
    let safe = |span: Span<'static>| Span::styled(SafeText::new(&span.content).to_string(), span.style);
    Line::from(spans.into_iter().map(safe).collect::<Vec<_>>())
}

/// Returns the last line of a text that is wrapped at words, made safe: it grows to its end and begins anew, so that it
/// can be read while the text grows.
fn end_of(text: &str, columns: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let safe = SafeText::new(&words).to_string();
    wrap(&safe, columns.max(1)).pop().unwrap_or_default().trim().to_owned()
}

/// Returns a duration in whole seconds below two minutes, else in its largest fitting unit.
fn rounded(left: Duration) -> String {
    match left.as_secs() {
        seconds @ 0..120 => format!("{} s", (seconds + u64::from(left.subsec_nanos() > 0)).max(1)),
        _ => duration(left),
    }
}

/// Returns why a run is slower than it could be.
fn reason(slowdown: Slowdown) -> String {
    match slowdown {
        Slowdown::AskedToWait(left) => {
            format!("the provider asks to wait {} s", left.as_secs_f64().ceil())
        }
        Slowdown::Limited { at_once } => format!("the provider limits us: {at_once} at once"),
        Slowdown::SendingAgain => "a request failed and is sent again".to_owned(),
    }
}

/// Returns ` 7/50`, as wide as `50/50`, so that what follows does not move.
fn done_of(done: u32, all: u32) -> String {
    let all = all.to_string();
    format!("{done:>0$}/{all}", all.len())
}

#[cfg(test)]
mod tests;
