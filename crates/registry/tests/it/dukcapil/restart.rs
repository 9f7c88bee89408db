//! The services die and come back under load.

use std::sync::Arc;
use std::time::Duration;

use absah_core::field::Field;
use absah_core::trouble::Trouble;
use absah_core::verdict::FieldVerdict;
use absah_dukcapil_sim::Simulator;
use absah_registry::{ClaimsAnswer, FaceAnswer};

use super::{Setup, claims, face, within};
use crate::conformance::{SITI, UNKNOWN};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_verdict_is_wrong_while_the_services_die_and_come_back() {
    let mut test = Setup::new();
    test.settings.breaker.open_seconds = 0.05;
    test.settings.timeouts.demographics_seconds = 1.0;
    test.settings.timeouts.face_seconds = 1.0;
    let mut again = test.sim.clone();
    let world = test.start().await;
    again.listen = world.sim.address();
    let (registry, ledger) = (world.registry, world.ledger);

    let mut askers = tokio::task::JoinSet::new();
    for asker in 0..8 {
        let registry = Arc::clone(&registry);
        askers.spawn(async move {
            let mut answered = 0_u32;
            for turn in 0..60 {
                match (asker + turn) % 4 {
                    0 => match claims(&registry, SITI, &[(Field::Name, "SITI NURHALIZA")]).await {
                        Ok(answer) => {
                            assert_eq!(name(&answer), Some(FieldVerdict::Match));
                            answered += 1;
                        }
                        Err(trouble) => assert_is_outage(&trouble),
                    },
                    1 => match claims(&registry, SITI, &[(Field::Name, "BUDI SANTOSO")]).await {
                        Ok(answer) => assert_eq!(name(&answer), Some(FieldVerdict::Mismatch)),
                        Err(trouble) => assert_is_outage(&trouble),
                    },
                    2 => match claims(&registry, UNKNOWN, &[]).await {
                        Ok(answer) => assert_eq!(answer, ClaimsAnswer::NotFound),
                        Err(trouble) => assert_is_outage(&trouble),
                    },
                    _ => match face(&registry, SITI, 90.0).await {
                        Ok(answer) => {
                            assert!(
                                matches!(answer, FaceAnswer::Compared { matched: false, .. }),
                                "{answer:?}"
                            );
                        }
                        Err(trouble) => assert_is_outage(&trouble),
                    },
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answered
        });
    }
    let mut sim = world.sim;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        sim.kill().await;
        tokio::time::sleep(Duration::from_millis(80)).await;
        sim = Simulator::start(again.clone()).await.expect("the address is free again");
    }
    let mut answered = 0;
    while let Some(asker) = within(60, askers.join_next()).await {
        answered += asker.expect("nothing panicked");
    }
    assert!(answered > 0);
    let recorded = ledger.take();
    assert!(recorded.iter().any(|call| call.answer == "unavailable"), "the outages were felt");
    assert!(recorded.iter().all(|call| call.answer != "verdict" || call.rupiah > 0));
    drop(sim);
}

fn name(answer: &ClaimsAnswer) -> Option<FieldVerdict> {
    match answer {
        ClaimsAnswer::Compared(findings) => findings.get(Field::Name).map(|finding| finding.verdict),
        _ => None,
    }
}

/// What an outage looks like.
fn assert_is_outage(trouble: &Trouble) {
    assert!(matches!(trouble, Trouble::Unavailable | Trouble::Timeout | Trouble::RateLimited), "{trouble:?}");
}
