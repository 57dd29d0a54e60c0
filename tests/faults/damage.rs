//! Each file of a session and of its store is damaged: either everything is there all the same, or an error names
//! the damage and nothing was changed. Nothing panics.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rowsmith::api::{
    Change, Event, Fact, Request, RequestNumber, RowNumber, RowSet, SplitMix64, StoreSettings, Timestamp,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::home::{Done, Home};
use crate::part::Part;
use crate::script::{Opened, copy, folder, open, tree};
use crate::terminal::Terminal;

/// Small enough for the decisions of the session to fill several segments.
const SEGMENT: u64 = 4000;
/// What only the screen reads.
const OF_THE_SCREEN: [&str; 4] = ["draft.json", "replaced.json", "screen.json", "settings.json"];

/// A session with a store that has a file of every kind.
struct Whole {
    folder: TempDir,
    home: Home,
    rows: BTreeMap<String, Value>,
    /// A row that nobody decided on.
    pending: String,
    files: Vec<PathBuf>,
}

impl Whole {
    fn new() -> Self {
        let (folder, home) = (folder(), Home::new());
        home.small_session();
        let made = home.path().join("small");
        home.ok(&["sample", "small", "-n", "10"]);
        home.ok(&["sample", "small", "-n", "4"]);
        home.ok(&["accept", "small", "--filter", "number<=4", "--rating", "4", "--tag", "good"]);
        home.ok(&["prompt", "use", "small", "v1"]);
        decide(&made.join(".rowsmith"));
        let mut terminal = Terminal::start(home.path(), &["open", "small"], (160, 45));
        terminal.until("pending");
        terminal.press("iA draft. ");
        terminal.until("A draft.");
        terminal.press("\x1b");
        terminal.until_true("the rows", |text| text.contains("a accept"));
        terminal.press("q");
        assert_eq!(terminal.ended(), 0);
        fs::write(made.join(".rowsmith/settings.json"), "{\"v\":1,\"settings\":{\"rows\":5}}\n").unwrap();
        let session = folder.path().join("session");
        copy(&made, &session);
        fs::copy(home.path().join("small.csv"), session.join("small.csv")).unwrap();
        let written = fs::read_to_string(session.join("session.toml")).unwrap();
        let path = written.lines().find(|line| line.starts_with("path")).unwrap();
        fs::write(session.join("session.toml"), written.replace(path, "path = \"small.csv\"")).unwrap();

        let rows = rows(&home.ok(&["rows", session.to_str().unwrap(), "--json"]));
        let pending = rows.iter().find(|(_, row)| row["state"] == "pending").unwrap().0.clone();
        let files: Vec<PathBuf> =
            tree(&session).into_iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path).collect();
        let is_there = |name: &str| files.iter().any(|path| path.to_string_lossy().contains(name));
        for name in ["000003.jsonl", "sled/db", "texts/", "draft.json", "screen.json", "session.toml", ".csv"]
        {
            assert!(is_there(name), "{name} is not among {files:?}");
        }
        Self { folder, home, rows, pending, files }
    }
}

/// Decides on rows, one by one, into small segments, and adds a request whose messages are a file of their own.
fn decide(store: &Path) {
    let settings = || StoreSettings { segment_bytes: SEGMENT, ..StoreSettings::default() };
    let Opened { mut store, mut projection, .. } = open(store, settings).unwrap();
    let asked = projection.requests().last().unwrap().clone();
    let first = u32::try_from(projection.requests().count()).unwrap();
    let messages = store.keep("Mind this and that. ".repeat(4000));
    let mut add = |event| {
        let fact = Fact::new(projection.next_operation(), Timestamp(2_000_000), event);
        store.append(std::slice::from_ref(&fact)).unwrap();
        store.follow(&projection.apply(&fact));
    };
    let request = Request { number: RequestNumber(first), ..asked };
    add(Event::RequestBegan { request, messages });
    for n in 0..40 {
        let rows = RowSet::one(RowNumber(4 + n % 6));
        let change = if n % 3 == 0 { Change::reject() } else { Change::skip() };
        add(Event::Changed { rows, change, bulk: false });
    }
    store.close(&projection);
}

/// Returns what a person said of each row, by its id; flags follow the dataset and may change with it.
fn rows(done: &Done) -> BTreeMap<String, Value> {
    let said = |mut row: Value| {
        let keys =
            ["state", "rating", "tags", "reason", "label", "fields", "original", "number", "decided_at"];
        let id = row["id"].as_str().unwrap().to_owned();
        (id, keys.iter().map(|key| ((*key).to_owned(), row[*key].take())).collect())
    };
    done.lines().into_iter().map(said).collect()
}

/// Damages a file, and returns how.
fn damage(path: &Path, session: &Path, random: &mut SplitMix64, other: &Path) -> String {
    let mut bytes = fs::read(path).unwrap();
    // What is never written at the end of sled's file is no damage.
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let how = match random.below(10) {
        0 => {
            fs::remove_file(path).unwrap();
            return "removed".into();
        }
        1 => {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
            return "replaced by a folder".into();
        }
        2 => {
            let other = session.join(other);
            let bytes = [fs::read(path).unwrap(), fs::read(&other).unwrap()];
            fs::write(path, &bytes[1]).unwrap();
            fs::write(&other, &bytes[0]).unwrap();
            return format!("swapped with {}", other.display());
        }
        3 => {
            bytes.truncate(random.below(used));
            format!("cut to {} bytes", bytes.len())
        }
        4 => {
            bytes.clear();
            "emptied".into()
        }
        5 => {
            bytes.truncate(used);
            bytes.extend((0..=random.below(300)).map(|n| u8::try_from(n * 37 % 251).unwrap()));
            "appended to".into()
        }
        6 => {
            let from = random.below(used);
            let to = bytes.len().min(from + 1 + random.below(600));
            bytes[from..to].fill(0);
            format!("zeroed from {from} to {to}")
        }
        _ => {
            let at = random.below(used);
            let bit = random.below(8);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
            format!("bit {bit} of byte {at} flipped")
        }
    };
    fs::write(path, bytes).unwrap();
    how
}

#[test]
fn damage_of_any_file_loses_nothing_unsaid() {
    let mut part = Part::begin("damage of files", 25, 500);
    let whole = Whole::new();
    for case in 0..part.cases() {
        let mut random = SplitMix64::new(case as u64);
        damaged(&mut part, &whole, case, &mut random);
        part.did();
    }
    part.end();
}

fn damaged(part: &mut Part, whole: &Whole, case: usize, random: &mut SplitMix64) {
    let folder = folder();
    let session = folder.path().join("session");
    copy(&whole.folder.path().join("session"), &session);
    let name = &whole.files[case % whole.files.len()];
    let other = &whole.files[random.below(whole.files.len())];
    let how = damage(&session.join(name), &session, random, other);
    let how = format!("case {case}, {} {how}", name.display());
    let asked = session.to_str().unwrap();

    let before = tree(&session);
    let read = whole.home.run(&["rows", asked, "--json"]);
    let is_read = judged(part, &read, &format!("{how}: rows"));
    if is_read && rows(&read) != whole.rows {
        part.lost(format!("{how}: other rows were read"));
    }
    let verified = whole.home.run(&["store", "verify", asked]);
    let is_whole = judged(part, &verified, &format!("{how}: verify"));
    let is_as_it_was =
        fs::read(session.join(name)).ok() == fs::read(whole.folder.path().join("session").join(name)).ok();
    if is_whole && name.starts_with(".rowsmith/texts") && !is_as_it_was {
        part.lost(format!("{how}: verify did not see it"));
    }
    unchanged(part, &before, &session, |path| path == Path::new(".rowsmith/store.lock"), &how, "reading");
    if OF_THE_SCREEN.iter().any(|of_it| name.ends_with(of_it)) {
        look(part, whole, asked, &how);
    }

    let before = tree(&session);
    let written = whole.home.run(&["accept", asked, &whole.pending, "--tag", "after"]);
    if judged(part, &written, &format!("{how}: accept")) {
        went_on(part, whole, asked, &how);
    } else {
        // What is a cache, and says less where it is gone; and where the session lies, which is another place here.
        let caches = ["store.lock", "reached.segments", "reached", "session.json"];
        let may_change = |path: &Path| {
            path.starts_with(".rowsmith/sled") || caches.iter().any(|name| path.ends_with(name))
        };
        unchanged(part, &before, &session, may_change, &how, "a refusal");
    }
}

/// Returns whether a command ended well; one that did not says why, in words and without a panic.
fn judged(part: &mut Part, done: &Done, how: &str) -> bool {
    let said = format!("{}{}", done.out, done.said);
    if said.contains("panicked") || !(0..=3).contains(&done.code) {
        part.wrong(format!("{how} ended with {}: {}", done.code, done.said));
    }
    if done.code != 0 && said.trim().is_empty() {
        part.wrong(format!("{how} ended with {} and said nothing", done.code));
    }
    done.code == 0
}

/// Everything that was there is as it was.
fn unchanged(
    part: &mut Part,
    before: &BTreeMap<PathBuf, Option<Vec<u8>>>,
    session: &Path,
    may_change: impl Fn(&Path) -> bool,
    how: &str,
    what: &str,
) {
    let now = tree(session);
    let changed = before.iter().filter(|(path, bytes)| !may_change(path) && now.get(*path) != Some(bytes));
    let changed: Vec<_> = changed.map(|(path, _)| path).collect();
    if !changed.is_empty() {
        part.wrong(format!("{how}: {what} changed {changed:?}"));
    }
}

/// The screen opens, or says why not, and is left.
fn look(part: &mut Part, whole: &Whole, session: &str, how: &str) {
    let mut terminal = Terminal::start(whole.home.path(), &["open", session], (160, 45));
    terminal.until_true("the workbench or an error", |text| text.contains("pending") || text.contains('.'));
    terminal.settled(std::time::Duration::from_millis(30));
    terminal.press("q");
    let code = terminal.ended();
    if code > 3 || terminal.text().contains("panicked") {
        part.wrong(format!("{how}: the screen ended with {code}: {}", terminal.text()));
    }
}

/// After a write that ended well everything is there, with what was written.
fn went_on(part: &mut Part, whole: &Whole, session: &str, how: &str) {
    let read = whole.home.run(&["rows", session, "--json"]);
    if !judged(part, &read, &format!("{how}: rows after accept")) {
        return part.lost(format!("{how}: accept ended well, then: {}", read.said));
    }
    let now = rows(&read);
    let others = |rows: &BTreeMap<String, Value>| {
        let others = rows.iter().filter(|(id, _)| **id != whole.pending);
        others.map(|(id, row)| (id.clone(), row.clone())).collect::<Vec<_>>()
    };
    if others(&now) != others(&whole.rows) {
        part.lost(format!("{how}: other rows after accept"));
    }
    if now
        .get(&whole.pending)
        .is_none_or(|row| row["state"] != "accepted" || row["tags"] != serde_json::json!(["after"]))
    {
        part.falsely_saved(format!("{how}: what accept said is not there"));
    }
}
