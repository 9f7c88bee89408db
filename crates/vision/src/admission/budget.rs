//! One bound on the memory of all pictures being decoded at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes decoding may hold at once, over all threads.
///
/// Every admission takes its estimated peak before it allocates and gives it back when it ends. A picture that
/// alone needs more than the whole budget takes all of it and so runs alone: whatever is within the bounds of
/// [`MAX_SIDE`](super::MAX_SIDE) and [`MAX_PIXELS`](super::MAX_PIXELS) is admitted some time.
#[derive(Debug)]
pub struct PixelBudget {
    total: usize,
    patience: Duration,
    left: Mutex<usize>,
    returned: Condvar,
}

impl PixelBudget {
    /// 512 MiB: four of the largest baseline JPEG pictures (40 megapixels at three bytes each).
    pub const DEFAULT_BYTES: usize = 512 * 1024 * 1024;
    /// How long an admission waits for room by default; a full budget drains in well under a second.
    pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(5);

    /// A budget of `bytes`, for which an admission waits at most `patience`.
    ///
    /// Waiting blocks the calling thread: admissions run on worker threads, never on those of an async runtime.
    pub fn new(bytes: usize, patience: Duration) -> Self {
        Self { total: bytes, patience, left: Mutex::new(bytes), returned: Condvar::new() }
    }

    /// The bytes there are.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The bytes not taken at this moment.
    pub fn left(&self) -> usize {
        *self.lock()
    }

    /// Takes `bytes` (or the whole budget, if that is less), waiting for them; `None` when patience ran out.
    pub(super) fn take(&self, bytes: usize) -> Option<Share<'_>> {
        let bytes = bytes.min(self.total);
        let deadline = Instant::now() + self.patience;
        let mut left = self.lock();
        while *left < bytes {
            let wait = deadline.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())?;
            left = self.returned.wait_timeout(left, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
        *left -= bytes;
        Some(Share { budget: self, bytes })
    }

    /// The count is a plain number, valid at every moment: a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, usize> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for PixelBudget {
    fn default() -> Self {
        Self::new(Self::DEFAULT_BYTES, Self::DEFAULT_PATIENCE)
    }
}

/// A part of the budget, given back on drop.
#[derive(Debug)]
pub(super) struct Share<'a> {
    budget: &'a PixelBudget,
    bytes: usize,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.budget.lock() += self.bytes;
        self.budget.returned.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back() {
        let budget = PixelBudget::new(100, Duration::ZERO);
        let first = budget.take(60).unwrap();
        assert_eq!(budget.left(), 40);
        assert!(budget.take(41).is_none(), "more than is left");
        let second = budget.take(40).unwrap();
        drop((first, second));
        assert_eq!(budget.left(), 100);
    }

    #[test]
    fn a_picture_beyond_the_whole_budget_runs_alone() {
        let budget = PixelBudget::new(100, Duration::ZERO);
        let all = budget.take(1_000).unwrap();
        assert_eq!(budget.left(), 0);
        assert!(budget.take(1).is_none());
        drop(all);
        assert_eq!(budget.left(), 100);
    }

    #[test]
    fn a_waiting_admission_gets_what_another_gives_back() {
        let budget = PixelBudget::new(100, Duration::from_secs(30));
        let all = budget.take(100).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| budget.take(100).is_some());
            drop(all);
            assert!(waiting.join().unwrap());
        });
    }
}
