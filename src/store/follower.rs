//! The follower writes the projection's records to sled, after the journal.
//!
//! sled only makes opening quick; nothing depends on it. The screen waits for the journal
//! alone, and sled is written later: full pages of texts and ended requests are appended to the file of
//! pages, and then one transaction says where they lie and holds everything else that changed. Only what is
//! longer than [`TRANSACTION`] takes several; while records are pending, the record `meta` says so, and sled is
//! rebuilt if it is found in that state. Errors and panics of sled stop here: the follower
//! closes it and keeps the reason.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sled::Batch;

use super::codec::{pack, pack_requests, pack_texts, wrap};
use super::database::Sled;
use super::disk_trouble::is_of_the_disk;
use super::files;
use super::grown::Grown;
use super::guard::guarded;
use super::pages::{Of, PageFile};
use super::reached::{LastLine, Reached};
use super::record::{self, ExchangePlaces, Key, Kind, Meta, PLACES, Pending};
use super::segment::Place;
use super::transaction::{Writing, exchanges, exchanges_at, have_ended, is_full, placed};
use crate::domain::page::PAGE;
use crate::domain::projection::Released;
use crate::domain::{Fact, Kept, Projection, RequestNumber, Touched};

/// The number of bytes after which a transaction ends; its last record may exceed it.
pub(crate) const TRANSACTION: usize = if cfg!(test) { 64 << 10 } else { 8 << 20 };
/// How many bytes are appended to the file of pages at once.
const APPENDED: usize = if cfg!(test) { 16 << 10 } else { 4 << 20 };
/// How long after the disk failed it sled is not tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// Keeps sled's records up to date with the journal.
#[derive(Debug)]
pub(crate) struct Follower {
    sled: Option<Sled>,
    /// The file of pages.
    pages: Option<Arc<PageFile>>,
    pending: Pending,
    /// How much of what only grows is written.
    written: Grown,
    /// Pages that were appended since the projection last let go of some.
    released: Released,
    digest: u64,
    /// Says which line sled follows, to those who do not open it.
    reached: Option<Reached>,
    /// Why sled is no longer used, as a sentence.
    trouble: Option<String>,
    /// Since when, where only the disk is why, so that it is used again once that works.
    paused: Option<Instant>,
}

impl Follower {
    /// Creates a follower of a sled whose records have this digest and lack `pending`.
    pub(crate) fn new(
        sled: Sled,
        pages: Arc<PageFile>,
        digest: u64,
        pending: Pending,
        written: Grown,
    ) -> Self {
        let reached = Some(Reached::at(&sled.path.join(files::FOLLOWED)));
        Self {
            sled: Some(sled),
            pages: Some(pages),
            pending,
            written,
            released: Released::default(),
            digest,
            reached,
            trouble: None,
            paused: None,
        }
    }

    /// Creates a follower without sled.
    pub(crate) fn without(trouble: String) -> Self {
        let paused = is_of_the_disk(&trouble).then(Instant::now);
        Self {
            sled: None,
            pages: None,
            pending: Pending::default(),
            written: Grown::default(),
            released: Released::default(),
            digest: 0,
            reached: None,
            trouble: Some(trouble),
            paused,
        }
    }

    /// Lets a projection go of the pages that were appended; what fetches them stays when sled is given up.
    pub(crate) fn release(&self, projection: &mut Projection) {
        if let Some(pages) = self.pages.as_ref().filter(|_| !self.released.is_empty()) {
            let kept: Arc<dyn Kept> = Arc::<PageFile>::clone(pages);
            projection.release(&self.released, &kept);
        }
    }

    /// Forgets which pages were appended, once all projections have let go of them.
    pub(crate) fn forget_released(&mut self) {
        self.released = Released::default();
    }

    /// Returns how many records are pending.
    pub(crate) fn backlog(&self) -> usize {
        if self.sled.is_some() { self.pending.keys.len() } else { 0 }
    }

    /// Returns why sled is not used, if it is not.
    pub(crate) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Returns whether there is something to do: records are pending, or sled is to be tried again.
    pub(crate) fn has_work(&self) -> bool {
        self.is_behind() || self.pause_is_over()
    }

    fn pause_is_over(&self) -> bool {
        self.paused.is_some_and(|since| since.elapsed() >= PAUSE)
    }

    /// Returns whether sled is to be tried again, and if so, counts it as tried.
    pub(crate) fn is_due(&mut self) -> bool {
        let due = self.pause_is_over();
        if due {
            self.paused = Some(Instant::now());
        }
        due
    }

    /// Records the place of a fact's texts in the journal.
    pub(crate) fn locate(&mut self, fact: &Fact, place: Place) {
        if self.sled.is_some() {
            self.pending.locate(fact, place);
        }
    }

    /// Marks the records that a fact changed as pending.
    pub(crate) fn touch(&mut self, touched: &Touched) {
        if self.sled.is_some() {
            self.pending.touch(touched);
        }
    }

    /// Returns whether records are pending.
    pub(crate) fn is_behind(&self) -> bool {
        self.sled.is_some() && !self.pending.is_empty()
    }

    /// Appends the full pages among the pending ones to the file of pages, at most [`APPENDED`] bytes of them, and
    /// returns whether there may be more. This may be done while an operation in parts is open, too.
    pub(crate) fn append(&mut self, projection: &Projection) -> bool {
        let Some(pages) = self.pages.as_ref().filter(|_| self.sled.is_some()) else { return false };
        let mut appended = Vec::new();
        let (mut bytes, mut is_all) = (0, true);
        let first = Key { kind: Kind::Texts, number: 0 };
        let last = Key { kind: Kind::Requests, number: u32::MAX };
        let mut full = Vec::new();
        for key in self.pending.keys.range(first..=last) {
            if bytes >= APPENDED {
                is_all = false;
                break;
            }
            let page = match key.kind {
                Kind::Texts => {
                    projection.held_texts(key.number).filter(|page| page.ends.len() == PAGE).map(|page| {
                        self.released.texts.push((key.number, Arc::clone(page)));
                        (Of::Texts, pack_texts(page))
                    })
                }
                _ => projection.held_requests(key.number).filter(|page| have_ended(page)).map(|page| {
                    self.released.requests.push((key.number, Arc::clone(page)));
                    (Of::Requests, pack_requests(page))
                }),
            };
            let Some((of, Ok(page))) = page else { continue };
            bytes += page.len();
            full.push(*key);
            appended.push((of, key.number, page));
        }
        if appended.is_empty() {
            return false;
        }
        if let Err(error) = pages.append(&appended) {
            self.give_up(&error.to_string());
            return false;
        }
        for key in full {
            // What was in sled of a page that was not full yet goes with the next transaction.
            self.pending.keys.remove(&key);
            self.pending.emptied.insert(key);
            let kind = if key.kind == Kind::Texts { Kind::TextPlaces } else { Kind::RequestPlaces };
            self.pending.keys.insert(Key { kind, number: key.number / PLACES });
        }
        !is_all
    }

    /// Writes one transaction of pending records. `sequence` and `sum` are those of the last
    /// line in the projection, which begins at `place`.
    pub(crate) fn step(&mut self, projection: &Projection, last: LastLine, place: Option<Place>) {
        while self.append(projection) {}
        let Some(tree) = self.sled.as_ref().and_then(Sled::tree).filter(|_| !self.pending.is_empty()) else {
            return;
        };
        let Some(pages) = self.pages.as_ref() else { return };
        self.pending.keys.append(&mut self.pending.emptied);
        let now = Grown::of(projection);
        self.pending.keys.extend(now.keys_since(self.written));
        let (pending, digest) = (&mut self.pending, self.digest);
        let written = guarded(|| {
            let mut writing = Writing { tree, batch: Batch::default(), bytes: 0, digest };
            while writing.bytes < TRANSACTION {
                let Some(key) = pending.keys.pop_first() else { break };
                let record = match key.kind {
                    Kind::Exchanges => Some(exchanges(tree, key, &mut pending.places)?),
                    Kind::TextPlaces => Some(pack(&placed(pages, Of::Texts, key.number))?),
                    Kind::RequestPlaces => Some(pack(&placed(pages, Of::Requests, key.number))?),
                    Kind::Texts if is_full(projection.held_texts(key.number)) => None,
                    Kind::Requests
                        if projection.held_requests(key.number).is_none_or(|page| have_ended(page)) =>
                    {
                        None
                    }
                    _ => record::encode(projection, key)?,
                };
                writing.put(key, record.as_deref()).map_err(words)?;
            }
            let meta = Meta {
                format: record::FORMAT,
                sequence: last.sequence,
                sum: last.sum,
                complete: pending.keys.is_empty(),
                digest: writing.digest,
                tops: projection.undo_tops(),
                last_operation: projection.last_operation().0,
                rows: u32::try_from(projection.len()).unwrap_or(u32::MAX),
                states: projection.counts().all,
                pages: pages.end(),
                place,
            };
            writing.batch.insert(&Key::META.bytes(0), wrap(&meta)?);
            tree.apply_batch(writing.batch).map_err(words)?;
            Ok::<u64, String>(writing.digest)
        });
        match written {
            Ok(digest) => {
                self.digest = digest;
                self.written = now;
                if let Some(reached) = &self.reached {
                    reached.note(last);
                }
            }
            Err(why) => self.give_up(&why),
        }
    }

    /// Returns where the journal holds a request's messages, and its reply.
    pub(crate) fn places(&self, request: RequestNumber) -> ExchangePlaces {
        let pending = self.pending.places.get(&request.0).copied().unwrap_or_default();
        let key = Key { kind: Kind::Exchanges, number: request.0 / PLACES };
        let tree = self.sled.as_ref().and_then(Sled::tree);
        let written = tree.and_then(|tree| guarded(|| exchanges_at(tree, key)).ok()).unwrap_or_default();
        let written = written.get((request.0 % PLACES) as usize).copied().unwrap_or_default();
        ExchangePlaces {
            asked: pending.asked.or(written.asked),
            answered: pending.answered.or(written.answered),
        }
    }

    /// Closes sled, and works on without it.
    pub(super) fn give_up(&mut self, why: &str) {
        let trouble = format!(
            "sled stopped working ({why}), so the store opens more slowly next time. Nothing is lost."
        );
        tracing::warn!("{trouble}");
        *self = Self::without(trouble);
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, Event, Split};
    use crate::store::files::Layout;
    use crate::store::record::PIECE;
    use crate::store::{Reader, SledReport, Store};

    fn follower(dir: &Path) -> Follower {
        let sled = Sled::open(dir).unwrap();
        let pages = Arc::new(PageFile::make(dir, &Layout::new(dir)).unwrap());
        Follower::new(sled, pages, 0, Pending::default(), Grown::default())
    }

    fn follow(follower: &mut Follower, facts: &[Fact]) -> Projection {
        let mut projection = Projection::default();
        facts.iter().for_each(|fact| follower.touch(&projection.apply(fact)));
        projection
    }

    #[test]
    fn a_step_writes_all_that_is_pending_and_no_value_is_large() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(2500);
        let test = "0123456789abcdef".repeat(20_000);
        told.add(Event::Split(Split { test, ..Split::default() }));
        let mut follower = follower(dir.path());
        let mut projection = follow(&mut follower, &told.facts);
        while follower.is_behind() {
            follower.step(&projection, LastLine { sequence: 1, sum: 1 }, None);
        }
        let once: u64 =
            (0..39).map(|page| pack_texts(projection.held_texts(page).unwrap()).unwrap().len() as u64).sum();
        assert_eq!(follower.pages.as_ref().unwrap().end(), once, "each full page is written once");
        let tree = follower.sled.as_ref().unwrap().tree().unwrap();
        assert!(tree.iter().values().all(|value| value.unwrap().len() <= PIECE));
        let texts = tree.scan_prefix([Kind::Texts as u8]).count();
        assert_eq!(texts, 1, "the page that is not full yet; the others are in the file of pages");

        let before: Vec<String> = projection.rows().map(|row| row.text().to_owned()).collect();
        follower.release(&mut projection);
        assert!(projection.held_texts(0).is_none() && projection.held_texts(39).is_some());
        let after: Vec<String> = projection.rows().map(|row| row.text().to_owned()).collect();
        assert_eq!(before, after);
        assert_eq!(projection.difference(&told.projection), None);
    }

    #[test]
    fn sled_is_used_again_once_the_disk_has_room() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(3);
        let (mut open, mut projection, _) = Store::open(dir.path()).unwrap();
        open.append(&told.facts).unwrap();
        told.facts.iter().for_each(|fact| open.follow(&projection.apply(fact)));
        while open.catch_up(&projection) {}
        open.follower.give_up("IO error: No space left on device (os error 28)");
        told.change(&[1], Change::accept());
        let last = told.facts.last().unwrap();
        open.append(std::slice::from_ref(last)).unwrap();
        open.follow(&projection.apply(last));
        assert!(!open.catch_up(&projection) && open.trouble().is_some(), "not before the pause is over");

        open.follower.paused = Instant::now().checked_sub(PAUSE);
        while open.catch_up(&projection) {}
        assert_eq!(open.trouble(), None);
        drop(open);

        let (_, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!((report.sled, report.replayed), (SledReport::Loaded, 0));
        assert_eq!(projection.difference(&told.projection), None);
    }

    #[test]
    fn nothing_is_lost_when_sled_stops_working() {
        let dir = tempfile::tempdir().unwrap();
        let mut told = Story::with_rows(3);
        let (mut open, mut projection, _) = Store::open(dir.path()).unwrap();
        open.append(&told.facts).unwrap();
        told.facts.iter().for_each(|fact| open.follow(&projection.apply(fact)));
        while open.catch_up(&projection) {}
        open.follower.give_up("the disk is full");
        assert!(open.trouble().unwrap().starts_with("sled stopped working (the disk is full)"));

        told.change(&[1], Change::accept());
        let last = told.facts.last().unwrap();
        open.append(std::slice::from_ref(last)).unwrap();
        open.follow(&projection.apply(last));
        assert!(!open.catch_up(&projection));
        assert!(open.exchange(crate::domain::RequestNumber(0)).is_ok());
        drop(open);

        let (_, projection, report) = Store::open(dir.path()).unwrap();
        assert_eq!((report.replayed, projection.difference(&told.projection)), (1, None));
        assert_eq!(Reader::open(dir.path()).unwrap().1.difference(&told.projection), None);
    }
}
