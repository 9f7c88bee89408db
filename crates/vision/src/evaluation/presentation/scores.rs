//! Scores of many presentations, counted in the tenths they are decided on.

use absah_core::face::round_score;

/// Tenths of a point in the scale of 0 to 100.
const TENTHS: usize = 1000;

/// Counts of bona fide scores. Every threshold it tells can be set, and then decides exactly as told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scores {
    /// How many scored 0.0, 0.1 and so on to 100.0.
    cells: Vec<u64>,
    count: u64,
}

impl Scores {
    pub(super) fn new() -> Self {
        Self { cells: vec![0; TENTHS + 1], count: 0 }
    }

    /// Adds a score, 0 to 100.
    pub(super) fn add(&mut self, score: f64) {
        let cell = (score * 10.0).round().clamp(0.0, TENTHS as f64) as usize;
        if let Some(count) = self.cells.get_mut(cell) {
            *count += 1;
            self.count += 1;
        }
    }

    /// Adds another set's scores.
    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.cells.iter_mut().zip(&other.cells) {
            *count += more;
        }
        self.count += other.count;
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// How many reach a threshold.
    pub(super) fn reaching(&self, threshold: f64) -> u64 {
        let cells = self.cells.iter().enumerate();
        cells.filter(|(cell, _)| score_of(*cell) >= threshold).map(|(_, count)| count).sum()
    }

    /// The lowest threshold, in tenths, that at most `many` reach; 100.1, which no score reaches, where it takes that.
    pub(super) fn lowest_reached_by(&self, many: u64) -> f64 {
        let mut reached = 0;
        for (cell, count) in self.cells.iter().enumerate().rev() {
            reached += count;
            if reached > many {
                return score_of(cell + 1);
            }
        }
        0.0
    }

    /// The probability that a score of this set is above one of the other, ties counting half: the area under the
    /// receiver operating characteristic. `None` where either set is empty.
    pub(super) fn probability_above(&self, other: &Self) -> Option<f64> {
        let pairs = self.count as f64 * other.count as f64;
        let mut below = 0;
        let mut above = 0.0;
        for (own, others) in self.cells.iter().zip(&other.cells) {
            above += *own as f64 * (below as f64 + *others as f64 / 2.0);
            below += others;
        }
        (pairs > 0.0).then(|| above / pairs)
    }

    /// Shares of the whole in bars of ten tenths times `points`, from 0 up; the last also holds the score 100.
    pub(super) fn shares(&self, points: usize) -> Vec<f64> {
        let whole = self.count.max(1) as f64;
        let (body, top) = self.cells.split_at(TENTHS);
        let mut bars: Vec<u64> = body.chunks(10 * points.max(1)).map(|cells| cells.iter().sum()).collect();
        if let Some(last) = bars.last_mut() {
            *last += top.iter().sum::<u64>();
        }
        bars.into_iter().map(|count| count as f64 / whole).collect()
    }
}

/// Every threshold that decides differently from the one before it, from 0 to 100.1.
pub(super) fn thresholds() -> impl Iterator<Item = f64> {
    (0..=TENTHS + 1).map(score_of)
}

fn score_of(tenths: usize) -> f64 {
    round_score(tenths as f64 / 10.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(scores: &[f64]) -> Scores {
        let mut counted = Scores::new();
        scores.iter().for_each(|score| counted.add(*score));
        counted
    }

    #[test]
    fn a_score_at_the_threshold_reaches_it() {
        let scores = of(&[0.0, 19.9, 20.0, 20.0, 20.1, 100.0]);
        for (threshold, reaching) in
            [(0.0, 6), (19.9, 5), (20.0, 4), (20.05, 2), (20.1, 2), (20.2, 1), (100.0, 1), (100.1, 0)]
        {
            assert_eq!(scores.reaching(threshold), reaching, "{threshold}");
        }
    }

    #[test]
    fn the_lowest_threshold_lets_as_many_through_as_asked() {
        let scores = of(&[3.0, 50.0, 50.0, 99.9, 100.0]);
        for (many, threshold) in [(0, 100.1), (1, 100.0), (2, 50.1), (3, 50.1), (4, 3.1), (5, 0.0), (9, 0.0)]
        {
            assert_eq!(scores.lowest_reached_by(many), threshold, "{many}");
            assert!(scores.reaching(threshold) <= many, "{many}");
        }
    }

    #[test]
    fn bars_hold_everything() {
        assert_eq!(of(&[0.0, 1.9, 2.0, 100.0]).shares(50), [0.75, 0.25]);
        assert_eq!(of(&[]).shares(50), [0.0, 0.0]);
    }

    proptest! {
        /// By its definition, over all pairs.
        #[test]
        fn the_area_under_the_curve_counts_pairs(
            a in proptest::collection::vec(0_u32..=20, 1..20),
            b in proptest::collection::vec(0_u32..=20, 1..20),
        ) {
            let scores = |tenths: &[u32]| of(&tenths.iter().map(|t| f64::from(*t) / 10.0).collect::<Vec<_>>());
            let worth = |a: u32, b: u32| match a.cmp(&b) {
                std::cmp::Ordering::Less => 0.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Greater => 1.0,
            };
            let expected: f64 = a.iter().flat_map(|a| b.iter().map(move |b| worth(*a, *b))).sum();
            let found = scores(&a).probability_above(&scores(&b)).expect("neither is empty");
            prop_assert!((found - expected / (a.len() * b.len()) as f64).abs() < 1e-12);
        }
    }
}
