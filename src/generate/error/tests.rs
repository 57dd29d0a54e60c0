use super::*;

#[test]
fn a_limit_says_how_long_to_wait_and_may_be_sent_again() {
    let error = GeneratorError::RateLimited {
        provider: "openai".into(),
        retry_after: Some(Duration::from_millis(6_500)),
        words: "Too many requests".into(),
    };

    assert_eq!(
        error.to_string(),
        "openai is limiting requests and asks for a pause of 7 seconds: Too many requests."
    );
    assert!(error.is_transient());
    assert!(!error.is_final());
    assert_eq!(error.retry_after(), Some(Duration::from_millis(6_500)));
}

#[test]
fn a_refused_key_names_its_variable_and_ends_the_run() {
    let error = GeneratorError::Unauthorized {
        provider: "openai".into(),
        env: "OPENAI_API_KEY".into(),
        sent: true,
        words: String::new(),
    };

    assert_eq!(error.to_string(), "openai refused the API key in OPENAI_API_KEY; set the right one.");
    assert!(error.is_final());
    assert!(!error.is_transient());
}

#[test]
fn a_silence_says_what_was_waited_for() {
    let timed_out =
        |silence, after| GeneratorError::TimedOut { provider: "ollama".into(), silence, after }.to_string();

    assert_eq!(
        timed_out(Silence::Connect, Duration::from_secs(10)),
        "No connection to ollama was made within 10 seconds."
    );
    assert_eq!(
        timed_out(Silence::FirstByte, Duration::from_millis(150)),
        "ollama sent no answer within 150 milliseconds."
    );
    assert_eq!(
        timed_out(Silence::Idle, Duration::from_secs(1)),
        "ollama fell silent for 1 second in the middle of its answer."
    );
}

#[test]
fn a_failure_that_only_the_answer_tells_of_has_no_status() {
    let failed = |status| {
        let (provider, words) = ("openai".into(), "Boom".into());
        GeneratorError::ServerFailed { provider, status, retry_after: None, words }.to_string()
    };

    assert_eq!(failed(200), "openai answered with an error: Boom.");
    assert_eq!(failed(503), "openai failed with HTTP status 503: Boom.");
}

#[test]
fn a_long_limit_is_named_by_its_period_and_a_long_pause_in_minutes() {
    let (provider, pause) = ("openai".into(), Some(Duration::from_secs(7_620)));
    let limited = GeneratorError::RateLimited { provider, retry_after: pause, words: String::new() };
    assert_eq!(limited.to_string(), "openai is limiting requests and asks for a pause of 2 h 7 min.");
    for (words, period) in [("Your monthly limit", "month"), ("50 per week", "week"), ("RPD", "day")] {
        let (provider, words) = ("openai".into(), words.into());
        let said = GeneratorError::DailyLimit { provider, retry_after: None, words }.to_string();
        assert!(said.starts_with(&format!("The limit of the {period} at openai is used up;")), "{said}");
    }
}

#[test]
fn words_that_end_a_sentence_get_no_second_full_stop() {
    let error = GeneratorError::ContextOverflow { words: "At most 4096 tokens.".into() };

    assert!(error.to_string().ends_with("fewer examples: At most 4096 tokens."));
}
