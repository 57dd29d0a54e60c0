//! Conversations, with what is printed on a terminal of so many columns.

use std::path::{Path, PathBuf};

use clap::Parser;

use super::MARK;
use super::conversation::{Conversation, Heard};
use super::paint::Paint;
use super::sheet::Paper;
use crate::cli::args::{Cli, Command, NewArgs};
use crate::cli::look::looked;

/// Holds a conversation over a file, and returns all that was shown; what is typed stands behind `»`.
fn held(name: &str, file: &str, given: &[&str], columns: usize, answers: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, file).unwrap();
    let words = [&["rowsmith", "new", "--data", path.to_str().unwrap()], given].concat();
    let Some(Command::New(args)) = Cli::try_parse_from(words).unwrap().command else { unreachable!() };
    let looked = looked(&args, &path).unwrap();
    let paper = Paper { columns, paint: Paint::Plain };
    let data = Path::new(name);
    let args = NewArgs { data: data.to_owned(), ..args };
    let dir = args.dir.clone();
    let place = |folder: &Path| match folder.to_str() {
        Some("taken") => Err("taken/session.toml is there already.".to_owned()),
        _ => Ok(PathBuf::from(folder)),
    };
    let mut conversation = Conversation::new(&looked, data, (&args, dir.as_deref()), &place, paper);
    let mut shown = conversation.opening();
    if let Some(why) = conversation.is_hopeless() {
        return [shown, vec![why]].concat().join("\n");
    }
    shown.extend(conversation.how());
    let mut answers = answers.iter();
    'asked: while let Some(question) = conversation.asks() {
        shown.extend(conversation.question(question));
        loop {
            let Some(typed) = answers.next() else {
                shown.push("(waits)".to_owned());
                break 'asked;
            };
            let heard = conversation.answer(question, typed);
            shown.push(format!("» {typed}"));
            match heard {
                Heard::Taken(_) => {
                    shown.extend([conversation.settled_line(&heard, typed, MARK), String::new()]);
                    break;
                }
                Heard::Again(lines) => shown.extend(lines),
                Heard::Left => {
                    shown.push("(left)".to_owned());
                    break 'asked;
                }
            }
        }
    }
    if conversation.asks().is_none() {
        shown.push(conversation.command());
    }
    let shown: Vec<_> = shown.iter().map(|line| line.trim_end().to_owned()).collect();
    for line in shown.iter().filter(|line| !line.starts_with(['»', 'r'])) {
        assert!(crate::text::width(line) <= columns, "{line:?} is wider than {columns}");
    }
    shown.join("\n")
}

const TEXTS: [&str; 5] = [
    "Go until jurong point, crazy.. Available only in bugis n great world la e buffet",
    "Ok lar... Joking wif u oni...",
    "Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005. Text FA to 87121 to receive entry",
    "U dun say so early hor... U c already then say...",
    "Nah I don't think he goes to usf, he lives around here though",
];

/// Returns a table of messages, of which every seventh is spam.
fn messages() -> String {
    let row = |n: usize| {
        let label = if n % 7 == 2 { "spam" } else { "ham" };
        format!("{n},{label},\"{} {n}\"\n", TEXTS[n % 5])
    };
    format!("nr,label,text\n{}", (0..210).map(row).collect::<String>())
}

fn labelled(labels: impl Iterator<Item = String>) -> String {
    let rows =
        labels.enumerate().map(|(n, label)| format!("\"{label}\",\"Message number {n}, a longer one\"\n"));
    format!("kind,text\n{}", rows.collect::<String>())
}

#[test]
fn enter_takes_all_that_is_proposed() {
    insta::assert_snapshot!(held("sms.csv", &messages(), &[], 80, &["", "", "", ""]));
}

#[test]
fn it_fits_forty_columns() {
    insta::assert_snapshot!(held("sms.csv", &messages(), &[], 40, &["3", "?", "", "SPAM", "my spam"]));
}

#[test]
fn a_wrong_answer_says_why_and_is_asked_again() {
    let answers = ["7", "txet", "nr", "text", "text", "", "<", "label", "eggs", "spma", "2", "taken", "-x"];
    insta::assert_snapshot!(held("sms.csv", &messages(), &[], 80, &answers));
}

#[test]
fn only_what_is_missing_is_asked() {
    let given = ["box", "--text", "text", "--target", "eggs", "--seed", "7", "--test-fraction", "0.3"];
    let shown = held("sms.csv", &messages(), &given, 80, &["label", "q"]);
    assert!(shown.contains("The column `label` has no label `eggs`.\n"), "{shown}");
    assert!(shown.ends_with("(left)"), "{shown}");
    let given = ["box", "--text", "text", "--target", "spam", "--seed", "7", "--test-fraction", "0.3"];
    let shown = held("sms.csv", &messages(), &given, 80, &["label"]);
    assert!(
        shown.ends_with(
            "rowsmith new box --data sms.csv --text text --label label --target spam --test-fraction 0.3 --seed 7"
        ),
        "{shown}"
    );
}

#[test]
fn many_columns_stand_below_each_other() {
    let names: Vec<String> = (1..=45).map(|n| format!("feature {n}")).collect();
    let row = |n: usize| {
        let cells = (1..=45).map(|c| format!("value {} of {c}", n % (c + 1))).collect::<Vec<_>>().join(",");
        format!(
            "{cells},\"Message {n}, {}\",{}\n",
            TEXTS[n % 5],
            if n.is_multiple_of(3) { "rare" } else { "usual" }
        )
    };
    let rows: String = (0..90).map(row).collect();
    let file = format!("{},body,outcome\n{rows}", names.join(","));
    insta::assert_snapshot!(held("wide.csv", &file, &[], 80, &["", "outcome", "", ""]));
}

#[test]
fn labels_that_differ_only_in_case_are_told_apart() {
    let labels = ["other", "other", "refund", "other", "Refund", "other", "refund "];
    let file = labelled((0..350).map(|n| labels[n % 7].to_owned()));
    insta::assert_snapshot!(held("tickets.csv", &file, &[], 80, &["", "", "REFUND", "Refund", ""]));
}

#[test]
fn of_a_thousand_labels_the_rarest_are_listed_and_any_is_chosen_by_name() {
    let labels = (0..1_000).flat_map(|n| (0..=n % 30).map(move |_| format!("intent {n:03}")));
    let shown = held("intents.csv", &labelled(labels), &[], 80, &["", "kind", "intent 999", ""]);
    insta::assert_snapshot!(shown);
}

#[test]
fn names_that_are_numbers_are_chosen_by_name_only() {
    let file = labelled((0..120_u32).map(|n| if n.is_multiple_of(4) { "1" } else { "0" }.to_owned()));
    insta::assert_snapshot!(held("toxic.csv", &file, &[], 80, &["", "", "2", "0", ""]));
}

#[test]
fn rows_without_a_label_and_a_split_are_asked_about() {
    let row = |n: usize| {
        let part = if n.is_multiple_of(5) { "test" } else { "train" };
        let label = if n % 10 == 3 { "" } else { ["yes", "no"][n % 2] };
        format!("{{\"text\": \"{} {n}\", \"label\": \"{label}\", \"split\": \"{part}\"}}\n", TEXTS[n % 5])
    };
    let file: String = (0..200).map(row).collect();
    insta::assert_snapshot!(held("d.jsonl", &file, &[], 80, &["", "", "maybe", "y", "n", "", "yes", "", ""]));
}

#[test]
fn what_a_file_holds_is_never_obeyed_and_wide_signs_are_cut_right() {
    let row = |n: usize| {
        let text = [
            "\u{1b}[31mred\u{7} alert",
            "日本語のとても長い文章がここにあります",
            "a\u{202e}b",
            "👩\u{200d}👩\u{200d}👧 hi",
        ][n % 4];
        format!(
            "{n}\t{text} {}\t{}\n",
            "日本".repeat(30),
            if n.is_multiple_of(3) { "\u{1b}[2Jx" } else { "中文" }
        )
    };
    let rows: String = (0..60).map(row).collect();
    let file = format!("id\tbody\u{1b}[1m\tlabel\n{rows}");
    for columns in [40, 60, 80, 160] {
        let shown = held("odd\u{1b}.tsv", &file, &[], columns, &["2", "", "", ""]);
        assert!(
            shown.contains("␛[2Jx") && !shown.contains('\u{1b}') && !shown.contains('\u{202e}'),
            "{shown}"
        );
        assert!(shown.contains('…'), "{shown}");
    }
}

#[test]
fn a_file_of_one_column_has_no_session_in_it() {
    let shown = held(
        "list.csv",
        &format!("text\n{}\n", TEXTS.map(|text| format!("\"{text}\"")).join("\n")),
        &[],
        80,
        &[],
    );
    assert!(shown.contains("it lacks a second column, which says each row's label"), "{shown}");
}

#[test]
fn every_question_explains_itself_and_is_left_by_q() {
    let answers = ["?", "", "?", "", "?", "", "?", "q"];
    let shown = held("sms.csv", &messages(), &[], 80, &answers);
    for words in [
        "what a model is to write",
        "which class a row belongs to",
        "mostly a rare one",
        "must not hold a session",
    ] {
        assert!(shown.contains(words), "{words} is not in {shown}");
    }
    assert!(shown.ends_with("» q\n(left)"), "{shown}");
}

#[test]
fn colours_change_no_letter() {
    let plain = |text: &str| {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |all, part| all + part.split_once('m').map_or("", |(_, rest)| rest))
    };
    let paint = Paint::of(None);
    for painted in [paint.strong("a b"), paint.faint("a b"), paint.chosen("a b"), paint.wrong("a b")] {
        assert!(painted != "a b" && plain(&painted) == "a b", "{painted:?}");
    }
    assert_eq!(Paint::of(Some("1".as_ref())).wrong("a"), "a");
    assert_eq!(Paint::of(Some("".as_ref())), Paint::Coloured);
}
