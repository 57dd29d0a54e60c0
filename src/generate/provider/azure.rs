//! Addresses of Azure, whose models are served as deployments.
//!
//! ```text
//! https://NAME.openai.azure.com/openai/v1/                                   key in `api-key`, a model as anywhere
//! https://NAME.openai.azure.com/openai/deployments/DEPLOYMENT?api-version=…  the deployment is the model
//! https://NAME.services.ai.azure.com/models?api-version=…
//! ```

use super::address::Address;
use crate::generate::GeneratorError;

/// The ends of Azure's host names.
const HOSTS: [&str; 3] = [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"];
/// What stands before the name of a deployment.
const DEPLOYMENTS: &str = "/openai/deployments/";
/// A version of the API that serves schemas.
const API_VERSION: &str = "api-version=2024-10-21";

impl Address {
    /// Returns whether this is a server of Azure's.
    pub(super) fn is_azure(&self) -> bool {
        HOSTS.iter().any(|end| self.host().ends_with(end))
    }

    /// Returns the name of the deployment that this address is of, also behind a gateway.
    pub(super) fn deployment(&self) -> Option<&str> {
        let (_, rest) = self.path().split_once(DEPLOYMENTS)?;
        rest.split('/').next().filter(|name| !name.is_empty())
    }

    /// Checks that an address of Azure's says all that it must.
    ///
    /// # Errors
    ///
    /// The deployment or the version is missing; the sentence says what to write.
    pub(super) fn check_azure(&self) -> Result<(), GeneratorError> {
        if !self.is_azure() {
            return Ok(());
        }
        let (host, path) = (self.host(), self.path());
        let is_complete = path.contains("/v1") || path.ends_with("/models") || self.deployment().is_some();
        let why = if !is_complete {
            "names no deployment"
        } else if !path.contains("/v1") && self.query("api-version").is_none() {
            "lacks the `api-version`"
        } else {
            return Ok(());
        };
        let project = path.split_once("/openai").map_or(path, |(project, _)| project);
        let v1 =
            format!("https://{host}{}/openai/v1", if project.contains("/projects/") { project } else { "" });
        let deployment = self.deployment().unwrap_or("DEPLOYMENT");
        let meant = match self.deployment() {
            _ if path.ends_with("/models") => {
                format!("\"https://{host}/models?api-version=2024-05-01-preview\"")
            }
            Some(_) => format!("\"https://{host}{DEPLOYMENTS}{deployment}?{API_VERSION}\""),
            None => format!("\"{v1}\", or \"https://{host}{DEPLOYMENTS}{deployment}?{API_VERSION}\""),
        };
        Err(GeneratorError::Settings(format!(
            "The address {self} of Azure {why}. Set `base_url` to {meant}."
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_addresses_of_azure_are_taken_and_others_say_what_to_write() {
        let check = |url: &str| Address::read(url).unwrap().check_azure().map_err(|error| error.to_string());
        for url in [
            "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/v1/",
            "https://x.cognitiveservices.azure.com/openai/v1/?api-version=preview",
            "https://x.services.ai.azure.com/models?api-version=2024-05-01-preview",
            "https://x.services.ai.azure.com/api/projects/p/openai/v1",
            "https://elsewhere.example/openai/deployments/d",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for (url, meant) in [
            (
                "https://x.openai.azure.com",
                "\"https://x.openai.azure.com/openai/v1\", or \"https://x.openai.azure.com/openai/deployments/DEPLOYMENT?api-version=2024-10-21\".",
            ),
            ("https://x.openai.azure.com/openai", "\"https://x.openai.azure.com/openai/v1\", or"),
            (
                "https://x.openai.azure.com/openai/deployments/d/",
                "\"https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21\".",
            ),
            (
                "https://x.services.ai.azure.com/models",
                "\"https://x.services.ai.azure.com/models?api-version=2024-05-01-preview\".",
            ),
            (
                "https://x.services.ai.azure.com/api/projects/p",
                "\"https://x.services.ai.azure.com/api/projects/p/openai/v1\", or",
            ),
        ] {
            let said = check(url).unwrap_err();
            assert!(said.contains(meant), "{said}");
        }
    }

    #[test]
    fn the_deployment_is_read_from_the_path() {
        let deployment = |url: &str| Address::read(url).unwrap().deployment().map(str::to_owned);
        assert_eq!(
            deployment("https://x/openai/deployments/d-4o/chat/completions?api-version=1").as_deref(),
            Some("d-4o")
        );
        assert_eq!(deployment("http://127.0.0.1:1/gate/openai/deployments/d").as_deref(), Some("d"));
        assert_eq!(deployment("https://x/openai/v1"), None);
    }
}
