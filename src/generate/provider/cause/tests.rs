use super::*;

fn of(status: u16, body: &str) -> Cause {
    let said = Said::new(body);
    let waits = said.retry_delay.max(said.wait_in_words).is_some();
    Cause::of(status, &said, waits)
}

fn error(message: &str) -> String {
    serde_json::json!({ "error": { "message": message } }).to_string()
}

fn kind(code: &str) -> String {
    serde_json::json!({ "error": { "message": "No", "code": code, "param": null } }).to_string()
}

#[track_caller]
fn all(cause: Cause, cases: &[(u16, String)]) {
    for (status, body) in cases {
        assert_eq!(of(*status, body), cause, "{status} {body}");
    }
}

#[test]
fn a_filter_is_no_bad_key_and_no_bad_request() {
    all(
        Cause::Flagged,
        &[
            (400, r#"{"error":{"message":"The response was filtered due to the prompt","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#.into()),
            (400, kind("content_policy_violation")),
            (400, kind("data_inspection_failed")),
            (400, kind("1301")),
            (400, r#"{"error":{"code":1301,"message":"x"}}"#.into()),
            (400, error("Content Exists Risk")),
            (400, error("Output blocked by content filtering policy")),
            (400, error("Invalid prompt: your prompt was flagged as potentially violating our usage policy.")),
            (400, error("Violated guardrail policy")),
            (400, error("Input data may contain inappropriate content.")),
            (400, error("The request was rejected because it was considered high risk")),
            (403, r#"{"error":{"code":403,"message":"Your chosen model requires moderation and your input was flagged","metadata":{"reasons":["hate"]}}}"#.into()),
            (403, error("Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_X")),
            (422, error("The prompt contains sensitive words")),
            (500, kind("content_filter")),
        ],
    );
}

#[test]
fn a_day_is_told_from_a_minute_and_from_an_empty_account() {
    all(
        Cause::Day,
        &[
            (429, error("Rate limit reached on tokens per day (TPD): Limit 100000, Used 99990. Please try again in 2h7m12.5s.")),
            (429, error("Rate limit reached on requests per day (RPD): Limit 200. Please try again in 7m12s.")),
            (429, error("Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day")),
            (429, error("You have reached your daily limit")),
            (429, error("Rate limit of 50 per 86400s exceeded for UserByModelByDay. Please wait 37241 seconds.")),
            (429, error("A trial key is limited to 1000 API calls / month")),
            (400, error("You have reached your specified API usage limits. You will regain access on 2026-12-01.")),
            (429, error("Quota for this month is used up: monthly limit")),
            (429, r#"{"error":{"message":"You exceeded your current quota. Limits are per minute","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"3s"}]}}"#.into()),
        ],
    );
    all(
        Cause::Limit,
        &[
            (429, String::new()),
            (
                429,
                error("Rate limit reached on tokens per minute (TPM): Limit 6000. Please try again in 3.5s."),
            ),
            (429, error("3 requests per minute are allowed, and 200 per day")),
            (429, error("Rate limit reached; the context length is 1")),
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota","details":[{"retryDelay":"3s"}]}}"#
                    .into(),
            ),
            (429, error("Quota exceeded for metric: requests per minute")),
            (403, error("Too many requests")),
            (400, kind("rate_limit_exceeded")),
        ],
    );
    all(
        Cause::Quota,
        &[
            (402, String::new()),
            (429, kind("insufficient_quota")),
            (429, error("You exceeded your current quota, please check your plan")),
            (400, error("Your credit balance is too low to access the API")),
            (400, r#"{"error":{"message":"Budget has been exceeded! Current cost: 1","type":"budget_exceeded","code":"400"}}"#.into()),
            (429, error("Your team has either used all available credits or reached its monthly spending limit.")),
            (403, error("Insufficient balance")),
        ],
    );
}

#[test]
fn a_key_is_refused_in_many_ways_and_a_403_only_where_nothing_says_otherwise() {
    all(
        Cause::Key,
        &[
            (401, String::new()),
            (403, String::new()),
            (403, error("Forbidden")),
            (403, error("Missing scopes: model.request. Check the permissions of your API key")),
            (400, error("API key not valid. Please pass a valid API key.")),
            (500, r#"{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"500"}}"#.into()),
            (400, r#"{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}"#.into()),
            (401, r#"{"error":{"message":"Authentication Error, Invalid proxy server token passed","type":"token_not_found_in_db","code":"401"}}"#.into()),
            (401, error("Your account has been flagged and deactivated")),
            (404, error("Missing API key")),
        ],
    );
    all(
        Cause::NotHere,
        &[
            (403, kind("unsupported_country_region_territory")),
            (400, error("User location is not supported for the API use.")),
            (404, error("No endpoints found matching your data policy (Free model publication).")),
        ],
    );
    all(
        Cause::Other,
        &[(403, error("The moon is wrong")), (403, "<html><h1>403 Forbidden</h1></html>".into())],
    );
}

#[test]
fn models_lengths_and_replies_have_causes_of_their_own() {
    all(
        Cause::Model,
        &[
            (404, kind("model_not_found")),
            (403, error("Project `p` does not have access to model `m`")),
            (401, error("API Key not allowed to access model. This token can only access models=['a']")),
            (404, r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#.into()),
            (400, error("m is not a valid model ID")),
            (404, error("No endpoints found for some/model.")),
            (400, error("The model `m` has been decommissioned and is no longer supported.")),
            (400, error("Invalid model name passed in model=m. Call `/v1/models` to view available models.")),
            (404, error("No models loaded. Please load a model.")),
        ],
    );
    all(
        Cause::Overflow,
        &[
            (
                400,
                error(
                    "This model's maximum context length is 4097 tokens. However, you requested 5000 tokens.",
                ),
            ),
            (413, "<html>Request Entity Too Large</html>".into()),
            (429, error("Request too large for m on tokens per min (TPM): Limit 10, Requested 20.")),
            (500, error("the request exceeds the available context size")),
        ],
    );
    all(
        Cause::InvalidReply,
        &[
            (400, r#"{"error":{"message":"Failed to validate","code":"json_validate_failed","failed_generation":"{"}}"#.into()),
            (400, error("Failed to generate JSON. Please adjust your prompt.")),
        ],
    );
    all(
        Cause::TooManyTokens,
        &[
            (400, error("max_tokens is too large: 100000. This model supports at most 16384 completion tokens")),
            (400, error("'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 tokens (5000 > 4096 - 1000)")),
            (400, error("input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000")),
            (400, r#"{"error":{"message":"Invalid value: integer above maximum value. Expected a value <= 16384.","param":"max_tokens","code":"integer_above_max_value"}}"#.into()),
        ],
    );
    all(
        Cause::Other,
        &[(400, error("The page width is odd")), (500, error("boom")), (404, "404 page not found".into())],
    );
}

#[test]
fn the_most_tokens_are_read_where_they_are_named() {
    let most = |message: &str| most_tokens(&Said::new(&error(message)));
    assert_eq!(most("max_tokens: 32000 > 8192, which is the maximum"), Some(8192));
    assert_eq!(most("This model supports at most 16384 completion tokens"), Some(16384));
    assert_eq!(most("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"), Some(8192));
    assert_eq!(most("(5000 > 4096 - 1000)"), None);
    assert_eq!(most("too large"), None);
}

#[test]
fn only_a_wait_of_the_day_is_the_days() {
    let wait = |message: &str, told: u64| {
        let told = Some(Duration::from_secs(told)).filter(|told| !told.is_zero());
        wait_of_a_day(&Said::new(&error(message)), told).map(|wait| wait.as_secs())
    };
    assert_eq!(wait("per day; try again in 2h7m12.5s", 3), Some(7632));
    assert_eq!(wait("per day", 3), None);
    assert_eq!(wait("per day", 4_000), Some(4_000));
    assert_eq!(wait("per day; please retry in 3.5s", 3), None);
}

#[test]
fn a_403_of_the_network_the_project_or_the_account_is_no_bad_key() {
    all(
        Cause::NotHere,
        &[
            (403, error("Access denied: your IP address is not allowed")),
            (403, error("Access denied due to Virtual Network/Firewall rules.")),
            (403, error("Some API has not been used in project 1 before or it is disabled.")),
        ],
    );
    all(
        Cause::Quota,
        &[
            (403, error("Your newly created team does not have any credits yet.")),
            (403, error("Key limit exceeded (total limit).")),
        ],
    );
    all(Cause::Model, &[(403, kind("model_permission_blocked_project"))]);
    all(
        Cause::Flagged,
        &[
            (400, error("ContentPolicyViolationError: it was stopped")),
            (400, error("The response was filtered")),
        ],
    );
}
