//! Measures a key without the terminal: the change of the model, and the frame that shows it.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "support/facts.rs"]
mod facts;
#[path = "support/session.rs"]
mod session;

use std::hint::black_box;
use std::io::{BufWriter, sink};
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};
use ratatui::layout::Size;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rowsmith::api::SessionScreen;
use rowsmith::api::{DatasetFacts, Effect, LabelRows, Message, Model, Opened};
use rowsmith::api::{NewHidden, view};
use rowsmith::api::{PreviewRenderer, Workbench, nearest_real};
use rowsmith::api::{RunNumber, Saved, Timestamp};
use rowsmith::api::{Theme, draw};

const SIZE: Size = Size { width: 160, height: 45 };
const NOW: Timestamp = Timestamp(1_700_000_000_002);

/// The workbench after a start, and what answers its effects.
struct Bench {
    model: Model,
    desk: PreviewRenderer,
}

impl Bench {
    fn with_rows(rows: u32) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut workbench = session::tickets(home.path());
        let mut bench = Self { model: Model::new(SIZE), desk: workbench.preview_renderer() };
        let opened = opened(&mut workbench, rows);
        bench.send(Message::Opened(Box::new(opened)));
        assert_eq!(bench.model.rows.view.len(), rows as usize);
        assert!(bench.model.row_detail().is_some_and(|detail| detail.nearest.is_some()));
        assert!(bench.model.preview.is_current);
        bench
    }

    fn send(&mut self, message: Message) {
        for effect in self.model.update(message, NOW) {
            if let Some(answer) = self.answer(effect) {
                self.send(answer);
            }
        }
    }

    fn answer(&self, effect: Effect) -> Option<Message> {
        match effect {
            Effect::View { ask, filter, sort, shown, .. } => {
                let view = view(&shown, &filter, &sort);
                Some(Message::Viewed { ask, hidden: NewHidden::of(&shown, &view), view })
            }
            Effect::Detail { ask, row } => {
                let detail = nearest_real(self.desk.dataset(), self.model.shown(), row);
                Some(Message::Detailed { ask, detail })
            }
            Effect::Preview { ask, draft, order } => {
                Some(Message::Previewed { ask, preview: self.desk.preview(&draft, &order, RunNumber(2)) })
            }
            _ => None,
        }
    }

    fn press(&mut self, key: char) {
        self.send(Message::Input(Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE))));
    }
}

fn opened(workbench: &mut Workbench, rows: u32) -> Opened {
    let Saved { sequence, mut projection } = workbench.state();
    let sampling = session::sampling(workbench);
    session::each_fact(&sampling, rows, |fact| {
        projection.apply(&fact);
    });
    let dataset = workbench.dataset();
    let labels = dataset.labels().iter().zip(dataset.label_counts());
    let labels = labels.map(|(label, counts)| LabelRows {
        label: label.clone(),
        train: counts.train as u64,
        test: counts.test as u64,
    });
    Opened {
        replaced: None,
        session: Arc::clone(workbench.session()),
        dataset: DatasetFacts { labels: labels.collect(), set_aside: 0 },
        saved: Saved { sequence, projection },
        draft: workbench.draft(),
        screen: SessionScreen::default(),
        #[expect(clippy::default_trait_access, reason = "the type is none of the library's own")]
        chosen: Default::default(),
        place: String::new(),
        profiles: vec![],
        prices: Arc::default(),
        notices: vec![],
        evaluated: None,
        examples: vec![],
        test_opened: 0,
    }
}

fn terminal<B: Backend<Error: std::fmt::Debug>>(backend: B) -> Terminal<B> {
    let viewport = Viewport::Fixed(ratatui::layout::Rect::new(0, 0, SIZE.width, SIZE.height));
    Terminal::with_options(backend, TerminalOptions { viewport }).unwrap()
}

fn frames(c: &mut Criterion) {
    let theme = Theme::load("dusk").unwrap();
    for (rows, named) in [(10_000, "10,000"), (1_000_000, "1,000,000")] {
        let mut bench = Bench::with_rows(rows);
        let mut group = c.benchmark_group(format!("160x45, {named} rows"));

        let mut test = terminal(TestBackend::new(SIZE.width, SIZE.height));
        group.bench_function("a full frame (at most 2 ms)", |b| {
            b.iter(|| {
                test.draw(|frame| draw(&bench.model, &theme, frame)).unwrap();
            });
        });

        let bytes = || terminal(CrosstermBackend::new(BufWriter::with_capacity(1 << 17, sink())));
        group.bench_function("a full frame, every cell written", |b| {
            b.iter_batched(
                bytes,
                |mut bytes| {
                    bytes.draw(|frame| draw(&bench.model, &theme, frame)).unwrap();
                    bytes
                },
                BatchSize::SmallInput,
            );
        });

        // Scroll two pages down, so that every key moves the selection.
        (0..60).for_each(|_| bench.press('j'));
        let mut keys = ['j', 'k'].into_iter().cycle();
        group.bench_function("the update for j or k", |b| {
            b.iter(|| {
                let key = keys.next().unwrap_or('j');
                let event = Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE));
                black_box(bench.model.update(Message::Input(event), NOW))
            });
        });

        let mut bytes = bytes();
        group.bench_function("j or k with its answer, and the frame after it", |b| {
            b.iter(|| {
                bench.press(keys.next().unwrap_or('j'));
                bytes.draw(|frame| draw(&bench.model, &theme, frame)).unwrap();
            });
        });
        group.finish();
    }
}

/// Measures for a shorter time than usual: the figures are far below their limits, and all benches
/// together should be quick.
fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = short(); targets = frames }
criterion_main!(benches);
