//! Rowsmith, a terminal workbench for prompt engineering and synthetic data.
//!
//! The rooms stand on floors, and a room uses only floors below its own; the
//! architecture test holds that. `ARCHITECTURE.md` draws the house.

pub mod app;
pub mod cli;
pub mod config;
pub mod curate;
pub mod dataset;
pub mod domain;
pub mod engine;
pub mod export;
pub mod generate;
pub mod measure;
pub mod runtime;
pub mod store;
pub mod template;
pub mod text;
pub mod ui;
pub mod workbench;
