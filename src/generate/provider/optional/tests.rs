use super::super::dialect::{ChatCompletions, Messages};
use super::*;
use Parameter::{MaxTokens, ResponseFormat, Seed, Stream, StreamOptions, Temperature};

fn server(leave_out: &[Parameter]) -> Refused {
    let leave_out = leave_out.to_vec();
    Refused::new(&GeneratorSettings { temperature: 0.7, leave_out, ..GeneratorSettings::default() }, false)
}

fn part(status: u16, body: &str) -> Option<Part> {
    server(&[]).others().refused(&ChatCompletions, status, body, Some(500))
}

/// Returns what is left out; nothing else changes.
fn left_out(status: u16, body: &str) -> Vec<Parameter> {
    part(status, body).map_or_else(Vec::new, |part| {
        assert!(!part.turns_limit, "{body}");
        part.left_out.iter().collect()
    })
}

fn error(message: &str) -> String {
    serde_json::json!({ "error": { "message": message, "type": "invalid_request_error" } }).to_string()
}

#[test]
fn each_servers_way_of_refusing_a_parameter_is_known() {
    let named = |param: &str| {
        format!(r#"{{"error":{{"message":"No.","param":"{param}","code":"unsupported_value"}}}}"#)
    };
    for (status, body, parameter) in [
        // By the field that names it.
        (400, named("temperature"), Temperature),
        (400, named("stream"), Stream),
        (400, named("response_format.json_schema"), ResponseFormat),
        (422, r#"{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":7}]}"#.into(), Seed),
        (422, r#"{"object":"error","message":{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs"}]}}"#.into(), StreamOptions),
        (422, r#"{"detail":[{"type":"literal_error","loc":["body","response_format","type"],"msg":"Input should be 'text'"}]}"#.into(), ResponseFormat),
        (500, error("[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}]"), ResponseFormat),
        // By words.
        (400, r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"seed\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#.into(), Seed),
        (400, error("Unrecognized request argument supplied: stream_options"), StreamOptions),
        (400, error("Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported."), Temperature),
        (400, error("`temperature` is deprecated for this model."), Temperature),
        (400, error("temperature: range: 0..1"), Temperature),
        (400, error("seed must be below 100"), Seed),
        (400, error("Malformed input request: #: extraneous key [seed] is not permitted, please reformat your input"), Seed),
        (400, error("Argument not supported on this model: seed"), Seed),
        (400, r#"{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra inputs are not permitted', 'input': 7}]","type":"BadRequestError","param":null,"code":400}"#.into(), Seed),
        (400, error("Streaming is not supported by this model"), Stream),
        (400, error("Your organization must be verified to stream this model. Please go to the settings."), Stream),
        (400, error("This model does not support include_usage"), StreamOptions),
        (400, error("参数 seed 不支持"), Seed),
        // The schema.
        (500, error("Failed to compile json schema grammar"), ResponseFormat),
        (500, error("xgrammar: the grammar has no root rule"), ResponseFormat),
        (400, error("Unsupported response_format type"), ResponseFormat),
        (400, error("This response_format type is unavailable now"), ResponseFormat),
        (400, error("'response_format.type' must be 'json_object' or 'text'"), ResponseFormat),
        (400, error("Invalid schema for response_format 'rows': In context=(), 'x' is not permitted."), ResponseFormat),
        (400, error("This model does not support response format `json_schema`."), ResponseFormat),
        (400, error("The specified schema produces a constraint that has too many states for serving."), ResponseFormat),
        (400, error("Failed to initialize samplers: failed to parse grammar"), ResponseFormat),
        (500, r#"{"error":{"code":500,"message":"Failed to parse grammar","type":"server_error"}}"#.into(), ResponseFormat),
        (400, error("output_config.format.schema: Schema is too complex for compilation"), ResponseFormat),
        (400, error("The compiled grammar is too large"), ResponseFormat),
        (422, r#"{"error":"Input validation error: grammar is not supported","error_type":"validation"}"#.into(), ResponseFormat),
        (500, r#"{"error":{"message":"litellm.APIConnectionError: does not support parameters: ['response_format']"}}"#.into(), ResponseFormat),
        (404, error("No endpoints found that can handle the requested parameters."), ResponseFormat),
    ] {
        assert_eq!(left_out(status, &body), [parameter], "{body}");
    }
}

#[test]
fn several_parameters_in_a_list_are_left_out_at_once() {
    let litellm = r#"{"error":{"message":"litellm.UnsupportedParamsError: some_provider does not support parameters: ['response_format', 'seed'], for model=m. To drop these, set `litellm.drop_params=True`.\nReceived Model Group=m","type":"None","param":"None","code":"400"}}"#;
    assert_eq!(left_out(400, litellm), [Seed, ResponseFormat]);
    let remark = part(400, litellm).unwrap().remark();
    assert!(remark.contains("a seed") && remark.contains("the schema"), "{remark}");
    let one = litellm.replace("'response_format', ", "");
    assert_eq!(left_out(400, &one), [Seed]);
}

#[test]
fn what_is_about_something_else_changes_no_request() {
    for (status, body) in [
        (400, error("the word reseeded is not supported")),
        (401, error("Unsupported parameter: seed")),
        (429, error("stream is not supported now")),
        (500, error("response_format")),
        (503, error("grammar error")),
        (400, r#"{"error":{"message":"Failed to generate JSON. See response_format.","code":"json_validate_failed","failed_generation":"seed is invalid"}}"#.into()),
        (400, r#"{"error":{"message":"The response_format was filtered","code":"content_filter"}}"#.into()),
        (400, error("This model's maximum context length is 10 tokens; temperature is invalid")),
        (404, error("The model `seed` does not exist")),
        (400, error("Image parts are not supported.")),
        (400, r#"{"detail":[{"loc":["body","messages"],"msg":"Field required","input":{"seed":1}}]}"#.into()),
        (400, error("The upstream is not valid.")),
    ] {
        assert_eq!(part(status, &body), None, "{body}");
    }
}

#[test]
fn the_token_limit_takes_its_other_form_first_and_is_then_left_out() {
    let server = server(&[]);
    let no_usual = error(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
    let no_other = error("Unrecognized request argument supplied: max_completion_tokens");
    let refused = |body: &str| server.others().refused(&ChatCompletions, 400, body, Some(500));

    let part = refused(&no_usual).unwrap();
    assert!(part.remark().contains("in another form"), "{}", part.remark());
    assert!(server.add(part) && server.others().has(MaxTokens) && !server.others().usual_limit());
    // A request that was under way refuses the same a second time.
    assert!(!server.add(part));
    assert!(!server.others().usual_limit());
    let part = refused(&no_other).unwrap();
    assert!(server.add(part) && !server.others().has(MaxTokens));
    assert!(part.remark().contains("no limit"), "{}", part.remark());
    assert_eq!(refused(&no_other), None);
}

#[test]
fn a_server_that_only_names_the_other_form_gets_it() {
    for words in [
        "This model requires 'max_completion_tokens'.",
        "Use 'max_completion_tokens' instead of 'max_tokens'.",
    ] {
        assert!(part(400, &error(words)).unwrap().turns_limit, "{words}");
    }
}

#[test]
fn a_server_without_the_new_name_gets_the_old_one() {
    let server = Refused::new(&GeneratorSettings::default(), true);
    let body = error("Unrecognized request argument supplied: max_completion_tokens");

    let part = server.others().refused(&ChatCompletions, 400, &body, Some(5)).unwrap();

    assert!(server.add(part) && server.others().usual_limit() && server.others().has(MaxTokens));
}

#[test]
fn a_limit_from_the_settings_is_never_replaced_and_one_that_is_not_sent_not_refused() {
    let parts = server(&[]).others();
    let anthropic =
        error("max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for tiny");

    assert!(parts.refused(&Messages, 400, &anthropic, None).is_some_and(|part| part.turns_limit));
    assert_eq!(parts.refused(&Messages, 400, &anthropic, Some(32_000)), None);
    assert_eq!(parts.refused(&ChatCompletions, 400, &anthropic, Some(32_000)), None);
    let unsupported = error("Unsupported parameter: 'max_tokens'");
    assert_eq!(parts.refused(&ChatCompletions, 400, &unsupported, None), None);
    assert_eq!(parts.refused(&Messages, 400, &unsupported, Some(5)), None);
    let both = error(
        "'max_tokens' or 'max_completion_tokens' is too large: 5000. At most 300 fit; it is not supported.",
    );
    assert_eq!(parts.refused(&ChatCompletions, 400, &both, Some(5_000)), None);
}

#[test]
fn what_was_refused_or_is_left_out_by_the_settings_is_not_sent() {
    let server = server(&[Stream, ResponseFormat]);
    assert_eq!(server.names(), ["response_format", "stream"]);
    assert_eq!(
        server.others().refused(&ChatCompletions, 400, &error("json_schema is not supported"), None),
        None
    );

    let part = server.others().refused(&ChatCompletions, 400, &error("unknown field: seed"), None).unwrap();
    assert!(server.add(part) && !server.add(part));

    let sent: Vec<_> =
        Parameter::ALL.into_iter().filter(|parameter| server.others().has(*parameter)).collect();
    assert_eq!(sent, [MaxTokens, Temperature, StreamOptions]);
}

#[test]
fn a_remark_says_what_holds_instead() {
    let remark = part(400, &error("Unsupported value: 'temperature' does not support 0.7")).unwrap().remark();
    assert_eq!(
        remark,
        "The server does not take temperature 0.7; it is left out, so the server's own default holds."
    );
}
