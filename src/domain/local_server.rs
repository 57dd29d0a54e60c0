//! Model servers on this machine, as a search finds them.

use super::Provider;

/// A model of a local server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalModel {
    /// The model's name, as the server calls it.
    pub name: String,
    /// How many tokens fit into a request and its reply, where the server says so.
    pub context: Option<u64>,
}

/// A model server on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// What it is, as far as its answers tell: `Ollama`, `llama.cpp`, else `an OpenAI-compatible server`.
    pub kind: &'static str,
    /// The provider that asks it.
    pub provider: Provider,
    /// The address of its chat completions.
    pub base_url: String,
    /// Its models, in order; empty where it wants a key before it lists them.
    pub models: Vec<LocalModel>,
    /// Whether it wants a key before it answers.
    pub wants_key: bool,
}

/// What was found on the usual ports of this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalSearch {
    /// The model servers, by port.
    pub servers: Vec<LocalServer>,
    /// The ports where something else answers.
    pub others: Vec<u16>,
}
