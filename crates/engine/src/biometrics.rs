//! Pictures as the engine asks about them, answered by the models.

use std::sync::Arc;

use absah_core::assessment::{PictureFault, PictureRole, QualityFinding, reason};
use absah_core::face::{FaceTemplate, Profile, Scales, round_score};
use absah_core::policy::{Action, Policy, QualityPolicy};
use absah_vision::admission::{self, AdmissionError, PixelBudget};
use absah_vision::card::{Quad, portrait_area};
use absah_vision::face::{AlignedFace, Face, Quality};
use absah_vision::picture::Picture;
use absah_vision::runtime::{Bench, ModelError, RunError, Workers};
use async_trait::async_trait;

use crate::PictureInput;
use crate::card_text::CardText;
use crate::quality;
use crate::room::{PictureRoom, Room};

/// What the engine asks about pictures.
#[async_trait]
pub trait Biometrics: Send + Sync {
    /// Decodes and bounds both pictures before anything is looked at.
    ///
    /// # Errors
    /// The selfie's fault is told before the card's.
    async fn admit(
        &self,
        selfie: Option<&PictureInput>,
        card: Option<&PictureInput>,
    ) -> Result<AdmittedPictures, BiometricsError>;

    /// Measures the selfie and, where the policy lets it pass, makes its template.
    ///
    /// # Errors
    /// The work could not be done.
    async fn examine_selfie(
        &self,
        selfie: Arc<Picture>,
        policy: &Policy,
    ) -> Result<SelfieFinding, BiometricsError>;

    /// Finds the portrait on the card and makes its template: of the card that lies in `place`, or, where that is not
    /// known, the most prominent face of the picture.
    ///
    /// # Errors
    /// The work could not be done.
    async fn examine_card(
        &self,
        card: Arc<Picture>,
        place: Option<Quad>,
        policy: &Policy,
    ) -> Result<CardFinding, BiometricsError>;

    /// Reads what is printed on the card.
    ///
    /// # Errors
    /// The work could not be done.
    async fn read_card(&self, card: Arc<Picture>, policy: &Policy) -> Result<CardText, BiometricsError>;

    /// The comparison score of two templates, 0 to 100, rounded to one decimal; `None` where they are not comparable.
    fn compare(&self, profile: Profile, probe: &FaceTemplate, reference: &FaceTemplate) -> Option<f64>;
}

/// Pictures that were admitted.
#[derive(Debug, Default)]
pub struct AdmittedPictures {
    /// The picture of the person.
    pub selfie: Option<Arc<Picture>>,
    /// The picture of the card.
    pub card: Option<Arc<Picture>>,
    /// The memory they take, given back with them; `None` where it is not counted.
    pub room: Option<Room>,
}

/// What the selfie shows.
#[derive(Debug, Clone, PartialEq)]
pub enum SelfieFinding {
    /// No face.
    NoFace,
    /// A face.
    Face {
        /// What is wrong with its quality, so far as it was looked for.
        quality: Vec<QualityFinding>,
        /// The bona fide score, 0 to 100; `None` where it was not asked for, or quality refused first.
        liveness: Option<f64>,
        /// The template; `None` where quality or liveness refused first.
        template: Option<FaceTemplate>,
    },
}

/// What the card shows.
#[derive(Debug, Clone, PartialEq)]
pub enum CardFinding {
    /// No portrait that could be compared, and why.
    Unusable(&'static str),
    /// The portrait's template.
    Portrait(FaceTemplate),
    /// The same, with what is wrong with it and refuses nothing.
    Doubtful(FaceTemplate, Vec<QualityFinding>),
}

/// Why nothing was found out about a picture.
#[derive(Debug, thiserror::Error)]
pub enum BiometricsError {
    /// A picture was not admitted.
    #[error("the picture was not admitted")]
    Refused(PictureRole, PictureFault),
    /// The bounds of work are reached.
    #[error("too many pictures are waiting")]
    Busy,
    /// A model or a worker failed.
    #[error("a model failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<RunError> for BiometricsError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::QueueFull => Self::Busy,
            other => Self::Failed(other.into()),
        }
    }
}

impl From<ModelError> for BiometricsError {
    fn from(error: ModelError) -> Self {
        Self::Failed(error.into())
    }
}

/// Biometrics by the models of `absah-vision`, on its worker threads.
pub struct VisionBiometrics {
    workers: Arc<Workers>,
    budget: Arc<PixelBudget>,
    room: PictureRoom,
    scales: Option<Scales>,
}

impl VisionBiometrics {
    /// `budget` bounds what decoding holds at once, and its size bounds once more what is held of decoded pictures until
    /// they were looked at. `scales` are `None` where no models are loaded: then pictures are admitted, and nothing
    /// more.
    pub fn new(workers: Arc<Workers>, budget: Arc<PixelBudget>, scales: Option<Scales>) -> Self {
        let room = PictureRoom::new(budget.total(), PixelBudget::DEFAULT_PATIENCE);
        Self { workers, budget, room, scales }
    }

    async fn admit_one(
        &self,
        input: Option<&PictureInput>,
        role: PictureRole,
    ) -> Result<Option<Arc<Picture>>, BiometricsError> {
        let Some(PictureInput { bytes, bounds }) = input.cloned() else { return Ok(None) };
        let budget = Arc::clone(&self.budget);
        let admitted =
            self.workers.run(move |_: &mut Bench| admission::admit(&bytes, &bounds, &budget)).await?;
        match admitted {
            Ok(picture) => Ok(Some(Arc::new(picture))),
            Err(AdmissionError::Fault(fault)) => Err(BiometricsError::Refused(role, fault)),
            Err(AdmissionError::Busy) => Err(BiometricsError::Busy),
        }
    }
}

#[async_trait]
impl Biometrics for VisionBiometrics {
    async fn admit(
        &self,
        selfie: Option<&PictureInput>,
        card: Option<&PictureInput>,
    ) -> Result<AdmittedPictures, BiometricsError> {
        let room = self.room.take([selfie, card]).await.ok_or(BiometricsError::Busy)?;
        let (selfie, card) = tokio::join!(
            self.admit_one(selfie, PictureRole::Selfie),
            self.admit_one(card, PictureRole::Card)
        );
        Ok(AdmittedPictures { selfie: selfie?, card: card?, room: Some(room) })
    }

    async fn examine_selfie(
        &self,
        selfie: Arc<Picture>,
        policy: &Policy,
    ) -> Result<SelfieFinding, BiometricsError> {
        let policy = policy.clone();
        Ok(self.workers.run(move |bench| examine_selfie(bench, &selfie, &policy)).await??)
    }

    async fn examine_card(
        &self,
        card: Arc<Picture>,
        place: Option<Quad>,
        policy: &Policy,
    ) -> Result<CardFinding, BiometricsError> {
        let policy = policy.quality.clone();
        Ok(self.workers.run(move |bench| examine_card(bench, &card, place, &policy)).await??)
    }

    async fn read_card(&self, card: Arc<Picture>, policy: &Policy) -> Result<CardText, BiometricsError> {
        let confidence = policy.card.confidence;
        let read = self.workers.run(move |bench| {
            let reading = bench.read_card(&card)?;
            Ok::<_, ModelError>(CardText::of(&reading, confidence))
        });
        Ok(read.await??)
    }

    fn compare(&self, profile: Profile, probe: &FaceTemplate, reference: &FaceTemplate) -> Option<f64> {
        self.scales.as_ref()?.compare(profile, probe, reference).map(round_score)
    }
}

/// Quality, then liveness, then the template; ends at the first refusal, since each step costs more than the last.
pub(crate) fn examine_selfie(
    bench: &mut Bench,
    selfie: &Picture,
    policy: &Policy,
) -> Result<SelfieFinding, ModelError> {
    let upright = bench.detect_upright(selfie)?;
    bench.lap("detect");
    let Some(Subject { face, others, aligned }) = subject(upright.picture(), upright.faces()) else {
        return Ok(SelfieFinding::NoFace);
    };
    bench.lap("align");
    let selfie = upright.picture();
    let mut quality = Vec::new();
    if policy.quality.action != Action::Off {
        let measured = Quality::of_aligned(&aligned, selfie, face, others);
        quality = quality::of_selfie(&measured, &policy.quality);
        // Measured even where the picture is refused already: whoever takes it again should hear of everything at once.
        if quality::needs_mesh(&policy.quality) {
            let mesh = bench.mesh(selfie, face)?;
            quality.extend(quality::of_selfie_mesh(&bench.mesh_quality(&mesh)?, &policy.quality));
        }
    }
    bench.lap("quality");
    if quality::refusal(&quality).is_some() {
        return Ok(SelfieFinding::Face { quality, liveness: None, template: None });
    }
    let liveness = match policy.liveness.action {
        Action::Off => None,
        Action::Reject | Action::Flag => Some(round_score(bench.presentation(selfie, face)?)),
    };
    bench.lap("liveness");
    let action = |score| policy.liveness.action_on(policy.liveness.presentation(score));
    if liveness.map(action) == Some(Action::Reject) {
        return Ok(SelfieFinding::Face { quality, liveness, template: None });
    }
    let template = bench.embed_aligned(selfie, face, &aligned)?;
    bench.lap("embed");
    Ok(SelfieFinding::Face { quality, liveness, template: Some(template) })
}

/// Whom a picture shows.
struct Subject<'f> {
    /// The most prominent face.
    face: &'f Face,
    /// All other faces.
    others: &'f [Face],
    /// The face as the recogniser sees it.
    aligned: AlignedFace,
}

/// The subject of a picture; `None` where there is no face, or its landmarks fall together.
fn subject<'f>(picture: &Picture, faces: &'f [Face]) -> Option<Subject<'f>> {
    let (face, others) = faces.split_first()?;
    Some(Subject { face, others, aligned: AlignedFace::cut(picture, face)? })
}

fn examine_card(
    bench: &mut Bench,
    card: &Picture,
    place: Option<Quad>,
    policy: &QualityPolicy,
) -> Result<CardFinding, ModelError> {
    let Some(place) = place else {
        let upright = bench.detect_upright(card)?;
        return portrait(bench, upright.picture(), upright.faces(), policy);
    };
    // Whoever holds the card up is in the picture too, and larger: only a face on the card is its portrait.
    if let Some(area) = portrait_area(card, &place) {
        let faces = bench.detect(&area)?;
        if !faces.is_empty() {
            return portrait(bench, &area, &faces, policy);
        }
    }
    let on_card = |face: &Face| place.contains(face.bounds.centre());
    let faces: Vec<Face> = bench.detect(card)?.into_iter().filter(on_card).collect();
    portrait(bench, card, &faces, policy)
}

/// The first of some faces, as a card's portrait.
fn portrait(
    bench: &mut Bench,
    card: &Picture,
    faces: &[Face],
    policy: &QualityPolicy,
) -> Result<CardFinding, ModelError> {
    let Some(Subject { face, others, aligned }) = subject(card, faces) else {
        return Ok(CardFinding::Unusable(reason::NO_FACE));
    };
    let findings = quality::of_card(&Quality::of_aligned(&aligned, card, face, others), policy);
    if let Some(fault) = quality::refusal(&findings) {
        return Ok(CardFinding::Unusable(fault.reason()));
    }
    let template = bench.embed_aligned(card, face, &aligned)?;
    Ok(if findings.is_empty() {
        CardFinding::Portrait(template)
    } else {
        CardFinding::Doubtful(template, findings)
    })
}
