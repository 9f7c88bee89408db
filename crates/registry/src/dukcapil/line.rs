//! The line to one service: places, breaker, attempts, and the books.

use std::sync::Arc;
use std::time::Duration;

use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use bytes::Bytes;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep, timeout};

use crate::calls::{CallLedger, Service, SourceCall};

use super::breaker::Breaker;
use super::chance::Chance;
use super::quota::QuotaWatch;
use super::reading::{Outcome, Reading};
use super::transport::{Cause, Transport};

/// The line to one service.
pub(super) struct Line {
    pub(super) source: Arc<str>,
    pub(super) service: Service,
    pub(super) transport: Transport,
    pub(super) path: String,
    /// Attempts at most.
    pub(super) tries: u32,
    /// Whether what may have been charged is tried again.
    pub(super) repeat_charged: bool,
    /// Wait before the second attempt.
    pub(super) backoff: Duration,
    /// Price of an attempt, in rupiah.
    pub(super) rupiah: u64,
    pub(super) breaker: Breaker,
    /// Places for calls at the same time; a call keeps its own until it is in the books.
    pub(super) places: Arc<Semaphore>,
    /// How many places there are.
    pub(super) concurrency: u32,
    /// Longest wait for a place.
    pub(super) patience: Duration,
    pub(super) quota: QuotaWatch,
    pub(super) ledger: Arc<dyn CallLedger>,
    pub(super) chance: Arc<Chance>,
}

impl Line {
    /// Posts a question and has `read` say what the answer means.
    ///
    /// The attempts run on a task of their own: a caller that goes away while one is under way does not undo that it
    /// is charged, so it is recorded all the same. A caller that has gone before an attempt spares it.
    pub(super) async fn ask<T: Send + Sync + 'static>(
        self: &Arc<Self>,
        tenant: &TenantId,
        body: Bytes,
        read: impl Fn(&[u8]) -> Reading<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        if self.breaker.is_open() {
            return Err(self.kept_back());
        }
        let place = timeout(self.patience, Arc::clone(&self.places).acquire_owned());
        let Ok(Ok(place)) = place.await else {
            self.count("queue_full");
            return Err(Trouble::RateLimited);
        };
        let (answer, answered) = oneshot::channel();
        let (line, tenant) = (Arc::clone(self), tenant.clone());
        tokio::spawn(async move {
            let attempts = line.attempts(&tenant, &body, read, || answer.is_closed());
            let outcome = attempts.await;
            drop(place);
            // Nobody waits for the outcome of an abandoned call.
            let _ = answer.send(outcome);
        });
        // The task is gone without an answer if it panicked, or the runtime is shutting down.
        answered.await.unwrap_or(Err(Trouble::Unavailable))
    }

    /// Whether the service could be reached now, as far as that can be told without a call.
    pub(super) async fn ready(&self) -> Result<(), Trouble> {
        if self.breaker.is_open() {
            return Err(Trouble::Unavailable);
        }
        self.transport.reach().await.map_err(|cause| match cause {
            Cause::Timeout => Trouble::Timeout,
            _ => Trouble::Unavailable,
        })
    }

    /// Waits until no call is under way.
    pub(super) async fn settled(&self) {
        // The semaphore is never closed, so all places are had in the end, and given back at once.
        drop(self.places.acquire_many(self.concurrency).await);
    }

    async fn attempts<T>(
        &self,
        tenant: &TenantId,
        body: &Bytes,
        read: impl Fn(&[u8]) -> Reading<T>,
        abandoned: impl Fn() -> bool,
    ) -> Result<T, Trouble> {
        let mut wait = self.backoff;
        for attempts_left in (0..self.tries).rev() {
            let Some(pass) = self.breaker.admit() else { return Err(self.kept_back()) };
            let started = Instant::now();
            let exchanged = self.transport.post(&self.path, body.clone()).await;
            match &exchanged {
                Ok(reply) if !reply.status.is_server_error() => pass.succeeded(),
                Err(broken) if broken.cause == Cause::TooLarge => pass.succeeded(),
                _ => drop(pass),
            }
            let reading = Reading::of(exchanged, &read, self.repeat_charged);
            self.record(tenant, &reading, started.elapsed()).await?;
            match reading.outcome {
                Outcome::Settled(outcome) => return outcome,
                Outcome::Again(trouble) if attempts_left == 0 || abandoned() => return Err(trouble),
                Outcome::Again(_) => {}
            }
            sleep(wait.mul_f64(1.0 - self.chance.fraction() / 2.0)).await;
            wait *= 2;
            if abandoned() {
                break;
            }
        }
        Err(Trouble::Unavailable)
    }

    /// Enters an attempt in the books, and tells the operator of it.
    async fn record<T>(
        &self,
        tenant: &TenantId,
        reading: &Reading<T>,
        took: Duration,
    ) -> Result<(), Trouble> {
        let Reading { key, charged, quota_left, outcome } = reading;
        self.count(key);
        metrics::histogram!("absah_registry_call_seconds", "source" => Arc::clone(&self.source), "service" => self.service.key())
            .record(took.as_secs_f64());
        if let Outcome::Again(trouble) | Outcome::Settled(Err(trouble)) = outcome {
            tracing::warn!(source = &*self.source, service = %self.service, answer = key, %trouble, "the registry gave no verdict");
        }
        if let Some(left) = quota_left {
            self.quota.note(*left);
        }
        let call = SourceCall {
            source: self.source.to_string(),
            service: self.service,
            tenant: tenant.clone(),
            answer: key,
            rupiah: if *charged { self.rupiah } else { 0 },
        };
        self.ledger.record(call).await.map_err(|error| {
            tracing::error!(
                source = &*self.source,
                service = %self.service,
                error = &error as &dyn std::error::Error,
                "a call to the registry could not be recorded, so its answer is not used"
            );
            Trouble::Unavailable
        })
    }

    /// No call was made, since the breaker is open.
    fn kept_back(&self) -> Trouble {
        self.count("breaker_open");
        Trouble::Unavailable
    }

    fn count(&self, answer: &'static str) {
        metrics::counter!(
            "absah_registry_calls_total",
            "source" => Arc::clone(&self.source), "service" => self.service.key(), "answer" => answer
        )
        .increment(1);
    }
}
