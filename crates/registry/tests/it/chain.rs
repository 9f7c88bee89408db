//! Chains: trouble falls to the next source, a verdict never does.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use absah_core::claims::{Claims, RecordState};
use absah_core::face::Profile;
use absah_core::policy::Policy;
use absah_core::trouble::Trouble;
use absah_registry::calls::{CallLedger as _, MemoryLedger, Service, SourceCall};
use absah_registry::chain::{Budgeted, Chain, DayBudget, Source};
use absah_registry::faulty::{Fault, FaultyRegistry};
use absah_registry::local::LocalRegistry;
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use jiff::Timestamp;

use crate::adapters::local;
use crate::conformance::{self, MODEL, SITI, face, nik, tenant};
use crate::homes::Home;

const DAY: i64 = 86_400;

struct Two {
    _homes: [Home; 2],
    first: Arc<FaultyRegistry<LocalRegistry>>,
    second: Arc<FaultyRegistry<LocalRegistry>>,
    now: Arc<AtomicI64>,
}

impl Two {
    async fn new() -> Self {
        let ((one, first), (other, second)) = (local().await, local().await);
        let [first, second] = [first, second].map(|registry| Arc::new(FaultyRegistry::new(registry)));
        Self { _homes: [one, other], first, second, now: Arc::new(AtomicI64::new(0)) }
    }

    fn source(
        &self,
        registry: &Arc<FaultyRegistry<LocalRegistry>>,
        budget: Option<Arc<DayBudget>>,
    ) -> Arc<Source> {
        let (name, registry) = ("one".to_owned(), Arc::clone(registry) as _);
        Arc::new(Source { name, registry, timeout: Duration::from_millis(100), budget })
    }

    fn chain(&self, budget: Option<&Arc<DayBudget>>) -> Chain {
        let both = || vec![self.source(&self.first, budget.cloned()), self.source(&self.second, None)];
        Chain::new(both(), both()).expect("sources")
    }

    /// Of two calls a day, one of them made before.
    fn budget(&self) -> Arc<DayBudget> {
        let now = Arc::clone(&self.now);
        let now = move || Timestamp::from_second(now.load(Ordering::Relaxed)).expect("a time");
        Arc::new(DayBudget::new(2, Arc::new(now), 1))
    }

    fn asked(&self) -> (u64, u64) {
        (self.first.asked(), self.second.asked())
    }
}

async fn claims(chain: &Chain) -> Result<ClaimsAnswer, Trouble> {
    chain.verify_claims(&tenant(), &Claims::of(nik(SITI)), &Policy::default()).await
}

async fn compared(chain: &Chain) -> Result<FaceAnswer, Trouble> {
    let template = face(MODEL, 0.0);
    let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: b"" };
    chain.verify_face(&tenant(), &nik(SITI), &probe, 0.0).await
}

#[tokio::test]
async fn trouble_falls_to_the_next_source() {
    let faults = [
        Fault::Trouble(Trouble::Unavailable),
        Fault::Trouble(Trouble::Timeout),
        Fault::Trouble(Trouble::RateLimited),
        Fault::Trouble(Trouble::OutOfQuota),
        Fault::Trouble(Trouble::Setup { code: "03".to_owned() }),
        Fault::Trouble(Trouble::QueryFailed { code: "07".to_owned() }),
        Fault::Trouble(Trouble::BadAnswer),
        Fault::Hang,
    ];
    for fault in faults {
        let two = Two::new().await;
        let chain = two.chain(None);
        two.first.fail(fault.clone());
        assert!(matches!(claims(&chain).await, Ok(ClaimsAnswer::Compared(_))), "{fault:?}");
        assert!(matches!(compared(&chain).await, Ok(FaceAnswer::Compared { .. })), "{fault:?}");
        assert_eq!(two.asked(), (2, 2), "{fault:?}");
        chain.ready().await.expect("one of them is");
    }
}

#[tokio::test]
async fn a_verdict_never_does() {
    let verdicts = [
        Fault::Claims(ClaimsAnswer::NotFound),
        Fault::Claims(ClaimsAnswer::NotActive(RecordState::Deceased)),
        Fault::Claims(ClaimsAnswer::Compared(std::iter::empty().collect())),
    ];
    for fault in verdicts {
        let two = Two::new().await;
        two.first.fail(fault.clone());
        let Fault::Claims(expected) = fault else { panic!("a verdict about claims") };
        assert_eq!(claims(&two.chain(None)).await, Ok(expected));
        assert_eq!(two.asked(), (1, 0));
    }
    for expected in [FaceAnswer::NoReference, FaceAnswer::Unusable] {
        let two = Two::new().await;
        two.first.fail(Fault::Face(expected.clone()));
        assert_eq!(compared(&two.chain(None)).await, Ok(expected));
        assert_eq!(two.asked(), (1, 0));
    }
}

#[tokio::test]
async fn where_all_are_in_trouble_the_first_ones_is_told() {
    let two = Two::new().await;
    let chain = two.chain(None);
    two.first.fail(Fault::Trouble(Trouble::OutOfQuota));
    two.second.fail(Fault::Trouble(Trouble::Unavailable));
    assert_eq!(claims(&chain).await, Err(Trouble::OutOfQuota));
    assert_eq!(chain.ready().await, Err(Trouble::OutOfQuota));
    two.second.heal();
    chain.ready().await.expect("one of them is");
}

#[tokio::test]
async fn a_spent_budget_falls_to_the_next_source_until_the_next_day() {
    let two = Two::new().await;
    let budget = two.budget();
    let chain = two.chain(Some(&budget));
    // What made no call costs nothing of it.
    for expected in [(1, 0), (2, 0)] {
        assert!(claims(&chain).await.is_ok());
        assert_eq!(two.asked(), expected);
    }
    let ledger = Budgeted { ledger: Arc::new(MemoryLedger::default()), budget };
    let call = || SourceCall {
        source: "one".to_owned(),
        service: Service::Face,
        tenant: tenant(),
        answer: "verdict",
        rupiah: 3000,
    };
    ledger.record(call()).await.expect("recorded");
    assert!(claims(&chain).await.is_ok());
    assert_eq!(two.asked(), (2, 1), "the day's two calls were made");
    // The day ends at midnight in Jakarta, which is 17:00 UTC.
    for (now, expected) in [(DAY * 17 / 24 - 1, (2, 2)), (DAY * 17 / 24, (3, 2))] {
        two.now.store(now, Ordering::Relaxed);
        assert!(claims(&chain).await.is_ok());
        assert_eq!(two.asked(), expected, "{now}");
    }
}

#[tokio::test]
async fn faces_and_demographics_can_come_from_different_sources() {
    let two = Two::new().await;
    let chain = Chain::new(vec![two.source(&two.first, None)], vec![two.source(&two.second, None)]);
    let chain = chain.expect("sources");
    assert!(claims(&chain).await.is_ok());
    assert_eq!(two.asked(), (1, 0));
    assert!(compared(&chain).await.is_ok());
    assert_eq!(two.asked(), (1, 1));
    two.second.fail(Fault::Hang);
    assert_eq!(compared(&chain).await, Err(Trouble::Timeout), "nobody else is asked about faces");
    assert_eq!(chain.ready().await, Err(Trouble::Timeout));
    assert!(Chain::new(vec![], vec![two.source(&two.second, None)]).is_none());
}

#[tokio::test]
async fn a_chain_is_a_registry_like_any_other() {
    let two = Two::new().await;
    let chain = two.chain(None);
    conformance::every_claimed_field_and_no_other_gets_a_verdict(&chain).await;
    conformance::a_record_is_found_by_its_number_alone(&chain).await;
    conformance::no_element_of_a_record_not_in_use_is_compared(&chain).await;
    conformance::a_face_is_decided_on_the_rounded_score(&chain).await;
    conformance::without_a_reference_of_the_same_model_nothing_is_compared(&chain).await;
}
