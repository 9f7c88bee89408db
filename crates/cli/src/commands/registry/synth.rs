//! `absah registry synth`: a synthetic population as a file to import.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use absah_registry::{PeopleWriter, synthetic};
use clap::Args;
use serde_json::json;

use super::super::progress::Bar;
use super::{Ending, print};

/// People between two moves of the progress bar.
const STEP: usize = 10_000;

/// Make up a population: a CSV file that `absah registry import` takes.
///
/// Regencies have their share of the population of 2025, the numbers are of today's and of retired areas; names have
/// titles, spelling variants and single words as their region has them; a few records are of people who have died, or
/// stand twice. All are adults, and nobody real. The same seed gives the same file; a larger count adds to it.
#[derive(Args)]
pub struct Synth {
    /// How many people.
    #[arg(long, value_name = "N")]
    count: usize,
    /// They follow from it.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Of how many in a hundred the birth date is another than the number says, as after a correction; of a tenth as
    /// many it is the sex.
    #[arg(long, value_name = "PERCENT", default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=100))]
    corrected: u32,
}

impl Synth {
    pub fn run(self) -> Ending {
        let failed = |error| format!("{}: {error}", self.out.display());
        let mut file =
            PeopleWriter::new(BufWriter::new(File::create(&self.out).map_err(failed)?)).map_err(failed)?;
        let bar = Bar::of("people")?;
        let mut written = 0;
        for record in synthetic::registered(self.seed, self.corrected) {
            if written == self.count {
                break;
            }
            file.write(&record).map_err(failed)?;
            written += 1;
            if written % STEP == 0 {
                bar.tell(written, self.count);
            }
        }
        file.finish().map_err(failed)?;
        bar.clear();
        if written < self.count {
            return Err(format!("there are numbers for {written} people only").into());
        }
        print(json!({ "people": written, "seed": self.seed, "corrected_percent": self.corrected }));
        Ok(ExitCode::SUCCESS)
    }
}
