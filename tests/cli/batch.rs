//! Batches: requests written to files, answered by a function, and read back.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use rowsmith::api::SplitMix64;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::home::{Done, Home, text, texts};

pub(crate) const MODEL: [&str; 4] = ["--provider", "openai", "--model", "small-model"];

pub(crate) fn with<'a>(args: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [args, more].concat()
}

pub(crate) fn requests(folder: &Path) -> Vec<Value> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let lines = names.iter().filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    lines
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
        })
        .collect()
}

/// Returns the place of a request in its run.
fn index(id: &str) -> usize {
    id.split('-').nth(2).unwrap().parse().unwrap()
}

/// Returns how many rows a request asks for.
fn wanted(id: &str) -> usize {
    id.split('-').nth(3).unwrap().parse().unwrap()
}

/// Returns the texts that answer a request: others for each.
fn answers(id: &str) -> Vec<String> {
    let words = ["lamp", "river", "window", "garden", "letter", "winter", "bridge", "morning"];
    let row = |row: usize| {
        let at = index(id);
        let word = |by: usize| words[(at / by + row) % words.len()];
        format!(
            "Please end my contract {at}-{row} for the {} and the {} near {}.",
            word(1),
            word(8),
            word(64)
        )
    };
    (0..wanted(id)).map(row).collect()
}

fn reply(id: &str) -> String {
    let rows: Vec<_> = answers(id).into_iter().map(|text| json!({ "text": text })).collect();
    json!({ "rows": rows }).to_string()
}

fn body(id: &str) -> Value {
    json!({ "id": "chatcmpl-1", "object": "chat.completion", "model": "small-model",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": reply(id) }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140 } })
}

pub(crate) fn answered(id: &str) -> Value {
    json!({ "id": "batch_req_1", "custom_id": id, "error": null,
        "response": { "status_code": 200, "request_id": "req_1", "body": body(id) } })
}

fn failed(id: &str) -> Value {
    json!({ "id": "batch_req_2", "custom_id": id, "response": null,
        "error": { "code": "batch_expired", "message": "This request could not be executed in time." } })
}

/// Returns texts or values as lines of a file.
pub(crate) fn joined(lines: &[impl ToString]) -> String {
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

fn shuffled(mut lines: Vec<Value>, seed: u64) -> String {
    let mut random = SplitMix64::new(seed);
    for at in (1..lines.len()).rev() {
        lines.swap(at, random.below(at + 1));
    }
    joined(&lines)
}

pub(crate) fn status(home: &Home) -> Value {
    let mut lines = home.lines(&["batch", "status", "small", "--json"]);
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

pub(crate) fn written(home: &Home, rows: &str, out: &str) -> Done {
    home.ok(&with(&["batch", "write", "small", "-n", rows, "--to", "openai", "--out", out], &MODEL))
}

#[test]
fn a_thousand_requests_come_home_out_of_order_and_each_row_once() {
    let home = Home::new();
    home.small_session();
    let order = [
        "batch",
        "write",
        "small",
        "-n",
        "2000",
        "--rows-per-request",
        "2",
        "--to",
        "openai",
        "--out",
        "out",
    ];
    let done = home.ok(&with(&with(&order, &MODEL), &["--json"]));
    assert_eq!((&done.json()["requests"], &done.json()["rows"]), (&json!(1000), &json!(2000)), "{done:?}");
    assert_eq!(text(&home.lines(&["runs", "small", "--json"])[0], "status"), "waiting");
    let asked = requests(&home.path().join("out"));
    let by_id: HashMap<String, &Value> =
        asked.iter().map(|line| (text(line, "custom_id").to_owned(), line)).collect();
    assert_eq!((asked.len(), by_id.len()), (1000, 1000));

    // Three of a hundred fail, and two are not there.
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for id in by_id.keys() {
        match index(id) % 100 {
            7 | 40 | 77 => bad.push(failed(id)),
            11 | 50 => {}
            _ => good.push(answered(id)),
        }
    }
    let half = good.split_off(475);
    home.write("results/a.jsonl", shuffled(good, 1));
    home.write("results/b.jsonl", shuffled(half, 2));
    home.write("errors.jsonl", shuffled(bad, 3));
    let read = home.ok(&["batch", "read", "small", "errors.jsonl", "results"]);
    assert!(read.said.contains("980 results: 950 taken in, with 1,900 rows."), "{read:?}");
    assert!(read.said.contains("30 × The batch expired before it was sent."), "{read:?}");
    let half_way = status(&home);
    assert_eq!(text(&half_way, "status"), "waiting");
    let figures = |status: &Value| {
        ["rows", "answered", "unanswered_failures", "missing_requests", "failed"]
            .map(|name| status[name].clone())
    };
    assert_eq!(figures(&half_way), [1900, 950, 30, 50, 30].map(|figure| json!(figure)));

    let more = home.ok(&["batch", "write", "small", "--missing", "--out", "more", "--json"]);
    assert_eq!(more.json()["requests"], 50);
    let again = requests(&home.path().join("more"));
    for line in &again {
        assert_eq!(by_id.get(text(line, "custom_id")), Some(&line), "the same request, byte for byte");
    }
    let rest = again.iter().map(|line| answered(text(line, "custom_id"))).collect();
    home.write("rest.jsonl", shuffled(rest, 4));
    home.ok(&["batch", "read", "small", "rest.jsonl"]);

    let complete = status(&home);
    assert_eq!(text(&complete, "status"), "done");
    assert_eq!(figures(&complete), [2000, 1000, 0, 0, 30].map(|figure| json!(figure)));
    let rows = home.lines(&["rows", "small", "--json"]);
    let expected: BTreeSet<String> = by_id.keys().flat_map(|id| answers(id)).collect();
    let came = texts(&rows);
    assert_eq!((came.len(), expected.len()), (2000, 2000));
    assert_eq!(came.into_iter().collect::<BTreeSet<_>>(), expected);
    assert_eq!(complete["tokens"], json!({ "input": 100_000, "output": 40_000 }));

    for _ in 0..2 {
        let read = home.ok(&["batch", "read", "small", "results", "errors.jsonl", "rest.jsonl"]);
        assert!(read.said.contains("1,030 results: 0 taken in, with 0 rows."), "{read:?}");
        assert!(read.said.contains("1,030 results were read before"), "{read:?}");
    }
    assert_eq!(home.lines(&["rows", "small", "--json"]), rows);
    assert_eq!(status(&home), complete);
    assert_eq!(home.run(&["batch", "write", "small", "--missing", "--out", "none"]).code, 2);
    assert!(!home.path().join("none").exists());
}

#[test]
fn a_batch_of_anthropic_is_one_body_and_its_results_are_read() {
    let home = Home::new();
    home.small_session();
    let order = [
        "batch",
        "write",
        "small",
        "-n",
        "20",
        "--rows-per-request",
        "5",
        "--out",
        "out",
        "--to",
        "anthropic",
    ];
    home.ok(&with(&order, &["--provider", "anthropic", "--model", "claude"]));
    let body: Value =
        serde_json::from_slice(&std::fs::read(home.path().join("out/requests-0001.json")).unwrap()).unwrap();
    let ids: Vec<_> =
        body["requests"].as_array().unwrap().iter().map(|line| text(line, "custom_id")).collect();
    assert_eq!(ids.len(), 4);
    assert!(body["requests"][0]["params"]["max_tokens"].as_u64().unwrap() > 0);
    assert!(body["requests"][0]["params"].get("stream").is_none());
    let message = json!({ "type": "message", "role": "assistant", "model": "claude", "stop_reason": "end_turn",
        "content": [{ "type": "thinking", "thinking": "hm" }, { "type": "text", "text": reply(ids[0]) }],
        "usage": { "input_tokens": 10, "output_tokens": 4 } });
    let results = [
        json!({ "custom_id": ids[3], "result": { "type": "expired" } }),
        json!({ "custom_id": ids[1], "result": { "type": "errored",
            "error": { "type": "error", "error": { "type": "invalid_request_error", "message": "Too odd." } } } }),
        json!({ "custom_id": ids[0], "result": { "type": "succeeded", "message": message } }),
    ];
    let lines = joined(&results);
    home.write("results.jsonl", lines);

    let read = home.ok(&["batch", "read", "small", "results.jsonl"]);

    assert!(read.said.contains("3 results: 1 taken in, with 5 rows."), "{read:?}");
    assert!(read.said.contains("Too odd") && read.said.contains("1 × The batch expired"), "{read:?}");
    let figures = status(&home);
    assert_eq!((&figures["answered"], &figures["missing_requests"]), (&json!(1), &json!(3)));
    assert_eq!(text(&figures, "to"), "anthropic");
}

#[test]
fn what_is_no_result_of_this_session_is_told_and_not_taken() {
    let (home, other) = (Home::new(), Home::new());
    home.small_session();
    other.small_session();
    written(&home, "30", "out");
    written(&other, "30", "out");
    let id = |home: &Home, at: usize| text(&requests(&home.path().join("out"))[at], "custom_id").to_owned();
    let (own, foreign) = (id(&home, 0), id(&other, 0));
    let mut unknown = answered(&own);
    unknown["custom_id"] = json!("request-1");
    let forged = own.replace(own.split('-').nth(4).unwrap(), "0123456789ab");
    let lines = [answered(&foreign), unknown, answered(&forged), answered(&own)];
    let mut text = joined(&lines);
    text += "{\"custom_id\":\"";
    home.write("results.jsonl", text);

    let read = home.run(&["batch", "read", "small", "results.jsonl", "out/requests-0001.jsonl"]);

    assert_eq!(read.code, 1, "{read:?}");
    for said in [
        "1 taken in",
        "1 result is of another session or store",
        "1 result has an id that no batch of this session has",
        "1 result answers a request that the session would not send so any more",
        "Line 5 of results.jsonl ends in the middle, where the file ends",
        "lines are requests, not results",
    ] {
        assert!(read.said.contains(said), "{said}: {read:?}");
    }
}

#[test]
fn a_dataset_that_changed_since_keeps_results_out() {
    let home = Home::new();
    home.small_session();
    written(&home, "30", "out");
    let answers: Vec<_> =
        requests(&home.path().join("out")).iter().map(|line| answered(text(line, "custom_id"))).collect();
    let lines = joined(&answers);
    home.write("results.jsonl", lines);
    let before = std::fs::read_to_string(home.path().join("small.csv")).unwrap();
    // So many that some are drawn as examples.
    let more: String = joined(
        &(0..8).map(|day| format!("I leave on day {day} and want the last bill,leave")).collect::<Vec<_>>(),
    );
    home.write("small.csv", before.clone() + &more);

    let read = home.run(&["batch", "read", "small", "results.jsonl"]);
    assert_eq!(read.code, 1);
    assert!(read.said.contains("its dataset, fields, examples or labels have changed since"), "{read:?}");
    assert!(home.lines(&["rows", "small", "--json"]).is_empty());

    home.write("small.csv", before);
    home.ok(&["batch", "read", "small", "results.jsonl"]);
    assert_eq!(home.lines(&["rows", "small", "--json"]).len(), 30);
}

#[test]
fn what_cannot_be_written_leaves_nothing_and_a_key_is_in_no_file() {
    let home = Home::new();
    home.small_session();
    let order = ["batch", "write", "small", "-n", "30", "--to", "vllm", "--out", "out"];
    let refused = home.run(&order);
    assert_eq!(refused.code, 2);
    assert!(refused.said.contains("The provider offline asks no model"), "{refused:?}");
    let wrong = home.run(&with(&order, &["--provider", "anthropic", "--model", "m"]));
    assert!(wrong.code == 2 && wrong.said.contains("takes chat completions"), "{wrong:?}");
    home.write("out/mine.txt", "a person's");
    let there = home.run(&with(&with(&order, &MODEL), &["--force"]));
    assert!(there.code == 2 && there.said.contains("no folder of a batch"), "{there:?}");
    assert!(home.lines(&["runs", "small", "--json"]).is_empty());

    std::fs::remove_dir_all(home.path().join("out")).unwrap();
    let mut keyed = home.command(&with(&with(&["--offline"], &order), &MODEL));
    keyed.env("OPENAI_API_KEY", "sk-very-secret");
    let done = Done::of(keyed.output().unwrap());
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.said.contains("vllm run-batch -i out/requests-0001.jsonl"), "{done:?}");
    for entry in std::fs::read_dir(home.path().join("out")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("secret"));
    }
    let again = home.run(&with(&order, &MODEL));
    assert!(again.code == 2 && again.said.contains("`--force` replaces"), "{again:?}");
    assert_eq!(home.lines(&["runs", "small", "--json"]).len(), 1);
    let resumed = home.run(&["sample", "small", "--resume"]);
    assert_eq!(resumed.code, 2, "a batch that waits is no run to go on with: {resumed:?}");
}

#[test]
fn what_a_reply_falls_short_of_is_asked_by_further_requests() {
    let home = Home::new();
    home.small_session();
    let order =
        ["batch", "write", "small", "-n", "10", "--rows-per-request", "5", "--to", "ray", "--out", "out"];
    home.ok(&with(&order, &MODEL));
    for name in ["run.py", "README.md", "batch.json"] {
        assert!(home.path().join("out").join(name).is_file(), "{name}");
    }
    let asked = requests(&home.path().join("out/requests"));
    let short = |id: &str| {
        let mut line = answered(id);
        line["response"]["body"]["choices"][0]["message"]["content"] = json!("I cannot write that.");
        line
    };
    let lines = [answered(text(&asked[0], "custom_id")), short(text(&asked[1], "custom_id"))];
    home.write("out/results/r.jsonl", joined(&lines));

    home.ok(&["batch", "read", "small", "out"]);
    home.ok(&["batch", "read", "small", "out"]);
    let figures = status(&home);
    assert_eq!((&figures["answered"], &figures["missing_requests"]), (&json!(2), &json!(1)), "{figures}");
    assert_eq!((&figures["rows"], &figures["requests"]), (&json!(5), &json!(2)));

    home.ok(&["batch", "write", "small", "--missing", "--out", "more"]);
    let more = requests(&home.path().join("more/requests"));
    assert_eq!(more.iter().map(|line| index(text(line, "custom_id"))).collect::<Vec<_>>(), [2]);
    home.write("more.jsonl", format!("{}\n", answered(text(&more[0], "custom_id"))));
    home.ok(&["batch", "read", "small", "more.jsonl"]);
    let figures = status(&home);
    assert_eq!((text(&figures, "status"), &figures["rows"]), ("done", &json!(10)), "{figures}");
}

/// Starts a command and interrupts it once it works.
fn interrupted(home: &Home, args: &[&str]) -> Done {
    let child = home.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let catches = |child: &Child| {
        let said = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let mask = said.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim().to_owned();
        u64::from_str_radix(&mask, 16).unwrap() & 2 != 0
    };
    while !catches(&child) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    Done::of(child.wait_with_output().unwrap())
}

#[test]
fn an_interrupt_while_writing_leaves_nothing() {
    let home = Home::new();
    home.small_session();
    let order = ["batch", "write", "small", "-n", "500000", "--to", "openai", "--out", "out"];

    let done = interrupted(&home, &with(&order, &MODEL));

    assert_eq!(done.code, 130, "{done:?}");
    assert!(done.said.contains("It was stopped; nothing was written."), "{done:?}");
    let names: Vec<_> =
        std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| name != "out" && !name.to_string_lossy().contains("tmp")), "{names:?}");
    assert!(home.lines(&["runs", "small", "--json"]).is_empty());
}

#[test]
fn an_interrupt_while_reading_keeps_what_was_taken_in_and_reading_again_goes_on() {
    let home = Home::new();
    home.small_session();
    let order = [
        "batch",
        "write",
        "small",
        "-n",
        "2000",
        "--rows-per-request",
        "1",
        "--to",
        "openai",
        "--out",
        "out",
    ];
    home.ok(&with(&order, &MODEL));
    let ids: Vec<_> =
        requests(&home.path().join("out")).iter().map(|line| text(line, "custom_id").to_owned()).collect();
    home.write("results.jsonl", joined(&ids.iter().map(|id| answered(id)).collect::<Vec<_>>()));

    let done = interrupted(&home, &["batch", "read", "small", "results.jsonl"]);

    assert_eq!(done.code, 130, "{done:?}");
    assert!(done.said.contains("reading again goes on"), "{done:?}");
    let before = status(&home);
    assert_eq!(text(&before, "status"), "waiting");
    assert_eq!(before["rows"], before["answered"], "no answer without its row");
    home.ok(&["batch", "read", "small", "results.jsonl"]);
    let rows = texts(&home.lines(&["rows", "small", "--json"]));
    assert_eq!((rows.len(), rows.into_iter().collect::<BTreeSet<_>>().len()), (2000, 2000));
    assert_eq!(text(&status(&home), "status"), "done");
}

#[test]
fn answers_in_odd_shapes_are_read_and_a_list_of_operations_tells_a_batch() {
    let home = Home::new();
    home.small_session();
    written(&home, "30", "out");
    let ids: Vec<_> =
        requests(&home.path().join("out")).iter().map(|line| text(line, "custom_id").to_owned()).collect();
    let mut empty = answered(&ids[1]);
    empty["response"]["body"]["choices"] = json!([]);
    let mut refusal = answered(&ids[2]);
    refusal["response"]["body"]["choices"][0]["message"] =
        json!({ "role": "assistant", "content": null, "refusal": "I will not." });
    let mut thinking = answered(&ids[3]);
    let words = format!("<think>{{\"rows\":[]}} hm</think>{}", reply(&ids[3]));
    thinking["response"]["body"]["choices"][0]["message"]["content"] = json!(words);
    let lines = joined(&[answered(&ids[0]), empty, refusal, thinking]).replace('\n', "\r\n");
    home.write("results.jsonl", format!("\u{feff}{lines}"));

    let read = home.ok(&["batch", "read", "small", "results.jsonl"]);

    assert!(read.said.contains("4 results: 4 taken in, with 10 rows"), "{read:?}");
    let figures = status(&home);
    assert_eq!(figures["tokens"], json!({ "input": 400, "output": 160 }), "what came to nothing cost too");
    let again = home.ok(&["batch", "read", "small", "results.jsonl"]);
    assert!(again.said.contains("4 results were read before"), "{again:?}");
    std::fs::write(home.path().join("packed.jsonl"), b"\x1f\x8b\x08\0").unwrap();
    let packed = home.run(&["batch", "read", "small", "packed.jsonl"]);
    assert!(packed.code == 2 && packed.said.contains("unpack it with `gunzip`"), "{packed:?}");
    let log = home.ok(&["log", "small"]);
    assert!(log.out.contains("sample run 1 (a batch)  10 rows"), "{log:?}");
}
