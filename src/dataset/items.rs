//! Parts JSON objects that are not a line each: a list of them, or one after the other.

use std::io::{self, BufRead};

use super::fault::LineFault;

/// What stands next in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// An object.
    Object(String),
    /// Something else, and nothing behind it can be told apart.
    Fault(LineFault),
    /// The end.
    End,
}

/// Reads a file object by object.
#[derive(Debug)]
pub(super) struct Items<R> {
    reader: R,
    is_open: bool,
    is_closed: bool,
}

impl<R: BufRead> Items<R> {
    /// Begins at the start of a file.
    pub(super) const fn new(reader: R) -> Self {
        Self { reader, is_open: false, is_closed: false }
    }

    /// Returns whether the objects are in a list.
    pub(super) const fn is_list(&self) -> bool {
        self.is_open
    }

    /// Returns the reader.
    pub(super) fn into_inner(self) -> R {
        self.reader
    }

    /// Reads the next object.
    pub(super) fn next(&mut self, is_first: bool) -> io::Result<Next> {
        loop {
            let Some(byte) = self.peek()? else {
                let is_cut = self.is_open && !self.is_closed;
                return Ok(if is_cut { Next::Fault(LineFault::CutOff) } else { Next::End });
            };
            match byte {
                b'{' if !self.is_closed => return self.object(),
                b'[' if is_first && !self.is_open => self.is_open = true,
                b']' if self.is_open && !self.is_closed => self.is_closed = true,
                b' ' | b'\t' | b'\n' | b'\r' => {}
                b',' if !self.is_closed => {}
                other => return Ok(Next::Fault(no_object(other))),
            }
            self.reader.consume(1);
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        self.reader.fill_buf().map(|bytes| bytes.first().copied())
    }

    /// Reads an object up to the brace that closes it.
    fn object(&mut self) -> io::Result<Next> {
        let mut text = Vec::new();
        let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
        loop {
            let bytes = self.reader.fill_buf()?;
            if bytes.is_empty() {
                return Ok(Next::Fault(LineFault::CutOff));
            }
            let mut taken = 0;
            for byte in bytes {
                taken += 1;
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' if in_text => is_escaped = true,
                    b'"' => in_text = !in_text,
                    b'{' if !in_text => depth += 1,
                    b'}' if !in_text => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
            }
            text.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            self.reader.consume(taken);
            if depth == 0 {
                // The input gives nothing but UTF-8.
                return Ok(Next::Object(String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
}

/// Says what stands in the place of an object.
fn no_object(byte: u8) -> LineFault {
    let found = match byte {
        b'"' => "a string",
        b'[' => "a list",
        b'-' | b'0'..=b'9' => "a number",
        b't' | b'f' => "a truth value",
        b'n' => "null",
        b'/' | b'#' => {
            let remedy = "Take the comments out.";
            return LineFault::NearlyJson { what: "file", found: "a comment", remedy };
        }
        _ => "something that is not JSON",
    };
    LineFault::NotAnObject { what: "file", found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Vec<String>, Next) {
        let mut items = Items::new(text.as_bytes());
        let mut found = Vec::new();
        loop {
            match items.next(found.is_empty()).unwrap() {
                Next::Object(text) => found.push(text),
                end => return (found, end),
            }
        }
    }

    #[test]
    fn objects_are_parted_wherever_they_stand() {
        for text in [
            "[{\"a\": \"}\\\"]\"},\n {\"b\": {}}]",
            "{\"a\": \"}\\\"]\"}{\"b\": {}}",
            "{\"a\": \"}\\\"]\"},\r\n{\"b\": {}},\n",
        ] {
            let (found, end) = parts(text);
            assert_eq!(found, ["{\"a\": \"}\\\"]\"}", "{\"b\": {}}"], "{text}");
            assert_eq!(end, Next::End);
        }
        assert_eq!(parts("[]"), (Vec::new(), Next::End));
    }

    #[test]
    fn what_is_cut_off_or_no_object_is_a_fault() {
        for text in ["[{\"a\": 1}", "{\"a\": 1} {\"b\": ", "[{\"a\": \"x"] {
            assert_eq!(parts(text).1, Next::Fault(LineFault::CutOff), "{text}");
        }
        for (text, says) in [("[{}, 1]", "holds a number"), ("{} // x", "a comment"), ("[{}] {}", "not JSON")]
        {
            let Next::Fault(fault) = parts(text).1 else { panic!("{text}") };
            assert!(fault.to_string().contains(says), "{fault}");
        }
    }
}
