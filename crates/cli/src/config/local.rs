//! Where the embedded registry keeps its people.

use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use absah_registry::local::PostgresSettings;
use serde::Deserialize;

/// A file in the data directory, or a PostgreSQL database whose URL is given or stands in a file. A URL may hold a
/// password: masked in `Debug`.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Local {
    database: String,
    database_file: String,
    pub max_connections: u32,
}

/// Why it is not known where the registry is.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    #[error("[registry.local] names the database twice: either database or database_file")]
    Twice,
    #[error("registry.local.database_file {0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    #[error("registry.local.database_file {0} can be read by others: chmod 600")]
    Open(PathBuf),
}

impl Local {
    /// The URL of the database; `None` where the registry is a file in the data directory.
    pub fn url(&self) -> Result<Option<String>, LocalError> {
        match (self.database.is_empty(), self.database_file.is_empty()) {
            (true, true) => Ok(None),
            (false, true) => Ok(Some(self.database.clone())),
            (true, false) => read(PathBuf::from(&self.database_file)).map(Some),
            (false, false) => Err(LocalError::Twice),
        }
    }

    /// Whether it is a file in the data directory.
    pub fn is_file(&self) -> bool {
        self.database.is_empty() && self.database_file.is_empty()
    }

    /// How it is reached.
    pub fn settings(&self) -> PostgresSettings {
        PostgresSettings { max_connections: self.max_connections, ..PostgresSettings::default() }
    }
}

fn read(path: PathBuf) -> Result<String, LocalError> {
    match std::fs::metadata(&path) {
        Err(error) => return Err(LocalError::Unreadable(path, error)),
        Ok(file) if file.permissions().mode() & 0o077 != 0 => return Err(LocalError::Open(path)),
        Ok(_) => {}
    }
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) => Err(LocalError::Unreadable(path, error)),
    }
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = if self.database.is_empty() { "" } else { "<private>" };
        f.debug_struct("Local")
            .field("database", &database)
            .field("database_file", &self.database_file)
            .field("max_connections", &self.max_connections)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    const URL: &str = "postgres://absah:secret@db/registry";

    fn local(database: &str, database_file: &str) -> Local {
        Local { database: database.to_owned(), database_file: database_file.to_owned(), max_connections: 16 }
    }

    #[test]
    fn the_database_is_named_once_and_its_password_kept() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), format!("{URL}\n")).expect("written");
        let path = file.path().to_str().expect("a path").to_owned();
        let rows = [
            ("", "", 0o600, Ok(None)),
            (URL, "", 0o600, Ok(Some(URL.to_owned()))),
            ("", path.as_str(), 0o600, Ok(Some(URL.to_owned()))),
            ("", path.as_str(), 0o640, Err("chmod 600")),
            ("", "/nowhere", 0o600, Err("cannot be read")),
            (URL, path.as_str(), 0o600, Err("twice")),
        ];
        for (database, database_file, mode, expected) in rows {
            std::fs::set_permissions(file.path(), Permissions::from_mode(mode)).expect("set");
            let local = local(database, database_file);
            match (local.url(), expected) {
                (Ok(url), Ok(expected)) => assert_eq!(url, expected),
                (Err(error), Err(says)) => assert!(error.to_string().contains(says), "{error}"),
                (told, expected) => panic!("{told:?}, not {expected:?}"),
            }
            assert!(!format!("{local:?}").contains("secret"));
        }
    }
}
