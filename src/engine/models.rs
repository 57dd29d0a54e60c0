//! The models that a provider offers.

use std::path::PathBuf;
use std::sync::Arc;

use super::prepare::prepare_resolved;
use crate::config::UserConfig;
use crate::domain::GeneratorSettings;
use crate::generate::ProviderOptions;
use crate::workbench::WorkbenchError;

/// Asks the provider that settings name for its models, and returns their names.
///
/// # Errors
///
/// Where the network is refused, the settings cannot be used, or the provider does not say.
pub(crate) async fn list_models(
    folder: PathBuf,
    config: Arc<UserConfig>,
    settings: GeneratorSettings,
    network: bool,
) -> Result<Vec<String>, WorkbenchError> {
    if !network {
        return Err(WorkbenchError::Usage("`--offline` refuses all network.".into()));
    }
    let prepare = move || prepare_resolved(Some(&folder), settings, &config);
    let prepared = tokio::task::spawn_blocking(prepare).await;
    let prepared = prepared.map_err(|error| WorkbenchError::Usage(error.to_string()))??;
    Ok(prepared.provider(ProviderOptions::default())?.models().await?)
}
