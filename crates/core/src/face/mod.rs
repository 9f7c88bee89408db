//! Face templates, what is compared with what, and the scale it is told on.

mod calibration;
mod profile;
mod template;

use std::sync::Arc;

pub use self::calibration::{Calibration, NotMonotone};
pub use self::profile::{OtherModel, Profile, Scales};
pub use self::template::FaceTemplate;

/// Name and version of the model that made a template; templates of different models are never compared.
pub type ModelId = Arc<str>;

/// Rounds a score to one decimal, half away from zero: scores are told, and decided on, in this form.
pub fn round_score(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}
