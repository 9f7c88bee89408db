//! `absah registry stats`: how much is held.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Common, Ending, print};
use crate::data_dir::DataDir;

/// Say how much is held, as one JSON object: records, templates by model, pictures, and the bytes they take on disk.
#[derive(Args)]
pub struct Stats {
    #[command(flatten)]
    common: Common,
}

impl Stats {
    pub async fn run(self) -> Ending {
        let config = self.common.config()?;
        let dir = DataDir::existing(&config)?;
        let scales = crate::vision::models(&config.vision)?.scales().clone();
        let stats = dir.registry(&config, scales).await?.stats().await?;
        let templates: serde_json::Map<_, _> =
            stats.templates.into_iter().map(|(model, count)| (model, json!(count))).collect();
        print(json!({
            "records": stats.records,
            "templates": templates,
            "pictures": stats.pictures,
            "bytes": stats.bytes,
        }));
        Ok(ExitCode::SUCCESS)
    }
}
