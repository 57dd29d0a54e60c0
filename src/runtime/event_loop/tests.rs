//! The whole loop without a terminal: keys in, frames out.

use crate::runtime::terminal::says_gone;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use futures_util::stream::unfold;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

use super::*;
use crate::app::{Keymap, StartFlags};
use crate::config::{Places, UserConfig};
use crate::engine::fixtures::session;
use crate::ui::Theme;
use crate::workbench::Location;

/// How long a frame may take to come on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was drawn last, as text.
type Shown = Arc<Mutex<String>>;

/// A display in memory that tells what was drawn and copied.
struct TestDisplay {
    terminal: Terminal<TestBackend>,
    shown: Shown,
    copied: Shown,
}

impl Display for TestDisplay {
    fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let frame = self.terminal.draw(draw).map_err(io::Error::other)?;
        let columns = usize::from(frame.area.width);
        let cells: Vec<&str> = frame.buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        let lines: Vec<String> = cells.chunks(columns).map(<[&str]>::concat).collect();
        *self.shown.lock().unwrap() = lines.join("\n");
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        self.terminal.size().map_err(io::Error::other)
    }

    fn copy(&mut self, text: &str) -> io::Result<Sent> {
        text.clone_into(&mut self.copied.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Sent::ToTerminal)
    }

    fn hand_over(&mut self) {}

    fn take_back(&mut self) -> io::Result<()> {
        let size = self.size()?;
        self.terminal.resize(Rect::new(0, 0, size.width, size.height)).map_err(io::Error::other)
    }
}

/// A person at the display: keys go in, frames are looked at.
struct Person {
    keys: UnboundedSender<io::Result<Arrived>>,
    shown: Shown,
    copied: Shown,
}

impl Person {
    fn press(&self, keys: &str) {
        for key in keys.chars() {
            self.send(Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
        }
    }

    fn send(&self, event: Event) {
        self.keys.send(Ok(Arrived { event, at: Instant::now() })).unwrap();
    }

    /// Waits until a frame holds a text, and returns the frame.
    async fn sees(&self, text: &str) -> String {
        let look = async {
            loop {
                let shown = self.shown.lock().unwrap().clone();
                if shown.contains(text) {
                    return shown;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let seen = timeout(PATIENCE, look).await;
        seen.unwrap_or_else(|_| panic!("`{text}` was never shown:\n{}", self.shown.lock().unwrap()))
    }
}

fn options(folder: &Path, location: Location) -> ScreenOptions {
    ScreenOptions {
        location,
        places: Places::within(folder),
        theme: Theme::mono(),
        keymap: Keymap::default(),
        config: UserConfig::default(),
        flags: StartFlags::default(),
        network: false,
        config_file: None,
        store: None,
    }
}

/// Runs the loop beside a script, and returns how it ended.
async fn run<S>(options: &ScreenOptions, signals: Receiver<Signal>, script: impl FnOnce(Person) -> S) -> Ended
where
    S: Future<Output = ()>,
{
    let (keys, events) = unbounded_channel();
    let events = Arc::new(tokio::sync::Mutex::new(events));
    // The input stays open when the script is over.
    let _open = keys.clone();
    let (shown, copied) = (Shown::default(), Shown::default());
    let person = Person { keys, shown: Arc::clone(&shown), copied: Arc::clone(&copied) };
    let terminal = Terminal::new(TestBackend::new(100, 30)).unwrap();
    let display = TestDisplay { terminal, shown, copied };
    let open_input = || {
        unfold(Arc::clone(&events), |events| async move {
            let arrived = events.lock().await.recv().await?;
            Some((arrived, events))
        })
        .boxed()
    };
    let ending = unfold(signals, |mut signals| async move { Some((signals.recv().await?, signals)) });
    let ending = ending.chain(futures_util::stream::pending()).boxed();
    let screen = EventLoop::start(options, display, open_input).unwrap();
    let (ended, ()) = tokio::join!(screen.run(ending), script(person));
    ended.unwrap()
}

#[tokio::test]
async fn keys_sample_decide_and_leave_and_the_next_start_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), session(folder.path()));

    let ended = run(&options, tokio::sync::mpsc::channel(1).1, |person: Person| async move {
        person.sees("No rows yet").await;
        person.press("s");
        person.sees("20 pending").await;
        person.press("aax");
        person.sees("17 pending").await;
        person.sees("saved ✓").await;
        person.press("u");
        let frame = person.sees("18 pending").await;
        assert!(frame.contains("2 accepted") || frame.contains("2 ✓"), "{frame}");
        person.press("q");
    })
    .await;
    assert!(matches!(ended, Ended::Left), "{ended:?}");

    let ended = run(&options, tokio::sync::mpsc::channel(1).1, |person: Person| async move {
        person.sees("18 pending").await;
        person.send(Event::Resize(100, 30));
        person.press("ggy");
        person.sees("was sent to the terminal").await;
        assert!(!person.copied.lock().unwrap().is_empty());
        person.press("q");
    })
    .await;
    assert!(matches!(ended, Ended::Left), "{ended:?}");
}

#[tokio::test]
async fn a_signal_ends_the_loop_and_what_was_decided_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), session(folder.path()));
    let (signal, signals) = tokio::sync::mpsc::channel(1);

    let ended = run(&options, signals, |person: Person| async move {
        person.sees("No rows yet").await;
        person.press("s");
        person.sees("20 pending").await;
        person.press("a");
        person.sees("19 pending").await;
        signal.send(Signal::TERM).await.unwrap();
    })
    .await;

    assert!(matches!(ended, Ended::Signal(Signal::TERM)), "{ended:?}");
    let bench = Workbench::open(&options.location, clock::now()).unwrap();
    assert_eq!(bench.projection().counts().all.accepted, 1);
}

#[tokio::test]
async fn keys_that_arrive_together_behind_a_closed_line_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), session(folder.path()));

    run(&options, tokio::sync::mpsc::channel(1).1, |person: Person| async move {
        person.sees("No rows yet").await;
        person.press("s");
        person.sees("20 pending").await;
        person.press("X");
        person.sees("why?").await;
        let enter = Event::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
        person.press("no");
        person.send(enter);
        person.press("axs");
        let frame = person.sees("3 keys that arrived together").await;
        assert!(frame.contains("19 pending"), "{frame}");
        tokio::time::sleep(Duration::from_millis(100)).await;
        person.press("a");
        person.sees("18 pending").await;
        person.press("q");
    })
    .await;
}

#[test]
fn errors_of_a_terminal_that_is_gone_are_told_from_others() {
    use rustix::io::Errno;
    assert!(says_gone(&io::Error::from(Errno::IO)) && says_gone(&io::Error::from(Errno::PIPE)));
    assert!(!says_gone(&io::Error::from(Errno::AGAIN)) && !says_gone(&io::Error::other("no terminal")));
}

#[tokio::test]
async fn input_that_ends_is_a_terminal_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), session(folder.path()));

    let ended = run(&options, tokio::sync::mpsc::channel(1).1, |person: Person| async move {
        person.sees("No rows yet").await;
        person.keys.send(Err(io::Error::other("gone"))).unwrap();
    })
    .await;

    assert!(matches!(ended, Ended::Signal(Signal::HUP)), "{ended:?}");
}
