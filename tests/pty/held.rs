//! The workbench in a terminal whose other side another process holds, so that killing that closes the terminal.
//!
//! That process is this test binary again, so that nothing here keeps the terminal open. In the terminal a shell
//! waits for the workbench and writes its exit code down.

use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Where the holder finds its home, and whether the terminal is the controlling one.
const HOME: &str = "ROWSMITH_TEST_HOLDER";
const CONTROLLING: &str = "ROWSMITH_TEST_CONTROLLING";
/// A machine that does nothing else needs less than a second.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// A loop that spins would use a hundred a second.
const MOST_TICKS: u64 = 150;
/// An editor that has saved something and stays open.
const EDITOR: &str = "f() { printf 'Saved by the editor.' > \"$1\"; touch \"$HOME/edited\"; printf 'In the editor'; exec sleep 60; }; f";

/// The workbench in a terminal whose other side another process holds.
pub(crate) struct Held {
    holder: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Held {
    pub(crate) fn start(home: &Path, controlling: bool) -> Self {
        let mut holder = Command::new(std::env::current_exe().unwrap());
        holder.args([
            "--exact",
            "held::a_child_that_holds_the_terminal",
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

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    #[track_caller]
    pub(crate) fn until(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        let began = Instant::now();
        loop {
            let text = self.text();
            if is_there(&text) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never saw {what:?} in:\n{text}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[track_caller]
    pub(crate) fn sees(&self, text: &str) {
        self.until(text, |screen| screen.contains(text));
    }

    /// Returns the text on the screen.
    pub(crate) fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Stops the holder, so that the terminal stays open and nobody reads it.
    pub(crate) fn stop_reading(&self) {
        signal("STOP", &self.holder.id().to_string());
    }

    /// Sends a signal to the workbench while nobody reads the terminal, and returns its exit code.
    pub(crate) fn ends_unread(mut self, home: &Path, name: &str) -> String {
        signal(name, std::fs::read_to_string(home.join("pid")).unwrap().trim());
        let (began, code) = (Instant::now(), home.join("code"));
        while !std::fs::read_to_string(&code).is_ok_and(|code| code.ends_with('\n')) {
            assert!(began.elapsed() < PATIENCE, "it waits for the terminal");
            std::thread::sleep(Duration::from_millis(20));
        }
        self.holder.kill().unwrap();
        self.holder.wait().unwrap();
        std::fs::read_to_string(code).unwrap().trim().to_owned()
    }

    /// Kills the holder, checks that the workbench ends with the right exit code and without using the processor, and
    /// returns the processor time that it took.
    #[track_caller]
    pub(crate) fn hang_up(mut self, home: &Path) -> u64 {
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
        let code = home.join("code");
        while std::fs::read_to_string(&code).is_ok_and(|code| !code.ends_with('\n')) || !code.exists() {
            assert!(began.elapsed() < PATIENCE, "nobody wrote the exit code down");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(std::fs::read_to_string(code).unwrap(), "129\n");
        last - before
    }
}

fn signal(name: &str, pid: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), pid]).status().unwrap().success());
}

/// Returns the processor time of a process, or `None` once it has ended.
fn ticks(pid: &str) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).ok()?;
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let is_over = matches!(fields[0], "Z" | "X");
    (!is_over).then(|| fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap())
}

/// Not a test of its own: the tests above run it as the process that holds the terminal.
#[test]
fn a_child_that_holds_the_terminal() {
    let Ok(home) = std::env::var(HOME) else { return };
    let pair = native_pty_system()
        .openpty(PtySize { rows: 45, cols: 160, pixel_width: 0, pixel_height: 0 })
        .unwrap();
    // The shell stays where the workbench hears that the terminal goes.
    let script = r#"trap "" HUP; sh -c 'echo $$ > pid; exec "$0" open tickets' "$0"; echo $? > code"#;
    let mut workbench = CommandBuilder::new("sh");
    workbench.args(["-c", script, env!("CARGO_BIN_EXE_rowsmith")]);
    workbench.env_clear();
    let path = std::env::var("PATH").unwrap_or_default();
    for (name, value) in [
        ("PATH", path.as_str()),
        ("TERM", "xterm-256color"),
        ("HOME", &home),
        ("EDITOR", EDITOR),
        ("TMPDIR", &home),
    ] {
        workbench.env(name, value);
    }
    workbench.cwd(&home);
    workbench.set_controlling_tty(std::env::var(CONTROLLING).is_ok_and(|value| value == "true"));
    let _child = pair.slave.spawn_command(workbench).unwrap();
    drop(pair.slave);
    let mut keys = pair.master.take_writer().unwrap();
    std::thread::spawn(move || std::io::copy(&mut std::io::stdin(), &mut keys));
    // Unbuffered, and its end is not waited for: this process is killed.
    let mut output = std::fs::File::from(std::io::stdout().as_fd().try_clone_to_owned().unwrap());
    let _ = std::io::copy(&mut pair.master.try_clone_reader().unwrap(), &mut output);
}
