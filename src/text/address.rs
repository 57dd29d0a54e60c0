//! Replaces the passwords and keys of addresses (URLs) in a text that is shown.

/// The replacement of a secret.
const HIDDEN: &str = "[key]";
/// The characters that end a name or a value in an address.
const ENDS: [char; 8] = ['&', '#', '"', '\'', '<', '>', ')', ' '];

/// Returns a text with the passwords and keys of the addresses in it replaced by `[key]`.
#[must_use]
pub(crate) fn without_secrets(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, address) = rest.split_at(at + 3);
        shown.push_str(before);
        let end = address.find(|c: char| c.is_whitespace() || ['"', '<', '>'].contains(&c));
        let (address, behind) = address.split_at(end.unwrap_or(address.len()));
        let host_end = address.find(['/', '?', '#']).unwrap_or(address.len());
        let (host, path) = address.split_at(host_end);
        if let Some((_, host)) = host.rsplit_once('@') {
            shown.push_str(HIDDEN);
            shown.push('@');
            shown.push_str(host);
        } else {
            shown.push_str(host);
        }
        push_path(&mut shown, path);
        rest = behind;
    }
    shown.push_str(rest);
    shown
}

/// Appends a path with its query, replacing the values whose names say that they are secret.
fn push_path(shown: &mut String, path: &str) {
    let mut rest = path;
    while let Some(at) = rest.find(['?', '&', '#']) {
        let (before, behind) = rest.split_at(at + 1);
        shown.push_str(before);
        rest = behind;
        let name_end = rest.find(|c: char| c == '=' || ENDS.contains(&c)).unwrap_or(rest.len());
        if rest[name_end..].starts_with('=') && names_a_secret(&rest[..name_end]) {
            shown.push_str(&rest[..=name_end]);
            shown.push_str(HIDDEN);
            let value = &rest[name_end + 1..];
            rest = &value[value.find(ENDS).unwrap_or(value.len())..];
        }
    }
    shown.push_str(rest);
}

/// Returns whether the name of a parameter says that its value is a key or a password.
#[must_use]
pub(crate) fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let parts = ["key", "token", "secret", "password", "passwd", "signature", "credential"];
    parts.iter().any(|part| name.contains(part)) || matches!(name.as_str(), "sig" | "auth" | "code" | "pass")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_keys_are_replaced_and_the_rest_stays() {
        let same = |text: &str| assert_eq!(without_secrets(text), text);
        same("no address");
        same("at http://127.0.0.1:8080/v1/?api-version=2024-10-21&x=1 nothing listens");
        assert_eq!(
            without_secrets("GET https://ann:s3@gate.example/v1?key=AIza&alt=sse failed, as did http://b@c"),
            "GET https://[key]@gate.example/v1?key=[key]&alt=sse failed, as did http://[key]@c"
        );
        assert_eq!(
            without_secrets("\"http://h/?a=1&api_key=x\" is wrong"),
            "\"http://h/?a=1&api_key=[key]\" is wrong"
        );
        assert_eq!(without_secrets("http://h/?Access-Token=x#y"), "http://h/?Access-Token=[key]#y");
    }
}
