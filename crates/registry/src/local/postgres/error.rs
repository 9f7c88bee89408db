//! What a PostgreSQL server may answer instead of rows. Its own errors can quote values (DETAIL, CONTEXT): only their
//! code and first line are kept.

use std::io;

use thiserror::Error;

/// The PostgreSQL server did not do what it was asked. Holds nothing of a person.
#[derive(Debug, Error)]
pub enum PostgresError {
    /// The URL is none.
    #[error("the registry's database is not understood: postgres://USER@HOST/DATABASE is expected")]
    Url,
    /// Nothing answers there.
    #[error("the PostgreSQL server {server} cannot be reached")]
    Unreachable {
        /// Host and port.
        server: String,
        /// Why, where it is known.
        #[source]
        source: Option<sqlx::Error>,
    },
    /// It did not let this user in, or do this.
    #[error("the PostgreSQL server {server} does not permit it: {message}")]
    Permission {
        /// Host and port.
        server: String,
        /// What it said.
        message: String,
    },
    /// It took longer than a statement may.
    #[error("the PostgreSQL server {server} took longer than a statement may")]
    TimedOut {
        /// Host and port.
        server: String,
    },
    /// Any other refusal.
    #[error("the PostgreSQL server {server} refused with SQLSTATE {code}: {message}")]
    Refused {
        /// Host and port.
        server: String,
        /// The SQLSTATE.
        code: String,
        /// What it said.
        message: String,
    },
    /// A newer version of the program made its tables.
    #[error(
        "the tables of {database} are of version {found}, and this program knows {known}: use a newer absah"
    )]
    Newer {
        /// The database.
        database: String,
        /// Theirs.
        found: i32,
        /// The newest this program knows.
        known: i32,
    },
    /// It was made under another sealing key.
    #[error(
        "{database} was made with another master key: put back the key it was made with, or begin with an empty database"
    )]
    WrongKey {
        /// The database.
        database: String,
    },
}

impl PostgresError {
    /// What is kept of an error that a server gave; anything else comes back as it was.
    pub(super) fn of(server: &str, error: sqlx::Error) -> Result<Self, sqlx::Error> {
        let sqlx::Error::Database(told) = &error else { return Err(error) };
        let (server, code) = (server.to_owned(), told.code().unwrap_or_default().into_owned());
        let message = told.message().lines().next().unwrap_or_default().to_owned();
        Ok(match code.as_str() {
            "57014" => Self::TimedOut { server },
            // Insufficient privilege, a read-only transaction (a replica's, say), a login refused.
            "42501" | "25006" | "28000" | "28P01" => Self::Permission { server, message },
            _ => Self::Refused { server, code, message },
        })
    }
}

/// The SQLSTATE, where a server gave one.
pub(super) fn code(error: &sqlx::Error) -> Option<String> {
    match error {
        sqlx::Error::Database(told) => told.code().map(|code| code.into_owned()),
        _ => None,
    }
}

/// Whether the connection is gone, and with it nothing but the connection.
pub(super) fn is_broken(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() != io::ErrorKind::TimedOut,
        sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => true,
        // Class 08: the connection; 57P01 to 57P05: the server ends, has ended, begins, or ended this session.
        _ => code(error).is_some_and(|code| code.starts_with("08") || code.starts_with("57P0")),
    }
}

/// Whether another transaction was in the way, so that the same one may pass when it is tried again: serialization
/// failures, which distributed engines give often, and deadlocks.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}
