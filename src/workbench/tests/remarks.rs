use std::path::PathBuf;

use super::*;
use crate::curate::remarks::{Instruction, Masks, remarks};
use crate::dataset::{Dataset, Part, Source, SplitRule};
use crate::text::Stop;

#[test]
fn what_models_do_wrong_is_flagged_with_its_figure() {
    let mut session = TestSession::new();
    let told = "Each of the 5 has another writer, another opening and other details.";

    session.run(
        &[
            told,
            "Call now to win! Call now to win! Call now to win!",
            "I'm sorry, but I can't assist with that request.",
            "Hello [Your Name], a parcel waits for you",
            "Free ringtones for your phone, and the first one costs nothing",
        ],
        &[],
    );

    let seen: Vec<_> = (0..5).map(|row| session.flags(row)).collect();
    let expected = [
        FlagKind::EchoesPrompt,
        FlagKind::RepeatsItself,
        FlagKind::Refusal,
        FlagKind::Placeholder,
        FlagKind::CopiesReal,
    ];
    assert_eq!(seen, expected.map(|kind| vec![kind]));
    let flag = |row| session.row(row).flags().next().unwrap().clone();
    assert_eq!(flag(0).figure, Some(1.0));
    assert!(flag(1).figure.unwrap() > 0.5);
    assert_eq!(flag(3).other.as_deref(), Some("[Your Name]"));
    let version = session.row(0).version().unwrap().id;
    let counts = session.bench.projection().counts();
    assert!(expected.iter().all(|kind| counts.of_flag_in(*kind, version) == 1));
}

#[test]
fn an_edit_is_held_to_what_the_model_of_the_row_was_told() {
    let mut session = TestSession::new();
    session.run(&["Answer now to win a bicycle"], &[]);
    let mut session = session.reopened();

    session.edit(0, "Each of the 1 has another writer, another opening and other details.");
    assert_eq!(session.flags(0), [FlagKind::EchoesPrompt]);
    session.edit(0, "Answer now to win a car");
    assert!(session.flags(0).is_empty());
}

#[test]
fn a_row_whose_writer_read_no_prompt_echoes_none() {
    let mut session = TestSession::new();
    let offline = session.bench.offline_generator(Stop::never());
    let (plan, request) = session.begin_with(&offline, 1);
    let echo = "One text a row, complete in itself.";

    session.take_in(&plan, request, vec![Fields::of_text(echo)]);
    session.end(&plan, request);
    assert!(session.flags(0).is_empty());

    session.edit(0, "Invent the details. No placeholders, no numbering.");
    assert!(session.flags(0).is_empty());
}

#[test]
fn an_example_that_is_copied_is_a_copy_and_no_echo() {
    let mut session = TestSession::new();
    let copy = "Win a cash prize today and call this number before noon";

    session.run(&[copy], &[]);
    assert_eq!(session.flags(0), [FlagKind::CopiesReal]);

    session.edit(0, "Free ringtones for your phone and the first one costs nothing");
    assert_eq!(session.flags(0), [FlagKind::CopiesReal]);
}

#[test]
fn an_echo_stays_one_when_the_dataset_changes() {
    let mut session = TestSession::new();
    session.run(&["One text a row, complete in itself.", "Answer now to win a bicycle"], &[]);
    let (location, data) = (session.location(), session.folder.path().join("data.csv"));
    let TestSession { bench, folder } = session;
    drop(bench);
    fs::write(data, format!("{DATA}t6,train,spam,Answer now to win a bicycle\n")).unwrap();

    let session = TestSession { bench: Workbench::open(&location, NOW).unwrap(), folder };

    assert_eq!(session.flags(0), [FlagKind::EchoesPrompt]);
    assert_eq!(session.flags(1), [FlagKind::CopiesReal]);
}

/// Counts the flags of the real train rows of the reference data, with the first prompt of a new session.
#[test]
fn real_text_messages_are_remarked_on_rarely() {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("ROWSMITH_REFERENCE_DATA").map_or_else(default, PathBuf::from);
    for file in ["sms_spam.csv", "goemotions6.csv"] {
        let path = folder.join(file);
        if !path.is_file() {
            eprintln!("skipped: {} is not there; set ROWSMITH_REFERENCE_DATA", path.display());
            continue;
        }
        let mut source = Source::new(path, "text", "label");
        source.split = Some("split".into());
        let dataset = Dataset::load(&source, &SplitRule::new(0.2, 42).unwrap(), None).unwrap();
        let real: Vec<_> = dataset.rows().filter(|row| row.part == Part::Train).map(|row| row.text).collect();
        let session = TestSession::new();
        let content = session.bench.projection().versions()[0].content.clone();
        let instruction = Instruction::of([content.system.as_str(), content.user.as_str()], []);
        let masks = Masks::of(real.iter().copied());

        let found: Vec<_> = real.iter().flat_map(|text| remarks(text, Some(&instruction), &masks)).collect();

        for kind in FlagKind::ALL {
            let count = found.iter().filter(|flag| flag.kind == kind).count();
            eprintln!("{file}: {} {count} of {}", kind.name(), real.len());
            assert!(count * 100 < real.len(), "{} flags {count} of {} real rows", kind.name(), real.len());
        }
    }
}
