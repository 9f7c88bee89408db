//! `absah registry import`: people from a file.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use absah_core::face::{FaceTemplate, Scales};
use absah_engine::{PortraitEnrolment, WaitingEnrolment};
use absah_registry::import::{
    COMMIT, ImportOptions, ImportSummary, Imported, PortraitEncoder, PortraitRefusal, Position, Resumed,
    import, resumed,
};
use clap::Args;
use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::people::PeopleFile;
use super::rejects::RejectFile;
use super::{Common, Ending, note, print};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::logging;
use crate::vision::Vision;

/// Load people from CSV, JSON lines or Parquet; a running server sees them at its next request.
///
/// The columns, or keys, are nik, name, date_of_birth (yyyy-mm-dd or dd-mm-yyyy), no_kk, mother_maiden_name,
/// place_of_birth, address, gender, marital_status, job_type, province, city, district, subdistrict, rt, rw, portrait
/// (a path below --portraits) and state (active, deceased, duplicate, inactive), in any order; all but nik may be left
/// out. A record of the same NIK is replaced. Rows that are not in order go to the reject file with line, field and
/// reason, and do not stop the load. Ends with one JSON object on standard output.
#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    people: PeopleFile,
    /// Where rejected rows are told [default: FILE.rejects.csv, made only when there are any].
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Go on where an import of the same file was broken off, by a kill or a power cut; from the beginning where none was.
    #[arg(long)]
    resume: bool,
    /// Rows that are committed together, at most; after two seconds fewer are. More are faster, fewer are seen sooner.
    #[arg(long, value_name = "N", default_value_t = COMMIT)]
    commit_rows: usize,
    /// Keep the portraits themselves too, sealed, so that `absah registry reembed` can make another model's templates.
    #[arg(long)]
    keep_pictures: bool,
}

impl Import {
    pub async fn run(self) -> Ending {
        let config = self.common.config()?;
        logging::start(&config.log)?;
        let identity = self.people.identity()?;
        let dir = DataDir::open(&config)?;
        let encoding = Encoding::start(&config, self.people.portraits.is_some())?;
        let registry = dir.registry(&config, encoding.scales).await?;
        let from = if self.resume { resumed(&registry, &identity).await? } else { None };
        if let (true, None) = (self.resume, &from) {
            note("no import of this file was broken off: it begins at the beginning");
        }
        let (people, length) = self.people.open(from.as_ref().map(Resumed::position))?;

        let bar = Bar::new(length)?;
        let rejects = self.rejects.unwrap_or_else(|| self.people.file.with_added_extension("rejects.csv"));
        let mut rejects = RejectFile::new(rejects)?;
        let options = ImportOptions {
            portraits: self.people.portraits,
            encoder: encoding.encoder,
            threads: encoding.threads,
            commit: self.commit_rows.max(1),
            keep_pictures: self.keep_pictures,
            identity,
            progress: &mut |so_far, position| bar.tell(so_far, position),
            rejects: &mut rejects,
        };
        let imported = import(people, from, options, &registry).await;
        bar.clear();
        rejects.conclude();
        let Imported { summary: ImportSummary { read, inserted, updated, rejected }, resumed_after, time } =
            imported?;
        let mut told = json!({
            "read": read,
            "inserted": inserted,
            "updated": updated,
            "rejected": rejected,
            "seconds": (time.as_secs_f64() * 1000.0).round() / 1000.0,
        });
        if resumed_after > 0 {
            told["resumed_after"] = json!(resumed_after);
        }
        print(told);
        Ok(ExitCode::SUCCESS)
    }
}

/// What makes templates of portraits.
pub struct Encoding {
    pub encoder: Arc<dyn PortraitEncoder>,
    pub scales: Scales,
    pub threads: NonZeroUsize,
}

impl Encoding {
    /// Starts the models, where there are portraits; else only their manifest is read.
    pub fn start(config: &Config, with_portraits: bool) -> Result<Self, Box<dyn std::error::Error>> {
        if !with_portraits {
            let scales = crate::vision::models(&config.vision)?.scales().clone();
            let threads = std::thread::available_parallelism()?;
            return Ok(Self { encoder: Arc::new(NoPortraits), scales, threads });
        }
        let vision = Vision::start(&config.vision)?;
        let scales = vision.scales().ok_or("no model is loaded")?;
        let enrolment = PortraitEnrolment::new(vision.workers(), vision.budget());
        let encoder = Arc::new(WaitingEnrolment::new(enrolment, tokio::runtime::Handle::current()));
        let threads = NonZeroUsize::new(vision.workers().threads()).unwrap_or(NonZeroUsize::MIN);
        Ok(Self { encoder, scales, threads })
    }
}

/// The encoder of a file without portraits, which nobody asks.
struct NoPortraits;

impl PortraitEncoder for NoPortraits {
    fn encode(&self, _picture: &[u8]) -> Result<FaceTemplate, PortraitRefusal> {
        Err(PortraitRefusal::Failed("no models were started".into()))
    }
}

/// How far it is, how fast and how long it will take, on standard error where that is a terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(length: u64) -> Result<Self, indicatif::style::TemplateError> {
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
        bar.set_style(ProgressStyle::with_template("{bar:40} {percent}% {msg}, {elapsed} gone, {eta} left")?);
        Ok(Self(bar))
    }

    fn tell(&self, so_far: &ImportSummary, position: Position) {
        let rate = so_far.read as f64 / self.0.elapsed().as_secs_f64().max(0.001);
        self.0.set_position(position.offset);
        self.0.set_message(format!("{} rows, {} a second", HumanCount(so_far.read), HumanCount(rate as u64)));
    }

    fn clear(&self) {
        self.0.finish_and_clear();
    }
}
