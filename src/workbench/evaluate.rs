//! Whether the accepted rows make a classifier better on real test rows.
//!
//! The protocol is in `docs/evaluation.md`. All training sets of all seeds are lists of numbered texts, which are cut
//! into terms once; they are fitted on all cores, can be stopped, and their results are kept by content.
//!
//! ```text
//! Dataset, accepted rows ──► Material ──► Grounds ──(set × seed)──► Outcome ──► figures, interval ──► Evaluation
//!                                                       └──► Keep: found again while nothing it depends on changed
//! ```
//!
//! Only [`Evaluator`] reaches the store: it keeps results, and counts how often the test rows were opened.

mod evaluator;
mod figures;
mod fitting;
#[cfg(test)]
mod fixtures;
mod gather;
mod kept;
mod machine;
mod material;
mod seeds;
mod seen;
mod training;
mod warnings;
mod work;

pub(crate) use evaluator::{EvaluationMade, Evaluator};
use kept::Keep;
pub(crate) use machine::TrainCv;
use machine::train_cv;
pub(crate) use material::Unfit;
use material::{AcceptedRow, Labelled, Material, Seen};
pub(crate) use work::EvaluationOrder;
use work::{Watching, evaluate};
