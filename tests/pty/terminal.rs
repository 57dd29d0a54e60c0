//! A terminal for tests: runs the real binary in a pty and reads what it draws.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The longest wait for a text on the screen.
const PATIENCE: Duration = Duration::from_secs(20);
/// Keys pressed one call after the other are further from one another than those of a paste, which goes on after pauses
/// of 50 ms.
const APART: Duration = Duration::from_millis(60);
/// What comes before and after a frame, so that a terminal shows it at once.
const FRAME: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

/// A running program and its screen.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    parser: Arc<Mutex<vt100::Parser>>,
    /// Every byte that the program wrote.
    written: Arc<Mutex<Vec<u8>>>,
    modes_at_first: String,
    pressed: Option<Instant>,
}

impl Terminal {
    /// Starts the workbench with its data, settings and state below `home`.
    pub(crate) fn start(home: &Path, args: &[&str], (columns, rows): (u16, u16)) -> Self {
        Self::start_with(home, args, (columns, rows), &[])
    }

    /// Starts the workbench with more environment variables.
    pub(crate) fn start_with(
        home: &Path,
        args: &[&str],
        (cols, rows): (u16, u16),
        env: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rowsmith"));
        command.args(args);
        Self::spawn(command, home, (cols, rows), env)
    }

    /// Starts any command in a terminal.
    pub(crate) fn spawn(
        mut command: CommandBuilder,
        home: &Path,
        (cols, rows): (u16, u16),
        env: &[(&str, &str)],
    ) -> Self {
        let pair =
            native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("HOME", home);
        for (name, value) in env {
            command.env(name, value);
        }
        command.cwd(home);
        let modes_at_first = modes(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let parser = Arc::new(Mutex::new(vt100::Parser::new(size(rows), size(cols), 0)));
        let written = Arc::new(Mutex::new(Vec::new()));
        let (screen, bytes) = (Arc::clone(&parser), Arc::clone(&written));
        std::thread::spawn(move || {
            let (mut buffer, mut held) = ([0; 8192], Vec::new());
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                bytes.lock().unwrap().extend_from_slice(&buffer[..read]);
                held.extend_from_slice(&buffer[..read]);
                let whole = before_open_frame(&held);
                screen.lock().unwrap().process(&held[..whole]);
                held.drain(..whole);
            }
            screen.lock().unwrap().process(&held);
        });
        Self { child, master: pair.master, keys, parser, written, modes_at_first, pressed: None }
    }

    /// Types keys.
    pub(crate) fn press(&mut self, keys: &str) {
        if let Some(pressed) = self.pressed {
            std::thread::sleep(APART.saturating_sub(pressed.elapsed()));
        }
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self.pressed = Some(Instant::now());
    }

    /// Returns what is on the screen: the last whole frame.
    pub(crate) fn text(&self) -> String {
        self.parser.lock().unwrap().screen().contents()
    }

    /// Returns the text on the screen once it has not changed for `still`.
    pub(crate) fn settled(&self, still: Duration) -> String {
        let mut before = self.text();
        loop {
            std::thread::sleep(still);
            let now = self.text();
            if now == before {
                return now;
            }
            before = now;
        }
    }

    /// Returns every byte that the program wrote.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.written.lock().unwrap().clone()
    }

    /// Returns the modes of the line discipline, such as echo, from before the program started.
    pub(crate) fn modes_at_first(&self) -> &str {
        &self.modes_at_first
    }

    /// Returns the present modes of the line discipline.
    pub(crate) fn modes(&self) -> String {
        modes(self.master.as_ref())
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub(crate) fn until(&self, wanted: &str) {
        self.until_true(wanted, |text| text.contains(wanted));
    }

    /// Waits until the screen satisfies a condition.
    #[track_caller]
    pub(crate) fn until_true(&self, what: &str, is_right: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !is_right(&self.text()) {
            assert!(began.elapsed() < PATIENCE, "never saw {what:?} in:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Changes the size of the terminal.
    pub(crate) fn resize(&mut self, (cols, rows): (u16, u16)) {
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self.parser.lock().unwrap().screen_mut().set_size(size(rows), size(cols));
    }

    /// Returns the program's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends a signal, by its name for `kill`.
    pub(crate) fn signal(&self, name: &str) {
        self.signals(&[name]);
    }

    /// Sends signals, one at once after the other.
    pub(crate) fn signals(&self, names: &[&str]) {
        let pid = self.pid().to_string();
        let script: Vec<_> = names.iter().map(|name| format!("kill -s {name} {pid} 2>/dev/null")).collect();
        // It may have ended before the last one.
        std::process::Command::new("sh").args(["-c", &script.join("; ")]).status().unwrap();
    }

    /// Waits until the program has ended, and returns its exit code.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> u32 {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // The reader thread may still have output to read.
                std::thread::sleep(Duration::from_millis(50));
                return status.exit_code();
            }
            assert!(began.elapsed() < PATIENCE, "the program did not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Kills the program.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Returns how many bytes come before a frame that has begun and not ended, or before what may be a frame's beginning.
fn before_open_frame(bytes: &[u8]) -> usize {
    let [begin, end] = FRAME;
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    match last(begin) {
        Some(at) if last(end).is_none_or(|ended| ended < at) => at,
        _ => {
            let cut = (1..begin.len()).rev().find(|length| bytes.ends_with(&begin[..*length]));
            bytes.len() - cut.unwrap_or(0)
        }
    }
}

fn size(cells: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(cells).unwrap()
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
