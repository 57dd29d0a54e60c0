//! The fields of an offline row besides its text.

use super::model::Model;
use crate::domain::{FieldKind, FieldValue, Fields};
use crate::generate::GenerateRequest;
use crate::text::SplitMix64;

/// Returns the fields of a row: its text, its label, and random values for all others.
///
/// Nothing is known about the others: a choice is one of the declared words, a whole number is from 0 to
/// 10, a number is from 0 to 10 with one decimal, and a text is a sentence of a real row.
pub(super) fn fields(
    request: &GenerateRequest,
    text: String,
    model: &Model,
    random: &mut SplitMix64,
) -> Fields {
    let mut fields = Fields::of_text(text);
    for spec in &request.schema_fields.0 {
        let value = match (spec.name.as_str(), &spec.kind) {
            (Fields::TEXT, _) => continue,
            (Fields::LABEL, _) => FieldValue::Text(request.label.clone()),
            (_, kind) => drawn(kind, model, random),
        };
        fields.0.insert(spec.name.clone(), value);
    }
    fields
}

fn drawn(kind: &FieldKind, model: &Model, random: &mut SplitMix64) -> FieldValue {
    let up_to = |most: usize, random: &mut SplitMix64| u32::try_from(random.below(most + 1)).unwrap_or(0);
    match kind {
        FieldKind::Boolean => FieldValue::Boolean(random.below(2) == 1),
        FieldKind::Integer => FieldValue::Integer(up_to(10, random).into()),
        FieldKind::Number => FieldValue::Number(f64::from(up_to(100, random)) / 10.0),
        FieldKind::OneOf(values) => FieldValue::Text(random.choose(values).cloned().unwrap_or_default()),
        FieldKind::Text { .. } => {
            let sentence = random.choose(&model.sentences);
            FieldValue::Text(sentence.map(|sentence| sentence.text.clone()).unwrap_or_default())
        }
    }
}
