//! What a request has to pass before anything is checked: expiry, permission, rate, quota, repetition.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use absah_core::assessment::Refusal;
use absah_core::dialect::Product;
use absah_core::policy::RepetitionPolicy;
use absah_store::{Credential, CredentialId};
use governor::{DefaultDirectRateLimiter, RateLimiter};
use jiff::Timestamp;
use moka::sync::Cache;
use tokio::sync::RwLock;

/// How many credentials' rates are remembered; beyond it the least used starts afresh.
const RATE_CAPACITY: u64 = 100_000;
/// How many requests are remembered for repetition; beyond it the least used is forgotten.
const REPETITION_CAPACITY: u64 = 200_000;

/// Bounds that hold where a credential's terms set none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GateSettings {
    /// Requests a second of one credential; `None` for no limit.
    pub per_second: Option<u32>,
}

/// When the same parameters were sent, the oldest first.
type Times = Arc<Mutex<VecDeque<Timestamp>>>;

/// The gates of one node.
pub(crate) struct Gates {
    settings: GateSettings,
    rates: Cache<(CredentialId, NonZeroU32), Arc<DefaultDirectRateLimiter>>,
    books: Mutex<HashMap<CredentialId, Arc<QuotaBook>>>,
    repetition: RepetitionPolicy,
    seen: Cache<(CredentialId, [u8; 32]), Times>,
}

impl Gates {
    pub(crate) fn new(settings: GateSettings, repetition: RepetitionPolicy) -> Self {
        let window = Duration::from_secs(u64::from(repetition.window_seconds.max(1)));
        Self {
            settings,
            rates: Cache::builder().max_capacity(RATE_CAPACITY).time_to_idle(Duration::from_secs(60)).build(),
            books: Mutex::default(),
            repetition,
            seen: Cache::builder().max_capacity(REPETITION_CAPACITY).time_to_idle(window).build(),
        }
    }

    /// Expiry and permission: what the credential itself says.
    pub(crate) fn standing(credential: &Credential, product: Product, now: Timestamp) -> Result<(), Refusal> {
        if credential.expires_at.is_some_and(|end| end <= now) {
            return Err(Refusal::Expired);
        }
        if credential.products.contains(&product) { Ok(()) } else { Err(Refusal::NotPermitted) }
    }

    /// One request of the credential's rate; a burst of one second's worth is allowed.
    pub(crate) fn rate(&self, credential: &Credential) -> Result<(), Refusal> {
        let per_second = credential.terms.per_second.or(self.settings.per_second).and_then(NonZeroU32::new);
        let Some(per_second) = per_second else { return Ok(()) };
        let limiter = self.rates.get_with((credential.id, per_second), || {
            Arc::new(RateLimiter::direct(governor::Quota::per_second(per_second)))
        });
        // The wait is below a second, since the burst is a second's worth: the next whole second is always enough.
        limiter.check().map_err(|_| Refusal::RateLimited { retry_after: 1 })
    }

    /// Takes a place in the quota: `None` where what was charged and what is under way leave none.
    ///
    /// `charged` is asked while no transaction of the credential is between its commit and the release of its place, so
    /// that each is counted once: as under way, or as charged.
    pub(crate) async fn reserve<E>(
        &self,
        credential: CredentialId,
        quota: u64,
        charged: impl Future<Output = Result<u64, E>>,
    ) -> Result<Option<QuotaReservation>, E> {
        let book = Arc::clone(
            self.books.lock().unwrap_or_else(PoisonError::into_inner).entry(credential).or_default(),
        );
        let settled = book.settling.write().await;
        let taken = charged.await?.saturating_add(book.under_way.load(Ordering::Relaxed));
        if taken >= quota {
            return Ok(None);
        }
        book.under_way.fetch_add(1, Ordering::Relaxed);
        drop(settled);
        Ok(Some(QuotaReservation { book }))
    }

    /// Counts this request among those with the same parameters.
    pub(crate) fn repetition(
        &self,
        credential: CredentialId,
        fingerprint: [u8; 32],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if self.repetition.limit == 0 {
            return Ok(());
        }
        let window = jiff::SignedDuration::from_secs(i64::from(self.repetition.window_seconds));
        let times = self.seen.get_with((credential, fingerprint), Arc::default);
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        while times.front().is_some_and(|first| now.duration_since(*first) >= window) {
            times.pop_front();
        }
        match times.front() {
            Some(first) if times.len() >= self.repetition.limit as usize => {
                let left = (window - now.duration_since(*first)).as_secs().saturating_add(1);
                Err(Refusal::Repeated { retry_after: u32::try_from(left).unwrap_or(u32::MAX) })
            }
            _ => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}

/// What is under way of one credential's quota.
#[derive(Debug, Default)]
struct QuotaBook {
    under_way: AtomicU64,
    /// Read by whoever records, written by whoever counts.
    settling: RwLock<()>,
}

/// A place in a credential's quota, held while a request is under way.
#[derive(Debug)]
pub(crate) struct QuotaReservation {
    book: Arc<QuotaBook>,
}

impl QuotaReservation {
    /// Records the transaction that fills the place, and gives the place back, as one step to whoever counts.
    pub(crate) async fn settle<T>(self, record: impl Future<Output = T>) -> T {
        let book = Arc::clone(&self.book);
        let _settling = book.settling.read().await;
        let recorded = record.await;
        drop(self);
        recorded
    }
}

impl Drop for QuotaReservation {
    fn drop(&mut self) {
        self.book.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn gates(limit: u32) -> Gates {
        Gates::new(GateSettings::default(), RepetitionPolicy { limit, window_seconds: 600 })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("a time")
    }

    #[test]
    fn the_same_parameters_pass_as_often_as_the_limit_says_within_the_window() {
        let gates = gates(2);
        let steps = [(0, 1, true), (1, 1, true), (2, 1, false), (2, 2, true), (601, 1, true), (602, 1, true)];
        for (second, print, passes) in steps {
            let passed = gates.repetition(Uuid::nil(), [print; 32], at(second)).is_ok();
            assert_eq!(passed, passes, "second {second}, parameters {print}");
        }
    }

    #[test]
    fn a_refused_repetition_says_when_to_come_back() {
        let gates = gates(1);
        gates.repetition(Uuid::nil(), [0; 32], at(0)).expect("the first passes");
        let refused = gates.repetition(Uuid::nil(), [0; 32], at(100));
        assert_eq!(refused, Err(Refusal::Repeated { retry_after: 501 }));
    }

    #[test]
    fn a_limit_of_zero_switches_repetition_off() {
        let gates = gates(0);
        assert!((0..100).all(|_| gates.repetition(Uuid::nil(), [0; 32], at(0)).is_ok()));
    }

    #[tokio::test]
    async fn a_quota_counts_what_is_charged_and_what_is_under_way() {
        let gates = gates(0);
        let reserve = |charged| gates.reserve(Uuid::nil(), 10, std::future::ready(Ok::<_, ()>(charged)));
        let first = reserve(8).await.expect("counted").expect("8 of 10");
        let second = reserve(8).await.expect("counted").expect("9 of 10");
        assert!(reserve(8).await.expect("counted").is_none(), "10 of 10");
        drop(first);
        second.settle(async {}).await;
        assert!(reserve(9).await.expect("counted").is_some());
        assert!(reserve(10).await.expect("counted").is_none());
    }

    #[tokio::test]
    async fn a_transaction_is_never_counted_twice() {
        let gates = gates(0);
        let charged = AtomicU64::new(0);
        let granted = AtomicU64::new(0);
        let one = async || {
            let read = async { Ok::<_, ()>(charged.load(Ordering::SeqCst)) };
            if let Some(place) = gates.reserve(Uuid::nil(), 10, read).await.expect("counted") {
                granted.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                let commit = async {
                    charged.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                };
                place.settle(commit).await;
            }
        };
        futures_util::future::join_all((0..30).map(|_| one())).await;
        assert_eq!(granted.load(Ordering::SeqCst), 10);
    }
}
