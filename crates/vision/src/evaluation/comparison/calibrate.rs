//! Fitting the scale of 0 to 100 to measured false match rates.

use std::fmt;

use super::Evaluation;
use super::distribution::Distribution;

/// Score 75 stands no lower than this cosine, whatever was measured.
///
/// Impostors of one population are nearer to each other than those of a mixed set: on a small set of one population the
/// cosine of FMR 1e-4 was 0.45 to 0.49 where a mixed set gave 0.449.
pub const LEAST_COSINE_OF_75: f64 = 0.46;

/// Ten points are a factor of ten in the false match rate; 75 is 1 in 10,000.
const SCORES_OF_RATES: [(f64, f64); 5] =
    [(45.0, 1e-1), (55.0, 1e-2), (65.0, 1e-3), (75.0, 1e-4), (85.0, 1e-5)];

/// A rate is resolved where at least this many impostor pairs lie above its threshold: its relative standard error is
/// then under a third.
const LEAST_FALSE_MATCHES: f64 = 10.0;

/// Anchors for `models/manifest.toml`, and what they were fitted on.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationFit {
    /// Anchors of (cosine, score), both strictly rising.
    pub anchors: Vec<(f64, f64)>,
    /// For people to read.
    pub fitted_on: String,
}

/// Fits the scale to an evaluation's impostor pairs.
///
/// 45, 55, 65, 75 and 85 are the cosines of the false match rates 1e-1 to 1e-5, as far as the pairs resolve them;
/// 0 is cosine -1 and 100 is cosine 1. Where [`LEAST_COSINE_OF_75`] raises 75, the anchors above are raised with it.
pub fn fit(evaluation: &Evaluation) -> CalibrationFit {
    let report = &evaluation.report;
    let fitted_on = format!(
        "{} impostor and {} genuine pairs of {} pictures; 10 points are a factor of ten in the false match rate, 75 is 1e-4 and no lower than cosine {LEAST_COSINE_OF_75}",
        report.impostor_compared,
        report.genuine_compared,
        report.images - report.failure_to_acquire,
    );
    CalibrationFit { anchors: anchors(&evaluation.impostor), fitted_on }
}

fn anchors(impostor: &Distribution) -> Vec<(f64, f64)> {
    let pairs = impostor.count() as f64;
    let mut raised = 0.0;
    let mut anchors = vec![(-1.0, 0.0)];
    for (score, rate) in SCORES_OF_RATES {
        let resolved = rate * pairs >= LEAST_FALSE_MATCHES;
        let measured = if resolved { impostor.highest_beyond((rate * pairs) as u64) + raised } else { -1.0 };
        let cosine = if score == 75.0 { measured.max(LEAST_COSINE_OF_75) } else { measured };
        if score == 75.0 && resolved {
            raised = cosine - measured;
        }
        // Thousandths say all there is to say. Where they run together, 75 stays.
        let cosine = (cosine * 1e3).round().min(999.0) / 1e3;
        let last = anchors.last().map_or(-1.0, |(last, _)| *last);
        if score == 75.0 {
            anchors.retain(|(lower, _)| *lower < cosine);
        } else if cosine <= last {
            continue;
        }
        anchors.push((cosine, score));
    }
    anchors.push((1.0, 100.0));
    anchors
}

impl fmt::Display for CalibrationFit {
    /// As the manifest holds it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anchors: Vec<String> =
            self.anchors.iter().map(|(cosine, score)| format!("[{cosine:?}, {score:?}]")).collect();
        writeln!(
            f,
            "[model.calibration]\nanchors = [{}]\nfitted_on = {:?}",
            anchors.join(", "),
            self.fitted_on
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `count` cosines evenly from `low` to `high`.
    fn even(count: usize, low: f32, high: f32) -> Distribution {
        let mut distribution = Distribution::new();
        (0..count)
            .for_each(|index| distribution.add(low + (high - low) * (index as f32 + 0.5) / count as f32));
        distribution
    }

    fn close(found: &[(f64, f64)], expected: &[(f64, f64)]) -> bool {
        found.len() == expected.len()
            && found.iter().zip(expected).all(|(a, b)| (a.0 - b.0).abs() < 1.1e-3 && a.1 == b.1)
    }

    #[test]
    fn ten_points_are_a_factor_of_ten() {
        let table = [
            (
                "resolved",
                even(2_000_000, 0.0, 0.5),
                vec![(-1.0, 0.0), (0.45, 45.0), (0.495, 55.0), (0.5, 75.0), (1.0, 100.0)],
            ),
            (
                "too few pairs for 1e-3",
                even(1_000, 0.0, 0.3),
                vec![(-1.0, 0.0), (0.27, 45.0), (0.297, 55.0), (0.46, 75.0), (1.0, 100.0)],
            ),
            (
                "raised",
                even(2_000_000, -0.5, 0.0),
                vec![(-1.0, 0.0), (-0.05, 45.0), (-0.005, 55.0), (-0.0005, 65.0), (0.46, 75.0), (1.0, 100.0)],
            ),
        ];
        for (case, impostor, expected) in table {
            let found = anchors(&impostor);
            assert!(close(&found, &expected), "{case}: {found:?}");
            assert!(
                found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1),
                "{case}: {found:?}"
            );
        }
    }
}
