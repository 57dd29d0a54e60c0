//! The session file, the user's settings, and the paths of the user's files.
//!
//! This module turns TOML that a person wrote into checked settings, or into one sentence that says where
//! it is wrong and what to write instead. It never guesses: an unknown key is an error, because a misspelt
//! key that is silently ignored costs more than one that is refused. It reads no dataset and renders no
//! template.
//!
//! ```text
//! session.toml ── document ──► session_file ──► Session        line and remedy, or a Session
//! variables tab ─ document ──► variables ─────► name → values  byte range, or values
//! sessions/ in the binary ───► bundled ───────► the user's data folder
//! config.toml ─── document ──► user_config ──► profiles, prices, theme, keys
//! Session ← profile ← options: resolve ──────► what a run is made with
//! allowed.toml ──────────────► allowed ───────► what a session may send where
//! settings.json ─────────────► kept_settings ► what was chosen on the screen
//! examples.json ─────────────► kept_examples ► the train rows that were made examples
//! places: config.toml, sessions/, screen.json, log
//! ```

pub(crate) mod allowed;
pub mod bundled;
mod document;
pub(crate) mod dotenv;
mod error;
mod fields;
mod files;
pub(crate) mod kept_examples;
mod kept_settings;
pub(crate) mod new_session;
mod overrides;
pub(crate) mod places;
pub(crate) mod prices;
pub(crate) mod profile;
pub(crate) mod resolve;
pub(crate) mod screen_state;
pub mod session_file;
mod spelling;
pub(crate) mod user_config;
pub(crate) mod variables;

pub use allowed::Allowances;
pub(crate) use error::ConfigError;
pub(crate) use kept_settings::KeptSettings;
pub(crate) use new_session::{NewSession, write_new};
pub(crate) use overrides::Overrides;
pub(crate) use overrides::address_trouble;
pub(crate) use overrides::is_same_server;
pub(crate) use places::Places;
pub(crate) use prices::{PriceSource, Prices};
pub(crate) use profile::Profile;
pub(crate) use resolve::resolve;
pub(crate) use screen_state::LastSession;
pub use screen_state::SessionScreen;
pub(crate) use session_file::load;
pub(crate) use user_config::{KeyBinding, KeyTable, UserConfig};
