//! Prompts in files: exported and added again, labelled and forked, and those of other tools.

use std::collections::BTreeMap;
use std::path::Path;

use crate::home::{Home, text};

/// Adds a copy of a file of the project's own cases.
fn case(home: &Home, name: &str) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/prompts").join(name);
    home.write(name, std::fs::read(source).unwrap());
}

/// Returns each version's id with its name, and its parent.
fn ids(home: &Home, session: &str) -> BTreeMap<String, (String, Option<String>)> {
    let versions = home.lines(&["prompt", "list", session, "--json"]);
    let of = |line: &serde_json::Value| {
        let parent = line["parent"].as_str().map(str::to_owned);
        (text(line, "id").to_owned(), (text(line, "name").to_owned(), parent))
    };
    versions.iter().map(of).collect()
}

#[test]
fn what_was_exported_makes_the_same_versions_in_another_session() {
    let (home, other) = (Home::new(), Home::new());
    let odd = [
        (
            "front.md",
            "---\nsystem: |\n  Be brief.\n\n  ---\n  Never: lists.\n---\n\n---\nlabel: x\n---\nWrite {{ n }}.  \n\n",
        ),
        (
            "label.md",
            "---\nlabel: cancel\nsystem: \"\"\nvariables:\n  tone: [\"say \\\"no\\\"\", \"it's\", \"a, b\", \" \"]\n---\nWrite {{ n }} {{ tone }}.",
        ),
        ("rule.md", "---\nvariables: {}\n---\n+++\nWrite {{ n }}.\n---\nWrite {{ n }} more.\n"),
        (
            "lines.json",
            "[{\"role\": \"system\", \"content\": \"One.\\r\\nTwo.\\r\"}, {\"role\": \"user\", \"content\": \"Write {{ n }}.\\r\\n\\r\\n---\\r\\n\"}]",
        ),
    ];
    for (file, content) in odd {
        home.write(file, content);
        home.ok(&["prompt", "add", "tickets", file]);
    }
    home.ok(&["prompt", "fork", "tickets", "main@v3", "Close: a/b"]);
    home.ok(&["prompt", "add", "tickets", "rule.md", "--name", "Close: a/b"]);
    home.ok(&["prompt", "fork", "tickets", "Close: a/b@v1", "close: a b"]);

    let said = home.ok(&["prompt", "export", "tickets", "--all", "--out", "prompts"]).said;
    assert_eq!(said, "8 versions written to prompts.\n");
    for file in std::fs::read_dir(home.path().join("prompts")).unwrap() {
        let file = file.unwrap();
        other.write(&format!("p/{}", file.file_name().display()), std::fs::read(file.path()).unwrap());
    }
    // More than one digit, so that the order of names is not the order of numbers.
    let added = other.ok(&["prompt", "add", "tickets", "p"]);

    assert_eq!(ids(&other, "tickets"), ids(&home, "tickets"), "{added:?}");
    assert!(other.ok(&["prompt", "add", "tickets", "p"]).said.matches("nothing was added").count() == 8);
    let again = home.ok(&["prompt", "export", "tickets", "--all", "--out", "prompts"]).said;
    assert_eq!(again, "prompts has 8 versions already; nothing was written.\n");
}

#[test]
fn files_keep_the_order_of_their_numbers_beyond_nine() {
    let (home, other) = (Home::new(), Home::new());
    for number in 2..=11 {
        home.write("p.md", format!("Write {{{{ n }}}} as number {number}."));
        home.ok(&["prompt", "add", "tickets", "p.md"]);
    }
    home.ok(&["prompt", "export", "tickets", "--all", "--out", "p"]);
    for number in 1..=11 {
        let name = format!("p/main-v{number}.j2");
        other.write(&name, std::fs::read(home.path().join(&name)).unwrap());
    }

    other.ok(&["prompt", "add", "tickets", "p"]);

    let shown = other.ok(&["prompt", "show", "tickets", "v11"]).out;
    assert!(shown.ends_with("Write {{ n }} as number 11.\n"), "{shown}");
    assert_eq!(ids(&other, "tickets"), ids(&home, "tickets"));
}

#[test]
fn the_latest_of_each_prompt_goes_to_a_folder_and_one_version_to_a_file_or_a_pipe() {
    let home = Home::new();
    home.write("p.md", "Write {{ n }}.");
    home.ok(&["prompt", "add", "tickets", "p.md"]);
    home.ok(&["prompt", "fork", "tickets", "v1", "other"]);

    assert_eq!(home.ok(&["prompt", "export", "tickets", "--out", "d"]).said, "2 versions written to d.\n");
    let piped = home.ok(&["prompt", "export", "tickets", "main@latest", "--out", "-"]).out;
    home.ok(&["prompt", "export", "tickets", "main@2", "--out", "one.j2"]);

    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    assert!(piped.starts_with("---\nname: main\nnumber: 2\nparent: "), "{piped}");
    assert_eq!((read("d/main.j2"), read("one.j2")), (piped.clone(), piped));
    assert!(read("d/other.j2").starts_with("---\nname: other\nnumber: 1\nparent: "));

    let several = home.run(&["prompt", "export", "tickets", "--out", "-"]);
    assert!(several.code == 2 && several.said.contains("There are 2 versions to write"), "{several:?}");
    home.write("one.j2", "mine");
    let there = home.run(&["prompt", "export", "tickets", "main@2", "--out", "one.j2"]);
    assert!(there.code == 2 && there.said.contains("says something else"), "{there:?}");
    assert_eq!(read("one.j2"), "mine");
    home.ok(&["prompt", "export", "tickets", "main@2", "--out", "one.j2", "--force"]);
    assert_eq!(read("one.j2"), read("d/main.j2"));
}

#[test]
fn a_label_names_one_version_and_is_a_reference() {
    let home = Home::new();
    home.write("p.md", "Write {{ n }}.");
    home.ok(&["prompt", "add", "tickets", "p.md"]);

    let first = home.ok(&["prompt", "label", "tickets", "v1", "production"]).said;
    assert_eq!(first, "main@v1 has the label `production`.\n");
    assert_eq!(
        home.ok(&["prompt", "show", "tickets", "production"]).out,
        home.ok(&["prompt", "show", "tickets", "v1"]).out
    );
    let moved = home.ok(&["prompt", "label", "tickets", "latest", "production"]).said;
    assert_eq!(moved, "main@v2 has the label `production`, which v1 had before.\n");
    assert!(home.ok(&["prompt", "show", "tickets", "main@production"]).out.ends_with("Write {{ n }}.\n"));
    home.ok(&["sample", "tickets", "-n", "1", "--prompt", "production"]);
    assert_eq!(home.lines(&["runs", "tickets", "--json"])[0]["prompt"]["number"], 2);

    home.ok(&["prompt", "label", "tickets", "v2", "production", "--remove"]);
    for (arguments, words) in [
        (["v1", "latest"], "moves by itself"),
        (["v1", "v7"], "would be taken for a version's number"),
        (["draft", "candidate"], "no version yet"),
        (["production", "candidate"], "There is no version `production`"),
    ] {
        let done = home.run(&[&["prompt", "label", "tickets"][..], &arguments].concat());
        assert!(done.code == 2 && done.said.contains(words), "{arguments:?}: {done:?}");
    }
}

#[test]
fn a_fork_says_what_its_version_says_under_a_name_of_its_own() {
    let home = Home::new();
    let forked = home.ok(&["prompt", "fork", "tickets", "v1", "polite"]).out;

    let versions = home.lines(&["prompt", "list", "tickets", "--json"]);
    assert!(forked.starts_with("polite@v1 "), "{forked}");
    assert_eq!((&versions[1]["name"], &versions[1]["parent"]), (&"polite".into(), &versions[0]["id"]));
    assert_eq!(
        home.ok(&["prompt", "show", "tickets", "polite@1"]).out,
        home.ok(&["prompt", "show", "tickets", "main@1"]).out
    );
    for (name, words) in [("polite", "already"), ("a@b", "cannot be a prompt's name")] {
        let done = home.run(&["prompt", "fork", "tickets", "main@1", name]);
        assert!(done.code == 2 && done.said.contains(words), "{done:?}");
    }
}

#[test]
fn the_draft_is_a_reference_to_the_text_in_the_editor() {
    let home = Home::new();
    home.write("p.md", "Write {{ n }}.");
    home.ok(&["prompt", "add", "tickets", "p.md"]);
    home.ok(&["prompt", "use", "tickets", "v1"]);

    let shown = home.ok(&["prompt", "show", "tickets", "draft"]).out;
    assert_eq!(shown, home.ok(&["prompt", "show", "tickets", "v1"]).out);
    assert!(home.ok(&["prompt", "diff", "tickets", "draft", "v2"]).out.contains("+ Write {{ n }}."));
    assert!(home.ok(&["prompt", "use", "tickets", "draft"]).said.contains("in the editor already"));
    home.ok(&["sample", "tickets", "-n", "1", "--prompt", "draft"]);
    assert_eq!(home.lines(&["runs", "tickets", "--json"])[0]["prompt"]["number"], 1);
    let exported = home.ok(&["prompt", "export", "tickets", "draft", "--out", "-"]).out;
    assert!(exported.starts_with("---\nname: main\n"), "{exported}");
}

#[test]
fn templates_of_llm_come_in_with_their_values() {
    let home = Home::new();
    case(&home, "llm-recipe.yaml");
    case(&home, "llm-system.yaml");

    let missing = home.run(&["prompt", "add", "tickets", "llm-recipe.yaml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.said.contains("`input` is not defined"), "{}", missing.said);
    assert!(missing.said.contains("--variable NAME=VALUE"), "{}", missing.said);
    let added = home.ok(&["prompt", "add", "tickets", "llm-recipe.yaml", "--variable", "input=a new line"]);

    assert!(added.said.contains("Left out: `name`, `model`, `options`."), "{}", added.said);
    let shown = home.ok(&["prompt", "show", "tickets", "v2"]).out;
    assert!(
        shown.contains("system: \"You write as {{ voice }}.\"")
            || shown.contains("system: You write as {{ voice }}."),
        "{shown}"
    );
    assert!(shown.contains("voice: [an angry customer]") && shown.contains("input: [a new line]"), "{shown}");
    assert!(
        shown.ends_with(
            "Write {n} complaints, as \"{{ '{{' }}label}}\" says, about {{ motive }}.\nIt cost $20: {{ input }}\n"
        ),
        "{shown}"
    );
    home.ok(&[
        "prompt",
        "add",
        "tickets",
        "llm-system.yaml",
        "--variable",
        "input=a",
        "--variable",
        "input=b",
    ]);
    let system = home.ok(&["prompt", "show", "tickets", "v3"]).out;
    assert!(system.contains("input: [a, b]") && system.ends_with("\n{{ input }}\n"), "{system}");
}

#[test]
fn prompts_of_promptfoo_come_in_one_version_each() {
    let home = Home::new();
    for name in ["promptfoo.txt", "promptfoo-chat.json", "promptfoo-chats.jsonl"] {
        case(&home, name);
        home.ok(&["prompt", "add", "tickets", name]);
    }

    let versions = home.lines(&["prompt", "list", "tickets", "--json"]);
    assert_eq!(versions.len(), 6);
    assert_eq!((&versions[1]["parent"], &versions[2]["parent"]), (&versions[0]["id"], &versions[0]["id"]));
    let ends = |number: &str, end: &str| {
        let shown = home.ok(&["prompt", "show", "tickets", number]).out;
        assert!(shown.ends_with(end), "{number}: {shown}");
    };
    ends("2", "\nWrite {{n}} short messages of {{ label | upper }}.\n");
    ends("3", "\nWrite {{ n }} long messages.\n{% if n > 1 %}Vary them.{% endif %}\n");
    ends("4", "\nWrite {{ n }} of them about {{ motive }}.\n");
    ends("6", "\nWrite {{ n }} messages.\n");
    assert!(home.ok(&["prompt", "show", "tickets", "6"]).out.contains("system: Be polite."));
}

#[test]
fn a_file_that_cannot_be_added_is_named_and_adds_nothing() {
    let home = Home::new();
    home.write("good.md", "Write {{ n }}.");
    for (name, content, words) in [
        ("bad.md", "Write {{ n }} {{ motiv }}.", "bad.md: The prompt cannot be sampled"),
        ("two.txt", "Write {{ n }}.\n---\nWrite {{ m }}.\n", "two.txt, line 3: "),
        ("keys.yaml", "prompt: a\nsytem: b\n", "keys.yaml, line 2: A template of llm has no `sytem`"),
        (
            "none.yaml",
            "Write {{ n }}.\n",
            "none.yaml, line 1: A YAML file with a prompt is a template of llm",
        ),
        ("name.md", "---\nname: a@b\n---\nWrite {{ n }}.\n", "cannot be a prompt's name"),
    ] {
        home.write(name, content);

        let done = home.run(&["prompt", "add", "tickets", "good.md", name]);

        assert!(done.code == 2 && done.said.contains(words), "{name}: {done:?}");
    }
    assert_eq!(home.run(&["prompt", "add", "tickets", "good.md", "--variable", "x"]).code, 2);
    assert_eq!(home.run(&["prompt", "add", "tickets", "."]).code, 2, "no .j2 file is there");
    assert_eq!(home.lines(&["prompt", "list", "tickets", "--json"]).len(), 1);
}
