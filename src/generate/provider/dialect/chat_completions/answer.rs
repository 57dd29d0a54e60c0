//! Reads what servers answer in chat completions.

use serde::Deserialize;
use serde_json::Value;

use super::said::{Name, Said};
use crate::generate::provider::dialect::said_parts::SaidParts;
use crate::generate::provider::dialect::{Counted, Piece, failure_in, usage};
use crate::generate::provider::finish::Finish;

/// An event of a stream, or a whole answer.
#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    model: Option<Name<'a>>,
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
    usage: Option<Value>,
    /// Where Groq has the usage of a stream.
    x_groq: Option<Value>,
    /// Where gateways before Gemini leave its usage.
    #[serde(rename = "usageMetadata", alias = "usage_metadata")]
    usage_metadata: Option<Value>,
    /// What llama.cpp counts.
    timings: Option<Value>,
    error: Option<Value>,
    /// Why Gemini's filter refused the prompt.
    #[serde(alias = "promptFeedback")]
    prompt_feedback: Option<Value>,
    /// What Azure's filter found in the prompt.
    prompt_filter_results: Option<Value>,
}

impl<'a> Answer<'a> {
    /// Returns what this answer, parsed from `json`, says.
    pub(super) fn into_piece(self, json: &str) -> Piece<'a> {
        let blocked = self.blocked();
        let groq = self.x_groq.as_ref();
        let mut piece = Piece {
            is_reply: self.choices.is_some() || blocked.is_some(),
            model: self.model.map(|model| model.0),
            end: blocked.map(Finish::Blocked),
            failure: self.error.filter(is_said),
            ..Piece::default()
        };
        let mut usage = self.usage.or_else(|| groq?.get("usage").cloned()).or(self.usage_metadata);
        if let Some(choice) = self.choices.into_iter().flatten().next() {
            usage = usage.or(choice.fill(&mut piece));
        } else if piece.end.is_none() {
            piece.is_reply = false;
        }
        piece.counted = usage.as_ref().map(usage::counted).unwrap_or_default();
        if let Some(timings) = &self.timings {
            piece.counted = piece.counted.after(usage::timed(timings));
        }
        if !piece.is_reply && piece.failure.is_none() && piece.counted == Counted::default() {
            piece.failure = failure_in(json);
        }
        piece
    }
}

impl Answer<'_> {
    /// Returns why a filter refused the prompt.
    fn blocked(&self) -> Option<String> {
        let reason = self.prompt_feedback.as_ref().and_then(|feedback| {
            let reason = feedback.get("blockReason").or_else(|| feedback.get("block_reason"))?.as_str()?;
            let message = feedback.get("blockReasonMessage").and_then(Value::as_str);
            Some(message.map_or_else(|| reason.to_owned(), |message| format!("{reason}: {message}")))
        });
        let results =
            self.prompt_filter_results.as_ref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut filtered =
            results.iter().filter_map(|result| filtered(result.get("content_filter_results")?));
        reason.or_else(|| filtered.next().filter(|_| self.choices.as_ref().is_none_or(Vec::is_empty)))
    }
}

/// Returns the categories by which Azure's filter refused a text.
fn filtered(results: &Value) -> Option<String> {
    let is_filtered = |result: &Value| result.get("filtered").and_then(Value::as_bool) == Some(true);
    let of = results.as_object()?.iter().filter(|(_, result)| is_filtered(result));
    let names: Vec<String> = of
        .map(|(name, result)| match result.get("severity").and_then(Value::as_str) {
            Some(severity) => format!("{name}, {severity}"),
            None => name.clone(),
        })
        .collect();
    (!names.is_empty()).then(|| names.join("; "))
}

#[derive(Deserialize)]
struct Choice<'a> {
    index: Option<Value>,
    #[serde(borrow)]
    delta: Option<Said<'a>>,
    #[serde(borrow)]
    message: Option<Said<'a>>,
    /// The text of the older completions.
    #[serde(borrow)]
    text: Option<SaidParts<'a>>,
    finish_reason: Option<Value>,
    /// Where Moonshot has the usage of a stream.
    usage: Option<Value>,
    /// Where `OpenRouter` has the failure of the provider behind it.
    error: Option<Value>,
    /// What Azure's filter found in the reply.
    content_filter_results: Option<Value>,
}

impl<'a> Choice<'a> {
    /// Puts this choice into a piece; returns its usage.
    fn fill(self, piece: &mut Piece<'a>) -> Option<Value> {
        let details = self.content_filter_results.as_ref().and_then(filtered);
        let reason = self.finish_reason.as_ref().and_then(|reason| {
            reason.as_str().or_else(|| reason.get("type")?.as_str()).filter(|reason| !reason.is_empty())
        });
        if let Some(reason) = reason {
            piece.end = Some(Finish::of(reason, details.as_deref()));
        }
        let failure = self.error.filter(is_said);
        piece.failure = piece.failure.take().or(failure);
        piece.is_whole = self.message.is_some();
        piece.choice = self.index.as_ref().and_then(Value::as_u64);
        let said = self.message.or(self.delta).unwrap_or_default();
        piece.calls = said.calls();
        let content = said.content.or(self.text).unwrap_or_default();
        piece.text = if content.json.is_empty() { content.text } else { content.json.into() };
        piece.thinking = if said.thinking.is_empty() { content.thinking.into() } else { said.thinking };
        piece.refusal = said.refusal.map(|refusal| refusal.text.into_owned()).unwrap_or(content.refusal);
        if said.is_thought && piece.thinking.is_empty() {
            piece.thinking = std::mem::take(&mut piece.text);
        }
        self.usage
    }
}

/// Returns whether a field for errors holds one.
fn is_said(error: &Value) -> bool {
    !matches!(error, Value::Null | Value::Bool(_)) && error.as_str() != Some("")
}

#[cfg(test)]
mod tests {
    use super::super::{ChatCompletions, Dialect};
    use super::*;

    fn read(json: &str) -> Piece<'_> {
        ChatCompletions.read_piece(json).unwrap()
    }

    #[test]
    fn a_frame_and_a_whole_answer_are_read_alike() {
        let frame = read(r#"{"choices":[{"delta":{"content":"a","refusal":null},"finish_reason":null}]}"#);
        let whole = read(
            r#"{"choices":[{"message":{"content":[{"type":"text","text":"a"},{"text":"b"}]},"finish_reason":"length"}],
               "usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
        );

        assert_eq!(frame, Piece { is_reply: true, text: "a".into(), ..Piece::default() });
        assert_eq!(whole.text, "ab");
        assert_eq!(whole.end, Some(Finish::CutOff));
        assert_eq!(whole.counted, Counted { input: Some(3), output: Some(4), ..Counted::default() });
        assert!(whole.is_whole && !frame.is_whole);
    }

    #[test]
    fn what_is_no_frame_says_why() {
        let said = ChatCompletions.read_piece("{oops").unwrap_err();
        assert!(said.starts_with("a piece is no JSON of a reply"), "{said}");
        assert!(read(r#"{"choices":null,"usage":{}}"#).counted.tokens().is_none());
        assert!(!read(r#"{"choices":[]}"#).is_reply && read(r#"{"choices":[{}]}"#).is_reply);
    }

    #[test]
    fn thinking_is_found_in_every_field_once() {
        for message in [
            r#""reasoning_content":"hm""#,
            r#""reasoning":"hm","reasoning_content":"hm""#,
            r#""reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]"#,
            r#""reasoning":null,"reasoning_details":[{"type":"reasoning.summary","summary":"hm"},{"type":"reasoning.encrypted","data":"x"}]"#,
            r#""reasoning":{"content":"hm"}"#,
            r#""thinking":"hm""#,
            r#""thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"x"}]"#,
            r#""content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]"#,
            r#""content":[{"text":"hm","thought":true},{"text":"a"}]"#,
        ] {
            let json = format!(r#"{{"choices":[{{"delta":{{{message}}}}}]}}"#);
            let piece = read(&json);
            assert_eq!(piece.thinking, "hm", "{message}");
            assert!(piece.text == if message.contains(r#""a""#) { "a" } else { "" }, "{message}");
        }
    }

    #[test]
    fn thinking_is_known_by_the_words_of_its_field() {
        for field in ["reasoning_text", "thought", "thoughts", "thinking_content", "reasoning_summary", "cot"]
        {
            let json = format!(r#"{{"choices":[{{"delta":{{"{field}":"hm","content":null}}}}]}}"#);
            assert_eq!(read(&json).thinking, "hm", "{field}");
        }
        for field in ["reasoning_signature", "reasoning_effort", "thinking_time", "role"] {
            let json = format!(r#"{{"choices":[{{"delta":{{"{field}":"x","content":"a"}}}}]}}"#);
            assert_eq!((read(&json).thinking, read(&json).text), ("".into(), "a".into()), "{field}");
        }
        let flagged =
            read(r#"{"choices":[{"delta":{"content":"hm","extra_content":{"google":{"thought":true}}}}]}"#);
        assert_eq!((flagged.text, flagged.thinking), ("".into(), "hm".into()));
        assert_eq!(
            read(r#"{"choices":[{"delta":{"reasoning_score":1.5,"thought":-1,"content":"a"}}]}"#).text,
            "a"
        );
    }

    #[test]
    fn an_answer_that_is_json_and_no_text_is_read_as_json() {
        let content = |json: &str| {
            let json = format!(r#"{{"choices":[{{"message":{{"content":{json}}}}}]}}"#);
            read(&json).text.into_owned()
        };
        assert_eq!(content(r#"{"rows":[{"text":"a"}]}"#), r#"{"rows":[{"text":"a"}]}"#);
        assert_eq!(content(r#"[{"rows":[]}]"#), r#"[{"rows":[]}]"#);
        assert_eq!(content(r#"{"type":"text","text":"a"}"#), "a");
        for none in ["{}", "[]", "null", r#"[{"type":"image"}]"#] {
            assert_eq!(content(none), "", "{none}");
        }
    }

    #[test]
    fn arguments_of_tools_are_read_in_every_form() {
        let calls = |message: &str| read(&format!(r#"{{"choices":[{{"message":{{{message}}}}}]}}"#)).calls;
        let one = vec![(0, r#"{"rows":[]}"#.to_owned())];

        assert_eq!(calls(r#""tool_calls":[{"function":{"name":"x","arguments":"{\"rows\":[]}"}}]"#), one);
        assert_eq!(calls(r#""tool_calls":[{"index":0,"function":{"arguments":{"rows":[]}}}]"#), one);
        for name in ["parameters", "input"] {
            assert_eq!(calls(&format!(r#""tool_calls":[{{"name":"x","{name}":{{"rows":[]}}}}]"#)), one);
        }
        assert_eq!(calls(r#""function_call":{"name":"x","arguments":"{\"rows\":[]}"}"#), one);
        assert_eq!(
            calls(r#""tool_calls":[{"index":3,"function":{"arguments":"a"}},{"index":4,"function":{}}]"#),
            [(3, "a".into())]
        );
        assert!(calls(r#""tool_calls":null"#).is_empty());
    }

    #[test]
    fn failures_and_filters_are_found_wherever_servers_put_them() {
        for json in [
            r#"{"error":{"message":"No."}}"#,
            r#"{"error":"No."}"#,
            r#"{"object":"error","message":"No.","code":400}"#,
            r#"{"detail":"No."}"#,
            r#"{"errors":[{"message":"No."}]}"#,
            r#"{"choices":[{"finish_reason":"error","error":{"code":502,"message":"No."}}]}"#,
        ] {
            let failure = read(json).failure;
            assert!(failure.is_some_and(|failure| failure.to_string().contains("No.")), "{json}");
        }
        assert_eq!(read(r#"{"error":null,"choices":[{}]}"#).failure, None);
        let blocked = |json: &str| read(json).end;
        assert_eq!(
            blocked(r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#),
            Some(Finish::Blocked("SAFETY".into()))
        );
        assert_eq!(
            blocked(
                r#"{"choices":[],"prompt_filter_results":[{"content_filter_results":{"hate":{"filtered":true,"severity":"high"},"violence":{"filtered":false}}}]}"#
            ),
            Some(Finish::Blocked("hate, high".into()))
        );
        assert_eq!(
            blocked(
                r#"{"choices":[{"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true}}}]}"#
            ),
            Some(Finish::Filtered("content_filter: hate".into()))
        );
        assert_eq!(
            blocked(
                r#"{"choices":[],"prompt_filter_results":[{"content_filter_results":{"hate":{"filtered":false}}}]}"#
            ),
            None
        );
    }

    #[test]
    fn usage_is_found_wherever_servers_put_it() {
        for json in [
            r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
            r#"{"choices":[{"usage":{"prompt_tokens":3,"completion_tokens":4}}]}"#,
            r#"{"choices":[{}],"x_groq":{"id":"x","usage":{"prompt_tokens":3,"completion_tokens":4}}}"#,
            r#"{"choices":[{}],"timings":{"prompt_n":3,"predicted_n":4}}"#,
            r#"{"choices":[],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4}}"#,
            r#"{"usage":{"prompt_tokens":3,"completion_tokens":4},"choices":[],"timings":{"prompt_n":1,"predicted_n":1}}"#,
        ] {
            let tokens = read(json).counted.tokens().map(|tokens| (tokens.input, tokens.output));
            assert_eq!(tokens, Some((3, 4)), "{json}");
        }
    }
}
