//! A workbench with some work done in it, built from messages and keys alone.

mod progress;
mod texts;

use std::sync::Arc;

use std::time::Duration;

use ratatui::crossterm::event::{Event as Input, KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Size;

use crate::app::fixtures::{stopped, stopped_run};
use crate::app::{Chosen, DatasetFacts, Effect, Key, LabelRows, Message, Model, Opened, ProfileChoice};
use crate::domain::fixtures::Story;
use crate::domain::{
    Change, DatasetSettings, Draft, ExampleSettings, Exchange, ExchangeMessage, Failure, FieldKind,
    FieldSpec, Fields, Flag, FlagKind, GeneratorSettings, JobOutcome, LocalModel, LocalSearch, LocalServer,
    Preview, Price, Problem, PromptPart, Provider, Rating, Role, RowDetail, RunEnded, RunProgress, RunStatus,
    Saved, Schema, Session, Slowdown, Target, Timestamp, Unsaved, Writing,
};
use progress::progress;
pub(super) use texts::USER;
use texts::{NEAREST, SCRAPS, TEXTS};

/// A model and the facts behind it.
pub(super) struct Scene {
    pub(super) model: Model,
}

pub(super) fn session() -> Session {
    let kind = FieldKind::Text { min_chars: Some(10), max_chars: Some(320) };
    Session {
        name: "sms-spam".into(),
        is_named: true,
        description: "Ordinary text messages against spam".into(),
        guidelines: "Accept what a stranger could have sent to sell or to trick.\nReject what no phone user would \
                     call spam, and what repeats a real row.\n\nWhen you have to read it three times, skip it."
            .into(),
        dataset: DatasetSettings {
            path: "sms_spam.csv".into(),
            text: "text".into(),
            label: "label".into(),
            id: None,
            split: None,
            separator: None,
            quotes: None,
            join: false,
            skip_unlabelled: false,
            test_fraction: 0.2,
            seed: 42,
            scarce: None,
        },
        target: Target { label: "spam".into(), goal: Some(500) },
        generator: GeneratorSettings::default(),
        schema: Schema(vec![FieldSpec { name: "text".into(), kind }]),
        variables: [("topic".to_owned(), vec!["prize".to_owned(), "bank".to_owned()])].into(),
        rules: std::collections::BTreeMap::new(),
        examples: ExampleSettings::default(),
        system: "You write text messages.".into(),
        user: USER.into(),
    }
}

fn story(rows: usize) -> Story {
    let mut story = Story::default();
    for number in 1..=6 {
        story.version(&format!("version {number}"));
    }
    if rows == 0 {
        return story;
    }
    let flags = |place| {
        let flag =
            |kind, other: Option<&str>, figure| vec![Flag { kind, other: other.map(str::to_owned), figure }];
        match place {
            2 => flag(FlagKind::Duplicate, Some("k3f9a2b1c0"), None),
            4 => flag(FlagKind::CopiesReal, Some("2"), Some(0.97)),
            6 => flag(FlagKind::TooShort, None, Some(7.0)),
            _ => vec![],
        }
    };
    let new: Vec<_> =
        TEXTS.iter().enumerate().map(|(place, text)| story.new_row(text, flags(place))).collect();
    let (new, later) = (new[..8].to_vec(), new[8..].to_vec());
    let model = Some("smollm2");
    story.rows_by("openai", model, new);
    story.version(USER);
    story.rows_by("openai", model, later);
    let more: Vec<String> =
        (0..rows.saturating_sub(TEXTS.len())).map(|n| format!("Win prize number {n} now")).collect();
    if !more.is_empty() {
        story.sampled_by("openai", model, &more.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let accept = |stars| Change::Accept { rating: Rating::try_from(stars).ok(), tags: vec![] };
    story.change(&[1], accept(4));
    story.change(&[2], Change::reject());
    story.change(&[5], accept(3));
    story.change(&[6], Change::skip());
    story.change(&[8], Change::Accept { rating: Rating::try_from(5).ok(), tags: vec!["voucher".into()] });
    story.change(&[10], Change::Reject { reason: Some("a dating text".into()), tags: vec![] });
    let fields =
        Some(Fields::of_text("Your parcel is held at our depot, pay the 1.99 fee at parcel-fee.example"));
    story.change(&[3], Change::Edit { fields });
    story
}

impl Scene {
    /// Returns an open session with this many rows, on a screen of this size.
    pub(super) fn new(columns: u16, lines: u16, rows: usize) -> Self {
        Self::with_story(columns, lines, rows, story(rows))
    }

    /// Returns an open session whose rows have been sampled with several topics and tones.
    pub(super) fn with_topics(columns: u16, lines: u16) -> Self {
        let mut story = story(20);
        let counts = [
            ("prize", "calm", 5, 4),
            ("prize", "alarmed", 12, 9),
            ("prize", "friendly", 3, 0),
            ("bank", "calm", 7, 2),
            ("bank", "alarmed", 1, 1),
            ("delivery", "calm", 2, 0),
            ("delivery", "friendly", 4, 3),
            ("delivery", "rude", 1, 0),
        ];
        for (topic, tone, rows, accepted) in counts {
            let first = u32::try_from(story.projection.len()).unwrap();
            let new =
                (0..rows).map(|n| story.new_row(&format!("{topic} {tone} number {n}"), vec![])).collect();
            story.rows_with(("openai", Some("smollm2")), &[("topic", topic), ("tone", tone)], new);
            for n in 0..accepted {
                story.change(&[first + n], Change::accept());
            }
        }
        Self::with_story(columns, lines, 20, story)
    }

    pub(super) fn with_story(columns: u16, lines: u16, rows: usize, story: Story) -> Self {
        let base = story.projection.versions().last().map(|version| version.id);
        let draft = Draft {
            prompt: "main".into(),
            base,
            system: "You write text messages.".into(),
            user: USER.into(),
            variables: "topic = [\"prize\", \"bank\"]".into(),
            label: None,
            offered: None,
        };
        let generator = GeneratorSettings {
            provider: if rows == 0 { Provider::Offline } else { Provider::Openai },
            model: (rows > 0).then(|| "smollm2".to_owned()),
            base_url: (rows > 0).then(|| "http://localhost:8080/v1".to_owned()),
            ..GeneratorSettings::default()
        };
        let labels = [("ham", 3696), ("spam", 559)];
        let labels = labels.map(|(label, train)| LabelRows { label: label.into(), train, test: train / 4 });
        let opened = Opened {
            replaced: None,
            session: Arc::new(session()),
            dataset: DatasetFacts { labels: labels.to_vec(), set_aside: 3 },
            saved: Saved { sequence: story.facts.len() as u64, projection: story.projection },
            draft,
            #[expect(clippy::default_trait_access, reason = "the type is of a room below `app`")]
            screen: Default::default(),
            profiles: profiles(&generator),
            prices: Arc::default(),
            chosen: Chosen::default(),
            place: "sms-spam".into(),
            examples: vec![],
            evaluated: None,
            test_opened: 0,
            notices: vec![],
        };
        let mut scene = Self { model: Model::new(Size::new(columns, lines)) };
        scene.send(Message::Opened(Box::new(opened)));
        scene
    }

    /// Sends a message, and answers the effects that it returns.
    pub(super) fn send(&mut self, message: Message) {
        let mut messages = vec![message];
        while let Some(message) = messages.pop() {
            for effect in self.model.update(message, Timestamp(2_000_000)) {
                messages.extend(super::duplicates::answers(&effect));
                messages.extend(super::export::answers(&effect));
                messages.extend(super::measure::answers(&effect));
                messages.extend(super::versions::answers(&effect));
                messages.extend(Self::answer(effect));
            }
        }
    }

    fn answer(effect: Effect) -> Option<Message> {
        match effect {
            Effect::Preview { ask, draft, .. } => {
                let is_broken = draft.user.contains("topik");
                Some(Message::Previewed { ask, preview: if is_broken { broken(&draft) } else { preview() } })
            }
            Effect::Detail { ask, row } => {
                let detail = RowDetail { row, nearest: Some((NEAREST.into(), 0.19)), like: None };
                Some(Message::Detailed { ask, detail })
            }
            Effect::ShowExchange { ask, row } => {
                let reply =
                    Some("{\"rows\": [\n  {\"text\": \"URGENT! Your account has been locked.\"}\n]}".into());
                let exchange = Exchange { messages: preview().messages, reply, ..Exchange::default() };
                Some(Message::ExchangeShown { ask, row, exchange: Ok(exchange) })
            }
            Effect::ListModels { ask, settings } => {
                let failed = settings.base_url.is_none();
                let error = Failure::new("The server did not answer within 10 s.");
                Some(Message::ModelsListed { ask, models: if failed { Err(error) } else { Ok(models()) } })
            }
            Effect::FindServers { ask } => {
                let tiny = LocalModel { name: "tiny-instruct".into(), context: Some(8192) };
                let other = LocalModel { name: "qwen:0.5b".into(), context: None };
                let server = |kind, provider, port: u16, models| LocalServer {
                    kind,
                    provider,
                    base_url: format!("http://127.0.0.1:{port}/v1"),
                    models,
                    wants_key: false,
                };
                let servers = vec![
                    server("Ollama", Provider::Ollama, 11434, vec![other]),
                    server("llama.cpp", Provider::Openai, 8080, vec![tiny]),
                ];
                Some(Message::ServersFound { ask, found: Ok(LocalSearch { servers, others: vec![8000] }) })
            }
            Effect::Sample { job, .. } => Some(Message::Sampling { job, progress: progress() }),
            _ => None,
        }
    }

    /// Adds a run that stopped with rows missing, and its scraps.
    pub(super) fn stop_a_run(&mut self) {
        let mut story = Story { facts: vec![], projection: self.model.shown().clone() };
        let texts = ["Your bank has frozen your card, ring 0845 201 330 now", "Win a trip: text GO to 81010"];
        stopped_run(&mut story, 50, &texts, &SCRAPS);
        let saved = Saved { sequence: 9_999, projection: story.projection };
        self.send(Message::Snapshot(saved));
    }

    /// The folder of the store goes away, and two decisions wait.
    pub(super) fn cannot_be_saved(&mut self) {
        let reason = "The folder /home/kim/work/sms-spam/.rowsmith was renamed or removed while it was open, so \
                      nothing more is saved there.";
        let unsaved = Some(Unsaved { reason: reason.into(), facts: 2, draft: false });
        let saved = Saved { sequence: 9_999, projection: self.model.shown().clone() };
        let elsewhere = "/home/kim/work/sms-spam/.rowsmith-2".to_owned();
        self.send(Message::Unsaved { unsaved, elsewhere, saved });
    }

    /// Continues the run, with a provider that asks to wait.
    pub(super) fn provider_asks_to_wait(&mut self) {
        let Some(job) = self.model.sampling.run().map(|run| run.id) else { return };
        let slowdown = Some(Slowdown::AskedToWait(Duration::from_secs(3)));
        let progress = RunProgress { slowdown, cost: Some(0.0031), ..progress() };
        self.send(Message::Sampling { job, progress });
    }

    /// Ends the run in progress with all its rows, and with requests that failed.
    pub(super) fn requests_fail(&mut self) {
        let Some(job) = self.model.sampling.run().map(|run| run.id) else { return };
        let mut story = Story { facts: vec![], projection: self.model.shown().clone() };
        let run = story.sampled_by("openai", Some("smollm2"), &TEXTS[..4]);
        let refused = "openai refused this request: The prompt triggered the content filter (hate).";
        let cut = "The server read 2,050 of about 7,900 tokens of the prompt: its context is too short.";
        story.failed_requests(refused, &["a threat", "a threat", "a threat"], &[cut]);
        story.failed_requests("The connection to openai broke off.", &["prize", "bank"], &[]);
        self.send(Message::Snapshot(Saved { sequence: 9_999, projection: story.projection }));
        let ended = RunEnded { run, status: RunStatus::Done, rows: 4, failed: 5 };
        self.send(Message::JobEnded { job, outcome: Ok(JobOutcome::Run(ended)) });
    }

    /// Reports the end of a reply that grows slowly.
    pub(super) fn a_reply_grows(&mut self, thinking: bool) {
        let Some(job) = self.model.sampling.run().map(|run| run.id) else { return };
        let text = "The person wants to leave because the price went up twice this year. So how would I leave? I \
                    would say it plainly,\u{1b}[2J and name the month. Perhaps one message is angry and one is tired";
        let writing = Some(Writing { thinking, text: text.into() });
        let (done, rows_per_second, seconds_left) = (0, 0.0, None);
        let progress = RunProgress { done, rows_per_second, seconds_left, failed: 3, writing, ..progress() };
        self.send(Message::Sampling { job, progress });
    }

    /// Ends the run in progress as the journal's last run did.
    pub(super) fn the_run_ends(&mut self) {
        let Some(job) = self.model.sampling.run().map(|run| run.id) else { return };
        let run = self.model.shown().runs().next_back().unwrap().number;
        self.send(Message::Sampling { job, progress: RunProgress { run, ..progress() } });
        self.send(Message::JobEnded { job, outcome: Ok(stopped(1, 0)) });
    }

    /// Opens the exchange of a row whose model thought before it answered.
    pub(super) fn show_thoughts(&mut self) {
        let [effect] = &self.model.update(key_press("o"), Timestamp(2_000_000))[..] else { return };
        let &Effect::ShowExchange { ask, row } = effect else { return };
        let thought = "<think>\nThey want two. Maybe {\"rows\": [{\"text\": \"a draft that is not meant\"}]}? \
                       No: vary the bank and the tone.\n</think>";
        let reply =
            format!("{thought}\n{{\"rows\": [{{\"text\": \"URGENT! Your account has been locked.\"}}]}}");
        let thinking = std::iter::once(0..thought.len()).collect();
        let exchange =
            Exchange { messages: preview().messages, reply: Some(reply), thinking, ..Exchange::default() };
        self.send(Message::ExchangeShown { ask, row, exchange: Ok(exchange) });
    }

    /// Presses keys, written as in the keymap.
    pub(super) fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.send(key_press(key));
        }
    }

    /// Types a text.
    pub(super) fn type_in(&mut self, text: &str) {
        for letter in text.chars() {
            self.send(Message::Input(Input::Key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE))));
        }
    }
}

fn key_press(key: &str) -> Message {
    let key: Key = key.parse().unwrap();
    Message::Input(Input::Key(KeyEvent::new(key.code, key.modifiers)))
}

/// Returns the session's own settings, a paid server and a free one.
fn profiles(own: &GeneratorSettings) -> Vec<ProfileChoice> {
    let choice = |name: &str, settings| ProfileChoice { name: name.into(), settings, address: None };
    let cloud = GeneratorSettings {
        provider: Provider::Openai,
        model: Some("gpt-4.1-mini".into()),
        profile: Some("cloud".into()),
        price: Some(Price { input: 0.4, output: 1.6 }),
        temperature: 0.9,
        ..GeneratorSettings::default()
    };
    vec![
        choice("session", own.clone()),
        choice("cloud", cloud),
        choice("offline", GeneratorSettings::default()),
    ]
}

fn models() -> Vec<String> {
    let names = [
        "gemma-3-1b-it",
        "llama-3.2-1b-instruct",
        "phi-4-mini",
        "qwen2.5-0.5b-instruct",
        "qwen2.5-1.5b-instruct",
        "smollm2",
        "smollm2-360m",
        "tinyllama-1.1b",
    ];
    names.map(str::to_owned).to_vec()
}

fn preview() -> Preview {
    let message = |role, text: &str| ExchangeMessage { role, text: text.into() };
    let user = "Write 5 text messages that a phone user would call spam. Vary the bank and the tone.\n\n\
                Real examples:\n- URGENT! You have won a 1 week FREE membership in our £100,000 prize Jackpot! Txt the \
                word: CLAIM to No: 81010\n- FREE entry in 2 a wkly comp to win FA Cup final tkts.";
    Preview {
        messages: vec![message(Role::System, "You write text messages."), message(Role::User, user)],
        tokens: 214,
        examples: 5,
        variables: [("topic".to_owned(), "bank".to_owned())].into(),
        all: None,
        problems: vec![],
        unused: vec![],
        remarks: vec![],
        unread: None,
    }
}

fn broken(draft: &Draft) -> Preview {
    let start = draft.user.find("topik").unwrap();
    let line = draft.user[..start].matches('\n').count() + 1;
    let message = "There is no variable `topik`; did you mean `topic`?".to_owned();
    let problem = Problem { part: PromptPart::User, range: start..start + 5, line, message };
    Preview { problems: vec![problem], ..Preview::default() }
}
