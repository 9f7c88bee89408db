//! A population registry that holds the records itself: sealed, found by keyed hashes, compared in here.
//!
//! Nothing leaves but verdicts. What another process writes to the same database is seen by the next question.

mod codec;
mod enrol;
mod postgres;
mod reembed;
mod sqlite;
mod storage;
mod vault;

use std::path::Path;

use absah_core::claims::{Claims, Record, RecordState};
use absah_core::compare;
use absah_core::face::{FaceTemplate, ModelId, Scales};
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_seal::{Keyring, MasterKey, SealError};
use async_trait::async_trait;
use thiserror::Error;

use crate::reference;
use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use postgres::PostgresStorage;
use sqlite::SqliteStorage;
use storage::{Found, Reference, Storage};

pub use enrol::{Enrolment, Upserted};
pub use postgres::{PostgresError, PostgresSettings};
pub use reembed::{ReembedOptions, Reembedded};
pub use storage::Stats;
pub(crate) use storage::{Checkpoint, Row};
pub(crate) use vault::Vault;

/// The registry could not do what it was asked. Holds nothing of a person.
#[derive(Debug, Error)]
pub enum LocalRegistryError {
    /// It did not open.
    #[error(transparent)]
    Open(#[from] absah_sqlite::OpenError),
    /// The PostgreSQL server could not be reached or refused.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// The database refused or broke off.
    #[error("the registry's database failed")]
    Database(#[from] sqlx::Error),
    /// Something could not be sealed or opened.
    #[error("the registry's data could not be sealed or opened")]
    Seal(#[from] SealError),
    /// A row does not have the form this version writes.
    #[error("a row of table {table} is not understood")]
    Corrupt {
        /// The table.
        table: &'static str,
    },
    /// A text is longer than a record can hold (65,535 bytes).
    #[error("a text is too long for a record")]
    TooLong,
}

/// What is held of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// A record.
    pub record: bool,
    /// A template of the model whose templates are compared.
    pub template: bool,
}

/// A registry that holds its records in a database of its own.
pub struct LocalRegistry {
    storage: Box<dyn Storage>,
    vault: Vault,
    scales: Scales,
}

impl LocalRegistry {
    /// Opens the SQLite file at `path`, made where it is missing, for its owner alone.
    ///
    /// `scales` name the model whose templates are compared, and the scales their scores are told on.
    ///
    /// # Errors
    /// The file cannot be made or is no registry, is of a newer version, or was made under another master key.
    pub async fn open(path: &Path, master: &MasterKey, scales: Scales) -> Result<Self, LocalRegistryError> {
        let (storage, keyring) = SqliteStorage::open(path, master).await?;
        Ok(Self::new(Box::new(storage), keyring, scales))
    }

    /// Opens the PostgreSQL database at `url` (`postgres://USER@HOST/DATABASE`), its tables made where they are missing.
    ///
    /// Where they are there, the user needs no right but to read; several programs may open the same database at once.
    ///
    /// # Errors
    /// The server cannot be reached or refuses, the tables are of a newer version, or were made under another master
    /// key.
    pub async fn open_postgres(
        url: &str,
        master: &MasterKey,
        scales: Scales,
        settings: &PostgresSettings,
    ) -> Result<Self, LocalRegistryError> {
        let (storage, keyring) = PostgresStorage::open(url, master, settings).await?;
        Ok(Self::new(Box::new(storage), keyring, scales))
    }

    fn new(storage: Box<dyn Storage>, keyring: Keyring, scales: Scales) -> Self {
        Self { storage, vault: Vault::new(keyring), scales }
    }

    /// The model whose templates are compared.
    pub fn model(&self) -> &ModelId {
        self.scales.model()
    }

    /// What is held of a person: never what it says.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn holds(&self, nik: &Nik) -> Result<Held, LocalRegistryError> {
        let found = self.storage.reference(&self.vault.keys(nik), self.model()).await?;
        let template = found.as_ref().is_some_and(|found| found.template.is_some());
        Ok(Held { record: found.is_some(), template })
    }

    /// How much is held.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn stats(&self) -> Result<Stats, LocalRegistryError> {
        self.storage.stats().await
    }

    async fn record(&self, nik: &Nik) -> Result<Option<Record>, LocalRegistryError> {
        let found = self.storage.record(&self.vault.keys(nik)).await?;
        found.map(|found| self.opened(nik, found)).transpose()
    }

    fn opened(&self, nik: &Nik, (key, sealed): Found) -> Result<Record, LocalRegistryError> {
        let record = self.vault.open_record(key, &sealed)?;
        if record.nik == *nik { Ok(record) } else { Err(LocalRegistryError::Corrupt { table: "person" }) }
    }

    async fn compare_face(
        &self,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, LocalRegistryError> {
        let found = self.storage.reference(&self.vault.keys(nik), self.model()).await?;
        let Some(Reference { key, record, template: Some(template) }) = found else {
            return Ok(FaceAnswer::NoReference);
        };
        // No element of a record that may not be used is compared, its portrait no more than its texts.
        if self.opened(nik, (key, record))?.state != RecordState::Active {
            return Ok(FaceAnswer::NoReference);
        }
        let reference: FaceTemplate = self.vault.open_template(key, self.model(), &template)?;
        Ok(reference::compare(&self.scales, probe, &reference, threshold))
    }
}

#[async_trait]
impl PopulationRegistry for LocalRegistry {
    /// One population for all tenants.
    async fn verify_claims(
        &self,
        _tenant: &TenantId,
        claims: &Claims,
        policy: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        Ok(match self.record(&claims.nik).await.map_err(trouble)? {
            None => ClaimsAnswer::NotFound,
            Some(Record { state: RecordState::Active, demographics, .. }) => {
                ClaimsAnswer::Compared(compare::demographics(&claims.demographics, &demographics, policy))
            }
            Some(Record { state, .. }) => ClaimsAnswer::NotActive(state),
        })
    }

    /// One population for all tenants.
    async fn verify_face(
        &self,
        _tenant: &TenantId,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        self.compare_face(nik, probe, threshold).await.map_err(trouble)
    }

    async fn ready(&self) -> Result<(), Trouble> {
        self.storage.probe().await.map_err(trouble)
    }
}

/// What the caller needs to know of a failure; the failure itself is logged here.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn trouble(error: LocalRegistryError) -> Trouble {
    tracing::error!(error = &error as &dyn std::error::Error, "the local registry failed");
    match error {
        LocalRegistryError::Database(sqlx::Error::PoolTimedOut)
        | LocalRegistryError::Postgres(PostgresError::TimedOut { .. }) => Trouble::Timeout,
        LocalRegistryError::Database(_) | LocalRegistryError::Open(_) | LocalRegistryError::Postgres(_) => {
            Trouble::Unavailable
        }
        LocalRegistryError::Seal(_) => Trouble::Setup { code: "sealing".to_owned() },
        LocalRegistryError::Corrupt { .. } | LocalRegistryError::TooLong => Trouble::BadAnswer,
    }
}
