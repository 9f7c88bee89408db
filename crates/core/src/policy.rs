//! Thresholds and actions an operator may set.

use serde::{Deserialize, Serialize};

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
    /// What a found attack does.
    pub action: Action,
    /// The bona fide score that has to be reached, 0 to 100.
    pub threshold: f64,
}

/// The quality gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityPolicy {
    /// What poor quality does.
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
}

/// Comparison of faces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacePolicy {
    /// The comparison score that has to be reached, 0 to 100; also the floor for thresholds a caller asks for.
    pub threshold: f64,
    /// What decides about the selfie where the registry holds no portrait.
    pub without_reference: WithoutReference,
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

impl Default for Policy {
    fn default() -> Self {
        Self {
            stop_at_first_rejection: false,
            liveness: LivenessPolicy { action: Action::Reject, threshold: 20.0 },
            quality: QualityPolicy {
                action: Action::Reject,
                selfie_eye_distance: 20.0,
                card_face_side: 56.0,
                selfie_sharpness: 3.5,
                second_face_share: 0.7,
            },
            face: FacePolicy { threshold: 75.0, without_reference: WithoutReference::Reject },
            name: NamePolicy { threshold: 90, per_token: false },
            fields: FieldThresholds { mother_maiden_name: 90, place_of_birth: 80, address: 70 },
            repetition: RepetitionPolicy { limit: 10, window_seconds: 600 },
        }
    }
}
