//! Runs that cannot succeed, or cannot as they ask first: at most one request follows the first such answer.

use std::sync::Arc;

use rowsmith::api::{
    Allowances, GeneratorSettings, Location, PromptSource, Provider, RunContext, RunOrder, RunStatus,
    Snapshots, Start, TransportOptions, Workbench, Writer, clock, start,
};
use serde_json::{Value, json};

use crate::home::Home;
use crate::rules::Ruled;

/// What is wrong, the status, and how servers say it.
const FINAL: [(&str, u16, &[&str]); 12] = [
    (
        "key",
        401,
        &["Incorrect API key provided.", "Invalid token", "Please authenticate first.", "User not found."],
    ),
    ("key", 403, &["The API key is not valid for this project.", "Invalid authentication credentials"]),
    ("model", 404, &["The model `m` does not exist or you have no access to it.", "model 'm' not found"]),
    ("model", 400, &["m is not a valid model ID", "Model not exist: m"]),
    ("money", 402, &["Insufficient credits. Add more and try again.", "Insufficient Balance"]),
    ("money", 429, &["You exceeded your current quota, please check your plan and billing details."]),
    (
        "day",
        429,
        &[
            "Rate limit reached on requests per day (RPD): limit 200, used 200.",
            "Your daily limit is reached.",
        ],
    ),
    ("address", 404, &["Not Found", "404 page not found", "Cannot POST /v1/chat/completions"]),
    ("address", 405, &["Method Not Allowed"]),
    ("address", 200, &["Unexpected endpoint or method. (POST /v1/chat/completions)"]),
    (
        "length",
        400,
        &[
            "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens.",
            "the request exceeds the available context size (4096 tokens), try increasing it",
        ],
    ),
    (
        "address",
        400,
        &["Client sent an HTTP request to an HTTPS server.", "The plain HTTP request was sent to HTTPS port"],
    ),
];

/// A parameter, and how servers refuse it.
const REFUSED: [(&str, &[&str]); 5] = [
    (
        "max_tokens",
        &["Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.", "Unknown name \"max_tokens\""],
    ),
    (
        "temperature",
        &[
            "'temperature' does not support 0.4; only the default (1) is supported.",
            "temperature is not allowed",
        ],
    ),
    (
        "seed",
        &[
            "Unrecognized request argument supplied: seed",
            "property 'seed' is unsupported",
            "seed: Extra inputs are not permitted",
        ],
    ),
    (
        "stream_options",
        &["Unknown parameter: 'stream_options'.", "Unsupported parameter(s): `stream_options`"],
    ),
    (
        "response_format",
        &[
            "'response_format' of type 'json_schema' is not supported with this model",
            "Invalid parameter: 'response_format'",
        ],
    ),
];

/// Returns an error as servers write it, in four shapes.
fn shapes(status: u16, words: &str) -> [Value; 4] {
    [
        json!({ "error": { "message": words, "type": "invalid_request_error", "code": null } }),
        json!({ "error": words }),
        json!({ "detail": words }),
        json!([{ "error": { "code": status, "message": words } }]),
    ]
}

/// Returns the answers that say something so: as errors, and an address that is wrong also as plain text.
fn said(what: &str, status: u16, words: &str) -> Vec<Value> {
    let mut rules: Vec<_> =
        shapes(status, words).iter().map(|body| json!({ "status": status, "json": body })).collect();
    if status == 200 {
        // Servers that know no page by its status know two shapes.
        rules.truncate(2);
    } else if what == "address" {
        rules.push(json!({ "status": status, "text": words }));
        rules.push(json!({ "status": status, "text": format!("<html><body>{words}</body></html>"),
            "headers": { "content-type": "text/html" } }));
    }
    rules
}

#[test]
fn at_most_one_request_follows_a_failure_that_cannot_succeed() {
    let session = Session::new();
    let mut runs = 0;
    for (what, status, spellings) in FINAL {
        for words in spellings {
            for rule in said(what, status, words) {
                let served = Ruled::start(&json!([rule]));
                let (ended, rows) = session.sample(&served.server.url, 12);
                let requests = served.server.requests().len();
                assert!(requests <= 2, "{requests} requests: {rule}: {ended:?}");
                assert!(matches!(ended, RunStatus::Failed { .. }), "{rule}: {ended:?}");
                assert_eq!(rows, 0);
                runs += 1;
            }
        }
    }
    assert!(runs >= 60, "only {runs} failures were tried");
}

#[test]
fn a_refused_parameter_costs_one_request() {
    let session = Session::new();
    for (parameter, spellings) in REFUSED {
        for words in spellings {
            for (place, body) in shapes(400, words).into_iter().enumerate() {
                let status = if place == 2 { 422 } else { 400 };
                let refusal = json!({ "when": format!("\"{parameter}\""), "status": status, "json": body });
                let served = Ruled::start(&json!([refusal, { "rows": 2 }]));
                let (ended, rows) = session.sample(&served.server.url, 4);
                assert_eq!((&ended, rows), (&RunStatus::Done, 4), "{refusal}");
                assert_eq!(served.used(0), 1, "{refusal}");
                assert_eq!(served.server.requests().len(), 3, "{refusal}");
            }
        }
    }
}

/// A session that samples with one request at a time.
struct Session {
    context: RunContext,
    runtime: tokio::runtime::Runtime,
    // Closes the store at the end, and then the folder goes.
    _writer: Writer,
    _home: Home,
}

impl Session {
    fn new() -> Self {
        let home = Home::new();
        home.small_session();
        let folder = home.path().join("small");
        let location = Location { folder: folder.clone(), store: folder.join(".rowsmith") };
        let open = move || Workbench::open(&location, clock::now());
        let writer = Writer::start(open, |opened| assert!(opened.is_ok())).unwrap();
        let context = RunContext {
            writer: writer.handle(),
            folder,
            config: Arc::default(),
            allowed: Allowances::default(),
            network: true,
            transport: TransportOptions::default(),
            snapshots: Snapshots::AtEnd,
        };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { _home: home, context, runtime, _writer: writer }
    }

    /// Samples rows, and returns how the run ended and how many came.
    fn sample(&self, url: &str, rows: u32) -> (RunStatus, u32) {
        let settings = GeneratorSettings {
            provider: Provider::Openai,
            model: Some("m".into()),
            base_url: Some(format!("{url}/v1")),
            concurrency: 1,
            rows_per_request: 2,
            temperature: 0.4,
            max_tokens: Some(500),
            ..GeneratorSettings::default()
        };
        let order = Box::new(RunOrder::new(rows, settings));
        let new = Start::New { order, source: PromptSource::Version(None), prepared: None, operation: None };
        let ended = self.runtime.block_on(async { start(&self.context, new).ended().await.unwrap() });
        (ended.status, ended.rows)
    }
}
