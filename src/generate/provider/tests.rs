//! Tests of whole requests against a canned server on loopback.

use std::collections::BTreeMap;
use std::time::Duration;

use super::canned::{Answer, Server, done, finish, frames};
use super::*;
use crate::domain::{ExchangeMessage, Provider, Role, Schema, Tokens};
use crate::generate::GenerateEvent;
use crate::generate::schema::reply_schema;

const KEY: &str = "sk-very-secret";
const JSON: &str = "content-type: application/json\r\n";

fn generator(url: &str, key: bool, delivery: Delivery) -> ProviderGenerator {
    let settings = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("tiny".into()),
        base_url: Some(url.into()),
        ..GeneratorSettings::default()
    };
    let options = ProviderOptions {
        delivery,
        timeouts: Some(Timeouts {
            connect: Duration::from_secs(2),
            first_byte: Duration::from_millis(400),
            idle: Duration::from_millis(400),
        }),
        ..ProviderOptions::default()
    };
    let environment = |name: &str| (key && name == "OPENAI_API_KEY").then(|| KEY.to_owned());
    ProviderGenerator::new(&settings, options, &environment).unwrap()
}

fn request() -> GenerateRequest {
    let message = |role, text: &str| ExchangeMessage { role, text: text.into() };
    GenerateRequest {
        messages: vec![message(Role::System, "Be brief."), message(Role::User, "Write 2.")],
        schema: Arc::new(reply_schema(&Schema::default(), &[])),
        temperature: 0.7,
        seed: u64::MAX,
        n: 2,
        label: "spam".into(),
        labels: vec!["spam".into()],
        schema_fields: Schema::default(),
        examples: vec![],
        variables: BTreeMap::new(),
        tail: None,
    }
}

async fn all(generator: &ProviderGenerator) -> Vec<Result<GenerateEvent, GeneratorError>> {
    generator.generate(request()).collect().await
}

/// Returns the events in short: texts of rows, `scrap`, `reply`, tokens, the end, or the error message.
async fn told(generator: &ProviderGenerator) -> Vec<String> {
    let tell = |event: Result<GenerateEvent, GeneratorError>| match event {
        Ok(GenerateEvent::Row(fields) | GenerateEvent::FlaggedRow(fields, _)) => fields.text().to_owned(),
        Ok(GenerateEvent::Scrap { .. }) => "scrap".into(),
        Ok(GenerateEvent::Reply(_)) => "reply".into(),
        Ok(GenerateEvent::Usage(Tokens { input, output })) => format!("{input}+{output}"),
        Ok(GenerateEvent::Limits(_)) => "limits".into(),
        Ok(GenerateEvent::AnsweredBy(model)) => format!("by {model}"),
        Ok(GenerateEvent::Remark(remark)) => remark,
        Ok(GenerateEvent::Accepted) => "accepted".into(),
        Ok(GenerateEvent::SentAgain) => "again".into(),
        Ok(GenerateEvent::Done(end)) => format!("{end:?}"),
        Err(error) => error.to_string(),
    };
    let told = all(generator).await.into_iter().map(tell);
    told.filter(|told| told != "accepted").collect()
}

async fn told_of_stream(chunks: Vec<Vec<u8>>) -> Vec<String> {
    let server = Server::with(vec![Answer::Stream(chunks)]);
    told(&generator(&server.url, false, Delivery::Streamed)).await
}

async fn refused(status: u16, headers: &'static str, body: &str) -> [GeneratorError; 2] {
    let mut errors = Vec::new();
    for delivery in [Delivery::Streamed, Delivery::Whole] {
        let server = Server::with(vec![Answer::Whole(status, headers, body.into())]);
        let mut events = all(&generator(&server.url, true, delivery)).await;
        assert_eq!(events.len(), 1, "{events:?}");
        errors.push(events.remove(0).unwrap_err());
    }
    errors.try_into().unwrap()
}

#[tokio::test]
async fn a_streamed_reply_gives_its_rows_then_its_text_tokens_and_end() {
    let mut chunks = frames(&[r#"{"rows":[{"te"#, r#"xt":"one"}"#, r#",{"text":"two ☺"}]}"#]);
    chunks.extend([finish("stop"), done()]);
    // One byte per chunk, so characters are split as well.
    let bytes = chunks.concat().into_iter().map(|byte| vec![byte]).collect();

    assert_eq!(told_of_stream(bytes).await, ["one", "two ☺", "reply", "11+7", "Complete"]);
}

#[tokio::test]
async fn a_row_comes_before_the_reply_has_ended() {
    let server = Server::with(vec![Answer::Stream(frames(&[r#"[{"text":"one"},"#]))]);
    let generator = generator(&server.url, false, Delivery::Streamed);

    let first: Vec<_> = generator.generate(request()).take(2).collect().await;

    assert!(matches!(first[..], [Ok(GenerateEvent::Accepted), Ok(GenerateEvent::Row(_))]), "{first:?}");
}

#[tokio::test]
async fn a_whole_reply_gives_the_same() {
    let body = serde_json::json!({
        "choices": [{ "index": 0, "finish_reason": "length", "message":
            { "role": "assistant", "content": r#"{"rows":[{"text":"one"},{"tex"#} }],
        "usage": { "prompt_tokens": 3, "completion_tokens": 4 },
    });
    let server = Server::with(vec![Answer::Whole(200, JSON, body.to_string())]);

    let told = told(&generator(&server.url, false, Delivery::Whole)).await;

    assert_eq!(told, ["one", "scrap", "reply", "3+4", "CutOff"]);
}

#[tokio::test]
async fn the_request_carries_messages_schema_temperature_seed_and_key() {
    let server = Server::with(vec![Answer::Stream(vec![done()]), Answer::Stream(vec![done()])]);
    all(&generator(&server.url, true, Delivery::Streamed)).await;
    all(&generator(&server.url, false, Delivery::Streamed)).await;

    let requests = server.requests();

    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/chat/completions HTTP/1.1"), "{head}");
    assert!(
        head.contains(&format!("authorization: Bearer {KEY}"))
            || head.contains(&format!("Authorization: Bearer {KEY}"))
    );
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["model"], "tiny");
    assert_eq!(body["messages"][0]["content"], "Be brief.");
    assert_eq!(body["messages"][1]["role"], "user");
    assert_eq!(body["temperature"], 0.7);
    assert_eq!(body["seed"], 0x7fff_ffff);
    assert_eq!(body["stream"], true);
    let format = &body["response_format"];
    assert_eq!(format["type"], "json_schema");
    assert_eq!(format["json_schema"]["schema"]["required"], serde_json::json!(["rows"]));
    assert!(!requests[1].to_lowercase().contains("authorization"), "{}", requests[1]);
    assert!(requests[1].starts_with("POST /v1/chat/completions HTTP/1.1"));
}

#[tokio::test]
async fn a_stream_that_is_cut_keeps_its_rows_and_is_broken() {
    let told = told_of_stream(frames(&[r#"[{"text":"one"},{"te"#])).await;

    assert_eq!(told[..3], ["one", "scrap", "reply"]);
    assert!(told[3].starts_with("The connection to openai broke before the reply was complete"), "{told:?}");
    assert_eq!(told.len(), 4);
}

#[tokio::test]
async fn a_stream_that_says_why_it_ends_needs_no_last_word() {
    let mut chunks = frames(&[r#"[{"text":"one"}]"#]);
    chunks.push(finish("stop"));

    assert_eq!(told_of_stream(chunks).await, ["one", "reply", "Complete"]);
}

#[tokio::test]
async fn a_last_word_without_a_reason_ends_only_a_reply_that_is_whole() {
    let ended = |text: &str| {
        let mut chunks = frames(&[text]);
        chunks.push(b"data: [DONE]\n\n".to_vec());
        told_of_stream(chunks)
    };
    assert_eq!(ended(r#"[{"text":"one"}]"#).await, ["one", "reply", "Complete"]);

    let broke = "The connection to openai broke before the reply was complete: the server ended the stream and \
                 gave no reason.";
    assert_eq!(ended(r#"[{"text":"one"},{"te"#).await, ["one", "scrap", "reply", broke]);
    assert_eq!(ended("Hi,").await, ["scrap", "reply", broke]);
}

#[tokio::test]
async fn a_failure_in_the_middle_of_a_stream_keeps_what_came() {
    let mut chunks = frames(&[r#"[{"text":"one"},"#]);
    chunks.push(b"data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\"}}\n\n".to_vec());

    let told = told_of_stream(chunks).await;

    assert_eq!(told, ["one", "reply", "openai failed with HTTP status 529: Overloaded."]);
}

#[tokio::test]
async fn a_frame_that_cannot_be_read_costs_its_piece_and_breaks_only_a_reply_without_end() {
    let junk = || b"data: {oops\n\n".to_vec();
    let mut chunks = frames(&[r#"[{"text":"one"},{"text":"t"#]);
    chunks.push(junk());
    chunks.extend(frames(&[r#"wo"},{"text":"three"}]"#]));
    chunks.push(finish("stop"));
    assert_eq!(told_of_stream(chunks).await, ["one", "scrap", "three", "reply", "Complete"]);

    let mut chunks = frames(&[r#"[{"text":"one"},"#]);
    chunks.push(junk());
    let told = told_of_stream(chunks).await;
    assert_eq!(told[..2], ["one", "reply"]);
    assert!(told[2].contains("a piece is no JSON of a reply"), "{told:?}");

    let mut chunks = frames(&[r#"[{"text":"one"},"#]);
    chunks.push(
        b"data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"text\\\":\\\"\xff\\\"}]\"}}]}\n\n".to_vec(),
    );
    chunks.push(finish("stop"));
    assert_eq!(told_of_stream(chunks).await, ["one", "scrap", "reply", "Complete"]);
}

#[tokio::test]
async fn a_reply_without_text_says_why_after_its_tokens() {
    let told = told_of_stream(vec![finish("content_filter"), done()]).await;
    assert_eq!(told[0], "11+7");
    assert!(told[1].starts_with("The content filter of openai ended the reply"), "{told:?}");
    assert_eq!(
        told_of_stream(vec![finish("stop"), done()]).await,
        ["11+7", "The reply is empty (openai counted 11 tokens in and 7 out)."]
    );
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait() {
    let body = r#"{"error":{"message":"Too many requests","type":"requests"}}"#;

    for error in refused(429, "retry-after: 7\r\ncontent-type: application/json\r\n", body).await {
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert!(error.is_transient());
        assert_eq!(
            error.to_string(),
            "openai is limiting requests and asks for a pause of 7 seconds: Too many requests."
        );
    }
}

#[tokio::test]
async fn a_refused_key_names_its_variable_and_never_shows_itself() {
    let body = format!(r#"{{"error":{{"message":"Incorrect API key: {KEY}","code":"invalid_api_key"}}}}"#);

    for error in refused(401, JSON, &body).await {
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("refused the API key in OPENAI_API_KEY"), "{shown}");
        assert!(!shown.contains(KEY), "{shown}");
    }
    assert!(!format!("{:?}", generator("http://127.0.0.1:1/v1", true, Delivery::Whole)).contains(KEY));
}

#[tokio::test]
async fn a_page_of_html_is_a_failure_of_the_server() {
    for error in refused(502, "content-type: text/html\r\n", "<html>Bad gateway</html>").await {
        assert_eq!(error.to_string(), "openai failed with HTTP status 502.");
    }
    let server =
        Server::with(vec![Answer::Whole(200, "content-type: text/html\r\n", "<html></html>".into())]);
    let told = told(&generator(&server.url, false, Delivery::Whole)).await;
    assert!(told[0].contains("(the answer is a web page)"), "{told:?}");
}

#[tokio::test]
async fn silence_ends_in_time_and_a_server_that_is_not_there_is_named() {
    for delivery in [Delivery::Streamed, Delivery::Whole] {
        let server = Server::with(vec![Answer::Silence]);
        let events = all(&generator(&server.url, false, delivery)).await;
        assert!(matches!(&events[..], [Err(GeneratorError::TimedOut { .. })]), "{events:?}");

        let events = all(&generator("http://127.0.0.1:1/v1", false, delivery)).await;
        let [Err(error)] = &events[..] else { panic!("{events:?}") };
        assert!(
            error.to_string().starts_with("No connection to http://127.0.0.1:1/v1/ could be made"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn anthropic_is_told_a_most_of_tokens_and_a_lower_one_where_it_refuses_that() {
    let no = r#"{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for tiny"}}"#;
    let yes = r#"{"content":[{"type":"text","text":"[{\"text\":\"one\"}]"}],"stop_reason":"end_turn"}"#;
    let server =
        Server::with(vec![Answer::Whole(400, JSON, no.into()), Answer::Whole(200, JSON, yes.into())]);
    let settings = GeneratorSettings {
        provider: Provider::Anthropic,
        model: Some("tiny".into()),
        ..GeneratorSettings::default()
    };
    let environment = |name: &str| match name {
        "ANTHROPIC_BASE_URL" => Some(server.url.clone()),
        name => (name == "ANTHROPIC_API_KEY").then(|| KEY.to_owned()),
    };
    let generator = ProviderGenerator::new(&settings, ProviderOptions::default(), &environment).unwrap();

    let told = told(&generator).await;
    assert_eq!(told[0], "again");
    assert!(told[1].starts_with("The server takes the limit of tokens in another form"), "{told:?}");
    assert_eq!(told[2..], ["one", "reply", "Complete"]);

    let requests = server.requests();
    assert!(requests[0].contains("\"max_tokens\":32000"), "{}", requests[0]);
    assert!(requests[1].contains("\"max_tokens\":4096"), "{}", requests[1]);
}

#[test]
fn openai_itself_is_told_the_most_tokens_by_the_name_that_all_its_models_take() {
    let limit = |base_url: Option<&str>| {
        let settings = GeneratorSettings {
            provider: Provider::Openai,
            model: Some("tiny".into()),
            base_url: base_url.map(str::to_owned),
            ..GeneratorSettings::default()
        };
        let key = |name: &str| (name == "OPENAI_API_KEY").then(|| KEY.to_owned());
        ProviderGenerator::new(&settings, ProviderOptions::default(), &key)
            .unwrap()
            .refused
            .others()
            .usual_limit()
    };

    assert!(!limit(None) && !limit(Some("https://api.openai.com/v1")));
    assert!(limit(Some("https://gate.example/v1")));
}

#[tokio::test]
async fn frames_that_keep_a_connection_open_cost_no_piece() {
    for idle in [
        "data:\n\n",
        "data: ping\n\n",
        "data: null\n\n",
        "data: [KEEPALIVE]\n\n",
        "event: ping\ndata: 7\n\n",
        "idle\n\n",
    ] {
        let mut stream = frames(&["[{\"text\":\"o", "ne\"}]"]);
        stream.insert(1, idle.into());
        stream.extend([finish("stop"), done()]);
        let server = Server::with(vec![Answer::Stream(stream)]);
        let heard = told(&generator(&server.url, true, Delivery::Streamed)).await;
        assert_eq!(heard[0], "one", "{idle:?} {heard:?}");
    }
}

#[tokio::test]
async fn what_stood_in_a_stream_that_is_done_too_early_is_said() {
    for words in [
        "data: The worker died\n\n",
        "The worker died\n\n",
        "data: [{\"error\":{\"message\":\"The worker died\"}}]\n\n",
        "data: {\"exception\":\"The worker died\"}\n\n",
        "data: {\"success\":false,\"reason\":\"The worker died\"}\n\n",
        "data: {\"error\":true,\"reason\":\"The worker died\"}\n\n",
    ] {
        for pieces in [&["[{\"text\":\"one\"},{\"te"][..], &[]] {
            let mut stream = frames(pieces);
            stream.extend([words.into(), b"data: [DONE]\n\n".to_vec()]);
            let server = Server::with(vec![Answer::Stream(stream)]);
            let heard = told(&generator(&server.url, true, Delivery::Streamed)).await;
            assert!(heard.last().is_some_and(|last| last.contains("The worker died")), "{words} {heard:?}");
            assert_eq!(heard.contains(&"one".to_owned()), !pieces.is_empty(), "{words} {heard:?}");
        }
    }
}

#[tokio::test]
async fn only_one_of_several_choices_is_read() {
    let other = frames(&["[{\"text\":\"other", "\"}]"])
        .into_iter()
        .map(|frame| String::from_utf8(frame).unwrap().replace("\"index\":0", "\"index\":1").into_bytes());
    let mut stream: Vec<_> =
        frames(&["[{\"text\":\"one", "\"}]"]).into_iter().zip(other).flat_map(|(a, b)| [a, b]).collect();
    stream.extend([finish("stop"), done()]);
    let server = Server::with(vec![Answer::Stream(stream)]);
    let heard = told(&generator(&server.url, true, Delivery::Streamed)).await;
    assert_eq!(heard[0], "one", "{heard:?}");
    assert!(!heard.iter().any(|told| told == "other" || told == "scrap"), "{heard:?}");
}
