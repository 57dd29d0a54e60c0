//! What is said of a batch.

use crate::domain::{BatchState, BatchTarget, Run, RunStatus, compact, dollars};
use crate::engine::batch::{ReadReport, Written};
use crate::text::{counted, shell_word, thousands};

/// Returns what was written, what it costs, and what to do now.
pub(super) fn of_written(written: &Written, session: &str, folder: &str) -> Vec<String> {
    let Written { run, to, requests, rows, files, tokens, cost, model } = written;
    let half = if to.is_half_price() { " (services bill batches at half the list price)" } else { "" };
    let price = match cost {
        Some(cost) if *cost > 0.0 => format!("about {}{half}", dollars(*cost)),
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
    let mut said = vec![format!(
        "{results}: {} taken in, with {}{}.",
        thousands(report.taken),
        counted(report.rows, "row"),
        if report.scraps > 0 { format!(" and {}", counted(report.scraps, "scrap")) } else { String::new() }
    )];
    let mut add = |count: u64, words: &dyn Fn(&str) -> String| {
        if count > 0 {
            said.push(words(&thousands(count)));
        }
    };
    add(report.again, &|count| format!("{count} were read before, and are left out."));
    add(report.beyond, &|count| format!("{count} rows came beyond those asked for, and are left out."));
    add(report.requests, &|count| format!("{count} lines are requests, not results."));
    add(report.changed, &|count| {
        format!(
            "{count} answer requests that the session would not send so any more: its dataset, fields, examples or \
             labels have changed since. They were not taken; put back what changed, and read again."
        )
    });
    let foreign = &report.foreign;
    add(foreign.count, &|count| {
        format!(
            "{count} are of another session or store, and were not taken, such as `{}`.",
            foreign.first.first().map_or("", String::as_str)
        )
    });
    let unknown = &report.unknown;
    add(unknown.count, &|count| {
        format!(
            "{count} have an id that no batch of this session has, and were not taken: `{}`{}",
            unknown.first.join("`, `"),
            if unknown.count > unknown.first.len() as u64 { " …" } else { "." }
        )
    });
    for (reason, count) in &report.failures {
        said.push(format!("{} × {reason}", thousands(*count)));
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
        let said = of_written(&written(BatchTarget::Vllm, None), "my session", "out dir").join("\n");
        assert!(said.starts_with("Run 3: 1,000 requests for 5,000 rows in 1 file under out dir."), "{said}");
        assert!(said.contains("the price is not known") && said.contains("Nothing was sent"), "{said}");
        assert!(
            said.contains(
                "`vllm run-batch -i 'out dir/requests-0001.jsonl' -o 'out dir/results-0001.jsonl' --model 'a model'`"
            ),
            "{said}"
        );
        assert!(said.contains("`rowsmith batch read 'my session' FILE`"), "{said}");
        let said = of_written(&written(BatchTarget::OpenAi, Some(1.5)), "s", "o").join("\n");
        assert!(said.contains("about $1.50 (services bill batches at half the list price)"), "{said}");
        let said = of_written(&written(BatchTarget::Ray, Some(0.0)), "s", "o").join("\n");
        assert!(said.contains("nothing to pay") && said.contains("`rowsmith batch read s o`"), "{said}");
    }

    #[test]
    fn each_kind_of_line_that_was_not_taken_is_told() {
        let mut report =
            ReadReport { results: 10, taken: 2, rows: 9, again: 3, changed: 1, ..ReadReport::default() };
        report.failures.insert("The batch expired before it was sent.".into(), 4);
        report.junk.count = 7;
        report.junk.first = vec!["Line 9 of a.jsonl ends in the middle".into()];
        let said = of_read(&report);

        assert_eq!(said[0], "10 results: 2 taken in, with 9 rows.");
        assert_eq!(said[1], "3 were read before, and are left out.");
        assert!(said[2].starts_with("1 answer requests that the session would not send"), "{said:?}");
        assert_eq!(
            said[3..],
            [
                "4 × The batch expired before it was sent.",
                "Line 9 of a.jsonl ends in the middle.",
                "6 lines more cannot be read.",
            ]
        );
    }
}
