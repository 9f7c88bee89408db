//! The way to the server: a bounded pool of connections that outlives the server's restarts.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::{PoolConnection, PoolConnectionMetadata};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, Postgres};
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use super::error::{PostgresError, is_broken, is_conflict};
use crate::local::LocalRegistryError;

/// How a registry in PostgreSQL is reached.
#[derive(Debug, Clone)]
pub struct PostgresSettings {
    /// Connections at once, at least 1.
    pub max_connections: u32,
    /// How long a caller waits for a connection.
    pub acquire_timeout: Duration,
    /// How long a question about one person may take.
    pub statement_timeout: Duration,
    /// How long a statement may take that writes, counts or goes through many people.
    pub long_statement_timeout: Duration,
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
            long_statement_timeout: Duration::from_secs(1800),
        }
    }
}

/// A connection that was idle for longer is asked whether it lives before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// What a server may take to answer that.
const PING: Duration = Duration::from_secs(2);
/// What the caller waits for a server's own timeout to reach it.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// Connections to one database.
pub(super) struct Link {
    pool: PgPool,
    settings: PostgresSettings,
    /// Host and port, for errors.
    server: String,
    /// The database's name, for errors.
    database: String,
    health: Arc<Health>,
}

/// What is known of the server's life.
#[derive(Default)]
struct Health(Mutex<Known>);

#[derive(Default, Clone, Copy)]
struct Known {
    /// A connection broke, and none has served since.
    down: bool,
    /// When one broke last.
    broke: Option<Instant>,
}

impl Health {
    fn known(&self) -> Known {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn broke(&self) {
        let broke = Some(Instant::now());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Known { down: true, broke };
    }

    fn served(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).down = false;
    }

    /// Whether a connection may have died: one that was idle for long, and any other for as long after one broke.
    fn suspects(&self, meta: &PoolConnectionMetadata) -> bool {
        let known = self.known();
        let just_broke = known.broke.is_some_and(|broke| broke.elapsed() <= 2 * TRUSTED_IDLE);
        meta.idle_for > TRUSTED_IDLE || known.down || just_broke
    }
}

impl Link {
    /// Reaches the server once, so that what is wrong is told at the start.
    pub(super) async fn open(
        url: &str,
        settings: &PostgresSettings,
    ) -> Result<(Self, PgConnection), LocalRegistryError> {
        let options = options(url, settings).ok_or(PostgresError::Url)?;
        let server = format!("{}:{}", options.get_host(), options.get_port());
        let health = Arc::new(Health::default());
        let link = Self {
            pool: pool(options.clone(), settings, &health),
            settings: settings.clone(),
            server,
            database: options.get_database().unwrap_or(options.get_username()).to_owned(),
            health,
        };
        let first = match timeout(settings.acquire_timeout, options.connect()).await {
            Ok(Ok(first)) => first,
            Ok(Err(error)) => return Err(link.unreachable(error)),
            Err(_) => return Err(PostgresError::Unreachable { server: link.server, source: None }.into()),
        };
        Ok((link, first))
    }

    fn unreachable(&self, error: sqlx::Error) -> LocalRegistryError {
        match PostgresError::of(&self.server, error) {
            Ok(told) => told.into(),
            Err(error) => {
                PostgresError::Unreachable { server: self.server.clone(), source: Some(error) }.into()
            }
        }
    }

    /// The database, as errors name it.
    pub(super) fn database(&self) -> String {
        format!("the database {} at {}", self.database, self.server)
    }

    /// How long a question about one person may take.
    pub(super) fn short(&self) -> Duration {
        self.settings.statement_timeout
    }

    /// How long a statement about many may take.
    pub(super) fn long(&self) -> Duration {
        self.settings.long_statement_timeout
    }

    /// A connection.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<Postgres>, LocalRegistryError> {
        match self.pool.acquire().await {
            Ok(connection) => Ok(connection),
            // A pool that waits for a server that is down and one whose connections are all in use tell the same.
            Err(sqlx::Error::PoolTimedOut) if self.health.known().down => {
                Err(PostgresError::Unreachable { server: self.server.clone(), source: None }.into())
            }
            Err(error) => Err(self.told(error)),
        }
    }

    /// What came of something done on a connection. One that broke, or is busy with what nobody waits for any more, is
    /// closed.
    pub(super) fn settle<T>(
        &self,
        connection: PoolConnection<Postgres>,
        outcome: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Outcome<T> {
        match outcome {
            Ok(Ok(done)) => {
                self.health.served();
                Outcome::Done(done)
            }
            Ok(Err(error)) if is_broken(&error) => {
                self.health.broke();
                drop(connection.detach());
                Outcome::Broken(self.told(error))
            }
            Ok(Err(error)) if is_conflict(&error) => Outcome::Conflict(self.told(error)),
            Ok(Err(error)) => Outcome::Failed(self.told(error)),
            Err(_) => {
                drop(connection.detach());
                Outcome::Failed(PostgresError::TimedOut { server: self.server.clone() }.into())
            }
        }
    }

    /// An error without what a server may have quoted in it.
    pub(super) fn told(&self, error: sqlx::Error) -> LocalRegistryError {
        PostgresError::of(&self.server, error)
            .map_or_else(LocalRegistryError::Database, LocalRegistryError::Postgres)
    }
}

/// What came of something done on a connection.
pub(super) enum Outcome<T> {
    Done(T),
    /// The connection is gone.
    Broken(LocalRegistryError),
    /// Another transaction was in the way.
    Conflict(LocalRegistryError),
    Failed(LocalRegistryError),
}

/// Reads on a connection; once more, on another one where the first broke. A time is what a statement may take.
macro_rules! read {
    ($link:expr, $time:expr, $db:ident => $work:expr) => {{
        let mut again = true;
        loop {
            let mut connection = $link.acquire().await?;
            let outcome = {
                let $db = &mut *connection;
                tokio::time::timeout($time + $crate::local::postgres::link::GRACE, async { $work.await })
                    .await
            };
            match $link.settle(connection, outcome) {
                Outcome::Done(done) => break Ok::<_, LocalRegistryError>(done),
                Outcome::Broken(_) | Outcome::Conflict(_) if std::mem::take(&mut again) => {}
                Outcome::Broken(error) | Outcome::Conflict(error) | Outcome::Failed(error) => {
                    break Err(error);
                }
            }
        }
    }};
}

/// Does something in a transaction, again where another one was in the way, within bounds. It is not done again where
/// the connection broke: it may have been committed.
macro_rules! written {
    ($link:expr, $tx:ident => $work:expr) => {{
        let mut patience = absah_sqlite::Patience::new();
        loop {
            let mut connection = $link.acquire().await?;
            let attempt = async {
                let mut transaction = connection.begin().await?;
                link::take_long(&mut transaction, $link.long()).await?;
                let $tx = &mut *transaction;
                let done = $work.await?;
                transaction.commit().await?;
                Ok(done)
            };
            let outcome = tokio::time::timeout($link.long() + link::GRACE, attempt).await;
            match $link.settle(connection, outcome) {
                Outcome::Done(done) => break Ok::<_, LocalRegistryError>(done),
                Outcome::Conflict(_) if patience.wait().await => {}
                Outcome::Broken(error) | Outcome::Conflict(error) | Outcome::Failed(error) => {
                    break Err(error);
                }
            }
        }
    }};
}

pub(super) use {read, written};

/// Lets this transaction's statements take long. Local to it, so that it holds behind a pooler of transactions too.
pub(super) async fn take_long(db: &mut PgConnection, time: Duration) -> Result<(), sqlx::Error> {
    let sql = format!("SET LOCAL statement_timeout = {}", time.as_millis());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(db).await?;
    Ok(())
}

fn options(url: &str, settings: &PostgresSettings) -> Option<PgConnectOptions> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return None;
    }
    let options = PgConnectOptions::from_str(url).ok()?.application_name("absah");
    let millis = settings.statement_timeout.as_millis().to_string();
    Some(options.options([("statement_timeout", millis)]).disable_statement_logging())
}

fn pool(options: PgConnectOptions, settings: &PostgresSettings, health: &Arc<Health>) -> PgPool {
    let health = Arc::clone(health);
    PgPoolOptions::new()
        .max_connections(settings.max_connections.max(1))
        .acquire_timeout(settings.acquire_timeout)
        // A question about one person is one round trip: only a connection that may have died is asked first.
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| {
            let health = Arc::clone(&health);
            Box::pin(async move { still_lives(connection, &meta, &health).await })
        })
        .connect_lazy_with(options)
}

async fn still_lives(
    connection: &mut PgConnection,
    meta: &PoolConnectionMetadata,
    health: &Health,
) -> Result<bool, sqlx::Error> {
    if !health.suspects(meta) {
        return Ok(true);
    }
    let answer = timeout(PING, connection.ping()).await.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut));
    if answer.is_err() {
        health.broke();
    }
    answer.map(|()| true)
}
