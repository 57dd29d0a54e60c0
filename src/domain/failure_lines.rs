//! The failed requests of a run in words, for the command line and the screen alike.

use std::collections::BTreeMap;

use super::failure::{STOPPED, requests_failed};
use super::{FailureGroup, Projection, Run};

/// How many requests of a run had which value of which variable.
type Values = BTreeMap<String, BTreeMap<String, u32>>;

/// Returns a sentence for each reason why requests of a run failed, the first reason first:
/// `9 of 39 requests failed, all with motive = a threat: openai refused …`, and one for each value with which
/// none passed. Reads every request of the session where some failed.
#[must_use]
pub(crate) fn failure_lines(run: &Run, projection: &Projection) -> Vec<String> {
    if run.failures.is_empty() {
        return Vec::new();
    }
    let asked = values_asked(run, projection);
    // What was cut because the run ended has not failed by itself, and why the run ended is said with its status.
    let is_news = |group: &&FailureGroup| {
        let is_said = run.status.reason().is_some_and(|reason| reason.contains(&group.reason));
        group.reason != STOPPED && (!is_said || group.count < run.failed)
    };
    let reasons = run.failures.iter().filter(is_news);
    let reasons = reasons.map(|group| reason_line(run, group, &asked));
    reasons.chain(hopeless_lines(run, &asked)).collect()
}

fn reason_line(run: &Run, group: &FailureGroup, asked: &Values) -> String {
    let all = requests_failed(run.requests.max(run.failed));
    let shared = group.shared_in_words(|name| asked.get(name).is_some_and(|asked| asked.len() > 1));
    let shared = match group.count {
        2.. if !shared.is_empty() => format!(", all with {shared}"),
        _ => String::new(),
    };
    format!("{} of {all}{shared}: {}", group.count, group.reason)
}

/// Returns a sentence for each value with which several requests were sent and none passed, while others did.
fn hopeless_lines(run: &Run, asked: &Values) -> Vec<String> {
    let mut failed = Values::new();
    for (name, values) in
        run.failures.iter().filter(|group| group.reason != STOPPED).flat_map(|group| &group.values)
    {
        for (value, count) in values {
            *failed.entry(name.clone()).or_default().entry(value.clone()).or_default() += count;
        }
    }
    let mut lines = Vec::new();
    for (name, values) in &failed {
        let Some(asked) = asked.get(name) else { continue };
        let is_hopeless = |(value, count): &(&String, &u32)| {
            **count > 1 && asked.get(*value).is_some_and(|all| all <= count)
        };
        let hopeless: Vec<_> = values.iter().filter(is_hopeless).collect();
        if hopeless.len() < asked.len() {
            lines.extend(hopeless.iter().map(|(value, count)| {
                format!(
                    "All {count} requests with {name} = {value} failed; write the value or the prompt otherwise, or \
                     take it out."
                )
            }));
        }
    }
    lines
}

fn values_asked(run: &Run, projection: &Projection) -> Values {
    let mut asked = Values::new();
    for request in projection.requests_of(run.number) {
        for (name, value) in request.variables.iter() {
            *asked.entry(name.clone()).or_default().entry(value.clone()).or_default() += 1;
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Event, Request, RequestNumber, RunNumber, Stored, Tokens};

    /// A run whose requests have these values of `motive`, each with why it failed.
    fn lines(requests: &[(&str, Option<&str>)]) -> Vec<String> {
        let mut story = Story::with_rows(1);
        let first = u32::try_from(story.projection.request_count()).unwrap();
        for (number, (motive, error)) in (first..).map(RequestNumber).zip(requests) {
            let request = Request {
                number,
                run: RunNumber(1),
                index: number.0,
                seed: 1,
                variables: Arc::new(BTreeMap::from([("motive".to_owned(), (*motive).to_owned())])),
                examples: Vec::new(),
                answered_by: None,
                seconds: None,
                key: String::new(),
            };
            story.add(Event::RequestBegan { request, messages: Stored::Inline("[]".into()) });
            story.add(Event::RequestEnded {
                run: RunNumber(1),
                request: number,
                reply: None,
                tokens: Tokens::default(),
                estimated: Tokens::default(),
                answered_by: None,
                remarks: vec![],
                seconds: 1.0,
                error: error.map(str::to_owned),
                cut_off: false,
                sent: 1,
            });
        }
        let run = story.projection.run(RunNumber(1)).unwrap();
        failure_lines(run, &story.projection)
    }

    #[test]
    fn a_value_that_all_failures_share_is_named_and_that_none_passed_with_it() {
        let refused = Some("It was filtered.");
        assert_eq!(
            lines(&[("a threat", refused), ("a move", None), ("a threat", refused)]),
            [
                "2 of 4 requests failed, all with motive = a threat: It was filtered.",
                "All 2 requests with motive = a threat failed; write the value or the prompt otherwise, or take it out."
            ]
        );
        assert_eq!(
            lines(&[("a threat", refused), ("a threat", None), ("a threat", refused), ("a move", None)]),
            ["2 of 5 requests failed, all with motive = a threat: It was filtered."]
        );
    }

    #[test]
    fn values_that_explain_nothing_are_not_named() {
        let gone = Some("The server is gone.");
        let said = "1 of 3 requests failed: The server is gone.";
        assert_eq!(lines(&[("a threat", gone), ("a move", None)]), [said]);
        assert_eq!(
            lines(&[("a move", gone), ("a move", gone)]),
            ["2 of 3 requests failed: The server is gone."]
        );
        let both = lines(&[("a threat", gone), ("a move", gone), ("a threat", gone), ("a move", gone)]);
        assert_eq!(both, ["4 of 5 requests failed: The server is gone."]);
        assert!(lines(&[("a move", None)]).is_empty());
    }

    #[test]
    fn each_reason_has_its_line() {
        let said = lines(&[("a", Some("It was filtered.")), ("b", Some("It was cut.")), ("c", None)]);
        assert_eq!(said, ["1 of 4 requests failed: It was filtered.", "1 of 4 requests failed: It was cut."]);
    }
}
