//! What a walk may do: one table, with how often each step is drawn.

use std::fmt::Display;

use super::expected::{Deed, Row};
use super::{Done, Walk};

/// How often a step is drawn, its name, and what it does; it adds to its name what it draws.
type Step = (usize, &'static str, fn(&mut Walk, &mut String) -> Done);

/// Every step. Those from `command` on close the workbench and open it again.
pub(super) const STEPS: [Step; 22] = [
    (14, "accept", |walk, _| walk.decide("a", Deed::Accept { rating: None, tag: None })),
    (9, "reject", |walk, _| walk.decide("x", Deed::Reject { reason: None, tag: None })),
    (5, "skip", |walk, _| walk.decide(" ", Deed::Skip)),
    (7, "rate", rate),
    (3, "clear rating", |walk, _| walk.decide("0", Deed::ClearRating)),
    (4, "reject with a reason", reject_with_a_reason),
    (5, "tag", tag),
    (3, "label", label),
    (4, "edit", edit),
    (3, "repeat", repeat),
    (12, "move", go),
    (9, "undo", |walk, _| walk.turn("u", "Undone", super::Expected::undo)),
    (7, "redo", |walk, _| walk.turn("U", "Done again", super::Expected::redo)),
    (7, "filter", filter),
    (3, "sort again", sort_again),
    (3, "decide what is shown", decide_all),
    (2, "command: decide one", command_on_one),
    (2, "command: decide what matches", command_on_many),
    (2, "command: undo and redo", command_undo),
    (1, "command: sample", command_sample),
    (2, "restart", |walk, _| walk.away(|_| Ok(()))),
    (1, "restart without sled", |walk, _| walk.away(|walk| remove(&walk.sled()))),
];

/// A filter as it is typed, with what it means of a row and its number, from 0.
type Filter = (&'static str, fn(usize, &Row) -> bool);

/// Filters that differ in what they look at.
pub(super) const FILTERS: [Filter; 10] = [
    ("", |_, _| true),
    ("state:pending", |_, row| row.state == "pending"),
    ("state:accepted", |_, row| row.state == "accepted"),
    ("-state:pending -state:accepted", |_, row| row.state == "rejected" || row.state == "skipped"),
    ("rating>=3", |_, row| row.rating.is_some_and(|rating| rating >= 3)),
    ("tag:tone", |_, row| row.tags.contains("tone")),
    ("number<=9 -tag:tone", |at, row| at < 9 && !row.tags.contains("tone")),
    ("is:edited", |_, row| row.is_edited()),
    ("text~\"MY\"", |_, row| row.text.to_lowercase().contains("my")),
    ("label:cancel", |_, row| row.label == "cancel"),
];

/// Orders as they are typed.
pub(super) const ORDERS: [&str; 5] = ["arrival", "novelty", "rating", "length", "state"];

const TAGS: [&str; 3] = ["tone", "short", "odd"];
const REASONS: [&str; 2] = ["dull", "not ours"];
/// The most rows of a walk.
const MOST_ROWS: usize = 60;

/// Adds to a step's name what it drew.
fn tell(told: &mut String, drawn: impl Display) {
    told.push(' ');
    told.push_str(&drawn.to_string());
}

impl Walk {
    /// Presses a key that does something to the selected row.
    fn decide(&mut self, key: &str, deed: Deed) -> Done {
        let Some(row) = self.selected()? else { return Ok(()) };
        self.press(key);
        self.did(row, deed);
        Ok(())
    }

    fn did(&mut self, row: usize, deed: Deed) {
        self.expected.change(&[row], &deed, false);
        if deed.is_repeated() {
            self.expected.last = Some(deed);
        }
    }

    /// Presses a key that undoes or does again, and waits for its answer.
    fn turn(&mut self, key: &str, says: &str, turn: fn(&mut super::Expected) -> bool) -> Done {
        self.catch_up()?;
        self.press(key);
        let says = if turn(&mut self.expected) { says } else { "There is nothing to" };
        self.until(says)
    }

    /// Closes the workbench, does something, and opens it again.
    fn away(&mut self, act: impl FnOnce(&mut Self) -> Done) -> Done {
        self.close()?;
        act(self)?;
        self.is_as_expected()?;
        self.start()
    }

    fn draw<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.random.below(from.len())]
    }
}

fn remove(folder: &std::path::Path) -> Done {
    std::fs::remove_dir_all(folder).map_err(|error| error.to_string())
}

fn rate(walk: &mut Walk, told: &mut String) -> Done {
    let stars = walk.draw(&[1, 2, 3, 4, 5]);
    tell(told, stars);
    walk.decide(&stars.to_string(), Deed::Accept { rating: Some(stars), tag: None })
}

fn reject_with_a_reason(walk: &mut Walk, told: &mut String) -> Done {
    let Some(row) = walk.selected()? else { return Ok(()) };
    let reason = walk.draw(&REASONS);
    tell(told, reason);
    walk.type_in("X", &format!("{reason}\r"))?;
    walk.until("? help")?;
    walk.did(row, Deed::Reject { reason: Some(reason.to_owned()), tag: None });
    Ok(())
}

fn tag(walk: &mut Walk, told: &mut String) -> Done {
    let Some(row) = walk.selected()? else { return Ok(()) };
    let count = walk.random.below(3);
    let tags: Vec<String> = (0..count).map(|_| walk.draw(&TAGS).to_owned()).collect();
    tell(told, format!("{tags:?}"));
    walk.type_in("t", &format!("\x15{}\r", tags.join(" ")))?;
    walk.until("? help")?;
    walk.did(row, Deed::Tags(tags));
    Ok(())
}

fn label(walk: &mut Walk, told: &mut String) -> Done {
    let Some(row) = walk.selected()? else { return Ok(()) };
    let label = walk.draw(&["cancel", "billing", "fault"]);
    tell(told, label);
    walk.type_in("L", &format!("\x15{label}\r"))?;
    walk.until("? help")?;
    walk.did(row, Deed::Label(label.to_owned()));
    Ok(())
}

fn edit(walk: &mut Walk, _: &mut String) -> Done {
    let Some(row) = walk.selected()? else { return Ok(()) };
    walk.typed += 1;
    let typed = format!("E{} ", walk.typed);
    walk.type_in("e", &format!("{typed}\x13"))?;
    walk.until("? help")?;
    let text = format!("{typed}{}", walk.expected.rows[row].text);
    walk.did(row, Deed::Text(text));
    Ok(())
}

fn repeat(walk: &mut Walk, told: &mut String) -> Done {
    let Some(deed) = walk.expected.last.clone() else { return Ok(()) };
    tell(told, format!("{deed:?}"));
    walk.decide(".", deed)
}

fn go(walk: &mut Walk, told: &mut String) -> Done {
    let keys = walk.draw(&["j", "k", "jjj", "kk", "gg", "G", "n", "\x04", "\x15"]);
    tell(told, keys.escape_default());
    walk.catch_up()?;
    walk.press(keys);
    Ok(())
}

fn filter(walk: &mut Walk, told: &mut String) -> Done {
    (walk.filter, walk.order) = (walk.random.below(FILTERS.len()), walk.random.below(ORDERS.len()));
    let typed = format!("{} sort:{}", FILTERS[walk.filter].0, ORDERS[walk.order]);
    tell(told, &typed);
    walk.catch_up()?;
    walk.type_in("/", &format!("\x15{typed}\r"))?;
    walk.until("? help")?;
    walk.view_is_as_expected()
}

fn sort_again(walk: &mut Walk, _: &mut String) -> Done {
    walk.catch_up()?;
    walk.press("R");
    walk.view_is_as_expected()
}

fn decide_all(walk: &mut Walk, told: &mut String) -> Done {
    let (verb, state, deed) = match walk.random.below(3) {
        0 => ("accept", "accepted", Deed::Accept { rating: None, tag: None }),
        1 => ("reject", "rejected", Deed::Reject { reason: None, tag: None }),
        _ => ("skip", "skipped", Deed::Skip),
    };
    tell(told, format!("{verb} {}", FILTERS[walk.filter].0));
    let (_, is_meant) = FILTERS[walk.filter];
    let rows = walk.expected.matching(|at, row| is_meant(at, row) && row.state != state);
    walk.catch_up()?;
    walk.type_in(":", &format!("{verb}-matching\r"))?;
    if rows.is_empty() {
        // It says so, and asks nothing.
        return walk.until("? help");
    }
    walk.until("╭─ Many rows")?;
    walk.press("y");
    walk.until("? help")?;
    walk.expected.change(&rows, &deed, true);
    Ok(())
}

fn command_on_one(walk: &mut Walk, told: &mut String) -> Done {
    let row = walk.random.below(walk.expected.rows.len());
    let id = walk.expected.rows[row].id.clone();
    let (tag, reason) = (walk.draw(&TAGS), walk.draw(&REASONS));
    let (args, deed): (Vec<&str>, Deed) = match walk.random.below(3) {
        0 => (
            vec!["accept", "tickets", &id, "--rating", "3", "--tag", tag],
            Deed::Accept { rating: Some(3), tag: Some(tag.to_owned()) },
        ),
        1 => (
            vec!["reject", "tickets", &id, "--reason", reason],
            Deed::Reject { reason: Some(reason.to_owned()), tag: None },
        ),
        _ => (vec!["skip", "tickets", &id], Deed::Skip),
    };
    tell(told, format!("{args:?}"));
    walk.away(|walk| {
        walk.expected.change(&[row], &deed, false);
        walk.command(&args).map(drop)
    })
}

fn command_on_many(walk: &mut Walk, told: &mut String) -> Done {
    let (filter, is_meant) = FILTERS[1 + walk.random.below(FILTERS.len() - 1)];
    let tag = walk.draw(&TAGS);
    let (args, deed) = match walk.random.below(2) {
        0 => (
            vec!["accept", "tickets", "--filter", filter, "--tag", tag],
            Deed::Accept { rating: None, tag: Some(tag.to_owned()) },
        ),
        _ => (vec!["reject", "tickets", "--filter", filter], Deed::Reject { reason: None, tag: None }),
    };
    tell(told, format!("{args:?}"));
    walk.away(|walk| {
        let rows = walk.expected.matching(is_meant);
        walk.expected.change(&rows, &deed, true);
        walk.command(&args).map(drop)
    })
}

fn command_undo(walk: &mut Walk, told: &mut String) -> Done {
    let (undo, redo) = walk.expected.depths();
    let is_undo = walk.random.below(2) == 0;
    let most = if is_undo { undo } else { redo };
    let count = most.min(1 + walk.random.below(3));
    tell(told, format!("{} {count}", if is_undo { "undo" } else { "redo" }));
    walk.away(|walk| {
        if count == 0 {
            return Ok(());
        }
        for _ in 0..count {
            if is_undo {
                walk.expected.undo()
            } else {
                walk.expected.redo()
            };
        }
        let verb = if is_undo { "undo" } else { "redo" };
        walk.command(&[verb, "tickets", "-n", &count.to_string()]).map(drop)
    })
}

fn command_sample(walk: &mut Walk, _: &mut String) -> Done {
    walk.away(|walk| {
        if walk.expected.rows.len() < MOST_ROWS {
            walk.command(&["sample", "tickets", "-n", "4"])?;
            let rows = walk.rows()?;
            walk.expected.rows_came(&rows);
        }
        Ok(())
    })
}
