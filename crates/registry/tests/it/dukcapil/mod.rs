//! The adapter of the population registry, against the simulator over TLS.

mod breaker;
mod codes;
mod faults;
mod money;
mod restart;
mod retries;
mod tls;
mod watching;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use absah_core::claims::Claims;
use absah_core::face::Profile;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::trouble::Trouble;
use absah_dukcapil_sim::{
    FaceMatcher, Fault, FaultRule, Identity, Institution, InstitutionState, MatchOutcome, Population,
    Portrait, Rate, Resident, RsaKeys, ServiceName, Simulator, SimulatorSettings,
};
use absah_registry::calls::MemoryLedger;
use absah_registry::dukcapil::{DukcapilRegistry, DukcapilSettings, JpegMaker, JpegRefusal, Secret, Tools};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry as _};
use async_trait::async_trait;
use tempfile::TempDir;

use crate::conformance::{self, MODEL, SITI};

pub const PASSWORD: &str = "rahasia-sekali";
const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// A simulator with its people, and the adapter that asks it.
pub struct World {
    pub sim: Simulator,
    pub registry: Arc<DukcapilRegistry>,
    pub ledger: Arc<MemoryLedger>,
}

/// What a test wants otherwise.
pub struct Setup {
    pub sim: SimulatorSettings,
    pub settings: DukcapilSettings,
    pub home: TempDir,
}

impl Setup {
    /// The conformance suite's people behind TLS with a pinned certificate; short times.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let key = home.path().join("rsa.pem");
        std::fs::write(&key, keys().public_pem()).expect("written");
        let identity = Identity::self_signed(&["127.0.0.1"]).expect("a certificate");
        let mut settings = DukcapilSettings {
            customer_id: "bank".to_owned(),
            user_id: Secret::new("bank-user"),
            password: Secret::new(PASSWORD),
            ip: "10.1.2.3".to_owned(),
            rsa_public_key_file: key,
            backoff_milliseconds: 1,
            quota_warning: 0,
            ..DukcapilSettings::default()
        };
        settings.tls.pin_sha256 = vec![identity.pin().expect("a pin")];
        settings.timeouts.connect_seconds = 2.0;
        settings.timeouts.demographics_seconds = 2.0;
        settings.timeouts.face_seconds = 2.0;
        // The suite's scores are cosines told as 0 to 100.
        settings.face.scale = vec![[-1.0, 0.0], [1.0, 100.0]];
        settings.face.threshold = -1.0;
        let sim = SimulatorSettings {
            people: Arc::new(people()),
            institution: Institution {
                customer_id: "bank".to_owned(),
                user_id: "bank-user".to_owned(),
                password: PASSWORD.to_owned(),
                ip: Some("10.1.2.3".to_owned()),
                state: InstitutionState::Active,
            },
            keys: keys().clone(),
            matcher: Arc::new(Angles),
            identity: Some(identity),
            listen: LOOPBACK,
            admin: LOOPBACK,
            quota: None,
            numbers_as_text: false,
            faults: Vec::new(),
        };
        Self { sim, settings, home }
    }

    pub async fn start(self) -> World {
        let Self { sim, mut settings, home } = self;
        let scheme = if sim.identity.is_some() { "https" } else { "http" };
        let sim = Simulator::start(sim).await.expect("started");
        let url = format!("{scheme}://{}", sim.address());
        settings.url_demographics.clone_from(&url);
        settings.url_face = url;
        let ledger = Arc::new(MemoryLedger::default());
        let registry = Arc::new(registry(&settings, &ledger));
        // The adapter has read its files.
        drop(home);
        World { sim, registry, ledger }
    }
}

impl World {
    pub async fn start() -> Self {
        Setup::new().start().await
    }

    /// Asks about Siti by her name.
    pub async fn claims(&self) -> Result<ClaimsAnswer, Trouble> {
        claims(&self.registry, SITI, &[(Field::Name, "SITI NURHALIZA")]).await
    }

    /// Asks about Siti by a face like hers.
    pub async fn face(&self) -> Result<FaceAnswer, Trouble> {
        face(&self.registry, SITI, 0.0).await
    }

    /// Asks the service, and leaves the answer aside.
    pub async fn ask(&self, service: ServiceName) -> Result<(), Trouble> {
        match service {
            ServiceName::Demographics => self.claims().await.map(drop),
            ServiceName::Face => self.face().await.map(drop),
        }
    }

    /// Requests of a service that reached the simulator.
    pub fn received(&self, service: ServiceName) -> u64 {
        let calls = self.sim.calls();
        match service {
            ServiceName::Demographics => calls.demographics.received,
            ServiceName::Face => calls.face.received,
        }
    }

    /// Takes what was recorded out of the books: answers and rupiah.
    pub fn recorded(&self) -> Vec<(&'static str, u64)> {
        self.ledger.take().into_iter().map(|call| (call.answer, call.rupiah)).collect()
    }
}

pub const SERVICES: [ServiceName; 2] = [ServiceName::Demographics, ServiceName::Face];

/// What a call to a service costs.
pub fn price(service: ServiceName) -> u64 {
    match service {
        ServiceName::Demographics => 1000,
        ServiceName::Face => 3000,
    }
}

pub fn rule(fault: Fault, rate: Rate) -> Vec<FaultRule> {
    vec![FaultRule { fault, service: None, rate }]
}

pub fn always(fault: Fault) -> Vec<FaultRule> {
    rule(fault, Rate::Always)
}

pub fn setup(code: &str) -> Trouble {
    Trouble::Setup { code: code.to_owned() }
}

pub fn registry(settings: &DukcapilSettings, ledger: &Arc<MemoryLedger>) -> DukcapilRegistry {
    let tools = Tools {
        source: "dukcapil".to_owned(),
        ledger: Arc::clone(ledger) as _,
        jpeg: Arc::new(Marked),
        seed: [3; 32],
    };
    DukcapilRegistry::open(settings, tools).expect("sound settings")
}

pub async fn claims(
    registry: &DukcapilRegistry,
    number: &str,
    texts: &[(Field, &str)],
) -> Result<ClaimsAnswer, Trouble> {
    let mut claims = Claims::of(conformance::nik(number));
    for (field, text) in texts {
        claims.demographics.set_text(*field, *text);
    }
    registry.verify_claims(&conformance::tenant(), &claims, &Policy::default()).await
}

pub async fn face(registry: &DukcapilRegistry, number: &str, degrees: f32) -> Result<FaceAnswer, Trouble> {
    let (template, picture) = (conformance::face(MODEL, degrees), conformance::picture(MODEL, degrees));
    let probe = FaceProbe { profile: Profile::SelfiePortrait, template: &template, picture: &picture };
    registry.verify_face(&conformance::tenant(), &conformance::nik(number), &probe, 75.0).await
}

/// Bounds a test that would otherwise wait for ever.
pub async fn within<T>(seconds: u64, asked: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(seconds), asked).await.expect("within the bound of time")
}

/// One key pair for all tests: to make one takes long.
fn keys() -> &'static RsaKeys {
    static KEYS: OnceLock<RsaKeys> = OnceLock::new();
    KEYS.get_or_init(|| RsaKeys::make([1; 32]).expect("a key pair"))
}

fn people() -> Population {
    let portrait = || Portrait::Bytes(b"portrait".to_vec().into());
    Population::new(
        conformance::residents()
            .into_iter()
            .map(|(record, face)| Resident { record, portrait: face.map(|_| portrait()) }),
    )
}

/// Marks a picture as JPEG.
struct Marked;

const MARK: [u8; 2] = [0xff, 0xd8];

impl JpegMaker for Marked {
    fn jpeg(&self, picture: &[u8], max_bytes: usize) -> Result<Vec<u8>, JpegRefusal> {
        let jpeg = [&MARK, picture].concat();
        if jpeg.len() <= max_bytes { Ok(jpeg) } else { Err(JpegRefusal::Unusable) }
    }
}

/// Compares pictures by the angle they tell, with portraits at none.
struct Angles;

#[async_trait]
impl FaceMatcher for Angles {
    async fn score(&self, _nik: &Nik, _reference: &[u8], probe: &[u8]) -> MatchOutcome {
        match probe.strip_prefix(&MARK).and_then(conformance::pictured) {
            Some((MODEL, degrees)) => MatchOutcome::Score(f64::from(degrees.to_radians().cos())),
            _ => MatchOutcome::Unusable,
        }
    }
}
