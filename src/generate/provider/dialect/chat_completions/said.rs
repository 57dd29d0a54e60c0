//! What a message or a part of one says: its text, the model's thinking, and its tool calls.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::generate::provider::dialect::said_parts::SaidParts;

/// A name that is not copied unless it holds escapes.
#[derive(Deserialize)]
pub(super) struct Name<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The model's text, its thinking and its tool calls.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub(super) content: Option<SaidParts<'a>>,
    pub(super) refusal: Option<SaidParts<'a>>,
    /// The thinking; servers may send the same in several fields.
    pub(super) thinking: Cow<'a, str>,
    /// Whether the content is thinking.
    pub(super) is_thought: bool,
    tool_calls: Option<Value>,
    function_call: Option<Value>,
}

impl Said<'_> {
    /// Returns the arguments of tool calls, which may be text or JSON.
    pub(super) fn calls(&self) -> Vec<(u64, String)> {
        let calls = self
            .tool_calls
            .as_ref()
            .map_or(&[][..], |calls| calls.as_array().map_or(std::slice::from_ref(calls), Vec::as_slice));
        let called = calls.iter().enumerate().filter_map(|(at, call)| {
            let index = call.get("index").and_then(Value::as_u64).unwrap_or(at as u64);
            Some((index, arguments(call.get("function").unwrap_or(call))?))
        });
        let legacy = self.function_call.as_ref().and_then(|call| Some((0, arguments(call)?)));
        called.chain(legacy).collect()
    }
}

fn arguments(call: &Value) -> Option<String> {
    let given = ["arguments", "parameters", "input"].iter().filter_map(|name| call.get(name));
    match given.into_iter().find(|given| !given.is_null())? {
        Value::String(text) => Some(text.clone()),
        json => Some(json.to_string()),
    }
}

/// Returns whether a field holds thinking; its name counts by its words, not by a list of servers.
fn is_of_thinking(name: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    name == "cot"
        || (has(&["reason", "think", "thought"])
            && !has(&[
                "signature",
                "opaque",
                "encrypt",
                "token",
                "effort",
                "_id",
                "time",
                "duration",
                "finish",
            ]))
}

impl<'de: 'a, 'a> Deserialize<'de> for Said<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Said<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a message or a part of one")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut said = Said::default();
        while let Some(Name(name)) = fields.next_key()? {
            match name.as_ref() {
                "content" => said.content = fields.next_value()?,
                "refusal" => said.refusal = fields.next_value()?,
                "tool_calls" => said.tool_calls = fields.next_value()?,
                "function_call" => said.function_call = fields.next_value()?,
                // Where Gemini says that the content is a thought.
                "extra_content" => {
                    let extra: Value = fields.next_value()?;
                    said.is_thought = extra.pointer("/google/thought").and_then(Value::as_bool) == Some(true);
                }
                name if said.thinking.is_empty() && is_of_thinking(name) => {
                    let thinking: SaidParts<'de> = fields.next_value()?;
                    said.thinking =
                        if thinking.text.is_empty() { thinking.thinking.into() } else { thinking.text };
                }
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        Ok(said)
    }
}
