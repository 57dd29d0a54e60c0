//! `doctor --local`: finds the model servers of this machine, and says what to write to use one.

use serde::Serialize;

use super::args::DoctorArgs;
use super::{CliError, Context, Out};
use crate::domain::{LocalSearch, LocalServer, Provider};
use crate::engine::find_servers;
use crate::text::{shell_word, thousands};

/// How many models of a server are printed.
const MOST_MODELS: usize = 12;

#[derive(Serialize)]
struct Found<'a> {
    servers: Vec<ServerJson<'a>>,
    other_ports: &'a [u16],
}

#[derive(Serialize)]
struct ServerJson<'a> {
    kind: &'a str,
    provider: Provider,
    base_url: &'a str,
    wants_key: bool,
    models: Vec<ModelJson<'a>>,
}

#[derive(Serialize)]
struct ModelJson<'a> {
    name: &'a str,
    context: Option<u64>,
}

/// Prints what was found and returns the exit code: 1 where no model server was.
pub(super) fn run(context: &Context, args: &DoctorArgs, out: &mut Out) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let search = runtime.block_on(find_servers(!context.global.offline, &args.ports))?;
    if args.json {
        let servers = search.servers.iter().map(json).collect();
        out.json(&Found { servers, other_ports: &search.others })?;
    } else {
        print(&search, out)?;
    }
    out.finish()?;
    Ok(u8::from(search.servers.is_empty()))
}

fn json(server: &LocalServer) -> ServerJson<'_> {
    ServerJson {
        kind: server.kind,
        provider: server.provider,
        base_url: &server.base_url,
        wants_key: server.wants_key,
        models: server
            .models
            .iter()
            .map(|model| ModelJson { name: &model.name, context: model.context })
            .collect(),
    }
}

fn print(search: &LocalSearch, out: &mut Out) -> Result<(), CliError> {
    for server in &search.servers {
        out.line(&format!("✓ {} at {}", server.kind, server.base_url))?;
        for model in server.models.iter().take(MOST_MODELS) {
            let context = model
                .context
                .map_or_else(String::new, |tokens| format!(" · {} tokens fit", thousands(tokens)));
            out.line(&format!("    {}{context}", model.name))?;
        }
        if server.models.len() > MOST_MODELS {
            out.line(&format!("    … and {} more", server.models.len() - MOST_MODELS))?;
        }
        out.line(&format!("  {}", use_of(server)))?;
    }
    for port in &search.others {
        out.line(&format!("– Something answers at port {port}, and it is no model server."))?;
    }
    if search.servers.is_empty() {
        out.line("No model server answers on the ports that were looked at; `--ports P,P` names others.")?;
    }
    Ok(())
}

/// Returns what to write to sample from a server.
fn use_of(server: &LocalServer) -> String {
    if server.wants_key {
        return "It wants a key before it lists its models: a profile in your config.toml names the key's variable."
            .to_owned();
    }
    let Some(model) = server.models.first() else {
        return "It has no model yet; load one there first.".to_owned();
    };
    let provider = match server.provider {
        Provider::Openai => String::new(),
        provider => format!("--provider {} ", provider.name()),
    };
    let (url, model) = (shell_word(&server.base_url), shell_word(&model.name));
    format!("rowsmith sample SESSION -n 20 {provider}--base-url {url} --model {model}")
}
