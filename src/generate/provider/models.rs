//! The list of a server's models.

use reqwest::RequestBuilder;
use serde_json::Value;
use tokio::time::timeout;

use super::ProviderGenerator;
use super::connection::unanswered;
use super::failure::{broken, connection_failure, refusal, timed_out};
use super::record::hidden;
use super::target::Target;
use crate::generate::{GeneratorError, Silence};

/// The size limit of a list of models; the longest known one is under 2 MB.
const MOST_BYTES: usize = 8 << 20;

impl ProviderGenerator {
    /// Returns the names of the server's models, in order. Sends one request, which is free of charge.
    ///
    /// # Errors
    ///
    /// As with any request; a server without such a list answers 404, which is
    /// [`GeneratorError::Rejected`].
    pub async fn models(&self) -> Result<Vec<String>, GeneratorError> {
        if let Some(deployment) = self.target.url.deployment() {
            return Err(GeneratorError::Settings(format!(
                "The address is one of the deployment `{deployment}` alone, and lists no models."
            )));
        }
        let sent = timeout(self.timeouts.first_byte, self.models_request()?.send()).await;
        let failed = |error| connection_failure(error, Silence::FirstByte, &self.target, self.timeouts);
        let late = || timed_out(Silence::FirstByte, &self.target, self.timeouts);
        let mut response = match sent.map_err(|_elapsed| late())? {
            Ok(response) => response,
            Err(error) => return Err(unanswered(error, &self.web, &self.target, self.timeouts).await),
        };
        let mut body = Vec::new();
        let whole = async {
            while let Some(chunk) = response.chunk().await.map_err(failed)? {
                body.extend_from_slice(&chunk);
                if body.len() > MOST_BYTES {
                    let provider = self.target.provider();
                    return Err(GeneratorError::TooLong { provider, most: MOST_BYTES });
                }
            }
            Ok(())
        };
        // All of it, so that a list that trickles ends too.
        timeout(self.timeouts.idle, whole)
            .await
            .map_err(|_elapsed| timed_out(Silence::Idle, &self.target, self.timeouts))??;
        let body = hidden(&String::from_utf8_lossy(&body), self.target.key.as_ref());
        let status = response.status().as_u16();
        if !response.status().is_success() {
            return Err(match refusal(status, &body, Some(response.headers()), &self.target) {
                // Where there is no list, there may well be replies.
                GeneratorError::WrongAddress(_) if matches!(status, 404 | 405 | 501) => {
                    no_list(status, &self.target)
                }
                error => error,
            });
        }
        self.target.dialect.models(&body).ok_or_else(|| broken(&self.target, "its list of models is no list"))
    }

    /// Returns whether an error may mean that the server wants a key: none was sent, and it failed without a word.
    pub(super) fn may_want_a_key(&self, error: &GeneratorError) -> bool {
        let is_wordless =
            |words: &str| words.is_empty() || words.eq_ignore_ascii_case("internal server error");
        self.target.key.is_none()
            && matches!(error, GeneratorError::ServerFailed { status: 500, words, .. } if is_wordless(words))
    }

    /// Returns what a wordless failure without a key means. `LiteLLM`'s proxy fails so where none is sent; a server
    /// that lists its models without one has failed for another reason.
    pub(super) async fn keyless(&self, error: GeneratorError) -> GeneratorError {
        if self.models().await.is_ok() {
            return error;
        }
        let words = "it fails without one, also when it is asked for its models".to_owned();
        let (provider, env) = (self.target.provider(), self.target.key_from.clone());
        GeneratorError::Unauthorized { provider, env, sent: false, words }
    }

    fn models_request(&self) -> Result<RequestBuilder, GeneratorError> {
        Ok(self.web.get(self.target.url.of("models")).headers(self.target.headers()?))
    }
}

fn no_list(status: u16, target: &Target) -> GeneratorError {
    let words = format!("there is no list of models at {}", target.url.of("models"));
    GeneratorError::Rejected { provider: target.provider(), status, words }
}

/// Parses a list of models in the format of `OpenAI`, Anthropic, Gemini or Ollama; `None` if it is none.
pub(super) fn names(body: &str) -> Option<Vec<String>> {
    let json: Value = serde_json::from_str(body).ok()?;
    let list = json.get("data").or(json.get("models")).unwrap_or(&json).as_array()?;
    let name = |model: &Value| {
        let name = model.get("id").or(model.get("name")).or(model.get("model"))?.as_str()?;
        Some(name.strip_prefix("models/").unwrap_or(name).to_owned())
    };
    let mut names: Vec<String> = list.iter().filter_map(name).collect();
    names.sort();
    names.dedup();
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_each_provider_writes_them() {
        let read = |body: &str| names(body).unwrap();

        assert_eq!(read(r#"{"data":[{"id":"b"},{"id":"a"},{"id":"a"}]}"#), ["a", "b"]);
        assert_eq!(read(r#"{"models":[{"name":"models/gemini"}]}"#), ["gemini"]);
        assert!(read(r#"{"data":[]}"#).is_empty());
        assert!(names("<html>").is_none());
        assert!(names(r#"{"data":7}"#).is_none());
    }
}
