//! What became of a text that was meant for the clipboard.
//!
//! A program asks the terminal to take a text by an escape sequence, OSC 52, and gets no answer. So
//! all that can be said is that it was sent, and what has to let it pass on its way.

/// The longest text in bytes that is sent: with its frame a sequence of 100,000 bytes, the longest that
/// terminals are known to take.
pub(crate) const LONGEST: usize = 74_994;

/// What became of a text for the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It was sent to the terminal itself.
    ToTerminal,
    /// It was sent to tmux, which passes it on where its options say so.
    ThroughTmux,
    /// It was sent through GNU screen, wrapped so that it passes it on unread.
    ThroughScreen,
    /// It was sent to a terminal whose name says that a multiplexer lies between, which is not known.
    ThroughMultiplexer,
    /// It was not sent, because it has more bytes than terminals take.
    TooLong(usize),
}

impl Sent {
    /// Returns what happened as a sentence.
    pub(super) fn sentence(self) -> String {
        let sent = "The text was sent to the terminal (OSC 52)";
        match self {
            Self::ToTerminal => format!("{sent}; it is on the clipboard where the terminal allows that."),
            Self::ThroughTmux => {
                format!("{sent}; tmux passes it on where `set-clipboard` or `allow-passthrough` is on.")
            }
            Self::ThroughScreen => format!("{sent}, passed on unread by screen."),
            Self::ThroughMultiplexer => format!(
                "{sent}; a multiplexer lies between, and tmux passes it on only where `set-clipboard` is on."
            ),
            Self::TooLong(bytes) => format!(
                "The text has {bytes} bytes, more than the {LONGEST} that terminals take; nothing was copied. \
                 `export` writes rows to a file."
            ),
        }
    }
}
