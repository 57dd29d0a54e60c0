//! Standard output and standard error. Text from outside is shown there, never obeyed.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

use super::CliError;
use crate::text::SafeText;

/// Standard output, written in large pieces.
pub(super) struct Out {
    writer: BufWriter<StdoutLock<'static>>,
}

impl Out {
    /// Takes standard output.
    pub(super) fn new() -> Self {
        Self { writer: BufWriter::with_capacity(1 << 16, io::stdout().lock()) }
    }

    /// Prints a line; what could move a cursor in it is made visible.
    pub(super) fn line(&mut self, text: &str) -> Result<(), CliError> {
        Ok(writeln!(self.writer, "{}", SafeText::new(text))?)
    }

    /// Prints a text of several lines; what could move a cursor in it is made visible.
    pub(super) fn text(&mut self, text: &str) -> Result<(), CliError> {
        for line in SafeText::lines(text) {
            writeln!(self.writer, "{line}")?;
        }
        Ok(())
    }

    /// Prints what is known to be clean as it is, such as a shell's completions.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        Ok(self.writer.write_all(bytes)?)
    }

    /// Prints a JSON document on one line. Characters that a terminal might obey are escaped in it.
    pub(super) fn json(&mut self, document: &impl Serialize) -> Result<(), CliError> {
        let json = serde_json::to_string(document).map_err(io::Error::from)?;
        let mut start = 0;
        for (at, character) in json.char_indices() {
            if !crate::text::safe::is_clean(character.encode_utf8(&mut [0; 4])) {
                self.writer.write_all(&json.as_bytes()[start..at])?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(self.writer, "\\u{unit:04x}")?;
                }
                start = at + character.len_utf8();
            }
        }
        self.writer.write_all(&json.as_bytes()[start..])?;
        Ok(self.writer.write_all(b"\n")?)
    }

    /// Writes what is still held back.
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        Ok(self.writer.flush()?)
    }
}

/// Says something on standard error.
pub(super) fn say(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in SafeText::lines(text) {
        // Nobody is listening: the exit code still tells.
        let _ = writeln!(stderr, "{line}");
    }
}
