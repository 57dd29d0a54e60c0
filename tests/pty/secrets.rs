//! The question whether a key may go where a session's files send it, on the screen and on a terminal.

use std::fmt::Write;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::LARGE;
use crate::terminal::Terminal;

const KEY: (&str, &str) = ("THEIR_KEY", "sk-test-4f9a81c2d7e6b305");

/// Listens, keeps the first bytes of each request, and answers none.
fn listen() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, heard) = (format!("http://{}/v1", listener.local_addr().unwrap()), Arc::default());
    let all: Arc<Mutex<Vec<String>>> = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut bytes) = (stream.unwrap(), [0; 4096]);
            let count = stream.read(&mut bytes).unwrap_or_default();
            all.lock().unwrap().push(String::from_utf8_lossy(&bytes[..count]).into_owned());
        }
    });
    (url, heard)
}

/// Writes a session that names a variable and a server.
fn write_session(home: &Path, url: &str) {
    std::fs::create_dir(home.join("theirs")).unwrap();
    let mut rows = String::new();
    for number in 0..12 {
        writeln!(rows, "Please close account {number} for me,leave\nHow do I set {number},ask").unwrap();
    }
    std::fs::write(home.join("theirs/d.csv"), format!("text,label\n{rows}")).unwrap();
    let text = format!(
        "[dataset]\npath = 'd.csv'\ntext = 'text'\nlabel = 'label'\n[target]\nlabel = 'leave'\n[generator]\n\
         provider = 'openai'\nbase_url = '{url}'\nmodel = 'm'\napi_key_env = '{}'\n",
        KEY.0
    );
    std::fs::write(home.join("theirs/session.toml"), text).unwrap();
}

/// Waits until a request has come, and returns it.
fn request(heard: &Mutex<Vec<String>>) -> String {
    let late = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(first) = heard.lock().unwrap().first() {
            return first.clone();
        }
        assert!(Instant::now() < late, "no request came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_screen_asks_before_the_first_request_and_remembers_a_yes() {
    let (home, (url, heard)) = (tempfile::tempdir().unwrap(), listen());
    write_session(home.path(), &url);
    let mut terminal = Terminal::start_with(home.path(), &["open", "theirs"], LARGE, &[KEY]);
    terminal.until("No rows yet");
    terminal.press(",");
    terminal.until("if you allow it");
    terminal.press("\x1b");
    std::thread::sleep(Duration::from_millis(100));
    terminal.press("s");
    terminal.until("The key in THEIR_KEY would be sent to http://127.0.0.1:");
    std::thread::sleep(Duration::from_millis(400));
    terminal.press("n");
    terminal.until("Nothing was sent");
    assert!(heard.lock().unwrap().is_empty());
    let allowed = home.path().join(".config/rowsmith/allowed.toml");
    assert!(!allowed.exists());

    terminal.press("s");
    terminal.until("Allow it?");
    std::thread::sleep(Duration::from_millis(400));
    terminal.press("y");

    assert!(request(&heard).contains(&format!("Bearer {}", KEY.1)));
    assert_eq!(allowed.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(allowed).unwrap().contains(KEY.1));
}

#[test]
fn a_command_asks_on_its_terminal() {
    let (home, (url, heard)) = (tempfile::tempdir().unwrap(), listen());
    write_session(home.path(), &url);
    let args = ["sample", "theirs", "-n", "1"];
    let mut terminal = Terminal::start_with(home.path(), &args, LARGE, &[KEY]);
    terminal.until("Allow it? [y/N]");
    terminal.press("\r");
    assert_eq!(terminal.ended(), 2);
    assert!(heard.lock().unwrap().is_empty());

    let mut terminal = Terminal::start_with(home.path(), &args, LARGE, &[KEY]);
    terminal.until("Allow it? [y/N]");
    terminal.press("y\r");
    assert!(request(&heard).contains(KEY.1));
    terminal.signal("TERM");
    assert_eq!(terminal.ended(), 143);
}
