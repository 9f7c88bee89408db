//! Who the services have to prove to be.

use absah_core::trouble::Trouble;
use absah_dukcapil_sim::{Authority, Identity, Validity};
use absah_registry::PopulationRegistry as _;
use absah_registry::dukcapil::TlsSettings;

use super::{Setup, setup};

/// How the client is set up.
enum Trust<'a> {
    Pin(&'a Identity),
    Authority(&'a Authority, &'a str),
    Anybody,
}

#[tokio::test]
async fn a_service_that_does_not_prove_who_it_is_is_told_nothing() {
    let (ours, other) = (Authority::make().expect("made"), Authority::make().expect("made"));
    let local = || ours.sign(&["127.0.0.1"], Validity::Current).expect("signed");
    let named = || ours.sign(&["dukcapil.test"], Validity::Current).expect("signed");
    let expired = ours.sign(&["127.0.0.1"], Validity::Expired).expect("signed");
    let alone = Identity::self_signed(&["dukcapil.test"]).expect("made");
    let stranger = Identity::self_signed(&["127.0.0.1"]).expect("made");
    let rows = [
        ("pinned, whatever its name", alone.clone(), Trust::Pin(&alone), true),
        ("pinned, whatever its dates", expired.clone(), Trust::Pin(&expired), true),
        ("another than the pinned", stranger.clone(), Trust::Pin(&alone), false),
        ("of the authority", local(), Trust::Authority(&ours, ""), true),
        ("of the authority, by another name", named(), Trust::Authority(&ours, "dukcapil.test"), true),
        ("of the authority, without that name", named(), Trust::Authority(&ours, ""), false),
        ("of the authority, expired", expired.clone(), Trust::Authority(&ours, ""), false),
        ("of another authority", local(), Trust::Authority(&other, ""), false),
        ("of no authority", stranger.clone(), Trust::Authority(&ours, ""), false),
        ("not looked at", stranger.clone(), Trust::Anybody, true),
    ];
    for (case, shown, trust, trusted) in rows {
        let mut test = Setup::new();
        test.sim.identity = Some(shown);
        test.settings.tls = match trust {
            Trust::Pin(identity) => {
                let colons = identity
                    .pin()
                    .expect("a pin")
                    .to_uppercase()
                    .as_bytes()
                    .chunks(2)
                    .map(|pair| String::from_utf8_lossy(pair).into_owned())
                    .collect::<Vec<_>>()
                    .join(":");
                TlsSettings { pin_sha256: vec!["00".repeat(32), colons], ..TlsSettings::default() }
            }
            Trust::Authority(authority, name) => {
                let ca_file = test.home.path().join("ca.pem");
                std::fs::write(&ca_file, authority.pem()).expect("written");
                TlsSettings { ca_file, server_name: name.to_owned(), ..TlsSettings::default() }
            }
            Trust::Anybody => TlsSettings { verify: false, ..TlsSettings::default() },
        };
        let world = test.start().await;
        let answer = world.claims().await;
        let received = world.sim.calls().demographics.received;
        if trusted {
            assert!(answer.is_ok(), "{case}: {answer:?}");
            assert_eq!((received, world.recorded()), (1, vec![("verdict", 1000)]), "{case}");
        } else {
            assert_eq!(answer, Err(setup("tls")), "{case}");
            assert_eq!((received, world.recorded()), (0, vec![("setup", 0)]), "{case}");
        }
    }
}

#[tokio::test]
async fn what_is_no_tls_at_all_is_unavailable() {
    let mut test = Setup::new();
    test.sim.identity = None;
    let world = test.start().await;
    let mut settings = Setup::new().settings;
    settings.url_demographics = format!("https://{}", world.sim.address());
    settings.url_face.clear();
    let registry = super::registry(&settings, &world.ledger);
    let answer = super::claims(&registry, crate::conformance::SITI, &[]).await;
    assert_eq!(answer, Err(Trouble::Unavailable));
    assert_eq!(world.recorded(), [("unavailable", 0), ("unavailable", 0)]);
    assert_eq!(registry.ready().await, Ok(()), "readiness asks for a connection and no more");
}

#[tokio::test]
async fn plain_http_serves_this_machine() {
    let mut test = Setup::new();
    test.sim.identity = None;
    test.settings.tls = TlsSettings::default();
    assert!(test.start().await.claims().await.is_ok());
}
