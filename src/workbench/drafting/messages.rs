//! What a model is asked for the next version of a prompt.

use std::fmt::Write;

use super::Drafted;
use crate::domain::{ExchangeMessage, Role};

/// The most rejected rows that it is shown.
const REJECTED: usize = 8;
/// The most edits that it is shown.
const EDITED: usize = 5;

/// What the model is, and how it answers.
const SYSTEM: &str = "You improve prompts that ask a language model for synthetic training texts. The prompt is a Jinja \
                      template: keep its variables, loops and tags, such as {{ n }}, as they are. Change as little as \
                      is needed, so that rows like the rejected ones are not written again. Say in the prompt what to \
                      avoid in general words; do not copy rows into it. Answer with the whole changed user part in one \
                      block that begins with ```user and ends with ```. Only if the system part has to change too, \
                      write it before that, in a block that begins with ```system and ends with ```. Write nothing else.";

/// Returns the messages.
pub(super) fn of(drafted: &Drafted, label: &str, guidelines: &str) -> Vec<ExchangeMessage> {
    let (content, said) = (&drafted.content, &drafted.feedback);
    let mut text = format!("The prompt writes texts with the label `{label}`.\n");
    // Writing into a text cannot fail.
    if !guidelines.trim().is_empty() {
        let _ = write!(text, "\nWhat the person accepts:\n{}\n", guidelines.trim());
    }
    if !content.system.is_empty() {
        let _ = write!(text, "\nIts system part:\n```system\n{}\n```\n", content.system);
    }
    let _ = write!(text, "\nIts user part:\n```user\n{}\n```\n", content.user);
    if !said.reasons.is_empty() {
        text.push_str("\nWhy rows were rejected, and how many:\n");
        for known in &said.reasons {
            let _ = writeln!(text, "- {} ({})", known.reason, known.count);
        }
    }
    if !said.rejected.is_empty() {
        text.push_str("\nRows that were rejected:\n");
        for row in said.rejected.iter().take(REJECTED) {
            let reason = row.reason.as_ref().map(|reason| format!(" [{reason}]")).unwrap_or_default();
            let _ = writeln!(text, "- {}{reason}", row.text);
        }
    }
    if !said.edited.is_empty() {
        text.push_str("\nRows that were changed by hand:\n");
        for row in said.edited.iter().take(EDITED) {
            let _ = writeln!(text, "- before: {}\n  after: {}", row.before, row.after);
        }
    }
    text.push_str("\nWrite the changed prompt.\n");
    vec![
        ExchangeMessage { role: Role::System, text: SYSTEM.into() },
        ExchangeMessage { role: Role::User, text },
    ]
}
