//! How the sides of a trial are called: by what they differ in.

use super::{Projection, Side, Trial};
use crate::domain::GeneratorSettings;

impl Projection {
    /// Returns a name for each side of a trial: its version, and the model and the temperature where these differ
    /// between sides. Where the sides are hidden, this tells them all the same: ask [`Projection::is_blind`] before.
    #[must_use]
    pub fn side_names(&self, trial: &Trial) -> Vec<String> {
        let differs = |of: &dyn Fn(&GeneratorSettings) -> String| {
            let mut all = trial.sides.iter().map(|side| of(&side.settings));
            let first = all.next();
            all.any(|other| Some(other) != first)
        };
        let (by_model, by_warmth) = (differs(&model), differs(&warmth));
        let mut prompts = trial.sides.iter().filter_map(|side| Some(&self.version(side.version)?.name));
        let first = prompts.next();
        let by_prompt = prompts.any(|other| Some(other) != first);
        let name = |side: &Side| {
            let mut words = Vec::new();
            if let Some(version) = self.version(side.version) {
                let prompt = if by_prompt { format!("{}@", version.name) } else { String::new() };
                words.push(format!("{prompt}v{}", version.number));
            }
            words.extend(by_model.then(|| model(&side.settings)));
            words.extend(by_warmth.then(|| warmth(&side.settings)));
            words.join(" · ")
        };
        trial.sides.iter().map(name).collect()
    }
}

fn model(settings: &GeneratorSettings) -> String {
    settings.model.clone().unwrap_or_else(|| settings.provider.name().to_owned())
}

fn warmth(settings: &GeneratorSettings) -> String {
    format!("T {:?}", settings.temperature)
}

#[cfg(test)]
mod tests {
    use crate::domain::fixtures::TrialStory;

    #[test]
    fn a_side_is_called_by_what_it_differs_in() {
        let of = TrialStory::compare(false, 1);
        let mut trial = of.story.projection.laboratory().going().unwrap().clone();
        assert_eq!(of.story.projection.side_names(&trial), ["v2", "v3"]);
        trial.sides[1].version = trial.sides[0].version;
        trial.sides[1].settings.temperature = 0.2;
        assert_eq!(of.story.projection.side_names(&trial), ["v2 · T 1.0", "v2 · T 0.2"]);
        trial.sides[1].settings.temperature = 1.0;
        trial.sides[1].settings.model = Some("other".into());
        assert_eq!(of.story.projection.side_names(&trial), ["v2 · hidden-model", "v2 · other"]);
    }
}
