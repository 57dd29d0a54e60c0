//! Reads a plain list of texts, as models write it that are asked for JSON in vain.

/// Returns the items of a list (`1. …`, `2) …`, `- …`, `* …`, `• …`); text before the first item is
/// skipped.
pub(super) fn list_items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with("```")) {
        if let Some(item) = item(line) {
            items.push(item.to_owned());
        } else if let Some(last) = items.last_mut().filter(|_| !line.is_empty()) {
            last.push(' ');
            last.push_str(line);
        }
    }
    items.iter().map(|item| unquoted(item).to_owned()).collect()
}

fn item(line: &str) -> Option<&str> {
    if let Some(rest) = line.strip_prefix(['-', '*', '•', '–']) {
        return rest.strip_prefix(' ').map(str::trim);
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    ((1..=3).contains(&digits) && rest.starts_with(' ')).then(|| rest.trim())
}

/// Returns a text without quotation marks around the whole of it.
fn unquoted(text: &str) -> &str {
    let pairs = [('"', '"'), ('“', '”')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.filter(|inner| !inner.contains(['"', '“', '”'])).unwrap_or(text)
}
