//! `import`: rows that were made elsewhere.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::args::ImportArgs;
use super::signals::{Stop, until_signal, with_signal};
use super::{CliError, Context, Out, out};
use crate::engine::clock;
use crate::text;
use crate::workbench::{FileOrder, ImportProgress, ImportReport};

/// How often it is said how far it is, where standard error is no terminal.
const EVERY: Duration = Duration::from_secs(10);
/// How often it is written anew on a terminal.
const OFTEN: Duration = Duration::from_millis(100);

/// Imports a file and returns the exit code.
pub(super) fn run(context: &Context, args: &ImportArgs, out: &mut Out) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    // From here on a signal stops the import, and does not cut what is being written.
    let stop = until_signal(&runtime)?;
    with_signal(imported(context, args, out, &stop), &stop)
}

fn imported(context: &Context, args: &ImportArgs, out: &mut Out, stop: &Stop) -> Result<u8, CliError> {
    let mut bench = context.open(&args.session)?;
    let wanted = FileOrder {
        path: args.file.clone(),
        text: args.text.clone(),
        label: args.label.clone(),
        given: args.given.clone(),
        accept: args.accept,
    };
    let token = stop.token();
    let stop = text::Stop::when(move || token.is_cancelled());
    let mut teller = Teller::new();
    let operation = (bench.next_operation(), clock::now());
    let report = bench.import_file(&wanted, operation, &stop, &mut |progress| teller.take(progress));
    teller.clear();
    let report = report?;
    for sentence in report.sentences() {
        out::say(&sentence);
    }
    if args.json {
        out.json(&ImportJson::of(&report, teller.began.elapsed()))?;
    }
    out.finish()?;
    Ok(0)
}

/// What an import did, as `import --json` prints it.
#[derive(Debug, Serialize)]
struct ImportJson<'a> {
    /// Its number; null where nothing was new.
    import: Option<u32>,
    file: &'a str,
    format: &'a str,
    rows: u64,
    already: u64,
    refused: u64,
    flagged: u64,
    accepted: u64,
    rejected: u64,
    skipped: u64,
    seconds: f64,
}

impl<'a> ImportJson<'a> {
    fn of(report: &'a ImportReport, took: Duration) -> Self {
        Self {
            import: report.import,
            file: &report.file,
            format: &report.format,
            rows: report.rows,
            already: report.already,
            refused: report.refused,
            flagged: report.flagged,
            accepted: report.accepted,
            rejected: report.rejected,
            skipped: report.skipped,
            seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
        }
    }
}

/// Tells on standard error how far it is: one line that is written anew on a terminal, else a line every ten
/// seconds.
struct Teller {
    is_watched: bool,
    began: Instant,
    last: Instant,
}

impl Teller {
    fn new() -> Self {
        let began = Instant::now();
        Self { is_watched: std::io::stderr().is_terminal(), began, last: began }
    }

    fn take(&mut self, progress: ImportProgress) {
        let now = Instant::now();
        let pause = if self.is_watched { OFTEN } else { EVERY };
        if now.duration_since(self.last) < pause {
            return;
        }
        self.last = now;
        if self.is_watched {
            self.clear();
            // If nobody reads it, the import goes on.
            let _ = write!(std::io::stderr(), "importing {}", figures(progress));
        } else {
            out::say(&figures(progress));
        }
    }

    fn clear(&self) {
        if self.is_watched {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// Returns `12,288 rows read · 40 % of the file`.
fn figures(progress: ImportProgress) -> String {
    let ImportProgress { rows, read, bytes } = progress;
    let rows = text::counted(rows, "row");
    let share = (read.min(bytes) * 100).checked_div(bytes);
    share.map_or_else(|| format!("{rows} read"), |share| format!("{rows} read · {share} % of the file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_rows_and_the_share_of_the_file() {
        let progress = ImportProgress { rows: 12_288, read: 4, bytes: 10 };
        assert!(figures(progress).ends_with("rows read · 40 % of the file"), "{}", figures(progress));
        assert_eq!(figures(ImportProgress { rows: 1, read: 0, bytes: 0 }), "1 row read");
    }
}
