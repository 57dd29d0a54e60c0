//! Words, shingles, similarity, and text made safe for a screen.
//!
//! Everything that compares two texts, or shows one, goes through this room, so that a
//! flag, a novelty figure and an export all mean the same by *equal* and by *near*.
//! Nothing here reads a file or a clock, and nothing knows what a row or a prompt is.
//!
//! ```text
//! text ── normalise ──► "words joined by one blank" ──► TextHash      equal?
//!                                                  └──► Shingles      how near?
//!                                                          └──► NearIndex: nearest of many
//! text ── SafeText ───► what a terminal may be given ──► truncate, wrap
//! text ── without_secrets ──► no password or key of an address in it
//! ```

pub mod address;
mod closest;
pub mod edits;
pub mod nearest;
pub mod number;
pub mod rng;
pub mod safe;
pub mod shingles;
pub mod time;
pub mod width;
pub mod words;

pub use address::without_secrets;
pub use closest::closest;
pub use nearest::{NEAR_DUPLICATE, NearIndex};
pub use number::thousands;
pub use rng::SplitMix64;
pub use safe::SafeText;
pub use shingles::{Shingles, jaccard, join_words, push_words};
pub use width::{is_plain, truncate, width, wrap};
pub use words::{TextHash, normalise, words};
