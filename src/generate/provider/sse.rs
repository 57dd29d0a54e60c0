//! A parser of server-sent events whose bytes may be split anywhere.
//!
//! Events are returned as bytes, and their reader decodes them, so that an invalid UTF-8 byte affects only
//! its own event.

/// Collects chunks and splits them into events.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The current line.
    line: Vec<u8>,
    /// The data lines of the current event, joined.
    data: Option<Vec<u8>>,
    /// Whether the last byte was a carriage return: a line feed after it ends no second line.
    after_return: bool,
}

impl Frames {
    /// Adds a chunk and returns the data of the events that it completes, in order.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        if self.after_return && bytes.first() == Some(&b'\n') {
            bytes = &bytes[1..];
        }
        self.after_return &= bytes.is_empty();
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(&bytes[..end]);
            frames.extend(self.end_line());
            let is_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            if is_return && bytes.first() == Some(&b'\n') {
                bytes = &bytes[1..];
            }
            self.after_return = is_return && bytes.is_empty();
        }
        self.line.extend_from_slice(bytes);
        frames
    }

    /// Ends the stream: returns a last event that no blank line has ended.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        if !self.line.is_empty() {
            self.end_line();
        }
        self.data
    }

    /// Reads the current line; a blank one ends an event.
    fn end_line(&mut self) -> Option<Vec<u8>> {
        if self.line.is_empty() {
            return self.data.take();
        }
        if let Some(rest) = self.line.strip_prefix(b"data:") {
            let rest = rest.strip_prefix(b" ").unwrap_or(rest);
            match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(rest);
                }
                None => self.data = Some(rest.to_vec()),
            }
        }
        self.line.clear();
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::default();
        let mut found: Vec<_> = chunks.iter().flat_map(|chunk| frames.feed(chunk)).collect();
        found.extend(frames.finish());
        found.iter().map(|frame| String::from_utf8_lossy(frame).into_owned()).collect()
    }

    #[test]
    fn a_split_at_every_byte_and_every_line_ending_give_the_same_frames() {
        let text = "event: x\ndata: a ☺\ndata:b\n\n: a comment\nid: 7\n\ndata: [DONE]\n\n";
        for ending in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', ending);
            let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(read(&bytes), ["a ☺\nb", "[DONE]"], "{ending:?}");
            assert_eq!(read(&[text.as_bytes()]), ["a ☺\nb", "[DONE]"], "{ending:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_leave_the_frames_around_them_alone() {
        assert_eq!(read(&[b"data: a\n\ndata: \xff\n\ndata: b\n\n"]), ["a", "\u{fffd}", "b"]);
    }

    #[test]
    fn a_last_frame_needs_no_blank_line() {
        assert_eq!(read(&[b"data: a\n\ndata: b"]), ["a", "b"]);
        assert!(read(&[b"", b": only\n\n"]).is_empty());
    }
}
