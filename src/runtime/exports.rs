//! Exports of the screen: what one would write, and the one that goes on.
//!
//! Both read what the workbench held when they began, on a thread of their own, so that neither holds up a
//! decision. Of several forms only the last is looked at: what was asked before it ends early.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use super::going::Going;
use crate::app::export::{ExportAmount, ExportField, ExportSight, ExportWish};
use crate::app::{Ask, Message};
use crate::dataset::Part;
use crate::domain::{Exchange, Existing, Failure, JobId, JobOutcome, RowNumber};
use crate::engine::WriterHandle;
use crate::text::{Stop, shell_option};
use crate::workbench::ordered::{Amount, Balance, Destination, ExportProgress, Format, Shares};
use crate::workbench::{ExportOrder, Wanted, Watch, WorkbenchError, expanded};

/// How long after one report of its progress an export makes the next.
const BETWEEN_REPORTS: Duration = Duration::from_millis(100);

/// Looks up what exports would write, and carries them out.
pub(super) struct Exports {
    writer: WriterHandle,
    messages: UnboundedSender<Message>,
    tasks: Handle,
    /// How a command names the session.
    session: String,
    /// The options of the command line that this screen was started with and an export has to know.
    started: Started,
    /// The number of the form that was asked about last; no earlier one is waited for.
    latest: Arc<AtomicU64>,
    going: Going,
}

/// What the command line said of the store and the settings.
#[derive(Debug, Clone, Default)]
pub(super) struct Started {
    /// The store, where it is not the session's own.
    pub store: Option<PathBuf>,
    /// The file of the user's settings, which no export replaces.
    pub config: Option<PathBuf>,
}

impl Started {
    /// Returns the command of an order, as it is to be typed for the same session in the same store.
    fn command(&self, order: &ExportOrder, session: &str) -> String {
        let store = self.store.as_deref().map(|store| shell_option("--store", &store.to_string_lossy()));
        [order.command(session)].into_iter().chain(store).collect::<Vec<_>>().join(" ")
    }

    fn spare(&self, order: ExportOrder) -> ExportOrder {
        ExportOrder { spared: self.config.iter().cloned().collect(), ..order }
    }
}

impl Exports {
    pub(super) fn new(writer: WriterHandle, messages: UnboundedSender<Message>, started: Started) -> Self {
        let (session, latest) = (String::new(), Arc::new(AtomicU64::new(0)));
        Self { writer, messages, tasks: Handle::current(), session, started, latest, going: Going::default() }
    }

    /// Takes note of how a command names the session that was opened.
    pub(super) fn opened(&mut self, place: &str) {
        place.clone_into(&mut self.session);
    }

    /// Answers the command at once, and what the export would write once it is known.
    pub(super) fn preview(&self, ask: Ask, wish: &ExportWish) {
        let number = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
        let order = match order_of(wish, Existing::Keep) {
            Ok(order) => order,
            Err(error) => {
                let command = Err(Failure::new(error));
                let _ = self.messages.send(Message::ExportCommand { ask, command });
                return;
            }
        };
        let command = Ok(self.started.command(&order, &self.session));
        let _ = self.messages.send(Message::ExportCommand { ask, command });
        let latest = Arc::clone(&self.latest);
        let stop = Stop::when(move || latest.load(Ordering::Relaxed) != number);
        let (writer, messages, tasks) = (self.writer.clone(), self.messages.clone(), self.tasks.clone());
        self.tasks.spawn(async move {
            let Some(exporter) = writer.with(|bench| bench.exporter()).await else { return };
            let work = move || {
                let watch = Watch { progress: &|_| {}, stop: &stop };
                let seen = exporter.preview(&order, watch, &|row| exchange_of(row, &writer, &tasks));
                let sight = |seen: crate::workbench::ExportPreview| {
                    Box::new(ExportSight { report: seen.report, lines: seen.lines })
                };
                if stop.check().is_ok() {
                    let sight = seen.map(sight).map_err(Failure::new);
                    let _ = messages.send(Message::ExportPreviewed { ask, sight });
                }
            };
            let _ = tokio::task::spawn_blocking(work).await;
        });
    }

    /// Begins an export.
    pub(super) fn start(&mut self, job: JobId, wish: &ExportWish, existing: Existing) {
        let order = match order_of(wish, existing) {
            Ok(order) => self.started.spare(order),
            Err(error) => {
                let outcome = Err(Failure::new(error));
                let _ = self.messages.send(Message::JobEnded { job, outcome });
                return;
            }
        };
        let out = wish.file.clone();
        let stop = CancellationToken::new();
        let token = stop.clone();
        let (writer, messages, tasks) = (self.writer.clone(), self.messages.clone(), self.tasks.clone());
        let task = self.tasks.spawn(async move {
            let Some(exporter) = writer.with(|bench| bench.exporter()).await else { return };
            let work = move || {
                let stop = Stop::when(move || token.is_cancelled());
                let tell = teller(job, messages.clone());
                let watch = Watch { progress: &tell, stop: &stop };
                let written = exporter.export(&order, watch, &|row| exchange_of(row, &writer, &tasks));
                let outcome = match written {
                    Err(error) if error.is_about_an_existing_file() => Ok(JobOutcome::FileExists { out }),
                    written => {
                        written.map(|report| JobOutcome::Exported { report, out }).map_err(Failure::new)
                    }
                };
                let _ = messages.send(Message::JobEnded { job, outcome });
            };
            let _ = tokio::task::spawn_blocking(work).await;
        });
        self.going.begin(job, stop, task);
    }

    /// Stops an export, if it is the one that goes on.
    pub(super) fn stop(&self, job: JobId) {
        self.going.stop(job);
    }

    /// Stops what goes on.
    pub(super) fn stop_all(&self) {
        self.latest.store(u64::MAX, Ordering::Relaxed);
        self.going.stop_all();
    }

    /// Stops what goes on and waits until nothing of it is left, but not longer than this.
    pub(super) async fn close(&mut self, longest: Duration) {
        self.stop_all();
        self.going.close(longest).await;
    }
}

/// Returns what reports the progress of an export, ten times a second at most.
fn teller(job: JobId, messages: UnboundedSender<Message>) -> impl Fn(ExportProgress) {
    let last = std::cell::Cell::new(Instant::now());
    move |ExportProgress { done, total }| {
        if last.get().elapsed() >= BETWEEN_REPORTS {
            last.set(Instant::now());
            let _ = messages.send(Message::Exporting { job, done, total });
        }
    }
}

/// Asks the writer for the request and the reply that a row came from.
fn exchange_of(row: RowNumber, writer: &WriterHandle, tasks: &Handle) -> Option<Exchange> {
    tasks.block_on(writer.with(move |bench| bench.exchange_of(row).ok())).flatten()
}

/// Returns the order that a form stands for.
fn order_of(wish: &ExportWish, existing: Existing) -> Result<ExportOrder, WorkbenchError> {
    let home = std::env::var_os("HOME");
    let file = expanded(&wish.file, home.as_deref().map(OsStr::new));
    let format: Format = wish.format.name().parse()?;
    let is_on = |field| wish.on.contains(&field);
    let seed = wish.seed.unwrap_or_default();
    let wanted = match (is_on(ExportField::TestRows), is_on(ExportField::WithReal)) {
        (true, _) if !format.is_folder() => Wanted::Real(Part::Test),
        (_, true) => Wanted::AcceptedAndTrain,
        (_, false) => Wanted::Accepted,
    };
    let balance = wish.balance.iter().map(|(label, amount)| Balance {
        label: label.clone(),
        amount: match *amount {
            ExportAmount::Share(share) => Amount::Share(share),
            ExportAmount::Count(count) => Amount::Count(count),
        },
    });
    Ok(ExportOrder {
        wanted,
        with_test: is_on(ExportField::TestRows) && format.is_folder(),
        filter: Some(wish.filter.clone()).filter(|filter| !filter.is_empty()),
        allow_contaminated: is_on(ExportField::Contaminated),
        bare: is_on(ExportField::Bare),
        raw: is_on(ExportField::Raw),
        split: wish.split.map(|train| Shares::new(train, seed)).transpose()?,
        balance: balance.collect(),
        seed,
        task: wish.task.name().parse()?,
        ..ExportOrder::new(format, Destination::File(file), existing)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::export::{ExportForm, ExportFormat};

    #[test]
    fn the_form_offers_every_format_under_its_own_name() {
        let mut offered: Vec<_> = ExportFormat::ALL.iter().map(|format| format.name()).collect();
        let mut known = Format::ALL.map(Format::name);
        offered.sort_unstable();
        known.sort_unstable();
        assert_eq!(offered, known);
        for format in ExportFormat::ALL {
            let mut form = ExportForm::new("x");
            form.choose(*format);
            let order = order_of(&form.wish(&[]).unwrap(), Existing::Keep).unwrap();
            assert_eq!(order.format.name(), format.name());
            assert_eq!(order.format.has_columns(), format.has_provenance(), "{}", format.name());
            assert_eq!(order.format.is_folder(), format.ending().is_empty(), "{}", format.name());
        }
    }

    #[test]
    fn the_store_and_the_settings_of_the_command_line_hold_for_exports() {
        let order = || order_of(&ExportForm::new("x").wish(&[]).unwrap(), Existing::Keep).unwrap();
        assert!(!Started::default().command(&order(), "x").contains("--store"));
        let (store, config) = (Some(PathBuf::from("my store")), Some(PathBuf::from("mine.toml")));
        let started = Started { store, config };
        let said = started.command(&order(), "x");
        assert!(said.ends_with("--out x.jsonl --store 'my store'"), "{said}");
        assert_eq!(started.spare(order()).spared, [PathBuf::from("mine.toml")]);
    }

    #[test]
    fn the_command_says_all_that_the_form_says() {
        let mut form = ExportForm::new("x");
        form.choose(ExportFormat::Csv);
        for (field, text) in [
            (ExportField::File, "my rows.csv"),
            (ExportField::Filter, "label:\"a b\""),
            (ExportField::Split, "80%"),
            (ExportField::Balance, "spam=0.3, ham=10"),
            (ExportField::Seed, "7"),
        ] {
            form.write(field, text);
        }
        for field in [ExportField::WithReal, ExportField::Contaminated, ExportField::Bare, ExportField::Raw] {
            form.selected = field;
            form.cycle(1);
        }
        let command = |form: &ExportForm| {
            order_of(&form.wish(&["ham", "spam"]).unwrap(), Existing::Keep).unwrap().command("sms")
        };
        let said = command(&form);
        for part in [
            "rowsmith export sms --format csv",
            "'my rows.csv'",
            "--filter",
            "--with-real",
            "--split 0.8",
            "spam=0.3",
            "ham=10",
            "--seed 7",
            "--bare",
            "--raw",
            "--allow-contaminated",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        form.selected = ExportField::TestRows;
        form.cycle(1);
        let said = command(&form);
        assert!(said.contains("--real test") && !said.contains("--filter"), "{said}");
        assert!(!said.contains("--with-real") && !said.contains("--allow-contaminated"), "{said}");
        form.choose(ExportFormat::Hf);
        let said = command(&form);
        assert!(said.contains("--with-real") && said.contains("--real test"), "{said}");
    }
}
