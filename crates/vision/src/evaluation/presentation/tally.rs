//! Error rates by ISO/IEC 30107-3.
//!
//! APCER: the share of an attack species' presentations that are taken for bona fide. BPCER: the share of bona fide
//! presentations that are not. A score between the thresholds, an uncertain one, counts as refused in both.

use std::collections::BTreeMap;

use serde::Serialize;

use super::scores::Scores;
use crate::evaluation::rates::Rate;

/// The scores of what was acquired.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub(super) bona_fide: Scores,
    /// By species; one of which nothing was acquired is there all the same.
    pub(super) attacks: BTreeMap<String, Scores>,
}

/// All rates at one threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Operating {
    /// The bona fide score that has to be reached; above 100 where only refusing everybody keeps to the APCER.
    pub threshold: f64,
    /// Bona fide presentation classification error rate; `None` without bona fide presentations.
    pub bpcer: Option<Rate>,
    /// Attack presentation classification error rate by species; `None` where nothing of a species was acquired.
    pub apcer: BTreeMap<String, Option<Rate>>,
    /// The APCER of the worst species, which is the system's; `None` without attacks.
    pub worst_apcer: Option<Rate>,
    /// That species; of several with the same rate the one that is least well known.
    pub worst_species: Option<String>,
    /// All species in one, which lets a frequent harmless one hide a rare dangerous one.
    pub apcer_pooled: Option<Rate>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { bona_fide: Scores::new(), attacks: BTreeMap::new() }
    }

    /// All attacks in one.
    pub(super) fn pooled(&self) -> Scores {
        self.attacks.values().fold(Scores::new(), |mut all, scores| {
            all.merge(scores);
            all
        })
    }

    /// The rates where a score has to reach `threshold`.
    pub(super) fn at(&self, threshold: f64) -> Operating {
        let apcer: BTreeMap<String, Option<Rate>> = self
            .attacks
            .iter()
            .map(|(species, scores)| (species.clone(), accepted(scores, threshold)))
            .collect();
        let worst =
            apcer.iter().filter_map(|(species, rate)| Some((species, (*rate)?))).max_by(|(_, a), (_, b)| {
                a.rate.total_cmp(&b.rate).then(a.interval.high.total_cmp(&b.interval.high))
            });
        Operating {
            threshold,
            bpcer: refused(&self.bona_fide, threshold),
            worst_apcer: worst.map(|(_, rate)| rate),
            worst_species: worst.map(|(species, _)| species.clone()),
            apcer_pooled: accepted(&self.pooled(), threshold),
            apcer,
        }
    }

    /// The rates at the lowest threshold that keeps every species' APCER to `apcer`; `None` without attacks.
    pub(super) fn at_apcer(&self, apcer: f64) -> Option<Operating> {
        let thresholds = self.acquired().map(|scores| threshold_at(scores, apcer));
        thresholds.max_by(f64::total_cmp).map(|threshold| self.at(threshold))
    }

    /// The same, where only the pooled attacks keep to it.
    pub(super) fn at_pooled_apcer(&self, apcer: f64) -> Option<Operating> {
        let pooled = self.pooled();
        (pooled.count() > 0).then(|| self.at(threshold_at(&pooled, apcer)))
    }

    /// Whether every species has attacks enough that one accepted attack is no more than `apcer` of them.
    pub(super) fn resolves(&self, apcer: f64) -> bool {
        let mut species = self.acquired().peekable();
        species.peek().is_some() && species.all(|scores| allowed(scores, apcer) > 0)
    }

    /// Species of which something was acquired.
    fn acquired(&self) -> impl Iterator<Item = &Scores> {
        self.attacks.values().filter(|scores| scores.count() > 0)
    }
}

/// How many attacks may be accepted within a rate.
fn allowed(scores: &Scores, apcer: f64) -> u64 {
    // A hundredth of a hundred is one, whatever floating point makes of it.
    (apcer * scores.count() as f64 + 1e-9).floor() as u64
}

fn threshold_at(scores: &Scores, apcer: f64) -> f64 {
    scores.lowest_reached_by(allowed(scores, apcer))
}

fn accepted(scores: &Scores, threshold: f64) -> Option<Rate> {
    (scores.count() > 0).then(|| Rate::new(scores.reaching(threshold), scores.count()))
}

fn refused(scores: &Scores, threshold: f64) -> Option<Rate> {
    (scores.count() > 0).then(|| Rate::new(scores.count() - scores.reaching(threshold), scores.count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scores: &[f64]) -> Scores {
        let mut counted = Scores::new();
        scores.iter().for_each(|score| counted.add(*score));
        counted
    }

    fn tally(bona_fide: &[f64], attacks: &[(&str, &[f64])]) -> Tally {
        let attacks = attacks.iter().map(|(species, scores)| ((*species).to_owned(), of(scores))).collect();
        Tally { bona_fide: of(bona_fide), attacks }
    }

    #[test]
    fn rates_of_a_small_set_by_hand() {
        let tally = tally(
            &[10.0, 20.0, 30.0, 90.0],
            &[("print", &[0.0, 20.0, 25.0, 19.9, 1.0]), ("tablet", &[5.0, 40.0])],
        );
        // threshold, bona fide refused of 4, prints accepted of 5, tablets of 2, the worst
        let table = [
            (0.0, 0, 5, 2, "tablet"),
            (20.0, 1, 2, 1, "tablet"),
            (20.1, 2, 1, 1, "tablet"),
            (30.1, 3, 0, 1, "tablet"),
            // Both are at zero; two attacks prove less than five.
            (40.1, 3, 0, 0, "tablet"),
            (100.1, 4, 0, 0, "tablet"),
        ];
        for (threshold, refused, prints, tablets, worst) in table {
            let at = tally.at(threshold);
            assert_eq!(at.bpcer, Some(Rate::new(refused, 4)), "{threshold}");
            assert_eq!(at.apcer["print"], Some(Rate::new(prints, 5)), "{threshold}");
            assert_eq!(at.apcer["tablet"], Some(Rate::new(tablets, 2)), "{threshold}");
            assert_eq!(at.worst_species.as_deref(), Some(worst), "{threshold}");
            assert_eq!(at.worst_apcer, at.apcer[worst], "{threshold}");
            assert_eq!(at.apcer_pooled, Some(Rate::new(prints + tablets, 7)), "{threshold}");
        }
    }

    #[test]
    fn the_threshold_at_an_apcer_is_that_of_the_worst_species() {
        let prints: Vec<f64> = (0..100).map(|index| f64::from(index) / 10.0).collect();
        let screens: Vec<f64> = (0..20).map(f64::from).collect();
        let tally = tally(&[9.0, 15.0, 18.5, 90.0], &[("print", &prints), ("screen", &screens)]);
        // apcer, threshold, bona fide refused of 4, whether it is resolved
        let table = [(0.01, 19.1, 3, false), (0.05, 18.1, 2, true), (0.1, 17.1, 2, true)];
        for (apcer, threshold, refused, resolved) in table {
            let at = tally.at_apcer(apcer).expect("there are attacks");
            assert_eq!(at.threshold, threshold, "{apcer}");
            assert_eq!(at.bpcer, Some(Rate::new(refused, 4)), "{apcer}");
            assert!(at.worst_apcer.is_some_and(|rate| rate.rate <= apcer), "{apcer}");
            assert_eq!(tally.resolves(apcer), resolved, "{apcer}");
        }
        // 12 of all 120 may be accepted: two screens above 17.1 and so on down to 9.8.
        let pooled = tally.at_pooled_apcer(0.1).expect("there are attacks");
        assert!(pooled.threshold < 17.1 && pooled.apcer_pooled.is_some_and(|rate| rate.rate <= 0.1));
        assert!(pooled.worst_apcer.is_some_and(|rate| rate.rate > 0.1), "{pooled:?}");
    }

    #[test]
    fn an_attack_with_the_highest_score_leaves_no_threshold() {
        let at = tally(&[100.0], &[("print", &[100.0])]).at_apcer(0.01).expect("there is an attack");
        assert_eq!((at.threshold, at.bpcer), (100.1, Some(Rate::new(1, 1))));
    }

    #[test]
    fn one_sided_sets_tell_what_they_can() {
        let bona_fide_only = tally(&[10.0, 30.0], &[]);
        let at = bona_fide_only.at(20.0);
        assert_eq!((at.bpcer, at.worst_apcer, at.apcer_pooled), (Some(Rate::new(1, 2)), None, None));
        assert!(bona_fide_only.at_apcer(0.1).is_none() && bona_fide_only.at_pooled_apcer(0.1).is_none());
        assert!(!bona_fide_only.resolves(0.1));

        let attacks_only = tally(&[], &[("print", &[10.0, 30.0]), ("mask", &[])]);
        let at = attacks_only.at(20.0);
        assert_eq!((at.bpcer, at.worst_apcer), (None, Some(Rate::new(1, 2))));
        assert_eq!(at.apcer["mask"], None, "nothing was acquired");
        assert_eq!(attacks_only.at_apcer(0.1).map(|at| at.threshold), Some(30.1));
    }
}
