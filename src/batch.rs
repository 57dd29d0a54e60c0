//! Files of requests that a service or an engine answers at another time, and files of their results.
//!
//! What a request says and what a reply means is the business of `generate`; here is only what stands around them:
//! names, shards within the services' limits, and lines of results in whatever order they come.
//!
//! ```text
//! body ──► custom id + body ──► requests-0001.jsonl …   (a folder, whole or not at all)
//!                                     │ a service, vLLM, Ray
//! body ◄── custom id, status ◄── lines of results       (any order, several files, a line at a time)
//! ```
//!
//! The limits, as published in 2026-11: `OpenAI` takes 50,000 requests and 200 MB in a file, Anthropic 100,000 requests
//! or 256 MB in a batch, whose ids have 1 to 64 letters, digits, `_` and `-`.

mod custom_id;
mod error;
mod folder;
mod input;
mod ray;
mod requests;
mod results;

pub(crate) use custom_id::CustomId;
pub(crate) use error::BatchError;
pub(crate) use folder::Folder;
pub(crate) use input::{Input, Taken};
pub(crate) use ray::ray_files;
pub(crate) use requests::{Manifest, Shards};
pub(crate) use results::{Answered, Line, ResultLine};
