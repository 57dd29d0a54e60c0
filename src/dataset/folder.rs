//! A folder as the Hugging Face hub holds a dataset: a card, and files of rows that belong to splits.
//!
//! ```text
//! README.md   ---                                       no card: data/train-00000-of-00001.parquet, test.csv, …
//!             configs:
//!             - config_name: default
//!               data_files:
//!               - split: train
//!                 path: data/train-*
//! ```
//!
//! Of the card only `configs` is read, in the block style in which `datasets` writes it: the default configuration, or
//! the first. Rows are in files of one kind, Parquet before JSON Lines, CSV, TSV and JSON. Without a card a file belongs to
//! the split whose name is a word of its own, as datasets 5.2 finds it: `train-0.jsonl`, `sms.test.csv`.

use std::path::{Path, PathBuf};

use super::builder::Side;
use super::error::DatasetError;
use super::sentence::{quoted, shown_path};
use super::troubles::{Notes, unreadable};
use crate::files::{self, Links, WRITTEN_BY_HAND};

/// The endings of files with rows, those that are preferred first.
const ENDINGS: [&str; 5] = ["parquet", "jsonl", "csv", "tsv", "json"];
/// Files with such an ending that tell of a dataset and hold no rows.
const PAPERS: [&str; 4] = ["config.json", "dataset_dict.json", "dataset_info.json", "dataset_infos.json"];

/// One file with rows, and the split that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The file.
    pub(super) file: PathBuf,
    /// Its split.
    pub(super) split: Option<String>,
}

/// Returns the files of a folder with their splits, in the order of the card, else of their names.
///
/// Where the card names files that are not there beside others that are, it is said: half of a folder may be missing.
pub(super) fn parts(folder: &Path, notes: &mut Notes) -> Result<Vec<Part>, DatasetError> {
    let card = files::read(&folder.join("README.md"), Links::Followed, WRITTEN_BY_HAND).unwrap_or_default();
    let said = patterns(&String::from_utf8_lossy(&card));
    let (mut parts, mut missing) = (Vec::new(), Vec::new());
    for (split, pattern) in said {
        let files = matching(folder, &pattern)?;
        if files.is_empty() {
            missing.push(format!("{} of the split {}", quoted(&pattern), quoted(&split)));
        }
        parts.extend(files.into_iter().map(|file| Part { file, split: Some(split.clone()) }));
    }
    if !parts.is_empty() && !missing.is_empty() {
        notes.remark(format!(
            "The card of {} names files that are not there: {}. Download them, if they are wanted.",
            shown_path(folder),
            missing.join(", ")
        ));
    }
    if parts.is_empty() {
        let files = of_one_kind([matching(folder, "data/*")?, matching(folder, "*")?].concat());
        parts = files.into_iter().map(|file| Part { split: split_of(&file), file }).collect();
        if parts.len() > 1 && parts.iter().any(|part| part.split.is_none()) {
            let names = parts.iter().filter_map(|part| part.file.file_name());
            let names: Vec<_> = names.map(|name| quoted(&name.to_string_lossy())).collect();
            notes.remark(format!(
                "The rows of {} are those of its files {}.",
                shown_path(folder),
                names.join(", ")
            ));
        }
    }
    if parts.is_empty() {
        return Err(DatasetError::Folder { path: folder.to_owned() });
    }
    Ok(parts)
}

/// Returns the splits of some files, each once.
pub(super) fn splits(parts: &[Part]) -> Vec<String> {
    let mut splits: Vec<String> = Vec::new();
    for split in parts.iter().filter_map(|part| part.split.as_ref()) {
        if !splits.contains(split) {
            splits.push(split.clone());
        }
    }
    splits
}

/// Returns the split that the name of a file says: its first word that people use for splits.
fn split_of(file: &Path) -> Option<String> {
    let name = file.file_stem()?.to_string_lossy();
    let mut words = name.split(|c: char| "-_. ".contains(c) || c.is_ascii_digit());
    words.find(|word| Side::of(word).is_some()).map(str::to_owned)
}

/// Returns those of some files that have the ending which is preferred among theirs.
fn of_one_kind(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let has = |file: &PathBuf, ending: &str| file.extension().is_some_and(|end| end == ending);
    let kind = ENDINGS.iter().find(|ending| files.iter().any(|file| has(file, ending)));
    files.into_iter().filter(|file| kind.is_some_and(|kind| has(file, kind))).collect()
}

/// Returns the splits that a card names, each with a pattern of its files.
fn patterns(card: &str) -> Vec<(String, String)> {
    let Some(front) = card.strip_prefix("---").and_then(|rest| rest.split("\n---").next()) else {
        return Vec::new();
    };
    let lines = front.lines().skip_while(|line| line.trim_end() != "configs:").skip(1);
    let lines = lines.take_while(|line| line.starts_with([' ', '-']) || line.trim().is_empty());
    let mut configs: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut split = "train".to_owned();
    for line in lines {
        let line = line.trim();
        let (item, line) = line.strip_prefix("- ").map_or((false, line), |rest| (true, rest.trim()));
        let (key, value) = line.split_once(':').map_or(("", line), |(key, value)| (key, value.trim()));
        let value = value.trim_matches(['"', '\'']).to_owned();
        match key {
            "config_name" => {
                configs.push((value, Vec::new()));
                "train".clone_into(&mut split);
            }
            "split" => split = value,
            "path" | "data_files" if !value.is_empty() => add(&mut configs, &split, value),
            "" if item => add(&mut configs, &split, value),
            _ => {}
        }
    }
    let default = configs.iter().position(|(name, _)| name == "default").unwrap_or_default();
    configs.into_iter().nth(default).map(|(_, files)| files).unwrap_or_default()
}

fn add(configs: &mut [(String, Vec<(String, String)>)], split: &str, pattern: String) {
    if let Some((_, files)) = configs.last_mut() {
        files.push((split.to_owned(), pattern));
    }
}

/// Returns the files with rows in a folder that a pattern names, of one kind, in the order of their names. A pattern may have `*` in
/// its last part, and leads nowhere else than into the folder.
fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, DatasetError> {
    let (inner, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let is_inside = !inner.starts_with('/') && !inner.split('/').any(|part| part == "..");
    let inner = folder.join(inner);
    if !is_inside || !inner.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&inner).map_err(|reason| unreadable(&inner, reason))? {
        let path = entry.map_err(|reason| unreadable(&inner, reason))?.path();
        let found_name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_paper = PAPERS.contains(&&*found_name) || found_name.ends_with("manifest.json");
        if fits(name, &found_name) && !is_paper && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(of_one_kind(found))
}

/// Returns whether a name fits a pattern whose `*` stand for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_the_names_that_begin_and_end_so() {
        for (pattern, name, is) in [
            ("train-*", "train-00000-of-00001.parquet", true),
            ("*.parquet", "test.parquet", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("train.parquet", "train.parquet", true),
            ("train.parquet", "train.parquet2", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(fits(pattern, name), is, "{pattern} {name}");
        }
    }

    #[test]
    fn the_default_configuration_of_a_card_names_splits_and_files() {
        let card = "---\nlicense: mit\nconfigs:\n- config_name: small\n  data_files: small/*\n- config_name: default\n  \
            data_files:\n  - split: train\n    path: data/train-*\n  - split: test\n    path:\n    - \"data/test-0*\"\n    \
            - data/test-1*\ndataset_info:\n  features: []\n---\n# Rows\n";
        let found = patterns(card);
        let pair = |split: &str, path: &str| (split.to_owned(), path.to_owned());
        assert_eq!(
            found,
            [pair("train", "data/train-*"), pair("test", "data/test-0*"), pair("test", "data/test-1*")]
        );
        assert_eq!(patterns("# Rows\n"), []);
        assert_eq!(patterns("---\nlicense: mit\n---\n"), []);
    }

    #[test]
    fn rows_are_in_files_of_one_kind_and_papers_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let names = |notes: &mut Notes| {
            let parts = parts(folder.path(), notes).unwrap();
            let name =
                |part: Part| (part.file.file_name().unwrap().to_string_lossy().into_owned(), part.split);
            parts.into_iter().map(name).collect::<Vec<_>>()
        };
        for name in ["dataset_info.json", "rows.csv.manifest.json", "a.csv", "train.csv", "notes.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let mut notes = Notes::default();
        let found = names(&mut notes);
        assert_eq!(found, [("a.csv".to_owned(), None), ("train.csv".to_owned(), Some("train".to_owned()))]);
        assert!(notes.take_remarks().join("").ends_with("are those of its files `a.csv`, `train.csv`."));

        std::fs::create_dir(folder.path().join("data")).unwrap();
        std::fs::write(folder.path().join("data/train-0.jsonl"), "").unwrap();
        assert_eq!(names(&mut notes), [("train-0.jsonl".to_owned(), Some("train".to_owned()))]);
        assert!(notes.take_remarks().is_empty());
        std::fs::write(
            folder.path().join("README.md"),
            "---\nconfigs:\n- config_name: default\n  data_files: a*\n---\n",
        )
        .unwrap();
        assert_eq!(names(&mut notes), [("a.csv".to_owned(), Some("train".to_owned()))]);
    }

    #[test]
    fn files_that_a_card_names_and_the_folder_lacks_are_said() {
        let folder = tempfile::tempdir().unwrap();
        let card = "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: train.parquet\n  \
            - split: test\n    path: test/*.parquet\n---\n";
        std::fs::write(folder.path().join("README.md"), card).unwrap();
        std::fs::write(folder.path().join("train.parquet"), "").unwrap();
        let mut notes = Notes::default();
        assert_eq!(parts(folder.path(), &mut notes).unwrap().len(), 1);
        let said = notes.take_remarks().join("");
        assert!(
            said.contains("`test/*.parquet` of the split `test`") && !said.contains("train.parquet"),
            "{said}"
        );
    }

    #[test]
    fn the_name_of_a_file_says_its_split_where_it_begins_with_one() {
        for (name, split) in [
            ("train-00000-of-00001.parquet", Some("train")),
            ("test.parquet", Some("test")),
            ("validation_1.parquet", Some("validation")),
            ("train01.jsonl", Some("train")),
            ("sms.test.csv", Some("test")),
            ("rows.parquet", None),
            ("trained.csv", None),
        ] {
            assert_eq!(split_of(Path::new(name)).as_deref(), split, "{name}");
        }
    }
}
