//! Takes the documents of a body apart: lines, events, and whole answers.

use std::borrow::Cow;

use serde_json::Value;

use super::{Answer, Stop};
use crate::generate::provider::body::{Body, documents};
use crate::generate::provider::exchange::Exchange;
use crate::generate::provider::failure::broken;
use crate::generate::provider::partial::closed;
use crate::generate::provider::sse::{Frame, is_of_json};

impl Exchange<'_> {
    /// Takes the complete lines of JSON whose first line is a document; `added` bytes are new.
    pub(super) fn take_lines(&mut self, answer: &mut Answer, added: usize) -> Result<(), Stop> {
        if let Body::Json(body) = &mut answer.body {
            let (before, new) = body.split_at(body.len().saturating_sub(added));
            let Some(end) = new.iter().position(|byte| *byte == b'\n') else { return Ok(()) };
            let end = before.len() + end;
            let is_document = || serde_json::from_slice::<serde::de::IgnoredAny>(&body[..end]).is_ok();
            if before.contains(&b'\n') || body[..end].trim_ascii_start().starts_with(b"[") || !is_document() {
                return Ok(());
            }
            answer.body = Body::Lines(std::mem::take(body));
        }
        let Body::Lines(body) = &mut answer.body else { return Ok(()) };
        let Some(end) = body.iter().rposition(|byte| *byte == b'\n') else { return Ok(()) };
        let rest = body.split_off(end + 1);
        let lines = std::mem::replace(body, rest);
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            self.take_document(answer, line)?;
        }
        Ok(())
    }

    pub(super) fn take_frame(&mut self, answer: &mut Answer, frame: &Frame) -> Result<(), Stop> {
        if !frame.is_error {
            return self.take_document(answer, &frame.data);
        }
        let data = self.as_text(&frame.data);
        let error = serde_json::from_str(&data).unwrap_or_else(|_| Value::String(data.trim().to_owned()));
        // Gemini wraps an error in an array.
        let error = error.get(0).unwrap_or(&error);
        Err(self.failed(error.get("error").unwrap_or(error), !answer.replied))
    }

    /// Takes one document of a stream; what is no JSON is skipped.
    pub(super) fn take_document(&mut self, answer: &mut Answer, data: &[u8]) -> Result<(), Stop> {
        if data.trim_ascii() == b"[DONE]" {
            return Err(self.done(answer));
        }
        let data = self.as_text(data);
        match self.generator.target.dialect.read_piece(&data) {
            Ok(piece) => return self.take_piece(answer, piece),
            Err(_) if data.trim_start().starts_with('[') && !documents(&data).is_empty() => {
                return documents(&data)
                    .iter()
                    .try_for_each(|document| self.take_document(answer, document.as_bytes()));
            }
            // A word alone, such as `ping` or `null`, keeps the connection open.
            Err(_) if !is_of_json(data.as_bytes()) && !data.trim().contains(char::is_whitespace) => {}
            Err(cause) => {
                if is_of_json(data.as_bytes()) {
                    self.reply.lose();
                }
                answer.junk.get_or_insert(cause);
            }
        }
        Ok(())
    }

    /// Returns how a stream stops that says it is done; one that is not has failed for what stood in it.
    fn done(&self, answer: &mut Answer) -> Stop {
        match answer.junk.take().filter(|_| answer.end.is_none() && self.reply.is_unfinished()) {
            Some(cause) => Stop::Failed(broken(&self.generator.target, &cause)),
            None => Stop::End,
        }
    }

    pub(super) fn take_whole(&mut self, answer: &mut Answer, body: &[u8]) -> Result<(), Stop> {
        let dialect = self.generator.target.dialect;
        let body = self.as_text(body);
        let body = body.trim_start_matches('\u{feff}');
        match dialect.read_piece(body) {
            Ok(piece) => self.take_piece(answer, piece),
            Err(cause) => match &documents(body)[..] {
                [] => Err(Stop::Failed(broken(&self.generator.target, &cause))),
                documents => documents
                    .iter()
                    .try_for_each(|document| self.take_document(answer, document.trim().as_bytes())),
            },
        }
    }

    /// Reads the complete rows of a body that exceeds the size limit.
    pub(super) fn take_beginning(&mut self, answer: &mut Answer, body: &[u8]) {
        let body = closed(&self.as_text(body));
        if let Ok(piece) = self.generator.target.dialect.read_piece(&body) {
            self.reply.answered_by(piece.model.as_deref());
            self.reply.read(&piece.text);
            answer.counted = piece.counted.after(answer.counted);
        }
    }

    /// Returns a body as text. An invalid UTF-8 byte damages only its own row.
    pub(super) fn as_text<'b>(&mut self, body: &'b [u8]) -> Cow<'b, str> {
        let text = String::from_utf8_lossy(body);
        if matches!(text, Cow::Owned(_)) {
            self.reply.doubt();
        }
        text
    }
}
