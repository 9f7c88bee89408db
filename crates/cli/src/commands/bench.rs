//! `absah bench`: how long a decision takes on this machine, and how much memory a worker holds.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_engine::Benchmark;
use clap::Args;

use super::{Common, Ending, print};
use crate::logging;
use crate::vision::Vision;

/// Measure how long a decision about a selfie takes here, by stage, on one thread and on all.
///
/// Every decision is the server's own, from base64 to the comparison with a stored template, and is paired with a floor:
/// base64, JPEG decoding and the same runs of the models alone.
#[derive(Args)]
pub struct Bench {
    #[command(flatten)]
    common: Common,
    /// A JPEG or PNG that shows a face [default: a selfie of 1.5 megapixels that comes along].
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Decisions on one thread, and on each of all threads.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rounds: u32,
    /// Worker threads [default: the configuration's].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    /// Print one JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

impl Bench {
    pub async fn run(self) -> Ending {
        let mut config = self.common.config()?;
        if let Some(threads) = self.threads {
            config.vision.threads = threads.into();
        }
        logging::start(&config.log)?;
        let picture = match &self.image {
            Some(path) => {
                std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?
            }
            None => absah_vision::benchmark::SELFIE.to_vec(),
        };
        let vision = Vision::start(&config.vision)?;
        let scales = vision.scales().ok_or("there are no models")?;
        let benchmark = Benchmark::new(vision.workers(), vision.budget(), scales, config.policy);
        let report = benchmark.measure(&picture, self.rounds as usize).await?;
        if self.json {
            print(serde_json::to_string(&report)?)
        } else {
            print(report)
        }
        Ok(ExitCode::SUCCESS)
    }
}
