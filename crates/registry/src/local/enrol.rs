//! Putting people in, taking them out, and going through all of them.

use absah_core::claims::Record;
use absah_core::face::FaceTemplate;
use absah_core::nik::Nik;
use zeroize::Zeroizing;

use super::storage::{Checkpoint, Cursor, Key, Row};
use super::vault::Vault;
use super::{LocalRegistry, LocalRegistryError};

/// People read at a time when going through all of them.
const PAGE: u32 = 1_000;
/// People removed in one transaction.
const REMOVED_TOGETHER: usize = 1_000;
/// Templates dropped in one transaction.
const DROPPED_TOGETHER: u32 = 10_000;

/// A person to be put into the registry: what is held, and templates of the reference portrait, one a model.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// What is held.
    pub record: Record,
    /// Templates; those of models not named here stay as they are.
    pub templates: Vec<FaceTemplate>,
    /// The reference portrait itself, only where it shall be kept; where it is not given, one that is kept stays.
    pub picture: Option<Zeroizing<Vec<u8>>>,
}

impl Enrolment {
    /// A record with templates, its picture not kept.
    pub fn new(record: Record, templates: Vec<FaceTemplate>) -> Self {
        Self { record, templates, picture: None }
    }
}

/// What putting people in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted {
    /// People who were not held before.
    pub inserted: u64,
    /// Records that replaced an earlier one, of the same call too.
    pub updated: u64,
}

impl LocalRegistry {
    /// Puts one person in; a record of the same NIK is replaced.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put(
        &self,
        record: Record,
        templates: Vec<FaceTemplate>,
    ) -> Result<Upserted, LocalRegistryError> {
        self.put_all(&[Enrolment::new(record, templates)]).await
    }

    /// Puts people in, all in one transaction; of two with the same NIK the later one stays.
    ///
    /// Others who write wait meanwhile: up to some ten thousand at a time are reasonable.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put_all(&self, people: &[Enrolment]) -> Result<Upserted, LocalRegistryError> {
        let rows = people.iter().map(|person| self.vault.seal(person)).collect::<Result<Vec<_>, _>>()?;
        self.put_rows(rows, None).await
    }

    /// The same with people who are sealed already, and how far their import has come.
    pub(crate) async fn put_rows(
        &self,
        rows: Vec<Row>,
        checkpoint: Option<Checkpoint<'_>>,
    ) -> Result<Upserted, LocalRegistryError> {
        let all = rows.len() as u64;
        let inserted = self.storage.upsert(&latest_of_each(rows), checkpoint).await?;
        Ok(Upserted { inserted, updated: all - inserted })
    }

    /// Takes a person out, templates and picture included; `false` where nobody of that NIK was held.
    ///
    /// # Errors
    /// Nothing was removed.
    pub async fn remove(&self, nik: &Nik) -> Result<bool, LocalRegistryError> {
        Ok(self.remove_all(std::slice::from_ref(nik)).await? > 0)
    }

    /// Takes people out, and says how many were held.
    ///
    /// # Errors
    /// The database broke off; some may have been removed.
    pub async fn remove_all(&self, niks: &[Nik]) -> Result<u64, LocalRegistryError> {
        let mut removed = 0;
        for some in niks.chunks(REMOVED_TOGETHER) {
            let keys: Vec<_> = some.iter().flat_map(|nik| self.vault.keys(nik)).collect();
            removed += self.storage.remove(&keys).await?;
        }
        Ok(removed)
    }

    /// Hands every record to `take`, in no order that means anything; ends early where it fails.
    ///
    /// This is for the operator's own export, never for an answer to a caller.
    ///
    /// # Errors
    /// The database could not be read, a record not be opened, or `take` failed.
    pub async fn each_record<E>(&self, mut take: impl FnMut(Record) -> Result<(), E>) -> Result<(), E>
    where
        E: From<LocalRegistryError>,
    {
        let mut cursor = Cursor::default();
        loop {
            let page = self.storage.people(&cursor, PAGE).await?;
            if page.rows.is_empty() {
                return Ok(());
            }
            for (key, sealed) in page.rows {
                take(self.vault.open_record(key, &sealed)?)?;
            }
            cursor = page.next;
        }
    }

    /// How many people would be left without a template of the registry's model if those of `model` went.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn depend_on(&self, model: &str) -> Result<u64, LocalRegistryError> {
        self.storage.count_only(model, self.model()).await
    }

    /// Removes all templates of a model, and says how many they were.
    ///
    /// # Errors
    /// The database broke off; some may have been removed.
    pub async fn drop_model(&self, model: &str) -> Result<u64, LocalRegistryError> {
        let mut dropped = 0;
        loop {
            match self.storage.drop_templates(model, DROPPED_TOGETHER).await? {
                0 => return Ok(dropped),
                some => dropped += some,
            }
        }
    }

    /// The state of an import, if one of that name is under way.
    pub(crate) async fn checkpoint(&self, name: &[u8]) -> Result<Option<String>, LocalRegistryError> {
        self.storage.checkpoint(self.source_key(name)).await
    }

    /// Forgets an import that is done.
    pub(crate) async fn forget(&self, name: &[u8]) -> Result<(), LocalRegistryError> {
        self.storage.forget(self.source_key(name)).await?;
        self.storage.settle().await;
        Ok(())
    }

    /// What an import is known by.
    pub(crate) fn source_key(&self, name: &[u8]) -> Key {
        self.vault.source_key(name)
    }

    /// What a file's content is known by.
    pub(crate) fn content_key(&self, content: &[u8]) -> String {
        self.vault.source_key(content).digits()
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

/// Of rows with the same key the latest one, with the templates and the picture of the others where it has none; in the
/// order of their keys, so that neighbours in an index are written together.
fn latest_of_each(mut rows: Vec<Row>) -> Vec<Row> {
    // Stable: rows with the same key stay in the order they came in.
    rows.sort_by_key(|row| row.key);
    rows.dedup_by(|row, kept| {
        if row.key != kept.key {
            return false;
        }
        std::mem::swap(row, kept);
        for (model, template) in row.templates.drain(..) {
            if !kept.templates.iter().any(|(given, _)| *given == model) {
                kept.templates.push((model, template));
            }
        }
        kept.picture = kept.picture.take().or_else(|| row.picture.take());
        true
    });
    rows
}
