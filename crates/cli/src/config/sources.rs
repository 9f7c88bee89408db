//! Registries that are asked over the network.

use std::time::Duration;

use absah_registry::dukcapil::DukcapilSettings;
use serde::Deserialize;
use toml::{Table, Value};

/// What a source's own work adds to the time of its attempts: it gives up on them itself, and not the one who asks it.
const GRACE: Duration = Duration::from_secs(1);

/// A registry that is asked over the network.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Table")]
pub struct OutsideSource {
    /// Calls a day, claims and faces together; 0 for no bound.
    pub calls_per_day: u64,
    /// How it is reached.
    pub settings: DukcapilSettings,
    timeout_seconds: u64,
}

impl OutsideSource {
    /// How long one question may take, all attempts included.
    pub fn timeout(&self) -> Duration {
        match self.timeout_seconds {
            0 => self.settings.longest_question().saturating_add(GRACE),
            seconds => Duration::from_secs(seconds),
        }
    }
}

impl TryFrom<Table> for OutsideSource {
    type Error = String;

    /// A table with the keys of every source, and all others those of its kind.
    fn try_from(mut table: Table) -> Result<Self, String> {
        match table.remove("kind").as_ref().and_then(Value::as_str) {
            Some("dukcapil") => {}
            _ => return Err("kind has to be \"dukcapil\"".to_owned()),
        }
        let mut whole = |key: &str| match table.remove(key) {
            None => Ok(0),
            Some(value) => value
                .as_integer()
                .and_then(|value| u64::try_from(value).ok())
                .ok_or_else(|| format!("{key} has to be a whole number, 0 or more")),
        };
        let (calls_per_day, timeout_seconds) = (whole("calls_per_day")?, whole("timeout_seconds")?);
        let settings = table.try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
        Ok(Self { calls_per_day, settings, timeout_seconds })
    }
}
