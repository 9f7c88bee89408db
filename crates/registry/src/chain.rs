//! Several registries as one: asked in an order, each within its budget, until one answers.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use absah_core::claims::Claims;
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::calls::{CallLedger, CallLedgerError, SourceCall};
use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};

/// Days of budgets are those of western Indonesian time, as the sources' own quotas are.
const WIB: Offset = Offset::constant(7);

/// A day's bound of calls to a source. Counts calls that were made, whatever they came to: a [`CallLedger`] of its own
/// enters them. Calls under way at the bound may exceed it by as many as they are.
pub struct DayBudget {
    most: u64,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    made: Mutex<Made>,
}

/// Calls of a day.
#[derive(Debug, Clone, Copy)]
struct Made {
    day: Date,
    calls: u64,
}

impl DayBudget {
    /// At most `most` calls a day, of which `made` were made today.
    pub fn new(most: u64, now: Arc<dyn Fn() -> Timestamp + Send + Sync>, made: u64) -> Self {
        let made = Mutex::new(Made { day: day(now()), calls: made });
        Self { most, now, made }
    }

    /// When the day of a budget began that `now` lies in.
    pub fn start_of_day(now: Timestamp) -> Timestamp {
        let start = day(now).to_zoned(TimeZone::fixed(WIB)).map(|start| start.timestamp());
        start.unwrap_or(now)
    }

    /// Whether another call may be made today.
    fn is_left(&self) -> bool {
        self.today(|made| made.calls) < self.most
    }

    /// Takes note of a call.
    pub fn spend(&self) {
        self.today(|made| made.calls += 1);
    }

    fn today<T>(&self, look: impl FnOnce(&mut Made) -> T) -> T {
        let today = day((self.now)());
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.day != today {
            *made = Made { day: today, calls: 0 };
        }
        look(&mut made)
    }
}

/// A ledger that counts what it enters against a budget.
pub struct Budgeted {
    /// Where calls are entered.
    pub ledger: Arc<dyn CallLedger>,
    /// What they are counted against.
    pub budget: Arc<DayBudget>,
}

#[async_trait]
impl CallLedger for Budgeted {
    async fn record(&self, call: SourceCall) -> Result<(), CallLedgerError> {
        self.budget.spend();
        self.ledger.record(call).await
    }
}

/// A registry with its name and budgets.
pub struct Source {
    /// Its name in the configuration.
    pub name: String,
    /// What is asked.
    pub registry: Arc<dyn PopulationRegistry>,
    /// How long one question may take, in all.
    pub timeout: Duration,
    /// How often it may be called a day; `None` for no bound.
    pub budget: Option<Arc<DayBudget>>,
}

impl Source {
    async fn ask<T>(&self, call: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        if self.budget.as_ref().is_some_and(|budget| !budget.is_left()) {
            tracing::warn!(source = %self.name, "the day's budget of calls is spent");
            return Err(Trouble::OutOfQuota);
        }
        let answer = tokio::time::timeout(self.timeout, call).await.unwrap_or(Err(Trouble::Timeout));
        if let Err(trouble) = &answer {
            tracing::warn!(source = %self.name, %trouble, "a registry gave no verdict");
        }
        answer
    }

    async fn ready(&self) -> Result<(), Trouble> {
        tokio::time::timeout(self.timeout, self.registry.ready()).await.unwrap_or(Err(Trouble::Timeout))
    }
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::fixed(WIB)).date()
}

/// Registries in the order they are asked in, demographics and faces each in their own.
///
/// Trouble of one falls to the next; a verdict, whichever it is, never does: not even that the number is unknown, or
/// that there is no portrait. Where all are in trouble, the trouble of the first is told.
pub struct Chain {
    demographics: Vec<Arc<Source>>,
    faces: Vec<Arc<Source>>,
}

impl Chain {
    /// `None` where one of the two has no source.
    pub fn new(demographics: Vec<Arc<Source>>, faces: Vec<Arc<Source>>) -> Option<Self> {
        let both = !demographics.is_empty() && !faces.is_empty();
        both.then_some(Self { demographics, faces })
    }

    /// How long a call may take where every source uses its time up.
    pub fn timeout(&self) -> Duration {
        let sum = |sources: &[Arc<Source>]| sources.iter().map(|source| source.timeout).sum();
        Ord::max(sum(&self.demographics), sum(&self.faces))
    }
}

/// Asks one after the other.
macro_rules! first_verdict {
    ($sources:expr, $source:ident => $call:expr) => {{
        let mut first = None;
        for $source in $sources {
            match $call.await {
                Ok(answer) => return Ok(answer),
                Err(trouble) => {
                    first.get_or_insert(trouble);
                }
            }
        }
        Err(first.unwrap_or(Trouble::Unavailable))
    }};
}

#[async_trait]
impl PopulationRegistry for Chain {
    async fn verify_claims(
        &self,
        tenant: &TenantId,
        claims: &Claims,
        policy: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        first_verdict!(&self.demographics, source => source.ask(source.registry.verify_claims(tenant, claims, policy)))
    }

    async fn verify_face(
        &self,
        tenant: &TenantId,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        first_verdict!(&self.faces, source => source.ask(source.registry.verify_face(tenant, nik, probe, threshold)))
    }

    /// Ready where both kinds of question have a source that is.
    async fn ready(&self) -> Result<(), Trouble> {
        any_ready(&self.demographics).await?;
        any_ready(&self.faces).await
    }
}

async fn any_ready(sources: &[Arc<Source>]) -> Result<(), Trouble> {
    first_verdict!(sources, source => source.ready())
}
