//! A parser of server-sent events whose bytes may be split anywhere.
//!
//! Events are returned as bytes, and their reader decodes them, so that an invalid UTF-8 byte affects only
//! its own event. What servers write a little wrong is read too: events that are parted by one line feed, blanks
//! before a field, `error:` as a field, and bare JSON between events.

/// An event of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(super) data: Vec<u8>,
    /// Whether the server calls it an error, whatever its data is.
    pub(super) is_error: bool,
}

/// Collects chunks and splits them into events.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    /// The current line.
    line: Vec<u8>,
    /// The data lines of the current event, joined.
    data: Option<Vec<u8>>,
    /// Whether the current event is an error.
    is_error: bool,
    /// Whether the current event is JSON without a field.
    is_bare: bool,
    /// Whether the last byte was a carriage return: a line feed after it ends no second line.
    after_return: bool,
}

impl Frames {
    /// Adds a chunk and returns the events that it completes, in order.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        if !bytes.is_empty() && std::mem::take(&mut self.after_return) && bytes[0] == b'\n' {
            bytes = &bytes[1..];
        }
        while let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(&bytes[..end]);
            frames.extend(self.end_line());
            let is_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            self.after_return = is_return && bytes.is_empty();
            if is_return && bytes.first() == Some(&b'\n') {
                bytes = &bytes[1..];
            }
        }
        self.line.extend_from_slice(bytes);
        frames
    }

    /// Ends the stream: returns the last events that no blank line has ended.
    pub(crate) fn finish(mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        if !self.line.is_empty() {
            frames.extend(self.end_line());
        }
        frames.extend(self.end_event());
        frames
    }

    fn end_event(&mut self) -> Option<Frame> {
        self.is_bare = false;
        let is_error = std::mem::take(&mut self.is_error);
        let data = self.data.take().or_else(|| is_error.then(Vec::new))?;
        Some(Frame { data, is_error })
    }

    /// Reads the current line; a blank one ends an event.
    fn end_line(&mut self) -> Option<Frame> {
        let line = std::mem::take(&mut self.line);
        let ended = self.read_line(&line);
        // Keeps the line's memory for the next.
        self.line = line;
        self.line.clear();
        ended
    }

    fn read_line(&mut self, line: &[u8]) -> Option<Frame> {
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line).trim_ascii_start();
        if line.is_empty() {
            return self.end_event();
        }
        if let Some(rest) = line.strip_prefix(b"data:") {
            return self.add(rest.strip_prefix(b" ").unwrap_or(rest), false);
        }
        if let Some(kind) = line.strip_prefix(b"event:") {
            // The name of the next event ends one that no blank line has ended.
            let ended = if self.data.is_some() { self.end_event() } else { None };
            self.is_error = kind.trim_ascii().eq_ignore_ascii_case(b"error");
            return ended;
        }
        if let Some(rest) = line.strip_prefix(b"error:") {
            let ended = if self.data.is_some() { self.end_event() } else { None };
            self.is_error = true;
            self.data = Some(rest.trim_ascii().to_vec());
            return ended;
        }
        if self.is_bare || matches!(line[0], b'{' | b'[') {
            return self.add(line, true);
        }
        let is_field = [&b":"[..], b"id:", b"retry:"].iter().any(|field| line.starts_with(field));
        let is_text = !is_field && self.data.is_none() && !is_of_json(line);
        is_text.then(|| Frame { data: line.to_vec(), is_error: false })
    }

    /// Adds a line of data; a value that follows a whole one begins another event.
    fn add(&mut self, line: &[u8], is_bare: bool) -> Option<Frame> {
        let begins = matches!(line.trim_ascii_start().first(), Some(b'{' | b'['));
        let is_whole = |data: &Vec<u8>| {
            let data = data.trim_ascii();
            data.ends_with(b"}") || data == b"[DONE]"
        };
        let ended = if begins && self.data.as_ref().is_some_and(is_whole) { self.end_event() } else { None };
        self.is_bare = is_bare;
        match &mut self.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(line);
            }
            None => self.data = Some(line.to_vec()),
        }
        ended
    }
}

/// Returns whether bytes may be JSON of a reply, whole or damaged.
pub(super) fn is_of_json(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte, b'{' | b'}' | b'"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<String> {
        let mut frames = Frames::default();
        let mut found: Vec<_> = chunks.iter().flat_map(|chunk| frames.feed(chunk)).collect();
        found.extend(frames.finish());
        let show = |frame: &Frame| {
            let data = String::from_utf8_lossy(&frame.data);
            if frame.is_error { format!("error {data}") } else { data.into_owned() }
        };
        found.iter().map(show).collect()
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
    fn a_line_feed_after_a_whole_ending_is_a_line_of_its_own() {
        let text = b"data: a\r\n\ndata: b\r\n\n";
        assert_eq!(read(&[text]), ["a", "b"]);
        assert_eq!(read(&[&text[..9], &text[9..]]), ["a", "b"]);
        assert_eq!(read(&[&text[..8], b"", &text[8..]]), ["a", "b"]);
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

    #[test]
    fn frames_that_are_parted_by_one_line_feed_are_frames() {
        let text = b"\xef\xbb\xbfdata: {\"a\":1}\ndata: {\"b\":\ndata: [{}\ndata: ]}\n  data: {\"c\":3}\ndata: [DONE]\n";
        assert_eq!(read(&[text]), ["{\"a\":1}", "{\"b\":\n[{}\n]}", "{\"c\":3}", "[DONE]"]);
        assert_eq!(read(&[b"event: a\ndata: x\nevent: error\ndata: y\n"]), ["x", "error y"]);
    }

    #[test]
    fn errors_are_known_in_every_form() {
        assert_eq!(read(&[b"event: error\ndata: {\"x\":1}\n\ndata: a\n\n"]), ["error {\"x\":1}", "a"]);
        assert_eq!(read(&[b"error: {\"x\":1}\n\n"]), ["error {\"x\":1}"]);
        assert_eq!(read(&[b"event: error\n\n"]), ["error "]);
        assert_eq!(read(&[b"data: a\n\n{\n \"error\": 7\n}\n"]), ["a", "{\n\"error\": 7\n}"]);
    }
}
