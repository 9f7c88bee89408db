//! Recording a transaction.

use absah_core::tenant::TenantId;
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::writer::Write;
use super::{SqliteStore, stored};
use crate::{
    Charge, ContactClaim, ContactConflicts, ContactKey, CredentialId, Entry, NewTransaction, Recorded,
    StoreError, Transactions,
};

#[async_trait]
impl Transactions for SqliteStore {
    async fn record(&self, new: NewTransaction) -> Result<Recorded, StoreError> {
        self.writer.submit(new).await
    }

    async fn charged(&self, tenant: &TenantId, credential: CredentialId) -> Result<u64, StoreError> {
        let charged: Option<i64> = sqlx::query_scalar(
            "SELECT charged FROM usage JOIN credential ON credential.id = usage.credential
             WHERE usage.credential = ? AND credential.tenant = ?",
        )
        .bind(credential.as_bytes().as_slice())
        .bind(tenant.as_str())
        .fetch_optional(&self.readers)
        .await?;
        u64::try_from(charged.unwrap_or(0)).map_err(|_| StoreError::Corrupt { table: "usage" })
    }
}

#[async_trait]
impl Write for NewTransaction {
    type Answer = Recorded;

    async fn write(&self, db: &mut SqliteConnection) -> Result<Recorded, StoreError> {
        let conflicts = match &self.contacts {
            Some(claim) => conflicts(db, claim).await?,
            None => ContactConflicts::default(),
        };
        let entry = (self.finish)(&conflicts);
        let (position, wire_id) = insert_history(db, self, &entry).await?;
        insert_ledger(db, position, &entry.charges).await?;
        if !entry.charges.is_empty() {
            count_usage(db, self.credential).await?;
        }
        if let Some(sealed) = &self.reverse {
            sqlx::query("INSERT INTO reverse_data (history, sealed) VALUES (?, ?)")
                .bind(position)
                .bind(sealed.as_slice())
                .execute(&mut *db)
                .await?;
        }
        if let Some(claim) = self.contacts.as_ref().filter(|_| !conflicts.any()) {
            bind(db, claim, position, entry.conclusion.time).await?;
        }
        Ok(Recorded { wire_id, conflicts })
    }
}

/// Whose a contact is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder {
    Nobody,
    Subject,
    Another,
}

const PHONE: &str = "phone";
const EMAIL: &str = "email";

async fn conflicts(db: &mut SqliteConnection, claim: &ContactClaim) -> Result<ContactConflicts, StoreError> {
    Ok(ContactConflicts {
        phone: holder(db, claim, PHONE, &claim.phone).await? == Holder::Another,
        email: holder(db, claim, EMAIL, &claim.email).await? == Holder::Another,
    })
}

/// Looks the contact up under every live key version.
async fn holder(
    db: &mut SqliteConnection,
    claim: &ContactClaim,
    kind: &'static str,
    key: &ContactKey,
) -> Result<Holder, StoreError> {
    let mut holder = Holder::Nobody;
    for index in &key.indexes {
        let subject: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT subject FROM contact WHERE domain = ? AND kind = ? AND contact = ?")
                .bind(&claim.domain)
                .bind(kind)
                .bind(index.to_bytes().as_slice())
                .fetch_optional(&mut *db)
                .await?;
        let Some(subject) = subject else { continue };
        if !claim.subject.iter().any(|own| own.to_bytes() == *subject) {
            return Ok(Holder::Another);
        }
        holder = Holder::Subject;
    }
    Ok(holder)
}

/// Binds what is nobody's yet; a contact that is the subject's own stays as it is bound.
async fn bind(
    db: &mut SqliteConnection,
    claim: &ContactClaim,
    position: i64,
    time: Timestamp,
) -> Result<(), StoreError> {
    let Some(subject) = claim.subject.first() else { return Ok(()) };
    for (kind, key) in [(PHONE, &claim.phone), (EMAIL, &claim.email)] {
        let Some(newest) = key.indexes.first() else { continue };
        if holder(db, claim, kind, key).await? != Holder::Nobody {
            continue;
        }
        sqlx::query(
            "INSERT INTO contact (domain, kind, contact, subject, sealed, bound_at, history)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&claim.domain)
        .bind(kind)
        .bind(newest.to_bytes().as_slice())
        .bind(subject.to_bytes().as_slice())
        .bind(key.sealed.as_slice())
        .bind(stored(time))
        .bind(position)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The row's position and the id the caller is given: the preferred one, or the spare where it has been used.
async fn insert_history(
    db: &mut SqliteConnection,
    new: &NewTransaction,
    entry: &Entry,
) -> Result<(i64, String), StoreError> {
    for wire_id in [&new.wire_id, &new.spare_wire_id] {
        let position: Option<i64> = sqlx::query_scalar(
            "INSERT INTO history
                (id, credential, tenant, dialect, environment, subject, wire_id, outcome, status, time, evidence)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (credential, wire_id) DO NOTHING
             RETURNING position",
        )
        .bind(new.id.as_bytes().as_slice())
        .bind(new.credential.as_bytes().as_slice())
        .bind(new.tenant.as_str())
        .bind(new.dialect.key())
        .bind(new.environment.key())
        .bind(new.subject.map(|subject| subject.to_bytes().to_vec()))
        .bind(wire_id)
        .bind(entry.conclusion.outcome)
        .bind(i64::from(entry.conclusion.status))
        .bind(stored(entry.conclusion.time))
        .bind(entry.evidence.to_string())
        .fetch_optional(&mut *db)
        .await?;
        if let Some(position) = position {
            return Ok((position, wire_id.clone()));
        }
    }
    Err(StoreError::Taken { what: "wire id" })
}

async fn insert_ledger(
    db: &mut SqliteConnection,
    position: i64,
    charges: &[Charge],
) -> Result<(), StoreError> {
    for (line, charge) in (0i64..).zip(charges) {
        let rupiah = i64::try_from(charge.rupiah).map_err(|_| StoreError::PriceTooHigh)?;
        sqlx::query("INSERT INTO ledger (history, line, item, rupiah) VALUES (?, ?, ?, ?)")
            .bind(position)
            .bind(line)
            .bind(charge.item.key())
            .bind(rupiah)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

async fn count_usage(db: &mut SqliteConnection, credential: CredentialId) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO usage (credential, charged) VALUES (?, 1)
         ON CONFLICT (credential) DO UPDATE SET charged = charged + 1",
    )
    .bind(credential.as_bytes().as_slice())
    .execute(db)
    .await?;
    Ok(())
}
