//! Finds sessions by name or path, and opens them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::examples::ExampleSource;
use super::prompts::{FIRST_PROMPT, content_id, current_prompt, first_prompt};
use super::unsaved::Waiting;
use super::{Workbench, WorkbenchError, outside, scarcity};
use crate::config::variables::{self, draft_of};
use crate::config::{self, Places, bundled};
use crate::dataset::{self, Dataset, Reading, Records, Source, SplitMemory, SplitRule};
use crate::domain::{
    Draft, Event, Fact, OperationId, Projection, RowNumber, RunStatus, Session, Split, Timestamp,
};
use crate::own_files;
use crate::parallel;
use crate::store::{self, FirstRows, FoundDraft, OpenReport, Owner, Store, StoreError, TellFirst};
use crate::text::TextHash;

/// Where a session and its store are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The session's folder.
    pub folder: PathBuf,
    /// The store's folder.
    pub store: PathBuf,
}

/// Finds a session: a folder, its session.toml, or the name of a bundled one, whose files are written
/// first.
///
/// # Errors
///
/// Where there is no such session, or the bundled one cannot be written.
pub(crate) fn locate(asked: &str, store: Option<&Path>, places: &Places) -> Result<Location, WorkbenchError> {
    let path = Path::new(asked);
    let folder = if path.is_dir() {
        path.to_owned()
    } else if path.is_file() {
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
    } else if bundled::find(asked).is_some() {
        bundled::lay_down(asked, &places.sessions())?
    } else {
        let bundled = bundled::ALL.map(|bundled| bundled.name).join(", ");
        return Err(WorkbenchError::NoSession { asked: asked.to_owned(), bundled });
    };
    let store = store.map_or_else(|| folder.join(".rowsmith"), Path::to_owned);
    Ok(Location { folder, store })
}

/// Returns what a session's dataset is read from.
pub(super) fn source_of(folder: &Path, session: &Session) -> Source {
    let settings = &session.dataset;
    Source {
        id: settings.id.clone(),
        split: settings.split.clone(),
        reading: Reading {
            separator: settings.separator,
            quotes: settings.quotes,
            join: settings.join,
            skip_unlabelled: settings.skip_unlabelled,
        },
        ..Source::new(folder.join(&settings.path), &settings.text, &settings.label)
    }
}

/// Reads a session's dataset and splits it, keeping the split of its journal, where it has one.
///
/// # Errors
///
/// Where the file cannot be used, no row has the target label, or another number of rows was known in the first run.
pub(crate) fn dataset_of(
    folder: &Path,
    session: &Session,
    projection: Option<&Projection>,
) -> Result<Dataset, WorkbenchError> {
    if let Some(projection) = projection {
        scarcity::check(folder, session, projection)?;
    }
    split(dataset::read(&source_of(folder, session))?, session, projection.and_then(Projection::split))
}

fn split(records: Records, session: &Session, memory: Option<&Split>) -> Result<Dataset, WorkbenchError> {
    let rule = SplitRule::new(session.dataset.test_fraction, session.dataset.seed)?;
    let rule = rule.with_scarce(session.scarce());
    let memory = memory.map(|split| {
        SplitMemory::new(hashes(&split.test), hashes(&split.train))
            .with_held_back(hashes(&split.held_back), split.scarce.clone())
    });
    let dataset = Dataset::split(records, &rule, memory.as_ref());
    dataset.require_label(&session.target.label)?;
    Ok(dataset)
}

fn hashes(joined: &str) -> Vec<TextHash> {
    let digits = joined.as_bytes().chunks(16).map(|chunk| std::str::from_utf8(chunk).unwrap_or_default());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}

fn joined(hashes: &[TextHash]) -> String {
    hashes.iter().map(ToString::to_string).collect()
}

/// Returns a session as its store remembers it.
pub(crate) fn owner_of(location: &Location, session: &Session) -> Owner {
    let owner = Owner::new(&session.name, &location.folder, &session.target.label);
    Owner { after_folder: !session.is_named, ..owner }
}

fn open_store(
    location: &Location,
    session: &Session,
    first: TellFirst<'_>,
) -> Result<(Store, Projection, OpenReport), StoreError> {
    let owner = Some(owner_of(location, session));
    Store::open_telling(&location.store, store::Settings { owner, ..store::Settings::default() }, first)
}

/// Removes what killed processes left half written in a session's folder and in that of temporary files. Returns what
/// is kept of it, as sentences.
fn swept(folder: &Path) -> impl Iterator<Item = String> {
    let kept = [own_files::sweep(folder), own_files::sweep(&std::env::temp_dir())].concat();
    kept.into_iter().map(|path| {
        format!(
            "A text that was open in an editor when the program was killed is kept as {}.",
            path.display()
        )
    })
}

/// What can be shown of a session with many rows before all of them are read.
#[derive(Debug)]
pub(crate) struct FirstScreen {
    /// The session's settings.
    pub(crate) session: Session,
    /// Its state, of the rows only some; nothing may be applied to it.
    pub(crate) projection: Projection,
    /// How many rows there are, where that is known already.
    pub(crate) rows: Option<u32>,
    /// The text in the editor.
    pub(crate) draft: Draft,
}

impl Workbench {
    /// Opens a session for changes: its file, its dataset and its store, which it locks.
    ///
    /// # Errors
    ///
    /// Where any of the three cannot be used, or another process has the store.
    pub fn open(location: &Location, at: Timestamp) -> Result<Self, WorkbenchError> {
        Self::open_with(location, config::load(&location.folder)?.session, at, None)
    }

    /// Opens a session as [`Workbench::open`] does. Where it has many rows, the first ones are told before all are read:
    /// those around the one at `around`.
    ///
    /// # Errors
    ///
    /// As [`Workbench::open`].
    pub(crate) fn open_telling(
        location: &Location,
        at: Timestamp,
        around: Option<RowNumber>,
        first: impl FnOnce(FirstScreen) + Send,
    ) -> Result<Self, WorkbenchError> {
        let session = config::load(&location.folder)?.session;
        let screen = session.clone();
        let first = move |FirstRows { projection, rows }| {
            let draft = store::peek_draft(&location.store)
                .or_else(|| projection.latest_version(current_prompt(&projection)).map(draft_of));
            first(FirstScreen { session: screen, projection, rows, draft: draft.unwrap_or_default() });
        };
        Self::open_with(location, session, at, Some((around, Box::new(first))))
    }

    fn open_with(
        location: &Location,
        session: Session,
        at: Timestamp,
        first: TellFirst<'_>,
    ) -> Result<Self, WorkbenchError> {
        let folder = &location.folder;
        let source = source_of(folder, &session);
        let (records, opened) =
            parallel::both(|| dataset::read(&source), || open_store(location, &session, first));
        let (store, projection, report) = opened?;
        scarcity::check(folder, &session, &projection)?;
        let dataset = split(records?, &session, projection.split())?;
        let mut bench = Self::of(location, session, dataset, store, projection);
        bench.notices.extend(report.notice());
        bench.notices.extend(swept(folder));
        bench.load_examples();
        if !bench.knows_dataset() {
            bench.notices.extend(outside::notice(&location.folder, bench.dataset.path())?);
        }
        bench.settle(at)?;
        bench.commit()?;
        Ok(bench)
    }

    /// Makes the store of a new session, with the split and the first version.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub(super) fn begin(
        location: &Location,
        session: Session,
        dataset: Dataset,
        at: Timestamp,
    ) -> Result<(), WorkbenchError> {
        let (store, projection, _) = open_store(location, &session, None)?;
        let mut bench = Self::of(location, session, dataset, store, projection);
        bench.settle(at)?;
        bench.commit()
    }

    fn of(
        location: &Location,
        session: Session,
        dataset: Dataset,
        store: Store,
        projection: crate::domain::Projection,
    ) -> Self {
        Self {
            location: location.clone(),
            session: Arc::new(session),
            dataset: Arc::new(dataset),
            sequence: store.sequence(),
            store,
            saved: projection.clone(),
            since: Vec::new(),
            projection,
            staged: Vec::new(),
            touched: Vec::new(),
            waiting: Waiting::default(),
            index: None,
            similar: None,
            corpus: None,
            examples: ExampleSource::default(),
            columns: super::values::ReadColumns::default(),
            notices: Vec::new(),
        }
    }

    /// Stages the facts that opening calls for: the split, the first version, the end of interrupted runs.
    ///
    /// # Errors
    ///
    /// Where the values of the first version cannot be read.
    fn settle(&mut self, at: Timestamp) -> Result<(), WorkbenchError> {
        self.settle_split(at);
        if self.projection.versions().is_empty() {
            let content = self.first_content()?;
            self.make_version(FIRST_PROMPT, content, None, self.next_operation(), at);
        }
        let running: Vec<_> = self
            .projection
            .runs()
            .filter(|run| run.status == RunStatus::Running)
            .map(|run| (run.number, run.rows, run.requested))
            .collect();
        for (run, rows, requested) in running {
            let operation = self.operation_of_run(run);
            let event = Event::RunEnded { run, status: RunStatus::Interrupted };
            self.stage(Fact::new(operation, at, event));
            self.notices.push(format!("Run {run} was interrupted at {rows} of {requested} rows."));
        }
        Ok(())
    }

    pub(super) fn operation_of_run(&self, number: crate::domain::RunNumber) -> OperationId {
        let is_run = |kind| kind == crate::domain::OperationKind::Sample { run: number };
        let found = self.projection.operations().find(|operation| is_run(operation.kind));
        found.map_or_else(|| self.next_operation(), |operation| operation.id)
    }

    /// Returns whether the store has read the dataset's file before, as it is now.
    fn knows_dataset(&self) -> bool {
        let fingerprint = self.dataset.fingerprint().to_string();
        self.projection.split().is_some_and(|split| split.fingerprint == fingerprint)
    }

    /// Stages the split where it is not the journal's: the first one, and those after a change of the file or of how
    /// many rows are known.
    fn settle_split(&mut self, at: Timestamp) {
        let scarce = self.session.scarce();
        let is_known = self.knows_dataset();
        let before = self.projection.split().map(|split| split.scarce.clone());
        let is_scarce_as_before = before.as_ref().map_or(scarce.is_none(), |before| *before == scarce);
        if is_known && is_scarce_as_before {
            return;
        }
        let fingerprint = self.dataset.fingerprint().to_string();
        let memory = self.dataset.memory();
        let [test, train, held_back] = [memory.test(), memory.train(), memory.held_back()].map(joined);
        let split = Split { fingerprint, test, train, held_back, scarce };
        let operation = self.next_operation();
        self.stage(Fact::new(operation, at, Event::Split(split)));
        let changed = before.is_some().then(|| self.flag_again(self.next_operation(), at));
        if let Some(changed) = changed.filter(|_| !is_known) {
            self.notices.push(self.changes(changed));
        }
        let said = self.scarcity();
        if said.is_empty() && !is_scarce_as_before {
            self.notices.push("No row is held back any more: all train rows are known.".to_owned());
        }
        self.notices.extend(said);
    }

    /// Returns what became of the split of a file that changed; `changed` is the number of rows with other flags.
    fn changes(&self, changed: usize) -> String {
        let report = self.dataset.report();
        format!(
            "The dataset changed: {} train, {} test ({} of them kept from before), {} set aside, {} new rows, {} gone; \
             the flags of {changed} rows changed.",
            report.train, report.test, report.kept_test, report.set_aside, report.new_rows, report.gone
        )
    }

    /// Returns the saved draft, or one that equals the latest version.
    ///
    /// If the prompt in the session file has changed since the last call, it becomes the draft, unless the
    /// draft has changes of its own.
    pub fn draft(&mut self) -> Draft {
        let kept = match self.store.load_draft() {
            Ok(FoundDraft::Draft(draft)) => Some(draft),
            Ok(FoundDraft::None) => None,
            Ok(FoundDraft::SetAside(path)) => {
                let path = path.display();
                self.notices.push(format!("The draft could not be read; it is kept as {path}."));
                None
            }
            Err(error) => {
                self.notices.push(error.to_string());
                None
            }
        };
        let latest = self.projection.latest_version(current_prompt(&self.projection)).map(draft_of);
        let mut draft = kept.or_else(|| latest.clone()).unwrap_or_default();
        // What cannot be read now is told once the draft is previewed.
        let content = self.first_content().unwrap_or_else(|_| first_prompt(&self.session));
        let id = content_id(FIRST_PROMPT, &content);
        let is_known = self.projection.version(id).is_some();
        if draft.offered != Some(id) {
            let base = draft.base.and_then(|id| self.projection.version(id)).map(draft_of);
            let is_clean = base.is_none_or(|base| Draft { offered: draft.offered, ..base } == draft);
            if !is_known && is_clean {
                draft.system.clone_from(&content.system);
                draft.user.clone_from(&content.user);
                draft.variables = variables::write(&content.drawn());
                self.notices.push(
                    "The prompt in session.toml was changed; it is in the editor as a draft.".to_owned(),
                );
            }
            if is_known || is_clean {
                draft.offered = Some(id);
            }
        }
        draft
    }

    /// Writes the draft, atomically and durably.
    ///
    /// # Errors
    ///
    /// Where it cannot be written; it waits then, see [`Workbench::unsaved`].
    pub fn save_draft(&mut self, draft: &Draft) -> Result<(), WorkbenchError> {
        let saved = self.store.save_draft(draft);
        self.waiting.draft_was_written(draft, saved.as_ref().err());
        Ok(saved?)
    }
}
