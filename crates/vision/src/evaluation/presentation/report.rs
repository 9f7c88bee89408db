//! The figures of an evaluation of presentation-attack detection.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::decision::{Decision, Verdict};
use super::examine::{Examined, Failure};
use super::manifest::{Label, Presentation};
use super::scores::Scores;
use super::tally::{Operating, Tally};
use crate::evaluation::rates::Rate;

/// The APCERs a report tells the BPCER at, with their keys.
const APCERS: [(&str, f64); 3] = [("1e-2", 1e-2), ("5e-2", 5e-2), ("1e-1", 1e-1)];

/// An evaluation in figures. Error rates are of what was acquired; what cannot be told is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Rows of the manifest: `bona_fide`, `attack` and `failure_to_acquire` together.
    pub rows: u64,
    /// Bona fide presentations that were acquired.
    pub bona_fide: u64,
    /// Attack presentations that were acquired.
    pub attack: u64,
    /// Presentations without a score, of either label.
    pub failure_to_acquire: u64,
    /// The same by label and reason.
    pub failure_to_acquire_by: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    /// Probability that a bona fide presentation scores higher than an attack, ties counting half.
    pub auc: Option<f64>,
    /// The same for each species.
    pub auc_by_species: BTreeMap<String, Option<f64>>,
    /// From this score on a presentation is bona fide, 0 to 100.
    pub threshold: f64,
    /// Under this score it is an attack; from here to the threshold it is uncertain.
    pub attack_below: f64,
    /// BPCER at the threshold, 0 to 1.
    pub bpcer: Option<f64>,
    /// APCER by species at the threshold, 0 to 1.
    pub apcer: BTreeMap<String, Option<f64>>,
    /// APCER of the worst species.
    pub worst_apcer: Option<f64>,
    /// That species.
    pub worst_species: Option<String>,
    /// These rates with numbers and intervals, and the pooled APCER.
    pub operating: Operating,
    /// BPCER at the lowest threshold that keeps every species to an APCER.
    pub bpcer_at_apcer: BTreeMap<&'static str, Option<f64>>,
    /// That threshold.
    pub threshold_at_apcer: BTreeMap<&'static str, Option<f64>>,
    /// All rates there, with numbers and intervals.
    pub operating_at_apcer: BTreeMap<&'static str, Option<Operating>>,
    /// BPCER at the lowest threshold that keeps all species in one to an APCER.
    pub bpcer_at_pooled_apcer: BTreeMap<&'static str, Option<f64>>,
    /// APCERs too small for the attacks of some species: a single one accepted would exceed them, so they are told at
    /// the lowest threshold that accepts none.
    pub unresolved: Vec<&'static str>,
    /// Shares without a score: BPNRR and, by species, APNRR.
    pub non_response: NonResponse,
    /// The three answers, counted.
    pub verdicts: VerdictsByLabel,
    /// Names and versions of the models that decided.
    pub models: Vec<String>,
    /// Mean time of one thread from file to score.
    pub milliseconds_per_picture: f64,
}

/// Shares of presentations that were not acquired, of all that were made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NonResponse {
    /// Bona fide presentation non-response rate.
    pub bona_fide: Option<Rate>,
    /// Attack presentation non-response rate by species.
    pub attack: BTreeMap<String, Rate>,
}

/// Counts of the three answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictsByLabel {
    /// To bona fide presentations.
    pub bona_fide: Verdicts,
    /// To attacks, by species.
    pub attack: BTreeMap<String, Verdicts>,
}

/// Counts of the three answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Verdicts {
    /// Taken for bona fide.
    pub bona_fide: u64,
    /// Refused as uncertain.
    pub uncertain: u64,
    /// Refused as an attack.
    pub attack: u64,
}

impl Report {
    /// `examined` in the order of `presentations`; `busy` is the time all of them took one thread.
    pub(super) fn new(
        presentations: &[Presentation],
        examined: &[Examined],
        decision: Decision,
        models: Vec<String>,
        busy: Duration,
    ) -> Self {
        let Counted { tally, failures, verdicts, rows_of } = Counted::of(presentations, examined, decision);
        let pooled = tally.pooled();
        let operating = tally.at(decision.threshold);
        let at = |apcer| (tally.at_apcer(apcer), tally.at_pooled_apcer(apcer));
        let at_apcer: Vec<_> = APCERS.iter().map(|(key, apcer)| (*key, at(*apcer))).collect();
        let rows = presentations.len() as u64;
        Self {
            rows,
            bona_fide: tally.bona_fide.count(),
            attack: pooled.count(),
            failure_to_acquire: rows - tally.bona_fide.count() - pooled.count(),
            failure_to_acquire_by: failures,
            auc: tally.bona_fide.probability_above(&pooled),
            auc_by_species: by_species(&tally, |scores| tally.bona_fide.probability_above(scores)),
            threshold: decision.threshold,
            attack_below: decision.attack_below,
            bpcer: rate(operating.bpcer),
            apcer: operating.apcer.iter().map(|(species, apcer)| (species.clone(), rate(*apcer))).collect(),
            worst_apcer: rate(operating.worst_apcer),
            worst_species: operating.worst_species.clone(),
            operating,
            bpcer_at_apcer: at_apcer.iter().map(|(key, (worst, _))| (*key, bpcer(worst.as_ref()))).collect(),
            threshold_at_apcer: at_apcer
                .iter()
                .map(|(key, (worst, _))| (*key, worst.as_ref().map(|at| at.threshold)))
                .collect(),
            bpcer_at_pooled_apcer: at_apcer
                .iter()
                .map(|(key, (_, pooled))| (*key, bpcer(pooled.as_ref())))
                .collect(),
            operating_at_apcer: at_apcer.into_iter().map(|(key, (worst, _))| (key, worst)).collect(),
            unresolved: APCERS
                .iter()
                .filter(|(_, apcer)| !tally.resolves(*apcer))
                .map(|(key, _)| *key)
                .collect(),
            non_response: non_response(&tally, &rows_of),
            verdicts,
            models,
            milliseconds_per_picture: busy.as_secs_f64() * 1e3 / rows.max(1) as f64,
        }
    }
}

fn rate(rate: Option<Rate>) -> Option<f64> {
    rate.map(|rate| rate.rate)
}

fn bpcer(operating: Option<&Operating>) -> Option<f64> {
    rate(operating.and_then(|operating| operating.bpcer))
}

fn by_species<T>(tally: &Tally, of: impl Fn(&Scores) -> T) -> BTreeMap<String, T> {
    tally.attacks.iter().map(|(species, scores)| (species.clone(), of(scores))).collect()
}

fn non_response(tally: &Tally, rows_of: &BTreeMap<String, u64>) -> NonResponse {
    let missed = |scores: &Scores, of: u64| (of > 0).then(|| Rate::new(of - scores.count(), of));
    let rows = |species: &str| rows_of.get(species).copied().unwrap_or_default();
    let attack = tally.attacks.iter();
    NonResponse {
        bona_fide: missed(&tally.bona_fide, rows("")),
        attack: attack
            .filter_map(|(species, scores)| Some((species.clone(), missed(scores, rows(species))?)))
            .collect(),
    }
}

/// What is counted row by row.
pub(super) struct Counted {
    pub(super) tally: Tally,
    failures: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    verdicts: VerdictsByLabel,
    /// Rows of every species; bona fide ones under the empty name.
    rows_of: BTreeMap<String, u64>,
}

impl Counted {
    pub(super) fn of(presentations: &[Presentation], examined: &[Examined], decision: Decision) -> Self {
        let none: BTreeMap<_, _> = Failure::ALL.map(|failure| (failure.key(), 0)).into();
        let mut counted = Self {
            tally: Tally::new(),
            failures: [Label::BonaFide, Label::Attack].map(|label| (label.key(), none.clone())).into(),
            verdicts: VerdictsByLabel { bona_fide: Verdicts::default(), attack: BTreeMap::new() },
            rows_of: BTreeMap::new(),
        };
        for (presentation, examined) in presentations.iter().zip(examined) {
            counted.add(presentation, examined, decision);
        }
        counted
    }

    fn add(
        &mut self,
        Presentation { label, species, .. }: &Presentation,
        examined: &Examined,
        decision: Decision,
    ) {
        *self.rows_of.entry(species.clone()).or_default() += 1;
        let (scores, verdicts) = match label {
            Label::BonaFide => (&mut self.tally.bona_fide, &mut self.verdicts.bona_fide),
            Label::Attack => (
                self.tally.attacks.entry(species.clone()).or_insert_with(Scores::new),
                self.verdicts.attack.entry(species.clone()).or_default(),
            ),
        };
        match examined {
            Examined::Acquired(finding) => {
                scores.add(finding.score);
                match decision.verdict(finding.score) {
                    Verdict::BonaFide => verdicts.bona_fide += 1,
                    Verdict::Uncertain => verdicts.uncertain += 1,
                    Verdict::Attack => verdicts.attack += 1,
                }
            }
            Examined::Failed(failure) => {
                *self.failures.entry(label.key()).or_default().entry(failure.key()).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examine::Finding;
    use super::*;
    use crate::face::Bounds;

    fn scored(score: f64) -> Examined {
        let face = Bounds { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        Examined::Acquired(Finding { score, face, cues: Vec::new() })
    }

    fn report(rows: &[(Label, &str, Examined)]) -> Report {
        let presentations: Vec<Presentation> = rows
            .iter()
            .map(|(label, species, _)| Presentation {
                path: "a.jpg".into(),
                label: *label,
                species: (*species).into(),
            })
            .collect();
        let examined: Vec<Examined> = rows.iter().map(|(_, _, examined)| examined.clone()).collect();
        let decision = Decision { threshold: 20.0, attack_below: 10.0 };
        Report::new(&presentations, &examined, decision, vec!["m-1".into()], Duration::from_millis(70))
    }

    #[test]
    fn every_row_is_counted_once() {
        use Label::{Attack, BonaFide};
        let report = report(&[
            (BonaFide, "", scored(20.0)),
            (BonaFide, "", scored(19.9)),
            (BonaFide, "", Examined::Failed(Failure::NoFace)),
            (Attack, "print", scored(10.0)),
            (Attack, "print", scored(9.9)),
            (Attack, "tablet", scored(90.0)),
            (Attack, "mask", Examined::Failed(Failure::Unreadable)),
        ]);
        assert_eq!((report.rows, report.bona_fide, report.attack, report.failure_to_acquire), (7, 2, 3, 2));
        assert_eq!(report.failure_to_acquire_by["bona_fide"], [("no_face", 1), ("unreadable", 0)].into());
        assert_eq!(report.failure_to_acquire_by["attack"], [("no_face", 0), ("unreadable", 1)].into());
        // The uncertain bona fide one is an error, the uncertain print is not.
        assert_eq!((report.bpcer, report.apcer["print"]), (Some(0.5), Some(0.0)));
        assert_eq!((report.worst_apcer, report.worst_species.as_deref()), (Some(1.0), Some("tablet")));
        assert_eq!(report.apcer["mask"], None);
        let verdicts = |bona_fide, uncertain, attack| Verdicts { bona_fide, uncertain, attack };
        assert_eq!(report.verdicts.bona_fide, verdicts(1, 1, 0));
        assert_eq!(
            report.verdicts.attack,
            [
                ("mask".into(), verdicts(0, 0, 0)),
                ("print".into(), verdicts(0, 1, 1)),
                ("tablet".into(), verdicts(1, 0, 0))
            ]
            .into()
        );
        assert_eq!(report.auc, Some(4.0 / 6.0));
        assert_eq!(report.non_response.bona_fide, Some(Rate::new(1, 3)));
        assert_eq!(report.non_response.attack["mask"], Rate::new(1, 1));
        assert_eq!(report.unresolved, ["1e-2", "5e-2", "1e-1"]);
        assert!((report.milliseconds_per_picture - 10.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_told_is_null() {
        let nothing = serde_json::json!({ "1e-2": null, "5e-2": null, "1e-1": null });
        let table = [
            (
                "bona fide only",
                report(&[(Label::BonaFide, "", scored(50.0))]),
                serde_json::json!([0.0, {}, null, nothing]),
            ),
            (
                "attacks only",
                report(&[(Label::Attack, "print", scored(50.0))]),
                serde_json::json!([null, { "print": 1.0 }, 1.0, nothing]),
            ),
            (
                "nothing acquired",
                report(&[(Label::BonaFide, "", Examined::Failed(Failure::NoFace))]),
                serde_json::json!([null, {}, null, nothing]),
            ),
        ];
        for (case, report, expected) in table {
            let json = serde_json::to_value(&report).expect("serialisable");
            let found = serde_json::json!([
                json["bpcer"],
                json["apcer"],
                json["worst_apcer"],
                json["bpcer_at_apcer"]
            ]);
            assert_eq!(found, expected, "{case}");
            assert!(json["auc"].is_null(), "{case}");
        }
    }

    #[test]
    fn the_report_has_the_keys_others_read() {
        let report = report(&[
            (Label::BonaFide, "", scored(90.0)),
            (Label::Attack, "print", scored(5.0)),
            (Label::Attack, "tablet", scored(30.0)),
        ]);
        let json = serde_json::to_value(report).expect("serialisable");
        for key in ["bona_fide", "attack", "failure_to_acquire"] {
            assert!(json[key].is_u64(), "{key}");
        }
        for key in ["auc", "bpcer", "worst_apcer", "threshold", "milliseconds_per_picture"] {
            assert!(json[key].is_f64(), "{key}");
        }
        for key in ["print", "tablet"] {
            assert!(json["apcer"][key].is_f64(), "{key}");
        }
        for key in ["1e-2", "5e-2", "1e-1"] {
            assert!(json["bpcer_at_apcer"][key].is_f64(), "{key}");
            assert!(json["threshold_at_apcer"][key].is_f64(), "{key}");
            assert!(json["operating_at_apcer"][key]["bpcer"]["interval"]["high"].is_f64(), "{key}");
        }
        assert_eq!(json["worst_species"], "tablet");
    }
}
