//! Paths of a session's folder and of its dataset.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Returns a path with the home folder in place of a `~` that no shell has replaced, as in `--data=~/a.csv`.
#[must_use]
pub(crate) fn expanded(path: &Path, home: Option<&OsStr>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) if !Path::new("~").exists() => Path::new(home).join(rest),
        _ => path.to_owned(),
    }
}

/// Returns the path of a file as seen from a folder, so that both can be moved together.
///
/// The system follows a link before it goes up by `..`, so links in both folders are followed here. The
/// file itself may be a link, which keeps its name: what it points to may change.
pub(super) fn relative_to(folder: &Path, file: &Path) -> io::Result<PathBuf> {
    let file = std::path::absolute(file)?;
    let (parent, name) = (file.parent().unwrap_or(Path::new("/")), file.file_name().unwrap_or_default());
    let (folder, file) = (real(&std::path::absolute(folder)?), real(parent).join(name));
    let shared = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    // If they share only the root, a relative path would be nothing but `..`.
    if shared <= 1 {
        return Ok(file);
    }
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(file.components().skip(shared)).collect())
}

/// Returns an absolute path with links followed as far as the path exists, and without `..`.
fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(real.pop()),
            Component::CurDir => {}
            part => {
                real.push(part);
                real = real.canonicalize().unwrap_or(real);
            }
        }
    }
    real
}

/// Returns an absolute path without `..`, so that its last part is a name.
pub(super) fn plain(path: &Path) -> PathBuf {
    match path.file_name() {
        Some(_) => path.to_owned(),
        None => real(path),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_dataset_is_named_as_seen_from_its_session() {
        let relative = |folder, file| relative_to(Path::new(folder), Path::new(file)).unwrap();
        assert_eq!(relative("/none/a/spam", "/none/a/spam/d.csv"), Path::new("d.csv"));
        assert_eq!(relative("/none/a/spam/", "/none/a/d.csv"), Path::new("../d.csv"));
        assert_eq!(relative("/none/a/b", "/none/data/x/d.csv"), Path::new("../../data/x/d.csv"));
        assert_eq!(relative("/none/a", "/other/d.csv"), Path::new("/other/d.csv"));
        assert_eq!(relative("/none/a/../x", "/none/a/d.csv"), Path::new("../a/d.csv"));
        assert_eq!(relative("/none/a/./x/..", "/none/a/../a/d.csv"), Path::new("d.csv"));
    }

    #[test]
    fn through_links_on_either_side_the_path_reaches_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        std::fs::create_dir_all(at("disk/deep/sessions")).unwrap();
        std::fs::create_dir_all(at("home/data")).unwrap();
        std::fs::create_dir_all(at("disk/files")).unwrap();
        std::fs::write(at("home/data/d.csv"), "a").unwrap();
        std::fs::write(at("disk/files/e.csv"), "b").unwrap();
        symlink(at("disk/deep/sessions"), at("home/work")).unwrap();
        symlink(at("disk/files"), at("home/files")).unwrap();
        symlink(at("home/data/d.csv"), at("home/latest.csv")).unwrap();
        for (session, file) in [
            ("home/work/s", "home/data/d.csv"),
            ("home/work/s", "home/files/e.csv"),
            ("home/s", "home/files/e.csv"),
            ("home/work/../s", "home/data/d.csv"),
            ("home/work/s", "home/latest.csv"),
            ("home/work/s", "home/files/../files/e.csv"),
        ] {
            let relative = relative_to(&at(session), &at(file)).unwrap();
            std::fs::create_dir_all(at(session)).unwrap();

            assert!(relative.is_relative(), "{relative:?}");
            let reached = std::fs::read(at(session).join(&relative)).unwrap();
            assert_eq!(reached, std::fs::read(at(file)).unwrap(), "{session} {file}");
        }
        assert!(relative_to(&at("home/s"), &at("home/latest.csv")).unwrap().ends_with("latest.csv"));
    }

    #[test]
    fn a_home_folder_that_no_shell_put_in_is_put_in() {
        let home = Some(OsStr::new("/home/a"));
        assert_eq!(expanded(Path::new("~/d.csv"), home), Path::new("/home/a/d.csv"));
        assert_eq!(expanded(Path::new("~"), home), Path::new("/home/a"));
        assert_eq!(expanded(Path::new("a/~/d.csv"), home), Path::new("a/~/d.csv"));
        assert_eq!(expanded(Path::new("~ann/d.csv"), home), Path::new("~ann/d.csv"));
        assert_eq!(expanded(Path::new("~/d.csv"), None), Path::new("~/d.csv"));
    }
}
