//! One task that writes: whatever waits is written in one transaction and answered after its commit.
//!
//! A commit costs a flush of the disk, whether it holds one row or a hundred. While one batch is being flushed the next
//! one gathers, so the batches grow with the load and a lone write does not wait for company. Each write has a
//! savepoint of its own: one that fails, or breaks off, is undone alone.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use absah_sqlite::{Patience, is_busy};

use crate::StoreError;

/// Something to be written.
#[async_trait]
pub(super) trait Write: Send + Sync + 'static {
    /// What the one who asked for it is told.
    type Answer: Send + 'static;

    /// Writes it. May be called again where the batch it was in could not be committed for a lock.
    async fn write(&self, db: &mut SqliteConnection) -> Result<Self::Answer, StoreError>;
}

/// The way to the writing task.
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Pending>>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the task: up to `waiting` writes queue, up to `batch` share a commit.
    pub(super) fn start(db: SqliteConnection, waiting: usize, batch: usize) -> Self {
        let (queue, orders) = mpsc::channel(waiting);
        let task = tokio::spawn(run(db, orders, batch));
        Self { queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)) }
    }

    /// Hands a write in and waits until it is on disk. What has been handed in is written even if the caller goes.
    pub(super) async fn submit<W: Write>(&self, write: W) -> Result<W::Answer, StoreError> {
        let (reply, answer) = oneshot::channel();
        let order = Box::new(Order { write, outcome: None, reply });
        let queue = self.queue.lock().await.clone().ok_or(StoreError::Closed)?;
        queue.try_send(order).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        drop(queue);
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Whether there still is somebody to write.
    pub(super) async fn alive(&self) -> Result<(), StoreError> {
        let open = self.queue.lock().await.as_ref().is_some_and(|queue| !queue.is_closed());
        if open { Ok(()) } else { Err(StoreError::Closed) }
    }

    /// Takes no more writes and waits until those that wait are written.
    pub(super) async fn close(&self) {
        drop(self.queue.lock().await.take());
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the store's writer broke off");
        }
    }
}

/// A write with the one who waits for it, whatever the answer's type.
#[async_trait]
trait Pending: Send {
    /// Writes it and keeps the answer; `false` where it failed and has to be undone.
    async fn attempt(&mut self, db: &mut SqliteConnection) -> bool;

    /// Tells the answer, which stands only if the batch was committed.
    fn settle(self: Box<Self>, batch: Result<(), Arc<sqlx::Error>>);
}

struct Order<W: Write> {
    write: W,
    outcome: Option<Result<W::Answer, StoreError>>,
    reply: oneshot::Sender<Result<W::Answer, StoreError>>,
}

#[async_trait]
impl<W: Write> Pending for Order<W> {
    async fn attempt(&mut self, db: &mut SqliteConnection) -> bool {
        let mut writing = self.write.write(db);
        // A defect in one write must not take the writer down with it, and everybody else's writes until a restart.
        let outcome = poll_fn(|context| {
            catch_unwind(AssertUnwindSafe(|| writing.as_mut().poll(context)))
                .unwrap_or(Poll::Ready(Err(StoreError::Unfinished)))
        });
        self.outcome.insert(outcome.await).is_ok()
    }

    fn settle(self: Box<Self>, batch: Result<(), Arc<sqlx::Error>>) {
        let answer = match (batch, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::Closed),
            (Err(error), _) => Err(StoreError::NotCommitted(error)),
        };
        // A caller that has gone is told nothing.
        let _ = self.reply.send(answer);
    }
}

async fn run(mut db: SqliteConnection, mut orders: mpsc::Receiver<Box<dyn Pending>>, limit: usize) {
    let mut batch = Vec::with_capacity(limit);
    while orders.recv_many(&mut batch, limit).await > 0 {
        let written = commit(&mut db, &mut batch).await.map_err(Arc::new);
        if let Err(error) = &written {
            tracing::error!(%error, writes = batch.len(), "writes could not be committed");
        }
        for order in batch.drain(..) {
            order.settle(written.clone());
        }
    }
    if let Err(error) = db.close().await {
        tracing::error!(%error, "the store's file did not close cleanly");
    }
}

/// Writes the batch in one transaction, again where another process holds the lock.
async fn commit(db: &mut SqliteConnection, batch: &mut [Box<dyn Pending>]) -> Result<(), sqlx::Error> {
    let mut patience = Patience::new();
    loop {
        match attempt(db, batch).await {
            Err(error) if is_busy(&error) && patience.wait().await => {}
            settled => return settled,
        }
    }
}

/// Any error here belongs to the whole batch: the transaction is rolled back as it is dropped.
async fn attempt(db: &mut SqliteConnection, batch: &mut [Box<dyn Pending>]) -> Result<(), sqlx::Error> {
    // The lock is taken at the start: a transaction that began by reading could not become a writing one once another
    // process had written in between.
    let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
    for order in batch {
        let mut savepoint = tx.begin().await?;
        // A failure so grave that SQLite gave up the whole transaction shows here, since the savepoint is gone then.
        if order.attempt(&mut savepoint).await {
            savepoint.commit().await?
        } else {
            savepoint.rollback().await?
        }
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inserts a number, and then does as it is told.
    struct Insert(i64, Then);

    #[derive(Clone, Copy)]
    enum Then {
        Answer,
        Fail,
        Panic,
    }

    #[async_trait]
    impl Write for Insert {
        type Answer = i64;

        async fn write(&self, db: &mut SqliteConnection) -> Result<i64, StoreError> {
            sqlx::query("INSERT INTO number VALUES (?)").bind(self.0).execute(&mut *db).await?;
            match self.1 {
                Then::Answer => Ok(sqlx::query_scalar("SELECT count(*) FROM number").fetch_one(db).await?),
                Then::Fail => Err(StoreError::Taken { what: "number" }),
                Then::Panic => panic!("a defect"),
            }
        }
    }

    #[tokio::test]
    async fn a_write_that_breaks_off_is_undone_alone_and_the_next_ones_are_written() {
        let mut db = SqliteConnection::connect("sqlite::memory:").await.expect("opened");
        sqlx::query("CREATE TABLE number (value INTEGER)").execute(&mut db).await.expect("made");
        let writer = Writer::start(db, 16, 16);
        // Handed in together, so that they share a batch.
        let answers = tokio::join!(
            writer.submit(Insert(1, Then::Answer)),
            writer.submit(Insert(2, Then::Panic)),
            writer.submit(Insert(3, Then::Fail)),
            writer.submit(Insert(4, Then::Answer)),
        );
        assert!(matches!(answers, (Ok(1), Err(StoreError::Unfinished), Err(_), Ok(2))), "{answers:?}");
        for (value, then) in [(5, Then::Panic), (6, Then::Panic)] {
            let answer = writer.submit(Insert(value, then)).await;
            assert!(matches!(answer, Err(StoreError::Unfinished)), "{answer:?}");
        }
        writer.alive().await.expect("still there");
        assert_eq!(writer.submit(Insert(7, Then::Answer)).await.expect("written"), 3);
        writer.close().await;
    }
}
