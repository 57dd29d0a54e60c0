//! Versions on the command line.

use crate::home::{Home, text};
use crate::model_server::{Manner, ModelServer};

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
fn what_looks_like_another_tools_place_is_remarked_on() {
    let home = Home::new();
    home.write("single.md", "Write {n} messages of the class \"{label}\" about {weather}.");
    home.write("json.md", "Write {{ n }} messages as {\"text\": \"…\"}.");

    let single = home.ok(&["prompt", "add", "tickets", "single.md"]);
    let json = home.ok(&["prompt", "add", "tickets", "json.md"]);

    assert!(
        single.said.contains("Line 1: `{n}`, `{label}`, `{weather}` are sent as they stand"),
        "{}",
        single.said
    );
    assert_eq!(json.said, "");
}

#[test]
fn files_of_other_tools_are_read_or_refused_and_never_sent_as_they_stand() {
    let home = Home::new();
    home.write("two.md", "Write {{ n }} angry messages.\n---\nWrite {{ n }} polite messages.\n");
    home.write("rule.md", "# Task\n\nWrite {{ n }} messages.\n\n---\n\n## Rules\n\n- short\n");
    home.write(
        "chat.json",
        r#"[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Write {{ n }} messages."}]"#,
    );
    home.write("turns.json", r#"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]"#);
    home.write("chat.yaml", "- role: system\n  content: Be brief.\n");

    let two = home.run(&["prompt", "add", "tickets", "two.md"]);
    assert!(two.code == 2 && two.said.contains("two.md, line 2: `---` alone parts two prompts"), "{two:?}");
    for file in ["turns.json", "chat.yaml"] {
        let done = home.run(&["prompt", "add", "tickets", file]);
        assert!(done.code == 2 && done.said.contains("chat"), "{file}: {done:?}");
    }
    home.ok(&["prompt", "add", "tickets", "rule.md"]);
    assert!(home.ok(&["prompt", "show", "tickets", "v2"]).out.contains("\n---\n\n## Rules"));
    let chat = home.ok(&["prompt", "add", "tickets", "chat.json"]);
    assert!(chat.said.contains("its system message was read as the system part"), "{}", chat.said);
    let shown = home.ok(&["prompt", "show", "tickets", "v3"]).out;
    assert!(shown.contains("system: Be brief.") && shown.ends_with("Write {{ n }} messages.\n"), "{shown}");
}

#[test]
fn a_version_goes_through_a_pipe_byte_for_byte() {
    let home = Home::new();
    let source = "Write {{ n }}.\tTab, \u{1b}[1m, \u{202e}, \u{7}, end\n\n---\nWrite {{ n }} more.\n";
    home.write("odd.md", format!("---\nlabel: cancel\n---\n\n{source}"));
    let added = home.ok(&["prompt", "add", "tickets", "odd.md"]);

    let shown = home.ok(&["prompt", "show", "tickets", "v2"]).out;
    home.write("again.md", &shown);
    let again = home.ok(&["prompt", "add", "tickets", "again.md"]);

    assert!(shown.ends_with(source), "{shown:?}");
    assert_eq!(again.out, added.out);
}

#[test]
fn a_prompt_comes_from_a_pipe_that_the_command_names() {
    let home = Home::new();
    let added = home.run_with(&["prompt", "add", "tickets", "/dev/stdin"], "Write {{ n }} short ones.\n");
    assert_eq!((added.code, added.said.as_str()), (0, ""), "{added:?}");
    assert!(home.ok(&["prompt", "show", "tickets", "v2"]).out.ends_with("Write {{ n }} short ones.\n"));

    let long = home.run_with(&["prompt", "add", "tickets", "/dev/stdin"], &"x".repeat((4 << 20) + 1));
    assert!(long.code == 2 && long.said.contains("it has more than 4 MB, and no more are read."), "{long:?}");
}

#[test]
fn a_prompt_is_tried_with_each_value_before_it_is_kept() {
    let home = Home::new();
    home.write(
        "value.md",
        "---\nvariables:\n  depth: [a, b, c]\n---\n\nWrite {{ n }}.\n{% if depth == 'c' %}{{ depth > n }}{% endif %}\n",
    );
    home.write("name.md", "---\nvariables:\n  n: [a, b]\n---\n\nWrite {{ n }}.\n");
    home.write("bare.md", "Write {{ n }} such as {{ examples[0].text }}.\n");

    let value = home.run(&["prompt", "add", "tickets", "value.md"]);
    let name = home.run(&["prompt", "add", "tickets", "name.md"]);
    let bare = home.ok(&["prompt", "add", "tickets", "bare.md"]);

    assert!(value.code == 2 && value.said.contains("A text and a number have no order"), "{value:?}");
    assert!(name.code == 2 && name.said.contains("A variable cannot be called `n`"), "{name:?}");
    assert!(
        bare.said.contains("Where there are no examples (`count = 0`), the prompt fails in line 1"),
        "{}",
        bare.said
    );
}

#[test]
fn a_long_request_names_its_longest_examples_before_it_is_sent() {
    let (home, server) = (Home::new(), ModelServer::start(Manner::Rows));
    let short = |number: usize| format!("m{number},train,cancel,please end my plan number {number}\n");
    let mut data = "id,split,label,text\n".to_owned();
    data.extend((0..30).map(short));
    data.extend(["giant,train,cancel,", &"long ".repeat(60_000), "\n"]);
    data += "x,train,other,where is my parcel\ny,test,cancel,stop it now\nz,test,other,hello there\n";
    home.write("data.csv", data);
    let new =
        ["new", "big", "--data", "data.csv", "--text", "text", "--label", "label", "--target", "cancel"];
    home.ok(&[&new[..], &["--id", "id", "--split", "split"]].concat());
    let file = home.path().join("big/session.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    let all = |line| if str::starts_with(line, "count =") { "count = 40" } else { line };
    std::fs::write(&file, settings.lines().map(all).collect::<Vec<_>>().join("\n")).unwrap();
    home.write("p.md", "Write {{ n }} of {{ label }}.\n{% for e in examples %}- {{ e.text }}\n{% endfor %}");

    let added = home.ok(&["prompt", "add", "big", "p.md"]).said;
    home.write(
        ".config/rowsmith/config.toml",
        format!("[profiles.local]\nbase_url = '{}'\nmodel = 'tiny'\n", server.url()),
    );
    let sampled = home.run(&["sample", "big", "-n", "2", "--profile", "local"]).said;

    for said in [added, sampled] {
        assert_eq!(said.matches("Its longest example is `giant` (300,000 characters).").count(), 1, "{said}");
    }
}

#[test]
fn a_reference_to_nothing_says_what_there_is() {
    let home = Home::new();
    let done = home.run(&["prompt", "show", "tickets", "v9"]);
    assert_eq!(done.code, 2);
    assert_eq!(done.said, "rowsmith: There is no version `v9` of the prompt `main`; it has v1.\n");
    assert_eq!(text(&home.lines(&["prompt", "list", "tickets", "--json"])[0], "name"), "main");
}

#[test]
fn a_file_without_a_user_part_and_a_list_of_prompts_are_refused() {
    let home = Home::new();
    for (name, content, words) in [
        ("empty.md", " \n\n", "has no user part"),
        ("front.md", "---\nsystem: Be brief.\n---\n", "has no user part"),
        ("late.md", "\n---\nsystem: Be brief.\n---\nWrite {{ n }}.\n", "first line of the file"),
        ("list.json", r#"["Write {{ n }}.", "Write {{ n }} more."]"#, "list in JSON"),
        (
            "promptfooconfig.yaml",
            "prompts:\n  - Write {{ n }}\nproviders:\n  - x\n",
            "configuration of promptfoo",
        ),
    ] {
        home.write(name, content);

        let done = home.run(&["prompt", "add", "tickets", name]);

        assert!(done.code == 2 && done.said.contains(words), "{name}: {} {}", done.code, done.said);
    }
    assert_eq!(home.lines(&["prompt", "list", "tickets", "--json"]).len(), 1);
}

#[test]
fn places_of_erb_and_the_marks_of_a_chat_are_told_when_they_are_added() {
    let home = Home::new();
    home.write("p.erb", "Write <%= n %> messages of {{ label }}.");
    home.write(
        "chat.txt",
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n{{ n }} of {{ label }}<|im_end|>\n",
    );

    let erb = home.ok(&["prompt", "add", "tickets", "p.erb"]).said;
    let chat = home.ok(&["prompt", "add", "tickets", "chat.txt"]).said;

    assert!(erb.contains("ERB, EJS or JSP"), "{erb}");
    assert!(chat.contains("begins a turn of a chat"), "{chat}");
}

#[test]
fn the_next_version_is_asked_for_once_from_what_was_rejected_and_changes_nothing() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "10"]);
    home.ok(&["reject", "tickets", "--filter", "number<=3", "--reason", "sounds alike"]);
    let server = ModelServer::start(Manner::Prompt);
    let asks = [
        "prompt",
        "suggest",
        "tickets",
        "--provider",
        "openai",
        "--base-url",
        server.url(),
        "--model",
        "tiny",
    ];

    let printed = home.ok(&asks);
    let written = home.ok(&[&asks[..], &["--out", "next.md"]].concat());

    assert!(printed.out.contains("Write {{ n }} lively messages."), "{}", printed.out);
    assert!(printed.said.contains("asked for the next version of main@v1: 150 tokens"), "{}", printed.said);
    assert!(written.out.contains("+ Write {{ n }} lively messages."), "{}", written.out);
    assert_eq!(home.lines(&["prompt", "list", "tickets", "--json"]).len(), 1, "nothing is changed by itself");
    let sent = server.requests();
    let last = sent.iter().rfind(|body| body.contains("messages")).unwrap();
    assert!(last.contains("sounds alike (3)") && !last.contains("response_format"), "{last}");
    let runs = home.lines(&["runs", "tickets", "--json"]);
    assert!(runs.iter().any(|run| run["requested"] == 0 && run["status"] == "done"), "{runs:?}");
    home.ok(&["prompt", "add", "tickets", "next.md"]);
}

#[test]
fn the_next_version_is_not_asked_for_beyond_a_budget_and_offline_lists_the_reasons() {
    let home = Home::new();
    home.ok(&["sample", "tickets", "-n", "5"]);
    home.ok(&["reject", "tickets", "--filter", "number<=2", "--reason", "sounds alike"]);
    let server = ModelServer::start(Manner::Prompt);

    let offline = home.ok(&["prompt", "suggest", "tickets"]);
    let refused = home.run(&[
        "prompt",
        "suggest",
        "tickets",
        "--provider",
        "openai",
        "--base-url",
        server.url(),
        "--model",
        "tiny",
        "--budget-tokens",
        "20",
    ]);

    assert!(offline.out.contains("2 × sounds alike"), "{}", offline.out);
    assert!(
        refused.code == 1 && refused.said.contains("The budget of 20 tokens is too small"),
        "{refused:?}"
    );
    assert!(!server.requests().iter().any(|body| body.contains("messages")), "nothing was sent");
}

#[test]
fn a_note_stands_in_the_list_with_the_parent_and_the_labels() {
    let home = Home::new();
    home.write("b.md", "Write {{ n }} messages of {{ label }}.");
    home.ok(&["prompt", "add", "tickets", "b.md"]);

    let noted = home.ok(&["prompt", "note", "tickets", "v2", "short", "and plain"]);

    assert_eq!(noted.out.trim(), "main@v2");
    let versions = home.lines(&["prompt", "list", "tickets", "--json"]);
    assert_eq!(
        (&versions[0]["note"], &versions[1]["note"]),
        (&serde_json::Value::Null, &"short and plain".into())
    );
    assert_eq!(versions[0]["labels"], serde_json::json!([]));
    assert_eq!(versions[1]["labels"], serde_json::json!(["latest"]));
    let list = home.ok(&["prompt", "list", "tickets"]).out;
    assert!(list.contains("  from v1  labels: latest  note: short and plain"), "{list}");
    home.ok(&["prompt", "note", "tickets", "v2"]);
    assert!(!home.ok(&["prompt", "list", "tickets"]).out.contains("note:"));
    assert_eq!(home.run(&["prompt", "note", "tickets", "v9", "x"]).code, 2);
}
