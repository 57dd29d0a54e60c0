//! Tests of the workbench on a small session in a temporary folder.

mod compare;
mod decisions;
mod diversity;
mod examples;
mod feedback;
mod prompts;
mod race;
mod remarks;
mod runs;
mod scarcity;
mod scraps;
mod unsaved;

use std::fs;

use tempfile::TempDir;

use super::{Location, NewOrder, PromptSource, RequestOutcome, RunPlan, Workbench, new_session};
use crate::domain::{
    Change, Fields, FlagKind, NewScrap, OperationId, Provider, RequestNumber, RowNumber, RowView, RunNumber,
    RunOrder, RunStatus, Timestamp,
};
use crate::generate::{EventStream, GenerateRequest, Generator, GeneratorName};

pub(super) const NOW: Timestamp = Timestamp(1_000_000);

/// The dataset, split by a column: the real rows that flags are computed from.
const DATA: &str = "\
id,split,label,text
t1,train,spam,Win a cash prize today and call this number before noon
t2,train,spam,Free ringtones for your phone and the first one costs nothing
t3,train,ham,See you at the station at six and bring the umbrella please
t4,test,spam,Claim your holiday voucher with the code from this message
t5,test,ham,I will be late for dinner because the meeting goes on and on
";

/// A generator that reads its prompt. It is never called: the tests supply the rows.
struct Model;

impl Generator for Model {
    fn name(&self) -> GeneratorName {
        GeneratorName { provider: Provider::Openai, model: Some("small".into()), base_url: None }
    }

    fn unread(&self) -> Option<&'static str> {
        None
    }

    fn ordered(&self) -> bool {
        false
    }

    fn generate(&self, _request: GenerateRequest) -> EventStream<'_> {
        Box::pin(futures_util::stream::empty())
    }
}

/// A session in a temporary folder, which is deleted when this is dropped.
pub(super) struct TestSession {
    pub(super) bench: Workbench,
    folder: TempDir,
}

impl TestSession {
    pub(super) fn new() -> Self {
        Self::of(DATA, "spam", "")
    }

    /// Makes a session of a table with the columns of [`DATA`], and adds lines to its file.
    pub(super) fn of(table: &str, target: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data.csv");
        fs::write(&data, table).unwrap();
        let order = NewOrder {
            id: Some("id"),
            split: Some("split"),
            ..NewOrder::new(&data, "text", "label", target)
        };
        let location = new_session(&folder.path().join("session"), &order, None, NOW).unwrap();
        let file = location.folder.join("session.toml");
        let written = fs::read_to_string(&file).unwrap();
        // Length bounds taken from so few rows would flag nearly every text.
        let unbounded = |line: &&str| !line.starts_with("min_chars") && !line.starts_with("max_chars");
        let written = written.lines().filter(unbounded).collect::<Vec<_>>().join("\n");
        fs::write(&file, format!("{written}\n{more}")).unwrap();
        let bench = Workbench::open(&location, NOW).unwrap();
        Self { bench, folder }
    }

    /// Opens the same session again, as after a restart of the program.
    fn reopened(self) -> Self {
        let location = self.location();
        let Self { bench, folder } = self;
        drop(bench);
        Self { bench: Workbench::open(&location, NOW).unwrap(), folder }
    }

    fn location(&self) -> Location {
        self.bench.location().clone()
    }

    pub(super) fn next(&self) -> OperationId {
        self.bench.next_operation()
    }

    fn begin(&mut self, rows: u32) -> (RunPlan, RequestNumber) {
        self.begin_with(&Model, rows)
    }

    fn begin_with(&mut self, generator: &dyn Generator, rows: u32) -> (RunPlan, RequestNumber) {
        // As options name it; what is read back does not say so.
        let settings = crate::domain::GeneratorSettings {
            server_by: crate::domain::NamedBy::Person,
            ..self.bench.session().generator.clone()
        };
        let (order, source) = (RunOrder::new(rows, settings), PromptSource::Version(None));
        let operation = self.next();
        let plan = self.bench.begin_run(&order, &source, generator, operation, NOW).unwrap();
        let planned = plan.request(0, rows).unwrap();
        let request = self.bench.begin_request(&plan, &planned, NOW);
        (plan, request)
    }

    fn end(&mut self, plan: &RunPlan, request: RequestNumber) {
        self.bench.end_request(plan, request, RequestOutcome { sent: 1, ..RequestOutcome::default() }, NOW);
        self.bench.end_run(plan, RunStatus::Done, NOW);
        self.bench.commit().unwrap();
    }

    /// Makes a whole run of these rows and scraps.
    pub(super) fn run(&mut self, rows: &[&str], scraps: &[&str]) -> RunNumber {
        let (plan, request) = self.begin(u32::try_from(rows.len().max(1)).unwrap());
        let scrap = |raw: &&str| NewScrap { raw: (*raw).into(), reason: "It is no row.".into() };
        self.bench.keep_scraps(&plan, request, scraps.iter().map(scrap).collect(), NOW);
        self.take_in(&plan, request, rows.iter().map(|text| Fields::of_text(*text)).collect());
        self.end(&plan, request);
        plan.number()
    }

    /// Takes in rows as a running request does.
    fn take_in(
        &mut self,
        plan: &RunPlan,
        request: RequestNumber,
        rows: Vec<Fields>,
    ) -> super::intake::TakenIn {
        let index = self.bench.projection().request(request).unwrap().index;
        let told = plan.instruction(&plan.request(index, plan.run.requested).unwrap());
        let rows = rows.into_iter().map(|fields| (fields, None)).collect();
        self.bench.take_in(plan, request, plan.flag(rows, told.as_ref()), NOW)
    }

    pub(super) fn change(&mut self, rows: &[u32], change: Change) {
        let (operation, rows) = (self.next(), rows.iter().copied().map(RowNumber).collect());
        self.bench.change(operation, NOW, &rows, change, false).unwrap();
        self.bench.commit().unwrap();
    }

    pub(in crate::workbench) fn edit(&mut self, row: u32, text: &str) {
        self.change(&[row], Change::Edit { fields: Some(Fields::of_text(text)) });
    }

    pub(super) fn row(&self, row: u32) -> RowView<'_> {
        self.bench.projection().row(RowNumber(row)).unwrap()
    }

    pub(super) fn flags(&self, row: u32) -> Vec<FlagKind> {
        self.row(row).flags().map(|flag| flag.kind).collect()
    }

    /// Checks that journal, sled and memory hold the same, and returns the session opened again.
    pub(super) fn checked(self) -> Self {
        let before = self.bench.state().projection;
        let store = self.location().store;
        let session = self.reopened();
        let after = session.bench.state().projection;
        assert_eq!(before.difference(&after), None, "what was opened again is what was saved");
        let Self { bench, folder } = session;
        drop(bench);
        let report = crate::store::verify(&store).unwrap();
        assert!(report.is_clean(), "{:?}", report.problems);
        assert!(report.notes.is_empty(), "sled was compared: {:?}", report.notes);
        let location = Location { folder: folder.path().join("session"), store };
        Self { bench: Workbench::open(&location, NOW).unwrap(), folder }
    }
}
