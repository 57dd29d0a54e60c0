//! How a reply ended, in the words of all servers, and what a person is told where it brought nothing.

use super::dialect::Counted;
use crate::generate::{GeneratorError, ReplyEnd};
use crate::text::thousands;

/// How the server says that a reply ended; the words are the server's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finish {
    /// The model ended it.
    Complete,
    /// The server ended it and told neither a reason nor tokens: some cut a reply so.
    Untold,
    /// It reached the token limit.
    CutOff,
    /// It filled the model's context.
    Full,
    /// A filter ended it.
    Filtered(String),
    /// A filter refused the prompt.
    Blocked(String),
    /// The model refused to answer.
    Refused(String),
    /// The server gave up; another try may pass.
    Failed(String),
    /// For another reason.
    Other(String),
}

/// More tokens than this in a prompt may be more than a context that a server loads by default.
const LARGE_PROMPT: u64 = 1_500;

/// The reason of a piece that ends in blanks, and the end of the sentence about such a reply.
pub(super) const BLANKS: &str = "The model got stuck in writing nothing but blanks: ask for fewer rows a request, or leave the schema out with \
     `leave_out = [\"response_format\"]` under [generator].";

impl Finish {
    /// Reads a finish or stop reason, with what the server says beside it.
    pub(super) fn of(reason: &str, details: Option<&str>) -> Self {
        let words = details.map_or_else(|| reason.to_owned(), |details| format!("{reason}: {details}"));
        let name = reason.to_ascii_lowercase().replace(['-', ' '], "_");
        // Gemini may add after a colon which filter it was; its clients, the name of the type before a full stop.
        let name = name.split(':').next().unwrap_or_default();
        match name.rsplit('.').next().unwrap_or_default() {
            ""
            | "stop"
            | "end_turn"
            | "stop_sequence"
            | "tool_calls"
            | "tool_use"
            | "function_call"
            | "eos"
            | "eos_token"
            | "end"
            | "complete"
            | "completed"
            | "done"
            | "finished"
            | "success"
            | "end_of_turn"
            | "finish_reason_unspecified"
            | "unspecified"
            | "pause_turn"
            | "null" => Self::Complete,
            "length"
            | "max_tokens"
            | "max_output_tokens"
            | "max_completion_tokens"
            | "max_length"
            | "token_limit" => Self::CutOff,
            "model_length"
            | "model_context_window_exceeded"
            | "context_window_exceeded"
            | "context_length"
            | "context_length_exceeded" => Self::Full,
            "content_filter"
            | "content_filtered"
            | "safety"
            | "recitation"
            | "blocklist"
            | "prohibited_content"
            | "spii"
            | "image_safety"
            | "sensitive"
            | "moderation"
            | "flagged"
            | "guardrail_intervened" => Self::Filtered(words),
            "refusal" | "refused" => Self::Refused(words),
            "error"
            | "insufficient_system_resource"
            | "abort"
            | "aborted"
            | "cancelled"
            | "canceled"
            | "network_error"
            | "server_error"
            | "timeout"
            | "failed"
            | "overloaded"
            | "interrupted" => Self::Failed(words),
            _ => Self::Other(words),
        }
    }

    /// Returns how a reply ended of which no more comes. Where no reason was told, it is whole if its tokens were.
    pub(super) fn at_end(told: Option<Self>, counted: Counted) -> Self {
        let otherwise = if counted.tokens().is_some() { Self::Complete } else { Self::Untold };
        told.unwrap_or(otherwise)
    }

    /// Returns the error of a reply that the server gave up or cut; `is_whole` tells whether its text is complete.
    pub(super) fn failure(&self, is_whole: bool, provider: &str) -> Option<GeneratorError> {
        match self {
            Self::Failed(words) => Some(failed(words, provider.to_owned())),
            Self::Untold if !is_whole => {
                let source = "the server ended the stream and gave no reason".into();
                Some(GeneratorError::Broken { provider: provider.to_owned(), source })
            }
            _ => None,
        }
    }

    /// Returns this end as the caller knows it.
    pub(super) const fn reply_end(&self) -> ReplyEnd {
        match self {
            Self::CutOff | Self::Full => ReplyEnd::CutOff,
            Self::Filtered(_) | Self::Blocked(_) | Self::Refused(_) => ReplyEnd::Filtered,
            Self::Complete | Self::Untold | Self::Failed(_) | Self::Other(_) => ReplyEnd::Complete,
        }
    }

    /// Returns the reason of a piece that this end cut; `None` where the model ended the reply.
    pub(super) fn cut(&self) -> Option<String> {
        let reason = match self {
            Self::Complete => return None,
            Self::Untold => {
                "The server ended the reply in the middle of this piece, and gave no reason.".into()
            }
            Self::CutOff => {
                "The reply reached max_tokens in the middle of this piece: allow more, or ask for fewer \
                             rows a request."
                    .into()
            }
            Self::Full => {
                "The model's context was full in the middle of this piece: load the model with a larger \
                           one, shorten the prompt, or ask for fewer rows a request."
                    .into()
            }
            Self::Filtered(words) | Self::Blocked(words) => {
                format!("The content filter ended the reply in the middle of this piece (`{words}`).")
            }
            Self::Refused(words) => {
                format!("The model refused to go on in the middle of this piece (`{words}`).")
            }
            Self::Failed(words) | Self::Other(words) => {
                format!("The server ended the reply in the middle of this piece (`{words}`).")
            }
        };
        Some(reason)
    }

    /// Returns the error of a reply without rows and text; `has_thought` tells that the model's thinking came.
    pub(super) fn without_answer(
        self,
        counted: Counted,
        has_thought: bool,
        provider: String,
    ) -> GeneratorError {
        let has_thought = has_thought || counted.thought.is_some_and(|tokens| tokens > 0);
        let tokens = told(counted, &provider);
        let sentence = match self {
            Self::Complete | Self::Untold if has_thought => format!(
                "The reply holds thinking and no answer after it ({tokens}): turn the model's thinking off, or the \
                 parser of reasoning at the server."
            ),
            Self::Complete | Self::Untold => match counted.input.filter(|input| *input > LARGE_PROMPT) {
                Some(_) => format!(
                    "The reply is empty ({tokens}): probably the prompt is longer than the context that the server \
                     loaded. Load the model with a larger one, shorten the prompt, or show fewer examples."
                ),
                None => format!("The reply is empty ({tokens})."),
            },
            Self::CutOff if has_thought => {
                let all = counted
                    .output
                    .map_or_else(|| "The whole".into(), |output| format!("All {output} tokens of the"));
                format!(
                    "{all} reply went into thinking: allow more with `reply_tokens`, or turn the model's thinking off."
                )
            }
            Self::CutOff => format!(
                "The reply reached its limit before its first word ({tokens}): allow more with `reply_tokens`, turn the \
                 model's thinking off, or shorten the prompt if it fills the model's context."
            ),
            Self::Full => format!(
                "The model's context was full before the first row ({tokens}): load the model with a larger one, \
                 shorten the prompt, or show fewer examples."
            ),
            Self::Filtered(words) => format!(
                "The content filter of {provider} ended the reply before its first row (`{words}`): change the \
                 prompt, or the values of its variables."
            ),
            Self::Refused(words) => format!(
                "The model refused to write rows (`{words}`): change the prompt, or the values of its variables."
            ),
            Self::Blocked(words) => return GeneratorError::Flagged { provider, words },
            Self::Failed(words) => return failed(&words, provider),
            Self::Other(words) => format!(
                "The reply has no text, and {provider} ended it with the reason `{words}` ({tokens}): change the \
                 prompt, or ask another model."
            ),
        };
        GeneratorError::NoAnswer(sentence)
    }
}

/// Returns the error of a reply that the server gave up.
pub(super) fn failed(words: &str, provider: String) -> GeneratorError {
    let words = format!("it ended the reply with the reason `{words}`");
    GeneratorError::ServerFailed { provider, status: 200, retry_after: None, words }
}

/// Returns what the server counted, as a clause.
fn told(counted: Counted, provider: &str) -> String {
    match counted.tokens() {
        Some(tokens) => format!(
            "{provider} counted {} tokens in and {} out",
            thousands(tokens.input),
            thousands(tokens.output)
        ),
        None => format!("{provider} counted no tokens"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_as_each_server_spells_them() {
        let of = |reason: &str| Finish::of(reason, None);
        for reason in ["stop", "STOP", "end_turn", "eos_token", "tool_calls", "FinishReason.STOP", ""] {
            assert_eq!(of(reason), Finish::Complete, "{reason}");
        }
        for reason in ["length", "MAX_TOKENS", "max-tokens", "FinishReason.MAX_TOKENS"] {
            assert_eq!(of(reason), Finish::CutOff, "{reason}");
        }
        for reason in ["model_length", "model_context_window_exceeded"] {
            assert_eq!(of(reason), Finish::Full, "{reason}");
        }
        for reason in
            ["content_filter", "content_filter: OTHER", "SAFETY", "RECITATION", "PROHIBITED_CONTENT", "SPII"]
        {
            assert_eq!(of(reason), Finish::Filtered(reason.into()));
        }
        assert_eq!(Finish::of("refusal", Some("A weapon.")), Finish::Refused("refusal: A weapon.".into()));
        for reason in ["error", "insufficient_system_resource", "abort"] {
            assert_eq!(of(reason), Finish::Failed(reason.into()));
        }
        assert_eq!(of("MALFORMED_FUNCTION_CALL"), Finish::Other("MALFORMED_FUNCTION_CALL".into()));
    }

    #[test]
    fn a_reply_without_an_answer_says_why_and_what_it_cost() {
        let counted = |input, output, thought| Counted {
            input: Some(input),
            output: Some(output),
            thought: Some(thought),
            ..Counted::default()
        };
        let said = |finish: Finish, counted, has_thought| {
            finish.without_answer(counted, has_thought, "openai".into()).to_string()
        };

        assert_eq!(
            said(Finish::CutOff, counted(90, 400, 0), true),
            "All 400 tokens of the reply went into thinking: allow more with `reply_tokens`, or turn the model's \
             thinking off."
        );
        assert_eq!(
            said(Finish::Complete, counted(90, 0, 0), false),
            "The reply is empty (openai counted 90 tokens in and 0 out)."
        );
        assert!(
            said(Finish::Complete, counted(36_011, 0, 0), false).contains(
                "counted 36,011 tokens in and 0 out): probably the prompt is longer than the context"
            )
        );
        assert!(
            said(Finish::Other("OTHER".into()), Counted::default(), false)
                .contains("`OTHER` (openai counted no")
        );
        assert!(
            said(Finish::Refused("refusal: No.".into()), counted(1, 1, 0), false).contains("refusal: No.")
        );
        let blocked =
            Finish::Blocked("hate, high".into()).without_answer(counted(1, 0, 0), false, "x".into());
        assert!(matches!(blocked, GeneratorError::Flagged { words, .. } if words == "hate, high"));
        let failed = Finish::Failed("abort".into()).without_answer(counted(1, 0, 0), false, "x".into());
        assert!(failed.is_transient() && failed.to_string().contains("`abort`"));
    }

    #[test]
    fn no_reason_and_no_tokens_leave_open_whether_the_reply_is_whole() {
        let tokens = Counted { input: Some(1), output: Some(1), ..Counted::default() };
        assert_eq!(Finish::at_end(None, Counted::default()), Finish::Untold);
        assert_eq!(Finish::at_end(None, tokens), Finish::Complete);
        assert_eq!(Finish::at_end(Some(Finish::CutOff), Counted::default()), Finish::CutOff);
    }

    #[test]
    fn a_cut_piece_names_the_end() {
        assert_eq!(Finish::Complete.cut(), None);
        for (finish, part) in [
            (Finish::CutOff, "max_tokens"),
            (Finish::Full, "context"),
            (Finish::Filtered("SAFETY".into()), "`SAFETY`"),
            (Finish::Refused("refusal".into()), "`refusal`"),
            (Finish::Other("OTHER".into()), "`OTHER`"),
        ] {
            assert!(finish.cut().is_some_and(|reason| reason.contains(part)), "{finish:?}");
        }
    }
}
