//! Templates that would run for long or make much: each ends soon, with a sentence.

use std::time::{Duration, Instant};

use crate::home::Home;

/// The longest that a command with one such template may take; rendering itself takes two seconds of work, or ten by the clock.
const SOON: Duration = Duration::from_secs(20);

const TIME: &str = "Rendering took longer than 2 s and was stopped";
const BUSY: &str = "because the machine is busy";
const MEMORY: &str = "Rendering took more than 96 MB of memory and was stopped";
const STEPS: &str = "The template loops too long";
const OUTPUT: &str = "The template writes too much: more than 4 MB";
const BRACKETS: &str = "More than 100 brackets are open here";
/// Which bound is met first depends on the machine.
const ANY: &str = "";
/// Work that no step counts: `strip` of this program goes through the characters for each character of the text.
const SLOW: &str = "{% set x = 'a' * 500000 %}{{ x.strip('b' * 500000 ~ 'a') }}";

/// A template that sets `x` to a value that doubles with each of many steps.
fn doubled(start: &str, step: &str) -> String {
    let step = format!("{{% set x = {} %}}", step.replace('_', "x"));
    format!("{{% set x = {start} %}}{}", step.repeat(45))
}

/// Returns templates with the beginning of the sentence that each ends with.
fn templates() -> Vec<(String, &'static str)> {
    let long = |end: &str| format!("{{% set x = 'a' * 500000 %}}{end}");
    let unknown = |number: u32| format!("{{{{ topik{number} }}}}");
    vec![
        (doubled("'ab'", "_ ~ _"), ANY),
        (doubled("'ab'", "_ + _"), STEPS),
        (doubled("[1]", "_ + _"), ANY),
        ("{{ ('x' * 1000000000) | length }}".into(), STEPS),
        ("{{ '%1000000000d' % 1 }}{{ n }}".into(), OUTPUT),
        ("{{ '{:{}}'.format(1, 1000000000) }}".into(), OUTPUT),
        ("{{ 'x' | center(1000000000) }}".into(), OUTPUT),
        (long("{{ x | replace('', x) }}"), OUTPUT),
        (SLOW.into(), TIME),
        (format!("{{{{ {}1{} }}}}", "[".repeat(101), "]".repeat(101)), BRACKETS),
        (
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".into(),
            "Macros or loops call themselves too deeply",
        ),
        ("{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}".into(), STEPS),
        (format!("{{% set x %}}{}{{% endset %}}", "a".repeat(2 << 20)), "longer than 1024 KB"),
        ((0..30_000).map(unknown).collect(), "`topik0` is not defined here"),
    ]
}

#[test]
fn every_template_that_would_not_end_is_refused_soon_and_says_why() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "1"]);
    for (number, (source, wanted)) in templates().into_iter().enumerate() {
        home.write("t.md", &source);
        let began = Instant::now();

        let done = home.run(&["prompt", "add", "tickets", "t.md"]);

        let shown: String = source.chars().rev().take(90).collect::<Vec<_>>().into_iter().rev().collect();
        assert!(began.elapsed() < SOON, "{number}, …{shown}: {:?}", began.elapsed());
        assert_eq!(done.code, 2, "{number}, …{shown}: {}", done.said);
        // Beside other tests it may get too little of the processor to work for two seconds.
        let is_said = done.said.contains(wanted) || wanted == TIME && done.said.contains(BUSY);
        assert!(is_said && done.said.contains("line 1: "), "{number}, …{shown}: {}", done.said);
        assert!(done.said.trim_end().ends_with('.') && done.said.len() < 2_000, "{number}: {}", done.said);
    }
    assert_eq!(home.lines(&["prompt", "list", "tickets", "--json"]).len(), 1, "none of them was kept");
}

/// Makes a session whose first prompt is this template, as one that came from somebody else.
fn session(home: &Home, template: &str) -> String {
    let name = home.small_session();
    let file = home.path().join(&name).join("session.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let start = text.find("[prompt]").unwrap_or(text.len());
    let after = text[start..].find("\n[").map_or("", |at| &text[start + at..]);
    let prompt = format!("[prompt]\nuser = '''\n{template}'''\n");
    std::fs::write(&file, format!("{}{prompt}{after}", &text[..start])).unwrap();
    name
}

#[test]
fn a_session_whose_own_prompt_would_not_end_is_told_by_sample_and_makes_no_row() {
    let home = Home::new();
    let name = session(&home, SLOW);
    let began = Instant::now();

    // Into a new store, the session's own prompt comes as the first version.
    let server = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m"];
    let done = home.run(&[&["sample", &name, "-n", "5", "--store", "fresh"], &server[..]].concat());

    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.said.contains(TIME) || done.said.contains(BUSY), "{}", done.said);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_eq!(home.lines(&["rows", &name, "--store", "fresh", "--json"]).len(), 0);
}

#[test]
fn memory_is_bounded_too_and_said_at_the_loop() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "1"]);
    home.write(
        "t.md",
        "a\nb {% set x = 'a' * 500000 %}{% for i in [1] %}{{ ([x] * 400) | sort | length }}{% endfor %}",
    );

    let done = home.run(&["prompt", "add", "tickets", "t.md"]);

    assert!(done.said.contains("line 2: ") && done.said.contains(MEMORY), "{}", done.said);
}

#[test]
fn long_prompts_with_many_long_examples_are_rendered_whole() {
    let home = Home::new();
    let row = |number: u32| {
        let text = "a long text of a real row, ".repeat(200);
        format!("\"{number} {text}\",leave\n\"ask {number}\",ask\n")
    };
    let rows: String = (0..300).map(row).collect();
    home.write("long.csv", format!("text,label\n{rows}"));
    home.ok(&[
        "new", "long", "--data", "long.csv", "--text", "text", "--label", "label", "--target", "leave",
    ]);
    let file = home.path().join("long/session.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    let count = settings.lines().position(|line| line.starts_with("count")).unwrap();
    let settings: Vec<_> = settings
        .lines()
        .enumerate()
        .map(|(at, line)| if at == count { "count = 200" } else { line })
        .collect();
    std::fs::write(&file, settings.join("\n")).unwrap();
    home.write(
        "t.md",
        "{% macro shown(e) %}<row>{{ e.text | trim }}</row>{% endmacro %}{% for e in examples %}{{ shown(e) }}\n{% endfor %}{{ n }}",
    );

    let added = home.ok(&["prompt", "add", "long", "t.md"]);

    assert!(added.said.contains("more than many servers read"), "{}", added.said);
    let kilobytes = added
        .said
        .split('(')
        .filter_map(|part| part.split(" KB)").next()?.replace(',', "").parse::<u64>().ok())
        .max();
    assert!(kilobytes > Some(1_024), "{}", added.said);
}
