//! Reads the changed prompt from a reply.
//!
//! Models write around what they are asked for, so much is taken: named blocks, one block without a name, or no block at
//! all, which means that the whole reply is the prompt.

use crate::generate::thinking_ranges;

/// The parts that a reply has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    /// The system part, where the model wrote one.
    pub(super) system: Option<String>,
    /// The user part.
    pub(super) user: String,
}

/// Reads a reply; `None` where it has no user part.
pub(super) fn read(reply: &str) -> Option<Parts> {
    let reply = without_thinking(reply);
    let mut blocks = blocks(&reply);
    let system = blocks.iter().position(|(name, _)| *name == "system").map(|at| blocks.remove(at).1);
    let named = blocks.iter().position(|(name, _)| *name == "user");
    let user = match named {
        Some(at) => blocks.remove(at).1,
        None if !blocks.is_empty() => blocks.remove(0).1,
        // A system part alone is no prompt.
        None if system.is_some() => return None,
        // Rows, or an excuse, are none either: a prompt says how many rows are wanted.
        None if !reply.contains("{{") => return None,
        None => reply.trim().to_owned(),
    };
    let system = system.filter(|system| !system.is_empty());
    (!user.is_empty()).then_some(Parts { system, user })
}

fn without_thinking(reply: &str) -> String {
    let mut left = reply.to_owned();
    for range in thinking_ranges(reply).into_iter().rev() {
        left.replace_range(range, "");
    }
    left
}

/// Returns each block with the word behind its fence. One that is not closed ends with the reply.
fn blocks(reply: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in reply.lines() {
        let fence = line.trim().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(name)) => open = Some((name.trim(), Vec::new())),
            (Some(_), Some("")) => found.extend(open.take().map(closed)),
            (Some((_, lines)), _) => lines.push(line),
            (None, None) => {}
        }
    }
    found.extend(open.map(closed));
    found
}

fn closed<'a>((name, lines): (&'a str, Vec<&str>)) -> (&'a str, String) {
    (name, lines.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(reply: &str) -> Option<String> {
        read(reply).map(|parts| parts.user)
    }

    #[test]
    fn named_blocks_are_the_parts_and_words_around_them_are_none() {
        let read =
            read("Sure!\n```system\nBe brief.\n```\n\n```user\nWrite {{ n }}.\n```\nHope it helps.").unwrap();
        assert_eq!((read.system.as_deref(), read.user.as_str()), (Some("Be brief."), "Write {{ n }}."));
    }

    #[test]
    fn a_block_of_any_name_or_the_whole_reply_is_the_user_part() {
        for reply in [
            "```jinja\nWrite {{ n }}.\n```",
            "```\nWrite {{ n }}.\n```",
            " Write {{ n }}.\n",
            "```user\nWrite {{ n }}.",
        ] {
            assert_eq!(user(reply).as_deref(), Some("Write {{ n }}."), "{reply}");
        }
    }

    #[test]
    fn thoughts_are_no_prompt_and_neither_is_nothing() {
        assert_eq!(user("<think>```user\nno\n```</think>```user\nyes\n```").as_deref(), Some("yes"));
        assert_eq!((user(""), user("```user\n```"), user("```system\nonly\n```")), (None, None, None));
        assert_eq!(
            (user("{\"rows\": [{\"text\": \"hi\"}]}"), user("I cannot help with that.")),
            (None, None)
        );
    }
}
