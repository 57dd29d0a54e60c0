//! Finds model servers on this machine.
//!
//! Only loopback addresses are asked, by short requests for the list of models that carry no key, pass no proxy and
//! follow no redirect. Whatever else listens on a port (a page, a server of TLS, one that says nothing or never stops)
//! is told apart by its answer.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use super::client::install_tls;
use crate::domain::{LocalModel, LocalSearch, LocalServer, Provider};
use crate::generate::GeneratorError;

/// The usual ports: Ollama, LM Studio, llama.cpp (`LocalAI` and llamafile too), vLLM, text-generation-webui (`TabbyAPI`
/// too), `KoboldCpp`, Jan, `SGLang`.
pub(crate) const USUAL_PORTS: [u16; 8] = [11434, 1234, 8080, 8000, 5000, 5001, 1337, 30000];
/// The loopback addresses; the first one that answers at a port stands for both.
const HOSTS: [&str; 2] = ["127.0.0.1", "[::1]"];
/// How long a connection may take.
const CONNECT: Duration = Duration::from_millis(300);
/// How long one answer may take in all.
const ANSWER: Duration = Duration::from_millis(1500);
/// A longer answer is no list of models.
const MOST_BYTES: usize = 1 << 20;
/// The server that its answers do not name.
const SOME_SERVER: &str = "an OpenAI-compatible server";
/// The owner that lists of models name, in small letters, and the server that writes so.
const OWNERS: [(&str, &str); 8] = [
    ("llamacpp", "llama.cpp"),
    ("library", OLLAMA),
    ("vllm", "vLLM"),
    ("sglang", "SGLang"),
    ("koboldcpp", "KoboldCpp"),
    ("tabbyapi", "TabbyAPI"),
    ("organization_owner", LM_STUDIO),
    ("organization-owner", LM_STUDIO),
];
const OLLAMA: &str = "Ollama";
const LM_STUDIO: &str = "LM Studio";
/// The fields of a model that say how many tokens fit, in the order in which they are believed.
const CONTEXTS: [&str; 5] =
    ["/meta/n_ctx", "/loaded_context_length", "/max_model_len", "/context_length", "/max_context_length"];

/// What a port holds.
enum Found {
    /// Nothing listens.
    Nothing,
    /// Something that is no model server.
    Other,
    /// A model server.
    Server(LocalServer),
}

/// An answer to a request.
struct Answer {
    status: StatusCode,
    server: String,
    body: Value,
}

/// Looks for model servers at these ports of this machine, all at once.
///
/// # Errors
///
/// The web client cannot be set up.
pub(crate) async fn find_local(ports: &[u16]) -> Result<LocalSearch, GeneratorError> {
    install_tls();
    let web = Client::builder()
        .connect_timeout(CONNECT)
        .timeout(ANSWER)
        .no_proxy()
        .redirect(Policy::none())
        .tls_certs_only([])
        .user_agent(concat!("rowsmith/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| GeneratorError::Settings(format!("No server can be looked for: {error}.")))?;
    let mut search = LocalSearch::default();
    for (port, found) in join_all(ports.iter().map(|port| at_port(&web, *port))).await {
        match found {
            Found::Nothing => {}
            Found::Other => search.others.push(port),
            Found::Server(server) => search.servers.push(server),
        }
    }
    Ok(search)
}

async fn at_port(web: &Client, port: u16) -> (u16, Found) {
    let looked = join_all(HOSTS.map(|host| look(web, format!("http://{host}:{port}")))).await;
    // A server that listens on both addresses is one; what is no server matters only where none is.
    let rank = |found: &Found| match found {
        Found::Server(_) => 0,
        Found::Other => 1,
        Found::Nothing => 2,
    };
    (port, looked.into_iter().min_by_key(rank).unwrap_or(Found::Nothing))
}

/// Asks for the list of models, and what it leaves open.
async fn look(web: &Client, root: String) -> Found {
    let answer = match ask(web, &format!("{root}/v1/models")).await {
        Ok(Some(answer)) => answer,
        Err(error) if error.is_connect() => return Found::Nothing,
        Ok(None) | Err(_) => return Found::Other,
    };
    let wants_key = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let listed = answer.body.get("data").and_then(|list| match list {
        // So Ollama lists that there is none.
        Value::Null if answer.body.get("object").is_some() => Some(&[][..]),
        list => list.as_array().map(Vec::as_slice),
    });
    let is_error = answer.body.get("error").is_some() || answer.body.get("detail").is_some();
    if !(listed.is_some() && answer.status.is_success() || wants_key && is_error) {
        return Found::Other;
    }
    let listed = listed.unwrap_or_default();
    let mut kind = kind_of(listed, &answer.server);
    let mut models: Vec<LocalModel> = listed.iter().filter_map(model).collect();
    if kind == SOME_SERVER || kind == OLLAMA || kind == LM_STUDIO {
        kind = learn(web, &root, kind, &mut models).await;
    }
    models.sort_by(|a, b| a.name.cmp(&b.name));
    models.dedup_by(|a, b| a.name == b.name);
    let provider = if kind == OLLAMA { Provider::Ollama } else { Provider::Openai };
    Found::Server(LocalServer { kind, provider, base_url: format!("{root}/v1"), models, wants_key })
}

/// Asks by the ways of their own in which Ollama and LM Studio tell more, and returns what the server is.
async fn learn(web: &Client, root: &str, kind: &'static str, models: &mut [LocalModel]) -> &'static str {
    let paths = [(OLLAMA, "/api/ps", "models"), (LM_STUDIO, "/api/v0/models", "data")];
    for (name, path, list) in paths {
        if kind != SOME_SERVER && kind != name {
            continue;
        }
        let Ok(Some(answer)) = ask(web, &format!("{root}{path}")).await else { continue };
        let Some(told) = answer.body.get(list).and_then(Value::as_array) else { continue };
        for told in told.iter().filter_map(model) {
            if let Some(known) = models.iter_mut().find(|known| known.name == told.name) {
                known.context = told.context.or(known.context);
            }
        }
        return name;
    }
    kind
}

/// Returns the JSON that an address answers; `None` where the answer is anything else.
async fn ask(web: &Client, url: &str) -> Result<Option<Answer>, reqwest::Error> {
    let read = async {
        let mut response = web.get(url).send().await?;
        let server = response.headers().get("server").and_then(|name| name.to_str().ok()).unwrap_or("");
        let (status, server) = (response.status(), server.to_ascii_lowercase());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > MOST_BYTES {
                return Ok(None);
            }
        }
        let json = serde_json::from_slice(&body).ok();
        Ok(json.map(|body| Answer { status, server, body }))
    };
    timeout(ANSWER, read).await.unwrap_or(Ok(None))
}

fn kind_of(listed: &[Value], server: &str) -> &'static str {
    if server.contains("llamafile") {
        return "llamafile";
    }
    let owner = listed.iter().find_map(|model| Some(model.get("owned_by")?.as_str()?.to_ascii_lowercase()));
    let named = OWNERS.iter().find(|(name, _)| owner.as_deref() == Some(name));
    match named {
        Some((_, kind)) => kind,
        None if server.contains("llama.cpp") => "llama.cpp",
        None => SOME_SERVER,
    }
}

/// Returns a model of a list with its context; `None` for what is no model that writes.
fn model(told: &Value) -> Option<LocalModel> {
    let name = told.get("id").or(told.get("name")).or(told.get("model"))?.as_str()?;
    if name.is_empty() || told.get("type").and_then(Value::as_str) == Some("embeddings") {
        return None;
    }
    let context = CONTEXTS.iter().find_map(|path| told.pointer(path)?.as_u64().filter(|tokens| *tokens > 0));
    Some(LocalModel { name: name.to_owned(), context })
}

#[cfg(test)]
mod tests;
