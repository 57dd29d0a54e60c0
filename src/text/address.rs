//! Addresses (URLs) as text: their hosts, and their passwords and keys replaced where they are shown.

/// The replacement of a secret.
const HIDDEN: &str = "[key]";
/// The characters that end a name or a value in an address.
const ENDS: [char; 9] = ['&', ';', '#', '"', '\'', '<', '>', ')', ' '];
/// How the keys of well-known providers begin.
const KEY_STARTS: [&str; 12] =
    ["sk-", "sk_", "gsk_", "AIza", "xai-", "hf_", "tgp_", "pplx-", "nvapi-", "r8_", "github_pat_", "ghp_"];
/// No key of theirs is shorter.
const SHORTEST_KEY: usize = 20;

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
        // The web takes any number of slashes for two.
        let (slashes, address) = address.split_at(address.len() - address.trim_start_matches(SLASHES).len());
        shown.push_str(slashes);
        let (host, path) = address.split_at(authority(address).len());
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
    while let Some(at) = rest.find(['?', '&', ';', '#']) {
        let (before, behind) = rest.split_at(at + 1);
        push_without_keys(shown, before);
        rest = behind;
        let name_end = rest.find(|c: char| c == '=' || ENDS.contains(&c)).unwrap_or(rest.len());
        if rest[name_end..].starts_with('=') && names_a_secret(&rest[..name_end]) {
            shown.push_str(&rest[..=name_end]);
            shown.push_str(HIDDEN);
            let value = &rest[name_end + 1..];
            rest = &value[value.find(ENDS).unwrap_or(value.len())..];
        }
    }
    push_without_keys(shown, rest);
}

/// Appends a text, replacing its words that look like the key of a well-known provider.
fn push_without_keys(shown: &mut String, text: &str) {
    let mut rest = text;
    while let Some(start) = rest.find(is_of_key) {
        let (before, from) = rest.split_at(start);
        let (word, behind) = from.split_at(from.find(|c| !is_of_key(c)).unwrap_or(from.len()));
        shown.push_str(before);
        shown.push_str(if looks_like_a_key(word) { HIDDEN } else { word });
        rest = behind;
    }
    shown.push_str(rest);
}

const fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn looks_like_a_key(word: &str) -> bool {
    word.len() >= SHORTEST_KEY && KEY_STARTS.iter().any(|start| word.starts_with(start))
}

/// Returns whether a word of a text looks like the key of a well-known provider.
#[must_use]
pub(crate) fn holds_a_key(text: &str) -> bool {
    text.split(|c| !is_of_key(c)).any(looks_like_a_key)
}

/// Returns which secret an address holds, as a sentence goes on behind the name of the address; `None` where it holds
/// none.
#[must_use]
pub(crate) fn secret_in(url: &str) -> Option<String> {
    let rest = url.split_once(':').map_or("", |(_, rest)| rest).trim_start_matches(SLASHES);
    let belongs = "a key belongs in the variable that `api_key_env` names";
    if authority(rest).contains('@') {
        return Some(format!("holds a password; {belongs}"));
    }
    let query = rest.find(['?', '#']).map_or("", |at| &rest[at + 1..]);
    let names = query.split(['&', ';', '#', '?']).map(|pair| pair.split('=').next().unwrap_or(pair));
    if let Some(name) = names.into_iter().find(|name| names_a_secret(name)) {
        return Some(format!("holds a key behind `{name}=`; {belongs}"));
    }
    holds_a_key(url).then(|| format!("holds a key; {belongs}"))
}

/// What stands between the scheme and the host of an address, however it is written.
const SLASHES: [char; 2] = ['/', '\\'];

/// Returns the part of an address with the host, without the scheme before it.
fn authority(rest: &str) -> &str {
    rest.split(['/', '\\', '?', '#']).next().unwrap_or(rest)
}

/// Returns a text with what is written as `%6b` read; what is no such sign stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = behind.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
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
    let name = decoded(name).to_ascii_lowercase();
    let parts = [
        "key",
        "token",
        "secret",
        "password",
        "passwd",
        "signature",
        "credential",
        "authorization",
        "bearer",
    ];
    parts.iter().any(|part| name.contains(part))
        || matches!(name.as_str(), "sig" | "auth" | "code" | "pass" | "pwd" | "jwt" | "sid")
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
        assert_eq!(without_secrets("http://h/?a=1;api%5Fk%65y=x;b"), "http://h/?a=1;api%5Fk%65y=[key];b");
        assert_eq!(
            without_secrets("https:///ann:s3@h/x and http:\\\\h"),
            "https:///[key]@h/x and http:\\\\h"
        );
        assert_eq!(
            without_secrets("https://h/sk-abcdefghijklmnopqrst/v1?x=hf_abcdefghijklmnopqrst"),
            "https://h/[key]/v1?x=[key]"
        );
    }

    #[test]
    fn a_secret_in_an_address_is_found_however_it_is_written() {
        for url in [
            "https://ann:s3cret@gate.example/v1",
            "https:///ann:s3cret@gate.example/v1",
            "https:\\\\s3cret@gate.example",
            "https:s3cret@gate.example",
            "https://s3cret@gate.example?x=1",
            "https://gate.example/v1?api_key=s3cret",
            "https://gate.example/v1?x=1&AP%49-KEY=s3cret",
            "https://gate.example/v1?x=1;token=s3cret",
            "https://gate.example/v1#access_token=s3cret",
            "https://gate.example/v1?pwd=s3cret",
            "https://gate.example/sk-s3cretabcdefghijklmnop/v1",
            "https://gate.example/v1?x=gsk_s3cretabcdefghijklmnop",
        ] {
            let said = secret_in(url).unwrap_or_else(|| panic!("{url}"));
            assert!(!said.contains("s3cret") && said.starts_with("holds a "), "{said}");
        }
        for url in [
            "http://127.0.0.1:8080/v1",
            "https://gate.example/v1?api-version=2024-10-21",
            "https://gate.example/@team/v1",
            "https://gate.example/openai/deployments/task-sk/chat",
        ] {
            assert_eq!(secret_in(url), None, "{url}");
        }
    }
}
