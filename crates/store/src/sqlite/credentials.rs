//! Credentials: finding, making, listing, disabling.

use std::collections::BTreeSet;

use absah_core::dialect::{Dialect, Environment, Product};
use absah_core::tenant::TenantId;
use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::writer::Write;
use super::{SqliteStore, stored, told};
use crate::{Credential, CredentialId, Credentials, NewCredential, Proof, Secrets, StoreError};

const CORRUPT: StoreError = StoreError::Corrupt { table: "credential" };

#[async_trait]
impl Credentials for SqliteStore {
    async fn authenticate(&self, secrets: &Secrets) -> Result<Option<Credential>, StoreError> {
        let row = sqlx::query("SELECT * FROM credential WHERE dialect = ? AND lookup = ? AND disabled = 0")
            .bind(secrets.dialect().key())
            .bind(secrets.lookup().as_slice())
            .fetch_optional(&self.readers)
            .await?;
        let found = row.as_ref().map(credential).transpose()?;
        Ok(found.filter(|credential| credential.proof.holds(secrets)))
    }

    async fn put(&self, new: &NewCredential) -> Result<(), StoreError> {
        self.writer.submit(new.clone()).await
    }

    async fn list(&self, tenant: Option<&TenantId>) -> Result<Vec<Credential>, StoreError> {
        let query = match tenant {
            Some(tenant) => sqlx::query("SELECT * FROM credential WHERE tenant = ? ORDER BY created_at, id")
                .bind(tenant.as_str()),
            None => sqlx::query("SELECT * FROM credential ORDER BY created_at, id"),
        };
        query.fetch_all(&self.readers).await?.iter().map(credential).collect()
    }

    async fn set_disabled(&self, id: CredentialId, disabled: bool) -> Result<bool, StoreError> {
        self.writer.submit(SetDisabled { id, disabled }).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM credential LIMIT 1").fetch_optional(&self.readers).await?;
        self.writer.alive().await
    }
}

#[async_trait]
impl Write for NewCredential {
    type Answer = ();

    /// Of one that is there, the id, tenant, dialect, environment, time of making and disabling stay.
    async fn write(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        let products: Vec<_> = self.products.iter().map(|product| product.key()).collect();
        let written = sqlx::query(
            "INSERT INTO credential
                (id, tenant, dialect, environment, label, products, terms, created_at, expires_at, lookup, proof)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                label = excluded.label, products = excluded.products, terms = excluded.terms,
                expires_at = excluded.expires_at, lookup = excluded.lookup, proof = excluded.proof
             WHERE credential.tenant = excluded.tenant
                AND credential.dialect = excluded.dialect
                AND credential.environment = excluded.environment",
        )
        .bind(self.id.as_bytes().as_slice())
        .bind(self.tenant.as_str())
        .bind(self.secrets.dialect().key())
        .bind(self.environment.key())
        .bind(&self.label)
        .bind(serde_json::to_string(&products).map_err(StoreError::Unwritable)?)
        .bind(serde_json::to_string(&self.terms).map_err(StoreError::Unwritable)?)
        .bind(stored(self.created_at))
        .bind(self.expires_at.map(stored))
        .bind(self.secrets.lookup().as_slice())
        .bind(self.secrets.proof().as_slice())
        .execute(db)
        .await;
        match written {
            Ok(done) if done.rows_affected() == 1 => Ok(()),
            Ok(_) => Err(StoreError::Taken { what: "credential id" }),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Err(StoreError::Taken { what: "credential's secrets" })
            }
            Err(error) => Err(error.into()),
        }
    }
}

struct SetDisabled {
    id: CredentialId,
    disabled: bool,
}

#[async_trait]
impl Write for SetDisabled {
    type Answer = bool;

    async fn write(&self, db: &mut SqliteConnection) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE credential SET disabled = ? WHERE id = ?")
            .bind(self.disabled)
            .bind(self.id.as_bytes().as_slice())
            .execute(db)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn credential(row: &SqliteRow) -> Result<Credential, StoreError> {
    let proof: &[u8] = row.try_get("proof")?;
    let expires_at: Option<i64> = row.try_get("expires_at")?;
    Ok(Credential {
        id: Uuid::from_slice(row.try_get("id")?).map_err(|_| CORRUPT)?,
        tenant: TenantId::parse(row.try_get("tenant")?).map_err(|_| CORRUPT)?,
        dialect: Dialect::from_key(row.try_get("dialect")?).ok_or(CORRUPT)?,
        environment: Environment::from_key(row.try_get("environment")?).ok_or(CORRUPT)?,
        label: row.try_get("label")?,
        products: products(row.try_get("products")?)?,
        terms: serde_json::from_str(row.try_get("terms")?).map_err(|_| CORRUPT)?,
        created_at: told(row.try_get("created_at")?, "credential")?,
        expires_at: expires_at.map(|time| told(time, "credential")).transpose()?,
        disabled: row.try_get("disabled")?,
        proof: Proof(proof.try_into().map_err(|_| CORRUPT)?),
    })
}

fn products(stored: &str) -> Result<BTreeSet<Product>, StoreError> {
    let keys: Vec<String> = serde_json::from_str(stored).map_err(|_| CORRUPT)?;
    keys.iter().map(|key| Product::from_key(key).ok_or(CORRUPT)).collect()
}
