//! Keys and messages in, model and effects out.

mod compare;
mod completion;
mod data;
mod decisions;
mod drafts;
mod export;
mod filter;
mod going_on;
mod jobs;
mod measure;
mod mouse;
mod next_version;
mod palette;
mod permission;
mod places;
mod prompt;
mod race;
mod random;
mod resume;
mod rows;
mod scraps;
mod settings;
mod typing;
mod unfinished;
mod versions;
mod windows;
