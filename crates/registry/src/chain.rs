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

use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};

/// Days of budgets are those of western Indonesian time, as the sources' own quotas are.
const WIB: Offset = Offset::constant(7);

/// What a source may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How long one call may take, in all.
    pub timeout: Duration,
    /// Calls a day, claims and faces together; `None` for no bound.
    pub calls_per_day: Option<u64>,
}

/// A registry with its name and budget.
pub struct Source {
    name: String,
    registry: Arc<dyn PopulationRegistry>,
    budget: Budget,
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    spent: Mutex<Spent>,
}

/// Calls of a day.
#[derive(Debug, Clone, Copy)]
struct Spent {
    day: Option<Date>,
    calls: u64,
}

impl Source {
    /// A source that was made `spent` calls today already.
    pub fn new(
        name: impl Into<String>,
        registry: Arc<dyn PopulationRegistry>,
        budget: Budget,
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        spent: u64,
    ) -> Self {
        let day = Some(day(now()));
        let spent = Mutex::new(Spent { day, calls: spent });
        Self { name: name.into(), registry, budget, now, spent }
    }

    /// When the day of a budget began that `now` lies in.
    pub fn start_of_day(now: Timestamp) -> Timestamp {
        let start = day(now).to_zoned(TimeZone::fixed(WIB)).map(|start| start.timestamp());
        start.unwrap_or(now)
    }

    /// Takes a call out of the day's budget; `false` where none is left.
    fn spend(&self) -> bool {
        let Some(most) = self.budget.calls_per_day else { return true };
        let today = day((self.now)());
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.day != Some(today) {
            *spent = Spent { day: Some(today), calls: 0 };
        }
        let left = spent.calls < most;
        spent.calls += u64::from(left);
        left
    }

    async fn ask<T>(&self, call: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        if !self.spend() {
            tracing::warn!(source = %self.name, "the day's budget of calls is spent");
            return Err(Trouble::OutOfQuota);
        }
        let answer = tokio::time::timeout(self.budget.timeout, call).await.unwrap_or(Err(Trouble::Timeout));
        if let Err(trouble) = &answer {
            tracing::warn!(source = %self.name, %trouble, "a registry gave no verdict");
        }
        answer
    }

    async fn ready(&self) -> Result<(), Trouble> {
        let ready = tokio::time::timeout(self.budget.timeout, self.registry.ready());
        ready.await.unwrap_or(Err(Trouble::Timeout))
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
        let sum = |sources: &[Arc<Source>]| sources.iter().map(|source| source.budget.timeout).sum();
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
