//! Measures what a person waits for: the start, a key, a command; and what the idle workbench uses.
//!
//! The real program runs in a pty of 160 × 45. The times include the pty and its reader; `vim` and
//! `less` on a large file are measured the same way for comparison.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "support/facts.rs"]
mod facts;
#[path = "support/figures.rs"]
mod figures;
#[path = "support/process.rs"]
mod process;
#[path = "support/pty.rs"]
mod pty;
#[path = "support/server.rs"]
mod server;
#[path = "support/session.rs"]
mod session;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pty::Program;

const ROWS: u32 = 10_000;
/// The rows of a session in which somebody has begun to work.
const SOME_ROWS: u32 = 200;
const STARTS: usize = 10;
const KEYS: usize = 500;
/// The number of keys for the programs that are measured for comparison.
const OTHER_KEYS: usize = 100;
const IDLE: Duration = Duration::from_secs(5);
/// Concurrent requests while keys are pressed, and the number of keys.
const STREAMS: u32 = 256;
const STREAM_KEYS: usize = 300;
/// The accepted rows that are evaluated while keys are pressed: so many that it takes longer than the keys.
const EVALUATED: u32 = 40_000;
const PAGE_DOWN: &str = "\x1b[6~";

fn main() {
    let rowsmith = Path::new(env!("CARGO_BIN_EXE_rowsmith"));
    // An argument, as in `cargo bench --bench screen -- PART`, selects one part.
    match std::env::args().nth(1).as_deref() {
        Some("serve") => return server::serve(),
        Some("stream") => return while_rows_stream(rowsmith),
        Some("evaluate") => return while_evaluating(rowsmith),
        Some("accept") => return headless(rowsmith, home_with(ROWS).path()),
        _ => {}
    }
    figures::heading("start, `tickets`");
    first_starts(rowsmith);
    let home = home_with(SOME_ROWS);
    starts(&format!("{SOME_ROWS} rows"), rowsmith, home.path());

    let home = home_with(ROWS);
    starts(&format!("{ROWS} rows"), rowsmith, home.path());
    at_work(rowsmith, home.path());
    headless(rowsmith, home.path());
    while_rows_stream(rowsmith);
    while_evaluating(rowsmith);

    let text = large_text(home.path());
    let text = text.to_str().unwrap();
    other("vim", &[text], home.path(), "gg", ":q!\r");
    other("less", &[text], home.path(), "g", "q");
}

/// Makes a home folder with the bundled session and this many rows in its store.
fn home_with(rows: u32) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut bench = session::tickets(home.path());
    let sampling = session::sampling(&bench);
    session::each_fact(&sampling, rows, |fact| bench.stage(fact));
    bench.commit().unwrap();
    home
}

fn first_starts(rowsmith: &Path) {
    let starts: Vec<_> = (0..STARTS)
        .map(|_| {
            let home = tempfile::tempdir().unwrap();
            let (program, start) = Program::start(rowsmith, &[], home.path(), "No rows yet");
            program.leave("q");
            start
        })
        .collect();
    print_starts("the very first", &starts);
}

fn starts(label: &str, rowsmith: &Path, home: &Path) {
    let starts: Vec<_> = (0..STARTS)
        .map(|_| {
            let (program, start) = Program::start(rowsmith, &["open", "tickets"], home, " 0: ");
            program.leave("q");
            start
        })
        .collect();
    print_starts(label, &starts);
}

fn print_starts(label: &str, starts: &[pty::Start]) {
    let of = |pick: fn(&pty::Start) -> Duration| starts.iter().map(pick).collect::<Vec<_>>();
    figures::times(&format!("{label}: to first paint"), &of(|s| s.first_paint), &[20.0]);
    figures::times(&format!("{label}: to rows shown"), &of(|s| s.ready), &[60.0]);
}

/// Measures memory, idle CPU time and keys of a workbench with many rows.
fn at_work(rowsmith: &Path, home: &Path) {
    let (mut program, _) = Program::start(rowsmith, &["open", "tickets"], home, " 0: ");
    figures::heading(&format!("at work, {ROWS} rows, all panes"));
    let pid = program.pid().to_string();
    figures::figure("memory after the start", process::resident_mb(&pid), "MB", 80.0);
    // By then the pending writes of the start are done.
    std::thread::sleep(Duration::from_secs(1));
    let before = cpu_ticks(&pid);
    std::thread::sleep(IDLE);
    let ticks = f64::from(cpu_ticks(&pid) - before);
    figures::figure(&format!("CPU in {} s without a key", IDLE.as_secs()), ticks, "ticks", 0.0);
    for (name, key) in [("j", "j"), ("page down", PAGE_DOWN)] {
        let answers = program.presses(key, KEYS, "gg");
        print_answers(name, &answers, &[1.0, 3.0]);
    }
    let answers = program.presses("a", KEYS / 5, "gg");
    print_answers("a, until it is shown as saved", &answers, &[]);
    figures::figure("memory after the keys", process::resident_mb(&pid), "MB", 80.0);
    program.leave("q");
}

fn print_answers(name: &str, answers: &[pty::Answer], most: &[f64]) {
    let of = |pick: fn(&pty::Answer) -> Duration| answers.iter().map(pick).collect::<Vec<_>>();
    figures::times(&format!("{name}: to the first byte"), &of(|answer| answer.first), &[]);
    figures::times(&format!("{name}: to the last byte"), &of(|answer| answer.last), most);
}

/// Returns the CPU time of a process in the system's clock ticks, usually of 10 ms.
fn cpu_ticks(process: &str) -> u32 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    // The time in user mode and in the kernel, counted from after the process's name.
    fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u32>().unwrap()).sum()
}

/// Measures one command that decides every row.
fn headless(rowsmith: &Path, home: &Path) {
    figures::heading("one command");
    let decided = |verb: &str| {
        let mut command = Command::new(rowsmith);
        command.args([verb, "tickets", "--filter", "number>=1"]);
        command.env_clear().env("HOME", home).current_dir(home).stdin(Stdio::null());
        command.output().unwrap()
    };
    let times: Vec<_> = (0..5)
        .map(|_| {
            // So that each of them changes every row.
            decided("reject");
            let began = Instant::now();
            let output = decided("accept");
            let took = began.elapsed();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains(&format!("{ROWS} rows accepted")), "{said}");
            took
        })
        .collect();
    figures::times(&format!("{ROWS} rows accepted, durable"), &times, &[1000.0]);
}

/// Measures keys in a workbench while rows stream in as fast as they can.
fn while_rows_stream(rowsmith: &Path) {
    figures::heading(&format!("keys while {STREAMS} requests stream"));
    let served = server::Served::start();
    let url = &served.url;
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let location = server::session(home.path());
    let file = location.folder.join("session.toml");
    let settings = format!("provider = \"openai\"\nmodel = \"m\"\nbase_url = \"{url}\"");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("provider = \"offline\"", &settings);
    let text = text.replace("concurrency = 8 ", &format!("concurrency = {STREAMS} "));
    assert!(text.contains(&settings) && text.contains(&STREAMS.to_string()), "{text}");
    std::fs::write(&file, text).unwrap();
    let folder = location.folder.to_string_lossy();
    let (mut program, _) = Program::start(rowsmith, &["open", &folder], home.path(), "No rows yet");
    program.type_until(",", "The next sample");
    program.type_until("\x7f\x7f1000000", "1000000");
    program.type_until("\r", "next: 1000000 rows");
    program.type_until("s", "Row 1 of");
    std::thread::sleep(Duration::from_millis(500));
    let answers: Vec<_> =
        (0..STREAM_KEYS).map(|row| program.type_until("j", &format!("Row {} of", row + 2))).collect();
    figures::times("j: to the last byte", &answers, &[2.0, 8.0]);
    let rate = program.text().lines().find_map(|line| {
        let (before, _) = line.split_once(" rows/s")?;
        before.rsplit(' ').next()?.parse::<f64>().ok()
    });
    let rate = rate.map_or("not shown".into(), |rate| format!("{rate} rows/s"));
    figures::line("what came in meanwhile, as the screen says", &rate, "", true);
    program.kill();
}

/// Measures keys in the Measure view while an evaluation goes on, beside the same keys in the bench view.
fn while_evaluating(rowsmith: &Path) {
    figures::heading(&format!("keys while {EVALUATED} accepted rows are evaluated"));
    let home = home_with(EVALUATED);
    let mut command = Command::new(rowsmith);
    command.args(["accept", "tickets", "--filter", "number>=1"]).env_clear().env("HOME", home.path());
    assert!(command.current_dir(home.path()).stdin(Stdio::null()).output().unwrap().status.success());
    let (mut program, _) = Program::start(rowsmith, &["open", "tickets"], home.path(), " 0: ");
    std::thread::sleep(Duration::from_secs(1));
    let bench = goes_to(&mut program, "b");
    program.type_until("gm", "s evaluate");
    program.type_until("s", "ctrl-c stop");
    let measure = goes_to(&mut program, "m");
    assert!(program.text().contains("ctrl-c stop"), "the evaluation ended before the keys did");
    program.kill();
    figures::times("the bench view", &bench, &[]);
    figures::times("the Measure view meanwhile", &measure, &[]);
    for (name, share) in [("median", 50), ("p99", 99)] {
        let of = |times: &[Duration]| {
            let mut times = times.to_vec();
            times.sort();
            times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64()
        };
        figures::figure(&format!("{name}, over the bench view's"), of(&measure) / of(&bench), "×", 1.5);
    }
}

/// Opens the list of views and goes to the view that is shown, again and again; returns the time until the first byte of
/// each answer.
fn goes_to(program: &mut Program, view: &str) -> Vec<Duration> {
    let keys = ["g", view].into_iter().cycle().take(STREAM_KEYS);
    keys.filter_map(|key| program.press(key)).map(|answer| answer.first).collect()
}

/// Writes a text of 200,000 lines.
fn large_text(home: &Path) -> PathBuf {
    let mut text = String::new();
    for line in 0..200_000 {
        writeln!(text, "{line}: I want to end my contract since nobody answers, what is the notice?")
            .unwrap();
    }
    let path = home.join("large.txt");
    std::fs::write(&path, text).unwrap();
    path
}

/// Measures another program the same way, if it is installed.
fn other(name: &str, args: &[&str], home: &Path, back: &str, leave: &str) {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let Some(program) = std::env::split_paths(&paths).map(|dir| dir.join(name)).find(|path| path.is_file())
    else {
        figures::heading(&format!("{name}: skipped, it is not installed"));
        return;
    };
    figures::heading(&format!("{name}, for comparison: 200,000 lines"));
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (program, start) = Program::start(&program, args, home, "40: I want");
        program.leave(leave);
        starts.push(start);
    }
    let of = |pick: fn(&pty::Start) -> Duration| starts.iter().map(pick).collect::<Vec<_>>();
    figures::times("to first paint", &of(|s| s.first_paint), &[]);
    figures::times("to the text shown", &of(|s| s.ready), &[]);
    let (mut program, _) = Program::start(&program, args, home, "40: I want");
    for (label, key) in [("j", "j"), ("page down", "\x06")] {
        print_answers(label, &program.presses(key, OTHER_KEYS, back), &[]);
    }
    program.leave(leave);
}
