//! `sample`: rows without a screen.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::args::SampleArgs;
use super::{CliError, Context, Out, out};
use crate::app::{RunProgress, Saved};
use crate::domain::{GeneratorSettings, Provider, RunNumber, RunOrder, RunStatus};
use crate::exchange::SampleJson;
use crate::runtime::{SampleWatch, Writer, clock, sample};
use crate::workbench::{PromptSource, Workbench, WorkbenchError};

/// Samples rows and returns the exit code.
pub fn run(context: &Context, args: &SampleArgs, out: &mut Out) -> Result<u8, CliError> {
    let location = context.locate(&args.session)?;
    let settings = settings(args)?;
    let (told, opened) = oneshot::channel();
    let open = move || Workbench::open(&location, clock::now());
    let writer = Writer::start(open, move |outcome| {
        // The command waits for this.
        let _ = told.send(outcome.map(|bench| (bench.session().generator.clone(), bench.notices().to_vec())));
    })
    .map_err(|error| CliError::Failed(format!("No thread can be started: {error}.")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let network = !context.global.offline;
    let done = runtime.block_on(async {
        let opened =
            opened.await.map_err(|_closed| CliError::Failed("The store could not be opened.".into()))?;
        let (defaults, notices) = opened?;
        notices.iter().for_each(|notice| out::say(notice));
        let order = RunOrder { seed: args.seed, ..RunOrder::new(args.rows, settings.over(defaults)) };
        go(&writer, order, args.prompt.clone(), network).await
    })?;
    // The store is whole before anybody is told.
    drop(writer);
    let (json, status) = done;
    if args.json {
        out.json(&json)?;
    }
    out.finish()?;
    match status {
        RunStatus::Done => Ok(0),
        RunStatus::Failed { reason } | RunStatus::Stopped { reason: Some(reason) } => {
            out::say(&format!("rowsmith: {reason}"));
            Ok(1)
        }
        _ => Ok(130),
    }
}

async fn go(
    writer: &Writer,
    order: RunOrder,
    reference: Option<String>,
    network: bool,
) -> Result<(SampleJson, RunStatus), CliError> {
    let handle = writer.handle();
    let begun = handle
        .ask(move |bench| {
            let generator = bench.generator(&order.generator, network)?;
            let source = PromptSource::Version(reference);
            let operation = bench.next_operation();
            let plan = bench.begin_run(&order, &source, generator.as_ref(), operation, clock::now())?;
            Ok((generator, plan))
        })
        .await?;
    let (generator, plan) = begun.value;
    let number = plan.number();
    let stop = CancellationToken::new();
    let stopper = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stopper.cancel();
        }
    });
    let watch: Arc<dyn SampleWatch> = Arc::new(Progress::default());
    let report = sample(&handle, generator, plan, stop, watch).await?;
    let json = handle.ask(move |bench| summary(bench, number)).await?.value;
    if std::io::stderr().is_terminal() {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    out::say(&format!("Run {number}: {} of {} rows.", json.rows, json.requested));
    Ok((json, report.status))
}

fn summary(bench: &mut Workbench, number: RunNumber) -> Result<SampleJson, WorkbenchError> {
    let projection = bench.projection();
    let run = projection.run(number).ok_or_else(|| WorkbenchError::Usage("The run is not there.".into()))?;
    Ok(SampleJson::of(run, projection.version(run.version)))
}

/// What the command line says of the generator, over what the session says.
struct Overrides {
    provider: Option<Provider>,
    model: Option<String>,
    base_url: Option<String>,
    temperature: Option<f64>,
    concurrency: Option<u32>,
}

fn settings(args: &SampleArgs) -> Result<Overrides, CliError> {
    let known = || Provider::ALL.map(Provider::name).join(", ");
    let provider = match args.provider.as_deref() {
        None => None,
        Some(name) => Some(Provider::from_name(name).ok_or_else(|| {
            CliError::Usage(format!("There is no provider `{name}`; there is {}.", known()))
        })?),
    };
    if let Some(temperature) = args.temperature.filter(|t| !t.is_finite() || *t < 0.0) {
        return Err(CliError::Usage(format!(
            "The temperature is {temperature}; give a number from 0, such as 0.7."
        )));
    }
    Ok(Overrides {
        provider,
        model: args.model.clone(),
        base_url: args.base_url.clone(),
        temperature: args.temperature,
        concurrency: args.concurrency,
    })
}

impl Overrides {
    fn over(self, defaults: GeneratorSettings) -> GeneratorSettings {
        // A server that is named means its dialect, unless a provider is named as well.
        let implied = self.base_url.as_ref().filter(|_| defaults.provider == Provider::Offline);
        let implied = implied.map(|_| Provider::Openai);
        GeneratorSettings {
            provider: self.provider.or(implied).unwrap_or(defaults.provider),
            model: self.model.or(defaults.model),
            base_url: self.base_url.or(defaults.base_url),
            temperature: self.temperature.unwrap_or(defaults.temperature),
            concurrency: self.concurrency.unwrap_or(defaults.concurrency),
            ..defaults
        }
    }
}

/// Tells standard error how far the run is, where a person looks at it.
#[derive(Default)]
struct Progress {
    told: Mutex<Option<Instant>>,
}

impl SampleWatch for Progress {
    fn came(&self, _: &Saved) {}

    fn follows(&self) -> bool {
        false
    }

    fn progress(&self, progress: RunProgress) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        if told.is_none_or(|told| now - told >= Duration::from_millis(100)) {
            *told = Some(now);
            let RunProgress { done, requested, rows_per_second, .. } = progress;
            // Nobody is listening: the run goes on.
            let _ = write!(
                std::io::stderr(),
                "\r\x1b[Ksampling {done}/{requested} · {rows_per_second:.1} rows/s"
            );
        }
    }
}
