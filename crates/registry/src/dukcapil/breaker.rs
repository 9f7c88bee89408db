//! A circuit breaker: a service that cannot be reached is left alone for a while.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Lets calls pass until enough of them failed in a row.
pub(super) struct Breaker {
    most_failures: u32,
    open_for: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Calls pass; so many failed in a row.
    Closed { failures: u32 },
    /// No call passes until then.
    Open { until: Instant },
    /// One call is trying.
    Trying,
}

/// A call that passed. Dropping it without a word counts as a failure: nobody learnt that the service is back.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    succeeded: bool,
}

impl Breaker {
    /// Opens after `most_failures` in a row (1 and up), for `open_for`.
    pub(super) fn new(most_failures: u32, open_for: Duration) -> Self {
        Self { most_failures, open_for, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    /// Lets a call pass, or not. Once the time is up one call passes, and the others wait for what comes of it.
    pub(super) fn admit(&self) -> Option<Pass<'_>> {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => {}
            State::Open { until } if Instant::now() >= until => *state = State::Trying,
            State::Open { .. } | State::Trying => return None,
        }
        Some(Pass { breaker: self, succeeded: false })
    }

    /// Whether calls are kept back now.
    pub(super) fn is_open(&self) -> bool {
        matches!(*self.lock(), State::Open { until } if Instant::now() < until)
    }

    /// What came of a call. One that passed before the breaker opened changes nothing of an open one by failing, and
    /// closes it by succeeding.
    fn learn(&self, succeeded: bool) {
        let mut state = self.lock();
        let open = State::Open { until: Instant::now() + self.open_for };
        *state = match (*state, succeeded) {
            (_, true) => State::Closed { failures: 0 },
            (State::Closed { failures }, false) if failures + 1 < self.most_failures => {
                State::Closed { failures: failures + 1 }
            }
            (State::Closed { .. } | State::Trying, false) => open,
            (opened @ State::Open { .. }, false) => opened,
        };
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The service answered, whatever it said.
    pub(super) fn succeeded(mut self) {
        self.succeeded = true;
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.breaker.learn(self.succeeded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Duration = Duration::from_secs(30);

    fn call(breaker: &Breaker, succeeds: bool) -> bool {
        match breaker.admit() {
            Some(pass) if succeeds => pass.succeeded(),
            Some(pass) => drop(pass),
            None => return false,
        }
        true
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_after_failures_in_a_row_and_closes_after_one_success() {
        let breaker = Breaker::new(3, OPEN);
        let rows = [
            // seconds passed before, the call succeeds, it passed
            (0, false, true),
            (0, false, true),
            (0, true, true),
            (0, false, true),
            (0, false, true),
            (0, false, true),
            (0, true, false),
            (29, true, false),
            (1, false, true),
            (0, true, false),
            (29, true, false),
            (1, true, true),
            (0, true, true),
        ];
        for (number, (seconds, succeeds, passed)) in rows.into_iter().enumerate() {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            assert_eq!(call(&breaker, succeeds), passed, "row {number}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_alone_tries_whether_the_service_is_back() {
        let breaker = Breaker::new(1, OPEN);
        call(&breaker, false);
        assert!(breaker.is_open());
        tokio::time::advance(OPEN).await;
        assert!(!breaker.is_open());
        let trying = breaker.admit().expect("one tries");
        assert!(breaker.admit().is_none());
        trying.succeeded();
        assert!(breaker.admit().is_some());
    }
}
