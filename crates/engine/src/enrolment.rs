//! Reference portraits: one face, its template, and no decision about a person.

use std::sync::Arc;

use absah_core::assessment::PictureFault;
use absah_core::face::FaceTemplate;
use absah_registry::import::{PortraitEncoder, PortraitRefusal};
use absah_vision::admission::{self, AdmissionError, PictureBounds, PixelBudget};
use absah_vision::face::{AlignedFace, Bounds, Face};
use absah_vision::picture::Picture;
use absah_vision::runtime::{Bench, ModelError, RunError, Workers};
use bytes::Bytes;
use tokio::runtime::Handle;

/// The most bytes of a portrait.
const MAX_BYTES: usize = 32 << 20;
/// Where the picture is not framed on one face, another counts from this share of the first one's area on.
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
    /// It shows no face.
    #[error("no face")]
    NoFace,
    /// It shows several faces, and is framed on none of them.
    #[error("several faces")]
    SeveralFaces,
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
            EnrolmentError::NoFace => PortraitRefusal::NoFace,
            EnrolmentError::SeveralFaces => PortraitRefusal::SeveralFaces,
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
    let upright = bench.detect_upright(&picture)?;
    let picture = upright.picture();
    let face = framed(picture, upright.faces())?;
    let aligned = AlignedFace::cut(picture, face).ok_or(EnrolmentError::NoFace)?;
    Ok(bench.embed_aligned(picture, face, &aligned)?)
}

/// Whom a portrait is of: the one face that covers its centre, whoever stands in the background; where none does, or
/// several do, the most prominent one, unless another is of like size.
fn framed<'f>(picture: &Picture, faces: &'f [Face]) -> Result<&'f Face, EnrolmentError> {
    let (first, others) = faces.split_first().ok_or(EnrolmentError::NoFace)?;
    let (x, y) = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    let mut central = faces.iter().filter(|face| {
        let Bounds { left, top, width, height } = face.bounds;
        (left..left + width).contains(&x) && (top..top + height).contains(&y)
    });
    if let (Some(face), None) = (central.next(), central.next()) {
        return Ok(face);
    }
    let rivals = others.iter().any(|other| other.bounds.area() >= SECOND_FACE_SHARE * first.bounds.area());
    if rivals { Err(EnrolmentError::SeveralFaces) } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use absah_vision::face::Point;

    use super::*;

    /// Left, top and side of a square face within a picture of 100 x 100 pixels.
    type Square = (f32, f32, f32);

    fn face((left, top, side): Square) -> Face {
        let bounds = Bounds { left, top, width: side, height: side };
        Face { bounds, landmarks: [Point { x: 0.0, y: 0.0 }; 5], score: 0.9 }
    }

    #[test]
    fn a_portrait_is_of_the_face_it_is_framed_on() {
        let picture = Picture::new(100, 100, vec![0; 30_000]).expect("a picture");
        let central: Square = (30.0, 30.0, 40.0);
        let rows: [(&str, &[Square], Option<usize>); 6] = [
            ("one in the middle", &[central], Some(0)),
            ("one at the side", &[(0.0, 0.0, 30.0)], Some(0)),
            ("somebody as large at the side", &[(0.0, 60.0, 40.0), central], Some(1)),
            ("two side by side", &[(5.0, 30.0, 40.0), (55.0, 30.0, 40.0)], None),
            ("one at the side, a small one behind", &[(0.0, 0.0, 40.0), (80.0, 80.0, 10.0)], Some(0)),
            ("two over each other", &[central, (35.0, 35.0, 40.0)], None),
        ];
        for (case, boxes, expected) in rows {
            let faces: Vec<Face> = boxes.iter().copied().map(face).collect();
            let found = framed(&picture, &faces).ok().map(|found| found.bounds);
            assert_eq!(found, expected.map(|at| faces[at].bounds), "{case}");
        }
        assert!(matches!(framed(&picture, &[]), Err(EnrolmentError::NoFace)));
    }
}
