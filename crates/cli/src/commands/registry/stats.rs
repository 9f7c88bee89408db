//! `absah registry stats`: how much is held.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Common, Ending, open, print};

/// Say how much is held, as one JSON object: records, templates by model, pictures, and the bytes they take on disk.
#[derive(Args)]
pub struct Stats {
    #[command(flatten)]
    common: Common,
}

impl Stats {
    pub async fn run(self) -> Ending {
        let stats = open(&self.common).await?.stats().await?;
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
