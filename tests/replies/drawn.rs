//! Draws a reply and what is right for it: its rows, its tokens, how it ends.

use rowsmith::api::SplitMix64;
use serde_json::json;

/// Returns an enumeration with the list of all its values.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $value:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$about])* $value,)+ }

        impl $name {
            pub(crate) const ALL: &[Self] = &[$(Self::$value,)+];
        }
    };
}

choices! {
    /// Who speaks.
    Dialect { Chat, Gemini, Messages, }
}
choices! {
    /// How a model thinks before its answer.
    Thinking {
        None,
        Pair,
        /// A pair of tags in another spelling.
        OtherPair,
        /// The template wrote the first tag.
        EndTag,
        /// All of the reply is a thought.
        NoEndTag,
        /// The token limit is reached within the thought.
        CutInTag,
        /// In `reasoning_content` or `reasoning`; a block of its own in messages.
        Beside,
        /// The same, and the token limit is reached within it.
        CutBeside,
        /// The answer stands where thoughts stand, and nothing else comes.
        AnswerBeside,
        Channels,
        /// A list of parts in place of the text.
        Parts,
    }
}
choices! {
    /// How rows are written.
    Shape { Wrapper, Array, Lines, Fenced, Tool, }
}
choices! {
    /// How a reply ends.
    End {
        Stop,
        /// At the token limit, in the middle of the last row.
        Length,
        /// By the content filter, in the middle of the last row.
        Filter,
        /// The model refuses, in a field of its own.
        Refusal,
        /// A frame with an error, in the middle of the last row.
        ErrorFrame,
        /// The same within the choice.
        ErrorInChoice,
        /// The connection ends in the middle of the last row.
        Broken,
        /// A stream is complete but for its last line.
        NoLastLine,
    }
}
choices! {
    /// Where tokens are counted.
    Usage {
        Apart,
        /// In the frame that ends the choice.
        WithEnd,
        /// Running, in each frame.
        Running,
        /// Below the name of a server.
        Groq,
        /// The thought is in the total alone.
        InTotal,
        Missing,
    }
}
choices! {
    /// The header of a body.
    Header { Right, Json, Text, Stream, Bytes, None, }
}
choices! {
    /// Where a body is split.
    Split { Bytes, Lines, Nowhere, }
}

/// A reply, with what is right for it.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub number: u64,
    pub dialect: Dialect,
    pub thinking: Thinking,
    pub shape: Shape,
    pub end: End,
    pub usage: Usage,
    pub header: Header,
    pub split: Split,
    /// Whether a stream is asked for, and whether one comes.
    pub asked: bool,
    pub comes: bool,
    /// Line ends of two bytes, comments and blank lines in a stream.
    pub ornate: bool,
    /// What is thought, and what is answered.
    pub thought: String,
    pub answer: String,
    /// How many characters come at once.
    pub step: usize,
    pub tokens: (u64, u64),
    /// The rows that a person would count.
    pub rows: Vec<String>,
}

impl Drawn {
    /// Draws the reply of a number.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        let mut random = SplitMix64::new(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // Each way to think as often, however much else it rules out.
        let thinking = one(&mut random, Thinking::ALL);
        loop {
            let mut drawn = Self { thinking, ..Self::any(&mut random, number) };
            if drawn.can_be() {
                drawn.fill(&mut random);
                return drawn;
            }
        }
    }

    fn any(random: &mut SplitMix64, number: u64) -> Self {
        let comes = random.next_u64().is_multiple_of(2);
        Self {
            number,
            dialect: one(random, Dialect::ALL),
            thinking: Thinking::None,
            shape: one(random, Shape::ALL),
            // Most replies end well.
            end: if random.next_u64().is_multiple_of(2) { End::Stop } else { one(random, End::ALL) },
            usage: one(random, Usage::ALL),
            header: if random.next_u64().is_multiple_of(2) {
                Header::Right
            } else {
                one(random, Header::ALL)
            },
            split: one(random, Split::ALL),
            asked: if random.next_u64().is_multiple_of(4) { !comes } else { comes },
            comes,
            ornate: random.next_u64().is_multiple_of(2),
            thought: String::new(),
            answer: String::new(),
            step: one(random, &[1, 7, 40, 10_000]),
            tokens: (100 + random.next_u64() % 900, 20 + random.next_u64() % 400),
            rows: Vec::new(),
        }
    }

    /// Returns whether a server could send it.
    fn can_be(&self) -> bool {
        use Thinking::{AnswerBeside, Beside, Channels, CutBeside, CutInTag, NoEndTag, None, Parts};
        let is_messages = self.dialect == Dialect::Messages;
        let whole_only_ends = !matches!(self.end, End::Broken | End::NoLastLine);
        let thinks_only = matches!(self.thinking, NoEndTag | AnswerBeside);
        let cut = matches!(self.thinking, CutInTag | CutBeside);
        let usage = match self.usage {
            Usage::Apart | Usage::Missing => true,
            Usage::Running | Usage::WithEnd => self.comes && !is_messages,
            Usage::Groq => self.comes && self.dialect == Dialect::Chat,
            Usage::InTotal => self.dialect == Dialect::Gemini,
        };
        (self.comes || whole_only_ends)
            && usage
            && (!thinks_only || self.end == End::Stop)
            && (!cut || self.end == End::Length)
            && (self.end != End::Refusal || matches!(self.thinking, None | Beside))
            && (self.shape != Shape::Tool || matches!(self.thinking, None | Beside))
            && (!is_messages || !matches!(self.thinking, Channels | Parts | AnswerBeside))
            && !(is_messages && self.end == End::ErrorInChoice)
    }

    fn fill(&mut self, random: &mut SplitMix64) {
        let number = self.number;
        let ends = [
            "in \"May\"",
            "now, [please]",
            "ehrlich gesagt für immer",
            "今日",
            "for {good} 🙂",
            "as I wrote: }]",
        ];
        let all: Vec<String> = (0..2 + random.next_u64() % 3)
            .map(|place| format!("Row {place} of reply {number}: I leave {}", one(random, &ends)))
            .collect();
        let is_whole = matches!(self.end, End::Stop | End::NoLastLine);
        let mut answer = self.write(&all);
        if !is_whole {
            let last = answer.rfind(&format!("of reply {number}")).unwrap();
            answer.truncate(last + 4);
        }
        self.answer = answer;
        self.thought = drafts(random, number);
        let is_answered = !matches!(
            self.thinking,
            Thinking::NoEndTag | Thinking::CutInTag | Thinking::CutBeside
        ) && self.end != End::Refusal
            // An error instead of a whole reply leaves nothing of it.
            && (self.comes || !matches!(self.end, End::ErrorFrame));
        if is_answered {
            self.rows = all;
            if !is_whole {
                self.rows.pop();
            }
        }
    }

    fn write(&self, rows: &[String]) -> String {
        let objects: Vec<_> = rows.iter().map(|text| json!({ "text": text })).collect();
        let lines = || objects.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let wrapper = json!({ "rows": objects });
        match self.shape {
            Shape::Wrapper | Shape::Tool => wrapper.to_string(),
            Shape::Array => json!(objects).to_string(),
            Shape::Lines => lines(),
            Shape::Fenced => {
                format!("Here are the rows you asked for:\n\n```json\n{wrapper:#}\n```\nTell me more!")
            }
        }
    }

    /// Returns the tokens that a client can know at the end; `None` where none were counted.
    pub(crate) fn counted(&self) -> Option<(u64, u64)> {
        let is_cut_short = matches!(self.end, End::ErrorFrame | End::Broken);
        let is_known = self.usage != Usage::Missing && (!is_cut_short || self.usage == Usage::Running);
        is_known.then_some(self.tokens)
    }
}

/// Returns what a model writes while it thinks: drafts of rows, open brackets and quotation marks.
fn drafts(random: &mut SplitMix64, number: u64) -> String {
    const PARTS: [&str; 8] = [
        "They want short texts. ",
        "First try: {\"rows\": [{\"text\": \"a draft of one\"}, {\"text\": \"a draft of two\"}]}\n",
        "[{\"text\": \"a draft that stands alone\"}]\n",
        "Should it start with [ or with {\"rows\": [{\"te",
        "She'd say \"enough, and that's that. ",
        "```json\n{\"text\": \"a draft in a fence\"}\n```\n",
        "- a bare idea\n- one more idea\n",
        "No [names], no {fields}, but ] may come, and } too. ",
    ];
    let mut thought = format!("Reply {number}. ");
    for _ in 0..=random.next_u64() % 6 {
        thought += one::<&str>(random, &PARTS);
    }
    thought
}

/// Draws one of a list.
pub(crate) fn one<T: Copy>(random: &mut SplitMix64, all: &[T]) -> T {
    *random.choose(all).unwrap()
}
