//! Token counts, in the shapes of all servers.

use serde_json::Value;

use super::Counted;

/// Returns the counts of a `usage`.
///
/// Gemini and xAI leave tokens of thinking out of the completion, and count them in the total. Anthropic leaves
/// tokens read from or written to the cache out of the input.
pub(super) fn counted(usage: &Value) -> Counted {
    let cached = || {
        let of = |name| number(usage, &[name]).unwrap_or(0);
        of("cache_creation_input_tokens").saturating_add(of("cache_read_input_tokens"))
    };
    let input = number(usage, &["prompt_tokens", "promptTokens", "promptTokenCount"])
        .or_else(|| Some(number(usage, &["input_tokens"])?.saturating_add(cached())));
    let output =
        number(usage, &["completion_tokens", "output_tokens", "completionTokens", "candidatesTokenCount"]);
    let total = number(usage, &["total_tokens", "totalTokens", "totalTokenCount"]);
    let beside_prompt = total.zip(input).map(|(total, input)| total.saturating_sub(input));
    // Gemini's own counts have thinking beside the answer.
    let apart = number(usage, &["thoughtsTokenCount"]).unwrap_or(0);
    let details = ["completion_tokens_details", "output_tokens_details"];
    let thought = details.iter().filter_map(|name| usage.get(name)).chain([usage]);
    let thought = thought
        .filter_map(|details| number(details, &["reasoning_tokens", "thinking_tokens", "thoughtsTokenCount"]))
        .max();
    Counted {
        input,
        output: output
            .map(|output| output.saturating_add(apart))
            .max(beside_prompt.filter(|beside| *beside > 0)),
        thought,
        is_timing: false,
    }
    .unless_nothing()
}

/// Returns the counts of llama.cpp's `timings`, which it sends even where nobody asked for usage.
pub(super) fn timed(timings: &Value) -> Counted {
    let prompt = number(timings, &["prompt_n"]);
    let cached = number(timings, &["cache_n"]).unwrap_or(0);
    let input = prompt.map(|prompt| prompt.saturating_add(cached));
    Counted { input, output: number(timings, &["predicted_n"]), thought: None, is_timing: true }
        .unless_nothing()
}

/// Returns the first of these fields that is a number, or text of one.
fn number(object: &Value, names: &[&str]) -> Option<u64> {
    names.iter().find_map(|name| {
        let value = object.get(name)?;
        let text = value.as_str().map(str::trim);
        let float = value.as_f64().or_else(|| text?.parse().ok());
        value.as_u64().or_else(|| text?.parse().ok()).or_else(|| {
            let float = float.filter(|float| *float >= 0.0)?;
            format!("{float:.0}").parse().ok()
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tokens(usage: &Value) -> Option<(u64, u64)> {
        counted(usage).tokens().map(|tokens| (tokens.input, tokens.output))
    }

    #[test]
    fn counts_are_read_in_every_shape() {
        assert_eq!(tokens(&json!({ "prompt_tokens": 3, "completion_tokens": 4 })), Some((3, 4)));
        assert_eq!(tokens(&json!({ "prompt_tokens": "3", "completion_tokens": 4.0 })), Some((3, 4)));
        assert_eq!(
            tokens(
                &json!({ "input_tokens": 3, "output_tokens": 4, "cache_read_input_tokens": 8, "cache_creation_input_tokens": null })
            ),
            Some((11, 4))
        );
        // LiteLLM's prompt tokens hold those of the cache.
        assert_eq!(
            tokens(&json!({ "prompt_tokens": 9, "completion_tokens": 4, "cache_read_input_tokens": 8 })),
            Some((9, 4))
        );
        for none in [
            json!(null),
            json!({}),
            json!({ "prompt_tokens": null }),
            json!("none"),
            json!({ "prompt_tokens": 0, "completion_tokens": 0 }),
        ] {
            assert_eq!(tokens(&none), None, "{none}");
        }
    }

    #[test]
    fn thinking_that_is_only_in_the_total_is_output() {
        let gemini = json!({ "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 115 });
        assert_eq!(tokens(&gemini), Some((10, 105)));
        let xai = json!({ "prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 45,
            "completion_tokens_details": { "reasoning_tokens": 30 } });
        assert_eq!((tokens(&xai), counted(&xai).thought), (Some((10, 35)), Some(30)));
        let native = json!({ "promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 30 });
        assert_eq!(tokens(&native), Some((10, 35)));
        assert_eq!(tokens(&json!({ "prompt_tokens": 10, "total_tokens": 45 })), Some((10, 35)));
        let openai = json!({ "prompt_tokens": 10, "completion_tokens": 40, "total_tokens": 50,
            "completion_tokens_details": { "reasoning_tokens": 30 } });
        assert_eq!(tokens(&openai), Some((10, 40)));
    }

    #[test]
    fn timings_count_only_where_there_is_no_usage() {
        let timings = timed(&json!({ "prompt_n": 5, "cache_n": 2, "predicted_n": 9 }));
        let usage = counted(&json!({ "prompt_tokens": 8, "completion_tokens": 9 }));

        assert_eq!((timings.input, timings.output), (Some(7), Some(9)));
        assert_eq!(usage.after(timings), usage);
        assert_eq!(timings.after(usage), usage);
    }
}
