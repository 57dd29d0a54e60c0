//! How values are written in sled and in the file of pages: as JSON where they are few, in postcard's bytes where they
//! are many.
//!
//! ```text
//! {"v":1,"d":RECORD}                                      JSON
//! 0x02  CRC-32 of the rest (4 bytes, little-endian)  …    postcard 1
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::projection::{PackedOperation, PackedRestores};
use crate::domain::{
    Fields, OperationId, OperationKind, Request, RequestNumber, RunNumber, TextPage, Timestamp,
};

const OPEN: &[u8] = b"{\"v\":1,\"d\":";
const CLOSE: &[u8] = b"}";
/// The first byte of a value in postcard's bytes; the value behind it is of the same format.
const BINARY: u8 = 2;

/// Serialises a record in its envelope, `{"v":1,"d":RECORD}`.
pub(crate) fn wrap(record: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut out = OPEN.to_vec();
    serde_json::to_writer(&mut out, record).map_err(|error| error.to_string())?;
    out.extend_from_slice(CLOSE);
    Ok(out)
}

/// Parses a record in its envelope.
pub(crate) fn unwrap<'a, T: Deserialize<'a>>(value: &'a [u8]) -> Result<T, String> {
    let record = value.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE));
    serde_json::from_slice(record.ok_or("a record has another format")?).map_err(|error| error.to_string())
}

/// Serialises a page, with a checksum before it.
pub(crate) fn pack(page: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut out = vec![BINARY, 0, 0, 0, 0];
    out = postcard::to_extend(page, out).map_err(|error| error.to_string())?;
    let sum = crc32fast::hash(&out[5..]);
    out[1..5].copy_from_slice(&sum.to_le_bytes());
    Ok(out)
}

/// Parses a page whose checksum is right.
pub(crate) fn unpack<T: DeserializeOwned>(value: &[u8]) -> Result<T, String> {
    let (head, page) = value.split_at_checked(5).ok_or("a page is cut off")?;
    if head[0] != BINARY {
        return Err("a page has another format".to_owned());
    }
    if head[1..] != crc32fast::hash(page).to_le_bytes() {
        return Err("a page is not what was written".to_owned());
    }
    postcard::from_bytes(page).map_err(|error| error.to_string())
}

/// A page of texts in its bytes.
#[derive(Serialize, Deserialize)]
struct TextsRecord {
    /// The length of each text.
    lengths: Vec<u32>,
    texts: String,
    /// All fields as JSON, of the rows that have others besides the text.
    fields: Vec<(u8, String)>,
    there: Vec<(u8, String)>,
}

/// Serialises a page of texts.
pub(crate) fn pack_texts(page: &TextPage) -> Result<Vec<u8>, String> {
    let mut before = 0;
    let lengths = page.ends.iter().map(|end| *end - std::mem::replace(&mut before, *end)).collect();
    let json = |(at, fields): &(u8, Arc<Fields>)| Ok((*at, serde_json::to_string(fields.as_ref())?));
    let fields = page.fields.iter().map(json).collect::<Result<_, serde_json::Error>>();
    let there = page.there.iter().map(|(at, there)| (*at, there.to_string())).collect();
    let fields = fields.map_err(|error| error.to_string())?;
    pack(&TextsRecord { lengths, texts: page.texts.clone(), fields, there })
}

/// Parses a page of texts.
pub(crate) fn unpack_texts(value: &[u8]) -> Result<TextPage, String> {
    let record: TextsRecord = unpack(value)?;
    let mut end = 0_u32;
    let mut ends = Vec::with_capacity(record.lengths.len());
    for length in &record.lengths {
        end = end.checked_add(*length).ok_or("a page of texts has wrong lengths")?;
        ends.push(end);
    }
    if end as usize != record.texts.len()
        || !ends.iter().all(|end| record.texts.is_char_boundary(*end as usize))
    {
        return Err("a page of texts has wrong lengths".to_owned());
    }
    let parsed = |(at, json): (u8, String)| Ok((at, Arc::new(serde_json::from_str::<Fields>(&json)?)));
    let fields = record.fields.into_iter().map(parsed).collect::<Result<_, serde_json::Error>>();
    Ok(TextPage {
        ends,
        texts: record.texts,
        fields: fields.map_err(|error| error.to_string())?,
        there: record.there.into_iter().map(|(at, there)| (at, there.into_boxed_str())).collect(),
    })
}

/// A page of requests in its bytes.
#[derive(Serialize, Deserialize)]
struct RequestsRecord {
    /// The number of the first one.
    first: u32,
    /// The maps of variables that they have.
    variables: Vec<BTreeMap<String, String>>,
    requests: Vec<RequestRecord>,
}

#[derive(Serialize, Deserialize)]
struct RequestRecord {
    run: u32,
    index: u32,
    seed: u64,
    variables: u32,
    examples: Vec<String>,
    answered_by: Option<String>,
    seconds: Option<f64>,
    key: String,
}

/// Serialises a page of requests.
pub(crate) fn pack_requests(page: &[Request]) -> Result<Vec<u8>, String> {
    let mut variables: Vec<&Arc<BTreeMap<String, String>>> = Vec::new();
    let mut requests = Vec::with_capacity(page.len());
    for request in page {
        let known = variables.iter().position(|known| *known == &request.variables);
        let place = known.unwrap_or_else(|| {
            variables.push(&request.variables);
            variables.len() - 1
        });
        requests.push(RequestRecord {
            run: request.run.0,
            index: request.index,
            seed: request.seed,
            variables: u32::try_from(place).unwrap_or(u32::MAX),
            examples: request.examples.clone(),
            answered_by: request.answered_by.as_deref().map(str::to_owned),
            seconds: request.seconds,
            key: request.key.clone(),
        });
    }
    let variables = variables.into_iter().map(|variables| variables.as_ref().clone()).collect();
    pack(&RequestsRecord { first: page.first().map_or(0, |request| request.number.0), variables, requests })
}

/// Parses a page of requests.
pub(crate) fn unpack_requests(value: &[u8]) -> Result<Vec<Request>, String> {
    let record: RequestsRecord = unpack(value)?;
    let variables: Vec<_> = record.variables.into_iter().map(Arc::new).collect();
    let request = |(number, of): (u32, RequestRecord)| {
        let variables = variables.get(of.variables as usize).ok_or("a request has unknown variables")?;
        Ok(Request {
            number: RequestNumber(number),
            run: RunNumber(of.run),
            index: of.index,
            seed: of.seed,
            variables: Arc::clone(variables),
            examples: of.examples,
            answered_by: of.answered_by.map(Arc::from),
            seconds: of.seconds,
            key: of.key,
        })
    };
    (record.first..).zip(record.requests).map(request).collect()
}

/// An operation in its bytes.
#[derive(Serialize, Deserialize)]
struct OperationRecord {
    id: u64,
    at: i64,
    /// What it did, as JSON.
    kind: String,
    rows: u32,
    undone: bool,
    below: Option<u32>,
    restores: PackedRestores,
}

/// Serialises an operation.
pub(crate) fn pack_operation(operation: PackedOperation) -> Result<Vec<u8>, String> {
    let kind = serde_json::to_string(&operation.kind).map_err(|error| error.to_string())?;
    let PackedOperation { id, at, rows, undone, below, restores, .. } = operation;
    pack(&OperationRecord { id: id.0, at: at.0, kind, rows, undone, below, restores })
}

/// Parses an operation.
pub(crate) fn unpack_operation(value: &[u8]) -> Result<PackedOperation, String> {
    let OperationRecord { id, at, kind, rows, undone, below, restores } = unpack(value)?;
    let kind: OperationKind = serde_json::from_str(&kind).map_err(|error| error.to_string())?;
    Ok(PackedOperation { id: OperationId(id), at: Timestamp(at), kind, rows, undone, below, restores })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::Story;
    use crate::domain::{Change, FieldValue};

    #[test]
    fn a_record_of_another_format_is_not_taken_for_one_of_this() {
        assert!(unwrap::<u32>(b"{\"v\":2,\"d\":5}").is_err());
        assert_eq!(unwrap::<u32>(b"{\"v\":1,\"d\":5}"), Ok(5));
        let page = pack(&7_u32).unwrap();
        assert_eq!(unpack::<u32>(&page), Ok(7));
        for at in 0..page.len() {
            let mut other = page.clone();
            other[at] ^= 1;
            assert!(unpack::<u32>(&other).is_err(), "byte {at}");
            assert!(unpack::<u32>(&page[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn pages_of_texts_and_requests_come_back_as_they_were() {
        let mut story = Story::with_rows(70);
        story.failed_requests("it is late", &["bank", "prize", "bank"], &[]);
        let page = story.projection.held_texts(0).unwrap();
        assert_eq!(unpack_texts(&pack_texts(page).unwrap()).unwrap(), **page);
        let requests = story.projection.held_requests(0).unwrap();
        assert_eq!(unpack_requests(&pack_requests(requests).unwrap()).unwrap(), **requests);
        let mut fields = Fields::of_text("a");
        fields.0.insert("n".to_owned(), FieldValue::Number(1.5));
        let with_fields = TextPage {
            ends: vec![1, 1],
            texts: "a".to_owned(),
            fields: vec![(0, Arc::new(fields))],
            there: vec![(1, "17".into())],
        };
        assert_eq!(unpack_texts(&pack_texts(&with_fields).unwrap()).unwrap(), with_fields);
    }

    #[test]
    fn operations_come_back_with_the_marks_that_undo_them() {
        let mut story = Story::with_rows(9);
        story.change(&[0, 1, 2, 5], Change::accept());
        story.change(&[0, 1, 2, 3, 4, 5, 8], Change::reject());
        for place in 0.. {
            let Some(operation) = story.projection.packed_operation(place) else { break };
            let back = unpack_operation(&pack_operation(operation.clone()).unwrap()).unwrap();
            assert_eq!(back, operation);
        }
    }
}
