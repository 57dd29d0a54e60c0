//! What the screen starts from, collected once a session is open, and what it keeps of itself.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::screen::ScreenOptions;
use crate::app::{Chosen, DatasetFacts, FirstRows, LabelRows, Message, Opened, ProfileChoice, StartFlags};
use crate::config::resolve::unasked_server;
use crate::config::{KeptSettings, LastSession, Overrides, SessionScreen, UserConfig, resolve};
use crate::domain::{Evaluated, GeneratorSettings};
use crate::engine::environment::Environment;
use crate::engine::prepare::{address_from_outside, price_at};
use crate::workbench::{Evaluator, FirstScreen, Location, Workbench, rescue_folders};

/// Returns what the screen shows while all rows are being read.
pub(super) fn first_rows(first: FirstScreen, screen: SessionScreen) -> FirstRows {
    let FirstScreen { session, projection, rows, draft } = first;
    FirstRows { session: Arc::new(session), projection, rows, draft, screen }
}

/// Collects what the screen starts from.
pub(super) fn opened_session(bench: &mut Workbench, config: &UserConfig, flags: StartFlags) -> Opened {
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
    let saved = bench.state();
    let session = Arc::clone(bench.session());
    let environment = Environment::of(Some(&bench.location().folder));
    let (profiles, trouble) = choices(&session.generator, config, &environment);
    let prices = Arc::new(config.prices.clone());
    let kept = KeptSettings::load(&bench.location().store);
    let unasked = profiles.first().and_then(|own: &ProfileChoice| unasked_server(&own.settings));
    let unread = kept.as_ref().err().map(ToString::to_string);
    let chosen = Chosen { kept: kept.unwrap_or_default(), flags };
    let place = bench.location().folder.display().to_string();
    let screen = SessionScreen::load(&bench.location().store);
    let scarcity = bench.scarcity().into_iter().filter(|said| !bench.notices().contains(said));
    let notices =
        bench.notices().iter().cloned().chain(scarcity).chain(trouble).chain(unread).chain(unasked).collect();
    let replaced = bench.replaced_draft();
    let examples = bench.chosen_examples().rows().to_vec();
    let (evaluated, test_opened) = known(&bench.evaluator());
    Opened {
        session,
        dataset: facts,
        saved,
        draft,
        replaced,
        screen,
        chosen,
        place,
        profiles,
        prices,
        examples,
        evaluated,
        test_opened,
        notices,
    }
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
            Err(error) => {
                trouble.push(error.to_string());
                if profile.is_none() {
                    // The session's own settings stay the first choice, without the profile that is not there.
                    let settings = GeneratorSettings { profile: None, ..session.clone() };
                    choices.push(ProfileChoice { name, settings, address: None });
                }
            }
        }
    }
    (choices, trouble)
}

/// Returns a session's folder under one name, wherever the program was started.
fn folder_of(location: &Location) -> PathBuf {
    std::path::absolute(&location.folder).unwrap_or_else(|_| location.folder.clone())
}

/// Keeps which session was open last.
pub(super) fn save_last(options: &ScreenOptions) {
    if let Err(error) = LastSession::save(&options.places.screen_state(), &folder_of(&options.location)) {
        tracing::warn!("{error}");
    }
}

/// Returns what tells the loop what is not saved, with a folder that everything could be written to instead.
pub(super) fn hearing(data: PathBuf, messages: UnboundedSender<Message>) -> impl FnMut(&Workbench) {
    let mut elsewhere = None;
    move |bench| {
        let unsaved = bench.unsaved();
        if unsaved.is_none() {
            elsewhere = None;
        }
        let Location { folder, store } = bench.location();
        let folder = elsewhere.get_or_insert_with(|| rescue_folders(folder, store, &data).swap_remove(0));
        let elsewhere = folder.display().to_string();
        let _ = messages.send(Message::Unsaved { unsaved, elsewhere, saved: bench.state() });
    }
}

/// Returns the last evaluation of the store with the operation that came next then, and how often the test rows were
/// opened.
fn known(evaluator: &Evaluator) -> (Option<Evaluated>, u64) {
    let evaluated = evaluator.last().map(|evaluation| {
        let next = evaluator.next_at(evaluation.at);
        Evaluated { evaluation: Arc::new(evaluation), next }
    });
    (evaluated, evaluator.opened())
}
