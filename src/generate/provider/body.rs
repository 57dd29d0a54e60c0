//! What the body of an answer is: its first bytes tell, whatever its header and the request say.

use super::sse::Frames;

/// The body of an answer, as far as it was not read.
pub(super) enum Body {
    /// Too little has come to tell.
    Unknown(Vec<u8>),
    /// Server-sent events.
    Events(Frames),
    /// JSON, until its first line tells whether it is one of many.
    Json(Vec<u8>),
    /// JSON, one document a line.
    Lines(Vec<u8>),
    /// Text or a page of HTML.
    Text(Vec<u8>),
    /// The body of an error response.
    Refusal(Vec<u8>),
}

/// The beginnings of server-sent events.
const FIELDS: [&[u8]; 6] = [b"data:", b"event:", b":", b"id:", b"retry:", b"error:"];

impl Body {
    /// Returns an empty body of the kind that these bytes begin; `None` if they do not tell.
    pub(super) fn begun_by(bytes: &[u8]) -> Option<Self> {
        const MARK: &[u8] = "\u{feff}".as_bytes();
        let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes).trim_ascii_start();
        match bytes {
            [] => None,
            [b'{' | b'[', ..] => Some(Self::Json(vec![])),
            _ if MARK.starts_with(bytes) => None,
            _ if FIELDS.iter().any(|field| bytes.starts_with(field)) => Some(Self::Events(Frames::default())),
            _ if FIELDS.iter().any(|field| field.starts_with(bytes)) => None,
            _ => Some(Self::Text(vec![])),
        }
    }
}

/// Returns the documents in JSON that may hold several, one after another or in an array.
pub(super) fn documents(json: &str) -> Vec<String> {
    if json.trim_ascii_start().starts_with('[') {
        let items: Vec<serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
        return items.iter().map(ToString::to_string).collect();
    }
    let mut documents = serde_json::Deserializer::from_str(json).into_iter::<serde::de::IgnoredAny>();
    let (mut found, mut start) = (Vec::new(), 0);
    while let Some(Ok(_)) = documents.next() {
        let end = documents.byte_offset();
        found.push(json[start..end].to_owned());
        start = end;
    }
    found
}

/// Returns the text of a reply that a server found to be no valid JSON, as Groq sends it with the error.
pub(super) fn failed_generation(body: &str) -> Option<String> {
    let error: serde_json::Value = serde_json::from_str(body).ok()?;
    let error = error.get(0).unwrap_or(&error);
    let text = error.get("error").unwrap_or(error).get("failed_generation")?;
    match text {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        json => Some(json.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_what_a_body_is() {
        let kind = |bytes: &str| match Body::begun_by(bytes.as_bytes()) {
            None => "unknown",
            Some(Body::Json(_)) => "json",
            Some(Body::Events(_)) => "events",
            _ => "text",
        };
        for (bytes, is) in [
            ("", "unknown"),
            (" \r\n\t", "unknown"),
            ("\u{feff}", "unknown"),
            ("\u{feff} {", "json"),
            ("\n\n[", "json"),
            ("dat", "unknown"),
            ("data:", "events"),
            (": ping", "events"),
            ("event: error", "events"),
            ("retry: 3", "events"),
            ("error: {", "events"),
            ("<html>", "text"),
            ("upstream failed", "text"),
            ("database", "text"),
        ] {
            assert_eq!(kind(bytes), is, "{bytes:?}");
        }
    }

    #[test]
    fn documents_are_parted_however_they_stand() {
        for json in ["{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}{\"b\":2} junk", "[{\"a\":1}, {\"b\":2}]"] {
            let found = documents(json);
            assert_eq!(found.iter().map(|it| it.trim()).collect::<Vec<_>>(), ["{\"a\":1}", "{\"b\":2}"]);
        }
        assert!(documents("{oops").is_empty());
    }

    #[test]
    fn a_failed_generation_is_found_in_every_place() {
        assert_eq!(failed_generation(r#"{"error":{"failed_generation":"[1"}}"#).as_deref(), Some("[1"));
        assert_eq!(failed_generation(r#"{"failed_generation":{"a":1}}"#).as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(failed_generation(r#"[{"error":{"failed_generation":""}}]"#).as_deref(), Some(""));
        assert_eq!(failed_generation(r#"{"error":{"message":"no"}}"#), None);
    }
}
