//! How far an import has come, kept in the registry until it is done.

use serde::{Deserialize, Serialize};

use super::{ImportSummary, Position};

/// A file of people as an import knows it again.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Which import it is: the file's place and the portraits' folder, say.
    pub name: Vec<u8>,
    /// What the file holds, as far as that is quickly told: its length and first bytes, say.
    pub content: Vec<u8>,
}

/// What is kept of an import under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// Keyed hash of [`Identity::content`], in hexadecimal digits.
    pub content: String,
    pub position: Position,
    pub summary: ImportSummary,
    /// Bytes of the reject sink that belong to rows before the position.
    pub rejects: u64,
    /// Time spent, in milliseconds.
    pub millis: u64,
}
