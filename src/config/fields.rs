//! The section `[fields]`: the declared fields of a row.

use std::num::NonZeroU32;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use super::document::{Document, Fault, Named, Written, in_order};
use crate::domain::{FieldKind, FieldSpec, Fields, Schema};

const KINDS: &str =
    "\"string\", \"integer\", \"number\", \"boolean\", or \"enum\" with `values = [\"a\", \"b\"]`";

/// `[fields.NAME]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldSection {
    r#type: Option<Written>,
    min_chars: Option<Spanned<u32>>,
    max_chars: Option<Spanned<NonZeroU32>>,
    values: Option<Written>,
}

/// Checks `[fields]`; without it, rows have only a text.
pub(super) fn schema(
    document: &Document<'_>,
    fields: Option<Spanned<Named<Spanned<FieldSection>>>>,
) -> Result<Schema, Fault> {
    let Some(fields) = fields else { return Ok(Schema::default()) };
    let all = fields.span();
    let fields = in_order(fields.into_inner());
    let specs = fields.iter().map(|(name, section)| field(document, name, section));
    let schema = Schema(specs.collect::<Result<_, _>>()?);
    let kind_of = |name| schema.field(name).map(|spec| &spec.kind);
    let wrong = |name: &str, message| {
        let field = fields.iter().find(|(key, _)| key.get_ref() == name);
        Err(document.wrong(field.map_or(all.clone(), |(key, _)| key.span()), message))
    };
    match (kind_of(Fields::TEXT), kind_of(Fields::LABEL)) {
        (None, _) => {
            wrong(Fields::TEXT, "[fields] must declare `text`; add `[fields.text]` with `type = \"string\"`")
        }
        (Some(FieldKind::Text { .. }), None | Some(FieldKind::Text { .. } | FieldKind::OneOf(_))) => {
            Ok(schema)
        }
        (Some(FieldKind::Text { .. }), Some(_)) => wrong(
            Fields::LABEL,
            "the field `label` is the row's label; give it `type = \"string\"` or an enum of labels",
        ),
        (Some(_), _) => wrong(
            Fields::TEXT,
            "the field `text` must have `type = \"string\"`: it is what a classifier learns from",
        ),
    }
}

fn field(
    document: &Document<'_>,
    name: &Spanned<String>,
    section: &Spanned<FieldSection>,
) -> Result<FieldSpec, Fault> {
    if name.get_ref().trim().is_empty() {
        return Err(document.wrong(name.span(), "a field needs a name"));
    }
    let kind = kind(document, name, section)?;
    let FieldSection { min_chars, max_chars, values, .. } = section.get_ref();
    let (is_text, is_enum) = (matches!(kind, FieldKind::Text { .. }), matches!(kind, FieldKind::OneOf(_)));
    for (key, range, fits, wanted) in [
        ("values", values.as_ref().map(Spanned::span), is_enum, "enum"),
        ("min_chars", min_chars.as_ref().map(Spanned::span), is_text, "string"),
        ("max_chars", max_chars.as_ref().map(Spanned::span), is_text, "string"),
    ] {
        if let Some(range) = range.filter(|_| !fits) {
            let message = format!("only a field of `type = \"{wanted}\"` has `{key}`");
            return Err(document.wrong(range, &message));
        }
    }
    Ok(FieldSpec { name: name.get_ref().clone(), kind })
}

fn kind(
    document: &Document<'_>,
    name: &Spanned<String>,
    section: &Spanned<FieldSection>,
) -> Result<FieldKind, Fault> {
    let (range, section) = (section.span(), section.get_ref());
    let kind = match (&section.r#type, &section.values) {
        (Some(kind), _) => kind,
        (None, Some(values)) => return one_of(document, values),
        (None, None) => {
            let message = format!("`type` is missing in [fields.{name}]; it is {KINDS}");
            return Err(document.wrong(range, &message));
        }
    };
    let wrong = |message: &str| Err(document.wrong(kind.span(), message));
    match document.value(kind) {
        Some(DeValue::Array(_)) => one_of(document, kind),
        Some(DeValue::String(name)) => match (name.as_ref(), &section.values) {
            ("string", _) => bounds(document, section),
            ("integer", _) => Ok(FieldKind::Integer),
            ("number", _) => Ok(FieldKind::Number),
            ("boolean", _) => Ok(FieldKind::Boolean),
            ("enum", Some(values)) => one_of(document, values),
            ("enum", None) => wrong("an enum needs its values; add `values = [\"a\", \"b\"]`"),
            _ => wrong(&format!("{{told}} must be {KINDS}, not {{shown}}")),
        },
        _ => wrong("{told} must be text in quotation marks, not {shown}"),
    }
}

fn one_of(document: &Document<'_>, values: &Written) -> Result<FieldKind, Fault> {
    let words = document.texts(values)?;
    let blank = words.iter().any(|word| word.trim().is_empty());
    let twice = words.iter().enumerate().any(|(at, word)| words[..at].contains(word));
    if blank || twice {
        let what = if blank { "a value that is blank" } else { "a value twice" };
        return Err(document.wrong(values.span(), &format!("{{told}} has {what}; take it out")));
    }
    Ok(FieldKind::OneOf(words))
}

fn bounds(document: &Document<'_>, section: &FieldSection) -> Result<FieldKind, Fault> {
    let min_chars = section.min_chars.as_ref().map(|min| *min.get_ref());
    let max_chars = section.max_chars.as_ref().map(|max| max.get_ref().get());
    if let (Some(min), Some(max), Some(at)) = (min_chars, max_chars, &section.max_chars)
        && min > max
    {
        let message =
            format!("`max_chars` ({max}) is below `min_chars` ({min}); make it the larger of the two");
        return Err(document.wrong(at.span(), &message));
    }
    Ok(FieldKind::Text { min_chars, max_chars })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        fields: Option<Spanned<Named<Spanned<FieldSection>>>>,
    }

    fn read(text: &str) -> Result<Schema, String> {
        let document = Document::parse(text).unwrap();
        let file = document.read::<File>(&[]);
        file.and_then(|file| schema(&document, file.fields)).map_err(|fault| fault.message)
    }

    #[test]
    fn every_kind_is_read_in_the_order_of_the_file() {
        let schema = read(
            "[fields.text]\ntype = 'string'\nmin_chars = 3\n[fields.stars]\ntype = 'integer'\n\
             [fields.sure]\ntype = 'number'\n[fields.ad]\ntype = 'boolean'\n\
             [fields.tone]\ntype = 'enum'\nvalues = ['calm', 'cross']\n[fields.size]\ntype = ['s', 'm', 3]",
        )
        .unwrap();

        let kinds: Vec<_> = schema.0.iter().map(|spec| (spec.name.as_str(), spec.kind.clone())).collect();
        let words = |words: &[&str]| FieldKind::OneOf(words.iter().map(ToString::to_string).collect());
        assert_eq!(
            kinds,
            [
                ("text", FieldKind::Text { min_chars: Some(3), max_chars: None }),
                ("stars", FieldKind::Integer),
                ("sure", FieldKind::Number),
                ("ad", FieldKind::Boolean),
                ("tone", words(&["calm", "cross"])),
                ("size", words(&["s", "m", "3"])),
            ]
        );
    }

    #[test]
    fn without_the_section_a_row_is_a_text() {
        assert_eq!(read("x = 1"), Ok(Schema::default()));
    }

    #[test]
    fn each_wrong_declaration_has_its_sentence() {
        let text = "[fields.text]\ntype = 'string'\n";
        for (wrong, says) in [
            ("[fields.tone]\ntype = 'string'", "[fields] must declare `text`"),
            ("[fields.text]\ntype = 'integer'", "the field `text` must have `type = \"string\"`"),
            ("[fields.text]\nmin_chars = 3", "`type` is missing in [fields.text]; it is \"string\""),
            ("[fields.text]\ntype = 'strnig'", "`type` in [fields.text] must be \"string\", \"integer\""),
            (
                "[fields.text]\ntype = 'string'\nmin_chars = 9\nmax_chars = 3",
                "`max_chars` (3) is below `min_chars` (9)",
            ),
            (
                "[fields.text]\ntype = 'string'\nmin_chars = -1",
                "`min_chars` in [fields.text] must be a whole number",
            ),
            ("[fields.text]\ntype = 'string'\nmax_char = 3", "did you mean `max_chars`?"),
            (
                "[fields]\ntext = 'string'",
                "`text` in [fields] must be a section that begins with `[fields.text]`",
            ),
            (&format!("{text}[fields.a]\ntype = 'enum'"), "an enum needs its values"),
            (&format!("{text}[fields.a]\ntype = []"), "`type` in [fields.a] is an empty list"),
            (&format!("{text}[fields.a]\ntype = ['x', 'x']"), "has a value twice"),
            (&format!("{text}[fields.a]\ntype = ['x', ' ']"), "has a value that is blank"),
            (
                &format!("{text}[fields.a]\ntype = 'integer'\nvalues = ['x']"),
                "only a field of `type = \"enum\"`",
            ),
            (
                &format!("{text}[fields.a]\ntype = 'integer'\nmin_chars = 1"),
                "only a field of `type = \"string\"` has `min_chars`",
            ),
            (&format!("{text}[fields.label]\ntype = 'number'"), "the field `label` is the row's label"),
            (&format!("{text}[fields.' ']\ntype = 'number'"), "a field needs a name"),
        ] {
            let said = read(wrong).unwrap_err();
            assert!(said.contains(says), "{wrong}\nsaid: {said}");
        }
    }
}
