//! The models that a provider offers, and the model servers of this machine.

use tokio_util::sync::CancellationToken;

use super::environment::Patience;
use super::prepare::{flag, prepare_resolved};
use super::start::{RunContext, prepare};
use crate::domain::{GeneratorSettings, LocalSearch};
use crate::generate::{ProviderOptions, USUAL_PORTS, find_local};
use crate::workbench::WorkbenchError;

/// Asks the provider that settings name for its models, and returns their names.
///
/// # Errors
///
/// Where the network is refused, the settings cannot be used, or the provider does not say.
pub(crate) async fn list_models(
    context: RunContext,
    settings: GeneratorSettings,
    stop: &CancellationToken,
) -> Result<Vec<String>, WorkbenchError> {
    if !context.network {
        return Err(WorkbenchError::Usage("`--offline` refuses all network.".into()));
    }
    let patience = Patience::of_command(flag(stop), || ());
    let prepared = prepare(&context, settings, prepare_resolved, patience).await?;
    Ok(prepared.provider(ProviderOptions::default())?.models().await?)
}

/// Looks for model servers at these ports of this machine; at the usual ones where none is given.
///
/// # Errors
///
/// Where the network is refused: what listens on this machine may pass requests on.
pub(crate) async fn find_servers(network: bool, ports: &[u16]) -> Result<LocalSearch, WorkbenchError> {
    if !network {
        return Err(WorkbenchError::Usage(
            "`--offline` refuses all network, that of this machine too. Leave it out to look for servers."
                .into(),
        ));
    }
    Ok(find_local(if ports.is_empty() { &USUAL_PORTS } else { ports }).await?)
}
