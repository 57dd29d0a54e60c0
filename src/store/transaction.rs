//! One transaction of the follower.

use std::collections::BTreeMap;
use std::sync::Arc;

use sled::{Batch, Tree};

use super::codec::{pack, unpack};
use super::pages::{Of, PageFile, PagePlace};
use super::record::{self, ExchangePlaces, Key, Kind, PIECE, PLACES};
use crate::domain::page::PAGE;
use crate::domain::{Request, TextPage};

/// Returns whether a page of texts is in the file of pages: it is full, or no longer held.
pub(super) fn is_full(page: Option<&Arc<TextPage>>) -> bool {
    page.is_none_or(|page| page.ends.len() == PAGE)
}

/// Returns whether a page of requests is full and none of them will change.
pub(super) fn have_ended(page: &[Request]) -> bool {
    page.len() == PAGE && page.iter().all(|request| request.seconds.is_some())
}

/// Returns a record of where pages lie.
pub(super) fn placed(pages: &PageFile, of: Of, number: u32) -> Vec<PagePlace> {
    pages.places(of, (number * PLACES) as usize, PLACES as usize)
}

/// Returns the record with the places of exchanges, with those that are pending.
pub(super) fn exchanges(
    tree: &Tree,
    key: Key,
    pending: &mut BTreeMap<u32, ExchangePlaces>,
) -> Result<Vec<u8>, String> {
    let mut places = exchanges_at(tree, key)?;
    let first = key.number * PLACES;
    let mut here = pending.split_off(&first);
    let mut behind = here.split_off(&(first + PLACES));
    pending.append(&mut behind);
    for (request, place) in here {
        let at = (request - first) as usize;
        if places.len() <= at {
            places.resize(at + 1, ExchangePlaces::default());
        }
        places[at].asked = place.asked.or(places[at].asked);
        places[at].answered = place.answered.or(places[at].answered);
    }
    pack(&places)
}

pub(super) fn exchanges_at(tree: &Tree, key: Key) -> Result<Vec<ExchangePlaces>, String> {
    record::read(tree, key)?.map_or_else(|| Ok(Vec::new()), |whole| unpack(&whole))
}

/// A transaction that is being built.
pub(super) struct Writing<'a> {
    pub(super) tree: &'a Tree,
    pub(super) batch: Batch,
    pub(super) bytes: usize,
    pub(super) digest: u64,
}

impl Writing<'_> {
    /// Writes a record in pieces, and removes the surplus pieces of a longer old one.
    pub(super) fn put(&mut self, key: Key, record: Option<&[u8]>) -> sled::Result<()> {
        let counts = Kind::OF_PROJECTION.contains(&key.kind);
        let mut pieces = record.unwrap_or_default().chunks(PIECE);
        for number in 0..=u16::MAX {
            let bytes = key.bytes(number);
            let before = self.tree.get(bytes)?;
            let piece = pieces.next();
            if before.is_none() && piece.is_none() {
                break;
            }
            self.bytes += piece.map_or(0, <[u8]>::len) + 32;
            if let Some(before) = before.filter(|_| counts) {
                self.digest = self.digest.wrapping_sub(record::digest(&bytes, &before));
            }
            if let Some(piece) = piece {
                if counts {
                    self.digest = self.digest.wrapping_add(record::digest(&bytes, piece));
                }
                self.batch.insert(&bytes, piece);
            } else {
                self.batch.remove(&bytes);
            }
        }
        Ok(())
    }
}
