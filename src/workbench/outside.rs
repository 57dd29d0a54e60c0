//! A dataset that lies outside of its session's folder.
//!
//! Sessions that a person makes often name one. But a session may come from elsewhere, and its prompt sends rows of
//! its dataset to its server: so such a file is named when a store first reads it, and a hidden one, where programs
//! keep what is private, has to be asked for by whoever makes the session.

use std::path::{Path, PathBuf};

use super::WorkbenchError;

/// Returns what is told about a dataset that a store has not read before; nothing where it lies in the session's folder.
///
/// # Errors
///
/// The file is hidden, or lies in a hidden folder.
pub(super) fn notice(folder: &Path, data: &Path) -> Result<Option<String>, WorkbenchError> {
    let Some(outside) = beyond(folder, data) else { return Ok(None) };
    let file = outside.file.display();
    if outside.is_hidden {
        return Err(WorkbenchError::Usage(format!(
            "The session's dataset is {file}, a hidden file outside of the session's folder, where programs keep what \
             is private; nothing was read of it into the session. If its rows may be sent to the session's server, \
             copy it into the folder and name the copy under [dataset]."
        )));
    }
    Ok(Some(format!(
        "The dataset lies outside of the session's folder: {file}. Its rows are sent as examples where the prompt uses them."
    )))
}

struct Outside {
    file: PathBuf,
    is_hidden: bool,
}

/// Returns where a dataset is, links resolved, unless it is in the session's folder.
fn beyond(folder: &Path, data: &Path) -> Option<Outside> {
    let folder = folder.canonicalize().ok()?;
    let file = data.canonicalize().ok()?;
    let shared =
        file.components().zip(folder.components()).take_while(|(ours, theirs)| ours == theirs).count();
    if shared == folder.components().count() {
        return None;
    }
    let is_hidden = file.components().skip(shared).any(|part| {
        let name = part.as_os_str().as_encoded_bytes();
        name.starts_with(b".")
    });
    Some(Outside { file, is_hidden })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_dataset_elsewhere_is_named_and_a_hidden_one_refused_however_it_is_spelt() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        let session = home.join("work/.drafts/session");
        for folder in ["work/.drafts/session/.data", "work/data", ".ssh"] {
            fs::create_dir_all(home.join(folder)).unwrap();
        }
        for file in
            ["work/data/a.csv", ".ssh/id", "work/.drafts/session/.data/b.csv", "work/.drafts/c.csv", ".netrc"]
        {
            fs::write(home.join(file), "x").unwrap();
        }
        symlink(home.join(".ssh/id"), session.join("d.csv")).unwrap();
        symlink(home.join("work/data/a.csv"), session.join("e.csv")).unwrap();
        let told = |data: &Path| notice(&session, &session.join(data)).map_err(|error| error.to_string());

        assert_eq!(told(Path::new(".data/b.csv")), Ok(None));
        for seen in ["../../data/a.csv", "e.csv", "../c.csv"] {
            let said = told(Path::new(seen)).unwrap().unwrap();
            assert!(said.contains(home.join("work").to_str().unwrap()), "{said}");
        }
        assert!(told(&home.join("work/data/a.csv")).unwrap().is_some());
        for hidden in ["../../../.ssh/id", "d.csv", "../../../.netrc"] {
            let said = told(Path::new(hidden)).unwrap_err();
            assert!(said.contains("a hidden file"), "{said}");
        }
        assert!(told(&home.join(".ssh/id")).is_err());
    }
}
