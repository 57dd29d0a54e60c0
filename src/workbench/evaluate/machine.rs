//! Whether a classifier tells accepted rows from real ones, and what accepted rows bring on train rows alone.

use std::collections::HashMap;

use serde::Serialize;

use super::fitting::Fit;
use super::seeds::{FOLDS, Use, folds, random, some_of};
use super::training::{Ground, Training};
use super::{AcceptedRow, Material, Seen};
use crate::domain::Classifier;
use crate::measure::Ranking;
use crate::text::{Stop, Stopped};

/// The fewest rows of each kind that a classifier is trained to tell apart.
const LEAST: usize = 10;

/// What a person sees while they decide: PR-AUC of the target, cross-validated on known train rows.
///
/// No test row is looked at. An accepted row joins the training of a fold only where none of the rows that are held out
/// in it was seen for it, in its prompt or in that of a row which its prompt showed: else it would hand that row back, and any rows would seem to help. Rows of the
/// built-in generator, which learns from all known rows, therefore never join.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct TrainCv {
    /// With real rows alone.
    pub real: f64,
    /// With the accepted rows that may join a fold's training.
    pub accepted: f64,
}

/// Returns PR-AUC of the target against all other labels by five folds of the known train rows, without and with the
/// accepted rows; `None` where fewer than ten of these may join a fold.
///
/// # Errors
///
/// Where it is stopped.
pub(crate) fn train_cv(
    material: &Material,
    model: Classifier,
    stop: &Stop,
) -> Result<Option<TrainCv>, Stopped> {
    let classes: Vec<u32> =
        material.train.iter().map(|&row| u32::from(material.class(row) == material.target)).collect();
    let is_target: Vec<bool> = classes.iter().map(|class| *class == 1).collect();
    let folds = folds(&classes, random(material, 0, Use::Folds));
    let fold_of: HashMap<u32, u8> = material.train.iter().copied().zip(folds.iter().copied()).collect();
    let is_made_of = |made: &AcceptedRow, is_row: &dyn Fn(u32) -> bool| {
        let has_seen = match &made.seen {
            Seen::All => true,
            Seen::Rows(rows) => rows.iter().any(|row| is_row(*row)),
        };
        has_seen || made.source.is_some_and(is_row)
    };
    let joins = |fold: u8| {
        let is_held_out = |row: u32| fold_of.get(&row) == Some(&fold);
        let joining = material.accepted.iter().filter(|made| !is_made_of(made, &is_held_out));
        joining.take(LEAST).count() == LEAST
    };
    if !(0..FOLDS).all(joins) {
        return Ok(None);
    }
    let ground = Ground::of_accepted(material);
    let class = |text: u32| u32::from(ground.class(text) == material.target);
    let fit = Fit { corpus: &ground.corpus, class: &class, classes: 2, balanced: false, model, stop };
    let is_of = |text: u32, is_row: &dyn Fn(u32) -> bool| {
        let number = text.checked_sub(ground.added().start);
        match number.and_then(|number| material.accepted.get(number as usize)) {
            Some(made) => is_made_of(made, is_row),
            None => ground.source(text).is_some_and(is_row),
        }
    };
    let figure = |added: Vec<u32>| {
        let training = Training { real: material.train.clone(), added, balanced: false };
        let scores = fit.out_of_fold(&training, &folds, &is_of)?;
        Ok(Ranking::of(&is_target, &second(&scores)).average_precision())
    };
    let (real, accepted) = crate::parallel::both(|| figure(vec![]), || figure(ground.added().collect()));
    Ok(Some(TrainCv { real: real?, accepted: accepted? }))
}

/// Returns how well a classifier tells accepted rows of the target from as many known ones (METRICS 11): ROC-AUC out of
/// fold, .5 where it does not; `None` where there are fewer than ten of either.
pub(super) fn detectability(material: &Material, stop: &Stop) -> Result<Option<f64>, Stopped> {
    let ground = Ground::of_accepted(material);
    let real: Vec<u32> = material.of_target(&material.train, true).collect();
    let accepted: Vec<u32> = ground.added().filter(|&text| ground.class(text) == material.target).collect();
    let count = real.len().min(accepted.len());
    if count < LEAST {
        return Ok(None);
    }
    let drawn = |of: u64| random(material, 0, Use::Detection).fork(of);
    let rows = [some_of(real, count, drawn(0)), some_of(accepted, count, drawn(1))];
    let is_accepted: HashMap<u32, bool> = rows
        .iter()
        .zip([false, true])
        .flat_map(|(rows, is)| rows.iter().map(move |&row| (row, is)))
        .collect();
    let class = |text: u32| u32::from(is_accepted.get(&text).copied().unwrap_or_default());
    let model = Classifier::Lr;
    let fit = Fit { corpus: &ground.corpus, class: &class, classes: 2, balanced: false, model, stop };
    let training = Training { real: rows.concat(), added: vec![], balanced: false };
    let classes: Vec<u32> = training.real.iter().map(|&text| class(text)).collect();
    let folds = folds(&classes, drawn(2));
    let scores = fit.out_of_fold(&training, &folds, &|text, is_row| is_row(text))?;
    let is_accepted: Vec<bool> = classes.iter().map(|class| *class == 1).collect();
    Ok(Some(Ranking::of(&is_accepted, &second(&scores)).roc_auc().max(0.5)))
}

/// Returns the second class's score of each row.
fn second(scores: &[Vec<f64>]) -> Vec<f64> {
    scores.iter().map(|scores| scores.get(1).copied().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::evaluate::fixtures::{KNOWN_WORDS, material, message};

    fn detected(change: impl Fn(&mut String)) -> Option<f64> {
        let mut material = material();
        for (number, row) in (5000..).zip(&mut material.accepted) {
            row.labelled.text = message(number, Some(KNOWN_WORDS));
            change(&mut row.labelled.text);
        }
        detectability(&material, &Stop::never()).unwrap()
    }

    #[test]
    fn a_word_that_no_real_row_has_gives_accepted_rows_away() {
        let plain = detected(|_| ()).unwrap();
        let planted = detected(|text| text.push_str(" zweifellos gewiss fraglos")).unwrap();

        assert!(plain < 0.8, "{plain}");
        assert!(planted >= 0.9, "{planted}");
    }

    #[test]
    fn too_few_rows_say_nothing() {
        let mut material = material();
        material.accepted.truncate(LEAST - 1);
        assert_eq!(detectability(&material, &Stop::never()), Ok(None));
    }

    #[test]
    fn while_curating_no_test_row_is_looked_at() {
        let material = material();
        let mut other = material.clone();
        for row in &material.test {
            other.base[*row as usize].text = "something else".into();
        }
        let of = |material: &Material| train_cv(material, Classifier::Lr, &Stop::never()).unwrap();

        assert_eq!(of(&material), of(&other));
        let found = of(&material).unwrap();
        assert_ne!(found.accepted.to_bits(), found.real.to_bits());
        let stopped = Stop::when(|| true);
        assert_eq!(train_cv(&material, Classifier::Lr, &stopped), Err(Stopped));
    }

    #[test]
    fn rows_join_no_fold_of_a_row_that_their_maker_had_seen() {
        let of = |seen: &dyn Fn(&Material) -> Seen, text: &dyn Fn(usize) -> String| {
            let mut material = material();
            for number in 0..material.accepted.len() {
                material.accepted[number].labelled.text = text(number);
                material.accepted[number].seen = seen(&material);
            }
            train_cv(&material, Classifier::Lr, &Stop::never()).unwrap()
        };
        let known = |number: usize| {
            let material = material();
            material.base[material.train[number % 12] as usize].text.clone() + &" and more".repeat(9)
        };

        assert_eq!(of(&|_| Seen::All, &known), None, "the built-in generator learns from all rows");
        assert_eq!(of(&|material| Seen::Rows(material.train[..12].to_vec()), &known), None);
        let handed_back = of(&|_| Seen::Rows(vec![]), &known).unwrap();
        assert!(handed_back.accepted > handed_back.real + 0.05, "{handed_back:?}");
    }
}
