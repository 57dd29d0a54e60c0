//! What a person writes about versions: notes and labels, and the names of prompts that are forked from them.

use crate::app::overlay::{LinePurpose, Overlay};
use crate::app::versions::Spot;
use crate::app::{Command, Effect, Model};
use crate::config::variables::draft_of;
use crate::domain::{Draft, Event, VersionId, version_label_fault};

/// Labels that are offered though no version has them yet.
const USUAL: [&str; 2] = ["production", "candidate"];

impl Model {
    /// Returns the selected version, or says that the draft is none.
    fn selected_version(&mut self, what: &str) -> Option<VersionId> {
        match self.selected_spot()? {
            Spot::Version(id) => Some(id),
            Spot::Draft => {
                self.say(format!(
                    "Only a version has {what}; `{}` in the bench makes the draft one.",
                    Command::SaveVersion.name()
                ));
                None
            }
        }
    }

    pub(super) fn ask_note(&mut self) -> Vec<Effect> {
        let Some(id) = self.selected_version("a note") else { return vec![] };
        let note = self.shown().version(id).and_then(|version| version.note.clone()).unwrap_or_default();
        self.open_line(LinePurpose::VersionNote(id), &note, Vec::new())
    }

    /// Gives a version another note; without words it has none any more.
    pub(super) fn note_version(&mut self, id: VersionId, text: &str) -> Vec<Effect> {
        self.overlays.pop();
        let note = Some(text.trim().to_owned()).filter(|note| !note.is_empty());
        let name = self.spot_name(Spot::Version(id));
        if self.shown().version(id).is_none_or(|version| version.note == note) {
            self.say(format!("The note of {name} stays as it was."));
            return vec![];
        }
        let said = if note.is_some() { "has this note now." } else { "has no note any more." };
        let fact = self.facts.append(Event::Noted { version: id, note }, self.now);
        self.say(format!("{name} {said}"));
        vec![Effect::Append(fact)]
    }

    pub(super) fn ask_version_label(&mut self) -> Vec<Effect> {
        let Some(id) = self.selected_version("labels") else { return vec![] };
        let laboratory = self.shown().laboratory();
        let mut known: Vec<String> = USUAL.map(str::to_owned).to_vec();
        let given = self.shown().versions().iter().flat_map(|version| laboratory.labels_of(version.id));
        for label in given {
            if !known.iter().any(|known| known == label) {
                known.push(label.to_owned());
            }
        }
        self.open_line(LinePurpose::VersionLabel(id), "", known)
    }

    /// Gives a version a label, which moves there from the version that has it; one that it has is taken off.
    pub(super) fn label_version(&mut self, id: VersionId, text: &str) -> Vec<Effect> {
        let label = text.trim();
        if let Some(fault) = version_label_fault(label) {
            return self.refuse_line(fault);
        }
        self.overlays.pop();
        let Some(prompt) = self.shown().version(id).map(|version| version.name.clone()) else {
            return vec![];
        };
        let before = self.shown().laboratory().labelled(&prompt, label);
        let version = (before != Some(id)).then_some(id);
        let name = self.spot_name(Spot::Version(id));
        let said = match before {
            Some(before) if before == id => format!("{name} has the label `{label}` no more."),
            Some(before) => {
                format!(
                    "{name} has the label `{label}` now; {} had it before.",
                    self.spot_name(Spot::Version(before))
                )
            }
            None => format!("{name} has the label `{label}` now."),
        };
        let event = Event::Labelled { prompt, label: label.to_owned(), version };
        let fact = self.facts.append(event, self.now);
        self.say(said);
        vec![Effect::Append(fact)]
    }

    pub(super) fn ask_fork(&mut self) -> Vec<Effect> {
        let Some(spot) = self.selected_spot() else { return vec![] };
        let known = self.prompt_names();
        let of = self.shown_prompt();
        let free =
            (2..=10_000).map(|number| format!("{of}-{number}")).find(|name| !known.contains(&name.as_str()));
        let known = known.into_iter().map(str::to_owned).collect();
        self.open_line(LinePurpose::Fork(spot), &free.unwrap_or_default(), known)
    }

    /// Puts the words of a line of the tree into the editor as the draft of another prompt.
    pub(super) fn fork(&mut self, spot: Spot, text: &str) -> Vec<Effect> {
        let name = text.trim();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(is_part) {
            return self.refuse_line(
                "A prompt's name is one word of letters, digits, `-`, `_` and `.`, such as main-2."
                    .to_owned(),
            );
        }
        let (version, own) = (self.version_at(spot).cloned(), self.prompt.draft());
        let of = version.as_ref().map_or(&own.prompt, |version| &version.name);
        if of == name {
            let key = self.keymap.keys_of(Command::UseVersion).into_iter().next().unwrap_or_default();
            return self.refuse_line(format!(
                "It is of the prompt `{name}` already; {key} on it puts it into the editor."
            ));
        }
        self.overlays.pop();
        let from = self.spot_name(spot);
        let is_known = self.shown().latest_version(name).is_some();
        let draft = version.as_ref().map_or(own, draft_of);
        let said = if is_known {
            format!(
                "The words of {from} are in the editor, and become the next version of the prompt `{name}`"
            )
        } else {
            format!("The words of {from} are in the editor, as the draft of a new prompt `{name}`")
        };
        let effects = self.replace_draft(Draft { prompt: name.to_owned(), ..draft }, &said);
        self.versions.prompt = None;
        self.versions.selected = Some(Spot::Draft);
        (self.versions.taken, self.versions.compared) = (None, None);
        effects
    }

    /// Says in the line that is open what is wrong with it.
    fn refuse_line(&mut self, sentence: String) -> Vec<Effect> {
        if let Some(Overlay::Line(line)) = self.overlays.last_mut() {
            (line.error, line.tried) = (Some(sentence), true);
        }
        vec![]
    }
}
