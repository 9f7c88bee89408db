//! Fitting the scale of 0 to 100 to measured false match rates.

use std::fmt;

use absah_core::face::{Calibration, NotMonotone, Profile};

use super::distribution::Distribution;
use super::report::deciding_cosine;
use super::{Evaluation, Operating, Threshold};
use crate::evaluation::rates::Rate;

/// Ten points are a factor of ten in the false match rate; 75 is 1 in 10,000.
const SCORES_OF_RATES: [(f64, f64); 5] =
    [(45.0, 1e-1), (55.0, 1e-2), (65.0, 1e-3), (75.0, 1e-4), (85.0, 1e-5)];

/// A rate is resolved where at least this many impostor pairs lie above its threshold: its relative standard error is
/// then under a third.
const LEAST_FALSE_MATCHES: f64 = 10.0;

/// Scores are decided on rounded to one decimal, so a pair half a tenth below 75 matches as well.
const DECIDED_BELOW: f64 = 0.05;

/// Upper ends of the one-sided 95 % interval of a Poisson mean for 0 to 4 observed events. With fewer expected false
/// matches than [`LEAST_FALSE_MATCHES`] so few are let pass that the rate is kept with that confidence; the first one
/// is the rule of three.
const UPPER_ENDS: [f64; 5] = [3.00, 4.74, 6.30, 7.75, 9.15];

/// The fewest impostor pairs a scale can be fitted to: with fewer, even none above a threshold does not say that its
/// false match rate is below 1e-2 (rule of three).
pub const LEAST_IMPOSTORS: u64 = 300;

/// Anchors for a model's calibration, and what they were fitted on.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationFit {
    /// The profile they are of.
    pub profile: Profile,
    /// Anchors of (cosine, score), both strictly rising.
    pub anchors: Vec<(f64, f64)>,
    /// The false match rates the pairs resolve, the largest first.
    pub resolved: Vec<f64>,
    /// Whether 75 (1e-4) was measured; otherwise it was reached by going on from the rates that were.
    pub measured_75: bool,
    /// For people to read.
    pub fitted_on: String,
}

/// There are too few impostor pairs to fit a scale to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{impostors} impostor pairs could be compared: fewer than {LEAST_IMPOSTORS} say nothing about a false match rate of 1e-2; add pairs of different people"
)]
pub struct TooFewImpostors {
    /// How many there are.
    pub impostors: u64,
}

/// Fits the scale to an evaluation's impostor pairs.
///
/// 45, 55, 65, 75 and 85 are the cosines of the false match rates 1e-1 to 1e-5, as far as the pairs resolve them;
/// 0 is cosine -1 and 100 is cosine 1. Where 1e-4 is not resolved, 75 lies where the last two resolved rates lead in a
/// straight line: the tail of impostors' cosines falls ever faster, so that is on the safe side where the two were
/// measured well. `floor` is the cosine
/// that 75 never stands below; where it raises 75, the anchors above are raised with it.
///
/// # Errors
/// There are too few impostor pairs.
pub fn fit(evaluation: &Evaluation, floor: Option<f32>) -> Result<CalibrationFit, TooFewImpostors> {
    let impostors = evaluation.impostor.count();
    if impostors < LEAST_IMPOSTORS {
        return Err(TooFewImpostors { impostors });
    }
    let report = &evaluation.report;
    let lowest = floor.map_or_else(String::new, |floor| format!(" and no lower than cosine {floor}"));
    let simulated = if report.simulated.is_some() { ", cards simulated" } else { "" };
    let fitted_on = format!(
        "{} impostor and {} genuine pairs of {} pictures{simulated}; 10 points are a factor of ten in the false match rate, 75 is 1e-4{lowest}",
        report.impostor_compared,
        report.genuine_compared,
        report.images - report.failure_to_acquire,
    );
    let resolved: Vec<f64> = SCORES_OF_RATES
        .map(|(_, rate)| rate)
        .into_iter()
        .filter(|rate| allowed(*rate, impostors).is_some())
        .collect();
    let measured_75 = resolved.contains(&1e-4);
    let profile = report.profile;
    Ok(CalibrationFit {
        profile,
        anchors: anchors(&evaluation.impostor, floor),
        resolved,
        measured_75,
        fitted_on,
    })
}

/// How many of the impostor pairs may match for a false match rate; `None` where they do not resolve it.
fn allowed(rate: f64, impostors: u64) -> Option<u64> {
    let expected = rate * impostors as f64;
    if expected >= LEAST_FALSE_MATCHES {
        return Some(expected as u64);
    }
    UPPER_ENDS.iter().rposition(|upper| *upper <= expected + 1e-9).map(|count| count as u64)
}

fn anchors(impostor: &Distribution, floor: Option<f32>) -> Vec<(f64, f64)> {
    let floor = floor.map_or(-1.0, f64::from);
    let mut raised = 0.0;
    let mut anchors = vec![(-1.0, 0.0)];
    for (score, rate) in SCORES_OF_RATES {
        let measured = allowed(rate, impostor.count()).map(|many| impostor.highest_beyond(many) + raised);
        let cosine = match (measured, score == 75.0) {
            (Some(measured), true) => {
                raised = (floor - measured).max(0.0);
                decided_from(&anchors, measured, score).max(floor)
            }
            (None, true) => decided_from(&anchors, extrapolated(&anchors, score), score).max(floor),
            (Some(measured), false) => measured,
            (None, false) => continue,
        };
        // Thousandths say all there is to say. Rounded up, they keep the rate; where they run together, 75 stays.
        let cosine = ((cosine * 1e3 - 1e-3).ceil() / 1e3).min(0.999);
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

/// Where a score has to stand so that nothing below `cosine` is rounded up to it: how far above depends on how steep the
/// scale is there, from the last anchor below; a thousandth at least, so that anchors stay apart.
fn decided_from(anchors: &[(f64, f64)], cosine: f64, score: f64) -> f64 {
    let below = anchors.iter().rev().find(|(lower, _)| *lower < cosine);
    let decided = below.map_or(cosine, |(lower, reached)| {
        let share = DECIDED_BELOW / (score - reached);
        (cosine - share * lower) / (1.0 - share)
    });
    decided.max(cosine + 1e-3)
}

/// Where the line through the last two anchors that were measured reaches a score.
fn extrapolated(anchors: &[(f64, f64)], score: f64) -> f64 {
    match anchors {
        [_, .., (c0, s0), (c1, s1)] => c1 + (c1 - c0) / (s1 - s0) * (score - s1),
        _ => 0.999,
    }
}

impl CalibrationFit {
    /// Both rates at a score of the fitted scale, decided as the server decides.
    ///
    /// # Errors
    /// The anchors do not rise, which [`fit`] does not let happen.
    pub fn operating(&self, evaluation: &Evaluation, score: f64) -> Result<Operating, NotMonotone> {
        let anchors = self.anchors.iter().map(|(cosine, score)| (*cosine as f32, *score)).collect();
        let calibration = Calibration::new(evaluation.report.model.as_str().into(), anchors)?;
        let Evaluation { genuine, impostor, .. } = evaluation;
        let deciding = f64::from(deciding_cosine(&calibration, score));
        let missed = genuine.count() - genuine.at_or_above(deciding);
        Ok(Operating {
            threshold: Threshold { cosine: f64::from(calibration.cosine(score)), score },
            fmr: Rate::new(impostor.at_or_above(deciding), impostor.count()),
            fnmr: Rate::new(missed, genuine.count()),
        })
    }
}

impl fmt::Display for CalibrationFit {
    /// As the manifest holds it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anchors: Vec<String> =
            self.anchors.iter().map(|(cosine, score)| format!("[{cosine:?}, {score:?}]")).collect();
        let place = match self.profile {
            Profile::SelfiePortrait => "",
            Profile::SelfieCard => ".selfie_card",
            Profile::CardPortrait => ".card_portrait",
        };
        writeln!(
            f,
            "[model.calibration{place}]\nanchors = [{}]\nfitted_on = {:?}",
            anchors.join(", "),
            self.fitted_on
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
                Some(0.46),
                vec![(-1.0, 0.0), (0.45, 45.0), (0.495, 55.0), (0.5, 65.0), (0.501, 75.0), (1.0, 100.0)],
            ),
            (
                "too few pairs for 1e-3, with a floor",
                even(1_000, 0.0, 0.3),
                Some(0.46),
                vec![(-1.0, 0.0), (0.27, 45.0), (0.297, 55.0), (0.46, 75.0), (1.0, 100.0)],
            ),
            (
                "too few pairs for 1e-3, without one",
                even(1_000, 0.0, 0.3),
                None,
                vec![(-1.0, 0.0), (0.27, 45.0), (0.297, 55.0), (0.352, 75.0), (1.0, 100.0)],
            ),
            (
                "raised",
                even(2_000_000, -0.5, 0.0),
                Some(0.46),
                vec![
                    (-1.0, 0.0),
                    (-0.05, 45.0),
                    (-0.005, 55.0),
                    (0.0, 65.0),
                    (0.46, 75.0),
                    (0.461, 85.0),
                    (1.0, 100.0),
                ],
            ),
            (
                "another model's cosines",
                even(2_000_000, -0.2, 0.2),
                None,
                vec![(-1.0, 0.0), (0.16, 45.0), (0.196, 55.0), (0.2, 65.0), (0.201, 75.0), (1.0, 100.0)],
            ),
        ];
        for (case, impostor, floor, expected) in table {
            let found = anchors(&impostor, floor);
            assert!(close(&found, &expected), "{case}: {found:?}");
            assert!(
                found.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1),
                "{case}: {found:?}"
            );
        }
    }

    /// 200,000 impostors whose log odds are spread evenly, and how many of them match at 75 on the scale fitted to them:
    /// `None` where the scale ends before 75 can move.
    fn false_matches_at_75(centre: f32, width: f32, skew: f32, floor: Option<f32>) -> Option<u64> {
        let mut impostor = Distribution::new();
        for index in 0..200_000_u32 {
            let share = (index as f32 + 0.5) / 200_000.0;
            impostor.add((centre + width * (share / (1.0001 - share)).ln() / skew).clamp(-1.0, 0.95));
        }
        let anchors = anchors(&impostor, floor);
        assert!(anchors.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1), "{anchors:?}");
        let single = anchors.iter().map(|(cosine, score)| (*cosine as f32, *score)).collect();
        let calibration = Calibration::new("m".into(), single).expect("rising");
        assert!(floor.is_none_or(|floor| calibration.cosine(75.0) >= floor - 1e-5), "{floor:?}: {anchors:?}");
        let deciding = deciding_cosine(&calibration, 75.0);
        (deciding < 0.94).then(|| impostor.at_or_above(f64::from(deciding)))
    }

    proptest! {
        /// Whatever impostors look like, the server's decision at 75 keeps the rate that was promised.
        #[test]
        fn seventy_five_is_one_in_ten_thousand(
            centre in -0.2f32..0.3, width in 0.02f32..0.3, skew in 0.5f32..3.0, floor in prop::option::of(0.1f32..0.6),
        ) {
            let found = false_matches_at_75(centre, width, skew, floor);
            prop_assert!(found.is_none_or(|count| count <= 20), "{found:?}");
        }
    }

    #[test]
    fn seventy_five_holds_also_where_the_scale_is_flat() {
        for (centre, width, skew) in [(-0.164938, 0.08515928, 0.6977855), (-0.2, 0.1, 0.9), (0.0, 0.02, 3.0)]
        {
            let found = false_matches_at_75(centre, width, skew, None);
            assert!(found.is_some_and(|count| count <= 20), "{centre} {width} {skew}: {found:?}");
        }
    }

    #[test]
    fn few_pairs_resolve_few_rates() {
        let table = [
            (1e-2, 299, None),
            (1e-2, 300, Some(0)),
            (1e-2, 500, Some(1)),
            (1e-2, 999, Some(4)),
            (1e-2, 1000, Some(10)),
            (1e-4, 29_999, None),
            (1e-4, 30_000, Some(0)),
            (1e-4, 11_924_820, Some(1192)),
        ];
        for (rate, impostors, expected) in table {
            assert_eq!(allowed(rate, impostors), expected, "{rate} of {impostors}");
        }
    }
}
