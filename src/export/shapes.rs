//! The formats of training and annotation tools: what each makes of rows, and the files that it needs beside.
//!
//! A shape writes what its tool reads, and nothing that the tool would refuse or lose: what has to be changed or left
//! out for that is counted, and said at the end.
//!
//! ```text
//! Outgoing ─► chat ───► openai, alpaca, sharegpt       messages that teach labelling or writing
//!          ─► answers ─► dpo, kto                      what was decided, as preferences
//!          ─► ───────── argilla, prodigy, label-studio decisions, as answers of a person
//!          ─► ───────── fasttext, promptfoo
//! ```

mod argilla;
mod chat;
mod dpo;
mod fasttext;
mod kto;
mod label_studio;
mod llama_factory;
mod openai;
mod prodigy;
mod promptfoo;
mod writing;

#[cfg(test)]
mod fixtures;
