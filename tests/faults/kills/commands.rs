//! Each command that changes a session is killed at any moment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rowsmith::api::{Projection, Reader, SplitMix64, StoreSettings};

use crate::home::Home;
use crate::part::Part;
use crate::script::{Opened, open, strays, tree};

/// What is done; each is a phase that a kill may hit.
const PHASES: [&str; 8] = ["decide", "bulk", "sample", "edit", "export", "undo", "sled made again", "prompt"];

/// What a person did, by row: state, rating, tags, label and text.
type Rows = BTreeMap<String, String>;

fn rows(projection: &Projection) -> Rows {
    let told = |row: &rowsmith::api::Projection| {
        row.rows()
            .map(|row| {
                let mark = row.mark();
                let said = format!("{:?} {:?} {} {}", mark.state, mark.tags, row.label(), row.text());
                (row.id().to_string(), said)
            })
            .collect()
    };
    told(projection)
}

struct Killing {
    home: Home,
    session: String,
    store: PathBuf,
    random: SplitMix64,
    /// How long each phase takes.
    takes: BTreeMap<&'static str, Duration>,
}

impl Killing {
    fn new() -> Self {
        let home = Home::new();
        let session = home.small_session();
        home.ok(&["sample", &session, "-n", "12"]);
        let store = PathBuf::from(home.ok(&["store", "path", &session]).out.trim_end());
        Self { home, session, store, random: SplitMix64::new(3), takes: BTreeMap::new() }
    }

    fn read(&self) -> Result<Projection, String> {
        Reader::open(&self.store).map(|(_, projection)| projection).map_err(|error| error.to_string())
    }

    /// Returns the arguments of a phase.
    fn arguments(&mut self, phase: &str, case: usize, before: &Rows) -> Vec<String> {
        let ids: Vec<&String> = before.keys().collect();
        let id = (*self.random.choose(&ids).unwrap()).clone();
        let verb = ["accept", "reject", "skip"][self.random.below(3)];
        let words: Vec<String> = match phase {
            "decide" => vec![verb.into(), id, "--tag".into(), format!("t{case}")],
            "bulk" | "sled made again" => {
                vec![verb.into(), "--filter".into(), "state:any".into(), "--tag".into(), format!("t{case}")]
            }
            "sample" => vec!["sample".into(), "-n".into(), "3".into()],
            "edit" => {
                vec!["edit".into(), id, "--set".into(), format!("text=Words of case {case}, no others.")]
            }
            "export" => {
                let out = format!("out-{case}.jsonl");
                ["export", "--format", "jsonl", "--with-real", "--out", &out].map(str::to_owned).to_vec()
            }
            "undo" => vec!["undo".into()],
            _ => {
                let text = format!("Write texts, take {case}.");
                let file = self.home.write("prompt.txt", text);
                vec!["prompt".into(), "add".into(), file.to_str().unwrap().into()]
            }
        };
        let after_verb = if phase == "prompt" { 2 } else { 1 };
        [&words[..after_verb], std::slice::from_ref(&self.session), &words[after_verb..]].concat()
    }

    /// Runs a command, kills it at a random moment, and returns whether it had ended well by then.
    fn run_and_kill(&mut self, phase: &'static str, arguments: &[String]) -> bool {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = self.home.command(&arguments);
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let mut child = quiet.spawn().unwrap();
        let Some(takes) = self.takes.get(phase) else {
            assert!(child.wait().unwrap().success(), "{arguments:?}");
            self.takes.insert(phase, began.elapsed());
            return true;
        };
        std::thread::sleep(takes.mul_f64(self.random.unit() * 1.1));
        let ended = child.try_wait().unwrap();
        // It may have ended between the two.
        let _ = child.kill();
        child.wait().unwrap();
        ended.is_some_and(|status| status.success())
    }
}

#[test]
fn a_command_that_is_killed_loses_nothing_and_does_all_or_nothing() {
    let mut part = Part::begin("kill -9 of commands", 27, 400);
    let (mut killing, mut cut) = (Killing::new(), 0);
    // The first of each phase is not killed, to learn how long it takes.
    for case in 0..part.cases() + PHASES.len() {
        let phase = PHASES[case % PHASES.len()];
        let before = killing.read().unwrap();
        let arguments = killing.arguments(phase, case, &rows(&before));
        if phase == "sled made again" {
            // It may be gone already.
            let _ = std::fs::remove_dir_all(killing.store.join("sled"));
        }
        let ended = killing.run_and_kill(phase, &arguments);
        cut += usize::from(!ended);
        let how = format!("case {case}, {phase}, {arguments:?}, ended: {ended}");
        if let Some(after) = opened(&mut part, &killing.store, &how) {
            compare(&mut part, phase, &before, &after, ended, &how);
        }
        if phase == "export" {
            whole_or_none(&mut part, &killing.home.path().join(format!("out-{case}.jsonl")), ended, &how);
        }
        if case >= PHASES.len() {
            part.did();
        }
    }
    assert!(cut > part.cases() / 4, "only {cut} of the kills came in time");
    part.end();
}

/// Opens the store as the next command does, and checks that nothing is left that does not belong there.
fn opened(part: &mut Part, store: &Path, how: &str) -> Option<Projection> {
    match open(store, StoreSettings::default) {
        Ok(Opened { store: opened, projection, report }) => {
            opened.close(&projection);
            let strays = strays(store);
            if !strays.is_empty() {
                part.wrong(format!("{how}: {strays:?} were left, {report}"));
            }
            Some(projection)
        }
        Err(error) => {
            part.lost(format!("{how}: {error}"));
            None
        }
    }
}

/// A command has done everything, or nothing; sampling keeps each request whose rows came.
fn compare(part: &mut Part, phase: &str, before: &Projection, after: &Projection, ended: bool, how: &str) {
    let (old, new) = (rows(before), rows(after));
    if let Some(gone) = old.keys().find(|id| !new.contains_key(*id)) {
        return part.lost(format!("{how}: row {gone} is gone"));
    }
    let changed = old.iter().filter(|(id, said)| new[*id] != **said).count();
    let (versions, operations) = (
        after.versions().len() - before.versions().len(),
        after.operations().count() - before.operations().count(),
    );
    let (least, most) = match phase {
        "decide" | "edit" => (1, 1),
        "bulk" | "sled made again" => (old.len(), old.len()),
        "undo" => (0, old.len()),
        _ => (0, 0),
    };
    if changed > most || (changed > 0 && changed < least) {
        part.wrong(format!("{how}: {changed} rows changed, {least} to {most} expected"));
    }
    let is_done = match phase {
        "decide" | "bulk" | "sled made again" | "edit" => changed > 0,
        "sample" => new.len() == old.len() + 3,
        "prompt" => versions == 1,
        "undo" => operations == 1,
        _ => true,
    };
    if ended && !is_done {
        part.lost(format!("{how}: it ended well, and nothing of it is there"));
    }
}

/// An exported file is there whole, or not at all; nothing half is left beside it once the command ended.
fn whole_or_none(part: &mut Part, out: &Path, ended: bool, how: &str) {
    let Ok(text) = std::fs::read_to_string(out) else {
        if ended {
            part.lost(format!("{how}: no file"));
        }
        return;
    };
    if !text.ends_with('\n')
        || text.lines().any(|line| serde_json::from_str::<serde_json::Value>(line).is_err())
    {
        part.wrong(format!("{how}: the file is half written"));
    }
    let beside = tree(out.parent().unwrap()).into_keys().filter(|name| name.components().count() == 1);
    let left: Vec<_> = beside.filter(|name| name.to_string_lossy().contains("tmp")).collect();
    if ended && !left.is_empty() {
        part.wrong(format!("{how}: {left:?} beside the export"));
    }
}
