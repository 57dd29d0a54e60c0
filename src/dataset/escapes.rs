//! Escapes in JSON that stand for no character.

/// Returns the first escape that stands for half of a character: one of two UTF-16 units, without the other.
pub(super) fn half_character(json: &str) -> Option<&str> {
    let unit = |escape: &str| u16::from_str_radix(escape.strip_prefix("\\u")?, 16).ok();
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let escape = |from: usize| rest.get(from..from + 6).and_then(|escape| Some((escape, unit(escape)?)));
        let length = match (escape(at), escape(at + 6)) {
            (Some((_, 0xD800..=0xDBFF)), Some((_, 0xDC00..=0xDFFF))) => 12,
            (Some((half, 0xD800..=0xDFFF)), _) => return Some(half),
            _ => 2,
        };
        rest = rest.get(at + length..).unwrap_or_default();
    }
    None
}
