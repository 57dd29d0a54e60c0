//! What is measured of which rows.

use std::cell::RefCell;
use std::fmt::Write as _;

use super::{DATA, TestSession};
use crate::domain::{Change, Diversity, Fields, Figure, GroupDiversity};
use crate::export::ExportProgress;
use crate::text::{Stop, Stopped};
use crate::workbench::Watch;
use crate::workbench::diversity::diversity;

const FIRST_TWELVE: [u32; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

fn sample(session: &mut TestSession, texts: &[&str]) {
    let (plan, request) = session.begin(u32::try_from(texts.len()).unwrap());
    session.take_in(&plan, request, texts.iter().copied().map(Fields::of_text).collect());
    session.end(&plan, request);
}

/// Texts that differ in some words.
fn texts(count: usize) -> Vec<String> {
    let things = ["prize", "parcel", "ticket", "refund", "loan", "voucher", "holiday"];
    let text =
        |at: usize| format!("Claim your {} number {at} before {} ends today", things[at % 7], things[at % 5]);
    (0..count).map(text).collect()
}

fn measured(session: &TestSession, stop: &Stop) -> Result<(Diversity, Vec<u64>), Stopped> {
    let told = RefCell::new(Vec::new());
    let progress = |ExportProgress { done, .. }| told.borrow_mut().push(done);
    let bench = &session.bench;
    let watch = Watch { progress: &progress, stop };
    let found = diversity(bench.session(), bench.dataset(), bench.projection(), watch)?;
    Ok((found, told.into_inner()))
}

fn names(diversity: &Diversity) -> Vec<(&str, u64)> {
    diversity.groups.iter().map(|of| (of.group.as_str(), of.rows)).collect()
}

fn value(of: &GroupDiversity, figure: Figure) -> Option<f64> {
    let figures = &of.measured.as_ref()?.figures;
    figures.iter().find(|measured| measured.figure == figure)?.value
}

#[test]
fn accepted_and_pending_rows_and_those_of_versions_are_measured_and_rejected_ones_are_not() {
    let mut session = TestSession::new();
    let rows = texts(15);
    sample(&mut session, &rows.iter().map(String::as_str).collect::<Vec<_>>());
    session.change(&FIRST_TWELVE, Change::accept());
    session.change(&[12], Change::reject());

    let (found, told) = measured(&session, &Stop::never()).unwrap();

    assert_eq!(names(&found), [("accepted", 12), ("pending", 2), ("v1", 12)]);
    assert_eq!((found.real_rows, found.other_labels, told), (2, 0, vec![0, 1, 2]));
    let [accepted, pending, version] = found.groups.as_slice() else { panic!() };
    assert!(value(accepted, Figure::Distinct1).is_some_and(|share| share > 0.0 && share < 1.0));
    assert_eq!(value(accepted, Figure::Jsd), None, "there is too little to compare with");
    assert_eq!(value(accepted, Figure::Distinct2), value(version, Figure::Distinct2));
    assert!(accepted.remark.as_deref().unwrap().starts_with("2 known real rows of `spam` are too few"));
    assert_eq!(pending.remark.as_deref(), Some("10 rows or more have figures, and there are 2."));
    assert!(pending.measured.is_none());
}

#[test]
fn rows_stand_beside_as_many_train_rows_of_the_target() {
    let mut table = DATA.to_owned();
    for (at, text) in texts(60).iter().enumerate() {
        let part = if at < 40 { "train" } else { "test" };
        writeln!(table, "x{at},{part},spam,{text}").unwrap();
    }
    let mut session = TestSession::of(&table, "spam", "");
    let rows = vec!["Send cash now and win it all"; 12];
    sample(&mut session, &rows);
    session.change(&FIRST_TWELVE, Change::accept());

    let (found, _) = measured(&session, &Stop::never()).unwrap();

    assert_eq!(found.real_rows, 42, "train rows alone");
    let measured_rows = found.groups[0].measured.as_ref().unwrap();
    assert_eq!(measured_rows.compared, 12);
    assert!(measured_rows.figures.iter().all(|of| of.real.is_some()));
    let near = measured_rows.figures.iter().find(|of| of.figure == Figure::NearDuplicates).unwrap();
    assert_eq!(near.value, Some(1.0));
    assert!(near.sentence.as_deref().unwrap().starts_with("Accepted rows are near-duplicates"), "{near:?}");
    assert_eq!(measured(&session, &Stop::never()).unwrap().0, found, "the same rows have the same figures");
    assert!(measured(&session, &Stop::when(|| true)).is_err());
}
