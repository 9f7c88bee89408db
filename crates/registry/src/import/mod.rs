//! Loading people from a file into the local registry: CSV, JSON lines or Parquet.
//!
//! The columns are `nik`, the demographic fields, `state` and `portrait` (a path relative to the
//! portraits' folder). Rows that are not in order are told to the reject sink and do not stop the load; memory stays
//! bounded whatever stands in the file.

mod checkpoint;
mod columns;
mod jsonl;
mod parquet;
mod person;
pub(crate) mod portrait;
mod reject;
mod rows;
mod source;
mod stages;

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::local::{Checkpoint, LocalRegistry, LocalRegistryError};
use checkpoint::Progress;
use portrait::Folder;
use stages::{Batch, Preparation};

pub use checkpoint::Identity;
pub use columns::HeaderFault;
pub use person::Person;
pub use portrait::{PortraitEncoder, PortraitRefusal};
pub use reject::{Reason, Rejection};
pub use source::{Format, People, Position};

/// People who are committed together, usually: in the order of their keys, so the more they are, the fewer pages of the
/// index are written.
pub const COMMIT: usize = 131_072;
/// How long people wait for their commit, at most.
const COMMIT_AFTER: Duration = Duration::from_secs(2);

/// How an import is done, and who is told of it.
pub struct ImportOptions<'a> {
    /// The portraits' folder; nothing outside it is read.
    pub portraits: Option<PathBuf>,
    /// Makes templates of the portraits.
    pub encoder: Arc<dyn PortraitEncoder>,
    /// Portraits encoded, and records sealed, at the same time.
    pub threads: NonZeroUsize,
    /// Rows from which on people are committed; [`COMMIT`] serves well.
    pub commit: usize,
    /// Keep the portraits too, sealed, so that another model's templates can be made of them.
    pub keep_pictures: bool,
    /// What the import is known by, to go on with it after it was broken off.
    pub identity: Identity,
    /// Told how far it is after every commit, and where in the file that is.
    pub progress: &'a mut (dyn FnMut(&ImportSummary, Position) + Send),
    /// Told of every row that was not taken, or not whole: a record that is not active is taken without its portrait
    /// where that cannot be used.
    pub rejects: &'a mut (dyn RejectSink + Send),
}

/// Where rejected rows are told.
pub trait RejectSink {
    /// Takes one.
    ///
    /// # Errors
    /// It could not be noted.
    fn tell(&mut self, rejection: &Rejection) -> io::Result<()>;

    /// Makes what was told durable, and says how long it all is, in bytes.
    ///
    /// # Errors
    /// It could not be written.
    fn sync(&mut self) -> io::Result<u64>;

    /// Goes back to a length that [`RejectSink::sync`] told: what came later was of rows that will be read again.
    ///
    /// # Errors
    /// It is not that long, or could not be cut.
    fn rewind(&mut self, length: u64) -> io::Result<()>;
}

/// What an import came to, in rows; of one that was broken off and gone on with, in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportSummary {
    /// Read, the header aside.
    pub read: u64,
    /// New people.
    pub inserted: u64,
    /// People held before, whose record was replaced.
    pub updated: u64,
    /// Not taken.
    pub rejected: u64,
}

/// What an import came to, and what went before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// In all.
    pub summary: ImportSummary,
    /// Rows that an earlier run had read; 0 where there was none.
    pub resumed_after: u64,
    /// Time spent, earlier runs included.
    pub time: Duration,
}

/// Where an earlier run of an import came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumed(Progress);

impl Resumed {
    /// Where in the file to read on.
    pub fn position(&self) -> Position {
        self.0.position
    }
}

/// Why an import ended early. What was written before stays written; doing it again does no harm.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The first row is no header.
    #[error("the file's header is not understood")]
    Header(#[from] HeaderFault),
    /// There is a column of portraits, but no folder was named.
    #[error("the file names portraits: say in which folder they are")]
    NoPortraitFolder,
    /// The portraits' folder cannot be opened.
    #[error("the portraits' folder cannot be opened")]
    PortraitFolder(#[source] io::Error),
    /// The file could not be read on.
    #[error("the file could not be read")]
    Read(#[source] io::Error),
    /// A rejected row could not be told.
    #[error("a rejected row could not be noted")]
    Rejects(#[source] io::Error),
    /// The encoder failed.
    #[error("the encoder of portraits failed")]
    Encoder(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The file is not the one that an earlier run read.
    #[error("the file has changed since its import was broken off: import it anew, without resuming")]
    Changed,
    /// A thread of the import broke off.
    #[error("the import broke off before the file's end; it can be gone on with (--resume)")]
    Unfinished,
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] LocalRegistryError),
}

/// Where an earlier run of this import was broken off; `None` where there is nothing to go on with.
///
/// # Errors
/// The file is another than then, or the registry failed.
pub async fn resumed(registry: &LocalRegistry, identity: &Identity) -> Result<Option<Resumed>, ImportError> {
    let Some(state) = registry.checkpoint(&identity.name).await? else { return Ok(None) };
    let progress: Progress =
        serde_json::from_str(&state).map_err(|_| LocalRegistryError::Corrupt { table: "checkpoint" })?;
    if progress.content != registry.content_key(&identity.content) {
        return Err(ImportError::Changed);
    }
    Ok(Some(Resumed(progress)))
}

/// Loads `people` into the registry: each row is put in, replacing a record of the same NIK; of two rows with the same
/// NIK the later one stays. A row without a portrait leaves the templates held as they are.
///
/// `people` begin where `from` says, if it is given. Reads, encodes and seals on threads of its own, in bounded memory;
/// how far it has come is committed together with the people, so that an import that was killed can go on.
///
/// # Errors
/// Something other than a row failed: file, folder, encoder, reject sink or database.
pub async fn import(
    people: People,
    from: Option<Resumed>,
    options: ImportOptions<'_>,
    registry: &LocalRegistry,
) -> Result<Imported, ImportError> {
    let folder = options.portraits.as_deref().map(Folder::open).transpose();
    let folder = folder.map_err(ImportError::PortraitFolder)?;
    if people.0.requires_folder() && folder.is_none() {
        return Err(ImportError::NoPortraitFolder);
    }
    let preparation = Preparation {
        folder,
        encoder: options.encoder,
        threads: options.threads,
        keep_pictures: options.keep_pictures,
        vault: registry.vault().clone(),
    };
    let commit = options.commit;
    let mut load = Load {
        done: from.as_ref().map(|from| from.0.summary).unwrap_or_default(),
        before: Duration::from_millis(from.as_ref().map_or(0, |from| from.0.millis)),
        started: Instant::now(),
        content: registry.content_key(&options.identity.content),
        identity: options.identity,
        rejects: options.rejects,
        progress: options.progress,
        registry,
    };
    let resumed_after = load.done.read;
    load.rejects.rewind(from.map_or(0, |from| from.0.rejects)).map_err(ImportError::Rejects)?;
    let mut batches = stages::start(people.0, preparation);
    let mut together = Together::default();
    let mut last = false;
    while let Some(batch) = batches.recv().await {
        together.add(batch?);
        last = together.all.last;
        let waited = together.since.is_some_and(|since| since.elapsed() >= COMMIT_AFTER);
        if together.all.read() >= commit as u64 || waited {
            load.commit(std::mem::take(&mut together).all).await?;
        }
    }
    load.commit(together.all).await?;
    if !last {
        return Err(ImportError::Unfinished);
    }
    registry.forget(&load.identity.name).await?;
    Ok(Imported { summary: load.done, resumed_after, time: load.time() })
}

/// Batches that are committed together.
#[derive(Default)]
struct Together {
    all: Batch,
    /// When the first of them came.
    since: Option<Instant>,
}

impl Together {
    fn add(&mut self, batch: Batch) {
        let Batch { people, rejections, rejected, position, last } = batch;
        self.all.people.extend(people);
        self.all.rejections.extend(rejections);
        self.all.rejected += rejected;
        (self.all.position, self.all.last) = (position, last);
        self.since.get_or_insert_with(Instant::now);
    }
}

/// An import under way.
struct Load<'a> {
    done: ImportSummary,
    before: Duration,
    started: Instant,
    content: String,
    identity: Identity,
    rejects: &'a mut (dyn RejectSink + Send),
    progress: &'a mut (dyn FnMut(&ImportSummary, Position) + Send),
    registry: &'a LocalRegistry,
}

impl Load<'_> {
    fn time(&self) -> Duration {
        self.before + self.started.elapsed()
    }

    /// Rejected rows are told first: a row that is neither told nor written would be lost.
    async fn commit(&mut self, together: Batch) -> Result<(), ImportError> {
        if together.read() == 0 {
            return Ok(());
        }
        for rejection in &together.rejections {
            self.rejects.tell(rejection).map_err(ImportError::Rejects)?;
        }
        let rejects = self.rejects.sync().map_err(ImportError::Rejects)?;
        let (done, content, millis) = (self.done, &self.content, self.time().as_millis());
        let (read, taken) = (together.read(), together.people.len() as u64);
        let summary = |new: u64| ImportSummary {
            read: done.read + read,
            inserted: done.inserted + new,
            updated: done.updated + taken - new,
            rejected: done.rejected + together.rejected,
        };
        let state = |new| {
            let progress = Progress {
                content: content.clone(),
                position: together.position,
                summary: summary(new),
                rejects,
                millis: u64::try_from(millis).unwrap_or(u64::MAX),
            };
            serde_json::to_string(&progress).unwrap_or_default()
        };
        let checkpoint = Checkpoint { source: self.registry.source_key(&self.identity.name), state: &state };
        let written = self.registry.put_rows(together.people, Some(checkpoint)).await?;
        self.done = summary(written.inserted);
        (self.progress)(&self.done, together.position);
        Ok(())
    }
}
