//! Written rows that tests evaluate.

use super::{AcceptedRow, Labelled, Material};
use crate::domain::LeftOut;

const THINGS: [&str; 12] = [
    "prize", "cash", "ringtone", "voucher", "holiday", "loan", "reward", "bonus", "ticket", "phone",
    "coupon", "offer",
];
const ACTS: [&str; 6] = ["claim", "win", "call", "reply", "collect", "unlock"];
const PLACES: [&str; 12] = [
    "home", "office", "station", "kitchen", "gym", "library", "cinema", "market", "school", "garden",
    "train", "park",
];
const PLANS: [&str; 6] = ["meet", "see", "find", "wait", "call", "eat"];

/// Returns a message that sells something, or one between friends.
pub(super) fn message(number: usize, is_spam: bool) -> String {
    let (things, acts) = if is_spam { (THINGS, ACTS) } else { (PLACES, PLANS) };
    let thing = things[number % things.len()];
    let act = acts[number / things.len() % acts.len()];
    let other = things[(number * 5 + 3) % things.len()];
    match number % 3 {
        0 => format!("{act} your {thing} now number {number}"),
        1 => format!("we will {act} at the {thing} and the {other} number {number}"),
        _ => format!("the {other} is for you to {act} today {thing} number {number}"),
    }
}

/// Returns 12 known, 20 held back and 12 test messages of the target `spam`, 60 and 24 others, and 40 accepted rows of
/// two versions that tell of what the known ones lack.
pub(super) fn material() -> Material {
    let mut material = Material {
        classes: vec!["ham".into(), "spam".into()],
        target: 1,
        left_out: LeftOut { held_back: 20, ..LeftOut::default() },
        seed: 42,
        ..Material::default()
    };
    // Known messages are about few things, so there is something to learn.
    let known = (0..24).filter(|number| number % 12 < 6);
    let spam = known.map(|number| (message(number, true), 1, 0)).chain(
        (100..120)
            .map(|number| (message(number, true), 1, 2))
            .chain((200..212).map(|number| (message(number, true), 1, 1))),
    );
    let ham = (0..60).map(|number| (message(number, false), 0, 0));
    let ham = ham.chain((200..224).map(|number| (message(number, false), 0, 1)));
    for (row, (text, class, part)) in (0_u32..).zip(spam.chain(ham)) {
        material.base.push(Labelled { text, class });
        [&mut material.train, &mut material.test, &mut material.held_back][part].push(row);
    }
    material.accepted = (300..340)
        .map(|number| AcceptedRow {
            labelled: Labelled { text: message(number, true), class: 1 },
            version: if number % 4 == 0 { "v1" } else { "v2" }.into(),
            source: None,
        })
        .collect();
    material
}
