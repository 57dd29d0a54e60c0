//! What is worth knowing of a run, as lines of text; the window draws them and scrolling counts them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::{FailureGroup, Projection, Run, RunStatus, dollars, requests_failed};
use crate::text::thousands;
use crate::text::time::duration;

/// The columns that the names of facts take.
pub(crate) const FACT_NAMES: u16 = 13;

/// One line of the report, before it is wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReportLine {
    /// An empty line.
    Blank,
    /// The title of what follows.
    Heading(&'static str),
    /// A name and what it is.
    Fact(&'static str, String),
    /// A sentence that matters.
    Sentence(String),
    /// More about the sentence before it.
    More(String),
}

/// Returns the report of a run: its figures, then remarks, then failed requests by reason and variable.
#[must_use]
pub(crate) fn run_report(run: &Run, shown: &Projection) -> Vec<ReportLine> {
    use ReportLine::{Blank, Heading, More, Sentence};
    let mut lines = facts(run, shown);
    if !run.remarks.is_empty() {
        lines.extend([Blank, Heading("remarks")]);
        lines.extend(run.remarks.iter().cloned().map(Sentence));
    }
    if !run.failures.is_empty() {
        let varied = shown.varied(run.number);
        let are_stopped = run.failures.iter().all(FailureGroup::is_stopped);
        lines.extend([Blank, Heading(if are_stopped { "stopped requests" } else { "failed requests" })]);
        for (place, group) in by_count(run).into_iter().enumerate() {
            lines.extend((place > 0).then_some(Blank));
            lines.push(Sentence(group.in_words(&varied)));
            lines.extend((!group.is_stopped()).then(|| More(group.reason.clone())));
            lines.extend(group.spread(&varied).into_iter().map(More));
        }
    }
    lines
}

fn facts(run: &Run, shown: &Projection) -> Vec<ReportLine> {
    use ReportLine::Fact;
    let mut lines = vec![Fact("rows", rows(run))];
    if let Some(version) = shown.version(run.version) {
        lines.push(Fact("prompt", format!("{}@v{} · label {}", version.name, version.number, run.label)));
    }
    let made = &run.generator;
    let asked: Vec<&str> = [Some(&made.provider), made.model.as_ref(), made.base_url.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    lines.push(Fact("generator", asked.join(" · ")));
    let answered = shown.requests_of(run.number).filter_map(|request| request.answered_by.clone());
    let is_other = |name: &Arc<str>| Some(&**name) != made.model.as_deref();
    let answered: BTreeSet<Arc<str>> = answered.filter(is_other).collect();
    if !answered.is_empty() {
        lines.push(Fact("answered by", answered.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")));
    }
    lines.push(Fact("requests", requests(run)));
    if !run.used().is_nothing() {
        lines.push(Fact("tokens", tokens(run)));
    }
    if let Some(cost) = run.cost_usd.filter(|cost| *cost > 0.0) {
        lines.push(Fact("cost", dollars(cost)));
    }
    if let Some(seconds) = run.seconds().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) {
        lines.push(Fact("time", duration(seconds)));
    }
    lines.push(Fact("status", status(&run.status)));
    lines
}

fn requests(run: &Run) -> String {
    let stopped = run.failures.iter().filter(|group| group.is_stopped()).map(|group| group.count).sum();
    let mut requests = run.requests.to_string();
    for (count, what) in [(run.failed.saturating_sub(stopped), "failed"), (stopped, "stopped")] {
        if count > 0 {
            requests = format!("{requests} · {count} {what}");
        }
    }
    requests
}

fn rows(run: &Run) -> String {
    let mut rows = format!("{} of {}", run.rows, run.requested);
    for (count, what) in
        [(run.flagged, "flagged"), (run.scraps, if run.scraps == 1 { "scrap" } else { "scraps" })]
    {
        if count > 0 {
            rows = format!("{rows} · {count} {what}");
        }
    }
    rows
}

/// Returns the tokens, with those that were estimated apart: nobody counted them.
fn tokens(run: &Run) -> String {
    let sum = |tokens: crate::domain::Tokens| {
        format!("{} in · {} out", thousands(tokens.input), thousands(tokens.output))
    };
    match (run.tokens.is_nothing(), run.estimated.is_nothing()) {
        (_, true) => sum(run.tokens),
        (true, false) => format!("about {}, estimated: the server counted none", sum(run.estimated)),
        (false, false) => {
            format!("{} · and about {} more, estimated", sum(run.tokens), thousands(run.estimated.total()))
        }
    }
}

fn status(status: &RunStatus) -> String {
    match (status, status.reason()) {
        (_, Some(reason)) => format!("{}: {reason}", status.name()),
        (RunStatus::Stopped { .. }, None) => "stopped by a person".to_owned(),
        (RunStatus::Waiting, None) => "waiting for the results of its batch".to_owned(),
        _ => status.name().to_owned(),
    }
}

/// Returns the reasons, the most frequent first.
fn by_count(run: &Run) -> Vec<&FailureGroup> {
    let mut groups: Vec<_> = run.failures.iter().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

/// Returns a sentence without its full stop, for the middle of a line.
fn clause(reason: &str) -> &str {
    reason.trim_end_matches('.')
}

/// Returns what the status line says of a run that left failures or remarks, from the longest to the
/// shortest form; empty where it left none.
#[must_use]
pub(crate) fn run_summary(run: &Run, shown: &Projection) -> Vec<String> {
    let mut forms = match by_count(run).as_slice() {
        [] => vec![],
        [only] => {
            let words = only.in_words(&shown.varied(run.number));
            if only.is_stopped() {
                vec![words]
            } else {
                vec![format!("{words}: {}", clause(&only.reason)), words, requests_failed(run.failed)]
            }
        }
        [most, ..] => {
            let words = format!("{} for {} reasons", requests_failed(run.failed), run.failures.len());
            let first = most.in_words(&shown.varied(run.number));
            vec![format!("{words}; {first}: {}", clause(&most.reason)), words, requests_failed(run.failed)]
        }
    };
    let remarks = match run.remarks.len() {
        0 => return forms,
        1 => "1 remark".to_owned(),
        count => format!("{count} remarks"),
    };
    if forms.is_empty() {
        return vec![remarks];
    }
    let mut with_remarks: Vec<_> = forms.iter().map(|form| format!("{form} · {remarks}")).collect();
    with_remarks.extend(forms.pop());
    with_remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{RunNumber, Tokens};

    const STOPPED: &str = "It was stopped.";

    fn run(story: &Story) -> Run {
        story.projection.run(RunNumber(1)).unwrap().clone()
    }

    fn fact(run: &Run, story: &Story, name: &str) -> Option<String> {
        run_report(run, &story.projection).into_iter().find_map(|line| match line {
            ReportLine::Fact(known, text) if known == name => Some(text),
            _ => None,
        })
    }

    #[test]
    fn a_run_without_trouble_has_figures_only() {
        let story = Story::with_rows(2);
        let run = run(&story);

        assert!(run_summary(&run, &story.projection).is_empty());
        let report = run_report(&run, &story.projection);
        assert!(report.iter().all(|line| matches!(line, ReportLine::Fact(..))), "{report:?}");
        assert_eq!(fact(&run, &story, "rows").as_deref(), Some("2 of 2"));
        assert_eq!(fact(&run, &story, "prompt").as_deref(), Some("main@v1 · label spam"));
        assert_eq!(fact(&run, &story, "tokens").as_deref(), Some("10 in · 20 out"));
        assert_eq!(fact(&run, &story, "status").as_deref(), Some("done"));
    }

    #[test]
    fn tokens_that_nobody_counted_are_called_estimates() {
        let story = Story::with_rows(1);
        let mut run = run(&story);
        run.estimated = Tokens { input: 1_000, output: 500 };
        assert_eq!(fact(&run, &story, "tokens").unwrap(), "10 in · 20 out · and about 1,500 more, estimated");
        run.tokens = Tokens::default();
        assert_eq!(
            fact(&run, &story, "tokens").unwrap(),
            "about 1,000 in · 500 out, estimated: the server counted none"
        );
    }

    #[test]
    fn failures_are_told_by_reason_and_by_variable() {
        let mut story = Story::with_rows(1);
        story.failed_requests("It was refused.", &["bank", "bank"], &[]);
        let words = "2 requests failed";
        let summary = |story: &Story| run_summary(&run(story), &story.projection);
        assert_eq!(summary(&story)[1], words, "no request had another topic");

        story.failed_requests("It broke off.", &["prize"], &["Another model answered."]);
        let report = run_report(&run(&story), &story.projection);
        let at = |text: &str| {
            let line = ReportLine::Sentence(text.into());
            report.iter().position(|known| *known == line).unwrap_or_else(|| panic!("{report:?}"))
        };
        let (refused, broke) =
            (at("2 requests failed, all with topic = bank"), at("1 request failed, with topic = prize"));
        assert!(at("Another model answered.") < refused && refused < broke, "the most first");
        assert_eq!(report[refused + 1], ReportLine::More("It was refused.".into()));
        assert_eq!(summary(&story)[1], "3 requests failed for 2 reasons · 1 remark");
        assert_eq!(summary(&story).last().unwrap(), "3 requests failed");

        story.failed_requests("It was refused.", &["prize"], &[]);
        let report = run_report(&run(&story), &story.projection);
        assert!(report.contains(&ReportLine::More("topic: bank 2, prize 1".into())), "{report:?}");
    }

    #[test]
    fn requests_that_a_person_stopped_did_not_fail() {
        let mut story = Story::with_rows(1);
        story.failed_requests(STOPPED, &["bank", "bank"], &[]);
        let mut stopped = run(&story);
        stopped.failed = 2;
        let requests = fact(&stopped, &story, "requests").unwrap();
        assert!(requests.ends_with(" · 2 stopped"), "{requests}");
        assert_eq!(run_summary(&stopped, &story.projection), ["2 requests stopped"]);
        let report = run_report(&stopped, &story.projection);
        assert!(report.contains(&ReportLine::Heading("stopped requests")), "{report:?}");
        assert!(!report.contains(&ReportLine::More(STOPPED.into())), "{report:?}");
    }

    #[test]
    fn another_model_that_answered_is_named() {
        let mut story = Story::default();
        story.version("words");
        story.sampled_by("openai", Some("small"), &["a"]);
        let run = run(&story);
        assert_eq!(fact(&run, &story, "generator").as_deref(), Some("openai · small"));
        assert_eq!(fact(&run, &story, "answered by"), None);
        story.answered_by(crate::domain::RequestNumber(0), "large");
        assert_eq!(fact(&run, &story, "answered by").as_deref(), Some("large"));
    }
}
