//! From the service's own scale to scores of 0 to 100.

use crate::dukcapil::fault::SettingsFault;

/// A monotone map from raw scores to scores of 0 to 100.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::dukcapil) struct RawScale(Vec<[f64; 2]>);

impl RawScale {
    /// Takes pairs of a raw score and what it is told as: at least two, finite, both strictly rising, scores within 0
    /// to 100.
    pub(in crate::dukcapil) fn new(anchors: &[[f64; 2]]) -> Result<Self, SettingsFault> {
        let finite = anchors.iter().all(|[raw, score]| raw.is_finite() && (0.0..=100.0).contains(score));
        let rising = anchors.windows(2).all(|pair| match pair {
            [[raw, score], [next_raw, next_score]] => raw < next_raw && score < next_score,
            _ => false,
        });
        if finite && rising && anchors.len() >= 2 {
            return Ok(Self(anchors.to_vec()));
        }
        let range = "two or more pairs [raw, score], both rising, scores within 0 to 100";
        Err(SettingsFault::Range { setting: "face.scale", range })
    }

    /// The score of a raw score: linear between the anchors, level beyond the ends.
    pub(in crate::dukcapil) fn score(&self, raw: f64) -> f64 {
        let after = self.0.partition_point(|[anchor, _]| *anchor < raw);
        match (after.checked_sub(1).and_then(|before| self.0.get(before)), self.0.get(after)) {
            (Some([r0, s0]), Some([r1, s1])) => s0 + (s1 - s0) * ((raw - r0) / (r1 - r0)),
            (None, Some([_, score])) | (Some([_, score]), None) => *score,
            (None, None) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dukcapil::FaceSettings;

    #[test]
    fn the_map_passes_through_its_anchors() {
        let scale = RawScale::new(&FaceSettings::default().scale).expect("rising");
        let rows =
            [(-3.0, 0.0), (0.0, 0.0), (2.5, 37.5), (5.0, 75.0), (8.331, 91.655), (10.0, 100.0), (1e9, 100.0)];
        for (raw, score) in rows {
            assert!((scale.score(raw) - score).abs() < 1e-9, "{raw}");
        }
    }

    #[test]
    fn a_map_rises_or_is_none() {
        let rows: [(&[[f64; 2]], bool); 8] = [
            (&[[0.0, 0.0], [1.0, 100.0]], true),
            (&[[-1.0, 10.0], [0.0, 20.0], [7.0, 30.0]], true),
            (&[], false),
            (&[[0.0, 0.0]], false),
            (&[[0.0, 0.0], [0.0, 1.0]], false),
            (&[[0.0, 5.0], [1.0, 5.0]], false),
            (&[[0.0, 0.0], [1.0, 101.0]], false),
            (&[[f64::NAN, 0.0], [1.0, 10.0]], false),
        ];
        for (anchors, sound) in rows {
            assert_eq!(RawScale::new(anchors).is_ok(), sound, "{anchors:?}");
        }
    }
}
