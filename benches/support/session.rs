//! The bundled session, copied to a home folder and opened.

use std::path::Path;

use rowsmith::api::Timestamp;
use rowsmith::api::bundled;
use rowsmith::api::{Location, Workbench};

use crate::facts::{ROWS_PER_REQUEST, Sampling};

/// Opens the session; that splits its dataset and makes its first version.
pub(crate) fn tickets(home: &Path) -> Workbench {
    let sessions = home.join(".local/share/rowsmith/sessions");
    let folder = bundled::lay_down(bundled::FIRST, &sessions).unwrap();
    let location = Location { store: folder.join(".rowsmith"), folder };
    Workbench::open(&location, Timestamp(1_700_000_000_000)).unwrap()
}

/// Returns a generator of facts for the session.
pub(crate) fn sampling(bench: &Workbench) -> Sampling {
    let target = &bench.session().target.label;
    let real = bench.dataset().train_of(target).iter().map(|&row| bench.dataset().id(row).into_owned());
    Sampling {
        version: bench.projection().versions()[0].id,
        operation: bench.next_operation().0,
        real: real.collect(),
    }
}

/// Passes on all facts of a run, and decisions on the first quarter of its rows.
pub(crate) fn each_fact(sampling: &Sampling, rows: u32, mut take: impl FnMut(rowsmith::api::Fact)) {
    take(sampling.began(rows));
    for (request, first) in (0..rows).step_by(ROWS_PER_REQUEST as usize).enumerate() {
        let request = u32::try_from(request).unwrap();
        sampling.exchange(request, first..rows.min(first + ROWS_PER_REQUEST)).into_iter().for_each(&mut take);
    }
    (0..rows / 4).for_each(|row| take(sampling.decision(row)));
}
