//! Saved views: filters with an order that a person gave a name.

use crate::app::overlay::{LinePurpose, Overlay};
use crate::app::{Effect, Model};
use crate::curate::no_such_view;

impl Model {
    /// Saves the filter and the order under a name, or asks for one; a filter that is being typed holds from then on.
    pub(super) fn save_view(&mut self, name: Option<&str>) -> Vec<Effect> {
        let mut effects = match self.overlays.last() {
            Some(Overlay::Line(line)) if line.purpose == LinePurpose::Filter => self.confirm_line(),
            Some(_) => return vec![],
            None => vec![],
        };
        // A filter that cannot be read stays open.
        if self.overlays.is_empty() {
            effects.extend(self.turn_view(LinePurpose::ViewName, name));
        }
        effects
    }

    pub(super) fn choose_view(&mut self, name: Option<&str>) -> Vec<Effect> {
        self.turn_saved(LinePurpose::View, name)
    }

    pub(super) fn delete_view(&mut self, name: Option<&str>) -> Vec<Effect> {
        self.turn_saved(LinePurpose::ViewToDelete, name)
    }

    fn turn_saved(&mut self, purpose: LinePurpose, name: Option<&str>) -> Vec<Effect> {
        if self.saved_views.is_empty() {
            self.say("No view is saved yet; `save-view` saves the filter and the order.");
            return vec![];
        }
        self.turn_view(purpose, name)
    }

    /// Does something with the view of a name, or asks for the name.
    fn turn_view(&mut self, purpose: LinePurpose, name: Option<&str>) -> Vec<Effect> {
        match name {
            Some(name) => self.with_view(purpose, name),
            None => self.open_line(purpose, "", self.saved_views.keys().cloned().collect()),
        }
    }

    /// Saves, shows or deletes the view of a name.
    pub(super) fn with_view(&mut self, purpose: LinePurpose, name: &str) -> Vec<Effect> {
        match purpose {
            LinePurpose::ViewName => self.keep_view(name),
            LinePurpose::ViewToDelete if self.saved_views.remove(name).is_some() => {
                self.say(format!("The view `{name}` is deleted."));
                vec![self.save_screen()]
            }
            LinePurpose::View | LinePurpose::ViewToDelete if name.is_empty() => {
                self.say("No view was named; nothing was changed.");
                vec![]
            }
            _ => {
                if let Some(text) = self.saved_views.get(name).cloned() {
                    return self.try_to(|model| model.filter_by(&text).map_err(|error| error.message));
                }
                self.say(no_such_view(name, &self.saved_views));
                vec![]
            }
        }
    }

    fn keep_view(&mut self, name: &str) -> Vec<Effect> {
        if name.is_empty() {
            self.say("A view needs a name; nothing was saved.");
            return vec![];
        }
        let text = format!("{} {}", self.rows.filter, self.rows.sort).trim().to_owned();
        let before = self.saved_views.insert(name.to_owned(), text.clone());
        let before = before.filter(|before| *before != text);
        let instead = before.map(|before| format!(", instead of {before}")).unwrap_or_default();
        self.say(format!("The view `{name}` is saved: {text}{instead}."));
        vec![self.save_screen()]
    }
}
