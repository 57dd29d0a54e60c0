//! The certificate authorities that a person adds, such as a company's own.

use std::path::{Path, PathBuf};

use reqwest::Certificate;

use crate::generate::GeneratorError;

/// No file of certificates is larger; a system's own has half a megabyte.
const MOST_BYTES: u64 = 16 << 20;

/// Returns the certificates in the file of `SSL_CERT_FILE` and the folders of `SSL_CERT_DIR`.
///
/// On Linux and the BSDs those of the process stand in for the system's; elsewhere, and from a `.env`, they
/// are trusted besides.
///
/// # Errors
///
/// One of them is set and names no certificate that can be read.
pub(super) fn added(variable: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Certificate>, GeneratorError> {
    let mut added = Vec::new();
    if let Some(file) = variable("SSL_CERT_FILE") {
        let found = in_file(Path::new(&file)).map_err(|why| refused("SSL_CERT_FILE", "file", &file, &why))?;
        added.extend(found);
    }
    if let Some(folders) = variable("SSL_CERT_DIR") {
        let found: Vec<_> = std::env::split_paths(&folders).flat_map(|folder| in_folder(&folder)).collect();
        if found.is_empty() {
            return Err(refused("SSL_CERT_DIR", "folder", &folders, "no certificate is there"));
        }
        added.extend(found);
    }
    Ok(added)
}

fn in_file(file: &Path) -> Result<Vec<Certificate>, String> {
    let about = std::fs::metadata(file).map_err(|error| error.to_string())?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return Err("it is no file of a few megabytes".into());
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    match Certificate::from_pem_bundle(&bytes) {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err("it holds no certificate in PEM form".into()),
    }
}

fn in_folder(folder: &Path) -> Vec<Certificate> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = files.map(|entry| entry.path()).filter(|path: &PathBuf| path.is_file());
    files.filter_map(|file| in_file(&file).ok()).flatten().collect()
}

fn refused(variable: &str, what: &str, value: &str, why: &str) -> GeneratorError {
    GeneratorError::Settings(format!(
        "The certificate authorities in {variable} cannot be read: {value}: {why}. Let it name a {what} with \
         certificates in PEM form, or remove the variable."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/authority.pem");

    fn of(name: &str, value: &str) -> Result<usize, String> {
        let (name, value) = (name.to_owned(), value.to_owned());
        let variable = |asked: &str| (asked == name).then(|| value.clone());
        added(&variable).map(|found| found.len()).map_err(|error| error.to_string())
    }

    #[test]
    fn certificates_come_from_a_file_or_from_folders() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(AUTHORITY, folder.path().join("a.pem")).unwrap();
        std::fs::write(folder.path().join("notes.txt"), "no certificate").unwrap();
        let folder = folder.path().to_str().unwrap();

        assert_eq!(of("SSL_CERT_FILE", AUTHORITY), Ok(1));
        assert_eq!(of("SSL_CERT_DIR", &format!("/nowhere:{folder}")), Ok(1));
        assert_eq!(of("OTHER", AUTHORITY), Ok(0));
    }

    #[test]
    fn a_variable_that_names_no_certificate_is_an_error_that_names_it() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        for (name, value) in
            [("SSL_CERT_FILE", "/nowhere.pem"), ("SSL_CERT_FILE", file), ("SSL_CERT_DIR", "/nowhere")]
        {
            let said = of(name, value).unwrap_err();
            let start = format!("The certificate authorities in {name} cannot be read: {value}: ");
            assert!(said.starts_with(&start), "{said}");
        }
    }
}
