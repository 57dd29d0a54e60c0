//! Reads an event by its kind, which stands before its fields.
//!
//! What serde derives for an enum whose kind is one of its fields reads all fields into values of its own first, because
//! the kind may be the last of them. It never is in a journal, and the rows of a session are most of what an open reads,
//! so that the detour would be half of that. Here it is taken only where another field comes first.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess,
    Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::{Event, Kinds};

/// The field that holds the kind.
const KIND: &str = "event";

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnEvent)
    }
}

struct AnEvent;

impl<'de> Visitor<'de> for AnEvent {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Event, A::Error> {
        let mut before = serde_json::Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if name != KIND {
                before.insert(name, map.next_value()?);
                continue;
            }
            let kind = map.next_value()?;
            if before.is_empty() {
                return Kinds::deserialize(OfKind { kind, fields: map });
            }
            while let Some((name, value)) = map.next_entry()? {
                before.insert(name, value);
            }
            let fields = MapDeserializer::<_, serde_json::Error>::new(before.into_iter());
            return Kinds::deserialize(OfKind { kind, fields }).map_err(A::Error::custom);
        }
        Err(A::Error::missing_field(KIND))
    }
}

/// The kind of an event, and the fields that are not read yet.
struct OfKind<A> {
    kind: String,
    fields: A,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for OfKind<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for OfKind<A> {
    type Error = A::Error;
    type Variant = FieldsOf<A>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, FieldsOf<A>), A::Error> {
        let kind = seed.deserialize(IntoDeserializer::<A::Error>::into_deserializer(self.kind))?;
        Ok((kind, FieldsOf(self.fields)))
    }
}

struct FieldsOf<A>(A);

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for FieldsOf<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        IgnoredAny::deserialize(MapAccessDeserializer::new(self.0)).map(drop)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::fixtures::Story;
    use crate::domain::{Event, OperationId, RunStatus};

    #[test]
    fn an_event_is_read_wherever_its_kind_stands() {
        for fact in &Story::with_rows(2).facts {
            let value = serde_json::to_value(&fact.event).unwrap();
            let mut fields: Vec<_> = value.as_object().unwrap().clone().into_iter().collect();
            for _ in 0..fields.len() {
                let turned: serde_json::Map<_, _> = fields.iter().cloned().collect();
                let text = serde_json::to_string(&turned).unwrap();
                assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), fact.event, "{text}");
                fields.rotate_left(1);
            }
        }
    }

    #[test]
    fn what_is_no_event_is_refused_with_what_is_wrong() {
        let why = |text: &str| serde_json::from_str::<Event>(text).unwrap_err().to_string();

        assert!(why(r#"{"event":"danced"}"#).contains("unknown variant `danced`"));
        assert!(why(r#"{"run":1}"#).contains("missing field `event`"));
        assert!(why(r#"{"event":"scrap-repaired","run":1}"#).contains("missing field `scrap`"));
        assert!(why(r#"{"event":"undone","target":"x","restores":[]}"#).contains("invalid type"));
    }

    #[test]
    fn unknown_fields_are_passed_over_and_inner_enums_stay_among_the_fields() {
        let read = |text: &str| serde_json::from_str::<Event>(text).unwrap();

        let undone = Event::Undone { target: OperationId(3), restores: vec![] };
        assert_eq!(read(r#"{"event":"undone","later":{"a":[1]},"target":3,"restores":[]}"#), undone);
        for status in [RunStatus::Done, RunStatus::Failed { reason: "x".into() }] {
            let event = Event::RunEnded { run: crate::domain::RunNumber(2), status };
            assert_eq!(read(&serde_json::to_string(&event).unwrap()), event);
        }
    }
}
