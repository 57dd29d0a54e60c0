//! The views, panes and windows of the workbench: keys that open each, and what the screen shows then.

/// A place where a person may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) name: &'static str,
    /// Keys, written one group after the other.
    pub(crate) keys: &'static [&'static str],
    /// What is seen there.
    pub(crate) shows: &'static str,
    /// What is typed there and must not be lost.
    pub(crate) typed: Option<&'static str>,
}

const fn at(name: &'static str, keys: &'static [&'static str], shows: &'static str) -> Place {
    Place { name, keys, shows, typed: None }
}

const fn typing(name: &'static str, keys: &'static [&'static str], typed: &'static str) -> Place {
    Place { name, keys, shows: typed, typed: Some(typed) }
}

/// All of them, in a session with five pending rows and [`EDITOR`] as the person's editor.
pub(crate) const PLACES: [Place; 23] = [
    at("rows", &[], "Row "),
    at("zoomed rows", &["z"], "pending"),
    at("prompt", &["\t"], "Prompt"),
    at("preview", &["\t", "\t"], "Preview"),
    typing("prompt editor", &["i", "Words of a draft"], "Words of a draft"),
    typing("row editor", &["e", "Words of an edit "], "Words of an edit"),
    typing("reason", &["X", "words of a reason"], "words of a reason"),
    typing("tags", &["t", "words-of-a-tag"], "words-of-a-tag"),
    at("label", &["L"], "Another label of row"),
    at("filter", &["/", "state:"], "Filter the rows"),
    at("commands", &[":"], "Commands"),
    at("help", &["?"], "Help · keys"),
    at("guidelines", &["g", "l"], "Guidelines · tickets"),
    at("half a key", &["g"], "g …"),
    at("exchange", &["o"], "Request and reply"),
    at("settings", &[","], "The next sample"),
    at("run", &["r"], "Run 1 · done"),
    typing("comparison", &["i", "Words to compare", "\x1b", "D"], "Words to compare"),
    at("question about many rows", &[":", "reject-matching", "\r"], "Many rows"),
    at("question about an edit", &["e", "x", "\x1b"], "Leave the row"),
    at("question about leaving", &["\x03"], "Quit the workbench?"),
    at("a run", &[",", "\x15", "20000\r", "s"], "sampling"),
    at("editor", &["i", "\x05"], "In the editor"),
];

/// An editor that changes the modes of the terminal, and stays until it is ended.
pub(crate) const EDITOR: &str = "f() { stty -echo -icanon; printf 'In the editor'; exec sleep 60; }; f";
