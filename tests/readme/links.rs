//! Checks that the files and headings which pages link to exist.

use std::path::{Path, PathBuf};

/// Returns the relative links of a page with their line numbers, except those in fenced blocks.
pub(crate) fn relative(page: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_fenced = false;
    for (number, line) in page.lines().enumerate() {
        is_fenced ^= line.starts_with("```");
        if is_fenced {
            continue;
        }
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        let targets = targets.map(|(target, _)| target).filter(|target| !target.contains("://"));
        found.extend(targets.map(|target| (number + 1, target)));
    }
    found
}

/// Returns the anchor of a heading: `keys-of-your-own` for `## Keys of your own`.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Returns a sentence about a broken link.
pub(crate) fn fault(root: &Path, page: &Path, number: usize, target: &str) -> Option<String> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let path: PathBuf = match file {
        "" => root.join(page),
        file => root.join(page).parent()?.join(file),
    };
    let said = |what: &str| Some(format!("{}:{number}: the link `{target}` names {what}", page.display()));
    if !path.exists() {
        return said("a file that is not there");
    }
    if heading.is_empty() {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    let has_it = text.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
    if has_it { None } else { said("a heading that is not there") }
}

#[test]
fn links_are_found_outside_of_fences_and_held_to_files_and_headings() {
    let page =
        "See [a](a.md) and [b](docs/b.md#c-d).\n```\n[x](y.md)\n```\n[web](https://example.org) [k](#k)\n";
    assert_eq!(relative(page), [(1, "a.md"), (1, "docs/b.md#c-d"), (5, "#k")]);
    assert_eq!(anchor("### Keys of your own, and `more`"), "keys-of-your-own-and-more");

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), "# One\n").unwrap();
    let said = |target| fault(folder.path(), Path::new("a.md"), 3, target);
    assert_eq!((said("a.md"), said("#one"), said("a.md#one")), (None, None, None));
    assert_eq!(said("b.md").unwrap(), "a.md:3: the link `b.md` names a file that is not there");
    assert_eq!(said("#two").unwrap(), "a.md:3: the link `#two` names a heading that is not there");
}
