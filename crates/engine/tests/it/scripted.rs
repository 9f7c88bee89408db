//! Biometrics and a registry that say what a row tells them to.

use std::sync::Arc;

use absah_core::assessment::{PictureFault, PictureRole, QualityFault, QualityFinding};
use absah_core::claims::{Claims, RecordState};
use absah_core::face::{Calibration, FaceTemplate, Profile, round_score};
use absah_core::field::Field;
use absah_core::nik::Nik;
use absah_core::policy::{Action, Policy};
use absah_core::rule::Rule;
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_core::verdict::{FieldFinding, FieldFindings, FieldVerdict};
use absah_engine::{
    AdmittedPictures, Biometrics, BiometricsError, CardFinding, CardText, PictureInput, SelfieFinding,
};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use absah_vision::card::Quad;
use absah_vision::picture::Picture;
use async_trait::async_trait;

/// A template at `degrees` on the unit circle: the cosine of two is that of the angle between them.
pub fn template(degrees: f32) -> FaceTemplate {
    let radians = degrees.to_radians();
    FaceTemplate::new("scripted".into(), vec![radians.cos(), radians.sin()]).expect("of unit length")
}

/// 100 at the same angle, 75 at 60 degrees, 0 at 90.
pub fn calibration() -> Calibration {
    Calibration::new("scripted".into(), vec![(0.0, 0.0), (0.5, 75.0), (1.0, 100.0)]).expect("monotone")
}

/// What the pictures show.
#[derive(Clone)]
pub struct Pictures {
    pub refused: Option<(PictureRole, PictureFault)>,
    pub selfie: SelfieFinding,
    pub card: CardFinding,
    pub text: CardText,
    pub broken: bool,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            refused: None,
            selfie: SelfieFinding::Face {
                quality: Vec::new(),
                liveness: Some(98.0),
                template: Some(template(0.0)),
            },
            card: CardFinding::Portrait(template(10.0)),
            text: CardText { is_card: true, ..CardText::default() },
            broken: false,
        }
    }
}

#[async_trait]
impl Biometrics for Pictures {
    async fn admit(
        &self,
        selfie: Option<&PictureInput>,
        card: Option<&PictureInput>,
    ) -> Result<AdmittedPictures, BiometricsError> {
        if let Some((role, fault)) = self.refused {
            return Err(BiometricsError::Refused(role, fault));
        }
        let dot = || Arc::new(Picture::new(1, 1, vec![0; 3]).expect("one pixel"));
        Ok(AdmittedPictures { selfie: selfie.map(|_| dot()), card: card.map(|_| dot()), room: None })
    }

    async fn examine_selfie(&self, _: Arc<Picture>, _: &Policy) -> Result<SelfieFinding, BiometricsError> {
        if self.broken { Err(BiometricsError::Failed("scripted".into())) } else { Ok(self.selfie.clone()) }
    }

    async fn examine_card(
        &self,
        _: Arc<Picture>,
        _: Option<Quad>,
        _: &Policy,
    ) -> Result<CardFinding, BiometricsError> {
        Ok(self.card.clone())
    }

    async fn read_card(&self, _: Arc<Picture>, _: &Policy) -> Result<CardText, BiometricsError> {
        Ok(self.text.clone())
    }

    fn compare(&self, _profile: Profile, probe: &FaceTemplate, reference: &FaceTemplate) -> Option<f64> {
        calibration().compare(probe, reference).map(round_score)
    }
}

/// What the registry holds.
#[derive(Clone)]
pub struct Registry {
    pub claims: Result<Held, Trouble>,
    pub face: Result<Reference, Trouble>,
    pub hangs: bool,
}

/// A record as its adapter would judge it.
#[derive(Clone)]
pub enum Held {
    Unknown,
    NotActive(RecordState),
    /// Everything claimed matches but these.
    AllBut(Vec<(Field, FieldVerdict)>),
}

/// The reference portrait.
#[derive(Clone)]
pub enum Reference {
    At(f32),
    None,
    RefusesPictures,
}

impl Default for Registry {
    fn default() -> Self {
        Self { claims: Ok(Held::AllBut(Vec::new())), face: Ok(Reference::At(0.0)), hangs: false }
    }
}

#[async_trait]
impl PopulationRegistry for Registry {
    async fn verify_claims(
        &self,
        _: &TenantId,
        claims: &Claims,
        _: &Policy,
    ) -> Result<ClaimsAnswer, Trouble> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        Ok(match self.claims.clone()? {
            Held::Unknown => ClaimsAnswer::NotFound,
            Held::NotActive(state) => ClaimsAnswer::NotActive(state),
            Held::AllBut(others) => ClaimsAnswer::Compared(findings(claims, &others)),
        })
    }

    async fn verify_face(
        &self,
        _: &TenantId,
        _: &Nik,
        probe: &FaceProbe<'_>,
        threshold: f64,
    ) -> Result<FaceAnswer, Trouble> {
        Ok(match self.face.clone()? {
            Reference::None => FaceAnswer::NoReference,
            Reference::RefusesPictures => FaceAnswer::Unusable,
            Reference::At(degrees) => {
                let score =
                    calibration().compare(probe.template, &template(degrees)).map_or(0.0, round_score);
                FaceAnswer::Compared { matched: score >= threshold, raw: score, score, threshold }
            }
        })
    }

    async fn ready(&self) -> Result<(), Trouble> {
        Ok(())
    }
}

fn findings(claims: &Claims, others: &[(Field, FieldVerdict)]) -> FieldFindings {
    let finding = |field: Field| {
        let verdict =
            others.iter().find(|(other, _)| *other == field).map_or(FieldVerdict::Match, |(_, v)| *v);
        FieldFinding { verdict, similarity: None, threshold: None, rule: Some(Rule::Equal) }
    };
    claims.demographics.fields().map(|field| (field, finding(field))).collect()
}

/// A selfie that was refused.
pub fn refused_selfie(quality: Option<QualityFault>, liveness: Option<f64>) -> SelfieFinding {
    let quality = quality.map(|fault| finding(fault, Action::Reject)).into_iter().collect();
    SelfieFinding::Face { quality, liveness, template: None }
}

/// A measure beyond its bound.
pub fn finding(fault: QualityFault, action: Action) -> QualityFinding {
    QualityFinding { fault, measured: 1.25, bound: 3.5, action }
}
