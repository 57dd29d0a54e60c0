//! Each kind of reply that servers were seen to send, through the real binary: what came of a run of six rows.
//!
//! The inputs, and what is right for a person, are in `specs/`; `benches/replies.py` reads the same files.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::home::{Done, Home, texts};
use crate::rules::Ruled;

/// How long a run may take.
const LONGEST: Duration = Duration::from_secs(12);

/// Makes a test for each file, and one that no file was forgotten.
macro_rules! specs {
    ($($name:ident)+) => {
        $(#[test] fn $name() { check(stringify!($name)); })+

        #[test]
        fn each_file_has_its_test() {
            let folder = std::fs::read_dir(folder()).unwrap();
            let names = folder.map(|file| file.unwrap().file_name().into_string().unwrap());
            let mut names: Vec<_> = names.filter_map(|name| Some(name.strip_suffix(".json")?.to_owned())).collect();
            names.sort();
            let mut tests = [$(stringify!($name)),+];
            tests.sort_unstable();
            assert_eq!(names, tests);
        }
    };
}

specs! {
    address_answers_with_an_error_and_200
    address_of_the_endpoint
    address_with_a_query
    address_without_v1
    another_model_answers
    answer_in_a_tool_call_streamed
    answer_in_a_tool_call_whole
    answer_in_the_reasoning_streamed
    answer_in_the_reasoning_whole
    blanks_without_end
    blanks_without_end_in_a_text
    complaints_are_no_refusals
    dated_name_is_the_same_model
    error_within_a_choice
    filter_ends_a_reply_without_text
    filter_refuses_one_value
    flagged_input_is_no_bad_key
    grammar_is_too_much
    invalid_json_always
    invalid_json_in_one_of_two_replies
    key_twice_in_an_object
    limit_of_the_day_in_words
    limit_of_the_day_with_a_short_pause
    max_completion_tokens_is_refused
    max_tokens_is_refused
    no_key_at_a_gateway
    overflow_without_a_word
    prompt_was_cut
    schema_has_too_many_states
    seed_is_refused_by_a_gateway
    stream_called_json
    stream_called_text
    stream_instead_of_a_whole_reply
    stream_options_are_refused
    stream_without_a_header
    temperature_is_refused
    thinking_in_a_pair_of_tags
    thinking_in_channels
    thinking_in_channels_without_marks
    thinking_in_tags_of_another_spelling
    thinking_tags_in_a_row
    thinking_takes_every_token
    thinking_with_the_end_tag_alone
    thinking_without_an_end_tag
    wait_in_words
    whole_reply_called_a_stream
    whole_reply_called_text
    wrong_key_at_a_gateway
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies/specs")
}

/// Everything that a person and a program see of a run.
struct Outcome {
    done: Done,
    sample: Value,
    run: Value,
    rows: Vec<Value>,
    /// What is printed: standard error, and the run with its scraps.
    shown: String,
    /// The sentences alone.
    sentences: Vec<String>,
}

/// Samples six rows from the server of a file, and compares all that came with what the file expects.
fn check(name: &str) {
    let spec: Value =
        serde_json::from_slice(&std::fs::read(folder().join(name).with_extension("json")).unwrap()).unwrap();
    let served = Ruled::start(&spec["rules"]);
    let outcome = sample(&spec, &served);
    let expect = &spec["expect"];
    let story = format!(
        "{name}: {}\nrequests: {}\nstandard error: {}\n{}\nsentences: {:#?}",
        spec["what"],
        served.server.requests().len(),
        outcome.done.said,
        outcome.sample,
        outcome.sentences
    );
    hold_rows(expect, &outcome, &served, &story);
    hold_counts(expect, &outcome, &served, &story);
    hold_words(expect, &outcome, &story);
    hold_failures(expect, &outcome, &served, &story);
}

fn hold_rows(expect: &Value, outcome: &Outcome, served: &Ruled, story: &str) {
    let wanted = usize::try_from(expect["rows"].as_u64().unwrap_or(6)).unwrap();
    let (mut kept, mut given) = (texts(&outcome.rows), served.given());
    given.extend(words(&expect["texts"]));
    kept.sort();
    given.sort();
    for text in &kept {
        assert!(given.contains(text), "no row: {text}\n{story}");
    }
    assert!(kept.windows(2).all(|two| two[0] != two[1]), "a row twice\n{story}");
    assert_eq!(kept.len(), wanted, "rows\n{story}");
    assert!(kept.len() == 6 || kept == given, "a row was lost: {given:#?}\n{story}");
    let model = expect["answered_by"].as_str().unwrap_or("m");
    for row in &outcome.rows {
        assert_eq!(row["generator"]["model"], "m", "{story}");
        let answered_by = &row["generator"]["answered_by"];
        // An error names no model.
        let is_unnamed = expect["unnamed"] == true && answered_by.is_null();
        assert!(is_unnamed || answered_by == model, "answered by {answered_by}\n{story}");
        let flags = row["flags"].as_array().unwrap();
        assert!(flags.iter().all(|flag| flag["kind"] != "refusal"), "{row}\n{story}");
    }
}

fn hold_counts(expect: &Value, outcome: &Outcome, served: &Ruled, story: &str) {
    let seen = served.server.seen();
    let most = usize::try_from(expect["requests"].as_u64().unwrap_or(3)).unwrap();
    assert!(seen.requests.len() <= most, "more than {most} requests\n{story}");
    let tokens = &outcome.sample["tokens"];
    let counted = (tokens["input"].as_u64().unwrap(), tokens["output"].as_u64().unwrap());
    assert_eq!(counted, seen.tokens, "tokens\n{story}");
    let estimated = outcome.sample.get("estimated_tokens").is_some();
    // A request that was under way when another one ended the run may have been cut, or not.
    if expect["estimated"] != "perhaps" {
        assert_eq!(estimated, expect["estimated"] == true, "estimated tokens\n{story}");
    }
    if expect["stopped_early"] == true {
        assert_eq!(seen.answered, 0, "a reply was read to its end\n{story}");
    }
    let (status, may) = (words(&outcome.sample["status"]), words(&expect["status"]));
    assert!(may.contains(&status[0]) || may.is_empty() && status[0] == "done", "status\n{story}");
    let least = expect["seconds"].as_f64().unwrap_or(0.0);
    assert!(outcome.sample["seconds"].as_f64().unwrap() >= least, "it did not wait\n{story}");
    let is_done = outcome.sample["status"] == "done";
    assert_eq!(outcome.done.code, i32::from(!is_done), "exit code\n{story}");
}

fn hold_words(expect: &Value, outcome: &Outcome, story: &str) {
    let (shown, sentences) = (outcome.shown.to_lowercase(), outcome.sentences.join("\n").to_lowercase());
    for spellings in expect["said"].as_array().into_iter().flatten() {
        let any = |text: &str| words(spellings).iter().any(|word| text.contains(&word.to_lowercase()));
        assert!(any(&sentences), "no sentence says any of {spellings}\n{story}");
        assert!(any(&shown), "nothing shown says any of {spellings}\n{story}\n{shown}");
    }
    for word in words(&expect["unsaid"]) {
        assert!(!sentences.contains(&word.to_lowercase()), "{word} is said\n{story}");
    }
    for word in words(&expect["once"]) {
        let remarks = words(&outcome.run["remarks"]);
        let times = remarks.iter().filter(|remark| remark.contains(&word)).count();
        assert_eq!(times, 1, "remarks with {word}\n{story}");
    }
    if let Some(most) = expect["remarks"].as_u64() {
        assert_eq!(words(&outcome.run["remarks"]).len() as u64, most, "remarks\n{story}");
    }
    assert!(shown.len() < 6_000, "{} bytes are shown\n{story}", shown.len());
}

fn hold_failures(expect: &Value, outcome: &Outcome, served: &Ruled, story: &str) {
    let Some(values) = expect["all_failed_with"].as_object() else { return };
    let refused = served.used(0);
    assert!(refused > 0, "nothing was refused\n{story}");
    let failures = outcome.run["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1, "{failures:#?}\n{story}");
    assert_eq!(failures[0]["count"], refused, "{story}");
    for (name, value) in values {
        for word in [name, value.as_str().unwrap()] {
            assert!(outcome.shown.contains(word), "nothing shown says {word}\n{story}\n{}", outcome.shown);
        }
        let counted = failures[0]["values"][name].as_object().unwrap();
        assert_eq!(counted.len(), 1, "{failures:#?}\n{story}");
        assert_eq!(counted[value.as_str().unwrap()], refused, "{failures:#?}\n{story}");
        assert!(outcome.rows.iter().all(|row| row["variables"][name] != *value), "{story}");
    }
}

/// Makes a session as the file wants it, and samples.
fn sample(spec: &Value, served: &Ruled) -> Outcome {
    let home = Home::new();
    std::fs::copy(folder().join("messages.csv"), home.path().join("messages.csv")).unwrap();
    home.ok(&[
        "new",
        "s",
        "--data",
        "messages.csv",
        "--text",
        "text",
        "--label",
        "label",
        "--target",
        "cancel",
    ]);
    let path = home.path().join("s/session.toml");
    let mut toml = std::fs::read_to_string(&path).unwrap();
    let usual = serde_json::json!({ "rows_per_request = 5": "rows_per_request = 2" });
    for (old, new) in usual.as_object().into_iter().chain(spec["session"].as_object()).flatten() {
        assert!(toml.contains(old), "{old} is not in the session");
        toml = toml.replacen(old, new.as_str().unwrap(), 1);
    }
    std::fs::write(&path, toml).unwrap();
    // The store of `new` has the words of before as the first version.
    std::fs::remove_dir_all(home.path().join("s/.rowsmith")).unwrap();
    let url = served.server.url.clone() + spec["base"].as_str().unwrap_or("/v1");
    let mut args: Vec<String> =
        ["sample", "s", "--provider", "openai", "--model", "m", "--json", "--base-url", &url]
            .map(Into::into)
            .into();
    let more = words(&spec["args"]);
    if !more.iter().any(|word| word == "-n") {
        args.extend(["-n".into(), "6".into()]);
    }
    args.extend(more);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = run_at_most(&home, &args, LONGEST);
    let run = home.ok(&["runs", "s", "1", "--json"]).json();
    let reasons = |key: &str| run[key].as_array().unwrap().iter().map(|one| words(&one["reason"]).concat());
    let mut sentences: Vec<_> = reasons("failures").chain(scraps(&run)).collect();
    sentences.extend(words(&run["remarks"]));
    sentences.extend(words(&run["reason"]));
    sentences.extend(done.said.lines().map(str::to_owned));
    let shown = done.said.clone() + &home.ok(&["runs", "s", "1"]).out;
    Outcome { sample: done.json(), rows: home.lines(&["rows", "s", "--json"]), done, run, shown, sentences }
}

fn scraps(run: &Value) -> Vec<String> {
    run["scrapped"].as_array().unwrap().iter().map(|scrap| words(&scrap["reason"]).concat()).collect()
}

/// Runs a command, and ends it when it takes too long.
fn run_at_most(home: &Home, args: &[&str], most: Duration) -> Done {
    let (out, said) = (home.path().join("out"), home.path().join("said"));
    let mut command = home.command(args);
    command.stdin(Stdio::null()).stdout(File::create(&out).unwrap()).stderr(File::create(&said).unwrap());
    let (mut child, began) = (command.spawn().unwrap(), Instant::now());
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > most {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{args:?} takes longer than {most:?}: {}", std::fs::read_to_string(&said).unwrap());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let read = |path| std::fs::read_to_string(path).unwrap();
    Done { code: status.code().unwrap_or(-1), out: read(out), said: read(said) }
}

/// Returns the strings of a value: of a list, or the one that it is.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(words).collect(),
        Value::String(text) => vec![text.clone()],
        _ => vec![],
    }
}
