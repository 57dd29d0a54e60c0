//! Versions on the command line.

use crate::home::{Home, text};

#[test]
fn a_prompt_file_makes_a_version_and_equal_content_none() {
    let home = Home::new();
    home.write("p.md", "Write {{ n }} messages of {{ label }} about {{ motive }}.");

    let first = home.ok(&["prompt", "add", "tickets", "p.md"]);
    let again = home.ok(&["prompt", "add", "tickets", "p.md"]);

    assert!(first.out.starts_with("main@v2 "), "{}", first.out);
    assert_eq!(first.out, again.out);
    assert!(again.said.contains("nothing was added"), "{}", again.said);
    let versions = home.lines(&["prompt", "list", "tickets", "--json"]);
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[1]["parent"], versions[0]["id"]);
}

#[test]
fn what_is_shown_can_be_added_again() {
    let home = Home::new();
    let shown = home.ok(&["prompt", "show", "tickets", "v1"]).out;
    home.write("copy.md", &shown);

    let added = home.ok(&["prompt", "add", "tickets", "copy.md"]);

    assert!(added.out.starts_with("main@v1 "), "{}", added.out);
}

#[test]
fn a_diff_marks_what_came_and_went() {
    let home = Home::new();
    home.write("a.md", "Write {{ n }} messages.\nBe short.");
    home.write("b.md", "Write {{ n }} messages.\nBe long.");
    home.ok(&["prompt", "add", "tickets", "a.md"]);
    home.ok(&["prompt", "add", "tickets", "b.md"]);

    let diff = home.ok(&["prompt", "diff", "tickets", "v2", "main@3"]).out;

    assert!(
        diff.contains("\n- Be short.\n+ Be long.\n") || diff.contains("- Be short.\n+ Be long.\n"),
        "{diff}"
    );
}

#[test]
fn rows_of_a_version_are_counted_with_it() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "10"]);
    home.ok(&["accept", "tickets", "--filter", "number<=7"]);
    home.ok(&["reject", "tickets", "--filter", "state:pending"]);

    let version = &home.lines(&["prompt", "list", "tickets", "--json"])[0];

    assert_eq!(version["rows"], 10);
    assert_eq!((&version["accepted"], &version["rejected"]), (&7.into(), &3.into()));
}

#[test]
fn a_prompt_that_loops_or_does_not_parse_is_refused_with_its_line() {
    let home = Home::new();
    home.write(
        "loop.md",
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
    );
    home.write("broken.md", "Write {{ n }\nmore");
    home.write("unknown.md", "Write {{ n }} about\n{{ motiv }}");
    for (file, wanted) in
        [("loop.md", "too long"), ("broken.md", "line 1"), ("unknown.md", "line 2: `motiv` is not defined")]
    {
        let done = home.run(&["prompt", "add", "tickets", file]);
        let sampled = if done.code == 0 { home.run(&["sample", "tickets", "-n", "1"]) } else { done };
        assert_eq!(sampled.code, 2, "{file}: {sampled:?}");
        assert!(sampled.said.contains(wanted), "{file}: {}", sampled.said);
    }
    let suggestion = home.run(&["prompt", "add", "tickets", "unknown.md"]).said;
    assert!(suggestion.contains("`motive`"), "{suggestion}");
}

#[test]
fn a_mistake_in_a_front_matter_names_the_file_and_the_line() {
    let home = Home::new();
    home.write("p.md", "---\nsytem: Be short.\n---\nWrite {{ n }}.\n");

    let done = home.run(&["prompt", "add", "tickets", "p.md"]);

    assert_eq!(done.code, 2);
    assert_eq!(done.said, "rowsmith: p.md, line 2: A front matter has no `sytem`; did you mean `system`?\n");
}

#[test]
fn a_reference_to_nothing_says_what_there_is() {
    let home = Home::new();
    let done = home.run(&["prompt", "show", "tickets", "v9"]);
    assert_eq!(done.code, 2);
    assert_eq!(done.said, "rowsmith: There is no version `v9` of the prompt `main`; it has v1.\n");
    assert_eq!(text(&home.lines(&["prompt", "list", "tickets", "--json"])[0], "name"), "main");
}
