//! Closes JSON that was cut off, so that its complete part can be parsed.

/// Returns JSON with all open strings, arrays and objects closed.
///
/// If it was cut within a name, a number or an escape, the result is still invalid.
pub(super) fn closed(json: &str) -> String {
    let mut open = Vec::new();
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
    }
    let whole = json.strip_suffix('\\').filter(|_| is_escaped).unwrap_or(json);
    let mut closed = String::with_capacity(whole.len() + open.len() + 1);
    closed.push_str(whole);
    closed.extend(is_text.then_some('"'));
    closed.extend(open.into_iter().rev());
    closed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_closed_and_what_is_whole_stays() {
        assert_eq!(closed(r#"{"a":[1,{"b":"[x"#), r#"{"a":[1,{"b":"[x"}]}"#);
        assert_eq!(closed(r#"{"a":"x\"y\"#), r#"{"a":"x\"y"}"#);
        assert_eq!(closed(r#"{"a":"\\"}"#), r#"{"a":"\\"}"#);
        assert_eq!(closed("[1]"), "[1]");
    }
}
