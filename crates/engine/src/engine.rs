//! The engine: gates, assessment, charge and record in their order.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use absah_core::assessment::{Assessment, Outcome, Refusal};
use absah_core::charge::PriceList;
use absah_core::policy::Policy;
use absah_registry::PopulationRegistry;
use absah_seal::Keyring;
use absah_store::{Credential, Credentials, Secrets, StoreError, Transactions};
use futures_util::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::biometrics::Biometrics;
use crate::caller::{AuthenticationError, Caller, Pass};
use crate::gates::{GateSettings, Gates};
use crate::order_number::OrderNumbers;
use crate::ports::{Clock, IdSource};
use crate::request::Request;
use crate::sandbox;
use crate::verify::Assessor;
use crate::wire::{WireIds, WireRules};

/// What an engine is made of.
pub struct EngineParts {
    /// The population registry; `None` where only sandbox credentials are served.
    pub registry: Option<Arc<dyn PopulationRegistry>>,
    /// The pictures.
    pub biometrics: Arc<dyn Biometrics>,
    /// The credentials.
    pub credentials: Arc<dyn Credentials>,
    /// The record.
    pub transactions: Arc<dyn Transactions>,
    /// Keys for subjects and contacts.
    pub keyring: Arc<Keyring>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn IdSource>,
}

/// What an operator sets.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rules of decision.
    pub policy: Policy,
    /// Prices in whole rupiah.
    pub prices: PriceList,
    /// Bounds of the gates.
    pub gates: GateSettings,
    /// Bounds every single call to the registry.
    pub registry_timeout: Duration,
    /// This node's number, 0 to 1023, different on every node.
    pub node: u16,
    /// Keep the NIKs of verified people, sealed, until their use was told to the registry.
    pub reverse_data: bool,
}

/// A recorded answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it came to.
    pub assessment: Assessment,
    /// The id the caller is given.
    pub wire_id: String,
    /// All ids of the transaction.
    pub ids: WireIds,
    /// When it was concluded.
    pub time: Timestamp,
}

/// The use case. One for the whole process.
pub struct Engine {
    assessor: Option<Assessor>,
    biometrics: Arc<dyn Biometrics>,
    credentials: Arc<dyn Credentials>,
    pub(crate) transactions: Arc<dyn Transactions>,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    gates: Gates,
    order_numbers: OrderNumbers,
    pub(crate) prices: PriceList,
    pub(crate) reverse_data: bool,
}

/// Why the engine cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The registry.
    #[error("the registry is not ready")]
    Registry(#[from] absah_core::trouble::Trouble),
    /// The store.
    #[error("the store is not ready")]
    Store(#[from] StoreError),
}

impl Engine {
    /// Puts an engine together.
    pub fn new(parts: EngineParts, settings: Settings) -> Self {
        let EngineParts { registry, biometrics, credentials, transactions, keyring, clock, ids } = parts;
        let Settings { policy, prices, gates, registry_timeout, node, reverse_data } = settings;
        let gates = Gates::new(gates, policy.repetition);
        let assessor = registry
            .map(|registry| Assessor::new(registry, Arc::clone(&biometrics), policy, registry_timeout));
        let order_numbers = OrderNumbers::of_node(node);
        Self {
            assessor,
            biometrics,
            credentials,
            transactions,
            keyring,
            clock,
            ids,
            gates,
            order_numbers,
            prices,
            reverse_data,
        }
    }

    /// The engine's clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The engine's source of ids.
    pub fn ids(&self) -> &dyn IdSource {
        self.ids.as_ref()
    }

    /// Whether requests can be answered now.
    ///
    /// # Errors
    /// What is missing.
    pub async fn ready(&self) -> Result<(), NotReady> {
        self.credentials.ready().await?;
        match &self.assessor {
            Some(assessor) => Ok(assessor.ready().await?),
            None => Ok(()),
        }
    }

    /// The caller these secrets name and prove.
    ///
    /// A production credential is unknown to an engine without a registry.
    ///
    /// # Errors
    /// There is none, or it could not be looked up.
    pub async fn authenticate(&self, secrets: &Secrets) -> Result<Caller, AuthenticationError> {
        let credential = self.credentials.authenticate(secrets).await?.ok_or(AuthenticationError::Unknown)?;
        let caller = Caller { credential };
        if self.assessor.is_none() && !caller.is_sandbox() {
            return Err(AuthenticationError::Unknown);
        }
        Ok(caller)
    }

    /// Lets a caller pass expiry, permission, rate and quota.
    ///
    /// # Errors
    /// The caller, with why it may not pass; the dialect answers and has [`Engine::refuse`] record it.
    pub async fn admit(&self, caller: Caller) -> Result<Pass, (Caller, Refusal)> {
        let credential = &caller.credential;
        let standing = Gates::standing(credential, credential.dialect.product(), self.clock.now());
        if let Err(refusal) = standing.and_then(|()| self.gates.rate(credential)) {
            return Err((caller, refusal));
        }
        let Some(limit) = credential.terms.quota.filter(|_| !caller.is_sandbox()) else {
            return Ok(Pass { caller, quota: None });
        };
        let charged = self.transactions.charged(&credential.tenant, credential.id);
        match self.gates.reserve(credential.id, limit, charged).await {
            Ok(Some(place)) => Ok(Pass { caller, quota: Some(place) }),
            Ok(None) => Err((caller, Refusal::OutOfQuota)),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the quota could not be read");
                Err((caller, Refusal::Overloaded))
            }
        }
    }

    /// Answers a request of good form: repetition, checks, charge, record. They begin at once, in a task of their own;
    /// the future waits for them.
    ///
    /// Where this future is dropped, since its caller has gone, the checks end and the request is recorded as
    /// abandoned; once the checks are done, it is recorded as what they came to.
    pub fn verify<R: WireRules + 'static>(
        self: &Arc<Self>,
        pass: Pass,
        request: Request,
        rules: R,
    ) -> impl Future<Output = Answer> + Send + use<R> {
        let (here, gone) = oneshot::channel::<Infallible>();
        let engine = Arc::clone(self);
        let waiting = Arc::clone(self);
        let work = tokio::spawn(async move { engine.verify_while(gone, pass, request, &rules).await });
        async move {
            let answer = work.await;
            drop(here);
            answer.unwrap_or_else(|error| waiting.broken_off(&error))
        }
    }

    /// The answer to a request whose task ended without one.
    fn broken_off(&self, error: &tokio::task::JoinError) -> Answer {
        tracing::error!(error = error as &dyn std::error::Error, "a request could not be brought to its end");
        let ids = self.wire_ids(self.clock.now());
        let assessment = Assessment::without_checks(Outcome::Internal);
        Answer { wire_id: ids.history.to_string(), assessment, ids, time: self.clock.now() }
    }

    async fn verify_while(
        &self,
        gone: oneshot::Receiver<Infallible>,
        pass: Pass,
        request: Request,
        rules: &dyn WireRules,
    ) -> Answer {
        let Pass { caller, quota } = pass;
        let checks = AssertUnwindSafe(self.check(&caller, &request)).catch_unwind();
        let assessment = tokio::select! {
            biased;
            assessment = checks => assessment.unwrap_or_else(|_| {
                tracing::error!("a check crashed");
                Assessment::without_checks(Outcome::Internal)
            }),
            _ = gone => Assessment::without_checks(Outcome::Abandoned),
        };
        self.conclude(&caller, assessment, Some(&request), request.wire_id.clone(), quota, rules).await
    }

    async fn check(&self, caller: &Caller, request: &Request) -> Assessment {
        if caller.is_sandbox() {
            self.assess_in_sandbox(caller, request).await
        } else {
            self.assess(&caller.credential, request).await
        }
    }

    /// Answers a request whose NIK cannot exist, in a dialect that tells this like an unknown one.
    pub async fn verify_malformed_nik(
        &self,
        pass: Pass,
        wire_id: Option<String>,
        rules: &dyn WireRules,
    ) -> Answer {
        let Pass { caller, quota } = pass;
        let assessment = Assessment::without_checks(Outcome::NikNotFound);
        self.conclude(&caller, assessment, None, wire_id, quota, rules).await
    }

    /// Records that an authenticated request was refused before any check.
    pub async fn refuse(
        &self,
        caller: &Caller,
        refusal: Refusal,
        wire_id: Option<String>,
        rules: &dyn WireRules,
    ) -> Answer {
        let assessment = Assessment::without_checks(Outcome::Refused(refusal));
        self.conclude(caller, assessment, None, wire_id, None, rules).await
    }

    /// The ids of a transaction.
    pub(crate) fn wire_ids(&self, now: Timestamp) -> WireIds {
        let (history, reference) = (self.ids.uuid(), self.ids.uuid());
        WireIds { history, reference, order_number: self.order_numbers.next(now) }
    }

    async fn assess(&self, credential: &Credential, request: &Request) -> Assessment {
        let Some(assessor) = &self.assessor else { return Assessment::without_checks(Outcome::Internal) };
        match self.gates.repetition(credential.id, request.fingerprint, self.clock.now()) {
            Ok(()) => assessor.assess(&credential.tenant, &credential.terms, request).await,
            Err(refusal) => Assessment::without_checks(Outcome::Refused(refusal)),
        }
    }

    async fn assess_in_sandbox(&self, caller: &Caller, request: &Request) -> Assessment {
        if caller.looks_at_pictures()
            && let Err(error) = self.biometrics.admit(request.selfie.as_ref(), request.card.as_ref()).await
        {
            return Assessment::without_checks(crate::verify::ended_by(error));
        }
        if sandbox::is_slow(&request.claims.nik) {
            tokio::time::sleep(sandbox::SLOW).await;
        }
        sandbox::assess(request)
    }
}
