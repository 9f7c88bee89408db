//! Where the master key comes from.

use std::path::Path;

use absah_seal::{CommandError, MasterKey, MasterKeyError};
use serde::Deserialize;

/// Where the master key comes from, where it is not in the data directory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealing {
    key_file: String,
    key_variable: String,
    key_command: String,
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    #[error(
        "[sealing] names several places for the master key: one of key_file, key_variable and key_command"
    )]
    Several,
    #[error("sealing.key_file gives no master key")]
    File(#[source] MasterKeyError),
    #[error("the environment variable {0} (sealing.key_variable) does not hold 64 hexadecimal digits")]
    Variable(String),
    #[error("sealing.key_command gives no master key")]
    Command(#[source] CommandError),
}

impl Sealing {
    /// Whether the key is not the data directory's.
    pub fn is_elsewhere(&self) -> bool {
        [&self.key_file, &self.key_variable, &self.key_command].iter().any(|place| !place.is_empty())
    }

    /// The key; `None` where it is the data directory's.
    pub fn master_key(&self) -> Result<Option<MasterKey>, SealingError> {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let places = (given(&self.key_file), given(&self.key_variable), given(&self.key_command));
        let key = match places {
            (None, None, None) => return Ok(None),
            (Some(file), None, None) => MasterKey::from_file(Path::new(&file)).map_err(SealingError::File)?,
            (None, Some(name), None) => variable(&name).ok_or(SealingError::Variable(name))?,
            (None, None, Some(command)) => {
                MasterKey::from_command(&command).map_err(SealingError::Command)?
            }
            _ => return Err(SealingError::Several),
        };
        Ok(Some(key))
    }
}

fn variable(name: &str) -> Option<MasterKey> {
    MasterKey::parse(std::env::var_os(name)?.to_str()?)
}
