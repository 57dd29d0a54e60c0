//! While a store is open somebody removes, renames, replaces or writes what belongs to it: what is told as saved
//! can be read where it was told, and nothing that was saved before is harmed.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use rowsmith::api::{Reader, Store, StoreError, StoreSettings};

use crate::part::Part;
use crate::script::{Opened, Script, copy, folder, follow, open};

/// What a stranger does to an open store; each returns how it is undone, where it can be.
type Deed = (&'static str, fn(&Path));

const DEEDS: [Deed; 20] = [
    ("the folder is removed", |dir| fs::remove_dir_all(dir).unwrap()),
    ("the folder is renamed", |dir| fs::rename(dir, away(dir)).unwrap()),
    ("the folder is renamed, and an empty one is there", |dir| {
        fs::rename(dir, away(dir)).unwrap();
        fs::create_dir(dir).unwrap();
    }),
    ("the folder is replaced by a copy", |dir| {
        fs::rename(dir, away(dir)).unwrap();
        copy(&away(dir), dir);
    }),
    ("the folder is a link to a copy", |dir| {
        fs::rename(dir, away(dir)).unwrap();
        let copied = dir.with_extension("copied");
        copy(&away(dir), &copied);
        std::os::unix::fs::symlink(copied, dir).unwrap();
    }),
    ("the folder is a file", |dir| {
        fs::rename(dir, away(dir)).unwrap();
        fs::write(dir, "mine").unwrap();
    }),
    ("the journal's folder is removed", |dir| fs::remove_dir_all(dir.join("journal")).unwrap()),
    ("the journal's folder is renamed", |dir| fs::rename(dir.join("journal"), dir.join("old")).unwrap()),
    ("the journal's folder is replaced by a copy", |dir| {
        fs::rename(dir.join("journal"), dir.join("old")).unwrap();
        copy(&dir.join("old"), &dir.join("journal"));
    }),
    ("the segment is removed", |dir| fs::remove_file(segment(dir)).unwrap()),
    ("the segment is renamed", |dir| fs::rename(segment(dir), dir.join("aside")).unwrap()),
    ("the segment is replaced by a copy", |dir| {
        fs::rename(segment(dir), dir.join("aside")).unwrap();
        fs::copy(dir.join("aside"), segment(dir)).unwrap();
    }),
    ("the segment is cut", |dir| {
        let length = fs::metadata(segment(dir)).unwrap().len();
        OpenOptions::new().write(true).open(segment(dir)).unwrap().set_len(length - 30).unwrap();
    }),
    ("the segment is emptied", |dir| fs::write(segment(dir), "").unwrap()),
    ("a line is appended to the segment", |dir| {
        let mut file = OpenOptions::new().append(true).open(segment(dir)).unwrap();
        file.write_all(b"a line of somebody else\n").unwrap();
    }),
    ("the next segment is there", |dir| fs::write(dir.join("journal/000099.jsonl"), "not mine\n").unwrap()),
    ("the lock is removed", |dir| fs::remove_file(dir.join("store.lock")).unwrap()),
    ("the lock is replaced", |dir| {
        fs::remove_file(dir.join("store.lock")).unwrap();
        fs::write(dir.join("store.lock"), "1").unwrap();
    }),
    ("sled is removed", |dir| fs::remove_dir_all(dir.join("sled")).unwrap()),
    ("lock and sled are removed", |dir| {
        fs::remove_file(dir.join("store.lock")).unwrap();
        fs::remove_dir_all(dir.join("sled")).unwrap();
    }),
];

/// Deeds that leave a store at its path, where a second writer must be kept out.
const KEEPS_THE_STORE: [&str; 3] = ["the lock is removed", "the lock is replaced", "sled is removed"];

fn away(dir: &Path) -> PathBuf {
    dir.with_extension("away")
}

fn segment(dir: &Path) -> PathBuf {
    dir.join("journal/000001.jsonl")
}

#[test]
fn what_is_told_as_saved_is_saved_whatever_strangers_do_to_an_open_store() {
    let mut part = Part::begin("strangers at an open store", 20, 20);
    let script = Script::new(10);
    for (what, deed) in DEEDS.into_iter().cycle().take(part.cases()) {
        disturbed(&mut part, &script, what, deed);
        part.did();
    }
    part.end();
}

fn disturbed(part: &mut Part, script: &Script, what: &str, deed: fn(&Path)) {
    let root = folder();
    let dir = root.path().join("store");
    let Opened { mut store, mut projection, .. } = open(&dir, StoreSettings::default).unwrap();
    let mut places = script.rest(0);
    let mut saved = 0;
    for place in places.by_ref().take(8) {
        store.append(&script.facts[place.clone()]).unwrap();
        follow(&mut store, &mut projection, &script.facts[place.clone()]);
        store.catch_up(&projection);
        saved = place.end;
    }
    let before = script.reached(&projection, saved);
    assert_eq!(before, Some(saved));
    deed(&dir);
    if KEEPS_THE_STORE.contains(&what) {
        match Store::open(&dir) {
            Err(StoreError::Locked { .. }) => {}
            other => part.wrong(format!("{what}: a second writer came in: {:?}", other.map(|_| ()))),
        }
    }
    // Once more after a failure: it must not be told as saved then either.
    for _ in 0..2 {
        let place = places.next().unwrap();
        let facts = &script.facts[place.clone()];
        if store.append(facts).is_err() {
            break;
        }
        follow(&mut store, &mut projection, facts);
        let read = Reader::open(&dir).map(|(_, projection)| script.reached(&projection, place.end));
        match read {
            Ok(Some(_)) => {}
            Ok(None) => part.falsely_saved(format!("{what}: it is not there")),
            Err(error) => part.falsely_saved(format!("{what}: {error}")),
        }
        saved = place.end;
    }
    store.close(&projection);
    // What was saved before is where the stranger put it, whole.
    if away(&dir).exists() {
        match Reader::open(&away(&dir)) {
            Ok((_, projection)) if script.reached(&projection, saved.min(script.len())).is_some() => {}
            Ok((_, projection)) if script.reached(&projection, before.unwrap()).is_some() => {}
            Ok((_, projection)) => part.lost(format!("{what}: {} are left", script.told(&projection))),
            Err(error) => part.lost(format!("{what}: {error}")),
        }
    }
    if dir.is_file() && fs::read_to_string(&dir).unwrap() != "mine" {
        part.wrong(format!("{what}: the stranger's file was changed"));
    }
}
