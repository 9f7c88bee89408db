//! A population registry that holds the records itself: sealed, found by keyed hashes, compared in here.
//!
//! Nothing leaves but verdicts. What another process writes to the same database is seen by the next question.

mod codec;
mod sqlite;
mod storage;

use std::path::Path;

use absah_core::claims::{Claims, Record, RecordState};
use absah_core::face::{FaceTemplate, Scales};
use absah_core::nik::Nik;
use absah_core::policy::Policy;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_core::{compare, face::ModelId};
use absah_seal::{BlindIndex, Keyring, Purpose, SealError};
use async_trait::async_trait;
use thiserror::Error;

use crate::reference;
use crate::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use sqlite::SqliteStorage;
use storage::{Row, Storage};

const NIK: Purpose = Purpose::new("registry.nik");
const RECORD: Purpose = Purpose::new("registry.record");
const TEMPLATE: Purpose = Purpose::new("registry.template");

/// The registry could not do what it was asked. Holds nothing of a person.
#[derive(Debug, Error)]
pub enum LocalRegistryError {
    /// It did not open.
    #[error(transparent)]
    Open(#[from] absah_sqlite::OpenError),
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

/// A person to be put into the registry: what is held, and templates of the reference portrait, one a model.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// What is held.
    pub record: Record,
    /// Templates; those of models not named here stay as they are.
    pub templates: Vec<FaceTemplate>,
}

/// What putting people in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Upserted {
    /// People who were not held before.
    pub inserted: u64,
    /// People whose record was replaced.
    pub updated: u64,
}

/// How much is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// People.
    pub records: u64,
    /// Templates by model, in the order of the models' names.
    pub templates: Vec<(String, u64)>,
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
    keyring: Keyring,
    scales: Scales,
}

impl LocalRegistry {
    /// Opens the SQLite file at `path`, made where it is missing, for its owner alone.
    ///
    /// `scales` name the model whose templates are compared, and the scales their scores are told on.
    ///
    /// # Errors
    /// The file cannot be made or is no registry, is of a newer version, or was made under another master key.
    pub async fn open(path: &Path, keyring: Keyring, scales: Scales) -> Result<Self, LocalRegistryError> {
        let storage = Box::new(SqliteStorage::open(path, &keyring.fingerprint()).await?);
        Ok(Self { storage, keyring, scales })
    }

    /// The model whose templates are compared.
    pub fn model(&self) -> &ModelId {
        self.scales.model()
    }

    /// Puts one person in; a record of the same NIK is replaced.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put(
        &self,
        record: Record,
        templates: Vec<FaceTemplate>,
    ) -> Result<Upserted, LocalRegistryError> {
        self.put_all(&[Enrolment { record, templates }]).await
    }

    /// Puts people in, all in one transaction; of two with the same NIK the later one stays.
    ///
    /// Others who write wait meanwhile: up to some thousands at a time are reasonable.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put_all(&self, people: &[Enrolment]) -> Result<Upserted, LocalRegistryError> {
        let rows = people.iter().map(|person| self.seal(person)).collect::<Result<Vec<_>, _>>()?;
        self.storage.upsert(&rows).await
    }

    /// Takes a person out, templates included; `false` where nobody of that NIK was held.
    ///
    /// # Errors
    /// Nothing was removed.
    pub async fn remove(&self, nik: &Nik) -> Result<bool, LocalRegistryError> {
        self.storage.remove(&self.indexes(nik)).await
    }

    /// What is held of a person: never what it says.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn holds(&self, nik: &Nik) -> Result<Held, LocalRegistryError> {
        let indexes = self.indexes(nik);
        let record = self.storage.record(&indexes).await?.is_some();
        let template = self.storage.template(&indexes, self.scales.model()).await?.is_some();
        Ok(Held { record, template })
    }

    /// How many people are held.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn count(&self) -> Result<u64, LocalRegistryError> {
        self.storage.count().await
    }

    /// How much is held.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn stats(&self) -> Result<Stats, LocalRegistryError> {
        Ok(Stats { records: self.storage.count().await?, templates: self.storage.templates().await? })
    }

    fn indexes(&self, nik: &Nik) -> Vec<BlindIndex> {
        self.keyring.indexes(NIK, nik.expose().as_bytes())
    }

    fn seal(&self, person: &Enrolment) -> Result<Row, LocalRegistryError> {
        let nik = self.keyring.index(NIK, person.record.nik.expose().as_bytes());
        let plain = codec::encode_record(&person.record).ok_or(LocalRegistryError::TooLong)?;
        let sealed = self.keyring.seal(RECORD, &nik.to_bytes(), &plain)?;
        let seal = |template: &FaceTemplate| {
            let plain = codec::encode_features(template.features());
            let sealed = self.keyring.seal(TEMPLATE, &template_place(nik, template.model()), &plain)?;
            Ok::<_, SealError>((template.model().to_string(), sealed))
        };
        let templates = person.templates.iter().map(seal).collect::<Result<_, _>>()?;
        Ok(Row { nik, sealed, templates })
    }

    async fn record(&self, nik: &Nik) -> Result<Option<Record>, LocalRegistryError> {
        let Some((index, sealed)) = self.storage.record(&self.indexes(nik)).await? else { return Ok(None) };
        let plain = self.keyring.open(RECORD, &index.to_bytes(), &sealed)?;
        let corrupt = LocalRegistryError::Corrupt { table: "person" };
        codec::decode_record(&plain).filter(|record| record.nik == *nik).ok_or(corrupt).map(Some)
    }

    async fn template(&self, nik: &Nik) -> Result<Option<FaceTemplate>, LocalRegistryError> {
        let model = self.scales.model();
        let Some((index, sealed)) = self.storage.template(&self.indexes(nik), model).await? else {
            return Ok(None);
        };
        let plain = self.keyring.open(TEMPLATE, &template_place(index, model), &sealed)?;
        let features = codec::decode_features(&plain);
        let template = features.and_then(|features| FaceTemplate::new(model.clone(), features));
        template.ok_or(LocalRegistryError::Corrupt { table: "template" }).map(Some)
    }

    async fn compare_face(
        &self,
        nik: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, LocalRegistryError> {
        // No element of a record that may not be used is compared, its portrait no more than its texts.
        let usable = self.record(nik).await?.is_some_and(|record| record.state == RecordState::Active);
        let reference = if usable { self.template(nik).await? } else { None };
        Ok(match reference {
            Some(reference) => reference::compare(&self.scales, probe, &reference, threshold),
            None => FaceAnswer::NoReference,
        })
    }
}

/// A template is bound to its person and its model.
fn template_place(nik: BlindIndex, model: &str) -> Vec<u8> {
    [nik.to_bytes().as_slice(), model.as_bytes()].concat()
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
        LocalRegistryError::Database(sqlx::Error::PoolTimedOut) => Trouble::Timeout,
        LocalRegistryError::Database(_) | LocalRegistryError::Open(_) => Trouble::Unavailable,
        LocalRegistryError::Seal(_) => Trouble::Setup { code: "sealing".to_owned() },
        LocalRegistryError::Corrupt { .. } | LocalRegistryError::TooLong => Trouble::BadAnswer,
    }
}
