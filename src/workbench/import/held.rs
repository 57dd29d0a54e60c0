//! What an import holds until its file was read to the end: its facts and the texts of its rows, in temporary files in
//! the store, which are gone with the process.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::of_row;
use crate::domain::{Event, Fact, RowId};

/// The facts and texts of an import.
pub(super) struct Held {
    facts: BufWriter<File>,
    texts: File,
    /// The id of each row, and where its text ends.
    rows: Vec<(RowId, u64)>,
    /// How many facts there are.
    count: usize,
    /// Whether a text could not be read back.
    has_failed: Cell<bool>,
}

impl Held {
    /// Makes the files, which have no name, in a folder.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let facts = BufWriter::new(tempfile::tempfile_in(folder)?);
        let texts = tempfile::tempfile_in(folder)?;
        Ok(Self { facts, texts, rows: Vec::new(), count: 0, has_failed: Cell::new(false) })
    }

    /// Returns how many rows are held.
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Holds a fact, with the ids and the present texts of its rows.
    pub(super) fn hold(&mut self, fact: &Fact) -> io::Result<()> {
        let start = self.rows.last().map_or(0, |(_, end)| *end);
        let mut texts = String::new();
        let Event::Imported { rows, .. } = &fact.event else { return Ok(()) };
        for (id, text) in rows.iter().map(of_row) {
            texts.push_str(text);
            self.rows.push((id, start + texts.len() as u64));
        }
        self.texts.write_all_at(texts.as_bytes(), start)?;
        serde_json::to_writer(&mut self.facts, fact)?;
        self.facts.write_all(b"\n")?;
        self.count += 1;
        if self.has_failed.get() { Err(io::Error::other("a text could not be read back")) } else { Ok(()) }
    }

    /// Returns the id and the text of a row, by its place in the import; `None` behind the last one that is held, and
    /// where it cannot be read, which the next fact fails for.
    pub(super) fn row(&self, place: usize) -> Option<(RowId, Cow<'static, str>)> {
        let (id, end) = *self.rows.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |(_, end)| *end);
        let mut text = vec![0; usize::try_from(end - start).unwrap_or_default()];
        let read = self.texts.read_exact_at(&mut text, start).map(|()| String::from_utf8(text));
        if let Ok(Ok(text)) = read {
            return Some((id, Cow::Owned(text)));
        }
        self.has_failed.set(true);
        None
    }

    /// Returns the facts in order, all but the last one as parts of their operation.
    pub(super) fn into_facts(self) -> io::Result<impl Iterator<Item = io::Result<Fact>>> {
        let Self { facts, count, .. } = self;
        let mut facts = facts.into_inner().map_err(io::IntoInnerError::into_error)?;
        facts.rewind()?;
        let lines = BufReader::new(facts).lines().zip(1..);
        Ok(lines.map(move |(line, number)| {
            let fact: Fact = serde_json::from_str(&line?)?;
            Ok(Fact { part: number < count, ..fact })
        }))
    }
}
