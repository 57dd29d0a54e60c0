//! Keys and messages in, model and effects out.

mod decisions;
mod jobs;
mod mouse;
mod places;
mod prompt;
mod random;
mod rows;
mod windows;
