//! The same operations on a real session.

use std::fs;
use std::sync::Arc;

use rowsmith::api::{
    Change, Draft, Event, Fact, Fields, GeneratorInfo, Location, NewOrder, NewRow, OperationId, Rating,
    Request, RequestNumber, RowId, RowNumber, RowSet, Run, RunNumber, RunStatus, Scores, StoreSettings,
    Stored, Timestamp, Tokens, Workbench, new_session, verify,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Op;
use super::expected::{Decision, Expected, MOST_ROWS, edited, meant, prompt, reason, sampled, tag};
use crate::home::Home;
use crate::script::{copy, folder, open, strays};

const DATA: &str = "\
id,split,label,text
t1,train,leave,Please close my account before the end of the month
t2,train,leave,I want to end the contract because the new flat has its own
t3,train,ask,How do I set up the second box in the kitchen
t4,test,leave,We are leaving on Friday and need no line any more
t5,test,ask,The light at the back is red and nothing happens
";

pub(crate) struct Bench {
    /// `None` while it is closed.
    open: Option<Workbench>,
    location: Location,
    clock: i64,
    /// Whether nothing failed so far.
    ended_well: bool,
    home: Home,
    _folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = folder();
        let data = folder.path().join("data.csv");
        fs::write(&data, DATA).unwrap();
        let order = NewOrder {
            id: Some("id"),
            split: Some("split"),
            ..NewOrder::new(&data, "text", "label", "leave")
        };
        let location = new_session(&folder.path().join("session"), &order, None, Timestamp(1)).unwrap();
        let file = location.folder.join("session.toml");
        let written = fs::read_to_string(&file).unwrap();
        // Bounds of length that come from so few rows would refuse edits.
        let unbounded = |line: &&str| !line.starts_with("min_chars") && !line.starts_with("max_chars");
        fs::write(&file, written.lines().filter(unbounded).collect::<Vec<_>>().join("\n")).unwrap();
        let open = Workbench::open(&location, Timestamp(1)).unwrap();
        Self { open: Some(open), location, clock: 1, ended_well: true, home: Home::new(), _folder: folder }
    }

    fn bench(&mut self) -> &mut Workbench {
        self.open.as_mut().unwrap()
    }

    fn close(&mut self) {
        self.open = None;
    }

    fn open(&mut self) -> Result<(), String> {
        self.clock += 1;
        let mut opened = Workbench::open(&self.location, Timestamp(self.clock));
        for _ in 0..100 {
            if !opened.as_ref().is_err_and(|error| error.to_string().contains("in use by another process")) {
                break;
            }
            // As below: another thread starts a process.
            std::thread::sleep(std::time::Duration::from_millis(10));
            opened = Workbench::open(&self.location, Timestamp(self.clock));
        }
        self.open = Some(opened.map_err(|error| error.to_string())?);
        let strays = strays(&self.location.store);
        if strays.is_empty() { Ok(()) } else { Err(format!("{strays:?} were left")) }
    }

    pub(crate) fn carry_out(&mut self, op: &Op) -> Result<(), String> {
        let done = self.try_to(op);
        self.ended_well &= done.is_ok();
        done
    }

    fn try_to(&mut self, op: &Op) -> Result<(), String> {
        self.clock += 1;
        let at = Timestamp(self.clock);
        let operation = self.bench().next_operation();
        match op {
            Op::Sample { rows, ends } => return self.sample(operation, *rows, *ends),
            Op::Decide { row, decision } => self.decide(*row, 1, decision)?,
            Op::Bulk { first, count, decision } => self.decide(*first, *count, decision)?,
            Op::Undo => drop(self.bench().undo(operation, at)),
            Op::Redo => drop(self.bench().redo(operation, at)),
            Op::SaveVersion(n) => {
                let draft = Arc::new(Draft { prompt: "main".into(), user: prompt(*n), ..Draft::default() });
                self.bench().save_version(&draft, operation, at).map_err(|error| error.to_string())?;
            }
            Op::Draft(n) => {
                let draft = Draft { prompt: "main".into(), user: prompt(*n), ..Draft::default() };
                self.bench().save_draft(&draft).map_err(|error| error.to_string())?;
            }
            _ => return self.happen(op),
        }
        self.bench().commit().map_err(|error| error.to_string())?;
        if self.clock % 7 == 0 {
            // As when the program is idle.
            self.bench().follow();
        }
        Ok(())
    }

    /// Closes the session, lets something happen to its store, and opens it again.
    fn happen(&mut self, op: &Op) -> Result<(), String> {
        let store = self.location.store.clone();
        match op {
            Op::Killed => {
                let image = store.with_extension("image");
                copy(&store, &image);
                self.close();
                fs::remove_dir_all(&store).unwrap();
                fs::rename(image, store).unwrap();
            }
            Op::TailLost(lines) => {
                self.close();
                self.lose(*lines)?;
            }
            Op::SledDeleted => {
                self.close();
                fs::remove_dir_all(store.join("sled")).unwrap();
            }
            Op::HalfAnOperation { row } => {
                let operation = self.bench().next_operation();
                let rows = RowSet::one(RowNumber(*row));
                self.close();
                let event = Event::Changed { rows, change: Change::reject(), bulk: false };
                let part = Fact { part: true, ..Fact::new(operation, Timestamp(self.clock), event) };
                let opened = open(&store, StoreSettings::default).map_err(|error| error.to_string())?;
                let mut store = opened.store;
                store.append(&[part]).map_err(|error| error.to_string())?;
            }
            _ => self.close(),
        }
        self.open()
    }

    /// Cuts lines off the journal, sees that this is told, and repairs it from sled.
    fn lose(&mut self, lines: usize) -> Result<(), String> {
        // Facts that earlier versions do not know begin another segment.
        let segments = fs::read_dir(self.location.store.join("journal")).unwrap();
        let path = segments.map(|entry| entry.unwrap().path()).max().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let kept = text.lines().count().saturating_sub(lines).max(1);
        let cut: String = text.split_inclusive('\n').take(kept).collect();
        fs::write(&path, &cut).unwrap();
        if Workbench::open(&self.location, Timestamp(self.clock)).is_ok() {
            return Err("a journal without its last lines was opened as if it were whole".into());
        }
        if fs::read_to_string(&path).unwrap() != cut {
            return Err("a journal without its last lines was written to".into());
        }
        let folder = self.location.folder.to_str().unwrap();
        let mut done = self.home.run(&["store", "repair", folder]);
        for _ in 0..100 {
            if done.code != 3 {
                break;
            }
            // A process that another thread starts at this moment holds the lock until it has begun.
            std::thread::sleep(std::time::Duration::from_millis(10));
            done = self.home.run(&["store", "repair", folder]);
        }
        if done.code == 1 {
            // sled does not count the lines of an operation that was given up; the model knows whether anything is lost.
            done = self.home.run(&["store", "repair", folder, "--accept-loss"]);
        }
        if done.code != 0 {
            return Err(format!("the store was not repaired: {}", done.said));
        }
        // The repair keeps what it replaced.
        let kept = strays(&self.location.store);
        if kept.is_empty() {
            return Err("the damaged journal was not kept".into());
        }
        kept.iter().for_each(|name| fs::remove_dir_all(self.location.store.join(name)).unwrap_or_default());
        Ok(())
    }

    fn decide(&mut self, first: u32, count: u32, decision: &Decision) -> Result<(), String> {
        let (at, operation) = (Timestamp(self.clock), self.bench().next_operation());
        let rows: Vec<usize> = meant(first, count, self.bench().projection().rows().count());
        let rows: RowSet = rows.into_iter().map(|row| RowNumber(u32::try_from(row).unwrap())).collect();
        let tags = |n: &Option<u8>| n.iter().map(|n| tag(*n)).collect();
        let change = match decision {
            Decision::Accept { rating, tag } => Change::Accept {
                rating: rating.map(|stars| Rating::try_from(stars).unwrap()),
                tags: tags(tag),
            },
            Decision::Reject { reason: why, tag } => {
                Change::Reject { reason: why.map(reason), tags: tags(tag) }
            }
            Decision::Skip { reason: why, tag } => Change::Skip { reason: why.map(reason), tags: tags(tag) },
            Decision::ClearRating => Change::ClearRating,
            Decision::Tags(tags) => Change::Tag { tags: tags.iter().map(|n| tag(*n)).collect() },
            Decision::Edit(text) => Change::Edit { fields: text.map(|n| Fields::of_text(edited(n))) },
        };
        let changed = self.bench().change(operation, at, &rows, change, rows.len() > 1);
        changed.map(drop).map_err(|error| error.to_string())
    }

    /// Brings rows as a run does, each step saved by itself; one that does not end is interrupted later.
    fn sample(&mut self, operation: OperationId, count: u32, ends: bool) -> Result<(), String> {
        let at = Timestamp(self.clock);
        let bench = self.open.as_mut().unwrap();
        let before = bench.projection().rows().count();
        if before + count as usize > MOST_ROWS {
            return Ok(());
        }
        let run = RunNumber(u32::try_from(bench.projection().runs().count()).unwrap() + 1);
        let request = RequestNumber(u32::try_from(bench.projection().requests().count()).unwrap());
        let version = bench.projection().versions().last().unwrap().id;
        let info = GeneratorInfo {
            provider: "offline".into(),
            model: None,
            base_url: None,
            temperature: 1.0,
            seed: 1,
        };
        let began = Event::RunBegan { run: Box::new(Run::begun(run, version, "leave", info, count, at)) };
        let asked = Request {
            number: request,
            run,
            index: 0,
            seed: 1,
            variables: Arc::default(),
            examples: Vec::new(),
            answered_by: None,
            seconds: None,
            key: String::new(),
        };
        let asked = Event::RequestBegan { request: asked, messages: Stored::Inline("[]".into()) };
        let first = RowNumber(u32::try_from(before).unwrap());
        let rows = (before..before + count as usize).map(row).collect();
        let came = Event::Sampled { run, request, first, rows };
        let answered = Event::RequestEnded {
            run,
            request,
            reply: Some(Stored::Inline("a reply".into())),
            tokens: Tokens::default(),
            estimated: Tokens::default(),
            answered_by: None,
            remarks: Vec::new(),
            seconds: 0.1,
            error: None,
            cut_off: false,
            sent: 1,
        };
        let ended = Event::RunEnded { run, status: RunStatus::Done };
        let steps = [began, asked, came, answered, ended];
        for event in steps.into_iter().take(if ends { 5 } else { 3 }) {
            bench.stage(Fact::new(operation, at, event));
            bench.commit().map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Returns the first difference between the session and the model.
    pub(crate) fn difference(&mut self, expected: &Expected) -> Option<String> {
        let projection = self.bench().projection();
        let rows: Vec<Value> = projection
            .rows()
            .map(|row| {
                let mut mark = serde_json::to_value(row.mark()).unwrap();
                json!({
                    "state": mark["state"].take(),
                    "rating": mark["rating"].take(),
                    "tags": row.mark().tags,
                    "reason": mark["reason"].take(),
                    "text": row.text().as_str(),
                    "edited": row.mark().edit.is_some(),
                    "bulk": row.mark().bulk,
                })
            })
            .collect();
        if let Some((at, (is, wanted))) =
            rows.iter().zip(expected.rows()).enumerate().find(|(_, (is, wanted))| **is != *wanted)
        {
            return Some(format!("row {} is {is}, not {wanted}", at + 1));
        }
        if rows.len() != expected.rows().count() {
            return Some(format!("there are {} rows, not {}", rows.len(), expected.rows().count()));
        }
        let prompts: Vec<_> =
            projection.versions().iter().skip(1).map(|version| version.content.user.clone()).collect();
        if prompts != expected.prompts() {
            return Some(format!("the versions are {prompts:?}, not {:?}", expected.prompts()));
        }
        let depths = (projection.next_undo().is_some(), projection.next_redo().is_some());
        (depths != expected.depths())
            .then(|| format!("undo and redo: {depths:?}, not {:?}", expected.depths()))
    }

    /// Returns how the draft differs from the model's.
    pub(crate) fn draft_differs(&mut self, expected: &Expected) -> Option<String> {
        let (wanted, is) = (expected.draft()?, self.bench().draft().user);
        (wanted != is).then(|| format!("the draft is {is:?}, not {wanted:?}"))
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.close();
        // After a failure the store is not what it should be, which was told already.
        if self.ended_well && !std::thread::panicking() {
            let problems = verify(&self.location.store).unwrap().problems;
            assert_eq!(problems, Vec::<String>::new());
        }
    }
}

fn row(number: usize) -> NewRow {
    NewRow {
        id: RowId::from_bits((number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        label: "leave".into(),
        fields: Fields::of_text(sampled(number)),
        flags: Vec::new(),
        scores: Scores::default(),
    }
}
