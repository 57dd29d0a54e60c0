//! The file of pages: texts and ended requests, which are many and never change again.
//!
//! ```text
//! sled/pages     PAGE PAGE PAGE …        appended, never changed; what lies behind the last transaction is cut off
//! sled           where each page lies, how long it is, and its checksum
//! ```
//!
//! It lies beside sled's own files and is made anew together with them. sled 0.34.7 keeps whatever it read in memory,
//! up to about 16,000 of its nodes whatever its `cache_capacity` says, and lets nobody else read beside it; from a file
//! a page is read by its place, through a cache of our own, also when sled is closed again.

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use lru::LruCache;
use serde::{Deserialize, Serialize};

use super::codec::{unpack_requests, unpack_texts};
use super::files::{self, Layout};
use super::opening;
use crate::domain::{Kept, Projection, Request, TextPage};

/// The name of the file in sled's folder.
pub(crate) const PAGES: &str = "pages";
/// How many bytes of pages are kept in memory.
const CACHE: usize = 8 << 20;
/// The most pages that are kept in memory.
const MOST: usize = 4096;
/// About how many bytes a page takes in memory besides its content.
const OVERHEAD: usize = 256;

/// Where a page lies in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PagePlace {
    /// Its first byte.
    pub(crate) offset: u64,
    /// Its length in bytes; 0 where the file does not have it.
    pub(crate) length: u32,
    /// Its CRC-32.
    pub(crate) sum: u32,
}

/// Where all pages lie.
#[derive(Debug, Default)]
pub(crate) struct PagePlaces {
    pub(crate) texts: Vec<PagePlace>,
    pub(crate) requests: Vec<PagePlace>,
    /// The length of the file as far as it counts.
    pub(crate) end: u64,
}

/// What a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Of {
    Texts,
    Requests,
}

impl PagePlaces {
    /// Returns the places of pages of one kind.
    pub(crate) const fn of(&self, of: Of) -> &Vec<PagePlace> {
        match of {
            Of::Texts => &self.texts,
            Of::Requests => &self.requests,
        }
    }

    fn set(&mut self, of: Of, page: u32, place: PagePlace) {
        let places = match of {
            Of::Texts => &mut self.texts,
            Of::Requests => &mut self.requests,
        };
        let page = page as usize;
        if places.len() <= page {
            places.resize(page + 1, PagePlace::default());
        }
        places[page] = place;
    }
}

#[derive(Debug, Clone)]
enum Cached {
    Texts(Arc<TextPage>),
    Requests(Arc<Vec<Request>>),
}

#[derive(Debug)]
struct Cache {
    pages: LruCache<(bool, u32), (Cached, usize)>,
    bytes: usize,
}

/// The file of pages, open for reading and appending.
#[derive(Debug)]
pub(crate) struct PageFile {
    file: File,
    places: RwLock<PagePlaces>,
    cache: Mutex<Cache>,
    /// The store whose journal holds all that the pages hold.
    layout: Layout,
    /// The fold of that journal, once a page could not be read.
    folded: OnceLock<Option<Projection>>,
    trouble: Mutex<Option<String>>,
}

impl PageFile {
    /// Opens the file in sled's folder, and cuts off what does not count where this process may write.
    pub(crate) fn open(
        sled: &Path,
        layout: &Layout,
        places: PagePlaces,
        writes: bool,
    ) -> Result<Self, String> {
        let path = sled.join(PAGES);
        let file = files::private().read(true).write(writes).open(&path);
        let file = file.map_err(|error| format!("has no file of pages ({error})"))?;
        let length = file.metadata().map_err(|error| error.to_string())?.len();
        if length < places.end {
            return Err("has a file of pages that is cut off".to_owned());
        }
        if writes && length > places.end {
            file.set_len(places.end).map_err(|error| error.to_string())?;
        }
        Ok(Self::of(file, layout, places))
    }

    /// Makes a new file in sled's folder; whoever reads the one before goes on reading that.
    pub(crate) fn make(sled: &Path, layout: &Layout) -> io::Result<Self> {
        let path = sled.join(PAGES);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = files::private().read(true).write(true).create_new(true).open(&path)?;
        Ok(Self::of(file, layout, PagePlaces::default()))
    }

    fn of(file: File, layout: &Layout, places: PagePlaces) -> Self {
        let pages = LruCache::new(NonZeroUsize::new(MOST).unwrap_or(NonZeroUsize::MIN));
        Self {
            file,
            places: RwLock::new(places),
            cache: Mutex::new(Cache { pages, bytes: 0 }),
            layout: layout.clone(),
            folded: OnceLock::new(),
            trouble: Mutex::new(None),
        }
    }

    /// Returns how many bytes of the file count.
    pub(crate) fn end(&self) -> u64 {
        self.places.read().unwrap_or_else(PoisonError::into_inner).end
    }

    /// Returns the places of up to `count` pages, from `first` on.
    pub(crate) fn places(&self, of: Of, first: usize, count: usize) -> Vec<PagePlace> {
        let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
        places.of(of).iter().skip(first).take(count).copied().collect()
    }

    /// Appends pages, which are read from the file from now on.
    pub(crate) fn append(&self, pages: &[(Of, u32, Vec<u8>)]) -> io::Result<()> {
        let mut end = self.end();
        let start = end;
        let mut bytes = Vec::with_capacity(pages.iter().map(|(_, _, page)| page.len()).sum());
        let mut added = Vec::with_capacity(pages.len());
        for (of, number, page) in pages {
            let length = u32::try_from(page.len()).map_err(io::Error::other)?;
            added.push((*of, *number, PagePlace { offset: end, length, sum: crc32fast::hash(page) }));
            bytes.extend_from_slice(page);
            end += u64::from(length);
        }
        self.file.write_all_at(&bytes, start)?;
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        let mut cache = self.cache();
        for (of, number, place) in added {
            places.set(of, number, place);
            cache.forget(of, number);
        }
        places.end = end;
        Ok(())
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, of: Of, page: u32) -> Result<Vec<u8>, String> {
        let place = {
            let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
            places.of(of).get(page as usize).copied().unwrap_or_default()
        };
        if place.length == 0 {
            return Err("a page is missing".to_owned());
        }
        let mut bytes = vec![0; place.length as usize];
        self.file.read_exact_at(&mut bytes, place.offset).map_err(|error| error.to_string())?;
        if crc32fast::hash(&bytes) == place.sum { Ok(bytes) } else { Err("a page is damaged".to_owned()) }
    }

    fn fetch(&self, of: Of, page: u32) -> Cached {
        if let Some(known) = self.cache().get(of, page) {
            return known;
        }
        let read = self.read(of, page).and_then(|bytes| {
            let size = bytes.len();
            let cached = match of {
                Of::Texts => Cached::Texts(Arc::new(unpack_texts(&bytes)?)),
                Of::Requests => Cached::Requests(Arc::new(unpack_requests(&bytes)?)),
            };
            Ok((cached, size))
        });
        match read {
            Ok((cached, size)) => {
                self.cache().put(of, page, cached.clone(), size);
                cached
            }
            Err(why) => self.read_from_journal(of, page, &why),
        }
    }

    /// Returns a page from the fold of the journal, which holds all of it.
    fn read_from_journal(&self, of: Of, page: u32, why: &str) -> Cached {
        let folded = self.folded.get_or_init(|| {
            tracing::warn!("The file of pages cannot be read ({why}); the journal is read instead.");
            match opening::fold(&self.layout.journal(), None, [None; 2]) {
                Ok(folded) => Some(folded.projection),
                Err(error) => {
                    let trouble =
                        format!("Some texts cannot be read: the file of pages is damaged, and {error}");
                    *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
                    None
                }
            }
        });
        let found = folded.as_ref().and_then(|folded| match of {
            Of::Texts => folded.held_texts(page).cloned().map(Cached::Texts),
            Of::Requests => folded.held_requests(page).cloned().map(Cached::Requests),
        });
        found.unwrap_or_else(|| {
            let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
            trouble
                .get_or_insert_with(|| "Some texts cannot be read: the file of pages lacks them.".to_owned());
            match of {
                Of::Texts => Cached::Texts(Arc::default()),
                Of::Requests => Cached::Requests(Arc::default()),
            }
        })
    }

    /// Checks every page that counts, and returns what is wrong with the first one that is.
    pub(crate) fn check(&self) -> Result<(), String> {
        for of in [Of::Texts, Of::Requests] {
            for (page, place) in (0..).zip(self.places(of, 0, usize::MAX)) {
                if place.length > 0 {
                    self.read(of, page)?;
                }
            }
        }
        Ok(())
    }
}

impl Cache {
    fn get(&mut self, of: Of, page: u32) -> Option<Cached> {
        self.pages.get(&(of == Of::Texts, page)).map(|(cached, _)| cached.clone())
    }

    fn put(&mut self, of: Of, page: u32, cached: Cached, size: usize) {
        self.forget(of, page);
        let size = size + OVERHEAD;
        self.bytes += size;
        if let Some((_, (_, dropped))) = self.pages.push((of == Of::Texts, page), (cached, size)) {
            self.bytes -= dropped;
        }
        while self.bytes > CACHE {
            let Some((_, (_, dropped))) = self.pages.pop_lru() else { break };
            self.bytes -= dropped;
        }
    }

    fn forget(&mut self, of: Of, page: u32) {
        if let Some((_, size)) = self.pages.pop(&(of == Of::Texts, page)) {
            self.bytes -= size;
        }
    }
}

impl Kept for PageFile {
    fn texts(&self, page: u32) -> Arc<TextPage> {
        match self.fetch(Of::Texts, page) {
            Cached::Texts(page) => page,
            Cached::Requests(_) => Arc::default(),
        }
    }

    fn requests(&self, page: u32) -> Arc<Vec<Request>> {
        match self.fetch(Of::Requests, page) {
            Cached::Requests(page) => page,
            Cached::Texts(_) => Arc::default(),
        }
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::store::codec::pack_texts;

    fn made(dir: &Path) -> (Story, PageFile) {
        let story = Story::with_rows(130);
        let file = PageFile::make(dir, &Layout::new(dir)).unwrap();
        let pages: Vec<_> = (0..2)
            .map(|page| (Of::Texts, page, pack_texts(story.projection.held_texts(page).unwrap()).unwrap()))
            .collect();
        file.append(&pages).unwrap();
        (story, file)
    }

    #[test]
    fn pages_are_read_back_also_by_whoever_opens_the_file_later() {
        let dir = tempfile::tempdir().unwrap();
        let (story, file) = made(dir.path());
        for page in [1, 0, 1] {
            assert_eq!(file.texts(page), *story.projection.held_texts(page).unwrap());
        }
        assert_eq!(file.trouble(), None);
        let places = PagePlaces { texts: file.places(Of::Texts, 0, 9), requests: vec![], end: file.end() };
        let again = PageFile::open(dir.path(), &Layout::new(dir.path()), places, false).unwrap();
        assert_eq!(again.texts(1), *story.projection.held_texts(1).unwrap());
        again.check().unwrap();
    }

    #[test]
    fn what_does_not_count_is_cut_off_and_a_file_that_is_too_short_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (_, file) = made(dir.path());
        let end = file.end();
        let open = |end| {
            let places = PagePlaces { end, ..PagePlaces::default() };
            PageFile::open(dir.path(), &Layout::new(dir.path()), places, true)
        };
        assert!(open(end + 1).is_err());
        drop(open(end - 5).unwrap());
        assert_eq!(std::fs::metadata(dir.path().join(PAGES)).unwrap().len(), end - 5);
    }

    #[test]
    fn a_damaged_page_is_known_and_without_a_journal_that_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let (_, file) = made(dir.path());
        let path = dir.path().join(PAGES);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(file.check().is_err());
        assert_eq!(file.texts(0).ends.len(), 0, "there is no journal to take it from");
        assert!(file.trouble().is_some());
    }

    #[test]
    fn the_cache_is_bounded_by_bytes() {
        let mut cache = Cache { pages: LruCache::unbounded(), bytes: 0 };
        for page in 0..100 {
            cache.put(Of::Texts, page, Cached::Texts(Arc::default()), CACHE / 10);
        }
        assert!(cache.bytes <= CACHE && cache.pages.len() < 10);
        assert!(cache.get(Of::Texts, 99).is_some() && cache.get(Of::Texts, 0).is_none());
    }
}
