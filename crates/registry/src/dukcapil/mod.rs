//! The population registry as licensed institutions reach it: two services that answer with verdicts, for money.
//!
//! Three rules shape this adapter. Trouble of the source is never a verdict about a person. Whatever may have been
//! charged is in the books before its answer is used. And nothing that may have been charged is asked again, unless the
//! operator says so.

mod breaker;
mod chance;
mod credentials;
mod demographics;
mod endpoint;
mod face;
mod fault;
mod file;
mod line;
mod quota;
mod reading;
mod secret;
mod settings;
mod tls;
mod tolerant;
mod transport;
mod validate;

use std::sync::Arc;
use std::time::Duration;

use absah_core::claims::Claims;
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::calls::{CallLedger, Service};
use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use breaker::Breaker;
use chance::Chance;
use credentials::Credentials;
use demographics::Asked;
use endpoint::Endpoint;
use face::{Cipher, Decision, Details, RawScale};
use line::Line;
use quota::QuotaWatch;
use tls::Tls;
use transport::Transport;

pub use chance::{NoRandomness, fresh_seed};
pub use demographics::element;
pub use face::{JpegMaker, JpegRefusal};
pub use fault::SettingsFault;
pub use secret::Secret;
pub use settings::{BreakerSettings, DukcapilSettings, FaceSettings, Timeouts, TlsSettings};

/// What the adapter works with.
pub struct Tools {
    /// The source's name in the books, in metrics and in logs, as the configuration has it.
    pub source: String,
    /// Keeps what calls cost.
    pub ledger: Arc<dyn CallLedger>,
    /// Makes the pictures the service of faces takes.
    pub jpeg: Arc<dyn JpegMaker>,
    /// What padding, ids of transactions and waits are drawn from: [`fresh_seed`], a new one at every start.
    pub seed: [u8; 32],
}

/// The population registry behind its two services.
pub struct DukcapilRegistry {
    credentials: Credentials,
    duplicate_is_success: bool,
    demographics: Arc<Line>,
    face: Option<FaceService>,
    chance: Arc<Chance>,
}

/// The service of faces, where the institution has it.
struct FaceService {
    line: Arc<Line>,
    details: Details,
    scale: RawScale,
    jpeg: Arc<dyn JpegMaker>,
}

impl DukcapilRegistry {
    /// Checks the settings and reads the files they name. Reaches nobody: [`PopulationRegistry::ready`] does.
    ///
    /// # Errors
    /// The first setting or file that cannot be used.
    pub fn open(settings: &DukcapilSettings, tools: Tools) -> Result<Self, SettingsFault> {
        settings.validate()?;
        if !settings.tls.verify {
            tracing::warn!(
                source = tools.source,
                "tls.verify is false: whoever is on the way to the registry can read credentials and personal data \
                 and make up its answers"
            );
        }
        let Tools { source, ledger, jpeg, seed } = tools;
        let chance = Arc::new(Chance::new(seed));
        let lines = Lines { source: source.into(), settings, ledger, chance: Arc::clone(&chance) };
        let demographics = Endpoint::parse("url_demographics", &settings.url_demographics)?;
        let face = match settings.face_endpoint()? {
            None => None,
            Some(endpoint) => Some(FaceService {
                line: lines.to(Service::Face, endpoint)?,
                details: Details {
                    cipher: Cipher::read(&settings.rsa_public_key_file)?,
                    customer_id: settings.customer_id.clone(),
                    transaction_source: settings.face.transaction_source.clone(),
                    threshold: settings.face.threshold,
                },
                scale: RawScale::new(&settings.face.scale)?,
                jpeg,
            }),
        };
        Ok(Self {
            credentials: Credentials::of(settings)?,
            duplicate_is_success: settings.duplicate_is_success,
            demographics: lines.to(Service::Demographics, demographics)?,
            face,
            chance,
        })
    }
}

impl DukcapilRegistry {
    /// Waits until every call under way is answered or given up, and in the books: to be awaited before a server ends,
    /// since a call is charged whether or not anybody waits for its answer. Takes at most as long as all attempts of a
    /// question may; questions asked meanwhile wait or are turned away.
    pub async fn settled(&self) {
        self.demographics.settled().await;
        if let Some(face) = &self.face {
            face.line.settled().await;
        }
    }
}

/// Makes the lines to the services.
struct Lines<'a> {
    source: Arc<str>,
    settings: &'a DukcapilSettings,
    ledger: Arc<dyn CallLedger>,
    chance: Arc<Chance>,
}

impl Lines<'_> {
    fn to(&self, service: Service, endpoint: Endpoint) -> Result<Arc<Line>, SettingsFault> {
        let settings = self.settings;
        let customer = &settings.customer_id;
        let (path, seconds, rupiah) = match service {
            Service::Demographics => (
                format!("/dukcapil/get_json/{customer}/{}", demographics::CALL),
                settings.timeouts.demographics_seconds,
                settings.price_demographics,
            ),
            Service::Face => (
                format!("/api/face-recognition/dukcapil/{customer}/{}", face::CALL),
                settings.timeouts.face_seconds,
                settings.price_face,
            ),
        };
        let tls = endpoint.is_encrypted().then(|| Tls::new(&settings.tls, &endpoint)).transpose()?;
        Ok(Arc::new(Line {
            source: Arc::clone(&self.source),
            service,
            transport: Transport {
                endpoint,
                tls,
                connect: Duration::from_secs_f64(settings.timeouts.connect_seconds),
                exchange: Duration::from_secs_f64(seconds),
            },
            path,
            tries: settings.tries,
            repeat_charged: settings.retry_possibly_charged,
            backoff: Duration::from_millis(settings.backoff_milliseconds),
            rupiah,
            breaker: Breaker::new(
                settings.breaker.failures,
                Duration::from_secs_f64(settings.breaker.open_seconds),
            ),
            places: Arc::new(Semaphore::new(settings.concurrency as usize)),
            concurrency: settings.concurrency,
            patience: Duration::from_secs_f64(settings.timeouts.queue_seconds),
            quota: QuotaWatch::new(Arc::clone(&self.source), service, settings.quota_warning),
            ledger: Arc::clone(&self.ledger),
            chance: Arc::clone(&self.chance),
        }))
    }
}

#[async_trait]
impl PopulationRegistry for DukcapilRegistry {
    async fn verify_claims(
        &self,
        tenant: &TenantId,
        claims: &Claims,
        policy: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        let body = demographics::question(&self.credentials, claims, policy.name.threshold);
        let asked = Asked::of(claims, policy, self.duplicate_is_success);
        self.demographics.ask(tenant, body, move |answer| demographics::read(answer, &asked)).await
    }

    async fn verify_face(
        &self,
        tenant: &TenantId,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        let Some(FaceService { line, details, scale, jpeg }) = &self.face else {
            return Ok(FaceAnswer::NoReference);
        };
        let Some(jpeg) = face::make(jpeg, probe.picture).await? else { return Ok(FaceAnswer::Unusable) };
        let body = face::question(details, &self.credentials, nik, &jpeg, &self.chance)?;
        let decision = Decision { scale: scale.clone(), raw_threshold: details.threshold, threshold };
        line.ask(tenant, body, move |answer| face::read(answer, &decision)).await
    }

    /// Whether both services can be connected to. Costs nothing: no call is made.
    async fn ready(&self) -> Result<(), Trouble> {
        self.demographics.ready().await?;
        match &self.face {
            Some(face) => face.line.ready().await,
            None => Ok(()),
        }
    }
}
