//! Tests the architecture: which module (*room* in ARCHITECTURE.md) may use which, and how long a
//! file may be.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may use. A room uses only rooms on floors below its own.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &[]),
    // The process has one umask, and each room that makes files has to know of it.
    ("own_files", &[]),
    // Reading what other people wrote ends, wherever a path leads.
    ("files", &[]),
    // Crates panic on damaged files; the hook for panics has to know which panics are caught.
    ("caught", &[]),
    // What is worth both cores and ends with the call.
    ("parallel", &[]),
    // Both exports and imports hold Parquet, and neither should know how such a file is made.
    ("table", &["files", "caught"]),
    ("template", &["domain", "text"]),
    // A dataset may be a table in Parquet.
    ("dataset", &["domain", "files", "text", "table"]),
    // A file to import is read as a dataset is: how it is written is found out in one way only.
    ("import", &["domain", "files", "text", "table", "dataset"]),
    // Folders of requests are written and files of results read; what a request says is not its business.
    ("batch", &["domain", "files", "text", "own_files"]),
    ("generate", &["domain", "files", "text"]),
    ("store", &["domain", "files", "text", "own_files", "caught"]),
    ("config", &["domain", "files", "text", "own_files"]),
    // Facets are counted over all rows, and a filter is looked for in a million rows while it is typed.
    ("curate", &["domain", "text", "parallel"]),
    // Figures of diversity go through all rows, several times.
    ("measure", &["domain", "text", "parallel"]),
    // Which classifier is fitted is part of what an evaluation is; a person may stop a fit.
    ("classify", &["domain", "text"]),
    // The JSON of a version carries its acceptance, which is computed in one place only.
    // Before a folder is replaced, its manifest is read; and a file that has entries of others as well.
    ("export", &["domain", "files", "text", "own_files", "measure", "table", "parallel"]),
    (
        "workbench",
        &[
            "domain",
            "files",
            "text",
            "template",
            "dataset",
            "generate",
            "store",
            "config",
            "curate",
            "measure",
            "classify",
            "export",
            "import",
            "own_files",
            "parallel",
            "batch",
        ],
    ),
    ("app", &["domain", "text", "template", "config", "curate"]),
    // The strip and the panes show an acceptance with its interval.
    ("ui", &["domain", "text", "template", "measure", "app"]),
    // The engine runs under the screen and the command line, and knows neither.
    (
        "engine",
        &[
            "domain",
            "files",
            "text",
            "template",
            "dataset",
            "generate",
            "store",
            "config",
            "curate",
            "measure",
            "workbench",
            "own_files",
            // Results are worked on by both cores while the ones before are written.
            "parallel",
            "batch",
        ],
    ),
    // It owns the terminal and carries out effects; it samples nothing, so it knows no generator.
    (
        "runtime",
        &[
            "domain",
            "files",
            "text",
            "store",
            "dataset",
            "config",
            "curate",
            "workbench",
            "app",
            "ui",
            "engine",
            "own_files",
        ],
    ),
    // What a fuzzer calls; compiled for it and for tests only.
    (
        "fuzz",
        &[
            "domain", "text", "template", "dataset", "import", "generate", "store", "config", "curate",
            "app", "ui",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "files",
            "text",
            "template",
            "dataset",
            "generate",
            "store",
            "config",
            "curate",
            "measure",
            "export",
            "workbench",
            "app",
            "ui",
            "engine",
            "runtime",
            "own_files",
        ],
    ),
];

/// Crates that only some rooms may name.
const CRATES: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    ("reqwest", &["generate"]),
    ("rustls", &["generate"]),
    ("minijinja", &["template"]),
    ("minijinja_contrib", &["template"]),
    ("granit_parser", &["template"]),
    // `generate` waits on its clock and spawns nothing.
    ("tokio", &["generate", "engine", "runtime", "cli"]),
    ("tokio_util", &["engine", "runtime", "cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("tui_textarea", &["app", "ui"]),
    ("ratatui", &["app", "ui", "runtime"]),
    ("crossterm", &["app", "runtime"]),
    ("csv", &["dataset", "export"]),
    ("miniz_oxide", &["measure"]),
    ("regex", &["curate"]),
    ("parquet", &["table"]),
    ("toml", &["config", "template", "app", "ui"]),
];

const LONGEST_FILE: usize = 400;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn all_sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string()
}

/// Returns the room that a file belongs to; `None` for the crate's root files.
fn room_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("src/")?;
    let room = rest.split(['/', '.']).next()?;
    (room != "lib" && room != "main").then_some(room)
}

/// Returns whether a file is a test module, or is used by tests only.
fn is_test(path: &str) -> bool {
    path.split(['/', '.']).any(|part| ["tests", "fixture", "fixtures", "canned", "testing"].contains(&part))
}

/// Returns a file's numbered lines of code, without its test module and comments.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    let following = text.lines().skip(1);
    let is_test = |(line, next): (&str, &str)| line == "#[cfg(test)]" && next.starts_with("mod tests");
    let end = text.lines().zip(following).position(is_test).unwrap_or(usize::MAX);
    lines
        .take_while(move |(number, _)| *number <= end)
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Returns the names that follow `marker` where it is at the start of a word.
fn names_after<'a>(line: &'a str, marker: &'a str) -> impl Iterator<Item = &'a str> {
    line.match_indices(marker).filter_map(move |(at, _)| {
        let before = line[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            return None;
        }
        let rest = &line[at + marker.len()..];
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        Some(&rest[..end])
    })
}

/// Returns the uses in one file that the tables do not allow, one sentence each.
fn faults(path: &str, text: &str) -> Vec<String> {
    let Some(room) = room_of(path) else { return Vec::new() };
    if is_test(path) {
        return Vec::new();
    }
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{path}: the room {room} stands on no floor; add it to the list")];
    };
    let mut faults = Vec::new();
    for (number, line) in code(text) {
        for used in names_after(line, "crate::") {
            let known = ROOMS.iter().any(|(name, _)| *name == used);
            if known && used != room && !allowed.contains(&used) {
                faults.push(format!("{path}:{number}: {room} may not use {used}"));
            }
        }
        for (krate, rooms) in CRATES {
            let used = names_after(line, &format!("{krate}::")).next().is_some()
                || line.trim() == format!("use {krate};");
            if used && !rooms.contains(&room) {
                faults.push(format!("{path}:{number}: {room} may not use the crate {krate}"));
            }
        }
    }
    faults
}

#[test]
fn no_arrow_runs_up() {
    let mut found = Vec::new();
    for path in all_sources() {
        found.extend(faults(&shown(&path), &fs::read_to_string(&path).unwrap()));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_engine_knows_no_front_and_the_screen_samples_nothing() {
    let may_use = |room: &str| ROOMS.iter().find(|(name, _)| *name == room).unwrap().1;
    for front in ["app", "ui", "runtime", "cli"] {
        assert!(!may_use("engine").contains(&front), "engine may use {front}");
    }
    for below in ["generate", "export"] {
        assert!(!may_use("runtime").contains(&below), "runtime may use {below}");
    }
    let wrong = "use crate::app::Message;\nuse crate::generate::Generator;\n";
    assert_eq!(faults("src/engine/start.rs", wrong), ["src/engine/start.rs:1: engine may not use app"]);
    assert_eq!(faults("src/runtime/runs.rs", wrong), ["src/runtime/runs.rs:2: runtime may not use generate"]);
}

#[test]
fn a_file_holds_one_idea() {
    let long: Vec<_> = all_sources()
        .iter()
        .map(|path| (shown(path), fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{path}: {lines} lines are two ideas; {LONGEST_FILE} is the most"))
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn there_is_one_wire() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let packages: Vec<_> = lock.lines().filter_map(|line| line.strip_prefix("name = ")).collect();
    assert!(packages.contains(&"\"reqwest\""), "the packages were not found");
    // The providers' dialects are implemented here, over reqwest, in HTTP/1.1 and UTF-8.
    for gone in ["\"genai\"", "\"h2\"", "\"encoding_rs\""] {
        assert!(!packages.contains(&gone), "{gone} is among the packages again");
    }
}

#[test]
fn no_folder_has_a_mod_file() {
    let found: Vec<_> = all_sources().into_iter().filter(|path| path.ends_with("mod.rs")).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn an_arrow_up_is_named_with_its_line() {
    let text =
        "//! use crate::store\nuse crate::domain::Row;\nlet x = crate::store::open();\nuse sled::Db;\n";
    assert_eq!(
        faults("src/ui/pane/rows.rs", text),
        [
            "src/ui/pane/rows.rs:3: ui may not use store",
            "src/ui/pane/rows.rs:4: ui may not use the crate sled"
        ]
    );
}

#[test]
fn what_only_tests_use_is_not_an_arrow() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n use crate::store::Store;\n}\n";
    assert!(faults("src/ui/a.rs", text).is_empty());
}
