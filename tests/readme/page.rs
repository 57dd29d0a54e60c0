//! The README's text, and the parts of it that are made.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests run side by side, and several may write.
static PAGE: Mutex<()> = Mutex::new(());

fn lock() -> MutexGuard<'static, ()> {
    PAGE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Where a block's text stands in the page: between `<!-- NAME -->` and `<!-- /NAME -->`.
fn place(page: &str, name: &str) -> std::ops::Range<usize> {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = page.find(&open).unwrap_or_else(|| panic!("README.md has no line {open}")) + open.len();
    let length = page[start..].find(&close).unwrap_or_else(|| panic!("README.md has no line {close}"));
    start..start + length
}

/// Returns the text of a block.
pub fn block(name: &str) -> String {
    let _lock = lock();
    let page = fs::read_to_string(path()).unwrap();
    page[place(&page, name)].to_owned()
}

/// Returns the insides of a text's fenced pieces in one language, each ending in a line break.
pub fn fences(text: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    let inside = |piece: &str| piece.split_once("```\n").map(|(inside, _)| inside.to_owned());
    let found: Vec<_> = text.split(&open).skip(1).map(|piece| inside(piece).unwrap()).collect();
    assert!(!found.is_empty(), "there is no piece in {language}");
    found
}

/// Holds a block to what it must be, or writes it where `ROWSMITH_WRITE_README` is set.
#[track_caller]
pub fn hold(name: &str, wanted: &str) {
    hold_but_for(name, wanted, str::to_owned);
}

/// Holds a block to what it must be in all that `same` leaves of it.
#[track_caller]
pub fn hold_but_for(name: &str, wanted: &str, same: fn(&str) -> String) {
    let _lock = lock();
    let mut page = fs::read_to_string(path()).unwrap();
    let place = place(&page, name);
    if same(&page[place.clone()]) == same(wanted) {
        return;
    }
    assert!(
        std::env::var_os("ROWSMITH_WRITE_README").is_some(),
        "README.md is stale at <!-- {name} -->. Refresh it with `ROWSMITH_WRITE_README=1 cargo test --test readme`, \
         and look at what changed. It must be:\n{wanted}"
    );
    page.replace_range(place, wanted);
    fs::write(path(), page).unwrap();
}
