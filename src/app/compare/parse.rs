//! What the texts of the form mean.

use super::form::profiles;
use super::{CompareField, CompareForm};
use crate::app::Sampling;
use crate::config::Overrides;
use crate::domain::{CompareOrder, LARGEST_SEED, NamedBy, Projection, Side, too_small_to_split};

/// The most pairs of one comparison.
const MOST_PAIRS: u32 = 1_000;

/// Returns what is wrong with what is typed in a line, as a sentence.
pub(super) fn error_of(form: &CompareForm, field: CompareField) -> Option<String> {
    let text = form.text(field);
    let said = match field {
        CompareField::TemperatureA | CompareField::TemperatureB => temperature(&text).err(),
        CompareField::Pairs => pairs(&text).err(),
        CompareField::Seed => seed(&text).err(),
        _ => None,
    };
    said.map(str::to_owned)
}

/// Returns what the form orders.
pub(super) fn order(
    form: &CompareForm,
    sampling: &Sampling,
    shown: &Projection,
) -> Result<CompareOrder, (CompareField, String)> {
    for field in CompareField::TYPED {
        if let Some(said) = error_of(form, field) {
            return Err((field, said));
        }
    }
    let side = |side: usize| {
        let (version, model, warm) = match side {
            0 => (CompareField::VersionA, CompareField::ModelA, CompareField::TemperatureA),
            _ => (CompareField::VersionB, CompareField::ModelB, CompareField::TemperatureB),
        };
        let found = form.version(side, shown);
        let found =
            found.ok_or_else(|| (version, "There is no version yet; sample or save one.".to_owned()))?;
        let said = Overrides {
            model: Some(form.text(model)).filter(|model| !model.is_empty()),
            temperature: temperature(&form.text(warm)).ok().flatten(),
            ..Overrides::default()
        };
        let all = profiles(sampling);
        let profile = all.get(form.profile_place(side)).or_else(|| all.first());
        let settings = profile.map(|profile| profile.with(&[(&said, NamedBy::Person)], &sampling.prices));
        let settings = settings.unwrap_or_default();
        Ok(Side { version: found.id, settings })
    };
    let sides = [side(0)?, side(1)?];
    let budget = sampling.order.budget;
    if sides[0] == sides[1] {
        let said = "Both sides are the same; change the version, the model or the temperature of one.";
        return Err((CompareField::VersionB, said.to_owned()));
    }
    if let Some(said) = too_small_to_split(budget) {
        return Err((CompareField::Start, said));
    }
    let pairs = pairs(&form.text(CompareField::Pairs)).unwrap_or(CompareOrder::PAIRS);
    let seed = seed(&form.text(CompareField::Seed)).ok().flatten();
    Ok(CompareOrder { sides, pairs, seed, blind: form.blind, budget }.paired())
}

fn temperature(text: &str) -> Result<Option<f64>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let warm = text.parse().ok().filter(|warm: &f64| warm.is_finite() && *warm >= 0.0);
    warm.map(Some).ok_or("Give a number from 0, such as 0.7, or nothing.")
}

fn pairs(text: &str) -> Result<u32, &'static str> {
    let pairs = text.parse().ok().filter(|pairs| (1..=MOST_PAIRS).contains(pairs));
    pairs.ok_or("Give a whole number from 1 to 1000, such as 20.")
}

fn seed(text: &str) -> Result<Option<u64>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let seed = text.parse().ok().filter(|seed| *seed <= LARGEST_SEED);
    seed.map(Some).ok_or("Give a whole number from 0, or nothing.")
}
