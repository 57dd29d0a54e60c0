//! Which columns of a file hold the text and the label.

use super::Asked;

/// The usual names of a column of texts, the most usual first.
const TEXTS: [&str; 10] =
    ["text", "data", "message", "sentence", "utterance", "content", "body", "review", "query", "sms"];
/// The usual names of a column of labels, the most usual first.
const LABELS: [&str; 8] =
    ["label", "labels", "class", "category", "intent", "cats", "label_text", "sentiment"];

/// The columns that a row's text and label are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The column of the text.
    pub(super) text: String,
    /// The column of the label, if there is one.
    pub(super) label: Option<String>,
}

/// Why the columns were not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotFound {
    /// None has a name that texts usually have.
    Text,
    /// One that was asked for is not there.
    Column(String),
}

impl Named {
    /// Finds the columns by what was asked for, and else by their usual names.
    pub(super) fn find(names: &[String], asked: &Asked) -> Result<Self, NotFound> {
        let is_there = |name: &str| names.iter().any(|other| other == name);
        let find = |asked: &Option<String>, usual: &[&str]| match asked {
            Some(name) if is_there(name) => Ok(Some(name.clone())),
            Some(name) => Err(NotFound::Column(name.clone())),
            None => Ok(usual.iter().find(|name| is_there(name)).map(|name| (*name).to_owned())),
        };
        let text = find(&asked.text, &TEXTS)?.ok_or(NotFound::Text)?;
        let label = find(&asked.label, &LABELS)?.filter(|label| *label != text);
        Ok(Self { text, label })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str], text: Option<&str>, label: Option<&str>) -> Result<Named, NotFound> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let own = |name: Option<&str>| name.map(str::to_owned);
        Named::find(&names, &Asked { text: own(text), label: own(label) })
    }

    #[test]
    fn what_is_asked_for_goes_before_usual_names() {
        let found = |text: &str, label: Option<&str>| {
            Ok(Named { text: text.into(), label: label.map(str::to_owned) })
        };
        assert_eq!(named(&["text", "label", "v2"], None, None), found("text", Some("label")));
        assert_eq!(named(&["text", "label", "v2"], Some("v2"), None), found("v2", Some("label")));
        assert_eq!(named(&["data"], None, None), found("data", None));
        assert_eq!(named(&["v2"], None, None), Err(NotFound::Text));
        assert_eq!(named(&["text"], None, Some("class")), Err(NotFound::Column("class".into())));
    }
}
