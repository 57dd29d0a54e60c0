use super::*;
use crate::app::sampling::EndedRun;
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
        requests: 9,
        under_way: 4,
        cost: None,
        failed: 0,
        heard: 0,
        writing: None,
    };
    let stage = JobStage::Sampling(progress);
    let mut sampling = Sampling::default();
    sampling.jobs.push(RunningJob { id: JobId(1), kind: JobKind::Sample, wanted: Wanted::Rows(50), stage });
    sampling
}

fn line(columns: u16, sampling: &Sampling, notice: Option<(Severity, &str)>) -> String {
    let theme = Theme::mono();
    let notice = notice.map(|(severity, text)| Notice { severity, text: text.to_owned() });
    let notice = notice.as_ref();
    let status = Status {
        theme: &theme,
        sampling,
        notice,
        fresh: 12,
        hidden: 0,
        more: "g r",
        with_tail: true,
        is_finding: false,
    };
    text_of(&drawn(&theme, columns, 1, status))
}

#[test]
fn a_run_that_waits_for_its_first_row_says_what_is_under_way_and_for_how_long() {
    let mut sampling = sampling();
    let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!() };
    (progress.done, progress.rows_per_second, progress.seconds_left) = (0, 0.0, None);

    let shown = line(100, &sampling, None);

    assert!(shown.contains("0/50") && shown.contains("4 requests under way · 8 s"), "{shown}");
    let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!() };
    progress.heard = 1250;
    let shown = line(100, &sampling, None);
    assert!(shown.contains("4 requests under way · 8 s · 1.2 kB of replies"), "{shown}");
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
fn the_end_of_a_growing_reply_stands_behind_the_figures_and_never_obeys_it() {
    let mut sampling = sampling();
    let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!("it is sampling") };
    let text = "Well,\nso how would I\u{1b}[2J leave?".to_owned();
    progress.writing = Some(Writing { thinking: true, text });

    assert!(
        !line(160, &sampling, None).contains("thinking"),
        "rows come fast enough to be watched themselves"
    );
    let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!("it is sampling") };
    progress.rows_per_second = 0.07;
    let wide = line(160, &sampling, None);
    assert!(wide.contains(" · 4.2 rows/min · "), "{wide}");
    assert!(wide.contains(" · 12 new · thinking … Well, so how would I␛[2J leave?"), "{wide}");
    let narrow = line(60, &sampling, None);
    assert!(
        narrow.ends_with("24/50 · 12 new · thinking … leave?"),
        "it grows to the end of a line: {narrow}"
    );
    let told = line(100, &sampling, Some((Severity::Info, "It was saved.")));
    assert!(!told.contains("thinking"), "{told}");
}

#[test]
fn failed_requests_are_counted_while_the_run_goes_on() {
    let mut sampling = sampling();
    let JobStage::Sampling(progress) = &mut sampling.jobs[0].stage else { panic!("it is sampling") };
    progress.failed = 3;

    assert!(line(100, &sampling, None).contains(" · 3 failed"));
    assert!(line(40, &sampling, None).contains(" · 3 failed"), "the narrowest form too");
}

#[test]
fn a_run_that_left_failures_says_so_until_somebody_looks() {
    let said = ["9 requests failed, all with motive = a threat: It was refused", "9 requests failed"];
    let ended = EndedRun { rows: 30, requested: 30, said: said.map(str::to_owned).to_vec() };
    let mut sampling = Sampling::default();
    sampling.ended = Some(ended);

    assert_eq!(
        line(160, &sampling, None),
        " 12 new rows · 30 of 30 rows · 9 requests failed, all with motive = a threat: It was refused · g r shows \
         more · next: 20 rows · offline · T 1.0"
    );
    assert_eq!(line(62, &sampling, None), " 12 new · 30 of 30 rows · 9 requests failed · g r shows more");
    assert_eq!(line(40, &sampling, None), " 9 requests failed · g r shows more");
}

#[test]
fn new_rows_that_the_filter_hides_are_said() {
    let theme = Theme::mono();
    let idle = Sampling::default();
    let line = |columns, fresh, hidden| {
        let (sampling, notice) = (&idle, None);
        let more = "g r";
        let status = Status {
            theme: &theme,
            sampling,
            notice,
            fresh,
            hidden,
            more,
            with_tail: false,
            is_finding: false,
        };
        text_of(&drawn(&theme, columns, 1, status))
    };
    let next = "next: 20 rows · offline · T 1.0";
    assert_eq!(line(90, 6, 4), format!(" 6 new rows, 4 hidden by the filter · {next}"));
    assert_eq!(line(60, 6, 4), format!(" 6 new, 4 hidden · {next}"));
    assert_eq!(line(90, 1, 3), format!(" 1 new row, 1 hidden by the filter · {next}"));
}

#[test]
fn a_notice_stands_beside_the_run() {
    let shown = line(100, &sampling(), Some((Severity::Error, "The decision was not saved.")));

    assert!(shown.contains("sampling 24/50") && shown.ends_with("! The decision was not saved."), "{shown}");
}

#[test]
fn without_work_the_line_says_what_comes_next() {
    let idle = Sampling::default();

    assert_eq!(line(60, &idle, None), " 12 new rows · next: 20 rows · offline · T 1.0");
    assert_eq!(
        line(64, &idle, Some((Severity::Info, "Undone: accept\u{1b}."))),
        " Undone: accept␛.      12 new · next: 20 rows · offline · T 1.0"
    );
    let long = "A notice that needs the whole line for itself, and more than that.";
    assert_eq!(line(40, &idle, Some((Severity::Info, long))).chars().count(), 39);
}
