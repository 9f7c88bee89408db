//! The checks of one request, in order of cost.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use absah_core::assessment::{Assessment, Check, CheckName, Outcome, QualityFinding, Verdict, reason};
use absah_core::claims::Claims;
use absah_core::coded::Gender;
use absah_core::dialect::Product;
use absah_core::face::{FaceTemplate, Profile};
use absah_core::field::Field;
use absah_core::policy::{Action, Policy, Presentation, WithoutReference};
use absah_core::tenant::TenantId;
use absah_core::trouble::Trouble;
use absah_core::verdict::{FieldFinding, FieldFindings, FieldVerdict};
use absah_registry::{ClaimsAnswer, FaceAnswer, FaceProbe, PopulationRegistry};
use absah_store::Terms;
use absah_vision::card::Quad;
use absah_vision::picture::Picture;

use crate::biometrics::{AdmittedPictures, Biometrics, BiometricsError, CardFinding, SelfieFinding};
use crate::card_text;
use crate::request::{PictureInput, Request};

/// Assesses requests: no gates, no record.
pub struct Assessor {
    registry: Arc<dyn PopulationRegistry>,
    biometrics: Arc<dyn Biometrics>,
    policy: Policy,
    registry_timeout: Duration,
}

/// An assessment that ended before all checks were made.
type Ended = Outcome;

impl Assessor {
    /// `registry_timeout` bounds every single call to the registry.
    pub fn new(
        registry: Arc<dyn PopulationRegistry>,
        biometrics: Arc<dyn Biometrics>,
        policy: Policy,
        registry_timeout: Duration,
    ) -> Self {
        Self { registry, biometrics, policy, registry_timeout }
    }

    /// Whether the registry could answer now.
    ///
    /// # Errors
    /// Why it could not.
    pub async fn ready(&self) -> Result<(), Trouble> {
        self.in_time(self.registry.ready()).await
    }

    /// Makes the checks of a request. Contacts are not among them: who has them is known only when the transaction is
    /// written.
    pub async fn assess(&self, tenant: &TenantId, terms: &Terms, request: &Request) -> Assessment {
        let policy = policy_on_terms(&self.policy, terms);
        let mut run = Run { assessor: self, tenant, request, policy, checks: Vec::new(), notes: Vec::new() };
        let outcome = match run.all().await {
            Ok(outcome) | Err(outcome) => outcome,
        };
        Assessment { outcome, checks: run.checks, notes: run.notes }
    }

    async fn in_time<T>(&self, call: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        tokio::time::timeout(self.registry_timeout, call).await.unwrap_or(Err(Trouble::Timeout))
    }
}

/// The policy with a credential's own thresholds in the places of the general ones.
fn policy_on_terms(policy: &Policy, terms: &Terms) -> Policy {
    let mut policy = policy.clone();
    if let Some(threshold) = terms.face_threshold {
        policy.face.threshold = threshold;
        Profile::ALL.into_iter().for_each(|profile| policy.face.set_threshold(profile, 0.0));
    }
    for (profile, threshold) in &terms.face_thresholds {
        policy.face.set_threshold(*profile, *threshold);
    }
    if let Some(threshold) = terms.name_threshold {
        policy.name.threshold = threshold;
    }
    policy
}

/// One assessment under way.
struct Run<'a> {
    assessor: &'a Assessor,
    tenant: &'a TenantId,
    request: &'a Request,
    policy: Policy,
    checks: Vec<Check>,
    notes: Vec<&'static str>,
}

impl Run<'_> {
    async fn all(&mut self) -> Result<Outcome, Ended> {
        self.note_signals();
        let pictures = self.admit().await?;
        let selfie = self.selfie(&pictures).await?;
        self.demographics().await?;
        let place = match pictures.card.as_ref().filter(|_| !self.stops_here()) {
            Some(card) => self.card_text(card).await?,
            None => None,
        };
        if !self.stops_here() {
            self.faces(selfie, pictures.card.as_ref(), place).await?;
        }
        Ok(self.conclusion())
    }

    /// What the number itself says beside the claims: evidence, never a verdict.
    fn note_signals(&mut self) {
        let Claims { nik, demographics } = &self.request.claims;
        let gender = demographics.text(Field::Gender).and_then(Gender::parse);
        self.notes
            .extend(nik.signals(demographics.date_of_birth(), gender).into_iter().map(|signal| signal.key()));
    }

    async fn admit(&self) -> Result<AdmittedPictures, Ended> {
        let admitted =
            self.assessor.biometrics.admit(self.request.selfie.as_ref(), self.request.card.as_ref()).await;
        admitted.map_err(ended_by)
    }

    /// Quality and liveness of the selfie; gives its template where the request has one.
    async fn selfie(&mut self, pictures: &AdmittedPictures) -> Result<Option<FaceTemplate>, Ended> {
        let Some(selfie) = &pictures.selfie else { return Ok(None) };
        let found = self.assessor.biometrics.examine_selfie(Arc::clone(selfie), &self.policy).await;
        let SelfieFinding::Face { quality, liveness, template } = found.map_err(ended_by)? else {
            self.checks.push(Check {
                name: CheckName::Quality,
                verdict: Verdict::Fail,
                score: None,
                threshold: None,
                reason: Some(reason::NO_FACE),
            });
            return Err(Outcome::NoFace);
        };
        self.quality(&quality)?;
        self.liveness(liveness)?;
        // Nothing refused the selfie, so a finding without a template would be a fault of the biometrics.
        template.map(Some).ok_or(Outcome::Internal)
    }

    /// One check for every finding, the refusing ones first; one that passes where there is none.
    fn quality(&mut self, findings: &[QualityFinding]) -> Result<(), Ended> {
        if findings.is_empty() && self.policy.quality.action != Action::Off {
            let verdict = Verdict::Pass;
            let passed =
                Check { name: CheckName::Quality, verdict, score: None, threshold: None, reason: None };
            self.checks.push(passed);
        }
        let (refusing, noted): (Vec<&QualityFinding>, Vec<_>) =
            findings.iter().partition(|finding| finding.action == Action::Reject);
        let told = refusing.iter().chain(&noted).map(|finding| quality_check(CheckName::Quality, finding));
        self.checks.extend(told);
        refusing.first().map_or(Ok(()), |finding| Err(Outcome::QualityRefused(finding.fault)))
    }

    fn liveness(&mut self, score: Option<f64>) -> Result<(), Ended> {
        let Some(score) = score else { return Ok(()) };
        let policy = &self.policy.liveness;
        let presentation = policy.presentation(score);
        let action = policy.action_on(presentation);
        let verdict = gate_verdict(action, action == Action::Off);
        let reason = match presentation {
            Presentation::BonaFide => None,
            Presentation::Uncertain => Some(reason::PRESENTATION_UNCERTAIN),
            Presentation::Attack => Some(reason::PRESENTATION_ATTACK),
        };
        let threshold = policy.threshold;
        self.checks.push(Check {
            name: CheckName::Liveness,
            verdict,
            score: Some(score),
            threshold: Some(threshold),
            reason,
        });
        if verdict == Verdict::Fail { Err(Outcome::LivenessFailed) } else { Ok(()) }
    }

    async fn demographics(&mut self) -> Result<(), Ended> {
        let Self { assessor, tenant, request, policy, .. } = self;
        let call = assessor.registry.verify_claims(tenant, &request.claims, policy);
        let (verdict, reason, answer) = match assessor.in_time(call).await.map_err(Outcome::Trouble)? {
            ClaimsAnswer::Compared(findings) => (Verdict::Pass, None, Ok(findings)),
            ClaimsAnswer::NotFound => (Verdict::Fail, Some(reason::NOT_FOUND), Err(Outcome::NikNotFound)),
            ClaimsAnswer::NotActive(state) => {
                (Verdict::Fail, Some(state.key()), Err(Outcome::RecordNotActive(state)))
            }
        };
        self.checks.push(Check { name: CheckName::Nik, verdict, score: None, threshold: None, reason });
        self.fields(&answer?);
        Ok(())
    }

    fn fields(&mut self, findings: &FieldFindings) {
        for (field, &FieldFinding { verdict, similarity, threshold, rule }) in findings.iter() {
            if self.stops_here() {
                return;
            }
            let (verdict, why) = match verdict {
                FieldVerdict::Match => (Verdict::Pass, rule.map(|rule| rule.key())),
                FieldVerdict::Mismatch => (Verdict::Fail, rule.map(|rule| rule.key())),
                FieldVerdict::NotHeld => (Verdict::Unknown, Some(reason::NOT_HELD)),
            };
            self.checks.push(Check {
                name: CheckName::Field(field),
                verdict,
                score: similarity.map(f64::from),
                threshold: threshold.map(f64::from),
                reason: why,
            });
        }
    }

    /// What is printed on the card, where the product asks for it: the other one's pictures are too small to read. Tells
    /// where the card lies.
    async fn card_text(&mut self, card: &Arc<Picture>) -> Result<Option<Quad>, Ended> {
        let is_asked =
            self.request.product == Product::CertificateIssuance && card_text::is_asked(&self.policy.card);
        if !is_asked {
            return Ok(None);
        }
        let read = self.assessor.biometrics.read_card(Arc::clone(card), &self.policy).await;
        let text = read.map_err(ended_by)?;
        self.checks.extend(card_text::checks(&text, &self.request.claims, &self.policy));
        Ok(text.place)
    }

    /// The selfie against the registry's portrait, then the card's portrait against the same.
    async fn faces(
        &mut self,
        selfie: Option<FaceTemplate>,
        card: Option<&Arc<Picture>>,
        place: Option<Quad>,
    ) -> Result<(), Ended> {
        let answer = match (&selfie, &self.request.selfie) {
            (Some(template), Some(input)) => {
                Some(self.verify_face(Profile::SelfiePortrait, template, input).await?)
            }
            _ => None,
        };
        let no_reference = answer == Some(FaceAnswer::NoReference);
        let by_card = no_reference && self.policy.face.without_reference == WithoutReference::Card;
        if let Some(answer) = answer.filter(|_| !by_card) {
            let threshold = self.face_threshold(Profile::SelfiePortrait);
            self.checks.push(face_check(CheckName::Face, &answer, threshold));
            if self.stops_here() {
                return Ok(());
            }
        }
        let portrait = self.portrait(card, place).await?;
        if let Some(selfie) = selfie.as_ref().filter(|_| by_card) {
            let check = self.face_by_card(selfie, portrait.as_ref())?;
            self.checks.push(check);
            if self.stops_here() {
                return Ok(());
            }
        }
        if let Some(portrait) = portrait {
            let check = self.card(&portrait, selfie.as_ref().filter(|_| no_reference)).await?;
            self.checks.push(check);
        }
        Ok(())
    }

    /// What the card shows; doubts about it are noted here.
    async fn portrait(
        &mut self,
        card: Option<&Arc<Picture>>,
        place: Option<Quad>,
    ) -> Result<Option<CardFinding>, Ended> {
        let Some(card) = card else { return Ok(None) };
        let found = self.assessor.biometrics.examine_card(Arc::clone(card), place, &self.policy).await;
        let was_found = self
            .checks
            .iter()
            .any(|check| check.name == CheckName::CardFound && check.verdict == Verdict::Pass);
        Ok(Some(match found.map_err(ended_by)? {
            CardFinding::Unusable(reason::NO_FACE) if was_found => return Err(Outcome::NoFaceOnCard),
            CardFinding::Doubtful(template, findings) => {
                let told = findings.iter().map(|finding| quality_check(CheckName::CardQuality, finding));
                self.checks.extend(told);
                CardFinding::Portrait(template)
            }
            plain => plain,
        }))
    }

    /// The selfie against the card's portrait, where the registry holds none and the policy accepts that.
    fn face_by_card(
        &mut self,
        selfie: &FaceTemplate,
        portrait: Option<&CardFinding>,
    ) -> Result<Check, Ended> {
        match portrait {
            Some(CardFinding::Portrait(template) | CardFinding::Doubtful(template, _)) => {
                self.compared(CheckName::Face, selfie, template, reason::COMPARED_WITH_CARD)
            }
            Some(CardFinding::Unusable(_)) | None => {
                let threshold = self.face_threshold(Profile::SelfieCard);
                Ok(unknown(CheckName::Face, threshold, reason::NO_REFERENCE))
            }
        }
    }

    /// The card's portrait against the registry's, or against the selfie where one is given instead.
    async fn card(&mut self, portrait: &CardFinding, instead: Option<&FaceTemplate>) -> Result<Check, Ended> {
        match (portrait, instead, &self.request.card) {
            (CardFinding::Unusable(why), ..) => {
                let profile = if instead.is_some() { Profile::SelfieCard } else { Profile::CardPortrait };
                Ok(unknown(CheckName::Card, self.face_threshold(profile), why))
            }
            (CardFinding::Portrait(template) | CardFinding::Doubtful(template, _), Some(selfie), _) => {
                self.compared(CheckName::Card, selfie, template, reason::COMPARED_WITH_SELFIE)
            }
            (CardFinding::Portrait(template) | CardFinding::Doubtful(template, _), None, Some(input)) => {
                let answer = self.verify_face(Profile::CardPortrait, template, input).await?;
                let threshold = self.face_threshold(Profile::CardPortrait);
                Ok(face_check(CheckName::Card, &answer, threshold))
            }
            // A card's picture was admitted only where the request has one.
            (CardFinding::Portrait(_) | CardFinding::Doubtful(..), None, None) => Err(Outcome::Internal),
        }
    }

    /// What the caller asks for, but no less than the profile's floor.
    fn face_threshold(&mut self, profile: Profile) -> f64 {
        let floor = self.policy.face.threshold(profile);
        match self.request.face_threshold {
            Some(asked) if asked < floor => {
                if !self.notes.contains(&reason::FLOOR_APPLIED) {
                    self.notes.push(reason::FLOOR_APPLIED);
                }
                floor
            }
            Some(asked) => asked,
            None => floor,
        }
    }

    async fn verify_face(
        &mut self,
        profile: Profile,
        template: &FaceTemplate,
        input: &PictureInput,
    ) -> Result<FaceAnswer, Ended> {
        let threshold = self.face_threshold(profile);
        let probe = FaceProbe { profile, template, picture: &input.bytes };
        let call =
            self.assessor.registry.verify_face(self.tenant, &self.request.claims.nik, &probe, threshold);
        self.assessor.in_time(call).await.map_err(Outcome::Trouble)
    }

    /// The selfie with the card's portrait.
    fn compared(
        &mut self,
        name: CheckName,
        selfie: &FaceTemplate,
        card: &FaceTemplate,
        compared_with: &'static str,
    ) -> Result<Check, Ended> {
        let threshold = self.face_threshold(Profile::SelfieCard);
        let compared = self.assessor.biometrics.compare(Profile::SelfieCard, selfie, card);
        let score = compared.ok_or(Outcome::Internal)?;
        let verdict = if score >= threshold { Verdict::Pass } else { Verdict::Fail };
        Ok(Check {
            name,
            verdict,
            score: Some(score),
            threshold: Some(threshold),
            reason: Some(compared_with),
        })
    }

    fn stops_here(&self) -> bool {
        self.policy.stop_at_first_rejection && self.checks.iter().any(rejects)
    }

    fn conclusion(&self) -> Outcome {
        if self.checks.iter().any(rejects) { Outcome::NotVerified } else { Outcome::Verified }
    }
}

/// A failed check rejects, and so does a face or a card that could not be compared; a field that is not held does not.
fn rejects(check: &Check) -> bool {
    match check.verdict {
        Verdict::Fail => true,
        Verdict::Unknown => matches!(check.name, CheckName::Face | CheckName::Card),
        Verdict::Pass | Verdict::Flagged => false,
    }
}

fn gate_verdict(action: Action, in_order: bool) -> Verdict {
    match (in_order, action) {
        (true, _) => Verdict::Pass,
        (false, Action::Reject) => Verdict::Fail,
        (false, Action::Flag | Action::Off) => Verdict::Flagged,
    }
}

fn quality_check(name: CheckName, finding: &QualityFinding) -> Check {
    let QualityFinding { fault, measured, bound, action } = *finding;
    Check {
        name,
        verdict: gate_verdict(action, false),
        score: Some(measured),
        threshold: Some(bound),
        reason: Some(fault.reason()),
    }
}

fn face_check(name: CheckName, answer: &FaceAnswer, threshold: f64) -> Check {
    match *answer {
        FaceAnswer::Compared { matched, score, threshold, .. } => Check {
            name,
            verdict: if matched { Verdict::Pass } else { Verdict::Fail },
            score: Some(score),
            threshold: Some(threshold),
            reason: (!matched).then_some(reason::BELOW_THRESHOLD),
        },
        FaceAnswer::NoReference => unknown(name, threshold, reason::NO_REFERENCE),
        FaceAnswer::Unusable => unknown(name, threshold, reason::PHOTO_UNUSABLE),
    }
}

fn unknown(name: CheckName, threshold: f64, why: &'static str) -> Check {
    Check { name, verdict: Verdict::Unknown, score: None, threshold: Some(threshold), reason: Some(why) }
}

/// How trouble with the pictures ends an assessment. A failure of the models is logged here, where it is handled.
pub(crate) fn ended_by(error: BiometricsError) -> Outcome {
    match error {
        BiometricsError::Refused(picture, fault) => Outcome::PictureRefused { picture, fault },
        BiometricsError::Busy => Outcome::Refused(absah_core::assessment::Refusal::Overloaded),
        BiometricsError::Failed(source) => {
            let error: &dyn std::error::Error = source.as_ref();
            tracing::error!(error, "a model failed");
            Outcome::Internal
        }
    }
}
