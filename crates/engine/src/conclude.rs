//! The end of a request: what it costs and binds, written in one transaction before anybody is answered.

use absah_core::assessment::{Assessment, Check, CheckName, Outcome, Refusal, Verdict, reason};
use absah_core::charge::ChargeItem;
use absah_seal::{Purpose, SealError};
use absah_store::{
    Charge, Conclusion, ContactClaim, ContactConflicts, ContactKey, Credential, Entry, NewTransaction,
    Recorded, StoreError,
};
use uuid::Uuid;

use crate::caller::Caller;
use crate::engine::{Answer, Engine};
use crate::evidence;
use crate::gates::QuotaReservation;
use crate::request::{Contacts, Request};
use crate::wire::{WireIds, WireRules};

/// The NIKs whose use is to be told to the registry: sealed for the transaction's history id.
pub const REVERSE_DATA: Purpose = Purpose::new("reverse_data");
/// Purposes of keyed indexes and seals.
const SUBJECT: Purpose = Purpose::new("subject");
const PHONE: Purpose = Purpose::new("contact.phone");
const EMAIL: Purpose = Purpose::new("contact.email");

/// What of a request is kept.
#[derive(Default)]
struct Sealed {
    contacts: Option<ContactClaim>,
    reverse: Option<Vec<u8>>,
}

impl Engine {
    /// Charges and records an assessment. An answer whose record failed is [`Outcome::Internal`].
    pub(crate) async fn conclude(
        &self,
        caller: &Caller,
        assessment: Assessment,
        request: Option<&Request>,
        wire_id: Option<String>,
        quota: Option<QuotaReservation>,
        rules: &dyn WireRules,
    ) -> Answer {
        let credential = &caller.credential;
        let time = self.clock.now();
        let ids = self.wire_ids(time);
        let own_wire_id = rules.wire_id(&assessment, &ids);
        let sealed =
            request.map(|request| self.sealed(caller, request, &assessment, ids.history)).transpose();
        let (Sealed { contacts, reverse }, assessment) = match sealed {
            Ok(sealed) => (sealed.unwrap_or_default(), assessment),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "contacts or number could not be sealed"
                );
                (Sealed::default(), Assessment::without_checks(Outcome::Internal))
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
            reverse,
            finish: Box::new(move |conflicts| entries.under(*conflicts)),
        };
        let record = self.transactions.record(new);
        // The place in the quota is held until the transaction that fills it is recorded.
        let recorded = match quota {
            Some(place) => place.settle(record).await,
            None => record.await,
        };
        match recorded {
            Ok(Recorded { wire_id, conflicts }) => {
                let assessment = under_conflicts(assessment, claimed, conflicts);
                log_conclusion(credential, &assessment, &ids);
                Answer { assessment, wire_id, ids, time }
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, transaction = %ids.history, "a transaction could not be recorded");
                let outcome = match error {
                    StoreError::Overloaded => Outcome::Refused(Refusal::Overloaded),
                    _ => Outcome::Internal,
                };
                Answer { assessment: Assessment::without_checks(outcome), wire_id: own_wire_id, ids, time }
            }
        }
    }

    /// What of the request is kept, sealed.
    fn sealed(
        &self,
        caller: &Caller,
        request: &Request,
        assessment: &Assessment,
        history: Uuid,
    ) -> Result<Sealed, SealError> {
        let contacts = self.contact_claim(caller, request, assessment)?;
        let reported = self.reverse_data && !caller.is_sandbox() && assessment.outcome == Outcome::Verified;
        let nik = request.claims.nik.expose().as_bytes();
        let seal = || self.keyring.seal(REVERSE_DATA, history.as_bytes(), nik);
        Ok(Sealed { contacts, reverse: reported.then(seal).transpose()? })
    }

    /// Contacts are claimed by what would be a verified answer in production, and by nothing else.
    fn contact_claim(
        &self,
        caller: &Caller,
        request: &Request,
        assessment: &Assessment,
    ) -> Result<Option<ContactClaim>, SealError> {
        let Some(Contacts { phone, email }) = &request.contacts else { return Ok(None) };
        if caller.is_sandbox() || assessment.outcome != Outcome::Verified {
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
