//! Reference portraits: one face, its template, and no decision about a person.

use std::sync::Arc;

use absah_core::assessment::{PictureFault, reason};
use absah_core::face::FaceTemplate;
use absah_registry::import::{PortraitEncoder, PortraitRefusal};
use absah_vision::admission::{self, AdmissionError, PictureBounds, PixelBudget};
use absah_vision::face::Quality;
use absah_vision::runtime::{Bench, ModelError, RunError, Workers};
use bytes::Bytes;
use tokio::runtime::Handle;

use crate::biometrics::{Subject, subject};

/// The most bytes of a portrait.
const MAX_BYTES: usize = 32 << 20;
/// A second face counts when its area is at least this share of the first one's.
const SECOND_FACE_SHARE: f32 = 0.5;

/// Makes templates of reference portraits.
#[derive(Clone)]
pub struct PortraitEnrolment {
    workers: Arc<Workers>,
    budget: Arc<PixelBudget>,
}

/// Why a portrait gave no template.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    /// It is not a picture that is admitted.
    #[error("not a readable picture ({0:?})")]
    Unreadable(PictureFault),
    /// It does not show exactly one face.
    #[error("{0}")]
    Unusable(&'static str),
    /// Too much work waits; the portrait may be fine.
    #[error("too many pictures are waiting")]
    Busy,
    /// A model failed.
    #[error("a model failed")]
    Model(#[from] ModelError),
    /// A worker failed.
    #[error("a worker failed")]
    Worker(#[source] RunError),
}

impl PortraitEnrolment {
    /// Enrolment on these workers, within this budget.
    pub fn new(workers: Arc<Workers>, budget: Arc<PixelBudget>) -> Self {
        Self { workers, budget }
    }

    /// The template of the one face a portrait shows.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn template(&self, portrait: Bytes) -> Result<FaceTemplate, EnrolmentError> {
        let budget = Arc::clone(&self.budget);
        let run = self.workers.run(move |bench| template(bench, &portrait, &budget)).await;
        run.unwrap_or_else(|error| {
            Err(match error {
                RunError::QueueFull => EnrolmentError::Busy,
                other => EnrolmentError::Worker(other),
            })
        })
    }
}

/// Enrolment for threads that wait: what an import calls.
pub struct WaitingEnrolment {
    enrolment: PortraitEnrolment,
    runtime: Handle,
}

impl WaitingEnrolment {
    /// Waits on this runtime; to be called from threads of one's own, never from the runtime's.
    pub fn new(enrolment: PortraitEnrolment, runtime: Handle) -> Self {
        Self { enrolment, runtime }
    }
}

impl PortraitEncoder for WaitingEnrolment {
    fn encode(&self, picture: &[u8]) -> Result<FaceTemplate, PortraitRefusal> {
        let template = self.runtime.block_on(self.enrolment.template(Bytes::copy_from_slice(picture)));
        template.map_err(|error| match error {
            EnrolmentError::Unreadable(_) => PortraitRefusal::Unreadable,
            EnrolmentError::Unusable(reason::NO_FACE) => PortraitRefusal::NoFace,
            EnrolmentError::Unusable(reason::SEVERAL_FACES) => PortraitRefusal::SeveralFaces,
            EnrolmentError::Unusable(other) => PortraitRefusal::Unusable(other),
            failed => PortraitRefusal::Failed(failed.into()),
        })
    }
}

fn template(
    bench: &mut Bench,
    portrait: &[u8],
    budget: &PixelBudget,
) -> Result<FaceTemplate, EnrolmentError> {
    let bounds = PictureBounds { min_bytes: 1, max_bytes: MAX_BYTES, min_sides: None };
    let picture = admission::admit(portrait, &bounds, budget).map_err(|error| match error {
        AdmissionError::Fault(fault) => EnrolmentError::Unreadable(fault),
        AdmissionError::Busy => EnrolmentError::Busy,
    })?;
    let faces = bench.detect(&picture)?;
    let Subject { face, others, aligned } =
        subject(&picture, &faces).ok_or(EnrolmentError::Unusable(reason::NO_FACE))?;
    if Quality::of_aligned(&aligned, &picture, face, others).second_face_share >= SECOND_FACE_SHARE {
        return Err(EnrolmentError::Unusable(reason::SEVERAL_FACES));
    }
    Ok(bench.embed_aligned(&aligned)?)
}
