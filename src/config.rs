//! The session file, the user's own settings, and where things lie on disk.
//!
//! This room turns what a person wrote into settings that are right, or into one sentence
//! that says where it is wrong and what to write instead. It never guesses: a key that it
//! does not know is an error, for a misspelt key that is passed over in silence costs more
//! than one that is refused. It reads no dataset and renders no template.
//!
//! ```text
//! session.toml ── document ──► session_file ──► Session        line and remedy, or a Session
//! variables tab ─ document ──► variables ─────► name → values  byte range, or values
//! sessions/ in the binary ───► bundled ───────► the user's data folder
//! config.toml ─── document ──► user_config ──► profiles, prices, theme, keys
//! Session ← profile ← options: resolve ──────► what a run is made with
//! places: config.toml, sessions/, screen.json, log
//! ```

pub mod bundled;
mod document;
pub mod dotenv;
mod error;
mod fields;
mod files;
pub mod new_session;
pub mod places;
pub mod prices;
pub mod profile;
pub mod resolve;
pub mod screen_state;
pub mod session_file;
mod spelling;
pub mod user_config;
pub mod variables;

pub use bundled::Bundled;
pub use error::ConfigError;
pub use new_session::NewSession;
pub use places::Places;
pub use prices::{PriceSource, Prices};
pub use profile::Profile;
pub use resolve::{Overrides, resolve};
pub use screen_state::{ScreenState, SessionScreen};
pub use session_file::{LoadedSession, load};
pub use user_config::{KeyBinding, KeyTable, UserConfig};
