//! The adapters of the registry do what every adapter has to do.

use std::time::Duration;

use absah_core::claims::Claims;
use absah_core::face::Profile;
use absah_core::policy::Policy;
use absah_core::trouble::Trouble;
use absah_registry::faulty::{Fault, FaultyRegistry};
use absah_registry::local::{Enrolment, LocalRegistry};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};

use crate::conformance;
use crate::homes::Home;

pub async fn local() -> (Home, LocalRegistry) {
    filled(Home::sqlite()).await
}

async fn in_postgres() -> (Home, LocalRegistry) {
    filled(Home::postgres()).await
}

async fn filled(home: Home) -> (Home, LocalRegistry) {
    let registry = home.open().await;
    let people: Vec<_> = conformance::residents()
        .into_iter()
        .map(|(record, face)| Enrolment::new(record, face.into_iter().collect()))
        .collect();
    registry.put_all(&people).await.expect("put");
    (home, registry)
}

macro_rules! every_adapter {
    ($($case:ident),+) => {
        mod local_registry {
            $(#[tokio::test]
            async fn $case() {
                let (_home, registry) = super::local().await;
                crate::conformance::$case(&registry).await;
            })+
        }

        mod dukcapil_registry {
            $(#[tokio::test]
            async fn $case() {
                let world = crate::dukcapil::World::start().await;
                crate::conformance::$case(&*world.registry).await;
            })+
        }

        mod local_registry_in_postgres {
            $(#[tokio::test]
            async fn $case() {
                let (_home, registry) = super::in_postgres().await;
                crate::conformance::$case(&registry).await;
            })+
        }

        mod faulty_registry_without_fault {
            $(#[tokio::test]
            async fn $case() {
                let (_home, registry) = super::local().await;
                crate::conformance::$case(&super::FaultyRegistry::new(registry)).await;
            })+
        }
    };
}

every_adapter! {
    every_claimed_field_and_no_other_gets_a_verdict,
    a_record_is_found_by_its_number_alone,
    no_element_of_a_record_not_in_use_is_compared,
    a_face_is_decided_on_the_rounded_score,
    without_a_reference_of_the_same_model_nothing_is_compared,
    it_says_that_it_can_answer
}

#[tokio::test]
async fn a_faulty_registry_fails_as_told_until_it_is_healed() {
    let (_home, registry) = local().await;
    let registry = FaultyRegistry::new(registry);
    let (tenant, policy) = (conformance::tenant(), Policy::default());
    let claims = Claims::of(conformance::nik(conformance::SITI));
    let template = conformance::face(conformance::MODEL, 0.0);
    let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: b"" };

    for trouble in [Trouble::Unavailable, Trouble::Timeout, Trouble::Setup { code: "02".to_owned() }] {
        registry.fail(Fault::Trouble(trouble.clone()));
        assert_eq!(registry.verify_claims(&tenant, &claims, &policy).await, Err(trouble.clone()));
        assert_eq!(registry.verify_face(&tenant, &claims.nik, &probe, 0.0).await, Err(trouble.clone()));
        assert_eq!(registry.ready().await, Err(trouble));
    }
    registry.fail(Fault::Claims(ClaimsAnswer::NotFound));
    assert_eq!(registry.verify_claims(&tenant, &claims, &policy).await, Ok(ClaimsAnswer::NotFound));
    registry.fail(Fault::Face(FaceAnswer::Unusable));
    assert_eq!(registry.verify_face(&tenant, &claims.nik, &probe, 0.0).await, Ok(FaceAnswer::Unusable));
    registry.fail(Fault::Hang);
    let asked = registry.verify_claims(&tenant, &claims, &policy);
    tokio::time::timeout(Duration::from_millis(50), asked).await.expect_err("it hangs");
    registry.heal();
    assert!(matches!(registry.verify_claims(&tenant, &claims, &policy).await, Ok(ClaimsAnswer::Compared(_))));
    assert_eq!(registry.asked(), 10);
}
