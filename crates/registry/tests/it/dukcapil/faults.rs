//! Every way a service can fail.

use std::time::{Duration, Instant};

use absah_core::trouble::Trouble;
use absah_dukcapil_sim::Fault;

use super::{SERVICES, Setup, always, price, setup, within};

#[tokio::test]
async fn every_fault_is_trouble_within_the_bound_of_time() {
    let mut test = Setup::new();
    test.settings.timeouts.demographics_seconds = 0.5;
    test.settings.timeouts.face_seconds = 0.5;
    test.settings.breaker.failures = 1000;
    let world = test.start().await;
    let rows = [
        (Fault::Slow { milliseconds: 5000 }, Trouble::Timeout, "timeout", true),
        (Fault::Hang, Trouble::Timeout, "timeout", true),
        (Fault::Reset, Trouble::Unavailable, "unavailable", true),
        (Fault::Cut, Trouble::Unavailable, "unavailable", true),
        (Fault::TruncatedJson, Trouble::BadAnswer, "bad_answer", true),
        (Fault::WrongTypes, Trouble::BadAnswer, "bad_answer", true),
        (Fault::Html, Trouble::BadAnswer, "bad_answer", true),
        (Fault::HugeBody, Trouble::BadAnswer, "bad_answer", true),
        (Fault::Status { status: 500 }, Trouble::Unavailable, "http_error", true),
        (Fault::Status { status: 503 }, Trouble::Unavailable, "http_error", true),
        (Fault::Status { status: 401 }, setup("http401"), "setup", false),
        (Fault::Status { status: 404 }, setup("http404"), "setup", false),
        (Fault::Status { status: 302 }, setup("http302"), "setup", false),
    ];
    for service in SERVICES {
        for (fault, trouble, key, charged) in &rows {
            world.sim.set_faults(always(fault.clone()));
            let started = Instant::now();
            let before = world.received(service);
            assert_eq!(within(10, world.ask(service)).await, Err(trouble.clone()), "{service:?} {fault:?}");
            assert!(started.elapsed() < Duration::from_millis(2500), "{service:?} {fault:?}");
            let rupiah = if *charged { price(service) } else { 0 };
            assert_eq!(world.recorded(), [(*key, rupiah)], "{service:?} {fault:?}");
            assert_eq!(world.received(service) - before, 1, "asked once: {service:?} {fault:?}");
        }
        world.sim.set_faults(always(Fault::Slow { milliseconds: 50 }));
        assert_eq!(world.ask(service).await, Ok(()), "late, but in time");
        assert_eq!(world.recorded(), [("verdict", price(service))]);
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unavailable() {
    let world = Setup::new().start().await;
    let (registry, ledger) = (world.registry, world.ledger);
    assert_eq!(absah_registry::PopulationRegistry::ready(&*registry).await, Ok(()));
    world.sim.kill().await;
    assert_eq!(super::face(&registry, crate::conformance::SITI, 0.0).await, Err(Trouble::Unavailable));
    let recorded: Vec<_> = ledger.take().into_iter().map(|call| (call.answer, call.rupiah)).collect();
    assert_eq!(recorded, [("unavailable", 0), ("unavailable", 0)]);
    assert_eq!(absah_registry::PopulationRegistry::ready(&*registry).await, Err(Trouble::Unavailable));
}
