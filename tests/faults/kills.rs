//! `kill -9`: of a process that writes a store, at each of its disk operations and at any moment; of each command
//! that changes a session; of the screen.
//!
//! A child says what is saved, and is killed. Afterwards everything that it said is there, nothing is half there,
//! nothing was moved aside, and once the store was opened again no temporary file is left.

mod child;
mod commands;
mod screen;
