//! Who writes the rows and how it is asked: the options that `open`, `sample` and `doctor` share.

use clap::Args;

/// The generator, over what the session and its profile say.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Generator")]
pub(crate) struct GeneratorArgs {
    /// Ask as this profile of your config.toml says; else as the session's.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Who writes: offline, openai, anthropic, gemini or ollama.
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    /// The model's name.
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// A server that speaks the OpenAI dialect; a key that was meant for another server is not sent to it.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// The sampling temperature.
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = degrees)]
    pub temperature: Option<f64>,
    /// The most tokens of one reply.
    #[arg(long, value_name = "N", value_parser = from_one)]
    pub reply_tokens: Option<u32>,
    /// Rows asked for in one request.
    #[arg(long, value_name = "K", value_parser = from_one)]
    pub rows_per_request: Option<u32>,
    /// Ask for whole replies instead of streams.
    #[arg(long)]
    pub no_stream: bool,
    /// Do not ask the server to hold replies to the schema.
    #[arg(long)]
    pub no_schema: bool,
}

/// Reads a temperature; whether it can be one is told with the session's own.
fn degrees(text: &str) -> Result<f64, String> {
    text.parse().ok().ok_or_else(|| "give a number from 0, such as 0.7".to_owned())
}

/// Reads a count of at least one.
pub(super) fn from_one(text: &str) -> Result<u32, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "give a whole number from 1".to_owned())
}
