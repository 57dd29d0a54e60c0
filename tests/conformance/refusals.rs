//! How each provider refuses, with its own words and status.

use super::dialects::Speaker;

/// The kind of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Limit,
    Quota,
    Key,
    Model,
    Failed,
    Overloaded,
    Context,
}

/// An error of a provider.
pub(crate) struct Said {
    pub status: u16,
    pub kind: &'static str,
    pub words: &'static str,
}

impl Refusal {
    pub(crate) fn said(self, speaker: Speaker) -> Said {
        let (status, kind, words) = match (self, speaker) {
            (Self::Limit, Speaker::Gemini) => (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted"),
            (Self::Limit, _) => (429, "rate_limit_error", "Slow down"),
            (Self::Quota, Speaker::Anthropic) => {
                (400, "invalid_request_error", "Your credit balance is too low to access the API")
            }
            (Self::Quota, Speaker::Gemini) => {
                (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan")
            }
            // As OpenRouter says it.
            (Self::Quota, Speaker::Compatible) => (402, "payment_required", "Insufficient credits"),
            (Self::Quota, _) => (429, "insufficient_quota", "You exceeded your current quota"),
            (Self::Key, Speaker::Gemini) => (401, "UNAUTHENTICATED", "Request had invalid credentials"),
            (Self::Key, Speaker::Anthropic) => (401, "authentication_error", "invalid x-api-key"),
            (Self::Key, _) => (401, "invalid_api_key", "Incorrect API key provided: sk-conformance-secret"),
            (Self::Model, Speaker::Anthropic) => (404, "not_found_error", "model: tiny was not found"),
            (Self::Model, Speaker::Gemini) => {
                (404, "NOT_FOUND", "models/tiny is not found for API version v1beta")
            }
            (Self::Model, Speaker::Ollama) => {
                (404, "api_error", "model 'tiny' not found, try pulling it first")
            }
            (Self::Model, _) => (404, "model_not_found", "The model `tiny` does not exist"),
            (Self::Failed, _) => (500, "server_error", "Something went wrong"),
            (Self::Overloaded, _) => (529, "overloaded_error", "Overloaded"),
            (Self::Context, Speaker::Anthropic) => {
                (400, "invalid_request_error", "prompt is too long: 9000 tokens > 4096 maximum")
            }
            (Self::Context, Speaker::Gemini) => {
                (400, "INVALID_ARGUMENT", "The input token count (9000) exceeds the maximum allowed (4096)")
            }
            // As llama.cpp says it.
            (Self::Context, Speaker::Compatible | Speaker::Ollama) => (
                400,
                "exceed_context_size_error",
                "the request exceeds the available context size (4096 tokens)",
            ),
            (Self::Context, _) => {
                (400, "context_length_exceeded", "Your input exceeds the context window of this model")
            }
        };
        Said { status, kind, words }
    }
}
