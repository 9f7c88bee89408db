//! The figures of an evaluation.

use std::collections::BTreeMap;

use absah_core::face::{Calibration, Profile};
use serde::Serialize;

use super::compare::Compared;
use super::distribution::Distribution;
use super::gallery::Gallery;
use super::pairs::Labelled;
use super::slices::{Slice, Sliced};
use crate::degrade::Loss;
use crate::evaluation::rates::Rate;

/// The false match rates a report tells of, with their keys.
const FALSE_MATCH_RATES: [(&str, f64); 5] =
    [("1e-1", 1e-1), ("1e-2", 1e-2), ("1e-3", 1e-3), ("1e-4", 1e-4), ("1e-5", 1e-5)];

/// The scores a report tells both rates at.
const SCORES: [f64; 7] = [45.0, 55.0, 65.0, 70.0, 75.0, 80.0, 85.0];

/// An evaluation in figures. Rates are of the pairs whose pictures both show a face.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The recogniser, name and version.
    pub model: String,
    /// The comparison profile, whose scale and threshold are used.
    pub profile: Profile,
    /// What was simulated; `None` where all pictures were taken as they are.
    pub simulated: Option<&'static str>,
    /// What every picture that became no card lost first; `None` where nothing.
    pub degraded: Option<&'static str>,
    /// Pairs as labelled, whether or not both pictures show a face.
    pub pairs: u64,
    /// Pairs of one person, as labelled.
    pub genuine: u64,
    /// Pairs of two people, as labelled.
    pub impostor: u64,
    /// Pairs of one person that could be compared.
    pub genuine_compared: u64,
    /// Pairs of two people that could be compared.
    pub impostor_compared: u64,
    /// Pictures, each counted once.
    pub images: usize,
    /// Pictures in which no face was found, or which could not be decoded.
    pub failure_to_acquire: usize,
    /// The largest share of right answers any one threshold gives.
    pub best_accuracy: f64,
    /// The threshold that gives it.
    pub best_threshold: Threshold,
    /// FNMR at the lowest threshold that keeps to a false match rate, 0 to 1.
    pub fnmr_at_fmr: BTreeMap<&'static str, f64>,
    /// That threshold.
    pub threshold_at_fmr: BTreeMap<&'static str, Threshold>,
    /// Both rates there, with numbers and intervals.
    pub operating_at_fmr: BTreeMap<&'static str, Operating>,
    /// False match rates too small for the number of impostor pairs: a single false match would exceed them, so they
    /// are told at the lowest threshold without any.
    pub unresolved: Vec<&'static str>,
    /// Both rates at scores of the calibrated scale.
    pub operating_at_score: Vec<Operating>,
    /// Both rates at the threshold the configuration has for the profile, decided as the server decides.
    pub operating: Operating,
    /// Both rates there for parts of the pairs: by measures of the pictures (the worse of both), and by the further
    /// columns of the pairs file. The slices of a key sum up to all pairs that were compared.
    pub slices: BTreeMap<String, Vec<Slice>>,
    /// Mean time of one thread from file to template.
    pub milliseconds_per_image: f64,
    /// The shipped pipeline and the variants measured beside it, by name; empty where none was.
    pub variants: BTreeMap<&'static str, Variant>,
}

/// What is told of a variant of the pipeline; every key is a report's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Variant {
    /// Pictures without a template.
    pub failure_to_acquire: usize,
    /// FNMR at the lowest threshold that keeps to a false match rate, 0 to 1.
    pub fnmr_at_fmr: BTreeMap<&'static str, f64>,
    /// Both rates there, with numbers and intervals.
    pub operating_at_fmr: BTreeMap<&'static str, Operating>,
    /// Mean time of one thread from file to template. Steps that variants share are done once, and counted for each.
    pub milliseconds_per_image: f64,
}

/// What a report is of.
pub(super) struct Subject<'e> {
    pub(super) profile: Profile,
    pub(super) simulated: Option<&'static str>,
    pub(super) degraded: Option<Loss>,
    /// The profile's scale.
    pub(super) calibration: &'e Calibration,
    pub(super) gallery: &'e Gallery,
    pub(super) labelled: Labelled,
    /// The operating threshold, as score.
    pub(super) threshold: f64,
    pub(super) compared: &'e Compared,
    /// Slices by the pairs' attributes.
    pub(super) attributes: BTreeMap<String, Vec<Slice>>,
}

/// A threshold on both scales.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Threshold {
    /// Cosine similarity, -1 to 1.
    pub cosine: f64,
    /// Comparison score, 0 to 100.
    pub score: f64,
}

/// Both rates at a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Operating {
    /// The threshold: a pair matches when it reaches it.
    pub threshold: Threshold,
    /// False match rate.
    pub fmr: Rate,
    /// False non-match rate.
    pub fnmr: Rate,
}

impl Report {
    /// Both distributions have to hold at least one comparison.
    pub(super) fn new(subject: Subject) -> Self {
        let Subject { profile, simulated, degraded, .. } = subject;
        let Subject { calibration, gallery, labelled, threshold, compared, attributes, .. } = subject;
        let Compared { genuine, impostor, sliced } = compared;
        let scale = Scale { calibration, genuine, impostor };
        let allowed = |rate: f64| (rate * impostor.count() as f64 + 1e-9).floor() as u64;
        let operating: BTreeMap<&'static str, Operating> = FALSE_MATCH_RATES
            .map(|(key, rate)| (key, scale.operating(impostor.highest_beyond(allowed(rate)))))
            .into();
        let unresolved =
            FALSE_MATCH_RATES.iter().filter(|(_, rate)| allowed(*rate) == 0).map(|(key, _)| *key).collect();
        let (best_accuracy, best_cosine) = best_accuracy(genuine, impostor);
        Self {
            model: calibration.model().to_string(),
            profile,
            simulated,
            degraded: degraded.map(Loss::key),
            pairs: labelled.genuine + labelled.impostor,
            genuine: labelled.genuine,
            impostor: labelled.impostor,
            genuine_compared: genuine.count(),
            impostor_compared: impostor.count(),
            images: gallery.samples.len(),
            failure_to_acquire: gallery.failures(),
            best_accuracy,
            best_threshold: scale.threshold(best_cosine),
            fnmr_at_fmr: operating.iter().map(|(key, operating)| (*key, operating.fnmr.rate)).collect(),
            threshold_at_fmr: operating.iter().map(|(key, operating)| (*key, operating.threshold)).collect(),
            operating_at_fmr: operating,
            unresolved,
            operating_at_score: SCORES
                .map(|score| scale.operating(f64::from(calibration.cosine(score))))
                .to_vec(),
            operating: scale.at_score(threshold, sliced),
            slices: sliced.report().into_iter().chain(attributes).collect(),
            milliseconds_per_image: gallery.busy.as_secs_f64() * 1e3 / gallery.samples.len().max(1) as f64,
            variants: BTreeMap::new(),
        }
    }

    /// What it tells where it is a variant's.
    pub(super) fn variant(&self) -> Variant {
        Variant {
            failure_to_acquire: self.failure_to_acquire,
            fnmr_at_fmr: self.fnmr_at_fmr.clone(),
            operating_at_fmr: self.operating_at_fmr.clone(),
            milliseconds_per_image: self.milliseconds_per_image,
        }
    }
}

/// What a threshold is read by.
struct Scale<'e> {
    calibration: &'e Calibration,
    genuine: &'e Distribution,
    impostor: &'e Distribution,
}

impl Scale<'_> {
    fn threshold(&self, cosine: f64) -> Threshold {
        Threshold { cosine, score: self.calibration.score(cosine as f32) }
    }

    /// What was counted at the operating threshold.
    fn at_score(&self, threshold: f64, sliced: &Sliced) -> Operating {
        let Operating { fmr, fnmr, .. } =
            self.operating(f64::from(deciding_cosine(self.calibration, threshold)));
        let cosine = f64::from(self.calibration.cosine(threshold));
        Operating {
            threshold: Threshold { cosine, score: threshold },
            fmr: sliced.all.fmr().unwrap_or(fmr),
            fnmr: sliced.all.fnmr().unwrap_or(fnmr),
        }
    }

    fn operating(&self, cosine: f64) -> Operating {
        let missed = self.genuine.count() - self.genuine.at_or_above(cosine);
        Operating {
            threshold: self.threshold(cosine),
            fmr: Rate::new(self.impostor.at_or_above(cosine), self.impostor.count()),
            fnmr: Rate::new(missed, self.genuine.count()),
        }
    }
}

/// The cosine from which on the server, which decides on scores rounded to one decimal, says that faces match.
pub(super) fn deciding_cosine(calibration: &Calibration, threshold: f64) -> f32 {
    calibration.cosine((threshold * 10.0 - 1e-6).ceil() / 10.0 - 0.05)
}

/// The largest share of right answers over both kinds of pair together, and its threshold.
fn best_accuracy(genuine: &Distribution, impostor: &Distribution) -> (f64, f64) {
    let total = (genuine.count() + impostor.count()) as f64;
    let at = |matched: u64, false_matches: u64| (matched + impostor.count() - false_matches) as f64 / total;
    let thresholds = genuine.falling().zip(impostor.falling());
    thresholds.fold((at(0, 0), 1.0), |best, ((threshold, matched), (_, false_matches))| {
        let accuracy = at(matched, false_matches);
        if accuracy > best.0 { (accuracy, threshold) } else { best }
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn report(genuine: &[f32], impostor: &[f32]) -> Report {
        let of = |cosines: &[f32]| {
            let mut distribution = Distribution::new();
            cosines.iter().for_each(|cosine| distribution.add(*cosine));
            distribution
        };
        let calibration = Calibration::new("test".into(), vec![(-1.0, 0.0), (1.0, 100.0)]).expect("rising");
        let gallery = Gallery { samples: vec![None; 2], busy: Duration::from_millis(30) };
        let labelled = Labelled { genuine: genuine.len() as u64 + 1, impostor: impostor.len() as u64 };
        let compared = Compared { genuine: of(genuine), impostor: of(impostor), sliced: Sliced::default() };
        Report::new(Subject {
            profile: Profile::SelfiePortrait,
            simulated: None,
            degraded: None,
            calibration: &calibration,
            gallery: &gallery,
            labelled,
            threshold: 75.0,
            compared: &compared,
            attributes: BTreeMap::new(),
        })
    }

    #[test]
    fn the_operating_threshold_is_where_rounded_scores_reach_it() {
        let calibration = Calibration::new("test".into(), vec![(-1.0, 0.0), (1.0, 100.0)]).expect("rising");
        for (threshold, expected) in [(75.0, 0.499), (75.04, 0.501), (0.0, -1.0), (100.0, 0.999)] {
            let found = deciding_cosine(&calibration, threshold);
            assert!((found - expected).abs() < 1e-5, "{threshold}: {found}");
        }
    }

    #[test]
    fn rates_of_a_small_set_by_hand() {
        let impostor: Vec<f32> = (0..100).map(|index| index as f32 / 200.0).collect();
        let report = report(&[0.2, 0.46, 0.6, 0.9], &impostor);

        assert_eq!((report.pairs, report.genuine, report.impostor), (105, 5, 100));
        assert_eq!(
            (report.genuine_compared, report.impostor_compared, report.failure_to_acquire),
            (4, 100, 2)
        );
        // 10 of 100 may match: from 0.45 up, so the threshold lies just above 0.445 and misses one genuine pair.
        assert_eq!((report.fnmr_at_fmr["1e-1"], report.fnmr_at_fmr["1e-2"]), (0.25, 0.5));
        assert!((report.threshold_at_fmr["1e-1"].cosine - 0.445).abs() < 1e-5);
        assert!((report.threshold_at_fmr["1e-1"].score - 72.25).abs() < 1e-2);
        assert_eq!(report.unresolved, ["1e-3", "1e-4", "1e-5"]);
        assert_eq!((report.fnmr_at_fmr["1e-4"], report.operating_at_fmr["1e-4"].fmr.errors), (0.5, 0));
        // Two genuine pairs lie above every impostor.
        assert!((report.best_accuracy - 102.0 / 104.0).abs() < 1e-12);
        assert!((report.milliseconds_per_image - 15.0).abs() < 1e-9);
    }

    #[test]
    fn the_report_has_the_keys_others_read() {
        let json = serde_json::to_value(report(&[0.9], &[0.1])).expect("serialisable");
        for key in [
            "pairs",
            "genuine",
            "impostor",
            "failure_to_acquire",
            "best_accuracy",
            "milliseconds_per_image",
            "unresolved",
            "profile",
            "simulated",
            "degraded",
            "variants",
            "operating",
            "slices",
        ] {
            assert!(json.get(key).is_some(), "{key}");
        }
        for key in ["1e-2", "1e-3", "1e-4"] {
            assert!(json["fnmr_at_fmr"][key].is_f64(), "{key}");
            assert!(
                json["threshold_at_fmr"][key]["cosine"].is_f64()
                    && json["threshold_at_fmr"][key]["score"].is_f64(),
                "{key}"
            );
        }
    }
}
