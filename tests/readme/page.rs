//! The pages of documentation, and their generated blocks.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests run in parallel, and several may write to a page.
static PAGE: Mutex<()> = Mutex::new(());

fn lock() -> MutexGuard<'static, ()> {
    PAGE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the README, the pages of `docs/` and the pages beside the README, with their paths
/// relative to the project's folder.
pub(crate) fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<PathBuf> = [root.to_owned(), root.join("docs")]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(root).unwrap().to_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

/// A block of a page, between `<!-- NAME -->` and `<!-- /NAME -->`.
struct Place {
    path: PathBuf,
    page: String,
    range: std::ops::Range<usize>,
}

/// Finds a block, which must be in exactly one page.
fn place(name: &str) -> Place {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let mut holding: Vec<_> = pages().into_iter().filter(|(_, page)| page.contains(&open)).collect();
    let (path, page) = holding.pop().unwrap_or_else(|| panic!("no page has a line {open}"));
    assert!(holding.is_empty(), "{} and {} both have {open}", path.display(), holding[0].0.display());
    let start = page.find(&open).unwrap() + open.len();
    let length =
        page[start..].find(&close).unwrap_or_else(|| panic!("{} has no line {close}", path.display()));
    Place { path, page, range: start..start + length }
}

/// Returns the text of a block.
pub(crate) fn block(name: &str) -> String {
    let _lock = lock();
    let Place { page, range, .. } = place(name);
    page[range].to_owned()
}

/// Returns the contents of the fenced blocks of one language, each ending in a line break.
pub(crate) fn fences(text: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    let inside = |piece: &str| piece.split_once("```\n").map(|(inside, _)| inside.to_owned());
    let found: Vec<_> = text.split(&open).skip(1).map(|piece| inside(piece).unwrap()).collect();
    assert!(!found.is_empty(), "there is no piece in {language}");
    found
}

/// Asserts the content of a block, or writes it where `ROWSMITH_WRITE_README` is set.
#[track_caller]
pub(crate) fn hold(name: &str, wanted: &str) {
    hold_but_for(name, wanted, str::to_owned);
}

/// Like [`hold`], but compares only what `same` leaves of both texts.
#[track_caller]
pub(crate) fn hold_but_for(name: &str, wanted: &str, same: fn(&str) -> String) {
    let _lock = lock();
    let Place { path, mut page, range } = place(name);
    if same(&page[range.clone()]) == same(wanted) {
        return;
    }
    assert!(
        std::env::var_os("ROWSMITH_WRITE_README").is_some(),
        "{} is stale at <!-- {name} -->. Refresh it with `ROWSMITH_WRITE_README=1 cargo test --test readme`, \
         and look at what changed. It must be:\n{wanted}",
        path.display()
    );
    page.replace_range(range, wanted);
    fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(path), page).unwrap();
}
