//! A session's folder from a stranger, opened and looked at: it reaches no server, runs nothing, stays small and quick,
//! and writes nothing to the terminal that a stranger chose.
//!
//! The short form looks at each view for a moment. `ROWSMITH_LOOK_SECONDS=60` looks at each for a minute.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;

use crate::command;
use crate::terminal::Terminal;

/// How much memory the program and its children may hold.
const MOST_MEMORY: u64 = 200 << 20;
/// How long a key may take to be answered: half of them, and each one on a machine with other work.
const USUAL: Duration = Duration::from_millis(100);
const WORST: Duration = Duration::from_secs(2);
/// What no terminal may receive: a title, a bell, a colour that no theme has, a text that runs backwards.
const FORBIDDEN: [&[u8]; 5] =
    [b"\x1b]0;OWNED", b"\x07", b"\x1b[5;41m", "\u{202e}".as_bytes(), b"\x1b[2JOWNED"];
/// A name as a stranger writes it into TOML.
const NAME: &str = r"x\u001b]0;OWNED\u0007\u001b[5;41m\u202e\u001b[2JOWNED";
/// Each view and window: the keys that open it, what it shows then in the largest size, keys to press there, and the key
/// that leaves it.
const VIEWS: [(&str, &str, &[&str], &str); 16] = [
    ("gg", "Row", &["j", "j", "k"], ""),
    ("\t", "edit prompt", &["\x14", "\x14", "\x14"], "\t"),
    ("\t\t", "Preview", &["\x04", "\x15"], "\t"),
    ("i", "typing", &["a", "\x7f", "b", "\x7f"], "\x1b"),
    ("z", "Rows", &["j", "k"], "z"),
    ("?", "Help · keys", &["\x04", "\x15"], "\x1b"),
    (":", "accept-row", &["s", "\x7f", "t", "\x7f"], "\x1b"),
    (",", "The next sample", &["j", "k"], "\x1b"),
    ("o", "Request and reply", &["j", "k"], "\x1b"),
    ("O", "scrap", &[], "\x1b"),
    ("/", "Filter the rows", &["a", "\x7f", "b", "\x7f"], "\x1b"),
    ("gl", "Guidelines", &["\x04", "\x15"], "\x1b"),
    ("r", "Run 1", &[], "\x1b"),
    ("gd", "Dataset", &["j", "k", "\t"], "gb"),
    ("gm", "Measure", &["j", "k"], "gb"),
    ("gx", "What is written", &["j", "k"], "gb"),
];
const SIZES: [(u16, u16); 4] = [(160, 45), (100, 30), (80, 24), (40, 12)];

/// A server of a stranger, who counts who comes.
struct Trap {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Trap {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        std::thread::spawn(move || {
            for _stream in listener.incoming() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { url, connections }
    }
}

/// A person's home with a stranger's folder in it.
struct Home {
    dir: tempfile::TempDir,
    trap: Trap,
}

impl Home {
    /// Makes the folder, with rows of a run, and with this template as the prompt.
    fn new(template: &str) -> Self {
        let home = Self { dir: tempfile::tempdir().unwrap(), trap: Trap::new() };
        fs::write(home.at("precious"), "precious").unwrap();
        fs::create_dir(home.at("stranger")).unwrap();
        home.write_session("provider = \"offline\"", "{{ n }} {{ label }}");
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/sessions/tickets/tickets.csv");
        fs::copy(data, home.at("stranger/data.csv")).unwrap();
        let (code, _, said) = command(home.dir.path(), &["sample", "stranger", "-n", "20"]);
        assert_eq!(code, 0, "{said}");
        home.write_session(
            &format!(
                "provider = \"openai\"\nbase_url = \"{}\"\nmodel = \"{NAME}\"\napi_key_env = \"AWS_SECRET_ACCESS_KEY\"",
                home.trap.url
            ),
            template,
        );
        home.write_surroundings();
        home
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write_session(&self, generator: &str, template: &str) {
        let values: Vec<String> = (0..2_000).map(|n| format!("\"{NAME} {n}\"")).collect();
        let long = "y".repeat(200_000);
        let toml = format!(
            "name = \"{NAME}\"\ndescription = \"{NAME}\"\nguidelines = \"\"\"{NAME}\n{}\"\"\"\n\
             [dataset]\npath = \"data.csv\"\ntext = \"text\"\nlabel = \"label\"\n[target]\nlabel = \"cancel\"\n\
             [generator]\n{generator}\n\
             [variables]\nmany = [{}]\nlong = [\"{long}\"]\n[prompt]\nsystem = \"{NAME}\"\nuser = '''{template}'''\n",
            format!("{NAME}\n").repeat(200),
            values.join(", "),
        );
        fs::write(self.at("stranger/session.toml"), toml).unwrap();
    }

    /// Writes what else a folder may bring: variables, settings, how the screen stood.
    fn write_surroundings(&self) {
        let url = &self.trap.url;
        let dotenv = format!(
            "OPENAI_BASE_URL={url}\nANTHROPIC_BASE_URL={url}\nOLLAMA_HOST={url}\nHTTP_PROXY={url}\nHTTPS_PROXY={url}\n\
             ALL_PROXY={url}\nSSL_CERT_FILE=/dev/zero\nEDITOR=touch ../proof\nVISUAL=touch ../proof\nSHELL=touch\n"
        );
        fs::write(self.at("stranger/.env"), dotenv).unwrap();
        let store = self.at("stranger/.rowsmith");
        let screen = r#"{"filter":"","sort":"\u001b[5;41m","tab":"\u001b[2JOWNED"}"#;
        fs::write(store.join("screen.json"), screen).unwrap();
        let settings = format!("{{\"v\":1,\"settings\":{{\"generator\":{{\"base_url\":\"{url}\"}}}}}}");
        fs::write(store.join("settings.json"), settings).unwrap();
    }

    /// Opens the folder in a terminal; what it may hold of memory is bounded, lest a failure take the machine along.
    fn open(&self, args: &[&str], size: (u16, u16)) -> Terminal {
        let mut shell = CommandBuilder::new("sh");
        shell.args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_rowsmith")]);
        shell.args(args);
        let secret = [("AWS_SECRET_ACCESS_KEY", "precious"), ("OPENAI_API_KEY", "precious")];
        Terminal::spawn(shell, self.dir.path(), size, &secret)
    }

    /// Nothing came to the stranger, nothing of the person was changed, and nothing was run.
    #[track_caller]
    fn assert_unharmed(&self) {
        assert_eq!(self.trap.connections.load(Ordering::SeqCst), 0, "somebody came to the stranger's server");
        assert_eq!(fs::read(self.at("precious")).unwrap(), b"precious");
        assert!(!self.at("proof").exists(), "something was run");
    }
}

/// What was measured while looking.
#[derive(Default)]
struct Seen {
    answers: Vec<Duration>,
    memory: u64,
}

impl Seen {
    /// Presses a key, and notes how long the screen takes to change; a key may change nothing, where there is no more.
    fn press(&mut self, terminal: &mut Terminal, key: &str) {
        let before = terminal.text();
        let began = Instant::now();
        terminal.press(key);
        while began.elapsed() < USUAL * 3 {
            if terminal.text() != before {
                self.answers.push(began.elapsed());
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.memory = self.memory.max(memory(terminal.pid()));
    }

    /// Opens a view, looks at it for some time, and leaves it.
    #[track_caller]
    fn look(
        &mut self,
        terminal: &mut Terminal,
        view: (&str, &str, &[&str], &str),
        is_large: bool,
        time: Duration,
    ) {
        let (open, shows, keys, leave) = view;
        let began = Instant::now();
        // In the others the first key is enough.
        let keys = if is_large { keys } else { &keys[..keys.len().min(1)] };
        self.press(terminal, open);
        if is_large {
            terminal.until(shows);
        }
        loop {
            keys.iter().for_each(|key| self.press(terminal, key));
            if began.elapsed() >= time {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        terminal.press(leave);
        // A key right behind escape would be one with alt.
        std::thread::sleep(Duration::from_millis(60));
    }

    #[track_caller]
    fn assert_quick_and_small(mut self, what: &str) {
        self.answers.sort();
        let (median, worst) = (self.answers[self.answers.len() / 2], *self.answers.last().unwrap());
        eprintln!(
            "{what}: {} keys, median {median:?}, worst {worst:?}, {} MB",
            self.answers.len(),
            self.memory >> 20
        );
        assert!(worst < WORST, "{what}: a key took {worst:?}");
        assert!(median < USUAL, "{what}: half of the keys took longer than {median:?}");
        assert!(self.memory < MOST_MEMORY, "{what}: {} MB", self.memory >> 20);
    }
}

/// Returns the resident memory of a process and of its children, in bytes.
fn memory(pid: u32) -> u64 {
    let resident = |pid: u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) << 10
    };
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    resident(pid)
        + children.split_whitespace().filter_map(|child| child.parse().ok()).map(memory).sum::<u64>()
}

fn time_a_view() -> Duration {
    let asked = std::env::var("ROWSMITH_LOOK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    asked.map_or(Duration::from_millis(100), Duration::from_secs)
}

/// Looks at each view in each size.
#[track_caller]
fn look_at_everything(template: &str, what: &str, sizes: &[(u16, u16)]) {
    // One at a time, because it is timed.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let home = Home::new(template);
    let mut terminal = home.open(&["open", "stranger"], SIZES[0]);
    terminal.until("20 pending");
    let mut seen = Seen::default();
    for &size in sizes {
        terminal.resize(size);
        std::thread::sleep(Duration::from_millis(100));
        for view in VIEWS {
            seen.look(&mut terminal, view, size == SIZES[0], time_a_view());
        }
    }
    for forbidden in FORBIDDEN {
        let bytes = terminal.bytes();
        let found = bytes.windows(forbidden.len()).any(|window| window == forbidden);
        assert!(!found, "{what}: the terminal received {:?}", String::from_utf8_lossy(forbidden));
    }
    terminal.resize(SIZES[0]);
    terminal.until("20 pending");
    terminal.press("q");
    terminal.ended();
    home.assert_unharmed();
    seen.assert_quick_and_small(what);
}

#[test]
fn a_strangers_session_is_looked_at_without_harm() {
    look_at_everything(
        &format!("{{{{ n }}}} {{{{ many }}}} {{{{ long }}}} {}", "Write. ".repeat(2_000)),
        "a plain prompt",
        &SIZES,
    );
}

#[test]
fn a_template_that_doubles_without_end_does_no_harm() {
    look_at_everything(
        "{% set ns = namespace(s='xxxxxxxxxxxxxxxx') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}",
        "doubling",
        &SIZES[..1],
    );
}

#[test]
fn templates_that_loop_or_nest_without_end_do_no_harm() {
    let loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}";
    look_at_everything(loops, "loops", &SIZES[..1]);
    look_at_everything(&format!("{{{{ {}1{} }}}}", "(".repeat(200), ")".repeat(200)), "nesting", &SIZES[..1]);
}

#[test]
fn templates_whose_filters_make_much_do_no_harm() {
    look_at_everything("{{ 'x' | center(2000000000) }}{{ 'x' * 4000000000 }}", "long texts", &SIZES[..1]);
    look_at_everything(
        "{{ (range(99999) | list) * 9999 }}{{ ('x,' * 9999999).split(',') | sort | join('y' * 9999) }}",
        "long lists",
        &SIZES[..1],
    );
}

#[test]
fn a_session_that_brings_a_command_does_not_have_it_run() {
    let home = Home::new("{{ n }}");
    let touch = format!("touch {}", home.at("proof").display());
    home.write_session(&format!("provider = \"openai\"\napi_key_cmd = \"{touch}\""), "{{ n }}");
    let mut terminal = home.open(&["open", "stranger"], SIZES[0]);
    terminal.until("saved ✓");
    terminal.press("s");
    terminal.until("A key leaves");
    // An answer that was pressed before the question could be read is none.
    std::thread::sleep(Duration::from_millis(500));
    terminal.press("n");
    terminal.until_true("the question is gone", |text| !text.contains("A key leaves"));
    terminal.press("q");
    terminal.ended();
    for (key, value) in [("editor", &touch), ("command", &touch)] {
        home.write_session(&format!("provider = \"openai\"\n{key} = \"{value}\""), "{{ n }}");
        let mut terminal = home.open(&["open", "stranger"], SIZES[0]);
        assert_eq!(terminal.ended(), 2, "{}", terminal.text());
        assert!(terminal.text().contains(key), "{}", terminal.text());
    }
    home.assert_unharmed();
}

/// Puts a link or a pipe in the place of a file of the folder, and opens it: a sentence comes at once, or the workbench.
fn opened_with(name: &str, make: impl FnOnce(&Home, &Path)) {
    let home = Home::new("{{ n }}");
    let path = home.at("stranger").join(name);
    let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
    make(&home, &path);
    let began = Instant::now();
    let mut terminal = home.open(&["open", "stranger"], SIZES[0]);
    terminal.until_true("a sentence or the workbench", |text| {
        text.contains("rowsmith: ") || text.contains("pending") || text.contains("No rows yet")
    });
    assert!(began.elapsed() < Duration::from_secs(10), "{name}: {:?}", began.elapsed());
    if !terminal.text().contains("rowsmith: ") {
        terminal.press("q");
    }
    terminal.ended();
    home.assert_unharmed();
}

fn pipe(_: &Home, path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn pipes_and_devices_in_a_strangers_folder_keep_nobody_waiting() {
    for name in [
        "data.csv",
        ".env",
        ".rowsmith/screen.json",
        ".rowsmith/settings.json",
        ".rowsmith/draft.json",
        ".rowsmith/store.lock",
        ".rowsmith/journal/000001.jsonl",
        ".rowsmith/sled/db",
    ] {
        opened_with(name, pipe);
        opened_with(name, |_, path| symlink("/dev/zero", path).unwrap());
    }
}

#[test]
fn links_in_a_strangers_folder_lead_to_nothing_that_is_written() {
    for name in [
        ".rowsmith/store.lock",
        ".rowsmith/draft.json",
        ".rowsmith/draft.tmp",
        ".rowsmith/screen.json",
        ".rowsmith/settings.json",
        ".rowsmith/journal/000001.jsonl",
        ".rowsmith/sled/db",
        "data.csv",
        ".env",
    ] {
        opened_with(name, |home, path| symlink(home.at("precious"), path).unwrap());
    }
    for name in [".rowsmith", ".rowsmith/journal", ".rowsmith/sled", ".rowsmith/texts"] {
        opened_with(name, |home, path| {
            fs::create_dir(home.at("folder")).unwrap();
            fs::write(home.at("folder/settings.json"), "precious").unwrap();
            symlink(home.at("folder"), path).unwrap();
        });
    }
}

#[test]
fn a_theme_that_is_a_pipe_is_refused_at_once() {
    let home = Home::new("{{ n }}");
    pipe(&home, &home.at("theme.toml"));
    let mut terminal = home.open(&["open", "stranger", "--theme", "theme.toml"], SIZES[0]);
    assert_eq!(terminal.ended(), 2);
    assert!(terminal.text().contains("it is a pipe"), "{}", terminal.text());
}
