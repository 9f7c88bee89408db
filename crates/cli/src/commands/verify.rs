//! `absah verify`: one person from files.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use absah_core::assessment::{Assessment, Check, Outcome};
use absah_core::birth_date;
use absah_core::claims::Claims;
use absah_core::dialect::Product;
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::tenant::TenantId;
use absah_engine::{
    Assessor, EnrolmentError, PictureInput, PortraitEnrolment, Request, VisionBiometrics, evidence,
};
use absah_registry::GivenReference;
use absah_store::Terms;
use absah_vision::admission::PictureBounds;
use clap::Args;
use serde_json::json;

use super::{Common, note, print, tell};
use crate::data_dir::DataDir;
use crate::logging;
use crate::sources::Sources;
use crate::vision::Vision;

/// Larger files are not read.
const MAX_PICTURE_BYTES: usize = 32 << 20;
/// The exit codes.
const NOT_VERIFIED: u8 = 1;
const BAD_INPUT: u8 = 2;
const TROUBLE: u8 = 3;

/// Verify one person from files, against the registry of the data directory.
///
/// Exit code 0: verified. 1: not verified. 2: the input is at fault. 3: trouble on this side.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    common: Common,
    /// The NIK: sixteen digits.
    #[arg(long)]
    nik: String,
    /// The full name.
    #[arg(long)]
    name: String,
    /// The date of birth, yyyy-mm-dd.
    #[arg(long, value_name = "DATE")]
    birth_date: String,
    /// A picture of the person: JPEG, PNG or SVG.
    #[arg(long, value_name = "FILE")]
    selfie: Option<PathBuf>,
    /// A picture of the identity card.
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// A portrait to compare with, instead of the registry's.
    #[arg(long, value_name = "FILE")]
    portrait: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Why there is no assessment, by exit code.
enum Failure {
    Input(Box<dyn Error>),
    Trouble(Box<dyn Error>),
}

fn input(error: impl Into<Box<dyn Error>>) -> Failure {
    Failure::Input(error.into())
}

fn trouble(error: impl Into<Box<dyn Error>>) -> Failure {
    Failure::Trouble(error.into())
}

impl Verify {
    pub async fn run(self) -> ExitCode {
        match self.assess().await {
            Ok(assessment) => self.tell(&assessment),
            Err(Failure::Input(error)) => {
                tell(error.as_ref());
                ExitCode::from(BAD_INPUT)
            }
            Err(Failure::Trouble(error)) => {
                tell(error.as_ref());
                ExitCode::from(TROUBLE)
            }
        }
    }

    async fn assess(&self) -> Result<Assessment, Failure> {
        let request = self.request()?;
        let config = self.common.config().map_err(input)?;
        logging::start(&config.log).map_err(trouble)?;
        let dir = DataDir::existing(&config).map_err(input)?;
        let vision = Vision::start(&config.vision).map_err(trouble)?;
        let scales = vision.scales().ok_or_else(|| trouble("no model is loaded"))?;
        let budget = vision.budget();
        let local = dir.registry(&config, scales.clone()).await.map_err(trouble)?;
        let store = dir.store().await.map_err(trouble)?;
        let sources = Sources::open(&config.registry, local, &store, &vision).await.map_err(trouble)?;
        let mut registry = Arc::clone(&sources.registry);
        if let Some(portrait) = &self.portrait {
            let picture = read(portrait)?;
            let enrolment = PortraitEnrolment::new(vision.workers(), Arc::clone(&budget));
            let reference = enrolment.template(picture.into()).await.map_err(|error| match error {
                EnrolmentError::Unreadable(_) | EnrolmentError::NoFace | EnrolmentError::SeveralFaces => {
                    input(format!("{}: {error}", portrait.display()))
                }
                EnrolmentError::Busy | EnrolmentError::Model(_) | EnrolmentError::Worker(_) => trouble(error),
            })?;
            registry = Arc::new(GivenReference::new(registry, reference, scales.clone()));
        }
        let mut policy = config.policy;
        policy.face = policy.face.on(&scales).map_err(input)?;
        let biometrics = Arc::new(VisionBiometrics::new(vision.workers(), budget, Some(scales)));
        let assessor = Assessor::new(registry, biometrics, policy, sources.timeout);
        let tenant = TenantId::parse("local").map_err(trouble)?;
        let assessment = assessor.assess(&tenant, &Terms::default(), &request).await;
        sources.settle().await;
        store.close().await;
        Ok(assessment)
    }

    fn request(&self) -> Result<Request, Failure> {
        let mut claims = Claims::of(Nik::parse(&self.nik).map_err(|error| input(format!("--nik: {error}")))?);
        let date = birth_date::parse_year_first(&self.birth_date)
            .map_err(|error| input(format!("--birth-date: {error}")))?;
        claims.demographics.set_date_of_birth(date);
        claims.demographics.set_text(Field::Name, self.name.as_str());
        let picture = |path: &Option<PathBuf>| path.as_deref().map(picture).transpose();
        Ok(Request {
            product: Product::IdSelfie,
            claims,
            selfie: picture(&self.selfie)?,
            card: picture(&self.card)?,
            card_sent: self.card.is_some(),
            contacts: None,
            face_threshold: None,
            wire_id: None,
            fingerprint: [0; 32],
        })
    }

    fn tell(&self, assessment: &Assessment) -> ExitCode {
        let outcome = assessment.outcome.code();
        if self.json {
            print(json!({ "outcome": outcome, "checks": evidence::checks(&assessment.checks) }));
        } else {
            print(outcome);
            assessment.checks.iter().for_each(|check| print(line(check)));
        }
        match &assessment.outcome {
            Outcome::Verified | Outcome::VerifiedWithReason => ExitCode::SUCCESS,
            Outcome::NotVerified
            | Outcome::NikNotFound
            | Outcome::RecordNotActive(_)
            | Outcome::LivenessFailed
            | Outcome::QualityRefused(_)
            | Outcome::NoFace
            | Outcome::NoFaceOnCard => ExitCode::from(NOT_VERIFIED),
            Outcome::PictureRefused { picture, fault } => {
                note(format_args!("absah: the {picture:?} is not admitted: {fault:?}"));
                ExitCode::from(BAD_INPUT)
            }
            Outcome::Trouble(_) | Outcome::Refused(_) | Outcome::Abandoned | Outcome::Internal => {
                ExitCode::from(TROUBLE)
            }
        }
    }
}

fn line(check: &Check) -> String {
    let score = match (check.score, check.threshold) {
        (Some(score), Some(threshold)) => format!("{score:>5.1} of {threshold:.1}"),
        (Some(score), None) => format!("{score:>5.1}"),
        (None, _) => String::new(),
    };
    format!(
        "  {:<20} {:<8} {score:<14} {}",
        check.name.key(),
        check.verdict.key(),
        check.reason.unwrap_or_default()
    )
}

fn picture(path: &Path) -> Result<PictureInput, Failure> {
    let bounds = PictureBounds { min_bytes: 1, max_bytes: MAX_PICTURE_BYTES, min_sides: None };
    Ok(PictureInput { bytes: read(path)?.into(), bounds })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let told = |error: std::io::Error| input(format!("{}: {error}", path.display()));
    let length = std::fs::metadata(path).map_err(told)?.len();
    if length > MAX_PICTURE_BYTES as u64 {
        return Err(input(format!("{}: larger than {} MiB", path.display(), MAX_PICTURE_BYTES >> 20)));
    }
    std::fs::read(path).map_err(told)
}
