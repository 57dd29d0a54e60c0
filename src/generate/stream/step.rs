//! What each byte of a reply does outside strings.

use super::marks::{self, Mark};
use super::{Answer, DEEPEST, Open, OpenThought, Piece, Scanner, StringState, Thought};

impl Scanner {
    /// Handles a byte outside strings.
    pub(super) fn step(&mut self, byte: u8, at: usize, pieces: &mut Vec<Piece>) {
        if self.thought.is_none() {
            let piece = if self.open.is_empty() {
                self.step_outside(byte, at);
                None
            } else {
                self.step_inside(byte, at)
            };
            if let Some(piece) = piece {
                if !self.answer.is_certain() {
                    self.held.push(piece);
                } else if self.is_whole {
                    self.drafts.clear();
                    self.held.push(piece);
                } else {
                    pieces.push(piece);
                }
            }
        }
        // A bracket within JSON is no mark.
        let may_begin = marks::may_begin(byte) && (byte != b'[' || self.open.is_empty());
        if self.mark.is_some() || may_begin {
            self.read_mark(byte, at);
        }
    }

    fn step_inside(&mut self, byte: u8, at: usize) -> Option<Piece> {
        match byte {
            b'"' => self.string = StringState::Inside,
            b'{' | b'[' if self.open.len() >= DEEPEST => return Some(self.spoilt(at)),
            b'{' | b'[' => self.push(byte, at),
            b'}' | b']' => return self.close(byte, at),
            _ => {}
        }
        None
    }

    /// Handles a byte of prose, where only a bracket that begins JSON matters.
    fn step_outside(&mut self, byte: u8, at: usize) {
        if byte.is_ascii_whitespace() {
            return;
        }
        let Some(start) = self.doubtful.take() else {
            self.doubtful = matches!(byte, b'{' | b'[').then_some(at);
            return;
        };
        let bracket = self.text[start];
        let opens = if bracket == b'{' { byte == b'"' } else { matches!(byte, b'{' | b'[' | b'"') };
        if !opens {
            self.doubtful = matches!(byte, b'{' | b'[').then_some(at);
            return;
        }
        self.found = false;
        let before = &self.text[self.answer.closed..start];
        let is_packed = marks::is_packing(before);
        let is_wrapped = marks::is_wrapping(before);
        self.answer.begins_with_json.get_or_insert(is_packed && !is_wrapped);
        self.answer.has_prose |= !is_packed;
        self.push(bracket, start);
        if byte == b'"' {
            self.string = StringState::Inside;
        } else {
            self.push(byte, at);
        }
    }

    fn push(&mut self, bracket: u8, start: usize) {
        let in_array = self.open.last().is_some_and(|open| open.bracket == b'[');
        let row = bracket == b'{' && in_array && !self.open.iter().any(|open| open.row);
        self.open.push(Open { bracket, start, row });
    }

    fn close(&mut self, byte: u8, at: usize) -> Option<Piece> {
        let open = self.open.pop()?;
        let matching = if open.bracket == b'{' { b'}' } else { b']' };
        if byte != matching {
            self.open.push(open);
            return Some(self.spoilt(at));
        }
        if self.open.is_empty() {
            self.answer.closed = at + 1;
        }
        if open.row {
            self.found = true;
            return Some(Piece::Row(open.start..at + 1));
        }
        let whole = self.open.is_empty() && !self.found;
        whole.then_some(Piece::Whole(open.start..at + 1))
    }

    /// Discards the current row, or everything since the outermost bracket.
    fn spoilt(&mut self, at: usize) -> Piece {
        let start =
            self.open.iter().find(|open| open.row).or(self.open.first()).map_or(at, |open| open.start);
        self.open.clear();
        self.answer.closed = at + 1;
        Piece::Spoilt(start..at + 1)
    }

    /// Goes on with a mark that may have begun, or begins with one.
    fn read_mark(&mut self, byte: u8, at: usize) {
        let start = *self.mark.get_or_insert(at);
        let mark = marks::mark(&self.text[start..]);
        if mark == Mark::Unfinished {
            return;
        }
        self.mark = None;
        match mark {
            Mark::Begins { name, is_special } => self.begin_thought(name, is_special, start, at + 1),
            Mark::Ends { name, bytes } => self.end_thought(&name, start, start + bytes),
            Mark::Closes => self.end_channel(start, at + 1),
            // The byte that belongs to no mark may begin another.
            _ => self.mark = (start < at && marks::may_begin(byte)).then_some(at),
        }
    }

    fn begin_thought(&mut self, name: String, is_special: bool, start: usize, end: usize) {
        match &mut self.thought {
            Some(thought) => thought.names.push(name),
            None if !is_special && self.open.is_empty() && marks::is_quoted(&self.text[..start]) => {}
            None => {
                self.doubtful = None;
                self.thought = Some(OpenThought { start, inner: end, names: vec![name] });
            }
        }
    }

    fn end_thought(&mut self, name: &str, start: usize, end: usize) {
        let Some(thought) = &mut self.thought else {
            let held = std::mem::take(&mut self.held);
            if self.answer.is_certain() {
                self.drafts.extend(held);
            }
            return self.end_unopened(end);
        };
        let inner = thought.names.iter().rposition(|open| open == name);
        if let Some(at @ 1..) = inner.filter(|_| thought.names.first().is_some_and(|first| first != name)) {
            thought.names.truncate(at);
            return;
        }
        let is_doubtful = thought.names.iter().filter(|open| *open == name).count() > 1;
        self.close_at(start, end, is_doubtful);
    }

    /// Ends a thought in a channel, where a turn ends.
    fn end_channel(&mut self, start: usize, end: usize) {
        if self
            .thought
            .as_ref()
            .is_some_and(|thought| thought.names.first().is_some_and(|it| it == "channel"))
        {
            self.close_at(start, end, false);
        }
    }

    fn close_at(&mut self, start: usize, end: usize, is_doubtful: bool) {
        let Some(thought) = self.thought.take() else { return };
        let inner = thought.inner.min(start)..start;
        self.thoughts.push(Thought { whole: thought.start..end, inner });
        if self.open.is_empty() {
            self.answer = Answer::after(end, is_doubtful);
        }
    }

    /// Takes everything since the last thought, or since the last row that was told, for a thought.
    pub(super) fn end_unopened(&mut self, end: usize) {
        let told = if self.answer.is_certain() { self.answer.closed } else { self.answer.start };
        self.thoughts.retain(|thought| thought.whole.end <= told);
        self.thoughts.push(Thought { whole: told..end, inner: told..end });
        self.open.clear();
        self.string = StringState::Outside;
        self.doubtful = None;
        self.mark = None;
        self.answer = Answer::after(end, false);
    }
}
