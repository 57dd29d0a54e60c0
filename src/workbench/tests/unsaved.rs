use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::domain::{Draft, Incoming, StateKind};
use crate::store::{Disk, RealDisk, Settings, Store};
use crate::text::Stop;
use crate::workbench::import::ImportOrder;
use crate::workbench::rescue_folders;

/// A disk that is full once so many writes went.
#[derive(Debug, Clone)]
struct Filling(Arc<AtomicUsize>);

impl Filling {
    fn new() -> Self {
        Self(Arc::new(AtomicUsize::new(usize::MAX)))
    }

    fn fill_after(&self, writes: usize) {
        self.0.store(writes, Ordering::Relaxed);
    }
}

impl Disk for Filling {
    fn write(&mut self, file: &mut fs::File, bytes: &[u8]) -> io::Result<()> {
        let left = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        if left.is_err() {
            RealDisk.write(file, &bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        RealDisk.write(file, bytes)
    }

    fn sync(&mut self, file: &fs::File) -> io::Result<()> {
        RealDisk.sync(file)
    }

    fn cut(&mut self, file: &fs::File, length: u64) -> io::Result<()> {
        RealDisk.cut(file, length)
    }

    fn sync_folder(&mut self, folder: &std::path::Path) -> io::Result<()> {
        RealDisk.sync_folder(folder)
    }
}

fn with_rows() -> TestSession {
    let mut session = TestSession::new();
    session.run(
        &["Win a bicycle with one call", "A prize waits for you in town", "Call us for a free phone"],
        &[],
    );
    session
}

impl TestSession {
    fn try_to_change(&mut self, row: u32, change: Change) -> String {
        let operation = self.next();
        let rows = [RowNumber(row)].into_iter().collect();
        self.bench.change(operation, NOW, &rows, change, false).unwrap();
        self.bench.commit().map_or_else(|error| error.to_string(), |()| String::new())
    }

    /// Puts the store onto a disk that may fill.
    fn fill(&mut self) -> Filling {
        let disk = Filling::new();
        let settings = Settings { disk: Box::new(disk.clone()), ..Settings::default() };
        // The store is locked while it is open.
        let copy = self.folder.path().join("copy");
        self.bench.write_elsewhere(&copy, None, NOW).unwrap();
        let store = self.folder.path().join("session/.rowsmith");
        self.bench.store = Store::open_with(&store, settings).unwrap().0;
        self.bench.location.store = store;
        disk
    }

    fn state_of(&self, row: u32) -> StateKind {
        self.row(row).state().kind()
    }

    fn away(&self) -> std::path::PathBuf {
        self.folder.path().join("away")
    }

    fn move_store_away(&self) {
        fs::rename(self.location().store, self.away()).unwrap();
    }
}

#[test]
fn decisions_wait_while_the_folder_is_gone_and_are_saved_when_it_is_back() {
    let mut session = with_rows();
    session.move_store_away();
    let before = session.bench.state().sequence;

    let said = session.try_to_change(0, Change::accept());
    assert!(said.contains("was renamed or removed while it was open"), "{said}");
    session.try_to_change(1, Change::reject());
    let operation = session.next();
    assert!(session.bench.undo(operation, NOW).is_some(), "what waits can be undone");
    assert!(session.bench.commit().is_err());

    assert_eq!([session.state_of(0), session.state_of(1)], [StateKind::Accepted, StateKind::Pending]);
    let unsaved = session.bench.unsaved().unwrap();
    assert_eq!((unsaved.reason, unsaved.facts, unsaved.draft), (said, 3, false));
    assert_eq!(session.bench.state().sequence, before + 3);
    session.bench.try_again();
    assert!(session.bench.unsaved().is_some());

    fs::rename(session.away(), session.location().store).unwrap();
    session.bench.try_again();
    assert_eq!(session.bench.unsaved(), None);
    let session = session.checked();
    assert_eq!([session.state_of(0), session.state_of(1)], [StateKind::Accepted, StateKind::Pending]);
}

#[test]
fn a_full_disk_keeps_what_was_done_until_there_is_room() {
    let mut session = with_rows();
    let disk = session.fill();
    disk.fill_after(0);
    let said = session.try_to_change(0, Change::accept());
    assert!(said.contains("Make room"), "{said}");
    session.bench.try_again();
    assert_eq!(session.bench.unsaved().map(|unsaved| unsaved.facts), Some(1));
    disk.fill_after(usize::MAX);
    session.change(&[1], Change::reject());
    assert_eq!(session.bench.unsaved(), None);
    let session = session.checked();
    assert_eq!([session.state_of(0), session.state_of(1)], [StateKind::Accepted, StateKind::Rejected]);
}

#[test]
fn an_import_that_finds_a_full_disk_leaves_everything_as_it_was() {
    let rows = |count: u64| {
        (1..=count).map(|line| {
            let text = format!("Claim the voucher number {line} of this year before it is gone");
            Ok(Incoming { line, text, label: Some("spam".into()), ..Incoming::default() })
        })
    };
    let order = ImportOrder { file: "many.jsonl".into(), hash: "a hash".into(), ..ImportOrder::default() };
    for writes in 0..4 {
        let mut session = with_rows();
        let disk = session.fill();
        disk.fill_after(writes);
        let operation = session.next();
        let import = |session: &mut TestSession| {
            session.bench.import((&order, operation, NOW), rows(200), &Stop::never(), &mut |_| ())
        };
        let said = import(&mut session).unwrap_err().to_string();
        assert!(said.contains("Make room") && said.ends_with("Nothing was imported."), "{said}");
        assert_eq!((session.bench.projection().len(), session.bench.projection().imports().len()), (3, 0));
        assert_eq!(session.bench.unsaved(), None);

        disk.fill_after(usize::MAX);
        session.change(&[1], Change::reject());
        let mut session = session.checked();
        assert_eq!(session.bench.projection().len(), 3);
        let operation = session.next();
        let report = session.bench.import((&order, operation, NOW), rows(200), &Stop::never(), &mut |_| ());
        assert_eq!(report.unwrap().rows, 200);
        let session = session.checked();
        assert_eq!((session.bench.projection().len(), session.state_of(1)), (203, StateKind::Rejected));
    }
}

#[test]
fn a_folder_that_is_gone_is_noticed_before_anything_is_done() {
    let mut session = with_rows();
    session.bench.try_again();
    assert_eq!(session.bench.unsaved(), None);
    session.move_store_away();
    session.bench.try_again();
    assert!(session.bench.unsaved().is_some());
    assert!(session.bench.commit().is_err(), "a run must not begin");
    fs::rename(session.away(), session.location().store).unwrap();
    session.bench.commit().unwrap();
    assert_eq!(session.bench.unsaved(), None);
}

#[test]
fn a_draft_waits_like_a_decision() {
    let mut session = with_rows();
    let draft = Draft { user: "Write better".into(), ..session.bench.draft() };
    session.move_store_away();
    session.bench.save_draft(&draft).unwrap_err();
    assert!(session.bench.unsaved().unwrap().draft);
    fs::rename(session.away(), session.location().store).unwrap();
    session.bench.try_again();
    assert_eq!(session.bench.unsaved(), None);
    assert_eq!(session.bench.draft().user, "Write better");
}

#[test]
fn facts_that_no_journal_can_hold_are_taken_back_and_the_others_wait_on() {
    let mut session = with_rows();
    session.move_store_away();
    session.try_to_change(0, Change::accept());
    let (plan, request) = session.begin(1);
    let outcome = RequestOutcome { seconds: f64::NAN, ..RequestOutcome::default() };
    session.bench.end_request(&plan, request, outcome, NOW);
    let error = session.bench.commit().unwrap_err();
    assert!(!error.waits(), "{error}");
    assert_eq!(session.state_of(0), StateKind::Accepted);
    assert_eq!(session.bench.unsaved().unwrap().facts, 1);
    fs::rename(session.away(), session.location().store).unwrap();
    session.bench.commit().unwrap();
    assert_eq!(session.checked().state_of(0), StateKind::Accepted);
}

#[test]
fn everything_is_written_to_another_folder_and_saved_there_from_then_on() {
    for is_deleted in [false, true] {
        let mut session = with_rows();
        session.change(&[2], Change::skip());
        session.move_store_away();
        if is_deleted {
            fs::remove_dir_all(session.away()).unwrap();
        }
        session.try_to_change(0, Change::accept());
        let number = session.bench.state().sequence;
        let draft = Draft { user: "Write better".into(), ..Draft::default() };
        let new = session.folder.path().join("new store");

        let said = session.bench.write_elsewhere(&new, Some(&draft), NOW).unwrap();

        assert!(
            said.starts_with(&format!("Everything is saved in {} now. Open it next time", new.display()))
        );
        assert!(said.ends_with(&format!("--store '{}'`.", new.display())), "{said}");
        assert_eq!((session.bench.unsaved(), session.bench.state().sequence), (None, number));
        session.change(&[1], Change::reject());
        assert_eq!(session.location().store, new);
        let mut session = session.checked();
        let states = [0, 1, 2].map(|row| session.state_of(row));
        assert_eq!(states, [StateKind::Accepted, StateKind::Rejected, StateKind::Skipped]);
        assert_eq!(session.bench.draft().user, "Write better");
    }
}

#[test]
fn a_journal_that_another_program_changed_is_left_alone_and_told_anew_elsewhere() {
    let mut session = with_rows();
    let journal = session.location().store.join("journal/000001.jsonl");
    fs::write(&journal, "not a journal\n").unwrap();
    session.try_to_change(0, Change::accept());
    let new = session.folder.path().join("new");
    let said = session.bench.write_elsewhere(&new, None, NOW).unwrap();
    assert!(said.contains("The messages and the reply of 1 request were lost"), "{said}");
    assert_eq!(fs::read_to_string(&journal).unwrap(), "not a journal\n");
    assert_eq!(session.checked().state_of(0), StateKind::Accepted);
}

#[test]
fn where_another_folder_cannot_be_written_either_everything_waits_on() {
    let mut session = with_rows();
    session.move_store_away();
    session.try_to_change(0, Change::accept());
    let held = session.folder.path().join("held");
    fs::create_dir(&held).unwrap();
    fs::write(held.join("mine"), "mine").unwrap();
    let file = session.folder.path().join("data.csv");
    for folder in [held.clone(), file.clone(), file.join("below")] {
        session.bench.write_elsewhere(&folder, None, NOW).unwrap_err();
        assert_eq!(session.bench.unsaved().unwrap().facts, 1);
    }
    assert_eq!(fs::read_dir(&held).unwrap().count(), 1);
    let new = session.folder.path().join("new");
    session.bench.rescue(&[held, file, new.clone()], NOW).unwrap();
    assert_eq!(session.location().store, new);
    assert_eq!(session.checked().state_of(0), StateKind::Accepted);
}

#[test]
fn a_new_folder_is_proposed_beside_the_old_one_or_among_the_persons_data() {
    let home = tempfile::tempdir().unwrap();
    let (session, data) = (home.path().join("work/pets"), home.path().join("data"));
    let store = session.join(".rowsmith");
    let others = [data.join("stores/pets-store-2"), std::env::temp_dir().join("pets-store-2")];
    assert_eq!(rescue_folders(&session, &store, &data)[0], others[0], "the session's folder is gone too");
    fs::create_dir_all(session.join(".rowsmith-2")).unwrap();
    let folders = rescue_folders(&session, &store, &data);
    assert_eq!(folders[..2], [session.join(".rowsmith-3"), others[0].clone()]);
    assert_eq!(folders.len(), 3);
}

#[test]
fn what_was_paid_for_is_known_from_what_was_only_begun() {
    let mut session = with_rows();
    session.move_store_away();
    let (plan, request) = session.begin(2);
    assert!(session.bench.commit().is_err() && !session.bench.holds_paid());
    session.take_in(&plan, request, vec![Fields::of_text("Ring this number for a new car")]);
    assert!(session.bench.commit().is_err() && session.bench.holds_paid());
    session.bench.end_unsent(&plan, NOW);
    session.bench.end_unbegun(plan.operation, "The folder is gone.", NOW);
    let run = session.bench.projection().run(plan.number()).unwrap();
    assert_eq!(run.status, RunStatus::Failed { reason: "The folder is gone.".into() });
}
