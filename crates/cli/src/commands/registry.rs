//! `absah registry`: the embedded population registry.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use absah_engine::{PortraitEnrolment, WaitingEnrolment};
use absah_registry::import::{ImportOptions, ImportSummary, Rejection, import};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::{Common, Ending, note, print};
use crate::data_dir::DataDir;
use crate::logging;
use crate::vision::Vision;

/// Rejected rows that are shown; all of them are in the reject file.
const SHOWN: u64 = 10;

/// Load and look after the embedded population registry.
#[derive(Subcommand)]
pub enum Registry {
    /// Load people from CSV; a running server sees them at its next request.
    Import(Import),
    /// Say how much is held.
    Stats(Stats),
}

/// Load people from CSV.
///
/// The header names the columns: nik, name, date_of_birth (yyyy-mm-dd or dd-mm-yyyy), no_kk, mother_maiden_name,
/// place_of_birth, address, gender, marital_status, job_type, province, city, district, subdistrict, rt, rw, portrait
/// (a path below --portraits) and state (active, deceased, duplicate, inactive). Rows that are not in order go to the
/// reject file with line, field and reason, and do not stop the load. Prints one JSON object.
#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    common: Common,
    /// The file of people.
    file: PathBuf,
    /// The folder the portraits' paths start from.
    #[arg(long, value_name = "DIR")]
    portraits: Option<PathBuf>,
    /// Where rejected rows are told [default: FILE.rejects.csv, made only when there are any].
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Say how much is held, as one JSON object.
#[derive(Args)]
pub struct Stats {
    #[command(flatten)]
    common: Common,
}

impl Registry {
    pub async fn run(self) -> Ending {
        match self {
            Self::Import(command) => Box::pin(command.run()).await,
            Self::Stats(command) => command.run().await,
        }
    }
}

impl Import {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let file = File::open(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let length = file.metadata()?.len();
        let dir = DataDir::open(&config.server.data_dir)?;
        let vision = Vision::start(&config.vision)?;
        let scales = vision.scales().ok_or("no model is loaded")?;
        let registry = dir.registry(scales).await?;
        let enrolment = PortraitEnrolment::new(vision.workers(), vision.budget());
        let encoder = WaitingEnrolment::new(enrolment, tokio::runtime::Handle::current());

        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{bar:40} {percent}% {msg}, {elapsed} gone, {eta} left")?);
        let mut rejects =
            Rejects::new(self.rejects.unwrap_or_else(|| self.file.with_added_extension("rejects.csv")))?;
        let started = Instant::now();
        let summary = import(
            bar.wrap_read(BufReader::new(file)),
            ImportOptions {
                portraits: self.portraits.as_deref(),
                encoder: &encoder,
                threads: NonZeroUsize::new(vision.workers().threads()).unwrap_or(NonZeroUsize::MIN),
                progress: &mut |so_far: &ImportSummary| bar.set_message(format!("{} rows", so_far.read)),
                rejects: &mut |rejection| rejects.tell(rejection),
            },
            &registry,
        )
        .await?;
        bar.finish_and_clear();
        rejects.finish()?;
        let ImportSummary { read, inserted, updated, rejected } = summary;
        print(json!({
            "read": read,
            "inserted": inserted,
            "updated": updated,
            "rejected": rejected,
            "seconds": (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        }));
        Ok(ExitCode::SUCCESS)
    }
}

impl Stats {
    async fn run(self) -> Ending {
        let config = self.common.config()?;
        let dir = DataDir::existing(&config.server.data_dir)?;
        let scales = crate::vision::models(&config.vision)?.scales().clone();
        let stats = dir.registry(scales).await?.stats().await?;
        let templates: serde_json::Map<_, _> =
            stats.templates.into_iter().map(|(model, count)| (model, json!(count))).collect();
        print(json!({ "records": stats.records, "templates": templates }));
        Ok(ExitCode::SUCCESS)
    }
}

/// The reject file: line, field, reason. Never what stood in the row.
struct Rejects {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    count: u64,
}

impl Rejects {
    /// An earlier run's file would be taken for this one's.
    fn new(path: PathBuf) -> std::io::Result<Self> {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(Self { path, file: None, count: 0 }),
        }
    }

    fn tell(&mut self, rejection: &Rejection) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let mut file = BufWriter::new(File::create(&self.path)?);
                file.write_all(b"line,field,reason\n")?;
                self.file.insert(file)
            }
        };
        let Rejection { line, field, reason } = rejection;
        let field = field.unwrap_or_default();
        self.count += 1;
        if self.count <= SHOWN {
            note(format_args!("line {line}: {field}: {reason}"));
        }
        // Reasons are sentences of this program: none holds a quotation mark.
        writeln!(file, "{line},{field},\"{reason}\"")
    }

    fn finish(self) -> std::io::Result<()> {
        if let Some(mut file) = self.file {
            file.flush()?;
            note(format_args!("{} rows are told of in {}", self.count, self.path.display()));
        }
        Ok(())
    }
}
