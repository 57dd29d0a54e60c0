//! Random operations of a person on a session, compared after each one with a simple model of what must be there.
//!
//! A life is a session with [`LENGTH`] operations. One that fails is made smaller by `proptest`, which prints what is
//! left of it; `ROWSMITH_FAULTS_SEED` gives other lives than the usual ones, and a failure names its seed.

mod bench;
mod expected;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::part::Part;
use bench::Bench;
use expected::{Decision, Expected};

/// The operations of one life.
const LENGTH: usize = 500;
/// How many lives are lived at once.
const THREADS: usize = 4;

/// What a person does, or what happens to the store. Rows are meant modulo their number.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Sample {
        rows: u32,
        ends: bool,
    },
    Decide {
        row: u32,
        decision: Decision,
    },
    Bulk {
        first: u32,
        count: u32,
        decision: Decision,
    },
    Undo,
    Redo,
    SaveVersion(u8),
    Draft(u8),
    Reopen,
    /// The program is killed; whatever is not in the files is gone.
    Killed,
    /// The journal loses its last lines, which is told, and the store is repaired.
    TailLost(usize),
    SledDeleted,
    /// The first half of an operation is in the journal, and its end never comes.
    HalfAnOperation {
        row: u32,
    },
}

fn decisions() -> impl Strategy<Value = Decision> {
    let tag = || prop::option::of(0..4_u8);
    prop_oneof![
        3 => (prop::option::of(1..=5_u8), tag()).prop_map(|(rating, tag)| Decision::Accept { rating, tag }),
        2 => (prop::option::of(0..3_u8), tag()).prop_map(|(reason, tag)| Decision::Reject { reason, tag }),
        1 => (prop::option::of(0..3_u8), tag()).prop_map(|(reason, tag)| Decision::Skip { reason, tag }),
        1 => Just(Decision::ClearRating),
        1 => prop::collection::vec(0..4_u8, 0..3).prop_map(Decision::Tags),
        2 => prop::option::of(0..6_u8).prop_map(Decision::Edit),
    ]
}

fn ops() -> impl Strategy<Value = Op> {
    let row = || 0..1000_u32;
    prop_oneof![
        4 => (1..6_u32, any::<bool>()).prop_map(|(rows, ends)| Op::Sample { rows, ends }),
        30 => (row(), decisions()).prop_map(|(row, decision)| Op::Decide { row, decision }),
        8 => (row(), 2..12_u32, decisions())
            .prop_map(|(first, count, decision)| Op::Bulk { first, count, decision }),
        10 => Just(Op::Undo),
        7 => Just(Op::Redo),
        3 => (0..8_u8).prop_map(Op::SaveVersion),
        4 => (0..8_u8).prop_map(Op::Draft),
        2 => Just(Op::Reopen),
        2 => Just(Op::Killed),
        1 => (1..9_usize).prop_map(Op::TailLost),
        1 => Just(Op::SledDeleted),
        1 => row().prop_map(|row| Op::HalfAnOperation { row }),
    ]
}

/// Lives a life, and returns the first difference from the model.
fn live(ops: &[Op]) -> Result<(), String> {
    let (mut bench, mut expected) = (Bench::new(), Expected::default());
    for (n, op) in ops.iter().enumerate() {
        let told = |what: String| format!("operation {n}, {op:?}: {what}");
        bench.carry_out(op).map_err(told)?;
        expected.carry_out(op);
        bench.difference(&expected).map_or(Ok(()), |what| Err(told(what)))?;
        if !matches!(op, Op::Decide { .. } | Op::Bulk { .. } | Op::Undo | Op::Redo) {
            bench.draft_differs(&expected).map_or(Ok(()), |what| Err(told(what)))?;
        }
    }
    bench.carry_out(&Op::Reopen)?;
    bench.difference(&expected).or_else(|| bench.draft_differs(&expected)).map_or(Ok(()), Err)
}

/// Lives one life, and returns how it failed.
fn failure(seed: u64, life: usize) -> Option<String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&(life as u64).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config {
        cases: 1,
        failure_persistence: None,
        max_shrink_time: 20_000,
        max_shrink_iters: 500,
        ..Config::default()
    };
    let outcome = TestRunner::new_with_rng(config, rng)
        .run(&prop::collection::vec(ops(), LENGTH), |ops| live(&ops).map_err(TestCaseError::fail));
    let why = match outcome {
        Ok(()) => return None,
        Err(TestError::Fail(why, ops)) => format!("{why}, after {ops:?}"),
        Err(error) => error.to_string(),
    };
    Some(format!("life {life} of ROWSMITH_FAULTS_SEED={seed}: {why}"))
}

#[test]
fn a_session_is_always_what_its_operations_add_up_to() {
    let mut part = Part::begin("random operations against a model", 2000, 100_000);
    let seed: u64 =
        std::env::var("ROWSMITH_FAULTS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let lives = part.cases() / LENGTH;
    let failures: Vec<String> = std::thread::scope(|scope| {
        let live_some = |first| (first..lives).step_by(THREADS).filter_map(|life| failure(seed, life));
        let workers: Vec<_> =
            (0..THREADS).map(|first| scope.spawn(move || live_some(first).collect::<Vec<_>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    failures.into_iter().for_each(|failure| part.wrong(failure));
    (0..lives * LENGTH).for_each(|_| part.did());
    part.end();
}
