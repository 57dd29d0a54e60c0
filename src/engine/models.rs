//! The models that a provider offers.

use super::prepare::prepare_resolved;
use super::start::{RunContext, prepare};
use crate::domain::GeneratorSettings;
use crate::generate::ProviderOptions;
use crate::workbench::WorkbenchError;

/// Asks the provider that settings name for its models, and returns their names.
///
/// # Errors
///
/// Where the network is refused, the settings cannot be used, or the provider does not say.
pub(crate) async fn list_models(
    context: RunContext,
    settings: GeneratorSettings,
) -> Result<Vec<String>, WorkbenchError> {
    if !context.network {
        return Err(WorkbenchError::Usage("`--offline` refuses all network.".into()));
    }
    let prepared = prepare(&context, settings, prepare_resolved).await?;
    Ok(prepared.provider(ProviderOptions::default())?.models().await?)
}
