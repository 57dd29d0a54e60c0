//! Standard output and standard error. Control characters in untrusted text are made visible there.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde::Serialize;

use super::CliError;
use crate::text::SafeText;

/// Buffered standard output.
pub(super) struct Out {
    writer: BufWriter<StdoutLock<'static>>,
}

impl Out {
    /// Locks standard output.
    pub(super) fn new() -> Self {
        Self { writer: BufWriter::with_capacity(1 << 16, io::stdout().lock()) }
    }

    /// Prints a line, with control characters made visible.
    pub(super) fn line(&mut self, text: &str) -> Result<(), CliError> {
        Ok(writeln!(self.writer, "{}", SafeText::new(text))?)
    }

    /// Prints a text of several lines, with control characters made visible.
    pub(super) fn text(&mut self, text: &str) -> Result<(), CliError> {
        for line in SafeText::lines(text) {
            writeln!(self.writer, "{line}")?;
        }
        Ok(())
    }

    /// Prints trusted bytes unchanged, such as a shell's completions.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        Ok(self.writer.write_all(bytes)?)
    }

    /// Prints a JSON document on one line, with characters escaped that a terminal might interpret.
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

    /// Flushes the buffer.
    pub(super) fn finish(&mut self) -> Result<(), CliError> {
        Ok(self.writer.flush()?)
    }
}

/// Prints a text on standard error, with control characters made visible.
pub(super) fn say(text: &str) {
    let mut stderr = io::stderr().lock();
    for line in SafeText::lines(text) {
        // Where nobody reads it, the exit code still signals the result.
        let _ = writeln!(stderr, "{line}");
    }
}
