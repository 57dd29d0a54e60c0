//! A run whose store goes away.

use super::*;

#[tokio::test]
async fn what_comes_while_nothing_can_be_saved_is_kept_and_no_more_is_asked_for() {
    let session = TestSession::new();
    let (store, away) = (session.location.store.clone(), session.folder.path().join("away"));
    let (from, to) = (store.clone(), away.clone());
    let generator = Scripted::new(move |call, request| {
        if call == 2 {
            std::fs::rename(&from, &to).unwrap();
        }
        rows(call, request.n)
    });
    let writer = session.writer();
    let handle = writer.handle();
    let info = Arc::clone(&generator);
    let order = order(400);
    let begun = handle.ask(move |bench| {
        let operation = bench.next_operation();
        bench.begin_run(&order, &PromptSource::Version(None), info.as_ref(), operation, clock::now())
    });
    let plan = begun.await.unwrap().value;
    let number = plan.number();
    let (reporter, _heard) = Reporter::new(Snapshots::AtEnd);
    let asked: Arc<dyn Generator> = Arc::<Scripted>::clone(&generator);

    let ended = run_plan(&handle, asked, plan, CancellationToken::new(), &Arc::new(reporter)).await;

    let said = ended.unwrap_err().to_string();
    assert!(said.contains("was renamed or removed while it was open"), "{said}");
    assert!(generator.calls() < 20, "{} requests were paid for nothing", generator.calls());
    let kept = handle.with(move |bench| {
        let run = bench.projection().run(number).unwrap();
        (run.rows, matches!(run.status, RunStatus::Failed { .. }), bench.holds_paid())
    });
    let (rows, has_failed, holds_paid) = kept.await.unwrap();
    assert!(rows >= 10 && has_failed && holds_paid, "{rows} rows");
    let refused = handle.ask(|_| Ok(())).await.unwrap_err().to_string();
    assert!(refused.contains("was renamed or removed"), "another run must not begin: {refused}");

    std::fs::rename(&away, &store).unwrap();
    assert!(handle.ask(|_| Ok(())).await.is_ok());
    drop(writer);
    let bench = Workbench::open(&session.location, clock::now()).unwrap();
    assert_eq!(bench.projection().run(number).unwrap().rows, rows);
    let open = bench.projection().requests_of(number).filter(|request| request.seconds.is_none());
    assert_eq!(open.count(), 0, "what was never sent has ended");
}
