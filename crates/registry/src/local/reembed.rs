//! Templates of another model, made of the pictures that are at hand.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::storage::{Cursor, Key};
use super::{LocalRegistry, LocalRegistryError};
use crate::import::portrait::{Encoded, Folder, PortraitEncoder, each, encode};
use crate::import::{ImportError, People, Person};

/// Pictures encoded and written together.
const TOGETHER: usize = 64;

/// What giving people templates of the registry's model came to, in people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reembedded {
    /// Given a template.
    pub embedded: u64,
    /// Whose picture gave none.
    pub rejected: u64,
    /// Of a file's people: who have one already, or are not held.
    pub skipped: u64,
}

/// How it is done, and who is told.
pub struct ReembedOptions<'a> {
    /// Makes templates of the registry's model.
    pub encoder: Arc<dyn PortraitEncoder>,
    /// Pictures encoded at the same time.
    pub threads: NonZeroUsize,
    /// Told how far it is after every write.
    pub progress: &'a mut (dyn FnMut(&Reembedded) + Send),
}

impl LocalRegistry {
    /// How many people have a kept picture and no template of this model.
    ///
    /// # Errors
    /// The database could not be read.
    pub async fn count_to_reembed(&self) -> Result<u64, LocalRegistryError> {
        self.storage.count_without(self.model()).await
    }

    /// Makes templates of the kept pictures of all who have none of this model. Broken off, it can be done again: who
    /// has a template is not looked at.
    ///
    /// # Errors
    /// The encoder or the database failed.
    pub async fn reembed(&self, options: ReembedOptions<'_>) -> Result<Reembedded, ImportError> {
        let mut done = Reembedded::default();
        let mut cursor = Cursor::default();
        loop {
            let page = self.storage.pictures_without(self.model(), &cursor, TOGETHER as u32).await?;
            if page.rows.is_empty() {
                return Ok(done);
            }
            let mut pictures = Vec::with_capacity(page.rows.len());
            for (key, sealed) in page.rows {
                pictures.push((key, self.vault.open_picture(key, &sealed)?));
            }
            let encoder = Arc::clone(&options.encoder);
            let encode = move |picture: &Zeroizing<Vec<u8>>| encode(picture, encoder.as_ref());
            self.embed(pictures, encode, options.threads, &mut done).await?;
            (options.progress)(&done);
            cursor = page.next;
        }
    }

    /// The same with the portraits that a file names, for people whose pictures were not kept.
    ///
    /// # Errors
    /// File, folder, encoder or database failed.
    pub async fn reembed_from(
        &self,
        people: People,
        portraits: &Path,
        options: ReembedOptions<'_>,
    ) -> Result<Reembedded, ImportError> {
        let folder = Arc::new(Folder::open(portraits).map_err(ImportError::PortraitFolder)?);
        let mut named = people.filter_map(|row| match row {
            Ok(Ok(Person { record, portrait: Some(portrait) })) => Some(Ok((record.nik, portrait))),
            Ok(_) => None,
            Err(error) => Some(Err(ImportError::Read(error))),
        });
        let mut done = Reembedded::default();
        loop {
            let some = named.by_ref().take(TOGETHER).collect::<Result<Vec<_>, _>>()?;
            if some.is_empty() {
                return Ok(done);
            }
            let keys: Vec<_> = some.iter().map(|(nik, _)| self.vault.key(nik)).collect();
            let lacking = self.storage.lacking(&keys, self.model()).await?;
            done.skipped += (keys.len() - lacking.len()) as u64;
            let lacks = |(key, _): &(Key, String)| lacking.contains(key);
            let portraits = keys.into_iter().zip(some.into_iter().map(|(_, portrait)| portrait));
            let (folder, encoder) = (Arc::clone(&folder), Arc::clone(&options.encoder));
            let encode = move |portrait: &String| folder.encode(portrait, encoder.as_ref()).0;
            self.embed(portraits.filter(lacks).collect(), encode, options.threads, &mut done).await?;
            (options.progress)(&done);
        }
    }

    /// Encodes what stands for each person's picture, on several threads, and adds the templates.
    async fn embed<T: Send + Sync + 'static>(
        &self,
        pictures: Vec<(Key, T)>,
        encode: impl Fn(&T) -> Encoded + Send + Sync + 'static,
        threads: NonZeroUsize,
        done: &mut Reembedded,
    ) -> Result<(), ImportError> {
        let keys: Vec<_> = pictures.iter().map(|(key, _)| *key).collect();
        // Encoding takes long and may wait for workers that the runtime's own threads feed.
        let encoding =
            tokio::task::spawn_blocking(move || each(&pictures, threads, |(_, picture)| encode(picture)));
        let encoded = encoding.await.map_err(|error| ImportError::Encoder(error.into()))?;
        let mut rows = Vec::with_capacity(keys.len());
        for (key, encoded) in keys.into_iter().zip(encoded) {
            match encoded {
                Encoded::Template(template) => {
                    let sealed = self.vault.seal_template(key, &template);
                    rows.push((key, sealed.map_err(LocalRegistryError::from)?));
                }
                Encoded::Rejected(_) => done.rejected += 1,
                Encoded::Failed(error) => return Err(ImportError::Encoder(error)),
            }
        }
        self.storage.add_templates(self.model(), &rows).await?;
        done.embedded += rows.len() as u64;
        Ok(())
    }
}
