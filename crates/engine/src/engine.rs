//! The engine: gates, assessment, charge and record in their order.

use std::sync::Arc;
use std::time::Duration;

use absah_core::assessment::{Assessment, Check, CheckName, Outcome, Refusal, Verdict, reason};
use absah_core::charge::{ChargeItem, PriceList};
use absah_core::policy::Policy;
use absah_registry::PopulationRegistry;
use absah_seal::{Keyring, Purpose, SealError};
use absah_store::{
    Charge, Conclusion, ContactClaim, ContactConflicts, ContactKey, Credential, Credentials, Entry,
    NewTransaction, Recorded, Secrets, StoreError, Transactions,
};
use jiff::Timestamp;

use crate::biometrics::Biometrics;
use crate::caller::{AuthenticationError, Caller, Pass};
use crate::gates::{GateSettings, Gates};
use crate::order_number::OrderNumbers;
use crate::plan::Plan;
use crate::ports::{Clock, IdSource};
use crate::request::{Contacts, Request};
use crate::verify::Assessor;
use crate::wire::{WireIds, WireRules};
use crate::{evidence, sandbox};

/// Purposes of keyed indexes and seals.
const SUBJECT: Purpose = Purpose::new("subject");
const PHONE: Purpose = Purpose::new("contact.phone");
const EMAIL: Purpose = Purpose::new("contact.email");

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
    transactions: Arc<dyn Transactions>,
    keyring: Arc<Keyring>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    gates: Gates,
    order_numbers: OrderNumbers,
    prices: PriceList,
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
        let Settings { policy, prices, gates, registry_timeout, node } = settings;
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
        let reservation = self.gates.reserve(credential.id);
        match self.transactions.charged(&credential.tenant, credential.id).await {
            Ok(charged) if reservation.fits(charged, limit) => Ok(Pass { caller, quota: Some(reservation) }),
            Ok(_) => Err((caller, Refusal::OutOfQuota)),
            Err(error) => {
                tracing::error!(%error, "the quota could not be read");
                Err((caller, Refusal::Overloaded))
            }
        }
    }

    /// Answers a request of good form: repetition, checks, charge, record.
    pub async fn verify(&self, pass: Pass, request: Request, rules: &dyn WireRules) -> Answer {
        // The place in the quota is held until the transaction is recorded.
        let Pass { caller, quota } = pass;
        let assessment = if caller.is_sandbox() {
            self.assess_in_sandbox(&caller, &request).await
        } else {
            self.assess(&caller.credential, &request).await
        };
        let answer = self.conclude(&caller, assessment, Some(&request), request.wire_id.clone(), rules).await;
        drop(quota);
        answer
    }

    /// Answers a request whose NIK cannot exist, in a dialect that tells this like an unknown one.
    pub async fn verify_malformed_nik(
        &self,
        pass: Pass,
        wire_id: Option<String>,
        rules: &dyn WireRules,
    ) -> Answer {
        let assessment = Assessment::without_checks(Outcome::NikNotFound);
        self.conclude(&pass.caller, assessment, None, wire_id, rules).await
    }

    /// Records that an authenticated request was refused before any check.
    pub async fn refuse(
        &self,
        caller: &Caller,
        refusal: Refusal,
        wire_id: Option<String>,
        rules: &dyn WireRules,
    ) -> Answer {
        self.conclude(caller, Assessment::without_checks(Outcome::Refused(refusal)), None, wire_id, rules)
            .await
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

    /// Charges and records an assessment. An answer whose record failed is [`Outcome::Internal`].
    async fn conclude(
        &self,
        caller: &Caller,
        assessment: Assessment,
        request: Option<&Request>,
        wire_id: Option<String>,
        rules: &dyn WireRules,
    ) -> Answer {
        let credential = &caller.credential;
        let time = self.clock.now();
        let ids = WireIds {
            history: self.ids.uuid(),
            reference: self.ids.uuid(),
            order_number: self.order_numbers.next(time),
        };
        let own_wire_id = rules.wire_id(&assessment, &ids);
        let claim = request.map(|request| self.contact_claim(caller, request, &assessment)).transpose();
        let (contacts, assessment) = match claim {
            Ok(claim) => (claim.flatten(), assessment),
            Err(error) => {
                tracing::error!(%error, "contacts could not be sealed");
                (None, Assessment::without_checks(Outcome::Internal))
            }
        };
        let subject =
            request.map(|request| self.keyring.index(SUBJECT, request.claims.nik.expose().as_bytes()));
        let claimed = contacts.is_some();
        let entries = Entries::of(&assessment, claimed, |assessment| Entry {
            conclusion: Conclusion {
                outcome: assessment.outcome.code(),
                status: rules.status(assessment),
                time,
            },
            charges: self.charges(caller, assessment, rules),
            evidence: evidence::of(assessment),
        });
        let new = NewTransaction {
            id: ids.history,
            tenant: credential.tenant.clone(),
            credential: credential.id,
            dialect: credential.dialect,
            environment: credential.environment,
            subject,
            wire_id: wire_id.unwrap_or_else(|| own_wire_id.clone()),
            spare_wire_id: own_wire_id.clone(),
            contacts,
            finish: Box::new(move |conflicts| entries.under(*conflicts)),
        };
        match self.transactions.record(new).await {
            Ok(Recorded { wire_id, conflicts }) => {
                let assessment = under_conflicts(assessment, claimed, conflicts);
                log_conclusion(credential, &assessment, &ids);
                Answer { assessment, wire_id, ids, time }
            }
            Err(error) => {
                tracing::error!(%error, transaction = %ids.history, "a transaction could not be recorded");
                let outcome = match error {
                    StoreError::Overloaded => Outcome::Refused(Refusal::Overloaded),
                    _ => Outcome::Internal,
                };
                Answer { assessment: Assessment::without_checks(outcome), wire_id: own_wire_id, ids, time }
            }
        }
    }

    /// Contacts are claimed by what would be a verified answer in production, and by nothing else.
    fn contact_claim(
        &self,
        caller: &Caller,
        request: &Request,
        assessment: &Assessment,
    ) -> Result<Option<ContactClaim>, SealError> {
        let Some(Contacts { phone, email }) = &request.contacts else { return Ok(None) };
        let binds = Plan::of(request.product).contacts && assessment.outcome == Outcome::Verified;
        if caller.is_sandbox() || !binds {
            return Ok(None);
        }
        let terms = &caller.credential.terms;
        let domain = terms.contact_domain.clone().unwrap_or_else(|| caller.credential.tenant.to_string());
        let key = |purpose: Purpose, value: &str| {
            let sealed = self.keyring.seal(purpose, domain.as_bytes(), value.as_bytes())?;
            Ok::<_, SealError>(ContactKey {
                indexes: self.keyring.indexes(purpose, value.as_bytes()),
                sealed,
            })
        };
        Ok(Some(ContactClaim {
            subject: self.keyring.indexes(SUBJECT, request.claims.nik.expose().as_bytes()),
            phone: key(PHONE, phone.expose())?,
            email: key(EMAIL, email.expose())?,
            domain,
        }))
    }

    fn charges(&self, caller: &Caller, assessment: &Assessment, rules: &dyn WireRules) -> Vec<Charge> {
        if caller.is_sandbox() {
            return Vec::new();
        }
        let own = &caller.credential.terms.prices;
        let price =
            |item: ChargeItem| own.get(item.key()).copied().unwrap_or_else(|| self.prices.price(item));
        rules.charges(assessment).into_iter().map(|item| Charge { item, rupiah: price(item) }).collect()
    }
}

/// The rows for every answer to "who has the contacts?", made ready before the question is asked inside the
/// transaction that also acts on it.
struct Entries {
    nobody: Entry,
    others: Vec<(ContactConflicts, Entry)>,
}

impl Entries {
    fn of(assessment: &Assessment, claimed: bool, entry: impl Fn(&Assessment) -> Entry) -> Self {
        let under = |conflicts| entry(&under_conflicts(assessment.clone(), claimed, conflicts));
        let taken = [(true, false), (false, true), (true, true)]
            .map(|(phone, email)| ContactConflicts { phone, email });
        let others =
            taken.into_iter().filter(|_| claimed).map(|conflicts| (conflicts, under(conflicts))).collect();
        Self { nobody: under(ContactConflicts::default()), others }
    }

    fn under(&self, conflicts: ContactConflicts) -> Entry {
        let other = self.others.iter().find(|(variant, _)| *variant == conflicts);
        other.map_or(&self.nobody, |(_, entry)| entry).clone()
    }
}

/// What an assessment becomes where another subject has the contacts.
fn under_conflicts(mut assessment: Assessment, claimed: bool, conflicts: ContactConflicts) -> Assessment {
    if !claimed {
        return assessment;
    }
    for (name, taken) in [(CheckName::Phone, conflicts.phone), (CheckName::Email, conflicts.email)] {
        assessment.checks.push(Check {
            name,
            verdict: if taken { Verdict::Fail } else { Verdict::Pass },
            score: None,
            threshold: None,
            reason: taken.then_some(reason::USED_BY_ANOTHER_NIK),
        });
    }
    if conflicts.any() {
        assessment.outcome = Outcome::VerifiedWithReason;
    }
    assessment
}

fn log_conclusion(credential: &Credential, assessment: &Assessment, ids: &WireIds) {
    tracing::info!(
        transaction = %ids.history,
        tenant = %credential.tenant,
        dialect = credential.dialect.key(),
        environment = credential.environment.key(),
        outcome = assessment.outcome.code(),
        "concluded"
    );
}
