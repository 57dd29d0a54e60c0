//! Reads the projection from sled's records.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::codec::{unpack, unpack_operation, unpack_requests, unpack_texts, unwrap};
use super::database::Sled;
use super::disk_trouble::is_of_the_disk;
use super::files::Layout;
use super::guard::guarded;
use super::pages::{PageFile, PagePlace, PagePlaces};
use super::reached::LastLine;
use super::record::{self, Key, Kind, Meta};
use crate::domain::projection::{Assembly, ROWS};
use crate::domain::{Fields, Projection, RowNumber};

/// The content of sled.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) projection: Projection,
    pub(crate) meta: Meta,
    pub(crate) pages: Arc<PageFile>,
}

/// Why sled's records cannot be used.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// There are no records yet.
    Empty,
    /// The program ended before all of them were written.
    Unfinished,
    /// They are those of a former version.
    Former,
    /// They are not what was written; holds the rest of a sentence that begins with "sled".
    Damaged(String),
    /// It is still open, in another process or in this one; holds sled's message.
    Busy(String),
    /// The disk fails or is full, and they may be whole; holds the message.
    Disk(String),
}

/// What is told of a store's rows before all of them are read.
#[derive(Debug)]
pub(crate) struct FirstRows {
    /// The rows around the one that was asked for, and no others; nothing may be applied to it.
    pub(crate) projection: Projection,
    /// How many rows there are, where that is known already; the journal may hold a few more.
    pub(crate) rows: Option<u32>,
}

/// Takes the first rows, where they come before all of them.
pub(crate) type TellFirst<'a> = Option<(Option<RowNumber>, Box<dyn FnOnce(FirstRows) + Send + 'a>)>;

/// From how many rows on it takes long enough to read all of them that the first ones are read before.
const MANY: u32 = 20_000;

/// Returns the last line that sled knows, whether or not all its records are written.
pub(crate) fn last_line(sled: &Sled) -> Option<LastLine> {
    let tree = sled.tree()?;
    let first = guarded(|| tree.get(Key::META.bytes(0))).ok()??;
    let meta: Meta = unwrap(&first).ok()?;
    Some(meta.last_line())
}

/// Reads all records of the projection, and checks that none is missing, stale or torn. `writes` says whether this
/// process has the store open for writing.
pub(crate) fn load(sled: &Sled, layout: &Layout, writes: bool) -> Result<Loaded, Unusable> {
    load_with(sled, &sled.path, layout, writes, &mut None)
}

/// Reads all records, as [`load`] does for a process that writes; `first` gets the first rows where there are many.
pub(crate) fn load_telling(
    sled: &Sled,
    layout: &Layout,
    first: &mut TellFirst<'_>,
) -> Result<Loaded, Unusable> {
    load_with(sled, &sled.path, layout, true, first)
}

/// Reads a copy of a store's sled without its file of pages, as [`load`] does; that file is read in the store itself.
pub(crate) fn load_beside(copy: &Sled, layout: &Layout) -> Result<Loaded, Unusable> {
    load_with(copy, &layout.sled(), layout, false, &mut None)
}

fn load_with(
    sled: &Sled,
    pages: &Path,
    layout: &Layout,
    writes: bool,
    first: &mut TellFirst<'_>,
) -> Result<Loaded, Unusable> {
    let (tree, meta) = begun(sled)?;
    let mut reading = Reading { tree, digest: 0, rows: meta.rows as usize };
    let base = guarded(|| reading.base(&meta, pages, layout, writes));
    let (mut projection, pages) = base.map_err(damaged)?;
    if meta.rows >= MANY
        && let Some((around, tell)) = first.take()
    {
        match first_rows(&reading, projection.clone(), &meta, around) {
            Some(projection) => tell(FirstRows { projection, rows: Some(meta.rows) }),
            // All of them are read next, which says why these could not be.
            None => *first = Some((around, tell)),
        }
    }
    let rest = guarded(|| {
        reading.each(Kind::Rows, |page, value| Ok(projection.put_row_page(page, &unpack(value)?)?))?;
        reading.each(Kind::Marks, |page, value| Ok(projection.put_mark_page(page, &unpack(value)?)?))?;
        if reading.digest != meta.digest {
            return Err("some of its records are missing or stale".to_owned());
        }
        if meta.rows > 0 && !projection.is_read(RowNumber(meta.rows - 1)) {
            return Err("it lacks rows".to_owned());
        }
        projection.count_all();
        Ok(())
    });
    rest.map_err(damaged)?;
    Ok(Loaded { projection, meta, pages })
}

/// Reads the rows around one, or the first ones, into a projection that has everything else.
fn first_rows(
    reading: &Reading<'_>,
    mut projection: Projection,
    meta: &Meta,
    around: Option<RowNumber>,
) -> Option<Projection> {
    let read = guarded(|| {
        let chunk = projection.pages_around(around);
        reading.chunk(&mut projection, chunk)?;
        projection.count_as(meta.states);
        Ok::<_, String>(())
    });
    read.ok().map(|()| projection)
}

/// Reads rows in order until enough were seen: after each chunk `is_enough` gets the projection, with the columns of
/// the rows so far, and the numbers of the new ones. `None` where it never was, or something cannot be read.
pub(crate) fn rows_until(
    sled: &Sled,
    layout: &Layout,
    last: LastLine,
    mut is_enough: impl FnMut(&Projection, Range<u32>) -> bool,
) -> Option<Projection> {
    // What the journal holds beyond it may change any row.
    let (tree, meta) = begun(sled).ok().filter(|(_, meta)| meta.last_line() == last)?;
    let read = guarded(|| {
        let mut reading = Reading { tree, digest: 0, rows: meta.rows as usize };
        let (mut projection, _) = reading.base(&meta, &layout.sled(), layout, false)?;
        let mut first = 0;
        while first < meta.rows {
            let chunk = projection.pages_around(Some(RowNumber(first)));
            let behind = meta.rows.min(chunk.end.saturating_mul(u32::try_from(ROWS).unwrap_or(u32::MAX)));
            reading.chunk(&mut projection, chunk)?;
            if is_enough(&projection, first..behind) {
                return Ok(Some(projection));
            }
            first = behind;
        }
        Ok::<_, String>(None)
    });
    read.ok().flatten()
}

/// Reads the first record, and returns why nothing else is to be read, if that is so.
fn begun(sled: &Sled) -> Result<(&sled::Tree, Meta), Unusable> {
    let tree = sled.tree().ok_or(Unusable::Empty)?;
    let first = guarded(|| tree.get(Key::META.bytes(0))).map_err(damaged)?;
    let Some(first) = first else {
        let empty = guarded(|| tree.first()).map_err(damaged)?.is_none();
        return Err(if empty { Unusable::Empty } else { damaged("its first record is gone") });
    };
    let meta: Meta = unwrap(&first).map_err(damaged)?;
    match meta.format {
        record::FORMAT if meta.complete => Ok((tree, meta)),
        record::FORMAT => Err(Unusable::Unfinished),
        1..record::FORMAT => Err(Unusable::Former),
        _ => Err(Unusable::Damaged("is of another version of rowsmith".to_owned())),
    }
}

fn damaged(what: impl std::fmt::Display) -> Unusable {
    let what = what.to_string();
    if is_of_the_disk(&what) {
        return Unusable::Disk(what);
    }
    Unusable::Damaged(format!("was damaged ({what})"))
}

struct Reading<'a> {
    tree: &'a sled::Tree,
    digest: u64,
    rows: usize,
}

impl Reading<'_> {
    /// Reads everything but the columns and the marks of rows.
    fn base(
        &mut self,
        meta: &Meta,
        sled: &Path,
        layout: &Layout,
        writes: bool,
    ) -> Result<(Projection, Arc<PageFile>), String> {
        let mut assembly = Assembly {
            rows: self.rows,
            tops: meta.tops,
            last_operation: meta.last_operation,
            ..Assembly::default()
        };
        assembly.versions = self.list(Kind::Version, 0)?;
        assembly.runs = self.list(Kind::Run, 1)?;
        assembly.scraps = self.list(Kind::Scrap, 0)?;
        assembly.split = self.list(Kind::Split, 0)?.pop();
        assembly.laboratory = self.list(Kind::Laboratory, 0)?.pop().unwrap_or_default();
        assembly.imports = self.list(Kind::Import, 1)?;
        assembly.origins = self.list(Kind::Origin, 0)?;
        assembly.edits = self.list::<Vec<Fields>>(Kind::Edits, 0)?.concat();
        assembly.operations = self.list_of(Kind::Operation, 0, unpack_operation)?;
        assembly.request_runs = self.list_of(Kind::RequestRuns, 0, unpack)?;
        assembly.words = self.list_of(Kind::Words, 0, unpack)?.pop().unwrap_or_default();
        assembly.names = self.list_of::<Vec<String>>(Kind::Names, 0, unpack)?.concat();
        let places = PagePlaces {
            texts: self.list_of::<Vec<PagePlace>>(Kind::TextPlaces, 0, unpack)?.concat(),
            requests: self.list_of::<Vec<PagePlace>>(Kind::RequestPlaces, 0, unpack)?.concat(),
            end: meta.pages,
        };
        let pages = Arc::new(PageFile::open(sled, layout, places, writes)?);
        assembly.kept = Some(Arc::<PageFile>::clone(&pages));
        let mut projection =
            Projection::assembled(assembly).ok_or("it has an operation that makes no sense")?;
        self.each(Kind::Texts, |page, value| {
            projection.hold_texts(page, Arc::new(unpack_texts(value)?));
            Ok(())
        })?;
        self.each(Kind::Requests, |page, value| {
            projection.hold_requests(page, Arc::new(unpack_requests(value)?));
            Ok(())
        })?;
        Ok((projection, pages))
    }

    /// Reads all JSON records of a kind, whose numbers must count up from `first` without a gap.
    fn list<T: DeserializeOwned>(&mut self, kind: Kind, first: u32) -> Result<Vec<T>, String> {
        self.list_of(kind, first, |value| unwrap(value))
    }

    /// Reads all records of a kind, whose numbers must count up from `first` without a gap.
    fn list_of<T>(
        &mut self,
        kind: Kind,
        first: u32,
        parse: impl Fn(&[u8]) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut list = Vec::new();
        self.each(kind, |number, value| {
            if number as usize != list.len() + first as usize {
                return Err("it lacks a record".to_owned());
            }
            list.push(parse(value)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// Passes each record of a kind on, with its pieces joined.
    fn each(
        &mut self,
        kind: Kind,
        mut take: impl FnMut(u32, &[u8]) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut open: Option<(u32, u16, Vec<u8>)> = None;
        for entry in self.tree.scan_prefix([kind as u8]) {
            let (key, value) = entry.map_err(|error| error.to_string())?;
            self.digest = self.digest.wrapping_add(record::digest(&key, &value));
            let (number, piece) = Key::read(&key).ok_or("it has a key of another form")?;
            match &mut open {
                Some((same, last, whole)) if *same == number && piece == *last + 1 => {
                    whole.extend_from_slice(&value);
                    *last = piece;
                }
                _ if piece > 0 => return Err("it lacks a piece of a record".to_owned()),
                open => {
                    if let Some((number, _, whole)) = open.replace((number, 0, value.to_vec())) {
                        take(number, &whole)?;
                    }
                }
            }
        }
        open.map_or(Ok(()), |(number, _, whole)| take(number, &whole))
    }

    /// Reads the columns and the marks of some pages of rows.
    fn chunk(&self, projection: &mut Projection, pages: Range<u32>) -> Result<(), String> {
        for page in pages {
            let key = |kind| Key { kind, number: page };
            let rows = record::read(self.tree, key(Kind::Rows))?.ok_or("it lacks rows")?;
            projection.put_row_page(page, &unpack(&rows)?)?;
            if let Some(marks) = record::read(self.tree, key(Kind::Marks))? {
                projection.put_mark_page(page, &unpack(&marks)?)?;
            }
        }
        Ok(())
    }
}
