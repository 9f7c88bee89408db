//! Every call is in the books, at its price, before its answer is used.

use std::time::Duration;

use absah_core::field::Field;
use absah_core::trouble::Trouble;
use absah_dukcapil_sim::{Fault, ServiceName};
use absah_registry::calls::{Service, SourceCall};
use absah_registry::{ClaimsAnswer, FaceAnswer};

use super::{SERVICES, Setup, World, always, claims, face};
use crate::conformance::{self, BUDI, SITI, UNKNOWN};

#[tokio::test]
async fn every_call_has_its_entry() {
    let mut test = Setup::new();
    test.settings.price_demographics = 1100;
    test.settings.price_face = 3300;
    test.sim.quota = Some(50);
    let world = test.start().await;
    claims(&world.registry, SITI, &[(Field::Name, "ANOTHER NAME")]).await.expect("a verdict");
    claims(&world.registry, UNKNOWN, &[]).await.expect("a verdict");
    face(&world.registry, SITI, 0.0).await.expect("a verdict");
    face(&world.registry, BUDI, 0.0).await.expect("a verdict");
    let entry = |service, answer, rupiah| SourceCall {
        source: "dukcapil".to_owned(),
        service,
        tenant: conformance::tenant(),
        answer,
        rupiah,
    };
    assert_eq!(
        world.ledger.take(),
        [
            entry(Service::Demographics, "verdict", 1100),
            entry(Service::Demographics, "not_found", 1100),
            entry(Service::Face, "verdict", 3300),
            entry(Service::Face, "not_found", 3300),
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_used() {
    let world = World::start().await;
    world.ledger.set_broken(true);
    for service in SERVICES {
        assert_eq!(world.ask(service).await, Err(Trouble::Unavailable));
        assert_eq!(world.received(service), 1, "and not asked again");
    }
    world.ledger.set_broken(false);
    assert!(world.claims().await.is_ok());
}

#[tokio::test]
async fn a_quota_that_runs_out_is_trouble_and_not_the_end_of_the_line() {
    for numbers_as_text in [false, true] {
        let mut test = Setup::new();
        test.sim.quota = Some(2);
        test.sim.numbers_as_text = numbers_as_text;
        test.settings.breaker.failures = 1;
        let world = test.start().await;
        let out = Err(Trouble::OutOfQuota);
        for (service, paid) in SERVICES.into_iter().zip([1000, 3000]) {
            let asked = [world.ask(service).await, world.ask(service).await, world.ask(service).await];
            assert_eq!(asked, [Ok(()), Ok(()), out.clone()], "{service:?}");
            let recorded: Vec<_> =
                world.ledger.take().into_iter().map(|call| (call.answer, call.rupiah)).collect();
            let expected = [("verdict", paid), ("verdict", paid), ("out_of_quota", 0)];
            assert_eq!(recorded, expected, "{service:?}");
        }
        world.sim.set_quota(Some(1));
        assert_eq!(world.ask(ServiceName::Demographics).await, Ok(()), "asked again at once");
    }
}

#[tokio::test]
async fn a_call_whose_caller_went_away_is_recorded_all_the_same() {
    let world = World::start().await;
    world.sim.set_faults(always(Fault::Slow { milliseconds: 300 }));
    tokio::time::timeout(Duration::from_millis(150), world.claims()).await.expect_err("given up");
    assert_eq!(world.recorded(), [], "it is under way");
    super::within(5, world.registry.settled()).await;
    assert_eq!(world.recorded(), [("verdict", 1000)]);
    assert_eq!(world.received(ServiceName::Demographics), 1);
}

#[tokio::test]
async fn what_is_hopeless_costs_nothing() {
    let world = World::start().await;
    let template = conformance::face(conformance::MODEL, 0.0);
    let huge = vec![0; 200_000];
    let probe = absah_registry::FaceProbe {
        profile: absah_core::face::Profile::SelfiePortrait,
        template: &template,
        picture: &huge,
    };
    let (tenant, nik) = (conformance::tenant(), conformance::nik(SITI));
    let answer =
        absah_registry::PopulationRegistry::verify_face(&*world.registry, &tenant, &nik, &probe, 75.0).await;
    assert_eq!(answer, Ok(FaceAnswer::Unusable));
    assert_eq!((world.received(ServiceName::Face), world.recorded()), (0, vec![]));
}

#[tokio::test]
async fn without_a_service_of_faces_nobody_has_a_reference() {
    let world = World::start().await;
    let mut settings = Setup::new().settings;
    settings.url_demographics = format!("https://{}", world.sim.address());
    let registry = super::registry(&settings, &world.ledger);
    assert_eq!(face(&registry, SITI, 0.0).await, Ok(FaceAnswer::NoReference));
    assert_eq!(world.recorded(), vec![]);
}

#[tokio::test]
async fn more_questions_than_places_wait_their_turn_or_are_turned_away() {
    let mut test = Setup::new();
    test.settings.concurrency = 1;
    test.settings.timeouts.queue_seconds = 0.2;
    let world = test.start().await;
    world.sim.set_faults(always(Fault::Slow { milliseconds: 600 }));
    let (first, second) = tokio::join!(world.claims(), world.claims());
    assert!(matches!(first, Ok(ClaimsAnswer::Compared(_))), "{first:?}");
    assert_eq!(second, Err(Trouble::RateLimited));
    assert_eq!(world.recorded(), [("verdict", 1000)]);
}
