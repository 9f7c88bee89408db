//! Records, templates and pictures in their sealed form.

use absah_core::claims::Record;
use absah_core::face::{FaceTemplate, ModelId};
use absah_core::nik::Nik;
use absah_seal::{Indexer, Keyring, Purpose, SealError, Sealer};
use zeroize::Zeroizing;

use super::storage::{Key, Row};
use super::{Enrolment, LocalRegistryError, codec};

const NIK: Purpose = Purpose::new("registry.nik");
const RECORD: Purpose = Purpose::new("registry.record");
const TEMPLATE: Purpose = Purpose::new("registry.template");
const PICTURE: Purpose = Purpose::new("registry.picture");
const SOURCE: Purpose = Purpose::new("registry.source");

/// Seals what is put in and opens what is found. Everything is bound to the key it stands under.
#[derive(Clone)]
pub(crate) struct Vault {
    /// The newest first.
    indexers: Vec<Indexer>,
    records: Sealer,
    templates: Sealer,
    pictures: Sealer,
    keyring: Keyring,
}

impl Vault {
    pub(super) fn new(keyring: Keyring) -> Self {
        Self {
            indexers: keyring.indexers(NIK),
            records: keyring.sealer(RECORD),
            templates: keyring.sealer(TEMPLATE),
            pictures: keyring.sealer(PICTURE),
            keyring,
        }
    }

    /// What to look a person up by, the newest first.
    pub(super) fn keys(&self, nik: &Nik) -> Vec<Key> {
        self.indexers.iter().map(|indexer| Key::of(indexer.index(nik.expose().as_bytes()))).collect()
    }

    /// What a person is written under.
    pub(super) fn key(&self, nik: &Nik) -> Key {
        match self.indexers.first() {
            Some(indexer) => Key::of(indexer.index(nik.expose().as_bytes())),
            None => Key::of(self.keyring.index(NIK, nik.expose().as_bytes())),
        }
    }

    /// What an import is known by.
    pub(super) fn source_key(&self, name: &[u8]) -> Key {
        Key::of(self.keyring.index(SOURCE, name))
    }

    pub(crate) fn seal(&self, person: &Enrolment) -> Result<Row, LocalRegistryError> {
        let key = self.key(&person.record.nik);
        let plain = codec::encode_record(&person.record).ok_or(LocalRegistryError::TooLong)?;
        let seal =
            |template| Ok::<_, SealError>((template_model(template), self.seal_template(key, template)?));
        Ok(Row {
            key,
            sealed: self.records.seal(key.bytes(), &plain)?,
            templates: person.templates.iter().map(seal).collect::<Result<_, _>>()?,
            picture: match &person.picture {
                Some(picture) => Some(self.pictures.seal(key.bytes(), picture)?),
                None => None,
            },
        })
    }

    pub(super) fn seal_template(&self, key: Key, template: &FaceTemplate) -> Result<Vec<u8>, SealError> {
        self.templates
            .seal(&template_place(key, template.model()), &codec::encode_features(template.features()))
    }

    pub(super) fn open_record(&self, key: Key, sealed: &[u8]) -> Result<Record, LocalRegistryError> {
        let plain = self.records.open(key.bytes(), sealed)?;
        codec::decode_record(&plain).ok_or(LocalRegistryError::Corrupt { table: "person" })
    }

    pub(super) fn open_template(
        &self,
        key: Key,
        model: &ModelId,
        sealed: &[u8],
    ) -> Result<FaceTemplate, LocalRegistryError> {
        let plain = self.templates.open(&template_place(key, model), sealed)?;
        let features = codec::decode_features(&plain);
        let template = features.and_then(|features| FaceTemplate::new(model.clone(), features));
        template.ok_or(LocalRegistryError::Corrupt { table: "template" })
    }

    pub(super) fn open_picture(
        &self,
        key: Key,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, LocalRegistryError> {
        Ok(self.pictures.open(key.bytes(), sealed)?)
    }
}

fn template_model(template: &FaceTemplate) -> String {
    template.model().to_string()
}

/// A template is bound to its person and its model.
fn template_place(key: Key, model: &str) -> Vec<u8> {
    [key.bytes(), model.as_bytes()].concat()
}
