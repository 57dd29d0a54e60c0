//! `session.json`: how it is read and written.

use std::io::ErrorKind;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Owner, Stamp, StoreId};
use crate::store::StoreError;
use crate::store::files::{self, Layout};
use crate::store::segment::Header;

const FORMAT: u32 = 1;
/// The most bytes of the file.
const LONGEST: u64 = 4 << 20;

#[derive(Serialize, Deserialize)]
struct Envelope {
    v: u32,
    /// The CRC-32 of the text of `is`.
    sum: String,
    is: Box<RawValue>,
}

/// What a store remembers of its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The ids of the journal's segments, that of new ones first. There is more than one where a store was adopted
    /// with a journal of another one.
    pub(super) stores: Vec<StoreId>,
    /// Whether the first segment has an id; it was made before there were any otherwise.
    marked: bool,
    name: String,
    folder: String,
    target: String,
    /// Whether the session is named after its folder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    after_folder: bool,
}

/// What was found of `session.json`.
pub(super) enum Found {
    None,
    /// It is not what was written.
    Damaged,
    Kept(Kept),
}

impl Kept {
    /// Makes what is kept of a store with these segments.
    pub(super) fn new(owner: &Owner, headers: &[Header]) -> Self {
        let mut stores: Vec<StoreId> = Vec::new();
        for id in headers.iter().rev().filter_map(|header| header.store) {
            if !stores.contains(&id) {
                stores.push(id);
            }
        }
        if stores.is_empty() {
            stores.extend(StoreId::draw());
        }
        let marked = headers.first().map_or(!stores.is_empty(), |first| first.store.is_some());
        let Owner { name, folder, target, after_folder } = owner.clone();
        Self { stores, marked, name, folder: folder.to_string_lossy().into_owned(), target, after_folder }
    }

    /// Returns the same for another name, folder and target.
    pub(super) fn for_owner(self, owner: &Owner) -> Self {
        let (stores, marked) = (self.stores, self.marked);
        Self { stores, marked, ..Self::new(owner, &[]) }
    }

    pub(super) fn owner(&self) -> Owner {
        let (name, target) = (self.name.clone(), self.target.clone());
        Owner { name, folder: PathBuf::from(&self.folder), target, after_folder: self.after_folder }
    }

    /// Returns whether it says the same of a session.
    pub(super) fn is_of(&self, owner: &Owner) -> bool {
        (&self.name, &self.target, self.after_folder) == (&owner.name, &owner.target, owner.after_folder)
            && self.folder == owner.folder.to_string_lossy()
    }

    /// Returns whether a segment is one of this store.
    pub(super) fn holds(&self, header: &Header) -> bool {
        match header.store {
            Some(id) => self.stores.contains(&id),
            // An earlier version of the program, used in between, writes none.
            None => !self.marked || header.segment > 1,
        }
    }

    pub(super) fn stamp(&self) -> Option<Stamp> {
        self.stores.first().map(|store| Stamp { store: *store, session: self.name.clone() })
    }
}

pub(super) fn read(layout: &Layout) -> Result<Found, StoreError> {
    let path = layout.session();
    let bytes = match files::read(&path, LONGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::None),
        // Something else stands in its place: a folder, a link, a pipe, something too long.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::IsADirectory | ErrorKind::InvalidInput | ErrorKind::FileTooLarge
            ) =>
        {
            return Ok(Found::Damaged);
        }
        Err(error) => return Err(StoreError::io(&path, "read")(error)),
    };
    let Ok(Envelope { v, sum, is }) = serde_json::from_slice(&bytes) else { return Ok(Found::Damaged) };
    if sum != sum_of(&is) {
        return Ok(Found::Damaged);
    }
    if v > FORMAT {
        return Err(StoreError::Newer { path, format: v, known: FORMAT });
    }
    Ok(serde_json::from_str(is.get()).map_or(Found::Damaged, Found::Kept))
}

pub(super) fn write(layout: &Layout, kept: &Kept) -> Result<(), StoreError> {
    let path = layout.session();
    let envelope = || {
        let is = serde_json::value::to_raw_value(kept)?;
        let mut json = serde_json::to_vec(&Envelope { v: FORMAT, sum: sum_of(&is), is })?;
        json.push(b'\n');
        Ok(json)
    };
    let json = envelope().map_err(|error: serde_json::Error| StoreError::Unwritable(error.to_string()))?;
    files::write_whole(&path, &json)
}

fn sum_of(is: &RawValue) -> String {
    format!("{:08x}", crc32fast::hash(is.get().as_bytes()))
}
