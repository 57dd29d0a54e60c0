//! Whether the model that answers is the one that was asked for.
//!
//! Servers spell one model in many ways: with a provider before it, with the date or build that an alias stands for,
//! as the path of a file. Those are no other model.

/// Names that ask for whatever a server has.
const ANY: [&str; 6] = ["default", "auto", "local-model", "model", "tgi", "any"];
/// Endings that say how a model is served, or which build of an alias it is, and not which model it is.
const ENDINGS: [&str; 10] =
    ["latest", "preview", "exp", "beta", "free", "nitro", "floor", "online", "extended", "gguf"];
/// Endings that say how the weights in a file are stored.
const FORMATS: [&str; 5] = ["f16", "bf16", "fp16", "f32", "fp8"];

/// Returns whether `answered` names another model than `asked`.
pub(super) fn is_other_model(asked: &str, answered: &str) -> bool {
    let (asked, answered) = (asked.trim().to_lowercase(), answered.trim().to_lowercase());
    if answered.is_empty() || ANY.contains(&last_part(&asked)) || last_part(&asked) == last_part(&answered) {
        return false;
    }
    let is_file = [&asked, &answered].iter().any(|name| name.contains(".gguf"));
    let (mut asked, mut answered) = (Name::of(&asked, is_file), Name::of(&answered, is_file));
    for name in [&mut asked, &mut answered] {
        name.base = without_regions(name.base);
    }
    // Of two dates one is wrong; of one date, the other name is its alias.
    let is_other_build =
        !asked.build.is_empty() && !answered.build.is_empty() && asked.build != answered.build;
    // One server writes a version with a full stop, another with a dash.
    let plain = |base: &str| base.replace(['.', '_', ':'], "-");
    plain(asked.base) != plain(answered.base) || is_other_build
}

/// A model's name in two parts.
struct Name<'a> {
    base: &'a str,
    /// The digits of its date or build.
    build: String,
}

impl<'a> Name<'a> {
    fn of(name: &'a str, is_file: bool) -> Self {
        let (mut base, mut build) = (without_revision(last_part(name)), Vec::new());
        while let Some(at) = base.rfind(['-', '@', ':', '.', '_']) {
            let ending = &base[at + 1..];
            let is_build = is_build(base, at);
            let is_format = is_file && is_format(base, at);
            if at == 0 || !(is_build || is_format || ENDINGS.contains(&ending)) {
                break;
            }
            if is_build {
                build.push(ending);
            }
            base = &base[..at];
        }
        build.reverse();
        Self { base, build: build.concat() }
    }
}

/// Returns what is behind the last slash: before it stand providers, folders and owners.
fn last_part(name: &str) -> &str {
    let name = name.trim_end_matches(['/', '\\']);
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Returns whether the ending behind a place is part of a date or of a build: digits that no size or version has.
fn is_build(name: &str, at: usize) -> bool {
    let ending = &name[at + 1..];
    name[at..].starts_with(['-', '@'])
        && (2..=8).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns a name without the revision that ends those of one large provider: `-v2:0`.
fn without_revision(name: &str) -> &str {
    let is_revision = |end: &[u8]| matches!(end, [b'-', b'v', version, b':', part] if version.is_ascii_digit() && part.is_ascii_digit());
    match name.len().checked_sub(5).and_then(|at| name.split_at_checked(at)) {
        Some((before, end)) if is_revision(end.as_bytes()) => before,
        _ => name,
    }
}

/// Returns whether the ending behind a place says how weights are stored, such as `q4_k_m` or a part of several files.
fn is_format(name: &str, at: usize) -> bool {
    let ending = &name[at + 1..];
    let bits = ending.strip_prefix("iq").or_else(|| ending.strip_prefix('q')).unwrap_or_default();
    let is_quantised = bits.starts_with(|first: char| first.is_ascii_digit());
    let is_kind = matches!(ending, "k" | "m" | "s" | "l" | "xs" | "xxs" | "xl" | "0" | "1" | "nl");
    ending == "of" || is_quantised || FORMATS.contains(&ending) || is_kind && name[..at].contains('q')
}

/// Returns a name without the regions and owners that some providers write before it: `us.anthropic.`.
fn without_regions(name: &str) -> &str {
    let mut name = name;
    while let Some((before, rest)) = name.split_once('.')
        && before.bytes().all(|byte| byte.is_ascii_lowercase())
        && rest.starts_with(|first: char| first.is_ascii_lowercase())
    {
        name = rest;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_model_in_other_spellings_is_no_other_model() {
        for (asked, answered) in [
            ("gpt-x", "gpt-x"),
            ("gpt-x", "GPT-X"),
            ("gpt-x", ""),
            ("gpt-x", "openai/gpt-x"),
            ("openai/gpt-x", "gpt-x-2026-01-15"),
            ("gpt-x", "gpt-x-2026-01"),
            ("gpt-x", "gpt-x-20260101"),
            ("gpt-x", "gpt-x@20260101"),
            ("gpt-4", "gpt-4-0613"),
            ("anthropic/claude-3.5-sonnet", "claude-3-5-sonnet-20241022"),
            ("small:8b", "small-8b"),
            ("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
            ("gpt-4o-2024-08-06", "gpt-4o"),
            ("mistral-large-latest", "mistral-large-2411"),
            ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
            ("us.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet-20241022"),
            ("gemini-2.5-flash", "models/gemini-2.5-flash-preview-05-20"),
            ("gemini-1.5-flash", "gemini-1.5-flash-002"),
            ("llama3", "llama3:latest"),
            ("meta-llama/llama-3-8b:free", "meta-llama/llama-3-8b"),
            ("small-1b", "/models/small-1b.gguf"),
            ("small-1b", "C:\\models\\Small-1B-Q4_K_M.gguf"),
            ("small-1b-q4_k_m", "/m/small-1b-q4_k_m.gguf"),
            ("big-70b", "big-70b-q8_0-00001-of-00003.gguf"),
            ("default", "anything-7b"),
            ("openrouter/auto", "other/model"),
            ("accounts/fireworks/models/small-8b", "small-8b"),
        ] {
            assert!(!is_other_model(asked, answered), "{asked} and {answered}");
        }
    }

    #[test]
    fn another_name_size_or_date_is_another_model() {
        for (asked, answered) in [
            ("big-thing-70b", "small-thing-1b-q4"),
            ("big-thing-70b", "big-thing-7b"),
            ("llama3:8b", "llama3:70b"),
            ("gpt-4o", "gpt-4o-mini"),
            ("gpt-4o", "gpt-4"),
            ("gpt-4.1", "gpt-4"),
            ("gpt-4", "gpt-4.1-0613"),
            ("gpt-4o-2024-05-13", "gpt-4o-2024-11-20"),
            ("claude-3-5-sonnet", "claude-3-5-haiku"),
            ("claude-3-opus", "claude-4-opus"),
            ("qwen2.5-7b-instruct", "qwen2.5-7b"),
            ("small-1b", "/models/other-1b.gguf"),
            ("owner/small", "owner/large"),
            ("gemini-2.5-pro", "gemini-2.0-pro"),
        ] {
            assert!(is_other_model(asked, answered), "{asked} and {answered}");
        }
    }
}
