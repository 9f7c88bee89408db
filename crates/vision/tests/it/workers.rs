//! The worker threads: bounds, callers that leave, jobs that crash.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use absah_vision::picture::Picture;
use absah_vision::runtime::{ModelError, RunError, StartError, Workers, WorkersConfig};

fn workers(threads: usize, queue_length: usize) -> Arc<Workers> {
    Arc::new(Workers::start(WorkersConfig { threads, queue_length }, None).expect("workers"))
}

/// Holds the only thread until the returned sender is dropped or sends.
async fn occupy(workers: &Arc<Workers>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), RunError>>) {
    let (release, gate) = mpsc::channel::<()>();
    let (started, running) = tokio::sync::oneshot::channel();
    let held = Arc::clone(workers);
    let job = tokio::spawn(async move {
        held.run(move |_| {
            let _ = started.send(());
            let _ = gate.recv();
        })
        .await
    });
    running.await.expect("the job runs");
    (release, job)
}

#[tokio::test]
async fn results_come_back_from_named_threads() {
    let workers = workers(2, 8);
    for number in 0..8 {
        let (result, name) = workers
            .run(move |_| (number * 2, std::thread::current().name().map(str::to_owned)))
            .await
            .expect("ran");
        assert_eq!(result, number * 2);
        assert!(name.is_some_and(|name| name.starts_with("vision-")));
    }
}

#[tokio::test]
async fn one_job_more_than_the_queue_holds_is_refused() {
    let workers = workers(1, 2);
    let (release, first) = occupy(&workers).await;
    let waiting: Vec<_> = (0..2)
        .map(|number| {
            let workers = Arc::clone(&workers);
            tokio::spawn(async move { workers.run(move |_| number).await })
        })
        .collect();
    while workers.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(workers.run(|_| ()).await, Err(RunError::QueueFull));

    drop(release);
    assert_eq!(first.await.expect("joined"), Ok(()));
    for (number, job) in waiting.into_iter().enumerate() {
        assert_eq!(job.await.expect("joined"), Ok(number));
    }
}

#[tokio::test]
async fn a_job_whose_caller_left_does_not_run() {
    let workers = workers(1, 4);
    let ran = Arc::new(AtomicUsize::new(0));
    let (release, first) = occupy(&workers).await;

    let (count, leaving) = (Arc::clone(&ran), Arc::clone(&workers));
    let left = tokio::spawn(async move { leaving.run(move |_| count.fetch_add(1, Ordering::SeqCst)).await });
    while workers.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    left.abort();
    assert!(left.await.is_err_and(|error| error.is_cancelled()));

    drop(release);
    assert_eq!(first.await.expect("joined"), Ok(()));
    assert_eq!(workers.run(|_| 5).await, Ok(5), "the thread goes on");
    assert_eq!(ran.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_job_under_way_runs_no_more_models_once_its_caller_left() {
    let workers = workers(1, 4);
    let (started, running) = tokio::sync::oneshot::channel();
    let (release, gate) = mpsc::channel::<()>();
    let (tell, told) = mpsc::channel();
    let leaving = Arc::clone(&workers);
    let left = tokio::spawn(async move {
        let job = leaving.run(move |bench| {
            let picture = Picture::new(1, 1, vec![0; 3]).expect("a picture");
            let before = bench.detect(&picture);
            let _ = started.send(());
            let _ = gate.recv();
            let _ = tell.send((before, bench.detect(&picture)));
        });
        job.await
    });
    running.await.expect("the job runs");
    left.abort();
    assert!(left.await.is_err_and(|error| error.is_cancelled()));
    drop(release);

    let (before, after) = told.recv().expect("the job ends");
    // These workers have no models, which is what a stage finds out where it gets that far.
    assert!(matches!(before, Err(ModelError::NotLoaded)), "{before:?}");
    assert!(matches!(after, Err(ModelError::Abandoned)), "{after:?}");
    let next = workers.run(|bench| bench.detect(&Picture::new(1, 1, vec![0; 3]).expect("a picture"))).await;
    assert!(matches!(next, Ok(Err(ModelError::NotLoaded))), "the next job has a caller: {next:?}");
}

#[tokio::test]
async fn a_crash_stays_with_its_job() {
    let workers = workers(1, 4);
    for _ in 0..3 {
        assert_eq!(
            workers.run(|_| -> u8 { panic!("a job of this test crashes") }).await,
            Err(RunError::Crashed)
        );
        assert_eq!(workers.run(|_| 7).await, Ok(7));
    }
}

#[tokio::test]
async fn stopping_finishes_what_waits_and_takes_nothing_more() {
    let workers = workers(1, 4);
    let (release, first) = occupy(&workers).await;
    let waiting = {
        let workers = Arc::clone(&workers);
        tokio::spawn(async move { workers.run(|_| 3).await })
    };
    while workers.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    let stopping = {
        let workers = Arc::clone(&workers);
        std::thread::spawn(move || workers.stop())
    };
    // Until the stop has begun the job is taken and waits for the held thread: give up on it and ask again.
    while tokio::time::timeout(Duration::from_millis(5), workers.run(|_| ())).await
        != Ok(Err(RunError::Stopped))
    {}
    drop(release);
    stopping.join().expect("stopped");
    assert_eq!(first.await.expect("joined"), Ok(()));
    assert_eq!(waiting.await.expect("joined"), Ok(3));
}

#[test]
fn configurations_out_of_range_do_not_start() {
    for (threads, queue_length) in [(0, 1), (1, 0), (257, 1), (1, 65_537)] {
        let started = Workers::start(WorkersConfig { threads, queue_length }, None);
        assert!(matches!(started, Err(StartError::Config)), "{threads} {queue_length}");
    }
}
