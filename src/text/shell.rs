//! Words quoted for a shell, in commands that a person copies.

use std::fmt::Write as _;

use super::safe::is_clean;

/// Returns a word as a shell reads it back: as it is where it is plain, else in single quotes.
///
/// A word with characters that a terminal would not show as they are is written with escapes in
/// `$'…'`, which bash, zsh, ksh and the POSIX shell of 2024 read.
#[must_use]
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_./:=@%+,-".contains(c);
    if !word.is_empty() && word.chars().all(plain) && is_clean(word) {
        return word.to_owned();
    }
    if is_clean(word) && !word.chars().any(|c| c.is_whitespace() && c != ' ') {
        return format!("'{}'", word.replace('\'', "'\\''"));
    }
    let mut quoted = "$'".to_owned();
    for c in word.chars() {
        match c {
            '\'' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric() => quoted.push(c),
            c => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a string cannot fail.
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
        }
    }
    quoted.push('\'');
    quoted
}

/// Returns an option with its value, so that a value with a `-` at its start is not read as an option.
#[must_use]
pub(crate) fn shell_option(option: &str, value: &str) -> String {
    let sign = if value.starts_with('-') { '=' } else { ' ' };
    format!("{option}{sign}{}", shell_word(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_word_stays_and_others_are_quoted() {
        for (word, quoted) in [
            ("spam", "spam"),
            ("../data/a.csv", "../data/a.csv"),
            ("Kündigung", "Kündigung"),
            ("", "''"),
            ("transfer lost", "'transfer lost'"),
            ("Why is it \"late\"? lost", "'Why is it \"late\"? lost'"),
            ("don't", "'don'\\''t'"),
            ("$HOME `x` !", "'$HOME `x` !'"),
            ("~/a", "'~/a'"),
            ("a\u{a0}", "$'a\\302\\240'"),
            ("a\nb'\u{200b}", "$'a\\012b\\'\\342\\200\\213'"),
        ] {
            assert_eq!(shell_word(word), quoted);
        }
        assert_eq!(shell_option("--target", "-1"), "--target=-1");
        assert_eq!(shell_option("--target", "a b"), "--target 'a b'");
    }

    #[test]
    fn a_shell_reads_every_word_back() {
        for word in
            ["a b", "don't", "$HOME", "a\u{a0}b", "tab\there", "\\n", "\u{feff}x", "a\nb", "é\u{301}", "%s"]
        {
            let script = format!("printf %s {}", shell_word(word));
            let Ok(done) = std::process::Command::new("bash").args(["-c", &script]).output() else { return };
            assert_eq!(String::from_utf8_lossy(&done.stdout), word, "{script}");
        }
    }
}
