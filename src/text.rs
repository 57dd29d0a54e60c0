//! Words, shingles, similarity, and text made safe for a screen.
//!
//! Everything that compares two texts, or shows one, uses this module, so that a flag, a
//! novelty score and an export all mean the same by *equal* and by *near*. Nothing here
//! reads a file or a clock, and nothing knows what a row or a prompt is.
//!
//! ```text
//! text ── normalise ──► "words joined by one blank" ──► TextHash      equal?
//!                                                  └──► Shingles      how near?
//!                                                          ├──► NearIndex: nearest of many
//!                                                          ├──► Parities: certainly not near
//!                                                          └──► Sketch ──► TextIndex: nearly equal, of a million
//! text ── SafeText ───► safe for a terminal ──► truncate, wrap
//! text ── without_secrets ──► without the passwords and keys of addresses
//! ```

pub(crate) mod address;
mod closest;
pub(crate) mod diff;
mod edits;
mod ends;
mod found;
pub(crate) mod nearest;
pub(crate) mod number;
mod parities;
pub(crate) mod rng;
pub(crate) mod safe;
mod shell;
pub(crate) mod shingles;
mod sketch;
pub(crate) mod stop;
mod text_index;
pub(crate) mod time;
pub(crate) mod width;
pub(crate) mod word_diff;
pub mod words;
pub(crate) mod wrap;

pub(crate) use address::{host_of, model_name, origin_of, without_secrets};
pub(crate) use closest::{closest, closest_or_begun};
pub(crate) use edits::with_words_edited;
pub(crate) use ends::Ends;
pub(crate) use found::found;
pub(crate) use nearest::Spread;
pub use nearest::{NEAR_DUPLICATE, NearIndex};
pub(crate) use number::{counted, thousands};
pub(crate) use parities::Parities;
pub use rng::SplitMix64;
pub(crate) use safe::SafeText;
pub(crate) use shell::{shell_option, shell_word};
pub use shingles::{Shingles, fnv1a64, jaccard};
pub(crate) use shingles::{hash_words, join_words, push_words};
pub use stop::{Stop, Stopped};
pub use text_index::{IndexedText, TextIndex};
pub(crate) use width::{is_plain, truncate, width};
pub use words::{TextHash, normalise, words};
pub(crate) use wrap::wrap;
