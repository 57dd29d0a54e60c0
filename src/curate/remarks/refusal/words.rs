//! The words of a text, without accents and without what is quoted, with their sentences.

/// Words in lower case and without accents.
pub(super) struct Words {
    text: String,
    /// Where each word stands in the text, and the number of its sentence.
    places: Vec<(usize, usize, usize)>,
    /// The words before which a comma stands, or the like.
    pauses: Vec<usize>,
}

impl Words {
    /// Reads the words of a text. A text that is quoted as a whole is read; a quote within it is not.
    pub(super) fn of(text: &str) -> Self {
        let trimmed = text.trim();
        if trimmed.starts_with(['{', '[']) {
            return Self::read(trimmed, false);
        }
        let words = Self::read(trimmed, true);
        if words.places.is_empty() { Self::read(trimmed, false) } else { words }
    }

    fn read(text: &str, skips_quotes: bool) -> Self {
        let mut words =
            Self { text: String::with_capacity(text.len()), places: Vec::new(), pauses: Vec::new() };
        let mut sentence = 0;
        let mut start = None;
        let mut before = ' ';
        let mut read_until = 0;
        for (place, c) in text.char_indices() {
            if place < read_until {
                continue;
            }
            let rest = &text[place + c.len_utf8()..];
            if c.is_ascii_alphanumeric() {
                // Most of a text is plain words.
                let length = 1 + rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
                let at = words.text.len();
                start.get_or_insert(at);
                words.text.push_str(&text[place..place + length]);
                words.text[at..].make_ascii_lowercase();
                read_until = place + length;
            } else if c.is_alphanumeric() {
                start.get_or_insert(words.text.len());
                words.push(c);
            } else if !is_mark(c) {
                words.close(start.take(), sentence);
                if let Some(length) = quote(before, c, rest).filter(|_| skips_quotes) {
                    read_until = place + c.len_utf8() + length;
                }
                let ends = match c {
                    '.' => !rest.starts_with(char::is_alphanumeric),
                    _ => matches!(c, '!' | '?' | ';' | '…' | '\n'),
                };
                sentence += usize::from(ends);
                if matches!(c, ',' | ':' | '–' | '—' | ')') {
                    words.pauses.push(words.len());
                }
            }
            before = c;
        }
        words.close(start, sentence);
        words
    }

    fn close(&mut self, start: Option<usize>, sentence: usize) {
        if let Some(start) = start {
            self.places.push((start, self.text.len(), sentence));
        }
    }

    /// Adds a letter in lower case, without its accent.
    fn push(&mut self, c: char) {
        for c in c.to_lowercase() {
            match c {
                'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => self.text.push('a'),
                'è' | 'é' | 'ê' | 'ë' => self.text.push('e'),
                'ì' | 'í' | 'î' | 'ï' => self.text.push('i'),
                'ò' | 'ó' | 'ô' | 'õ' | 'ö' => self.text.push('o'),
                'ù' | 'ú' | 'û' | 'ü' => self.text.push('u'),
                'ç' => self.text.push('c'),
                'ñ' => self.text.push('n'),
                'œ' => self.text.push_str("oe"),
                'ß' => self.text.push_str("ss"),
                _ if is_mark(c) => {}
                _ => self.text.push(c),
            }
        }
    }

    /// Returns the number of words.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns a word; behind the last one it is empty.
    pub(super) fn get(&self, place: usize) -> &str {
        self.places.get(place).map_or("", |&(start, end, _)| &self.text[start..end])
    }

    /// Returns the number of the sentence that a word stands in.
    pub(super) fn sentence(&self, place: usize) -> usize {
        self.places.get(place).map_or(usize::MAX, |&(_, _, sentence)| sentence)
    }

    /// Returns whether a comma stands before a place, or the like.
    pub(super) fn pauses(&self, place: usize) -> bool {
        self.pauses.contains(&place)
    }

    /// Returns whether no word of its sentence comes behind the words that end before a place.
    pub(super) fn ends_sentence(&self, end: usize) -> bool {
        self.sentence(end) != self.sentence(end.saturating_sub(1))
    }
}

/// Returns the bytes up to the end of a quote, if one begins here and ends.
fn quote(before: char, opening: char, rest: &str) -> Option<usize> {
    let closing: &[char] = match opening {
        '"' | '\'' if !before.is_alphanumeric() => &['"', '\''],
        '“' => &['”'],
        '„' => &['“', '”', '"'],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '‘' | '‚' => &['’', '‘'],
        _ => return None,
    };
    let is_end = |&(place, c): &(usize, char)| {
        let same = closing.contains(&c) && (!matches!(opening, '"' | '\'') || c == opening);
        let after = &rest[place + c.len_utf8()..];
        same && (matches!(c, '"' | '”' | '“' | '»' | '›') || !after.starts_with(char::is_alphanumeric))
    };
    let (place, c) = rest.char_indices().find(is_end)?;
    (place > 1).then_some(place + c.len_utf8())
}

/// Returns whether a character is an accent that stands for itself.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}
