//! One job for each of many pictures, shared out over all processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::models::Models;
use crate::runtime::{Bench, LibraryError};

/// Told the number of pictures done and the number of all, from any of the threads.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// What came of every item.
pub(crate) struct Done<R> {
    /// In the order of the items.
    pub(crate) results: Vec<R>,
    /// Time of all threads together, without loading the models.
    pub(crate) busy: Duration,
}

/// What one thread made: results by the items' places, and the time they took.
type Share<R> = (Vec<(usize, R)>, Duration);

/// Runs `job` for every item on `threads` threads (at least one), each with a bench of its own.
///
/// # Errors
/// The first error of the first thread that met one. The others end with what they are at.
pub(crate) fn each<T: Sync, R: Send, E: From<LibraryError> + Send>(
    models: &Models,
    items: &[T],
    threads: usize,
    progress: Progress,
    job: impl Fn(&mut Bench, &T) -> Result<R, E> + Sync,
) -> Result<Done<R>, E> {
    each_with(|| Ok(Bench::new(Some(models))?), items, threads, progress, job)
}

/// The same with tools of one's own, which every thread makes for itself.
///
/// # Errors
/// The first error of the first thread that met one. The others end with what they are at.
pub(crate) fn each_with<S, T: Sync, R: Send, E: Send>(
    equip: impl Fn() -> Result<S, E> + Sync,
    items: &[T],
    threads: usize,
    progress: Progress,
    job: impl Fn(&mut S, &T) -> Result<R, E> + Sync,
) -> Result<Done<R>, E> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || -> Result<Share<R>, E> {
        let mut tools = equip()?;
        let (mut made, mut busy) = (Vec::new(), Duration::ZERO);
        while let Some((place, item)) = claim(&next, items) {
            let begun = Instant::now();
            let result = job(&mut tools, item).inspect_err(|_| next.store(items.len(), Ordering::Relaxed))?;
            made.push((place, result));
            busy += begun.elapsed();
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, items.len());
        }
        Ok((made, busy))
    };
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });

    let (mut all, mut busy) = (Vec::with_capacity(items.len()), Duration::ZERO);
    for share in shares {
        let (made, time) = share.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        all.extend(made);
        busy += time;
    }
    all.sort_unstable_by_key(|(place, _)| *place);
    Ok(Done { results: all.into_iter().map(|(_, result)| result).collect(), busy })
}

fn claim<'i, T>(next: &AtomicUsize, items: &'i [T]) -> Option<(usize, &'i T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    items.get(place).map(|item| (place, item))
}
