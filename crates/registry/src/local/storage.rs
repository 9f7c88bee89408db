//! What the local registry asks of a database: rows by the keyed hash of a NIK, every one of them sealed.

use absah_seal::BlindIndex;
use async_trait::async_trait;

use super::LocalRegistryError;

/// What a person's rows are found by: key id, and the first half of the keyed hash. Of 285 million people two have the
/// same with a chance of 1 in 10^22.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key([u8; Self::LENGTH]);

impl Key {
    /// In bytes.
    pub(super) const LENGTH: usize = 17;

    pub(super) fn of(index: BlindIndex) -> Self {
        let mut key = [0; Self::LENGTH];
        key.copy_from_slice(index.to_bytes().split_at(Self::LENGTH).0);
        Self(key)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// In hexadecimal digits.
    pub(super) fn digits(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// `None` where a database gave something else.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().map(Self).ok()
    }
}

/// One person's rows, to be written.
pub(crate) struct Row {
    pub key: Key,
    pub sealed: Vec<u8>,
    /// By model.
    pub templates: Vec<(String, Vec<u8>)>,
    pub picture: Option<Vec<u8>>,
}

/// A row found, with the key it stands under.
pub(super) type Found = (Key, Vec<u8>);

/// A person's record and, where there is one, the template of a model.
pub(super) struct Reference {
    pub key: Key,
    pub record: Vec<u8>,
    pub template: Option<Vec<u8>>,
}

/// Some people, and where the next ones begin; an empty page is the end.
pub(super) struct Page {
    pub rows: Vec<Found>,
    pub next: Cursor,
}

/// Where in a table a walk stands: meant for the storage that gave it. The default is the beginning.
pub(super) type Cursor = Vec<u8>;

/// How far an import has come, to be written in the same transaction as its people.
pub(crate) struct Checkpoint<'a> {
    pub source: Key,
    /// The state to keep, once it is known how many people of the transaction are new.
    pub state: &'a (dyn Fn(u64) -> String + Send + Sync),
}

/// How much is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// People.
    pub records: u64,
    /// Templates by model, in the order of the models' names.
    pub templates: Vec<(String, u64)>,
    /// Pictures kept.
    pub pictures: u64,
    /// Bytes the database takes, indexes included.
    pub bytes: u64,
}

#[async_trait]
pub(super) trait Storage: Send + Sync {
    /// The record under the first of these keys that has one.
    async fn record(&self, keys: &[Key]) -> Result<Option<Found>, LocalRegistryError>;

    /// The same, with the model's template.
    async fn reference(&self, keys: &[Key], model: &str) -> Result<Option<Reference>, LocalRegistryError>;

    /// Writes all rows or none, and says how many people are new; the rows' keys differ. Templates of other models and a picture stay where none is given.
    async fn upsert(
        &self,
        rows: &[Row],
        checkpoint: Option<Checkpoint<'_>>,
    ) -> Result<u64, LocalRegistryError>;

    /// Removes the people under any of these keys, with all that is theirs, and says how many there were.
    async fn remove(&self, keys: &[Key]) -> Result<u64, LocalRegistryError>;

    /// People from a place on, each once.
    async fn people(&self, from: &Cursor, limit: u32) -> Result<Page, LocalRegistryError>;

    /// Pictures of people who have no template of the model, from a place on.
    async fn pictures_without(
        &self,
        model: &str,
        from: &Cursor,
        limit: u32,
    ) -> Result<Page, LocalRegistryError>;

    /// How many people have a picture and no template of the model.
    async fn count_without(&self, model: &str) -> Result<u64, LocalRegistryError>;

    /// How many people have a template of `model` and none of `other`.
    async fn count_only(&self, model: &str, other: &str) -> Result<u64, LocalRegistryError>;

    /// Which of these people are held and have no template of the model.
    async fn lacking(&self, keys: &[Key], model: &str) -> Result<Vec<Key>, LocalRegistryError>;

    /// Adds templates of a model; those of people who are not held are left out.
    async fn add_templates(&self, model: &str, rows: &[Found]) -> Result<(), LocalRegistryError>;

    /// Removes a model's templates, up to `limit` of them, and says how many they were.
    async fn drop_templates(&self, model: &str, limit: u32) -> Result<u64, LocalRegistryError>;

    /// The state of the import of a source.
    async fn checkpoint(&self, source: Key) -> Result<Option<String>, LocalRegistryError>;

    /// Forgets the import of a source.
    async fn forget(&self, source: Key) -> Result<(), LocalRegistryError>;

    /// After much was written or removed: brings it to its last place, as far as those who read meanwhile allow.
    async fn settle(&self);

    async fn stats(&self) -> Result<Stats, LocalRegistryError>;

    /// Reads something, to show that it can.
    async fn probe(&self) -> Result<(), LocalRegistryError>;
}

/// A count as databases tell it.
pub(super) fn told(count: i64, table: &'static str) -> Result<u64, LocalRegistryError> {
    u64::try_from(count).map_err(|_| LocalRegistryError::Corrupt { table })
}
