use super::super::request_worker::Place;
use super::*;

const SOON: Duration = Duration::from_secs(1);

fn ended(end: End) -> RequestReport {
    RequestReport { end, ..RequestReport::default() }
}

fn failed(error: GeneratorError) -> RequestReport {
    ended(End::Failed(error))
}

fn scraps(reasons: &[&str]) -> RequestReport {
    RequestReport { reasons: reasons.iter().map(ToString::to_string).collect(), ..RequestReport::default() }
}

fn rows() -> RequestReport {
    RequestReport { came: 1, ..RequestReport::default() }
}

fn rejected(words: &str) -> RequestReport {
    failed(GeneratorError::Rejected { provider: "openai".into(), status: 400, words: words.into() })
}

fn flagged() -> RequestReport {
    failed(GeneratorError::Flagged { provider: "openai".into(), words: String::new() })
}

fn server_failed(sent: u64) -> RequestReport {
    let (provider, words) = ("openai".into(), String::new());
    let error = GeneratorError::ServerFailed { provider, status: 503, retry_after: None, words };
    RequestReport { sent: Duration::from_secs(sent), ..failed(error) }
}

fn broken(attempt: u32) -> RequestReport {
    let error = GeneratorError::Broken { provider: "openai".into(), source: "cut".into() };
    RequestReport { place: Place { attempt, ..Place::default() }, is_accepted: true, ..failed(error) }
}

/// Returns how many of these requests are counted until the run ends, and why it does.
fn until_the_end(
    streaks: &mut Streaks,
    reports: impl Iterator<Item = RequestReport>,
) -> Option<(usize, String)> {
    reports.take(100).enumerate().find_map(|(at, report)| match streaks.after(&report, SOON) {
        Next::End(reason) => Some((at + 1, reason)),
        Next::GoOn | Next::Again => None,
    })
}

#[test]
fn the_same_refusal_ends_the_run_at_the_third_whatever_ids_it_carries() {
    let reports = (0..).map(|id| rejected(&format!("The field is not known (request id r{id}).")));
    let (count, reason) = until_the_end(&mut Streaks::new(true), reports).unwrap();
    assert_eq!(count, 3);
    assert!(
        reason.starts_with("3 requests in a row brought no valid row, for the same reason: openai"),
        "{reason}"
    );
}

#[test]
fn replies_without_a_row_end_it_at_the_third_only_where_no_row_ever_came() {
    let useless = || std::iter::repeat_with(|| scraps(&["No JSON."]));
    let (count, reason) = until_the_end(&mut Streaks::new(false), useless()).unwrap();
    assert_eq!((count, reason.ends_with("for the same reason: No JSON.")), (3, true), "{reason}");
    let (count, reason) = until_the_end(&mut Streaks::new(true), useless()).unwrap();
    assert_eq!(count, 8);
    assert_eq!(reason, "8 requests in a row brought no valid row. Most often: No JSON.");
}

#[test]
fn other_reasons_each_time_end_it_at_the_eighth_with_the_most_frequent_one() {
    let reports =
        (0..).map(|n| if n % 2 == 0 { scraps(&["No JSON.", "No JSON."]) } else { scraps(&["Empty."]) });
    let (count, reason) = until_the_end(&mut Streaks::new(false), reports).unwrap();
    assert_eq!((count, reason.ends_with("Most often: No JSON.")), (8, true), "{reason}");
}

#[test]
fn a_row_in_between_begins_every_count_anew() {
    let mut streaks = Streaks::new(false);
    for _ in 0..20 {
        for report in [rejected("No."), rejected("No."), flagged(), flagged(), broken(1), server_failed(2)] {
            assert!(!matches!(streaks.after(&report, SOON), Next::End(_)));
        }
        assert!(streaks.is_careful());
        assert_eq!(streaks.after(&rows(), SOON), Next::GoOn);
        assert!(!streaks.is_careful());
    }
}

#[test]
fn texts_that_are_refused_are_not_sent_again_and_end_it_at_the_eighth() {
    let mut streaks = Streaks::new(false);
    assert_eq!(streaks.after(&flagged(), SOON), Next::GoOn);
    assert!(!streaks.is_careful(), "one refused text says nothing of the others");
    assert_eq!(until_the_end(&mut streaks, std::iter::repeat_with(flagged)).unwrap().0, 7);
}

#[test]
fn a_broken_reply_is_asked_for_once_more_and_three_in_a_row_end_the_run() {
    let mut streaks = Streaks::new(true);
    let mut after = |sent, attempt, now| {
        let report = RequestReport { sent: Duration::from_secs(sent), ..broken(attempt) };
        streaks.after(&report, Duration::from_secs(now))
    };
    assert_eq!(after(0, 0, 1), Next::Again);
    // Those that were under way with it are the same burst.
    (0..9).for_each(|_| assert_eq!(after(0, 0, 1), Next::Again));
    assert_eq!(after(1, 1, 2), Next::GoOn);
    assert!(matches!(after(2, 0, 3), Next::End(_)));
}

#[test]
fn a_connection_that_ends_before_any_reply_is_waited_out() {
    let mut streaks = Streaks::new(false);
    let unheard = || RequestReport { is_accepted: false, ..broken(0) };
    for sent in 0..5 {
        let report = RequestReport { sent: Duration::from_secs(2 * sent + 2), ..unheard() };
        assert_eq!(streaks.after(&report, report.sent + SOON), Next::Again);
    }
    assert_eq!(streaks.passing(), 5);
}

#[test]
fn a_failing_server_is_tried_eight_times_one_after_another() {
    let mut streaks = Streaks::new(true);
    // A burst of requests that were under way together is one failure.
    for _ in 0..50 {
        assert_eq!(streaks.after(&server_failed(0), SOON), Next::Again);
    }
    assert_eq!(streaks.passing(), 1);
    let probes = (2..).map(server_failed);
    let ends = probes.enumerate().find_map(|(at, report)| {
        let now = report.sent + SOON;
        let Next::End(reason) = streaks.after(&report, now) else { return None };
        Some((at + 1, reason))
    });
    let (count, reason) = ends.unwrap();
    assert_eq!(count, 8);
    assert!(reason.contains("503") && reason.contains("--resume"), "{reason}");
}

#[test]
fn a_request_that_fails_while_others_get_through_is_given_up() {
    let mut streaks = Streaks::new(true);
    let tries = (0..100).take_while(|attempt| {
        streaks.row_came();
        let place = Place { attempt: *attempt, ..Place::default() };
        streaks.after(&RequestReport { place, ..server_failed(1) }, SOON) == Next::Again
    });
    assert_eq!(tries.count(), 5);
}

#[test]
fn a_wait_that_is_too_long_ends_the_run_and_names_how_it_goes_on() {
    let limited = |minutes: u64| {
        let retry_after = Some(Duration::from_secs(minutes * 60));
        failed(GeneratorError::RateLimited { provider: "openai".into(), retry_after, words: String::new() })
    };
    assert_eq!(Streaks::new(false).after(&limited(14), SOON), Next::Again);
    let Next::End(reason) = Streaks::new(false).after(&limited(127), SOON) else { panic!("it waits") };
    assert!(reason.contains("2 h 7 min") && reason.contains("--resume"), "{reason}");
}

#[test]
fn what_every_request_would_meet_ends_it_at_once_also_after_rows() {
    let errors = || {
        [
            GeneratorError::WrongAddress("Nothing is there.".into()),
            GeneratorError::DailyLimit { provider: "x".into(), retry_after: None, words: String::new() },
            GeneratorError::Unreachable { url: "http://x".into(), source: "refused".into() },
        ]
    };
    for error in errors() {
        let said = error.to_string();
        let report = RequestReport { came: 0, ..failed(error) };
        assert_eq!(Streaks::new(true).after(&report, SOON), Next::End(said));
    }
    let mut streaks = Streaks::new(false);
    streaks.answered();
    let [.., away] = errors();
    assert_eq!(streaks.after(&failed(away), SOON), Next::Again, "a server may come back");
}
