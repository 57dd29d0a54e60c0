use super::*;
use crate::domain::{GeneratorSettings, Provider};

fn target(url: &str) -> Target {
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("tiny".into()),
        base_url: Some(url.into()),
        ..GeneratorSettings::default()
    };
    Target::new(&settings, None, &|_| None).unwrap()
}

/// Returns the sentence of an answer, which must be one of a wrong address.
#[track_caller]
fn said(url: &str, status: u16, body: &str) -> String {
    let error = refusal(status, body, None, &target(url));
    assert!(matches!(error, GeneratorError::WrongAddress(_)) && error.is_final(), "{error:?}");
    error.to_string()
}

#[test]
fn an_answer_of_no_chat_completions_says_the_address_to_write() {
    for (status, body) in [
        (404, ""),
        (404, "404 page not found"),
        (404, r#"{"detail":"Not Found"}"#),
        (404, r#"{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}"#),
        (
            404,
            r#"{"error":{"message":"Invalid URL (POST /chat/completions)","type":"invalid_request_error"}}"#,
        ),
        (405, r#"{"detail":"Method Not Allowed"}"#),
        (404, "<html><h1>Not found</h1></html>"),
        (403, "<!doctype html><p>Blocked"),
        (501, "<html>Unsupported method ('POST')</html>"),
        (500, "\"Unexpected endpoint or method. (POST /chat/completions)\""),
    ] {
        let said = said("http://127.0.0.1:1234", status, body);
        assert!(
            said.starts_with("Nothing answers requests for rows at http://127.0.0.1:1234/chat/completions ("),
            "{said}"
        );
        assert!(said.ends_with("Set `base_url` to \"http://127.0.0.1:1234/v1\"."), "{said}");
        let is_answered = said.contains("(it answers: Unexpected endpoint");
        assert!(is_answered || said.contains(&format!("HTTP status {status}")), "{said}");
    }
    assert_eq!(
        said("http://den:1/v1", 404, "404 page not found"),
        "Nothing answers requests for rows at http://den:1/v1/chat/completions (HTTP status 404: 404 page not found). \
         Set `base_url` to the address that stands before `/chat/completions` in that server's documentation."
    );
}

#[test]
fn a_missing_model_and_a_refused_parameter_are_no_wrong_address() {
    for (status, body) in [
        (404, r#"{"error":{"message":"The model `tiny` does not exist","code":"model_not_found"}}"#),
        (404, r#"{"error":{"message":"model 'tiny' not found, try pulling it first"}}"#),
        (404, r#"{"error":{"code":404,"message":"No endpoints found matching your data policy"}}"#),
        (400, r#"{"error":"bad"}"#),
        (500, "<html>boom</html>"),
        (502, "<html>Bad gateway</html>"),
        (401, "<html>Sign in</html>"),
    ] {
        let error = refusal(status, body, None, &target("http://x:1"));
        assert!(!matches!(error, GeneratorError::WrongAddress(_)), "{error:?}");
    }
}

#[test]
fn a_port_of_tls_is_asked_by_https() {
    for (status, body) in [
        (400, "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>"),
        (400, "Client sent an HTTP request to an HTTPS server.\n"),
        (426, "Upgrade Required"),
    ] {
        assert_eq!(
            said("http://gate.example:8443/v1", status, body),
            "The server at http://gate.example:8443/v1/ speaks TLS and was asked in plain HTTP. Set `base_url` to \
             \"https://gate.example:8443/v1\"."
        );
    }
    assert!(
        speaks_plain(&target("https://127.0.0.1:8080/v1"))
            .to_string()
            .ends_with("\"http://127.0.0.1:8080/v1\".")
    );
}

#[test]
fn a_redirect_is_not_followed_and_says_where_it_points() {
    let said = |url: &str, to: &str| {
        let headers = [(LOCATION, to.parse().unwrap())].into_iter().collect();
        let error = refusal(308, "", Some(&headers), &target(url));
        assert!(matches!(error, GeneratorError::WrongAddress(_)), "{error:?}");
        error.to_string()
    };
    let moved =
        said("http://x.example/v1?api-version=1", "https://x.example/v1/chat/completions?api-version=1");
    assert!(
        moved.contains("redirects to https://x.example/v1/chat/completions (HTTP status 308)"),
        "{moved}"
    );
    assert!(moved.ends_with("Set `base_url` to \"https://x.example/v1?api-version=1\"."), "{moved}");
    assert!(said("http://x.example", "/api/chat/completions").ends_with("\"http://x.example/api\"."));
    let login = said("http://x.example/v1", "https://login.example/?token=s3cret");
    assert!(login.contains("https://login.example/ ") && login.contains("a page to sign in"), "{login}");
    assert!(!login.contains("s3cret"), "{login}");
}

#[test]
fn a_successful_answer_that_is_no_reply_is_one_of_a_wrong_address_or_says_what_failed() {
    let not = |body: &str| not_a_reply(body, &target("http://127.0.0.1:1234"));
    for body in [
        "<html>Welcome</html>",
        "Ollama is running",
        r#"{"hello":"world"}"#,
        r#"{"object":"list","data":[]}"#,
        r#"{"error":"Unexpected endpoint or method. (POST /chat/completions). Returning 200 anyway"}"#,
        "[]",
    ] {
        let error = not(body);
        assert!(matches!(error, GeneratorError::WrongAddress(_)), "{error:?}");
        assert!(error.to_string().ends_with("Set `base_url` to \"http://127.0.0.1:1234/v1\"."), "{error}");
    }
    assert!(matches!(
        not(r#"{"base_resp":{"status_code":1004,"status_msg":"login fail: invalid api key"}}"#),
        GeneratorError::Unauthorized { .. }
    ));
    assert!(matches!(not(r#"{"error":"Something odd"}"#), GeneratorError::ServerFailed { .. }));
    assert!(matches!(not(" \n"), GeneratorError::Broken { .. }), "another answer may hold something");
    assert!(matches!(not(r#"{"code":429,"msg":"slow down"}"#), GeneratorError::RateLimited { .. }));
    assert!(matches!(
        not(r#"{"error":{"message":"The input was flagged","code":400}}"#),
        GeneratorError::Flagged { .. }
    ));
}

#[test]
fn an_empty_answer_may_pass_and_says_where_its_reason_stands() {
    let error = not_a_reply("", &target("http://x:1/v1"));
    assert!(matches!(error, GeneratorError::Broken { .. }), "{error:?}");
    assert!(error.to_string().contains("its answer is empty; its log may say why"), "{error}");
}
