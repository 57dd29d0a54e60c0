//! The person's clipboard, reached through the terminal by OSC 52 and through what lies between.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use crate::app::Sent;
use crate::app::clipboard::LONGEST;

/// The bytes of a sequence that go into one string for screen, which cuts longer ones.
const SCREEN_CHUNK: usize = 240;
/// How a string begins that a multiplexer passes on, and how it ends.
const DCS: &str = "\x1bP";
const ST: &str = "\x1b\\";

/// Returns the bytes that put a text on the clipboard, and what can be said of it. `variable` reads the
/// environment.
pub(super) fn sequence(text: &str, variable: impl Fn(&str) -> Option<String>) -> (String, Sent) {
    let mut plain = String::new();
    if text.len() > LONGEST || CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).is_err() {
        return (String::new(), Sent::TooLong(text.len()));
    }
    let way = way(variable);
    let sent = match way {
        // tmux reads the one where `set-clipboard` is on, and passes the other on where `allow-passthrough` is.
        Sent::ThroughTmux => {
            let wrapped = plain.replace('\x1b', "\x1b\x1b");
            format!("{plain}{DCS}tmux;{wrapped}{ST}")
        }
        Sent::ThroughScreen => {
            let plain = plain.replace(ST, "\x07");
            let chunks = plain.as_bytes().chunks(SCREEN_CHUNK).map(String::from_utf8_lossy);
            chunks.flat_map(|chunk| [DCS.into(), chunk, ST.into()]).collect()
        }
        _ => plain,
    };
    (sent, way)
}

/// Returns what lies between the program and the terminal.
fn way(variable: impl Fn(&str) -> Option<String>) -> Sent {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let term = variable("TERM").unwrap_or_default();
    if is_set("TMUX") || term.starts_with("tmux") {
        Sent::ThroughTmux
    } else if is_set("STY") {
        Sent::ThroughScreen
    } else if term.starts_with("screen") {
        Sent::ThroughMultiplexer
    } else {
        Sent::ToTerminal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str, variables: &[(&str, &str)]) -> (String, Sent) {
        let read = |name: &str| variables.iter().find(|(known, _)| *known == name);
        sequence(text, |name| read(name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_terminal_gets_the_sequence_alone() {
        let plain = "\x1b]52;c;aMOp\x1b\\".to_owned();
        assert_eq!(sent("h\u{e9}", &[("TERM", "xterm-256color")]), (plain.clone(), Sent::ToTerminal));
        assert_eq!(sent("h\u{e9}", &[("TMUX", ""), ("STY", "")]), (plain.clone(), Sent::ToTerminal));
        assert_eq!(sent("h\u{e9}", &[("TERM", "screen-256color")]), (plain, Sent::ThroughMultiplexer));
    }

    #[test]
    fn tmux_gets_it_to_read_and_to_pass_on() {
        let (bytes, way) = sent("hi", &[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux-0/default,1,0")]);
        assert_eq!(bytes, "\x1b]52;c;aGk=\x1b\\\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\");
        assert_eq!(way, Sent::ThroughTmux);
        assert_eq!(sent("hi", &[("TERM", "tmux-256color")]).1, Sent::ThroughTmux, "over ssh");
    }

    #[test]
    fn screen_gets_it_in_pieces_that_join_to_the_whole() {
        let (bytes, way) = sent(&"a".repeat(300), &[("STY", "1.pts-0"), ("TERM", "screen")]);
        assert_eq!(way, Sent::ThroughScreen);
        let pieces: Vec<_> = bytes.split_terminator("\x1b\\").collect();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.starts_with("\x1bP")));
        let whole: String = pieces.iter().map(|piece| &piece[2..]).collect();
        assert_eq!(whole, format!("\x1b]52;c;{}\x07", "YWFh".repeat(100)));
    }

    #[test]
    fn what_is_too_long_for_terminals_is_not_sent() {
        assert_eq!(sent(&"a".repeat(LONGEST), &[]).1, Sent::ToTerminal);
        assert_eq!(sent(&"a".repeat(LONGEST + 1), &[]), (String::new(), Sent::TooLong(LONGEST + 1)));
    }
}
