//! Random walks: keys in the workbench and commands beside it, compared after each step with a model of what must be.
//!
//! The header's counts, the strip and `rows --json` never differ from the model. A walk is made from its seed alone; one
//! that fails names its seed and its steps. `ROWSMITH_FAULTS=long` walks far, `ROWSMITH_FAULTS_SEED` gives the first
//! seed and `ROWSMITH_FAULTS_COUNT` how many of them there are.

mod expected;
mod shown;
mod steps;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rowsmith::api::SplitMix64;
use serde_json::Value;
use tempfile::TempDir;

use crate::terminal::Terminal;
use crate::{command, is_long};
use expected::Expected;
use shown::Shown;
use steps::{FILTERS, ORDERS, STEPS};

/// The walks that go at once.
const THREADS: usize = 3;
/// The rows that a walk begins with.
const ROWS: &str = "24";
/// The columns and lines of the screen; a row that was edited twice is seen in full.
const SIZE: (u16, u16) = (160, 60);
const LABELS: [&str; 4] = ["billing", "question", "fault", "cancel"];
/// The longest wait until the screen says what it must.
const PATIENCE: Duration = Duration::from_secs(20);
/// The screen stands still when it has not changed for this long.
const STILL: Duration = Duration::from_millis(8);

/// A workbench, and what must be in it.
struct Walk {
    home: TempDir,
    /// `None` while it is closed.
    open: Option<Terminal>,
    expected: Expected,
    random: SplitMix64,
    /// Which of the filters is on, and which order.
    filter: usize,
    order: usize,
    /// How many texts were typed.
    typed: usize,
}

type Done = Result<(), String>;

impl Walk {
    fn begin(seed: u64) -> Result<Self, String> {
        let home = tempfile::tempdir().unwrap();
        let (expected, random) = (Expected::default(), SplitMix64::new(seed));
        let mut walk = Self { home, open: None, expected, random, filter: 0, order: 0, typed: 0 };
        walk.command(&["sample", "tickets", "-n", ROWS, "--seed", &seed.to_string()])?;
        walk.expected.rows_came(&walk.rows()?);
        walk.start()?;
        Ok(walk)
    }

    fn step(&mut self) -> (String, Done) {
        let all: usize = STEPS.iter().map(|(weight, ..)| weight).sum();
        let mut drawn = self.random.below(all);
        let (_, name, step) = STEPS
            .iter()
            .find(|(weight, ..)| {
                let is_it = drawn < *weight;
                drawn = drawn.wrapping_sub(*weight);
                is_it
            })
            .unwrap();
        let mut told = (*name).to_owned();
        let done = step(self, &mut told).and_then(|()| self.is_as_expected());
        (told, done)
    }

    fn command(&self, args: &[&str]) -> Result<String, String> {
        let (code, out, said) = command(self.home.path(), args);
        if code == 0 { Ok(out) } else { Err(format!("{args:?} exited with {code}: {said}")) }
    }

    fn rows(&self) -> Result<Vec<Value>, String> {
        let out = self.command(&["rows", "tickets", "--json"])?;
        Ok(out.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    fn sled(&self) -> PathBuf {
        self.home.path().join(Path::new(".local/share/rowsmith/sessions/tickets/.rowsmith/sled"))
    }

    fn start(&mut self) -> Done {
        self.open = Some(Terminal::start(self.home.path(), &["open", "tickets"], SIZE));
        self.expected.last = None;
        self.until("? help")
    }

    fn close(&mut self) -> Done {
        if let Some(mut terminal) = self.open.take() {
            terminal.press("q");
            let code = terminal.ended();
            return if code == 0 { Ok(()) } else { Err(format!("the workbench exited with {code}")) };
        }
        Ok(())
    }

    fn press(&mut self, keys: &str) {
        self.open.as_mut().unwrap().press(keys);
    }

    fn text(&self) -> String {
        self.open.as_ref().unwrap().settled(STILL)
    }

    fn shown(&self) -> Shown {
        Shown::read(&self.text(), &LABELS)
    }

    fn until(&self, wanted: &str) -> Done {
        self.until_true(wanted, |text| text.contains(wanted))
    }

    fn until_true(&self, what: &str, is_right: impl Fn(&str) -> bool) -> Done {
        let began = Instant::now();
        let terminal = self.open.as_ref().unwrap();
        while !is_right(&terminal.text()) {
            if began.elapsed() > PATIENCE {
                return Err(format!("never saw {what:?} in:\n{}", terminal.text()));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Waits until all keys so far are answered: opens the commands and leaves them. Only then is the row that the screen
    /// names the selected one.
    fn catch_up(&mut self) -> Done {
        self.press(":");
        self.until("f1 help")?;
        self.press("\x1b");
        self.until("? help")
    }

    /// Opens a line or an editor with a key, and types.
    fn type_in(&mut self, key: &str, typed: &str) -> Done {
        self.press(key);
        self.until("f1 help")?;
        self.press(typed);
        Ok(())
    }

    /// Returns the selected row, from 0; none where the view is empty.
    fn selected(&mut self) -> Result<Option<usize>, String> {
        self.catch_up()?;
        Ok(self.shown().selected)
    }

    /// Compares everything that is shown and told with the model.
    fn is_as_expected(&mut self) -> Done {
        let expected = &self.expected;
        let states = ["pending", "accepted", "rejected", "skipped"];
        let counts = states.map(|state| (state, expected.count(state)));
        let accepted = expected.accepted();
        let is_right = |shown: &Shown| {
            let count = |state: &str| shown.counts.get(state).copied().unwrap_or(0);
            let added = |label: &str| accepted.get(label).copied().unwrap_or(0);
            shown.is_saved
                && counts.iter().all(|(state, wanted)| count(state) == *wanted)
                && shown.accepted.contains_key("cancel")
                && shown.accepted.iter().all(|(label, count)| *count == added(label))
        };
        if self.open.is_some() {
            let read = |text: &str| is_right(&Shown::read(text, &LABELS));
            self.until_true(&format!("saved, {counts:?}, {accepted:?}"), read)?;
        }
        // What the screen says as saved, a reader finds. What it says may be what it said before the last key.
        let rows = self.rows()?;
        if self.open.is_none() || self.expected.difference(&rows).is_none() {
            return self.expected.difference(&rows).map_or(Ok(()), Err);
        }
        self.catch_up()?;
        self.until("saved ✓")?;
        let rows = self.rows()?;
        self.expected.difference(&rows).map_or(Ok(()), Err)
    }

    /// Checks the rows that a filter finds and the order that they stand in.
    fn view_is_as_expected(&mut self) -> Done {
        let (filter, is_meant) = FILTERS[self.filter];
        let mut rows = self.expected.matching(is_meant);
        self.expected.order(&mut rows, ORDERS[self.order]);
        let wanted = if filter.is_empty() { None } else { Some(rows.len()) };
        let ends = [rows.first(), rows.last()].map(Option::<&usize>::copied);
        self.until_true(&format!("{filter} finding {wanted:?}"), |text| {
            Shown::read(text, &LABELS).found == wanted
        })?;
        for (key, end) in ["gg", "G"].into_iter().zip(ends) {
            self.press(key);
            let is_there = |text: &str| Shown::read(text, &LABELS).selected == end;
            self.until_true(&format!("row {end:?} from 0 after {key}, of {rows:?}"), is_there)?;
        }
        Ok(())
    }
}

/// Walks, and returns how it went wrong.
#[expect(clippy::print_stdout, reason = "the long form takes its time")]
fn walked(seed: u64, length: usize) -> Option<String> {
    let mut steps: Vec<String> = vec![];
    let went = Walk::begin(seed).and_then(|mut walk| {
        walk.is_as_expected()?;
        for _ in 0..length {
            let (told, done) = walk.step();
            steps.push(told);
            done?;
        }
        walk.close()?;
        let verified = walk.command(&["store", "verify", "tickets"])?;
        if verified.starts_with("whole") { Ok(()) } else { Err(verified) }
    });
    if is_long() {
        println!(
            "seed {seed}: {} steps, {}",
            steps.len(),
            went.as_ref()
                .err()
                .map_or_else(|| "as expected".to_owned(), |what| format!("not as expected: {what}"))
        );
    }
    went.err().map(|what| format!("seed {seed}, after {} steps: {what}\n{}", steps.len(), steps.join(" · ")))
}

#[test]
fn header_strip_and_rows_are_always_what_the_steps_add_up_to() {
    let (walks, length) = if is_long() { (100, 500) } else { (2, 60) };
    let given = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first: u64 = given("ROWSMITH_FAULTS_SEED").unwrap_or(1);
    let walks = given("ROWSMITH_FAULTS_COUNT").unwrap_or(walks);
    let failures: BTreeMap<u64, String> = std::thread::scope(|scope| {
        let some = |thread: usize| {
            let seeds = (first..first + walks).skip(thread).step_by(THREADS);
            seeds.filter_map(|seed| Some((seed, walked(seed, length)?))).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || some(thread))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{}", failures.into_values().collect::<Vec<_>>().join("\n\n"));
}
