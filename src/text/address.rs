//! Addresses (URLs) as text: their hosts, and their passwords and keys replaced where they are shown.

/// The replacement of a secret.
const HIDDEN: &str = "[key]";
/// The characters that end a name or a value in an address.
const ENDS: [char; 8] = ['&', '#', '"', '\'', '<', '>', ')', ' '];

/// Returns the name of a model without the folders before it, where it is the path of a file or folder, as
/// servers of local models call it; `organisation/model` stays as it is.
#[must_use]
pub(crate) fn model_name(model: &str) -> &str {
    let is_path = model.starts_with(['/', '\\', '.', '~'])
        || model.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/")
        || model.to_ascii_lowercase().ends_with(".gguf");
    let last = model.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next();
    last.filter(|last| is_path && !last.is_empty()).unwrap_or(model)
}

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

/// Returns the host of an address with its port, and nothing that may be secret; the text itself where it is no
/// address.
#[must_use]
pub(crate) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest);
    host.rsplit('@').next().unwrap_or(host)
}

/// Returns what two addresses of one server have in common: the scheme, the host and the port. `None` where the text
/// is no address of a web server.
#[must_use]
pub(crate) fn origin_of(url: &str) -> Option<String> {
    let url = url.trim().to_ascii_lowercase();
    let (scheme, usual) = match url.split_once("://")?.0 {
        "http" => ("http", ":80"),
        "https" => ("https", ":443"),
        _ => return None,
    };
    let host = host_of(&url);
    let host = host.strip_suffix(usual).unwrap_or(host);
    (!host.is_empty()).then(|| format!("{scheme}://{host}"))
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
    fn a_model_that_is_a_path_has_the_name_of_its_file() {
        for (model, name) in [
            ("/root/.cache/models/small.gguf", "small.gguf"),
            ("models/small.Q4_1.GGUF", "small.Q4_1.GGUF"),
            ("C:\\models\\small", "small"),
            ("./out/checkpoint-40/", "checkpoint-40"),
            ("meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.2-1B"),
            ("llama3.2:1b", "llama3.2:1b"),
            ("/", "/"),
            ("", ""),
        ] {
            assert_eq!(model_name(model), name);
        }
    }

    #[test]
    fn a_server_is_named_without_its_path_and_without_secrets() {
        assert_eq!(host_of("http://localhost:8080/v1"), "localhost:8080");
        assert_eq!(host_of("https://me:secret@models.example/v1"), "models.example");
        assert_eq!(host_of("localhost"), "localhost");
        assert_eq!(host_of(""), "");
    }

    #[test]
    fn addresses_of_one_server_have_one_origin_and_others_have_others() {
        let same = |a: &str, b: &str| origin_of(a) == origin_of(b);
        assert!(same("https://gate.example/v1", " HTTPS://Gate.Example:443/other?x=1#y"));
        assert!(same("http://127.0.0.1:80", "http://127.0.0.1/v1"));
        for other in [
            "http://gate.example/v1",
            "https://gate.example:8443/v1",
            "https://gate.example.evil.example/v1",
            "https://gate.example@evil.example/v1",
            "https://evil.example\\@gate.example/v1",
            "https://evil.example#@gate.example/v1",
            "https://evil.example?@gate.example/v1",
            "gate.example",
        ] {
            assert!(!same("https://gate.example/v1", other), "{other}");
        }
        assert_eq!(origin_of("ftp://gate.example"), None);
        assert_eq!(origin_of("https:///v1"), None);
    }

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
