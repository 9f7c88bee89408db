//! Thresholds and actions an operator may set.

use serde::{Deserialize, Serialize};

use crate::face::{Profile, Scales, round_score};

/// What is done with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It refuses the request.
    #[default]
    Reject,
    /// It is noted in the evidence.
    Flag,
    /// It is not looked for.
    Off,
}

impl Action {
    /// This action, but no more than `bound` does.
    #[must_use]
    pub fn at_most(self, bound: Self) -> Self {
        match (self, bound) {
            (Self::Off, _) | (_, Self::Off) => Self::Off,
            (Self::Flag, _) | (_, Self::Flag) => Self::Flag,
            (Self::Reject, Self::Reject) => Self::Reject,
        }
    }
}

/// The rules of decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// End at the first rejected field instead of checking all.
    pub stop_at_first_rejection: bool,
    /// Presentation-attack detection.
    pub liveness: LivenessPolicy,
    /// The selfie's quality gate.
    pub quality: QualityPolicy,
    /// What is read of the card.
    pub card: CardPolicy,
    /// Comparison of faces.
    pub face: FacePolicy,
    /// Comparison of full names.
    pub name: NamePolicy,
    /// Comparison of the other scored fields.
    pub fields: FieldThresholds,
    /// Repeated parameters.
    pub repetition: RepetitionPolicy,
}

/// Presentation-attack detection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessPolicy {
    /// What a found attack does; "off" looks for none.
    pub action: Action,
    /// The bona fide score that has to be reached, 0 to 100.
    pub threshold: f64,
    /// Below this score the presentation is taken for an attack; from here up to the threshold it is uncertain. Above
    /// the threshold it counts as the threshold.
    pub attack_below: f64,
    /// What an uncertain presentation does; "off" takes it for bona fide.
    pub uncertain: Action,
}

/// What a bona fide score says, by ISO/IEC 30107-3's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presentation {
    /// A living person before the camera.
    BonaFide,
    /// Neither of the two.
    Uncertain,
    /// A picture, a screen, a mask.
    Attack,
}

impl LivenessPolicy {
    /// What a score says.
    pub fn presentation(&self, score: f64) -> Presentation {
        if score >= self.threshold {
            Presentation::BonaFide
        } else if score >= self.attack_below {
            Presentation::Uncertain
        } else {
            Presentation::Attack
        }
    }

    /// What is done about a presentation: [`Action::Off`] is nothing.
    pub fn action_on(&self, presentation: Presentation) -> Action {
        match presentation {
            Presentation::BonaFide => Action::Off,
            // Doubt never does more than an attack.
            Presentation::Uncertain => self.uncertain.at_most(self.action),
            Presentation::Attack => self.action,
        }
    }
}

/// The quality gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityPolicy {
    /// The most that poor quality does, whatever a measure's own action.
    pub action: Action,
    /// Smallest distance between the eyes of a selfie, in pixels.
    pub selfie_eye_distance: f32,
    /// Smallest side of the square a card's portrait is aligned from, in pixels of the card's picture; about 3.2 times
    /// the distance between the eyes.
    pub card_face_side: f32,
    /// Smallest sharpness of a selfie's face (standard deviation of the Laplacian of the aligned face, grey levels).
    pub selfie_sharpness: f32,
    /// A second face counts when its area is at least this share of the first one's, 0 to 1.
    pub second_face_share: f32,
    /// Largest share of a selfie's face beyond the picture's border, 0 to 1.
    pub selfie_cut_off: f32,
    /// Largest share of a selfie's face with a luma of at most 25, 0 to 1.
    pub selfie_dark_share: f32,
    /// Largest share of a selfie's face with a luma of at least 247, 0 to 1.
    pub selfie_bright_share: f32,
    /// Smallest entropy of the luma of a selfie's face, in bits.
    pub selfie_dynamic_range: f32,
    /// Furthest a head may be turned to either side, in degrees.
    pub selfie_yaw: f32,
    /// Furthest a head may be bowed or thrown back, in degrees.
    pub selfie_pitch: f32,
    /// Mouth and nose count as covered above this degree, 0 to 1.
    pub selfie_mouth_covered: f32,
    /// Eyes count as covered above this degree, 0 to 1.
    pub selfie_eyes_covered: f32,
    /// Eyes count as closed below this degree of the opener one, 0 to 1.
    pub selfie_eyes_open: f32,
    /// Smallest sharpness of a card's portrait, in grey levels as a selfie's.
    pub card_sharpness: f32,
    /// Largest share of a card's portrait with a luma of at least 247, as by glare, 0 to 1.
    pub card_bright_share: f32,
    /// Smallest entropy of the luma of a card's portrait, in bits.
    pub card_dynamic_range: f32,
    /// What each measure of a selfie does.
    pub selfie_actions: SelfieActions,
    /// What each measure of a card's portrait does.
    pub card_actions: CardActions,
}

/// What each measure of a selfie does, by reason code; never more than the gate's own action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfieActions {
    /// Another face of like size.
    pub several_faces: Action,
    /// Too few pixels between the eyes.
    pub too_small: Action,
    /// A face beyond the border.
    pub cut_off: Action,
    /// Blur.
    pub too_blurred: Action,
    /// Under-exposure.
    pub too_dark: Action,
    /// Over-exposure.
    pub too_bright: Action,
    /// A small dynamic range.
    pub low_contrast: Action,
    /// Head pose.
    pub head_turned: Action,
    /// Mask, scarf or hand over mouth and nose.
    pub mouth_covered: Action,
    /// Sunglasses.
    pub eyes_covered: Action,
    /// Closed eyes.
    pub eyes_closed: Action,
    /// Smaller faces behind.
    pub background_faces: Action,
}

/// What each measure of a card's portrait does, by reason code; never more than the gate's own action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardActions {
    /// A portrait of too few pixels.
    pub too_small: Action,
    /// Blur.
    pub too_blurred: Action,
    /// Glare.
    pub too_bright: Action,
    /// A small dynamic range.
    pub low_contrast: Action,
}

/// What is read of the card.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardPolicy {
    /// What a picture does that is no card.
    pub not_a_card: Action,
    /// What a number, name or date of birth does that was read with confidence and contradicts the claim.
    pub contradiction: Action,
    /// What one of them does that could not be read with confidence: "reject" asks for a better picture.
    pub unread: Action,
    /// What was read counts from this confidence on, 0 to 1.
    pub confidence: f32,
}

/// Comparison of faces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacePolicy {
    /// The comparison score that has to be reached, 0 to 100; also the floor for thresholds a caller asks for.
    pub threshold: f64,
    /// How sure a comparison has to be at least, whatever the thresholds say.
    pub level: Level,
    /// What decides about the selfie where the registry holds no portrait.
    pub without_reference: WithoutReference,
    /// The selfie with the registry's portrait.
    pub selfie_portrait: ProfilePolicy,
    /// The selfie with the card's portrait.
    pub selfie_card: ProfilePolicy,
    /// The card's portrait with the registry's.
    pub card_portrait: ProfilePolicy,
    /// What the level asks for at least in each profile, in the order of [`Profile::ALL`]: no threshold set later goes
    /// below it.
    #[serde(skip)]
    least: [f64; Profile::ALL.len()],
}

/// Comparison of faces of one profile.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePolicy {
    /// Like the general threshold, which 0 stands for.
    pub threshold: f64,
}

/// How sure a comparison has to be at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As the thresholds say.
    #[default]
    Standard,
    /// At least the score of the model's strict cosine.
    Strict,
}

/// The strict level was asked of a model that has none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "policy.face.level is strict, and the model {model} names no strict cosine: set thresholds instead, or name one in its manifest"
)]
pub struct NoStrictLevel {
    /// The model.
    pub model: crate::face::ModelId,
}

impl FacePolicy {
    /// The comparison score that has to be reached in a profile, 0 to 100.
    pub fn threshold(&self, profile: Profile) -> f64 {
        let own = self.of(profile).threshold;
        let least = Profile::ALL.iter().zip(self.least).find(|(known, _)| **known == profile);
        let asked = if own > 0.0 { own } else { self.threshold };
        asked.max(least.map_or(0.0, |(_, least)| least))
    }

    /// Sets a profile's own threshold, 0 to 100; 0 for the general one.
    pub fn set_threshold(&mut self, profile: Profile, threshold: f64) {
        match profile {
            Profile::SelfiePortrait => self.selfie_portrait.threshold = threshold,
            Profile::SelfieCard => self.selfie_card.threshold = threshold,
            Profile::CardPortrait => self.card_portrait.threshold = threshold,
        }
    }

    /// The same with what its level asks for, read on a model's scales: whatever thresholds are set afterwards, none goes
    /// below it.
    ///
    /// # Errors
    /// The level is strict, and the model has no strict cosine.
    pub fn on(&self, scales: &Scales) -> Result<Self, NoStrictLevel> {
        let mut policy = self.clone();
        if self.level == Level::Strict {
            let strict = scales.strict().ok_or_else(|| NoStrictLevel { model: scales.model().clone() })?;
            policy.least = Profile::ALL.map(|profile| round_score(scales.of(profile).score(strict)));
        }
        Ok(policy)
    }

    fn of(&self, profile: Profile) -> ProfilePolicy {
        match profile {
            Profile::SelfiePortrait => self.selfie_portrait,
            Profile::SelfieCard => self.selfie_card,
            Profile::CardPortrait => self.card_portrait,
        }
    }
}

/// What decides about the selfie where the registry holds no portrait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutReference {
    /// Nothing: it is rejected.
    Reject,
    /// The card's portrait.
    Card,
}

/// Comparison of full names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamePolicy {
    /// The similarity that has to be reached, 0 to 100.
    pub threshold: u8,
    /// Whether the worst aligned token decides where no rule of spelling does.
    pub per_token: bool,
}

/// Thresholds of the other scored demographic fields, 0 to 100.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldThresholds {
    /// Mother's maiden name.
    pub mother_maiden_name: u8,
    /// Place of birth.
    pub place_of_birth: u8,
    /// Street line of the address.
    pub address: u8,
}

/// Repeated parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepetitionPolicy {
    /// How often the same credential may send the same parameters within the window; 0 switches the check off.
    pub limit: u32,
    /// The window, in seconds.
    pub window_seconds: u32,
}

impl Default for FacePolicy {
    fn default() -> Self {
        Self {
            threshold: 75.0,
            level: Level::Standard,
            without_reference: WithoutReference::Reject,
            selfie_portrait: ProfilePolicy::default(),
            selfie_card: ProfilePolicy::default(),
            card_portrait: ProfilePolicy::default(),
            least: [0.0; Profile::ALL.len()],
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            stop_at_first_rejection: false,
            liveness: LivenessPolicy {
                action: Action::Reject,
                threshold: 50.0,
                attack_below: 20.0,
                uncertain: Action::Reject,
            },
            quality: QualityPolicy {
                action: Action::Reject,
                selfie_eye_distance: 20.0,
                card_face_side: 56.0,
                selfie_sharpness: 3.5,
                second_face_share: 0.7,
                selfie_cut_off: 0.25,
                selfie_dark_share: 0.4,
                selfie_bright_share: 0.2,
                selfie_dynamic_range: 5.0,
                selfie_yaw: 45.0,
                selfie_pitch: 30.0,
                selfie_mouth_covered: 0.7,
                selfie_eyes_covered: 0.9,
                selfie_eyes_open: 0.018,
                card_sharpness: 2.0,
                card_bright_share: 0.3,
                card_dynamic_range: 4.0,
                selfie_actions: SelfieActions {
                    several_faces: Action::Reject,
                    too_small: Action::Reject,
                    cut_off: Action::Reject,
                    too_blurred: Action::Reject,
                    too_dark: Action::Reject,
                    too_bright: Action::Reject,
                    low_contrast: Action::Reject,
                    head_turned: Action::Reject,
                    mouth_covered: Action::Reject,
                    eyes_covered: Action::Reject,
                    eyes_closed: Action::Flag,
                    background_faces: Action::Flag,
                },
                card_actions: CardActions {
                    too_small: Action::Reject,
                    too_blurred: Action::Flag,
                    too_bright: Action::Flag,
                    low_contrast: Action::Flag,
                },
            },
            card: CardPolicy {
                not_a_card: Action::Reject,
                contradiction: Action::Reject,
                unread: Action::Flag,
                confidence: 0.9,
            },
            face: FacePolicy::default(),
            name: NamePolicy { threshold: 90, per_token: false },
            fields: FieldThresholds { mother_maiden_name: 90, place_of_birth: 80, address: 70 },
            repetition: RepetitionPolicy { limit: 10, window_seconds: 600 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::Calibration;

    fn scales(strict: Option<f32>) -> Scales {
        let scale = |at_half| {
            Calibration::new("m".into(), vec![(0.0, 0.0), (0.5, at_half), (1.0, 100.0)]).expect("rising")
        };
        let scales = Scales::new(scale(75.0)).with(Profile::SelfieCard, scale(80.0)).expect("one model");
        scales.with_strict(strict)
    }

    #[test]
    fn every_profile_has_its_threshold() {
        let table = [
            // general, own of selfie_card, level; thresholds of the three profiles
            (75.0, 0.0, Level::Standard, [75.0, 75.0, 75.0]),
            (75.0, 82.0, Level::Standard, [75.0, 82.0, 75.0]),
            (75.0, 60.0, Level::Standard, [75.0, 60.0, 75.0]),
            (75.0, 0.0, Level::Strict, [80.0, 84.0, 80.0]),
            (82.0, 60.0, Level::Strict, [82.0, 84.0, 82.0]),
        ];
        for (general, card, level, expected) in table {
            let mut policy = FacePolicy { threshold: general, level, ..FacePolicy::default() };
            policy.set_threshold(Profile::SelfieCard, card);
            let policy = policy.on(&scales(Some(0.6))).expect("a strict cosine");
            assert_eq!(
                Profile::ALL.map(|profile| policy.threshold(profile)),
                expected,
                "{general} {card} {level:?}"
            );
        }
    }

    #[test]
    fn no_threshold_set_later_goes_below_the_level() {
        let mut policy = FacePolicy { level: Level::Strict, ..FacePolicy::default() };
        policy = policy.on(&scales(Some(0.6))).expect("a strict cosine");
        policy.threshold = 70.0;
        policy.set_threshold(Profile::SelfieCard, 0.0);
        policy.set_threshold(Profile::CardPortrait, 90.0);
        assert_eq!(Profile::ALL.map(|profile| policy.threshold(profile)), [80.0, 84.0, 90.0]);
    }

    #[test]
    fn a_model_without_a_strict_cosine_has_no_strict_level() {
        let strict = FacePolicy { level: Level::Strict, ..FacePolicy::default() };
        assert!(strict.on(&scales(None)).is_err());
        assert!(FacePolicy::default().on(&scales(None)).is_ok());
    }

    #[test]
    fn a_score_is_told_in_three_ways() {
        let policy = |threshold, attack_below| LivenessPolicy {
            action: Action::Reject,
            threshold,
            attack_below,
            uncertain: Action::Flag,
        };
        let table = [
            (policy(50.0, 20.0), 50.0, Presentation::BonaFide, Action::Off),
            (policy(50.0, 20.0), 49.9, Presentation::Uncertain, Action::Flag),
            (policy(50.0, 20.0), 20.0, Presentation::Uncertain, Action::Flag),
            (policy(50.0, 20.0), 19.9, Presentation::Attack, Action::Reject),
            // A threshold below `attack_below` leaves no room in between.
            (policy(10.0, 20.0), 10.0, Presentation::BonaFide, Action::Off),
            (policy(10.0, 20.0), 9.9, Presentation::Attack, Action::Reject),
            (policy(0.0, 0.0), 0.0, Presentation::BonaFide, Action::Off),
        ];
        for (action, uncertain, expected) in [
            (Action::Flag, Action::Reject, Action::Flag),
            (Action::Off, Action::Reject, Action::Off),
            (Action::Reject, Action::Off, Action::Off),
        ] {
            let policy = LivenessPolicy { action, uncertain, ..policy(50.0, 20.0) };
            assert_eq!(policy.action_on(Presentation::Uncertain), expected, "{action:?} {uncertain:?}");
        }
        for (policy, score, presentation, action) in table {
            assert_eq!(policy.presentation(score), presentation, "{score}");
            assert_eq!(policy.action_on(presentation), action, "{score}");
        }
    }
}
