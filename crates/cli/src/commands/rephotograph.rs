//! `absah rephotograph`: presentation attacks by simulation.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use absah_vision::rephotograph::{Collection, Condition, Species, collect};
use clap::Args;

use super::progress::{Bar, jobs};
use super::{Common, Ending, note, print};
use crate::vision::models;

/// Make presentation attacks of your own pictures, by simulation: prints and screens before a camera.
///
/// Writes JPEGs and the manifest.csv that `absah eval liveness` reads. The same pictures and seed give the same files.
#[derive(Args)]
pub struct Rephotograph {
    #[command(flatten)]
    common: Common,
    /// Bona fide pictures, in this folder and those below it.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// Where the photographs and manifest.csv go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// At most so many pictures, evenly from all.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Everything follows from it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Rephotograph {
    pub fn run(self) -> Ending {
        let config = self.common.config()?;
        let models = models(&config.vision)?;
        let mut pictures = Vec::new();
        find(&self.images, &mut pictures)?;
        pictures.sort();
        if let Some(count) = self.count.map(|count| count as usize).filter(|count| *count < pictures.len()) {
            pictures = (0..count)
                .filter_map(|place| pictures.get(place * pictures.len() / count).cloned())
                .collect();
        }
        let (jobs, bar) = (jobs(self.jobs), Bar::new()?);
        let progress = |done: usize, all: usize| bar.tell(done, all);
        let collection = Collection {
            species: Species::ALL.to_vec(),
            conditions: Condition::ALL.to_vec(),
            seed: self.seed,
        };
        let rows = collect(&models, &pictures, &self.out, &collection, jobs, &progress)?;
        bar.clear();
        note(format_args!("{rows} photographs and their manifest.csv are in {}", self.out.display()));
        print(serde_json::json!({ "pictures": pictures.len(), "photographs": rows, "seed": self.seed }));
        Ok(ExitCode::SUCCESS)
    }
}

/// JPEG and PNG files of a folder and those below it.
fn find(folder: &Path, pictures: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = path.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
        if path.is_dir() {
            find(&path, pictures)?;
        } else if matches!(kind.as_deref(), Some("jpg" | "jpeg" | "png")) {
            pictures.push(path);
        }
    }
    Ok(())
}
