//! The terminal goes: the process that holds its other side is killed.
//!
//! That process is this test binary again, so that nothing here keeps the terminal open.

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::{command, rows};

/// Where the holder finds its home, and whether the terminal is the controlling one.
const HOME: &str = "ROWSMITH_TEST_HOLDER";
const CONTROLLING: &str = "ROWSMITH_TEST_CONTROLLING";
/// A machine that does nothing else needs less than a second.
const PATIENCE: Duration = Duration::from_secs(20);
/// A loop that spins would use a hundred a second.
const MOST_TICKS: u64 = 150;
/// An editor that has saved something and stays open.
const EDITOR: &str =
    "f() { printf 'Saved by the editor.' > \"$1\"; touch \"$HOME/edited\"; exec sleep 5; }; f";

/// The workbench in a terminal whose other side another process holds.
struct Held {
    holder: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Held {
    fn start(home: &Path, controlling: bool) -> Self {
        let mut holder = Command::new(std::env::current_exe().unwrap());
        holder.args([
            "--exact",
            "gone::a_child_that_holds_the_terminal",
            "--nocapture",
            "--test-threads",
            "1",
        ]);
        holder.env(HOME, home).env(CONTROLLING, controlling.to_string());
        let mut holder = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut output) = (holder.stdin.take().unwrap(), holder.stdout.take().unwrap());
        let screen =
            Arc::new(Mutex::new(vt100::Parser::new(45.try_into().unwrap(), 160.try_into().unwrap(), 0)));
        let drawn = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = output.read(&mut buffer) {
                drawn.lock().unwrap().process(&buffer[..read]);
            }
        });
        Self { holder, keys, screen }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    #[track_caller]
    fn until(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        let began = Instant::now();
        loop {
            let text = self.screen.lock().unwrap().screen().contents();
            if is_there(&text) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never saw {what:?} in:\n{text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[track_caller]
    fn sees(&self, text: &str) {
        self.until(text, |screen| screen.contains(text));
    }

    /// Kills the holder, and checks that the workbench ends without using the processor.
    #[track_caller]
    fn hang_up(mut self, home: &Path) {
        let pid = std::fs::read_to_string(home.join("pid")).unwrap();
        let before = ticks(&pid).expect("it runs");
        self.holder.kill().unwrap();
        self.holder.wait().unwrap();
        let (began, mut last) = (Instant::now(), before);
        while let Some(now) = ticks(&pid) {
            last = now;
            assert!(began.elapsed() < Duration::from_secs(5), "it lives on; {} ticks", last - before);
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(last - before < MOST_TICKS, "it used {} ticks", last - before);
    }
}

/// Returns the processor time of a process, or `None` once it has ended.
fn ticks(pid: &str) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let is_over = matches!(fields[0], "Z" | "X");
    (!is_over).then(|| fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap())
}

/// Checks that the store is whole and free, and that one row is accepted.
#[track_caller]
fn assert_saved(home: &Path) {
    let accepted = rows(home).iter().filter(|row| row["state"] == "accepted").count();
    assert_eq!(accepted, 1);
    assert!(command(home, &["store", "verify", "tickets"]).1.starts_with("whole"));
    assert_eq!(command(home, &["skip", "tickets", "--filter", "number=5"]).0, 0, "the store is still locked");
}

fn draft(home: &Path) -> String {
    std::fs::read_to_string(home.join(".local/share/rowsmith/sessions/tickets/.rowsmith/draft.json")).unwrap()
}

fn with_a_decision(home: &Path, controlling: bool) -> Held {
    assert_eq!(command(home, &["sample", "tickets", "-n", "5"]).0, 0);
    let mut held = Held::start(home, controlling);
    held.sees("5 pending");
    held.press("a");
    held.sees("1 accepted");
    held
}

#[test]
fn the_workbench_ends_and_keeps_the_draft_to_its_last_key() {
    for controlling in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let mut held = with_a_decision(home.path(), controlling);
        held.press("i");
        held.sees("typing");
        held.press("To the last key");
        held.sees("To the last key");
        held.hang_up(home.path());
        assert_saved(home.path());
        assert!(draft(home.path()).contains("To the last key"));
    }
}

#[test]
fn a_run_is_stopped_and_what_came_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let mut held = with_a_decision(home.path(), false);
    held.press(",");
    held.sees("rows");
    held.press("\x15");
    held.press("20000\r");
    std::thread::sleep(Duration::from_millis(100));
    held.press("s");
    held.until("the run", |text| text.contains("sampling") && !text.contains(" 4 pending"));
    held.hang_up(home.path());
    assert_saved(home.path());
    assert!(rows(home.path()).len() > 5);
}

#[test]
fn an_editor_that_is_open_holds_nothing_up_and_what_it_saved_is_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let mut held = with_a_decision(home.path(), false);
    held.press("i");
    held.sees("typing");
    held.press("\x05");
    let began = Instant::now();
    while !home.path().join("edited").exists() {
        assert!(began.elapsed() < PATIENCE, "the editor was never opened");
        std::thread::sleep(Duration::from_millis(5));
    }
    held.hang_up(home.path());
    assert_saved(home.path());
    assert!(draft(home.path()).contains("Saved by the editor."));
}

/// Not a test of its own: the tests above run it as the process that holds the terminal.
#[test]
fn a_child_that_holds_the_terminal() {
    let Ok(home) = std::env::var(HOME) else { return };
    let pair = native_pty_system()
        .openpty(PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 })
        .unwrap();
    let mut workbench = CommandBuilder::new(env!("CARGO_BIN_EXE_rowsmith"));
    workbench.args(["open", "tickets"]);
    workbench.env_clear();
    let path = std::env::var("PATH").unwrap_or_default();
    for (name, value) in
        [("PATH", path.as_str()), ("TERM", "xterm-256color"), ("HOME", &home), ("EDITOR", EDITOR)]
    {
        workbench.env(name, value);
    }
    workbench.cwd(&home);
    workbench.set_controlling_tty(std::env::var(CONTROLLING).is_ok_and(|value| value == "true"));
    let child = pair.slave.spawn_command(workbench).unwrap();
    drop(pair.slave);
    std::fs::write(Path::new(&home).join("pid"), child.process_id().unwrap().to_string()).unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    std::thread::spawn(move || std::io::copy(&mut std::io::stdin(), &mut keys));
    // Unbuffered, and its end is not waited for: this process is killed.
    let mut output = std::fs::File::from(std::io::stdout().as_fd().try_clone_to_owned().unwrap());
    let _ = std::io::copy(&mut pair.master.try_clone_reader().unwrap(), &mut output);
}
