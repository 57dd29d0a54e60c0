//! Whether accepted rows help, through the real binary.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::home::Home;

/// Returns a message about some of the first so many things, or one about nothing of that kind.
fn message(number: u64, things: Option<u64>) -> String {
    // Any numbers that look drawn will do.
    let drawn = |place: u64| (number * 7919 + place * 104_729 + 13) / 7 % 1009;
    let words: Vec<String> = (0..4).map(|place| format!("day{} ", drawn(place) % 60)).collect();
    let mut text = words.concat();
    if let Some(things) = things {
        let _ = write!(text, "prize{} prize{}", drawn(5) % things, drawn(6) % things);
    }
    // No two are equal.
    text.trim_end().to_owned() + &format!(" no{number}")
}

/// Writes a dataset and makes a session of it, with 20 known rows of the target and 60 held back.
fn session(home: &Home, seed: &str) -> String {
    let mut data = "text,label,split\n".to_owned();
    let rows = (0..80).map(|number| (number, Some(40), "train")).chain(
        (100..140).map(|number| (number, Some(40), "test")).chain(
            (1000..1120)
                .map(|number| (number, None, "train"))
                .chain((2000..2080).map(|number| (number, None, "test"))),
        ),
    );
    for (number, things, part) in rows {
        let label = if things.is_some() { "spam" } else { "ham" };
        let _ = writeln!(data, "{},{label},{part}", message(number, things));
    }
    home.write("data.csv", data);
    let made = [
        "new", "mail", "--data", "data.csv", "--text", "text", "--label", "label", "--target", "spam",
        "--split", "split", "--scarce", "20", "--seed", seed,
    ];
    home.ok(&made);
    "mail".to_owned()
}

/// Imports texts with a label and accepts them.
fn accept(home: &Home, session: &str, rows: impl Iterator<Item = (String, &'static str)>) {
    let lines: Vec<String> = rows
        .map(|(text, label)| format!("{}\n", serde_json::json!({"text": text, "label": label})))
        .collect();
    home.write("rows.jsonl", lines.concat());
    home.ok(&["import", session, "rows.jsonl", "--accept"]);
}

fn good(count: u64) -> impl Iterator<Item = (String, &'static str)> {
    (300..300 + count).map(|number| (message(number, Some(40)), "spam"))
}

/// Returns an evaluation without when it was made and how long it took.
fn evaluated(home: &Home, args: &[&str]) -> Value {
    let mut json = home.ok(&[&["evaluate"], args, &["--json"]].concat()).json();
    let object = json.as_object_mut().unwrap();
    object.remove("at").unwrap();
    object.remove("seconds").unwrap();
    json
}

fn warnings(json: &Value) -> Vec<&str> {
    json["warnings"].as_array().unwrap().iter().map(|warning| warning["warning"].as_str().unwrap()).collect()
}

#[test]
fn rows_that_tell_of_more_help_and_equal_rows_say_so_again_to_the_digit() {
    let home = Home::new();
    let session = session(&home, "42");
    accept(&home, &session, good(100));

    let first = evaluated(&home, &[&session, "--seeds", "2"]);

    assert_eq!(first["verdict"], "helps", "{first}");
    assert!(first["interval"]["low"].as_f64() > Some(0.0));
    let arms: Vec<&str> =
        first["arms"].as_array().unwrap().iter().map(|arm| arm["arm"].as_str().unwrap()).collect();
    assert_eq!(arms, ["real", "accepted", "copies", "balanced", "eda", "threshold", "ceiling"]);
    assert_eq!((&first["train_target"], &first["left_out"]["held_back"]), (&20.into(), &60.into()));
    assert_eq!(first["opened"], 1);
    assert_eq!(first["versions"][0]["version"], "imported");
    assert!(first["train_cv"]["accepted"].is_f64());

    assert_eq!(evaluated(&home, &[&session, "--seeds", "2"]), first);
    fs::remove_dir_all(home.path().join("mail/.rowsmith/evaluations")).unwrap();
    assert_eq!(evaluated(&home, &[&session, "--seeds", "2"]), first, "computed anew");

    let other = evaluated(&home, &[&session, "--seeds", "3"]);
    assert_eq!(other["opened"], 2);
    assert!(warnings(&other).contains(&"test-set-opened-before"), "{other}");
    home.ok(&["store", "verify", &session]);
}

#[test]
fn a_verdict_that_is_not_the_wanted_one_exits_with_1() {
    let home = Home::new();
    let session = session(&home, "42");
    accept(&home, &session, good(100));
    let code = |verdict: &str| {
        home.run(&["evaluate", &session, "--seeds", "1", "--arms", "copies", "--fail-unless", verdict]).code
    };

    assert_eq!([code("helps"), code("hurts"), code("undecided")], [0, 1, 1]);
}

#[test]
fn few_rows_a_planted_word_and_contaminating_rows_are_warned_about() {
    let home = Home::new();
    let session = session(&home, "42");
    let planted = good(12)
        .map(|(text, label)| (format!("{text} zweifellos gewiss fraglos allemal durchaus unbedingt"), label));
    let test = (100..103).map(|number| (message(number, Some(40)), "spam"));
    accept(&home, &session, planted.chain(test));

    let json = evaluated(&home, &[&session, "--seeds", "1"]);

    for warning in ["few-seeds", "few-rows", "small-test-set", "detectable", "contaminated"] {
        assert!(warnings(&json).contains(&warning), "{warning}: {json}");
    }
    assert_eq!((&json["accepted"], &json["left_out"]["contaminating"]), (&12.into(), &3.into()));
}

#[test]
fn the_report_fits_80_columns_and_says_what_is_meant() {
    let home = Home::new();
    let session = session(&home, "42");
    accept(&home, &session, good(100));

    let done = home.ok(&["evaluate", &session, "--seeds", "1"]);

    assert!(done.out.lines().all(|line| line.chars().count() <= 80), "{}", done.out);
    for said in [
        "accepted rows help: trained",
        "PR-AUC",
        "± .",
        "Warnings",
        "Left out",
        "60 train rows of the target",
    ] {
        assert!(done.out.contains(said), "{said}: {}", done.out);
    }
}

#[test]
fn the_page_is_written_whole_and_never_in_the_place_of_another_unsaid() {
    let home = Home::new();
    let session = session(&home, "42");
    accept(&home, &session, good(40));
    home.write("page.html", "mine");
    let page = || fs::read_to_string(home.path().join("page.html")).unwrap();
    let args = ["evaluate", &session, "--seeds", "1", "--html", "page.html"];

    let refused = home.run(&args);
    assert_eq!((refused.code, page()), (2, "mine".to_owned()), "{}", refused.said);
    assert!(!home.path().join("mail/.rowsmith/openings.jsonl").exists(), "the test rows were not opened");
    home.ok(&[&args[..], &["--force"]].concat());
    assert!(page().starts_with("<!doctype html>") && page().ends_with("</html>\n"));
    let over = home.run(&["evaluate", &session, "--seeds", "1", "--html", "data.csv", "--force"]);
    assert_eq!(over.code, 2, "{}", over.said);
}

#[test]
fn what_cannot_be_evaluated_is_a_sentence_and_exit_code_2() {
    let home = Home::new();
    let session = session(&home, "42");
    let refused = |args: &[&str], said: &str| {
        let done = home.run(&[&["evaluate"], args].concat());
        assert_eq!(done.code, 2, "{args:?}: {}", done.said);
        assert!(done.said.contains(said), "{args:?}: {}", done.said);
    };
    refused(&[&session], "No accepted row");
    accept(&home, &session, good(20));
    refused(&[&session, "--arms", "real,copie"], "Did you mean `copies`?");
    refused(&[&session, "--model", "forest"], "lr, svm, cnb");
    refused(&[&session, "--fail-unless", "good"], "helps, no-better-than-a-control");
    refused(&[&session, "--seeds", "0"], "0");

    for (train, test, said) in [(9, 9, "9 known train rows"), (20, 4, "4 test rows")] {
        let mut data = "text,label,split\n".to_owned();
        let rows = (0..train)
            .map(|number| (number, "train"))
            .chain((500..500 + test).map(|number| (number, "test")));
        for (number, part) in rows {
            let _ = writeln!(
                data,
                "{},spam,{part}\n{},ham,{part}",
                message(number, Some(40)),
                message(number + 3000, None)
            );
        }
        home.write("few.csv", data);
        let name = format!("few{train}");
        let made =
            ["new", &name, "--data", "few.csv", "--text", "text", "--label", "label", "--target", "spam"];
        home.ok(&[&made[..], &["--split", "split"]].concat());
        accept(&home, &name, good(12));
        refused(&[&name], said);
    }
}
