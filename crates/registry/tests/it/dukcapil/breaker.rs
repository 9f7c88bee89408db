//! A service that cannot be reached is left alone for a while.

use std::time::Duration;

use absah_core::trouble::Trouble;
use absah_dukcapil_sim::{Fault, ServiceName};
use absah_registry::PopulationRegistry as _;

use super::{Setup, always};

#[tokio::test]
async fn it_opens_after_failures_in_a_row_and_closes_when_the_service_is_back() {
    const SERVICE: ServiceName = ServiceName::Demographics;
    let mut test = Setup::new();
    test.settings.breaker.failures = 3;
    test.settings.breaker.open_seconds = 0.5;
    let world = test.start().await;
    world.sim.set_faults(always(Fault::Reset));
    for _ in 0..6 {
        assert_eq!(world.claims().await, Err(Trouble::Unavailable));
    }
    assert_eq!(world.received(SERVICE), 3, "the later ones were not made");
    assert_eq!(world.recorded(), vec![("unavailable", 1000); 3], "nor recorded");
    assert_eq!(world.registry.ready().await, Err(Trouble::Unavailable));
    assert!(world.face().await.is_err(), "the other service is asked");
    assert_eq!(world.received(ServiceName::Face), 1);

    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(world.claims().await, Err(Trouble::Unavailable), "one tries in vain");
    assert_eq!(world.claims().await, Err(Trouble::Unavailable));
    assert_eq!(world.received(SERVICE), 4);

    world.sim.set_faults(Vec::new());
    tokio::time::sleep(Duration::from_millis(600)).await;
    for _ in 0..3 {
        assert!(world.claims().await.is_ok());
    }
    assert_eq!(world.received(SERVICE), 7);
    assert_eq!(world.registry.ready().await, Ok(()));
}

#[tokio::test]
async fn what_a_service_says_does_not_open_it() {
    let mut test = Setup::new();
    test.settings.breaker.failures = 1;
    let world = test.start().await;
    for fault in [
        Fault::Code { code: "05".to_owned() },
        Fault::Code { code: "03".to_owned() },
        Fault::Html,
        Fault::HugeBody,
    ] {
        world.sim.set_faults(always(fault.clone()));
        world.claims().await.expect_err("trouble");
        world.sim.set_faults(Vec::new());
        assert!(world.claims().await.is_ok(), "{fault:?}");
    }
}
