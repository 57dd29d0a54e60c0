//! Opens a store for writing: reads sled first, then the lines of the journal after it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::StoreError;
use super::beginning;
use super::checked;
use super::database::{LOCKED, Sled};
use super::disk_trouble::{is_of_the_disk, no_room};
use super::files::{self, Layout};
use super::follower::Follower;
use super::grown::Grown;
use super::load::{self, FirstRows, Loaded, TellFirst, Unusable};
use super::lost::{self, Held, Known};
use super::pages::PageFile;
use super::reached::{self, LastLine};
use super::record::{Meta, Pending};
use super::replay::{Assembler, Replay};
use super::segment::{self, End, Place};
use crate::domain::{Fact, OperationId, Projection, Touched};

/// The name under which damaged sled folders are kept, followed by a number.
const ASIDE: &str = "sled.damaged";
/// The name of a sled that an earlier version wrote. It is kept until the new one was opened once.
const FORMER: &str = "sled.former";
/// The most damaged folders that are kept.
const KEPT: usize = 3;

/// What opening a store found and repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// The sequence number of the last fact.
    pub sequence: u64,
    /// The number of lines of the journal that were folded because sled did not have them.
    pub replayed: u64,
    /// The length of an incomplete line that was cut off the journal, in bytes.
    pub torn_bytes: u64,
    /// The file that those bytes are kept in.
    pub kept: Option<PathBuf>,
    /// Operations without their last facts, so that none of their facts takes effect.
    pub abandoned: Vec<OperationId>,
    /// The state of sled.
    pub sled: SledReport,
    /// What there is to say about the session that the store belongs to, as a sentence.
    pub owner: Option<String>,
}

/// The state of sled after a store was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SledReport {
    /// Its records were used.
    Loaded,
    /// It was created, because the store is new.
    Made,
    /// It is being rebuilt from the journal.
    Rebuilt {
        /// Why, as the rest of a sentence that begins with "sled".
        why: String,
        /// Where the damaged folder is kept.
        kept: Option<PathBuf>,
    },
    /// The store works without it.
    Without {
        /// Why, as sled or the operating system put it.
        why: String,
    },
}

impl OpenReport {
    /// Returns what a person should know about it, if anything, in full sentences.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let mut sentences: Vec<_> = self.owner.iter().cloned().collect();
        if self.torn_bytes > 0 {
            let kept = self.kept.as_ref().map(|path| format!(" and is kept as {}", path.display()));
            sentences.push(format!(
                "The journal ended in the middle of a line that was never saved; it was cut off{}.",
                kept.unwrap_or_default()
            ));
        }
        if !self.abandoned.is_empty() {
            sentences.push("The last step was only half written, so nothing of it counts.".into());
        }
        match &self.sled {
            SledReport::Loaded | SledReport::Made => {}
            SledReport::Rebuilt { why, kept } => {
                let kept = kept.as_ref().map(|path| format!("; the old one is kept as {}", path.display()));
                let kept = kept.unwrap_or_default();
                sentences
                    .push(format!("sled {why}. It is made again from the journal{kept}; nothing is lost."));
            }
            SledReport::Without { why } => sentences.push(format!(
                "sled cannot be used ({why}), so the store opens more slowly; nothing is lost."
            )),
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

/// The result of folding the journal.
pub(crate) struct Folded {
    pub(crate) projection: Projection,
    pub(crate) pending: Pending,
    pub(crate) held: Vec<OperationId>,
    pub(crate) end: End,
    pub(crate) sum: u32,
    pub(crate) lines: u64,
    /// Whether sled's projection belongs to this journal.
    pub(crate) continues: bool,
    /// A line that was saved, where the journal has another one in its place.
    pub(crate) other: Option<u64>,
}

impl Folded {
    /// Returns what was read, to check it against what was saved.
    pub(crate) const fn read(&self) -> Held<'_> {
        let End { sequence, torn, .. } = self.end;
        Held { sequence, torn, other: self.other, projection: &self.projection }
    }
}

/// Folds the journal onto sled's projection, or from its first line on. `known` are lines that were saved.
pub(crate) fn fold(
    folder: &Path,
    onto: Option<(Projection, &Meta)>,
    known: Known,
) -> Result<Folded, StoreError> {
    fold_from(folder, onto, None, known)
}

/// Folds the journal onto sled's projection. Only the lines from `tail` on are read, where the ones before are known to
/// be whole; it is the place of the last line that sled has.
fn fold_from(
    folder: &Path,
    onto: Option<(Projection, &Meta)>,
    tail: Option<Place>,
    known: Known,
) -> Result<Folded, StoreError> {
    let mut pending = Pending::default();
    let applied = |fact: &Fact, place: Place, touched: &Touched| {
        pending.locate(fact, place);
        pending.touch(touched);
    };
    let after = onto.as_ref().map_or(0, |(_, meta)| meta.sequence);
    let mut replay = match onto {
        Some((projection, meta)) => Replay::onto(projection, after, Some(meta.sum), applied),
        None => Replay::new(applied),
    };
    replay.known = known;
    let end = match tail {
        Some(place) => segment::walk_from(folder, place, after, &mut replay)?,
        None => segment::walk(folder, after, &mut replay)?,
    };
    let Replay { projection, assembler, sum, lines, continues, other, .. } = replay;
    let held = Assembler::held(&assembler);
    Ok(Folded { projection, pending, held, end, sum, lines, continues, other })
}

/// Folds the lines that sled lacks onto what it holds.
pub(crate) fn onto_sled(
    layout: &Layout,
    projection: Projection,
    meta: &Meta,
    known: Known,
) -> Result<Folded, StoreError> {
    let journal = layout.journal();
    let last = segment::count(&journal)?;
    let tail = meta.place.filter(|place| place.segment == last && checked::knows(layout, last));
    if tail.is_some() {
        match fold_from(&journal, Some((projection.clone(), meta)), tail, known) {
            Ok(folded) if folded.continues => return Ok(folded),
            Err(error @ StoreError::Io { .. }) => return Err(error),
            // All of it is read, which says where the damage is.
            _ => {}
        }
    }
    fold(&journal, Some((projection, meta)), known)
}

/// Opens sled and folds the journal. Nothing is written where the journal lacks lines that were saved. `first` gets the
/// first rows where there are many.
pub(crate) fn open(
    layout: &Layout,
    mut first: TellFirst<'_>,
) -> Result<(Folded, Follower, SledReport), StoreError> {
    let reached = reached::read(layout);
    lost::check_end(layout, [reached, reached::of_sled(layout)])?;
    let (path, journal) = (layout.sled(), layout.journal());
    let was_there = path.exists();
    let (known, opened) = match path.symlink_metadata() {
        Ok(found) if !found.is_dir() => (None, Err(Unusable::Damaged("was no folder".into()))),
        Ok(_) => open_sled(&path, layout, &mut first),
        Err(_) => (None, Err(Unusable::Empty)),
    };
    let unusable = match opened {
        Ok((sled, Loaded { projection, meta, pages })) => {
            let written = Grown::of(&projection);
            let mut folded = onto_sled(layout, projection, &meta, [reached, None])?;
            if folded.continues && folded.other.is_none() {
                checked::check(layout, folded.end.segment)?;
                files::keep_few(&path, FORMER, 0);
                let pending = std::mem::take(&mut folded.pending);
                let follower = Follower::new(sled, pages, meta.digest, pending, written);
                return Ok((folded, follower, SledReport::Loaded));
            }
            let held = || load::load(&sled, layout, false).ok().map(|loaded| loaded.projection);
            lost::check_whole(layout, [reached, known], held)?;
            Unusable::Damaged("was made from another journal".into())
        }
        Err(Unusable::Busy(_)) => return Err(StoreError::Locked { pid: None, dir: layout.dir().to_owned() }),
        Err(unusable) => unusable,
    };
    if let Some((_, tell)) = first
        && let Some(projection) = beginning::read(&journal)
    {
        tell(FirstRows { projection, rows: None });
    }
    let mut folded = fold(&journal, None, [reached, None])?;
    // Of a sled that cannot be used only one thing counts: that it knows of later lines.
    lost::check(layout, &folded.read(), [reached, known], || None)?;
    let (follower, report) = rebuild(layout, unusable, was_there, &mut folded);
    Ok((folded, follower, report))
}

/// Opens sled again after the disk failed it, and finds out what it lacks; `None` while that is no use.
pub(crate) fn again(layout: &Layout) -> Option<Follower> {
    if no_room(layout.dir()).is_some() {
        return None;
    }
    let (_, follower, report) = open(layout, None).ok()?;
    (!matches!(report, SledReport::Without { .. })).then_some(follower)
}

/// Opens sled and reads it. The last line that it knows may be known without its records.
fn open_sled(
    path: &Path,
    layout: &Layout,
    first: &mut TellFirst<'_>,
) -> (Option<LastLine>, Result<(Sled, Loaded), Unusable>) {
    let sled = match Sled::open(path) {
        Ok(sled) => sled,
        Err(why) if why.contains(LOCKED) => return (None, Err(Unusable::Busy(why))),
        Err(why) if is_of_the_disk(&why) => return (None, Err(Unusable::Disk(first_line(&why)))),
        Err(why) => {
            let why = format!("could not be opened ({})", first_line(&why));
            return (None, Err(Unusable::Damaged(why)));
        }
    };
    let loaded = load::load_telling(&sled, layout, first);
    (load::last_line(&sled), loaded.map(|loaded| (sled, loaded)))
}

/// Returns the first line of a text; the messages of panics often print whole structures after it.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

/// Creates an empty sled, with all records pending.
fn rebuild(
    layout: &Layout,
    unusable: Unusable,
    was_there: bool,
    folded: &mut Folded,
) -> (Follower, SledReport) {
    let path = &layout.sled();
    let (why, cleared) = match unusable {
        Unusable::Busy(why) | Unusable::Disk(why) => return without(why),
        Unusable::Empty if folded.end.sequence == 0 => (None, Ok(None)),
        Unusable::Empty if was_there => (Some("was empty".to_owned()), Ok(None)),
        Unusable::Empty => (Some("was missing".to_owned()), Ok(None)),
        Unusable::Unfinished => {
            let why = "was not written to the end when the program last stopped".to_owned();
            let removed = fs::remove_dir_all(path).map_err(StoreError::io(path, "removed"));
            (Some(why), removed.map(|()| None))
        }
        Unusable::Former => {
            let why = "was of an earlier version of rowsmith".to_owned();
            (Some(why), files::set_aside(path, FORMER).map(Some))
        }
        // sled may take a full disk for damage, and without room nothing can be made in its place.
        Unusable::Damaged(why) => match path.parent().and_then(no_room) {
            Some(why) => return without(why),
            None => (Some(why), set_aside(path).map(Some)),
        },
    };
    let kept = match cleared.and_then(|kept| files::make_folder(path).map(|()| kept)) {
        Ok(kept) => kept,
        Err(error) => return without(error.to_string()),
    };
    let opened = PageFile::make(path, layout).map_err(|error| error.to_string());
    match opened.and_then(|pages| Ok((pages, Sled::open(path)?))) {
        Ok((pages, sled)) => {
            let pending = std::mem::take(&mut folded.pending);
            let follower = Follower::new(sled, Arc::new(pages), 0, pending, Grown::default());
            (follower, why.map_or(SledReport::Made, |why| SledReport::Rebuilt { why, kept }))
        }
        Err(why) => {
            if !why.contains(LOCKED) {
                // What was begun is no evidence of anything; the next opening makes it.
                let _ = fs::remove_dir_all(path);
            }
            without(first_line(&why))
        }
    }
}

fn without(why: String) -> (Follower, SledReport) {
    (Follower::without(why.clone()), SledReport::Without { why })
}

/// Moves a damaged folder aside, and deletes the oldest ones beyond [`KEPT`].
fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let aside = files::set_aside(path, ASIDE)?;
    files::keep_few(path, ASIDE, KEPT);
    Ok(aside)
}

#[cfg(test)]
mod tests;
