//! The table of commands, generated from the output of `-h`.

use std::fmt::Write as _;
use std::process::Command;

/// The parts of a command's help.
#[derive(Debug, Default)]
struct Help {
    usage: String,
    /// Subcommands, each with its description.
    commands: Vec<(String, String)>,
    /// Its own options, as the help writes them.
    options: Vec<String>,
}

/// Returns the table in Markdown: every command with its description and its own options.
pub(crate) fn table() -> String {
    let mut table = String::from("| command | what it does | options |\n|---|---|---|\n");
    for (name, about) in help(&[]).commands {
        add(&mut table, &[&name], &about);
    }
    table
}

fn add(table: &mut String, words: &[&str], about: &str) {
    let help = help(words);
    for (name, about) in &help.commands {
        add(table, &[words, &[name]].concat(), about);
    }
    if help.commands.is_empty() {
        let usage = help.usage.replace(" [OPTIONS]", "").replace(['<', '>'], "").replace('|', "\\|");
        let own = help.options.iter().filter(|option| !usage.contains(option.as_str()));
        let own: Vec<_> = own.map(|option| format!("`{option}`")).collect();
        writeln!(table, "| `{usage}` | {about} | {} |", own.join(" ")).unwrap();
    }
}

fn help(words: &[&str]) -> Help {
    let output = Command::new(env!("CARGO_BIN_EXE_rowsmith"))
        .args(words)
        .arg("-h")
        .env_clear()
        // Wide enough that no line is wrapped.
        .env("COLUMNS", "1000")
        .output()
        .unwrap();
    parse(&String::from_utf8(output.stdout).unwrap())
}

fn parse(text: &str) -> Help {
    let mut help = Help::default();
    let mut section = "";
    for line in text.lines() {
        if let Some(usage) = line.strip_prefix("Usage: ") {
            usage.clone_into(&mut help.usage);
        } else if !line.starts_with(' ') {
            section = line;
        } else if let Some((head, about)) = line.trim().split_once("  ") {
            match section {
                "Commands:" => help.commands.push((head.to_owned(), about.trim().to_owned())),
                "Arguments:" | "Options of every command:" => {}
                // The options of a group stand under a heading of their own.
                _ if head.starts_with('-') => help.options.push(option(head)),
                _ => {}
            }
        }
    }
    help.options.retain(|option| !["--help", "--version"].contains(&option.as_str()));
    help
}

/// Returns an option's long name and value, as the usage writes them: `--limit N`.
fn option(head: &str) -> String {
    let long = head.split_once(", ").map_or(head, |(_, long)| long);
    long.replace(['<', '>'], "")
}

#[test]
fn a_help_is_read_by_its_sections() {
    let help = parse(
        "List.\n\nUsage: rowsmith rows [OPTIONS] <SESSION>\n\nArguments:\n  <SESSION>  A folder\n\nOptions:\n  \
         -n <ROWS>    How many\n      --json   Print\n  -h, --help   Help\n\nGenerator:\n      --model <M>  The model\n\nOptions of every command:\n  --store <DIR>  It\n",
    );
    assert_eq!(help.usage, "rowsmith rows [OPTIONS] <SESSION>");
    assert_eq!(help.options, ["-n ROWS", "--json", "--model M"]);
}
