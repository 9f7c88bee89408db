//! Face templates and the scale their comparison is told on.

use std::fmt;
use std::sync::Arc;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Name and version of the model that made a template; templates of different models are never compared.
pub type ModelId = Arc<str>;

/// A face template: the features of one face, of unit length.
#[derive(Clone, PartialEq)]
pub struct FaceTemplate {
    model: ModelId,
    features: Features,
}

#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
struct Features(Vec<f32>);

impl FaceTemplate {
    /// Scales the features to unit length; `None` where they have no length or are not finite.
    pub fn new(model: ModelId, mut features: Vec<f32>) -> Option<Self> {
        let length = features.iter().map(|x| x * x).sum::<f32>().sqrt();
        if !length.is_normal() {
            features.zeroize();
            return None;
        }
        for x in &mut features {
            *x /= length;
        }
        Some(Self { model, features: Features(features) })
    }

    /// The model that made it.
    pub fn model(&self) -> &ModelId {
        &self.model
    }

    /// The features, of unit length.
    pub fn features(&self) -> &[f32] {
        &self.features.0
    }

    /// Cosine similarity, -1 to 1; `None` where the templates come from different models.
    pub fn cosine(&self, other: &Self) -> Option<f32> {
        let comparable = self.model == other.model && self.features.0.len() == other.features.0.len();
        comparable.then(|| {
            let dot: f32 = self.features.0.iter().zip(&other.features.0).map(|(a, b)| a * b).sum();
            dot.clamp(-1.0, 1.0)
        })
    }
}

impl fmt::Debug for FaceTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceTemplate({}, <private>)", self.model)
    }
}

/// A monotone map from a model's cosine similarity to the comparison score, 0 to 100.
///
/// Piecewise linear between its anchors; below the first anchor the score is the first one's, above the last the last one's.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    model: ModelId,
    anchors: Vec<(f32, f64)>,
}

/// Rounds a score to one decimal, half away from zero: scores are told, and decided on, in this form.
pub fn round_score(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}

/// Why anchors make no calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a calibration needs at least two anchors, both coordinates strictly rising, scores within 0 to 100")]
pub struct NotMonotone;

impl Calibration {
    /// A calibration through `anchors` of (cosine, score), both strictly rising.
    pub fn new(model: ModelId, anchors: Vec<(f32, f64)>) -> Result<Self, NotMonotone> {
        let rising = anchors.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
        let bounded =
            anchors.iter().all(|(cosine, score)| cosine.is_finite() && (0.0..=100.0).contains(score));
        if anchors.len() < 2 || !rising || !bounded {
            return Err(NotMonotone);
        }
        Ok(Self { model, anchors })
    }

    /// The model whose cosines it reads.
    pub fn model(&self) -> &ModelId {
        &self.model
    }

    /// The comparison score of a cosine similarity, 0 to 100.
    pub fn score(&self, cosine: f32) -> f64 {
        let after = self.anchors.partition_point(|(anchor, _)| *anchor < cosine);
        match (after.checked_sub(1).and_then(|i| self.anchors.get(i)), self.anchors.get(after)) {
            (Some(&(c0, s0)), Some(&(c1, s1))) => s0 + (s1 - s0) * f64::from((cosine - c0) / (c1 - c0)),
            (None, Some(&(_, score))) | (Some(&(_, score)), None) => score,
            (None, None) => 0.0,
        }
    }

    /// The score of two templates; `None` where they are not of this calibration's model.
    pub fn compare(&self, probe: &FaceTemplate, reference: &FaceTemplate) -> Option<f64> {
        (probe.model() == &self.model)
            .then(|| probe.cosine(reference))
            .flatten()
            .map(|cosine| self.score(cosine))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(model: &str, features: &[f32]) -> FaceTemplate {
        FaceTemplate::new(model.into(), features.to_vec()).expect("features have a length")
    }

    #[test]
    fn cosine_is_of_unit_vectors() {
        let a = template("m", &[3.0, 0.0]);
        for (other, expected) in [([5.0, 0.0], 1.0), ([0.0, 2.0], 0.0), ([-1.0, 0.0], -1.0)] {
            assert_eq!(a.cosine(&template("m", &other)), Some(expected));
        }
    }

    #[test]
    fn templates_of_different_models_do_not_compare() {
        assert_eq!(template("m", &[1.0]).cosine(&template("n", &[1.0])), None);
    }

    #[test]
    fn features_without_a_length_make_no_template() {
        for features in [vec![], vec![0.0, 0.0], vec![f32::NAN], vec![f32::INFINITY]] {
            assert!(FaceTemplate::new("m".into(), features).is_none());
        }
    }

    #[test]
    fn a_calibration_passes_through_its_anchors() {
        let map =
            Calibration::new("m".into(), vec![(0.0, 10.0), (0.5, 75.0), (1.0, 100.0)]).expect("monotone");
        for (cosine, score) in
            [(-1.0, 10.0), (0.0, 10.0), (0.25, 42.5), (0.5, 75.0), (1.0, 100.0), (2.0, 100.0)]
        {
            assert!((map.score(cosine) - score).abs() < 1e-9, "{cosine}");
        }
        assert!(Calibration::new("m".into(), vec![(0.0, 10.0), (0.5, 5.0)]).is_err());
    }
}
