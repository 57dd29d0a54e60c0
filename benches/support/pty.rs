//! Runs a program in a pty, and measures how long it takes to answer. Nothing is subtracted from
//! the times.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rowsmith::api::SplitMix64;

/// The size of the screen, in columns and rows.
pub(crate) const SIZE: (u16, u16) = (160, 45);
/// The silence after which a start is complete.
const SETTLED: Duration = Duration::from_millis(100);
/// The silence after which the answer to a key is complete. It is longer than a program's pause
/// between two frames, so that a late second frame counts.
const SILENCE: Duration = Duration::from_millis(25);
/// The largest random addition to it, so that keys do not fall into step with a program's frames.
const JITTER_MICROS: usize = 8000;
/// The escape sequence that ends a synchronised update.
const FRAME_END: &[u8] = b"\x1b[?2026l";
/// The longest time until an answer begins, or until a start shows the wanted text.
const PATIENCE: Duration = Duration::from_secs(1);
const START_PATIENCE: Duration = Duration::from_secs(20);

/// A running program and its screen.
pub(crate) struct Program {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    jitter: SplitMix64,
    // Dropping it would close the pty.
    _master: Box<dyn MasterPty + Send>,
}

/// The times of a start, counted from before the program was spawned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// Until the first text on the screen.
    pub first_paint: Duration,
    /// Until the wanted text.
    pub ready: Duration,
}

/// The times of the answer to a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    /// Until its first byte.
    pub first: Duration,
    /// Until its last byte.
    pub last: Duration,
}

impl Program {
    /// Starts a program with its own home folder, and waits until its screen has shown a text and
    /// no longer changes.
    pub(crate) fn start(program: &Path, args: &[&str], home: &Path, ready: &str) -> (Self, Start) {
        let (cols, rows) = SIZE;
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("LANG", "C.UTF-8");
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("HOME", home);
        command.cwd(home);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..read].to_vec())).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let cells = |cells: u16| std::num::NonZero::new(cells).unwrap();
        let screen = vt100::Parser::new(cells(rows), cells(cols), 0);
        let spawned = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let jitter = SplitMix64::new(1);
        let mut started = Self { child, keys, output, screen, jitter, _master: pair.master };
        let start = started.settle(spawned, ready);
        (started, start)
    }

    /// Reads until the text is there and no more output comes. The output is parsed only
    /// afterwards, so that parsing does not slow the program down.
    fn settle(&mut self, spawned: Instant, wanted: &str) -> Start {
        let (mut first_paint, mut ready) = (None, None);
        loop {
            let mut burst = Vec::new();
            while let Ok(chunk) = self.output.recv_timeout(SETTLED) {
                burst.push(chunk);
            }
            for (at, bytes) in burst {
                self.screen.process(&bytes);
                let text = self.screen.screen().contents();
                if !text.trim().is_empty() {
                    first_paint.get_or_insert(at - spawned);
                }
                if text.contains(wanted) {
                    ready.get_or_insert(at - spawned);
                }
            }
            if let (Some(first_paint), Some(ready)) = (first_paint, ready) {
                return Start { first_paint, ready };
            }
            assert!(
                spawned.elapsed() < START_PATIENCE,
                "never saw {wanted:?} in:\n{}",
                self.screen.screen().contents()
            );
        }
    }

    /// Presses a key, and returns how long the answer took; `None` where nothing came.
    pub(crate) fn press(&mut self, key: &str) -> Option<Answer> {
        let silence = SILENCE + Duration::from_micros(self.jitter.below(JITTER_MICROS) as u64);
        let pressed = Instant::now();
        self.keys.write_all(key.as_bytes()).unwrap();
        let mut patience = PATIENCE;
        let mut answer = None;
        loop {
            match self.output.recv_timeout(patience) {
                Ok((at, bytes)) => {
                    self.screen.process(&bytes);
                    let last = at - pressed;
                    answer = Some(Answer { first: answer.map_or(last, |answer: Answer| answer.first), last });
                    patience = silence;
                }
                Err(RecvTimeoutError::Timeout) => return answer,
                Err(RecvTimeoutError::Disconnected) => panic!("the program ended after {key:?}"),
            }
        }
    }

    /// Returns the answers to a key that is pressed again and again. When the key no longer changes
    /// anything, the key `back` is pressed and not counted.
    pub(crate) fn presses(&mut self, key: &str, count: usize, back: &str) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(count);
        while answers.len() < count {
            match self.press(key) {
                Some(answer) => answers.push(answer),
                None => assert!(self.press(back).is_some(), "neither {key:?} nor {back:?} is answered"),
            }
        }
        answers
    }

    /// Types keys and returns the time until the last byte of the first frame that shows a text.
    /// Other frames may come before and after it.
    pub(crate) fn type_until(&mut self, keys: &str, wanted: &str) -> Duration {
        // Output that came before the key is not its answer.
        std::thread::sleep(SILENCE + Duration::from_micros(self.jitter.below(JITTER_MICROS) as u64));
        while let Ok((_, bytes)) = self.output.try_recv() {
            self.screen.process(&bytes);
        }
        assert!(
            !self.text().contains(wanted) || keys.len() > 1,
            "{wanted:?} is shown before {keys:?} is pressed"
        );
        let pressed = Instant::now();
        self.keys.write_all(keys.as_bytes()).unwrap();
        loop {
            let (at, bytes) = match self.output.recv_timeout(START_PATIENCE) {
                Ok(chunk) => chunk,
                Err(error) => panic!("{error}: never saw {wanted:?} in:\n{}", self.text()),
            };
            self.screen.process(&bytes);
            // A frame ends with its synchronised update.
            if bytes.windows(FRAME_END.len()).any(|piece| piece == FRAME_END) && self.text().contains(wanted)
            {
                return at - pressed;
            }
        }
    }

    /// Returns the text on the screen.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Kills the program.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Returns the program's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Presses the keys that quit the program, and waits until it has ended.
    pub(crate) fn leave(mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        let pressed = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(pressed.elapsed() < START_PATIENCE, "the program did not end");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Normally it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
