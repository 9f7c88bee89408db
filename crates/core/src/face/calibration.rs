//! The scale of 0 to 100.

use super::{FaceTemplate, ModelId};

/// A monotone map from a model's cosine similarity to the comparison score, 0 to 100.
///
/// Piecewise linear between its anchors; below the first anchor the score is the first one's, above the last the last one's.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    model: ModelId,
    anchors: Vec<(f32, f64)>,
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

    /// The lowest cosine, to about a millionth, whose score reaches `score`: 1 where none below does.
    pub fn cosine(&self, score: f64) -> f32 {
        let (mut low, mut high) = (-1.0_f32, 1.0_f32);
        // It rises, so halving finds it.
        for _ in 0..40 {
            let middle = f32::midpoint(low, high);
            if self.score(middle) < score { low = middle } else { high = middle }
        }
        high
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

    #[test]
    fn a_calibration_passes_through_its_anchors_both_ways() {
        let map =
            Calibration::new("m".into(), vec![(0.0, 10.0), (0.5, 75.0), (1.0, 100.0)]).expect("monotone");
        for (cosine, score) in
            [(-1.0, 10.0), (0.0, 10.0), (0.25, 42.5), (0.5, 75.0), (1.0, 100.0), (2.0, 100.0)]
        {
            assert!((map.score(cosine) - score).abs() < 1e-9, "{cosine}");
        }
        for (score, cosine) in [(0.0, -1.0), (42.5, 0.25), (75.0, 0.5), (100.0, 1.0)] {
            assert!((map.cosine(score) - cosine).abs() < 1e-5, "{score}: {}", map.cosine(score));
        }
        assert!(Calibration::new("m".into(), vec![(0.0, 10.0), (0.5, 5.0)]).is_err());
    }
}
