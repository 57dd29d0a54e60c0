//! The section `[fields]`: what a row holds.

use super::document::{Fault, Section, Value};
use crate::domain::{FieldKind, FieldSpec, Fields, Schema};

const KINDS: &str =
    "\"string\", \"integer\", \"number\", \"boolean\", or \"enum\" with `values = [\"a\", \"b\"]`";

/// Reads `[fields]`; without it a row holds a text only.
pub(super) fn schema(fields: Option<&Section<'_>>) -> Result<Schema, Fault> {
    let Some(fields) = fields else { return Ok(Schema::default()) };
    let specs = fields.values().map(|value| field(&value)).collect::<Result<Vec<_>, _>>()?;
    let schema = Schema(specs);
    let wrong = |range, message: &str| Err(Fault { range, message: message.to_owned() });
    match schema.field(Fields::TEXT).map(|spec| &spec.kind) {
        Some(FieldKind::Text { .. }) => {}
        Some(_) => {
            let range = fields.get(Fields::TEXT).map(|value| value.key_range);
            return wrong(
                range,
                "the field `text` must have `type = \"string\"`: it is what a classifier learns from",
            );
        }
        None => {
            return wrong(
                fields.range(),
                "[fields] must declare `text`; add `[fields.text]` with `type = \"string\"`",
            );
        }
    }
    match schema.field(Fields::LABEL).map(|spec| &spec.kind) {
        None | Some(FieldKind::Text { .. } | FieldKind::OneOf(_)) => Ok(schema),
        Some(_) => {
            let range = fields.get(Fields::LABEL).map(|value| value.key_range);
            wrong(
                range,
                "the field `label` is the row's label; give it `type = \"string\"` or an enum of labels",
            )
        }
    }
}

fn field(value: &Value<'_>) -> Result<FieldSpec, Fault> {
    let name = value.key.to_owned();
    if name.trim().is_empty() {
        return Err(Fault::at(value.key_range.clone(), "a field needs a name"));
    }
    let section = value.section()?;
    section.only(&["type", "min_chars", "max_chars", "values"])?;
    let kind = kind(value, &section)?;
    if let Some(values) = section.get("values").filter(|_| !matches!(kind, FieldKind::OneOf(_))) {
        return Err(Fault::at(values.key_range, "only a field of `type = \"enum\"` has `values`"));
    }
    for bound in ["min_chars", "max_chars"] {
        if let Some(bound) = section.get(bound).filter(|_| !matches!(kind, FieldKind::Text { .. })) {
            let message = format!("only a field of `type = \"string\"` has `{}`", bound.key);
            return Err(Fault::at(bound.key_range, message));
        }
    }
    Ok(FieldSpec { name, kind })
}

fn kind(value: &Value<'_>, section: &Section<'_>) -> Result<FieldKind, Fault> {
    let Some(kind) = section.get("type") else {
        if let Some(values) = section.get("values") {
            return one_of(&values);
        }
        let message = format!("`type` is missing in [fields.{}]; it is {KINDS}", value.key);
        return Err(Fault { range: section.range(), message });
    };
    if kind.is_list() {
        return one_of(&kind);
    }
    match kind.string()? {
        "string" => bounds(section),
        "integer" => Ok(FieldKind::Integer),
        "number" => Ok(FieldKind::Number),
        "boolean" => Ok(FieldKind::Boolean),
        "enum" => match section.get("values") {
            Some(values) => one_of(&values),
            None => Err(Fault::at(kind.range(), "an enum needs its values; add `values = [\"a\", \"b\"]`")),
        },
        _ => Err(kind.must_be(KINDS)),
    }
}

fn one_of(values: &Value<'_>) -> Result<FieldKind, Fault> {
    let words = values.texts()?;
    let blank = words.iter().any(|word| word.trim().is_empty());
    let twice = words.iter().enumerate().any(|(at, word)| words[..at].contains(word));
    if blank || twice {
        let what = if blank { "a value that is blank" } else { "a value twice" };
        return Err(Fault::at(values.range(), format!("{} has {what}; take it out", values.told)));
    }
    Ok(FieldKind::OneOf(words))
}

fn bounds(section: &Section<'_>) -> Result<FieldKind, Fault> {
    let min_chars: Option<u32> = section.whole("min_chars", 0)?;
    let max_chars: Option<u32> = section.whole("max_chars", 1)?;
    if let (Some(min), Some(max), Some(value)) = (min_chars, max_chars, section.get("max_chars"))
        && min > max
    {
        let message =
            format!("`max_chars` ({max}) is below `min_chars` ({min}); make it the larger of the two");
        return Err(Fault::at(value.range(), message));
    }
    Ok(FieldKind::Text { min_chars, max_chars })
}

#[cfg(test)]
mod tests {
    use toml::de::DeTable;

    use super::*;

    fn read(text: &str) -> Result<Schema, String> {
        let table = DeTable::parse(text).unwrap();
        let root = Section::root(text, &table);
        schema(root.section("fields").unwrap().as_ref()).map_err(|fault| fault.message)
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
