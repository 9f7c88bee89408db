//! What `--demo` and `--sandbox` bring along: people, credentials, and a file that lists them.

pub mod cast;
mod credentials;
mod greeting;
mod manifest;
mod people;
mod pictures;

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

use absah_registry::local::LocalRegistry;
use absah_store::sqlite::SqliteStore;

use crate::data_dir::DataDir;
use crate::vision::Vision;

/// What the server is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// An operator's own people and credentials.
    Plain,
    /// A thousand synthetic people.
    Demo,
    /// The scenario table alone.
    Sandbox,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "the server",
            Self::Demo => "--demo",
            Self::Sandbox => "--sandbox",
        })
    }
}

/// Brings along what the stage needs. Doing it again, also after being killed half-way, changes nothing that is there.
pub async fn prepare(
    stage: Stage,
    dir: &DataDir,
    store: &SqliteStore,
    registry: Option<&LocalRegistry>,
    vision: &Vision,
    address: SocketAddr,
    kredibel_prefix: &str,
) -> Result<(), Box<dyn Error>> {
    let (credentials, people) = match (stage, registry) {
        (Stage::Plain, _) => return Ok(credentials::disable_sandbox(store).await?),
        (Stage::Sandbox, _) | (Stage::Demo, None) => (credentials::of_sandbox(store).await?, Vec::new()),
        (Stage::Demo, Some(registry)) => {
            credentials::disable_sandbox(store).await?;
            let people = people::settle(dir, registry, vision).await?;
            (credentials::of_demo(store, &dir.secrets()).await?, people)
        }
    };
    let base_url = format!("http://{address}");
    manifest::write(dir.path(), &manifest::of(&base_url, &credentials, &people))?;
    greeting::print(dir.path(), &base_url, kredibel_prefix, &credentials, &people);
    Ok(())
}
