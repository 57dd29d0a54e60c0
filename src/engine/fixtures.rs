//! A small session for tests of what runs beside a front.

use std::path::Path;

use crate::workbench::{Location, NewOrder, new_session};

/// Makes a session of 80 rows, half of them of the target `leave`, in a folder.
pub(crate) fn session(folder: &Path) -> Location {
    let wishes =
        ["Please close my account", "I want to end the contract", "Stop the line for me", "We are leaving"];
    let reasons = ["The new flat has its own", "It got far too dear for us", "Nobody uses the box now"];
    let ends = ["Send me a letter about it", "Friday would suit me best", "My old number can go too"];
    let row = |n: usize| {
        let (wish, reason, end) = (wishes[n % 4], reasons[n % 3], ends[n / 4 % 3]);
        format!("{wish} by day {n}. {reason}. {end}.,leave\nHow do I set option {n},ask\n")
    };
    let data = folder.join("small.csv");
    std::fs::write(&data, format!("text,label\n{}", (0..40).map(row).collect::<String>())).unwrap();
    let order = NewOrder::new(&data, "text", "label", "leave");
    new_session(&folder.join("small"), &order, None, crate::engine::clock::now()).unwrap()
}
