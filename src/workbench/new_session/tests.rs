//! Tests of making sessions on a disk.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;
use crate::workbench::Workbench;

const NOW: Timestamp = Timestamp(1_000);

/// A folder with a dataset of 40 rows.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let row = |n| format!("Please close account {n},leave\nHow do I set option {n},ask\n");
        let rows: String = (0..20).map(row).collect();
        fs::write(place.at("d.csv"), format!("text,label\n{rows}")).unwrap();
        place
    }

    fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn make_for(&self, folder: &str, data: &Path, store: Option<&Path>) -> Result<Location, WorkbenchError> {
        let order = NewOrder::new(data, "text", "label", "leave");
        new_session(&self.at(folder), &order, store, NOW)
    }

    fn make(&self, folder: &str) -> Result<Location, WorkbenchError> {
        self.make_for(folder, &self.at("d.csv"), None)
    }

    /// Returns every file and folder, from the top.
    fn all(&self) -> BTreeSet<PathBuf> {
        let (mut all, mut open) = (BTreeSet::new(), vec![self.0.path().to_owned()]);
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.is_symlink() {
                    open.push(path.clone());
                }
                all.insert(path);
            }
        }
        all
    }
}

#[test]
fn a_session_is_made_whole_and_opens() {
    let place = Place::new();

    let location = place.make("deep/new/s").unwrap();

    let bench = Workbench::open(&location, NOW).unwrap();
    assert_eq!(bench.dataset().len(), 40);
    assert_eq!(bench.projection().versions().len(), 1);
    assert!(bench.notices().is_empty(), "{:?}", bench.notices());
    let made: Vec<_> =
        fs::read_dir(place.at("deep/new/s")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(made.len(), 2, "{made:?}");
}

#[test]
fn a_folder_with_other_files_and_the_dataset_inside_is_used_and_its_files_stay() {
    let place = Place::new();
    fs::create_dir(place.at("s")).unwrap();
    fs::rename(place.at("d.csv"), place.at("s/d.csv")).unwrap();
    fs::write(place.at("s/notes.txt"), "mine").unwrap();

    let location = place.make_for("s/", &place.at("s/d.csv"), None).unwrap();

    assert_eq!(Workbench::open(&location, NOW).unwrap().session().dataset.path, Path::new("d.csv"));
    assert_eq!(fs::read_to_string(place.at("s/notes.txt")).unwrap(), "mine");
}

#[test]
fn a_session_reached_by_a_link_reads_its_dataset_from_either_side() {
    let place = Place::new();
    fs::create_dir_all(place.at("disk/far")).unwrap();
    symlink(place.at("disk/far"), place.at("near")).unwrap();

    let through = place.make("near/s").unwrap();

    drop(Workbench::open(&through, NOW).unwrap());
    let direct = Location { folder: place.at("disk/far/s"), store: place.at("disk/far/s/.rowsmith") };
    assert_eq!(Workbench::open(&direct, NOW).unwrap().dataset().len(), 40);
}

#[test]
fn a_second_session_in_one_folder_is_refused_and_the_first_one_stays() {
    let place = Place::new();
    let location = place.make("s").unwrap();
    let before = place.all();

    let error = place.make("s").unwrap_err();

    assert!(matches!(error, WorkbenchError::Exists(_)), "{error}");
    fs::remove_file(place.at("s/session.toml")).unwrap();
    let error = place.make("s").unwrap_err();
    assert!(matches!(error, WorkbenchError::StoreExists(_)), "{error}");
    assert_eq!(place.all().len() + 1, before.len());
    drop(location);
}

#[test]
fn what_cannot_be_made_leaves_nothing_behind() {
    let place = Place::new();
    fs::write(place.at("file"), "").unwrap();
    symlink(place.at("nowhere"), place.at("dangling")).unwrap();
    fs::create_dir(place.at("closed")).unwrap();
    fs::set_permissions(place.at("closed"), fs::Permissions::from_mode(0o500)).unwrap();
    let before = place.all();

    let mut failures = vec![
        place.make("file"),
        place.make("file/s"),
        place.make("dangling"),
        place.make_for("new/s", &place.at("none.csv"), None),
        place.make_for("new/s", &place.at("d.csv"), Some(&place.at("file/store"))),
        place.make_for("new/s", &place.at("d.csv"), Some(&place.at("file"))),
    ];
    if fs::write(place.at("closed/probe"), "").is_err() {
        failures.push(place.make_for("new/s", &place.at("d.csv"), Some(&place.at("closed/store"))));
        failures.push(place.make("closed/s"));
    } else {
        fs::remove_file(place.at("closed/probe")).unwrap();
    }

    for failure in failures {
        assert!(!failure.unwrap_err().to_string().is_empty());
    }
    assert_eq!(place.all(), before);
}

#[test]
fn where_another_process_was_quicker_its_session_stays_as_it_is() {
    let place = Place::new();
    let data = place.at("d.csv");
    let order = NewOrder::new(&data, "text", "label", "leave");
    let slow = prepare(&place.at("s"), &order, None).unwrap();
    let location = place.make("s").unwrap();
    let before = place.all();

    slow.make(NOW).unwrap_err();

    assert_eq!(place.all(), before);
    assert_eq!(Workbench::open(&location, NOW).unwrap().dataset().len(), 40);
}

#[test]
fn masks_of_the_dataset_are_allowed_by_the_first_prompt() {
    let place = Place::new();
    let row = |n| format!("Order <MASK> is late {n},leave\nHow do I set option {n},ask\n");
    let row = |n: i32| row(n).replace("<MASK>", "{{Order Number}}");
    let rows: String = (0..20).map(row).collect();
    fs::write(place.at("d.csv"), format!("text,label\n{rows}")).unwrap();

    let location = place.make("s").unwrap();

    let user = Workbench::open(&location, NOW).unwrap().session().user.clone();
    assert!(user.contains("{% raw %}{{Order Number}}{% endraw %}. No other placeholders"), "{user}");
}
