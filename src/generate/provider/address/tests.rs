use super::*;

fn address(text: &str) -> Address {
    Address::read(text).unwrap()
}

fn completions(provider: Provider, text: &str) -> String {
    address(text).of_completions(provider, false).unwrap().to_string()
}

#[test]
fn native_addresses_become_those_of_chat_completions_on_the_same_host() {
    for (provider, native, asked) in [
        (
            Provider::Gemini,
            "https://generativelanguage.googleapis.com",
            "https://generativelanguage.googleapis.com/v1beta/openai/",
        ),
        (
            Provider::Gemini,
            "https://generativelanguage.googleapis.com/v1beta/",
            "https://generativelanguage.googleapis.com/v1beta/openai/",
        ),
        (
            Provider::Openai,
            "https://generativelanguage.googleapis.com/v1",
            "https://generativelanguage.googleapis.com/v1beta/openai/",
        ),
        (
            Provider::Gemini,
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "https://generativelanguage.googleapis.com/v1beta/openai/",
        ),
        (
            Provider::Gemini,
            "http://gate:1/google/v1beta/models/m:streamGenerateContent",
            "http://gate:1/google/v1beta/openai/",
        ),
        (Provider::Ollama, "http://den:11434", "http://den:11434/v1/"),
        (Provider::Ollama, "http://den:9/api/", "http://den:9/v1/"),
        (Provider::Ollama, "http://den:9/behind/api/chat", "http://den:9/behind/v1/"),
        (Provider::Openai, "http://den:11434/api", "http://den:11434/v1/"),
        (Provider::Openai, "https://api.openai.com", "https://api.openai.com/v1/"),
        (Provider::Openai, "https://api.openai.com/v1/responses", "https://api.openai.com/v1/"),
        (Provider::Anthropic, "https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1/"),
    ] {
        assert_eq!(completions(provider, native), asked, "{native}");
    }
}

#[test]
fn addresses_of_chat_completions_stay_as_they_are() {
    for url in [
        "http://127.0.0.1:8080/v1/",
        "http://127.0.0.1:8080/",
        "https://gate.example/api/v1/",
        "https://gate.example/api/",
        "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi/",
    ] {
        assert_eq!(completions(Provider::Openai, url), url);
        assert_eq!(completions(Provider::Gemini, url), url);
    }
}

#[test]
fn an_address_that_cannot_be_turned_says_what_to_write() {
    let vertex = "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/m";
    let said = address(vertex).of_completions(Provider::Gemini, false).unwrap_err().to_string();
    assert!(
        said.contains("is one of Vertex AI's own dialect") && said.contains("/endpoints/openapi"),
        "{said}"
    );
}

#[test]
fn what_stands_behind_a_question_mark_goes_with_every_request() {
    let azure = address("https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21");
    assert_eq!(
        azure.of("chat/completions").as_str(),
        "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"
    );
    assert_eq!(address("https://x/v1/chat/completions").of("models").as_str(), "https://x/v1/models");
}

#[test]
fn an_address_is_read_as_people_paste_it() {
    let written = |text: &str| address(text).of_completions(Provider::Openai, false).unwrap().to_string();
    for (text, asked) in [
        (" \"http://x:1/v1/\"\n", "http://x:1/v1/"),
        ("`https://x/v1/chat/completions?api-version=1`", "https://x/v1/?api-version=1"),
        ("<https://x/v1/completions>", "https://x/v1/"),
        ("https://x/v1/models?a=b&c=d", "https://x/v1/?a=b&c=d"),
    ] {
        assert_eq!(written(text), asked, "{text}");
    }
    for (text, meant) in [
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1"),
        ("api.example.org/v1", "https://api.example.org/v1"),
        ("den:11434", "http://den:11434"),
        ("localhost", "http://localhost"),
    ] {
        let said = Address::read(text).unwrap_err().to_string();
        let right = format!("The `base_url` \"{text}\" is no address without a scheme; write \"{meant}\".");
        assert_eq!(said, right);
    }
    for text in ["", "gateway", "C:\\models", "mailto:a@b.example", "a b.c:1"] {
        assert!(Address::read(text).unwrap_err().to_string().contains("write it like"), "{text}");
    }
}

#[test]
fn the_address_that_was_meant_has_one_version_and_no_request() {
    let meant = |url: &str| address(url).suggested().map(|meant| meant.written());
    for (url, right) in [
        ("http://127.0.0.1:1234", Some("http://127.0.0.1:1234/v1")),
        ("http://127.0.0.1:1234/v1/v1", Some("http://127.0.0.1:1234/v1")),
        ("http://x/api/chat?k=1", Some("http://x/v1?k=1")),
        ("https://openrouter.ai/v1", Some("https://openrouter.ai/api/v1")),
        ("https://api.groq.com", Some("https://api.groq.com/openai/v1")),
        ("https://gate.example/llm", Some("https://gate.example/llm/v1")),
        ("https://gate.example/v1/chat", Some("https://gate.example/v1")),
        ("https://gate.example/v1", None),
        ("https://gate.example/v1beta/openai", None),
    ] {
        assert_eq!(meant(url).as_deref(), right, "{url}");
    }
}

#[test]
fn a_key_in_an_address_is_refused_and_not_shown() {
    for url in
        ["http://u:s3cret@x/v1", "http://x/v1?key=s3cret", "http://x:y/?api_key=s3cret", "http://u:s3cret@/"]
    {
        let said = Address::read(url).unwrap_err().to_string();
        assert!(!said.contains("s3cret"), "{said}");
    }
    let said = Address::read("http://x/v1?key=s3cret").unwrap_err().to_string();
    assert!(said.contains("holds a key behind `key=`; a key belongs in the variable"), "{said}");
}

#[test]
fn a_version_is_added_only_where_there_is_none() {
    let versioned = |url: &str| address(url).with_version("v1beta").to_string();
    assert_eq!(versioned("http://gate:1"), "http://gate:1/v1beta/");
    assert_eq!(versioned("http://gate:1/v1"), "http://gate:1/v1/");
    assert_eq!(versioned("http://gate:1/v1/messages?a=b"), "http://gate:1/v1/?a=b");
    assert_eq!(versioned("http://gate:1/v1beta/openai/"), "http://gate:1/v1beta/openai/");
}

#[test]
fn ollamas_host_is_read_as_ollama_reads_it() {
    assert_eq!(ollama_url(None), "http://127.0.0.1:11434/v1");
    assert_eq!(ollama_url(Some("0.0.0.0")), "http://127.0.0.1:11434/v1");
    assert_eq!(ollama_url(Some("http://den:9/")), "http://den:9/v1");
    assert_eq!(ollama_url(Some("http://den:9/api")), "http://den:9/v1");
    assert_eq!(ollama_url(Some("https://den/behind/v1/")), "https://den/behind/v1");
}

#[test]
fn the_variable_of_responses_names_the_host_where_no_other_does() {
    let responses = |name: &str| (name == "OPENAI_RESPONSES_BASE_URL").then(|| "http://gate:1".to_owned());
    assert_eq!(variable_address(Provider::Openai, &responses).as_deref(), Some("http://gate:1/v1/"));
    let both = |name: &str| name.starts_with("OPENAI").then(|| name.to_lowercase());
    assert_eq!(variable_address(Provider::Openai, &both).as_deref(), Some("openai_base_url"));
    assert_eq!(variable_address(Provider::Gemini, &both), None);
}
