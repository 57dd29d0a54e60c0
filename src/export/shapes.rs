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
mod decisions;
mod dpo;
mod fasttext;
mod kto;
mod label_studio;
mod llama_factory;
mod openai;
mod prodigy;
mod promptfoo;
mod writing;

use self::argilla::Argilla;
use self::dpo::Dpo;
use self::fasttext::FastText;
use self::kto::Kto;
use self::label_studio::LabelStudio;
use self::llama_factory::{Formatting, LlamaFactory};
use self::openai::OpenAi;
use self::prodigy::Prodigy;
use self::promptfoo::Promptfoo;
use super::format::Format;
use super::shape::{Context, Shape};

/// Returns the shape of a tool's format; `None` for the formats that are tables.
pub(super) fn of_tool(format: Format, context: &Context<'_>) -> Option<Box<dyn Shape>> {
    Some(match format {
        Format::Jsonl | Format::Csv | Format::Tsv | Format::Parquet | Format::Hf => return None,
        Format::OpenAi => Box::new(OpenAi::new(context)),
        Format::Alpaca => Box::new(LlamaFactory::new(Formatting::Alpaca, context)),
        Format::ShareGpt => Box::new(LlamaFactory::new(Formatting::ShareGpt, context)),
        Format::Dpo => Box::new(Dpo::new(context)),
        Format::Kto => Box::new(Kto::new(context)),
        Format::Argilla => Box::new(Argilla::new(context)),
        Format::Prodigy => Box::new(Prodigy::new(context)),
        Format::LabelStudio => Box::new(LabelStudio::new(context)),
        Format::FastText => Box::new(FastText::new(context)),
        Format::Promptfoo => Box::new(Promptfoo::new(context)),
    })
}

#[cfg(test)]
mod fixtures;
