//! The language of filters, and the order of the rows.
//!
//! What a person types after `/`, and after `--filter`, becomes a [`Filter`] here, or a
//! [`FilterError`] that marks the place and says what to write. A view is the rows that a
//! filter lets through, in the order of a [`Sort`]: numbers only, so that a screen draws a
//! window of it. Nothing here decides, changes or draws a row.
//!
//! ```text
//! "state:pending -flag:duplicate"  ──► Filter ┐
//! "sort:-novelty"                  ──► Sort ──┴─ view(&Projection) ──► Arc<[u32]>
//! ```

mod error;
pub mod filter;
mod matching;
mod parse;
pub mod remarks;
pub mod sort;
pub mod view;

pub use error::FilterError;
pub use filter::{Comparison, Figure, Filter, Is, Term, VersionPattern};
pub use parse::parse_view;
pub use sort::{Sort, SortKey};
pub use view::view;
