//! One picture through the stages a selfie goes through in the server, as far as presentation-attack detection.

use std::path::Path;

use absah_core::face::round_score;

use crate::evaluation::{EvaluationError, picture};
use crate::face::{Bounds, Quality};
use crate::runtime::{Bench, ModelError};

/// What came of a picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Examined {
    /// A face was found and scored.
    Acquired(Finding),
    /// A failure to acquire.
    Failed(Failure),
}

/// What was measured on the subject's face.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    /// The bona fide score, 0 to 100, in the tenths it is decided on.
    pub(super) score: f64,
    /// The face's bounds in the picture.
    pub(super) face: Bounds,
    /// What else was measured, in reading order.
    pub(super) cues: Vec<Cue>,
}

/// A measurement; the name tells the unit, where there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cue {
    pub(super) name: &'static str,
    pub(super) value: f64,
}

/// Why there is no score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Failure {
    /// The file is missing, no picture, damaged, or beyond the bounds of every picture.
    Unreadable,
    /// No face was found.
    NoFace,
}

impl Failure {
    pub(super) const ALL: [Self; 2] = [Self::NoFace, Self::Unreadable];

    /// As reports write it.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoFace => "no_face",
        }
    }
}

/// Scores the most prominent face of a picture, which is whom the server takes for the subject of a selfie.
pub(super) fn examine(bench: &mut Bench, path: &Path) -> Result<Examined, EvaluationError> {
    let Some(picture) = picture::read(path) else { return Ok(Examined::Failed(Failure::Unreadable)) };
    let upright = bench.detect_upright(&picture)?;
    let (picture, faces) = (upright.picture(), upright.faces());
    let measured = faces.first().zip(Quality::measure(picture, faces));
    let Some((face, quality)) = measured else { return Ok(Examined::Failed(Failure::NoFace)) };
    match bench.presentation(picture, face) {
        Ok(score) => {
            let cues = cues(face.score, &quality);
            Ok(Examined::Acquired(Finding {
                score: round_score(score),
                face: upright.in_original(face.bounds),
                cues,
            }))
        }
        // Bounds that lie outside the picture: there is nothing to look at.
        Err(ModelError::Output) => Ok(Examined::Failed(Failure::NoFace)),
        Err(error) => Err(error.into()),
    }
}

fn cues(confidence: f32, quality: &Quality) -> Vec<Cue> {
    let cue = |name, value: f32| Cue { name, value: value.into() };
    vec![
        cue("detector confidence", confidence),
        cue("eye distance (px)", quality.eye_distance),
        cue("sharpness (grey levels)", quality.sharpness),
        cue("share of a second face", quality.second_face_share),
    ]
}
