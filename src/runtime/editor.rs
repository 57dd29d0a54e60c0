//! The person's own editor.

use std::io::Write;
use std::process::Command;

/// Opens a text in `$VISUAL` or `$EDITOR` and returns what was made of it.
///
/// # Errors
///
/// Why it could not be edited, as a sentence; the text stays as it was.
pub(super) fn edit(text: &str) -> Result<String, String> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok());
    let command = named.filter(|command| !command.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    let failed = |error: std::io::Error| format!("The text could not be handed to the editor: {error}.");
    let mut file = tempfile::Builder::new().prefix("rowsmith-").suffix(".md").tempfile().map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.flush().map_err(failed)?;
    // An editor may be named with arguments, such as `code --wait`; a path with blanks needs a shell's quoting.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{command} \"$1\""))
        .arg("sh")
        .arg(file.path())
        .status()
        .map_err(|error| format!("`{command}` could not be started: {error}. Set EDITOR to one that can."))?;
    if !status.success() {
        return Err(format!(
            "`{command}` ended with {status}; the text is as it was. Set EDITOR to another."
        ));
    }
    let edited = std::fs::read_to_string(file.path()).map_err(failed)?;
    let without = if text.ends_with('\n') { &edited } else { edited.strip_suffix('\n').unwrap_or(&edited) };
    Ok(without.to_owned())
}
