//! What the options say of the generator.

use super::CliError;
use super::args::GeneratorArgs;
use crate::config::Overrides;
use crate::domain::{GeneratorSettings, Provider};
use crate::text::{closest, without_secrets};

/// Returns what the options say over session and profile.
pub(super) fn overrides(args: &GeneratorArgs) -> Result<Overrides, CliError> {
    if let Some(temperature) = args.temperature.filter(|t| !t.is_finite() || *t < 0.0) {
        return Err(CliError::Usage(format!(
            "The temperature is {temperature}; give a number from 0, such as 0.7."
        )));
    }
    let unknown = |name: &str| {
        let known = Provider::ALL.map(Provider::name);
        CliError::Usage(match closest(&name.to_lowercase(), known) {
            Some(meant) => format!("There is no provider `{name}`; did you mean `{meant}`?"),
            None => format!("There is no provider `{name}`; there is {}.", known.join(", ")),
        })
    };
    let name = args.provider.as_deref();
    let provider = name.map(|name| Provider::from_name(name).ok_or_else(|| unknown(name))).transpose()?;
    if let (Some(Provider::Offline), Some(url)) = (provider, &args.base_url) {
        let url = without_secrets(url);
        return Err(CliError::Usage(format!(
            "`--provider offline` asks no server, and `--base-url {url}` names one. Leave one of the two out."
        )));
    }
    Ok(Overrides {
        provider,
        base_url: args.base_url.clone(),
        model: args.model.clone(),
        temperature: args.temperature,
        rows_per_request: args.rows_per_request,
        reply_tokens: args.reply_tokens,
        concurrency: None,
        stream: args.no_stream.then_some(false),
        schema: args.no_schema.then_some(false),
    })
}

/// Checks that a model is chosen where a provider has several.
pub(super) fn check_model(settings: &GeneratorSettings) -> Result<(), CliError> {
    let has_one = settings.provider == Provider::Openai && settings.base_url.is_some();
    if settings.model.is_some() || settings.provider == Provider::Offline || has_one {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "No model of {} is chosen. Set `model` under [generator] in session.toml, or give --model.",
        settings.provider.name()
    )))
}
