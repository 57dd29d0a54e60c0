//! The first rows of a session with very many.

use std::sync::Arc;

use crate::config::screen_state::SessionScreen;
use crate::domain::{Draft, Projection, Session};

/// What is shown of a session with many rows while all of them are being read.
#[derive(Debug, Clone)]
pub struct FirstRows {
    /// The session's settings.
    pub session: Arc<Session>,
    /// Its state, of the rows only some; nothing may be applied to it.
    pub projection: Projection,
    /// How many rows there are, where that is known already.
    pub rows: Option<u32>,
    /// The text in the editor.
    pub draft: Draft,
    /// The screen's layout and selection at the last use.
    pub screen: SessionScreen,
}
