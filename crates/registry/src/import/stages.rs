//! The work of an import that needs no database: reading, encoding portraits and sealing, each on threads of its own,
//! a bounded number of batches apart.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use absah_core::claims::RecordState;
use tokio::sync::mpsc;

use super::columns::Column;
use super::person::Person;
use super::portrait::{Encoded, Folder, PortraitEncoder};
use super::source::{Parsed, Source};
use super::{ImportError, Position, Rejection};
use crate::local::{Enrolment, LocalRegistryError, Row, Vault};

/// Rows of a batch.
const ROWS: usize = 4_096;
/// Rows of a batch where portraits are encoded, which takes far longer.
const ROWS_WITH_PORTRAITS: usize = 256;
/// The same where the pictures are kept, each of up to 32 MiB.
const ROWS_WITH_PICTURES: usize = 16;
/// Batches that were read and wait to be prepared.
const READ: usize = 2;
/// Batches that are prepared and wait to be written: as many as one commit takes, so that the next one gathers while the
/// disk works on it.
const PREPARED: usize = super::COMMIT / ROWS;

/// Rows that were read together, those in order sealed.
#[derive(Default)]
pub(super) struct Batch {
    pub people: Vec<Row>,
    /// In the order of their lines.
    pub rejections: Vec<Rejection>,
    /// Rows that were not taken. A rejection more may tell of a row that was taken without its portrait.
    pub rejected: u64,
    /// Behind the last row.
    pub position: Position,
    /// Whether the file ends here.
    pub last: bool,
}

impl Batch {
    /// How many rows were read.
    pub(super) fn read(&self) -> u64 {
        self.people.len() as u64 + self.rejected
    }
}

/// How people are read and made ready.
pub(super) struct Preparation {
    pub folder: Option<Folder>,
    pub encoder: Arc<dyn PortraitEncoder>,
    pub threads: NonZeroUsize,
    pub keep_pictures: bool,
    pub vault: Vault,
}

/// Starts the stages; the batches come in the file's order. They end when the receiver is dropped.
pub(super) fn start(
    source: Box<dyn Source>,
    preparation: Preparation,
) -> mpsc::Receiver<Result<Batch, ImportError>> {
    let (most, waiting) = match (source.has_portraits(), preparation.keep_pictures) {
        (false, _) => (ROWS, PREPARED),
        (true, false) => (ROWS_WITH_PORTRAITS, PREPARED),
        (true, true) => (ROWS_WITH_PICTURES, 1),
    };
    let (read, to_prepare) = sync_channel(READ);
    let (prepared, batches) = mpsc::channel(waiting);
    std::thread::spawn(move || read_all(source, most, &read));
    std::thread::spawn(move || prepare_all(&to_prepare, &preparation, &prepared));
    batches
}

/// Rows as they were read.
struct Rows {
    people: Vec<(u64, Person)>,
    rejections: Vec<Rejection>,
    position: Position,
    last: bool,
}

fn read_all(mut source: Box<dyn Source>, most: usize, read: &SyncSender<Result<Rows, ImportError>>) {
    loop {
        // What reads Parquet may panic over a broken file.
        let rows =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read_some(source.as_mut(), most)));
        let broken = || ImportError::Read(std::io::Error::other("the file is broken"));
        let rows = rows.unwrap_or_else(|_| Err(broken()));
        let last = rows.as_ref().map_or(true, |rows| rows.last);
        if read.send(rows).is_err() || last {
            return;
        }
    }
}

fn read_some(source: &mut dyn Source, most: usize) -> Result<Rows, ImportError> {
    let (mut people, mut rejections) = (Vec::with_capacity(most), Vec::new());
    for _ in 0..most {
        let Some(Parsed { line, person }) = source.next().map_err(ImportError::Read)? else { break };
        match person {
            Ok(person) => people.push((line, person)),
            Err((field, reason)) => rejections.push(Rejection { line, field, reason }),
        }
    }
    let last = people.len() + rejections.len() < most;
    Ok(Rows { people, rejections, position: source.position(), last })
}

fn prepare_all(
    rows: &Receiver<Result<Rows, ImportError>>,
    preparation: &Preparation,
    prepared: &mpsc::Sender<Result<Batch, ImportError>>,
) {
    for rows in rows {
        let batch = rows.and_then(|rows| prepare(rows, preparation));
        let last = batch.is_err();
        if prepared.blocking_send(batch).is_err() || last {
            return;
        }
    }
}

fn prepare(rows: Rows, preparation: &Preparation) -> Result<Batch, ImportError> {
    let Rows { people, mut rejections, position, last } = rows;
    let mut rejected = rejections.len() as u64;
    let enrolments = encode(people, preparation, &mut rejections, &mut rejected)?;
    rejections.sort_unstable_by_key(|rejection| rejection.line);
    let people = seal(&enrolments, &preparation.vault, preparation.threads)?;
    Ok(Batch { people, rejections, rejected, position, last })
}

/// Adds the portraits' templates. A row whose portrait cannot be used is not taken, unless it says that the record is
/// not active: a person who has died must not stay active for a bad picture.
fn encode(
    people: Vec<(u64, Person)>,
    preparation: &Preparation,
    rejections: &mut Vec<Rejection>,
    rejected: &mut u64,
) -> Result<Vec<Enrolment>, ImportError> {
    let paths: Vec<_> = people.iter().filter_map(|(_, person)| person.portrait.as_deref()).collect();
    let encoded = match (&preparation.folder, paths.is_empty()) {
        (_, true) => Vec::new(),
        (Some(folder), _) => folder.encode_all(
            &paths,
            preparation.encoder.as_ref(),
            preparation.threads,
            preparation.keep_pictures,
        ),
        (None, _) => return Err(ImportError::NoPortraitFolder),
    };
    let mut encoded = encoded.into_iter();
    let mut enrolments = Vec::with_capacity(people.len());
    for (line, Person { record, portrait }) in people {
        let mut enrolment = Enrolment::new(record, Vec::new());
        match portrait.and_then(|_| encoded.next()) {
            None => {}
            Some((Encoded::Template(template), picture)) => {
                enrolment.templates.push(template);
                enrolment.picture = picture;
            }
            Some((Encoded::Failed(error), _)) => return Err(ImportError::Encoder(error)),
            Some((Encoded::Rejected(reason), _)) => {
                rejections.push(Rejection { line, field: Some(Column::Portrait.key()), reason });
                if enrolment.record.state == RecordState::Active {
                    *rejected += 1;
                    continue;
                }
            }
        }
        enrolments.push(enrolment);
    }
    Ok(enrolments)
}

/// Seals on several threads, in order.
fn seal(people: &[Enrolment], vault: &Vault, threads: NonZeroUsize) -> Result<Vec<Row>, LocalRegistryError> {
    let share = people.len().div_ceil(threads.get()).max(1);
    let seal =
        |some: &[Enrolment]| some.iter().map(|person| vault.seal(person)).collect::<Result<Vec<_>, _>>();
    if people.len() <= ROWS_WITH_PORTRAITS {
        return seal(people);
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = people.chunks(share).map(|some| scope.spawn(move || seal(some))).collect();
        let mut rows = Vec::with_capacity(people.len());
        for thread in threads {
            rows.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(rows)
    })
}
