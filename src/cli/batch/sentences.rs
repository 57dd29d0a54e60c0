//! What is said of a batch.

use crate::domain::{BatchState, BatchTarget, FailureGroup, Run, RunStatus, compact, dollars};
use crate::engine::batch::{ReadReport, Written};
use crate::text::{counted, shell_word, thousands};

/// What a batch is priced at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priced {
    /// Half the list price.
    Half,
    /// The prices of the person's settings or profile, for a service that bills batches at half of its own.
    Own,
    /// What is known of the model.
    Known,
    /// The prices that the run began with.
    Before,
}

/// Returns what was written, what it costs, and what to do now.
pub(super) fn of_written(written: &Written, priced: Priced, session: &str, folder: &str) -> Vec<String> {
    let Written { run, to, requests, rows, files, tokens, cost, model } = written;
    let at = match priced {
        Priced::Half => " (half the list price, at which the service bills batches)",
        Priced::Own => " (at your own prices, taken as they are)",
        Priced::Before => " (at the prices that the run began with)",
        Priced::Known => "",
    };
    let price = match cost {
        Some(cost) if *cost > 0.0 => {
            let about = if *cost < 0.000_1 { "" } else { "about " };
            format!("{about}{}{at}", dollars(*cost))
        }
        Some(_) => "nothing to pay for tokens".to_owned(),
        None => "the price is not known".to_owned(),
    };
    let mut said = vec![
        format!(
            "Run {run}: {} for {} in {} under {folder}.",
            counted(*requests, "request"),
            counted(*rows, "row"),
            counted(files.len() as u64, "file"),
        ),
        format!(
            "About {} tokens of messages and {} of replies: {price}. Nothing was sent.",
            compact(tokens.input),
            compact(tokens.output)
        ),
    ];
    let first = files.first().map_or("", String::as_str);
    let path = |name: &str| shell_word(&format!("{}/{name}", folder.trim_end_matches('/')));
    let (folder, session) = (shell_word(folder), shell_word(session));
    said.push(match to {
        BatchTarget::Vllm => format!(
            "Now: `vllm run-batch -i {} -o {} --model {}`, for each file.",
            path(first),
            path(&first.replace("requests", "results")),
            shell_word(model)
        ),
        BatchTarget::Ray => format!("Now: `python {} --url ADDRESS` or `--engine MODEL`.", path("run.py")),
        BatchTarget::OpenAi => {
            "Now: upload each file with the purpose `batch`, and make a batch of it.".to_owned()
        }
        BatchTarget::Anthropic => "Now: post each file to `/v1/messages/batches` as it is.".to_owned(),
    });
    let results = if *to == BatchTarget::Ray { folder } else { "FILE".to_owned() };
    said.push(format!("Then: `rowsmith batch read {session} {results}`. docs/batch.md shows the whole way."));
    said
}

/// Returns what became of the results that were given.
pub(super) fn of_read(report: &ReadReport) -> Vec<String> {
    let results = counted(report.results, "result");
    let scraps = match report.scraps {
        0 => String::new(),
        scraps => format!(" and {}", counted(scraps, "scrap")),
    };
    let (taken, rows) = (thousands(report.taken), counted(report.rows, "row"));
    let mut said = vec![format!("{results}: {taken} taken in, with {rows}{scraps}.")];
    said.extend(of_left_out(report));
    said.extend(of_not_taken(report));
    for FailureGroup { reason, count, .. } in &report.failures {
        said.push(format!("{} × {reason}", thousands((*count).into())));
    }
    said.extend(report.junk.first.iter().map(|line| format!("{line}.")));
    let more = report.junk.count - report.junk.first.len() as u64;
    if more > 0 {
        said.push(format!("{} more cannot be read.", counted(more, "line")));
    }
    if report.stopped {
        said.push("It was stopped; what was taken in is saved, and reading again goes on.".into());
    }
    said
}

/// Returns the words for one, or for several.
const fn by(count: u64, one: &'static str, several: &'static str) -> &'static str {
    if count == 1 { one } else { several }
}

/// Returns what nobody has to do anything about.
fn of_left_out(report: &ReadReport) -> Vec<String> {
    let ReadReport { again, failed_again, beyond, requests, .. } = *report;
    let told = [
        (
            again,
            "result",
            by(again, "was read before, and is left out", "were read before, and are left out"),
        ),
        (
            failed_again,
            "result",
            by(
                failed_again,
                "is of a request that failed before, too",
                "are of requests that failed before, too",
            ),
        ),
        (
            beyond,
            "row",
            by(
                beyond,
                "came beyond those asked for, and is left out",
                "came beyond those asked for, and are left out",
            ),
        ),
        (requests, "line", by(requests, "is a request, not a result", "are requests, not results")),
    ];
    let told = told.into_iter().filter(|(count, ..)| *count > 0);
    told.map(|(count, what, words)| format!("{} {words}.", counted(count, what))).collect()
}

/// Returns what was not taken, and why.
fn of_not_taken(report: &ReadReport) -> Vec<String> {
    let ReadReport { changed, foreign, unknown, .. } = report;
    let mut said = Vec::new();
    if *changed > 0 {
        let (results, answer) =
            (counted(*changed, "result"), by(*changed, "answers a request", "answer requests"));
        said.push(format!(
            "{results} {answer} that the session would not send so any more: its dataset, fields, examples or labels \
             have changed since. Nothing of that was taken; put back what changed, and read again."
        ));
    }
    if let Some(first) = foreign.first.first() {
        let (results, are) = (counted(foreign.count, "result"), by(foreign.count, "is", "are"));
        said.push(format!("{results} {are} of another session or store, and not taken, such as `{first}`."));
    }
    if unknown.count > 0 {
        let has = by(
            unknown.count,
            "has an id that no batch of this session has, and was",
            "have an id that no batch of this session has, and were",
        );
        let end = if unknown.count > unknown.first.len() as u64 { " …" } else { "." };
        let (results, ids) = (counted(unknown.count, "result"), unknown.first.join("`, `"));
        said.push(format!("{results} {has} not taken: `{ids}`{end}"));
    }
    said
}

/// Returns how far a batch is, and how what is missing is asked for.
pub(super) fn of_state(run: &Run, state: &BatchState, session: &str) -> String {
    let number = run.number;
    let rows = format!("{} of {} rows", thousands(run.rows.into()), thousands(run.requested.into()));
    let usage = run.usage();
    let usage = if usage.is_nothing() { String::new() } else { format!(" · {usage}") };
    let to = run.batch.map_or("", BatchTarget::name);
    let answered = thousands(state.answered() as u64);
    let begins = format!("Run {number} ({to}, {}): {rows} · {answered} answered", run.status.name());
    if run.status != RunStatus::Waiting {
        return format!("{begins}{usage}.");
    }
    let failed = match state.failed() {
        0 => String::new(),
        failed => format!(" · {} failed", thousands(failed as u64)),
    };
    let missing = counted(state.missing().len() as u64, "request");
    let session = shell_word(session);
    format!(
        "{begins}{failed} · {missing} missing{usage}. `rowsmith batch write {session} --missing --run {number} --out DIR` \
         writes what is missing."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{RunNumber, Tokens};

    fn written(to: BatchTarget, cost: Option<f64>) -> Written {
        Written {
            run: RunNumber(3),
            to,
            requests: 1_000,
            rows: 5_000,
            files: vec!["requests-0001.jsonl".into()],
            tokens: Tokens { input: 312_000, output: 300_000 },
            cost,
            model: "a model".into(),
        }
    }

    #[test]
    fn what_was_written_is_told_with_its_cost_and_the_next_step() {
        let said_of = |to, cost, priced, session: &str, folder: &str| {
            of_written(&written(to, cost), priced, session, folder).join("\n")
        };
        let said = said_of(BatchTarget::Vllm, None, Priced::Known, "my session", "out dir");
        assert!(said.starts_with("Run 3: 1,000 requests for 5,000 rows in 1 file under out dir."), "{said}");
        assert!(said.contains("the price is not known") && said.contains("Nothing was sent"), "{said}");
        assert!(
            said.contains(
                "`vllm run-batch -i 'out dir/requests-0001.jsonl' -o 'out dir/results-0001.jsonl' --model 'a model'`"
            ),
            "{said}"
        );
        assert!(said.contains("`rowsmith batch read 'my session' FILE`"), "{said}");
        for (priced, at) in [
            (Priced::Half, "half the list price, at which the service bills batches"),
            (Priced::Own, "at your own prices, taken as they are"),
            (Priced::Before, "at the prices that the run began with"),
        ] {
            let said = said_of(BatchTarget::OpenAi, Some(1.5), priced, "s", "o");
            assert!(said.contains(&format!("about $1.50 ({at}). Nothing was sent.")), "{said}");
        }
        let said = said_of(BatchTarget::Ray, Some(0.000_01), Priced::Known, "s", "o");
        assert!(said.contains("replies: under $0.0001."), "{said}");
        let said = said_of(BatchTarget::Ray, Some(0.0), Priced::Known, "s", "o");
        assert!(said.contains("nothing to pay") && said.contains("`rowsmith batch read s o`"), "{said}");
    }

    #[test]
    fn each_kind_of_line_that_was_not_taken_is_told() {
        let mut report = ReadReport {
            results: 10,
            taken: 2,
            rows: 9,
            again: 3,
            failed_again: 1,
            changed: 1,
            ..ReadReport::default()
        };
        let expired = "The batch expired before it was sent.";
        report.failures.push(FailureGroup { reason: expired.into(), count: 4, ..FailureGroup::default() });
        report.junk.count = 7;
        report.junk.first = vec!["Line 9 of a.jsonl ends in the middle".into()];
        let said = of_read(&report);

        assert_eq!(said[0], "10 results: 2 taken in, with 9 rows.");
        assert_eq!(said[1], "3 results were read before, and are left out.");
        assert_eq!(said[2], "1 result is of a request that failed before, too.");
        assert!(
            said[3].starts_with("1 result answers a request that the session would not send"),
            "{said:?}"
        );
        assert_eq!(
            said[4..],
            [
                "4 × The batch expired before it was sent.",
                "Line 9 of a.jsonl ends in the middle.",
                "6 lines more cannot be read.",
            ]
        );
    }
}
