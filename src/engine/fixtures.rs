//! A small session for tests of what runs beside a front.

use std::path::Path;

use crate::workbench::{Location, NewOrder, new_session};

/// Makes a session of 80 rows, half of them of the target `leave`, in a folder.
pub(crate) fn session(folder: &Path) -> Location {
    let row = |n| {
        format!("Please close account number {n} for me before Friday,leave\nHow do I set option {n},ask\n")
    };
    let data = folder.join("small.csv");
    std::fs::write(&data, format!("text,label\n{}", (0..40).map(row).collect::<String>())).unwrap();
    let (text, label, target) = ("text", "label", "leave");
    let order = NewOrder {
        data: &data,
        text,
        label,
        target,
        id: None,
        split: None,
        separator: None,
        quotes: None,
        join: false,
        skip_unlabelled: false,
        test_fraction: 0.2,
        seed: 1,
    };
    new_session(&folder.join("small"), &order, None, crate::engine::clock::now()).unwrap()
}
