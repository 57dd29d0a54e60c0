//! Why requests of a batch failed before.
//!
//! A request may fail several times, each time it is asked again, and each reason counts once for it, however often the
//! results are read.

use std::collections::HashMap;

use crate::domain::{RequestNumber, RunNumber, is_same_reason};
use crate::workbench::Workbench;

/// The reasons that the requests of batches failed for, as far as somebody asked for them.
#[derive(Debug, Default)]
pub(super) struct Reasons {
    /// The requests in the journal by their place in each batch.
    requests: HashMap<RunNumber, HashMap<u32, Vec<RequestNumber>>>,
    known: HashMap<(RunNumber, u32), Vec<String>>,
}

impl Reasons {
    /// Takes note of a reason for the request at a place in a batch, and returns whether it did not fail for it before.
    pub(super) fn note(&mut self, bench: &Workbench, (run, place): (RunNumber, u32), reason: &str) -> bool {
        let requests = self.requests.entry(run).or_insert_with(|| {
            let mut places: HashMap<u32, Vec<RequestNumber>> = HashMap::new();
            for request in bench.projection().requests_of(run) {
                places.entry(request.index).or_default().push(request.number);
            }
            places
        });
        let known = self.known.entry((run, place)).or_insert_with(|| {
            let before = requests.get(&place).into_iter().flatten();
            before.filter_map(|request| bench.failure_of(*request)).collect()
        });
        let is_new = !known.iter().any(|known| is_same_reason(known, reason));
        if is_new {
            known.push(reason.to_owned());
        }
        is_new
    }
}
