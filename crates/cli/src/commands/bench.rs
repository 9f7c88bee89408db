//! `absah bench`: how long a decision or the reading of a card takes on this machine, and how much memory a worker holds.

use std::path::PathBuf;
use std::process::ExitCode;

use absah_engine::Benchmark;
use absah_vision::benchmark::{self, CardTimes};
use clap::Args;
use serde_json::json;

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
    /// Measure reading the card in this picture instead, on one thread, against the same runs of the models alone.
    #[arg(long, value_name = "FILE", conflicts_with = "image")]
    card: Option<PathBuf>,
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
        let picture = match self.image.as_ref().or(self.card.as_ref()) {
            Some(path) => {
                std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?
            }
            None => absah_vision::benchmark::SELFIE.to_vec(),
        };
        let vision = Vision::start(&config.vision)?;
        if self.card.is_some() {
            return self.read_card(&vision, picture).await;
        }
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

    async fn read_card(&self, vision: &Vision, picture: Vec<u8>) -> Ending {
        let (budget, rounds) = (vision.budget(), self.rounds as usize);
        let workers = vision.workers();
        let times = workers.run(move |bench| {
            // The first reading takes the memory that all others use again.
            benchmark::card(bench, &picture, &budget)?;
            (0..rounds)
                .map(|_| benchmark::card(bench, &picture, &budget))
                .collect::<Result<Vec<CardTimes>, _>>()
        });
        let times = times.await??;
        let median = |of: &dyn Fn(&CardTimes) -> f64| {
            let mut values: Vec<f64> = times.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            (values.get(values.len() / 2).copied().unwrap_or_default() * 1e3).round() / 1e3
        };
        let whole = median(&|times| times.whole.as_secs_f64() * 1e3);
        let models = median(&|times| times.models.as_secs_f64() * 1e3);
        let ratio = median(&|times| times.whole.as_secs_f64() / times.models.as_secs_f64());
        let Some(CardTimes { runs, stages, .. }) = times.first() else { return Ok(ExitCode::SUCCESS) };
        let of_stage = |place: usize| {
            median(&|times| times.stages.get(place).map_or(0.0, |(_, took)| took.as_secs_f64() * 1e3))
        };
        let stages: Vec<(&str, f64)> =
            stages.iter().enumerate().map(|(place, (stage, _))| (*stage, of_stage(place))).collect();
        if self.json {
            let stages: Vec<_> =
                stages.iter().map(|(stage, ms)| json!({ "stage": stage, "ms": ms })).collect();
            print(json!({
                "rounds": rounds,
                "whole_ms": whole,
                "models_ms": models,
                "ratio": ratio,
                "model_runs": runs,
                "stages": stages,
            }));
        } else {
            for (stage, ms) in stages {
                print(format_args!("{stage:17} {ms:8.1} ms"));
            }
            print(format_args!("the whole         {whole:8.1} ms"));
            print(format_args!(
                "its {runs} model runs  {models:6.1} ms, ratio {ratio:.2} (medians of {rounds} pairs)"
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}
