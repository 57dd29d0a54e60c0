//! How a message changes the model.

use super::{Effect, Message, Model};
use crate::domain::Timestamp;

impl Model {
    /// Applies one message and returns the effects it calls for, in order. `now` dates what a person does.
    #[must_use = "effects must be handed to the executor"]
    pub fn update(&mut self, message: Message, now: Timestamp) -> Vec<Effect> {
        let _ = (message, now);
        vec![]
    }
}
