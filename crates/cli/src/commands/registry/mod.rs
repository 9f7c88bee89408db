//! `absah registry`: the embedded population registry.

mod bench;
mod export;
mod import;
pub mod people;
mod reembed;
mod rejects;
mod remove;
mod stats;
mod synth;

use std::error::Error;
use std::sync::Arc;

use absah_registry::local::LocalRegistry;
use clap::Subcommand;

use super::{Common, Ending, note, print};
use crate::data_dir::DataDir;

/// Load and look after the embedded population registry.
#[derive(Subcommand)]
pub enum Registry {
    Import(import::Import),
    Stats(stats::Stats),
    Export(export::Export),
    Remove(remove::Remove),
    Reembed(reembed::Reembed),
    Synth(synth::Synth),
    Bench(bench::Bench),
}

impl Registry {
    pub async fn run(self) -> Ending {
        match self {
            Self::Import(command) => Box::pin(command.run()).await,
            Self::Stats(command) => command.run().await,
            Self::Export(command) => command.run().await,
            Self::Remove(command) => command.run().await,
            Self::Reembed(command) => Box::pin(command.run()).await,
            Self::Synth(command) => command.run(),
            Self::Bench(command) => Box::pin(command.run()).await,
        }
    }
}

/// The registry of a data directory that is there; of the models only their manifest is read.
async fn open(common: &Common) -> Result<Arc<LocalRegistry>, Box<dyn Error>> {
    let config = common.config()?;
    let scales = crate::vision::models(&config.vision)?.scales().clone();
    Ok(DataDir::existing(&config)?.registry(&config, scales).await?)
}
