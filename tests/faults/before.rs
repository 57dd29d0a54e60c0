//! Stores of the version before: they say what they said, also where the one that makes them over is killed.
//!
//! `tests/fixtures/stores/` holds them, each with its session and with what the binary of that version printed of it,
//! made by `make.py` there. The present output may contain more, and must contain the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rowsmith::api::SplitMix64;
use serde_json::Value;

use crate::home::Home;
use crate::part::{Part, is_long};
use crate::script::{copy, strays};
use crate::terminal::Terminal;

/// The sizes that there are, in rows.
const SIZES: [usize; 2] = [200, 20_000];
/// A command that opens the store to write, and changes no row.
const OPENING: [&str; 4] = ["accept", "session", "--filter", "number>999999"];
/// What becomes of a run that was going on when its program was killed, as soon as the store is opened to write.
const OF_AN_END: [&str; 5] = ["status", "reason", "seconds", "ended_at", "remarks"];

/// A store of the version before, in a home of its own.
struct Kept {
    rows: usize,
    home: Home,
    said: PathBuf,
}

impl Kept {
    fn new(rows: usize) -> Self {
        let archive =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/stores/{rows}.tar.xz"));
        let home = Home::new();
        let unpacked = Command::new("tar").arg("-xf").arg(archive).current_dir(home.path()).status();
        assert!(unpacked.unwrap().success(), "`tar` and `xz` are needed");
        let said = home.path().join("said");
        Self { rows, home, said }
    }

    fn store(&self) -> PathBuf {
        self.home.path().join("session/.rowsmith")
    }

    /// Returns the same store in another home.
    fn again(&self) -> Self {
        let home = Home::new();
        copy(&self.home.path().join("session"), &home.path().join("session"));
        Self { rows: self.rows, home, said: self.said.clone() }
    }

    /// Returns the JSON documents, a line each, that the version before printed.
    fn before(&self, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.said.join(name)).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn count(&self, state: &str) -> u64 {
        self.before("rows.json")[0]["counts"][state].as_u64().unwrap_or(0)
    }

    fn printed(&self, args: &[&str]) -> Result<String, String> {
        let done = self.home.run(args);
        if done.code == 0 { Ok(done.out) } else { Err(format!("{args:?}: {done:?}")) }
    }

    /// Compares everything that can be read with what it was.
    fn says_the_same(&self) -> Result<(), String> {
        self.rows_are_the_same()?;
        for (name, args) in [
            ("log.jsonl", vec!["log", "session", "--json"]),
            ("prompts.jsonl", vec!["prompt", "list", "session", "--json"]),
            ("runs.jsonl", vec!["runs", "session", "--json"]),
        ] {
            self.is_the_same(name, &args)?;
        }
        // Each of these commands reads the whole store, which takes a large one some time.
        let runs = if self.rows == SIZES[0] { self.before("runs.jsonl").len() } else { 1 };
        for number in 1..=runs {
            let run = number.to_string();
            self.is_the_same(&format!("run-{run}.json"), &["runs", "session", &run, "--json"])?;
        }
        Ok(())
    }

    /// Compares checksums of blocks of rows, as lines of JSON with the keys that there were.
    fn rows_are_the_same(&self) -> Result<(), String> {
        let whole = self.before("rows.json").remove(0);
        let keys: Vec<&str> = whole["keys"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let block = usize::try_from(whole["block"].as_u64().unwrap()).unwrap();
        let lines: Vec<String> =
            self.printed(&["rows", "session", "--json"])?.lines().map(|line| known(line, &keys)).collect();
        let sums: Vec<String> = lines
            .chunks(block)
            .map(|lines| format!("{:08x}", crc32fast::hash(lines.concat().as_bytes())))
            .collect();
        let wanted: Vec<&str> = whole["sums"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        if sums == wanted {
            return Ok(());
        }
        let differ = sums.iter().zip(&wanted).position(|(sum, wanted)| sum != wanted);
        let first = differ.unwrap_or(sums.len().min(wanted.len())) * block;
        Err(format!(
            "of {} rows, those from {first} on are not what they were: {:?}",
            lines.len(),
            lines.get(first)
        ))
    }

    fn is_the_same(&self, name: &str, args: &[&str]) -> Result<(), String> {
        let mut before = self.before(name);
        for run in before.iter_mut().filter(|run| run["status"] == "running") {
            OF_AN_END.iter().for_each(|key| drop(run.as_object_mut().unwrap().remove(*key)));
        }
        let printed = self.printed(args)?;
        let now: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        difference(name, &before.into(), &now.into()).map_or(Ok(()), Err)
    }

    /// Opens the store to write, and checks that it is whole.
    fn opens(&self) -> Result<(), String> {
        self.printed(&OPENING)?;
        let verified = self.printed(&["store", "verify", "session"])?;
        if !verified.starts_with("whole: ") {
            return Err(verified);
        }
        let strays = strays(&self.store());
        if strays.is_empty() { Ok(()) } else { Err(format!("{strays:?} were left")) }
    }
}

/// Returns a row's line with the keys that the version before knew, and with its newline.
fn known(line: &str, keys: &[&str]) -> String {
    let mut row: Value = serde_json::from_str(line).unwrap();
    row.as_object_mut().unwrap().retain(|key, _| keys.contains(&key.as_str()));
    format!("{row}\n")
}

/// Returns where `now` lacks something of `before`.
fn difference(place: &str, before: &Value, now: &Value) -> Option<String> {
    match (before, now) {
        (Value::Object(before), Value::Object(now)) => before.iter().find_map(|(key, value)| {
            difference(&format!("{place}.{key}"), value, now.get(key).unwrap_or(&Value::Null))
        }),
        (Value::Array(before), Value::Array(now)) if before.len() == now.len() => {
            let mut pairs = before.iter().zip(now).enumerate();
            pairs.find_map(|(index, (before, now))| difference(&format!("{place}[{index}]"), before, now))
        }
        (before, now) => (before != now).then(|| format!("{place} was {before:.200} and is {now:.200}")),
    }
}

#[test]
fn a_store_of_the_version_before_says_what_it_said_before_it_is_opened_and_after() {
    for rows in SIZES {
        let (kept, without) = (Kept::new(rows), Kept::new(rows));
        fs::remove_dir_all(without.store().join("sled")).unwrap();
        for kept in [kept, without] {
            kept.says_the_same().unwrap();
            kept.opens().unwrap();
            kept.says_the_same().unwrap();
        }
    }
}

#[test]
fn a_store_of_the_version_before_is_on_the_screen_as_it_was() {
    for rows in SIZES {
        let kept = Kept::new(rows);
        let mut terminal = Terminal::start(kept.home.path(), &["open", "session"], (160, 45));
        for state in ["pending", "accepted", "rejected", "skipped"] {
            terminal.until(&format!("{} {state}", thousands(kept.count(state))));
        }
        terminal.until("Draft: ");
        terminal.press("q");
        assert_eq!(terminal.ended(), 0);
        kept.says_the_same().unwrap();
        kept.opens().unwrap();
    }
}

/// Returns a number as the screen shows it.
fn thousands(number: u64) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[test]
fn a_store_of_the_version_before_is_whole_after_a_kill_at_any_moment_of_its_first_opening() {
    let mut part = Part::begin("kill -9 of the first opening of a store of the version before", 5, 50);
    let mut random = SplitMix64::new(5);
    let kept = SIZES.map(Kept::new);
    let takes = kept.each_ref().map(|kept| {
        let copy = kept.again();
        let began = Instant::now();
        copy.printed(&OPENING).unwrap();
        began.elapsed()
    });
    for case in 0..part.cases() {
        // The large one takes its time.
        let size = if is_long() { case % 2 } else { usize::from(case == 1) };
        let copy = kept[size].again();
        let mut moments = vec![];
        // What was killed is opened again, and that may be killed too.
        for _ in 0..=random.below(3) {
            let after = takes[size].mul_f64(random.unit() * 1.1);
            open_and_kill(&copy, random.below(2) == 0, after);
            moments.push(after);
        }
        let how = format!("case {case}, {} rows, killed after {moments:?}", SIZES[size]);
        // A reader comes first: it makes nothing over.
        if let Err(what) = copy.says_the_same() {
            part.lost(format!("{how}, read: {what}"));
        } else if let Err(what) = copy.opens().and_then(|()| copy.says_the_same()) {
            part.lost(format!("{how}, opened: {what}"));
        }
        part.did();
    }
    part.end();
}

/// Opens a store in the workbench or with a command, and kills it after a while.
fn open_and_kill(kept: &Kept, on_the_screen: bool, after: Duration) {
    if on_the_screen {
        let mut terminal = Terminal::start(kept.home.path(), &["open", "session"], (160, 45));
        std::thread::sleep(after);
        terminal.kill();
        return;
    }
    let mut command = kept.home.command(&OPENING);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    // It may have ended before.
    let _ = child.kill();
    child.wait().unwrap();
}
