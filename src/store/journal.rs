//! The journal, for the one process that writes it.
//!
//! It is append-only: a saved line is never changed or removed. The rest of a failed write
//! is cut off before anything else is written.
//!
//! A line counts as saved only where the path leads to the open file, before it was written and
//! after, and where nothing but this writer changed that file: who writes to a file that was
//! removed or renamed gets no error.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::error::Displaced;
use super::files;
use super::owner::Stamp;
use super::segment::{self, End, Header, Place};
use super::{StoreError, line, lock, opened};
use crate::domain::{Fact, OperationId};

/// The journal, open at its end.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    segment: u32,
    /// The open segment, which is locked.
    file: File,
    /// The segments before it, in order, with their lengths; they stay open, so that their lines can be read
    /// wherever they are.
    earlier: Vec<(File, u64)>,
    /// When the open segment was last written, as the file says.
    written: (i64, i64),
    /// The length of the open segment up to its last saved line, in bytes.
    length: u64,
    /// The format of the open segment.
    format: u32,
    sequence: u64,
    /// The checksum of the last saved line; 0 where there is none.
    sum: u32,
    /// Where that line is, where this process wrote or read it.
    last: Option<Place>,
    roll_at: u64,
    disk: Box<dyn Disk>,
    /// When the folder was last changed, where its segments are known to be those of this process.
    listed: Option<(i64, i64)>,
    /// What the headers of new segments say of the store.
    stamp: Option<Stamp>,
    /// A failed write, of which the file may hold a part behind `length`, because cutting it failed.
    unsure: Vec<u8>,
}

/// Lines that are written together.
#[derive(Debug)]
struct Lines {
    bytes: Vec<u8>,
    /// Where each line begins in `bytes`.
    starts: Vec<u64>,
    sum: u32,
}

impl Journal {
    /// Opens the journal at its end, and cuts off an incomplete line. `last` is its last segment, locked, if it
    /// has any.
    pub(crate) fn open(
        folder: PathBuf,
        end: End,
        sum: u32,
        roll_at: u64,
        mut disk: Box<dyn Disk>,
        last: Option<File>,
        stamp: Option<Stamp>,
    ) -> Result<Self, StoreError> {
        let sequence = end.sequence;
        let whole = last.filter(|_| end.whole > 0);
        let segment = end.segment.max(1);
        let path = segment::path(&folder, segment);
        let format = segment::format(&folder, segment);
        let (file, length) = if let Some(file) = whole {
            if end.torn > 0 {
                let cut = disk.cut(&file, end.whole).and_then(|()| disk.sync(&file));
                cut.map_err(StoreError::io(&path, "cut after its last whole line"))?;
            }
            (file, end.whole)
        } else {
            make_segment(&folder, (segment, format), sequence, stamp.as_ref(), disk.as_mut())?
        };
        let earlier = (1..segment).map(|number| {
            let path = segment::path(&folder, number);
            let opened = files::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
            opened.map(|(length, file)| (file, length)).map_err(StoreError::io(&path, "read"))
        });
        let earlier = earlier.collect::<Result<_, _>>()?;
        let written = written_at(&file.metadata().map_err(StoreError::io(&path, "looked at"))?);
        let unsure = Vec::new();
        Ok(Self {
            folder,
            segment,
            file,
            earlier,
            written,
            length,
            format,
            sequence,
            sum,
            last: end.last,
            roll_at,
            disk,
            listed: None,
            stamp,
            unsure,
        })
    }

    /// Returns what the headers of new segments say of the store.
    pub(crate) const fn stamp(&self) -> Option<&Stamp> {
        self.stamp.as_ref()
    }

    /// Returns the sequence number of the last saved line.
    pub(crate) const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns the checksum of the last saved line.
    pub(crate) const fn sum(&self) -> u32 {
        self.sum
    }

    /// Returns the number of the open segment.
    pub(crate) const fn segment(&self) -> u32 {
        self.segment
    }

    /// Returns where the last saved line is, where that is known.
    pub(crate) const fn last_place(&self) -> Option<Place> {
        self.last
    }

    /// Returns the sequence number and the checksum of the last saved line.
    pub(crate) const fn end(&self) -> (u64, u32) {
        (self.sequence, self.sum)
    }

    /// Saves facts, after a line with the `abandoned` operations if there are any, and returns
    /// where each fact begins. When this returns, all of them are on the disk, or on an error
    /// none is in the journal. `hold` is called before anything is written, and says whether it may be.
    pub(crate) fn append(
        &mut self,
        abandoned: &[OperationId],
        facts: &[Fact],
        hold: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<Vec<Place>, StoreError> {
        let lines = self.encode(abandoned, facts)?;
        if lines.starts.is_empty() {
            return Ok(Vec::new());
        }
        hold()?;
        self.set_right()?;
        self.check()?;
        // An earlier version refuses a segment of a newer format as a whole, and says so.
        let needed = facts.iter().map(line::format).fold(self.format, u32::max);
        if self.length >= self.roll_at || needed > self.format {
            self.roll(needed)?;
        }
        let written = self
            .disk
            .write(&mut self.file, &lines.bytes)
            .and_then(|()| self.disk.sync(&self.file))
            .map_err(StoreError::io(&self.path(), "written"))
            .and_then(|()| self.check_length(self.length + lines.bytes.len() as u64));
        match written {
            Ok(open) => self.written = written_at(&open),
            Err(error) => {
                self.unsure = lines.bytes;
                // If this fails too, the next append tries again before it writes.
                let _ = self.set_right();
                return Err(error);
            }
        }
        let (segment, before) = (self.segment, self.length);
        let after_marker = usize::from(!abandoned.is_empty());
        let places = lines.starts[after_marker..].iter();
        let places = places.map(|start| Place { segment, offset: before + start }).collect();
        self.last = lines.starts.last().map(|start| Place { segment, offset: before + start });
        self.length += lines.bytes.len() as u64;
        self.sequence += lines.starts.len() as u64;
        self.sum = lines.sum;
        Ok(places)
    }

    fn path(&self) -> PathBuf {
        segment::path(&self.folder, self.segment)
    }

    fn encode(&self, abandoned: &[OperationId], facts: &[Fact]) -> Result<Lines, StoreError> {
        let mut lines = Lines { bytes: Vec::new(), starts: Vec::new(), sum: self.sum };
        if !abandoned.is_empty() {
            lines.starts.push(0);
            lines.sum = line::push_abandoned(&mut lines.bytes, self.sequence + 1, abandoned);
        }
        for fact in facts {
            lines.starts.push(lines.bytes.len() as u64);
            let sequence = self.sequence + lines.starts.len() as u64;
            lines.sum = line::push_fact(&mut lines.bytes, sequence, fact).map_err(StoreError::Unwritable)?;
        }
        Ok(lines)
    }

    /// Checks that the paths lead to the open segments, that nothing else wrote to them, and that no other was made.
    pub(crate) fn check(&mut self) -> Result<(), StoreError> {
        self.check_folder()?;
        if self.folder.is_symlink() {
            return Err(StoreError::Displaced { path: self.folder.clone(), how: Displaced::FolderReplaced });
        }
        for (number, (file, length)) in (1..).zip(&self.earlier) {
            check_at(&segment::path(&self.folder, number), file, *length)?;
        }
        let written = written_at(&self.check_length(self.length)?);
        if written != self.written {
            self.check_lines()?;
            self.written = written;
        }
        Ok(())
    }

    /// Checks that the journal has no other segments than those that this process knows, where its folder has changed.
    fn check_folder(&mut self) -> Result<(), StoreError> {
        let changed = std::fs::metadata(&self.folder).ok().map(|folder| written_at(&folder));
        if changed.is_some() && changed == self.listed {
            return Ok(());
        }
        let numbers = segment::numbers(&self.folder)?;
        let displaced =
            |number, how| Err(StoreError::Displaced { path: segment::path(&self.folder, number), how });
        if let Some(missing) = (1..=self.segment).find(|number| !numbers.contains(number)) {
            return displaced(missing, Displaced::FileGone);
        }
        // The next one without a line may be what a failed write left, and is made again.
        let next = self.segment + 1;
        let is_foreign =
            |number: &&u32| **number > next || **number == next && !segment::is_empty(&self.folder, **number);
        if let Some(other) = numbers.iter().find(is_foreign) {
            return displaced(*other, Displaced::Foreign);
        }
        self.listed = changed;
        Ok(())
    }

    fn check_length(&self, length: u64) -> Result<Metadata, StoreError> {
        check_at(&self.path(), &self.file, length)
    }

    /// Checks that the open segment still holds what was saved; for a file whose time has changed.
    fn check_lines(&self) -> Result<(), StoreError> {
        let mut last = LastLine::default();
        match segment::walk(&self.folder, u64::MAX, &mut last) {
            Ok(end) if (end.sequence, end.whole) == (self.sequence, self.length) && last.is(self.sum) => {
                Ok(())
            }
            Err(error @ StoreError::Io { .. }) => Err(error),
            _ => Err(self.displaced(Displaced::Changed)),
        }
    }

    fn displaced(&self, how: Displaced) -> StoreError {
        StoreError::Displaced { path: self.path(), how }
    }

    /// Returns the segments with their numbers and the length of what was saved in each.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (u32, &File, u64)> {
        let earlier = self.earlier.iter().map(|(file, length)| (file, *length));
        let all = earlier.chain([(&self.file, self.length)]);
        (1..).zip(all).map(|(number, (file, length))| (number, file, length))
    }

    /// Cuts off the rest of a failed write, if what stands there is that.
    fn set_right(&mut self) -> Result<(), StoreError> {
        if self.unsure.is_empty() {
            return Ok(());
        }
        // What is another's stays; the next check says so.
        let cut = self.own_rest().and_then(|rest| {
            if rest > 0 {
                self.disk.cut(&self.file, self.length).and_then(|()| self.disk.sync(&self.file))?;
                self.written = written_at(&self.file.metadata()?);
            }
            Ok(())
        });
        cut.map_err(|source| StoreError::Stuck { path: self.path(), source })?;
        self.unsure.clear();
        Ok(())
    }

    /// Returns how many bytes of the failed write stand behind the last saved line; 0 where something else does.
    fn own_rest(&self) -> io::Result<usize> {
        let rest = self.file.metadata()?.len().checked_sub(self.length);
        let Some(rest) = rest.and_then(|rest| usize::try_from(rest).ok()) else { return Ok(0) };
        let Some(own) = self.unsure.get(..rest) else { return Ok(0) };
        let mut there = vec![0; rest];
        self.file.read_exact_at(&mut there, self.length)?;
        Ok(if there == own { rest } else { 0 })
    }

    fn roll(&mut self, format: u32) -> Result<(), StoreError> {
        let number = self.segment + 1;
        let (stamp, disk) = (self.stamp.as_ref(), self.disk.as_mut());
        let (file, length) = make_segment(&self.folder, (number, format), self.sequence, stamp, disk)?;
        self.earlier.push((std::mem::replace(&mut self.file, file), self.length));
        (self.segment, self.length, self.format, self.listed) = (number, length, format, None);
        Ok(())
    }
}

/// Checks that a path leads to an open file, and that this is as long as what was written to it.
fn check_at(path: &Path, file: &File, length: u64) -> Result<Metadata, StoreError> {
    let open = file.metadata().map_err(StoreError::io(path, "looked at"))?;
    opened::check_file(&open, path)?;
    let how = match open.len().checked_sub(length) {
        Some(0) => return Ok(open),
        Some(more) => Displaced::Longer(more),
        None => Displaced::Shorter(length - open.len()),
    };
    Err(StoreError::Displaced { path: path.to_owned(), how })
}

/// Returns when a file was last written, or a folder's list of names.
fn written_at(file: &Metadata) -> (i64, i64) {
    (file.mtime(), file.mtime_nsec())
}

/// The checksum of the last line read.
#[derive(Debug, Default)]
struct LastLine(Option<u32>);

impl LastLine {
    /// Returns whether no line was read, or the last one has this checksum.
    fn is(&self, sum: u32) -> bool {
        self.0.is_none_or(|last| last == sum)
    }
}

impl segment::Visitor for LastLine {
    fn line(&mut self, line: &segment::Line<'_>) -> Result<(), StoreError> {
        self.0 = Some(line.sum);
        Ok(())
    }
}

/// Creates a segment with its header, replacing one that a failed attempt left incomplete.
fn make_segment(
    folder: &Path,
    (number, format): (u32, u32),
    sequence: u64,
    stamp: Option<&Stamp>,
    disk: &mut dyn Disk,
) -> Result<(File, u64), StoreError> {
    let path = segment::path(folder, number);
    let (store, session) = (stamp.map(|stamp| stamp.store), stamp.map(|stamp| stamp.session.clone()));
    let header = Header { format, segment: number, first: sequence + 1, store, session };
    let made = write_header(&path, &header, disk);
    if made.is_err() {
        // A segment with an incomplete header is ignored, so it does no harm if it stays.
        let _ = std::fs::remove_file(&path);
    }
    let made = made.map_err(StoreError::io(&path, "made"))?;
    disk.sync_folder(folder).map_err(StoreError::io(folder, "saved"))?;
    Ok(made)
}

fn write_header(path: &Path, header: &Header, disk: &mut dyn Disk) -> io::Result<(File, u64)> {
    let mut line = serde_json::to_vec(header)?;
    line.push(b'\n');
    let mut file = files::private().read(true).append(true).create(true).open(path)?;
    if !lock::try_lock(&file, path).map_err(io::Error::other)? {
        return Err(io::Error::other("another process has it locked"));
    }
    disk.cut(&file, 0)?;
    disk.write(&mut file, &line)?;
    disk.sync(&file)?;
    Ok((file, line.len() as u64))
}

#[cfg(test)]
mod tests;
