//! Measures the store: a decision, many facts at once, and opening with and without sled.

#![expect(clippy::unwrap_used, reason = "what cannot be set up cannot be measured")]

#[path = "../tests/store_faults/facts.rs"]
mod facts;

use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rowsmith::api::{Change, Fact, Projection};
use rowsmith::api::{Reader, Store};

fn filled(dir: &Path, facts: &[Fact]) -> (Store, Projection) {
    let (mut store, mut projection, _) = Store::open(dir).unwrap();
    add(&mut store, &mut projection, facts);
    (store, projection)
}

fn add(store: &mut Store, projection: &mut Projection, facts: &[Fact]) {
    store.append(facts).unwrap();
    facts.iter().for_each(|fact| store.follow(&projection.apply(fact)));
}

fn append(c: &mut Criterion) {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, _) = filled(dir.path(), &facts::sampled(1000));
    c.bench_function("append and fsync one decision", |b| {
        b.iter(|| store.append(&[facts::changed(3, 7..8, Change::accept())]).unwrap());
    });
    let thousand: Vec<_> =
        (0..1000).map(|n| facts::changed(3 + u64::from(n), n..n + 1, Change::accept())).collect();
    c.bench_function("append and fsync 1,000 facts", |b| b.iter(|| store.append(&thousand).unwrap()));
}

fn follow(c: &mut Criterion) {
    let mut group = c.benchmark_group("10,000 rows");
    group.sample_size(10);
    let made = || {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, projection) = filled(dir.path(), &facts::sampled(10_000));
        while store.catch_up(&projection) {}
        (dir, store, projection)
    };
    group.bench_function("accept all with one command, sled caught up", |b| {
        b.iter_batched(
            made,
            |(dir, mut store, mut projection)| {
                add(&mut store, &mut projection, &[facts::changed(3, 0..10_000, Change::accept())]);
                while store.catch_up(&projection) {}
                (dir, store, projection)
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("sled made from the journal", |b| {
        b.iter_batched(
            || {
                let dir = tempfile::tempdir().unwrap();
                let (store, projection) = filled(dir.path(), &facts::sampled(10_000));
                (dir, store, projection)
            },
            |(dir, mut store, projection)| {
                while store.catch_up(&projection) {}
                (dir, store, projection)
            },
            BatchSize::PerIteration,
        );
    });
}

fn open(c: &mut Criterion) {
    for rows in [400, 10_000] {
        let dir = tempfile::tempdir().unwrap();
        let (mut store, mut projection) = filled(dir.path(), &facts::sampled(rows));
        add(&mut store, &mut projection, &[facts::changed(3, 0..rows / 2, Change::accept())]);
        store.close(&projection);
        let mut group = c.benchmark_group(format!("open {rows} rows"));
        group.sample_size(20);
        group.bench_function("from sled, and close", |b| b.iter(|| Store::open(dir.path()).unwrap()));
        group.bench_function("from the journal, as a reader", |b| {
            b.iter(|| Reader::open(dir.path()).unwrap());
        });
    }
}

/// Measures for a shorter time than usual: the figures are far below their limits, and all benches
/// together should be quick.
fn short() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2))
}

criterion_group! { name = benches; config = short(); targets = append, follow, open }
criterion_main!(benches);
