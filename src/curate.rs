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
pub(crate) mod filter;
mod matching;
mod parse;
pub(crate) mod remarks;
pub(crate) mod sort;
pub mod view;

pub(crate) use error::FilterError;
pub use filter::Filter;
pub(crate) use parse::parse_view;
pub use sort::Sort;
pub(crate) use sort::SortKey;
pub use view::view;
