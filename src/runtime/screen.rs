//! The loop: input first, then messages, then drawing, and nothing while nothing happens.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use tokio::select;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::editor;
use super::executor::{Executor, ForLoop};
use super::query::QueryWorker;
use super::runs::Runs;
use super::terminal::{Screen, guard_panics};
use crate::app::{DatasetFacts, Keymap, LabelRows, Message, Model, Opened, ProfileChoice};
use crate::config::resolve::{Overrides, resolve};
use crate::config::{Places, ScreenState, SessionScreen, UserConfig};
use crate::domain::{GeneratorSettings, RunOrder, Saved};
use crate::engine::environment::{Environment, address_from_outside, price_at};
use crate::engine::{Writer, clock};
use crate::ui::{Theme, draw};
use crate::workbench::{Location, PreviewRenderer, Workbench, WorkbenchError};

/// Messages alone are drawn at most this often.
const FRAME: Duration = Duration::from_millis(16);
/// How many messages are taken in before input is looked at again.
const MOST_MESSAGES: usize = 256;
/// How many rows one order asks for at first.
const FIRST_ROWS: u32 = 20;

/// What the screen is opened with.
#[derive(Debug, Clone)]
pub struct ScreenOptions {
    /// The session.
    pub location: Location,
    /// Where the screen's own state is kept.
    pub places: Places,
    /// How it looks.
    pub theme: Theme,
    /// The user's settings, with the profiles.
    pub config: UserConfig,
    /// The keys, with the user's own.
    pub keymap: Keymap,
    /// Whether anything may be asked over the network.
    pub network: bool,
}

/// Why the screen ended.
#[derive(Debug)]
pub enum Ended {
    /// A person left.
    Left,
    /// A signal ended it; its number.
    Signal(i32),
    /// The session could not be opened.
    NotOpened(WorkbenchError),
}

/// Why the screen could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// The terminal cannot be used.
    #[error("{0}")]
    Terminal(#[from] io::Error),
}

/// Opens the workbench, and returns once the person has left and everything is written.
///
/// # Errors
///
/// Where the terminal cannot be used.
pub fn run_screen(options: &ScreenOptions) -> Result<Ended, ScreenError> {
    guard_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let screen = Screen::enter()?;
    let ended = runtime.block_on(async { Loop::start(options, screen)?.run(options).await });
    // A task that still waits for the network must not hold up the shell.
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(ended?)
}

/// What the writer thread tells the loop besides messages: whether the session could be opened.
type FromWriter = Result<PreviewRenderer, WorkbenchError>;

struct Loop {
    screen: Screen,
    model: Model,
    executor: Executor,
    writer: Option<Writer>,
    input: EventStream,
    messages: UnboundedReceiver<Message>,
    sender: UnboundedSender<Message>,
    opened: UnboundedReceiver<FromWriter>,
    /// When messages alone may be drawn again. A key's frame does not put it off, so that the
    /// answer to what the key asked for is seen as soon as it comes.
    next_frame: Instant,
    is_stale: bool,
    ended: Option<Ended>,
}

struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
}

impl Loop {
    fn start(options: &ScreenOptions, mut screen: Screen) -> io::Result<Self> {
        let mut model = Model::new(screen.size()?);
        model.keymap = options.keymap.clone();
        screen.draw(|frame| draw(&model, &options.theme, frame))?;
        model.drawn();
        let (sender, messages) = unbounded_channel();
        let (told, opened) = unbounded_channel();
        let (location, places) = (options.location.clone(), options.places.clone());
        let config = options.config.clone();
        let answers = sender.clone();
        let open = move || Workbench::open(&location, clock::now());
        let writer = Writer::start(open, move |outcome| {
            let _ = told.send(outcome.map(|bench| {
                let opened = Box::new(opened_session(bench, &places, &config));
                let _ = answers.send(Message::Opened(opened));
                bench.desk()
            }));
        })?;
        let (folder, config) = (options.location.folder.clone(), options.config.clone());
        let runs = Runs::new(writer.handle(), sender.clone(), folder, config, options.network);
        let executor = Executor::new(writer.handle(), sender.clone(), runs);
        Ok(Self {
            screen,
            model,
            executor,
            writer: Some(writer),
            input: EventStream::new(),
            messages,
            sender,
            opened,
            next_frame: Instant::now(),
            is_stale: false,
            ended: None,
        })
    }

    async fn run(mut self, options: &ScreenOptions) -> io::Result<Ended> {
        let mut signals = Signals {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        };
        while self.ended.is_none() {
            self.turn(options, &mut signals).await?;
        }
        self.executor.close().await;
        save_screen(options, self.model.screen_state());
        let ended = self.ended.take().unwrap_or(Ended::Left);
        // The shell has its terminal back while the store closes.
        drop(self.screen);
        drop(self.executor);
        drop(self.writer.take());
        Ok(ended)
    }

    async fn turn(&mut self, options: &ScreenOptions, signals: &mut Signals) -> io::Result<()> {
        let frame_due = self.is_stale.then_some(self.next_frame);
        let draft_due = self.executor.draft_due();
        select! {
            biased;
            event = self.input.next() => match event {
                Some(Ok(event)) => {
                    self.take(options, Message::Input(event))?;
                    // What is answered already is seen with the key.
                    self.take_waiting(options)?;
                    self.draw(options)?;
                }
                // The terminal is gone.
                Some(Err(_)) | None => self.ended = Some(Ended::Signal(HANG_UP)),
            },
            _ = signals.terminate.recv() => self.ended = Some(Ended::Signal(TERMINATE)),
            _ = signals.hang_up.recv() => self.ended = Some(Ended::Signal(HANG_UP)),
            _ = signals.interrupt.recv() => self.ended = Some(Ended::Signal(INTERRUPT)),
            Some(outcome) = self.opened.recv() => match outcome {
                Ok(found) => self.executor.set_queries(QueryWorker::start(found, self.sender.clone())?),
                Err(error) => self.ended = Some(Ended::NotOpened(error)),
            },
            Some(message) = self.messages.recv(), if self.executor.has_queries() => {
                self.take(options, message)?;
                self.take_waiting(options)?;
                self.is_stale = true;
                if Instant::now() >= self.next_frame {
                    self.draw_messages(options)?;
                }
            }
            () = until(frame_due) => self.draw_messages(options)?,
            () = until(draft_due) => self.executor.write_draft(),
        }
        Ok(())
    }

    /// Takes in the messages that are there, if somebody opened a session and can answer what they call for.
    fn take_waiting(&mut self, options: &ScreenOptions) -> io::Result<()> {
        for _ in 1..MOST_MESSAGES {
            if !self.executor.has_queries() {
                break;
            }
            let Ok(message) = self.messages.try_recv() else { break };
            self.take(options, message)?;
        }
        Ok(())
    }

    fn draw(&mut self, options: &ScreenOptions) -> io::Result<()> {
        if self.ended.is_none() {
            let model = &self.model;
            self.screen.draw(|frame| draw(model, &options.theme, frame))?;
            self.model.drawn();
        }
        self.is_stale = false;
        Ok(())
    }

    fn draw_messages(&mut self, options: &ScreenOptions) -> io::Result<()> {
        self.next_frame = Instant::now() + FRAME;
        self.draw(options)
    }

    fn take(&mut self, options: &ScreenOptions, message: Message) -> io::Result<()> {
        self.executor.notice(&message);
        for effect in self.model.update(message, clock::now()) {
            match self.executor.carry_out(effect) {
                None => {}
                Some(ForLoop::Quit) => self.ended = Some(Ended::Left),
                Some(ForLoop::SaveScreen(state)) => save_screen(options, state),
                Some(ForLoop::Copy(text)) => self.screen.copy(&text)?,
                Some(ForLoop::Suspend) => {
                    self.lend(suspend)?;
                    self.take(options, Message::Resumed)?;
                }
                Some(ForLoop::EditExternally { target, text }) => {
                    let text = self.lend(|| editor::edit(&text))?;
                    self.take(options, Message::EditedExternally { target, text })?;
                }
            }
        }
        Ok(())
    }

    /// Gives the terminal to something else, and makes up for what was missed.
    fn lend<T>(&mut self, to: impl FnOnce() -> T) -> io::Result<T> {
        // Whoever has the terminal reads its keys; nobody else may.
        self.input = EventStream::new();
        let outcome = self.screen.lend(to)?;
        let size = self.screen.size()?;
        let resized = Message::Input(Event::Resize(size.width, size.height));
        for effect in self.model.update(resized, clock::now()) {
            // A new size asks for nothing that needs the terminal.
            let _ = self.executor.carry_out(effect);
        }
        Ok(outcome)
    }
}

const HANG_UP: i32 = 1;
const INTERRUPT: i32 = 2;
const TERMINATE: i32 = 15;

/// Stops the program, and whoever started it in the foreground, until the shell continues them.
fn suspend() {
    // Where the system refuses, the program just goes on.
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

/// Returns a session's folder under one name, wherever the program was started.
fn folder_of(location: &Location) -> PathBuf {
    std::path::absolute(&location.folder).unwrap_or_else(|_| location.folder.clone())
}

fn save_screen(options: &ScreenOptions, state: SessionScreen) {
    let file = options.places.screen_state();
    let mut states = ScreenState::load(&file);
    states.remember(&folder_of(&options.location), state);
    if let Err(error) = states.save(&file) {
        tracing::warn!("{error}");
    }
}

/// Collects what the screen starts from.
fn opened_session(bench: &mut Workbench, places: &Places, config: &UserConfig) -> Opened {
    let draft = bench.draft();
    let dataset = bench.dataset();
    let rows = |(label, counts): (&String, &crate::dataset::LabelCounts)| LabelRows {
        label: label.clone(),
        train: counts.train as u64,
        test: counts.test as u64,
    };
    let facts = DatasetFacts {
        labels: dataset.labels().iter().zip(dataset.label_counts()).map(rows).collect(),
        set_aside: dataset.report().set_aside as u64,
    };
    let (sequence, projection) = bench.saved();
    let session = Arc::clone(bench.session());
    let environment = Environment::of(Some(&bench.location().folder));
    let (profiles, trouble) = choices(&session.generator, config, &environment);
    let prices = Arc::new(config.prices.clone());
    let first = profiles.first().map_or_else(|| session.generator.clone(), |first| first.settings.clone());
    let sampling = RunOrder::new(FIRST_ROWS, first);
    let states = ScreenState::load(&places.screen_state());
    let screen = states.of(&folder_of(bench.location())).cloned().unwrap_or_default();
    let saved = Saved { sequence, projection };
    let notices = bench.notices().iter().cloned().chain(trouble).collect();
    Opened { session, dataset: facts, saved, draft, screen, sampling, profiles, prices, notices }
}

/// Returns the generators that can be chosen, the session's own first, and what is wrong with some.
fn choices(
    session: &GeneratorSettings,
    config: &UserConfig,
    environment: &Environment,
) -> (Vec<ProfileChoice>, Vec<String>) {
    let named = config.profiles.keys().map(|name| Some(name.as_str()));
    let (mut choices, mut trouble) = (Vec::new(), Vec::new());
    for profile in std::iter::once(None).chain(named) {
        let name = profile.unwrap_or("session").to_owned();
        match resolve(session, profile, config, &Overrides::default()) {
            Ok(mut settings) => {
                let address = address_from_outside(&settings, environment);
                if let Some(url) = &address {
                    settings.price = price_at(&settings, url, config);
                }
                choices.push(ProfileChoice { name, settings, address });
            }
            Err(error) => trouble.push(error.to_string()),
        }
    }
    (choices, trouble)
}
