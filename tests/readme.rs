//! Keeps the README and the pages of `docs/` up to date: generates their tables, picture and
//! figures, runs their commands and checks their links.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "readme/commands.rs"]
mod commands;
#[path = "readme/links.rs"]
mod links;
#[path = "readme/page.rs"]
mod page;
#[path = "readme/picture.rs"]
mod picture;
#[path = "readme/shell.rs"]
mod shell;
#[path = "pty/terminal.rs"]
#[expect(dead_code, reason = "the picture needs only a part of it")]
mod terminal;

use std::path::Path;

use rowsmith::api::TextHash;
use rowsmith::api::session_file;
use rowsmith::api::{Keymap, guide};

use page::{block, fences, hold, hold_but_for, pages};
use shell::Shell;

/// The number of first rows of a fresh session that were read for `docs/models.md`, and their hash.
const READ: (usize, &str) = (50, "549d36f5c4e377e5");

/// The most lines of the README: people read a short one to its end.
const LONGEST_README: usize = 250;

#[test]
fn the_readme_is_short() {
    let pages = pages();
    let (_, readme) = pages.iter().find(|(path, _)| path == Path::new("README.md")).unwrap();
    let lines = readme.lines().count();
    assert!(lines <= LONGEST_README, "README.md has {lines} lines; {LONGEST_README} is the most");
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut links = 0;
    for (path, page) in &pages() {
        for (number, target) in links::relative(page) {
            links += 1;
            faults.extend(links::fault(root, path, number, target));
        }
    }
    assert!(links > 10, "the links were not found");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_page_of_the_docs_can_be_reached_from_the_readme() {
    let pages = pages();
    let (_, readme) = pages.iter().find(|(path, _)| path == Path::new("README.md")).unwrap();
    let linked: Vec<_> = links::relative(readme).into_iter().map(|(_, target)| target).collect();
    for (path, _) in &pages {
        let name = path.to_str().unwrap();
        assert!(name == "README.md" || linked.contains(&name), "README.md has no link to {name}");
    }
}

#[test]
fn the_key_table_is_the_one_that_the_program_has() {
    hold("keys", &guide::markdown(&Keymap::default()));
}

#[test]
fn the_command_table_says_what_the_help_says() {
    hold("commands", &commands::table());
}

#[test]
fn the_picture_is_what_the_screen_shows() {
    let home = tempfile::tempdir().unwrap();
    let wanted = format!("```text\n{}\n```\n", picture::take(home.path()));
    hold_but_for("picture", &wanted, picture::without_chance);
}

#[test]
fn every_setting_of_the_session_file_is_one_that_the_program_reads() {
    let text = fences(&block("session"), "toml").concat();
    let in_force: Vec<_> = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        .collect();

    for text in [text.clone(), in_force.join("\n")] {
        let session = session_file::parse(&text, Path::new("session.toml")).unwrap();
        assert_eq!(session.target.label, "spam");
        assert!(session.variables.contains_key("topic"));
    }
}

#[test]
fn every_command_of_the_tour_runs() {
    let Some(shell) = Shell::new() else { return };
    shell.write_messages("messages.csv");

    let said = shell.run(&fences(&block("tour"), "sh").concat());

    assert!(said.contains("accepted rows, the first:"), "{said}");
    assert!(said.contains("('synthetic', 'spam')"), "{said}");
}

#[test]
fn the_tour_runs_on_the_bundled_messages_as_well() {
    let Some(shell) = Shell::new() else { return };
    shell.link("sessions");

    let said = shell.run(&[fences(&block("messages"), "sh"), fences(&block("tour"), "sh")].concat().concat());

    assert!(said.contains("accepted rows, the first:"), "{said}");
    assert!(said.contains("('real', 'spam'): 48"), "{said}");
}

#[test]
fn the_figures_of_the_offline_generator_are_those_that_its_command_prints() {
    let Some(shell) = Shell::new() else { return };
    let script = fences(&block("figures"), "sh").concat();

    let said = shell.run(&script);

    hold("figures", &format!("```sh\n{script}```\n\n```text\n{said}```\n"));
}

#[test]
fn the_rows_that_were_read_are_the_rows_that_come() {
    let Some(shell) = Shell::new() else { return };
    let rows = shell.run(&format!("rowsmith sample tickets -n {}\nrowsmith rows tickets --json\n", READ.0));

    let texts: Vec<String> = rows
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["fields"]["text"].to_string())
        .collect();

    assert_eq!(texts.len(), READ.0);
    assert_eq!(
        TextHash::of(&texts.join("\n")).to_string(),
        READ.1,
        "the offline generator writes other rows than those that were read for docs/models.md: read the first {} again, \
         and mend the count there and this hash",
        READ.0
    );
}
