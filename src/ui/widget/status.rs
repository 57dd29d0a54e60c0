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
use crate::domain::{RunProgress, Slowdown};
use crate::text::thousands;
use crate::text::time::duration;
use crate::ui::canvas::{counted, fitting, line_width, outside, put, put_right};
use crate::ui::theme::{Slot, Theme};

/// The content of the status line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Status<'a> {
    pub(crate) theme: &'a Theme,
    /// Runs and other jobs.
    pub(crate) sampling: &'a Sampling,
    pub(crate) notice: Option<&'a Notice>,
    /// Number of rows that nobody has looked at.
    pub(crate) fresh: usize,
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

impl Widget for Status<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let room = usize::from(area.width).saturating_sub(2);
        let notice = self.notice.map(|notice| self.notice(notice));
        let columns = area.width.saturating_sub(1);
        let end = area.right().saturating_sub(1);
        match (self.work(), notice) {
            (Some(work), None) => {
                put(buf, area.x, area.y, columns, &fitting(work, room));
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
                let next = self.next();
                if usize::from(end.saturating_sub(start + 3)) >= line_width(&next) {
                    put_right(buf, end, area.y, columns, &next);
                }
            }
            (None, None) => {
                put(buf, area.x + 1, area.y, columns.saturating_sub(1), &self.next());
            }
        }
    }
}

impl Status<'_> {
    fn notice<'n>(&self, notice: &'n Notice) -> Line<'n> {
        let slot = match notice.severity {
            Severity::Info => Slot::Notice,
            Severity::Error => Slot::Error,
        };
        let mut spans = vec![];
        if notice.severity == Severity::Error {
            // The sign marks an error where there are no colours.
            spans.push(Span::styled("! ", self.theme[slot]));
        }
        spans.push(outside(&notice.text, self.theme[slot]));
        Line::from(spans)
    }

    fn next(&self) -> Line<'static> {
        let mut spans = vec![];
        if self.fresh > 0 {
            spans.extend([self.news(), Span::styled(" · ", self.theme[Slot::Muted])]);
        }
        let next = self.sampling.next_line();
        spans.push(Span::styled(
            outside(&next, self.theme[Slot::Muted]).content.into_owned(),
            self.theme[Slot::Muted],
        ));
        Line::from(spans)
    }

    fn news(&self) -> Span<'static> {
        Span::styled(format!("{} new", thousands(self.fresh as u64)), self.theme[Slot::Notice])
    }

    /// Returns what is in progress, the longest form first.
    fn work(&self) -> Option<Vec<Line<'static>>> {
        if let Some(run) = self.sampling.run() {
            return Some(self.run(run));
        }
        let word = match self.sampling.jobs.first().map(|job| job.kind) {
            Some(JobKind::Export) => "exporting",
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
                Span::styled(format!("{}/{}", progress.done, progress.requested), self.theme[Slot::Figure]),
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
        if progress.rows_per_second > 0.0 {
            figures.push((Importance::Useful, muted(format!("{:.1} rows/s", progress.rows_per_second))));
        } else if progress.under_way > 0 {
            let requests = counted(progress.under_way.into(), "request");
            let waited = rounded(progress.elapsed);
            figures.push((Importance::Useful, muted(format!("{requests} under way · {waited}"))));
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
        if let Some(slowdown) = progress.slowdown {
            figures.push((Importance::Needed, Span::styled(reason(slowdown), self.theme[Slot::Notice])));
        }
        if self.fresh > 0 {
            figures.push((Importance::Needed, self.news()));
        }
        if !self.sampling.waiting.is_empty() {
            figures.push((Importance::Extra, muted(format!("{} more to come", self.sampling.waiting.len()))));
        }
        figures
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{JobId, RunNumber, Tokens};
    use crate::ui::testing::{drawn, text_of};

    fn sampling() -> Sampling {
        let progress = RunProgress {
            run: RunNumber(12),
            done: 24,
            requested: 50,
            rows_per_second: 3.1,
            tokens: Tokens { input: 700, output: 500 },
            seconds_left: Some(8.2),
            slowdown: None,
            elapsed: Duration::from_secs(8),
            under_way: 4,
            cost: None,
            failed: 0,
            writing: None,
        };
        let stage = JobStage::Sampling(progress);
        let mut sampling = Sampling::default();
        sampling.jobs.push(RunningJob {
            id: JobId(1),
            kind: JobKind::Sample,
            wanted: Wanted::Rows(50),
            stage,
        });
        sampling
    }

    fn line(columns: u16, sampling: &Sampling, notice: Option<(Severity, &str)>) -> String {
        let theme = Theme::mono();
        let notice = notice.map(|(severity, text)| Notice { severity, text: text.to_owned() });
        let notice = notice.as_ref();
        let status = Status { theme: &theme, sampling, notice, fresh: 12, is_finding: false };
        text_of(&drawn(&theme, columns, 1, status))
    }

    #[test]
    fn a_run_that_waits_for_its_first_row_says_what_is_under_way_and_for_how_long() {
        let mut sampling = sampling();
        let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!() };
        (progress.done, progress.rows_per_second, progress.seconds_left) = (0, 0.0, None);

        let shown = line(100, &sampling, None);

        assert!(shown.contains("0/50") && shown.contains("4 requests under way · 8 s"), "{shown}");
    }

    #[test]
    fn a_run_shows_how_far_it_is() {
        assert_eq!(
            line(120, &sampling(), None),
            " ⠹ sampling 24/50 ▕███████▋        ▏ · 3.1 rows/s · 1.2k tokens · 9 s left · 12 new"
        );
        assert_eq!(
            line(70, &sampling(), None),
            " ⠹ sampling 24/50 · 3.1 rows/s · 1.2k tokens · 9 s left · 12 new"
        );
        assert_eq!(line(60, &sampling(), None), " ⠹ 24/50 · 3.1 rows/s · 9 s left · 12 new");
    }

    #[test]
    fn a_remark_of_the_provider_and_the_cost_stand_among_the_figures() {
        let mut sampling = sampling();
        let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!("not sampling") };
        progress.slowdown = Some(Slowdown::AskedToWait(Duration::from_secs(3)));
        progress.cost = Some(0.0034);
        assert_eq!(
            line(120, &sampling, None),
            " ⠹ sampling 24/50 · 3.1 rows/s · 1.2k tokens · $0.0034 · 9 s left · the provider asks to wait 3 s · 12 new"
        );
        assert_eq!(line(80, &sampling, None), " ⠹ 24/50 · $0.0034 · the provider asks to wait 3 s · 12 new");
    }

    #[test]
    fn a_run_that_has_not_reported_says_what_is_wanted() {
        let mut sampling = sampling();
        sampling.jobs[0].stage = JobStage::Starting;
        assert_eq!(line(60, &sampling, None), " ⠋ sampling 50 rows …");
        sampling.jobs[0].wanted = Wanted::Rest(RunNumber(12));
        assert_eq!(line(60, &sampling, None), " ⠋ going on with run 12 …");
    }

    #[test]
    fn a_notice_stands_beside_the_run() {
        let shown = line(100, &sampling(), Some((Severity::Error, "The decision was not saved.")));

        assert!(
            shown.contains("sampling 24/50") && shown.ends_with("! The decision was not saved."),
            "{shown}"
        );
    }

    #[test]
    fn without_work_the_line_says_what_comes_next() {
        let idle = Sampling::default();

        assert_eq!(line(60, &idle, None), " 12 new · next: 20 rows · offline · T 1.0");
        assert_eq!(
            line(64, &idle, Some((Severity::Info, "Undone: accept\u{1b}."))),
            " Undone: accept␛.      12 new · next: 20 rows · offline · T 1.0"
        );
        let long = "A notice that needs the whole line for itself, and more than that.";
        assert_eq!(line(40, &idle, Some((Severity::Info, long))).chars().count(), 39);
    }
}
