//! A journal that lost its end: nothing smooths that over. Each command names what is missing and writes nothing;
//! `store repair` brings home what sled holds, and keeps what was there.

use std::fs;
use std::path::{Path, PathBuf};

use rowsmith::api::{Projection, Reader, SplitMix64, StoreSettings};
use tempfile::TempDir;

use crate::home::Home;
use crate::part::Part;
use crate::script::{Opened, Script, copy, folder, follow, open, tree};

const SEGMENT: u64 = 6000;

/// What a backup of the two puts back; only sled knows of more then.
const OLDER_WITH_REACHED: &str = "an older copy of the journal and of `reached`";

/// How the end is lost.
const KINDS: [&str; 11] = [
    "cut by bytes",
    "cut by lines",
    "cut to its first segment's header",
    "an older copy of the journal",
    OLDER_WITH_REACHED,
    "the last segment is gone",
    "the last segment is empty",
    "the last segment's header is cut",
    "every segment is empty",
    "every segment is gone",
    "the journal's folder is gone",
];

/// A whole store with several segments, and a copy of its journal from before.
struct Whole {
    folder: TempDir,
    home: Home,
    session: String,
    script: Script,
    /// What sled holds.
    projection: Projection,
}

impl Whole {
    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    fn new() -> Self {
        let (folder, home) = (folder(), Home::new());
        let session = home.small_session();
        let script = Script::new(60);
        let dir = folder.path().join("store");
        let settings = || StoreSettings { segment_bytes: SEGMENT, ..StoreSettings::default() };
        let Opened { mut store, mut projection, .. } = open(&dir, settings).unwrap();
        for place in script.rest(0) {
            let facts = &script.facts[place.clone()];
            store.append(facts).unwrap();
            follow(&mut store, &mut projection, facts);
            if place.end == script.len() / 2 || (place.clone()).contains(&(script.len() / 2)) {
                copy(&dir.join("journal"), &folder.path().join("older"));
                fs::copy(dir.join("reached"), folder.path().join("older-reached")).unwrap();
            }
        }
        store.close(&projection);
        let mut whole = Self { folder, home, session, script, projection };
        whole.settle();
        whole
    }

    /// Lets the program open the store once, so that it is as the program leaves it.
    fn settle(&mut self) {
        let store = self.store();
        let row = format!("number={}", 1);
        let done =
            self.home.run(&["--store", store.to_str().unwrap(), "skip", &self.session, "--filter", &row]);
        assert_eq!(done.code, 0, "{done:?}");
        let older = self.folder.path().join("older");
        assert!(older.is_dir());
        self.projection = Reader::open(&store).unwrap().1;
        let _ = &self.script;
    }
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> =
        fs::read_dir(dir.join("journal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// Takes the end away, and returns how.
fn lose(kind: &str, dir: &Path, older: &Path, random: &mut SplitMix64) -> String {
    let segments = segments(dir);
    let last = segments.last().unwrap();
    let bytes = fs::read(last).unwrap();
    let header = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut how = kind.to_owned();
    match kind {
        "cut by bytes" => {
            let most = if random.below(2) == 0 { 40 } else { bytes.len() - header };
            let by = 1 + random.below(most);
            how = format!("cut by {by} of {} bytes", bytes.len());
            fs::write(last, &bytes[..bytes.len() - by]).unwrap();
        }
        "cut by lines" => {
            let ends: Vec<_> = (header..bytes.len() - 1).filter(|at| bytes[at - 1] == b'\n').collect();
            let at = *random.choose(&ends).unwrap();
            fs::write(last, &bytes[..at]).unwrap();
        }
        "cut to its first segment's header" => {
            segments[1..].iter().for_each(|path| fs::remove_file(path).unwrap());
            let first = fs::read(&segments[0]).unwrap();
            let header = first.iter().position(|byte| *byte == b'\n').unwrap() + 1;
            fs::write(&segments[0], &first[..header]).unwrap();
        }
        "an older copy of the journal" | OLDER_WITH_REACHED => {
            fs::remove_dir_all(dir.join("journal")).unwrap();
            copy(older, &dir.join("journal"));
            if kind == OLDER_WITH_REACHED {
                fs::copy(older.with_file_name("older-reached"), dir.join("reached")).unwrap();
            }
        }
        "the last segment is gone" => fs::remove_file(last).unwrap(),
        "the last segment is empty" => fs::write(last, "").unwrap(),
        "the last segment's header is cut" => {
            fs::write(last, &bytes[..random.below(header)]).unwrap();
        }
        "every segment is empty" => segments.iter().for_each(|path| fs::write(path, "").unwrap()),
        "every segment is gone" => segments.iter().for_each(|path| fs::remove_file(path).unwrap()),
        _ => fs::remove_dir_all(dir.join("journal")).unwrap(),
    }
    how
}

#[test]
fn a_journal_that_lost_its_end_is_told_and_comes_home_from_sled() {
    let mut part = Part::begin("tail loss", 10, 100);
    let whole = Whole::new();
    for case in 0..part.cases() {
        let mut random = SplitMix64::new(case as u64);
        lost(&mut part, &whole, KINDS[case % KINDS.len()], &mut random, case);
        part.did();
    }
    part.end();
}

fn lost(part: &mut Part, whole: &Whole, kind: &str, random: &mut SplitMix64, case: usize) {
    let folder = folder();
    let dir = folder.path().join("store");
    copy(&whole.store(), &dir);
    let how = lose(kind, &dir, &whole.folder.path().join("older"), random);
    // One of the two witnesses is enough.
    let witness = match case % 3 {
        1 => Some("reached"),
        2 if kind != OLDER_WITH_REACHED => Some("sled"),
        _ => None,
    };
    match witness {
        Some("reached") => drop(fs::remove_file(dir.join("reached"))),
        Some(_) => fs::remove_dir_all(dir.join("sled")).unwrap(),
        None => {}
    }
    let how = format!("case {case}, {how}, without {witness:?}");
    let store = dir.to_str().unwrap();
    let before = tree(&dir);
    let out = folder.path().join("out.jsonl");
    let commands: [&[&str]; 4] = [
        &["rows"],
        &["export", "--format", "jsonl", "--out", out.to_str().unwrap()],
        &["skip", "--filter", "number=2"],
        &["store", "verify"],
    ];
    for words in commands {
        let verbs = if words[0] == "store" { 2 } else { 1 };
        let arguments =
            [&["--store", store][..], &words[..verbs], &[whole.session.as_str()][..], &words[verbs..]]
                .concat();
        let done = whole.home.run(&arguments);
        if done.code == 0 {
            part.lost(format!("{how}: {words:?} ended well: {}{}", done.out, done.said));
        }
        if done.said.trim().is_empty() && done.out.trim().is_empty() || done.said.contains("panicked") {
            part.wrong(format!("{how}: {words:?} said {:?}", done.said));
        }
        let now = tree(&dir);
        let changed: Vec<_> = before
            .iter()
            .filter(|(path, bytes)| path != &Path::new("store.lock") && now.get(*path) != Some(bytes))
            .map(|(path, _)| path)
            .collect();
        if !changed.is_empty() {
            part.wrong(format!("{how}: {words:?} changed {changed:?}"));
        }
    }
    repaired(part, whole, &dir, witness, &how);
}

fn repaired(part: &mut Part, whole: &Whole, dir: &Path, witness: Option<&str>, how: &str) {
    let store = dir.to_str().unwrap();
    let done = whole.home.run(&["--store", store, "store", "repair", &whole.session]);
    let without_sled = witness == Some("sled");
    if done.code != 0 && !without_sled {
        return part.lost(format!("{how}: repair failed: {}", done.said));
    }
    if !without_sled {
        match Reader::open(dir) {
            Ok((_, projection)) => {
                if let Some(what) = missing(&projection, &whole.projection) {
                    part.lost(format!("{how}: after the repair {what}"));
                }
            }
            Err(error) => part.lost(format!("{how}: after the repair: {error}")),
        }
        let verified = whole.home.run(&["--store", store, "store", "verify", &whole.session]);
        if verified.code != 0 {
            part.wrong(format!("{how}: after the repair: {}{}", verified.out, verified.said));
        }
    }
}

/// Returns what of the rows and decisions is missing.
fn missing(is: &Projection, was: &Projection) -> Option<String> {
    let told = |projection: &Projection| -> Vec<String> {
        projection
            .rows()
            .map(|row| format!("{} {:?} {} {}", row.id(), row.mark(), row.label(), row.text()))
            .collect()
    };
    if let Some((at, _)) = told(was).iter().enumerate().find(|(at, row)| told(is).get(*at) != Some(row)) {
        return Some(format!("row {} is not what it was", at + 1));
    }
    let versions = |projection: &Projection| format!("{:?}", projection.versions());
    if versions(is) != versions(was) {
        return Some("the versions are not what they were".into());
    }
    let undo =
        |projection: &Projection| format!("{:?}", projection.next_undo().map(|operation| operation.id));
    (undo(is) != undo(was)).then(|| "another operation is undone next".into())
}
