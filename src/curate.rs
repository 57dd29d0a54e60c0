//! The filter language and the sort order of the rows.
//!
//! A [`Filter`] is parsed from what a person types after `/` or passes to `--filter`; a [`FilterError`]
//! marks the wrong bytes and says what to write. A view is the row numbers that match a filter, in the
//! order of a [`Sort`], so that a screen draws only a window of it. Facets count what the matching rows are like. Nothing
//! here decides, changes or draws a row; what a change of many would do is counted, and what a replacement would make of
//! them.
//!
//! ```text
//! "state:pending -flag:duplicate"  ──► Filter ┐
//! "sort:-novelty"                  ──► Sort ──┴─ search(&Projection) ──► Arc<[u32]>
//! ```

mod blind;
mod bulk;
pub(crate) mod coverage;
pub(crate) mod duplicates;
mod error;
pub(crate) mod facets;
pub(crate) mod filter;
mod labels;
mod matching;
mod parse;
mod pattern;
pub(crate) mod plan;
mod queue;
pub(crate) mod remarks;
mod replace;
mod search;
pub(crate) mod sort;
mod unknown;
pub mod view;

pub(crate) use blind::refused_while_blind;
pub(crate) use bulk::BulkPreview;
pub(crate) use error::FilterError;
pub(crate) use facets::{Facet, FacetKind, FacetValue, Facets};
pub use filter::Filter;
pub(crate) use labels::{no_such_label, no_such_view, unknown_label};
pub use parse::VariableNames;
pub(crate) use parse::{last_word, parse_typed, parse_view};
pub(crate) use pattern::Pattern;
pub(crate) use queue::mixed;
pub(crate) use replace::{Replaceable, Replaced, Replacement};
pub use search::{Near, search};
pub use sort::Sort;
pub(crate) use sort::SortKey;
pub(crate) use unknown::unknown_names;
pub use view::{NewHidden, view};
