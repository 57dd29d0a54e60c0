//! Makes readable what YAML refuses and people write: a colon in a text without quotes
//! (`system: Note: be short`), and control characters.

/// The first of the private-use characters that replace control characters while YAML is read.
const HIDDEN: u32 = 0x10_F000;

/// Replaces the characters of a line that YAML refuses or reads as a line end.
pub(super) fn hidden(line: &str) -> String {
    let is_refused = |c| matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    let hide =
        |c: char| char::from_u32(HIDDEN + (u32::from(c) & 0xFFF)).filter(|_| is_refused(c)).unwrap_or(c);
    line.chars().map(hide).collect()
}

/// Restores the characters that [`hidden`] replaced.
pub(super) fn shown(text: &str) -> String {
    let show = |c: char| match u32::from(c).checked_sub(HIDDEN) {
        Some(low @ 0xFFE..) => char::from_u32(0xF000 + low),
        Some(low @ ..0xA0) => char::from_u32(low),
        _ => None,
    };
    text.chars().map(|c| show(c).unwrap_or(c)).collect()
}

/// Returns the line with its value in quotes, if that is a plain text with a colon.
pub(super) fn quoted(line: &str) -> Option<String> {
    let start = value_start(line)?;
    let value = line[start..].trim();
    let is_plain = !value.starts_with(|c| "[]{}&*!|>@`%,?#\"'".contains(c)) && !value.starts_with("- ");
    let has_colon = value.ends_with(':') || value.contains(": ") || value.contains(":\t");
    let has_comment = value.contains(" #") || value.contains("\t#");
    (is_plain && has_colon && !has_comment)
        .then(|| format!("{}{}", &line[..start], serde_json::Value::from(value)))
}

/// Returns the byte where the value of a line starts: after `- `, or after a key and its colon.
pub(super) fn value_start(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let content = &line[indent..];
    if let Some(item) = content.strip_prefix("- ") {
        return Some(line.len() - item.trim_start().len());
    }
    let key = match content.chars().next()? {
        quote @ ('"' | '\'') => content[1..].find(quote)? + 2,
        _ => 0,
    };
    let colon = indent + key + content[key..].find(':')?;
    let value = line[colon + 1..].trim_start();
    (value.len() < line.len() - colon - 1).then(|| line.len() - value.len())
}
