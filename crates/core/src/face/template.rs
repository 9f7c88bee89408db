//! Face templates.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::ModelId;

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
}
